/* dataset.c - drawing examples, matching them by their keys, and measuring shortcuts. */
#include "reductions/problems/dataset.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "reductions/problems/datasets.h"

const struct rw_generator *const rw_generators[] = {
    &rw_generator_connectivity,
    &rw_generator_matrix_product,
    &rw_generator_word_problem,
    &rw_generator_formula,
    &rw_generator_circuit,
    &rw_generator_released,
    NULL,
};

const struct rw_generator *rw_generator_find(const char *name)
{
    for (size_t i = 0; rw_generators[i] != NULL; i++)
        if (strcmp(rw_generators[i]->name, name) == 0)
            return rw_generators[i];
    return NULL;
}

/* Draws for each example that is wanted, before it is given up. */
#define DRAWS_FOR_EACH 20000
/* Draws for each class without a new group, before all is given up: the wish cannot be fulfilled. */
#define DRAWS_IN_VAIN 200000

/* Everything that must not say anything about the label. */
struct key {
    uint64_t length, first, last, features[RW_MOST_FEATURES];
};

static struct key key_of(const struct rw_generator *generator, const struct rw_example *example)
{
    struct key key = {.length = example->word.length};
    if (example->word.length > 0) {
        key.first = example->word.symbols[0];
        key.last = example->word.symbols[example->word.length - 1];
    }
    for (size_t i = 0; i < generator->keyed; i++)
        key.features[i] = example->features[i];
    return key;
}

/* Examples of one key that wait for the other classes: one of each class at most. */
struct waiting {
    struct key key;
    size_t classes;
    UT_hash_handle hh;
    struct rw_example examples[];
};

/* A word that was taken: no word comes twice. The symbols belong to its example. */
struct taken {
    UT_hash_handle hh;
};

struct matching {
    struct rw_dataset *dataset;
    size_t classes;
    struct waiting *table;
    struct taken *taken;
};

static bool is_taken(const struct matching *m, const struct rw_word *word)
{
    struct taken *taken;
    HASH_FIND(hh, m->taken, word->symbols, word->length * sizeof *word->symbols, taken);
    return taken != NULL;
}

static void take(struct matching *m, const struct rw_word *word)
{
    struct taken *taken = rw_alloc(1, sizeof *taken);
    HASH_ADD_KEYPTR(hh, m->taken, word->symbols, word->length * sizeof *word->symbols, taken);
}

static void add_example(struct rw_dataset *dataset, struct rw_example *example)
{
    dataset->examples = rw_grow(dataset->examples, &dataset->capacity, dataset->count + 1, sizeof *dataset->examples);
    dataset->examples[dataset->count++] = *example;
    rw_word_init(&example->word);
}

/* Takes the example, or drops it where one of its key and class waits already. A complete group goes to the data set. */
static void offer(struct matching *m, struct rw_example *example, size_t class)
{
    struct key key = key_of(m->dataset->generator, example);
    struct waiting *waiting;
    HASH_FIND(hh, m->table, &key, sizeof key, waiting);
    if (waiting == NULL) {
        waiting = rw_alloc(1, sizeof *waiting + m->classes * sizeof *waiting->examples);
        waiting->key = key;
        HASH_ADD(hh, m->table, key, sizeof key, waiting);
    }
    if (waiting->examples[class].word.length > 0 || is_taken(m, &example->word))
        return; /* the caller clears it */
    take(m, &example->word);
    waiting->examples[class] = *example;
    rw_word_init(&example->word);
    if (++waiting->classes < m->classes)
        return;
    for (size_t c = 0; c < m->classes; c++)
        add_example(m->dataset, waiting->examples + c);
    waiting->classes = 0;
}

static void clear_matching(struct matching *m)
{
    struct taken *taken = m->taken;
    HASH_CLEAR(hh, m->taken);
    while (taken != NULL) {
        struct taken *next = taken->hh.next;
        free(taken);
        taken = next;
    }
    struct waiting *waiting = m->table;
    HASH_CLEAR(hh, m->table);
    while (waiting != NULL) {
        struct waiting *next = waiting->hh.next;
        for (size_t c = 0; c < m->classes; c++)
            rw_word_clear(&waiting->examples[c].word);
        free(waiting);
        waiting = next;
    }
}

