/* equal_polynomials.h - verdicts of linear sides whose values are polynomials of one integer. Internal to verify. */
#ifndef RW_VERIFY_EQUAL_POLYNOMIALS_H
#define RW_VERIFY_EQUAL_POLYNOMIALS_H

#include "verify/equal.h"

/* For sides that are linear, both with verdicts. Never RW_DIFFERENT. Cost: for each symbol, elimination among products of the sides' states, at most 200 of them; limit "cells" bounds
 * the entries of what is eliminated. */
enum rw_equality rw_equal_polynomials(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                      struct rw_progress *progress, FILE *why);

#endif
