/* deltaproduct.c - weighted automaton -> one DeltaProduct head: each letter's matrix as a product of delta steps (W6 without a router).
 *
 * The state is the row alpha M_w, with as many spare coordinates where a letter needs them; a letter's steps are all done at its
 * token, so nothing has to be looked up or counted:
 *   S <- S (I - beta_1 k_1 k_1^T) ... (I - beta_r k_r k_r^T),   BOS writes alpha by (1, alpha) from S = 0,   output S omega.
 * r is the largest number of steps that a letter takes. r = 1 is DeltaNet itself: permutations that swap two states, clearing, scaling. */
#include <inttypes.h>
#include <stdlib.h>

#include "automata/regex.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"
#include "reductions/witness/householder.h"
#include "reductions/witness/wfa_source.h"

/* Letters that an explanation lists one by one, and states up to which letters are analysed. */
#define MOST_LISTED 8
#define MOST_STATES 512

struct letters {
    size_t count, most; /* most: steps of the letter that takes most */
    uint32_t longest;   /* that letter */
    bool spare;
    struct rw_delta_steps *letter;
};

static struct letters factor(const struct rw_wfa *wfa)
{
    struct letters letters = {.count = wfa->symbols, .letter = rw_alloc(wfa->symbols, sizeof *letters.letter)};
    for (uint32_t a = 0; a < wfa->symbols; a++) {
        struct rw_delta_steps *letter = letters.letter + a;
        rw_delta_steps_find(letter, wfa->letters[a]);
        letters.spare = letters.spare || letter->spare;
        if (letter->count > letters.most) {
            letters.most = letter->count;
            letters.longest = a;
        }
    }
    return letters;
}

static void letters_clear(struct letters *letters)
{
    for (size_t a = 0; a < letters->count; a++)
        rw_delta_steps_clear(letters->letter + a);
    free(letters->letter);
}

static void explain(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, FILE *why)
{
    struct letters letters = factor(wfa);
    fprintf(why, "%zu step%s for each token:", letters.most, letters.most == 1 ? "" : "s");
    for (uint32_t a = 0; a < letters.count && a < MOST_LISTED; a++) {
        const struct rw_delta_steps *letter = letters.letter + a;
        fprintf(why, "%s letter '%s' takes %zu", a == 0 ? "" : ";", rw_alphabet_name(alphabet, a), letter->count);
        if (letter->count > 0)
            fprintf(why, letter->least == letter->count ? " (%s, and not fewer)" : " (%s)", letter->how);
    }
    if (letters.count > MOST_LISTED)
        fprintf(why, "; and %zu more letters", letters.count - MOST_LISTED);
    letters_clear(&letters);
}

static void draw_letter(struct rw_sketch *sketch, const struct rw_delta_steps *letter, size_t token)
{
    for (size_t s = 0; s < letter->count; s++) {
        const struct rw_delta_step *step = letter->steps + s;
        rw_sketch_param(sketch, "beta", 0, s, token, &step->beta);
        for (size_t e = 0; e < step->count; e++)
            rw_sketch_param(sketch, "key", step->place[e], s, token, step->value + e);
    }
}

static struct rw_sketch *draw(const struct rw_wfa *wfa, const struct letters *letters,
                              const struct rw_alphabet *alphabet, const char *family, const char *output,
                              const char *quantity)
{
    struct rw_sketch *sketch = rw_sketch_new(alphabet);
    size_t feature = rw_feature(sketch, "%s", output), bos = rw_feature_bos(sketch);
    size_t coordinates = letters->spare ? 2 * wfa->states : wfa->states, steps = letters->most > 0 ? letters->most : 1;
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find(family), "automaton", (const size_t[RW_MAX_DIMS]){coordinates, 1, 1, steps});
    for (uint32_t a = 0; a < wfa->symbols; a++)
        draw_letter(sketch, letters->letter + a, rw_feature_token(sketch, a));
    rw_sketch_param_int(sketch, "beta", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    for (size_t s = 0; s < coordinates; s++)
        rw_sketch_coordinate(sketch, s, s < wfa->states ? "%s %s" : "spare for %s %s", quantity,
                             wfa->names[s % wfa->states]);
    for (size_t s = 0; s < wfa->states; s++) {
        rw_sketch_param(sketch, "key", s, 0, bos, wfa->alpha + s);
        rw_sketch_param(sketch, "query", s, 0, rw_feature_one(sketch), wfa->omega + s);
    }
    rw_sketch_output_int(sketch, feature, 0, 1);
    rw_sketch_readout_int(sketch, 0, output, feature, 1);
    return sketch;
}

