/* Side by side: what holds is counted right, and what does not is found, against brute force. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"

static struct rw_verify_options small(size_t length)
{
    struct rw_verify_options options = rw_verify_standard();
    options.length = length;
    options.random_words = 8;
    options.random_length = 40;
    return options;
}

static struct rw_verify_report verify(const struct rw_machine *machine, const struct rw_net *net,
                                      const struct rw_verify_options *options)
{
    struct rw_verify_report report;
    struct rw_diag *diag = rw_diag_new(10);
    bool done = rw_verify(machine, net, options, &report, diag);
    cr_assert(done && rw_diag_empty(diag));
    rw_diag_free(diag);
    return report;
}

static bool same_word(const struct rw_word *a, const struct rw_word *b)
{
    for (size_t i = 0; i < a->length && i < b->length; i++)
        if (a->symbols[i] != b->symbols[i])
            return false;
    return a->length == b->length;
}

Test(verify, counts_every_word_and_step)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(9);
    options.random_words = 0;
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds && report.comparable && !report.interrupted);
    cr_assert_eq(report.length, 9);
    cr_assert_eq(report.exhaustive_words, 1023);
    cr_assert_eq(report.steps, 30 + 1022, "half the length first, then all of it");
    cr_assert(report.states_compared);
    cr_assert_eq(report.quantities, 2);
    cr_assert_null(report.notes);
    cr_assert_null(report.oracle);
    cr_assert_eq(report.counterexample.kind, RW_DIFFER_NONE);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, holds_for_random_automata)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        bool weights = seed % 2 == 0;
        struct rw_machine *machine =
            weights ? example_wfa(seed, 3, "abc", seed % 4 == 0) : example_dfa(seed, 6, "abc", seed % 3 == 0);
        struct rw_net *net = weights ? example_dplr(machine->model, machine->alphabet,
                                                    seed % 4 == 0 ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE)
                                     : example_pd(machine);
        struct rw_verify_options options = small(4);
        struct rw_verify_report report = verify(machine, net, &options);
        cr_assert(report.holds, "seed %d", (int)seed);
        cr_assert_eq(report.random_words, 8);
        cr_assert_eq(report.random_length_reached, 40);
        rw_verify_report_free(&report);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* A DFA's net with one wrong transition or query, against brute force. */
static void check_damaged_pd(uint64_t seed)
{
    size_t n = 4;
    struct rw_random random = rw_random_seed(seed);
    struct rw_machine *machine = example_dfa(seed, n, "ab", false);
    struct rw_net *net = example_pd(machine);
    const struct rw_dfa *dfa = machine->model;
    size_t q = rw_random_below(&random, n);
    if (seed % 2 == 0)
        example_perturb(net, "transition", q * n + dfa->next[2 * q], 0, 1, 1);
    else
        example_perturb(net, "query", q, 3, dfa->accepting[q] ? -1 : 1, 1);
    struct rw_verify_options options = small(7);
    options.states = seed % 4 < 2;
    struct rw_word word;
    rw_word_init(&word);
    bool differs = example_brute_force(machine, net, options.states, 7, &word);
    struct rw_verify_report report = verify(machine, net, &options);
    if (differs) {
        cr_assert(!report.holds && report.counterexample.shortest, "seed %d", (int)seed);
        cr_assert(same_word(&word, &report.counterexample.word), "seed %d", (int)seed);
        cr_assert_not_null(report.counterexample.machine);
        cr_assert_str_neq(report.counterexample.machine, report.counterexample.network);
    }
    rw_verify_report_free(&report);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, the_counterexample_is_the_first_of_the_shortest)
{
    for (uint64_t seed = 1; seed <= 16; seed++)
        check_damaged_pd(seed);
}

Test(verify, a_wrong_weight_of_a_wfa_is_found_where_brute_force_finds_it)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct rw_machine *machine = example_wfa(seed, 3, "ab", false);
        struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
        example_perturb(net, "right", seed % 9, seed % 2, 1, 2);
        struct rw_verify_options options = small(6);
        options.states = seed % 2;
        struct rw_word word;
        rw_word_init(&word);
        bool differs = example_brute_force(machine, net, options.states, 6, &word);
        struct rw_verify_report report = verify(machine, net, &options);
        cr_assert(!differs || (report.counterexample.shortest && same_word(&word, &report.counterexample.word)));
        rw_verify_report_free(&report);
        rw_word_clear(&word);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

