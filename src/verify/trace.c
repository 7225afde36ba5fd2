/* trace.c - what machine and network hold after each prefix of a word, as text.
 *
 * The same comparison as in verify (match.h), one line a step, up to the first difference. */
#include <stdlib.h>

#include "base/memory.h"
#include "verify/match.h"

static char *configuration_text(const struct rw_machine *machine, const void *run)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(1);
    machine->kind->print(machine->model, run, out);
    fclose(out);
    return text;
}

/* "state even = 1"; a coordinate without a name is called by its place. */
static void print_coordinate(FILE *out, const struct rw_net *net, size_t layer, size_t head, uint32_t i,
                             const fmpq *value)
{
    const char *name = net->layers[layer].heads[head].coordinates[i];
    if (name[0] != '\0')
        fputs(name, out);
    else
        fprintf(out, "layer %zu head %zu [%zu]", layer + 1, head + 1, (size_t)i + 1);
    fputs(" = ", out);
    rw_q_print(out, value);
}

/* The nonzero coordinates of all heads, in their order. */
static char *state_text(const struct rw_net *net, const struct rw_run *run)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(1);
    bool any = false;
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            const struct rw_vector *state = rw_run_state(run, l, h);
            for (uint32_t i = 0; i < state->size; i++) {
                if (rw_q_is_zero(state->value + i))
                    continue;
                fputs(any ? ", " : "", out);
                print_coordinate(out, net, l, h, i, state->value + i);
                any = true;
            }
        }
    if (!any)
        fputs("all 0", out);
    fclose(out);
    return text;
}

/* --- with and without a network --- */

static struct rw_trace_line *new_line(struct rw_trace *trace, size_t *capacity, const struct rw_machine *machine,
                                      const void *run, const char *symbol)
{
    trace->lines = rw_grow(trace->lines, capacity, trace->count + 1, sizeof *trace->lines);
    struct rw_trace_line *line = trace->lines + trace->count++;
    *line = (struct rw_trace_line){.symbol = rw_strdup(symbol),
                                   .machine = configuration_text(machine, run),
                                   .machine_value = rw_machine_says(machine, run),
                                   .agree = true};
    return line;
}

static void trace_machine(const struct rw_machine *machine, const struct rw_word *word, struct rw_trace *trace)
{
    size_t capacity = 0;
    void *run = machine->kind->run_new(machine->model);
    new_line(trace, &capacity, machine, run, "");
    for (size_t i = 0; i < word->length; i++) {
        machine->kind->step(machine->model, run, word->symbols[i]);
        new_line(trace, &capacity, machine, run, rw_alphabet_name(machine->alphabet, word->symbols[i]));
    }
    machine->kind->run_free(machine->model, run);
}

static void trace_both(const struct rw_machine *machine, const struct rw_net *net, const struct rw_word *word,
                       struct rw_trace *trace)
{
    size_t capacity = 0;
    bool agree = true;
    struct rw_match match;
    rw_match_init(&match, machine, net, true, NULL);
    struct rw_pair pair = rw_pair_new(&match);
    for (size_t i = 0; agree && i <= word->length; i++) {
        if (i > 0)
            rw_pair_step(&match, &pair, word->symbols[i - 1]);
        const char *symbol = i > 0 ? rw_alphabet_name(machine->alphabet, word->symbols[i - 1]) : "";
        struct rw_trace_line *line = new_line(trace, &capacity, machine, pair.machine, symbol);
        line->network = state_text(net, pair.net);
        line->network_value = rw_net_says(net, pair.net);
        line->agree = agree = rw_match_agrees(&match, &pair);
    }
    rw_pair_free(&match, &pair);
    rw_match_clear(&match);
}

bool rw_trace_make(const struct rw_machine *machine, const struct rw_net *net, const struct rw_word *word,
                   struct rw_trace *trace, struct rw_diag *diag)
{
    *trace = (struct rw_trace){0};
    if (net == NULL) {
        trace_machine(machine, word, trace);
        return true;
    }
    if (!rw_comparable(machine, net, diag))
        return false;
    trace_both(machine, net, word, trace);
    return true;
}

void rw_trace_free(struct rw_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        struct rw_trace_line *line = trace->lines + i;
        free(line->symbol);
        free(line->machine);
        free(line->network);
        free(line->machine_value);
        free(line->network_value);
    }
    free(trace->lines);
    *trace = (struct rw_trace){0};
}
