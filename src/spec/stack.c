/* stack.c - reading `kind: stack`. Writing and the table are in stack_write.c. */
#include <stdlib.h>
#include <string.h>

#include "automata/stack.h"
#include "base/memory.h"
#include "base/near.h"
#include "spec/stack.h"

static const char *const keys[] = {"stacks",    "stack-alphabet", "states",  "initial",
                                   "accepting", "transitions",    "missing", NULL};

/* More combinations of tops than this in one (state, symbol) are not checked for completeness. */
#define MOST_COMBINATIONS 65536

struct names_of {
    struct rw_names *states, *stacks, *letters;
};

static bool find_letter(const struct rw_names *letters, const char *text, size_t length, uint32_t *letter)
{
    for (size_t i = 0; i < rw_names_count(letters); i++) {
        const char *name = rw_names_get(letters, i);
        if (strlen(name) != length || memcmp(name, text, length) != 0)
            continue;
        *letter = (uint32_t)i;
        return true;
    }
    return false;
}

static void unknown_letter(struct rw_reader *r, const struct rw_yaml *node, const struct names_of *names,
                           const char *text, bool is_test)
{
    struct rw_near near = rw_near_start(text);
    rw_read_error(r, node, "'%.60s' is no stack symbol", text);
    for (size_t i = 0; i < rw_names_count(names->letters); i++)
        rw_near_offer(&near, rw_names_get(names->letters, i));
    if (is_test) {
        rw_near_offer(&near, "empty");
        rw_near_offer(&near, "nonempty");
    }
    if (near.best == NULL)
        rw_diag_hint(r->diag, is_test ? "a test is empty, nonempty, or a symbol of 'stack-alphabet'"
                                      : "what is pushed is one symbol of 'stack-alphabet'");
    rw_near_hint(&near, r->diag);
}

/* empty, nonempty, or a stack symbol */
static void read_test(struct rw_reader *r, const struct rw_yaml *node, const struct names_of *names, uint32_t *test)
{
    uint32_t letter;
    const char *text = rw_read_text(r, node, "empty, nonempty or a stack symbol");
    if (text == NULL)
        return;
    if (strcmp(text, "empty") == 0)
        *test = RW_TOP_EMPTY;
    else if (strcmp(text, "nonempty") == 0)
        *test = RW_TOP_NONEMPTY;
    else if (find_letter(names->letters, text, strlen(text), &letter))
        *test = RW_TOP_FIRST + letter;
    else
        unknown_letter(r, node, names, text, true);
}

/* {stack: test, ...} */
static void read_tests(struct rw_reader *r, const struct rw_yaml *map, const struct names_of *names, uint32_t *test)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of stacks to tests of their tops"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t stack;
        if (rw_read_ref(r, map->keys[i], names->stacks, &stack))
            read_test(r, map->items[i], names, test + stack);
    }
}

/* pop, keep, or "push x" */
static bool read_action(struct rw_reader *r, const struct rw_yaml *node, const struct names_of *names, uint32_t *action)
{
    const char *text = rw_read_text(r, node, "pop, keep or push and a stack symbol");
    if (text == NULL)
        return false;
    uint32_t letter;
    if (strcmp(text, "pop") == 0) {
        *action = RW_POP;
    } else if (strcmp(text, "keep") == 0) {
        *action = RW_KEEP;
    } else if (strncmp(text, "push ", 5) == 0) {
        const char *name = text + 5 + strspn(text + 5, " ");
        if (!find_letter(names->letters, name, strlen(name), &letter)) {
            unknown_letter(r, node, names, name, false);
            return false;
        }
        *action = RW_PUSH_FIRST + letter;
    } else {
        rw_read_error(r, node, "expected pop, keep or 'push SYMBOL', found '%.60s'", text);
        return false;
    }
    return true;
}

/* {stack: action, ...}; the tests are read already. */
static void read_actions(struct rw_reader *r, const struct rw_yaml *map, const struct names_of *names,
                         struct rw_stack_rule *rule)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of stacks to what is done to them"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t stack;
        if (!rw_read_ref(r, map->keys[i], names->stacks, &stack) ||
            !read_action(r, map->items[i], names, rule->action + stack) ||
            rw_stack_pops_safely(rule->test[stack], rule->action[stack]))
            continue;
        const char *name = rw_names_get(names->stacks, stack);
        rw_read_error(r, map->items[i], "this pops '%s', which %s", name,
                      rule->test[stack] == RW_TOP_EMPTY ? "is tested to be empty" : "may be empty");
        rw_diag_hint(r->diag, "add 'when: {%s: nonempty}', or the symbol that is popped", name);
        rule->action[stack] = RW_KEEP;
    }
}

