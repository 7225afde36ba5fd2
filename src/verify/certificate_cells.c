/* certificate_cells.c - writes what an induction on one step claims: for each mode the classes of the numbers, and the network's state as an
 * affine function of them. What follows from it in each cell the checker finds again. */
#include "verify/certificate_cells.h"

#include <inttypes.h>
#include <stdlib.h>

#include "automata/counter.h"
#include "base/memory.h"
#include "verify/certificate_parts.h"
#include "verify/equal_modes.h"

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

/* Nothing if there are none. */
static void put_cuts(FILE *out, const struct rw_mode_claim *claim, size_t numbers)
{
    if (claim->cut_count == 0)
        return;
    fputs(", \"cuts\": [", out);
    for (size_t i = 0; i < numbers; i++) {
        bool any = false;
        fputs(i > 0 ? ", [" : "[", out);
        for (size_t k = 0; k < claim->cut_count; k++)
            if (claim->cuts[k].counter == i) {
                fprintf(out, "%s%" PRId64, any ? ", " : "", claim->cuts[k].at);
                any = true;
            }
        fputc(']', out);
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
    rw_put_text(out, name);
    put_sets(out, "classes", claim->domain, numbers);
    put_sets(out, "content", claim->content, numbers);
    put_cuts(out, claim, numbers);
    fputs(", \"constant\": ", out);
    rw_put_entries(out, claim->map.part->value, claim->map.part->size);
    fputs(", \"slopes\": [", out);
    for (size_t i = 0; i < numbers; i++) {
        fputs(i > 0 ? ", " : "", out);
        rw_put_entries(out, claim->map.part[1 + i].value, claim->map.part->size);
    }
    fputs("]}", out);
    free(name);
}

bool rw_certificate_write_cells(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                FILE *out, FILE *why)
{
    static const char *const history[] = {
        [RW_REMEMBERS_STATE] = "false", [RW_REMEMBERS_RULE] = "true", [RW_REMEMBERS_STEP] = "\"step\""};
    struct rw_mode_proof proof;
    if (why != NULL && left.side.machine->kind == &rw_counter_kind)
        fputs("regions prove it, which are not written down, and claims for modes do not: ", why);
    bool first = true,
         proved = rw_equal_modes(left.side.machine, right.side.net, true, limits, NULL, &proof, why) == RW_EQUAL;
    if (proved) {
        rw_put_machine_heading(out, "cells", "verdicts", "machine", left, right);
        fprintf(out, "  \"history\": %s,\n  \"modes\": [", history[proof.modes.memory]);
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
