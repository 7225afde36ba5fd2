/* Counter machines: runs against a naive simulation of the rules as added, overlaps against all configurations. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "automata/counter.h"
#include "base/memory.h"

#define MOST_COUNTERS 3

/* A configuration in plain integers. */
struct plain {
    bool dead;
    uint32_t state;
    int64_t counter[MOST_COUNTERS];
};

static bool fits(const uint8_t *test, const struct plain *plain, size_t counters)
{
    bool fits = true;
    for (size_t c = 0; c < counters; c++) {
        fits = fits && !(test[c] == RW_TEST_ZERO && plain->counter[c] != 0);
        fits = fits && !(test[c] == RW_TEST_NONZERO && plain->counter[c] == 0);
    }
    return fits;
}

static bool applies(const struct rw_counter *machine, const struct rw_counter_rule *rule, const struct plain *plain,
                    uint32_t symbol)
{
    return rule->from == plain->state && rule->symbol == symbol && fits(rule->test, plain, machine->counters);
}

/* One step over all rules in any order. */
static void plain_step(const struct rw_counter *machine, struct plain *plain, uint32_t symbol)
{
    for (size_t i = 0; i < machine->rule_count && !plain->dead; i++) {
        const struct rw_counter_rule *rule = machine->rules + i;
        if (!applies(machine, rule, plain, symbol))
            continue;
        plain->state = rule->to;
        for (size_t c = 0; c < machine->counters; c++)
            plain->counter[c] = rule->reset[c] ? 0 : plain->counter[c] + rule->add[c];
        return;
    }
    plain->dead = true;
}

static bool plain_accepts(const struct rw_counter *machine, const struct plain *plain)
{
    bool accepts = false;
    for (size_t i = 0; i < machine->acceptance_count && !plain->dead; i++)
        accepts = accepts || (machine->acceptance[i].state == plain->state &&
                              fits(machine->acceptance[i].test, plain, machine->counters));
    return accepts;
}

static uint8_t random_test(struct rw_random *random)
{
    return (uint8_t)rw_random_below(random, 3);
}

/* A rule with random tests and actions, natural if the machine is. */
static void add_random_rule(struct rw_counter *machine, struct rw_random *random)
{
    uint32_t from = (uint32_t)rw_random_below(random, machine->states);
    uint32_t symbol = (uint32_t)rw_random_below(random, machine->symbols);
    uint32_t to = (uint32_t)rw_random_below(random, machine->states);
    struct rw_counter_rule *rule = rw_counter_add_rule(machine, from, symbol, to);
    for (size_t c = 0; c < machine->counters; c++) {
        rule->test[c] = random_test(random);
        rule->reset[c] = one_in(random, 6);
        if (rule->reset[c])
            continue;
        rule->add[c] = (int64_t)rw_random_below(random, 4) - 1;
        if (!machine->natural)
            rule->add[c] *= 2;
        else if (rule->add[c] < 0)
            rule->test[c] = RW_TEST_NONZERO;
    }
}

static void drop_last_rule(struct rw_counter *machine)
{
    struct rw_counter_rule *rule = machine->rules + --machine->rule_count;
    free(rule->test);
    free(rule->add);
    free(rule->reset);
}

/* Rules pairwise disjoint: those that overlap an earlier one are dropped. Not machine. Caller frees. */
static struct rw_counter *random_machine(struct rw_random *random, size_t states, size_t counters, size_t rules)
{
    struct rw_counter *machine = rw_counter_new(states, 2, counters);
    machine->natural = one_in(random, 2);
    machine->initial = (uint32_t)rw_random_below(random, states);
    for (size_t i = 0; i < rules; i++) {
        size_t first, second;
        add_random_rule(machine, random);
        if (rw_counter_conflict(machine, &first, &second))
            drop_last_rule(machine);
    }
    for (size_t i = 0; i < 3; i++) {
        struct rw_counter_acceptance *row =
            rw_counter_add_acceptance(machine, (uint32_t)rw_random_below(random, states));
        for (size_t c = 0; c < counters; c++)
            row->test[c] = random_test(random);
    }
    return machine;
}

static void assert_at(const struct rw_counter *machine, const void *run, const struct plain *plain)
{
    const struct rw_machine_kind *kind = &rw_counter_kind;
    struct rw_vector row;
    fmpq_t value;
    fmpq_init(value);
    rw_vector_init(&row, kind->quantities(machine));
    kind->configuration(machine, run, &row);
    for (size_t s = 0; s < machine->states; s++)
        cr_assert_eq(!rw_q_is_zero(row.value + s), !plain->dead && plain->state == s);
    for (size_t c = 0; c < machine->counters; c++) {
        rw_q_set_int(value, plain->counter[c]);
        cr_assert(rw_q_equal(row.value + machine->states + c, value));
        cr_assert(!machine->natural || plain->counter[c] >= 0);
    }
    kind->value(machine, run, value);
    cr_assert(plain_accepts(machine, plain) ? rw_q_is_one(value) : rw_q_is_zero(value));
    rw_vector_clear(&row);
    fmpq_clear(value);
}

