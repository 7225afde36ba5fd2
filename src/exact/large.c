/* large.c - arithmetic of numbers that do not fit one word.
 *
 * Stacks are numbers of thousands of bits whose denominators are powers of one base, mostly of 2 (W10). FLINT makes results canonical by greatest
 * common divisors; what is done here instead costs a pass over the limbs: shifts where both denominators are powers of 2, and no division at all
 * where one summand is an integer or both denominators are the same and the sum is an integer. */
#include "exact/rational.h"

/* Whether d > 0 is a power of 2, and which. */
static bool is_power_of_2(const fmpz_t d, flint_bitcnt_t *exponent)
{
    *exponent = fmpz_val2(d);
    return fmpz_bits(d) == *exponent + 1;
}

static void set_power_of_2(fmpz_t d, flint_bitcnt_t exponent)
{
    fmpz_one(d);
    fmpz_mul_2exp(d, d, exponent);
}

/* numerator / 2^exponent, canonical. */
static void reduce(fmpq_t r, flint_bitcnt_t exponent)
{
    fmpz *numerator = fmpq_numref(r);
    if (fmpz_is_zero(numerator)) {
        fmpz_one(fmpq_denref(r));
        return;
    }
    flint_bitcnt_t twos = exponent == 0 ? 0 : fmpz_val2(numerator);
    flint_bitcnt_t shift = twos < exponent ? twos : exponent;
    if (shift > 0)
        fmpz_tdiv_q_2exp(numerator, numerator, shift);
    set_power_of_2(fmpq_denref(r), exponent - shift);
}

/* r = a + b for equal denominators. */
static void add_same(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    flint_bitcnt_t exponent;
    fmpz *numerator = fmpq_numref(r), *denominator = fmpq_denref(r);
    fmpz_set(denominator, fmpq_denref(a));
    fmpz_add(numerator, fmpq_numref(a), fmpq_numref(b));
    if (fmpz_is_zero(numerator)) {
        fmpz_one(denominator);
    } else if (fmpz_cmpabs(numerator, denominator) == 0) {
        fmpz_set_si(numerator, fmpz_sgn(numerator));
        fmpz_one(denominator);
    } else if (is_power_of_2(denominator, &exponent)) {
        reduce(r, exponent);
    } else {
        fmpq_canonicalise(r);
    }
}

/* r = a + n for an integer n; r may be a or have n in it. */
static void add_integer(fmpq_t r, const fmpq_t a, const fmpz_t n)
{
    if (COEFF_IS_MPZ(*n)) {
        fmpq_add_fmpz(r, a, n);
        return;
    }
    slong small = *n;
    if (r != a)
        fmpz_set(fmpq_numref(r), fmpq_numref(a));
    if (small >= 0)
        fmpz_addmul_ui(fmpq_numref(r), fmpq_denref(a), (ulong)small);
    else
        fmpz_submul_ui(fmpq_numref(r), fmpq_denref(a), (ulong)-small);
    if (r != a)
        fmpz_set(fmpq_denref(r), fmpq_denref(a));
}

void rw_q_add_large(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    if (rw_q_is_zero(b))
        fmpq_set(r, a);
    else if (rw_q_is_zero(a))
        fmpq_set(r, b);
    else if (fmpz_is_one(fmpq_denref(b)) && r != b)
        add_integer(r, a, fmpq_numref(b));
    else if (fmpz_is_one(fmpq_denref(a)) && r != a)
        add_integer(r, b, fmpq_numref(a));
    else if (fmpz_equal(fmpq_denref(a), fmpq_denref(b)))
        add_same(r, a, b);
    else
        fmpq_add(r, a, b);
}

void rw_q_mul_large(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    flint_bitcnt_t in_a, in_b;
    if (!is_power_of_2(fmpq_denref(a), &in_a) || !is_power_of_2(fmpq_denref(b), &in_b)) {
        fmpq_mul(r, a, b);
        return;
    }
    fmpz_mul(fmpq_numref(r), fmpq_numref(a), fmpq_numref(b));
    reduce(r, in_a + in_b);
}

void rw_q_addmul_large(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    if (rw_q_is_zero(r)) {
        rw_q_mul_large(r, a, b);
        return;
    }
    if (rw_q_is_one(a) || rw_q_is_one(b)) {
        rw_q_add_large(r, r, rw_q_is_one(a) ? b : a);
        return;
    }
    fmpq_t product;
    fmpq_init(product);
    rw_q_mul_large(product, a, b);
    if (rw_q_is_small(r)) {
        add_integer(product, product, fmpq_numref(r));
        fmpq_swap(r, product);
    } else {
        rw_q_add_large(r, r, product);
    }
    fmpq_clear(product);
}
