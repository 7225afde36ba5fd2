/* certificate_parts.c - the heading of a certificate, and its entries. */
#include "verify/certificate_parts.h"

#include <jansson.h>

void rw_put_text(FILE *out, const char *text)
{
    json_t *string = json_string(text);
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

void rw_put_machine_heading(FILE *out, const char *kind, const char *claim, struct rw_certified left,
                            struct rw_certified right)
{
    const struct rw_alphabet *alphabet = left.side.machine->alphabet;
    fprintf(out, "{\n  \"rnnwit-certificate\": %d,\n  \"kind\": \"%s\",\n  \"claim\": \"%s\",\n", RW_CERTIFICATE_FORMAT,
            kind, claim);
    fprintf(out, "  \"left\": {\"file\": \"spec\", \"series\": \"machine\", \"sha256\": \"%s\"},\n", left.hash);
    fprintf(out, "  \"right\": {\"file\": \"net\", \"series\": \"output\", \"sha256\": \"%s\"},\n", right.hash);
    fputs("  \"tokens\": [", out);
    for (uint32_t s = 0; s < rw_alphabet_size(alphabet); s++) {
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
