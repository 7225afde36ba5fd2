/* turing.c - Turing machines: definition and simulator. */
#include "automata/turing.h"

#include <stdlib.h>
#include <string.h>

#include "automata/gapped.h"
#include "base/memory.h"

static char **numbered_names(size_t count)
{
    char **names = rw_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = rw_format("%zu", i);
    return names;
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

struct rw_turing *rw_turing_new(size_t states, size_t symbols, size_t letters)
{
    struct rw_turing *machine = rw_alloc(1, sizeof *machine);
    machine->states = states;
    machine->symbols = symbols;
    machine->letters = letters;
    machine->state_names = numbered_names(states);
    machine->letter_names = numbered_names(letters);
    machine->letter_of = rw_alloc(symbols, sizeof *machine->letter_of);
    machine->halts = rw_alloc(states, sizeof *machine->halts);
    machine->table = rw_alloc(rw_product(states, letters), sizeof *machine->table);
    return machine;
}

void rw_turing_free(struct rw_turing *machine)
{
    if (machine == NULL)
        return;
    free_names(machine->state_names, machine->states);
    free_names(machine->letter_names, machine->letters);
    free(machine->letter_of);
    free(machine->halts);
    free(machine->table);
    free(machine);
}

struct rw_turing_step *rw_turing_step_at(const struct rw_turing *machine, uint32_t state, uint32_t letter)
{
    return machine->table + state * machine->letters + letter;
}

/* --- the simulator --- */

enum phase { LOAD, REWIND, RUN, DEAD };

/* Cells first .. last were visited; the head is one of them. Cells outside are blank. */
struct run {
    enum phase phase;
    uint32_t state;
    uint64_t steps;
    uint32_t *cells;
    size_t capacity, first, last, head, start; /* start: the cell of the first letter */
};

static void free_model(void *model)
{
    rw_turing_free(model);
}

static size_t quantities(const void *model)
{
    const struct rw_turing *machine = model;
    return 2 + machine->states + machine->letters + 2;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    static const char *const phases[] = {"load", "rewind"}, *const sides[] = {"left", "right"};
    const struct rw_turing *machine = model;
    if (i < 2)
        fprintf(out, "phase %s", phases[i]);
    else if (i - 2 < machine->states)
        fprintf(out, "state %s", machine->state_names[i - 2]);
    else if (i - 2 - machine->states < machine->letters)
        fprintf(out, "reads %s", machine->letter_names[i - 2 - machine->states]);
    else
        fputs(sides[i - 2 - machine->states - machine->letters], out);
}

/* One more blank cell on one side. */
static void extend(const struct rw_turing *machine, struct run *r, bool left)
{
    if (left ? r->first == 0 : r->last + 1 == r->capacity) {
        size_t count = r->last - r->first + 1, capacity = 2 * r->capacity + 16, at = (capacity - count) / 2;
        uint32_t *cells = rw_alloc(capacity, sizeof *cells);
        memcpy(cells + at, r->cells + r->first, count * sizeof *cells);
        free(r->cells);
        r->cells = cells;
        r->head = at + (r->head - r->first);
        r->start = at + (r->start - r->first);
        r->first = at;
        r->last = at + count - 1;
        r->capacity = capacity;
    }
    r->cells[left ? --r->first : ++r->last] = machine->blank;
}

static void move(const struct rw_turing *machine, struct run *r, enum rw_move where)
{
    if (where == RW_LEFT) {
        if (r->head == r->first)
            extend(machine, r, true);
        r->head--;
    } else if (where == RW_RIGHT) {
        if (r->head == r->last)
            extend(machine, r, false);
        r->head++;
    }
}

static void run_start(const void *model, void *run)
{
    struct run *r = run;
    r->phase = LOAD;
    r->state = 0;
    r->steps = 0;
    r->first = r->last = r->head = r->start = r->capacity / 2;
    r->cells[r->head] = ((const struct rw_turing *)model)->blank;
}

static void *run_new(const void *model)
{
    struct run *r = rw_alloc(1, sizeof *r);
    r->capacity = 16;
    r->cells = rw_alloc(r->capacity, sizeof *r->cells);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    (void)model;
    struct run *r = run;
    free(r->cells);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    (void)model;
    struct run *r = to;
    const struct run *source = from;
    if (r->capacity != source->capacity) {
        free(r->cells);
        r->cells = rw_alloc(source->capacity, sizeof *r->cells);
    }
    uint32_t *cells = r->cells;
    *r = *source;
    r->cells = cells;
    memcpy(cells + r->first, source->cells + r->first, (r->last - r->first + 1) * sizeof *cells);
}

static void run_step(const struct rw_turing *machine, struct run *r)
{
    if (machine->halts[r->state] != 0)
        return;
    const struct rw_turing_step *step = rw_turing_step_at(machine, r->state, r->cells[r->head]);
    r->cells[r->head] = step->write;
    r->state = step->to;
    r->steps++;
    move(machine, r, step->move);
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_turing *machine = model;
    struct run *r = run;
    if (r->phase == DEAD)
        return;
    if (symbol != machine->clock) {
        if (r->phase != LOAD) {
            r->phase = DEAD;
            return;
        }
        r->cells[r->head] = machine->letter_of[symbol];
        move(machine, r, RW_RIGHT);
        return;
    }
    if (r->phase != RUN && r->head > r->start) {
        r->phase = REWIND;
        move(machine, r, RW_LEFT);
        return;
    }
    if (r->phase != RUN) {
        r->phase = RUN;
        r->state = machine->initial;
    }
    run_step(machine, r);
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_turing *machine = model;
    const struct run *r = run;
    rw_q_set_int(value, r->phase == RUN ? machine->halts[r->state] : r->phase == DEAD ? -1 : 0);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct rw_turing *machine = model;
    const struct run *r = run;
    size_t reads = 2 + machine->states, sides = reads + machine->letters;
    if (r->phase != DEAD) {
        size_t place = r->phase == LOAD ? 0 : r->phase == REWIND ? 1 : 2 + r->state;
        rw_q_set_int(rw_vector_at(out, (uint32_t)place), 1);
        rw_q_set_int(rw_vector_at(out, (uint32_t)(reads + r->cells[r->head])), 1);
    }
    if (r->head > r->first)
        rw_gapped_number(r->cells + r->first, r->head - r->first, machine->letters, rw_vector_at(out, (uint32_t)sides));
    if (r->last > r->head)
        rw_gapped_number_forward(r->cells + r->head + 1, r->last - r->head, machine->letters,
                                 rw_vector_at(out, (uint32_t)(sides + 1)));
}

/* "q, 1 1 [0] 1"; of long tapes only what is near the head. */
static void print(const void *model, const void *run, FILE *out)
{
    static const size_t near = 12;
    const struct rw_turing *machine = model;
    const struct run *r = run;
    static const char *const phases[] = {[LOAD] = "load", [REWIND] = "rewind", [DEAD] = "dead"};
    size_t from = r->head - r->first > near ? r->head - near : r->first;
    size_t to = r->last - r->head > near ? r->head + near : r->last;
    fprintf(out, "%s,", r->phase == RUN ? machine->state_names[r->state] : phases[r->phase]);
    if (from > r->first)
        fprintf(out, " %zu more", from - r->first);
    for (size_t i = from; i <= to; i++)
        fprintf(out, i == r->head ? " [%s]" : " %s", machine->letter_names[r->cells[i]]);
    if (to < r->last)
        fprintf(out, " %zu more", r->last - to);
}

struct rw_turing_tape rw_turing_tape(const void *run)
{
    const struct run *r = run;
    return (struct rw_turing_tape){r->cells + r->first, r->last - r->first + 1, r->head - r->first};
}

uint64_t rw_turing_steps(const void *run)
{
    return ((const struct run *)run)->steps;
}

uint32_t rw_turing_state(const void *run)
{
    const struct run *r = run;
    return r->phase == RUN ? r->state : UINT32_MAX;
}

const struct rw_machine_kind rw_turing_kind = {
    .name = "turing",
    .title = "Turing machine with a clock",
    .verdict = RW_DECIDES,
    .free_model = free_model,
    .quantities = quantities,
    .quantity_name = quantity_name,
    .run_new = run_new,
    .run_free = run_free,
    .run_start = run_start,
    .run_copy = run_copy,
    .step = step,
    .value = value,
    .configuration = configuration,
    .print = print,
};
