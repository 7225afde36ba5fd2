/* Data sets: every label anew by code of this test, and no class more likely for what must not tell. */
#include <inttypes.h>

#include "reductions/problems/circuit_machine.h"
#include "reductions/problems/dataset.h"
#include "tests/problems/instances.h"

static struct rw_dataset drawn(const char *name, struct rw_dataset_options options, uint64_t seed, size_t count,
                               size_t least, size_t most)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_dataset dataset;
    const struct rw_generator *generator = rw_generator_find(name);
    cr_assert_not_null(generator, "%s", name);
    bool good = rw_dataset_draw(&dataset, generator, &options, &random, count, least, most, NULL, diag);
    rw_diag_print(diag, stderr);
    cr_assert(good);
    cr_assert(rw_diag_empty(diag));
    rw_diag_free(diag);
    return dataset;
}

/* A word as the names of its symbols, each followed by a blank. Caller frees. */
static char *tokens_of(const struct rw_dataset *dataset, const struct rw_example *example)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < example->word.length; i++)
        fprintf(out, "%s ", rw_alphabet_name(dataset->machine->alphabet, example->word.symbols[i]));
    fclose(out);
    return text;
}

/* --- labels anew, from the names of the tokens --- */

static size_t ones(const char **at, const char *end)
{
    size_t count = 0;
    for (; **at == '1'; *at += 2)
        count++;
    cr_assert_eq(**at, *end, "%s", *at);
    *at += 2;
    return count;
}

/* Reads 1^t ? 1^s ; 1^i > 1^j ; ... $ and looks for a path; the text must be an instance. */
static int64_t search_graph(const char *tokens, size_t dimension)
{
    enum { MOST = 64 };
    size_t successor[MOST] = {0}, last = 0, at;
    (void)dimension;
    const char *text = tokens;
    size_t target = ones(&text, "?"), source = strspn(text, "1 ") / 2;
    text += 2 * source;
    at = source;
    while (*text == ';') {
        text += 2;
        size_t from = ones(&text, ">"), to = strspn(text, "1 ") / 2;
        text += 2 * to;
        cr_assert(from > last && to > from && to < MOST, "%s", tokens);
        last = from;
        successor[from] = to;
    }
    cr_assert_str_eq(text, "$ ");
    cr_assert(source > 0 && source < target && target < MOST, "%s", tokens);
    while (at != 0 && at != target)
        at = successor[at];
    return at == target;
}

static int64_t permute(const char *tokens, size_t dimension)
{
    char points[] = "abcde"; /* who stands where */
    (void)dimension;
    for (const char *t = tokens; *t != '\0'; t += 2) {
        char before[] = "abcde";
        memcpy(before, points, 5);
        if (*t == 's') {
            points[0] = before[1];
            points[1] = before[0];
        } else {
            cr_assert_eq(*t, 'r');
            for (size_t i = 0; i < 5; i++)
                points[(i + 1) % 5] = before[i];
        }
    }
    return strcmp(points, "abcde") == 0;
}

static int64_t evaluate_postfix(const char *tokens, size_t dimension)
{
    int stack[1000];
    size_t count = 0;
    (void)dimension;
    for (const char *t = tokens; *t != '\0'; t += 2) {
        if (*t == '0' || *t == '1') {
            stack[count++] = *t == '1';
            continue;
        }
        size_t operands = *t == '!' ? 1 : 2;
        cr_assert_geq(count, operands, "%s", tokens);
        count -= operands;
        int a = stack[count], b = stack[count + operands - 1];
        stack[count++] = *t == '!' ? !a : *t == '&' ? a && b : a || b;
    }
    cr_assert_eq(count, 1, "%s", tokens);
    return stack[0];
}

