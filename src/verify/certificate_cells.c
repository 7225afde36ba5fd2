/* certificate_cells.c - writes what an induction on one step claims: for each mode the classes of the numbers, and the network's state as an
 * affine function of them. What follows from it in each cell the checker finds again. */
#include "verify/certificate_cells.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "verify/equal_modes.h"

static void put_string(FILE *out, const char *text)
{
    json_t *string = json_string(text);
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

static void put_heading(struct rw_certified left, struct rw_certified right, bool history, FILE *out)
{
    const struct rw_alphabet *alphabet = left.side.machine->alphabet;
    fprintf(out, "{\n  \"rnnwit-certificate\": %d,\n  \"kind\": \"cells\",\n  \"claim\": \"verdicts\",\n",
            RW_CERTIFICATE_FORMAT);
    fprintf(out, "  \"left\": {\"file\": \"spec\", \"series\": \"machine\", \"sha256\": \"%s\"},\n", left.hash);
    fprintf(out, "  \"right\": {\"file\": \"net\", \"series\": \"output\", \"sha256\": \"%s\"},\n", right.hash);
    fputs("  \"tokens\": [", out);
    for (uint32_t s = 0; s < rw_alphabet_size(alphabet); s++) {
        fputs(s > 0 ? ", " : "", out);
        put_string(out, rw_alphabet_name(alphabet, s));
    }
    fprintf(out, "],\n  \"history\": %s,\n  \"modes\": [", history ? "true" : "false");
}

static void put_set(FILE *out, uint64_t set)
{
    bool any = false;
    fputc('[', out);
    for (unsigned class = 0; class < RW_MOST_CLASSES; class ++)
        if (set >> class & 1) {
            fprintf(out, "%s%u", any ? ", " : "", class);
            any = true;
        }
    fputc(']', out);
}

static void put_sets(FILE *out, const char *key, const uint64_t *sets, size_t count)
{
    fprintf(out, ", \"%s\": [", key);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", out);
        put_set(out, sets[i]);
    }
    fputc(']', out);
}

static void put_vector(FILE *out, const struct rw_vector *v)
{
    bool any = false;
    fputc('[', out);
    for (size_t i = 0; i < v->size; i++) {
        if (rw_q_is_zero(v->value + i))
            continue;
        fprintf(out, "%s[%zu, \"", any ? ", " : "", i);
        rw_q_print(out, v->value + i);
        fputs("\"]", out);
        any = true;
    }
    fputc(']', out);
}

static void put_mode(const struct rw_mode_proof *proof, uint32_t mode, FILE *out)
{
    const struct rw_mode_claim *claim = proof->claims + mode;
    char *name = NULL;
    size_t size, numbers = proof->modes.numbers;
    FILE *stream = open_memstream(&name, &size);
    if (stream == NULL)
        rw_out_of_memory(1);
    proof->modes.name(&proof->modes, mode, stream);
    fclose(stream);
    fprintf(out, "\n    {\"mode\": %" PRIu32 ", \"name\": ", mode);
    put_string(out, name);
    put_sets(out, "classes", claim->domain, numbers);
    put_sets(out, "content", claim->content, numbers);
    fputs(", \"constant\": ", out);
    put_vector(out, claim->map.part);
    fputs(", \"slopes\": [", out);
    for (size_t i = 0; i < numbers; i++) {
        fputs(i > 0 ? ", " : "", out);
        put_vector(out, claim->map.part + 1 + i);
    }
    fputs("]}", out);
    free(name);
}

bool rw_certificate_write_cells(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                FILE *out, FILE *why)
{
    struct rw_mode_proof proof;
    bool first = true,
         proved = rw_equal_modes(left.side.machine, right.side.net, true, limits, NULL, &proof, why) == RW_EQUAL;
    if (proved) {
        put_heading(left, right, proof.history, out);
        for (uint32_t m = 0; m < proof.modes.modes; m++) {
            if (!proof.claims[m].known)
                continue;
            fputs(first ? "" : ",", out);
            put_mode(&proof, m, out);
            first = false;
        }
        fputs("]\n}\n", out);
    }
    rw_mode_proof_clear(&proof);
    return proved;
}
