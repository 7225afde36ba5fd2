/* nfa_count.c - how many accepting paths a word has, as a WFA over the naturals.
 *
 * With E the epsilon moves and N_a the moves on a, a path is a sequence of epsilon moves, a letter, epsilon moves, ...:
 * M_a = N_a E*, alpha = initial E*, E* = I + E + E^2 + ... If no useful state lies on an epsilon cycle E* is a finite
 * sum, computed in topological order. */
#include <stdlib.h>

#include "automata/nfa.h"
#include "base/memory.h"

struct counting {
    const struct rw_nfa *nfa;
    uint8_t *useful; /* on some path from an initial to an accepting state */
    uint32_t *order; /* useful states, each before those its epsilon moves reach */
    uint32_t *place; /* of each useful state in the order */
    size_t count;
    uint32_t *heap; /* places still to visit */
    size_t waiting;
    uint8_t *colour;   /* of the search: 0 new, 1 open, 2 done */
    uint32_t cycle[2]; /* an epsilon move that closes a cycle */
};

/* What is reached from the marked states, along edges or against them: each edge is looked at once. */
static void mark(const struct rw_nfa *nfa, uint8_t *reached, bool backwards)
{
    size_t *first = rw_alloc(nfa->states + 1, sizeof *first), depth = 0;
    uint32_t *list = rw_alloc(nfa->edge_count, sizeof *list), *stack = rw_alloc(nfa->states, sizeof *stack);
    /* neighbours of s: list[first[s]] .. list[first[s + 1] - 1] */
    for (size_t e = 0; e < nfa->edge_count; e++)
        first[backwards ? nfa->edges[e].to : nfa->edges[e].from]++;
    for (size_t s = 0; s < nfa->states; s++)
        first[s + 1] += first[s];
    for (size_t e = nfa->edge_count; e-- > 0;)
        list[--first[backwards ? nfa->edges[e].to : nfa->edges[e].from]] =
            backwards ? nfa->edges[e].from : nfa->edges[e].to;
    for (uint32_t s = 0; s < nfa->states; s++)
        if (reached[s])
            stack[depth++] = s;
    while (depth > 0) {
        uint32_t s = stack[--depth];
        for (size_t i = first[s]; i < first[s + 1]; i++)
            if (!reached[list[i]]) {
                reached[list[i]] = 1;
                stack[depth++] = list[i];
            }
    }
    free(first);
    free(list);
    free(stack);
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
            c->place[s] = (uint32_t)c->count;
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

static bool sort_by_epsilon(struct counting *c)
{
    uint32_t *stack = rw_alloc(c->nfa->states, sizeof *stack);
    size_t *edge = rw_alloc(c->nfa->states, sizeof *edge);
    bool acyclic = true;
    for (size_t s = 0; s < c->nfa->states; s++)
        c->count += c->useful[s];
    for (uint32_t s = 0; s < c->nfa->states && acyclic; s++)
        if (c->useful[s] && c->colour[s] == 0)
            acyclic = visit(c, s, stack, edge);
    free(stack);
    free(edge);
    return acyclic;
}

/* --- a heap of places in the order: spreading visits only what a row touches --- */

static void put(struct counting *c, uint32_t place)
{
    size_t i = c->waiting++;
    for (; i > 0 && c->heap[(i - 1) / 2] > place; i = (i - 1) / 2)
        c->heap[i] = c->heap[(i - 1) / 2];
    c->heap[i] = place;
}

/* The least place, taken out. */
static uint32_t take(struct counting *c)
{
    uint32_t least = c->heap[0], last = c->heap[--c->waiting];
    size_t i = 0;
    for (size_t child = 1; child < c->waiting; child = 2 * i + 1) {
        child += child + 1 < c->waiting && c->heap[child + 1] < c->heap[child];
        if (c->heap[child] >= last)
            break;
        c->heap[i] = c->heap[child];
        i = child;
    }
    c->heap[i] = last;
    return least;
}

/* row <- row E*: counts flow along epsilon moves in topological order. */
static void spread(struct counting *c, struct rw_vector *row)
{
    const struct rw_nfa *nfa = c->nfa;
    for (size_t k = 0; k < row->count; k++)
        put(c, c->place[row->touched[k]]);
    while (c->waiting > 0) {
        uint32_t s = c->order[take(c)];
        for (size_t e = nfa->start[s + 1]; e-- > nfa->start[s] && nfa->edges[e].symbol == RW_EPSILON;) {
            uint32_t to = nfa->edges[e].to;
            if (!c->useful[to])
                continue;
            if (!row->mark[to])
                put(c, c->place[to]);
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
static struct rw_matrix *letter(struct counting *c, uint32_t symbol, struct rw_vector *row)
{
    const struct rw_nfa *nfa = c->nfa;
    struct rw_builder *builder = rw_builder_new(nfa->states, nfa->states);
    for (uint32_t p = 0; p < nfa->states; p++) {
        rw_vector_zero(row);
        for (size_t e = nfa->start[p]; c->useful[p] && e < nfa->start[p + 1]; e++)
            if (nfa->edges[e].symbol == symbol && c->useful[nfa->edges[e].to])
                add_one(row, nfa->edges[e].to);
        spread(c, row);
        for (size_t k = 0; k < row->count; k++)
            rw_builder_add(builder, row->touched[k], p, row->value + row->touched[k]);
    }
    return rw_builder_finish(builder);
}

static struct rw_wfa *count_paths(struct counting *c)
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
    spread(c, &row);
    for (size_t k = 0; k < row.count; k++)
        fmpq_set(wfa->alpha + row.touched[k], row.value + row.touched[k]);
    for (uint32_t a = 0; a < nfa->symbols; a++)
        rw_wfa_set_letter(wfa, a, letter(c, a, &row));
    rw_vector_clear(&row);
    return wfa;
}

struct rw_wfa *rw_nfa_count_paths(const struct rw_nfa *nfa, struct rw_diag *diag)
{
    struct counting c = {
        .nfa = nfa,
        .useful = rw_alloc(nfa->states, 1),
        .order = rw_alloc(nfa->states, sizeof *c.order),
        .place = rw_alloc(nfa->states, sizeof *c.place),
        .heap = rw_alloc(nfa->states, sizeof *c.heap),
        .colour = rw_alloc(nfa->states, 1),
    };
    struct rw_wfa *wfa = NULL;
    find_useful(&c);
    if (sort_by_epsilon(&c)) {
        wfa = count_paths(&c);
    } else {
        rw_diag_error(diag, rw_span_none(),
                      "epsilon moves form a cycle through '%s' and '%s', so words have infinitely many paths",
                      nfa->names[c.cycle[1]], nfa->names[c.cycle[0]]);
        rw_diag_hint(diag, "remove the cycle, or determinise (--to pd)");
    }
    free(c.useful);
    free(c.order);
    free(c.place);
    free(c.heap);
    free(c.colour);
    return wfa;
}
