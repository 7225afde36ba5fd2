/* barrington.c - Barrington's programs, written out for the given assignment.
 *
 * A program computes a formula f with a 5-cycle c if its product is c where f is true and the identity where f is false.
 *   leaf:     one letter
 *   not f:    compute f with the inverse of c, then multiply by c: into the last letter, so it costs nothing
 *   f and g:  f with s, g with t, f with s^-1, g with t^-1, where s t s^-1 t^-1 = c. If one of them is false, the
 *             other's two programs cancel out
 * Other operators are and with not: f | g = !(!f & !g), f -> g = !(f & !g), and f ^ g = (f & !g) | (!f & g), two levels. */
#include "reductions/problems/barrington.h"

#include <inttypes.h>

#include "reductions/problems/s5.h"

/* Two 5-cycles whose commutator is a 5-cycle: what makes five points enough, since S5 is not solvable. */
static const struct rw_s5 first = {{1, 2, 3, 4, 0}}, second = {{2, 0, 4, 1, 3}};

static struct rw_s5 commutator(struct rw_s5 s, struct rw_s5 t)
{
    return rw_s5_product(rw_s5_product(s, t), rw_s5_product(rw_s5_inverse(s), rw_s5_inverse(t)));
}

static struct rw_s5 conjugate(struct rw_s5 p, struct rw_s5 by)
{
    return rw_s5_product(rw_s5_product(rw_s5_inverse(by), p), by);
}

/* 5-cycles s, t with s t s^-1 t^-1 = cycle: those above, with their points renamed as the commutator's become the cycle's. */
static void factors(struct rw_s5 cycle, struct rw_s5 *s, struct rw_s5 *t)
{
    struct rw_s5 known = commutator(first, second), rename = rw_s5_identity();
    uint8_t from = 0, to = 0;
    for (size_t i = 0; i < RW_S5_POINTS; i++) {
        rename.image[from] = to;
        from = known.image[from];
        to = cycle.image[to];
    }
    *s = conjugate(first, rename);
    *t = conjugate(second, rename);
}

struct program {
    const struct rw_formula *formula;
    struct rw_word *word;
};

/* A formula or its negation. */
struct literal {
    const struct rw_formula_node *node;
    bool negated;
};

static void compute(const struct program *p, struct literal f, struct rw_s5 cycle);

/* f & g, or !(f & g) if `negated`. */
static void compute_and(const struct program *p, struct literal f, struct literal g, bool negated, struct rw_s5 cycle)
{
    struct rw_s5 s, t;
    factors(negated ? rw_s5_inverse(cycle) : cycle, &s, &t);
    compute(p, f, s);
    compute(p, g, t);
    compute(p, f, rw_s5_inverse(s));
    compute(p, g, rw_s5_inverse(t));
    if (negated) {
        uint32_t *last = p->word->symbols + p->word->length - 1;
        *last = rw_s5_letter(rw_s5_product(rw_s5_permutation(*last), cycle));
    }
}

/* (f & !g) | (!f & g), as nodes that live as long as they are needed. */
static void compute_xor(const struct program *p, const struct rw_formula_node *f, const struct rw_formula_node *g,
                        bool negated, struct rw_s5 cycle)
{
    const struct rw_formula_node not_f = {.op = RW_FORMULA_NOT, .left = f}, not_g = {.op = RW_FORMULA_NOT, .left = g};
    const struct rw_formula_node only_f = {.op = RW_FORMULA_AND, .left = f, .right = &not_g};
    const struct rw_formula_node only_g = {.op = RW_FORMULA_AND, .left = &not_f, .right = g};
    const struct rw_formula_node one = {.op = RW_FORMULA_OR, .left = &only_f, .right = &only_g};
    compute(p, (struct literal){&one, negated}, cycle);
}

static void compute(const struct program *p, struct literal f, struct rw_s5 cycle)
{
    const struct rw_formula_node *left = f.node->left, *right = f.node->right;
    switch (f.node->op) {
    case RW_FORMULA_NOT:
        compute(p, (struct literal){left, !f.negated}, cycle);
        break;
    case RW_FORMULA_AND:
        compute_and(p, (struct literal){left, false}, (struct literal){right, false}, f.negated, cycle);
        break;
    case RW_FORMULA_OR:
        compute_and(p, (struct literal){left, true}, (struct literal){right, true}, !f.negated, cycle);
        break;
    case RW_FORMULA_IMPLIES:
        compute_and(p, (struct literal){left, false}, (struct literal){right, true}, !f.negated, cycle);
        break;
    case RW_FORMULA_XOR:
        compute_xor(p, left, right, f.negated, cycle);
        break;
    default: {
        bool is_true = (rw_formula_leaf(p->formula, f.node) != 0) != f.negated;
        rw_word_push(p->word, rw_s5_letter(is_true ? cycle : rw_s5_identity()));
    }
    }
}

/* Letters of the program, UINT64_MAX standing for all that is too much. */
static uint64_t length(const struct rw_formula_node *f)
{
    if (f->left == NULL)
        return 1;
    uint64_t left = length(f->left), sum, product;
    if (f->right == NULL)
        return left;
    uint64_t times = f->op == RW_FORMULA_XOR ? 8 : 2; /* and of ands, or one and */
    if (__builtin_add_overflow(left, length(f->right), &sum) || __builtin_mul_overflow(sum, times, &product))
        return UINT64_MAX;
    return product;
}

bool rw_barrington(const struct rw_formula *formula, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_word *word)
{
    if (length(formula->root) > limits->word_length) {
        rw_diag_limit(diag, rw_span_none(), "word-length",
                      "the formula of depth %zu becomes a word of more than %" PRIu64 " permutations",
                      rw_formula_depth(formula->root), limits->word_length);
        rw_diag_hint(diag, "each level of the formula multiplies the word's length by 4, each ^ by 16");
        return false;
    }
    struct program program = {formula, word};
    compute(&program, (struct literal){formula->root, false}, first);
    return true;
}