/* Values in a row, and a place in it: d goes down, u goes up. */
static int64_t interpret_circuit(const char *tokens, size_t dimension)
{
    int values[1000], first = -1, second = -1;
    size_t count = 0, below = 0;
    (void)dimension;
    for (const char *t = tokens; *t != '\0'; t += 2) {
        if (*t == 'd') {
            below++;
        } else if (*t == 'u') {
            cr_assert_gt(below, 0);
            below--;
        } else if (*t == 'x' || *t == 'y') {
            cr_assert_lt(below, count, "%s", tokens);
            *(*t == 'x' ? &first : &second) = values[count - 1 - below];
        } else if (*t == '0' || *t == '1') {
            values[count++] = *t == '1';
        } else {
            cr_assert(below == 0 && first >= 0 && (*t == '!' || second >= 0), "%s", tokens);
            values[count++] = *t == '!' ? !first : *t == '&' ? first && second : first || second;
        }
    }
    cr_assert_gt(count, 0);
    return values[count - 1];
}

static int64_t multiply(const char *tokens, size_t d)
{
    int64_t product[36] = {0}, matrix[36], next[36];
    for (size_t i = 0; i < d; i++)
        product[i * d + i] = 1;
    char *at = (char *)tokens;
    while (*at != '\0') {
        for (size_t e = 0; e < d * d; e++) {
            matrix[e] = strtol(at, &at, 10);
            cr_assert_eq(*at, ' ');
            at++;
        }
        for (size_t e = 0; e < d * d; e++) {
            next[e] = 0;
            for (size_t k = 0; k < d; k++)
                next[e] += matrix[k * d + e % d] * product[e / d * d + k];
        }
        memcpy(product, next, sizeof product);
    }
    return product[0];
}

static const struct wish {
    const char *name;
    int64_t (*label)(const char *tokens, size_t dimension);
    struct rw_dataset_options options;
    size_t least, most, count, classes;
} wishes[] = {
    {"sorted-connectivity", search_graph, {0, 0}, 1, 100, 400, 2},
    {"sorted-connectivity", search_graph, {0, 0}, 101, 200, 200, 2},
    {"word-problem", permute, {0, 0}, 1, 60, 400, 2},
    {"word-problem", permute, {0, 0}, 61, 120, 100, 2},
    {"boolean-formula", evaluate_postfix, {0, 0}, 1, 100, 400, 2},
    {"boolean-formula", evaluate_postfix, {0, 0}, 200, 220, 100, 2},
    {"circuit", interpret_circuit, {0, 0}, 1, 100, 400, 2},
    {"circuit", interpret_circuit, {0, 0}, 201, 300, 100, 2},
    {"matrix-product", multiply, {0, 3}, 1, 100, 400, 2},
    {"matrix-product", multiply, {0, 2}, 1, 60, 200, 2},
    {"matrix-product", multiply, {3, 3}, 1, 100, 300, 3},
    {"matrix-product", multiply, {5, 2}, 20, 80, 100, 5},
    {"matrix-product", multiply, {2, 5}, 25, 125, 100, 2},
    {"matrix-product", multiply, {3, 1}, 1, 20, 30, 3},
};
#define WISHES (sizeof wishes / sizeof *wishes)

static struct rw_dataset granted(const struct wish *wish, uint64_t seed)
{
    return drawn(wish->name, wish->options, seed, wish->count, wish->least, wish->most);
}

Test(dataset, labels_are_right)
{
    for (size_t w = 0; w < WISHES; w++) {
        struct rw_dataset dataset = granted(wishes + w, w + 1);
        cr_assert_eq(dataset.count, wishes[w].count);
        for (size_t i = 0; i < dataset.count; i++) {
            const struct rw_example *example = dataset.examples + i;
            char *tokens = tokens_of(&dataset, example);
            int64_t label = wishes[w].label(tokens, wishes[w].options.dimension);
            int64_t modulus = (int64_t)wishes[w].options.modulus;
            if (modulus > 0)
                label = (label % modulus + modulus) % modulus;
            cr_assert_eq(example->label, label, "%s %s", wishes[w].name, tokens);
            cr_assert_geq(example->word.length, wishes[w].least);
            cr_assert_leq(example->word.length, wishes[w].most);
            free(tokens);
        }
        rw_dataset_clear(&dataset);
    }
}

