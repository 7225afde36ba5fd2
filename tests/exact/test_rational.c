/* Rationals: the short path and FLINT's agree, everywhere the two meet. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/random.h"
#include "exact/rational.h"

/* Numbers around the places where representations change: 0, +-1, 31, 61-64 bits, halves, huge. */
static void awkward(fmpq_t value, struct rw_random *random)
{
    static const unsigned bits[] = {0, 1, 30, 31, 32, 60, 61, 62, 63, 64, 65, 200};
    fmpz_one(fmpq_numref(value));
    fmpz_mul_2exp(fmpq_numref(value), fmpq_numref(value), bits[rw_random_below(random, 12)]);
    fmpz_add_si(fmpq_numref(value), fmpq_numref(value), (slong)rw_random_below(random, 5) - 2);
    if (rw_random_below(random, 2))
        fmpz_neg(fmpq_numref(value), fmpq_numref(value));
    fmpz_set_ui(fmpq_denref(value), rw_random_below(random, 3) == 0 ? 1 + rw_random_below(random, 6) : 1);
    fmpq_canonicalise(value);
}

Test(rational, the_short_path_agrees_with_flint)
{
    struct rw_random random = rw_random_seed(3);
    fmpq_t a, b, r, expected;
    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(r);
    fmpq_init(expected);
    for (int round = 0; round < 20000; round++) {
        awkward(a, &random);
        awkward(b, &random);
        awkward(r, &random);
        fmpq_add(expected, a, b);
        rw_q_add(r, a, b);
        cr_assert(fmpq_equal(r, expected) && fmpq_is_canonical(r));
        fmpq_mul(expected, a, b);
        rw_q_mul(r, a, b);
        cr_assert(fmpq_equal(r, expected) && fmpq_is_canonical(r));
        awkward(r, &random);
        fmpq_set(expected, r);
        fmpq_addmul(expected, a, b);
        rw_q_addmul(r, a, b);
        cr_assert(fmpq_equal(r, expected) && fmpq_is_canonical(r));
        rw_q_set(r, a);
        cr_assert(fmpq_equal(r, a));
        rw_q_zero(r);
        cr_assert(fmpq_is_zero(r) && fmpq_is_canonical(r));
    }
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(r);
    fmpq_clear(expected);
}

static void reads_as(const char *text, const char *expected)
{
    fmpq_t value;
    fmpq_init(value);
    bool good = rw_q_parse(value, text, strlen(text), 50);
    cr_assert_eq(good, expected != NULL, "'%s'", text);
    if (good) {
        char *back = rw_q_text(value);
        cr_assert_str_eq(back, expected);
        free(back);
    }
    fmpq_clear(value);
}

Test(rational, numbers_are_read_exactly)
{
    reads_as("2", "2");
    reads_as("-1/3", "-1/3");
    reads_as("0.25", "1/4");
    reads_as("-.5", "-1/2");
    reads_as("+7", "7");
    reads_as("6/4", "3/2");
    reads_as("0/5", "0");
    reads_as("-0", "0");
    reads_as("5.", "5");
    reads_as("123456789012345678901234567890", "123456789012345678901234567890");
}

Test(rational, what_is_not_a_number_is_refused)
{
    static const char *const bad[] = {"",      "-",    "1/0", "1/", "/2",  ".",   "1e5",   "0x10",     "1/2/3",
                                      "1.2.3", "1/-2", " 1",  "1 ", "--1", "inf", "1.5/2", "\xC2\xB2", "1_000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        reads_as(bad[i], NULL);
    reads_as("123456789012345678901234567890123456789012345678901", NULL); /* past the limit of 50 */
}

Test(rational, bits_are_those_of_numerator_and_denominator)
{
    fmpq_t q;
    fmpq_init(q);
    cr_assert_eq(rw_q_bits(q), 0);
    fmpq_set_si(q, -8, 1);
    cr_assert_eq(rw_q_bits(q), 4);
    fmpq_set_si(q, 1, 3);
    cr_assert_eq(rw_q_bits(q), 3);
    fmpq_clear(q);
}

/* Numbers of all kinds: small, large, powers of 2 and others below the line, and the same below the line as another one's. */
static void draw_number(struct rw_random *random, fmpq_t value, const fmpq_t other)
{
    static const ulong bases[] = {1, 2, 2, 6, 10};
    fmpz_t base;
    fmpz_init_set_ui(base, bases[rw_random_below(random, 5)]);
    ulong exponent = rw_random_below(random, 90);
    fmpz_set_si(fmpq_numref(value), (slong)rw_random_below(random, 41) - 20);
    if (rw_random_below(random, 2) == 0)
        fmpz_mul_2exp(fmpq_numref(value), fmpq_numref(value), rw_random_below(random, 120));
    fmpz_add_si(fmpq_numref(value), fmpq_numref(value), (slong)rw_random_below(random, 3) - 1);
    if (rw_random_below(random, 4) == 0)
        fmpz_set(fmpq_denref(value), fmpq_denref(other));
    else
        fmpz_pow_ui(fmpq_denref(value), base, exponent);
    fmpq_canonicalise(value);
    fmpz_clear(base);
}

Test(rational, arithmetic_is_that_of_flint)
{
    struct rw_random random = rw_random_seed(1);
    fmpq_t a, b, r, expected;
    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(r);
    fmpq_init(expected);
    for (int trial = 0; trial < 40000; trial++) {
        draw_number(&random, a, b);
        draw_number(&random, b, a);
        draw_number(&random, r, a);
        fmpq_set(expected, r);
        fmpq_addmul(expected, a, b);
        rw_q_addmul(r, a, b);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        fmpq_add(expected, a, b);
        rw_q_add(r, a, b);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        rw_q_set(r, a);
        rw_q_add(r, r, b);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        rw_q_set(r, b);
        rw_q_add(r, a, r);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        fmpq_mul(expected, a, b);
        rw_q_mul(r, a, b);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        rw_q_set(r, a);
        rw_q_mul(r, r, b);
        cr_assert(fmpq_is_canonical(r) && fmpq_equal(r, expected));
        fmpq_neg(b, a);
        rw_q_add(r, a, b);
        cr_assert(fmpq_is_zero(r) && fmpq_is_canonical(r));
    }
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(r);
    fmpq_clear(expected);
}
