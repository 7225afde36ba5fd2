/* equal_polynomials.c - verdicts that agree because both sides' values are polynomials of one integer.
 *
 * Say that f(w) = 1/2 - d^2 and g(w) = 1/2 - d^2 + d/2 for an integer d that goes with the word: g is no multiple of f, but both are positive for d = 0 only. For
 * each last symbol, an integer d is looked for such that f(w) = F(d) and g(w) = G(d) after all words w before it; then the signs of F and G are compared at all
 * integers (exact/polynomial.h).
 *
 * The row x of both sides and 1 moves linearly with each letter, and so do the products of k of its entries (the k-th symmetric power). If d is a
 * linear form of x, then each power of d up to the k-th, each entry of x and so f - F(d) are linear forms of the products, since 1 is among
 * the entries, and such a form is 0 on all words if it is on words whose products span those of all words. Those are found breadth first: where
 * the products after a word depend on those after earlier ones, so do all that follow. F is interpolated, and holds if it does on the words that were kept. */
#include "verify/equal_polynomials.h"

#include <assert.h>
#include <stdlib.h>

#include <flint/fmpq_poly.h>

#include "automata/row_space.h"
#include "automata/wfa_basis.h"
#include "automata/wfa_minimise.h"
#include "base/memory.h"
#include "exact/polynomial.h"
#include "verify/linear.h"
#include "verify/progression.h"
#include "verify/row.h"
#include "verify/series.h"

/* Products of k entries: elimination takes time with the third power of it. */
#define MOST_PRODUCTS 200

enum { F, G, SIDES };

/* Both sides and 1 as one automaton, and words that stand for all. */
struct power {
    struct rw_wfa *joint;
    fmpq *form[SIDES]; /* f and g as linear forms of its rows */
    struct rw_wfa_basis basis;
    size_t degree, products;
    struct rw_row_space space;    /* of the products */
    struct rw_row *rows;          /* of the joint automaton after the words that are kept */
    size_t count, capacity, done; /* the words of the first `done` with one more letter were tried */
    struct rw_progressions *progressions;
    struct rw_vector row, next, image;
    uint64_t cells; /* that are left */
};

/* --- products --- */

/* How many multisets of `size` from `kinds` there are, as far as that is at most `most`. */
static size_t multisets(size_t kinds, size_t size, size_t most)
{
    size_t count = 1; /* (kinds + i choose i + 1), from the one before */
    for (size_t i = 0; i < size && count <= most; i++)
        count = count * (kinds + i) / (i + 1);
    return count;
}

/* The largest degree that fits: what is a polynomial of degree k for infinitely many d has k + 1 independent entries. 0: none fits. */
static size_t degree_of(size_t entries)
{
    size_t degree = 0, most = entries > 1 ? entries - 1 : 1;
    while (degree < most && multisets(entries, degree + 1, MOST_PRODUCTS) <= MOST_PRODUCTS)
        degree++;
    return degree;
}

/* All products of `left` entries from number `first` on, times `product`, into places `*at` and after. */
static void multiply(struct power *power, size_t first, size_t left, const fmpq_t product, uint32_t *at)
{
    fmpq_t larger;
    if (left == 0) {
        if (!rw_q_is_zero(product))
            fmpq_set(rw_vector_at(&power->image, *at), product);
        ++*at;
        return;
    }
    fmpq_init(larger);
    for (size_t i = first; i < power->basis.count; i++) {
        fmpq_mul(larger, product, power->row.value + power->basis.pivot[i]);
        multiply(power, i, left - 1, larger, at);
    }
    fmpq_clear(larger);
}

/* The entries at the pivots of the space that all rows span determine the others linearly. Keeps the word whose row is power->row if its products are independent of those before. */
static void arrive(struct power *power)
{
    fmpq_t one;
    uint32_t at = 0;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    rw_vector_zero(&power->image);
    multiply(power, 0, power->degree, one, &at);
    fmpq_clear(one);
    size_t pivot = rw_row_space_reduce(&power->space, &power->image);
    if (pivot == power->products)
        return;
    rw_row_space_add(&power->space, &power->image, pivot, RW_NO_ROW, 0);
    rw_vector_tidy(&power->row);
    power->rows = rw_grow(power->rows, &power->capacity, power->count + 1, sizeof *power->rows);
    power->rows[power->count++] = rw_row_of(&power->row);
}

