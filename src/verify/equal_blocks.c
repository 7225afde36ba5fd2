/* equal_blocks.c - which blocks: a matrix each, or as many letters as make the argument (block_proof.h) go through.
 *
 * The length of the blocks of a weighted automaton's network is not known: any one with which the argument goes through is a proof, and a wrong one
 * fails within a few blocks. */
#include "verify/equal_blocks.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "verify/block_proof.h"
#include "verify/letter_run.h"
#include "verify/series.h"

#define WORK        50 /* terms for each cell of the limit: in one block, where networks that work take less than half of it */
#define MOST_LENGTH 24 /* of the blocks of a weighted automaton */

static struct rw_letter_space new_space(const struct rw_net *net, const struct rw_limits *limits)
{
    return (struct rw_letter_space){.symbols = rw_alphabet_size(net->tokens) - (net->padding > 0),
                                    .most = limits->cells,
                                    .most_work = limits->cells * WORK};
}

static void note_limit(struct rw_blocks_proof *proof, const struct rw_letter_space *space)
{
    if (space->exceeded && !space->many_letters)
        proof->limit = "cells";
}

static bool prove_product(const struct rw_matrix_product *product, const struct rw_net *net,
                          const struct rw_limits *limits, struct rw_progress *progress, struct rw_blocks_proof *proof,
                          FILE *why)
{
    struct rw_letter_space space = new_space(net, limits);
    struct rw_block_model *model = rw_block_model_of_product(product, &space);
    bool hopeless, equal = false;
    proof->series = "product";
    if (model != NULL)
        equal = rw_prove_blocks(net, model, &space, progress, proof, &hopeless, why);
    else if (why != NULL)
        fprintf(why, "what a matrix does depends on %s", rw_blocks_too_much(&space));
    note_limit(proof, &space);
    rw_block_model_free(model);
    return equal;
}

/* --- weighted automata: blocks of unknown length --- */

/* The reason of the attempt that got furthest, or that ended all attempts. */
struct reasons {
    size_t letters; /* of the blocks that were understood */
    char *text;
};

static void keep_reason(struct reasons *reasons, size_t length, const struct rw_blocks_proof *proof, bool last,
                        char *text)
{
    if (!last && reasons->text != NULL && proof->count * length <= reasons->letters) {
        free(text);
        return;
    }
    free(reasons->text);
    reasons->text = rw_format("with blocks of %zu letter%s: %s", length, length == 1 ? "" : "s", text);
    reasons->letters = proof->count * length;
    free(text);
}

/* false: neither proved nor any use to go on with longer blocks. */
static bool try_length(const struct rw_wfa *f, size_t length, const struct rw_net *net, const struct rw_limits *limits,
                       struct rw_progress *progress, struct rw_blocks_proof *proof, struct reasons *reasons,
                       bool *equal)
{
    struct rw_letter_space space = new_space(net, limits);
    bool hopeless = false;
    char *text = NULL;
    size_t size;
    FILE *why = open_memstream(&text, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    struct rw_block_model *model = rw_block_model_of_wfa(f, length, &space);
    if (model != NULL)
        *equal = rw_prove_blocks(net, model, &space, progress, proof, &hopeless, why);
    else
        fprintf(why, "what two of them do depends on %s", rw_blocks_too_much(&space));
    note_limit(proof, &space);
    rw_block_model_free(model);
    fclose(why);
    keep_reason(reasons, length, proof, space.exceeded || hopeless, text);
    return *equal || (!hopeless && !space.exceeded && rw_progress_report(progress, "blocks", length, MOST_LENGTH));
}

static bool prove_series(const struct rw_series *series, const struct rw_net *net, const struct rw_limits *limits,
                         struct rw_progress *progress, struct rw_blocks_proof *proof, struct reasons *reasons)
{
    bool equal = false, goes_on = true;
    for (size_t length = 1; length <= MOST_LENGTH && goes_on && !equal; length++) {
        if (proof->length > 0) /* of the length before */
            rw_blocks_proof_clear(proof);
        proof->series = series->key;
        proof->limit = NULL;
        goes_on = try_length(series->f, length, net, limits, progress, proof, reasons, &equal);
    }
    return equal;
}

static bool prove_automaton(const struct rw_machine *machine, const struct rw_net *net, const struct rw_limits *limits,
                            struct rw_progress *progress, struct rw_blocks_proof *proof, FILE *why)
{
    struct rw_series series[RW_MOST_SERIES];
    struct reasons reasons = {0};
    bool equal = false;
    size_t count = rw_series_of((struct rw_side){.machine = machine}, limits->cells, series, why);
    for (size_t i = 0; i < count && !equal; i++)
        equal = prove_series(series + i, net, limits, progress, proof, &reasons);
    rw_series_clear(series, count);
    if (!equal && reasons.text != NULL && why != NULL)
        fputs(reasons.text, why);
    free(reasons.text);
    return equal;
}

/* --- from outside --- */

bool rw_machine_has_blocks(const struct rw_machine *machine)
{
    return machine->kind == &rw_matrix_product_kind || machine->kind == &rw_matrix_product_sign_kind;
}

bool rw_may_have_blocks(const struct rw_machine *machine, const struct rw_net *net)
{
    return rw_machine_has_blocks(machine) || (net->layer_count > 1 && rw_net_runs_on_letters(net, NULL));
}

static void explain(const struct rw_machine *machine, const struct rw_blocks_proof *proof, FILE *why)
{
    fprintf(why,
            "the router's state repeats every %zu letters from letter %zu on, as functions of the letters; in each of "
            "%zu blocks ",
            proof->period * proof->length, proof->first * proof->length, proof->first + proof->period);
    if (rw_machine_has_blocks(machine))
        fputs("the state is multiplied by the matrix before and the output by both", why);
    else
        fprintf(why,
                "of %zu letter%s the state is multiplied by the letters of the block before, and each output by these "
                "and those since",
                proof->length, proof->length == 1 ? "" : "s");
    fprintf(why, " (%" PRIu64 " cases of letters), hence in all blocks", proof->cases);
}

enum rw_equality rw_equal_blocks(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_progress *progress,
                                 struct rw_blocks_proof *proof, FILE *why)
{
    *proof = (struct rw_blocks_proof){0};
    if (!rw_net_runs_on_letters(net, why))
        return RW_UNDECIDED;
    assert(rw_alphabet_size(machine->alphabet) == new_space(net, limits).symbols);
    bool equal = rw_machine_has_blocks(machine) ? prove_product(machine->model, net, limits, progress, proof, why)
                                                : prove_automaton(machine, net, limits, progress, proof, why);
    if (equal && why != NULL)
        explain(machine, proof, why);
    return equal ? RW_EQUAL : RW_UNDECIDED;
}

void rw_blocks_proof_clear(struct rw_blocks_proof *proof)
{
    for (size_t b = 0; b < proof->count; b++)
        rw_q_list_free(proof->readings[b].at, proof->coordinates * proof->dimension);
    free(proof->readings);
    rw_q_list_free(proof->basis, proof->dimension * proof->states);
    *proof = (struct rw_blocks_proof){0};
}
