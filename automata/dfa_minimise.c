/* dfa_minimise.c - the complete DFA with the fewest states (Hopcroft 1971).
 *
 * Blocks of a partition are slices of one array of states; splitting a block by the states that reach a splitter swaps
 * those to the slice's front. Always keeping the smaller part as a new splitter gives O(k n log n). */
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "base/memory.h"

struct partition {
    size_t states, symbols;
    const uint32_t *next;         /* complete */
    uint32_t *element, *place;    /* the states in order of blocks, and where each stands */
    uint32_t *block;              /* of each state */
    size_t *first, *end, *marked; /* of each block: its slice, and how many at its front are marked */
    size_t blocks;
    uint32_t *queue; /* block * symbols + symbol */
    uint8_t *queued;
    size_t waiting;
    uint32_t *touched; /* blocks with marked states */
    size_t touched_count;
};

/* "dead", with primes if states are called that. Caller frees. */
static char *dead_name(const struct rw_dfa *dfa)
{
    char *name = rw_strdup("dead");
    for (size_t s = 0; s < dfa->states;) {
        if (strcmp(dfa->names[s++], name) != 0)
            continue;
        char *primed = rw_format("%s'", name);
        free(name);
        name = primed;
        s = 0;
    }
    return name;
}

/* The trimmed automaton made complete by a dead state, if one is needed. Caller frees. */
static struct rw_dfa *complete(const struct rw_dfa *dfa)
{
    struct rw_dfa *trim = rw_dfa_trim(dfa);
    bool gap = false;
    for (size_t i = 0; i < trim->states * trim->symbols; i++)
        gap = gap || trim->next[i] == RW_NO_STATE;
    if (!gap)
        return trim;
    struct rw_dfa *full = rw_dfa_new(trim->states + 1, trim->symbols);
    memcpy(full->next, trim->next, trim->states * trim->symbols * sizeof *full->next);
    memcpy(full->accepting, trim->accepting, trim->states);
    for (size_t s = 0; s < trim->states; s++) {
        free(full->names[s]);
        full->names[s] = rw_strdup(trim->names[s]);
    }
    free(full->names[trim->states]);
    full->names[trim->states] = dead_name(trim);
    for (size_t i = 0; i < full->states * full->symbols; i++)
        if (full->next[i] == RW_NO_STATE)
            full->next[i] = (uint32_t)trim->states;
    rw_dfa_free(trim);
    return full;
}

/* Predecessors by symbol: those of (symbol, state) are list[start[symbol * states + state]] ... */
struct inverse {
    uint32_t *list;
    size_t *start;
};

static struct inverse invert(const struct partition *p)
{
    size_t cells = p->states * p->symbols;
    struct inverse inverse = {rw_alloc(cells, sizeof *inverse.list), rw_alloc(cells + 1, sizeof *inverse.start)};
    for (size_t s = 0; s < p->states; s++)
        for (size_t a = 0; a < p->symbols; a++)
            inverse.start[a * p->states + p->next[s * p->symbols + a] + 1]++;
    for (size_t i = 0; i < cells; i++)
        inverse.start[i + 1] += inverse.start[i];
    size_t *fill = rw_alloc(cells, sizeof *fill);
    memcpy(fill, inverse.start, cells * sizeof *fill);
    for (uint32_t s = 0; s < p->states; s++)
        for (size_t a = 0; a < p->symbols; a++)
            inverse.list[fill[a * p->states + p->next[s * p->symbols + a]]++] = s;
    free(fill);
    return inverse;
}

static void enqueue(struct partition *p, size_t block, size_t symbol)
{
    size_t entry = block * p->symbols + symbol;
    if (p->queued[entry])
        return;
    p->queued[entry] = 1;
    p->queue[p->waiting++] = (uint32_t)entry;
}

/* Moves a state into the marked front of its block. */
static void mark(struct partition *p, uint32_t state)
{
    uint32_t block = p->block[state];
    size_t to = p->first[block] + p->marked[block], at = p->place[state];
    if (at < to)
        return;
    if (p->marked[block]++ == 0)
        p->touched[p->touched_count++] = block;
    uint32_t other = p->element[to];
    p->element[to] = state;
    p->element[at] = other;
    p->place[state] = (uint32_t)to;
    p->place[other] = (uint32_t)at;
}

/* The marked front becomes a block of its own if something is left; the smaller part need be a splitter, or both where
 * the whole was one. */