Test(counter, a_run_is_what_a_naive_simulation_of_the_rules_gives)
{
    struct rw_random random = rw_random_seed(1);
    const struct rw_machine_kind *kind = &rw_counter_kind;
    size_t alive = 0, dead = 0;
    for (int i = 0; i < 60; i++) {
        struct rw_counter *machine =
            random_machine(&random, 1 + rw_random_below(&random, 3), rw_random_below(&random, MOST_COUNTERS + 1), 40);
        rw_counter_seal(machine);
        void *run = kind->run_new(machine), *copy = kind->run_new(machine);
        for (int word = 0; word < 20; word++) {
            struct plain plain = {.state = machine->initial};
            kind->run_start(machine, run);
            for (int k = 0; k < 12; k++) {
                uint32_t symbol = (uint32_t)rw_random_below(&random, 2);
                assert_at(machine, run, &plain);
                kind->step(machine, run, symbol);
                plain_step(machine, &plain, symbol);
            }
            kind->run_copy(machine, copy, run);
            assert_at(machine, copy, &plain);
            alive += !plain.dead;
            dead += plain.dead;
        }
        kind->run_free(machine, run);
        kind->run_free(machine, copy);
        rw_counter_free(machine);
    }
    cr_assert_gt(alive, 100);
    cr_assert_gt(dead, 100);
}

Test(counter, sealing_sorts_the_rules_and_keeps_them)
{
    struct rw_random random = rw_random_seed(2);
    for (int i = 0; i < 30; i++) {
        struct rw_counter *machine = random_machine(&random, 3, 1, 20);
        size_t count = machine->rule_count;
        int64_t before = 0, after = 0;
        for (size_t r = 0; r < count; r++)
            before += machine->rules[r].add[0] * (1 + machine->rules[r].to) + 10 * machine->rules[r].test[0];
        rw_counter_seal(machine);
        rw_counter_seal(machine); /* again: nothing changes */
        for (size_t r = 0; r < count; r++)
            after += machine->rules[r].add[0] * (1 + machine->rules[r].to) + 10 * machine->rules[r].test[0];
        cr_assert_eq(machine->rule_count, count);
        cr_assert_eq(before, after);
        cr_assert_eq(machine->index[machine->states * machine->symbols], count);
        for (size_t cell = 0; cell < machine->states * machine->symbols; cell++)
            for (size_t r = machine->index[cell]; r < machine->index[cell + 1]; r++)
                cr_assert_eq(machine->rules[r].from * machine->symbols + machine->rules[r].symbol, cell);
        rw_counter_free(machine);
    }
}

/* --- overlaps --- */

/* Both rules apply to some configuration with counters 0 or 1: larger values test the same. */
static bool both_apply(const struct rw_counter *machine, size_t i, size_t j)
{
    for (uint32_t mask = 0; mask < 1u << machine->counters; mask++) {
        struct plain plain = {.state = machine->rules[i].from};
        for (size_t c = 0; c < machine->counters; c++)
            plain.counter[c] = mask >> c & 1;
        uint32_t symbol = machine->rules[i].symbol;
        if (applies(machine, machine->rules + i, &plain, symbol) &&
            applies(machine, machine->rules + j, &plain, symbol))
            return true;
    }
    return false;
}

Test(counter, a_conflict_is_found_iff_two_rules_apply_to_one_configuration)
{
    struct rw_random random = rw_random_seed(3);
    size_t conflicts = 0, none = 0;
    for (int i = 0; i < 300; i++) {
        struct rw_counter *machine = rw_counter_new(2, 2, 1 + rw_random_below(&random, MOST_COUNTERS));
        size_t rules = rw_random_below(&random, 7), first, second;
        bool expected = false;
        for (size_t r = 0; r < rules; r++)
            add_random_rule(machine, &random);
        for (size_t p = 0; p < rules; p++)
            for (size_t q = 0; q < p; q++)
                expected = expected || both_apply(machine, p, q);
        bool found = rw_counter_conflict(machine, &first, &second);
        cr_assert_eq(found, expected);
        if (found) {
            cr_assert_lt(first, second);
            cr_assert_lt(second, rules);
            cr_assert(both_apply(machine, first, second));
        }
        conflicts += found;
        none += !found;
        rw_counter_free(machine);
    }
    cr_assert_gt(conflicts, 50);
    cr_assert_gt(none, 50);
}

Test(counter, opposite_tests_of_one_counter_are_no_conflict_and_equal_tests_are)
{
    struct rw_counter *machine = rw_counter_new(1, 1, 2);
    size_t first, second;
    struct rw_counter_rule *rule = rw_counter_add_rule(machine, 0, 0, 0);
    rule->test[1] = RW_TEST_ZERO;
    rule = rw_counter_add_rule(machine, 0, 0, 0);
    rule->test[1] = RW_TEST_NONZERO;
    rule->test[0] = RW_TEST_ZERO;
    cr_assert(!rw_counter_conflict(machine, &first, &second));
    rule = rw_counter_add_rule(machine, 0, 0, 0);
    rule->test[1] = RW_TEST_NONZERO;
    cr_assert(rw_counter_conflict(machine, &first, &second));
    cr_assert_eq(first, 1);
    cr_assert_eq(second, 2);
    rule->test[0] = RW_TEST_NONZERO;
    cr_assert(!rw_counter_conflict(machine, &first, &second));
    rw_counter_free(machine);
}

