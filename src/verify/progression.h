/* progression.h - rows of weighted automata whose entries move by multiples of one number. Internal to verify.
 *
 * After each word entry q is (what it is after the empty word) + (an integer) * step[q], and the integers are none below 0, or none above, where that is known. */
#ifndef RW_VERIFY_PROGRESSION_H
#define RW_VERIFY_PROGRESSION_H

#include "automata/wfa.h"

struct rw_progression {
    fmpq_t start, step; /* step 0: always the same */
    bool below, above;  /* whether there may be values on that side of the start */
};
void rw_progression_init(struct rw_progression *progression);
void rw_progression_clear(struct rw_progression *progression);

/* What is known of each entry. The automaton must outlive it. Caller frees. Cost: for each state at most two passes over all weights. */
struct rw_progressions;
struct rw_progressions *rw_progressions_of(const struct rw_wfa *wfa);
void rw_progressions_free(struct rw_progressions *progressions);
/* The values of a linear form of the rows, `states` weights. false: nothing is known. */
bool rw_progression_of_form(const struct rw_progressions *progressions, const fmpq *form,
                            struct rw_progression *progression);

#endif
