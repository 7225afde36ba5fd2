/* wfa_minimise.h - weighted automata with the fewest states (Schuetzenberger 1961). */
#ifndef RW_AUTOMATA_WFA_MINIMISE_H
#define RW_AUTOMATA_WFA_MINIMISE_H

#include "automata/wfa.h"
#include "base/limits.h"
#include "base/progress.h"

/* A new automaton with the same series and as few states as any over the rationals has: the rank of the series' Hankel
 * matrix, but one state (with all weights 0) for the series 0. Its semiring is the smallest that has its weights.
 * A state whose weight after each word is still that of one old state keeps its name; others are
 * called q0, q1, ... (names.h).
 * NULL and a diagnostic if a basis has more than limit "cells" nonzero entries or the result more than limit
 * "transitions" nonzero weights; NULL alone if progress says stop. Caller frees.
 * Cost: for n states, s symbols and a rank of r, twice at most s r eliminations of a row of n entries by r others, modulo a
 * prime; and one exact product of each basis row with each letter. Numbers too large for that: elimination over the
 * integers, as many steps with numbers that grow. Zeros cost next to nothing. */
struct rw_wfa *rw_wfa_minimise(const struct rw_wfa *wfa, const struct rw_limits *limits, struct rw_progress *progress,
                               struct rw_diag *diag);

#endif
