/* prove.c - equality for all words: chooses the argument, and runs both sides on the word of a difference.
 *
 * Two sides of linear kinds: the joint forward space (equal_linear.c), one for each context of their routers
 * (equal_contexts.c). A counter machine or finite automaton against a network of ReLUs: an inductive invariant
 * (equal_piecewise.c). A weighted automaton or matrix product against layers of linear heads whose router has too many contexts:
 * induction over blocks of letters (equal_blocks.c). Nothing is proved by trusting who built a network. */
#include "verify/prove.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "verify/block_words.h"
#include "verify/cell_words.h"
#include "verify/equal_blocks.h"
#include "verify/equal_contexts.h"
#include "verify/equal_facts.h"
#include "verify/equal_intervals.h"
#include "verify/equal_polynomials.h"
#include "verify/equal_windows.h"
#include "verify/linear.h"
#include "verify/equal_registers.h"
#include "verify/match.h"
#include "verify/symbolic.h"

/* Words are the last resort here, and all there is in rnnwit verify: a share of what that does. */
#define BUDGET_SHARE  20
#define RANDOM_WORDS  20
#define RANDOM_LENGTH 200

/* --- may they be compared? --- */

static const struct rw_alphabet *alphabet_of(struct rw_side side)
{
    assert(side.net != NULL || side.machine != NULL);
    return side.net != NULL ? side.net->tokens : side.machine->alphabet;
}

static bool gives_numbers(struct rw_side side)
{
    return side.net != NULL ? side.net->decision == RW_DECIDE_VALUE : side.machine->kind->verdict == RW_VALUE;
}

static bool has_no_output(struct rw_side side)
{
    return side.net != NULL && side.net->output_count == 0;
}

/* Two machines or two networks; rw_comparable is for one of each. */
static bool alike_comparable(struct rw_side left, struct rw_side right, struct rw_diag *diag)
{
    if (has_no_output(left) || has_no_output(right)) {
        rw_diag_error(diag, rw_span_none(), "a network has no output");
    } else if (!rw_alphabet_equal(alphabet_of(left), alphabet_of(right))) {
        rw_diag_error(diag, rw_span_none(), "the two do not read the same alphabet");
        rw_diag_hint(diag, "the same symbols in the same order are wanted");
    } else if (gives_numbers(left) != gives_numbers(right)) {
        rw_diag_error(diag, rw_span_none(), "one accepts or rejects, the other gives each word a number");
        if (left.net == NULL)
            rw_diag_hint(diag, "with 'accept: positive' a wfa accepts the words of positive weight");
    } else {
        return true;
    }
    return false;
}

static bool comparable(struct rw_side left, struct rw_side right, struct rw_diag *diag)
{
    if (left.machine != NULL && right.net != NULL)
        return rw_comparable(left.machine, right.net, diag);
    return alike_comparable(left, right, diag);
}

/* --- one side on a word --- */

struct saying {
    char *text;
    fmpq_t value; /* a verdict: 1 or 0 */
};

static void ask_machine(const struct rw_machine *machine, const struct rw_word *word, struct saying *saying)
{
    void *run = machine->kind->run_new(machine->model);
    machine->kind->run_start(machine->model, run);
    for (size_t i = 0; i < word->length; i++)
        machine->kind->step(machine->model, run, word->symbols[i]);
    saying->text = rw_machine_says(machine, run);
    machine->kind->value(machine->model, run, saying->value);
    machine->kind->run_free(machine->model, run);
}

static void ask_net(const struct rw_net *net, const struct rw_word *word, struct saying *saying)
{
    struct rw_run *run = rw_run_new(net);
    for (size_t i = 0; i < word->length; i++) {
        rw_run_step(run, word->symbols[i]);
        for (size_t j = 0; j < net->padding; j++)
            rw_run_step(run, (uint32_t)rw_alphabet_size(net->tokens) - 1);
    }
    saying->text = rw_net_says(net, run);
    if (net->decision == RW_DECIDE_VALUE)
        fmpq_set(saying->value, rw_run_output(run, 0));
    else
        rw_q_set_int(saying->value, rw_run_accepts(run));
    rw_run_free(run);
}

