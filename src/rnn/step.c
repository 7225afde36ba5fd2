/* step.c - pieces of a step that several families share. */
#include "rnn/step.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

void rw_bias_init(struct rw_bias *bias, const struct rw_matrix *vector)
{
    assert(vector->cols == 1);
    bias->size = vector->rows;
    bias->entry = rw_alloc(vector->rows, sizeof *bias->entry);
    bias->positive = rw_alloc(rw_matrix_nonzeros(vector), sizeof *bias->positive);
    for (size_t e = 0; e < rw_matrix_nonzeros(vector); e++) {
        bias->entry[vector->row[e]] = vector->value + e;
        rw_bits_note(&bias->bits, vector->value + e);
        if (rw_q_sign(vector->value + e) > 0)
            bias->positive[bias->positive_count++] = vector->row[e];
    }
}

void rw_bias_clear(struct rw_bias *bias)
{
    free(bias->entry);
    free(bias->positive);
    *bias = (struct rw_bias){0};
}

void rw_relu(struct rw_vector *pre, const struct rw_bias *bias, struct rw_vector *out, struct rw_bits *bits)
{
    rw_bits_merge(bits, &bias->bits);
    for (size_t k = 0; k < bias->positive_count; k++)
        rw_vector_at(pre, bias->positive[k]);
    for (size_t k = 0; k < pre->count; k++) {
        uint32_t i = pre->touched[k];
        fmpq *value = pre->value + i;
        if (bias->entry[i] != NULL)
            rw_q_add(value, value, bias->entry[i]);
        rw_bits_note(bits, value);
        if (rw_q_sign(value) > 0)
            rw_q_set(rw_vector_at(out, i), value);
    }
}

void rw_add_column(struct rw_vector *y, const struct rw_tensor *column)
{
    for (size_t e = 0; e < column->count; e++) {
        fmpq *value = rw_vector_at(y, column->row[e]);
        rw_q_add(value, value, column->value + e);
    }
}

void rw_add_constant(struct rw_vector *y, const struct rw_matrix *vector)
{
    for (size_t e = 0; e < rw_matrix_nonzeros(vector); e++) {
        fmpq *value = rw_vector_at(y, vector->row[e]);
        rw_q_add(value, value, vector->value + e);
    }
}

void rw_read_state(const struct rw_vector *state, size_t d_k, const struct rw_tensor *query, struct rw_vector *output)
{
    for (size_t k = 0; k < state->count; k++) {
        uint32_t at = state->touched[k];
        if (rw_q_is_zero(state->value + at))
            continue;
        size_t row = at / d_k, first, last;
        rw_tensor_row(query, (uint32_t)(at % d_k), &first, &last);
        for (size_t e = first; e < last; e++)
            rw_vector_addmul(output, (uint32_t)(row * query->cols + query->col[e]), state->value + at,
                             query->value + e);
    }
}

void rw_write_state(struct rw_vector *state, size_t d_k, const struct rw_tensor *write)
{
    for (size_t e = 0; e < write->count; e++) {
        fmpq *value = rw_vector_at(state, (uint32_t)(write->row[e] * d_k + write->col[e]));
        rw_q_add(value, value, write->value + e);
    }
}

void rw_vector_swap(struct rw_vector *a, struct rw_vector *b)
{
    struct rw_vector kept = *a;
    *a = *b;
    *b = kept;
}

size_t rw_linear_state_size(const size_t *dims)
{
    return dims[RW_D_V] * dims[RW_D_K];
}

void rw_bits_note_vector(struct rw_bits *bits, const struct rw_vector *v)
{
    for (size_t k = 0; k < v->count; k++)
        rw_bits_note(bits, v->value + v->touched[k]);
}

void rw_bits_merge(struct rw_bits *bits, const struct rw_bits *more)
{
    bits->small |= more->small;
    if (more->large > bits->large)
        bits->large = more->large;
}

size_t rw_bits_max(const struct rw_bits *bits)
{
    size_t small = bits->small == 0 ? 0 : 64 - (size_t)__builtin_clzll(bits->small);
    return small > bits->large ? small : bits->large;
}
