/* nfa_count.c - how many accepting paths a word has, as a WFA over the naturals.
 *
 * With E the epsilon moves and N_a the moves on a, a path is a sequence of epsilon moves, a letter, epsilon moves, ...: M_a = N_a E*, alpha =
 * initial E*, E* = I + E + E^2 + ... If no useful state lies on an epsilon cycle E* is a finite sum, computed in topological order. */
#include <stdlib.h>

#include "automata/nfa.h"
#include "base/memory.h"

struct counting {
    const struct rw_nfa *nfa;
    uint8_t *useful;     /* on some path from an initial to an accepting state */
    uint32_t *order;     /* useful states, each before those its epsilon moves reach */
    size_t count;
    uint8_t *colour;     /* of the search: 0 new, 1 open, 2 done */
    uint32_t cycle[2];   /* an epsilon move that closes a cycle */
};

static void mark(const struct rw_nfa *nfa, uint8_t *reached, bool backwards)
{
    bool changed = true;
    while (changed) { /* edges * depth at worst; NFAs that come this way are small */
        changed = false;
        for (size_t e = 0; e < nfa->edge_count; e++) {
            uint32_t from = backwards ? nfa->edges[e].to : nfa->edges[e].from;
            uint32_t to = backwards ? nfa->edges[e].from : nfa->edges[e].to;
            if (reached[from] && !reached[to])
                reached[to] = changed = true;
        }
    }
}

static void find_useful(struct counting *c)
{
    uint8_t *forth = rw_alloc(c->nfa->states, 1), *back = rw_alloc(c->nfa->states, 1);
    for (size_t s = 0; s < c->nfa->states; s++) {
        forth[s] = c->nfa->initial[s];
        back[s] = c->nfa->accepting[s];
    }
    mark(c->nfa, forth, false);
    mark(c->nfa, back, true);
    for (size_t s = 0; s < c->nfa->states; s++)
        c->useful[s] = forth[s] && back[s];
    free(forth);
    free(back);
}

/* Depth first over epsilon moves with a stack of our own; fills `order` from the end. false: a cycle. */
static bool visit(struct counting *c, uint32_t root, uint32_t *stack, size_t *edge)
{
    const struct rw_nfa *nfa = c->nfa;
    size_t depth = 0;
    stack[0] = root;
    edge[root] = nfa->start[root];
    c->colour[root] = 1;
    for (;;) {
        uint32_t s = stack[depth];
        while (edge[s] < nfa->start[s + 1] &&
               (nfa->edges[edge[s]].symbol != RW_EPSILON || !c->useful[nfa->edges[edge[s]].to] ||
                c->colour[nfa->edges[edge[s]].to] == 2))
            edge[s]++;
        if (edge[s] == nfa->start[s + 1]) {
            c->colour[s] = 2;
            c->order[--c->count] = s;
            if (depth-- == 0)
                return true;
            continue;
        }
        uint32_t to = nfa->edges[edge[s]].to;
        if (c->colour[to] == 1) {
            c->cycle[0] = s;
            c->cycle[1] = to;
            return false;
        }
        c->colour[to] = 1;
        edge[to] = nfa->start[to];
        stack[++depth] = to;
    }
}

static bool sort_by_epsilon(struct counting *c, size_t *total)
{
    uint32_t *stack = rw_alloc(c->nfa->states, sizeof *stack);
    size_t *edge = rw_alloc(c->nfa->states, sizeof *edge);
    bool acyclic = true;
    *total = 0;
    for (size_t s = 0; s < c->nfa->states; s++)
        *total += c->useful[s];
    c->count = *total;
    for (uint32_t s = 0; s < c->nfa->states && acyclic; s++)
        if (c->useful[s] && c->colour[s] == 0)
            acyclic = visit(c, s, stack, edge);
    free(stack);
    free(edge);
    return acyclic;
}

/* row <- row E*: counts flow along epsilon moves in topological order. */
static void spread(const struct counting *c, size_t total, struct rw_vector *row)
{
    const struct rw_nfa *nfa = c->nfa;
    for (size_t i = 0; i < total; i++) {
        uint32_t s = c->order[i];
        if (rw_q_is_zero(row->value + s))
            continue;
        for (size_t e = nfa->start[s]; e < nfa->start[s + 1]; e++) {
            uint32_t to = nfa->edges[e].to;
            if (nfa->edges[e].symbol != RW_EPSILON || !c->useful[to])
                continue;
            fmpq *count = rw_vector_at(row, to);
            rw_q_add(count, count, row->value + s);
        }
    }
}

static void add_one(struct rw_vector *row, uint32_t state)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    fmpq *count = rw_vector_at(row, state);
    rw_q_add(count, count, one);
    fmpq_clear(one);
}

/* M_a^T, column by column: column p is row p of N_a E*. */
static struct rw_matrix *letter(const struct counting *c, size_t total, uint32_t symbol, struct rw_vector *row)
{
    const struct rw_nfa *nfa = c->nfa;
    struct rw_builder *builder = rw_builder_new(nfa->states, nfa->states);
    for (uint32_t p = 0; p < nfa->states; p++) {
        rw_vector_zero(row);
        for (size_t e = nfa->start[p]; c->useful[p] && e < nfa->start[p + 1]; e++)
            if (nfa->edges[e].symbol == symbol && c->useful[nfa->edges[e].to])
                add_one(row, nfa->edges[e].to);
        spread(c, total, row);
        for (size_t k = 0; k < row->count; k++)
            rw_builder_add(builder, row->touched[k], p, row->value + row->touched[k]);
    }
    return rw_builder_finish(builder);
}

static struct rw_wfa *count_paths(const struct counting *c, size_t total)
{
    const struct rw_nfa *nfa = c->nfa;
    struct rw_wfa *wfa = rw_wfa_new(nfa->states, nfa->symbols);
    struct rw_vector row;
    rw_vector_init(&row, nfa->states);
    wfa->semiring = RW_NATURAL;
    for (uint32_t s = 0; s < nfa->states; s++) {
        free(wfa->names[s]);
        wfa->names[s] = rw_strdup(nfa->names[s]);
        fmpq_set_si(wfa->omega + s, nfa->accepting[s], 1);
        if (nfa->initial[s] && c->useful[s])
            add_one(&row, s);
    }
    spread(c, total, &row);
    for (size_t k = 0; k < row.count; k++)
        fmpq_set(wfa->alpha + row.touched[k], row.value + row.touched[k]);
    for (uint32_t a = 0; a < nfa->symbols; a++)
        rw_wfa_set_letter(wfa, a, letter(c, total, a, &row));
    rw_vector_clear(&row);
    return wfa;
}

struct rw_wfa *rw_nfa_count_paths(const struct rw_nfa *nfa, struct rw_diag *diag)
{
    struct counting c = {
        .nfa = nfa,
        .useful = rw_alloc(nfa->states, 1),
        .order = rw_alloc(nfa->states, sizeof *c.order),
        .colour = rw_alloc(nfa->states, 1),
    };
    struct rw_wfa *wfa = NULL;
    size_t total;
    find_useful(&c);
    if (sort_by_epsilon(&c, &total)) {
        wfa = count_paths(&c, total);
    } else {
        rw_diag_error(diag, rw_span_none(), "epsilon moves form a cycle through '%s' and '%s', so words have infinitely many paths",
                      nfa->names[c.cycle[1]], nfa->names[c.cycle[0]]);
        rw_diag_hint(diag, "remove the cycle, or determinise (--to pd)");
    }
    free(c.useful);
    free(c.order);
    free(c.colour);
    return wfa;
}
