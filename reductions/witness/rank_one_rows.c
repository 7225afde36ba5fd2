/* rank_one_rows.c - the kinds that rank-one networks start from: weighted automata, what can be read as one (W5, W6), and matrix products (W8).
 *
 * A language goes by its indicator (DFA) or by the number of accepting paths (NFA, regex), which is positive exactly on the language. With --pad
 * the net reads a blank as its last token, and the net file says how many it wants after each letter (W7). */
#include <stdlib.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"
#include "reductions/witness/imm.h"
#include "reductions/witness/rank_one.h"
#include "reductions/witness/wfa_source.h"

#define OVERWRITES_RWKV7    1
#define OVERWRITES_DELTANET 3

/* The alphabet and a blank that is not in it. */
static struct rw_alphabet *with_blank(const struct rw_alphabet *alphabet)
{
    struct rw_alphabet *tokens = rw_alphabet_copy(alphabet);
    char *blank = rw_strdup("_");
    while (!rw_alphabet_add(tokens, blank)) {
        char *longer = rw_format("%s_", blank);
        free(blank);
        blank = longer;
    }
    free(blank);
    return tokens;
}

/* Provenance and decision; the state of a rank-one network is spread over two halves that change roles, so there is no relation. */
static struct rw_net *finish(struct rw_net *net, const struct rw_machine *machine, const char *family, size_t padding,
                             const struct rw_witness_options *options, struct rw_diag *diag)
{
    if (net == NULL)
        return NULL;
    net->padding = padding;
    return rw_construction_sign(net, machine, family, options, diag);
}

static struct rw_net *build(const struct rw_machine *machine, const struct rw_wfa *wfa, bool deltanet,
                            const struct rw_witness_options *options, struct rw_diag *diag)
{
    size_t padding = options->pad ? (deltanet ? OVERWRITES_DELTANET : OVERWRITES_RWKV7) * wfa->states - 1 : 0;
    struct rw_alphabet *tokens = padding > 0 ? with_blank(machine->alphabet) : rw_alphabet_copy(machine->alphabet);
    struct rw_net *net = deltanet ? rw_build_deltanet(wfa, tokens, padding > 0, options->limits, diag)
                                  : rw_build_rwkv7(wfa, tokens, options->layers, padding > 0, options->limits, diag);
    rw_alphabet_free(tokens);
    return finish(net, machine, deltanet ? "deltanet" : "rwkv7", padding, options, diag);
}

/* Why not one layer and one step for each letter: what a step cannot do, by the first letter of a DFA that asks for it. */
static void explain_steps(const struct rw_machine *machine, bool deltanet, FILE *why)
{
    const struct rw_dfa *dfa = machine->model;
    for (uint32_t a = 0; a < dfa->symbols; a++) {
        uint32_t p = 0, q = 0, moved = 0;
        enum rw_letter letter = rw_dfa_letter(dfa, a, &p, &q);
        while (moved < dfa->states && dfa->next[moved * dfa->symbols + a] == moved)
            moved++;
        if (deltanet && letter == RW_LETTER_MERGES) {
            fprintf(why, "; letter '%s' merges '%s' and '%s', and one step I - beta k k^T is symmetric, so it cannot",
                    rw_alphabet_name(machine->alphabet, a), dfa->names[p], dfa->names[q]);
            return;
        }
        if (!deltanet && letter == RW_LETTER_PERMUTATION && moved < dfa->states) {
            fprintf(why,
                    "; in a stock RWKV-7 layer the factor along kappa is at most 1, and moving states as letter '%s' "
                    "does takes 2",
                    rw_alphabet_name(machine->alphabet, a));
            return;
        }
    }
}

