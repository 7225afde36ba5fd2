/* witness.c - the table of constructions, and choosing from it. */
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "reductions/witness/construction.h"

#define ROW(name, kind, family, theorem, about, function)                                                              \
    {                                                                                                                  \
        name, kind, family, theorem, about, function##_applies, function##_build                                       \
    }

const struct rw_witness rw_witnesses[] = {
    ROW("W1", "dfa", "pd", "Theorem 8", "one coordinate for each state, each letter a map of the coordinates",
        rw_pd_dfa),
    ROW("W4", "dfa", "dplr", "Definition 5 at rank r", "each letter's 0/1 matrix as diagonal plus low rank",
        rw_dplr_dfa),
    ROW("W5", "dfa", "rwkv7", "Theorem 9, shorter",
        "each letter's matrix by dot-product overwrites, one for each token", rw_rwkv7_dfa),
    ROW("W6", "dfa", "deltanet", "Theorem 11, repaired", "each letter's matrix by overwrites of three delta steps",
        rw_deltanet_dfa),
    ROW("W6", "dfa", "deltaproduct", "Siems et al. 2025", "each letter as delta steps at its own token, one layer",
        rw_deltaproduct),
    ROW("W1", "nfa", "pd", "Theorem 8", "one coordinate for each reachable set of states", rw_pd_nfa),
    ROW("W4", "nfa", "dplr", "Definition 5 at rank r", "counts the accepting paths; accepts if there is one",
        rw_dplr_nfa),
    ROW("W5", "nfa", "rwkv7", "Theorem 9, shorter", "counts the accepting paths by dot-product overwrites",
        rw_rwkv7_nfa),
    ROW("W6", "nfa", "deltanet", "Theorem 11, repaired",
        "counts the accepting paths by overwrites of three delta steps", rw_deltanet_nfa),
    ROW("W6", "nfa", "deltaproduct", "Siems et al. 2025", "each letter as delta steps at its own token, one layer",
        rw_deltaproduct),
    ROW("W1", "regex", "pd", "Theorem 8", "one coordinate for each state of the minimal automaton", rw_pd_regex),
    ROW("W4", "regex", "dplr", "Definition 5 at rank r", "counts the ways the pattern matches; accepts if there is one",
        rw_dplr_regex),
    ROW("W5", "regex", "rwkv7", "Theorem 9, shorter", "counts the ways the pattern matches by dot-product overwrites",
        rw_rwkv7_regex),
    ROW("W6", "regex", "deltanet", "Theorem 11, repaired",
        "counts the ways the pattern matches by overwrites of three delta steps", rw_deltanet_regex),
    ROW("W6", "regex", "deltaproduct", "Siems et al. 2025", "each letter as delta steps at its own token, one layer",
        rw_deltaproduct),
    ROW("W3", "wfa", "pd", "Theorem 8", "each letter a map of the coordinates with the weights as factors", rw_pd_wfa),
    ROW("W4", "wfa", "dplr", "Definition 5 at rank r", "each letter's matrix as diagonal plus low rank", rw_dplr_wfa),
    ROW("W5", "wfa", "rwkv7", "Theorem 9, shorter",
        "each letter's matrix by dot-product overwrites, one for each token", rw_rwkv7_wfa),
    ROW("W6", "wfa", "deltanet", "Theorem 11, repaired", "each letter's matrix by overwrites of three delta steps",
        rw_deltanet_wfa),
    ROW("W6", "wfa", "deltaproduct", "Siems et al. 2025", "each letter as delta steps at its own token, one layer",
        rw_deltaproduct),
    ROW("W8", "matrix-product", "deltanet", "Theorem 12", "three rows, three delta steps for each column, no table",
        rw_deltanet_imm),
    ROW("W8", "matrix-product", "rwkv7", "Theorem 10", "one overwrite for each column, no table", rw_rwkv7_imm),
    ROW("W9", "counter", "relu", "Theorem 2, Lemma 3", "one hidden layer, for counters that never go below 0",
        rw_counter_relu),
    ROW("W9", "counter", "mlp", "Theorem 2, Lemma 3", "zero bits, then one gate for each rule", rw_counter_mlp),
    ROW("W9", "counter", "gated", "Theorem 2, Lemma 3 with a product", "as mlp, and a reset multiplies by 0",
        rw_counter_gated),
    ROW("W10", "stack", "mlp", "Theorem 1, repaired", "stacks as numbers with gaps, one gate for each rule",
        rw_stack_mlp),
    ROW("W11", "turing", "mlp", "Theorem 1, repaired", "the tape as two stacks, clock tokens as steps", rw_turing_mlp),
    ROW("W12", "cra", "relu-input", "Theorem 14, repaired",
        "each register the sum of two ReLU units, so that max is exact", rw_cra_relu),
};
const size_t rw_witness_count = sizeof rw_witnesses / sizeof *rw_witnesses;

static bool starts_from(const struct rw_witness *row, const struct rw_machine *machine)
{
    return strcmp(row->kind, machine->kind->name) == 0;
}

static bool leads_to(const struct rw_witness *row, const char *family)
{
    return family == NULL || strcmp(row->family, family) == 0;
}

static bool has_row(const struct rw_machine *machine, const char *family)
{
    for (size_t i = 0; i < rw_witness_count; i++)
        if (starts_from(rw_witnesses + i, machine) && leads_to(rw_witnesses + i, family))
            return true;
    return false;
}

static void unknown_family(const char *family, struct rw_diag *diag)
{
    struct rw_near near = rw_near_start(family);
    rw_diag_error(diag, rw_span_none(), "there is no network family '%s'", family);
    for (size_t i = 0; rw_families[i] != NULL; i++)
        rw_near_offer(&near, rw_families[i]->name);
    rw_near_hint(&near, diag);
}

/* Each row of the machine's kind as a hint: a family that would do, or why it does not. */
static void list_rows(const struct rw_machine *machine, struct rw_diag *diag)
{
    for (size_t i = 0; i < rw_witness_count; i++) {
        const struct rw_witness *row = rw_witnesses + i;
        if (!starts_from(row, machine))
            continue;
        char *why = NULL;
        size_t size;
        FILE *stream = rw_text_stream(&why, &size);
        bool applies = row->applies(machine, stream);
        fclose(stream);
        if (applies)
            rw_diag_hint(diag, "--to %s: %s", row->family, row->about);
        else
            rw_diag_hint(diag, "--to %s does not apply: %s", row->family, why);
        free(why);
    }
}

/* The family exists, but no row leads there from this machine. */
static void none_applies(const struct rw_machine *machine, const char *family, struct rw_diag *diag)
{
    if (family == NULL)
        rw_diag_error(diag, rw_span_none(), "no construction applies to '%s'", machine->name);
    else
        rw_diag_error(diag, rw_span_none(), "'%s' has no %s network here", machine->name, family);
    if (family != NULL && !has_row(machine, family))
        rw_diag_hint(diag, "no construction leads from a %s to a %s network", machine->kind->title, family);
    list_rows(machine, diag);
}

const struct rw_witness *rw_witness_choose(const struct rw_machine *machine, const char *family, struct rw_diag *diag)
{
    for (size_t i = 0; i < rw_witness_count; i++)
        if (starts_from(rw_witnesses + i, machine) && leads_to(rw_witnesses + i, family) &&
            rw_witnesses[i].applies(machine, NULL))
            return rw_witnesses + i;
    if (family != NULL && rw_family_find(family) == NULL) {
        unknown_family(family, diag);
        list_rows(machine, diag);
    } else {
        none_applies(machine, family, diag);
    }
    return NULL;
}
