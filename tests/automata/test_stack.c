/* Stack machines: runs against a naive simulation on strings, numbers of stacks against their definition. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "automata/gapped.h"
#include "automata/stack.h"

#define MOST_STACKS 3
#define MOST_DEPTH  64

/* A configuration as strings of letters, the top last. */
struct plain {
    bool dead;
    uint32_t state;
    char stack[MOST_STACKS][MOST_DEPTH + 1];
};

static bool fits(uint32_t test, const char *stack)
{
    size_t depth = strlen(stack);
    if (test == RW_TOP_EMPTY)
        return depth == 0;
    if (test == RW_TOP_NONEMPTY)
        return depth > 0;
    return test == RW_TOP_ANY || (depth > 0 && stack[depth - 1] == (char)('A' + test - RW_TOP_FIRST));
}

static bool fit_all(const struct rw_stack *machine, const uint32_t *test, const struct plain *plain)
{
    bool all = true;
    for (size_t i = 0; i < machine->stacks; i++)
        all = all && fits(test[i], plain->stack[i]);
    return all;
}

static void plain_step(const struct rw_stack *machine, struct plain *plain, uint32_t symbol)
{
    for (size_t k = 0; k < machine->rule_count && !plain->dead; k++) {
        const struct rw_stack_rule *rule = machine->rules + k;
        if (rule->from != plain->state || rule->symbol != symbol || !fit_all(machine, rule->test, plain))
            continue;
        plain->state = rule->to;
        for (size_t i = 0; i < machine->stacks; i++) {
            size_t depth = strlen(plain->stack[i]);
            if (rule->action[i] == RW_POP)
                plain->stack[i][depth - 1] = '\0';
            else if (rule->action[i] >= RW_PUSH_FIRST)
                plain->stack[i][depth] = (char)('A' + rule->action[i] - RW_PUSH_FIRST);
        }
        return;
    }
    plain->dead = true;
}

static bool plain_accepts(const struct rw_stack *machine, const struct plain *plain)
{
    bool accepts = false;
    for (size_t k = 0; k < machine->acceptance_count && !plain->dead; k++)
        accepts = accepts || (machine->acceptance[k].state == plain->state &&
                              fit_all(machine, machine->acceptance[k].test, plain));
    return accepts;
}

/* Rules that are disjoint by construction: one for each (state, symbol, top of the first stack), or none. */
static struct rw_stack *random_machine(struct rw_random *random)
{
    size_t letters = 1 + rw_random_below(random, 3), stacks = 1 + rw_random_below(random, MOST_STACKS);
    struct rw_stack *machine = rw_stack_new(1 + rw_random_below(random, 3), 2, stacks, letters);
    for (uint32_t q = 0; q < machine->states; q++)
        for (uint32_t a = 0; a < machine->symbols; a++)
            for (uint32_t top = 0; top <= letters; top++) {
                if (one_in(random, 6))
                    continue;
                struct rw_stack_rule *rule =
                    rw_stack_add_rule(machine, q, a, (uint32_t)rw_random_below(random, machine->states));
                rule->test[0] = top == 0 ? RW_TOP_EMPTY : RW_TOP_FIRST + top - 1;
                for (size_t i = 0; i < stacks; i++) {
                    rule->action[i] = (uint32_t)rw_random_below(random, RW_PUSH_FIRST + letters);
                    if (rule->action[i] == RW_POP && !rw_stack_pops_safely(rule->test[i], RW_POP))
                        rule->test[i] = i == 0 ? rule->test[i] : RW_TOP_NONEMPTY;
                    if (!rw_stack_pops_safely(rule->test[i], rule->action[i]))
                        rule->action[i] = RW_KEEP;
                }
            }
    rw_stack_add_acceptance(machine, 0)->test[0] = RW_TOP_EMPTY;
    rw_stack_add_acceptance(machine, (uint32_t)machine->states - 1)->test[stacks - 1] = RW_TOP_FIRST;
    rw_stack_seal(machine);
    return machine;
}

