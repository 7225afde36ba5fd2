/* context_space.h - two weighted automata with contexts on the same words: equal series. Internal to verify. */
#ifndef RW_VERIFY_CONTEXT_SPACE_H
#define RW_VERIFY_CONTEXT_SPACE_H

#include "automata/row_space.h"
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

/* --- the same, to look at the bases afterwards --- */

struct rw_context_space;

/* f, g and the scaling must outlive it. Caller frees. */
struct rw_context_space *rw_context_space_new(struct rw_contexts *f, struct rw_contexts *g,
                                              const struct rw_scaling *scaling, uint64_t max_cells);
void rw_context_space_free(struct rw_context_space *space);
enum rw_equality rw_context_space_search(struct rw_context_space *space, struct rw_progress *progress,
                                         struct rw_word *word);
struct rw_context_size rw_context_space_size(const struct rw_context_space *space);

/* After EQUAL. A joint context: those of both sides, and where a letter leads. The first is that of the empty word. */
struct rw_context_pair {
    uint32_t f, g;
};
struct rw_context_pair rw_context_space_pair(const struct rw_context_space *space, size_t context);
size_t rw_context_space_next(struct rw_context_space *space, size_t context, uint32_t symbol);
/* Rows have numbers through all contexts. */
const struct rw_integer_row *rw_context_space_row(const struct rw_context_space *space, size_t row, size_t *context);
/* The row after a letter as a combination of the next context's rows, entries by row numbers; and the joint row of the
 * empty word. `combination` has as many entries as there are rows. */
void rw_context_space_step(struct rw_context_space *space, size_t row, uint32_t symbol, struct rw_vector *combination);
void rw_context_space_start(struct rw_context_space *space, struct rw_vector *combination);

#endif
