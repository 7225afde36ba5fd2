/* counter.c - reading and writing `kind: counter`. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/counter.h"
#include "base/memory.h"
#include "spec/kind.h"

static const char *const keys[] = {"counters",  "range",       "states",  "initial",
                                   "accepting", "transitions", "missing", NULL};
static const char *const test_words[] = {"zero", "nonzero", NULL}; /* RW_TEST_ZERO, RW_TEST_NONZERO */

/* More counters than this in the tests of one cell are not checked for completeness mask by mask. */
#define MOST_MASKED 16

struct names_of {
    struct rw_names *states, *counters;
};

/* {counter: zero|nonzero, ...} */
static void read_tests(struct rw_reader *r, const struct rw_yaml *map, const struct rw_names *counters, uint8_t *test)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of counters to zero or nonzero"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t counter;
        size_t choice;
        bool good = rw_read_ref(r, map->keys[i], counters, &counter);
        if (rw_read_choice(r, map->items[i], test_words, &choice) && good)
            test[counter] = choice == 0 ? RW_TEST_ZERO : RW_TEST_NONZERO;
    }
}

/* {counter: constant, ...} */
static void read_add(struct rw_reader *r, const struct rw_yaml *map, const struct names_of *names,
                     const struct rw_counter *machine, struct rw_counter_rule *rule)
{
    if (!rw_read_expect(r, map, RW_YAML_MAP, "a mapping of counters to what is added"))
        return;
    for (size_t i = 0; i < map->count; i++) {
        uint32_t counter;
        int64_t constant;
        bool good = rw_read_ref(r, map->keys[i], names->counters, &counter);
        if (!rw_read_integer(r, map->items[i], &constant) || !good)
            continue;
        rule->add[counter] = constant;
        if (machine->natural && constant < 0 && (constant != -1 || rule->test[counter] != RW_TEST_NONZERO)) {
            rw_read_error(r, map->items[i], "a natural counter goes down by exactly 1, and only where it is tested");
            rw_diag_hint(r->diag, "add 'when: {%s: nonzero}' and subtract 1, or use 'range: integer'",
                         rw_names_get(names->counters, counter));
        }
    }
}

static void read_reset(struct rw_reader *r, const struct rw_yaml *node, const struct names_of *names,
                       struct rw_counter_rule *rule)
{
    rw_read_set(r, node, names->counters, rule->reset);
    for (size_t c = 0; c < rw_names_count(names->counters); c++)
        if (rule->reset[c] && rule->add[c] != 0)
            rw_read_error(r, node, "the counter '%s' is both added to and reset", rw_names_get(names->counters, c));
}

/* {from, read, to, when, add, reset} */
static void read_rule(struct rw_reader *r, const struct rw_yaml *row, const struct names_of *names,
                      struct rw_counter *machine, const struct rw_yaml **places)
{
    static const char *const rule_keys[] = {"from", "read", "to", "when", "add", "reset", NULL};
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
    struct rw_counter_rule *rule = rw_counter_add_rule(machine, from, symbol, to);
    places[machine->rule_count - 1] = row;
    node = rw_yaml_get(row, "when");
    if (node != NULL)
        read_tests(r, node, names->counters, rule->test);
    node = rw_yaml_get(row, "add");
    if (node != NULL)
        read_add(r, node, names, machine, rule);
    node = rw_yaml_get(row, "reset");
    if (node != NULL)
        read_reset(r, node, names, rule);
}

/* --- acceptance: [s, ...] or {s: {n: zero}, t: [{...}, {...}]} --- */

static void accept_state(struct rw_reader *r, const struct rw_yaml *state, const struct rw_yaml *tests,
                         const struct names_of *names, struct rw_counter *machine)
{
    uint32_t number;
    if (!rw_read_ref(r, state, names->states, &number))
        return;
    if (tests != NULL && tests->type == RW_YAML_LIST) {
        for (size_t i = 0; i < tests->count; i++)
            read_tests(r, tests->items[i], names->counters, rw_counter_add_acceptance(machine, number)->test);
        return;
    }
    struct rw_counter_acceptance *row = rw_counter_add_acceptance(machine, number);
    if (tests != NULL && !rw_yaml_is_null(tests))
        read_tests(r, tests, names->counters, row->test);
}

