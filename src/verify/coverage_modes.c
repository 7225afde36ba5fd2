/* coverage_modes.c - words that take a machine of stacks through all it can do, and on to a verdict.
 *
 * A deed is a mode, the class of each number, and a symbol. The search takes configurations of each mode and classes in turn: breadth first it would be
 * lost among the inputs of a Turing machine, or in what is dead, before the first one is worked through. What a wrong weight does to a stack shows only when the stack is read again: so each word goes
 * on, by a shortest way, to a place where the machine has something to say. */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "base/random.h"
#include "verify/coverage.h"
#include "verify/key.h"
#include "verify/modes.h"
#include "verify/numbering.h"

#define NOWHERE UINT32_MAX
/* Letters after one that may be deadly. */
#define AFTER_RISK 8

struct place {
    void *run;
    uint32_t parent, symbol;         /* the way here */
    uint32_t mode, distance, onward; /* to the nearest verdict, and the symbol that leads there */
    uint32_t later;                  /* the next one in its line */
};

/* Places of one mode and classes that wait, in the order in which they were found. */
struct line {
    UT_hash_handle hh;
    uint32_t first, last;
    uint32_t key[]; /* mode, classes */
};

struct deed {
    UT_hash_handle hh;
    uint32_t place, symbol;
    uint32_t key[]; /* mode, symbol, classes */
};

struct search {
    const struct rw_modes *modes;
    const struct rw_machine *machine;
    struct rw_numbering numbers;
    struct place *places;
    uint32_t *next; /* next[place * symbols + symbol]; NOWHERE: it was not looked at */
    size_t count, capacity, next_capacity;
    struct deed *deeds;
    struct line *lines;
    struct rw_vector configuration;
    struct rw_effect effects[RW_MOST_NUMBERS];
};

/* The class of a number: which digit it begins with, or its sign. */
static uint32_t class_of(const struct rw_modes *modes, const fmpq *value)
{
    if (modes->letters == 0)
        return rw_q_sign(value) == 0 ? 0 : rw_q_sign(value) > 0 ? 1 : 2;
    fmpq_t digits;
    fmpz_t digit;
    fmpq_init(digits);
    fmpz_init(digit);
    fmpq_mul_ui(digits, value, 2 * modes->letters);
    fmpz_fdiv_q(digit, fmpq_numref(digits), fmpq_denref(digits));
    uint32_t class = (uint32_t)(fmpz_get_ui(digit) + 1) / 2;
    fmpq_clear(digits);
    fmpz_clear(digit);
    return class;
}

static void look(struct search *s, const void *run)
{
    rw_vector_zero(&s->configuration);
    s->machine->kind->configuration(s->machine->model, run, &s->configuration);
    rw_vector_tidy(&s->configuration);
}

static void classes_of(struct search *s, const void *run, uint32_t *classes)
{
    look(s, run);
    size_t first = s->configuration.size - s->modes->numbers;
    for (size_t i = 0; i < s->modes->numbers; i++)
        classes[i] = class_of(s->modes, s->configuration.value + first + i);
}

static struct line *line_of(struct search *s, const struct place *place)
{
    size_t size = (1 + s->modes->numbers) * sizeof(uint32_t);
    struct line *line = rw_alloc(1, sizeof *line + size), *known;
    line->first = line->last = NOWHERE;
    line->key[0] = place->mode;
    classes_of(s, place->run, line->key + 1);
    HASH_FIND(hh, s->lines, line->key, size, known);
    if (known == NULL)
        HASH_ADD_KEYPTR(hh, s->lines, line->key, size, line);
    else
        free(line);
    return known == NULL ? line : known;
}

static void enqueue(struct search *s, uint32_t place)
{
    struct line *line = line_of(s, s->places + place);
    if (line->first == NOWHERE)
        line->first = place;
    else
        s->places[line->last].later = place;
    line->last = place;
}

/* The number of the place where `run` (taken) stands. */
static uint32_t number_of(struct search *s, void *run, uint32_t mode, uint32_t parent, uint32_t symbol)
{
    size_t size;
    uint32_t number = NOWHERE;
    look(s, run);
    char *key = rw_vector_key(&s->configuration, &size);
    if (rw_numbering_find(&s->numbers, key, size, &number)) {
        s->machine->kind->run_free(s->machine->model, run);
        free(key);
        return number;
    }
    number = (uint32_t)s->count++;
    rw_numbering_add(&s->numbers, key, size, number);
    s->places = rw_grow(s->places, &s->capacity, s->count, sizeof *s->places);
    s->places[number] = (struct place){
        .run = run, .parent = parent, .symbol = symbol, .mode = mode, .distance = NOWHERE, .later = NOWHERE};
    s->next = rw_grow(s->next, &s->next_capacity, s->count * s->modes->symbols, sizeof *s->next);
    for (size_t a = 0; a < s->modes->symbols; a++)
        s->next[number * s->modes->symbols + a] = NOWHERE;
    enqueue(s, number);
    return number;
}