Test(verify, says_what_each_side_says)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(5);
    example_perturb(net, "query", 1, 3, 1, 2);
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert_eq(report.counterexample.kind, RW_DIFFER_OUTPUT);
    cr_assert_str_eq(report.counterexample.quantity, "accept");
    cr_assert_str_eq(report.counterexample.machine, "reject");
    cr_assert_str_eq(report.counterexample.network, "accept (1/2)");
    cr_assert_eq(report.counterexample.word.length, 1);
    cr_assert_eq(report.counterexample.word.symbols[0], 1);
    rw_verify_report_free(&report);

    example_perturb(net, "query", 1, 3, -1, 2);
    example_perturb(net, "transition", 3, 0, 1, 1);
    report = verify(machine, net, &options);
    cr_assert_eq(report.counterexample.kind, RW_DIFFER_STATE);
    cr_assert_str_eq(report.counterexample.quantity, "state odd");
    cr_assert_str_eq(report.counterexample.machine, "1");
    cr_assert_str_eq(report.counterexample.network, "2");
    cr_assert_eq(report.length, 1);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, a_network_that_errs_on_the_empty_word_is_caught_there)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, NULL, 0, 4, -1, 1);
    struct rw_verify_options options = small(5);
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(!report.holds && report.counterexample.shortest);
    cr_assert_eq(report.counterexample.word.length, 0);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, refuses_what_cannot_be_compared)
{
    struct rw_machine *machine = example_parity();
    struct rw_machine *other = example_dfa(1, 2, "ba", false), *larger = example_dfa(1, 2, "abc", false);
    struct rw_machine *numbers = example_doubling();
    struct rw_net *net = example_pd(machine);
    const struct rw_machine *wrong[] = {other, larger, numbers};
    struct rw_verify_options options = small(3);
    for (size_t i = 0; i < 3; i++) {
        struct rw_diag *diag = rw_diag_new(5);
        struct rw_verify_report report;
        cr_assert(!rw_verify(wrong[i], net, &options, &report, diag));
        cr_assert(!report.comparable && !report.holds);
        cr_assert_eq(rw_diag_exit_code(diag), 2);
        rw_verify_report_free(&report);
        rw_diag_free(diag);
    }
    rw_net_free(net);
    rw_machine_free(machine);
    rw_machine_free(other);
    rw_machine_free(larger);
    rw_machine_free(numbers);
}

Test(verify, a_foreign_relation_is_compared_where_names_meet_and_the_rest_is_noted)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    free(net->relation->quantities[1]);
    net->relation->quantities[1] = rw_strdup("state unheard of");
    struct rw_verify_options options = small(4);
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds);
    cr_assert_eq(report.quantities, 1);
    cr_assert_not_null(strstr(report.notes, "state unheard of"));
    cr_assert_not_null(strstr(report.notes, "state odd"));
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, the_budget_decides_the_length)
{
    struct rw_machine *machine = example_dfa(3, 3, "abc", false);
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(SIZE_MAX);
    const uint64_t budgets[] = {1, 4, 12, 13, 39, 40, 1000};
    const size_t lengths[] = {1, 1, 1, 2, 2, 3, 5};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        options.budget = budgets[i];
        struct rw_verify_report report = verify(machine, net, &options);
        cr_assert_eq(report.length, lengths[i], "budget %d: length %zu", (int)budgets[i], report.length);
        rw_verify_report_free(&report);
    }
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, one_symbol_has_one_word_of_each_length)
{
    struct rw_machine *machine = example_dfa(5, 4, "a", false);
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(SIZE_MAX);
    options.budget = 500;
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds);
    cr_assert_eq(report.length, 499);
    cr_assert_eq(report.exhaustive_words, 500);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- chosen words --- */