/* {from, read, to, when, do} */
static void read_rule(struct rw_reader *r, const struct rw_yaml *row, const struct names_of *names,
                      struct rw_stack *machine, const struct rw_yaml **places)
{
    static const char *const rule_keys[] = {"from", "read", "to", "when", "do", NULL};
    if (!rw_read_expect(r, row, RW_YAML_MAP, "a mapping {from, read, to, ...}"))
        return;
    rw_read_keys(r, row, rule_keys, NULL);
    uint32_t from = 0, symbol = 0, to = 0;
    const struct rw_yaml *node = rw_read_key(r, row, "from");
    bool good = node != NULL && rw_read_ref(r, node, names->states, &from);
    node = rw_read_key(r, row, "read");
    good = node != NULL && rw_read_symbol(r, node, &symbol) && good;
    node = rw_read_key(r, row, "to");
    good = node != NULL && rw_read_ref(r, node, names->states, &to) && good;
    if (!good)
        return;
    struct rw_stack_rule *rule = rw_stack_add_rule(machine, from, symbol, to);
    places[machine->rule_count - 1] = row;
    node = rw_yaml_get(row, "when");
    if (node != NULL)
        read_tests(r, node, names, rule->test);
    node = rw_yaml_get(row, "do");
    if (node != NULL)
        read_actions(r, node, names, rule);
}

/* --- acceptance: [s, ...] or {s: {A: empty}, t: [{...}, {...}]} --- */

static void accept_state(struct rw_reader *r, const struct rw_yaml *state, const struct rw_yaml *tests,
                         const struct names_of *names, struct rw_stack *machine)
{
    uint32_t number;
    if (!rw_read_ref(r, state, names->states, &number))
        return;
    if (tests != NULL && tests->type == RW_YAML_LIST) {
        for (size_t i = 0; i < tests->count; i++)
            read_tests(r, tests->items[i], names, rw_stack_add_acceptance(machine, number)->test);
        return;
    }
    struct rw_stack_acceptance *row = rw_stack_add_acceptance(machine, number);
    if (tests != NULL && !rw_yaml_is_null(tests))
        read_tests(r, tests, names, row->test);
}

static void read_accepting(struct rw_reader *r, const struct names_of *names, struct rw_stack *machine)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "accepting");
    if (node == NULL)
        return;
    if (node->type == RW_YAML_LIST) {
        for (size_t i = 0; i < node->count; i++)
            accept_state(r, node->items[i], NULL, names, machine);
        return;
    }
    if (!rw_read_expect(r, node, RW_YAML_MAP, "a list of states, or a mapping of states to tests"))
        return;
    for (size_t i = 0; i < node->count; i++)
        accept_state(r, node->keys[i], node->items[i], names, machine);
}

/* --- determinism and completeness --- */

static void check_conflict(struct rw_reader *r, const struct rw_stack *machine, const struct rw_yaml **places)
{
    size_t first, second;
    if (!rw_stack_conflict(machine, &first, &second))
        return;
    rw_read_error(r, places[second], "this rule and an earlier one can apply to the same configuration");
    rw_diag_note(r->diag, places[first]->span, "the other one is here");
    rw_diag_hint(r->diag, "stack machines are deterministic: tell the rules apart by 'when'");
}

/* Whether a top (0: empty, 1 + b: the symbol b) passes. */
static bool top_passes(uint32_t top, uint32_t test)
{
    return test == RW_TOP_ANY || (test == RW_TOP_EMPTY      ? top == 0
                                  : test == RW_TOP_NONEMPTY ? top > 0
                                                            : top == test - RW_TOP_FIRST + 1);
}

static bool covered(const struct rw_stack *machine, size_t cell, const uint32_t *tops)
{
    for (size_t k = machine->index[cell]; k < machine->index[cell + 1]; k++) {
        bool applies = true;
        for (size_t i = 0; i < machine->stacks && applies; i++)
            applies = top_passes(tops[i], machine->rules[k].test[i]);
        if (applies)
            return true;
    }
    return false;
}

/* Whether any rule of the cell looks at the stack. */
static bool is_tested(const struct rw_stack *machine, size_t cell, size_t stack)
{
    for (size_t k = machine->index[cell]; k < machine->index[cell + 1]; k++)
        if (machine->rules[k].test[stack] != RW_TOP_ANY)
            return true;
    return false;
}

