/* verify.c - machine and network side by side on words (theory V1).
 *
 * First all words up to a length, then random and given ones; after every prefix w both sides must say the same of w
 * (match.h). What is reported as checked was checked: a part cut short by an interrupt or a limit reports what it
 * did. */
#include "verify/verify.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "verify/session.h"

/* A network and a machine do some ten million steps a second when both are small, a hundred thousand when they are
 * not. */
#define STANDARD_BUDGET 1000000
/* A token of a network of several layers costs so many of one layer, about. */
#define DEEP_COST 50
/* With one symbol there is one word of each length: further than this the walk is no better than a random word. */
#define LONGEST_UNARY 10000
/* Nobody lives to see the end of a longer walk: the length only has to be one that memory holds. */
#define MOST_WORDS (UINT64_C(1) << 62)
#define MOST_UNARY 1000000
/* PCRE2 takes about as long for a word as both sides for eight. */
#define ORACLE_SHARE 8

struct rw_verify_options rw_verify_standard(void)
{
    return (struct rw_verify_options){
        .length = SIZE_MAX, .random_words = 100, .random_length = 1000, .seed = 1, .cover = true, .states = true};
}

uint64_t rw_verify_budget(const struct rw_net *net)
{
    size_t deep = 0; /* layers with a state */
    for (size_t l = 0; l < net->layer_count; l++)
        deep += net->layers[l].head_count > 0;
    return deep > 1 ? STANDARD_BUDGET / DEEP_COST : STANDARD_BUDGET;
}

/* Budgets are tokens, and a padded network reads several for each symbol. */
static uint64_t symbols_within(const struct rw_net *net, uint64_t budget)
{
    return (budget > 0 ? budget : rw_verify_budget(net)) / (net->padding + 1);
}

/* How many words there are up to this length, or UINT64_MAX if they are too many to count. */
static uint64_t words_up_to(size_t symbols, size_t length)
{
    uint64_t sum = 1;
    for (size_t l = 1; l <= length; l++)
        if (__builtin_mul_overflow(sum, (uint64_t)symbols, &sum) || __builtin_add_overflow(sum, 1, &sum))
            return UINT64_MAX;
    return sum;
}

/* The largest length, at least 1, with at most `budget` words up to it. */
static size_t longest_within(size_t symbols, uint64_t budget)
{
    if (symbols <= 1)
        return symbols == 0 || budget < 2 ? symbols : budget - 1 < LONGEST_UNARY ? (size_t)budget - 1 : LONGEST_UNARY;
    size_t length = 1;
    while (words_up_to(symbols, length + 1) <= budget)
        length++;
    return length;
}

static size_t walk_length(const struct rw_session *session)
{
    size_t symbols = rw_alphabet_size(session->match.machine->alphabet), asked = session->options->length;
    if (asked == SIZE_MAX)
        return longest_within(symbols, session->options->budget);
    size_t possible = symbols == 1 ? MOST_UNARY : longest_within(symbols, MOST_WORDS);
    return asked < possible ? asked : possible;
}

/* --- what the parts of a session share --- */

bool rw_session_goes_on(struct rw_session *session, uint64_t steps)
{
    uint64_t done = steps - session->part_start;
    if (!rw_progress_report(session->options->progress, session->part, done, session->part_steps))
        session->report->interrupted = true;
    return !session->report->interrupted;
}

void rw_session_bits_exceeded(struct rw_session *session, size_t length, size_t bits)
{
    rw_diag_limit(session->diag, rw_span_none(), "bits", "after %zu symbols the network holds a number of %zu bits",
                  length, bits);
    session->failed = true;
}

void rw_session_note_bits(struct rw_session *session, size_t length, size_t bits)
{
    struct rw_verify_report *report = session->report;
    size_t i = report->bits_count;
    while (i > 0 && report->bits[i - 1].length > length)
        i--;
    if (i > 0 && report->bits[i - 1].length == length) {
        if (bits > report->bits[i - 1].bits)
            report->bits[i - 1].bits = bits;
        return;
    }
    report->bits = rw_grow(report->bits, &session->bits_capacity, report->bits_count + 1, sizeof *report->bits);
    memmove(report->bits + i + 1, report->bits + i, (report->bits_count - i) * sizeof *report->bits);
    report->bits[i].length = length;
    report->bits[i].bits = bits;
    report->bits_count++;
}

/* Only the last find is kept: each is shorter than the one before. */
static struct rw_counterexample *new_counterexample(struct rw_session *session, const uint32_t *symbols, size_t length)
{
    struct rw_counterexample *found = &session->report->counterexample;
    rw_counterexample_clear(found);
    session->report->holds = false;
    for (size_t i = 0; i < length; i++)
        rw_word_push(&found->word, symbols[i]);
    return found;
}

