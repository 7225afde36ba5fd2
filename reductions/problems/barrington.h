/* barrington.h - a Boolean formula as a word of permutations of five points (R3; Barrington 1989). */
#ifndef RW_REDUCTIONS_PROBLEMS_BARRINGTON_H
#define RW_REDUCTIONS_PROBLEMS_BARRINGTON_H

#include "reductions/problems/formula.h"

/* Appends letters of s5.h whose product is the identity if the formula is false and the 5-cycle 23451 if it is true. At most
 * 4^d letters, d the depth after exclusive or is written with and, or and not. false and a diagnostic if the word would be
 * longer than limits->word_length. */
bool rw_barrington(const struct rw_formula *formula, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_word *word);

#endif