static void report_gap(struct rw_reader *r, const struct rw_yaml *list, const struct rw_stack *machine, size_t cell,
                       const uint32_t *tops)
{
    char *where = rw_strdup("");
    for (size_t i = 0; i < machine->stacks; i++) {
        if (!is_tested(machine, cell, i))
            continue;
        char *longer = rw_format("%s%s%s %s%s", where, where[0] == '\0' ? " when " : " and ", machine->stack_names[i],
                                 tops[i] == 0 ? "is empty" : "has on top ",
                                 tops[i] == 0 ? "" : machine->letter_names[tops[i] - 1]);
        free(where);
        where = longer;
    }
    rw_read_error(r, list, "the state '%s' has no transition for '%s'%s", machine->state_names[cell / machine->symbols],
                  rw_alphabet_name(r->alphabet, (uint32_t)(cell % machine->symbols)), where);
    rw_diag_hint(r->diag, "'missing: reject' lets missing transitions reject");
    free(where);
}

/* The next combination of tops of the stacks that are tested in this cell; false after the last. */
static bool next_tops(const struct rw_stack *machine, size_t cell, uint32_t *tops)
{
    for (size_t i = 0; i < machine->stacks; i++) {
        if (!is_tested(machine, cell, i))
            continue;
        if (++tops[i] <= machine->letters)
            return true;
        tops[i] = 0;
    }
    return false;
}

static void check_complete(struct rw_reader *r, const struct rw_yaml *list, const struct rw_stack *machine)
{
    uint32_t *tops = rw_alloc(machine->stacks, sizeof *tops);
    for (size_t cell = 0; cell < machine->states * machine->symbols; cell++) {
        size_t tried = 0;
        memset(tops, 0, machine->stacks * sizeof *tops);
        do {
            if (!covered(machine, cell, tops)) {
                report_gap(r, list, machine, cell, tops);
                break;
            }
        } while (++tried < MOST_COMBINATIONS && next_tops(machine, cell, tops));
    }
    free(tops);
}

static void read_transitions(struct rw_reader *r, const struct names_of *names, struct rw_stack *machine)
{
    const struct rw_yaml *list = rw_read_key(r, r->top, "transitions");
    bool reject = rw_read_missing(r);
    if (list == NULL || !rw_read_expect(r, list, RW_YAML_LIST, "a list of {from, read, to, ...}"))
        return;
    const struct rw_yaml **places = rw_alloc(list->count, sizeof *places);
    for (size_t i = 0; i < list->count; i++)
        read_rule(r, list->items[i], names, machine, places);
    if (r->good)
        check_conflict(r, machine, places);
    free(places);
    if (!r->good)
        return;
    rw_stack_seal(machine);
    if (!reject)
        check_complete(r, list, machine);
}

static void check_letters(struct rw_reader *r, const struct rw_yaml *list, const struct rw_names *letters)
{
    for (size_t i = 0; i < rw_names_count(letters) && list != NULL && list->type == RW_YAML_LIST && i < list->count;
         i++)
        if (strcmp(rw_names_get(letters, i), "empty") == 0 || strcmp(rw_names_get(letters, i), "nonempty") == 0) {
            rw_read_error(r, list->items[i], "a stack symbol cannot be called '%s', which is a test",
                          rw_names_get(letters, i));
            rw_diag_hint(r->diag, "choose another name");
        }
}

static void *read_stack(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    *simulator = &rw_stack_kind;
    const struct rw_yaml *letters = rw_read_key(r, r->top, "stack-alphabet");
    struct names_of names = {
        rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states"),
        rw_read_names(r, rw_read_key(r, r->top, "stacks"), "stack", r->limits->counters, "counters"),
        rw_read_names(r, letters, "stack symbol", r->limits->symbols, "symbols"),
    };
    check_letters(r, letters, names.letters);
    struct rw_stack *machine = rw_stack_new(rw_names_count(names.states), rw_alphabet_size(r->alphabet),
                                            rw_names_count(names.stacks), rw_names_count(names.letters));
    rw_names_give(names.states, machine->state_names);
    rw_names_give(names.stacks, machine->stack_names);
    rw_names_give(names.letters, machine->letter_names);
    const struct rw_yaml *node = rw_read_key(r, r->top, "initial");
    if (node != NULL)
        rw_read_ref(r, node, names.states, &machine->initial);
    read_accepting(r, &names, machine);
    read_transitions(r, &names, machine);
    rw_names_free(names.states);
    rw_names_free(names.stacks);
    rw_names_free(names.letters);
    return machine;
}

const struct rw_spec_kind rw_spec_stack = {"stack", keys, read_stack, rw_stack_write, rw_stack_table, rw_stack_facts};
