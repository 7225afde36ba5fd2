/* heads.c - one step of a linear head as S <- S A + B.
 *
 *   pd       A = transition                     B = write
 *   dplr     A = diag(decay) - left right^T     B = write
 *   rwkv7    A = diag(decay) - lambda kappa (rate o kappa)^T    B = value key^T
 *   delta    S <- S + beta (value - S key) key^T for each step c, with column c of key, value and beta; so
 *            A <- A - beta (A key) key^T from A = I, and B <- B + beta (value - B key) key^T from B = 0 */
#include "recheck/heads.h"

struct rw_matrix *rw_recheck_param_at(const struct rw_recheck_head *head, const char *name, const struct rw_vector *x)
{
    const struct rw_recheck_param *param = rw_recheck_param(head, name);
    if (!param->input)
        return rw_matrix_copy(param->weights);
    const struct rw_matrix *weights = param->weights;
    struct rw_builder *builder = rw_builder_new(param->rows, param->cols);
    fmpq_t product;
    fmpq_init(product);
    for (size_t k = 0; k < x->count; k++)
        for (size_t e = weights->start[x->touched[k]]; e < weights->start[x->touched[k] + 1]; e++) {
            fmpq_mul(product, weights->value + e, x->value + x->touched[k]);
            rw_builder_add(builder, weights->row[e] / param->cols, weights->row[e] % param->cols, product);
        }
    fmpq_clear(product);
    return rw_builder_finish(builder);
}

/* sum += factor (column c of left) (column c of right)^T */
static void add_outer(struct rw_builder *sum, const fmpq_t factor, const struct rw_matrix *left,
                      const struct rw_matrix *right, size_t c)
{
    fmpq_t product;
    fmpq_init(product);
    for (size_t i = left->start[c]; i < left->start[c + 1]; i++)
        for (size_t j = right->start[c]; j < right->start[c + 1]; j++) {
            fmpq_mul(product, left->value + i, right->value + j);
            fmpq_mul(product, product, factor);
            rw_builder_add(sum, left->row[i], right->row[j], product);
        }
    fmpq_clear(product);
}

static struct rw_builder *new_diagonal(const struct rw_matrix *column)
{
    struct rw_builder *sum = rw_builder_new(column->rows, column->rows);
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++)
        rw_builder_add(sum, column->row[e], column->row[e], column->value + e);
    return sum;
}

static struct rw_matrix *dplr_transition(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    struct rw_matrix *decay = rw_recheck_param_at(head, "decay", x), *left = rw_recheck_param_at(head, "left", x);
    struct rw_matrix *right = rw_recheck_param_at(head, "right", x);
    struct rw_builder *sum = new_diagonal(decay);
    fmpq_t minus_one;
    fmpq_init(minus_one);
    rw_q_set_int(minus_one, -1);
    for (size_t c = 0; c < left->cols; c++)
        add_outer(sum, minus_one, left, right, c);
    fmpq_clear(minus_one);
    rw_matrix_free(decay);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return rw_builder_finish(sum);
}

static struct rw_matrix *rwkv7_transition(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    struct rw_matrix *decay = rw_recheck_param_at(head, "decay", x), *kappa = rw_recheck_param_at(head, "kappa", x);
    struct rw_matrix *rate = rw_recheck_param_at(head, "rate", x), *lambda = rw_recheck_param_at(head, "lambda", x);
    struct rw_builder *sum = new_diagonal(decay), *product = rw_builder_new(kappa->rows, 1);
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = 0; e < rw_matrix_nonzeros(kappa); e++) {
        const fmpq *factor = rw_matrix_entry(rate, kappa->row[e], 0);
        if (factor == NULL)
            continue;
        fmpq_mul(value, kappa->value + e, factor);
        rw_builder_add(product, kappa->row[e], 0, value);
    }
    struct rw_matrix *right = rw_builder_finish(product);
    fmpq_zero(value);
    if (rw_matrix_nonzeros(lambda) > 0)
        fmpq_neg(value, lambda->value);
    add_outer(sum, value, kappa, right, 0);
    fmpq_clear(value);
    rw_matrix_free(decay);
    rw_matrix_free(kappa);
    rw_matrix_free(rate);
    rw_matrix_free(lambda);
    rw_matrix_free(right);
    return rw_builder_finish(sum);
}