static void read_accepting(struct rw_reader *r, const struct names_of *names, struct rw_counter *machine)
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

static void check_conflict(struct rw_reader *r, const struct rw_counter *machine, const struct rw_yaml **places)
{
    size_t first, second;
    if (!rw_counter_conflict(machine, &first, &second))
        return;
    rw_read_error(r, places[second], "this rule and an earlier one can apply to the same configuration");
    rw_diag_note(r->diag, places[first]->span, "the other one is here");
    rw_diag_hint(r->diag, "counter machines are deterministic: tell the rules apart by 'when'");
}

/* Whether some rule of the cell applies where exactly the counters in `zero_mask` (bits over `tested`) are zero. */
static bool covered(const struct rw_counter *machine, size_t cell, const size_t *tested, size_t count, size_t zero_mask)
{
    for (size_t i = machine->index[cell]; i < machine->index[cell + 1]; i++) {
        bool applies = true;
        for (size_t k = 0; k < count && applies; k++) {
            uint8_t test = machine->rules[i].test[tested[k]];
            applies = test == RW_TEST_ANY || (test == RW_TEST_ZERO) == ((zero_mask >> k & 1) != 0);
        }
        if (applies)
            return true;
    }
    return false;
}

/* The counters that some rule of the cell tests. */
static size_t tested_counters(const struct rw_counter *machine, size_t cell, size_t *tested)
{
    size_t count = 0;
    for (size_t c = 0; c < machine->counters; c++) {
        bool any = false;
        for (size_t i = machine->index[cell]; i < machine->index[cell + 1]; i++)
            any = any || machine->rules[i].test[c] != RW_TEST_ANY;
        if (any)
            tested[count++] = c;
    }
    return count;
}

static void report_gap(struct rw_reader *r, const struct rw_yaml *list, const struct rw_counter *machine, size_t cell,
                       const size_t *tested, size_t count, size_t zero_mask)
{
    char *where = rw_strdup("");
    for (size_t k = 0; k < count; k++) {
        char *longer = rw_format("%s%s%s %s", where, k == 0 ? " when " : " and ", machine->counter_names[tested[k]],
                                 zero_mask >> k & 1 ? "is zero" : "is nonzero");
        free(where);
        where = longer;
    }
    rw_read_error(r, list, "the state '%s' has no transition for '%s'%s", machine->state_names[cell / machine->symbols],
                  rw_alphabet_name(r->alphabet, (uint32_t)(cell % machine->symbols)), where);
    rw_diag_hint(r->diag, "'missing: reject' lets missing transitions reject");
    free(where);
}

static void check_complete(struct rw_reader *r, const struct rw_yaml *list, const struct rw_counter *machine)
{
    size_t *tested = rw_alloc(machine->counters, sizeof *tested);
    for (size_t cell = 0; cell < machine->states * machine->symbols; cell++) {
        size_t count = tested_counters(machine, cell, tested);
        for (size_t mask = 0; count <= MOST_MASKED && mask < (size_t)1 << count; mask++)
            if (!covered(machine, cell, tested, count, mask)) {
                report_gap(r, list, machine, cell, tested, count, mask);
                break;
            }
    }
    free(tested);
}

static void read_transitions(struct rw_reader *r, const struct names_of *names, struct rw_counter *machine)
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
    rw_counter_seal(machine);
    if (!reject)
        check_complete(r, list, machine);
}

static void *read_counter(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    static const char *const ranges[] = {"integer", "natural", NULL};
    *simulator = &rw_counter_kind;
    struct names_of names = {
        rw_read_names(r, rw_read_key(r, r->top, "states"), "state", r->limits->states, "states"),
        rw_read_names(r, rw_read_key(r, r->top, "counters"), "counter", r->limits->counters, "counters"),
    };
    struct rw_counter *machine =
        rw_counter_new(rw_names_count(names.states), rw_alphabet_size(r->alphabet), rw_names_count(names.counters));
    rw_names_give(names.states, machine->state_names);
    rw_names_give(names.counters, machine->counter_names);
    const struct rw_yaml *node = rw_yaml_get(r->top, "range");
    size_t choice = 0;
    if (node != NULL)
        rw_read_choice(r, node, ranges, &choice);
    machine->natural = choice == 1;
    node = rw_read_key(r, r->top, "initial");
    if (node != NULL)
        rw_read_ref(r, node, names.states, &machine->initial);
    read_accepting(r, &names, machine);
    read_transitions(r, &names, machine);
    rw_names_free(names.states);
    rw_names_free(names.counters);
    return machine;
}

