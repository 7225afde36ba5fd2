/* context_merge.c - the coarsest partition of contexts that is right about maps (Moore 1956).
 *
 * Contexts are in one class at first, and after round k iff no word of k letters tells them apart: in the round before they were in one
 * class, and each letter has the same map and leads to one class. When a round makes no new class no further one does. */
#include "verify/context_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A router forgets a letter after two blocks: longer words are not waited for. */
#define MOST_ROUNDS 256

#define NO_CONTEXT UINT32_MAX

struct partition {
    const struct rw_context_step *steps;
    size_t count, symbols;
    uint32_t *class, *next_class;
    uint32_t *table; /* the first context of each new class, by what tells them apart */
    size_t table_size;
};

static uint64_t mix(uint64_t hash, uint32_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct partition *p, size_t c)
{
    uint64_t hash = mix(0, p->class[c]);
    for (size_t s = 0; s < p->symbols; s++) {
        struct rw_context_step step = p->steps[c * p->symbols + s];
        hash = mix(mix(hash, step.map), p->class[step.next]);
    }
    return hash;
}

static bool is_alike(const struct partition *p, size_t a, size_t b)
{
    bool alike = p->class[a] == p->class[b];
    for (size_t s = 0; s < p->symbols && alike; s++) {
        struct rw_context_step to_a = p->steps[a * p->symbols + s], to_b = p->steps[b * p->symbols + s];
        alike = to_a.map == to_b.map && p->class[to_a.next] == p->class[to_b.next];
    }
    return alike;
}

/* One round; how many classes there are then, numbered by their first contexts. */
static size_t refine(struct partition *p)
{
    size_t classes = 0;
    memset(p->table, 0xff, p->table_size * sizeof *p->table); /* NO_CONTEXT everywhere */
    for (size_t c = 0; c < p->count; c++) {
        size_t at = hash_of(p, c) & (p->table_size - 1);
        while (p->table[at] != NO_CONTEXT && !is_alike(p, p->table[at], c))
            at = (at + 1) & (p->table_size - 1);
        if (p->table[at] == NO_CONTEXT) {
            p->table[at] = (uint32_t)c;
            p->next_class[c] = (uint32_t)classes++;
        } else {
            p->next_class[c] = p->next_class[p->table[at]];
        }
    }
    uint32_t *kept = p->class;
    p->class = p->next_class;
    p->next_class = kept;
    return classes;
}

/* Until nothing changes. 0: it does for too long. */
static size_t find_classes(struct partition *p)
{
    size_t classes = 1;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        size_t refined = refine(p);
        if (refined == classes)
            return classes;
        classes = refined;
    }
    return 0;
}

size_t rw_context_steps_merge(struct rw_context_step *steps, size_t count, size_t symbols)
{
    struct partition p = {steps, count, symbols, rw_alloc(count, sizeof *p.class), rw_alloc(count, sizeof *p.class),
                          NULL,  4};
    while (p.table_size < 2 * count)
        p.table_size *= 2;
    p.table = rw_alloc(p.table_size, sizeof *p.table);
    size_t classes = find_classes(&p);
    uint32_t *first = rw_alloc(classes, sizeof *first);
    for (size_t c = count; c-- > 0 && classes > 0;)
        first[p.class[c]] = (uint32_t)c;
    for (size_t i = 0; i < count * symbols && classes > 0; i++)
        steps[i].next = first[p.class[steps[i].next]];
    free(first);
    free(p.class);
    free(p.next_class);
    free(p.table);
    return classes;
}
