/* context_signs.h - two weighted automata with contexts on the same words: equal signs. Internal to verify. */
#ifndef RW_VERIFY_CONTEXT_SIGNS_H
#define RW_VERIFY_CONTEXT_SIGNS_H

#include "base/progress.h"
#include "verify/contexts.h"
#include "verify/equal.h"
#include "verify/row.h"

/* A visited row, f's entries before g's, and the numbers of the rows that follow it, one for each symbol. */
typedef void rw_pair_told(void *context, const struct rw_row *row, const size_t *steps, size_t symbols);

struct rw_signs_options {
    bool supports;      /* keep only which entries are nonzero */
    uint64_t max_cells; /* of all rows (rw_row_cells) */
    struct rw_progress *progress;
    rw_pair_told *told; /* NULL: nobody is told */
    void *context;      /* of `told` */
};

/* Whether f(w) > 0 exactly where g(w) > 0, by visiting all joint rows in their contexts, breadth first. Supports are enough
 * (and finite) where nothing is negative; UNDECIDED if something is. Otherwise rows are taken up to a positive factor for each
 * automaton, without states that can no longer contribute. DIFFERENT: `word` is a shortest one. UNDECIDED: there are more rows than fit. `pairs`
 * receives how many rows were visited. */
enum rw_equality rw_context_signs_equal(struct rw_contexts *f, struct rw_contexts *g,
                                        const struct rw_signs_options *options, struct rw_word *word, size_t *pairs);

#endif