Test(verify, a_difference_beyond_the_walk_is_found_by_random_words_and_shortened)
{
    struct rw_machine *machine = example_chain(12);
    struct rw_net *net = example_pd(machine);
    example_perturb(net, "query", 12, 3, -1, 1);
    struct rw_verify_options options = small(4);
    options.random_words = 40;
    options.random_length = 200;
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(!report.holds);
    cr_assert_eq(report.length, 4);
    cr_assert_eq(report.counterexample.word.length, 12, "a^12 is the shortest word of the language");
    cr_assert(!report.counterexample.shortest, "nobody walked the words of length 5 to 11");
    rw_verify_report_free(&report);
    options.length = 11;
    report = verify(machine, net, &options);
    cr_assert(report.counterexample.shortest, "length 12 is shortest once all words of length 11 were walked");
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, given_words_are_compared_after_every_prefix)
{
    struct rw_machine *machine = example_chain(9);
    struct rw_net *net = example_pd(machine);
    struct rw_word words[2];
    for (size_t i = 0; i < 2; i++) {
        rw_word_init(words + i);
        for (size_t k = 0; k < 20; k++)
            rw_word_push(words + i, i == 0);
    }
    struct rw_verify_options options = small(2);
    options.random_words = 0;
    options.words = words;
    options.word_count = 2;
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds);
    cr_assert_eq(report.given_words, 2);
    rw_verify_report_free(&report);
    example_perturb(net, "transition", 8 * 10 + 9, 0, 1, 1);
    report = verify(machine, net, &options);
    cr_assert(!report.holds);
    cr_assert_eq(report.given_words, 1);
    cr_assert_eq(report.counterexample.word.length, 9);
    rw_verify_report_free(&report);
    rw_word_clear(words);
    rw_word_clear(words + 1);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, the_same_seed_gives_the_same_report)
{
    struct rw_machine *machine = example_chain(10);
    struct rw_net *net = example_pd(machine);
    example_perturb(net, "transition", 7 * 11 + 8, 0, 1, 3);
    struct rw_verify_options options = small(3);
    options.random_words = 50;
    options.random_length = 100;
    options.seed = 77;
    struct rw_verify_report a = verify(machine, net, &options), b = verify(machine, net, &options);
    cr_assert(!a.holds);
    cr_assert_eq(a.steps, b.steps);
    cr_assert_eq(a.random_words, b.random_words);
    cr_assert(same_word(&a.counterexample.word, &b.counterexample.word));
    rw_verify_report_free(&a);
    rw_verify_report_free(&b);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- known pairs --- */

/* Looking steps up must change nothing but how many were computed. */
static void check_recomputed(const struct rw_machine *machine, const struct rw_net *net,
                             struct rw_verify_options options)
{
    struct rw_verify_report a = verify(machine, net, &options);
    options.recompute = true;
    struct rw_verify_report b = verify(machine, net, &options);
    cr_assert_eq(a.holds, b.holds);
    cr_assert_eq(a.length, b.length);
    cr_assert_eq(a.exhaustive_words, b.exhaustive_words);
    cr_assert_eq(a.random_words, b.random_words);
    cr_assert_eq(a.given_words, b.given_words);
    cr_assert_eq(a.steps, b.steps);
    cr_assert_eq(b.computed, b.steps);
    cr_assert_eq(a.counterexample.kind, b.counterexample.kind);
    cr_assert_eq(a.counterexample.shortest, b.counterexample.shortest);
    cr_assert(same_word(&a.counterexample.word, &b.counterexample.word));
    if (!a.holds)
        cr_assert_str_eq(a.counterexample.network, b.counterexample.network);
    cr_assert_eq(a.bits_count, b.bits_count);
    for (size_t i = 0; i < a.bits_count; i++) {
        cr_assert_eq(a.bits[i].length, b.bits[i].length);
        cr_assert_eq(a.bits[i].bits, b.bits[i].bits);
    }
    rw_verify_report_free(&a);
    rw_verify_report_free(&b);
}

Test(verify, looking_steps_up_gives_the_report_of_computing_them)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct rw_random random = rw_random_seed(seed);
        struct rw_machine *machine = example_dfa(seed, 7, "abc", seed % 2);
        struct rw_net *net = example_pd(machine);
        struct rw_verify_options options = small(5);
        /* Weights that wander: the state keeps powers of 1/2 and 3, so that pairs never come back. */
        if (seed % 3 == 1)
            example_perturb(net, "transition", rw_random_below(&random, 49), rw_random_below(&random, 3), -1, 2);
        if (seed % 3 == 2)
            example_perturb(net, "query", rw_random_below(&random, 7), 4, 1, 2);
        options.states = seed % 4 < 2;
        struct rw_limits limits = rw_limits_standard();
        if (rw_net_check(net, &limits, NULL))
            check_recomputed(machine, net, options);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

Test(verify, few_steps_of_a_finite_machine_are_computed)
{
    struct rw_machine *machine = example_dfa(8, 6, "ab", false);
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(12);
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds);
    cr_assert_gt(report.steps, 8000);
    cr_assert_lt(report.computed, 200);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, a_long_chain_stops_taking_up_pairs_and_goes_on_computing)
{
    struct rw_machine *machine = example_chain(800);
    struct rw_net *net = example_pd(machine);
    size_t count = 790;
    struct rw_word *words = rw_alloc(count, sizeof *words);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count - i; k++)
            rw_word_push(words + i, 0);
        rw_word_push(words + i, 1);
        rw_word_push(words + i, 0);
    }
    struct rw_verify_options options = small(1);
    options.random_words = 0;
    options.words = words;
    options.word_count = count;
    check_recomputed(machine, net, options);
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert_lt(report.computed, report.steps + 1000);
    rw_verify_report_free(&report);
    for (size_t i = 0; i < count; i++)
        rw_word_clear(words + i);
    free(words);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- bits and limits --- */

