/* certificate_visited.c - writes all pairs of configuration and network state. */
#include "verify/certificate_visited.h"

#include <inttypes.h>

#include "automata/counter.h"
#include "automata/nfa.h"
#include "automata/regex.h"
#include "automata/wfa.h"
#include "verify/certificate_parts.h"

struct writer {
    FILE *out;
    uint64_t entries, most;
    size_t rows;
};

static size_t nonzeros(const struct rw_vector *v)
{
    size_t count = 0;
    for (size_t k = 0; k < v->count; k++)
        count += !rw_q_is_zero(v->value + v->touched[k]);
    return count;
}

static bool put(void *context, const struct rw_vector *both, size_t quantities, const uint32_t *steps, size_t symbols)
{
    struct writer *w = context;
    w->entries += nonzeros(both) + symbols;
    if (w->entries > w->most)
        return false;
    fprintf(w->out, "%s\n    {\"machine\": ", w->rows++ > 0 ? "," : "");
    rw_put_entries(w->out, both->value, quantities);
    fputs(", \"net\": ", w->out);
    rw_put_entries(w->out, both->value + quantities, both->size - quantities);
    fputs(", \"steps\": [", w->out);
    for (size_t s = 0; s < symbols; s++)
        fprintf(w->out, "%s%" PRIu32, s > 0 ? ", " : "", steps[s]);
    fputs("]}", w->out);
    return true;
}

/* The kinds whose configurations are documented, and say all there is to know about a run. */
static bool is_written(const struct rw_machine *machine)
{
    const struct rw_machine_kind *kind = machine->kind;
    return kind == &rw_dfa_kind || kind == &rw_nfa_kind || kind == &rw_regex_kind || kind == &rw_wfa_kind ||
           kind == &rw_wfa_indicator_kind || kind == &rw_counter_kind;
}

bool rw_certificate_write_visited(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                  FILE *out, FILE *why)
{
    const struct rw_machine *machine = left.side.machine;
    struct writer w = {.out = out, .most = limits->cells};
    struct rw_word word;
    if (!is_written(machine)) {
        if (why != NULL)
            fprintf(why, "configurations of a %s are not written down", machine->kind->title);
        return false;
    }
    rw_put_machine_heading(out, "visited", machine->kind->verdict == RW_VALUE ? "values" : "verdicts", "machine", left,
                           right);
    fputs("  \"rows\": [", out);
    rw_word_init(&word);
    bool all = rw_equal_pairs(machine, right.side.net, limits, NULL, &word, put, &w, NULL) == RW_EQUAL;
    rw_word_clear(&word);
    fputs("]\n}\n", out);
    if (!all && why != NULL)
        fputs("its pairs do not fit limit \"cells\"", why);
    return all;
}
