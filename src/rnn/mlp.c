/* mlp.c - recurrent cells whose update is a ReLU network: MLP RNN and gated RNN, output h.
 *
 * z_1 = ReLU(W_h h + W_x x + b_1), z_i = ReLU(W_i z_{i-1} + b_i);  MLP: h <- out z + c.  Gated (Definition 3 allows a
 * product): h <- out z + c + (factor_a z + a) * (factor_b z + b), entry by entry. Up to four hidden layers; a size of
 * 0 means absent. */
#include "rnn/step.h"

#define HIDDEN_LAYERS 4

enum dim { N, HIDDEN1 };

/* hidden1_state, hidden1_input, hidden1_bias, then weight and bias of each further hidden layer, then out and its
 * bias */
#define FIRST_PARAMS  3
#define OUT_PARAMS    2
#define FACTOR_PARAMS 4

static size_t hidden_layers(const size_t *dims)
{
    size_t count = 1;
    while (count < HIDDEN_LAYERS && dims[HIDDEN1 + count] > 0)
        count++;
    return count;
}

static size_t size(const size_t *dims)
{
    return dims[N];
}

static size_t mlp_param_count(const size_t *dims)
{
    return FIRST_PARAMS + 2 * (hidden_layers(dims) - 1) + OUT_PARAMS;
}

static size_t gated_param_count(const size_t *dims)
{
    return mlp_param_count(dims) + FACTOR_PARAMS;
}

/* Parameters of the hidden layers after the first. */
static struct rw_param_shape deeper_param(const size_t *dims, size_t i)
{
    static const char *const names[][2] = {
        {"hidden2_weight", "hidden2_bias"}, {"hidden3_weight", "hidden3_bias"}, {"hidden4_weight", "hidden4_bias"}};
    size_t layer = i / 2;
    return (struct rw_param_shape){names[layer][i % 2], dims[HIDDEN1 + layer + 1],
                                   i % 2 == 0 ? dims[HIDDEN1 + layer] : 1, false};
}

static struct rw_param_shape out_param(const size_t *dims, size_t i)
{
    static const char *const names[] = {"out", "out_bias", "factor_a", "factor_a_bias", "factor_b", "factor_b_bias"};
    return (struct rw_param_shape){names[i], dims[N], i % 2 == 0 ? dims[HIDDEN1 + hidden_layers(dims) - 1] : 1, false};
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    size_t deeper = 2 * (hidden_layers(dims) - 1);
    switch (i) {
    case 0:
        return (struct rw_param_shape){"hidden1_state", dims[HIDDEN1], dims[N], false};
    case 1:
        return (struct rw_param_shape){"hidden1_input", dims[HIDDEN1], 1, true};
    case 2:
        return (struct rw_param_shape){"hidden1_bias", dims[HIDDEN1], 1, false};
    default:
        return i < FIRST_PARAMS + deeper ? deeper_param(dims, i - FIRST_PARAMS)
                                         : out_param(dims, i - FIRST_PARAMS - deeper);
    }
}

/* Scratch: pre and z of each hidden layer, then two factors. */
static size_t scratch_count(const size_t *dims)
{
    return 2 * hidden_layers(dims) + 2;
}

static size_t scratch_size(const size_t *dims, size_t i)
{
    return i < 2 * hidden_layers(dims) ? dims[HIDDEN1 + i / 2] : dims[N];
}

/* The last hidden layer's values. */
static const struct rw_vector *run_hidden(const struct rw_head *head, const struct rw_tensor *params,
                                          const struct rw_vector *state, struct rw_scratch *scratch)
{
    struct rw_vector *pre = scratch->vectors, *z = scratch->vectors + 1;
    rw_matrix_apply(head->params[0], state, pre);
    rw_add_column(pre, params + 1);
    rw_relu(pre, scratch->biases + 2, z, scratch->bits);
    for (size_t layer = 1; layer < hidden_layers(head->dims); layer++) {
        size_t weight = FIRST_PARAMS + 2 * (layer - 1);
        pre = scratch->vectors + 2 * layer;
        rw_matrix_apply(head->params[weight], z, pre);
        z = pre + 1;
        rw_relu(pre, scratch->biases + weight + 1, z, scratch->bits);
    }
    return z;
}

/* y = weight z + bias */
static void affine(const struct rw_head *head, size_t weight, const struct rw_vector *z, struct rw_vector *y)
{
    rw_matrix_apply(head->params[weight], z, y);
    rw_add_constant(y, head->params[weight + 1]);
}

static void mlp_step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                     struct rw_vector *output, struct rw_scratch *scratch)
{
    const struct rw_vector *z = run_hidden(head, params, state, scratch);
    rw_vector_zero(state);
    affine(head, mlp_param_count(head->dims) - OUT_PARAMS, z, state);
    rw_vector_copy(output, state);
}

static void gated_step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                       struct rw_vector *output, struct rw_scratch *scratch)
{
    const struct rw_vector *z = run_hidden(head, params, state, scratch);
    size_t out = mlp_param_count(head->dims) - OUT_PARAMS, hidden = hidden_layers(head->dims);
    struct rw_vector *a = scratch->vectors + 2 * hidden, *b = a + 1;
    rw_vector_zero(state);
    affine(head, out, z, state);
    affine(head, out + 2, z, a);
    affine(head, out + 4, z, b);
    rw_bits_note_vector(scratch->bits, a);
    rw_bits_note_vector(scratch->bits, b);
    for (size_t k = 0; k < a->count; k++) {
        uint32_t i = a->touched[k];
        if (!rw_q_is_zero(a->value + i) && !rw_q_is_zero(b->value + i))
            rw_vector_addmul(state, i, a->value + i, b->value + i);
    }
    rw_vector_copy(output, state);
}

#define CELL(title_text, formula_text, count_function, step_function)                                                  \
    .title = (title_text), .formula = (formula_text), .dim_names = {"n", "hidden1", "hidden2", "hidden3", "hidden4"},  \
    .state_size = size, .output_size = size, .param_count = (count_function), .param = param, .step = (step_function), \
    .scratch_count = scratch_count, .scratch_size = scratch_size

const struct rw_family rw_family_mlp = {
    .name = "mlp",
    CELL("MLP RNN", "h <- W z + c, z a ReLU network of h and x; output h", mlp_param_count, mlp_step),
};

const struct rw_family rw_family_gated = {
    .name = "gated",
    CELL("gated RNN", "h <- W z + c + (A z + a) * (B z + b), z a ReLU network of h and x; output h", gated_param_count,
         gated_step),
};