/* --- writing --- */

static void write_tests(const struct rw_counter *machine, const uint8_t *test, FILE *out)
{
    bool first = true;
    fputc('{', out);
    for (size_t c = 0; c < machine->counters; c++) {
        if (test[c] == RW_TEST_ANY)
            continue;
        fputs(first ? "" : ", ", out);
        rw_write_scalar(out, machine->counter_names[c]);
        fprintf(out, ": %s", test_words[test[c] == RW_TEST_ZERO ? 0 : 1]);
        first = false;
    }
    fputc('}', out);
}

static bool has_test(const struct rw_counter *machine, const uint8_t *test)
{
    for (size_t c = 0; c < machine->counters; c++)
        if (test[c] != RW_TEST_ANY)
            return true;
    return false;
}

static void write_rule(const struct rw_machine *owner, const struct rw_counter_rule *rule, FILE *out)
{
    const struct rw_counter *machine = owner->model;
    bool adds = false, resets = false;
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
    for (size_t c = 0; c < machine->counters; c++) {
        if (rule->add[c] == 0)
            continue;
        fputs(adds ? ", " : ", add: {", out);
        rw_write_scalar(out, machine->counter_names[c]);
        fprintf(out, ": %" PRId64, rule->add[c]);
        adds = true;
    }
    fputs(adds ? "}" : "", out);
    for (size_t c = 0; c < machine->counters; c++) {
        if (!rule->reset[c])
            continue;
        fputs(resets ? ", " : ", reset: [", out);
        rw_write_scalar(out, machine->counter_names[c]);
        resets = true;
    }
    fputs(resets ? "]}\n" : "}\n", out);
}

/* Rows of one state stand together, as a list of tests. */
static void write_accepting(const struct rw_counter *machine, FILE *out)
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

static void write_counter(const struct rw_machine *owner, FILE *out)
{
    const struct rw_counter *machine = owner->model;
    fputs("counters: ", out);
    rw_write_list(out, machine->counter_names, machine->counters);
    fprintf(out, "\nrange: %s\nstates: ", machine->natural ? "natural" : "integer");
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

static char *effects(const struct rw_counter *machine, const struct rw_counter_rule *rule)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t c = 0; c < machine->counters; c++) {
        if (rule->reset[c])
            fprintf(out, "%s%s = 0", ftell(out) > 0 ? ", " : "", machine->counter_names[c]);
        else if (rule->add[c] != 0)
            fprintf(out, "%s%s %+" PRId64, ftell(out) > 0 ? ", " : "", machine->counter_names[c], rule->add[c]);
    }
    fclose(out);
    return text;
}

static char *tests_text(const struct rw_counter *machine, const uint8_t *test)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t c = 0; c < machine->counters; c++)
        if (test[c] != RW_TEST_ANY)
            fprintf(out, "%s%s %s 0", ftell(out) > 0 ? ", " : "", machine->counter_names[c],
                    test[c] == RW_TEST_ZERO ? "=" : "!=");
    fclose(out);
    return text;
}

static void table(const struct rw_machine *owner, struct rw_table *table)
{
    static const char *const headings[] = {"from", "reads", "when", "to", "counters"};
    const struct rw_counter *machine = owner->model;
    for (size_t i = 0; i < 5; i++)
        rw_table_cell(table, rw_strdup(headings[i]));
    rw_table_end_row(table);
    for (size_t i = 0; i < machine->rule_count; i++) {
        const struct rw_counter_rule *rule = machine->rules + i;
        rw_table_cell(table, rw_strdup(machine->state_names[rule->from]));
        rw_table_cell(table, rw_strdup(rw_alphabet_name(owner->alphabet, rule->symbol)));
        rw_table_cell(table, tests_text(machine, rule->test));
        rw_table_cell(table, rw_strdup(machine->state_names[rule->to]));
        rw_table_cell(table, effects(machine, rule));
        rw_table_end_row(table);
    }
}

const struct rw_spec_kind rw_spec_counter = {"counter", keys, read_counter, write_counter, table, rw_counter_facts};