/* --- balance --- */

enum trivial { LENGTH, FIRST, LAST, TRIVIAL };

static uint64_t trivial_value(const struct rw_example *example, size_t feature)
{
    const struct rw_word *word = &example->word;
    const uint64_t values[] = {
        [LENGTH] = word->length, [FIRST] = word->symbols[0], [LAST] = word->symbols[word->length - 1]};
    return feature < TRIVIAL ? values[feature] : example->features[feature - TRIVIAL];
}

static size_t class_of(const struct wish *wish, int64_t label)
{
    return wish->options.modulus > 0 ? (size_t)label : label > 0;
}

/* For every value of the feature each class comes as often as the others. */
static void expect_balanced(const struct rw_dataset *dataset, const struct wish *wish, size_t feature)
{
    for (size_t i = 0; i < dataset->count; i++) {
        size_t counts[8] = {0};
        uint64_t value = trivial_value(dataset->examples + i, feature);
        for (size_t k = 0; k < dataset->count; k++)
            if (trivial_value(dataset->examples + k, feature) == value)
                counts[class_of(wish, dataset->examples[k].label)]++;
        for (size_t c = 1; c < wish->classes; c++)
            cr_assert_eq(counts[c], counts[0], "%s: feature %zu is %" PRIu64, wish->name, feature, value);
    }
}

Test(dataset, classes_are_balanced_in_all_that_must_not_tell)
{
    for (size_t w = 0; w < WISHES; w++) {
        struct rw_dataset dataset = granted(wishes + w, 100 + w);
        for (size_t feature = 0; feature < TRIVIAL + dataset.generator->keyed; feature++)
            expect_balanced(&dataset, wishes + w, feature);
        rw_dataset_clear(&dataset);
    }
}

/* One half is learned from and the other asked: a balanced feature may mislead, but tells nothing by more than chance. */
Test(dataset, shortcuts_are_measured)
{
    for (size_t w = 0; w < WISHES; w++) {
        struct rw_dataset dataset = granted(wishes + w, 200 + w);
        struct rw_shortcuts found = rw_dataset_shortcuts(&dataset, &wishes[w].options);
        cr_assert_float_eq(found.chance, 1.0 / (double)wishes[w].classes, 1e-9);
        cr_assert_geq(found.count, 4);
        for (size_t f = 0; f < found.count; f++)
            cr_assert(found.shortcuts[f].accuracy >= 0 && found.shortcuts[f].accuracy <= 1);
        for (size_t f = 0; f < 3; f++) /* length, first token, last token: exactly */
            cr_assert_float_eq(found.shortcuts[f].accuracy, found.chance, 1e-9, "%s: %s", wishes[w].name,
                               found.shortcuts[f].feature);
        cr_assert_str_eq(found.shortcuts[LENGTH].feature, "length");
        cr_assert_str_eq(found.shortcuts[FIRST].feature, "first token");
        cr_assert_str_eq(found.shortcuts[LAST].feature, "last token");
        rw_dataset_clear(&dataset);
    }
}

/* --- seeds --- */

static bool same(const struct rw_dataset *a, const struct rw_dataset *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++) {
        const struct rw_example *x = a->examples + i, *y = b->examples + i;
        same = x->label == y->label && x->word.length == y->word.length &&
               memcmp(x->word.symbols, y->word.symbols, x->word.length * sizeof *x->word.symbols) == 0;
    }
    return same;
}

Test(dataset, seeds_reproduce)
{
    for (size_t w = 0; w < WISHES; w++) {
        struct rw_dataset a = granted(wishes + w, 7), b = granted(wishes + w, 7), c = granted(wishes + w, 8);
        cr_assert(same(&a, &b), "%s", wishes[w].name);
        cr_assert_not(same(&a, &c), "%s", wishes[w].name);
        struct rw_random one = rw_random_seed(1), two = rw_random_seed(1);
        rw_dataset_shuffle(&a, &one);
        cr_assert_not(same(&a, &b));
        rw_dataset_shuffle(&b, &two);
        cr_assert(same(&a, &b));
        rw_dataset_clear(&a);
        rw_dataset_clear(&b);
        rw_dataset_clear(&c);
    }
}

