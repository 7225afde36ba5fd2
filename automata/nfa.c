/* nfa.c - nondeterministic finite automata: definition and on-the-fly subset runs. */
#include "automata/nfa.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct rw_nfa *rw_nfa_new(size_t states, size_t symbols)
{
    struct rw_nfa *nfa = rw_alloc(1, sizeof *nfa);
    nfa->states = states;
    nfa->symbols = symbols;
    nfa->names = rw_alloc(states, sizeof *nfa->names);
    for (size_t s = 0; s < states; s++)
        nfa->names[s] = rw_format("%zu", s);
    nfa->initial = rw_alloc(states, 1);
    nfa->accepting = rw_alloc(states, 1);
    return nfa;
}

void rw_nfa_free(struct rw_nfa *nfa)
{
    if (nfa == NULL)
        return;
    for (size_t s = 0; s < nfa->states; s++)
        free(nfa->names[s]);
    free(nfa->names);
    free(nfa->initial);
    free(nfa->accepting);
    free(nfa->edges);
    free(nfa->start);
    free(nfa);
}

void rw_nfa_add(struct rw_nfa *nfa, uint32_t from, uint32_t symbol, uint32_t to)
{
    nfa->edges = rw_grow(nfa->edges, &nfa->edge_capacity, nfa->edge_count + 1, sizeof *nfa->edges);
    nfa->edges[nfa->edge_count++] = (struct rw_nfa_edge){from, symbol, to};
}

static int compare_edges(const void *a, const void *b)
{
    const struct rw_nfa_edge *e = a, *f = b;
    if (e->from != f->from)
        return e->from < f->from ? -1 : 1;
    if (e->symbol != f->symbol)
        return e->symbol < f->symbol ? -1 : 1;
    return (e->to > f->to) - (e->to < f->to);
}

void rw_nfa_seal(struct rw_nfa *nfa)
{
    size_t kept = 0;
    if (nfa->edge_count > 0)
        qsort(nfa->edges, nfa->edge_count, sizeof *nfa->edges, compare_edges);
    for (size_t i = 0; i < nfa->edge_count; i++)
        if (kept == 0 || compare_edges(nfa->edges + kept - 1, nfa->edges + i) != 0)
            nfa->edges[kept++] = nfa->edges[i];
    nfa->edge_count = kept;
    free(nfa->start);
    nfa->start = rw_alloc(nfa->states + 1, sizeof *nfa->start);
    for (size_t i = 0; i < kept; i++)
        nfa->start[nfa->edges[i].from + 1]++;
    for (size_t s = 0; s < nfa->states; s++)
        nfa->start[s + 1] += nfa->start[s];
}

/* --- sets of states: a list and marks --- */

struct set {
    uint32_t *list;
    uint8_t *mark;
    size_t count;
};

static void set_init(struct set *set, size_t states)
{
    set->list = rw_alloc(states, sizeof *set->list);
    set->mark = rw_alloc(states, 1);
    set->count = 0;
}

static void set_free(struct set *set)
{
    free(set->list);
    free(set->mark);
}

static void set_clear(struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->mark[set->list[i]] = 0;
    set->count = 0;
}

static void set_add(struct set *set, uint32_t state)
{
    if (set->mark[state])
        return;
    set->mark[state] = 1;
    set->list[set->count++] = state;
}

/* The states that epsilon moves reach; epsilon edges sort behind all others of their state. */
static void close_over_epsilon(const struct rw_nfa *nfa, struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        for (size_t e = nfa->start[set->list[i] + 1]; e-- > nfa->start[set->list[i]];) {
            if (nfa->edges[e].symbol != RW_EPSILON)
                break;
            set_add(set, nfa->edges[e].to);
        }
}

static void step_set(const struct rw_nfa *nfa, const struct set *from, uint32_t symbol, struct set *to)
{
    set_clear(to);
    for (size_t i = 0; i < from->count; i++)
        for (size_t e = nfa->start[from->list[i]]; e < nfa->start[from->list[i] + 1]; e++)
            if (nfa->edges[e].symbol == symbol)
                set_add(to, nfa->edges[e].to);
    close_over_epsilon(nfa, to);
}

/* --- the simulator --- */

struct run {
    struct set now, next;
};

static void free_model(void *model)
{
    rw_nfa_free(model);
}

static size_t quantities(const void *model)
{
    return ((const struct rw_nfa *)model)->states;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    fprintf(out, "state %s", ((const struct rw_nfa *)model)->names[i]);
}

static void run_start(const void *model, void *run)
{
    const struct rw_nfa *nfa = model;
    struct run *r = run;
    set_clear(&r->now);
    for (uint32_t s = 0; s < nfa->states; s++)
        if (nfa->initial[s])
            set_add(&r->now, s);
    close_over_epsilon(nfa, &r->now);
}

static void *run_new(const void *model)
{
    const struct rw_nfa *nfa = model;
    struct run *r = rw_alloc(1, sizeof *r);
    set_init(&r->now, nfa->states);
    set_init(&r->next, nfa->states);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    (void)model;
    set_free(&r->now);
    set_free(&r->next);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    struct run *r = to;
    const struct run *source = from;
    (void)model;
    set_clear(&r->now);
    for (size_t i = 0; i < source->now.count; i++)
        set_add(&r->now, source->now.list[i]);
}

static void step(const void *model, void *run, uint32_t symbol)
{
    struct run *r = run;
    step_set(model, &r->now, symbol, &r->next);
    struct set kept = r->now;
    r->now = r->next;
    r->next = kept;
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_nfa *nfa = model;
    const struct set *now = &((const struct run *)run)->now;
    bool accepted = false;
    for (size_t i = 0; i < now->count && !accepted; i++)
        accepted = nfa->accepting[now->list[i]];
    rw_q_set_int(value, accepted);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct set *now = &((const struct run *)run)->now;
    (void)model;
    for (size_t i = 0; i < now->count; i++)
        rw_q_set_int(rw_vector_at(out, now->list[i]), 1);
}

static void print(const void *model, const void *run, FILE *out)
{
    const struct rw_nfa *nfa = model;
    const struct set *now = &((const struct run *)run)->now;
    bool first = true;
    fputc('{', out);
    for (size_t s = 0; s < nfa->states; s++) {
        if (!now->mark[s])
            continue;
        fprintf(out, "%s%s", first ? "" : ", ", nfa->names[s]);
        first = false;
    }
    fputc('}', out);
}

const struct rw_machine_kind rw_nfa_kind = {
    .name = "nfa",
    .title = "nondeterministic finite automaton",
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
