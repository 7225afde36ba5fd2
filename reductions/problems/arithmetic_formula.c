/* arithmetic_formula.c - the value of an arithmetic formula, by Ben-Or and Cleve's three registers (R5).
 *
 * A formula f becomes 3 x 3 matrices over {-1, 0, 1} whose product is I + f E_ij: a row vector v gets v_j += f v_i.
 *   leaf    that matrix itself
 *   g + h   both, h first; a minus sign negates what is added
 *   g * h   v_k += g v_i, v_j += h v_k, v_k -= g v_i, v_j -= h v_k, k being the third place */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "reductions/problems/formula.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"formula", "assignment", NULL};

#define REGISTERS 3

struct program {
    const struct rw_formula *formula;
    struct rw_word *word;
};

/* I + value E_ij, row by row; symbol 1 is the number 0. */
static void emit_matrix(struct program *p, size_t i, size_t j, int value)
{
    for (size_t row = 0; row < REGISTERS; row++)
        for (size_t col = 0; col < REGISTERS; col++)
            rw_word_push(p->word, (uint32_t)(1 + (row == col ? 1 : row == i && col == j ? value : 0)));
}

/* v_j += sign * (node) * v_i. The terms of a sum commute: the last one comes first, so that a long sum is a loop. What is left to recurse is bounded: by
 * the depth of the text to the right, and by the length of the word in products. */
static void emit(struct program *p, size_t node, size_t i, size_t j, int sign)
{
    const struct rw_formula_node *n = p->formula->nodes + node;
    size_t k = REGISTERS - i - j;
    for (; n->kind == RW_NEGATE || n->kind == RW_ADD || n->kind == RW_SUBTRACT; n = p->formula->nodes + n->left)
        if (n->kind == RW_NEGATE)
            sign = -sign;
        else
            emit(p, n->right, i, j, n->kind == RW_ADD ? sign : -sign);
    switch (n->kind) {
    case RW_MULTIPLY:
        emit(p, n->left, i, k, 1);
        emit(p, n->right, k, j, sign);
        emit(p, n->left, i, k, -1);
        emit(p, n->right, k, j, -sign);
        break;
    default:
        emit_matrix(p, i, j, sign * n->value);
    }
}

/* Matrices. */
static uint64_t program_length(const struct rw_formula *formula)
{
    uint64_t *lengths = rw_alloc(formula->count, sizeof *lengths), length = 0;
    for (size_t i = 0; i < formula->count; i++) {
        const struct rw_formula_node *node = formula->nodes + i;
        if (node->kind == RW_LEAF || node->kind == RW_NEGATE)
            length = node->kind == RW_LEAF ? 1 : lengths[node->left];
        else
            length = (node->kind == RW_MULTIPLY ? 2 : 1) * (lengths[node->left] + lengths[node->right]);
        lengths[i] = length < UINT64_MAX / 64 ? length : UINT64_MAX / 64;
    }
    free(lengths);
    return length;
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    static const char *const names[] = {"-1", "0", "1"};
    const struct rw_formula *formula = instance;
    if (!rw_problem_fits(limits, diag, REGISTERS * REGISTERS * program_length(formula)))
        return false;
    struct program program = {formula, word};
    emit(&program, formula->count - 1, 0, 1, 1);
    struct rw_matrix_product *model = rw_matrix_product_new(REGISTERS, 3);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    model->row = 0;
    model->col = 1;
    for (int s = 0; s < 3; s++) {
        rw_alphabet_add(alphabet, names[s]);
        fmpq_set_si(model->entries + s, s - 1, 1);
    }
    *machine = rw_machine_new(&rw_matrix_product_kind, model, alphabet, "imm-3",
                              "entry (0, 1) of a product of 3 x 3 matrices");
    return true;
}

static void *read_instance(struct rw_reader *r)
{
    return rw_formula_read(r, true);
}

static void free_instance(void *instance)
{
    rw_formula_free(instance);
}

static void solve(const void *instance, fmpq_t answer)
{
    rw_formula_value(instance, fmpq_numref(answer));
    fmpz_one(fmpq_denref(answer));
}

static void size(const void *instance, FILE *out)
{
    const struct rw_formula *formula = instance;
    fprintf(out, "%zu nodes, depth %zu", formula->count, rw_formula_depth(formula));
}

static void write_keys(const void *instance, FILE *out)
{
    rw_formula_write(instance, out);
}

const struct rw_problem_kind rw_problem_arithmetic_formula = {
    .name = "arithmetic-formula",
    .title = "what is the value of an arithmetic formula over {-1, 0, 1}?",
    .complexity = "PNC1",
    .completeness = "complete for GapNC1, and its sign for PNC1, under AC0 reductions",
    .reference = "Ben-Or and Cleve 1992, Computing algebraic formulas using a constant number of registers",
    .family = "deltanet",
    .reduction = "R5: three registers, each step a 3 x 3 matrix over {-1, 0, 1}",
    .keys = keys,
    .read = read_instance,
    .free_instance = free_instance,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
