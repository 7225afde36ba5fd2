/* turing.c - reading `kind: turing`, as a table or in the compact form of the busy beavers; the latter is in turing_compact.c. */
#include "spec/turing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const keys[] = {"clock",     "tape",        "blank",   "states",  "initial", "accepting",
                                   "rejecting", "transitions", "missing", "compact", NULL};
/* What the compact form says by itself. */
static const char *const table_keys[] = {"tape",      "blank",     "states",      "initial",
                                         "accepting", "rejecting", "transitions", NULL};

struct names_of {
    struct rw_names *states, *letters;
};

/* --- what both forms share: the clock, and input letters on the tape --- */

static void read_clock(struct rw_reader *r, struct rw_turing *machine)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "clock");
    if (node != NULL)
        rw_read_symbol(r, node, &machine->clock);
}

/* Each symbol of words but the clock is a letter of the tape. */
static void place_input(struct rw_reader *r, struct rw_turing *machine)
{
    const struct rw_yaml *list = rw_yaml_get(r->top, "alphabet");
    for (uint32_t a = 0; a < machine->symbols; a++) {
        const char *name = rw_alphabet_name(r->alphabet, a);
        uint32_t c = 0;
        while (c < machine->letters && strcmp(machine->letter_names[c], name) != 0)
            c++;
        if (c < machine->letters) {
            machine->letter_of[a] = c;
        } else if (a != machine->clock) {
            rw_read_error(r, list, "the input letter '%s' is not a letter of the tape", name);
            rw_diag_hint(r->diag, "the alphabet is letters of the tape and the clock");
        }
    }
}

bool rw_turing_complete(struct rw_turing *machine)
{
    uint32_t stuck = (uint32_t)machine->states;
    bool any = false;
    for (uint32_t q = 0; q < machine->states; q++)
        for (uint32_t c = 0; c < machine->letters; c++) {
            struct rw_turing_step *step = rw_turing_step_at(machine, q, c);
            if (machine->halts[q] != 0 || step->defined)
                continue;
            *step = (struct rw_turing_step){.to = stuck, .write = c, .move = RW_STAY, .defined = 1};
            any = true;
        }
    if (!any)
        return false;
    size_t states = machine->states + 1;
    machine->state_names = rw_resize(machine->state_names, states, sizeof *machine->state_names);
    machine->halts = rw_resize(machine->halts, states, sizeof *machine->halts);
    machine->table = rw_resize(machine->table, rw_product(states, machine->letters), sizeof *machine->table);
    memset(machine->table + stuck * machine->letters, 0, machine->letters * sizeof *machine->table);
    machine->state_names[stuck] = rw_strdup("stuck");
    machine->halts[stuck] = -1;
    machine->states = states;
    return true;
}

/* --- the table --- */

/* [write, move, to] */
static void read_step(struct rw_reader *r, const struct rw_yaml *node, const struct names_of *names,
                      struct rw_turing_step *step)
{
    static const char *const moves[] = {"L", "S", "R", NULL}; /* enum rw_move */
    if (!rw_read_expect(r, node, RW_YAML_LIST, "[letter to write, L, R or S, next state]"))
        return;
    if (node->count != 3) {
        rw_read_error(r, node, "expected [letter to write, L, R or S, next state], found %zu entries", node->count);
        return;
    }
    size_t move;
    bool good = rw_read_ref(r, node->items[0], names->letters, &step->write);
    good = rw_read_choice(r, node->items[1], moves, &move) && good;
    good = rw_read_ref(r, node->items[2], names->states, &step->to) && good;
    if (good)
        step->move = (uint8_t)move;
    step->defined = 1; /* as far as completeness goes */
}

/* {letter: [write, move, to], ...} */
static void read_row(struct rw_reader *r, const struct rw_yaml *map, uint32_t state, const struct names_of *names,
                     struct rw_turing *machine)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of letters to [write, move, state]"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t letter;
        if (rw_read_ref(r, map->keys[i], names->letters, &letter))
            read_step(r, map->items[i], names, rw_turing_step_at(machine, state, letter));
    }
}

