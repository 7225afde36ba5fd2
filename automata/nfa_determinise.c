/* nfa_determinise.c - the reachable subsets of an NFA as a complete DFA (Rabin and Scott 1959), breadth first. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/nfa.h"
#include "base/limits.h"
#include "base/memory.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct subset))
#include <uthash.h>

/* Names of subsets list at most this many members. */
#define NAMED_MEMBERS 8
/* How often progress is reported, in subsets. */
#define REPORT_EVERY 4096

struct subset {
    uint64_t *bits;
    uint32_t number;
    UT_hash_handle hh;
};

struct determiniser {
    const struct rw_nfa *nfa;
    size_t words; /* of 64 bits, for a set */
    struct subset *by_bits, **list;
    size_t count, list_capacity;
    uint32_t *next; /* count * symbols */
    size_t next_capacity;
    uint32_t *stack; /* states to close over epsilon */
};

static void close_over_epsilon(struct determiniser *d, uint64_t *bits)
{
    const struct rw_nfa *nfa = d->nfa;
    size_t depth = 0;
    for (uint32_t s = 0; s < nfa->states; s++)
        if (bits[s / 64] >> (s % 64) & 1)
            d->stack[depth++] = s;
    while (depth > 0) {
        uint32_t s = d->stack[--depth];
        for (size_t e = nfa->start[s + 1]; e-- > nfa->start[s] && nfa->edges[e].symbol == RW_EPSILON;) {
            uint32_t to = nfa->edges[e].to;
            if (bits[to / 64] >> (to % 64) & 1)
                continue;
            bits[to / 64] |= UINT64_C(1) << (to % 64);
            d->stack[depth++] = to;
        }
    }
}

/* The number of a set, new or known; takes the bits over. */
static uint32_t intern(struct determiniser *d, uint64_t *bits)
{
    struct subset *known;
    HASH_FIND(hh, d->by_bits, bits, d->words * sizeof *bits, known);
    if (known != NULL) {
        free(bits);
        return known->number;
    }
    known = rw_alloc(1, sizeof *known);
    known->bits = bits;
    known->number = (uint32_t)d->count;
    HASH_ADD_KEYPTR(hh, d->by_bits, known->bits, d->words * sizeof *bits, known);
    d->list = rw_grow(d->list, &d->list_capacity, d->count + 1, sizeof(struct subset *));
    d->list[d->count++] = known;
    return known->number;
}

/* All letters of one subset in a single pass over its members' edges. */
static void expand(struct determiniser *d, uint32_t number, uint64_t **targets)
{
    const struct rw_nfa *nfa = d->nfa;
    const uint64_t *bits = d->list[number]->bits;
    for (size_t a = 0; a < nfa->symbols; a++)
        targets[a] = rw_alloc(d->words, sizeof **targets);
    for (uint32_t s = 0; s < nfa->states; s++) {
        if (!(bits[s / 64] >> (s % 64) & 1))
            continue;
        for (size_t e = nfa->start[s]; e < nfa->start[s + 1] && nfa->edges[e].symbol != RW_EPSILON; e++)
            targets[nfa->edges[e].symbol][nfa->edges[e].to / 64] |= UINT64_C(1) << (nfa->edges[e].to % 64);
    }
    d->next = rw_grow(d->next, &d->next_capacity, (number + 1) * nfa->symbols, sizeof *d->next);
    for (size_t a = 0; a < nfa->symbols; a++) {
        close_over_epsilon(d, targets[a]);
        d->next[number * nfa->symbols + a] = intern(d, targets[a]);
    }
}

static char *subset_name(const struct determiniser *d, const struct subset *subset)
{
    char *text = NULL;
    size_t size = 0, members = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(sizeof *out);
    fputc('{', out);
    for (uint32_t s = 0; s < d->nfa->states; s++) {
        if (!(subset->bits[s / 64] >> (s % 64) & 1))
            continue;
        if (members < NAMED_MEMBERS)
            fprintf(out, "%s%s", members > 0 ? ", " : "", d->nfa->names[s]);
        members++;
    }
    if (members > NAMED_MEMBERS) /* the number keeps the names apart */
        fprintf(out, ", ... %zu in all: set %u", members, subset->number);
    fputc('}', out);
    fclose(out);
    return text;
}

static struct rw_dfa *collect(const struct determiniser *d, struct rw_matrix **members)
{
    const struct rw_nfa *nfa = d->nfa;
    struct rw_dfa *dfa = rw_dfa_new(d->count, nfa->symbols);
    struct rw_builder *builder = members == NULL ? NULL : rw_builder_new(nfa->states, d->count);
    memcpy(dfa->next, d->next, d->count * nfa->symbols * sizeof *dfa->next);
    for (size_t i = 0; i < d->count; i++) {
        free(dfa->names[i]);
        dfa->names[i] = subset_name(d, d->list[i]);
        for (uint32_t s = 0; s < nfa->states; s++) {
            if (!(d->list[i]->bits[s / 64] >> (s % 64) & 1))
                continue;
            dfa->accepting[i] |= nfa->accepting[s];
            if (builder != NULL)
                rw_builder_add_int(builder, s, i, 1);
        }
    }
    if (members != NULL)
        *members = rw_builder_finish(builder);
    return dfa;
}

struct rw_dfa *rw_nfa_determinise(const struct rw_nfa *nfa, uint64_t max_states, struct rw_matrix **members,
                                  struct rw_progress *progress, struct rw_diag *diag)
{
    struct determiniser d = {.nfa = nfa, .words = nfa->states / 64 + 1};
    uint64_t **targets = rw_alloc(nfa->symbols, sizeof(uint64_t *));
    uint64_t *start = rw_alloc(d.words, sizeof *start);
    struct rw_dfa *dfa = NULL;
    bool good = true;
    d.stack = rw_alloc(nfa->states, sizeof *d.stack);
    for (uint32_t s = 0; s < nfa->states; s++)
        if (nfa->initial[s])
            start[s / 64] |= UINT64_C(1) << (s % 64);
    close_over_epsilon(&d, start);
    intern(&d, start);
    for (uint32_t i = 0; i < d.count && good; i++) {
        expand(&d, i, targets);
        if (d.count > max_states) {
            rw_diag_limit(diag, rw_span_none(), "states", "the subset automaton has more than %" PRIu64 " states",
                          max_states);
            good = false;
        } else if (i % REPORT_EVERY == 0) {
            good = rw_progress_report(progress, "determinising", i, 0);
            if (!good)
                rw_diag_error(diag, rw_span_none(), "interrupted while determinising");
        }
    }
    if (good)
        dfa = collect(&d, members);
    struct subset *subset, *next;
    HASH_ITER(hh, d.by_bits, subset, next)
    {
        HASH_DEL(d.by_bits, subset);
        free(subset->bits);
        free(subset);
    }
    free(d.list);
    free(d.next);
    free(d.stack);
    free(targets);
    return dfa;
}
