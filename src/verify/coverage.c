/* coverage.c - breadth-first search through a counter machine's configurations. */
#include "verify/coverage.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/memory.h"
#include "verify/configuration.h"

/* A configuration; `key` is the state, then the counters, as bytes. */
struct place {
    struct place *parent;
    uint32_t symbol; /* that led here */
    UT_hash_handle hh;
    int64_t key[];
};

struct deed {
    struct {
        uint64_t pattern;
        uint32_t state, symbol;
    } key;
    UT_hash_handle hh;
};

struct search {
    const struct rw_counter *machine;
    struct rw_coverage *coverage;
    struct place *places; /* in the order of discovery: the queue */
    struct deed *deeds;
    size_t key_size;
};

static struct place *add_place(struct search *search, struct place *parent, uint32_t symbol, const int64_t *key)
{
    struct place *place;
    HASH_FIND(hh, search->places, key, search->key_size, place);
    if (place != NULL)
        return place;
    place = rw_alloc(1, sizeof *place + search->key_size);
    place->parent = parent;
    place->symbol = symbol;
    memcpy(place->key, key, search->key_size);
    HASH_ADD(hh, search->places, key, search->key_size, place);
    search->coverage->configurations++;
    return place;
}

/* The word to a place and one symbol more. */
static void add_word(struct rw_coverage *coverage, const struct place *place, uint32_t symbol)
{
    coverage->words = rw_grow(coverage->words, &coverage->capacity, coverage->count + 1, sizeof *coverage->words);
    struct rw_word *word = coverage->words + coverage->count++;
    rw_word_init(word);
    rw_word_push(word, symbol);
    for (; place->parent != NULL; place = place->parent)
        rw_word_push(word, place->symbol);
    rw_word_reverse(word, 0);
}

static bool is_new_deed(struct search *search, uint32_t state, uint64_t pattern, uint32_t symbol)
{
    struct deed *deed = rw_alloc(1, sizeof *deed), *known;
    deed->key.state = state;
    deed->key.pattern = pattern;
    deed->key.symbol = symbol;
    HASH_FIND(hh, search->deeds, &deed->key, sizeof deed->key, known);
    if (known == NULL)
        HASH_ADD(hh, search->deeds, key, sizeof deed->key, deed);
    else
        free(deed);
    return known == NULL;
}

static void step(struct search *search, struct place *place, uint32_t symbol, int64_t *key)
{
    const struct rw_counter *m = search->machine;
    memcpy(key, place->key, search->key_size);
    uint32_t state = (uint32_t)key[0];
    uint64_t pattern = rw_pattern_of(key + 1, m->counters);
    const struct rw_counter_rule *rule = rw_rule_find(m, state, pattern, symbol);
    if (is_new_deed(search, state, pattern, symbol))
        add_word(search->coverage, place, symbol);
    key[0] = rule == NULL ? RW_DEAD : rule->to;
    if (rule != NULL && rw_rule_apply(m, rule, key + 1))
        add_place(search, place, symbol, key);
}

static void forget(struct search *search)
{
    struct place *place = search->places; /* both lists stay linked when their tables are gone */
    struct deed *deed = search->deeds;
    HASH_CLEAR(hh, search->places);
    HASH_CLEAR(hh, search->deeds);
    for (struct place *next; place != NULL; place = next) {
        next = place->hh.next;
        free(place);
    }
    for (struct deed *next; deed != NULL; deed = next) {
        next = deed->hh.next;
        free(deed);
    }
}

struct rw_coverage rw_coverage_find(const struct rw_counter *machine, size_t most)
{
    struct rw_coverage coverage = {0};
    struct search search = {
        .machine = machine, .coverage = &coverage, .key_size = (machine->counters + 1) * sizeof(int64_t)};
    int64_t *key = rw_alloc(machine->counters + 1, sizeof *key);
    key[0] = machine->initial;
    for (struct place *place = add_place(&search, NULL, RW_NO_SYMBOL, key);
         place != NULL && coverage.configurations < most; place = place->hh.next)
        for (uint32_t a = 0; a < machine->symbols; a++)
            step(&search, place, a, key);
    free(key);
    forget(&search);
    return coverage;
}

void rw_coverage_clear(struct rw_coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++)
        rw_word_clear(coverage->words + i);
    free(coverage->words);
}
