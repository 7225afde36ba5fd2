/* Sums of counters: boxes leave out nothing that counters can be, signs are right, and what is proved by them no word refutes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "sanitized.h"
#include "verify/configuration.h"
#include "verify/coverage.h"
#include "verify/equal_sums.h"
#include "verify/mutant.h"
#include "verify/prove.h"
#include "verify/sums.h"

#define COUNTERS 3
#define MOST     32

/* --- boxes --- */

/* One state that reads a and b; of three counters the last is reset by b, or all are. */
static struct rw_machine *three_counters(bool reset_all)
{
    struct rw_counter *m = rw_counter_new(1, 2, COUNTERS);
    struct rw_counter_rule *rule = rw_counter_add_rule(m, 0, 0, 0);
    rule->add[0] = 1;
    rule->add[1] = -2;
    rule->add[2] = 3;
    rule = rw_counter_add_rule(m, 0, 1, 0);
    rule->add[0] = rule->add[1] = reset_all ? 0 : 1;
    for (size_t i = 0; i < COUNTERS; i++)
        rule->reset[i] = reset_all || i == 2;
    rw_counter_add_acceptance(m, 0);
    rw_counter_seal(m);
    return example_machine(&rw_counter_kind, m, "ab");
}

static int64_t small(struct rw_random *random)
{
    return (int64_t)rw_random_below(random, 9) - 4;
}

/* Intervals around the values, some of them unbounded. */
static void box_around(struct rw_random *random, const int64_t *values, size_t count, struct rw_interval *box)
{
    for (size_t n = 0; n < count; n++) {
        uint64_t low = rw_random_below(random, 4), high = rw_random_below(random, 4);
        box[n].low = low == 3 ? RW_MINUS_INFINITY : values[n] - (int64_t)low;
        box[n].high = high == 3 ? RW_PLUS_INFINITY : values[n] + (int64_t)high;
    }
}

static bool is_in(const int64_t *values, size_t count, const struct rw_interval *box)
{
    bool in = true;
    for (size_t n = 0; n < count; n++)
        in = in && box[n].low <= values[n] && values[n] <= box[n].high;
    return in;
}

/* The machine, all pairs of counters, and x + y - z, x - 2 y as far as its resets let them. */
static struct rw_sums sums_of(const struct rw_machine *machine)
{
    struct rw_sums sums;
    cr_assert(rw_sums_make(&sums, machine, true, MOST));
    rw_sums_add(&sums, (const int64_t[]){1, 1, -1});
    rw_sums_add(&sums, (const int64_t[]){1, -2, 0});
    return sums;
}

Test(sums, boxes_lose_no_counters)
{
    struct rw_random random = rw_random_seed(1);
    size_t smaller = 0;
    for (int round = 0; round < 2; round++) {
        struct rw_machine *machine = three_counters(round == 1);
        const struct rw_counter *model = machine->model;
        struct rw_sums sums = sums_of(machine);
        size_t numbers = rw_sums_numbers(&sums);
        for (int trial = 0; trial < 3000; trial++) {
            int64_t values[MOST];
            struct rw_interval box[MOST], after[MOST], before[MOST];
            for (size_t i = 0; i < COUNTERS; i++)
                values[i] = small(&random);
            rw_sums_fill(&sums, values);
            box_around(&random, values, numbers, box);
            memcpy(before, box, sizeof box);
            cr_assert(rw_sums_tighten(&sums, box));
            cr_assert(is_in(values, numbers, box));
            smaller += memcmp(before, box, numbers * sizeof *box) != 0;
            const struct rw_counter_rule *rule = model->rules + rw_random_below(&random, 2);
            rw_sums_move(&sums, rule, box, after);
            cr_assert(rw_rule_apply(model, rule, values));
            rw_sums_fill(&sums, values);
            cr_assert(is_in(values, numbers, after));
        }
        rw_sums_clear(&sums);
        rw_machine_free(machine);
    }
    cr_assert_gt(smaller, 3000);
}