Test(dataset, counts_are_multiples_of_the_classes)
{
    struct rw_dataset three = drawn("boolean-formula", (struct rw_dataset_options){0}, 1, 3, 1, 30);
    cr_assert_eq(three.count, 4);
    rw_dataset_clear(&three);
    struct rw_dataset one = drawn("matrix-product", (struct rw_dataset_options){5, 2}, 1, 1, 8, 40);
    cr_assert_eq(one.count, 5);
    rw_dataset_clear(&one);
}

/* --- what cannot be --- */

Test(dataset, impossible_wishes_end)
{
    static const struct wish impossible[] = {
        {"circuit", NULL, {0, 0}, 1, 2, 1000000, 2},
        {"circuit", NULL, {0, 0}, 90000, 90010, 1000, 2},
        {"sorted-connectivity", NULL, {0, 0}, 1, 3, 1000, 2},
        {"sorted-connectivity", NULL, {0, 0}, 90000, 90010, 1000, 2},
        {"word-problem", NULL, {0, 0}, 1, 1, 1000, 2},
        {"matrix-product", NULL, {0, 3}, 1, 8, 1000, 2},
        {"matrix-product", NULL, {0, 3}, 10, 17, 1000000, 2},
        {"boolean-formula", NULL, {0, 0}, 1, 1, 1000, 2},
    };
    for (size_t w = 0; w < sizeof impossible / sizeof *impossible; w++) {
        const struct wish *wish = impossible + w;
        struct rw_random random = rw_random_seed(1);
        struct rw_diag *diag = rw_diag_new(5);
        struct rw_dataset dataset;
        cr_assert_not(rw_dataset_draw(&dataset, rw_generator_find(wish->name), &wish->options, &random, wish->count,
                                      wish->least, wish->most, NULL, diag),
                      "%s", wish->name);
        cr_assert_eq(rw_diag_exit_code(diag), 2);
        cr_assert_eq(rw_diag_count(diag), 1);
        cr_assert_not_null(strstr(rw_diag_view(diag, 0).message, wish->name));
        cr_assert_not_null(strstr(rw_diag_view(diag, 0).hint, "--lengths"));
        rw_dataset_clear(&dataset);
        rw_diag_free(diag);
    }
}

struct stopping {
    struct rw_progress progress;
    size_t calls;
};

static bool stop_soon(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    (void)what;
    (void)done;
    (void)total;
    return ((struct stopping *)progress)->calls++ < 3;
}

Test(dataset, an_interrupt_is_no_error)
{
    struct stopping stopping = {.progress = {stop_soon}};
    struct rw_dataset_options options = {0};
    struct rw_random random = rw_random_seed(1);
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_dataset dataset;
    cr_assert_not(rw_dataset_draw(&dataset, rw_generator_find("circuit"), &options, &random, 1000000, 1, 100,
                                  &stopping.progress, diag));
    cr_assert(rw_diag_empty(diag));
    cr_assert_eq(stopping.calls, 4);
    rw_dataset_clear(&dataset);
    rw_diag_free(diag);
}

Test(dataset, every_generator_is_found_by_its_name)
{
    for (size_t i = 0; rw_generators[i] != NULL; i++) {
        cr_assert_eq(rw_generator_find(rw_generators[i]->name), rw_generators[i]);
        size_t features = 0;
        while (rw_generators[i]->features[features] != NULL)
            features++;
        cr_assert_leq(features, RW_MOST_FEATURES);
        cr_assert_leq(rw_generators[i]->keyed, features);
    }
    cr_assert_null(rw_generator_find("circuits"));
}
