/* arithmetic_formula.c - the value of a formula with + - * over {-1, 0, 1} (R5). Its direct solver walks the tree. */
#include "reductions/problems/ben_or_cleve.h"
#include "reductions/problems/problem.h"

static const struct rw_formula_operator operators[] = {
    {"+", RW_FORMULA_ADD, 0},       {"-", RW_FORMULA_SUBTRACT, 0},
    {"*", RW_FORMULA_MULTIPLY, 1},  {"-", RW_FORMULA_NEGATE, RW_FORMULA_PREFIX},
    {NULL, RW_FORMULA_CONSTANT, 0},
};
static const char *const words[] = {"0", "1", "-1", NULL};
static const int8_t values[] = {0, 1, -1};
static const struct rw_formula_language language = {operators,
                                                    2,
                                                    words,
                                                    values,
                                                    "a variable, 0, 1, '-' or '('",
                                                    "the operators are + - *; the only numbers are 0, 1 and -1"};

static void *read_instance(struct rw_reader *r)
{
    return rw_formula_read(r, &language);
}

static void evaluate(const struct rw_formula *formula, const struct rw_formula_node *node, fmpz_t value)
{
    if (node->left == NULL) {
        fmpz_set_si(value, rw_formula_leaf(formula, node));
        return;
    }
    evaluate(formula, node->left, value);
    if (node->op == RW_FORMULA_NEGATE) {
        fmpz_neg(value, value);
        return;
    }
    fmpz_t right;
    fmpz_init(right);
    evaluate(formula, node->right, right);
    if (node->op == RW_FORMULA_ADD)
        fmpz_add(value, value, right);
    else
        fmpz_mul(value, value, right);
    fmpz_clear(right);
}

static void solve(const void *instance, fmpq_t answer)
{
    const struct rw_formula *formula = instance;
    fmpq_zero(answer);
    evaluate(formula, formula->root, fmpq_numref(answer));
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    if (!rw_ben_or_cleve(instance, limits, diag, word))
        return false;
    *machine = rw_ben_or_cleve_machine();
    return true;
}

const struct rw_problem_kind rw_problem_arithmetic_formula = {
    .name = "arithmetic-formula",
    .title = "value of an arithmetic formula",
    .complexity = "PNC1",
    .completeness = "complete for the functions of PNC1 (GapNC1); whether the value is positive is complete for PNC1",
    .reference = "Ben-Or and Cleve 1992",
    .family = "deltanet",
    .reduction = "R5: a formula of depth d as at most 4^d matrices, 3x3 over {-1, 0, 1}, whose product holds the value",
    .keys = rw_formula_keys,
    .read = read_instance,
    .free_instance = rw_formula_release,
    .size = rw_formula_size,
    .reduce = reduce,
    .solve = solve,
    .write = rw_formula_write,
};