Test(sums, what_no_counters_can_be_is_seen)
{
    struct rw_machine *machine = three_counters(true);
    struct rw_sums sums = sums_of(machine);
    size_t last = rw_sums_numbers(&sums) - 2; /* x + y - z */
    struct rw_interval box[MOST];
    for (size_t n = 0; n < rw_sums_numbers(&sums); n++)
        box[n] = (struct rw_interval){RW_MINUS_INFINITY, RW_PLUS_INFINITY};
    box[0] = (struct rw_interval){1, RW_PLUS_INFINITY};
    box[1] = (struct rw_interval){2, RW_PLUS_INFINITY};
    box[last] = (struct rw_interval){0, 0};
    cr_assert(rw_sums_tighten(&sums, box));
    cr_assert_eq(box[2].low, 3);
    box[2].high = 2;
    cr_assert_not(rw_sums_tighten(&sums, box));
    rw_sums_clear(&sums);
    rw_machine_free(machine);
}

Test(sums, a_sum_of_which_a_rule_leaves_two_counters_is_not_kept)
{
    struct rw_machine *machine = three_counters(false); /* z is reset */
    struct rw_sums sums;
    cr_assert(rw_sums_make(&sums, machine, true, MOST));
    cr_assert_not(rw_sums_add(&sums, (const int64_t[]){1, 1, -1}));
    cr_assert_not(rw_sums_add(&sums, (const int64_t[]){-2, 2, 0}), "a multiple of a difference");
    cr_assert_not(rw_sums_add(&sums, (const int64_t[]){0, 5, 0}), "a counter");
    cr_assert(rw_sums_add(&sums, (const int64_t[]){1, -2, 0}));
    rw_sums_clear(&sums);
    rw_machine_free(machine);
}

/* Neither end comes out smaller than it is where it no longer fits. */
Test(sums, an_interval_that_is_moved_too_far_only_grows)
{
    struct rw_interval up = rw_interval_shift((struct rw_interval){RW_PLUS_INFINITY - 2, RW_PLUS_INFINITY - 1}, 5);
    cr_assert(up.low < RW_PLUS_INFINITY && up.high == RW_PLUS_INFINITY);
    struct rw_interval down = rw_interval_shift((struct rw_interval){RW_MINUS_INFINITY + 1, RW_MINUS_INFINITY + 2}, -5);
    cr_assert(down.low == RW_MINUS_INFINITY && down.high > RW_MINUS_INFINITY);
    struct rw_interval ray = rw_interval_shift((struct rw_interval){RW_MINUS_INFINITY, 3}, 4);
    cr_assert(ray.low == RW_MINUS_INFINITY && ray.high == 7);
}

/* --- signs --- */

static void random_function(struct rw_random *random, struct rw_affine *a)
{
    for (size_t p = 0; p <= COUNTERS; p++)
        rw_q_set_int(rw_vector_at(a->part + p, 0), small(random) / 2);
}

static void value_at(const struct rw_affine *a, const int64_t *values, fmpq_t value)
{
    fmpq_t at;
    fmpq_init(at);
    fmpq_set(value, a->part->value);
    for (size_t i = 0; i < COUNTERS; i++) {
        rw_q_set_int(at, values[i]);
        fmpq_addmul(value, a->part[1 + i].value, at);
    }
    fmpq_clear(at);
}

