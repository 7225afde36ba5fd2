/* dplr.c - diagonal plus low rank: S <- S (diag(d) - K V^T) + B, output S q after the update (Definition 5 for r = 1).
 *
 * With T = S K (d_v x r): S' = S diag(d) - T V^T + B; only nonzeros of S, K and V are visited. */
#include "rnn/step.h"

enum dim { D_K, D_V, RANK, QUERIES };
enum param { DECAY, LEFT, RIGHT, WRITE, QUERY };

static size_t output_size(const size_t *dims)
{
    return dims[D_V] * dims[QUERIES];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 5;
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    switch (i) {
    case DECAY:
        return (struct rw_param_shape){"decay", dims[D_K], 1, true};
    case LEFT:
        return (struct rw_param_shape){"left", dims[D_K], dims[RANK], true};
    case RIGHT:
        return (struct rw_param_shape){"right", dims[D_K], dims[RANK], true};
    case WRITE:
        return (struct rw_param_shape){"write", dims[D_V], dims[D_K], true};
    default:
        return (struct rw_param_shape){"query", dims[D_K], dims[QUERIES], true};
    }
}

/* next += S diag(d), t += S K */
static void multiply(const struct rw_tensor *params, size_t d_k, size_t rank, const struct rw_vector *state,
                     struct rw_vector *next, struct rw_vector *t)
{
    for (size_t k = 0; k < state->count; k++) {
        uint32_t at = state->touched[k], column = (uint32_t)(at % d_k);
        const fmpq *s = state->value + at;
        if (rw_q_is_zero(s))
            continue;
        size_t first, last;
        rw_tensor_row(params + DECAY, column, &first, &last);
        if (first < last)
            rw_vector_addmul(next, at, s, params[DECAY].value + first);
        rw_tensor_row(params + LEFT, column, &first, &last);
        for (size_t e = first; e < last; e++)
            rw_vector_addmul(t, (uint32_t)(at / d_k * rank + params[LEFT].col[e]), s, params[LEFT].value + e);
    }
}

/* next -= T V^T */
static void subtract_low_rank(const struct rw_tensor *right, size_t d_k, size_t rank, struct rw_vector *t,
                              struct rw_vector *next)
{
    for (size_t k = 0; k < t->count; k++) {
        uint32_t at = t->touched[k];
        if (rw_q_is_zero(t->value + at))
            continue;
        fmpq_neg(t->value + at, t->value + at);
        for (size_t e = 0; e < right->count; e++)
            if (right->col[e] == at % rank)
                rw_vector_addmul(next, (uint32_t)(at / rank * d_k + right->row[e]), t->value + at, right->value + e);
    }
}

static void step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch)
{
    size_t d_k = head->dims[D_K], rank = head->dims[RANK];
    struct rw_vector *next = scratch->vectors, *t = scratch->vectors + 1;
    multiply(params, d_k, rank, state, next, t);
    rw_bits_note_vector(scratch->bits, t);
    subtract_low_rank(params + RIGHT, d_k, rank, t, next);
    rw_write_state(next, d_k, params + WRITE);
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
    return i == 0 ? rw_linear_state_size(dims) : dims[D_V] * dims[RANK];
}

const struct rw_family rw_family_dplr = {
    .name = "dplr",
    .title = "diagonal plus low rank (DPLR)",
    .formula = "S <- S (diag(d(x)) - K(x) V(x)^T) + B(x); output S q(x)",
    .linear = true,
    .dim_names = {"d_k", "d_v", "r", "queries"},
    .state_size = rw_linear_state_size,
    .output_size = output_size,
    .param_count = param_count,
    .param = param,
    .step = step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