/* The row after word number i and a symbol. */
static void step(struct power *power, size_t i, uint32_t symbol)
{
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    rw_vector_zero(&power->next);
    rw_vector_zero(&power->row);
    rw_row_add_to(power->rows + i, one, &power->next);
    rw_matrix_apply(power->joint->letters[symbol], &power->next, &power->row);
    fmpq_clear(one);
}

static void start(struct power *power)
{
    for (uint32_t q = 0; q < power->joint->states; q++)
        if (!rw_q_is_zero(power->joint->alpha + q))
            fmpq_set(rw_vector_at(&power->row, q), power->joint->alpha + q);
    arrive(power);
}

/* Goes on until `enough` words are kept, or no more are independent. false: limit "cells" was reached, or progress said stop. */
static bool find_words(struct power *power, size_t enough, struct rw_progress *progress)
{
    for (; power->done < power->count && power->count < enough; power->done++)
        for (uint32_t symbol = 0; symbol < power->joint->symbols; symbol++) {
            if (power->cells < power->products ||
                !rw_progress_report(progress, "words multiplied", power->count, power->products))
                return false;
            power->cells -= power->products;
            step(power, power->done, symbol);
            arrive(power);
        }
    return true;
}

/* --- forms on the words --- */

/* What a linear form is after word number i. */
static void value_of(const struct power *power, const fmpq *form, size_t i, fmpq_t value)
{
    const struct rw_row *row = power->rows + i;
    rw_q_zero(value);
    for (size_t k = 0; k < row->count; k++)
        rw_q_addmul(value, row->value + k, form + row->index[k]);
}

/* (form - start) / step on all words that are kept, which the progression says are integers; all of them times a positive integer for progression NULL. */
static void integers_of(const struct power *power, const fmpq *form, const struct rw_progression *progression,
                        fmpz *values)
{
    fmpq *rational = _fmpq_vec_init((slong)power->count);
    fmpz_t common;
    fmpz_init_set_ui(common, 1);
    for (size_t i = 0; i < power->count; i++) {
        value_of(power, form, i, rational + i);
        if (progression != NULL) {
            fmpq_sub(rational + i, rational + i, progression->start);
            fmpq_div(rational + i, rational + i, progression->step);
        }
        fmpz_lcm(common, common, fmpq_denref(rational + i));
    }
    assert(progression == NULL || fmpz_is_one(common));
    for (size_t i = 0; i < power->count; i++) {
        fmpz_divexact(values + i, common, fmpq_denref(rational + i));
        fmpz_mul(values + i, values + i, fmpq_numref(rational + i));
    }
    fmpz_clear(common);
    _fmpq_vec_clear(rational, (slong)power->count);
}

static bool is_among(const fmpz *values, size_t count, const fmpz_t value)
{
    for (size_t i = 0; i < count; i++)
        if (fmpz_equal(values + i, value))
            return true;
    return false;
}

static bool holds(const struct power *power, const fmpq_poly_t polynomial, const fmpz *d, const fmpz *values)
{
    fmpq_t value;
    bool good = true;
    fmpq_init(value);
    for (size_t i = 0; i < power->count && good; i++) {
        fmpq_poly_evaluate_fmpz(value, polynomial, d + i);
        good = fmpz_is_one(fmpq_denref(value)) && fmpz_equal(fmpq_numref(value), values + i);
    }
    fmpq_clear(value);
    return good;
}

/* The polynomial of degree at most k whose values at d are these on all words, times a positive integer; false: there is none. */
static bool interpolate(const struct power *power, const fmpz *d, const fmpz *values, fmpz_poly_t polynomial)
{
    fmpz *at = _fmpz_vec_init((slong)power->degree + 1), *there = _fmpz_vec_init((slong)power->degree + 1);
    fmpq_poly_t found;
    size_t points = 0;
    for (size_t i = 0; i < power->count && points <= power->degree; i++)
        if (!is_among(at, points, d + i)) {
            fmpz_set(at + points, d + i);
            fmpz_set(there + points++, values + i);
        }
    fmpq_poly_init(found);
    fmpq_poly_interpolate_fmpz_vec(found, at, there, (slong)points);
    bool good = holds(power, found, d, values);
    fmpq_poly_get_numerator(polynomial, found);
    fmpq_poly_clear(found);
    _fmpz_vec_clear(at, (slong)power->degree + 1);
    _fmpz_vec_clear(there, (slong)power->degree + 1);
    return good;
}

