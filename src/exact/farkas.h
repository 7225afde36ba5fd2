/* farkas.h - what follows from linear inequalities over nonnegative rationals.
 *
 * A row of n + 1 numbers is the inequality row[0] x[0] + ... + row[n-1] x[n-1] + row[n] >= 0. By Farkas' lemma a row follows from others that have a
 * solution if and only if it is a nonnegative combination of them, of the inequalities x[j] >= 0, and of a nonnegative constant. */
#ifndef RW_EXACT_FARKAS_H
#define RW_EXACT_FARKAS_H

#include <stdbool.h>
#include <stddef.h>

#include <flint/fmpq.h>

/* Whether the goal is such a combination of `count` rows, one after another in `rows`. true is checked against the combination that was found. If the rows have
 * no solution with x >= 0, the row 0 x - 1 >= 0 follows, and others may or may not. Cost: the simplex method on a table of n + 1 by count. */
bool rw_follows(size_t n, const fmpq *rows, size_t count, const fmpq *goal);

#endif