Test(sums, signs_and_equality_are_right_at_every_point)
{
    struct rw_machine *machine = three_counters(true);
    struct rw_sums sums = sums_of(machine);
    struct rw_random random = rw_random_seed(2);
    struct rw_affine a, b;
    fmpq_t at_a, at_b;
    size_t more = 0, equal = 0;
    fmpq_init(at_a);
    fmpq_init(at_b);
    rw_affine_init(&a, 1, COUNTERS);
    rw_affine_init(&b, 1, COUNTERS);
    for (int trial = 0; trial < 20000; trial++) {
        int64_t values[MOST];
        struct rw_interval box[MOST];
        struct rw_cut cut;
        for (size_t i = 0; i < COUNTERS; i++)
            values[i] = small(&random);
        rw_sums_fill(&sums, values);
        box_around(&random, values, rw_sums_numbers(&sums), box);
        cr_assert(rw_sums_tighten(&sums, box));
        random_function(&random, &a);
        random_function(&random, &b);
        value_at(&a, values, at_a);
        value_at(&b, values, at_b);
        enum rw_sign sign = rw_sums_sign(&sums, &a, 0, box, &cut);
        cr_assert(sign != RW_SIGN_POSITIVE || fmpq_sgn(at_a) > 0);
        cr_assert(sign != RW_SIGN_NEVER_POSITIVE || fmpq_sgn(at_a) <= 0);
        cr_assert(sign != RW_SIGN_NEVER_NEGATIVE || fmpq_sgn(at_a) >= 0);
        if (sign == RW_SIGN_MIXED)
            cr_assert(box[cut.counter].low <= cut.at && cut.at < box[cut.counter].high);
        more += sign != RW_SIGN_MIXED && rw_affine_sign(&a, 0, box, &cut) == RW_SIGN_MIXED;
        if (rw_sums_equal_on(&sums, &a, &b, box)) {
            cr_assert(fmpq_equal(at_a, at_b));
            equal++;
        }
    }
    cr_assert_gt(more, 30);
    cr_assert_gt(equal, 20);
    rw_affine_clear(&a);
    rw_affine_clear(&b);
    fmpq_clear(at_a);
    fmpq_clear(at_b);
    rw_sums_clear(&sums);
    rw_machine_free(machine);
}

/* --- proofs --- */

static struct rw_net *build(const struct rw_machine *machine, const char *family)
{
    return example_build(machine, family, (struct rw_witness_options){0});
}

static enum rw_equality by_sums(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_word word;
    rw_word_init(&word);
    enum rw_equality result = rw_equal_sums(machine, net, &limits, NULL, &word, NULL);
    rw_word_clear(&word);
    return result;
}

static enum rw_equality by_counters(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_word word;
    rw_word_init(&word);
    enum rw_equality result = rw_equal_piecewise(machine, net, &limits, NULL, &word, NULL);
    rw_word_clear(&word);
    return result;
}

