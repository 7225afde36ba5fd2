/* wfa.c - reading and writing `kind: wfa`. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/wfa.h"
#include "base/memory.h"
#include "spec/kind.h"

static const char *const keys[] = {"semiring", "states", "initial", "final", "transitions", "accept", NULL};
static const char *const semirings[] = {"natural", "integer", "rational", NULL}; /* in the order of enum rw_semiring */

/* A weight of the semiring. */
static bool read_weight(struct rw_reader *r, const struct rw_yaml *node, enum rw_semiring semiring, fmpq_t weight)
{
    if (!rw_read_number(r, node, weight))
        return false;
    bool whole = fmpz_is_one(fmpq_denref(weight));
    if ((semiring == RW_RATIONAL) || (whole && (semiring == RW_INTEGER || rw_q_sign(weight) >= 0)))
        return true;
    rw_read_error(r, node, "'%.60s' is not a weight of the semiring '%s'", node->text, semirings[semiring]);
    rw_diag_hint(r->diag, "the semirings are natural, integer and rational");
    return false;
}

/* {state: weight, ...} */
static void read_vector(struct rw_reader *r, const char *key, const struct rw_names *states, enum rw_semiring semiring,
                        fmpq *vector)
{
    const struct rw_yaml *map = rw_read_key(r, r->top, key);
    if (map == NULL || !rw_read_expect(r, map, RW_YAML_MAP, "a mapping of states to weights"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t state;
        fmpq_t weight;
        fmpq_init(weight);
        bool good = rw_read_ref(r, map->keys[i], states, &state);
        if (read_weight(r, map->items[i], semiring, weight) && good)
            fmpq_set(vector + state, weight);
        fmpq_clear(weight);
    }
}

/* [from, symbol, to, weight] */
static void read_transition(struct rw_reader *r, const struct rw_yaml *row, const struct rw_names *states,
                            enum rw_semiring semiring, struct rw_builder **letters)
{
    if (!rw_read_expect(r, row, RW_YAML_LIST, "[from, symbol, to, weight]"))
        return;
    if (row->count != 4) {
        rw_read_error(r, row, "expected [from, symbol, to, weight], found %zu items", row->count);
        return;
    }
    uint32_t from, symbol, to;
    fmpq_t weight;
    fmpq_init(weight);
    bool good = rw_read_ref(r, row->items[0], states, &from);
    good = rw_read_symbol(r, row->items[1], &symbol) && good;
    good = rw_read_ref(r, row->items[2], states, &to) && good;
    good = read_weight(r, row->items[3], semiring, weight) && good;
    if (good)
        rw_builder_add(letters[symbol], to, from, weight); /* letters are kept transposed */
    fmpq_clear(weight);
}

/* Transitions of the same places would be added up: more likely a mistake, so a repeated triple is an error. */
struct triple {
    uint32_t from, symbol, to;
    const struct rw_yaml *node;
};

static int compare_triples(const void *a, const void *b)
{
    const struct triple *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->symbol != y->symbol)
        return x->symbol < y->symbol ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->node->span.line < y->node->span.line ? -1 : 1;
}

static void check_repeated(struct rw_reader *r, const struct rw_yaml *list, const struct rw_names *states)
{
    struct triple *triples = rw_alloc(list->count, sizeof *triples);
    for (size_t i = 0; i < list->count; i++) {
        struct rw_yaml *const *items = list->items[i]->items;
        triples[i].node = list->items[i];
        rw_read_ref(r, items[0], states, &triples[i].from);
        rw_read_symbol(r, items[1], &triples[i].symbol);
        rw_read_ref(r, items[2], states, &triples[i].to);
    }
    qsort(triples, list->count, sizeof *triples, compare_triples);
    for (size_t i = 1; i < list->count; i++) {
        const struct triple *x = triples + i - 1, *y = triples + i;
        if (x->from != y->from || x->symbol != y->symbol || x->to != y->to)
            continue;
        rw_read_error(r, y->node, "this transition stands twice");
        rw_diag_note(r->diag, x->node->span, "it is first here");
        rw_diag_hint(r->diag, "give one transition with the sum of the weights");
    }
    free(triples);
}

