/* mutate.c - negative controls: does verification notice when one weight is wrong? (theory V5)
 *
 * Each mutant is the network with a single weight changed, or with one zero made nonzero. It is noticed by a
 * counterexample, first among short words, then among more. One that is not must be shown to compute the same on all
 * words (arguments.h); else the control has failed. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verify/arguments.h"
#include "verify/coverage.h"
#include "verify/match.h"
#include "verify/mutant.h"
#include "verify/mutants.h"

/* Most mutants fall within a few hundred words; the others get a share of the budget. */
#define FIRST_BUDGET 2000
#define BUDGET_SHARE 20

/* --- is it noticed? --- */

struct control {
    const struct rw_machine *machine;
    const struct rw_verify_options *options;
    struct rw_limits limits;
    struct rw_progress *progress;
    struct rw_word
        *words; /* the given ones and those that exercise every rule: the same for all mutants; shallow copies */
    size_t word_count;
    size_t length; /* all words up to here were tried on the current mutant */
    bool states;   /* and configurations compared */
};

/* Side by side with this many steps. true: the mutant's fate is settled. */
static bool noticed_by_words(struct control *control, const struct rw_net *net, uint64_t budget, uint64_t words,
                             struct rw_mutant *mutant)
{
    struct rw_verify_options options = *control->options;
    struct rw_verify_report report;
    options.length = SIZE_MAX;
    options.budget = budget;
    options.random_words = words;
    options.cover = false;
    options.words = control->words;
    options.word_count = control->word_count;
    options.limits = &control->limits;
    options.progress = control->progress;
    bool done = rw_verify(control->machine, net, &options, &report, NULL);
    control->length = report.length;
    control->states = report.states_compared;
    bool settled = true;
    if (report.comparable && !report.holds) {
        mutant->fate = RW_MUTANT_NOTICED;
        mutant->counterexample = report.counterexample;
        report.counterexample = (struct rw_counterexample){0};
    } else if (!done) {
        mutant->fate = RW_MUTANT_UNKNOWN;
        mutant->reason = rw_strdup("a limit was reached while it ran side by side");
    } else {
        settled = report.interrupted;
    }
    rw_verify_report_free(&report);
    return settled;
}

/* An argument gave a word; both sides have the last say. */
static void confirm(const struct control *control, const struct rw_net *net, const struct rw_word *word,
                    struct rw_mutant *mutant)
{
    if (rw_match_word(control->machine, net, true, word, &mutant->counterexample)) {
        mutant->fate = RW_MUTANT_NOTICED;
        mutant->counterexample.shortest = word->length <= control->length + 1;
    } else {
        mutant->fate = RW_MUTANT_UNKNOWN;
        mutant->reason = rw_strdup("the equivalence argument gave a word on which both sides agree");
    }
}

static void settle_by_argument(struct control *control, const struct rw_net *net, struct rw_mutant *mutant)
{
    const struct rw_question question = {
        {.machine = control->machine}, {.net = net}, &control->limits, control->progress};
    struct rw_answer answer;
    rw_answer_init(&answer);
    rw_argue(&question, &answer);
    rw_argue_longer(&question, &answer);
    if (answer.equality == RW_DIFFERENT) {
        confirm(control, net, &answer.word, mutant);
    } else {
        mutant->fate = answer.equality == RW_EQUAL ? RW_MUTANT_EQUIVALENT : RW_MUTANT_UNKNOWN;
        mutant->reason =
            answer.equality == RW_EQUAL && control->states
                ? rw_format("%s; configurations agree on all words up to length %zu", answer.reason, control->length)
                : rw_strdup(answer.reason);
    }
    rw_answer_clear(&answer);
}

static void settle(struct control *control, const struct rw_net *net, struct rw_mutant *mutant)
{
    uint64_t budget = (control->options->budget > 0 ? control->options->budget : rw_verify_budget(net)) / BUDGET_SHARE;
    if (budget > FIRST_BUDGET && noticed_by_words(control, net, FIRST_BUDGET, 0, mutant))
        return;
    if (!noticed_by_words(control, net, budget, control->options->random_words, mutant))
        settle_by_argument(control, net, mutant);
}

/* --- all mutants --- */

static void collect_words(struct control *control, const struct rw_coverage *coverage)
{
    const struct rw_verify_options *options = control->options;
    control->word_count = options->word_count + coverage->count;
    control->words = rw_alloc(control->word_count, sizeof *control->words);
    if (options->word_count > 0)
        memcpy(control->words, options->words, options->word_count * sizeof *control->words);
    if (coverage->count > 0)
        memcpy(control->words + options->word_count, coverage->words, coverage->count * sizeof *control->words);
}

/* One mutant; what is found out on the way is its own. */
static void settle_mutant(const void *context, const struct rw_net *changed, struct rw_progress *progress,
                          struct rw_mutant *mutant)
{
    struct control control = *(const struct control *)context;
    control.progress = progress;
    settle(&control, changed, mutant);
}

bool rw_mutate(const struct rw_machine *machine, const struct rw_net *net, size_t count,
               const struct rw_verify_options *options, struct rw_mutate_report *report, struct rw_diag *diag)
{
    *report = (struct rw_mutate_report){.seed = options->seed};
    if (!rw_comparable(machine, net, diag))
        return false;
    struct control control = {.machine = machine, .options = options};
    control.limits = options->limits != NULL ? *options->limits : rw_limits_standard();
    struct rw_coverage coverage = {0};
    if (options->cover)
        coverage = rw_coverage_of(machine);
    collect_words(&control, &coverage);
    const struct rw_mutants mutants = {.net = net,
                                       .count = count,
                                       .threads = options->threads,
                                       .seed = options->seed,
                                       .limits = &control.limits,
                                       .progress = options->progress,
                                       .settle = settle_mutant,
                                       .context = &control};
    rw_mutants_settle(&mutants, report);
    free(control.words);
    rw_coverage_clear(&coverage);
    return true;
}

void rw_mutate_report_free(struct rw_mutate_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        rw_mutant_clear(report->mutants + i);
    free(report->mutants);
    *report = (struct rw_mutate_report){0};
}