static enum rw_equality by_all_arguments(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_prove_report report;
    cr_assert(
        rw_prove((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits, NULL, &report, NULL));
    enum rw_equality result = report.equality;
    cr_assert(result != RW_EQUAL || report.proof.argument == RW_ARGUMENT_CELLS);
    rw_prove_report_free(&report);
    return result;
}

static bool refuted(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_coverage lively = rw_coverage_wander(machine, 5, 20, 60);
    bool differs = example_refuted_on(machine, net, 60, lively.words, lively.count);
    rw_coverage_clear(&lively);
    return differs;
}

struct tally {
    size_t proved, more, wrong;
};

/* Of `count` mutants none is proved that a word refutes. */
static void check_mutants(const struct rw_machine *machine, const char *family, uint64_t seed, size_t count,
                          struct tally *tally)
{
    struct rw_net *net = build(machine, family);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(seed);
    for (size_t i = 0; i < count; i++) {
        struct rw_mutant mutant = {0};
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        bool proved = by_sums(machine, changed) == RW_EQUAL, differs = refuted(machine, changed);
        cr_assert_not(proved && differs, "%s: %s -> %s", mutant.place, mutant.before, mutant.after);
        tally->proved += proved;
        tally->more += proved && by_counters(machine, changed) != RW_EQUAL;
        tally->wrong += differs;
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    rw_net_free(net);
}

/* Of "layer 1 feed-forward in". */
static void set_weight(struct rw_net *net, const char *neuron, const char *feature, int64_t value, uint64_t denominator)
{
    struct rw_feedforward *part = net->layers->feedforward;
    struct rw_matrix *old = part->in;
    struct rw_builder *builder = rw_builder_new(old->rows, old->cols);
    size_t row = 0, col = 0;
    fmpq_t entry;
    while (strcmp(part->names[row], neuron) != 0)
        row++;
    while (strcmp(net->features[col], feature) != 0)
        col++;
    for (size_t j = 0; j < old->cols; j++)
        for (size_t e = old->start[j]; e < old->start[j + 1]; e++)
            if (old->row[e] != row || j != col)
                rw_builder_add(builder, old->row[e], j, old->value + e);
    fmpq_init(entry);
    fmpq_set_si(entry, value, denominator);
    rw_builder_add(builder, row, col, entry);
    fmpq_clear(entry);
    rw_matrix_free(old);
    part->in = rw_builder_finish(builder);
}

/* a^n b^n c^n: no run ever has more bs than cs to come. A neuron that takes for-bs for as much as for-cs does no harm, and one that takes it for more does. */
Test(sums, a_bound_of_a_difference_decides)
{
    struct rw_machine *machine = example_spec("counter/anbncn.yaml");
    struct rw_net *net = build(machine, "relu");
    static const struct {
        int64_t value;
        uint64_t denominator;
        enum rw_equality by_counters, by_sums;
    } weights[] = {{0, 1, RW_EQUAL, RW_EQUAL},
                   {1, 2, RW_UNDECIDED, RW_EQUAL},
                   {1, 1, RW_UNDECIDED, RW_EQUAL},
                   {9, 8, RW_DIFFERENT, RW_DIFFERENT},
                   {2, 1, RW_DIFFERENT, RW_DIFFERENT}};
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        set_weight(net, "accepting cs", "counter for-bs", weights[i].value, weights[i].denominator);
        cr_assert_eq(by_counters(machine, net), weights[i].by_counters, "%zu", i);
        cr_assert_eq(by_sums(machine, net), weights[i].by_sums, "%zu", i);
        cr_assert_eq(by_all_arguments(machine, net), weights[i].by_sums, "%zu", i);
        cr_assert_eq(refuted(machine, net), weights[i].by_sums == RW_DIFFERENT, "%zu", i);
    }
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(sums, they_prove_more_than_counters_alone_and_nothing_that_a_word_refutes)
{
    static const char *const specs[][2] = {{"counter/anbncn.yaml", "relu"},
                                           {"counter/connectivity-target-first.yaml", "mlp"}};
    struct tally tally = {0};
    for (size_t s = 0; s < 2; s++) {
        struct rw_machine *machine = example_spec(specs[s][0]);
        check_mutants(machine, specs[s][1], 3, sanitized_share(60, 3), &tally);
        rw_machine_free(machine);
    }
    cr_assert(tally.more > 0 || is_sanitized());
    cr_assert_gt(tally.wrong, sanitized_share(60, 3));
}

/* Counters that go up and down together and apart, with resets in every third. */
static struct rw_counter *random_counter(struct rw_random *random, bool resets)
{
    struct rw_counter *m = rw_counter_new(3, 2, 2);
    for (uint32_t q = 0; q < 3; q++)
        for (uint32_t a = 0; a < 2; a++)
            for (int test = RW_TEST_ZERO; test <= RW_TEST_NONZERO; test++) {
                if (rw_random_below(random, 6) == 0)
                    continue;
                struct rw_counter_rule *rule = rw_counter_add_rule(m, q, a, (uint32_t)rw_random_below(random, 3));
                rule->test[q % 2] = (uint8_t)test;
                rule->add[0] = (int64_t)rw_random_below(random, 3) - 1;
                rule->add[1] = rw_random_below(random, 2) ? rule->add[0] : (int64_t)rw_random_below(random, 3) - 1;
                if (resets && rw_random_below(random, 3) == 0) {
                    rule->reset[1] = 1;
                    rule->add[1] = 0;
                }
            }
    rw_counter_add_acceptance(m, 0)->test[1] = RW_TEST_ZERO;
    rw_counter_add_acceptance(m, 2)->test[0] = RW_TEST_NONZERO;
    rw_counter_seal(m);
    return m;
}

Test(sums, nothing_that_a_word_refutes_is_proved_of_random_machines)
{
    struct rw_random random = rw_random_seed(8);
    struct tally tally = {0};
    for (size_t round = 0; round < sanitized_share(12, 3); round++) {
        struct rw_counter *model = random_counter(&random, round % 3 == 2);
        bool resets = rw_counter_has_resets(model);
        struct rw_machine *machine = example_machine(&rw_counter_kind, model, "ab");
        check_mutants(machine, resets ? "gated" : "mlp", round, 8, &tally);
        rw_machine_free(machine);
    }
    cr_assert_gt(tally.proved, sanitized_share(10, 3));
    cr_assert_gt(tally.wrong, sanitized_share(30, 3));
}
