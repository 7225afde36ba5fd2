/* arguments.c - the arguments about all words: which, when, and in which order.
 *
 * Two sides of linear kinds: the joint forward space (equal_linear.c), one for each context of their routers
 * (equal_contexts.c). A counter machine or finite automaton against a network of ReLUs: an inductive invariant
 * (equal_piecewise.c). A weighted automaton or matrix product against layers of linear heads whose router has too many contexts:
 * induction over blocks of letters (equal_blocks.c). Nothing is proved by trusting who built a network. */
#include "verify/arguments.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/block_words.h"
#include "verify/equal_blocks.h"
#include "verify/equal_contexts.h"
#include "verify/equal_facts.h"
#include "verify/equal_intervals.h"
#include "verify/equal_polynomials.h"
#include "verify/equal_registers.h"
#include "verify/equal_sums.h"
#include "verify/equal_windows.h"
#include "verify/linear.h"
#include "verify/symbolic.h"

enum turn {
    TURN_OWN,   /* the first that applies is the only one */
    TURN_OTHER, /* each that applies until one decides */
    TURN_LONGER /* the same, and it takes longer */
};

/* The word that it gives where the sides differ. */
enum word { NO_WORD, ANY_WORD, SHORTEST_WORD };

struct argument {
    enum rw_argument argument; /* where the function does not name another one */
    enum turn turn;
    enum word word;
    bool (*applies)(const struct rw_question *question);
    /* Writes the word and what it knows of the proof, such as which limit was in the way, into the answer; how or why not, to `why`. */
    enum rw_equality (*decide)(const struct rw_question *question, struct rw_answer *answer, FILE *why);
    const char *title; /* before what it says where it does not decide either; NULL: that is not told */
};

bool rw_is_machine_and_net(const struct rw_question *question)
{
    return question->left.machine != NULL && question->right.net != NULL;
}

/* --- registers --- */

static bool have_registers(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && rw_net_has_registers(question->right.net);
}

static enum rw_equality by_registers(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    (void)answer;
    return rw_equal_registers(question->left.machine, question->right.net, NULL, why);
}

static enum rw_equality by_facts(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    (void)answer;
    return rw_equal_facts(question->left.machine, question->right.net, question->progress, why);
}

/* --- blocks --- */

static bool are_blocks(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && rw_machine_has_blocks(question->left.machine);
}

/* Where the router has too many states for another argument, its letters may be unknown. */
static bool may_be_blocks(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && !are_blocks(question) &&
           rw_may_have_blocks(question->left.machine, question->right.net);
}

static enum rw_equality by_blocks(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    const struct rw_machine *machine = question->left.machine;
    const struct rw_net *net = question->right.net;
    struct rw_blocks_proof blocks;
    enum rw_equality result = rw_equal_blocks(machine, net, question->limits, question->progress, &blocks, why);
    if (result == RW_EQUAL || blocks.limit != NULL) {
        answer->proof.size = blocks.first + blocks.period;
        answer->proof.checked = blocks.cases;
        answer->proof.limit = blocks.limit;
    }
    if (result == RW_EQUAL)
        answer->proof.contexts = 0;
    else if (rw_machine_has_blocks(machine) &&
             rw_block_word(machine, net, blocks.count, question->progress, &answer->word))
        result = RW_DIFFERENT;
    rw_blocks_proof_clear(&blocks);
    return result;
}

/* --- linear sides --- */

static bool have_contexts(const struct rw_question *question)
{
    return rw_sides_have_contexts(question->left, question->right, NULL);
}

static enum rw_equality by_contexts(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    return rw_equal_contexts(question->left, question->right, question->limits, question->progress, &answer->word,
                             &answer->proof, why);
}

/* Where no other argument is about these kinds: it says what is in the way. */
static bool always(const struct rw_question *question)
{
    (void)question;
    return true;
}

static enum rw_equality by_space(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    return rw_equal_sides(question->left, question->right, question->limits, &answer->word, &answer->proof, why);
}

static bool have_verdicts(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && !rw_side_gives_numbers(question->left) &&
           rw_net_is_linear(question->right.net, NULL);
}

static enum rw_equality by_intervals(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    (void)answer;
    return rw_equal_intervals(question->left, question->right, question->limits, why);
}

static enum rw_equality by_polynomials(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    (void)answer;
    return rw_equal_polynomials(question->left, question->right, question->limits, question->progress, why);
}

/* --- ReLUs --- */

static bool are_piecewise(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && rw_net_is_piecewise(question->right.net, NULL);
}

static enum rw_equality by_cells(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    return rw_equal_piecewise(question->left.machine, question->right.net, question->limits, question->progress,
                              &answer->word, why);
}

static bool have_counters(const struct rw_question *question)
{
    return are_piecewise(question) && !rw_machine_has_stacks(question->left.machine);
}

static enum rw_equality by_sums(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    return rw_equal_sums(question->left.machine, question->right.net, question->limits, question->progress,
                         &answer->word, why);
}

static bool have_stacks(const struct rw_question *question)
{
    return are_piecewise(question) && rw_machine_has_stacks(question->left.machine);
}