static void split(struct partition *p, uint32_t block)
{
    size_t marked = p->marked[block], size = p->end[block] - p->first[block];
    p->marked[block] = 0;
    if (marked == size)
        return;
    size_t new_block = p->blocks++;
    p->first[new_block] = p->first[block];
    p->end[new_block] = p->first[block] = p->first[block] + marked;
    for (size_t i = p->first[new_block]; i < p->end[new_block]; i++)
        p->block[p->element[i]] = (uint32_t)new_block;
    for (size_t a = 0; a < p->symbols; a++) {
        bool waiting = p->queued[block * p->symbols + a];
        enqueue(p, waiting || marked <= size - marked ? new_block : block, a);
    }
}

static void refine(struct partition *p)
{
    struct inverse inverse = invert(p);
    uint32_t *splitter = rw_alloc(p->states, sizeof *splitter);
    while (p->waiting > 0) {
        uint32_t entry = p->queue[--p->waiting];
        size_t block = entry / p->symbols, symbol = entry % p->symbols, count = p->end[block] - p->first[block];
        p->queued[entry] = 0;
        memcpy(splitter, p->element + p->first[block], count * sizeof *splitter); /* marking reorders the block */
        p->touched_count = 0;
        for (size_t i = 0; i < count; i++) {
            size_t cell = symbol * p->states + splitter[i];
            for (size_t e = inverse.start[cell]; e < inverse.start[cell + 1]; e++)
                mark(p, inverse.list[e]);
        }
        for (size_t i = 0; i < p->touched_count; i++)
            split(p, p->touched[i]);
    }
    free(splitter);
    free(inverse.list);
    free(inverse.start);
}

static void partition_init(struct partition *p, const struct rw_dfa *dfa)
{
    size_t n = dfa->states;
    *p = (struct partition){.states = n, .symbols = dfa->symbols, .next = dfa->next};
    p->element = rw_alloc(n, sizeof *p->element);
    p->place = rw_alloc(n, sizeof *p->place);
    p->block = rw_alloc(n, sizeof *p->block);
    p->first = rw_alloc(n + 1, sizeof *p->first);
    p->end = rw_alloc(n + 1, sizeof *p->end);
    p->marked = rw_alloc(n + 1, sizeof *p->marked);
    p->queue = rw_alloc((n + 1) * dfa->symbols, sizeof *p->queue);
    p->queued = rw_alloc((n + 1) * dfa->symbols, 1);
    p->touched = rw_alloc(n + 1, sizeof *p->touched);
    size_t count = 0;
    for (uint8_t accepting = 0; accepting < 2; accepting++) {
        size_t first = count;
        for (uint32_t s = 0; s < n; s++)
            if (dfa->accepting[s] == accepting) {
                p->place[s] = (uint32_t)count;
                p->block[s] = (uint32_t)p->blocks;
                p->element[count++] = s;
            }
        if (count == first)
            continue;
        p->first[p->blocks] = first;
        p->end[p->blocks++] = count;
    }
    for (size_t a = 0; a < dfa->symbols; a++)
        enqueue(p, p->blocks - 1, a);
}

static void partition_free(struct partition *p)
{
    free(p->element);
    free(p->place);
    free(p->block);
    free(p->first);
    free(p->end);
    free(p->marked);
    free(p->queue);
    free(p->queued);
    free(p->touched);
}

struct rw_dfa *rw_dfa_minimise(const struct rw_dfa *dfa)
{
    struct rw_dfa *full = complete(dfa), *quotient, *minimal;
    struct partition p;
    partition_init(&p, full);
    refine(&p);
    quotient = rw_dfa_new(p.blocks, full->symbols);
    quotient->initial = p.block[full->initial];
    for (size_t b = 0; b < p.blocks; b++) {
        uint32_t member = p.element[p.first[b]];
        for (size_t i = p.first[b]; i < p.end[b]; i++)
            member = p.element[i] < member ? p.element[i] : member;
        free(quotient->names[b]);
        quotient->names[b] = rw_strdup(full->names[member]);
        quotient->accepting[b] = full->accepting[member];
        for (size_t a = 0; a < full->symbols; a++)
            quotient->next[b * full->symbols + a] = p.block[full->next[member * full->symbols + a]];
    }
    minimal = rw_dfa_trim(quotient); /* breadth-first order */
    partition_free(&p);
    rw_dfa_free(full);
    rw_dfa_free(quotient);
    return minimal;
}
