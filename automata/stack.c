/* stack.c - machines with stacks: definition, disjointness of rules, simulator. */
#include "automata/stack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "automata/gapped.h"
#include "base/memory.h"

/* --- definition --- */

static char **numbered_names(size_t count)
{
    char **names = rw_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = rw_format("%zu", i);
    return names;
}

struct rw_stack *rw_stack_new(size_t states, size_t symbols, size_t stacks, size_t letters)
{
    struct rw_stack *machine = rw_alloc(1, sizeof *machine);
    machine->states = states;
    machine->symbols = symbols;
    machine->stacks = stacks;
    machine->letters = letters;
    machine->state_names = numbered_names(states);
    machine->stack_names = numbered_names(stacks);
    machine->letter_names = numbered_names(letters);
    return machine;
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

void rw_stack_free(struct rw_stack *machine)
{
    if (machine == NULL)
        return;
    free_names(machine->state_names, machine->states);
    free_names(machine->stack_names, machine->stacks);
    free_names(machine->letter_names, machine->letters);
    for (size_t i = 0; i < machine->rule_count; i++) {
        free(machine->rules[i].test);
        free(machine->rules[i].action);
    }
    for (size_t i = 0; i < machine->acceptance_count; i++)
        free(machine->acceptance[i].test);
    free(machine->rules);
    free(machine->acceptance);
    free(machine->index);
    free(machine);
}

struct rw_stack_rule *rw_stack_add_rule(struct rw_stack *machine, uint32_t from, uint32_t symbol, uint32_t to)
{
    machine->rules = rw_grow(machine->rules, &machine->rule_capacity, machine->rule_count + 1, sizeof *machine->rules);
    struct rw_stack_rule *rule = machine->rules + machine->rule_count++;
    *rule = (struct rw_stack_rule){
        .from = from,
        .symbol = symbol,
        .to = to,
        .test = rw_alloc(machine->stacks, sizeof *rule->test),
        .action = rw_alloc(machine->stacks, sizeof *rule->action),
    };
    return rule;
}

struct rw_stack_acceptance *rw_stack_add_acceptance(struct rw_stack *machine, uint32_t state)
{
    machine->acceptance = rw_grow(machine->acceptance, &machine->acceptance_capacity, machine->acceptance_count + 1,
                                  sizeof *machine->acceptance);
    struct rw_stack_acceptance *row = machine->acceptance + machine->acceptance_count++;
    *row = (struct rw_stack_acceptance){state, rw_alloc(machine->stacks, sizeof *row->test)};
    return row;
}

/* Some top passes both tests. */
static bool tests_overlap(uint32_t a, uint32_t b)
{
    if (a == RW_TOP_ANY || b == RW_TOP_ANY || a == b)
        return true;
    return (a == RW_TOP_NONEMPTY && b >= RW_TOP_FIRST) || (b == RW_TOP_NONEMPTY && a >= RW_TOP_FIRST);
}

static bool rules_overlap(const struct rw_stack *machine, const struct rw_stack_rule *a, const struct rw_stack_rule *b)
{
    for (size_t i = 0; i < machine->stacks; i++)
        if (!tests_overlap(a->test[i], b->test[i]))
            return false;
    return true;
}

struct placed_rule {
    const struct rw_stack_rule *rule;
    size_t place;
};

static int compare_rules(const void *a, const void *b)
{
    const struct placed_rule *p = a, *q = b;
    if (p->rule->from != q->rule->from)
        return p->rule->from < q->rule->from ? -1 : 1;
    if (p->rule->symbol != q->rule->symbol)
        return p->rule->symbol < q->rule->symbol ? -1 : 1;
    return (p->place > q->place) - (p->place < q->place);
}

static struct placed_rule *sorted_rules(const struct rw_stack *machine)
{
    struct placed_rule *sorted = rw_alloc(machine->rule_count, sizeof *sorted);
    for (size_t i = 0; i < machine->rule_count; i++)
        sorted[i] = (struct placed_rule){machine->rules + i, i};
    qsort(sorted, machine->rule_count, sizeof *sorted, compare_rules);
    return sorted;
}

static bool same_cell(const struct placed_rule *a, const struct placed_rule *b)
{
    return a->rule->from == b->rule->from && a->rule->symbol == b->rule->symbol;
}

bool rw_stack_conflict(const struct rw_stack *machine, size_t *first, size_t *second)
{
    struct placed_rule *sorted = sorted_rules(machine);
    bool found = false;
    for (size_t i = 0; i < machine->rule_count && !found; i++)
        for (size_t j = i + 1; j < machine->rule_count && same_cell(sorted + i, sorted + j) && !found; j++) {
            found = rules_overlap(machine, sorted[i].rule, sorted[j].rule);
            *first = sorted[i].place;
            *second = sorted[j].place;
        }
    free(sorted);
    return found;
}

bool rw_stack_pops_safely(uint32_t test, uint32_t action)
{
    return action != RW_POP || test == RW_TOP_NONEMPTY || test >= RW_TOP_FIRST;
}

static bool pops_are_safe(const struct rw_stack *machine)
{
    for (size_t i = 0; i < machine->rule_count; i++)
        for (size_t s = 0; s < machine->stacks; s++)
            if (!rw_stack_pops_safely(machine->rules[i].test[s], machine->rules[i].action[s]))
                return false;
    return true;
}

void rw_stack_seal(struct rw_stack *machine)
{
    assert(pops_are_safe(machine));
    size_t cells = machine->states * machine->symbols;
    struct placed_rule *sorted = sorted_rules(machine);
    struct rw_stack_rule *rules = rw_alloc(machine->rule_count, sizeof *rules);
    free(machine->index);
    machine->index = rw_alloc(cells + 1, sizeof *machine->index);
    for (size_t i = 0; i < machine->rule_count; i++) {
        rules[i] = *sorted[i].rule;
        machine->index[rules[i].from * machine->symbols + rules[i].symbol + 1]++;
    }
    for (size_t i = 0; i < cells; i++)
        machine->index[i + 1] += machine->index[i];
    free(sorted);
    free(machine->rules);
    machine->rules = rules;
    machine->rule_capacity = machine->rule_count;
}

/* --- the simulator --- */

struct contents {
    uint32_t *symbols; /* symbols[count - 1] is on top */
    size_t count, capacity;
};

struct run {
    uint32_t state;
    bool dead;
    struct contents stacks[];
};

static void free_model(void *model)
{
    rw_stack_free(model);
}

static size_t quantities(const void *model)
{
    const struct rw_stack *machine = model;
    return machine->states + machine->stacks;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    const struct rw_stack *machine = model;
    if (i < machine->states)
        fprintf(out, "state %s", machine->state_names[i]);
    else
        fprintf(out, "stack %s", machine->stack_names[i - machine->states]);
}

static void run_start(const void *model, void *run)
{
    const struct rw_stack *machine = model;
    struct run *r = run;
    r->state = machine->initial;
    r->dead = false;
    for (size_t i = 0; i < machine->stacks; i++)
        r->stacks[i].count = 0;
}

static void *run_new(const void *model)
{
    const struct rw_stack *machine = model;
    struct run *r = rw_alloc(1, sizeof *r + machine->stacks * sizeof *r->stacks);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    for (size_t i = 0; i < ((const struct rw_stack *)model)->stacks; i++)
        free(r->stacks[i].symbols);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    struct run *r = to;
    const struct run *source = from;
    r->state = source->state;
    r->dead = source->dead;
    for (size_t i = 0; i < ((const struct rw_stack *)model)->stacks; i++) {
        struct contents *stack = r->stacks + i;
        stack->symbols = rw_grow(stack->symbols, &stack->capacity, source->stacks[i].count, sizeof *stack->symbols);
        stack->count = source->stacks[i].count;
        if (stack->count > 0)
            memcpy(stack->symbols, source->stacks[i].symbols, stack->count * sizeof *stack->symbols);
    }
}

static bool passes_test(const struct contents *stack, uint32_t test)
{
    switch (test) {
    case RW_TOP_ANY:
        return true;
    case RW_TOP_EMPTY:
        return stack->count == 0;
    case RW_TOP_NONEMPTY:
        return stack->count > 0;
    default:
        return stack->count > 0 && stack->symbols[stack->count - 1] == test - RW_TOP_FIRST;
    }
}

static bool passes(const struct rw_stack *machine, const uint32_t *test, const struct run *run)
{
    for (size_t i = 0; i < machine->stacks; i++)
        if (!passes_test(run->stacks + i, test[i]))
            return false;
    return true;
}

static void act(struct contents *stack, uint32_t action)
{
    if (action == RW_POP) {
        assert(stack->count > 0);
        stack->count--;
    } else if (action >= RW_PUSH_FIRST) {
        stack->symbols = rw_grow(stack->symbols, &stack->capacity, stack->count + 1, sizeof *stack->symbols);
        stack->symbols[stack->count++] = action - RW_PUSH_FIRST;
    }
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_stack *machine = model;
    struct run *r = run;
    if (r->dead)
        return;
    size_t cell = r->state * machine->symbols + symbol;
    for (size_t k = machine->index[cell]; k < machine->index[cell + 1]; k++) {
        const struct rw_stack_rule *rule = machine->rules + k;
        if (!passes(machine, rule->test, r))
            continue;
        r->state = rule->to;
        for (size_t i = 0; i < machine->stacks; i++)
            act(r->stacks + i, rule->action[i]);
        return;
    }
    r->dead = true;
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_stack *machine = model;
    const struct run *r = run;
    bool accepted = false;
    for (size_t i = 0; i < machine->acceptance_count && !accepted && !r->dead; i++)
        accepted = machine->acceptance[i].state == r->state && passes(machine, machine->acceptance[i].test, r);
    rw_q_set_int(value, accepted);
}

const uint32_t *rw_stack_contents(const void *run, size_t i, size_t *count)
{
    const struct run *r = run;
    *count = r->stacks[i].count;
    return r->stacks[i].symbols;
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct rw_stack *machine = model;
    const struct run *r = run;
    if (!r->dead)
        rw_q_set_int(rw_vector_at(out, r->state), 1);
    for (size_t i = 0; i < machine->stacks; i++)
        if (r->stacks[i].count > 0)
            rw_gapped_number(r->stacks[i].symbols, r->stacks[i].count, machine->letters,
                             rw_vector_at(out, (uint32_t)(machine->states + i)));
}

/* "s, A = x y (top)"; of deep stacks only what is near the top. */
static void print(const void *model, const void *run, FILE *out)
{
    static const size_t most = 12;
    const struct rw_stack *machine = model;
    const struct run *r = run;
    fputs(r->dead ? "dead" : machine->state_names[r->state], out);
    for (size_t i = 0; i < machine->stacks; i++) {
        const struct contents *stack = r->stacks + i;
        size_t first = stack->count > most ? stack->count - most : 0;
        fprintf(out, ", %s = [", machine->stack_names[i]);
        if (first > 0)
            fprintf(out, "%zu more ", first);
        for (size_t k = first; k < stack->count; k++)
            fprintf(out, "%s%s", k > first ? " " : "", machine->letter_names[stack->symbols[k]]);
        fputc(']', out);
    }
}

const struct rw_machine_kind rw_stack_kind = {
    .name = "stack",
    .title = "real-time stack machine",
    .verdict = RW_ACCEPTS,
    .free_model = free_model,
    .quantities = quantities,
    .quantity_name = quantity_name,
    .run_new = run_new,
    .run_free = run_free,
    .run_start = run_start,
    .run_copy = run_copy,
    .step = step,
    .value = value,
    .configuration = configuration,
    .print = print,
};
