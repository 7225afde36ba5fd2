/* polynomial.c - where polynomials are positive at the integers, without their real roots.
 *
 * f flips at m if one of f(m) and f(m + 1) is positive and the other is not. The difference f(x + 1) - f(x) has a smaller degree; between two flips of it f only
 * grows or never grows, from one integer to the next, so that f flips there once at most: where, bisection finds. No root lies beyond Cauchy's bound. */
#include "exact/polynomial.h"

#include <flint/fmpz_vec.h>

static bool is_positive(const fmpz_poly_t f, const fmpz_t at)
{
    fmpz_t value;
    fmpz_init(value);
    fmpz_poly_evaluate_fmpz(value, f, at);
    bool positive = fmpz_sgn(value) > 0;
    fmpz_clear(value);
    return positive;
}

/* The only flip between two integers, if f is positive at one of them alone. */
static bool bisect(const fmpz_poly_t f, const fmpz_t from, const fmpz_t to, fmpz_t flip)
{
    fmpz_t high, middle;
    bool positive = is_positive(f, from);
    if (is_positive(f, to) == positive)
        return false;
    fmpz_init_set(high, to);
    fmpz_init(middle);
    fmpz_set(flip, from);
    for (;;) {
        fmpz_add(middle, flip, high);
        fmpz_fdiv_q_2exp(middle, middle, 1);
        if (fmpz_equal(middle, flip))
            break;
        fmpz_set(is_positive(f, middle) == positive ? flip : high, middle);
    }
    fmpz_clear(high);
    fmpz_clear(middle);
    return true;
}

static slong flips(const fmpz_poly_t f, fmpz *at);

/* What lies between any two that follow each other, f passes without turning: count + 2 integers, ascending, the first and the last beyond all roots. */
static slong turns(const fmpz_poly_t f, fmpz *at)
{
    fmpz_t one, bound;
    fmpz_poly_t difference;
    fmpz_init_set_ui(one, 1);
    fmpz_init(bound);
    fmpz_poly_init(difference);
    fmpz_poly_taylor_shift(difference, f, one);
    fmpz_poly_sub(difference, difference, f);
    slong count = flips(difference, at + 1);
    fmpz_poly_bound_roots(bound, f);
    fmpz_add_ui(bound, bound, 1);
    for (slong i = 1; i <= count; i++) {
        fmpz_add_ui(at + i, at + i, 1);
        if (fmpz_cmpabs(at + i, bound) > 0)
            fmpz_abs(bound, at + i);
    }
    fmpz_neg(at, bound);
    fmpz_set(at + count + 1, bound);
    fmpz_poly_clear(difference);
    fmpz_clear(bound);
    fmpz_clear(one);
    return count;
}

/* All flips, ascending: at most as many as the degree. */
static slong flips(const fmpz_poly_t f, fmpz *at)
{
    slong degree = fmpz_poly_degree(f), count = 0;
    if (degree <= 0)
        return 0;
    fmpz *turn = _fmpz_vec_init(degree + 1);
    slong parts = turns(f, turn) + 1;
    for (slong i = 0; i < parts; i++)
        count += bisect(f, turn + i, turn + i + 1, at + count);
    _fmpz_vec_clear(turn, degree + 1);
    return count;
}

/* At m and m + 1, if they count. */
static bool same_signs_around(const fmpz_poly_t f, const fmpz_poly_t g, const fmpz_t m, bool below, bool above)
{
    fmpz_t at;
    bool same = true;
    fmpz_init_set(at, m);
    for (int i = 0; i < 2 && same; i++) {
        int side = fmpz_sgn(at);
        if (side == 0 || (side < 0 ? below : above))
            same = is_positive(f, at) == is_positive(g, at);
        fmpz_add_ui(at, at, 1);
    }
    fmpz_clear(at);
    return same;
}

/* Both are what they are until one of them flips, so one integer of each part is enough: those next to a flip, or 0, where the integers that count begin. */
bool rw_same_signs_at_integers(const fmpz_poly_t f, const fmpz_poly_t g, bool below, bool above)
{
    fmpz_t zero;
    fmpz *at = _fmpz_vec_init(fmpz_poly_length(f) + fmpz_poly_length(g));
    fmpz_init(zero);
    slong count = flips(f, at);
    count += flips(g, at + count);
    bool same = is_positive(f, zero) == is_positive(g, zero);
    for (slong i = 0; i < count && same; i++)
        same = same_signs_around(f, g, at + i, below, above);
    fmpz_clear(zero);
    _fmpz_vec_clear(at, fmpz_poly_length(f) + fmpz_poly_length(g));
    return same;
}
