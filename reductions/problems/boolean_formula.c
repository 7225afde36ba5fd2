/* boolean_formula.c - is a Boolean formula true under an assignment? (R3). Its direct solver walks the tree. */
#include "automata/machine.h"
#include "reductions/problems/barrington.h"
#include "reductions/problems/problem.h"
#include "reductions/problems/s5.h"

static const struct rw_formula_operator operators[] = {
    {"->", RW_FORMULA_IMPLIES, 0},
    {"|", RW_FORMULA_OR, 1},
    {"^", RW_FORMULA_XOR, 2},
    {"&", RW_FORMULA_AND, 3},
    {"!", RW_FORMULA_NOT, RW_FORMULA_PREFIX},
    {"~", RW_FORMULA_NOT, RW_FORMULA_PREFIX},
    {NULL, RW_FORMULA_CONSTANT, 0},
};
static const char *const words[] = {"0", "1", "false", "true", NULL};
static const int8_t values[] = {0, 1, 0, 1};
static const struct rw_formula_language language = {operators,
                                                    4,
                                                    words,
                                                    values,
                                                    "a variable, 0, 1, '!' or '('",
                                                    "the operators are ! & ^ | and ->, from tight to loose"};

static void *read_instance(struct rw_reader *r)
{
    return rw_formula_read(r, &language);
}

static bool evaluate(const struct rw_formula *formula, const struct rw_formula_node *node)
{
    switch (node->op) {
    case RW_FORMULA_NOT:
        return !evaluate(formula, node->left);
    case RW_FORMULA_AND:
        return evaluate(formula, node->left) && evaluate(formula, node->right);
    case RW_FORMULA_OR:
        return evaluate(formula, node->left) || evaluate(formula, node->right);
    case RW_FORMULA_XOR:
        return evaluate(formula, node->left) != evaluate(formula, node->right);
    case RW_FORMULA_IMPLIES:
        return !evaluate(formula, node->left) || evaluate(formula, node->right);
    default:
        return rw_formula_leaf(formula, node) != 0;
    }
}

static void solve(const void *instance, fmpq_t answer)
{
    const struct rw_formula *formula = instance;
    rw_q_set_int(answer, evaluate(formula, formula->root));
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    const char *limit = limits->symbols < RW_S5_ORDER                     ? "symbols"
                        : limits->states < RW_S5_ORDER                    ? "states"
                        : limits->transitions < RW_S5_ORDER * RW_S5_ORDER ? "transitions"
                                                                          : NULL;
    if (limit != NULL) {
        rw_diag_limit(diag, rw_span_none(), limit, "the word problem of S5 has %d states and as many letters",
                      RW_S5_ORDER);
        return false;
    }
    if (!rw_barrington(instance, limits, diag, word))
        return false;
    *machine = rw_s5_word_problem();
    return true;
}

const struct rw_problem_kind rw_problem_boolean_formula = {
    .name = "boolean-formula",
    .title = "value of a Boolean formula",
    .complexity = "NC1",
    .completeness = "complete for NC1 under AC0 reductions (Buss 1987)",
    .reference = "Barrington 1989",
    .family = "pd",
    .reduction = "R3: Barrington's theorem: at most 4^d permutations of 5 points for depth d in !, & and | (^ costs "
                 "more), not the identity "
                 "iff true",
    .keys = rw_formula_keys,
    .read = read_instance,
    .free_instance = rw_formula_release,
    .size = rw_formula_size,
    .reduce = reduce,
    .solve = solve,
    .write = rw_formula_write,
};
