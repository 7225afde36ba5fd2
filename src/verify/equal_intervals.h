/* equal_intervals.h - verdicts of linear sides, by bounds of the one for each state of the other. Internal to verify. */
#ifndef RW_VERIFY_EQUAL_INTERVALS_H
#define RW_VERIFY_EQUAL_INTERVALS_H

#include "verify/equal.h"

/* For sides of which the left one has finitely many rows, such as a dfa, both with verdicts. Never RW_DIFFERENT. Cost: a product of a row and a letter for each
 * row of the left one, a few times over. */
enum rw_equality rw_equal_intervals(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                    FILE *why);

#endif