static void expect_same(const struct rw_stack *machine, void *run, const struct plain *plain)
{
    fmpq_t value;
    fmpq_init(value);
    rw_stack_kind.value(machine, run, value);
    cr_assert_eq(rw_q_sign(value) > 0, plain_accepts(machine, plain));
    fmpq_clear(value);
    for (size_t i = 0; i < machine->stacks; i++) {
        size_t count;
        const uint32_t *symbols = rw_stack_contents(run, i, &count);
        cr_assert_eq(count, strlen(plain->stack[i]));
        for (size_t k = 0; k < count; k++)
            cr_assert_eq((char)('A' + symbols[k]), plain->stack[i][k]);
    }
}

Test(stack, runs_as_a_naive_simulation)
{
    struct rw_random random = rw_random_seed(11);
    for (int trial = 0; trial < 300; trial++) {
        struct rw_stack *machine = random_machine(&random);
        struct plain plain = {.state = machine->initial};
        void *run = rw_stack_kind.run_new(machine), *copy = rw_stack_kind.run_new(machine);
        for (size_t i = 0; i < MOST_DEPTH; i++) {
            uint32_t symbol = (uint32_t)rw_random_below(&random, machine->symbols);
            expect_same(machine, run, &plain);
            plain_step(machine, &plain, symbol);
            rw_stack_kind.step(machine, run, symbol);
            rw_stack_kind.run_copy(machine, copy, run);
            expect_same(machine, copy, &plain);
        }
        rw_stack_kind.run_free(machine, run);
        rw_stack_kind.run_free(machine, copy);
        rw_stack_free(machine);
    }
}

Test(stack, overlapping_rules_are_found)
{
    static const struct {
        uint32_t a, b;
        bool conflict;
    } cases[] = {{RW_TOP_ANY, RW_TOP_EMPTY, true},      {RW_TOP_EMPTY, RW_TOP_NONEMPTY, false},
                 {RW_TOP_NONEMPTY, RW_TOP_FIRST, true}, {RW_TOP_FIRST, RW_TOP_FIRST + 1, false},
                 {RW_TOP_FIRST, RW_TOP_FIRST, true},    {RW_TOP_EMPTY, RW_TOP_FIRST, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct rw_stack *machine = rw_stack_new(1, 1, 1, 2);
        size_t first, second;
        rw_stack_add_rule(machine, 0, 0, 0)->test[0] = cases[c].a;
        rw_stack_add_rule(machine, 0, 0, 0)->test[0] = cases[c].b;
        cr_assert_eq(rw_stack_conflict(machine, &first, &second), cases[c].conflict);
        rw_stack_seal(machine);
        rw_stack_free(machine);
    }
}

/* (2b + 1 + E(w)) / 2B, one symbol after the other. */
static void number_by_definition(const uint32_t *symbols, size_t count, size_t letters, fmpq_t number)
{
    fmpq_zero(number);
    for (size_t i = 0; i < count; i++) {
        fmpq_add_si(number, number, 2 * (slong)symbols[i] + 1);
        fmpz_t base;
        fmpz_init_set_ui(base, 2 * letters);
        fmpq_div_fmpz(number, number, base);
        fmpz_clear(base);
    }
}

Test(stack, numbers_are_as_defined)
{
    struct rw_random random = rw_random_seed(3);
    for (int trial = 0; trial < 200; trial++) {
        size_t letters = 1 + rw_random_below(&random, 9), count = rw_random_below(&random, 150);
        uint32_t symbols[150], reversed[150];
        for (size_t i = 0; i < count; i++)
            symbols[i] = reversed[count - 1 - i] = (uint32_t)rw_random_below(&random, letters);
        fmpq_t expected, number;
        fmpq_init(expected);
        fmpq_init(number);
        number_by_definition(symbols, count, letters, expected);
        rw_gapped_number(symbols, count, letters, number);
        cr_assert(fmpq_is_canonical(number) && fmpq_equal(number, expected));
        rw_gapped_number_forward(reversed, count, letters, number);
        cr_assert(fmpq_is_canonical(number) && fmpq_equal(number, expected));
        fmpq_clear(expected);
        fmpq_clear(number);
    }
}