static struct rw_matrix *rwkv7_write(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    struct rw_matrix *value = rw_recheck_param_at(head, "value", x), *key = rw_recheck_param_at(head, "key", x);
    struct rw_builder *sum = rw_builder_new(value->rows, key->rows);
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    add_outer(sum, one, value, key, 0);
    fmpq_clear(one);
    rw_matrix_free(value);
    rw_matrix_free(key);
    return rw_builder_finish(sum);
}

/* The row s of S by all steps; `value` has what is written to this row, a column for each step, NULL: 0. */
static void delta_row(const struct rw_matrix *key, const struct rw_matrix *beta, const struct rw_matrix *value,
                      size_t row, struct rw_vector *s)
{
    fmpq_t error;
    fmpq_init(error);
    for (size_t c = 0; c < key->cols; c++) {
        const fmpq *rate = rw_matrix_entry(beta, 0, c);
        const fmpq *wanted = value == NULL ? NULL : rw_matrix_entry(value, row, c);
        fmpq_zero(error);
        if (rate == NULL)
            continue;
        if (wanted != NULL)
            fmpq_set(error, wanted);
        for (size_t e = key->start[c]; e < key->start[c + 1]; e++)
            fmpq_submul(error, s->value + key->row[e], key->value + e);
        fmpq_mul(error, error, rate);
        for (size_t e = key->start[c]; e < key->start[c + 1] && !rw_q_is_zero(error); e++)
            rw_vector_addmul(s, key->row[e], error, key->value + e);
    }
    fmpq_clear(error);
}

/* What the steps make of S: of the unit matrix without `value`, or of 0. */
static struct rw_matrix *delta_steps(const struct rw_recheck_head *head, const struct rw_vector *x, bool transition)
{
    struct rw_matrix *key = rw_recheck_param_at(head, "key", x), *beta = rw_recheck_param_at(head, "beta", x);
    struct rw_matrix *value = transition ? NULL : rw_recheck_param_at(head, "value", x);
    size_t rows = transition ? key->rows : value->rows;
    struct rw_builder *builder = rw_builder_new(rows, key->rows);
    struct rw_vector s;
    rw_vector_init(&s, key->rows);
    for (size_t i = 0; i < rows; i++) {
        rw_vector_zero(&s);
        if (transition)
            rw_q_set_int(rw_vector_at(&s, (uint32_t)i), 1);
        delta_row(key, beta, value, i, &s);
        for (size_t k = 0; k < s.count; k++)
            rw_builder_add(builder, i, s.touched[k], s.value + s.touched[k]);
    }
    rw_vector_clear(&s);
    rw_matrix_free(key);
    rw_matrix_free(beta);
    rw_matrix_free(value);
    return rw_builder_finish(builder);
}

struct rw_matrix *rw_recheck_transition(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    switch (head->family) {
    case RW_RECHECK_PD:
        return rw_recheck_param_at(head, "transition", x);
    case RW_RECHECK_DPLR:
        return dplr_transition(head, x);
    case RW_RECHECK_RWKV7:
        return rwkv7_transition(head, x);
    default:
        return delta_steps(head, x, true);
    }
}

struct rw_matrix *rw_recheck_write(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    switch (head->family) {
    case RW_RECHECK_PD:
    case RW_RECHECK_DPLR:
        return rw_recheck_param_at(head, "write", x);
    case RW_RECHECK_RWKV7:
        return rwkv7_write(head, x);
    default:
        return delta_steps(head, x, false);
    }
}

struct rw_matrix *rw_recheck_query(const struct rw_recheck_head *head, const struct rw_vector *x)
{
    return rw_recheck_param_at(head, "query", x);
}
