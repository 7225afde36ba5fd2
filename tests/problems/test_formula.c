/* Formulas: an independent reader and evaluator, Barrington's words and Ben-Or and Cleve's matrices multiplied anew, on all small formulas. */
#include <inttypes.h>

#include "base/random.h"
#include "tests/problems/instances.h"

#define HEAD       "rnnwit: 1\nkind: problem\n"
#define BOOLEAN    HEAD "problem: boolean-formula\n"
#define ARITHMETIC HEAD "problem: arithmetic-formula\n"

/* --- products by code of this test --- */

/* The permutation of five points that the names of the word's symbols make, one after the other; whether it is not the identity. */
static bool moves_a_point(const struct answered *a)
{
    char at[] = "12345";
    for (size_t i = 0; i < a->word.length; i++) {
        const char *images = rw_alphabet_name(a->machine->alphabet, a->word.symbols[i]);
        for (size_t point = 0; point < 5; point++)
            at[point] = images[at[point] - '1'];
    }
    return strcmp(at, "12345") != 0;
}

/* Entry (0, 1) of the product of the 3 x 3 matrices that the names of the word's symbols are. */
static int64_t entry_of_product(const struct answered *a)
{
    int64_t product[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    cr_assert_eq(a->word.length % 9, 0);
    for (size_t at = 0; at < a->word.length; at += 9) {
        int64_t next[3][3] = {0};
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                for (size_t k = 0; k < 3; k++)
                    next[i][j] +=
                        product[i][k] * atoi(rw_alphabet_name(a->machine->alphabet, a->word.symbols[at + 3 * k + j]));
        memcpy(product, next, sizeof product);
    }
    cr_assert_eq(product[0][0], 1);
    cr_assert_eq(product[1][1], 1);
    cr_assert_eq(product[1][0], 0);
    cr_assert_eq(product[0][2], 0);
    return product[0][1];
}

static int64_t value_of(const char *kind, const char *formula, const char *assignment)
{
    char *text = rw_format("%sformula: \"%s\"\n%s", kind, formula, assignment);
    struct answered a = answer_text(text);
    int64_t value = fmpz_get_si(fmpq_numref(a.solved));
    if (strcmp(kind, BOOLEAN) == 0)
        cr_assert_eq(moves_a_point(&a), value == 1, "%s", text);
    else
        cr_assert_eq(entry_of_product(&a), value, "%s", text);
    forget_answer(&a);
    free(text);
    return value;
}

/* --- precedence --- */

Test(formula, boolean_operators_bind_in_their_order)
{
    /* Each formula, and the one that it means. */
    static const char *const pairs[][2] = {
        {"a & b | c", "(a & b) | c"},
        {"a | b & c", "a | (b & c)"},
        {"!a & b", "(!a) & b"},
        {"~a | b", "(!a) | b"},
        {"a -> b -> c", "a -> (b -> c)"},
        {"a ^ b & c", "a ^ (b & c)"},
        {"a ^ b | c", "(a ^ b) | c"},
        {"a | b -> c", "(a | b) -> c"},
        {"a -> b | c", "a -> (b | c)"},
        {"!a -> b", "(!a) -> b"},
        {"!!a", "a"},
        {"a -> b & c -> a", "a -> ((b & c) -> a)"},
        {"a & !b ^ c", "(a & (!b)) ^ c"},
        {"a&b|c&a", "(a & b) | (c & a)"},
        {"!(a | b) ^ c", "((!(a | b))) ^ c"},
        {"a ^ b ^ c", "a ^ (b ^ c)"},
        {"true & a | false", "a"},
        {"1 ^ a ^ 0", "!a"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (unsigned x = 0; x < 8; x++) {
            int64_t values[2];
            for (size_t k = 0; k < 2; k++) {
                /* & !a & a | ... : all variables must occur */
                char *formula = rw_format("(%s) ^ (a & b & c & 0)", pairs[i][k]);
                char *assignment =
                    rw_format("assignment: {a: %u, b: %s, c: %u}\n", x & 1, (x & 2) != 0 ? "true" : "false", x >> 2);
                values[k] = value_of(BOOLEAN, formula, assignment);
                free(formula);
                free(assignment);
            }
            cr_assert_eq(values[0], values[1], "%s for %u", pairs[i][0], x);
        }
}

static bool implies(bool x, bool y)
{
    return y || !x;
}

Test(formula, boolean_values)
{
    for (unsigned x = 0; x < 8; x++) {
        bool a = x & 1, b = x & 2, c = x & 4;
        char *assignment = rw_format("assignment: {a: %d, b: %d, c: %d}\n", a, b, c);
        cr_assert_eq(value_of(BOOLEAN, "a & b | c", assignment), (a && b) || c);
        cr_assert_eq(value_of(BOOLEAN, "a ^ b & c", assignment), a != (b && c));
        cr_assert_eq(value_of(BOOLEAN, "a -> b -> c", assignment), implies(a, implies(b, c)));
        cr_assert_eq(value_of(BOOLEAN, "(a -> b) -> c", assignment), implies(implies(a, b), c));
        cr_assert_eq(value_of(BOOLEAN, "!a & b ^ !(c | a)", assignment), (!a && b) != !(c || a));
        free(assignment);
    }
}

Test(formula, arithmetic_values)
{
    for (int x = -1; x <= 1; x++)
        for (int y = -1; y <= 1; y++)
            for (int z = -1; z <= 1; z++) {
                char *assignment = rw_format("assignment: {x: %d, y: %d, z: %d}\n", x, y, z);
                cr_assert_eq(value_of(ARITHMETIC, "x - y - z", assignment), x - y - z);
                cr_assert_eq(value_of(ARITHMETIC, "x - (y - z)", assignment), x - (y - z));
                cr_assert_eq(value_of(ARITHMETIC, "-x * y + z", assignment), -x * y + z);
                cr_assert_eq(value_of(ARITHMETIC, "x * -y - -z", assignment), x * -y + z);
                cr_assert_eq(value_of(ARITHMETIC, "x + y * z", assignment), x + y * z);
                cr_assert_eq(value_of(ARITHMETIC, "(x + y) * z", assignment), (x + y) * z);
                cr_assert_eq(value_of(ARITHMETIC, "-(x - 1) * (y + 1 + 1) * (z - 1)", assignment),
                             -(x - 1) * (y + 2) * (z - 1));
                free(assignment);
            }
}

/* --- formulas as trees of this test, with their text and value --- */

struct tree {
    char *text; /* fully in parentheses */
    int64_t value;
};

struct trees {
    struct tree *list;
    size_t count, capacity;
};

static void add_tree(struct trees *trees, char *text, int64_t value)
{
    trees->list = rw_grow(trees->list, &trees->capacity, trees->count + 1, sizeof *trees->list);
    trees->list[trees->count++] = (struct tree){text, value};
}

static void forget_trees(struct trees *trees)
{
    for (size_t i = 0; i < trees->count; i++)
        free(trees->list[i].text);
    free(trees->list);
}

static int64_t apply(char sign, int64_t a, int64_t b)
{
    switch (sign) {
    case '&':
        return a && b;
    case '|':
        return a || b;
    case '^':
        return a != b;
    case '>':
        return !a || b;
    case '+':
        return a + b;
    case '-':
        return a - b;
    default:
        return a * b;
    }
}

static char *joined(const char *a, char sign, const char *b)
{
    return rw_format("(%s %s %s)", a, sign == '>' ? "->" : (const char[]){sign, '\0'}, b);
}

/* All trees of one more level: an operator over the old ones, at least one of which is of the last level (from `fresh` on). */
static size_t next_level(struct trees *trees, size_t fresh, const char *signs, const char *negation)
{
    size_t old = trees->count;
    for (size_t i = 0; i < old; i++) {
        if (i >= fresh)
            add_tree(trees, rw_format("%s%s", negation, trees->list[i].text),
                     *negation == '!' ? !trees->list[i].value : -trees->list[i].value);
        for (size_t k = 0; k < old; k++)
            for (const char *sign = signs; *sign != '\0' && (i >= fresh || k >= fresh); sign++)
                add_tree(trees, joined(trees->list[i].text, *sign, trees->list[k].text),
                         apply(*sign, trees->list[i].value, trees->list[k].value));
    }
    return old;
}

static void check_trees(const struct trees *trees, size_t from, const char *kind)
{
    for (size_t i = from; i < trees->count; i++)
        cr_assert_eq(value_of(kind, trees->list[i].text, ""), trees->list[i].value, "%s", trees->list[i].text);
}

/* Depth 0 is a leaf, an operator is one more, a negation too. */
static size_t all_to_depth_two(const char *kind, const char *const *leaves, const char *signs, const char *negation)
{
    struct trees trees = {0};
    for (size_t i = 0; leaves[i] != NULL; i++)
        add_tree(&trees, rw_strdup(leaves[i]), atoi(leaves[i]));
    size_t fresh = next_level(&trees, 0, signs, negation);
    next_level(&trees, fresh, signs, negation);
    check_trees(&trees, 0, kind);
    size_t count = trees.count;
    forget_trees(&trees);
    return count;
}

static const char *const bits[] = {"0", "1", NULL};
static const char *const signed_bits[] = {"0", "1", "-1", NULL};

Test(formula, all_boolean_formulas_to_depth_two)
{
    /* 2 leaves; 2 + 2 + 2 * 4 = 12 to depth 1; 2 + 12 + 2 * 144 = 302 to depth 2; with ^ and -> 2, 20 and 1622 */
    cr_assert_eq(all_to_depth_two(BOOLEAN, bits, "&|", "!"), 302);
    cr_assert_eq(all_to_depth_two(BOOLEAN, bits, "&|^>", "!"), 1622);
}

Test(formula, all_arithmetic_formulas_to_depth_two)
{
    /* 3; 3 + 3 + 3 * 9 = 33; 3 + 33 + 3 * 33^2 = 3303 */
    cr_assert_eq(all_to_depth_two(ARITHMETIC, signed_bits, "+*-", "-"), 3303);
}

/* Depth three: all formulas over two signs are 2 + 302 + 2 * 302^2 = 182712, so `step` takes one out of so many, in turn over all pairs. */
static size_t some_of_depth_three(const char *kind, const char *const *leaves, const char *signs, const char *negation,
                                  size_t step)
{
    struct trees trees = {0};
    for (size_t i = 0; leaves[i] != NULL; i++)
        add_tree(&trees, rw_strdup(leaves[i]), atoi(leaves[i]));
    size_t fresh = next_level(&trees, 0, signs, negation), checked = 0, at = 0;
    next_level(&trees, fresh, signs, negation);
    for (size_t i = 0; i < trees.count; i++)
        for (size_t k = 0; k < trees.count; k++)
            for (const char *sign = signs; *sign != '\0'; sign++) {
                if (at++ % step != 0)
                    continue;
                char *text = joined(trees.list[i].text, *sign, trees.list[k].text);
                cr_assert_eq(value_of(kind, text, ""), apply(*sign, trees.list[i].value, trees.list[k].value), "%s",
                             text);
                free(text);
                checked++;
            }
    forget_trees(&trees);
    return checked;
}

Test(formula, boolean_formulas_of_depth_three)
{
    cr_assert_eq(some_of_depth_three(BOOLEAN, bits, "&|", "!", 37), 4930);
}

Test(formula, arithmetic_formulas_of_depth_three)
{
    cr_assert_gt(some_of_depth_three(ARITHMETIC, signed_bits, "+*-", "-", 4999), 5000);
}

/* --- random formulas --- */

static struct tree random_tree(struct rw_random *random, const char *signs, const char *negation, size_t depth)
{
    bool boolean = *negation == '!';
    if (depth == 0 || rw_random_below(random, 8) == 0) {
        int64_t value = (int64_t)rw_random_below(random, boolean ? 2 : 3);
        value = value == 2 ? -1 : value;
        char name = "zpn"[value == -1 ? 2 : value];
        return (struct tree){rw_random_below(random, 2) == 0 ? rw_format("%c", name) : rw_format("%d", (int)value),
                             value};
    }
    struct tree a = random_tree(random, signs, negation, depth - 1), made;
    if (rw_random_below(random, 5) == 0) {
        made = (struct tree){rw_format("%s%s", negation, a.text), boolean ? !a.value : -a.value};
    } else {
        struct tree b = random_tree(random, signs, negation, depth - 1);
        char sign = signs[rw_random_below(random, strlen(signs))];
        made = (struct tree){joined(a.text, sign, b.text), apply(sign, a.value, b.value)};
        free(b.text);
    }
    free(a.text);
    return made;
}

static void check_random(const char *kind, const char *signs, const char *negation, size_t most_depth, size_t count)
{
    struct rw_random random = rw_random_seed(5);
    bool boolean = *negation == '!';
    for (size_t i = 0; i < count; i++) {
        struct tree tree = random_tree(&random, signs, negation, 1 + i % most_depth);
        /* every variable must occur */
        char *formula = boolean ? rw_format("%s ^ z & p", tree.text) : rw_format("%s + z * p * n", tree.text);
        cr_assert_eq(
            value_of(kind, formula, boolean ? "assignment: {z: 0, p: 1}\n" : "assignment: {z: 0, p: 1, n: -1}\n"),
            tree.value, "%s", formula);
        free(tree.text);
        free(formula);
    }
}

Test(formula, random_boolean_formulas)
{
    check_random(BOOLEAN, "&|", "!", 6, 300);
    check_random(BOOLEAN, "&|^>", "!", 4, 200);
}

Test(formula, random_arithmetic_formulas)
{
    check_random(ARITHMETIC, "+-*", "-", 6, 300);
}

/* --- errors --- */

static const struct wrong_text wrong[] = {
    {BOOLEAN "formula: a & b\nassignment: {a: 1}\n", 4, 14, "'b' has no value"},
    {BOOLEAN "formula: a & b\n", 4, 10, "give it one under 'assignment'"},
    {BOOLEAN "formula: alpha & alhpa\nassignment: {alpha: 1}\n", 4, 18, "alpha"},
    {BOOLEAN "formula: a &\nassignment: {a: 1}\n", 4, 13, "the formula ends"},
    {BOOLEAN "formula: \"a & & a\"\nassignment: {a: 1}\n", 4, 15, "found '&'"},
    {BOOLEAN "formula: (a & a\nassignment: {a: 1}\n", 4, 10, "is not closed"},
    {BOOLEAN "formula: a & a)\nassignment: {a: 1}\n", 4, 15, "closes nothing"},
    {BOOLEAN "formula: a a\nassignment: {a: 1}\n", 4, 12, "expected an operator, found 'a'"},
    {BOOLEAN "formula: a + a\nassignment: {a: 1}\n", 4, 12, "expected an operator, found '+'"},
    {BOOLEAN "formula: a - a\nassignment: {a: 1}\n", 4, 12, "found '-'"},
    {BOOLEAN "formula: 1 & 2\n", 4, 14, "'2' is not 0 or 1"},
    {BOOLEAN "formula: \"\"\n", 4, 11, "the formula ends"},
    {BOOLEAN "formula: ()\n", 4, 11, "found ')'"},
    {BOOLEAN "formula: [a]\n", 4, 10, "found a list"},
    {BOOLEAN "formula: a\nassignment: {a: 2}\n", 5, 17, "0, 1"},
    {BOOLEAN "formula: a\nassignment: {a: 1, b: 0}\n", 5, 20, "'b' is not in the formula"},
    {BOOLEAN "formula: a\nassignment: {a: 1, a-b: 0}\n", 5, 20, "a variable is a letter"},
    {BOOLEAN "formula: a\nassignment: {a: 1, 1a: 0}\n", 5, 20, "a variable is a letter"},
    {BOOLEAN "formula: \"true\"\nassignment: {true: 0}\n", 5, 14, "'true' is a constant"},
    {BOOLEAN "formula: a\nassignment: [a]\n", 5, 13, "a mapping of variables"},
    {BOOLEAN "assignment: {a: 1}\n", 1, 1, "'formula' is missing"},
    {BOOLEAN "formula: a\nassigment: {a: 1}\n", 5, 1, "assignment"},
    {BOOLEAN "formula: |\n  a &\n  (b\nassignment: {a: 1, b: 0}\n", 6, 3, "is not closed"},
    {ARITHMETIC "formula: x * 2\nassignment: {x: 1}\n", 4, 14, "'2' is not -1, 0 or 1"},
    {ARITHMETIC "formula: x & 1\nassignment: {x: 1}\n", 4, 12, "expected an operator, found '&'"},
    {ARITHMETIC "formula: x +\nassignment: {x: 1}\n", 4, 13, "the formula ends"},
    {ARITHMETIC "formula: x + +x\nassignment: {x: 1}\n", 4, 14, "found '+'"},
    {ARITHMETIC "formula: x\nassignment: {x: 2}\n", 5, 17, "values are -1, 0 and 1"},
    {ARITHMETIC "formula: x\nassignment: {x: true}\n", 5, 17, "'true'"},
    {ARITHMETIC "formula: true\n", 4, 10, "'true' has no value"},
};

Test(formula, problems_are_told_at_their_places)
{
    expect_told(wrong, sizeof wrong / sizeof *wrong);
}

/* --- depth and length --- */

static char *repeated(const char *kind, const char *before, const char *middle, const char *after, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "%sformula: \"", kind);
    for (size_t i = 0; i < count; i++)
        fputs(before, out);
    fputs(middle, out);
    for (size_t i = 0; i < count; i++)
        fputs(after, out);
    fputs("\"\n", out);
    fclose(out);
    return text;
}

Test(formula, nesting_is_limited)
{
    static const struct {
        const char *before, *after;
        size_t column; /* of what is too deep, without the quote */
    } shapes[] = {{"(", ")", 64},  {"!", "", 64},     {"", " -> 1", 0},
                  {"!(", ")", 64}, {"(1 & ", ")", 0}, {"(0 -> ", ")", 0}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct rw_limits limits = rw_limits_standard();
        for (size_t count = 20; count <= 100000; count *= 70) {
            char *text = repeated(BOOLEAN, shapes[i].before, "1", shapes[i].after, count);
            struct rw_source *source = rw_source_text("deep.yaml", text, strlen(text));
            struct rw_diag *diag = rw_diag_new(5);
            struct rw_instance *problem = rw_problem_read(source, &limits, diag);
            cr_assert_eq(problem != NULL, count == 20, "%s", shapes[i].before);
            cr_assert_eq(rw_diag_exit_code(diag), count == 20 ? 0 : 3, "%s", shapes[i].before);
            if (problem == NULL) {
                struct rw_problem_view view = rw_diag_view(diag, 0);
                cr_assert_eq(rw_diag_count(diag), 1);
                cr_assert_str_eq(view.limit, "depth");
                cr_assert_str_eq(view.message, "the formula is nested more than 64 deep");
                if (shapes[i].column > 0 && shapes[i].before[1] == '\0')
                    cr_assert_eq(view.span.column, 11 + shapes[i].column);
            }
            rw_problem_free(problem);
            rw_diag_free(diag);
            rw_source_free(source);
            free(text);
        }
    }
}

/* The answer, and how the reduction ends. */
static int64_t long_chain(const char *kind, const char *after, size_t count, int *code)
{
    char *text = repeated(kind, "", "1", after, count);
    struct rw_instance *problem = read_instance(text);
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_machine *machine;
    struct rw_word word;
    fmpq_t answer;
    fmpq_init(answer);
    problem->kind->solve(problem->instance, answer);
    int64_t value = fmpz_get_si(fmpq_numref(answer));
    fmpq_clear(answer);
    rw_problem_reduce(problem, &limits, diag, &machine, &word);
    *code = rw_diag_exit_code(diag);
    if (*code == 0)
        cr_assert_eq(word.length, 9 * (count + 1));
    rw_machine_free(machine);
    rw_word_clear(&word);
    rw_diag_free(diag);
    rw_problem_free(problem);
    free(text);
    return value;
}

Test(formula, a_hundred_thousand_operators_in_a_row)
{
    int code;
    cr_assert_eq(long_chain(BOOLEAN, " & 1", 100000, &code), 1);
    cr_assert_eq(code, 3);
    cr_assert_eq(long_chain(BOOLEAN, " ^ 1", 100000, &code), 1);
    cr_assert_eq(code, 3);
    cr_assert_eq(long_chain(ARITHMETIC, " * -1", 100000, &code), 1);
    cr_assert_eq(code, 3);
    /* A sum is as long as the formula. */
    cr_assert_eq(long_chain(ARITHMETIC, " + 1", 100000, &code), 100001);
    cr_assert_eq(code, 0);
    cr_assert_eq(long_chain(ARITHMETIC, " - 1", 9000, &code), -8999);
    cr_assert_eq(code, 0);
}
