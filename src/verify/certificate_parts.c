/* certificate_parts.c - the heading of a certificate, and its entries. */
#include "verify/certificate_parts.h"

#include <jansson.h>

void rw_put_text(FILE *out, const char *text)
{
    json_t *string = json_string(text);
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

void rw_put_machine_heading(FILE *out, const char *kind, const char *claim, const char *series,
                            struct rw_certified left, struct rw_certified right)
{
    const struct rw_alphabet *alphabet = left.side.machine->alphabet;
    fprintf(out, "{\n  \"rnnwit-certificate\": %d,\n  \"kind\": \"%s\",\n  \"claim\": \"%s\",\n", RW_CERTIFICATE_FORMAT,
            kind, claim);
    fprintf(out, "  \"left\": {\"file\": \"spec\", \"series\": \"%s\", \"sha256\": \"%s\"},\n", series, left.hash);
    fprintf(out, "  \"right\": {\"file\": \"net\", \"series\": \"output\", \"sha256\": \"%s\"},\n", right.hash);
    fputs("  \"tokens\": [", out);
    for (uint32_t s = 0; s < rw_alphabet_size(alphabet); s++) {
        fputs(s > 0 ? ", " : "", out);
        rw_put_text(out, rw_alphabet_name(alphabet, s));
    }
    fputs("],\n", out);
}

static void put_side(FILE *out, const char *key, struct rw_certified side, const char *series)
{
    fprintf(out, "  \"%s\": {\"file\": \"%s\", \"series\": \"%s\", \"sha256\": \"%s\"},\n", key,
            side.side.net != NULL ? "net" : "spec", series, side.hash);
}

void rw_put_number(FILE *out, const char *key, const fmpq_t value)
{
    fprintf(out, "  \"%s\": \"", key);
    rw_q_print(out, value);
    fputs("\",\n", out);
}

void rw_put_heading(FILE *out, const char *kind, const struct rw_linear_proof *proof, struct rw_certified left,
                    struct rw_certified right, const struct rw_alphabet *alphabet, size_t symbols)
{
    fprintf(out, "{\n  \"rnnwit-certificate\": %d,\n  \"kind\": \"%s\",\n  \"claim\": \"%s\",\n", RW_CERTIFICATE_FORMAT,
            kind, proof->values ? "values" : "verdicts");
    put_side(out, "left", left, proof->left);
    put_side(out, "right", right, proof->right);
    fputs("  \"tokens\": [", out);
    for (uint32_t s = 0; s < symbols; s++) {
        fputs(s > 0 ? ", " : "", out);
        rw_put_text(out, rw_alphabet_name(alphabet, s));
    }
    fputs("],\n", out);
}

void rw_put_entries(FILE *out, const fmpq *values, size_t count)
{
    bool any = false;
    fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        if (rw_q_is_zero(values + i))
            continue;
        fprintf(out, "%s[%zu, \"", any ? ", " : "", i);
        rw_q_print(out, values + i);
        fputs("\"]", out);
        any = true;
    }
    fputc(']', out);
}