static bool within(const struct letters *letters, const struct rw_alphabet *alphabet,
                   const struct rw_witness_options *options, struct rw_diag *diag)
{
    if (options->per_token == 0 || letters->most <= options->per_token)
        return true;
    const struct rw_delta_steps *letter = letters->letter + letters->longest;
    rw_diag_error(diag, rw_span_none(), "letter '%s' takes %zu delta steps, more than %zu for each token",
                  rw_alphabet_name(alphabet, letters->longest), letter->count, options->per_token);
    rw_diag_hint(diag, "no product of fewer than %zu steps is its matrix; --per-token=%zu does", letter->least,
                 letter->count);
    return false;
}

/* The states are the first coordinates; what is spare is no quantity. */
static struct rw_matrix *relate(size_t states, size_t coordinates)
{
    struct rw_builder *builder = rw_builder_new(states, coordinates);
    for (size_t s = 0; s < states; s++)
        rw_builder_add_int(builder, s, s, 1);
    return rw_builder_finish(builder);
}

struct rw_net *rw_deltaproduct_draw(const struct rw_machine *machine, const struct rw_wfa *wfa, const char *family,
                                    const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct rw_net *net = NULL;
    struct letters letters = factor(wfa);
    if (within(&letters, machine->alphabet, options, diag)) {
        const char *output = machine->kind->verdict == RW_VALUE ? "value" : "accept";
        bool states = machine->kind == &rw_dfa_kind,
             weights = machine->kind == &rw_wfa_kind || machine->kind == &rw_wfa_indicator_kind;
        struct rw_sketch *sketch = draw(wfa, &letters, machine->alphabet, family, output,
                                        states    ? "state"
                                        : weights ? "weight"
                                                  : "paths to");
        struct rw_matrix *relation =
            states || weights ? relate(wfa->states, letters.spare ? 2 * wfa->states : wfa->states) : NULL;
        net = rw_construction_finish(sketch, machine, family, relation, options, diag);
    }
    letters_clear(&letters);
    return net;
}

bool rw_deltaproduct_is_single(const struct rw_wfa *wfa)
{
    if (wfa->states > MOST_STATES)
        return false;
    struct letters letters = factor(wfa);
    bool single = letters.most <= 1 && !letters.spare;
    letters_clear(&letters);
    return single;
}

/* --- the kinds --- */

bool rw_deltaproduct_applies(const struct rw_machine *machine, FILE *why)
{
    struct rw_diag *diag = rw_diag_new(1);
    struct rw_wfa_source source = rw_wfa_source_of(machine, diag);
    bool small = source.wfa != NULL && source.wfa->states <= MOST_STATES;
    if (why != NULL && small)
        explain(source.wfa, machine->alphabet, why);
    else if (why != NULL && source.wfa != NULL)
        fprintf(why, "letters of more than %d states are not factored", MOST_STATES);
    else if (why != NULL && rw_diag_kept(diag) > 0)
        fputs(rw_diag_view(diag, 0).message, why);
    rw_wfa_free(source.own);
    rw_diag_free(diag);
    return small;
}

struct rw_net *rw_deltaproduct_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag)
{
    struct rw_wfa_source source = rw_wfa_source_of(machine, diag);
    struct rw_net *net =
        source.wfa == NULL ? NULL : rw_deltaproduct_draw(machine, source.wfa, "deltaproduct", options, diag);
    rw_wfa_free(source.own);
    return net;
}
