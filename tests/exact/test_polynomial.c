/* Signs of polynomials at the integers: against every integer of a range that has all roots in it, and far out. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "base/random.h"
#include "exact/polynomial.h"

#define FAR 60

static bool is_positive_at(const fmpz_poly_t f, slong at)
{
    fmpz_t x, value;
    fmpz_init_set_si(x, at);
    fmpz_init(value);
    fmpz_poly_evaluate_fmpz(value, f, x);
    bool positive = fmpz_sgn(value) > 0;
    fmpz_clear(x);
    fmpz_clear(value);
    return positive;
}

static bool same_one_by_one(const fmpz_poly_t f, const fmpz_poly_t g, slong low, slong high)
{
    for (slong at = low; at <= high; at++)
        if (is_positive_at(f, at) != is_positive_at(g, at))
            return false;
    return true;
}

/* A product of up to `factors` linear and constant factors, whose roots are small fractions, and sometimes a little more or less. */
static void draw(struct rw_random *random, fmpz_poly_t f, size_t factors)
{
    fmpz_poly_t factor;
    fmpz_poly_init(factor);
    fmpz_poly_set_si(f, rw_random_below(random, 2) ? 1 : -1);
    for (size_t i = 0; i < factors; i++) {
        fmpz_poly_set_coeff_si(factor, 0, (slong)rw_random_below(random, 19) - 9);
        fmpz_poly_set_coeff_si(factor, 1, (slong)rw_random_below(random, 4));
        fmpz_poly_mul(f, f, factor);
    }
    fmpz_poly_set_si(factor, (slong)rw_random_below(random, 5) - 2);
    fmpz_poly_add(f, f, factor);
    fmpz_poly_clear(factor);
}

Test(polynomial, signs_agree_if_they_do_one_by_one)
{
    struct rw_random random = rw_random_seed(1);
    fmpz_poly_t f, g;
    size_t agreed = 0, differed = 0;
    fmpz_poly_init(f);
    fmpz_poly_init(g);
    for (size_t i = 0; i < 20000; i++) {
        bool below = rw_random_below(&random, 2), above = rw_random_below(&random, 2);
        draw(&random, f, rw_random_below(&random, 5));
        if (rw_random_below(&random, 2))
            draw(&random, g, rw_random_below(&random, 4));
        else
            fmpz_poly_scalar_mul_si(g, f, 3);
        if (rw_random_below(&random, 2))
            fmpz_poly_set_coeff_si(g, 0, (slong)rw_random_below(&random, 9) - 4);
        bool same = same_one_by_one(f, g, below ? -FAR : 0, above ? FAR : 0);
        cr_assert_eq(rw_same_signs_at_integers(f, g, below, above), same, "case %zu", i);
        agreed += same;
        differed += !same;
    }
    fmpz_poly_clear(f);
    fmpz_poly_clear(g);
    cr_assert_gt(agreed, 2000);
    cr_assert_gt(differed, 2000);
}

/* 10^60 is a root of one of two that agree everywhere else. */
Test(polynomial, a_single_integer_far_out_is_not_overlooked)
{
    fmpz_t root;
    fmpz_poly_t square, f, g;
    fmpz_init(root);
    fmpz_set_ui(root, 10);
    fmpz_pow_ui(root, root, 60);
    fmpz_poly_init(square);
    fmpz_poly_init(f);
    fmpz_poly_init(g);
    fmpz_poly_set_coeff_si(square, 1, -1);
    fmpz_poly_set_coeff_fmpz(square, 0, root);
    fmpz_poly_pow(square, square, 2);
    fmpz_poly_set_si(f, 1);
    cr_assert_not(rw_same_signs_at_integers(f, square, true, true));
    cr_assert_not(rw_same_signs_at_integers(square, f, false, true));
    cr_assert(rw_same_signs_at_integers(square, f, true, false));
    fmpz_poly_add(g, square, f);
    cr_assert(rw_same_signs_at_integers(f, g, true, true));
    fmpz_poly_neg(g, g); /* positive nowhere; and then at the root alone */
    fmpz_poly_neg(f, f);
    cr_assert(rw_same_signs_at_integers(f, g, true, true));
    fmpz_poly_sub(g, g, f);
    fmpz_poly_sub(g, g, f);
    cr_assert_not(rw_same_signs_at_integers(f, g, true, true));
    fmpz_poly_clear(square);
    fmpz_poly_clear(f);
    fmpz_poly_clear(g);
    fmpz_clear(root);
}