static size_t bits_at(const struct rw_verify_report *report, size_t length)
{
    for (size_t i = 0; i < report->bits_count; i++)
        if (report->bits[i].length == length)
            return report->bits[i].bits;
    cr_assert_fail("no bits at length %zu", length);
    return 0;
}

Test(verify, bits_grow_as_the_numbers_do)
{
    struct rw_machine *machine = example_doubling();
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
    struct rw_verify_options options = small(5);
    options.random_length = 100;
    struct rw_verify_report report = verify(machine, net, &options);
    cr_assert(report.holds);
    for (size_t i = 1; i < report.bits_count; i++) {
        cr_assert_gt(report.bits[i].length, report.bits[i - 1].length);
        cr_assert_geq(report.bits[i].bits, report.bits[i - 1].bits);
    }
    /* After n symbols the state is 2^n: n + 1 bits. */
    for (size_t length = 2; length <= 5; length++)
        cr_assert_eq(bits_at(&report, length), length + 1);
    cr_assert_eq(bits_at(&report, 8), 9);
    cr_assert_eq(bits_at(&report, 64), 65);
    cr_assert_eq(bits_at(&report, 100), 101);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(verify, the_limit_on_bits_ends_it_and_names_itself)
{
    struct rw_machine *machine = example_doubling();
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
    struct rw_limits limits = rw_limits_standard();
    limits.bits = 20;
    struct rw_verify_options options = small(5);
    options.limits = &limits;
    struct rw_verify_report report;
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert(!rw_verify(machine, net, &options, &report, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "bits");
    cr_assert_eq(report.length, 5, "what was done before is reported");
    rw_verify_report_free(&report);
    rw_diag_free(diag);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- interrupts --- */

struct patience {
    struct rw_progress base;
    unsigned reports;
};

static bool lose_patience(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    struct patience *patience = (struct patience *)progress;
    cr_assert_not_null(what);
    cr_assert(total == 0 || done <= total, "%s: %d of %d", what, (int)done, (int)total);
    return patience->reports-- > 0;
}

Test(verify, an_interrupt_leaves_a_true_partial_report)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small(14);
    uint64_t words = 0;
    for (unsigned reports = 0; reports < 4; reports++) {
        struct patience patience = {{lose_patience}, reports};
        options.progress = &patience.base;
        struct rw_verify_report report = verify(machine, net, &options);
        cr_assert(report.interrupted && report.holds);
        cr_assert_geq(report.exhaustive_words, words);
        cr_assert_lt(report.exhaustive_words, 32767);
        cr_assert_eq(report.length, 7, "the first stage was complete");
        cr_assert_eq(report.random_words, 0);
        words = report.exhaustive_words + 1;
        rw_verify_report_free(&report);
    }
    rw_net_free(net);
    rw_machine_free(machine);
}
