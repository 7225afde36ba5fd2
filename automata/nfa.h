/* nfa.h - nondeterministic finite automata with epsilon moves. */
#ifndef RW_AUTOMATA_NFA_H
#define RW_AUTOMATA_NFA_H

#include "automata/dfa.h"
#include "automata/wfa.h"

#define RW_EPSILON UINT32_MAX

struct rw_nfa_edge {
    uint32_t from, symbol, to; /* symbol may be RW_EPSILON */
};

struct rw_nfa {
    size_t states, symbols;
    char **names;
    uint8_t *initial; /* 1 or 0 for each state; several may be initial */
    uint8_t *accepting;
    struct rw_nfa_edge *edges; /* after rw_nfa_seal: sorted by from, symbol, to; no duplicates */
    size_t edge_count, edge_capacity;
    size_t *start; /* after rw_nfa_seal: edges of state s are start[s] .. start[s+1]-1 */
};

/* Runs are the set of current states (on-the-fly subset construction). Quantities "state q": 0 or 1. */
extern const struct rw_machine_kind rw_nfa_kind;

struct rw_nfa *rw_nfa_new(size_t states, size_t symbols);
void rw_nfa_free(struct rw_nfa *nfa);
void rw_nfa_add(struct rw_nfa *nfa, uint32_t from, uint32_t symbol, uint32_t to);
/* Sorts the edges; must be called before anything below or any run. */
void rw_nfa_seal(struct rw_nfa *nfa);

/* The reachable subsets as a complete DFA; state names are "{p, q}". `members` (may be NULL) receives a matrix nfa
 * states x dfa states with 1 where the subset contains the state. NULL and a limit ("states") if there are more than
 * max_states subsets, or progress says stop. Caller frees both. */
struct rw_dfa *rw_nfa_determinise(const struct rw_nfa *nfa, uint64_t max_states, struct rw_matrix **members,
                                  struct rw_progress *progress, struct rw_diag *diag);
/* The WFA over the naturals that counts accepting paths. Epsilon moves are paths too: an epsilon cycle on a useful path
 * makes counts infinite and is refused with its states named. Caller frees. */
struct rw_wfa *rw_nfa_count_paths(const struct rw_nfa *nfa, struct rw_diag *diag);

#endif
