/* rational.h - exact rational numbers: FLINT's fmpq with a short path for small integers.
 *
 * An fmpq whose denominator is 1 and whose numerator fits FLINT's small representation is added and
 * multiplied inline with checked 64-bit arithmetic; everything else goes to FLINT. Results are always
 * canonical. All operands are initialised by the caller; results may alias operands unless said otherwise. */
#ifndef RW_EXACT_RATIONAL_H
#define RW_EXACT_RATIONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <flint/fmpq.h>

/* Both words are FLINT small integers and the denominator is 1. */
static inline bool rw_q_is_small(const fmpq_t a)
{
    return *fmpq_denref(a) == 1 && !COEFF_IS_MPZ(*fmpq_numref(a));
}

static inline bool rw_q_is_zero(const fmpq_t a)
{
    return *fmpq_numref(a) == 0;
}

static inline bool rw_q_is_one(const fmpq_t a)
{
    return *fmpq_numref(a) == 1 && *fmpq_denref(a) == 1;
}

static inline int rw_q_sign(const fmpq_t a)
{
    fmpz numerator = *fmpq_numref(a);
    if (!COEFF_IS_MPZ(numerator))
        return (numerator > 0) - (numerator < 0);
    return fmpz_sgn(fmpq_numref(a));
}

static inline void rw_q_set(fmpq_t r, const fmpq_t a)
{
    if (rw_q_is_small(r) && rw_q_is_small(a))
        *fmpq_numref(r) = *fmpq_numref(a);
    else
        fmpq_set(r, a);
}

static inline void rw_q_set_int(fmpq_t r, int64_t value)
{
    fmpq_set_si(r, value, 1);
}

static inline void rw_q_zero(fmpq_t r)
{
    if (rw_q_is_small(r))
        *fmpq_numref(r) = 0;
    else
        fmpq_zero(r);
}

/* The same operations where the short path does not do (large.c). Operands may be anything; r of addmul is distinct from a and b. */
void rw_q_add_large(fmpq_t r, const fmpq_t a, const fmpq_t b);
void rw_q_mul_large(fmpq_t r, const fmpq_t a, const fmpq_t b);
void rw_q_addmul_large(fmpq_t r, const fmpq_t a, const fmpq_t b);

/* r = a + b */
static inline void rw_q_add(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    if (rw_q_is_small(a) && rw_q_is_small(b) && rw_q_is_small(r)) {
        slong sum = *fmpq_numref(a) + *fmpq_numref(b); /* two 62-bit numbers cannot overflow 64 bits */
        if (sum <= COEFF_MAX && sum >= COEFF_MIN) {
            *fmpq_numref(r) = sum;
            return;
        }
    }
    rw_q_add_large(r, a, b);
}

/* r = a * b */
static inline void rw_q_mul(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    slong product;
    if (rw_q_is_small(a) && rw_q_is_small(b) && rw_q_is_small(r) &&
        !__builtin_mul_overflow(*fmpq_numref(a), *fmpq_numref(b), &product) && product <= COEFF_MAX &&
        product >= COEFF_MIN) {
        *fmpq_numref(r) = product;
        return;
    }
    rw_q_mul_large(r, a, b);
}

/* r += a * b; r is distinct from a and b */
static inline void rw_q_addmul(fmpq_t r, const fmpq_t a, const fmpq_t b)
{
    slong product, sum;
    if (rw_q_is_small(a) && rw_q_is_small(b) && rw_q_is_small(r) &&
        !__builtin_mul_overflow(*fmpq_numref(a), *fmpq_numref(b), &product) &&
        !__builtin_add_overflow(*fmpq_numref(r), product, &sum) && sum <= COEFF_MAX && sum >= COEFF_MIN) {
        *fmpq_numref(r) = sum;
        return;
    }
    rw_q_addmul_large(r, a, b);
}

static inline bool rw_q_equal(const fmpq_t a, const fmpq_t b)
{
    return fmpq_equal(a, b);
}

/* `count` zeros, one after the other. Free with rw_q_list_free, which takes NULL too. */
fmpq *rw_q_list_new(size_t count);
void rw_q_list_free(fmpq *list, size_t count);
bool rw_q_list_is_nonnegative(const fmpq *list, size_t count);
bool rw_q_list_is_integer(const fmpq *list, size_t count);

/* Bits of the numerator plus, unless it is 1, bits of the denominator: what it takes to write the number down. */
size_t rw_q_bits(const fmpq_t a);

/* Reads "2", "-1/3", "0.25", "-.5", "+7": exact, surrounding nothing. false (and value untouched) if the text is
 * not a number, has a zero denominator, or more than max_digits digits. */
bool rw_q_parse(fmpq_t value, const char *text, size_t length, uint64_t max_digits);
/* "2", "-1/3" */
void rw_q_print(FILE *out, const fmpq_t a);
/* The same as a new string. Caller frees. */
char *rw_q_text(const fmpq_t a);

#endif
