/* Single wrong weights, each with a fate: the same for any number of threads, and what refutes is run again here. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "verify/match.h"
#include "verify/mutant.h"
#include "verify/prove.h"

static struct rw_net *build(const struct rw_machine *machine)
{
    return example_build(machine, NULL, (struct rw_witness_options){0});
}

static const char *or_none(const char *text)
{
    return text == NULL ? "" : text;
}

static void check_same(const struct rw_mutate_report *a, const struct rw_mutate_report *b)
{
    cr_assert_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct rw_mutant *x = a->mutants + i, *y = b->mutants + i;
        const struct rw_counterexample *f = &x->counterexample, *g = &y->counterexample;
        cr_assert_str_eq(x->place, y->place);
        cr_assert_str_eq(x->after, y->after);
        cr_assert_eq(x->fate, y->fate);
        cr_assert_eq(f->kind, g->kind);
        cr_assert_eq(f->shortest, g->shortest);
        cr_assert_eq(f->word.length, g->word.length);
        for (size_t k = 0; k < f->word.length; k++)
            cr_assert_eq(f->word.symbols[k], g->word.symbols[k]);
        cr_assert_str_eq(or_none(f->network), or_none(g->network));
        cr_assert_str_eq(or_none(x->reason), or_none(y->reason));
    }
}

Test(prove_mutants, any_number_of_threads_gives_the_same)
{
    static const char *const specs[] = {"dfa/s3.yaml", "counter/anbn.yaml", "stack/last-in.yaml", "wfa/fibonacci.yaml"};
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        struct rw_machine *machine = example_spec(specs[s]);
        struct rw_net *net = build(machine);
        struct rw_limits limits = rw_limits_standard();
        struct rw_mutate_report one, three;
        cr_assert(rw_prove_mutants(machine, net, 15, 4, 1, &limits, NULL, &one, NULL));
        cr_assert(rw_prove_mutants(machine, net, 15, 4, 3, &limits, NULL, &three, NULL));
        check_same(&one, &three);
        rw_mutate_report_free(&one);
        rw_mutate_report_free(&three);
        struct rw_verify_options options = rw_verify_standard();
        options.budget = 2000;
        options.random_words = 4;
        options.random_length = 20;
        options.threads = 1;
        cr_assert(rw_mutate(machine, net, 15, &options, &one, NULL));
        options.threads = 3;
        cr_assert(rw_mutate(machine, net, 15, &options, &three, NULL));
        check_same(&one, &three);
        rw_mutate_report_free(&one);
        rw_mutate_report_free(&three);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* Runs the word of a refutation on both sides: it must show this kind of difference there, and no other before. */
static void check_refutation(const struct rw_machine *machine, const struct rw_net *net,
                             const struct rw_counterexample *found)
{
    struct rw_counterexample seen = {0};
    struct rw_match match;
    rw_match_init(&match, machine, net, found->kind == RW_DIFFER_STATE, NULL);
    struct rw_pair pair = rw_pair_new(&match);
    for (size_t i = 0; i < found->word.length; i++)
        rw_pair_step(&match, &pair, found->word.symbols[i]);
    cr_assert(rw_match_describe(&match, &pair, &seen));
    cr_assert_eq(seen.kind, found->kind);
    cr_assert_str_eq(seen.quantity, found->quantity);
    cr_assert_str_eq(seen.machine, found->machine);
    cr_assert_str_eq(seen.network, found->network);
    rw_counterexample_clear(&seen);
    rw_pair_free(&match, &pair);
    rw_match_clear(&match);
}

Test(prove_mutants, what_refutes_in_the_configuration_is_no_difference_of_outputs_and_shows_when_it_is_run)
{
    struct rw_machine *machine = example_spec("counter/anbn.yaml");
    struct rw_net *net = build(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random again = rw_random_seed(1);
    struct rw_mutate_report report;
    size_t configurations = 0;
    cr_assert(rw_prove_mutants(machine, net, 60, 1, 2, &limits, NULL, &report, NULL));
    for (size_t i = 0; i < report.count; i++) {
        const struct rw_mutant *mutant = report.mutants + i;
        struct rw_mutant drawn = {0};
        struct rw_word word;
        rw_word_init(&word);
        struct rw_net *changed = rw_mutant_draw(net, &again, &limits, &drawn);
        cr_assert_str_eq(drawn.place, mutant->place);
        if (mutant->fate == RW_MUTANT_NOTICED)
            check_refutation(machine, changed, &mutant->counterexample);
        if (mutant->fate != RW_MUTANT_NOTICED || mutant->counterexample.kind == RW_DIFFER_STATE)
            cr_assert_not(example_brute_force(machine, changed, false, 9, &word), "%s", drawn.place);
        configurations += mutant->fate == RW_MUTANT_NOTICED && mutant->counterexample.kind == RW_DIFFER_STATE;
        rw_word_clear(&word);
        rw_mutant_clear(&drawn);
        rw_net_free(changed);
    }
    cr_assert_gt(configurations, 0);
    cr_assert_eq(configurations, report.configurations);
    cr_assert_eq(report.unknown, 0);
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

static bool stop_at_once(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    (void)progress;
    (void)what;
    (void)total;
    return done < 3;
}

Test(prove_mutants, an_interrupt_leaves_what_was_decided)
{
    struct rw_machine *machine = example_spec("dfa/s3.yaml");
    struct rw_net *net = build(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_progress progress = {stop_at_once};
    struct rw_mutate_report report;
    cr_assert(rw_prove_mutants(machine, net, 500, 1, 3, &limits, &progress, &report, NULL));
    cr_assert(report.interrupted);
    cr_assert_lt(report.count, 500);
    cr_assert_eq(report.unknown, 0);
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}