/* --- which integer --- */

/* Whether f and g are polynomials of this form on the words that are kept and, if `signs`, positive for the same of its values. */
static bool form_serves(const struct power *power, const fmpq *form, bool signs)
{
    fmpz *d = _fmpz_vec_init((slong)power->count), *values = _fmpz_vec_init((slong)power->count);
    fmpz_poly_t polynomial[SIDES];
    struct rw_progression progression;
    rw_progression_init(&progression);
    bool good = rw_progression_of_form(power->progressions, form, &progression);
    if (rw_q_is_zero(progression.step))
        rw_q_set_int(progression.step, 1); /* d is 0 on all words */
    if (good)
        integers_of(power, form, &progression, d);
    for (int side = 0; side < SIDES; side++) {
        fmpz_poly_init(polynomial[side]);
        if (good)
            integers_of(power, power->form[side], NULL, values);
        good = good && interpolate(power, d, values, polynomial[side]);
    }
    good = good &&
           (!signs || rw_same_signs_at_integers(polynomial[F], polynomial[G], progression.below, progression.above));
    for (int side = 0; side < SIDES; side++)
        fmpz_poly_clear(polynomial[side]);
    rw_progression_clear(&progression);
    _fmpz_vec_clear(d, (slong)power->count);
    _fmpz_vec_clear(values, (slong)power->count);
    return good;
}

/* to <- M_symbol form - form: how much the form grows with the symbol. (1/2 - d^2 grows by -1 - 2d where d becomes d + 1.) */
static void growth(const struct rw_wfa *joint, const fmpq *form, uint32_t symbol, fmpq *to)
{
    const struct rw_matrix *letter = joint->letters[symbol];
    for (size_t q = 0; q < joint->states; q++) {
        fmpq_neg(to + q, form + q);
        for (size_t e = letter->start[q]; e < letter->start[q + 1]; e++)
            fmpq_addmul(to + q, letter->value + e, form + letter->row[e]);
    }
}

/* Entries of the rows, both sides' values, and how much those grow with a letter. */
static bool some_form_serves(const struct power *power, bool signs)
{
    const struct rw_wfa *joint = power->joint;
    fmpq *form = _fmpq_vec_init((slong)joint->states);
    bool good = false;
    for (size_t i = 0; i < power->basis.count && !good; i++) {
        rw_q_set_int(form + power->basis.pivot[i], 1);
        good = form_serves(power, form, signs);
        rw_q_zero(form + power->basis.pivot[i]);
    }
    for (int side = 0; side < SIDES && !good; side++)
        good = form_serves(power, power->form[side], signs);
    for (int side = 0; side < SIDES && !good; side++)
        for (uint32_t symbol = 0; symbol < joint->symbols && !good; symbol++) {
            growth(joint, power->form[side], symbol, form);
            good = form_serves(power, form, signs);
        }
    _fmpq_vec_clear(form, (slong)joint->states);
    return good;
}

/* --- both sides --- */

/* The rows (f's, 1, g's). */
static struct rw_wfa *join(const struct rw_wfa *f, const struct rw_wfa *g)
{
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    struct rw_wfa *with_one = rw_wfa_affine(f, one, one), *joint = rw_wfa_sum(with_one, g);
    rw_wfa_free(with_one);
    fmpq_clear(one);
    return joint;
}

static void clear_power(struct power *power)
{
    for (int side = 0; side < SIDES; side++)
        _fmpq_vec_clear(power->form[side], (slong)power->joint->states);
    for (size_t i = 0; i < power->count; i++)
        rw_row_clear(power->rows + i);
    free(power->rows);
    rw_row_space_clear(&power->space);
    rw_vector_clear(&power->row);
    rw_vector_clear(&power->next);
    rw_vector_clear(&power->image);
    rw_progressions_free(power->progressions);
}

