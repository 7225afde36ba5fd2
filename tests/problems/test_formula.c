/* Formulas: parsing, and Barrington's and Ben-Or and Cleve's words against evaluation. */
#include "problem.h"

#define BOOLEAN    "rnnwit: 1\nkind: problem\nproblem: boolean-formula\nformula: "
#define ARITHMETIC "rnnwit: 1\nkind: problem\nproblem: arithmetic-formula\nformula: "

static slong value(const char *head, const char *formula)
{
    char *text = rw_format("%s%s\n", head, formula);
    slong answer = agreed(text);
    free(text);
    return answer;
}

Test(formula, operators_bind_as_documented)
{
    cr_expect_eq(value(BOOLEAN, "1 | 0 & 0"), 1);
    cr_expect_eq(value(BOOLEAN, "(1 | 0) & 0"), 0);
    cr_expect_eq(value(BOOLEAN, "\"!0 & 0\""), 0);
    cr_expect_eq(value(BOOLEAN, "\"!(0 & 0)\""), 1);
    cr_expect_eq(value(BOOLEAN, "0 -> 1 -> 0"), 1);
    cr_expect_eq(value(BOOLEAN, "(0 -> 1) -> 0"), 0);
    cr_expect_eq(value(BOOLEAN, "1 ^ 1 & 0"), 1);
    cr_expect_eq(value(BOOLEAN, "1 ^ 1 ^ 1"), 1);
    cr_expect_eq(value(BOOLEAN, "true & (~ false)"), 1);
    cr_expect_eq(value(ARITHMETIC, "1 - 1 - 1"), -1);
    cr_expect_eq(value(ARITHMETIC, "1 - (1 - 1)"), 1);
    cr_expect_eq(value(ARITHMETIC, "(1 + 1) * (1 + 1 + 1)"), 6);
    cr_expect_eq(value(ARITHMETIC, "1 + 1 * 0"), 1);
    cr_expect_eq(value(ARITHMETIC, "(-1) * -1 + 0"), 1);
}

Test(formula, each_problem_is_said_where_it_is)
{
    cr_expect(instance_fails(BOOLEAN "x & y\nassignment: {x: 1}\n", 4, 14, "has no value"));
    cr_expect(instance_fails(BOOLEAN "x\nassignment: {x: 1, z: 0}\n", 5, 20, "not in the formula"));
    cr_expect(instance_fails(BOOLEAN "wide & widr\nassignment: {wide: 1}\n", 4, 17, "wide"));
    cr_expect(instance_fails(BOOLEAN "(1 & 0\n", 4, 10, "not closed"));
    cr_expect(instance_fails(BOOLEAN "1 & 0)\n", 4, 15, "closes nothing"));
    cr_expect(instance_fails(BOOLEAN "1 0\n", 4, 12, "operator"));
    cr_expect(instance_fails(BOOLEAN "1 & 2\n", 4, 14, "0 or 1"));
    cr_expect(instance_fails(BOOLEAN "1 +\n", 4, 12, "operator"));
    cr_expect(instance_fails(BOOLEAN "1 &\n", 4, 13, "operand"));
    cr_expect(instance_fails(ARITHMETIC "x\nassignment: {x: 2}\n", 5, 17, "-1, 0 and 1"));
}

/* Formulas of a depth over constants, as text. */
static char *combine(const char *a, const char *sign, const char *b)
{
    return rw_format("(%s) %s (%s)", a, sign, b);
}

/* All of depth 1 over two constants and two operators; of depth 2 over those; and of depth 3 over pairs of one of depth 2 and one of depth at
 * most 1, which covers every pair of subformulas up to their values. */
static size_t all_to_depth_3(const char *head, const char *const *constants, size_t constant_count,
                             const char *const *signs, size_t sign_count)
{
    char *level[3000];
    size_t count = 0, asked = 0, first_of_2;
    for (size_t i = 0; i < constant_count; i++)
        level[count++] = rw_strdup(constants[i]);
    for (size_t i = 0; i < constant_count; i++)
        for (size_t j = 0; j < constant_count; j++)
            for (size_t s = 0; s < sign_count; s++)
                level[count++] = combine(constants[i], signs[s], constants[j]);
    size_t shallow = count;
    first_of_2 = count;
    for (size_t i = constant_count; i < shallow; i++)
        for (size_t j = 0; j < shallow; j++)
            for (size_t s = 0; s < sign_count; s++)
                level[count++] = combine(level[i], signs[s], level[j]);
    for (size_t i = 0; i < count; i++, asked++)
        value(head, level[i]);
    for (size_t i = first_of_2; i < count; i++)
        for (size_t j = 0; j < shallow; j++) {
            char *text = combine(level[i], signs[asked % sign_count], level[j]);
            value(head, text);
            free(text);
            asked++;
        }
    for (size_t i = 0; i < count; i++)
        free(level[i]);
    return asked;
}

Test(formula, all_boolean_ones_to_depth_3)
{
    cr_assert_gt(all_to_depth_3(BOOLEAN, (const char *const[]){"0", "1"}, 2, (const char *const[]){"&", "|"}, 2), 1500);
}

Test(formula, all_arithmetic_ones_to_depth_3)
{
    cr_assert_gt(
        all_to_depth_3(ARITHMETIC, (const char *const[]){"0", "1", "-1"}, 3, (const char *const[]){"+", "*"}, 2),
        14000);
}

static char *draw(struct rw_random *random, int depth, bool arithmetic)
{
    static const char *const boolean_signs[] = {"&", "|", "->"}, *const arithmetic_signs[] = {"+", "*", "-"};
    if (depth == 0)
        return rw_format("%d", (int)rw_random_below(random, 2));
    char *a = draw(random, depth - 1, arithmetic), *b = draw(random, depth - 1, arithmetic);
    size_t sign = rw_random_below(random, 3);
    char *both = rw_format("%s(%s) %s (%s)",
                           rw_random_below(random, 4) > 0 ? ""
                           : arithmetic                   ? "- "
                                                          : "~ ",
                           a, arithmetic ? arithmetic_signs[sign] : boolean_signs[sign], b);
    free(a);
    free(b);
    return both;
}

Test(formula, random_ones_to_depth_6)
{
    struct rw_random random = rw_random_seed(1);
    for (int trial = 0; trial < 60; trial++) {
        bool arithmetic = trial % 2;
        char *formula = draw(&random, 1 + trial % 6, arithmetic);
        char *quoted = rw_format("\"%s\"", formula);
        value(arithmetic ? ARITHMETIC : BOOLEAN, quoted);
        free(formula);
        free(quoted);
    }
}

/* What does not fit is named; nothing overflows the stack. */
Test(formula, deep_and_long_ones_reach_limits)
{
    struct rw_limits limits = rw_limits_standard();
    char *text = rw_alloc(500000, 1), *at = text + sprintf(text, BOOLEAN "\"1");
    for (int i = 0; i < 100000; i++)
        at += sprintf(at, "&1");
    sprintf(at, "\"\n");
    struct rw_instance *problem = read_instance(text);
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_machine *machine;
    struct rw_word word;
    cr_assert_not(rw_problem_reduce(problem, &limits, diag, &machine, &word));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_problem_free(problem);
    rw_diag_free(diag);
    at = text + sprintf(text, BOOLEAN "\"");
    for (int i = 0; i < 100000; i++)
        *at++ = '(';
    sprintf(at, "\"\n");
    cr_assert(instance_fails(text, 4, 75, "nested"));
    free(text);
}
