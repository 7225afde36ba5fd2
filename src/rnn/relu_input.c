/* relu_input.c - input-dependent ReLU RNN: h <- ReLU(A(x) h + b(x)), output h. Every letter has a matrix of its own (Theorem 14). */
#include "rnn/step.h"

enum param { RECURRENT, BIAS };

static size_t size(const size_t *dims)
{
    return dims[0];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 2;
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    if (i == RECURRENT)
        return (struct rw_param_shape){"recurrent", dims[0], dims[0], true};
    return (struct rw_param_shape){"bias", dims[0], 1, true};
}

/* pre += A h */
static void multiply(const struct rw_tensor *a, const struct rw_vector *h, struct rw_vector *pre)
{
    for (size_t e = 0; e < a->count; e++)
        if (!rw_q_is_zero(h->value + a->col[e]))
            rw_vector_addmul(pre, a->row[e], a->value + e, h->value + a->col[e]);
}

static void step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch)
{
    struct rw_vector *pre = scratch->vectors;
    (void)head;
    multiply(params + RECURRENT, state, pre);
    rw_add_column(pre, params + BIAS);
    rw_bits_note_vector(scratch->bits, pre);
    rw_vector_zero(state);
    for (size_t k = 0; k < pre->count; k++) {
        const fmpq *value = pre->value + pre->touched[k];
        if (rw_q_sign(value) > 0)
            rw_q_set(rw_vector_at(state, pre->touched[k]), value);
    }
    rw_vector_copy(output, state);
}

static size_t scratch_count(const size_t *dims)
{
    (void)dims;
    return 1;
}

static size_t scratch_size(const size_t *dims, size_t i)
{
    (void)i;
    return dims[0];
}

const struct rw_family rw_family_relu_input = {
    .name = "relu-input",
    .title = "input-dependent ReLU RNN",
    .formula = "h <- ReLU(A(x) h + b(x)); output h",
    .dim_names = {"n"},
    .state_size = size,
    .output_size = size,
    .param_count = param_count,
    .param = param,
    .step = step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
