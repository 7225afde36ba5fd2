/* relu.c - the plain ReLU RNN (Elman): h <- ReLU(A h + B x + c), output h. */
#include "rnn/step.h"

enum param { RECURRENT, INPUT, BIAS };

static size_t size(const size_t *dims)
{
    return dims[0];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 3;
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    switch (i) {
    case RECURRENT:
        return (struct rw_param_shape){"recurrent", dims[0], dims[0], false};
    case INPUT:
        return (struct rw_param_shape){"input", dims[0], 1, true};
    default:
        return (struct rw_param_shape){"bias", dims[0], 1, false};
    }
}

static void step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch)
{
    struct rw_vector *pre = scratch->vectors;
    rw_matrix_apply(head->params[RECURRENT], state, pre);
    rw_add_column(pre, params + INPUT);
    rw_vector_zero(state);
    rw_relu(pre, scratch->biases + BIAS, state, scratch->bits);
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

const struct rw_family rw_family_relu = {
    .name = "relu",
    .title = "ReLU RNN",
    .formula = "h <- ReLU(A h + B x + c); output h",
    .dim_names = {"n"},
    .state_size = size,
    .output_size = size,
    .param_count = param_count,
    .param = param,
    .step = step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
