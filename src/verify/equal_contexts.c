/* equal_contexts.c - networks of several linear layers beside machines and each other, for all words (theory V3, routers).
 *
 * Both sides become weighted automata with contexts (contexts.h), f the left and g the right one, and g = scale f + shift is
 * decided on a basis for each joint context (context_space.h). Values: scale 1, shift 0. Verdicts: with a positive scale,
 * and a shift that changes no sign; the first word where that fails is a shortest one where the verdicts differ, if they
 * do there: on all shorter words they agree. Where they do not differ there, or no scale will do, the rows themselves
 * may be finitely many in each context, or their supports decide (context_signs.c). A nondeterministic machine has two
 * candidates for f. */
#include "verify/equal_contexts.h"

#include "automata/nfa.h"
#include "automata/regex.h"
#include "verify/context_signs.h"
#include "verify/context_space.h"
#include "verify/linear.h"
#include "verify/series.h"

/* The cells of the first attempt; contexts that are found, and words of memory for them, for each cell of the second one. */
#define FIRST_CELLS     5000
#define MERGED_PER_CELL 2
#define MERGE_WORDS     64

/* Words of memory for rows that are visited, for each cell of the limit. */
#define ROW_CELLS 16

/* A side as automata with contexts. */
struct candidates {
    struct rw_series series[RW_MOST_SERIES];
    size_t series_count; /* 0: the side is a network of several layers */
    struct rw_contexts *list[RW_MOST_SERIES];
    size_t count;
};

struct comparison {
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_word *word;
    struct rw_linear_proof *proof;
    FILE *why;
    struct rw_context_size size; /* how far the last search went */
};

static bool is_single(struct rw_side side)
{
    return side.net == NULL || rw_net_is_linear(side.net, NULL);
}

static bool is_covered(struct rw_side side, FILE *why)
{
    if (side.net != NULL)
        return is_single(side) || rw_net_has_contexts(side.net, why);
    const struct rw_machine_kind *kind = side.machine->kind;
    return kind == &rw_dfa_kind || kind == &rw_nfa_kind || kind == &rw_regex_kind || kind == &rw_wfa_kind ||
           kind == &rw_wfa_indicator_kind;
}

/* A verdict of three is not told by a sign being positive. */
static bool is_undecided_sometimes(struct rw_side side)
{
    return side.net != NULL && side.net->decision == RW_DECIDE_SIGN;
}

bool rw_sides_have_contexts(struct rw_side left, struct rw_side right, FILE *why)
{
    return !(is_single(left) && is_single(right)) && !is_undecided_sometimes(left) && !is_undecided_sometimes(right) &&
           is_covered(left, why) && is_covered(right, why);
}

static struct candidates candidates_of(struct rw_side side, size_t symbols, uint64_t max_states, FILE *why)
{
    struct candidates candidates = {0};
    if (is_single(side)) {
        candidates.series_count = rw_series_of(side, max_states, candidates.series, why);
        for (size_t i = 0; i < candidates.series_count; i++)
            candidates.list[candidates.count++] = rw_contexts_of_series(candidates.series[i].f);
    } else {
        candidates.list[candidates.count++] = rw_contexts_of_net(side.net, symbols);
    }
    return candidates;
}

static void free_candidates(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        rw_contexts_free(candidates->list[i]);
    rw_series_clear(candidates->series, candidates->series_count);
}

static const char *key_of(const struct candidates *candidates, size_t i)
{
    return candidates->series_count > 0 ? candidates->series[i].key : "output";
}

static const char *title_of(const struct candidates *candidates, size_t i)
{
    return candidates->series_count > 0 ? candidates->series[i].title : "the output of the left one";
}

/* --- one comparison --- */

/* Most differences are found in few contexts. Where there are more, all of them are found first, so that those that no word
 * tells apart are one. */
static enum rw_equality compare(struct comparison *comparison, struct rw_contexts *f, struct rw_contexts *g,
                                const struct rw_scaling *scaling, struct rw_word *word)
{
    uint64_t cells = comparison->limits->cells, first = cells < FIRST_CELLS ? cells : FIRST_CELLS;
    enum rw_equality result =
        rw_context_series_equal(f, g, scaling, first, comparison->progress, word, &comparison->size);
    if (result != RW_UNDECIDED || first == cells || comparison->size.interrupted)
        return result;
    rw_contexts_merge(f, MERGED_PER_CELL * cells, MERGE_WORDS * cells, comparison->progress);
    rw_contexts_merge(g, MERGED_PER_CELL * cells, MERGE_WORDS * cells, comparison->progress);
    return rw_context_series_equal(f, g, scaling, cells, comparison->progress, word, &comparison->size);
}

