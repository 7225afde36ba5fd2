/* regex_run.c - a pattern runs as its position automaton does. */
#include "automata/regex.h"

static const struct rw_nfa *positions(const void *model)
{
    return ((const struct rw_regex *)model)->positions;
}

static void free_model(void *model)
{
    rw_regex_free(model);
}

static size_t quantities(const void *model)
{
    return rw_nfa_kind.quantities(positions(model));
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    fprintf(out, "position %s", positions(model)->names[i]);
}

static void *run_new(const void *model)
{
    return rw_nfa_kind.run_new(positions(model));
}

static void run_free(const void *model, void *run)
{
    rw_nfa_kind.run_free(positions(model), run);
}

static void run_start(const void *model, void *run)
{
    rw_nfa_kind.run_start(positions(model), run);
}

static void run_copy(const void *model, void *to, const void *from)
{
    rw_nfa_kind.run_copy(positions(model), to, from);
}

static void step(const void *model, void *run, uint32_t symbol)
{
    rw_nfa_kind.step(positions(model), run, symbol);
}

static void value(const void *model, const void *run, fmpq_t value)
{
    rw_nfa_kind.value(positions(model), run, value);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    rw_nfa_kind.configuration(positions(model), run, out);
}

static void print(const void *model, const void *run, FILE *out)
{
    rw_nfa_kind.print(positions(model), run, out);
}

const struct rw_machine_kind rw_regex_kind = {
    .name = "regex",
    .title = "regular expression",
    .verdict = RW_ACCEPTS,
    .free_model = free_model,
    .quantities = quantities,
    .quantity_name = quantity_name,
    .run_new = run_new,
    .run_free = run_free,
    .run_start = run_start,
    .run_copy = run_copy,
    .step = step,
    .value = value,
    .configuration = configuration,
    .print = print,
};
