/* equal_linear.c - a linear network against a dfa, nfa, regex or wfa, or any two of them, for all words (theory V3).
 *
 * Both sides become weighted automata (series.h), the right one g and the left one f. Values: g = f on a basis of the joint forward
 * space. Verdicts, g > 0 iff f > 0, by the first argument that applies:
 *   affine     g = s f + c with s > 0, and f takes no value between 0 and -c/s (f lies in a lattice);
 *   last       the same with an s and a c for each last symbol;
 *   supports   no weight of either is negative: which entries are nonzero decides, and such sets are finitely many;
 *   pairs      the pairs of states of both sides are finitely many, and all were visited.
 * A nondeterministic machine has two candidates for f: the indicator of its language and the number of its accepting
 * paths. */
#include "verify/equal.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/joint.h"
#include "verify/linear.h"
#include "verify/scaling.h"
#include "verify/series.h"

struct comparison {
    struct rw_series left[RW_MOST_SERIES]; /* what the other side may have to do with the machine */
    size_t count;
    struct rw_wfa *g; /* the other side */
    uint64_t max_cells;
    struct rw_word *word;
    struct rw_linear_proof *proof;
    FILE *why;
};

/* --- affine --- */

struct two_automata {
    const struct rw_wfa *f, *g;
    uint64_t max_cells;
};

static void values(void *context, const struct rw_word *word, fmpq_t f, fmpq_t g)
{
    const struct two_automata *two = context;
    rw_series_value(two->f, word, f);
    rw_series_value(two->g, word, g);
}

static bool other_word(void *context, const fmpq_t value, struct rw_word *word)
{
    const struct two_automata *two = context;
    fmpq_t zero;
    size_t dimension;
    fmpq_init(zero);
    struct rw_wfa *constant = rw_wfa_affine(two->f, zero, value);
    bool other = rw_series_equal(two->f, constant, two->max_cells, word, &dimension) == RW_DIFFERENT;
    rw_wfa_free(constant);
    fmpq_clear(zero);
    return other;
}

static void explain_affine(FILE *why, const struct rw_series *candidate, const struct rw_scaling *scaling,
                           size_t dimension)
{
    if (why == NULL)
        return;
    fprintf(why, "the output is ");
    rw_scaling_print(why, scaling, candidate->title);
    fprintf(why, " on a basis of the joint forward space (dimension %zu), hence on all words", dimension);
}

static void note_affine(const struct comparison *comparison, const struct rw_series *candidate,
                        const struct rw_scaling *scaling, size_t dimension)
{
    struct rw_linear_proof *proof = comparison->proof;
    proof->argument = RW_ARGUMENT_SPACE;
    proof->left = candidate->key;
    proof->size = dimension;
    proof->checked = dimension * candidate->f->symbols + 1;
    fmpq_set(proof->scale, scaling->scale);
    fmpq_set(proof->shift, scaling->shift);
}

/* g = s f + c with the same signs; explained if `why` is not NULL. */
static bool affine_argument(const struct comparison *comparison, const struct rw_wfa *g,
                            const struct rw_series *candidate, FILE *why)
{
    struct two_automata two = {candidate->f, g, comparison->max_cells};
    const struct rw_two_series series = {values, other_word, &two};
    struct rw_scaling scaling;
    bool equal = false;
    rw_scaling_init(&scaling);
    if (rw_scaling_fit(&scaling, &series) && rw_scaling_keeps_signs(&scaling, candidate->f)) {
        size_t dimension;
        struct rw_wfa *wanted = rw_wfa_affine(candidate->f, scaling.scale, scaling.shift);
        equal = rw_series_equal(g, wanted, comparison->max_cells, comparison->word, &dimension) == RW_EQUAL;
        rw_wfa_free(wanted);
        if (equal) {
            explain_affine(why, candidate, &scaling, dimension);
            note_affine(comparison, candidate, &scaling, dimension);
        }
    }
    rw_scaling_clear(&scaling);
    return equal;
}

static void free_last(struct rw_linear_proof *proof)
{
    for (size_t s = 0; s < proof->last_count; s++)
        rw_scaling_clear(proof->last + s);
    free(proof->last);
    proof->last = NULL;
    proof->last_count = 0;
}

static void add_last(struct rw_linear_proof *proof)
{
    struct rw_scaling *last = proof->last + proof->last_count++;
    rw_scaling_init(last);
    fmpq_set(last->scale, proof->scale);
    fmpq_set(last->shift, proof->shift);
}

