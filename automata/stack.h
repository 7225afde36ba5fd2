/* stack.h - real-time machines with any number of stacks (Theorem 1 of the paper is about two).
 *
 * Transitions read (state, symbol, test of each stack's top), go to a state, and push one symbol on, pop, or keep each stack. A rule that pops
 * tests for something else than empty (checked by the reader, asserted by the seal), so no run ever pops an empty stack. Acceptance is on the
 * state and tests of the stacks.
 *
 * A configuration gives each stack as one number, its contents as digits of base 2B with gaps (B: size of the stack alphabet): 0 is empty, and
 * b on top of w is (2b + 1 + E(w)) / 2B. */
#ifndef RW_AUTOMATA_STACK_H
#define RW_AUTOMATA_STACK_H

#include "automata/machine.h"

/* A test of one stack: one of these, or RW_TOP_FIRST + b for "b is on top". */
enum rw_top { RW_TOP_ANY, RW_TOP_EMPTY, RW_TOP_NONEMPTY, RW_TOP_FIRST };
/* What is done to one stack: one of these, or RW_PUSH_FIRST + b. */
enum rw_stack_action { RW_KEEP, RW_POP, RW_PUSH_FIRST };

struct rw_stack_rule {
    uint32_t from, symbol, to;
    uint32_t *test;   /* for each stack */
    uint32_t *action; /* for each stack */
};

struct rw_stack_acceptance {
    uint32_t state;
    uint32_t *test;
};

struct rw_stack {
    size_t states, symbols, stacks, letters; /* letters: B, size of the stack alphabet */
    char **state_names, **stack_names, **letter_names;
    uint32_t initial;
    struct rw_stack_rule *rules; /* pairwise disjoint: at most one applies to any configuration */
    size_t rule_count, rule_capacity;
    size_t *index; /* after rw_stack_seal: where the rules of (state, symbol) start, at state * symbols + symbol */
    struct rw_stack_acceptance *acceptance; /* accepted if any row matches */
    size_t acceptance_count, acceptance_capacity;
};

/* Quantities: "state q" (0 or 1) for each state, then "stack A". A dead run has all states 0 and the stacks as they were. */
extern const struct rw_machine_kind rw_stack_kind;

struct rw_stack *rw_stack_new(size_t states, size_t symbols, size_t stacks, size_t letters);
void rw_stack_free(struct rw_stack *machine);
/* A new rule, all tests ANY, all stacks kept, to be filled in. The pointer is good until the next call. */
struct rw_stack_rule *rw_stack_add_rule(struct rw_stack *machine, uint32_t from, uint32_t symbol, uint32_t to);
struct rw_stack_acceptance *rw_stack_add_acceptance(struct rw_stack *machine, uint32_t state);
/* Two rules that can apply to the same configuration, or false if none. Call before seal. Cost: pairs of rules of one (state, symbol). */
bool rw_stack_conflict(const struct rw_stack *machine, size_t *first, size_t *second);
/* Whether the action needs no symbol that the test does not promise. */
bool rw_stack_pops_safely(uint32_t test, uint32_t action);
/* Sorts the rules by (from, symbol); must be called before any run. */
void rw_stack_seal(struct rw_stack *machine);

/* Contents of stack i of a run, bottom first. Valid until the next step. */
const uint32_t *rw_stack_contents(const void *run, size_t i, size_t *count);

#endif
