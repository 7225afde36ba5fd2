/* rwkv7.c - RWKV-7: S <- S (diag(w) - lambda kappa (a o kappa)^T) + v key^T, output S q after the update.
 *
 * `decay` is w, `rate` is a, `key` is the additive key, free of kappa. With t = S kappa: S' = S diag(w) - lambda t (a
 * o kappa)^T + v key^T. */
#include "rnn/step.h"

enum dim { D_K, D_V, QUERIES };
enum param { DECAY, KAPPA, RATE, LAMBDA, VALUE, KEY, QUERY };

static size_t output_size(const size_t *dims)
{
    return dims[D_V] * dims[QUERIES];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 7;
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    switch (i) {
    case DECAY:
        return (struct rw_param_shape){"decay", dims[D_K], 1, true};
    case KAPPA:
        return (struct rw_param_shape){"kappa", dims[D_K], 1, true};
    case RATE:
        return (struct rw_param_shape){"rate", dims[D_K], 1, true};
    case LAMBDA:
        return (struct rw_param_shape){"lambda", 1, 1, true};
    case VALUE:
        return (struct rw_param_shape){"value", dims[D_V], 1, true};
    case KEY:
        return (struct rw_param_shape){"key", dims[D_K], 1, true};
    default:
        return (struct rw_param_shape){"query", dims[D_K], dims[QUERIES], true};
    }
}

static const fmpq *entry(const struct rw_tensor *t, uint32_t row)
{
    size_t first, last;
    rw_tensor_row(t, row, &first, &last);
    return first < last ? t->value + first : NULL;
}

/* next += S diag(w), t += S kappa */
static void multiply(const struct rw_tensor *params, size_t d_k, const struct rw_vector *state, struct rw_vector *next,
                     struct rw_vector *t)
{
    for (size_t k = 0; k < state->count; k++) {
        uint32_t at = state->touched[k], column = (uint32_t)(at % d_k);
        if (rw_q_is_zero(state->value + at))
            continue;
        const fmpq *w = entry(params + DECAY, column), *kappa = entry(params + KAPPA, column);
        if (w != NULL)
            rw_vector_addmul(next, at, state->value + at, w);
        if (kappa != NULL)
            rw_vector_addmul(t, (uint32_t)(at / d_k), state->value + at, kappa);
    }
}

/* next -= lambda t (a o kappa)^T */
static void subtract_rank_one(const struct rw_tensor *params, size_t d_k, const struct rw_vector *t,
                              struct rw_vector *next, struct rw_scratch *scratch)
{
    const fmpq *lambda = entry(params + LAMBDA, 0);
    if (lambda == NULL)
        return;
    for (size_t e = 0; e < params[RATE].count; e++) {
        uint32_t column = params[RATE].row[e];
        const fmpq *kappa = entry(params + KAPPA, column);
        if (kappa == NULL)
            continue;
        rw_q_mul(scratch->a, lambda, params[RATE].value + e);
        rw_q_mul(scratch->a, scratch->a, kappa);
        fmpq_neg(scratch->a, scratch->a);
        for (size_t k = 0; k < t->count; k++)
            if (!rw_q_is_zero(t->value + t->touched[k]))
                rw_vector_addmul(next, (uint32_t)(t->touched[k] * d_k + column), scratch->a, t->value + t->touched[k]);
    }
}

static void add_outer_product(const struct rw_tensor *params, size_t d_k, struct rw_vector *next)
{
    for (size_t v = 0; v < params[VALUE].count; v++)
        for (size_t e = 0; e < params[KEY].count; e++)
            rw_vector_addmul(next, (uint32_t)(params[VALUE].row[v] * d_k + params[KEY].row[e]), params[VALUE].value + v,
                             params[KEY].value + e);
}

static void step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch)
{
    size_t d_k = head->dims[D_K];
    struct rw_vector *next = scratch->vectors, *t = scratch->vectors + 1;
    multiply(params, d_k, state, next, t);
    rw_bits_note_vector(scratch->bits, t);
    subtract_rank_one(params, d_k, t, next, scratch);
    add_outer_product(params, d_k, next);
    rw_vector_swap(state, next);
    rw_read_state(state, d_k, params + QUERY, output);
}

static size_t scratch_count(const size_t *dims)
{
    (void)dims;
    return 2;
}

static size_t scratch_size(const size_t *dims, size_t i)
{
    return i == 0 ? rw_linear_state_size(dims) : dims[D_V];
}

const struct rw_family rw_family_rwkv7 = {
    .name = "rwkv7",
    .title = "RWKV-7",
    .formula = "S <- S (diag(w) - lambda kappa (a o kappa)^T) + v key^T; output S q",
    .linear = true,
    .dim_names = {"d_k", "d_v", "queries"},
    .state_size = rw_linear_state_size,
    .output_size = output_size,
    .param_count = param_count,
    .param = param,
    .step = step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
