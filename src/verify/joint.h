/* joint.h - two weighted automata reading the same word: comparing them on all words. Internal to verify. */
#ifndef RW_VERIFY_JOINT_H
#define RW_VERIFY_JOINT_H

#include "automata/wfa.h"
#include "verify/context_signs.h"
#include "verify/equal.h"

/* Whether a(w) = b(w) for all words, by the space that the joint rows span: its dimension is at most the sum of their
 * states (Schuetzenberger 1961; Tzeng 1992). DIFFERENT: `word` is a shortest one. UNDECIDED: the basis has more than
 * `max_cells` nonzero entries. `dimension` receives the dimension reached. */
enum rw_equality rw_series_equal(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t max_cells,
                                 struct rw_word *word, size_t *dimension);

/* All weights are at least 0. */
bool rw_wfa_is_nonnegative(const struct rw_wfa *wfa);

/* Whether a(w) > 0 exactly where b(w) > 0, by visiting all joint rows, breadth first. `supports`: only which entries
 * are nonzero is kept of a row, which is enough (and finite) where both are nonnegative. Otherwise rows are taken up to a positive
 * factor for each automaton, without states that can no longer contribute. DIFFERENT: `word` is a
 * shortest one. UNDECIDED: there are more rows than `max_cells` entries hold. `pairs` receives how many rows were
 * visited; `told` (may be NULL) is told of each. */
enum rw_equality rw_signs_equal(const struct rw_wfa *a, const struct rw_wfa *b, bool supports, uint64_t max_cells,
                                struct rw_word *word, rw_pair_told *told, void *context, size_t *pairs);

#endif