static void check_row(struct rw_reader *r, const struct rw_yaml *row, uint32_t state, const struct rw_turing *machine)
{
    for (uint32_t c = 0; c < machine->letters; c++) {
        if (rw_turing_step_at(machine, state, c)->defined)
            continue;
        rw_read_error(r, row, "the state '%s' has no transition for '%s'", machine->state_names[state],
                      machine->letter_names[c]);
        rw_diag_hint(r->diag, "'missing: reject' lets missing transitions reject");
    }
}

static void read_transitions(struct rw_reader *r, const struct names_of *names, struct rw_turing *machine)
{
    const struct rw_yaml *map = rw_read_key(r, r->top, "transitions");
    bool reject = rw_read_missing(r);
    if (map == NULL || !rw_read_expect(r, map, RW_YAML_MAP, "a mapping of states to their transitions"))
        return;
    uint8_t *seen = rw_alloc(machine->states, 1);
    for (size_t i = 0; i < map->count; i++) {
        uint32_t state;
        if (!rw_read_ref(r, map->keys[i], names->states, &state))
            continue;
        seen[state] = 1;
        if (machine->halts[state] != 0) {
            rw_read_error(r, map->keys[i], "the state '%s' halts and has no transitions", machine->state_names[state]);
            continue;
        }
        read_row(r, map->items[i], state, names, machine);
        if (!reject && r->good)
            check_row(r, map->items[i], state, machine);
    }
    for (uint32_t q = 0; q < machine->states && !reject; q++) {
        if (seen[q] || machine->halts[q] != 0)
            continue;
        rw_read_error(r, map, "the state '%s' has no transitions", machine->state_names[q]);
        rw_diag_hint(r->diag, "list it under 'accepting' or 'rejecting' if it halts; 'missing: reject' lets missing "
                              "transitions reject");
    }
    free(seen);
}

static void read_halting(struct rw_reader *r, const char *key, int8_t how, const struct names_of *names,
                         struct rw_turing *machine)
{
    const struct rw_yaml *node = rw_yaml_get(r->top, key);
    uint8_t *flags = rw_alloc(machine->states, 1);
    if (node != NULL)
        rw_read_set(r, node, names->states, flags);
    for (size_t q = 0; q < rw_names_count(names->states); q++) {
        if (flags[q] && machine->halts[q] != 0)
            rw_read_error(r, node, "the state '%s' both accepts and rejects", machine->state_names[q]);
        if (flags[q])
            machine->halts[q] = how;
    }
    free(flags);
}

static struct rw_turing *read_table(struct rw_reader *r)
{
    struct names_of names = {
        rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states"),
        rw_read_names(r, rw_read_key(r, r->top, "tape"), "letter", r->limits->symbols, "symbols"),
    };
    struct rw_turing *machine =
        rw_turing_new(rw_names_count(names.states), rw_alphabet_size(r->alphabet), rw_names_count(names.letters));
    rw_names_give(names.states, machine->state_names);
    rw_names_give(names.letters, machine->letter_names);
    const struct rw_yaml *node = rw_read_key(r, r->top, "blank");
    if (node != NULL)
        rw_read_ref(r, node, names.letters, &machine->blank);
    node = rw_read_key(r, r->top, "initial");
    if (node != NULL)
        rw_read_ref(r, node, names.states, &machine->initial);
    rw_read_key(r, r->top, "accepting");
    read_halting(r, "accepting", 1, &names, machine);
    read_halting(r, "rejecting", -1, &names, machine);
    read_transitions(r, &names, machine);
    rw_names_free(names.states);
    rw_names_free(names.letters);
    return machine;
}

static void refuse_table_keys(struct rw_reader *r)
{
    for (size_t i = 0; table_keys[i] != NULL; i++) {
        const struct rw_yaml *node = rw_yaml_get(r->top, table_keys[i]);
        if (node != NULL)
            rw_read_error(r, node, "'%s' stands beside 'compact', which says it already", table_keys[i]);
    }
}

static void *read_turing(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    const struct rw_yaml *compact = rw_yaml_get(r->top, "compact");
    *simulator = &rw_turing_kind;
    if (compact != NULL)
        refuse_table_keys(r);
    struct rw_turing *machine = compact != NULL ? rw_turing_read_compact(r, compact) : read_table(r);
    if (machine == NULL)
        return NULL;
    read_clock(r, machine);
    if (r->good)
        place_input(r, machine);
    if (r->good)
        rw_turing_complete(machine);
    return machine;
}

