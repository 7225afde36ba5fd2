/* certificate_registers.c - writes where a network keeps the registers. That each letter keeps it so the checker finds again. */
#include "verify/certificate_registers.h"

#include "automata/cra.h"
#include "verify/certificate_parts.h"
#include "verify/equal_registers.h"

static void put_zeros(const struct rw_register_proof *proof, FILE *out)
{
    bool any = false;
    fputs("  \"zeros\": [", out);
    for (size_t k = 0; k < proof->units; k++)
        if (proof->zero[k]) {
            fprintf(out, "%s%zu", any ? ", " : "", k);
            any = true;
        }
    fputs("],\n", out);
}

bool rw_certificate_write_registers(struct rw_certified left, struct rw_certified right, FILE *out, FILE *why)
{
    struct rw_register_proof proof;
    bool proved = rw_equal_registers(left.side.machine, right.side.net, &proof, why) == RW_EQUAL;
    if (proved) {
        const struct rw_cra *cra = left.side.machine->model;
        rw_put_machine_heading(out, "registers", "values", "machine", left, right);
        put_zeros(&proof, out);
        fputs("  \"registers\": [", out);
        for (size_t r = 0; r < cra->registers; r++) {
            fprintf(out, "%s\n    {\"register\": ", r > 0 ? "," : "");
            rw_put_text(out, cra->names[r]);
            fputs(", \"units\": ", out);
            rw_put_entries(out, proof.sums + r * proof.units, proof.units);
            fputc('}', out);
        }
        fputs("]\n}\n", out);
    }
    rw_register_proof_clear(&proof);
    return proved;
}
