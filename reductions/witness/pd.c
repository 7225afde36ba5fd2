/* pd.c - W1: DFA -> one PD head (Theorem 8), and W3: deterministic WFA -> one PD head.
 *
 * The state is a one-hot row e_q (W3: one entry, the weight so far). A letter sends coordinate p to next(p) with factor 1 (W3: the weight):
 *   S <- S A(x),  A[p][next(p)] = factor;   BOS writes e_initial;   output S q with q = the accepting indicator (W3: omega).
 * A is a map, not always a permutation: strict PD (Definition 6) asks that no letter merges two states. A letter that sends EVERY
 * state to one target can be had strictly all the same: A = 0 and B = e_target. That forgets even that a run was dead, so it
 * needs a complete automaton. */
#include "reductions/witness/pd_draw.h"

#include <stdlib.h>

#include "automata/wfa.h"
#include "base/memory.h"

/* Row numbers of a d_k x d_k tensor must fit a sparse matrix. */
#define MOST_STATES 65535

static bool is_complete(const struct rw_dfa *dfa)
{
    for (size_t i = 0; i < dfa->states * dfa->symbols; i++)
        if (dfa->next[i] == RW_NO_STATE)
            return false;
    return true;
}

bool rw_pd_merges(const struct rw_dfa *dfa, bool writes_resets, struct rw_merge *merge)
{
    bool resets = writes_resets && is_complete(dfa);
    for (uint32_t a = 0; a < dfa->symbols; a++) {
        uint32_t p = 0, q = 1; /* a reset merges any two */
        enum rw_letter letter = rw_dfa_letter(dfa, a, &p, &q);
        if (letter == RW_LETTER_MERGES || (letter == RW_LETTER_RESET && !resets)) {
            *merge = (struct rw_merge){a, p, q, dfa->next[p * dfa->symbols + a]};
            return true;
        }
    }
    return false;
}

static bool has_letter(const struct rw_dfa *dfa, enum rw_letter kind)
{
    for (uint32_t a = 0; a < dfa->symbols; a++)
        if (rw_dfa_letter(dfa, a, NULL, NULL) == kind)
            return true;
    return false;
}

void rw_pd_explain(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet, bool writes_resets, FILE *why)
{
    struct rw_merge m;
    if (rw_pd_merges(dfa, writes_resets, &m))
        fprintf(
            why,
            "functional PD: letter '%s' sends both '%s' and '%s' to '%s', so its map is not injective; one strict PD "
            "layer cannot do that",
            rw_alphabet_name(alphabet, m.letter), dfa->names[m.p], dfa->names[m.q], dfa->names[m.to]);
    else if (has_letter(dfa, RW_LETTER_RESET))
        fputs("strict PD: every letter permutes the states or resets them all to one (A = 0, B = that state)", why);
    else if (has_letter(dfa, RW_LETTER_INJECTIVE))
        fputs("strict PD: no letter sends two states to the same state", why);
    else
        fputs("strict PD: every letter is a permutation of the states", why);
}

bool rw_pd_allowed(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet, bool writes_resets,
                   const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct rw_merge m;
    if (dfa->states > MOST_STATES) {
        rw_diag_error(diag, rw_span_none(), "%zu states are too many for one PD head, which holds %d", dfa->states,
                      MOST_STATES);
        return false;
    }
    if (!options->strict || !rw_pd_merges(dfa, writes_resets, &m))
        return true;
    rw_diag_error(
        diag, rw_span_none(),
        "no strict PD layer: letter '%s' sends both '%s' and '%s' to '%s', and a strict transition is injective",
        rw_alphabet_name(alphabet, m.letter), dfa->names[m.p], dfa->names[m.q], dfa->names[m.to]);
    rw_diag_hint(diag, "a functional PD layer may merge states: leave out --strict");
    return false;
}

/* --- drawing --- */

struct rw_sketch *rw_pd_sketch(const struct rw_alphabet *alphabet, size_t states, const char *output)
{
    struct rw_sketch *sketch = rw_sketch_new(alphabet);
    size_t feature = rw_feature(sketch, "%s", output);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("pd"), "automaton", (size_t[RW_MAX_DIMS]){states, 1, 1});
    rw_sketch_output_int(sketch, feature, 0, 1);
    rw_sketch_readout_int(sketch, 0, output, feature, 1);
    return sketch;
}

static void draw_letter(struct rw_sketch *sketch, const struct rw_dfa *dfa, uint32_t letter, bool reset)
{
    size_t token = rw_feature_token(sketch, letter);
    if (reset) {
        rw_sketch_param_int(sketch, "write", 0, dfa->next[letter], token, 1);
        return;
    }
    for (size_t s = 0; s < dfa->states; s++) {
        uint32_t to = dfa->next[s * dfa->symbols + letter];
        if (to != RW_NO_STATE)
            rw_sketch_param_int(sketch, "transition", s, to, token, 1);
    }
}