void rw_session_found(struct rw_session *session, const struct rw_cursor *cursor, const uint32_t *symbols,
                      size_t length)
{
    rw_match_describe(&session->match, &cursor->runs, new_counterexample(session, symbols, length));
}

void rw_session_oracle_differs(struct rw_session *session, struct rw_cursor *cursor, const uint32_t *symbols,
                               size_t length)
{
    rw_cursor_make_runs(&session->atlas, cursor);
    struct rw_counterexample *found = new_counterexample(session, symbols, length);
    found->kind = RW_DIFFER_ORACLE;
    found->quantity = rw_strdup("PCRE2");
    found->machine = rw_machine_says(session->match.machine, cursor->runs.machine);
    found->network = rw_net_says(session->match.net, cursor->runs.net);
    found->oracle = rw_strdup(strcmp(found->machine, "accept") == 0 ? "reject" : "accept");
}

bool rw_session_oracle_agrees(struct rw_session *session, const struct rw_cursor *cursor, size_t length)
{
    enum rw_opinion opinion = rw_oracle_ask(session->oracle, length);
    if (opinion == RW_OPINION_NONE) {
        session->report->oracle_gave_up++;
        return true;
    }
    session->report->oracle_words++;
    return (opinion == RW_OPINION_ACCEPTS) == rw_cursor_machine_accepts(&session->atlas, cursor);
}

/* --- the session --- */

static void open_session(struct rw_session *session, const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_verify_report *report = session->report;
    size_t size;
    FILE *notes = open_memstream(&report->notes, &size);
    if (notes == NULL)
        rw_out_of_memory(1);
    rw_match_init(&session->match, machine, net, session->options->states, notes);
    rw_atlas_init(&session->atlas, &session->match, session->options->recompute);
    session->oracle = rw_oracle_new(machine, notes);
    fclose(notes);
    if (report->notes[0] == '\0') {
        free(report->notes);
        report->notes = NULL;
    }
    report->states_compared = session->match.quantities > 0;
    report->quantities = session->match.quantities;
    if (session->oracle != NULL)
        report->oracle = rw_strdup(rw_oracle_name(session->oracle));
    session->oracle_length =
        longest_within(rw_alphabet_size(machine->alphabet), session->options->budget / ORACLE_SHARE);
}

static void close_session(struct rw_session *session)
{
    session->report->computed = session->atlas.computed;
    rw_oracle_free(session->oracle);
    rw_atlas_clear(&session->atlas);
    rw_match_clear(&session->match);
}

static void walk_up_to(struct rw_session *session, size_t length)
{
    session->part = "all words";
    session->part_start = 0;
    session->part_steps = words_up_to(rw_alphabet_size(session->match.machine->alphabet), length);
    session->report->oracle_words = session->report->oracle_gave_up = 0;
    rw_walk_words(session, length);
}

/* First half the length, at almost no cost: an early difference is found early, and an interrupt finds something
 * done. */
static void walk_in_two_stages(struct rw_session *session)
{
    size_t length = walk_length(session);
    if (length >= 4)
        walk_up_to(session, length / 2);
    if (session->report->holds && !rw_session_over(session))
        walk_up_to(session, length);
}

/* p(n) speaks of words of length at most n. */
static void accumulate_bits(struct rw_verify_report *report)
{
    for (size_t i = 1; i < report->bits_count; i++)
        if (report->bits[i].bits < report->bits[i - 1].bits)
            report->bits[i].bits = report->bits[i - 1].bits;
}

static double elapsed(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

bool rw_verify(const struct rw_machine *machine, const struct rw_net *net, const struct rw_verify_options *options,
               struct rw_verify_report *report, struct rw_diag *diag)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct rw_limits standard = rw_limits_standard();
    *report = (struct rw_verify_report){.seed = options->seed};
    if (!rw_comparable(machine, net, diag))
        return false;
    report->comparable = report->holds = true;
    struct rw_verify_options own = *options;
    own.budget = symbols_within(net, options->budget);
    struct rw_session session = {.options = &own, .report = report, .diag = diag};
    session.limits = options->limits != NULL ? options->limits : &standard;
    open_session(&session, machine, net);
    walk_in_two_stages(&session);
    if (report->holds && !rw_session_over(&session))
        rw_try_random_words(&session);
    if (report->holds && !rw_session_over(&session))
        rw_try_covering_words(&session);
    if (report->holds && !rw_session_over(&session))
        rw_try_given_words(&session);
    struct rw_counterexample *found = &report->counterexample;
    found->shortest = !report->holds && found->word.length <= report->length + 1;
    accumulate_bits(report);
    close_session(&session);
    report->seconds = elapsed(&start);
    return !session.failed;
}

void rw_verify_report_free(struct rw_verify_report *report)
{
    free(report->notes);
    free(report->oracle);
    free(report->bits);
    rw_counterexample_clear(&report->counterexample);
    *report = (struct rw_verify_report){0};
}