static bool is_merged(const struct rw_contexts *f, const struct rw_contexts *g)
{
    return f->merged || g->merged;
}

static void explain(const struct comparison *comparison, const struct rw_scaling *scaling, const char *title,
                    bool merged)
{
    const struct rw_context_size *size = &comparison->size;
    if (comparison->why == NULL)
        return;
    if (comparison->proof->values) {
        fprintf(comparison->why, "the values agree");
    } else {
        fprintf(comparison->why, "the output is ");
        rw_scaling_print(comparison->why, scaling, title);
    }
    fprintf(comparison->why,
            " on a basis of the joint forward space of each of the %zu contexts that the layers before the last can "
            "reach%s (dimensions %zu together), hence on all words",
            size->contexts, merged ? ", if those that no word tells apart are one" : "", size->dimension);
}

static void note(const struct comparison *comparison, const struct rw_scaling *scaling, const char *key)
{
    struct rw_linear_proof *proof = comparison->proof;
    proof->argument = RW_ARGUMENT_CONTEXTS;
    proof->left = key;
    proof->contexts = comparison->size.contexts;
    proof->size = comparison->size.dimension;
    proof->checked = comparison->size.checked;
    fmpq_set(proof->scale, scaling->scale);
    fmpq_set(proof->shift, scaling->shift);
}

static void say_full(struct comparison *comparison)
{
    bool interrupted = comparison->size.interrupted;
    if (!interrupted)
        comparison->proof->limit = "cells";
    comparison->proof->contexts = comparison->size.contexts;
    if (comparison->why != NULL)
        fprintf(comparison->why,
                "the contexts of the layers before the last and their vectors %s (%zu contexts, %zu vectors reached)",
                interrupted ? "were not all seen" : "do not fit limit \"cells\"", comparison->size.contexts,
                comparison->size.dimension);
}

/* --- verdicts --- */

struct two_sides {
    struct comparison *comparison;
    struct rw_contexts *f, *g;
};

static void values(void *context, const struct rw_word *word, fmpq_t f, fmpq_t g)
{
    const struct two_sides *two = context;
    rw_contexts_value(two->f, word, f);
    rw_contexts_value(two->g, word, g);
}

static bool other_word(void *context, const fmpq_t value, struct rw_word *word)
{
    const struct two_sides *two = context;
    struct rw_wfa *one = rw_wfa_new(1, two->f->symbols);
    struct rw_scaling constant;
    rw_scaling_init(&constant);
    fmpq_zero(constant.scale);
    fmpq_set(constant.shift, value);
    for (uint32_t s = 0; s < two->f->symbols; s++)
        rw_wfa_set_letter(one, s, rw_builder_finish(rw_builder_new(1, 1)));
    struct rw_contexts *nothing = rw_contexts_of_series(one);
    bool other = compare(two->comparison, nothing, two->f, &constant, word) == RW_DIFFERENT;
    rw_contexts_free(nothing);
    rw_wfa_free(one);
    rw_scaling_clear(&constant);
    return other;
}

/* Without the automaton of f only the shift 0 is known to change no sign. */
static bool keeps_signs(const struct rw_scaling *scaling, const struct candidates *left, size_t i)
{
    return left->series_count > 0 ? rw_scaling_keeps_signs(scaling, left->series[i].f) : rw_q_is_zero(scaling->shift);
}

/* `full`: the limit was reached. */
static enum rw_equality decide_verdicts(struct comparison *comparison, const struct candidates *left, size_t i,
                                        struct rw_contexts *g, bool *full)
{
    struct rw_contexts *f = left->list[i];
    struct two_sides two = {comparison, f, g};
    const struct rw_two_series series = {values, other_word, &two};
    struct rw_scaling scaling;
    enum rw_equality result = RW_UNDECIDED;
    rw_scaling_init(&scaling);
    if (rw_scaling_fit(&scaling, &series) && keeps_signs(&scaling, left, i)) {
        result = compare(comparison, f, g, &scaling, comparison->word);
        *full = *full || result == RW_UNDECIDED;
        if (result == RW_EQUAL) {
            note(comparison, &scaling, key_of(left, i));
            explain(comparison, &scaling, title_of(left, i), is_merged(f, g));
        } else if (result == RW_DIFFERENT && rw_same_sign(&series, comparison->word)) {
            result = RW_UNDECIDED;
        }
    }
    rw_scaling_clear(&scaling);
    return result;
}

