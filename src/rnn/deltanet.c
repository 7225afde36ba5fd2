/* deltanet.c - the delta rule: S <- S (I - beta k k^T) + beta v k^T, output S q after the update.
 *
 * The same key erases and writes. With `steps` steps for each token (DeltaProduct, Siems et al. 2025) the update is
 * their product, in order; DeltaNet is one step. For each row r of S: d = beta (v_r - S_r k), then S_r += d k; only
 * the key's nonzeros are visited. */
#include "rnn/step.h"

enum dim { D_K, D_V, QUERIES, STEPS };
enum param { KEY, VALUE, BETA, QUERY };

static size_t output_size(const size_t *dims)
{
    return dims[D_V] * dims[QUERIES];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 4;
}

/* Key, value and beta have a column for each step of the token. */
static struct rw_param_shape shape_of(const size_t *dims, size_t i, size_t steps)
{
    switch (i) {
    case KEY:
        return (struct rw_param_shape){"key", dims[D_K], steps, true};
    case VALUE:
        return (struct rw_param_shape){"value", dims[D_V], steps, true};
    case BETA:
        return (struct rw_param_shape){"beta", 1, steps, true};
    default:
        return (struct rw_param_shape){"query", dims[D_K], dims[QUERIES], true};
    }
}

static struct rw_param_shape deltanet_param(const size_t *dims, size_t i)
{
    return shape_of(dims, i, 1);
}

static struct rw_param_shape deltaproduct_param(const size_t *dims, size_t i)
{
    return shape_of(dims, i, dims[STEPS]);
}

/* The entry (row, step), or NULL. */
static const fmpq *entry(const struct rw_tensor *t, uint32_t row, size_t step)
{
    size_t first, last;
    rw_tensor_row(t, row, &first, &last);
    for (size_t e = first; e < last; e++)
        if (t->col[e] == step)
            return t->value + e;
    return NULL;
}

/* S_r += beta (v - S_r k) k for the row that begins at coordinate `first`. v NULL: 0. */
static void update_row(struct rw_vector *state, size_t first, const struct rw_tensor *key, size_t step,
                       const fmpq *beta, const fmpq *v, struct rw_scratch *scratch)
{
    fmpq *d = scratch->a;
    fmpq_zero(d);
    for (size_t e = 0; e < key->count; e++)
        if (key->col[e] == step)
            rw_q_addmul(d, state->value + first + key->row[e], key->value + e);
    fmpq_neg(d, d);
    if (v != NULL)
        rw_q_add(d, d, v);
    if (rw_q_is_zero(d))
        return;
    rw_bits_note(scratch->bits, d);
    rw_q_mul(d, d, beta);
    for (size_t e = 0; e < key->count; e++)
        if (key->col[e] == step)
            rw_vector_addmul(state, (uint32_t)(first + key->row[e]), d, key->value + e);
}

static void step_all(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                     struct rw_vector *output, struct rw_scratch *scratch, size_t steps)
{
    size_t d_k = head->dims[D_K];
    for (size_t s = 0; s < steps; s++) {
        const fmpq *beta = entry(params + BETA, 0, s);
        for (size_t row = 0; beta != NULL && row < head->dims[D_V]; row++)
            update_row(state, row * d_k, params + KEY, s, beta, entry(params + VALUE, (uint32_t)row, s), scratch);
    }
    rw_read_state(state, d_k, params + QUERY, output);
}

static void deltanet_step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                          struct rw_vector *output, struct rw_scratch *scratch)
{
    step_all(head, params, state, output, scratch, 1);
}

static void deltaproduct_step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                              struct rw_vector *output, struct rw_scratch *scratch)
{
    step_all(head, params, state, output, scratch, head->dims[STEPS]);
}

static size_t scratch_count(const size_t *dims)
{
    (void)dims;
    return 0;
}

static size_t scratch_size(const size_t *dims, size_t i)
{
    (void)dims;
    (void)i;
    return 0;
}

const struct rw_family rw_family_deltanet = {
    .name = "deltanet",
    .title = "DeltaNet",
    .formula = "S <- S (I - beta k k^T) + beta v k^T; output S q",
    .linear = true,
    .dim_names = {"d_k", "d_v", "queries"},
    .state_size = rw_linear_state_size,
    .output_size = output_size,
    .param_count = param_count,
    .param = deltanet_param,
    .step = deltanet_step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};

const struct rw_family rw_family_deltaproduct = {
    .name = "deltaproduct",
    .title = "DeltaProduct",
    .formula = "for each step of the token: S <- S (I - beta k k^T) + beta v k^T; output S q",
    .linear = true,
    .dim_names = {"d_k", "d_v", "queries", "steps"},
    .state_size = rw_linear_state_size,
    .output_size = output_size,
    .param_count = param_count,
    .param = deltaproduct_param,
    .step = deltaproduct_step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
