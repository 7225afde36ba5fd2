/* stack_write.c - stack machines as specs, tables and facts. */
#include <stdlib.h>

#include "automata/stack.h"
#include "base/memory.h"
#include "spec/stack.h"

static void write_test(const struct rw_stack *machine, uint32_t test, FILE *out)
{
    if (test >= RW_TOP_FIRST)
        rw_write_scalar(out, machine->letter_names[test - RW_TOP_FIRST]);
    else
        fputs(test == RW_TOP_EMPTY ? "empty" : "nonempty", out);
}

static void write_tests(const struct rw_stack *machine, const uint32_t *test, FILE *out)
{
    bool first = true;
    fputc('{', out);
    for (size_t i = 0; i < machine->stacks; i++) {
        if (test[i] == RW_TOP_ANY)
            continue;
        fputs(first ? "" : ", ", out);
        rw_write_scalar(out, machine->stack_names[i]);
        fputs(": ", out);
        write_test(machine, test[i], out);
        first = false;
    }
    fputc('}', out);
}

static char *action_text(const struct rw_stack *machine, uint32_t action)
{
    return action == RW_POP ? rw_strdup("pop") : rw_format("push %s", machine->letter_names[action - RW_PUSH_FIRST]);
}

static void write_actions(const struct rw_stack *machine, const uint32_t *action, FILE *out)
{
    bool first = true;
    for (size_t i = 0; i < machine->stacks; i++) {
        if (action[i] == RW_KEEP)
            continue;
        fputs(first ? ", do: {" : ", ", out);
        rw_write_scalar(out, machine->stack_names[i]);
        fputs(": ", out);
        char *text = action_text(machine, action[i]);
        rw_write_scalar(out, text);
        free(text);
        first = false;
    }
    fputs(first ? "" : "}", out);
}

static bool has_test(const struct rw_stack *machine, const uint32_t *test)
{
    for (size_t i = 0; i < machine->stacks; i++)
        if (test[i] != RW_TOP_ANY)
            return true;
    return false;
}

static void write_rule(const struct rw_machine *owner, const struct rw_stack_rule *rule, FILE *out)
{
    const struct rw_stack *machine = owner->model;
    fputs("  - {from: ", out);
    rw_write_scalar(out, machine->state_names[rule->from]);
    fputs(", read: ", out);
    rw_write_scalar(out, rw_alphabet_name(owner->alphabet, rule->symbol));
    fputs(", to: ", out);
    rw_write_scalar(out, machine->state_names[rule->to]);
    if (has_test(machine, rule->test)) {
        fputs(", when: ", out);
        write_tests(machine, rule->test, out);
    }
    write_actions(machine, rule->action, out);
    fputs("}\n", out);
}

/* Rows of one state stand together, as a list of tests. */
static void write_accepting(const struct rw_stack *machine, FILE *out)
{
    bool none = true;
    fputs("accepting:", out);
    for (uint32_t s = 0; s < machine->states; s++) {
        bool any = false;
        for (size_t i = 0; i < machine->acceptance_count; i++) {
            if (machine->acceptance[i].state != s)
                continue;
            fputs(any ? ", " : "\n  ", out);
            if (!any) {
                rw_write_scalar(out, machine->state_names[s]);
                fputs(": [", out);
            }
            write_tests(machine, machine->acceptance[i].test, out);
            any = true;
        }
        fputs(any ? "]" : "", out);
        none = none && !any;
    }
    fputs(none ? " []\n" : "\n", out);
}

void rw_stack_write(const struct rw_machine *owner, FILE *out)
{
    const struct rw_stack *machine = owner->model;
    fputs("stacks: ", out);
    rw_write_list(out, machine->stack_names, machine->stacks);
    fputs("\nstack-alphabet: ", out);
    rw_write_list(out, machine->letter_names, machine->letters);
    fputs("\nstates: ", out);
    rw_write_list(out, machine->state_names, machine->states);
    fputs("\ninitial: ", out);
    rw_write_scalar(out, machine->state_names[machine->initial]);
    fputc('\n', out);
    write_accepting(machine, out);
    fputs("missing: reject\ntransitions:", out); /* says nothing wrong about a complete machine */
    fputs(machine->rule_count == 0 ? " []\n" : "\n", out);
    for (size_t i = 0; i < machine->rule_count; i++)
        write_rule(owner, machine->rules + i, out);
}

/* "A = x, B empty" */
static char *tests_text(const struct rw_stack *machine, const uint32_t *test)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < machine->stacks; i++) {
        if (test[i] == RW_TOP_ANY)
            continue;
        fprintf(out, "%s%s%s", ftell(out) > 0 ? ", " : "", machine->stack_names[i],
                test[i] >= RW_TOP_FIRST ? " = " : " ");
        if (test[i] >= RW_TOP_FIRST)
            fputs(machine->letter_names[test[i] - RW_TOP_FIRST], out);
        else
            fputs(test[i] == RW_TOP_EMPTY ? "empty" : "nonempty", out);
    }
    fclose(out);
    return text;
}

static char *actions_text(const struct rw_stack *machine, const uint32_t *action)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < machine->stacks; i++) {
        if (action[i] == RW_KEEP)
            continue;
        char *what = action_text(machine, action[i]);
        fprintf(out, "%s%s: %s", ftell(out) > 0 ? ", " : "", machine->stack_names[i], what);
        free(what);
    }
    fclose(out);
    return text;
}

void rw_stack_table(const struct rw_machine *owner, struct rw_table *table)
{
    static const char *const headings[] = {"from", "reads", "when", "to", "stacks"};
    const struct rw_stack *machine = owner->model;
    for (size_t i = 0; i < 5; i++)
        rw_table_cell(table, rw_strdup(headings[i]));
    rw_table_end_row(table);
    for (size_t i = 0; i < machine->rule_count; i++) {
        const struct rw_stack_rule *rule = machine->rules + i;
        rw_table_cell(table, rw_strdup(machine->state_names[rule->from]));
        rw_table_cell(table, rw_strdup(rw_alphabet_name(owner->alphabet, rule->symbol)));
        rw_table_cell(table, tests_text(machine, rule->test));
        rw_table_cell(table, rw_strdup(machine->state_names[rule->to]));
        rw_table_cell(table, actions_text(machine, rule->action));
        rw_table_end_row(table);
    }
}

void rw_stack_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_stack *stack = machine->model;
    rw_facts_add(facts, "states", "%zu, with %zu rules", stack->states, stack->rule_count);
    rw_facts_add(facts, "stacks", "%zu, of %zu symbols", stack->stacks, stack->letters);
    rw_facts_add(facts, "class", "%s",
                 stack->stacks < 2 ? "deterministic real-time context-free, so in P; one stack is not complete for it"
                                   : "in P, by a network of polynomial precision; circuit value is complete for it");
}
