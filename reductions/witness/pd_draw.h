/* pd_draw.h - one PD head that follows a map for each letter (W1), for automata that are deterministic or were made so. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_PD_DRAW_H
#define RW_REDUCTIONS_WITNESS_PD_DRAW_H

#include "automata/dfa.h"
#include "reductions/witness/construction.h"

/* Two states that a letter sends to one. */
struct rw_merge {
    uint32_t letter, p, q, to;
};

/* Whether some letter merges states, so that a strict PD head cannot follow it. With `writes_resets`, a constant letter of a complete
 * automaton does not count: it is written as w = 0, B = e_target. */
bool rw_pd_merges(const struct rw_dfa *dfa, bool writes_resets, struct rw_merge *merge);
/* "strict PD: ..." or "functional PD: ..." with the letter and the states. */
void rw_pd_explain(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet, bool writes_resets, FILE *why);
/* false and an error naming letter and states if options ask for a strict head and there is none; or if there are too many states. */
bool rw_pd_allowed(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet, bool writes_resets,
                   const struct rw_witness_options *options, struct rw_diag *diag);

/* A sketch with one layer and one PD head of `states` coordinates whose only output goes to the feature and output `output`. */
struct rw_sketch *rw_pd_sketch(const struct rw_alphabet *alphabet, size_t states, const char *output);
/* The head that runs the DFA. Cost: the transitions. */
struct rw_sketch *rw_pd_draw(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet);

#endif
