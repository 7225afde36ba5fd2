/* pd.c - permutation-diagonal heads (PD-SSM): S <- S A(x) + B(x), every row of A has at most one nonzero, output S q
 * after the update.
 *
 * Row convention: transition[i][j] = w sends coordinate i to j with factor w. Any map is allowed (functional PD); it
 * is strict (Definition 6) where the maps are injective. */
#include "rnn/step.h"

enum dim { D_K, D_V, QUERIES };
enum param { TRANSITION, WRITE, QUERY };

static size_t output_size(const size_t *dims)
{
    return dims[D_V] * dims[QUERIES];
}

static size_t param_count(const size_t *dims)
{
    (void)dims;
    return 3;
}

static struct rw_param_shape param(const size_t *dims, size_t i)
{
    switch (i) {
    case TRANSITION:
        return (struct rw_param_shape){"transition", dims[D_K], dims[D_K], true};
    case WRITE:
        return (struct rw_param_shape){"write", dims[D_V], dims[D_K], true};
    default:
        return (struct rw_param_shape){"query", dims[D_K], dims[QUERIES], true};
    }
}

/* Entries of one input feature ascend by row * d_k + column, so two of one row stand side by side. */
static bool check(const struct rw_head *head, FILE *why)
{
    const struct rw_matrix *transition = head->params[TRANSITION];
    size_t d_k = head->dims[D_K];
    for (size_t feature = 0; feature < transition->cols; feature++)
        for (size_t e = transition->start[feature] + 1; e < transition->start[feature + 1]; e++)
            if (transition->row[e] / d_k == transition->row[e - 1] / d_k) {
                fprintf(why,
                        "input feature %zu sends coordinate %zu to both %zu and %zu; a PD transition is a map, "
                        "with at most one entry in each row",
                        feature, transition->row[e] / d_k, transition->row[e - 1] % d_k, transition->row[e] % d_k);
                return false;
            }
    return true;
}

static void step(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch)
{
    size_t d_k = head->dims[D_K];
    struct rw_vector *next = scratch->vectors;
    for (size_t k = 0; k < state->count; k++) {
        uint32_t at = state->touched[k];
        if (rw_q_is_zero(state->value + at))
            continue;
        uint32_t column = (uint32_t)(at % d_k);
        size_t first, last;
        rw_tensor_row(params + TRANSITION, column, &first, &last);
        for (size_t e = first; e < last; e++)
            rw_vector_addmul(next, at - column + params[TRANSITION].col[e], state->value + at,
                             params[TRANSITION].value + e);
    }
    rw_write_state(next, d_k, params + WRITE);
    rw_vector_swap(state, next);
    rw_read_state(state, d_k, params + QUERY, output);
}

static size_t scratch_count(const size_t *dims)
{
    (void)dims;
    return 1;
}

static size_t scratch_size(const size_t *dims, size_t i)
{
    (void)i;
    return rw_linear_state_size(dims);
}

const struct rw_family rw_family_pd = {
    .name = "pd",
    .title = "permutation-diagonal (PD)",
    .formula = "S <- S A(x) + B(x), A(x) a map with weights; output S q(x)",
    .linear = true,
    .dim_names = {"d_k", "d_v", "queries"},
    .state_size = rw_linear_state_size,
    .output_size = output_size,
    .param_count = param_count,
    .param = param,
    .check = check,
    .step = step,
    .scratch_count = scratch_count,
    .scratch_size = scratch_size,
};