/* By visiting rows: supports where nothing is negative, else rows themselves. */
static enum rw_equality visit_rows(struct comparison *comparison, const struct candidates *left, size_t i,
                                   struct rw_contexts *g, bool supports)
{
    const struct rw_signs_options options = {
        .supports = supports,
        .max_cells = ROW_CELLS * comparison->limits->cells,
        .progress = comparison->progress,
    };
    size_t pairs;
    enum rw_equality result = rw_context_signs_equal(left->list[i], g, &options, comparison->word, &pairs);
    if (result != RW_EQUAL)
        return result;
    struct rw_linear_proof *proof = comparison->proof;
    proof->argument = supports ? RW_ARGUMENT_SUPPORTS : RW_ARGUMENT_PAIRS;
    proof->left = key_of(left, i);
    proof->contexts = g->count;
    proof->size = pairs;
    proof->checked = pairs * g->symbols + 1;
    if (comparison->why != NULL)
        fprintf(comparison->why,
                supports
                    ? "nothing is negative, and the verdicts agree on all %zu reachable pairs of supports, each "
                      "with its context of the layers before the last"
                    : "the verdicts agree on all %zu reachable pairs of states, each with its context of the layers "
                      "before the last",
                pairs);
    return result;
}

static enum rw_equality decide_signs(struct comparison *comparison, const struct candidates *left,
                                     struct rw_contexts *g)
{
    enum rw_equality result = RW_UNDECIDED;
    bool full = false;
    for (size_t i = 0; i < left->count && result == RW_UNDECIDED; i++)
        result = decide_verdicts(comparison, left, i, g, &full);
    for (size_t i = 0; i < left->count && result == RW_UNDECIDED && !full; i++)
        result = visit_rows(comparison, left, i, g, true);
    for (size_t i = 0; i < left->count && result == RW_UNDECIDED && !full; i++)
        result = visit_rows(comparison, left, i, g, false);
    if (result != RW_UNDECIDED)
        return result;
    if (full) {
        say_full(comparison);
    } else {
        comparison->proof->limit = "cells";
        comparison->proof->contexts = g->count;
        if (comparison->why != NULL)
            fprintf(comparison->why,
                    "the output is no positive multiple of %s with a shift that changes no verdict, and the reachable "
                    "pairs of states do not fit limit \"cells\"",
                    title_of(left, 0));
    }
    return result;
}

static enum rw_equality decide_values(struct comparison *comparison, const struct candidates *left,
                                      struct rw_contexts *g)
{
    struct rw_scaling same;
    rw_scaling_init(&same);
    enum rw_equality result = compare(comparison, left->list[0], g, &same, comparison->word);
    if (result == RW_EQUAL) {
        note(comparison, &same, key_of(left, 0));
        explain(comparison, &same, title_of(left, 0), is_merged(left->list[0], g));
    } else if (result == RW_UNDECIDED) {
        say_full(comparison);
    }
    rw_scaling_clear(&same);
    return result;
}

/* --- from outside --- */

/* The blank of two padded networks is no letter of theirs. */
static size_t letters_of(struct rw_side left, struct rw_side right)
{
    if (left.net == NULL)
        return rw_alphabet_size(left.machine->alphabet);
    bool padded = right.net != NULL && left.net->padding > 0 && right.net->padding > 0;
    return rw_alphabet_size(left.net->tokens) - padded;
}

enum rw_equality rw_equal_contexts(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                   struct rw_progress *progress, struct rw_word *word, struct rw_linear_proof *proof,
                                   FILE *why)
{
    struct comparison comparison = {limits, progress, word, proof, why, {0}};
    size_t symbols = letters_of(left, right);
    struct candidates f = candidates_of(left, symbols, limits->cells, why), g = {0};
    enum rw_equality result = RW_UNDECIDED;
    if (f.count > 0)
        g = candidates_of(right, symbols, limits->cells, why);
    if (g.count > 0) {
        proof->right = key_of(&g, 0);
        proof->values = rw_side_gives_numbers(right);
        result = proof->values ? decide_values(&comparison, &f, g.list[0]) : decide_signs(&comparison, &f, g.list[0]);
    }
    if (result != RW_DIFFERENT)
        word->length = 0;
    free_candidates(&f);
    free_candidates(&g);
    return result;
}
