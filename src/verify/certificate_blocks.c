/* certificate_blocks.c - writes what an induction over blocks found: how long they are, when they repeat, and how the last layer's state before each
 * block holds the machine's row. All that is to be shown of it the checker computes again. */
#include "verify/certificate_blocks.h"

#include <jansson.h>
#include <stdlib.h>

#include "verify/equal_blocks.h"

static void put_string(FILE *out, const char *text)
{
    json_t *string = json_string(text);
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

static void put_heading(struct rw_certified left, struct rw_certified right, const struct rw_blocks_proof *proof,
                        FILE *out)
{
    const struct rw_alphabet *alphabet = left.side.machine->alphabet;
    fprintf(out, "{\n  \"rnnwit-certificate\": %d,\n  \"kind\": \"blocks\",\n  \"claim\": \"%s\",\n",
            RW_CERTIFICATE_FORMAT, right.side.net->decision == RW_DECIDE_VALUE ? "values" : "verdicts");
    fprintf(out, "  \"left\": {\"file\": \"spec\", \"series\": \"%s\", \"sha256\": \"%s\"},\n", proof->series,
            left.hash);
    fprintf(out, "  \"right\": {\"file\": \"net\", \"series\": \"output\", \"sha256\": \"%s\"},\n", right.hash);
    fputs("  \"tokens\": [", out);
    for (uint32_t s = 0; s < rw_alphabet_size(alphabet); s++) {
        fputs(s > 0 ? ", " : "", out);
        put_string(out, rw_alphabet_name(alphabet, s));
    }
    fprintf(out, "],\n  \"length\": %zu,\n  \"first\": %zu,\n  \"period\": %zu,\n", proof->length, proof->first,
            proof->period);
}

/* The numbers that are not 0, `step` apart, with their places. */
static void put_numbers(FILE *out, const fmpq *numbers, size_t count, size_t step)
{
    bool any = false;
    fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        if (rw_q_is_zero(numbers + i * step))
            continue;
        fprintf(out, "%s[%zu, \"", any ? ", " : "", i);
        rw_q_print(out, numbers + i * step);
        fputs("\"]", out);
        any = true;
    }
    fputc(']', out);
}

static void put_basis(const struct rw_blocks_proof *proof, FILE *out)
{
    fputs("  \"basis\": [", out);
    for (size_t i = 0; i < proof->dimension && proof->states > 0; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        put_numbers(out, proof->basis + i * proof->states, proof->states, 1);
    }
    fputs("],\n", out);
}

static void put_readings(const struct rw_blocks_proof *proof, FILE *out)
{
    fputs("  \"readings\": [", out);
    for (size_t b = 0; b < proof->count; b++) {
        fputs(b > 0 ? ",\n    [" : "\n    [", out);
        for (size_t k = 0; k < proof->dimension; k++) {
            fputs(k > 0 ? ", " : "", out);
            put_numbers(out, proof->readings[b].at + k, proof->coordinates, proof->dimension);
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
        put_heading(left, right, &proof, out);
        put_basis(&proof, out);
        put_readings(&proof, out);
    } else if (why != NULL) {
        fputs("the proof did not go through a second time", why);
    }
    rw_blocks_proof_clear(&proof);
    return proved;
}
