/* dplr.c - W4: weighted automaton -> one DPLR head of rank r (Definition 5 at rank r).
 *
 * The state is the row alpha M_w itself; each letter's matrix is written as diag(d) - left right^T, and r is the largest rank that a letter needs:
 *   S <- S (diag(d(x)) - left(x) right(x)^T) + B(x),   BOS writes alpha,   output S omega.
 * A language is its indicator (DFA), or the number of accepting paths, which is positive exactly on the language (NFA, regex: no
 * determinising, so the state has as many coordinates as the automaton has states). */
#include <stdlib.h>

#include "automata/regex.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"
#include "reductions/witness/low_rank.h"

/* Letters that an explanation lists one by one. */
#define MOST_LISTED 8

struct letters {
    size_t count, rank; /* rank: the largest */
    struct rw_low_rank *letter;
};

static struct letters decompose(const struct rw_wfa *wfa)
{
    struct letters letters = {.count = wfa->symbols, .letter = rw_alloc(wfa->symbols, sizeof *letters.letter)};
    for (uint32_t a = 0; a < wfa->symbols; a++) {
        rw_low_rank_find(letters.letter + a, wfa->letters[a]);
        if (letters.letter[a].rank > letters.rank)
            letters.rank = letters.letter[a].rank;
    }
    return letters;
}

static void letters_clear(struct letters *letters)
{
    for (size_t a = 0; a < letters->count; a++)
        rw_low_rank_clear(letters->letter + a);
    free(letters->letter);
}

/* "rank 3: 'a' needs 3, 'b' needs 1, 'c' at most 2": "at most" where a smaller rank was not ruled out. */
static void explain(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, FILE *why)
{
    struct letters letters = decompose(wfa);
    fprintf(why, "rank %zu:", letters.rank);
    for (uint32_t a = 0; a < letters.count && a < MOST_LISTED; a++)
        fprintf(why, "%s letter '%s' %s %zu", a == 0 ? "" : ",", rw_alphabet_name(alphabet, a),
                letters.letter[a].least ? "needs" : "at most", letters.letter[a].rank);
    if (letters.count > MOST_LISTED)
        fprintf(why, ", and %zu more letters", letters.count - MOST_LISTED);
    letters_clear(&letters);
}

static void draw_letter(struct rw_sketch *sketch, const struct rw_low_rank *letter, size_t token)
{
    for (size_t i = 0; i < letter->size; i++)
        if (!rw_q_is_zero(letter->decay + i))
            rw_sketch_param(sketch, "decay", i, 0, token, letter->decay + i);
    for (size_t c = 0; c < letter->rank; c++) {
        for (size_t e = letter->left->start[c]; e < letter->left->start[c + 1]; e++)
            rw_sketch_param(sketch, "left", letter->left->row[e], c, token, letter->left->value + e);
        for (size_t e = letter->right->start[c]; e < letter->right->start[c + 1]; e++)
            rw_sketch_param(sketch, "right", letter->right->row[e], c, token, letter->right->value + e);
    }
}

static struct rw_sketch *draw(const struct rw_wfa *wfa, const struct letters *letters,
                              const struct rw_alphabet *alphabet, const char *output, const char *quantity)
{
    struct rw_sketch *sketch = rw_sketch_new(alphabet);
    size_t feature = rw_feature(sketch, "%s", output);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("dplr"), "automaton",
                   (const size_t[RW_MAX_DIMS]){wfa->states, 1, letters->rank, 1});
    for (uint32_t a = 0; a < wfa->symbols; a++)
        draw_letter(sketch, letters->letter + a, rw_feature_token(sketch, a));
    for (size_t s = 0; s < wfa->states; s++) {
        rw_sketch_coordinate(sketch, s, "%s %s", quantity, wfa->names[s]);
        rw_sketch_param(sketch, "write", 0, s, rw_feature_bos(sketch), wfa->alpha + s);
        rw_sketch_param(sketch, "query", s, 0, rw_feature_one(sketch), wfa->omega + s);
    }
    rw_sketch_output_int(sketch, feature, 0, 1);
    rw_sketch_readout_int(sketch, 0, output, feature, 1);
    return sketch;
}

