/* dfa.h - deterministic finite automata, complete or partial.
 *
 * A missing transition (RW_NO_STATE) rejects: the run is dead from there on and every quantity is 0. */
#ifndef RW_AUTOMATA_DFA_H
#define RW_AUTOMATA_DFA_H

#include "automata/machine.h"
#include "base/progress.h"

#define RW_NO_STATE UINT32_MAX

struct rw_dfa {
    size_t states, symbols;
    char **names; /* one for each state, distinct */
    uint32_t initial;
    uint8_t *accepting; /* 1 or 0 for each state */
    uint32_t *next;     /* next[state * symbols + symbol], or RW_NO_STATE */
};

extern const struct rw_machine_kind rw_dfa_kind;

/* States named "0", "1", ... , no transitions, nothing accepting. Caller frees. */
struct rw_dfa *rw_dfa_new(size_t states, size_t symbols);
void rw_dfa_free(struct rw_dfa *dfa);
struct rw_dfa *rw_dfa_copy(const struct rw_dfa *dfa);

bool rw_dfa_accepts(const struct rw_dfa *dfa, const uint32_t *symbols, size_t length);

/* Reachable states only, in breadth-first order; missing transitions stay missing. */
struct rw_dfa *rw_dfa_trim(const struct rw_dfa *dfa);
/* The complete DFA with the fewest states for the same language (Hopcroft 1971), states in breadth-first order and
 * named after a member. O(n k log n). */
struct rw_dfa *rw_dfa_minimise(const struct rw_dfa *dfa);
/* Whether both accept the same words; if not, `word` is a shortest one they differ on (the first in the order of
 * symbols). Near-linear (Hopcroft-Karp by breadth-first search of pairs). Same alphabet. */
bool rw_dfa_equivalent(const struct rw_dfa *a, const struct rw_dfa *b, struct rw_word *word);

/* What a letter does to the states: decides whether a strict PD layer suffices (theory W1). */
enum rw_letter { RW_LETTER_PERMUTATION, RW_LETTER_INJECTIVE, RW_LETTER_RESET, RW_LETTER_MERGES };
/* RW_LETTER_INJECTIVE: partial, no two states meet. RW_LETTER_RESET: total and constant. For RW_LETTER_MERGES, `p` and
 * `q` (may be NULL) are two states that the letter sends to the same state. One state only: permutation. */
enum rw_letter rw_dfa_letter(const struct rw_dfa *dfa, uint32_t symbol, uint32_t *p, uint32_t *q);

#endif
