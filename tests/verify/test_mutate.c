/* Negative controls: every wrong weight is noticed, or shown to be harmless, or named. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "verify/mutant.h"

static struct rw_verify_options small(void)
{
    struct rw_verify_options options = rw_verify_standard();
    options.budget = 4000;
    options.random_words = 8;
    options.random_length = 50;
    return options;
}

static void check_counterexample(const struct rw_machine *machine, const struct rw_mutant *mutant)
{
    const struct rw_counterexample *found = &mutant->counterexample;
    cr_assert(found->kind == RW_DIFFER_OUTPUT || found->kind == RW_DIFFER_STATE);
    cr_assert_str_neq(found->machine, found->network);
    for (size_t i = 0; i < found->word.length; i++)
        cr_assert_lt(found->word.symbols[i], rw_alphabet_size(machine->alphabet));
}

static void check_all_settled(const struct rw_machine *machine, const struct rw_net *net, size_t count)
{
    struct rw_verify_options options = small();
    struct rw_mutate_report report;
    cr_assert(rw_mutate(machine, net, count, &options, &report, NULL));
    cr_assert_eq(report.count, count);
    cr_assert_eq(report.noticed + report.equivalent, count);
    cr_assert_gt(report.noticed, 0);
    for (size_t i = 0; i < count; i++) {
        const struct rw_mutant *mutant = report.mutants + i;
        cr_assert_str_neq(mutant->before, mutant->after);
        if (mutant->fate == RW_MUTANT_NOTICED)
            check_counterexample(machine, mutant);
        else
            cr_assert_not_null(mutant->reason);
    }
    rw_mutate_report_free(&report);
}

Test(mutate, every_mutant_of_a_pd_is_noticed_or_harmless)
{
    struct rw_machine *parity = example_parity(), *random = example_dfa(2, 5, "ab", true);
    struct rw_net *parity_net = example_pd(parity), *random_net = example_pd(random);
    check_all_settled(parity, parity_net, 60);
    check_all_settled(random, random_net, 60);
    rw_net_free(parity_net);
    rw_net_free(random_net);
    rw_machine_free(parity);
    rw_machine_free(random);
}

Test(mutate, every_mutant_of_a_dplr_is_noticed_or_harmless)
{
    struct rw_machine *machine = example_wfa(6, 3, "ab", false);
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
    check_all_settled(machine, net, 60);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(mutate, what_lies_beyond_the_words_tried_is_noticed_by_the_argument)
{
    struct rw_machine *machine = example_chain(20);
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small();
    struct rw_mutate_report report;
    options.budget = 2000;
    options.random_words = 0;
    cr_assert(rw_mutate(machine, net, 60, &options, &report, NULL));
    cr_assert_eq(report.unknown, 0);
    size_t far = 0;
    for (size_t i = 0; i < report.count; i++)
        far += report.mutants[i].fate == RW_MUTANT_NOTICED && report.mutants[i].counterexample.word.length > 10;
    cr_assert_gt(far, 0);
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(mutate, what_is_called_harmless_is_harmless)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_random again = rw_random_seed(5);
    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = small();
    struct rw_mutate_report report;
    options.seed = 5;
    cr_assert(rw_mutate(machine, net, 40, &options, &report, NULL));
    for (size_t i = 0; i < report.count; i++) {
        struct rw_mutant drawn = {0};
        struct rw_word word;
        rw_word_init(&word);
        struct rw_net *changed = rw_mutant_draw(net, &again, &limits, &drawn);
        cr_assert_str_eq(drawn.place, report.mutants[i].place);
        bool differs = example_brute_force(machine, changed, true, 6, &word);
        cr_assert_eq(differs, report.mutants[i].fate == RW_MUTANT_NOTICED, "%s", drawn.place);
        rw_word_clear(&word);
        rw_mutant_clear(&drawn);
        rw_net_free(changed);
    }
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(mutate, a_mutant_is_one_weight_away_and_still_a_net)
{
    struct rw_machine *machine = example_dfa(3, 3, "ab", false);
    struct rw_net *net = example_pd(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(11);
    for (size_t i = 0; i < 50; i++) {
        struct rw_mutant mutant = {0};
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        cr_assert(rw_net_check(changed, &limits, NULL));
        size_t different = 0;
        for (size_t m = 0; m < rw_net_matrix_count(net); m++) {
            const struct rw_matrix *a = *rw_net_matrix(net, m, NULL), *b = *rw_net_matrix(changed, m, NULL);
            for (size_t row = 0; row < a->rows; row++)
                for (size_t col = 0; col < a->cols; col++) {
                    const fmpq *x = rw_matrix_entry(a, row, col), *y = rw_matrix_entry(b, row, col);
                    different += (x == NULL) != (y == NULL) || (x != NULL && !rw_q_equal(x, y));
                }
        }
        cr_assert_eq(different, 1, "%s", mutant.place);
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(mutate, places_have_names_and_zeros_are_among_them)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(1);
    bool transition = false, embedding = false, readout = false, zero = false;
    for (size_t i = 0; i < 200; i++) {
        struct rw_mutant mutant = {0};
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        transition |= strcmp(mutant.place, "layer 1 head 1 transition[state even, state odd, token b]") == 0;
        embedding |= strcmp(mutant.place, "embedding[token a, a]") == 0;
        readout |= strcmp(mutant.place, "readout[accept, accept]") == 0;
        zero |= strcmp(mutant.before, "0") == 0;
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    cr_assert(transition && embedding && readout && zero);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(mutate, a_mutant_that_no_argument_settles_is_called_unknown)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = small();
    struct rw_mutate_report report;
    limits.cells = 1;
    options.limits = &limits;
    cr_assert(rw_mutate(machine, net, 60, &options, &report, NULL));
    cr_assert_gt(report.unknown, 0);
    for (size_t i = 0; i < report.count; i++)
        if (report.mutants[i].fate == RW_MUTANT_UNKNOWN)
            cr_assert_not_null(strstr(report.mutants[i].reason, "cells"));
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

struct patience {
    struct rw_progress base;
    unsigned reports;
};

static bool lose_patience(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    struct patience *patience = (struct patience *)progress;
    cr_assert_str_eq(what, "mutants");
    cr_assert_leq(done, total);
    if (patience->reports > 0)
        patience->reports--;
    return patience->reports > 0;
}

Test(mutate, an_interrupt_reports_the_mutants_that_are_done)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_verify_options options = small();
    struct patience patience = {{lose_patience}, 8};
    struct rw_mutate_report report;
    options.progress = &patience.base;
    cr_assert(rw_mutate(machine, net, 50, &options, &report, NULL));
    cr_assert(report.interrupted);
    cr_assert_lt(report.count, 50);
    cr_assert_gt(report.count, 0);
    cr_assert_eq(report.noticed + report.equivalent + report.unknown, report.count);
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}
