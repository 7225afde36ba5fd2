/* wfa.c - weighted finite automata: definition, simulator, determinism. f(w) = alpha M_{w1} ... M_{wT} omega. */
#include "automata/wfa.h"

#include <stdlib.h>

#include "base/memory.h"

struct rw_wfa *rw_wfa_new(size_t states, size_t symbols)
{
    struct rw_wfa *wfa = rw_alloc(1, sizeof *wfa);
    wfa->states = states;
    wfa->symbols = symbols;
    wfa->semiring = RW_RATIONAL;
    wfa->names = rw_alloc(states, sizeof *wfa->names);
    wfa->alpha = rw_q_list_new(states);
    wfa->omega = rw_q_list_new(states);
    wfa->letters = rw_alloc(symbols, sizeof *wfa->letters);
    for (size_t s = 0; s < states; s++)
        wfa->names[s] = rw_format("%zu", s);
    return wfa;
}

void rw_wfa_free(struct rw_wfa *wfa)
{
    if (wfa == NULL)
        return;
    for (size_t s = 0; s < wfa->states; s++)
        free(wfa->names[s]);
    for (size_t a = 0; a < wfa->symbols; a++)
        rw_matrix_free(wfa->letters[a]);
    free(wfa->names);
    rw_q_list_free(wfa->alpha, wfa->states);
    rw_q_list_free(wfa->omega, wfa->states);
    free(wfa->letters);
    free(wfa);
}

struct rw_wfa *rw_wfa_copy(const struct rw_wfa *wfa)
{
    struct rw_wfa *copy = rw_wfa_new(wfa->states, wfa->symbols);
    copy->semiring = wfa->semiring;
    copy->indicator = wfa->indicator;
    for (size_t q = 0; q < wfa->states; q++) {
        fmpq_set(copy->alpha + q, wfa->alpha + q);
        fmpq_set(copy->omega + q, wfa->omega + q);
    }
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++)
        rw_wfa_set_letter(copy, symbol, rw_matrix_copy(wfa->letters[symbol]));
    return copy;
}

void rw_wfa_set_letter(struct rw_wfa *wfa, uint32_t symbol, struct rw_matrix *transposed)
{
    rw_matrix_free(wfa->letters[symbol]);
    wfa->letters[symbol] = transposed;
}

const fmpq *rw_wfa_weight(const struct rw_wfa *wfa, uint32_t symbol, size_t p, size_t q)
{
    return rw_matrix_entry(wfa->letters[symbol], q, p);
}

/* --- the simulator: a run is the row alpha M_w --- */

struct run {
    struct rw_vector row, next;
};

static void free_model(void *model)
{
    rw_wfa_free(model);
}

static size_t quantities(const void *model)
{
    return ((const struct rw_wfa *)model)->states;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    fprintf(out, "weight %s", ((const struct rw_wfa *)model)->names[i]);
}

static void run_start(const void *model, void *run)
{
    const struct rw_wfa *wfa = model;
    struct run *r = run;
    rw_vector_zero(&r->row);
    for (size_t s = 0; s < wfa->states; s++)
        if (!rw_q_is_zero(wfa->alpha + s))
            rw_q_set(rw_vector_at(&r->row, (uint32_t)s), wfa->alpha + s);
}

static void *run_new(const void *model)
{
    const struct rw_wfa *wfa = model;
    struct run *r = rw_alloc(1, sizeof *r);
    rw_vector_init(&r->row, wfa->states);
    rw_vector_init(&r->next, wfa->states);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    (void)model;
    rw_vector_clear(&r->row);
    rw_vector_clear(&r->next);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    (void)model;
    rw_vector_copy(&((struct run *)to)->row, &((const struct run *)from)->row);
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_wfa *wfa = model;
    struct run *r = run;
    rw_vector_zero(&r->next);
    rw_matrix_apply(wfa->letters[symbol], &r->row, &r->next);
    struct rw_vector kept = r->row;
    r->row = r->next;
    r->next = kept;
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_wfa *wfa = model;
    const struct rw_vector *row = &((const struct run *)run)->row;
    rw_q_zero(value);
    for (size_t k = 0; k < row->count; k++)
        rw_q_addmul(value, row->value + row->touched[k], wfa->omega + row->touched[k]);
}

static void indicator(const void *model, const void *run, fmpq_t verdict)
{
    value(model, run, verdict);
    rw_q_set_int(verdict, rw_q_sign(verdict) > 0);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct rw_vector *row = &((const struct run *)run)->row;
    (void)model;
    for (size_t k = 0; k < row->count; k++)
        if (!rw_q_is_zero(row->value + row->touched[k]))
            rw_q_set(rw_vector_at(out, row->touched[k]), row->value + row->touched[k]);
}

static void print(const void *model, const void *run, FILE *out)
{
    const struct rw_wfa *wfa = model;
    const struct rw_vector *row = &((const struct run *)run)->row;
    bool first = true;
    for (size_t s = 0; s < wfa->states; s++) {
        if (rw_q_is_zero(row->value + s))
            continue;
        fprintf(out, "%s%s = ", first ? "" : ", ", wfa->names[s]);
        rw_q_print(out, row->value + s);
        first = false;
    }
    if (first)
        fputs("all 0", out);
}

#define ROW(verdict_of, value_of)                                                                                      \
    {                                                                                                                  \
        .name = "wfa", .title = "weighted finite automaton", .verdict = (verdict_of), .free_model = free_model,        \
        .quantities = quantities, .quantity_name = quantity_name, .run_new = run_new, .run_free = run_free,            \
        .run_start = run_start, .run_copy = run_copy, .step = step, .value = (value_of),                               \
        .configuration = configuration, .print = print,                                                                \
    }

const struct rw_machine_kind rw_wfa_kind = ROW(RW_VALUE, value);
const struct rw_machine_kind rw_wfa_indicator_kind = ROW(RW_ACCEPTS, indicator);

/* --- determinism (W3) --- */

static bool start_is_single(const struct rw_wfa *wfa, FILE *why)
{
    size_t first = wfa->states;
    for (size_t s = 0; s < wfa->states; s++) {
        if (rw_q_is_zero(wfa->alpha + s))
            continue;
        if (first < wfa->states) {
            if (why != NULL)
                fprintf(why, "two states have an initial weight, '%s' and '%s'", wfa->names[first], wfa->names[s]);
            return false;
        }
        first = s;
    }
    return true;
}

bool rw_wfa_is_deterministic(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, FILE *why)
{
    if (!start_is_single(wfa, why))
        return false;
    for (uint32_t a = 0; a < wfa->symbols; a++) {
        const struct rw_matrix *m = wfa->letters[a];
        for (size_t p = 0; p < wfa->states; p++) {
            if (m->start[p + 1] - m->start[p] <= 1)
                continue;
            if (why != NULL)
                fprintf(why, "'%s' leads from '%s' to both '%s' and '%s'", rw_alphabet_name(alphabet, a), wfa->names[p],
                        wfa->names[m->row[m->start[p]]], wfa->names[m->row[m->start[p] + 1]]);
            return false;
        }
    }
    return true;
}
