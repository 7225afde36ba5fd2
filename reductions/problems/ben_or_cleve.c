/* ben_or_cleve.c - Ben-Or and Cleve's programs, written out for the given assignment.
 *
 * A program computes f at (i, j), i != j, if its product is I + f E_ij, where E_ij is 1 at (i, j) and 0 elsewhere.
 *   leaf c:  the matrix I + c E_ij
 *   -f:      the program of f with its sign turned: down to a leaf of each product
 *   f + g:   (I + f E_ij) (I + g E_ij) = I + (f + g) E_ij
 *   f * g:   with k the third index, (I + f E_ik) (I + g E_kj) (I - f E_ik) (I - g E_kj) = I + f g E_ij */
#include "reductions/problems/ben_or_cleve.h"

#include <inttypes.h>

#include "automata/matrix_product.h"

#define DIMENSION 3
#define LETTERS   (DIMENSION * DIMENSION) /* of one matrix */

struct rw_machine *rw_ben_or_cleve_machine(void)
{
    static const char *const names[] = {"-1", "0", "1"};
    struct rw_matrix_product *model = rw_matrix_product_new(DIMENSION, 3);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t s = 0; s < 3; s++) {
        rw_alphabet_add(alphabet, names[s]);
        rw_q_set_int(model->entries + s, (int64_t)s - 1);
    }
    model->row = RW_BEN_OR_CLEVE_ROW;
    model->col = RW_BEN_OR_CLEVE_COL;
    return rw_machine_new(&rw_matrix_product_kind, model, alphabet, "imm-3",
                          "an entry of a product of 3x3 matrices over {-1, 0, 1}");
}

struct program {
    const struct rw_formula *formula;
    struct rw_word *word;
};

/* I + value E_ij; the letter of x is x + 1. */
static void push_matrix(const struct program *p, size_t i, size_t j, int value)
{
    for (size_t row = 0; row < DIMENSION; row++)
        for (size_t col = 0; col < DIMENSION; col++) {
            int entry = row == i && col == j ? value : row == col;
            rw_word_push(p->word, (uint32_t)(entry + 1));
        }
}

/* sign * f at (i, j); sign is 1 or -1. */
static void compute(const struct program *p, const struct rw_formula_node *f, int sign, size_t i, size_t j)
{
    size_t k = DIMENSION - i - j; /* 0 + 1 + 2 = 3 */
    switch (f->op) {
    case RW_FORMULA_NEGATE:
        compute(p, f->left, -sign, i, j);
        break;
    case RW_FORMULA_ADD:
        compute(p, f->left, sign, i, j);
        compute(p, f->right, sign, i, j);
        break;
    case RW_FORMULA_MULTIPLY:
        compute(p, f->left, sign, i, k);
        compute(p, f->right, 1, k, j);
        compute(p, f->left, -sign, i, k);
        compute(p, f->right, -1, k, j);
        break;
    default:
        push_matrix(p, i, j, sign * rw_formula_leaf(p->formula, f));
    }
}

/* Matrices of the program, UINT64_MAX standing for all that is too much. */
static uint64_t matrices(const struct rw_formula_node *f)
{
    if (f->left == NULL)
        return 1;
    uint64_t left = matrices(f->left), sum, product;
    if (f->right == NULL)
        return left;
    if (__builtin_add_overflow(left, matrices(f->right), &sum))
        return UINT64_MAX;
    return __builtin_mul_overflow(sum, f->op == RW_FORMULA_MULTIPLY ? 2 : 1, &product) ? UINT64_MAX : product;
}

bool rw_ben_or_cleve(const struct rw_formula *formula, const struct rw_limits *limits, struct rw_diag *diag,
                     struct rw_word *word)
{
    if (matrices(formula->root) > limits->word_length / LETTERS) {
        rw_diag_limit(diag, rw_span_none(), "word-length",
                      "the formula of depth %zu becomes a word of more than %" PRIu64 " letters, nine for each matrix",
                      rw_formula_depth(formula->root), limits->word_length);
        rw_diag_hint(diag, "each level of multiplication multiplies the word's length by 4");
        return false;
    }
    struct program program = {formula, word};
    compute(&program, formula->root, 1, RW_BEN_OR_CLEVE_ROW, RW_BEN_OR_CLEVE_COL);
    return true;
}
