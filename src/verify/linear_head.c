/* linear_head.c - A(x) and B(x) of each linear family, from its formula and not from the runtime. */
#include "verify/linear_head.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct rw_matrix *rw_linear_parameter(const struct rw_head *head, const char *name, const struct rw_vector *x)
{
    const struct rw_family *family = head->family;
    size_t p = 0;
    while (strcmp(family->param(head->dims, p).name, name) != 0)
        p++;
    struct rw_param_shape shape = family->param(head->dims, p);
    const struct rw_matrix *weights = head->params[p];
    if (!shape.input)
        return rw_matrix_copy(weights);
    struct rw_builder *tensor = rw_builder_new(shape.rows, shape.cols);
    fmpq_t term;
    fmpq_init(term);
    for (size_t k = 0; k < x->count; k++) {
        uint32_t j = x->touched[k];
        for (size_t e = weights->start[j]; e < weights->start[j + 1]; e++) {
            fmpq_mul(term, weights->value + e, x->value + j);
            rw_builder_add(tensor, weights->row[e] / shape.cols, weights->row[e] % shape.cols, term);
        }
    }
    fmpq_clear(term);
    return rw_builder_finish(tensor);
}

static struct rw_matrix *pd_transition(const struct rw_head *head, const struct rw_vector *x)
{
    return rw_linear_parameter(head, "transition", x);
}

static struct rw_matrix *given_write(const struct rw_head *head, const struct rw_vector *x)
{
    return rw_linear_parameter(head, "write", x);
}

/* sum += factor * (column c of left) (column d of right)^T */
static void add_outer(struct rw_builder *sum, const struct rw_matrix *left, size_t c, const struct rw_matrix *right,
                      size_t d, const fmpq_t factor)
{
    fmpq_t term;
    fmpq_init(term);
    for (size_t e = left->start[c]; e < left->start[c + 1]; e++)
        for (size_t f = right->start[d]; f < right->start[d + 1]; f++) {
            fmpq_mul(term, left->value + e, right->value + f);
            fmpq_mul(term, term, factor);
            rw_builder_add(sum, left->row[e], right->row[f], term);
        }
    fmpq_clear(term);
}

/* A matrix whose diagonal is the given column; more is added by the caller. */
static struct rw_builder *diagonal(const struct rw_matrix *column)
{
    struct rw_builder *sum = rw_builder_new(column->rows, column->rows);
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++)
        rw_builder_add(sum, column->row[e], column->row[e], column->value + e);
    return sum;
}

/* diag(decay) - left right^T */
static struct rw_matrix *dplr_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *decay = rw_linear_parameter(head, "decay", x);
    struct rw_matrix *left = rw_linear_parameter(head, "left", x), *right = rw_linear_parameter(head, "right", x);
    struct rw_builder *sum = diagonal(decay);
    fmpq_t minus_one;
    fmpq_init(minus_one);
    fmpq_set_si(minus_one, -1, 1);
    for (size_t c = 0; c < left->cols; c++)
        add_outer(sum, left, c, right, c, minus_one);
    fmpq_clear(minus_one);
    rw_matrix_free(decay);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return rw_builder_finish(sum);
}

/* diag(w) - lambda kappa (a o kappa)^T */
static struct rw_matrix *rwkv7_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *w = rw_linear_parameter(head, "decay", x), *kappa = rw_linear_parameter(head, "kappa", x);
    struct rw_matrix *a = rw_linear_parameter(head, "rate", x), *lambda = rw_linear_parameter(head, "lambda", x);
    struct rw_builder *sum = diagonal(w), *product = rw_builder_new(kappa->rows, 1);
    fmpq_t term;
    fmpq_init(term);
    for (size_t e = 0; e < rw_matrix_nonzeros(kappa); e++) {
        const fmpq *rate = rw_matrix_entry(a, kappa->row[e], 0);
        if (rate == NULL)
            continue;
        fmpq_mul(term, rate, kappa->value + e);
        rw_builder_add(product, kappa->row[e], 0, term);
    }
    struct rw_matrix *a_kappa = rw_builder_finish(product);
    if (rw_matrix_nonzeros(lambda) > 0) {
        fmpq_neg(term, lambda->value);
        add_outer(sum, kappa, 0, a_kappa, 0, term);
    }
    fmpq_clear(term);
    rw_matrix_free(w);
    rw_matrix_free(kappa);
    rw_matrix_free(a);
    rw_matrix_free(lambda);
    rw_matrix_free(a_kappa);
    return rw_builder_finish(sum);
}

/* v key^T */
static struct rw_matrix *rwkv7_write(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *value = rw_linear_parameter(head, "value", x), *key = rw_linear_parameter(head, "key", x);
    struct rw_builder *write = rw_builder_new(value->rows, key->rows);
    fmpq_t one;
    fmpq_init(one);
    fmpq_set_si(one, 1, 1);
    add_outer(write, value, 0, key, 0, one);
    fmpq_clear(one);
    rw_matrix_free(value);
    rw_matrix_free(key);
    return rw_builder_finish(write);
}

/* One row of S through all the delta steps: s <- s - beta (s k - v) k^T. `row` of v; NULL: v is 0. */
static void delta_row(const struct rw_matrix *key, const struct rw_matrix *value, const struct rw_matrix *beta,
                      size_t row, struct rw_vector *s)
{
    fmpq_t d;
    fmpq_init(d);
    for (size_t c = 0; c < key->cols; c++) {
        const fmpq *rate = rw_matrix_entry(beta, 0, c), *v = value == NULL ? NULL : rw_matrix_entry(value, row, c);
        fmpq_zero(d);
        for (size_t e = key->start[c]; e < key->start[c + 1]; e++)
            fmpq_submul(d, s->value + key->row[e], key->value + e);
        if (v != NULL)
            fmpq_add(d, d, v);
        if (rate == NULL || rw_q_is_zero(d))
            continue;
        fmpq_mul(d, d, rate);
        for (size_t e = key->start[c]; e < key->start[c + 1]; e++)
            rw_vector_addmul(s, key->row[e], d, key->value + e);
    }
    fmpq_clear(d);
}

