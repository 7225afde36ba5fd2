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
 * accepting paths. How many there are; 0: none (of at most max_states states), and `why` says why. rw_series_clear them. */
size_t rw_series_of(struct rw_side side, uint64_t max_states, struct rw_series *series, FILE *why);
/* Frees each f. */
void rw_series_clear(struct rw_series *series, size_t count);

/* f(word), into `value`. Cost: a product of a row and a letter for each symbol. */
void rw_series_value(const struct rw_wfa *f, const struct rw_word *word, fmpq_t value);
/* The words that end with a symbol: w -> f(w symbol), the same automaton with M_symbol omega for omega. Caller frees. */
struct rw_wfa *rw_series_before(const struct rw_wfa *f, uint32_t symbol);
/* Whether both or none are positive on the empty word. */
bool rw_series_agree_on_empty(const struct rw_wfa *f, const struct rw_wfa *g);

#endif