/* The readout may scale and shift by the last symbol: the affine argument for each of them, and the empty word by itself. */
static bool last_symbol_argument(const struct comparison *comparison, const struct rw_series *candidate)
{
    struct rw_linear_proof *proof = comparison->proof;
    bool equal = rw_series_agree_on_empty(comparison->g, candidate->f);
    free_last(proof);
    proof->last = rw_alloc(candidate->f->symbols, sizeof *proof->last);
    for (uint32_t symbol = 0; symbol < candidate->f->symbols && equal; symbol++) {
        struct rw_wfa *g = rw_series_before(comparison->g, symbol);
        const struct rw_series last = {rw_series_before(candidate->f, symbol), candidate->key, candidate->title};
        equal = affine_argument(comparison, g, &last, NULL);
        if (equal)
            add_last(proof);
        rw_wfa_free(g);
        rw_wfa_free(last.f);
    }
    if (equal)
        proof->argument = RW_ARGUMENT_LAST_SYMBOL;
    if (equal && comparison->why != NULL)
        fprintf(comparison->why,
                "for each last symbol, the output is a positive multiple of %s, perhaps with a shift that changes no "
                "verdict, on a basis "
                "of the joint forward space, hence on all words",
                candidate->title);
    return equal;
}

/* --- deciding --- */

static void say(FILE *why, const char *format, size_t number)
{
    if (why != NULL)
        fprintf(why, format, number);
}

/* By visiting rows: supports where nothing is negative, else rows themselves. */
static enum rw_equality rows_argument(const struct comparison *comparison, const struct rw_series *candidate,
                                      bool supports, size_t *pairs)
{
    enum rw_equality result = rw_signs_equal(comparison->g, candidate->f, supports, comparison->max_cells,
                                             comparison->word, NULL, NULL, pairs);
    if (result == RW_EQUAL) {
        comparison->proof->argument = supports ? RW_ARGUMENT_SUPPORTS : RW_ARGUMENT_PAIRS;
        comparison->proof->left = candidate->key;
        comparison->proof->size = *pairs;
        comparison->proof->checked = *pairs * candidate->f->symbols + 1;
        say(comparison->why,
            supports ? "no weight is negative, and the verdicts agree on all %zu reachable pairs of supports"
                     : "the verdicts agree on all %zu reachable pairs of states",
            *pairs);
    }
    return result;
}

static enum rw_equality decide_signs(struct comparison *comparison)
{
    size_t pairs = 0;
    enum rw_equality result = RW_UNDECIDED;
    for (size_t i = 0; i < comparison->count; i++)
        if (affine_argument(comparison, comparison->g, comparison->left + i, comparison->why))
            return RW_EQUAL;
    for (size_t i = 0; i < comparison->count && result == RW_UNDECIDED; i++)
        if (rw_wfa_is_nonnegative(comparison->g) && rw_wfa_is_nonnegative(comparison->left[i].f))
            result = rows_argument(comparison, comparison->left + i, true, &pairs);
    for (size_t i = 0; i < comparison->count && result == RW_UNDECIDED; i++)
        if (last_symbol_argument(comparison, comparison->left + i))
            return RW_EQUAL;
    for (size_t i = 0; i < comparison->count && result == RW_UNDECIDED; i++)
        result = rows_argument(comparison, comparison->left + i, false, &pairs);
    if (result == RW_UNDECIDED) {
        comparison->proof->limit = "cells";
        say(comparison->why,
            "values do not show it within limit \"cells\", and the reachable pairs of states do not fit it (%zu "
            "visited)",
            pairs);
    }
    return result;
}

static enum rw_equality decide_values(struct comparison *comparison)
{
    size_t dimension;
    enum rw_equality result =
        rw_series_equal(comparison->g, comparison->left[0].f, comparison->max_cells, comparison->word, &dimension);
    if (result == RW_EQUAL) {
        struct rw_scaling same;
        rw_scaling_init(&same);
        note_affine(comparison, comparison->left, &same, dimension);
        rw_scaling_clear(&same);
        say(comparison->why,
            "the values agree on a basis of the joint forward space (dimension %zu), hence on all words", dimension);
    } else if (result == RW_UNDECIDED) {
        comparison->proof->limit = "cells";
        say(comparison->why, "the joint forward space does not fit limit \"cells\" (dimension %zu reached)", dimension);
    }
    return result;
}

/* --- from outside --- */

void rw_linear_proof_init(struct rw_linear_proof *proof)
{
    *proof = (struct rw_linear_proof){0};
    fmpq_init(proof->scale);
    fmpq_init(proof->shift);
}

void rw_linear_proof_clear(struct rw_linear_proof *proof)
{
    fmpq_clear(proof->scale);
    fmpq_clear(proof->shift);
    free_last(proof);
}

enum rw_equality rw_equal_sides(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                struct rw_word *word, struct rw_linear_proof *proof, FILE *why)
{
    struct rw_series other[RW_MOST_SERIES];
    struct comparison comparison = {.max_cells = limits->cells, .word = word, .proof = proof, .why = why};
    enum rw_equality result = RW_UNDECIDED;
    size_t others = rw_series_of(right, limits->cells, other, why);
    if (others > 0)
        comparison.count = rw_series_of(left, limits->cells, comparison.left, why);
    if (comparison.count > 0) {
        comparison.g = other[0].f;
        proof->right = other[0].key;
        proof->values = rw_side_gives_numbers(right);
        result = proof->values ? decide_values(&comparison) : decide_signs(&comparison);
    }
    rw_series_clear(comparison.left, comparison.count);
    rw_series_clear(other, others);
    return result;
}
