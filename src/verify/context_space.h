/* context_space.h - two weighted automata with contexts on the same words: equal series. Internal to verify. */
#ifndef RW_VERIFY_CONTEXT_SPACE_H
#define RW_VERIFY_CONTEXT_SPACE_H

#include "base/progress.h"
#include "verify/contexts.h"
#include "verify/equal.h"
#include "verify/scaling.h"

/* How far it went: joint contexts, the sum of the dimensions of their spaces, and vectors on which values were compared
 * or that were found to depend on those. */
struct rw_context_size {
    size_t contexts, dimension, checked;
    bool interrupted;
};

/* Whether g(w) = scale f(w) + shift for all words, by a basis of the space of joint rows for each joint context.
 * DIFFERENT: `word` is a shortest one. UNDECIDED: there are more than max_cells joint contexts, or their vectors take
 * too much memory or time for as many. */
enum rw_equality rw_context_series_equal(struct rw_contexts *f, struct rw_contexts *g, const struct rw_scaling *scaling,
                                         uint64_t max_cells, struct rw_progress *progress, struct rw_word *word,
                                         struct rw_context_size *size);

#endif
