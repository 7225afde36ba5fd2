/* series.h - whatever can be proved equal by linear algebra, as weighted automata. Internal to verify. */
#ifndef RW_VERIFY_SERIES_H
#define RW_VERIFY_SERIES_H

#include "automata/wfa.h"
#include "verify/equal.h"

#define RW_MOST_SERIES 2

/* A weighted automaton that has the verdicts or the values of a side. `key` names it in a certificate, `title` in a
 * sentence. */
struct rw_series {
    struct rw_wfa *f;
    const char *key, *title;
};

/* The series of a side, best first: a nondeterministic machine has the indicator of its language and the number of its
 * accepting paths. How many there are; 0: none (of at most max_states states), and `why` says why. */
size_t rw_series_of(struct rw_side side, uint64_t max_states, struct rw_series *series, FILE *why);
/* Frees each f. */
void rw_series_clear(struct rw_series *series, size_t count);

#endif
