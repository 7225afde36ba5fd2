/* counter.h - real-time counter machines (Fischer, Meyer, Rosenberg 1968; Definition 12 of the paper).
 *
 * Transitions read (state, symbol, test of each counter), go to a state, and add a constant to each counter or reset it
 * to 0. Counters are signed integers, or natural (spec: `range: natural`): then every rule that subtracts must test the
 * counter for nonzero and subtract exactly 1, so that no run can go below 0 (checked by the reader, asserted by the
 * seal). Acceptance is on the state and tests of the counters. */
#ifndef RW_AUTOMATA_COUNTER_H
#define RW_AUTOMATA_COUNTER_H

#include "automata/machine.h"

/* A test of one counter: the paper's zero-mask. */
enum rw_test { RW_TEST_ANY, RW_TEST_ZERO, RW_TEST_NONZERO };

struct rw_counter_rule {
    uint32_t from, symbol, to;
    uint8_t *test;  /* enum rw_test for each counter */
    int64_t *add;   /* constant added to each counter (0 where reset) */
    uint8_t *reset; /* 1 where the counter is set to 0 */
};

struct rw_counter_acceptance {
    uint32_t state;
    uint8_t *test;
};

struct rw_counter {
    size_t states, symbols, counters;
    char **state_names, **counter_names;
    bool natural; /* counters stay >= 0, see above */
    uint32_t initial;
    struct rw_counter_rule *rules; /* pairwise disjoint: at most one applies to any configuration */
    size_t rule_count, rule_capacity;
    size_t *index; /* after rw_counter_seal: where the rules of (state, symbol) start, at state * symbols + symbol */
    struct rw_counter_acceptance *acceptance; /* accepted if any row matches */
    size_t acceptance_count, acceptance_capacity;
};

/* Quantities: "state q" (0 or 1) for each state, then "counter n". A dead run has all states 0 and counters as they
 * were. */
extern const struct rw_machine_kind rw_counter_kind;

struct rw_counter *rw_counter_new(size_t states, size_t symbols, size_t counters);
void rw_counter_free(struct rw_counter *machine);
/* A new rule, all tests ANY, nothing added, to be filled in. The pointer is good until the next call. */
struct rw_counter_rule *rw_counter_add_rule(struct rw_counter *machine, uint32_t from, uint32_t symbol, uint32_t to);
struct rw_counter_acceptance *rw_counter_add_acceptance(struct rw_counter *machine, uint32_t state);
/* Two rules that can apply to the same configuration, or false if none: the reader reports them as nondeterminism. Call
 * before seal. */
bool rw_counter_conflict(const struct rw_counter *machine, size_t *first, size_t *second);
/* Sorts the rules by (from, symbol); must be called before any run. */
void rw_counter_seal(struct rw_counter *machine);
bool rw_counter_has_resets(const struct rw_counter *machine);

#endif