struct rw_sketch *rw_pd_draw(const struct rw_dfa *dfa, const struct rw_alphabet *alphabet)
{
    struct rw_sketch *sketch = rw_pd_sketch(alphabet, dfa->states, "accept");
    bool complete = is_complete(dfa);
    for (uint32_t a = 0; a < dfa->symbols; a++)
        draw_letter(sketch, dfa, a, complete && rw_dfa_letter(dfa, a, NULL, NULL) == RW_LETTER_RESET);
    rw_sketch_param_int(sketch, "write", 0, dfa->initial, rw_feature_bos(sketch), 1);
    for (size_t s = 0; s < dfa->states; s++) {
        rw_sketch_coordinate(sketch, s, "state %s", dfa->names[s]);
        if (dfa->accepting[s])
            rw_sketch_param_int(sketch, "query", s, 0, rw_feature_one(sketch), 1);
    }
    return sketch;
}

/* --- W1 --- */

static bool refuse_size(FILE *why)
{
    if (why != NULL)
        fprintf(why, "one PD head holds at most %d states", MOST_STATES);
    return false;
}

bool rw_pd_dfa_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_dfa *dfa = machine->model;
    if (dfa->states > MOST_STATES)
        return refuse_size(why);
    if (why != NULL)
        rw_pd_explain(dfa, machine->alphabet, true, why);
    return true;
}

struct rw_net *rw_pd_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag)
{
    const struct rw_dfa *dfa = machine->model;
    if (!rw_pd_allowed(dfa, machine->alphabet, true, options, diag))
        return NULL;
    return rw_construction_finish(rw_pd_draw(dfa, machine->alphabet), machine, "pd", rw_identity(dfa->states), options,
                                  diag);
}

/* --- W3 --- */

/* The map behind a deterministic WFA, its weights forgotten. Caller frees. */
static struct rw_dfa *map_of(const struct rw_wfa *wfa)
{
    struct rw_dfa *dfa = rw_dfa_new(wfa->states, wfa->symbols);
    for (size_t s = 0; s < wfa->states; s++) {
        free(dfa->names[s]);
        dfa->names[s] = rw_strdup(wfa->names[s]);
        for (size_t a = 0; a < wfa->symbols; a++) {
            const struct rw_matrix *m = wfa->letters[a];
            if (m->start[s] < m->start[s + 1])
                dfa->next[s * wfa->symbols + a] = m->row[m->start[s]];
        }
    }
    return dfa;
}

bool rw_pd_wfa_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_wfa *wfa = machine->model;
    if (!rw_wfa_is_deterministic(wfa, machine->alphabet, NULL)) {
        if (why != NULL) {
            fputs("not deterministic: ", why);
            rw_wfa_is_deterministic(wfa, machine->alphabet, why);
        }
        return false;
    }
    if (wfa->states > MOST_STATES)
        return refuse_size(why);
    if (why != NULL) {
        struct rw_dfa *map = map_of(wfa);
        rw_pd_explain(map, machine->alphabet, false, why);
        rw_dfa_free(map);
    }
    return true;
}

/* letters[a] is M_a transposed: column p holds the one entry of row p. */
static void draw_weights(struct rw_sketch *sketch, const struct rw_wfa *wfa, uint32_t letter)
{
    const struct rw_matrix *m = wfa->letters[letter];
    for (size_t p = 0; p < wfa->states; p++)
        for (size_t e = m->start[p]; e < m->start[p + 1]; e++)
            rw_sketch_param(sketch, "transition", p, m->row[e], rw_feature_token(sketch, letter), m->value + e);
}

struct rw_net *rw_pd_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag)
{
    const struct rw_wfa *wfa = machine->model;
    struct rw_dfa *map = map_of(wfa);
    bool allowed = rw_pd_allowed(map, machine->alphabet, false, options, diag);
    rw_dfa_free(map);
    if (!allowed)
        return NULL;
    struct rw_sketch *sketch = rw_pd_sketch(machine->alphabet, wfa->states, "value");
    for (uint32_t a = 0; a < wfa->symbols; a++)
        draw_weights(sketch, wfa, a);
    for (size_t s = 0; s < wfa->states; s++) {
        rw_sketch_coordinate(sketch, s, "weight %s", wfa->names[s]);
        rw_sketch_param(sketch, "write", 0, s, rw_feature_bos(sketch), wfa->alpha + s);
        rw_sketch_param(sketch, "query", s, 0, rw_feature_one(sketch), wfa->omega + s);
    }
    return rw_construction_finish(sketch, machine, "pd", rw_identity(wfa->states), options, diag);
}