static void explain(const struct rw_machine *machine, const struct rw_wfa *wfa, bool deltanet, FILE *why)
{
    if (deltanet && rw_deltaproduct_is_single(wfa)) {
        fputs("one step for each letter: one layer, without router or table", why);
        return;
    }
    size_t keys = rw_rank_one_keys(wfa, deltanet, false), padded = rw_rank_one_keys(wfa, deltanet, true);
    fprintf(why, "%zu states: blocks of %zu tokens; ", wfa->states,
            (deltanet ? OVERWRITES_DELTANET : OVERWRITES_RWKV7) * wfa->states);
    if (keys == SIZE_MAX)
        fputs("a lookup table beyond all bounds", why);
    else
        fprintf(why, "a lookup table of %zu keys", keys);
    if (padded < SIZE_MAX)
        fprintf(why, ", or %zu with blanks (--pad)", padded);
    if (machine->kind == &rw_dfa_kind)
        explain_steps(machine, deltanet, why);
}

/* --- the kinds --- */

static bool applies(const struct rw_machine *machine, bool deltanet, FILE *why)
{
    struct rw_diag *diag = rw_diag_new(1);
    struct rw_wfa_source source = rw_wfa_source_of(machine, diag);
    if (why != NULL && source.wfa != NULL)
        explain(machine, source.wfa, deltanet, why);
    else if (why != NULL && rw_diag_kept(diag) > 0)
        fputs(rw_diag_view(diag, 0).message, why);
    rw_wfa_free(source.own);
    rw_diag_free(diag);
    return source.wfa != NULL;
}

static struct rw_net *build_from(const struct rw_machine *machine, bool deltanet,
                                 const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct rw_wfa_source source = rw_wfa_source_of(machine, diag);
    struct rw_net *net = NULL;
    if (source.wfa != NULL && deltanet && !options->pad && rw_deltaproduct_is_single(source.wfa))
        net = rw_deltaproduct_draw(machine, source.wfa, "deltanet", options, diag);
    else if (source.wfa != NULL)
        net = build(machine, source.wfa, deltanet, options, diag);
    rw_wfa_free(source.own);
    return net;
}

#define KIND(kind)                                                                                                     \
    bool rw_rwkv7_##kind##_applies(const struct rw_machine *machine, FILE *why)                                        \
    {                                                                                                                  \
        return applies(machine, false, why);                                                                           \
    }                                                                                                                  \
    struct rw_net *rw_rwkv7_##kind##_build(const struct rw_machine *machine, const struct rw_witness_options *options, \
                                           struct rw_diag *diag)                                                       \
    {                                                                                                                  \
        return build_from(machine, false, options, diag);                                                              \
    }                                                                                                                  \
    bool rw_deltanet_##kind##_applies(const struct rw_machine *machine, FILE *why)                                     \
    {                                                                                                                  \
        return applies(machine, true, why);                                                                            \
    }                                                                                                                  \
    struct rw_net *rw_deltanet_##kind##_build(const struct rw_machine *machine,                                        \
                                              const struct rw_witness_options *options, struct rw_diag *diag)          \
    {                                                                                                                  \
        return build_from(machine, true, options, diag);                                                               \
    }

KIND(dfa)
KIND(nfa)
KIND(regex)
KIND(wfa)

/* --- matrix products --- */

static bool is_sign(const struct rw_machine *machine)
{
    return machine->kind == &rw_matrix_product_sign_kind;
}

bool rw_rwkv7_imm_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_matrix_product *model = machine->model;
    if (why != NULL)
        fprintf(why, "blocks of %zu tokens, one overwrite for each of %zu columns, no table",
                model->dimension * model->dimension, model->dimension);
    return true;
}

struct rw_net *rw_rwkv7_imm_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag)
{
    struct rw_net *net = rw_build_imm_rwkv7(machine->model, machine->alphabet, is_sign(machine), options->layers);
    return finish(net, machine, "rwkv7", 0, options, diag);
}

bool rw_deltanet_imm_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_matrix_product *model = machine->model;
    if (why != NULL)
        fputs(
            model->dimension == 3
                ? "three steps for each of 3 columns are exactly the 9 tokens of a matrix; no table"
                : "the scheme needs dimension 3: three steps for each column must fill a matrix, and two matrices the "
                  "router's buffer of 24",
            why);
    return model->dimension == 3;
}

struct rw_net *rw_deltanet_imm_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag)
{
    struct rw_net *net = rw_build_imm_deltanet(machine->model, machine->alphabet, is_sign(machine), diag);
    return finish(net, machine, "deltanet", 0, options, diag);
}
