/* ben_or_cleve.h - an arithmetic formula as a word of 3 x 3 matrices (R5; Ben-Or and Cleve 1992). */
#ifndef RW_REDUCTIONS_PROBLEMS_BEN_OR_CLEVE_H
#define RW_REDUCTIONS_PROBLEMS_BEN_OR_CLEVE_H

#include "automata/machine.h"
#include "reductions/problems/formula.h"

/* Where the product of the matrices holds the formula's value. */
#define RW_BEN_OR_CLEVE_ROW 0
#define RW_BEN_OR_CLEVE_COL 2

/* The automaton that multiplies 3 x 3 matrices over {-1, 0, 1}, asked for that entry; its letters are -1, 0, 1 in this order.
 * Caller frees. */
struct rw_machine *rw_ben_or_cleve_machine(void);

/* Appends at most 4^d matrices, nine letters each and row by row, d the formula's depth. Their product is the identity with the
 * formula's value as the entry above. false and a diagnostic if the word would be longer than limits->word_length. */
bool rw_ben_or_cleve(const struct rw_formula *formula, const struct rw_limits *limits, struct rw_diag *diag,
                     struct rw_word *word);

#endif