static void note_deed(struct search *s, uint32_t place, uint32_t symbol, const uint32_t *classes)
{
    size_t size = (2 + s->modes->numbers) * sizeof(uint32_t);
    struct deed *deed = rw_alloc(1, sizeof *deed + size), *known;
    deed->key[0] = s->places[place].mode;
    deed->key[1] = symbol;
    memcpy(deed->key + 2, classes, s->modes->numbers * sizeof *classes);
    HASH_FIND(hh, s->deeds, deed->key, size, known);
    if (known != NULL) {
        free(deed);
        return;
    }
    deed->place = place;
    deed->symbol = symbol;
    HASH_ADD_KEYPTR(hh, s->deeds, deed->key, size, deed);
}

static void expand(struct search *s, size_t at)
{
    uint32_t classes[RW_MOST_NUMBERS], mode;
    size_t symbols = s->modes->symbols;
    classes_of(s, s->places[at].run, classes);
    for (uint32_t a = 0; a < symbols; a++) {
        note_deed(s, (uint32_t)at, a, classes);
        s->modes->step(s->modes, s->places[at].mode, a, classes, &mode, s->effects);
        void *run = s->machine->kind->run_new(s->machine->model);
        s->machine->kind->run_copy(s->machine->model, run, s->places[at].run);
        s->machine->kind->step(s->machine->model, run, a);
        uint32_t next = number_of(s, run, mode, (uint32_t)at, a);
        s->next[at * symbols + a] = next; /* which may have grown */
    }
}

/* One of each line, again and again. */
static void explore(struct search *s, size_t most)
{
    for (bool more = true; more && most > 0;) {
        more = false;
        for (struct line *line = s->lines; line != NULL && most > 0; line = line->hh.next) {
            uint32_t at = line->first;
            if (at == NOWHERE)
                continue;
            line->first = s->places[at].later;
            expand(s, at);
            more = true;
            most--;
        }
    }
}

/* How far it is from each place to a verdict that is not the usual one. */
static void measure(struct search *s)
{
    size_t symbols = s->modes->symbols;
    fmpq_t value;
    fmpq_init(value);
    for (size_t p = 0; p < s->count; p++) {
        s->machine->kind->value(s->machine->model, s->places[p].run, value);
        if (rw_q_sign(value) > 0)
            s->places[p].distance = 0;
    }
    fmpq_clear(value);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t p = s->count; p-- > 0;)
            for (uint32_t a = 0; a < symbols; a++) {
                uint32_t next = s->next[p * symbols + a];
                if (next == NOWHERE || s->places[next].distance >= NOWHERE - 1 ||
                    s->places[next].distance + 1 >= s->places[p].distance)
                    continue;
                s->places[p].distance = s->places[next].distance + 1;
                s->places[p].onward = a;
                changed = true;
            }
    }
}

static void push_way(const struct search *s, uint32_t place, struct rw_word *word)
{
    size_t first = word->length;
    for (; s->places[place].parent != NOWHERE; place = s->places[place].parent)
        rw_word_push(word, s->places[place].symbol);
    rw_word_reverse(word, first);
}

static void add_word(const struct search *s, const struct deed *deed, struct rw_coverage *coverage)
{
    coverage->words = rw_grow(coverage->words, &coverage->capacity, coverage->count + 1, sizeof *coverage->words);
    struct rw_word *word = coverage->words + coverage->count++;
    rw_word_init(word);
    push_way(s, deed->place, word);
    rw_word_push(word, deed->symbol);
    uint32_t at = s->next[deed->place * s->modes->symbols + deed->symbol];
    while (at != NOWHERE && s->places[at].distance != NOWHERE && s->places[at].distance > 0) {
        rw_word_push(word, s->places[at].onward);
        at = s->next[at * s->modes->symbols + s->places[at].onward];
    }
}

static void open_search(struct search *s)
{
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        fmpq_init(s->effects[i].factor);
        fmpq_init(s->effects[i].add);
    }
    rw_vector_init(&s->configuration, s->machine->kind->quantities(s->machine->model));
}

