/* stack_gates.c - a rule that pops whatever is there becomes one gate for each letter. */
#include "reductions/witness/stack_gates.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static struct rw_stack_gate *add_gate(struct rw_stack_gates *gates, const struct rw_stack *machine,
                                      const struct rw_stack_rule *rule)
{
    gates->gates = rw_grow(gates->gates, &gates->capacity, gates->count + 1, sizeof *gates->gates);
    struct rw_stack_gate *gate = gates->gates + gates->count++;
    *gate = (struct rw_stack_gate){.from = rule->from,
                                   .symbol = rule->symbol,
                                   .to = rule->to,
                                   .test = rw_alloc(machine->stacks, sizeof *gate->test),
                                   .change = rw_alloc(machine->stacks, sizeof *gate->change)};
    if (machine->stacks > 0)
        memcpy(gate->test, rule->test, machine->stacks * sizeof *gate->test);
    return gate;
}

static bool pops_unknown(const struct rw_stack_rule *rule, size_t stack)
{
    return rule->action[stack] == RW_POP && rule->test[stack] == RW_TOP_NONEMPTY;
}

/* The gate of a rule for these letters popped unknown. */
static void fill_gate(const struct rw_stack *machine, const struct rw_stack_rule *rule, const uint32_t *popped,
                      struct rw_stack_gate *gate)
{
    for (size_t i = 0; i < machine->stacks; i++) {
        if (pops_unknown(rule, i))
            gate->test[i] = RW_TOP_FIRST + popped[i];
        if (rule->action[i] == RW_POP)
            gate->change[i] = rw_change_pop(gate->test[i] - RW_TOP_FIRST);
        else if (rule->action[i] >= RW_PUSH_FIRST)
            gate->change[i] = rw_change_push(machine->letters, rule->action[i] - RW_PUSH_FIRST);
    }
}

static bool next_popped(const struct rw_stack *machine, const struct rw_stack_rule *rule, uint32_t *popped)
{
    for (size_t i = 0; i < machine->stacks; i++) {
        if (!pops_unknown(rule, i))
            continue;
        if (++popped[i] < machine->letters)
            return true;
        popped[i] = 0;
    }
    return false;
}

bool rw_stack_gates_make(const struct rw_stack *machine, size_t most, struct rw_stack_gates *gates)
{
    uint32_t *popped = rw_alloc(machine->stacks, sizeof *popped);
    *gates = (struct rw_stack_gates){0};
    for (size_t k = 0; k < machine->rule_count && gates->count <= most; k++) {
        memset(popped, 0, machine->stacks * sizeof *popped);
        do {
            fill_gate(machine, machine->rules + k, popped, add_gate(gates, machine, machine->rules + k));
        } while (gates->count <= most && next_popped(machine, machine->rules + k, popped));
    }
    free(popped);
    return gates->count <= most;
}

void rw_stack_gates_clear(struct rw_stack_gates *gates)
{
    for (size_t g = 0; g < gates->count; g++) {
        free(gates->gates[g].test);
        free(gates->gates[g].change);
    }
    free(gates->gates);
}
