/* dfa.c - reading and writing `kind: dfa`. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "spec/kind.h"

static const char *const keys[] = {"states", "initial", "accepting", "transitions", "missing", NULL};

/* {symbol: state, ...} for one state. */
static void read_row(struct rw_reader *r, const struct rw_yaml *row, const struct rw_names *states, uint32_t from,
                     struct rw_dfa *dfa)
{
    if (!rw_read_expect(r, row, RW_YAML_MAP, "a mapping of symbols to states"))
        return;
    for (size_t i = 0; i < row->count; i++) {
        uint32_t symbol, to;
        bool known = rw_read_symbol(r, row->keys[i], &symbol);
        if (row->items[i]->type == RW_YAML_LIST) {
            rw_read_error(r, row->items[i], "a deterministic automaton has one next state, found a list");
            rw_diag_hint(r->diag, "use 'kind: nfa' for several");
        } else if (rw_read_ref(r, row->items[i], states, &to) && known) {
            dfa->next[from * dfa->symbols + symbol] = to;
        }
    }
}

static void read_transitions(struct rw_reader *r, const struct rw_yaml *map, const struct rw_names *states,
                             struct rw_dfa *dfa, const struct rw_yaml **rows)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of states to {symbol: state}"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t from;
        if (!rw_read_ref(r, map->keys[i], states, &from))
            continue;
        rows[from] = map->keys[i];
        read_row(r, map->items[i], states, from, dfa);
    }
}

/* Every gap is an error at its row, unless the spec says that gaps reject. */
static void check_complete(struct rw_reader *r, const struct rw_yaml *map, const struct rw_dfa *dfa,
                           const struct rw_names *states, const struct rw_yaml **rows)
{
    for (size_t s = 0; s < dfa->states; s++)
        for (uint32_t a = 0; a < dfa->symbols; a++) {
            if (dfa->next[s * dfa->symbols + a] != RW_NO_STATE)
                continue;
            rw_read_error(r, rows[s] != NULL ? rows[s] : map, "the state '%s' has no transition for '%s'",
                          rw_names_get(states, s), rw_alphabet_name(r->alphabet, a));
            rw_diag_hint(r->diag, "'missing: reject' lets missing transitions reject");
        }
}

static void *read_dfa(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    *simulator = &rw_dfa_kind;
    struct rw_names *states = rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states");
    size_t symbols = rw_alphabet_size(r->alphabet);
    if (rw_names_count(states) > r->limits->transitions / symbols) {
        rw_diag_limit(r->diag, r->top->span, "transitions",
                      "%zu states with %zu symbols have more than %" PRIu64 " transitions", rw_names_count(states),
                      symbols, r->limits->transitions);
        r->good = false;
        rw_names_free(states);
        return NULL;
    }
    struct rw_dfa *dfa = rw_dfa_new(rw_names_count(states), symbols);
    rw_names_give(states, dfa->names);
    bool reject = rw_read_missing(r);
    const struct rw_yaml *node = rw_read_key(r, r->top, "initial");
    if (node != NULL)
        rw_read_ref(r, node, states, &dfa->initial);
    node = rw_read_key(r, r->top, "accepting");
    if (node != NULL)
        rw_read_set(r, node, states, dfa->accepting);
    node = rw_read_key(r, r->top, "transitions");
    const struct rw_yaml **rows = rw_alloc(dfa->states, sizeof *rows);
    size_t before = rw_diag_count(r->diag);
    if (node != NULL)
        read_transitions(r, node, states, dfa, rows);
    if (node != NULL && !reject && rw_diag_count(r->diag) == before) /* a wrong name is not also a gap */
        check_complete(r, node, dfa, states, rows);
    free(rows);
    rw_names_free(states);
    return dfa;
}

static void write_dfa(const struct rw_machine *machine, FILE *out)
{
    const struct rw_dfa *dfa = machine->model;
    bool complete = true, first = true;
    fputs("states: ", out);
    rw_write_list(out, dfa->names, dfa->states);
    fputs("\ninitial: ", out);
    rw_write_scalar(out, dfa->names[dfa->initial]);
    fputs("\naccepting: [", out);
    for (size_t s = 0; s < dfa->states; s++)
        if (dfa->accepting[s]) {
            fputs(first ? "" : ", ", out);
            rw_write_scalar(out, dfa->names[s]);
            first = false;
        }
    fputs("]\ntransitions:\n", out);
    for (size_t s = 0; s < dfa->states; s++) {
        fputs("  ", out);
        rw_write_scalar(out, dfa->names[s]);
        fputs(": {", out);
        first = true;
        for (uint32_t a = 0; a < dfa->symbols; a++) {
            uint32_t to = dfa->next[s * dfa->symbols + a];
            complete = complete && to != RW_NO_STATE;
            if (to == RW_NO_STATE)
                continue;
            fputs(first ? "" : ", ", out);
            rw_write_scalar(out, rw_alphabet_name(machine->alphabet, a));
            fputs(": ", out);
            rw_write_scalar(out, dfa->names[to]);
            first = false;
        }
        fputs("}\n", out);
    }
    if (!complete)
        fputs("missing: reject\n", out);
}

static void table(const struct rw_machine *machine, struct rw_table *table)
{
    const struct rw_dfa *dfa = machine->model;
    rw_table_cell(table, rw_strdup("state"));
    for (uint32_t a = 0; a < dfa->symbols; a++)
        rw_table_cell(table, rw_strdup(rw_alphabet_name(machine->alphabet, a)));
    rw_table_end_row(table);
    for (size_t s = 0; s < dfa->states; s++) {
        rw_table_cell(table, rw_format("%s%s%s", s == dfa->initial ? "-> " : "", dfa->names[s],
                                       dfa->accepting[s] ? " (accepting)" : ""));
        for (uint32_t a = 0; a < dfa->symbols; a++) {
            uint32_t to = dfa->next[s * dfa->symbols + a];
            rw_table_cell(table, rw_strdup(to == RW_NO_STATE ? "-" : dfa->names[to]));
        }
        rw_table_end_row(table);
    }
}

const struct rw_spec_kind rw_spec_dfa = {"dfa", keys, read_dfa, write_dfa, table, rw_dfa_facts};
