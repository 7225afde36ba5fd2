/* prove_mutants.c - single wrong weights: each is refuted by a word, proved harmless, or undecided (theory V5).
 *
 * In this order: a short word on which the outputs differ; the arguments of rw_prove about all words, and its longer words; at last a word after
 * which the configuration, as the net file's relation reads it, is not the machine's. A network may do no harm that any output shows and
 * still be no simulation of the machine. */
#include <stdlib.h>

#include "base/memory.h"
#include "verify/cell_words.h"
#include "verify/coverage.h"
#include "verify/match.h"
#include "verify/mutants.h"
#include "verify/prove.h"

/* Most mutants fall within a few hundred words; the others get a share of what rnnwit verify does. */
#define FIRST_BUDGET  2000
#define BUDGET_SHARE  20
#define RANDOM_WORDS  40
#define RANDOM_LENGTH 400
/* Words that keep a machine alive. */
#define LIVELY_WORDS  160
#define LIVELY_LENGTH 400
#define LIVELY_SEED   11
#define LONGEST_UNARY 2000

struct subject {
    const struct rw_machine *machine;
    const struct rw_limits *limits;
    struct rw_word *words; /* that exercise every rule, and that keep the machine alive; shallow copies */
    size_t word_count;
};

/* Both sides on words, all up to a length `walked` among them. true: one of them refutes the mutant, in its output or, if they are compared, in its
 * configuration. */
static bool refuted_by_words(const struct subject *subject, const struct rw_net *net,
                             const struct rw_verify_options *options, size_t *walked, struct rw_mutant *mutant)
{
    struct rw_verify_report walk;
    rw_verify(subject->machine, net, options, &walk, NULL);
    struct rw_counterexample *found = &walk.counterexample;
    *walked = walk.length;
    bool refuted =
        walk.comparable && !walk.holds && found->kind != RW_DIFFER_ORACLE &&
        rw_match_word(subject->machine, net, found->kind == RW_DIFFER_STATE, &found->word, &mutant->counterexample);
    if (refuted) {
        mutant->fate = RW_MUTANT_NOTICED;
        mutant->counterexample.shortest = found->shortest;
    }
    rw_verify_report_free(&walk);
    return refuted;
}

static struct rw_verify_options words_for(const struct subject *subject, struct rw_progress *progress, uint64_t budget)
{
    struct rw_verify_options options = rw_verify_standard();
    options.cover = false;
    options.states = false;
    options.random_words = 0;
    options.budget = budget;
    options.limits = subject->limits;
    options.progress = progress;
    return options;
}

/* Takes over what the proof says. true: it decides. */
static bool settled_by_proof(struct rw_prove_report *proved, size_t walked, struct rw_mutant *mutant)
{
    mutant->fate = proved->equality == RW_DIFFERENT ? RW_MUTANT_NOTICED
                   : proved->equality == RW_EQUAL   ? RW_MUTANT_EQUIVALENT
                                                    : RW_MUTANT_UNKNOWN;
    mutant->counterexample = proved->counterexample;
    if (mutant->counterexample.again == 0)
        mutant->counterexample.shortest = mutant->counterexample.word.length <= walked + 1;
    proved->counterexample = (struct rw_counterexample){0};
    mutant->reason = proved->reason;
    proved->reason = NULL;
    return mutant->fate != RW_MUTANT_UNKNOWN || proved->interrupted;
}

/* The words at which an undecided mutant is given its last chance; `states`: in its configuration. */
static bool refuted_by_more_words(const struct subject *subject, const struct rw_net *net, bool states,
                                  struct rw_progress *progress, size_t *walked, struct rw_mutant *mutant)
{
    uint64_t budget = rw_verify_budget(net) / BUDGET_SHARE;
    struct rw_verify_options options = words_for(subject, progress, budget);
    if (rw_alphabet_size(subject->machine->alphabet) == 1) /* one word of each length: no shorter than a random one */
        options.length = LONGEST_UNARY;
    options.states = states;
    options.random_words = RANDOM_WORDS;
    options.random_length = RANDOM_LENGTH;
    options.words = subject->words;
    options.word_count = subject->word_count;
    if (!refuted_by_words(subject, net, &options, walked, mutant))
        return false;
    free(mutant->reason);
    mutant->reason = NULL;
    return true;
}

/* In the configuration, far from what was run so far. */
static bool refuted_by_cell_word(const struct subject *subject, const struct rw_net *net, struct rw_progress *progress,
                                 struct rw_mutant *mutant)
{
    if (!rw_cell_word(subject->machine, net, true, false, subject->limits, progress, &mutant->counterexample) &&
        !rw_cell_word(subject->machine, net, true, true, subject->limits, progress, &mutant->counterexample))
        return false;
    mutant->fate = RW_MUTANT_NOTICED;
    free(mutant->reason);
    mutant->reason = NULL;
    return true;
}

static void settle(const void *context, const struct rw_net *net, struct rw_progress *progress,
                   struct rw_mutant *mutant)
{
    const struct subject *subject = context;
    struct rw_prove_report proved;
    struct rw_verify_options first = words_for(subject, progress, FIRST_BUDGET);
    size_t walked;
    if (refuted_by_words(subject, net, &first, &walked, mutant))
        return;
    rw_prove_by_argument((struct rw_side){.machine = subject->machine}, (struct rw_side){.net = net}, subject->limits,
                         progress, &proved, NULL);
    bool settled = settled_by_proof(&proved, walked, mutant);
    rw_prove_report_free(&proved);
    if (settled || refuted_by_more_words(subject, net, false, progress, &walked, mutant) ||
        refuted_by_more_words(subject, net, true, progress, &walked, mutant) ||
        refuted_by_cell_word(subject, net, progress, mutant))
        return;
    char *reason = rw_format("%s; no difference on all words up to length %zu", mutant->reason, walked);
    free(mutant->reason);
    mutant->reason = reason;
}

/* All words of both lists, which stay theirs. */
static void collect_words(struct subject *subject, const struct rw_coverage *a, const struct rw_coverage *b)
{
    subject->word_count = a->count + b->count;
    subject->words = rw_alloc(subject->word_count, sizeof *subject->words);
    for (size_t i = 0; i < subject->word_count; i++)
        subject->words[i] = i < a->count ? a->words[i] : b->words[i - a->count];
}

bool rw_prove_mutants(const struct rw_machine *machine, const struct rw_net *net, size_t count, uint64_t seed,
                      size_t threads, const struct rw_limits *limits, struct rw_progress *progress,
                      struct rw_mutate_report *report, struct rw_diag *diag)
{
    *report = (struct rw_mutate_report){.seed = seed};
    if (!rw_comparable(machine, net, diag))
        return false;
    struct rw_coverage cover = rw_coverage_of(machine);
    struct rw_coverage lively = rw_coverage_wander(machine, LIVELY_SEED, LIVELY_WORDS, LIVELY_LENGTH);
    struct subject subject = {.machine = machine, .limits = limits};
    collect_words(&subject, &cover, &lively);
    const struct rw_mutants mutants = {.net = net,
                                       .count = count,
                                       .threads = threads,
                                       .seed = seed,
                                       .limits = limits,
                                       .progress = progress,
                                       .settle = settle,
                                       .context = &subject};
    rw_mutants_settle(&mutants, report);
    rw_coverage_clear(&cover);
    rw_coverage_clear(&lively);
    free(subject.words);
    return true;
}
