/* head_run.c - evaluating a head's parameters and stepping it. */
#include "rnn/head_run.h"

#include <stdlib.h>

#include "base/memory.h"
#include "rnn/step.h"

struct rw_head_run {
    const struct rw_head *head;
    size_t params;
    size_t tokens;
    struct rw_tensor *fixed;   /* tokens > 0: tokens * params tensors, made when the token first comes */
    uint8_t *known;            /* tokens > 0: which tokens' tensors are made */
    struct rw_tensor *current; /* tokens = 0: params tensors of this step */
    struct rw_vector *values;  /* tokens = 0: work space for each param */
    struct rw_vector state, output;
    struct rw_scratch scratch;
};

/* --- tensors --- */

static void tensor_clear(struct rw_tensor *t)
{
    for (size_t e = 0; e < t->capacity; e++)
        fmpq_clear(t->value + e);
    free(t->row);
    free(t->col);
    free(t->value);
    free(t->start);
}

static void tensor_reserve(struct rw_tensor *t, size_t count)
{
    if (count <= t->capacity)
        return;
    t->row = rw_resize(t->row, count, sizeof *t->row);
    t->col = rw_resize(t->col, count, sizeof *t->col);
    t->value = rw_resize(t->value, count, sizeof *t->value);
    for (size_t e = t->capacity; e < count; e++)
        fmpq_init(t->value + e);
    t->capacity = count;
}

/* The nonzero entries of a vector of rows * cols numbers, row by row; the vector is tidied. */
static void tensor_fill(struct rw_tensor *t, struct rw_param_shape shape, struct rw_vector *values)
{
    rw_vector_tidy(values);
    tensor_reserve(t, values->count);
    t->rows = shape.rows;
    t->cols = shape.cols;
    t->count = values->count;
    for (size_t e = 0; e < values->count; e++) {
        t->row[e] = (uint32_t)(values->touched[e] / shape.cols);
        t->col[e] = (uint32_t)(values->touched[e] % shape.cols);
        rw_q_set(t->value + e, values->value + values->touched[e]);
    }
}

static void tensor_index_rows(struct rw_tensor *t)
{
    t->start = rw_alloc(t->rows + 1, sizeof *t->start);
    for (size_t e = 0; e < t->count; e++)
        t->start[t->row[e] + 1]++;
    for (size_t i = 0; i < t->rows; i++)
        t->start[i + 1] += t->start[i];
}

/* --- parameters --- */

static void evaluate(const struct rw_head *head, size_t i, const struct rw_vector *input, struct rw_vector *values,
                     struct rw_tensor *t)
{
    struct rw_param_shape shape = head->family->param(head->dims, i);
    if (!shape.input)
        return;
    rw_vector_zero(values);
    rw_matrix_apply(head->params[i], input, values);
    tensor_fill(t, shape, values);
}

/* The first layer's tensors for a token, made at its first coming. */
static const struct rw_tensor *fixed_params(struct rw_head_run *h, uint32_t token, const struct rw_vector *input)
{
    struct rw_tensor *tensors = h->fixed + token * h->params;
    if (h->known[token])
        return tensors;
    for (size_t i = 0; i < h->params; i++) {
        struct rw_param_shape shape = h->head->family->param(h->head->dims, i);
        if (!shape.input)
            continue;
        struct rw_vector values;
        rw_vector_init(&values, shape.rows * shape.cols);
        evaluate(h->head, i, input, &values, tensors + i);
        tensor_index_rows(tensors + i);
        rw_vector_clear(&values);
    }
    h->known[token] = 1;
    return tensors;
}

static const struct rw_tensor *current_params(struct rw_head_run *h, const struct rw_vector *input)
{
    for (size_t i = 0; i < h->params; i++)
        evaluate(h->head, i, input, h->values + i, h->current + i);
    return h->current;
}

/* --- making and freeing --- */

/* The work space that params need in any step: biases, and without kept tensors also values. */
static void prepare_params(struct rw_head_run *h)
{
    h->scratch.biases = rw_alloc(h->params, sizeof *h->scratch.biases);
    for (size_t i = 0; i < h->params; i++) {
        struct rw_param_shape shape = h->head->family->param(h->head->dims, i);
        if (h->tokens == 0)
            rw_vector_init(h->values + i, shape.input ? shape.rows * shape.cols : 0);
        if (!shape.input && shape.cols == 1)
            rw_bias_init(h->scratch.biases + i, h->head->params[i]);
    }
}

struct rw_head_run *rw_head_run_new(const struct rw_head *head, size_t tokens, struct rw_bits *bits)
{
    const struct rw_family *family = head->family;
    struct rw_head_run *h = rw_alloc(1, sizeof *h);
    h->head = head;
    h->tokens = tokens;
    h->params = family->param_count(head->dims);
    if (tokens > 0) {
        h->fixed = rw_alloc(rw_product(tokens, h->params), sizeof *h->fixed);
        h->known = rw_alloc(tokens, 1);
    } else {
        h->current = rw_alloc(h->params, sizeof *h->current);
        h->values = rw_alloc(h->params, sizeof *h->values);
    }
    prepare_params(h);
    rw_vector_init(&h->state, family->state_size(head->dims));
    rw_vector_init(&h->output, family->output_size(head->dims));
    h->scratch.count = family->scratch_count(head->dims);
    h->scratch.vectors = rw_alloc(h->scratch.count, sizeof *h->scratch.vectors);
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_init(h->scratch.vectors + i, family->scratch_size(head->dims, i));
    fmpq_init(h->scratch.a);
    fmpq_init(h->scratch.b);
    h->scratch.bits = bits;
    return h;
}

void rw_head_run_free(struct rw_head_run *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < h->tokens * h->params; i++)
        tensor_clear(h->fixed + i);
    for (size_t i = 0; i < h->params; i++) {
        if (h->tokens == 0) {
            tensor_clear(h->current + i);
            rw_vector_clear(h->values + i);
        }
        rw_bias_clear(h->scratch.biases + i);
    }
    free(h->fixed);
    free(h->known);
    free(h->current);
    free(h->values);
    free(h->scratch.biases);
    rw_vector_clear(&h->state);
    rw_vector_clear(&h->output);
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_clear(h->scratch.vectors + i);
    free(h->scratch.vectors);
    fmpq_clear(h->scratch.a);
    fmpq_clear(h->scratch.b);
    free(h);
}

/* --- stepping --- */

void rw_head_run_step(struct rw_head_run *h, uint32_t token, const struct rw_vector *input)
{
    const struct rw_tensor *params = h->tokens > 0 ? fixed_params(h, token, input) : current_params(h, input);
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_zero(h->scratch.vectors + i);
    rw_vector_zero(&h->output);
    h->head->family->step(h->head, params, &h->state, &h->output, &h->scratch);
    rw_bits_note_vector(h->scratch.bits, &h->state);
}

struct rw_vector *rw_head_run_state(struct rw_head_run *h)
{
    return &h->state;
}

const struct rw_vector *rw_head_run_output(const struct rw_head_run *h)
{
    return &h->output;
}
