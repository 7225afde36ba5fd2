/* polynomial.h - signs of polynomials at the integers. */
#ifndef RW_EXACT_POLYNOMIAL_H
#define RW_EXACT_POLYNOMIAL_H

#include <stdbool.h>

#include <flint/fmpz_poly.h>

/* Whether f(m) > 0 exactly where g(m) > 0, for m = 0, for all integers m > 0 if `above`, and for all m < 0 if `below`. Cost: for each degree and root a
 * bisection, one evaluation for each bit of a coefficient. */
bool rw_same_signs_at_integers(const fmpz_poly_t f, const fmpz_poly_t g, bool below, bool above);

#endif