static void read_transitions(struct rw_reader *r, const struct rw_names *states, enum rw_semiring semiring,
                             struct rw_wfa *wfa)
{
    const struct rw_yaml *list = rw_read_key(r, r->top, "transitions");
    struct rw_builder **letters = rw_alloc(wfa->symbols, sizeof(struct rw_builder *));
    for (size_t a = 0; a < wfa->symbols; a++)
        letters[a] = rw_builder_new(wfa->states, wfa->states);
    if (list != NULL && rw_read_expect(r, list, RW_YAML_LIST, "a list of [from, symbol, to, weight]")) {
        size_t before = rw_diag_count(r->diag);
        for (size_t i = 0; i < list->count; i++)
            read_transition(r, list->items[i], states, semiring, letters);
        if (rw_diag_count(r->diag) == before)
            check_repeated(r, list, states);
    }
    for (uint32_t a = 0; a < wfa->symbols; a++)
        rw_wfa_set_letter(wfa, a, rw_builder_finish(letters[a]));
    free(letters);
}

static void *read_wfa(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    static const char *const accept[] = {"positive", NULL};
    size_t choice = RW_RATIONAL, unused;
    const struct rw_yaml *node = rw_yaml_get(r->top, "semiring");
    if (node != NULL)
        rw_read_choice(r, node, semirings, &choice);
    struct rw_names *states = rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states");
    struct rw_wfa *wfa = rw_wfa_new(rw_names_count(states), rw_alphabet_size(r->alphabet));
    wfa->semiring = (enum rw_semiring)choice;
    rw_names_give(states, wfa->names);
    node = rw_yaml_get(r->top, "accept");
    wfa->indicator = node != NULL && rw_read_choice(r, node, accept, &unused);
    *simulator = wfa->indicator ? &rw_wfa_indicator_kind : &rw_wfa_kind;
    read_vector(r, "initial", states, wfa->semiring, wfa->alpha);
    read_vector(r, "final", states, wfa->semiring, wfa->omega);
    read_transitions(r, states, wfa->semiring, wfa);
    rw_names_free(states);
    return wfa;
}

static void write_vector(const char *key, const struct rw_wfa *wfa, const fmpq *vector, FILE *out)
{
    bool first = true;
    fprintf(out, "%s: {", key);
    for (size_t s = 0; s < wfa->states; s++) {
        if (rw_q_is_zero(vector + s))
            continue;
        fputs(first ? "" : ", ", out);
        rw_write_scalar(out, wfa->names[s]);
        fputs(": ", out);
        rw_q_print(out, vector + s);
        first = false;
    }
    fputs("}\n", out);
}

static void write_wfa(const struct rw_machine *machine, FILE *out)
{
    const struct rw_wfa *wfa = machine->model;
    fprintf(out, "semiring: %s\n", semirings[wfa->semiring]);
    if (wfa->indicator)
        fputs("accept: positive\n", out);
    fputs("states: ", out);
    rw_write_list(out, wfa->names, wfa->states);
    fputc('\n', out);
    write_vector("initial", wfa, wfa->alpha, out);
    write_vector("final", wfa, wfa->omega, out);
    bool none = true;
    fputs("transitions:", out);
    for (uint32_t a = 0; a < wfa->symbols; a++) {
        const struct rw_matrix *m = wfa->letters[a];
        for (size_t p = 0; p < wfa->states; p++)
            for (size_t e = m->start[p]; e < m->start[p + 1]; e++) {
                fputs("\n  - [", out);
                rw_write_scalar(out, wfa->names[p]);
                fputs(", ", out);
                rw_write_scalar(out, rw_alphabet_name(machine->alphabet, a));
                fputs(", ", out);
                rw_write_scalar(out, wfa->names[m->row[e]]);
                fputs(", ", out);
                rw_q_print(out, m->value + e);
                fputs("]", out);
                none = false;
            }
    }
    fputs(none ? " []\n" : "\n", out);
}

static void table(const struct rw_machine *machine, struct rw_table *table)
{
    const struct rw_wfa *wfa = machine->model;
    static const char *const headings[] = {"from", "symbol", "to", "weight"};
    for (size_t i = 0; i < 4; i++)
        rw_table_cell(table, rw_strdup(headings[i]));
    rw_table_end_row(table);
    for (uint32_t a = 0; a < wfa->symbols; a++) {
        const struct rw_matrix *m = wfa->letters[a];
        for (size_t p = 0; p < wfa->states; p++)
            for (size_t e = m->start[p]; e < m->start[p + 1]; e++) {
                rw_table_cell(table, rw_strdup(wfa->names[p]));
                rw_table_cell(table, rw_strdup(rw_alphabet_name(machine->alphabet, a)));
                rw_table_cell(table, rw_strdup(wfa->names[m->row[e]]));
                rw_table_cell(table, rw_q_text(m->value + e));
                rw_table_end_row(table);
            }
    }
}

const struct rw_spec_kind rw_spec_wfa = {"wfa", keys, read_wfa, write_wfa, table, rw_wfa_facts};
