/* matrix_product.c - the direct solver: complete matrices are multiplied with FLINT, entry by entry read. */
#include "automata/matrix_product.h"

#include <flint/fmpq_mat.h>
#include <stdlib.h>

#include "base/memory.h"

struct run {
    fmpq_mat_t product, matrix;
    size_t place; /* entries of the current matrix read */
};

struct rw_matrix_product *rw_matrix_product_new(size_t dimension, size_t symbols)
{
    struct rw_matrix_product *model = rw_alloc(1, sizeof *model);
    model->dimension = dimension;
    model->symbols = symbols;
    model->entries = rw_q_list_new(symbols);
    return model;
}

void rw_matrix_product_free(struct rw_matrix_product *model)
{
    if (model == NULL)
        return;
    rw_q_list_free(model->entries, model->symbols);
    free(model);
}

static void free_model(void *model)
{
    rw_matrix_product_free(model);
}

static size_t quantities(const void *model)
{
    const struct rw_matrix_product *m = model;
    return m->dimension * m->dimension + 1;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    const struct rw_matrix_product *m = model;
    if (i < m->dimension * m->dimension)
        fprintf(out, "product %zu %zu", i / m->dimension, i % m->dimension);
    else
        fputs("place", out);
}

static void run_start(const void *model, void *run)
{
    struct run *r = run;
    (void)model;
    fmpq_mat_one(r->product);
    r->place = 0;
}

static void *run_new(const void *model)
{
    const struct rw_matrix_product *m = model;
    struct run *r = rw_alloc(1, sizeof *r);
    fmpq_mat_init(r->product, (slong)m->dimension, (slong)m->dimension);
    fmpq_mat_init(r->matrix, (slong)m->dimension, (slong)m->dimension);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    (void)model;
    fmpq_mat_clear(r->product);
    fmpq_mat_clear(r->matrix);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    struct run *r = to;
    const struct run *source = from;
    (void)model;
    fmpq_mat_set(r->product, source->product);
    fmpq_mat_set(r->matrix, source->matrix);
    r->place = source->place;
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_matrix_product *m = model;
    struct run *r = run;
    fmpq_set(fmpq_mat_entry(r->matrix, r->place / m->dimension, r->place % m->dimension), m->entries + symbol);
    if (++r->place < m->dimension * m->dimension)
        return;
    fmpq_mat_mul(r->product, r->product, r->matrix);
    r->place = 0;
}

static bool defined(const void *model, const void *run)
{
    const struct run *r = run;
    (void)model;
    return r->place == 0;
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_matrix_product *m = model;
    const struct run *r = run;
    fmpq_set(value, fmpq_mat_entry(r->product, m->row, m->col));
}

static void sign(const void *model, const void *run, fmpq_t sign)
{
    value(model, run, sign);
    fmpq_set_si(sign, fmpq_sgn(sign) > 0, 1);
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct rw_matrix_product *m = model;
    const struct run *r = run;
    size_t entries = m->dimension * m->dimension;
    for (size_t i = 0; i < entries; i++) {
        const fmpq *entry = fmpq_mat_entry(r->product, i / m->dimension, i % m->dimension);
        if (!fmpq_is_zero(entry))
            fmpq_set(rw_vector_at(out, (uint32_t)i), entry);
    }
    if (r->place > 0)
        rw_q_set_int(rw_vector_at(out, (uint32_t)entries), (int64_t)r->place);
}

static void print(const void *model, const void *run, FILE *out)
{
    const struct rw_matrix_product *m = model;
    const struct run *r = run;
    for (size_t i = 0; i < m->dimension; i++) {
        fputs(i == 0 ? "[" : "; ", out);
        for (size_t j = 0; j < m->dimension; j++) {
            fputs(j == 0 ? "" : " ", out);
            rw_q_print(out, fmpq_mat_entry(r->product, i, j));
        }
    }
    fprintf(out, "] + %zu entries", r->place);
}

#define ROW(verdict_of, value_of)                                                                                      \
    {                                                                                                                  \
        .name = "matrix-product", .title = "iterated matrix product", .verdict = (verdict_of),                         \
        .free_model = free_model, .quantities = quantities, .quantity_name = quantity_name, .run_new = run_new,        \
        .run_free = run_free, .run_start = run_start, .run_copy = run_copy, .step = step, .value = (value_of),         \
        .defined = defined, .configuration = configuration, .print = print,                                            \
    }

const struct rw_machine_kind rw_matrix_product_kind = ROW(RW_VALUE, value);
const struct rw_machine_kind rw_matrix_product_sign_kind = ROW(RW_ACCEPTS, sign);