/* --- writing --- */

static void write_halting(const struct rw_turing *machine, const char *key, int8_t how, FILE *out)
{
    bool any = false;
    fprintf(out, "\n%s: [", key);
    for (size_t q = 0; q < machine->states; q++) {
        if (machine->halts[q] != how)
            continue;
        fputs(any ? ", " : "", out);
        rw_write_scalar(out, machine->state_names[q]);
        any = true;
    }
    fputc(']', out);
}

static void write_turing(const struct rw_machine *owner, FILE *out)
{
    static const char moves[] = {[RW_LEFT] = 'L', [RW_STAY] = 'S', [RW_RIGHT] = 'R'};
    const struct rw_turing *machine = owner->model;
    fputs("clock: ", out);
    rw_write_scalar(out, rw_alphabet_name(owner->alphabet, machine->clock));
    fputs("\ntape: ", out);
    rw_write_list(out, machine->letter_names, machine->letters);
    fputs("\nblank: ", out);
    rw_write_scalar(out, machine->letter_names[machine->blank]);
    fputs("\nstates: ", out);
    rw_write_list(out, machine->state_names, machine->states);
    fputs("\ninitial: ", out);
    rw_write_scalar(out, machine->state_names[machine->initial]);
    write_halting(machine, "accepting", 1, out);
    write_halting(machine, "rejecting", -1, out);
    fputs("\ntransitions:\n", out);
    for (uint32_t q = 0; q < machine->states; q++) {
        if (machine->halts[q] != 0)
            continue;
        fputs("  ", out);
        rw_write_scalar(out, machine->state_names[q]);
        fputs(": {", out);
        for (uint32_t c = 0; c < machine->letters; c++) {
            const struct rw_turing_step *step = rw_turing_step_at(machine, q, c);
            fputs(c > 0 ? ", " : "", out);
            rw_write_scalar(out, machine->letter_names[c]);
            fputs(": [", out);
            rw_write_scalar(out, machine->letter_names[step->write]);
            fprintf(out, ", %c, ", moves[step->move]);
            rw_write_scalar(out, machine->state_names[step->to]);
            fputc(']', out);
        }
        fputs("}\n", out);
    }
}

static void table(const struct rw_machine *owner, struct rw_table *table)
{
    static const char moves[] = {[RW_LEFT] = 'L', [RW_STAY] = 'S', [RW_RIGHT] = 'R'};
    const struct rw_turing *machine = owner->model;
    rw_table_cell(table, rw_strdup("state"));
    for (uint32_t c = 0; c < machine->letters; c++)
        rw_table_cell(table, rw_format("on %s", machine->letter_names[c]));
    rw_table_end_row(table);
    for (uint32_t q = 0; q < machine->states; q++) {
        rw_table_cell(table, rw_strdup(machine->state_names[q]));
        for (uint32_t c = 0; c < machine->letters; c++) {
            const struct rw_turing_step *step = rw_turing_step_at(machine, q, c);
            rw_table_cell(table, machine->halts[q] != 0 ? rw_strdup(machine->halts[q] > 0 ? "accepts" : "rejects")
                                                        : rw_format("%s %c %s", machine->letter_names[step->write],
                                                                    moves[step->move], machine->state_names[step->to]));
        }
        rw_table_end_row(table);
    }
}

void rw_turing_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_turing *turing = machine->model;
    size_t halting = 0;
    for (size_t q = 0; q < turing->states; q++)
        halting += turing->halts[q] != 0;
    rw_facts_add(facts, "states", "%zu, %zu of them halt; %zu letters on the tape", turing->states, halting,
                 turing->letters);
    rw_facts_add(facts, "clock", "'%s': n letters take n clocks to come back over, each further clock is a step",
                 rw_alphabet_name(machine->alphabet, turing->clock));
    rw_facts_add(facts, "class",
                 "in P with a clock of polynomial length, by a network of polynomial precision; whether a machine "
                 "accepts within T steps is complete for P");
}

const struct rw_spec_kind rw_spec_turing = {"turing", keys, read_turing, write_turing, table, rw_turing_facts};