/* --- examples --- */

/* a^n b^n with n >= 1, as the textbook has it. */
static struct rw_counter *equal_blocks(void)
{
    struct rw_counter *machine = rw_counter_new(2, 2, 1);
    machine->natural = true;
    rw_counter_add_rule(machine, 0, 0, 0)->add[0] = 1;
    for (uint32_t from = 0; from < 2; from++) {
        struct rw_counter_rule *rule = rw_counter_add_rule(machine, from, 1, 1);
        rule->test[0] = RW_TEST_NONZERO;
        rule->add[0] = -1;
    }
    rw_counter_add_acceptance(machine, 1)->test[0] = RW_TEST_ZERO;
    rw_counter_seal(machine);
    return machine;
}

Test(counter, as_many_bs_as_as_are_accepted_and_nothing_else)
{
    struct rw_counter *machine = equal_blocks();
    struct rw_word word;
    fmpq_t value;
    size_t accepted = 0;
    fmpq_init(value);
    rw_word_init(&word);
    do {
        size_t half = word.length / 2;
        bool expected = word.length > 0 && word.length % 2 == 0;
        void *run = rw_counter_kind.run_new(machine);
        for (size_t k = 0; k < word.length; k++) {
            rw_counter_kind.step(machine, run, word.symbols[k]);
            expected = expected && word.symbols[k] == (k >= half);
        }
        rw_counter_kind.value(machine, run, value);
        cr_assert_eq(rw_q_is_one(value), expected);
        accepted += expected;
        rw_counter_kind.run_free(machine, run);
    } while (next_word(&word, 2, 10));
    cr_assert_eq(accepted, 5);
    rw_word_clear(&word);
    fmpq_clear(value);
    rw_counter_free(machine);
}

Test(counter, counters_go_beyond_64_bits)
{
    struct rw_counter *machine = rw_counter_new(1, 1, 1);
    rw_counter_add_rule(machine, 0, 0, 0)->add[0] = INT64_MAX;
    rw_counter_seal(machine);
    void *run = rw_counter_kind.run_new(machine), *copy = rw_counter_kind.run_new(machine);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < 10; i++)
        rw_counter_kind.step(machine, run, 0);
    rw_counter_kind.run_copy(machine, copy, run);
    rw_counter_kind.print(machine, copy, out);
    fclose(out);
    cr_assert_str_eq(text, "0, 0 = 92233720368547758070");
    free(text);
    rw_counter_kind.run_free(machine, run);
    rw_counter_kind.run_free(machine, copy);
    rw_counter_free(machine);
}

Test(counter, a_dead_run_keeps_its_counters_and_never_accepts)
{
    struct rw_counter *machine = rw_counter_new(1, 2, 1);
    struct rw_vector row;
    fmpq_t value;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fmpq_init(value);
    rw_counter_add_rule(machine, 0, 0, 0)->add[0] = -3;
    rw_counter_add_acceptance(machine, 0);
    rw_counter_seal(machine);
    rw_vector_init(&row, rw_counter_kind.quantities(machine));
    void *run = rw_counter_kind.run_new(machine);
    for (uint32_t i = 0; i < 4; i++) {
        rw_counter_kind.print(machine, run, out);
        rw_counter_kind.value(machine, run, value);
        fputs(rw_q_is_one(value) ? " yes; " : " no; ", out);
        rw_counter_kind.step(machine, run, i % 2);
    }
    rw_counter_kind.configuration(machine, run, &row);
    cr_assert(rw_q_is_zero(row.value));
    cr_assert_eq(*fmpq_numref(row.value + 1), -3);
    rw_counter_kind.quantity_name(machine, 0, out);
    fputs("; ", out);
    rw_counter_kind.quantity_name(machine, 1, out);
    fclose(out);
    cr_assert_str_eq(text, "0, 0 = 0 yes; 0, 0 = -3 yes; dead, 0 = -3 no; dead, 0 = -3 no; state 0; counter 0");
    free(text);
    rw_counter_kind.run_free(machine, run);
    rw_vector_clear(&row);
    fmpq_clear(value);
    rw_counter_free(machine);
}

Test(counter, resets_are_noticed)
{
    struct rw_counter *machine = rw_counter_new(1, 1, 2);
    struct rw_counter_rule *rule = rw_counter_add_rule(machine, 0, 0, 0);
    cr_assert(!rw_counter_has_resets(machine));
    rule->reset[1] = 1;
    cr_assert(rw_counter_has_resets(machine));
    rw_counter_free(machine);
}