static struct saying ask(struct rw_side side, const struct rw_word *word)
{
    struct saying saying;
    fmpq_init(saying.value);
    if (side.net != NULL)
        ask_net(side.net, word, &saying);
    else
        ask_machine(side.machine, word, &saying);
    return saying;
}

/* An argument gave a word; both sides have the last say. */
static void confirm(struct rw_side left, struct rw_side right, const struct rw_word *word,
                    struct rw_prove_report *report)
{
    struct rw_counterexample *found = &report->counterexample;
    struct saying says_left = ask(left, word), says_right = ask(right, word);
    if (rw_q_equal(says_left.value, says_right.value)) {
        report->equality = RW_UNDECIDED;
        report->reason = rw_strdup("the argument gave a word on which both sides agree: please report this");
        free(says_left.text);
        free(says_right.text);
    } else {
        found->kind = RW_DIFFER_OUTPUT;
        found->quantity = rw_strdup(right.net != NULL ? right.net->outputs[0] : "output");
        found->machine = says_left.text;
        found->network = says_right.text;
        rw_word_copy(&found->word, word);
    }
    fmpq_clear(says_left.value);
    fmpq_clear(says_right.value);
}

/* --- deciding --- */

static bool is_piecewise(struct rw_side left, struct rw_side right)
{
    return left.machine != NULL && right.net != NULL && rw_net_is_piecewise(right.net, NULL);
}

static bool has_blocks(struct rw_side left, struct rw_side right)
{
    return left.machine != NULL && right.net != NULL && rw_machine_has_blocks(left.machine);
}

/* Where the sides differ, the word that is found may not be a shortest one. */
static bool finds_any_word(struct rw_side left, struct rw_side right)
{
    return is_piecewise(left, right) || has_blocks(left, right);
}

static void note_blocks(const struct rw_blocks_proof *blocks, struct rw_linear_proof *proof)
{
    proof->argument = RW_ARGUMENT_BLOCKS;
    proof->size = blocks->first + blocks->period;
    proof->checked = blocks->cases;
    proof->limit = blocks->limit;
}

static enum rw_equality by_blocks(const struct rw_machine *machine, const struct rw_net *net,
                                  const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                  struct rw_linear_proof *proof, FILE *why)
{
    struct rw_blocks_proof blocks;
    enum rw_equality result = rw_equal_blocks(machine, net, limits, progress, &blocks, why);
    note_blocks(&blocks, proof);
    if (result == RW_UNDECIDED && rw_block_word(machine, net, blocks.count, progress, word))
        result = RW_DIFFERENT;
    rw_blocks_proof_clear(&blocks);
    return result;
}

static enum rw_equality decide(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                               struct rw_progress *progress, struct rw_word *word, struct rw_linear_proof *proof,
                               FILE *why)
{
    if (left.machine != NULL && right.net != NULL && rw_net_has_registers(right.net)) {
        proof->argument = RW_ARGUMENT_REGISTERS;
        return rw_equal_registers(left.machine, right.net, NULL, why);
    }
    if (has_blocks(left, right))
        return by_blocks(left.machine, right.net, limits, progress, word, proof, why);
    if (rw_sides_have_contexts(left, right, NULL))
        return rw_equal_contexts(left, right, limits, progress, word, proof, why);
    if (!is_piecewise(left, right))
        return rw_equal_sides(left, right, limits, word, proof, why);
    proof->argument = RW_ARGUMENT_CELLS;
    return rw_equal_piecewise(left.machine, right.net, limits, progress, word, why);
}