static bool fits(const struct rw_wfa *wfa, size_t rank, struct rw_diag *diag)
{
    if (rw_tensor_fits(wfa->states, rank > 0 ? rank : 1))
        return true;
    rw_diag_error(diag, rw_span_none(), "%zu states at rank %zu are too many for one DPLR head", wfa->states, rank);
    rw_diag_hint(diag, "one PD head does not need the rank: --to pd, where it applies");
    return false;
}

/* `quantity` is what a coordinate is called; `related`: the machine has the same quantities. */
static struct rw_net *build(const struct rw_machine *machine, const struct rw_wfa *wfa, const char *quantity,
                            bool related, const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct rw_net *net = NULL;
    struct letters letters = decompose(wfa);
    if (fits(wfa, letters.rank, diag)) {
        const char *output = machine->kind->verdict == RW_VALUE ? "value" : "accept";
        struct rw_sketch *sketch = draw(wfa, &letters, machine->alphabet, output, quantity);
        net = rw_construction_finish(sketch, machine, "dplr", related ? rw_identity(wfa->states) : NULL, options, diag);
    }
    letters_clear(&letters);
    return net;
}

/* --- the kinds --- */

bool rw_dplr_wfa_applies(const struct rw_machine *machine, FILE *why)
{
    if (why != NULL)
        explain(machine->model, machine->alphabet, why);
    return true;
}

struct rw_net *rw_dplr_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag)
{
    return build(machine, machine->model, "weight", true, options, diag);
}

bool rw_dplr_dfa_applies(const struct rw_machine *machine, FILE *why)
{
    if (why != NULL) {
        struct rw_wfa *indicator = rw_wfa_of_dfa(machine->model);
        explain(indicator, machine->alphabet, why);
        rw_wfa_free(indicator);
    }
    return true;
}

struct rw_net *rw_dplr_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag)
{
    struct rw_wfa *indicator = rw_wfa_of_dfa(machine->model);
    struct rw_net *net = build(machine, indicator, "state", true, options, diag);
    rw_wfa_free(indicator);
    return net;
}

/* What stands in the way of counting paths, as text: an epsilon cycle. */
static bool paths_apply(const struct rw_nfa *nfa, const struct rw_alphabet *alphabet, FILE *why)
{
    struct rw_diag *diag = rw_diag_new(1);
    struct rw_wfa *paths = rw_nfa_count_paths(nfa, diag);
    if (why != NULL && paths != NULL)
        explain(paths, alphabet, why);
    else if (why != NULL && rw_diag_kept(diag) > 0)
        fputs(rw_diag_view(diag, 0).message, why);
    bool applies = paths != NULL;
    rw_wfa_free(paths);
    rw_diag_free(diag);
    return applies;
}

static struct rw_net *build_paths(const struct rw_machine *machine, const struct rw_nfa *nfa,
                                  const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct rw_wfa *paths = rw_nfa_count_paths(nfa, diag);
    if (paths == NULL)
        return NULL;
    struct rw_net *net = build(machine, paths, "paths to", false, options, diag);
    rw_wfa_free(paths);
    return net;
}

bool rw_dplr_nfa_applies(const struct rw_machine *machine, FILE *why)
{
    return paths_apply(machine->model, machine->alphabet, why);
}

struct rw_net *rw_dplr_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag)
{
    return build_paths(machine, machine->model, options, diag);
}

bool rw_dplr_regex_applies(const struct rw_machine *machine, FILE *why)
{
    return paths_apply(((const struct rw_regex *)machine->model)->positions, machine->alphabet, why);
}

struct rw_net *rw_dplr_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                   struct rw_diag *diag)
{
    return build_paths(machine, ((const struct rw_regex *)machine->model)->positions, options, diag);
}
