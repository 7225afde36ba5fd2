/* equal_contexts.h - equality for all words by one basis for each context of the routers. Internal to verify. */
#ifndef RW_VERIFY_EQUAL_CONTEXTS_H
#define RW_VERIFY_EQUAL_CONTEXTS_H

#include "verify/equal.h"

/* Whether the argument is about these two sides: at least one is a network with contexts (contexts.h) that is more than
 * one layer, and the other is that too, a one-layer linear network, or a dfa, nfa, regex or wfa. If not, why (may be NULL)
 * says so. */
bool rw_sides_have_contexts(struct rw_side left, struct rw_side right, FILE *why);
/* DIFFERENT: `word` is a shortest one. UNDECIDED: `why` says how many contexts were reached, proof->limit is "cells"; or
 * verdicts agree as far as seen but not for a reason that is known. */
enum rw_equality rw_equal_contexts(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                   struct rw_progress *progress, struct rw_word *word, struct rw_linear_proof *proof,
                                   FILE *why);

#endif