/* The label again, by the automaton on the word. */
static bool machine_agrees(const struct rw_dataset *dataset, const struct rw_dataset_options *options,
                           const struct rw_example *example)
{
    fmpq_t value, label;
    fmpq_init(value);
    fmpq_init(label);
    rw_machine_value(dataset->machine, example->word.symbols, example->word.length, value);
    fmpq_set_si(label, (slong)example->label, 1);
    bool agrees;
    if (dataset->machine->kind->verdict != RW_VALUE) {
        agrees = (rw_q_sign(value) > 0) == (example->label > 0);
    } else if (options->modulus > 0) {
        fmpz_mod_ui(fmpq_numref(value), fmpq_numref(value), options->modulus);
        agrees = fmpq_equal(value, label);
    } else {
        agrees = fmpq_equal(value, label);
    }
    fmpq_clear(value);
    fmpq_clear(label);
    return agrees;
}

/* One more draw; false: something is wrong, and diag says what. */
static bool draw_one(struct matching *m, const struct rw_dataset_options *options, struct rw_random *random,
                     size_t wanted, struct rw_diag *diag)
{
    struct rw_dataset *dataset = m->dataset;
    const struct rw_generator *generator = dataset->generator;
    struct rw_example example = {0};
    rw_word_init(&example.word);
    bool good = true;
    if (generator->draw(random, dataset->machine, options, wanted, dataset->least, dataset->most, &example) &&
        example.word.length >= dataset->least && example.word.length <= dataset->most && example.word.length > 0) {
        good = machine_agrees(dataset, options, &example);
        if (good)
            offer(m, &example, generator->class_of(options, example.label));
        else
            rw_diag_error(diag, rw_span_none(), "%s: label %" PRId64 " of a word is not what the automaton says",
                          generator->name, example.label);
    }
    rw_word_clear(&example.word);
    return good;
}

bool rw_dataset_draw(struct rw_dataset *dataset, const struct rw_generator *generator,
                     const struct rw_dataset_options *options, struct rw_random *random, size_t count, size_t least,
                     size_t most, struct rw_progress *progress, struct rw_diag *diag)
{
    *dataset = (struct rw_dataset){
        .generator = generator, .machine = generator->machine(options), .least = least, .most = most};
    struct matching m = {.dataset = dataset, .classes = generator->classes(options)};
    size_t wanted_count = (count + m.classes - 1) / m.classes * m.classes;
    uint64_t draws = 0, most_draws = (uint64_t)DRAWS_FOR_EACH * (wanted_count + 1), in_vain = 0;
    bool good = true, hopeless = false;
    for (; good && dataset->count < wanted_count && !hopeless; draws++) {
        size_t before = dataset->count;
        good = draw_one(&m, options, random, draws % m.classes, diag);
        in_vain = dataset->count > before ? 0 : in_vain + 1;
        hopeless = draws + 1 == most_draws || in_vain == (uint64_t)DRAWS_IN_VAIN * m.classes;
        if (draws % 256 == 0 && !rw_progress_report(progress, "examples", dataset->count, wanted_count))
            break;
    }
    clear_matching(&m);
    if (good && dataset->count < wanted_count && hopeless) {
        rw_diag_error(diag, rw_span_none(),
                      "%s: after %" PRIu64 " draws there are %zu of %zu examples of lengths %zu to %zu",
                      generator->name, draws, dataset->count, wanted_count, least, most);
        rw_diag_hint(diag, "ask for fewer (--count), or for longer words (--lengths)");
        good = false;
    }
    return good && dataset->count >= wanted_count;
}

void rw_dataset_clear(struct rw_dataset *dataset)
{
    for (size_t i = 0; i < dataset->count; i++)
        rw_word_clear(&dataset->examples[i].word);
    free(dataset->examples);
    rw_machine_free(dataset->machine);
    *dataset = (struct rw_dataset){0};
}