static void forget(struct search *s)
{
    struct deed *deed = s->deeds; /* lists stay linked when their tables are gone */
    struct line *line = s->lines;
    rw_numbering_clear(&s->numbers);
    HASH_CLEAR(hh, s->deeds);
    HASH_CLEAR(hh, s->lines);
    for (struct line *next; line != NULL; line = next) {
        next = line->hh.next;
        free(line);
    }
    for (struct deed *next; deed != NULL; deed = next) {
        next = deed->hh.next;
        free(deed);
    }
    for (size_t p = 0; p < s->count; p++)
        s->machine->kind->run_free(s->machine->model, s->places[p].run);
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        fmpq_clear(s->effects[i].factor);
        fmpq_clear(s->effects[i].add);
    }
    free(s->places);
    free(s->next);
    rw_vector_clear(&s->configuration);
}

struct rw_coverage rw_coverage_of_modes(const struct rw_machine *machine, size_t most)
{
    struct rw_coverage coverage = {0};
    struct rw_modes modes;
    if (!rw_modes_make(&modes, machine, RW_REMEMBERS_STATE))
        return coverage;
    struct search s = {.modes = &modes, .machine = machine};
    open_search(&s);
    number_of(&s, machine->kind->run_new(machine->model), modes.initial, NOWHERE, 0);
    explore(&s, most);
    measure(&s);
    for (const struct deed *deed = s.deeds; deed != NULL; deed = deed->hh.next)
        add_word(&s, deed, &coverage);
    coverage.configurations = s.count;
    forget(&s);
    rw_modes_clear(&modes);
    return coverage;
}

/* The letter to go on with: mostly the favourite or a random one, but one that does not end in the dead mode as long as there is one. */
static uint32_t lively_symbol(struct search *s, struct rw_random *random, uint32_t mode, const uint32_t *classes,
                              uint32_t *favourite, uint32_t *to)
{
    uint32_t symbols = (uint32_t)s->modes->symbols, dead = (uint32_t)s->modes->modes - 1;
    if (rw_random_below(random, 4) == 0)
        *favourite = (uint32_t)rw_random_below(random, symbols);
    uint32_t symbol = rw_random_below(random, 2) ? *favourite : (uint32_t)rw_random_below(random, symbols);
    for (uint32_t tries = 0; tries < symbols; tries++, symbol = (symbol + 1) % symbols) {
        s->modes->step(s->modes, mode, symbol, classes, to, s->effects);
        if (*to != dead)
            break;
    }
    return symbol;
}

/* A word that may die: at one place any letter comes, and then a few more. */
static void risk(struct search *s, struct rw_random *random, struct rw_word *word)
{
    size_t at = (size_t)rw_random_below(random, word->length), end = at + AFTER_RISK;
    word->symbols[at] = (uint32_t)rw_random_below(random, s->modes->symbols);
    word->length = end < word->length ? end : word->length;
}

static void wander(struct search *s, struct rw_random *random, size_t length, struct rw_word *word)
{
    const struct rw_machine *machine = s->machine;
    uint32_t classes[RW_MOST_NUMBERS], mode = s->modes->initial, to = mode;
    uint32_t favourite = (uint32_t)rw_random_below(random, s->modes->symbols);
    void *run = machine->kind->run_new(machine->model);
    for (size_t i = 0; i < length; i++, mode = to) {
        classes_of(s, run, classes);
        uint32_t symbol = lively_symbol(s, random, mode, classes, &favourite, &to);
        machine->kind->step(machine->model, run, symbol);
        rw_word_push(word, symbol);
    }
    machine->kind->run_free(machine->model, run);
}

struct rw_coverage rw_coverage_wander(const struct rw_machine *machine, uint64_t seed, size_t count, size_t length)
{
    struct rw_coverage coverage = {0};
    struct rw_modes modes;
    if (!rw_modes_make(&modes, machine, RW_REMEMBERS_STATE))
        return coverage;
    struct rw_random random = rw_random_seed(seed);
    struct search s = {.modes = &modes, .machine = machine};
    open_search(&s);
    coverage.words = rw_alloc(count, sizeof *coverage.words);
    for (; modes.symbols > 0 && coverage.count < count; coverage.count++) {
        rw_word_init(coverage.words + coverage.count);
        wander(&s, &random, length, coverage.words + coverage.count);
        if (coverage.count % 2 == 1 && length > 0)
            risk(&s, &random, coverage.words + coverage.count);
    }
    forget(&s);
    rw_modes_clear(&modes);
    return coverage;
}

struct rw_coverage rw_coverage_of(const struct rw_machine *machine)
{
    if (machine->kind == &rw_counter_kind)
        return rw_coverage_find(machine->model, RW_COVERED_CONFIGURATIONS);
    return rw_coverage_of_modes(machine, RW_COVERED_STACKS);
}
