/* prove.c - equality for all words: asks the arguments (arguments.h), and runs both sides on the word of a difference. */
#include "verify/prove.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "verify/arguments.h"
#include "verify/cell_words.h"
#include "verify/match.h"
#include "verify/symbolic.h"

/* Words are the last resort here, and all there is in rnnwit verify: a share of what that does. */
#define BUDGET_SHARE  20
#define RANDOM_WORDS  20
#define RANDOM_LENGTH 200

/* --- may they be compared? --- */

static bool has_no_output(struct rw_side side)
{
    return side.net != NULL && side.net->output_count == 0;
}

/* Two machines or two networks; rw_comparable is for one of each. */
static bool alike_comparable(struct rw_side left, struct rw_side right, struct rw_diag *diag)
{
    if (has_no_output(left) || has_no_output(right)) {
        rw_diag_error(diag, rw_span_none(), "a network has no output");
    } else if (!rw_alphabet_equal(rw_side_alphabet(left), rw_side_alphabet(right))) {
        rw_diag_error(diag, rw_span_none(), "the two do not read the same alphabet");
        rw_diag_hint(diag, "the same symbols in the same order are wanted");
    } else if (rw_side_gives_numbers(left) != rw_side_gives_numbers(right)) {
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
static void confirm(const struct rw_question *question, struct rw_answer *answer, struct rw_counterexample *found)
{
    struct saying left = ask(question->left, &answer->word), right = ask(question->right, &answer->word);
    free(answer->reason);
    answer->reason = NULL;
    if (rw_q_equal(left.value, right.value)) {
        answer->equality = RW_UNDECIDED;
        answer->reason = rw_strdup("the argument gave a word on which both sides agree: please report this");
        free(left.text);
        free(right.text);
    } else {
        found->kind = RW_DIFFER_OUTPUT;
        found->quantity = rw_strdup(question->right.net != NULL ? question->right.net->outputs[0] : "output");
        found->machine = left.text;
        found->network = right.text;
        found->shortest = answer->shortest;
        rw_word_copy(&found->word, &answer->word);
    }
    fmpq_clear(left.value);
    fmpq_clear(right.value);
}

/* --- deciding --- */

static bool goes_on(struct rw_progress *progress)
{
    return rw_progress_report(progress, "proving", 0, 0);
}

/* Words that lead to where the induction over modes fails: near first, which is cheaper than the arguments that take longer. */
static void try_cell_words(const struct rw_question *question, bool far, struct rw_answer *answer,
                           struct rw_counterexample *found)
{
    if (answer->equality != RW_UNDECIDED || !goes_on(question->progress) || !rw_is_machine_and_net(question) ||
        !rw_net_is_piecewise(question->right.net, NULL) ||
        !rw_cell_word(question->left.machine, question->right.net, false, far, question->limits, question->progress,
                      found))
        return;
    answer->equality = RW_DIFFERENT;
    free(answer->reason);
    answer->reason = NULL;
}

/* Both sides on words. Symbolic execution does not go by length: a shorter word may be among the short ones; and where
 * no argument applies, a word may still refute. */
static void try_words(const struct rw_question *question, struct rw_answer *answer, struct rw_counterexample *found)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report walk;
    bool refuted = answer->equality == RW_DIFFERENT;
    options.cover = options.cover && !refuted;
    options.random_words = refuted ? 0 : RANDOM_WORDS;
    options.random_length = RANDOM_LENGTH;
    options.budget = rw_verify_budget(question->right.net) / BUDGET_SHARE;
    options.states = false;
    options.limits = question->limits;
    options.progress = question->progress;
    rw_verify(question->left.machine, question->right.net, &options, &walk, NULL);
    if (walk.comparable && !walk.holds && walk.counterexample.kind == RW_DIFFER_OUTPUT &&
        (!refuted || walk.counterexample.word.length <= found->word.length)) {
        rw_counterexample_clear(found);
        *found = walk.counterexample;
        walk.counterexample = (struct rw_counterexample){0};
        answer->equality = RW_DIFFERENT;
        free(answer->reason);
        answer->reason = NULL;
    } else if (refuted) {
        found->shortest = found->word.length <= walk.length + 1;
    } else if (walk.comparable && !walk.interrupted) {
        char *reason = rw_format("%s; no difference on all words up to length %zu", answer->reason, walk.length);
        free(answer->reason);
        answer->reason = reason;
    }
    rw_verify_report_free(&walk);
}

/* Whether words may say more than the arguments did: that the sides differ, or on a shorter word. */
static bool wants_words(const struct rw_question *question, const struct rw_answer *answer)
{
    return rw_is_machine_and_net(question) && ((answer->equality == RW_UNDECIDED && goes_on(question->progress)) ||
                                               (answer->equality == RW_DIFFERENT && !answer->shortest));
}

static bool prove(const struct rw_question *question, bool words, struct rw_prove_report *report, struct rw_diag *diag)
{
    struct timespec start, end;
    struct rw_answer answer;
    *report = (struct rw_prove_report){.equality = RW_UNDECIDED};
    if (!comparable(question->left, question->right, diag)) {
        rw_linear_proof_init(&report->proof);
        return false;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    rw_answer_init(&answer);
    rw_argue(question, &answer);
    if (answer.equality == RW_DIFFERENT)
        confirm(question, &answer, &report->counterexample);
    if (words && wants_words(question, &answer))
        try_words(question, &answer, &report->counterexample);
    try_cell_words(question, false, &answer, &report->counterexample);
    if (answer.equality == RW_UNDECIDED) {
        rw_argue_longer(question, &answer);
        if (answer.equality == RW_DIFFERENT)
            confirm(question, &answer, &report->counterexample);
    }
    try_cell_words(question, true, &answer, &report->counterexample);
    report->equality = answer.equality;
    report->interrupted = answer.equality == RW_UNDECIDED && !goes_on(question->progress);
    report->proof = answer.proof;
    report->reason = answer.reason;
    rw_word_clear(&answer.word);
    clock_gettime(CLOCK_MONOTONIC, &end);
    report->seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    return true;
}

bool rw_prove(struct rw_side left, struct rw_side right, const struct rw_limits *limits, struct rw_progress *progress,
              struct rw_prove_report *report, struct rw_diag *diag)
{
    return prove(&(struct rw_question){left, right, limits, progress}, true, report, diag);
}

bool rw_prove_by_argument(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                          struct rw_progress *progress, struct rw_prove_report *report, struct rw_diag *diag)
{
    return prove(&(struct rw_question){left, right, limits, progress}, false, report, diag);
}

void rw_prove_report_free(struct rw_prove_report *report)
{
    rw_linear_proof_clear(&report->proof);
    rw_counterexample_clear(&report->counterexample);
    free(report->reason);
    *report = (struct rw_prove_report){0};
}
