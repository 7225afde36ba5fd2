/* certificate_blocks.c - writes what an induction over blocks found: how long they are, when they repeat, and how the last layer's state before each
 * block holds the machine's row. All that is to be shown of it the checker computes again. */
#include "verify/certificate_blocks.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/certificate_parts.h"
#include "verify/equal_blocks.h"

static void put_sizes(const struct rw_blocks_proof *proof, FILE *out)
{
    fprintf(out, "  \"length\": %zu,\n  \"first\": %zu,\n  \"period\": %zu,\n", proof->length, proof->first,
            proof->period);
}

static void put_basis(const struct rw_blocks_proof *proof, FILE *out)
{
    fputs("  \"basis\": [", out);
    for (size_t i = 0; i < proof->dimension && proof->states > 0; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        rw_put_entries(out, proof->basis + i * proof->states, proof->states);
    }
    fputs("],\n", out);
}

/* Number k of a reading. */
static void put_form(const struct rw_blocks_proof *proof, const struct rw_block_reading *reading, size_t k, FILE *out)
{
    fmpq *form = rw_alloc(proof->coordinates, sizeof *form); /* the same numbers, not copies */
    for (size_t i = 0; i < proof->coordinates; i++)
        form[i] = reading->at[i * proof->dimension + k];
    rw_put_entries(out, form, proof->coordinates);
    free(form);
}

static void put_readings(const struct rw_blocks_proof *proof, FILE *out)
{
    fputs("  \"readings\": [", out);
    for (size_t b = 0; b < proof->count; b++) {
        fputs(b > 0 ? ",\n    [" : "\n    [", out);
        for (size_t k = 0; k < proof->dimension; k++) {
            fputs(k > 0 ? ", " : "", out);
            put_form(proof, proof->readings + b, k, out);
        }
        fputc(']', out);
    }
    fputs("]\n}\n", out);
}

bool rw_certificate_write_blocks(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                 FILE *out, FILE *why)
{
    struct rw_blocks_proof proof;
    bool proved = rw_equal_blocks(left.side.machine, right.side.net, limits, NULL, &proof, NULL) == RW_EQUAL;
    if (proved) {
        rw_put_machine_heading(out, "blocks", right.side.net->decision == RW_DECIDE_VALUE ? "values" : "verdicts",
                               proof.series, left, right);
        put_sizes(&proof, out);
        put_basis(&proof, out);
        put_readings(&proof, out);
    } else if (why != NULL) {
        fputs("the proof did not go through a second time", why);
    }
    rw_blocks_proof_clear(&proof);
    return proved;
}
