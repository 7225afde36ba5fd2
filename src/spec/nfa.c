/* nfa.c - reading and writing `kind: nfa`. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/nfa.h"
#include "base/memory.h"
#include "spec/edges.h"
#include "spec/kind.h"

static const char *const keys[] = {"states", "initial", "accepting", "transitions", NULL};

/* A symbol, or ~ for epsilon. */
static bool read_letter(struct rw_reader *r, const struct rw_yaml *node, uint32_t *symbol)
{
    *symbol = RW_EPSILON;
    return rw_yaml_is_null(node) || rw_read_symbol(r, node, symbol);
}

static void add(struct rw_reader *r, struct rw_nfa *nfa, const struct rw_yaml *node, uint32_t from, uint32_t symbol,
                uint32_t to)
{
    if (nfa->edge_count >= r->limits->transitions) {
        if (nfa->edge_count == r->limits->transitions && r->good)
            rw_diag_limit(r->diag, node->span, "transitions", "more than %" PRIu64 " transitions",
                          r->limits->transitions);
        r->good = false;
        return;
    }
    rw_nfa_add(nfa, from, symbol, to);
}

/* [from, symbol, to] */
static void read_triple(struct rw_reader *r, const struct rw_yaml *row, const struct rw_names *states,
                        struct rw_nfa *nfa)
{
    if (!rw_read_expect(r, row, RW_YAML_LIST, "[from, symbol, to]"))
        return;
    if (row->count != 3) {
        rw_read_error(r, row, "expected [from, symbol, to], found %zu items", row->count);
        return;
    }
    uint32_t from, symbol, to;
    bool good = rw_read_ref(r, row->items[0], states, &from);
    good = read_letter(r, row->items[1], &symbol) && good;
    good = rw_read_ref(r, row->items[2], states, &to) && good;
    if (good)
        add(r, nfa, row, from, symbol, to);
}

/* {symbol: state or list of states, ...} */
static void read_row(struct rw_reader *r, const struct rw_yaml *row, const struct rw_names *states, uint32_t from,
                     struct rw_nfa *nfa)
{
    if (!rw_read_expect(r, row, RW_YAML_MAP, "a mapping of symbols to states"))
        return;
    uint8_t *targets = rw_alloc(nfa->states, 1);
    for (size_t i = 0; i < row->count; i++) {
        uint32_t symbol;
        memset(targets, 0, nfa->states);
        bool good = read_letter(r, row->keys[i], &symbol);
        rw_read_set(r, row->items[i], states, targets);
        for (uint32_t to = 0; good && to < nfa->states; to++)
            if (targets[to])
                add(r, nfa, row->items[i], from, symbol, to);
    }
    free(targets);
}

static void read_transitions(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *states,
                             struct rw_nfa *nfa)
{
    if (node->type == RW_YAML_LIST) {
        for (size_t i = 0; i < node->count; i++)
            read_triple(r, node->items[i], states, nfa);
        return;
    }
    if (!rw_read_expect(r, node, RW_YAML_MAP, "a list of [from, symbol, to], or a mapping of states"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        uint32_t from;
        if (rw_read_ref(r, node->keys[i], states, &from))
            read_row(r, node->items[i], states, from, nfa);
    }
}

static void *read_nfa(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    *simulator = &rw_nfa_kind;
    struct rw_names *states = rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states");
    struct rw_nfa *nfa = rw_nfa_new(rw_names_count(states), rw_alphabet_size(r->alphabet));
    rw_names_give(states, nfa->names);
    const struct rw_yaml *node = rw_read_key(r, r->top, "initial");
    if (node != NULL)
        rw_read_set(r, node, states, nfa->initial);
    node = rw_read_key(r, r->top, "accepting");
    if (node != NULL)
        rw_read_set(r, node, states, nfa->accepting);
    node = rw_read_key(r, r->top, "transitions");
    if (node != NULL)
        read_transitions(r, node, states, nfa);
    rw_nfa_seal(nfa);
    rw_names_free(states);
    return nfa;
}

static void write_flags(const struct rw_nfa *nfa, const uint8_t *flags, FILE *out)
{
    bool first = true;
    fputc('[', out);
    for (size_t s = 0; s < nfa->states; s++) {
        if (!flags[s])
            continue;
        fputs(first ? "" : ", ", out);
        rw_write_scalar(out, nfa->names[s]);
        first = false;
    }
    fputs("]\n", out);
}

static void write_nfa(const struct rw_machine *machine, FILE *out)
{
    const struct rw_nfa *nfa = machine->model;
    fputs("states: ", out);
    rw_write_list(out, nfa->names, nfa->states);
    fputs("\ninitial: ", out);
    write_flags(nfa, nfa->initial, out);
    fputs("accepting: ", out);
    write_flags(nfa, nfa->accepting, out);
    fputs("transitions:", out);
    for (size_t e = 0; e < nfa->edge_count; e++) {
        fputs("\n  - [", out);
        rw_write_scalar(out, nfa->names[nfa->edges[e].from]);
        fputs(", ", out);
        if (nfa->edges[e].symbol == RW_EPSILON)
            fputc('~', out);
        else
            rw_write_scalar(out, rw_alphabet_name(machine->alphabet, nfa->edges[e].symbol));
        fputs(", ", out);
        rw_write_scalar(out, nfa->names[nfa->edges[e].to]);
        fputc(']', out);
    }
    fputs(nfa->edge_count == 0 ? " []\n" : "\n", out);
}

void rw_table_edges(struct rw_table *table, const char *what, const struct rw_nfa *nfa,
                    const struct rw_alphabet *alphabet)
{
    const char *const headings[] = {what, "symbol", "to"};
    for (size_t i = 0; i < 3; i++)
        rw_table_cell(table, rw_strdup(headings[i]));
    rw_table_end_row(table);
    for (uint32_t s = 0; s < nfa->states; s++)
        for (size_t e = nfa->start[s]; e < nfa->start[s + 1]; e++) {
            uint32_t symbol = nfa->edges[e].symbol;
            rw_table_cell(table, rw_format("%s%s%s", nfa->initial[s] ? "-> " : "", nfa->names[s],
                                           nfa->accepting[s] ? " (accepting)" : ""));
            rw_table_cell(table, rw_strdup(symbol == RW_EPSILON ? "epsilon" : rw_alphabet_name(alphabet, symbol)));
            rw_table_cell(table, rw_strdup(nfa->names[nfa->edges[e].to]));
            rw_table_end_row(table);
        }
}

static void table(const struct rw_machine *machine, struct rw_table *table)
{
    rw_table_edges(table, "state", machine->model, machine->alphabet);
}

const struct rw_spec_kind rw_spec_nfa = {"nfa", keys, read_nfa, write_nfa, table, rw_nfa_facts};