static void add_row(struct rw_builder *to, size_t row, const struct rw_vector *s)
{
    for (size_t k = 0; k < s->count; k++)
        rw_builder_add(to, row, s->touched[k], s->value + s->touched[k]);
}

/* The product of I - beta k k^T: what becomes of each unit row without v. */
static struct rw_matrix *delta_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *key = rw_linear_parameter(head, "key", x), *beta = rw_linear_parameter(head, "beta", x);
    struct rw_builder *product = rw_builder_new(key->rows, key->rows);
    struct rw_vector s;
    rw_vector_init(&s, key->rows);
    for (size_t i = 0; i < key->rows; i++) {
        rw_vector_zero(&s);
        rw_q_set_int(rw_vector_at(&s, (uint32_t)i), 1);
        delta_row(key, NULL, beta, 0, &s);
        add_row(product, i, &s);
    }
    rw_vector_clear(&s);
    rw_matrix_free(key);
    rw_matrix_free(beta);
    return rw_builder_finish(product);
}

/* What becomes of S = 0. */
static struct rw_matrix *delta_write(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *key = rw_linear_parameter(head, "key", x), *value = rw_linear_parameter(head, "value", x);
    struct rw_matrix *beta = rw_linear_parameter(head, "beta", x);
    struct rw_builder *write = rw_builder_new(value->rows, key->rows);
    struct rw_vector s;
    rw_vector_init(&s, key->rows);
    for (size_t row = 0; row < value->rows; row++) {
        rw_vector_zero(&s);
        delta_row(key, value, beta, row, &s);
        add_row(write, row, &s);
    }
    rw_vector_clear(&s);
    rw_matrix_free(key);
    rw_matrix_free(value);
    rw_matrix_free(beta);
    return rw_builder_finish(write);
}

/* --- sizes --- */

/* Nonzero entries of a parameter, and in how many rows they are. */
static uint64_t count_entries(const struct rw_head *head, const char *name, const struct rw_vector *x, uint64_t *rows)
{
    struct rw_matrix *m = rw_linear_parameter(head, name, x);
    uint64_t count = rw_matrix_nonzeros(m);
    uint8_t *used = rw_alloc(m->rows, sizeof *used);
    *rows = 0;
    for (size_t e = 0; e < count; e++) {
        *rows += !used[m->row[e]];
        used[m->row[e]] = 1;
    }
    free(used);
    rw_matrix_free(m);
    return count;
}

static uint64_t pd_terms(const struct rw_head *head, const struct rw_vector *x)
{
    uint64_t rows;
    return count_entries(head, "transition", x, &rows) + count_entries(head, "write", x, &rows);
}

static uint64_t dplr_terms(const struct rw_head *head, const struct rw_vector *x)
{
    uint64_t rows, terms = count_entries(head, "decay", x, &rows) + count_entries(head, "write", x, &rows);
    struct rw_matrix *left = rw_linear_parameter(head, "left", x), *right = rw_linear_parameter(head, "right", x);
    for (size_t c = 0; c < left->cols; c++)
        terms += (left->start[c + 1] - left->start[c]) * (right->start[c + 1] - right->start[c]);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return terms;
}

static uint64_t rwkv7_terms(const struct rw_head *head, const struct rw_vector *x)
{
    uint64_t rows, kappa = count_entries(head, "kappa", x, &rows);
    return count_entries(head, "decay", x, &rows) + kappa * kappa +
           count_entries(head, "value", x, &rows) * count_entries(head, "key", x, &rows);
}

/* Steps mix the coordinates that some key has. */
static uint64_t delta_terms(const struct rw_head *head, const struct rw_vector *x)
{
    uint64_t keys, values;
    count_entries(head, "key", x, &keys);
    count_entries(head, "value", x, &values);
    return head->dims[0] + keys * keys + values * keys;
}

/* The linear families: what their A(x) and B(x) are. All read with q(x) from `query`. */
static const struct linear_family {
    const char *name;
    struct rw_matrix *(*transition)(const struct rw_head *head, const struct rw_vector *x);
    struct rw_matrix *(*write)(const struct rw_head *head, const struct rw_vector *x);
    uint64_t (*terms)(const struct rw_head *head, const struct rw_vector *x);
} linear_families[] = {
    {"pd", pd_transition, given_write, pd_terms},
    {"dplr", dplr_transition, given_write, dplr_terms},
    {"rwkv7", rwkv7_transition, rwkv7_write, rwkv7_terms},
    {"deltanet", delta_transition, delta_write, delta_terms},
    {"deltaproduct", delta_transition, delta_write, delta_terms},
};

static const struct linear_family *linear_family(const struct rw_head *head)
{
    for (size_t i = 0; i < sizeof linear_families / sizeof *linear_families; i++)
        if (strcmp(linear_families[i].name, head->family->name) == 0)
            return linear_families + i;
    return NULL;
}

bool rw_head_is_linear(const struct rw_head *head)
{
    return linear_family(head) != NULL;
}

struct rw_matrix *rw_linear_transition(const struct rw_head *head, const struct rw_vector *x)
{
    return linear_family(head)->transition(head, x);
}

uint64_t rw_linear_terms(const struct rw_head *head, const struct rw_vector *x)
{
    return linear_family(head)->terms(head, x);
}

struct rw_matrix *rw_linear_write(const struct rw_head *head, const struct rw_vector *x)
{
    return linear_family(head)->write(head, x);
}
