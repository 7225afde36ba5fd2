/* step.h - what the families' steps share: parameters evaluated for one input, work space, and ReLU with lazy biases.
 * Internal to src/rnn. */
#ifndef RW_RNN_STEP_H
#define RW_RNN_STEP_H

#include "rnn/net.h"

/* An input-dependent parameter for one input x: its nonzero entries, row by row. */
struct rw_tensor {
    size_t rows, cols;
    size_t count, capacity;
    uint32_t *row, *col;
    fmpq *value;
    size_t *start; /* rows + 1 places where each row begins, or NULL: then rows are searched */
};

/* The entries of row i are first .. last-1. */
static inline void rw_tensor_row(const struct rw_tensor *t, uint32_t i, size_t *first, size_t *last)
{
    if (t->start != NULL) {
        *first = t->start[i];
        *last = t->start[i + 1];
        return;
    }
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->row[middle] < i)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < t->count && t->row[low] == i)
        low++;
    *last = low;
}

/* A constant vector as ReLU wants it: any entry in O(1), and the list of the positive ones, which fire untouched. */
struct rw_bias {
    size_t size;
    const fmpq **entry; /* NULL where zero */
    uint32_t *positive;
    size_t positive_count;
    struct rw_bits bits; /* of all entries: the pre-activations of neurons that nothing touches */
};

struct rw_scratch {
    struct rw_vector *vectors; /* as many as the family asks for */
    size_t count;
    struct rw_bias *biases; /* one for each param; empty unless it is a constant vector */
    fmpq_t a, b;
    struct rw_bits *bits;
};

void rw_bias_init(struct rw_bias *bias, const struct rw_matrix *vector);
void rw_bias_clear(struct rw_bias *bias);

/* out = ReLU(pre + bias), out cleared by the caller; pre is used up. A neuron that nothing touched has pre 0: only
 * positive biases fire then. Pre-activations and biases are noted. Cost: touched neurons and positive biases. */
void rw_relu(struct rw_vector *pre, const struct rw_bias *bias, struct rw_vector *out, struct rw_bits *bits);
/* y += the entries of a tensor of one column. */
void rw_add_column(struct rw_vector *y, const struct rw_tensor *column);
/* y += a constant vector. */
void rw_add_constant(struct rw_vector *y, const struct rw_matrix *vector);

/* output[row * queries + c] += S[row][i] query[i][c], for a d_v x d_k state and a d_k x queries tensor. */
void rw_read_state(const struct rw_vector *state, size_t d_k, const struct rw_tensor *query, struct rw_vector *output);
/* S += write, a d_v x d_k tensor. */
void rw_write_state(struct rw_vector *state, size_t d_k, const struct rw_tensor *write);
/* Exchanges contents in O(1). */
void rw_vector_swap(struct rw_vector *a, struct rw_vector *b);

/* The shapes that all linear heads share. */
enum rw_linear_dim { RW_D_K, RW_D_V };
size_t rw_linear_state_size(const size_t *dims);

extern const struct rw_family rw_family_pd, rw_family_dplr, rw_family_deltanet, rw_family_deltaproduct, rw_family_rwkv7,
    rw_family_relu, rw_family_relu_input, rw_family_mlp, rw_family_gated;

#endif