/* Where the router has too many states for another argument, its letters may be unknown. If not, says so after what the first one said. */
static void try_blocks(const struct rw_machine *machine, const struct rw_net *net, const struct rw_limits *limits,
                       struct rw_progress *progress, struct rw_prove_report *report)
{
    struct rw_blocks_proof blocks;
    char *reason = NULL;
    size_t size;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    if (report->reason[0] != '\0')
        fprintf(why, "%s; block by block: ", report->reason);
    size_t before = (size_t)ftell(why);
    report->equality = rw_equal_blocks(machine, net, limits, progress, &blocks, why);
    fclose(why);
    free(report->reason);
    report->reason = report->equality == RW_EQUAL ? rw_strdup(reason + before) : rw_strdup(reason);
    if (report->equality == RW_EQUAL || blocks.limit != NULL)
        note_blocks(&blocks, &report->proof);
    if (report->equality == RW_EQUAL)
        report->proof.contexts = 0;
    free(reason);
    rw_blocks_proof_clear(&blocks);
}

/* Where no argument about infinitely many states applies there may be finitely many. Keeps what the first one said if not. */
static void try_pairs(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                      struct rw_progress *progress, struct rw_word *word, struct rw_prove_report *report)
{
    char *reason = NULL;
    size_t size;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    report->equality = rw_equal_pairs(left.machine, right.net, limits, progress, word, NULL, NULL, why);
    fclose(why);
    if (report->equality == RW_EQUAL) {
        free(report->reason);
        report->reason = reason;
        report->proof.argument = RW_ARGUMENT_VISITED;
        report->proof.limit = NULL;
    } else {
        free(reason);
    }
}

/* Arguments that take longer, where neither the others nor any word decided. Keep what the first one said if these do not either. */
static void try_longer(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                       struct rw_progress *progress, struct rw_prove_report *report)
{
    char *reason = NULL;
    size_t size;
    enum rw_argument argument = RW_ARGUMENT_NONE;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    if (is_piecewise(left, right) && rw_machine_has_stacks(left.machine)) {
        argument = RW_ARGUMENT_WINDOWS;
        report->equality = rw_equal_windows(left.machine, right.net, limits, progress, why);
    } else if (rw_net_has_registers(right.net)) {
        argument = RW_ARGUMENT_FACTS;
        report->equality = rw_equal_facts(left.machine, right.net, progress, why);
    } else if (!gives_numbers(left) && rw_net_is_linear(right.net, NULL)) {
        argument = RW_ARGUMENT_INTERVALS;
        report->equality = rw_equal_intervals(left, right, limits, why);
        if (report->equality == RW_UNDECIDED) {
            argument = RW_ARGUMENT_POLYNOMIALS;
            report->equality = rw_equal_polynomials(left, right, limits, progress, why);
        }
    }
    fclose(why);
    if (report->equality == RW_EQUAL) {
        free(report->reason);
        report->reason = reason;
        report->proof.argument = argument;
        report->proof.limit = NULL;
    } else {
        free(reason);
    }
}

/* Words that lead to where the induction over modes fails: far from what was run so far. */
static void try_cell_words(const struct rw_machine *machine, const struct rw_net *net, const struct rw_limits *limits,
                           struct rw_progress *progress, struct rw_prove_report *report)
{
    if (!rw_cell_word(machine, net, false, limits, progress, &report->counterexample))
        return;
    report->equality = RW_DIFFERENT;
    free(report->reason);
    report->reason = NULL;
}

/* Both sides on words. Symbolic execution does not go by length: a shorter word may be among the short ones; and where
 * no argument applies, a word may still refute. */