static enum rw_equality by_windows(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    (void)answer;
    return rw_equal_windows(question->left.machine, question->right.net, question->limits, question->progress, why);
}

/* --- any kinds --- */

/* Where no argument about infinitely many states decides there may be finitely many. */
static bool may_be_visited(const struct rw_question *question)
{
    return rw_is_machine_and_net(question) && question->right.net->padding == 0 && !are_blocks(question);
}

static enum rw_equality by_pairs(const struct rw_question *question, struct rw_answer *answer, FILE *why)
{
    if (answer->proof.contexts > 0) /* there are no fewer pairs than contexts, and those were too many */
        return RW_UNDECIDED;
    return rw_equal_pairs(question->left.machine, question->right.net, question->limits, question->progress,
                          &answer->word, NULL, NULL, why);
}

/* --- in this order --- */

static const struct argument arguments[] = {
    {RW_ARGUMENT_REGISTERS, TURN_OWN, NO_WORD, have_registers, by_registers, NULL},
    {RW_ARGUMENT_BLOCKS, TURN_OWN, ANY_WORD, are_blocks, by_blocks, NULL},
    {RW_ARGUMENT_CONTEXTS, TURN_OWN, SHORTEST_WORD, have_contexts, by_contexts, NULL},
    {RW_ARGUMENT_CELLS, TURN_OWN, ANY_WORD, are_piecewise, by_cells, NULL},
    {RW_ARGUMENT_SPACE, TURN_OWN, SHORTEST_WORD, always, by_space, NULL},
    {RW_ARGUMENT_BLOCKS, TURN_OTHER, NO_WORD, may_be_blocks, by_blocks, "block by block"},
    {RW_ARGUMENT_VISITED, TURN_OTHER, SHORTEST_WORD, may_be_visited, by_pairs, NULL},
    {RW_ARGUMENT_WINDOWS, TURN_LONGER, NO_WORD, have_stacks, by_windows, NULL},
    {RW_ARGUMENT_CELLS, TURN_LONGER, ANY_WORD, have_counters, by_sums, NULL},
    {RW_ARGUMENT_FACTS, TURN_LONGER, NO_WORD, have_registers, by_facts, NULL},
    {RW_ARGUMENT_INTERVALS, TURN_LONGER, NO_WORD, have_verdicts, by_intervals, NULL},
    {RW_ARGUMENT_POLYNOMIALS, TURN_LONGER, NO_WORD, have_verdicts, by_polynomials, NULL},
};
#define ARGUMENTS (sizeof arguments / sizeof *arguments)

void rw_answer_init(struct rw_answer *answer)
{
    *answer = (struct rw_answer){.equality = RW_UNDECIDED};
    rw_word_init(&answer->word);
    rw_linear_proof_init(&answer->proof);
}

void rw_answer_clear(struct rw_answer *answer)
{
    rw_word_clear(&answer->word);
    rw_linear_proof_clear(&answer->proof);
    free(answer->reason);
    *answer = (struct rw_answer){0};
}

/* What an argument said (taken). One that does not decide has something to add to what was said before, or nothing. */
static void keep_reason(const struct argument *argument, struct rw_answer *answer, char *reason)
{
    char *before = answer->reason;
    if (before == NULL || answer->equality != RW_UNDECIDED) {
        answer->reason = reason;
        free(before);
    } else if (argument->title != NULL) {
        answer->reason =
            before[0] == '\0' ? rw_strdup(reason) : rw_format("%s; %s: %s", before, argument->title, reason);
        free(reason);
        free(before);
    } else {
        free(reason);
    }
}

static void argue(const struct argument *argument, const struct rw_question *question, struct rw_answer *answer)
{
    struct rw_linear_proof *proof = &answer->proof;
    char *reason = NULL;
    size_t size;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    answer->word.length = 0;
    proof->argument = RW_ARGUMENT_NONE;
    answer->equality = argument->decide(question, answer, why);
    fclose(why);
    answer->shortest = argument->word == SHORTEST_WORD;
    if (answer->equality == RW_EQUAL) {
        proof->argument = proof->argument == RW_ARGUMENT_NONE ? argument->argument : proof->argument;
        proof->limit = NULL;
    }
    keep_reason(argument, answer, reason);
}

static void take_turn(enum turn turn, const struct rw_question *question, struct rw_answer *answer)
{
    bool over = false;
    for (size_t i = 0; i < ARGUMENTS && answer->equality == RW_UNDECIDED && !over; i++) {
        const struct argument *argument = arguments + i;
        if (argument->turn != turn || !argument->applies(question))
            continue;
        argue(argument, question, answer);
        over = turn == TURN_OWN;
    }
}

void rw_argue(const struct rw_question *question, struct rw_answer *answer)
{
    take_turn(TURN_OWN, question, answer);
    take_turn(TURN_OTHER, question, answer);
}

void rw_argue_longer(const struct rw_question *question, struct rw_answer *answer)
{
    if (answer->equality == RW_UNDECIDED && rw_progress_report(question->progress, "proving", 0, 0))
        take_turn(TURN_LONGER, question, answer);
}