void rw_dataset_shuffle(struct rw_dataset *dataset, struct rw_random *random)
{
    for (size_t i = dataset->count; i > 1; i--) {
        size_t other = rw_random_below(random, i);
        struct rw_example kept = dataset->examples[i - 1];
        dataset->examples[i - 1] = dataset->examples[other];
        dataset->examples[other] = kept;
    }
}

/* --- shortcuts --- */

/* So many standard deviations above chance are no accident. */
#define DEVIATIONS 4

/* How often each class came with a value of the feature. */
struct tally {
    uint64_t value;
    UT_hash_handle hh;
    size_t counts[];
};

static struct tally *tally_of(struct tally **table, uint64_t value, size_t classes)
{
    struct tally *tally;
    HASH_FIND(hh, *table, &value, sizeof value, tally);
    if (tally == NULL && classes > 0) {
        tally = rw_alloc(1, sizeof *tally + classes * sizeof *tally->counts);
        tally->value = value;
        HASH_ADD(hh, *table, value, sizeof value, tally);
    }
    return tally;
}

static size_t likeliest(const struct tally *tally, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; tally != NULL && c < classes; c++)
        if (tally->counts[c] > tally->counts[best])
            best = c;
    return best;
}

static struct rw_shortcut measure(const struct rw_dataset *dataset, const struct rw_dataset_options *options,
                                  const char *feature, const uint64_t *values)
{
    const struct rw_generator *generator = dataset->generator;
    size_t classes = generator->classes(options), right = 0, asked = 0;
    struct tally *table = NULL;
    /* Examples of one group stand together: whole groups are learned from, or asked about. */
    for (size_t i = 0; i < dataset->count; i++)
        if (i / classes % 2 == 0)
            tally_of(&table, values[i], classes)->counts[generator->class_of(options, dataset->examples[i].label)]++;
    for (size_t i = 0; i < dataset->count; i++) {
        if (i / classes % 2 == 0)
            continue;
        asked++;
        right += likeliest(tally_of(&table, values[i], 0), classes) ==
                 generator->class_of(options, dataset->examples[i].label);
    }
    struct tally *tally = table;
    HASH_CLEAR(hh, table);
    while (tally != NULL) {
        struct tally *next = tally->hh.next;
        free(tally);
        tally = next;
    }
    double chance = 1.0 / (double)classes, accuracy = asked == 0 ? chance : (double)right / (double)asked;
    double deviation = asked == 0 ? 1 : sqrt(chance * (1 - chance) / (double)asked);
    return (struct rw_shortcut){feature, accuracy, accuracy > chance + DEVIATIONS * deviation};
}

enum basic { LENGTH, FIRST, LAST, ENDS, BASICS };

static uint64_t basic_value(const struct rw_word *word, enum basic feature)
{
    uint64_t first = word->symbols[0], last = word->symbols[word->length - 1];
    const uint64_t values[] = {[LENGTH] = word->length, [FIRST] = first, [LAST] = last, [ENDS] = first << 32 | last};
    return values[feature];
}

struct rw_shortcuts rw_dataset_shortcuts(const struct rw_dataset *dataset, const struct rw_dataset_options *options)
{
    static const char *const names[] = {"length", "first token", "last token", "first and last token"};
    struct rw_shortcuts found = {.chance = 1.0 / (double)dataset->generator->classes(options)};
    uint64_t *values = rw_alloc(dataset->count, sizeof *values);
    for (enum basic f = LENGTH; f < BASICS; f++) {
        for (size_t i = 0; i < dataset->count; i++)
            values[i] = basic_value(&dataset->examples[i].word, f);
        found.shortcuts[found.count++] = measure(dataset, options, names[f], values);
    }
    for (size_t f = 0; dataset->generator->features[f] != NULL; f++) {
        for (size_t i = 0; i < dataset->count; i++)
            values[i] = dataset->examples[i].features[f];
        found.shortcuts[found.count++] = measure(dataset, options, dataset->generator->features[f], values);
    }
    free(values);
    return found;
}
