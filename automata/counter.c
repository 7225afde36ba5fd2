/* counter.c - real-time counter machines: definition, disjointness of rules, simulator. */
#include "automata/counter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- definition --- */

static char **numbered_names(size_t count)
{
    char **names = rw_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = rw_format("%zu", i);
    return names;
}

struct rw_counter *rw_counter_new(size_t states, size_t symbols, size_t counters)
{
    struct rw_counter *machine = rw_alloc(1, sizeof *machine);
    machine->states = states;
    machine->symbols = symbols;
    machine->counters = counters;
    machine->state_names = numbered_names(states);
    machine->counter_names = numbered_names(counters);
    return machine;
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

void rw_counter_free(struct rw_counter *machine)
{
    if (machine == NULL)
        return;
    free_names(machine->state_names, machine->states);
    free_names(machine->counter_names, machine->counters);
    for (size_t i = 0; i < machine->rule_count; i++) {
        free(machine->rules[i].test);
        free(machine->rules[i].add);
        free(machine->rules[i].reset);
    }
    for (size_t i = 0; i < machine->acceptance_count; i++)
        free(machine->acceptance[i].test);
    free(machine->rules);
    free(machine->acceptance);
    free(machine->index);
    free(machine);
}

struct rw_counter_rule *rw_counter_add_rule(struct rw_counter *machine, uint32_t from, uint32_t symbol, uint32_t to)
{
    machine->rules = rw_grow(machine->rules, &machine->rule_capacity, machine->rule_count + 1, sizeof *machine->rules);
    struct rw_counter_rule *rule = machine->rules + machine->rule_count++;
    *rule = (struct rw_counter_rule){
        .from = from,
        .symbol = symbol,
        .to = to,
        .test = rw_alloc(machine->counters, sizeof *rule->test),
        .add = rw_alloc(machine->counters, sizeof *rule->add),
        .reset = rw_alloc(machine->counters, sizeof *rule->reset),
    };
    return rule;
}

struct rw_counter_acceptance *rw_counter_add_acceptance(struct rw_counter *machine, uint32_t state)
{
    machine->acceptance = rw_grow(machine->acceptance, &machine->acceptance_capacity, machine->acceptance_count + 1,
                                  sizeof *machine->acceptance);
    struct rw_counter_acceptance *row = machine->acceptance + machine->acceptance_count++;
    *row = (struct rw_counter_acceptance){state, rw_alloc(machine->counters, sizeof *row->test)};
    return row;
}

/* Some configuration passes both tests of every counter. */
static bool overlap(const struct rw_counter *machine, const struct rw_counter_rule *a, const struct rw_counter_rule *b)
{
    if (a->from != b->from || a->symbol != b->symbol)
        return false;
    for (size_t c = 0; c < machine->counters; c++)
        if (a->test[c] != RW_TEST_ANY && b->test[c] != RW_TEST_ANY && a->test[c] != b->test[c])
            return false;
    return true;
}

struct placed_rule {
    const struct rw_counter_rule *rule;
    size_t place;
};

static int compare_rules(const void *a, const void *b)
{
    const struct placed_rule *p = a, *q = b;
    if (p->rule->from != q->rule->from)
        return p->rule->from < q->rule->from ? -1 : 1;
    if (p->rule->symbol != q->rule->symbol)
        return p->rule->symbol < q->rule->symbol ? -1 : 1;
    return (p->place > q->place) - (p->place < q->place);
}

static struct placed_rule *sorted_rules(const struct rw_counter *machine)
{
    struct placed_rule *sorted = rw_alloc(machine->rule_count, sizeof *sorted);
    for (size_t i = 0; i < machine->rule_count; i++)
        sorted[i] = (struct placed_rule){machine->rules + i, i};
    qsort(sorted, machine->rule_count, sizeof *sorted, compare_rules);
    return sorted;
}

bool rw_counter_conflict(const struct rw_counter *machine, size_t *first, size_t *second)
{
    struct placed_rule *sorted = sorted_rules(machine);
    bool found = false;
    for (size_t i = 0; i < machine->rule_count && !found; i++)
        for (size_t j = i + 1; j < machine->rule_count && sorted[j].rule->from == sorted[i].rule->from &&
                               sorted[j].rule->symbol == sorted[i].rule->symbol && !found;
             j++) {
            found = overlap(machine, sorted[i].rule, sorted[j].rule);
            *first = sorted[i].place;
            *second = sorted[j].place;
        }
    free(sorted);
    return found;
}

/* Natural counters: what subtracts must test. */
static bool keeps_natural(const struct rw_counter *machine)
{
    for (size_t i = 0; i < machine->rule_count; i++)
        for (size_t c = 0; c < machine->counters; c++)
            if (machine->rules[i].add[c] < 0 &&
                (machine->rules[i].add[c] != -1 || machine->rules[i].test[c] != RW_TEST_NONZERO))
                return false;
    return true;
}

void rw_counter_seal(struct rw_counter *machine)
{
    assert(!machine->natural || keeps_natural(machine));
    size_t cells = machine->states * machine->symbols;
    struct placed_rule *sorted = sorted_rules(machine);
    struct rw_counter_rule *rules = rw_alloc(machine->rule_count, sizeof *rules);
    free(machine->index);
    machine->index = rw_alloc(cells + 1, sizeof *machine->index);
    for (size_t i = 0; i < machine->rule_count; i++) {
        rules[i] = *sorted[i].rule;
        machine->index[rules[i].from * machine->symbols + rules[i].symbol + 1]++;
    }
    for (size_t i = 0; i < cells; i++)
        machine->index[i + 1] += machine->index[i];
    free(sorted);
    free(machine->rules);
    machine->rules = rules;
    machine->rule_capacity = machine->rule_count;
}

bool rw_counter_has_resets(const struct rw_counter *machine)
{
    for (size_t i = 0; i < machine->rule_count; i++)
        for (size_t c = 0; c < machine->counters; c++)
            if (machine->rules[i].reset[c])
                return true;
    return false;
}

/* --- the simulator --- */

struct run {
    uint32_t state;
    bool dead;
    fmpz *counters;
};

static void free_model(void *model)
{
    rw_counter_free(model);
}

static size_t quantities(const void *model)
{
    const struct rw_counter *machine = model;
    return machine->states + machine->counters;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    const struct rw_counter *machine = model;
    if (i < machine->states)
        fprintf(out, "state %s", machine->state_names[i]);
    else
        fprintf(out, "counter %s", machine->counter_names[i - machine->states]);
}

static void run_start(const void *model, void *run)
{
    const struct rw_counter *machine = model;
    struct run *r = run;
    r->state = machine->initial;
    r->dead = false;
    for (size_t c = 0; c < machine->counters; c++)
        fmpz_zero(r->counters + c);
}

static void *run_new(const void *model)
{
    const struct rw_counter *machine = model;
    struct run *r = rw_alloc(1, sizeof *r);
    r->counters = rw_alloc(machine->counters, sizeof *r->counters);
    for (size_t c = 0; c < machine->counters; c++)
        fmpz_init(r->counters + c);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    for (size_t c = 0; c < ((const struct rw_counter *)model)->counters; c++)
        fmpz_clear(r->counters + c);
    free(r->counters);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    struct run *r = to;
    const struct run *source = from;
    r->state = source->state;
    r->dead = source->dead;
    for (size_t c = 0; c < ((const struct rw_counter *)model)->counters; c++)
        fmpz_set(r->counters + c, source->counters + c);
}

static bool passes(const struct rw_counter *machine, const uint8_t *test, const struct run *run)
{
    for (size_t c = 0; c < machine->counters; c++)
        if (test[c] != RW_TEST_ANY && (test[c] == RW_TEST_ZERO) != fmpz_is_zero(run->counters + c))
            return false;
    return true;
}

static void apply(const struct rw_counter *machine, const struct rw_counter_rule *rule, struct run *run)
{
    run->state = rule->to;
    for (size_t c = 0; c < machine->counters; c++) {
        if (rule->reset[c])
            fmpz_zero(run->counters + c);
        else if (rule->add[c] != 0)
            fmpz_add_si(run->counters + c, run->counters + c, rule->add[c]);
    }
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_counter *machine = model;
    struct run *r = run;
    if (r->dead)
        return;
    size_t cell = r->state * machine->symbols + symbol;
    for (size_t i = machine->index[cell]; i < machine->index[cell + 1]; i++)
        if (passes(machine, machine->rules[i].test, r)) {
            apply(machine, machine->rules + i, r);
            return;
        }
    r->dead = true;
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_counter *machine = model;
    const struct run *r = run;
    bool accepted = false;
    for (size_t i = 0; i < machine->acceptance_count && !accepted && !r->dead; i++)
        accepted = machine->acceptance[i].state == r->state && passes(machine, machine->acceptance[i].test, r);
    rw_q_set_int(value, accepted);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct rw_counter *machine = model;
    const struct run *r = run;
    if (!r->dead)
        rw_q_set_int(rw_vector_at(out, r->state), 1);
    for (size_t c = 0; c < machine->counters; c++)
        if (!fmpz_is_zero(r->counters + c))
            fmpq_set_fmpz(rw_vector_at(out, (uint32_t)(machine->states + c)), r->counters + c);
}

static void print(const void *model, const void *run, FILE *out)
{
    const struct rw_counter *machine = model;
    const struct run *r = run;
    fputs(r->dead ? "dead" : machine->state_names[r->state], out);
    for (size_t c = 0; c < machine->counters; c++) {
        fprintf(out, ", %s = ", machine->counter_names[c]);
        fmpz_fprint(out, r->counters + c);
    }
}

const struct rw_machine_kind rw_counter_kind = {
    .name = "counter",
    .title = "real-time counter machine",
    .verdict = RW_ACCEPTS,
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