static void try_words(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                      struct rw_progress *progress, struct rw_prove_report *report)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report walk;
    bool refuted = report->equality == RW_DIFFERENT;
    options.cover = options.cover && !refuted;
    options.random_words = refuted ? 0 : RANDOM_WORDS;
    options.random_length = RANDOM_LENGTH;
    options.budget = rw_verify_budget(right.net) / BUDGET_SHARE;
    options.states = false;
    options.limits = limits;
    options.progress = progress;
    rw_verify(left.machine, right.net, &options, &walk, NULL);
    if (walk.comparable && !walk.holds && walk.counterexample.kind == RW_DIFFER_OUTPUT &&
        (!refuted || walk.counterexample.word.length <= report->counterexample.word.length)) {
        rw_counterexample_clear(&report->counterexample);
        report->counterexample = walk.counterexample;
        walk.counterexample = (struct rw_counterexample){0};
        report->equality = RW_DIFFERENT;
        free(report->reason);
        report->reason = NULL;
    } else if (refuted) {
        report->counterexample.shortest = report->counterexample.word.length <= walk.length + 1;
    } else if (walk.comparable && !walk.interrupted) {
        char *reason = rw_format("%s; no difference on all words up to length %zu", report->reason, walk.length);
        free(report->reason);
        report->reason = reason;
    }
    rw_verify_report_free(&walk);
}

static bool prove(struct rw_side left, struct rw_side right, bool words, const struct rw_limits *limits,
                  struct rw_progress *progress, struct rw_prove_report *report, struct rw_diag *diag)
{
    struct timespec start, end;
    struct rw_word word;
    size_t size;
    *report = (struct rw_prove_report){.equality = RW_UNDECIDED};
    rw_linear_proof_init(&report->proof);
    if (!comparable(left, right, diag))
        return false;
    clock_gettime(CLOCK_MONOTONIC, &start);
    rw_word_init(&word);
    FILE *why = open_memstream(&report->reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    report->equality = decide(left, right, limits, progress, &word, &report->proof, why);
    fclose(why);
    if (report->equality == RW_UNDECIDED && left.machine != NULL && right.net != NULL && !has_blocks(left, right) &&
        rw_may_have_blocks(left.machine, right.net))
        try_blocks(left.machine, right.net, limits, progress, report);
    if (report->equality == RW_UNDECIDED && left.machine != NULL && right.net != NULL && right.net->padding == 0 &&
        !has_blocks(left, right) && report->proof.contexts == 0) /* there are no fewer pairs than contexts */
        try_pairs(left, right, limits, progress, &word, report);
    if (report->equality == RW_DIFFERENT) {
        free(report->reason);
        report->reason = NULL;
        confirm(left, right, &word, report);
        report->counterexample.shortest = true;
    }
    bool goes_on = report->equality != RW_UNDECIDED || rw_progress_report(progress, "proving", 0, 0);
    if (words && left.machine != NULL && right.net != NULL && goes_on &&
        (report->equality == RW_UNDECIDED || (report->equality == RW_DIFFERENT && finds_any_word(left, right))))
        try_words(left, right, limits, progress, report);
    if (report->equality == RW_UNDECIDED && left.machine != NULL && right.net != NULL &&
        rw_progress_report(progress, "proving", 0, 0))
        try_longer(left, right, limits, progress, report);
    if (report->equality == RW_UNDECIDED && is_piecewise(left, right) && rw_progress_report(progress, "proving", 0, 0))
        try_cell_words(left.machine, right.net, limits, progress, report);
    report->interrupted = report->equality == RW_UNDECIDED && !rw_progress_report(progress, "proving", 0, 0);
    rw_word_clear(&word);
    clock_gettime(CLOCK_MONOTONIC, &end);
    report->seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    return true;
}

bool rw_prove(struct rw_side left, struct rw_side right, const struct rw_limits *limits, struct rw_progress *progress,
              struct rw_prove_report *report, struct rw_diag *diag)
{
    return prove(left, right, true, limits, progress, report, diag);
}

bool rw_prove_by_argument(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                          struct rw_progress *progress, struct rw_prove_report *report, struct rw_diag *diag)
{
    return prove(left, right, false, limits, progress, report, diag);
}

void rw_prove_report_free(struct rw_prove_report *report)
{
    rw_linear_proof_clear(&report->proof);
    rw_counterexample_clear(&report->counterexample);
    free(report->reason);
    *report = (struct rw_prove_report){0};
}