static void init_power(struct power *power, const struct rw_wfa *f, const struct rw_wfa *g)
{
    size_t states = power->joint->states;
    for (int side = 0; side < SIDES; side++)
        power->form[side] = _fmpq_vec_init((slong)states);
    for (size_t q = 0; q < f->states; q++)
        fmpq_set(power->form[F] + q, f->omega + q);
    for (size_t q = 0; q < g->states; q++)
        fmpq_set(power->form[G] + states - g->states + q, g->omega + q);
    power->products = multisets(power->basis.count, power->degree, MOST_PRODUCTS);
    rw_row_space_init(&power->space, power->products);
    rw_vector_init(&power->row, states);
    rw_vector_init(&power->next, states);
    rw_vector_init(&power->image, power->products);
    power->progressions = rw_progressions_of(power->joint);
    start(power);
}

/* What was shown, and what was not. */
struct outcome {
    size_t dimension; /* the largest */
    bool too_large;
};

/* Most sides are no such polynomials, and a few words show that: more than a polynomial of degree k can be made to fit. */
static bool polynomials_agree(struct power *power, struct rw_progress *progress, bool *too_large)
{
    *too_large = !find_words(power, 2 * (power->degree + 2), progress);
    if (*too_large || !some_form_serves(power, false))
        return false;
    *too_large = !find_words(power, SIZE_MAX, progress);
    return !*too_large && some_form_serves(power, true);
}

/* f(w) > 0 exactly where g(w) > 0. */
static bool signs_agree(const struct rw_wfa *f, const struct rw_wfa *g, const struct rw_limits *limits,
                        struct rw_progress *progress, struct outcome *outcome)
{
    struct power power = {.joint = join(f, g), .cells = limits->cells};
    bool good = false;
    outcome->too_large = true;
    if (rw_wfa_basis_exact(power.joint, limits->cells, progress, &power.basis) == RW_BASIS_DONE) {
        power.degree = degree_of(power.basis.count);
        if (power.degree > 0) {
            init_power(&power, f, g);
            good = polynomials_agree(&power, progress, &outcome->too_large);
            outcome->dimension = power.count > outcome->dimension ? power.count : outcome->dimension;
            clear_power(&power);
        }
        rw_wfa_basis_clear(&power.basis);
    }
    rw_wfa_free(power.joint);
    return good;
}

/* The same where the words end with a symbol, for what is before it: without states that no longer count. */
static bool signs_agree_before(const struct rw_wfa *f, const struct rw_wfa *g, uint32_t symbol,
                               const struct rw_limits *limits, struct rw_progress *progress, struct outcome *outcome)
{
    struct rw_wfa *before[SIDES] = {rw_series_before(f, symbol), rw_series_before(g, symbol)}, *small[SIDES];
    for (int side = 0; side < SIDES; side++) {
        small[side] = rw_wfa_minimise(before[side], limits, progress, NULL);
        rw_wfa_free(before[side]);
    }
    outcome->too_large = small[F] == NULL || small[G] == NULL;
    bool good = !outcome->too_large && signs_agree(small[F], small[G], limits, progress, outcome);
    rw_wfa_free(small[F]);
    rw_wfa_free(small[G]);
    return good;
}

static void explain(FILE *why, bool good, const struct outcome *outcome)
{
    if (why != NULL && good)
        fprintf(why,
                "for each last symbol both sides are polynomials of one integer on a basis of the products of their "
                "states "
                "(dimension at most %zu), hence on all words, and positive at the same integers",
                outcome->dimension);
    else if (why != NULL && outcome->too_large)
        fprintf(why, "the products of both sides' states are more than %d, or do not fit limit \"cells\"",
                MOST_PRODUCTS);
    else if (why != NULL)
        fputs("the two are not seen to be polynomials of one integer that are positive together", why);
}

enum rw_equality rw_equal_polynomials(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                      struct rw_progress *progress, FILE *why)
{
    struct rw_series f[RW_MOST_SERIES], g[RW_MOST_SERIES];
    struct outcome outcome = {0};
    size_t fs = 0, gs = rw_series_of(right, limits->cells, g, why);
    if (gs > 0)
        fs = rw_series_of(left, limits->cells, f, why);
    bool good = false;
    for (size_t i = 0; i < fs && !good; i++) {
        good = rw_series_agree_on_empty(f[i].f, g[0].f);
        for (uint32_t symbol = 0; symbol < f[i].f->symbols && good; symbol++)
            good = signs_agree_before(f[i].f, g[0].f, symbol, limits, progress, &outcome);
    }
    if (fs > 0)
        explain(why, good, &outcome);
    rw_series_clear(f, fs);
    rw_series_clear(g, gs);
    return good ? RW_EQUAL : RW_UNDECIDED;
}
