/* stack_gates.h - the rules of a stack machine as gates, each of which knows what it pops. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_STACK_GATES_H
#define RW_REDUCTIONS_WITNESS_STACK_GATES_H

#include "automata/stack.h"

/* What a gate does to a stack: nothing, pop the letter b, or push it. */
enum rw_stack_change { RW_CHANGE_NONE };
static inline uint32_t rw_change_pop(uint32_t letter)
{
    return 1 + letter;
}
static inline uint32_t rw_change_push(size_t letters, uint32_t letter)
{
    return 1 + (uint32_t)letters + letter;
}
static inline size_t rw_change_count(size_t letters)
{
    return 1 + 2 * letters;
}

struct rw_stack_gate {
    uint32_t from, symbol, to;
    uint32_t *test;   /* for each stack, enum rw_top */
    uint32_t *change; /* for each stack */
};

struct rw_stack_gates {
    struct rw_stack_gate *gates;
    size_t count, capacity;
};

/* One gate for each rule and each combination of letters that it may pop without knowing which. Caller clears. false: more than `most`. */
bool rw_stack_gates_make(const struct rw_stack *machine, size_t most, struct rw_stack_gates *gates);
void rw_stack_gates_clear(struct rw_stack_gates *gates);

#endif
