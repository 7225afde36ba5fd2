/* naive.h - networks evaluated a second way: dense matrices, every formula written out as the theory states it,
 * nothing kept or skipped. */
#ifndef RW_TESTS_RNN_NAIVE_H
#define RW_TESTS_RNN_NAIVE_H

#include <flint/fmpq_mat.h>

#include "rnn/net.h"

struct naive_head {
    const struct rw_head *head;
    fmpq_mat_t state;  /* d_v x d_k, or n x 1 */
    fmpq_mat_t output; /* output_size x 1 */
};

struct naive_net {
    const struct rw_net *net;
    struct naive_head *heads;   /* of all layers, numbered through */
    fmpq_mat_t stream, outputs; /* columns */
    size_t bits; /* the most of any state, pre-activation, bias, gated factor, stream, and output so far */
};

void naive_head_init(struct naive_head *naive, const struct rw_head *head);
void naive_head_clear(struct naive_head *naive);
/* One step on the input x, a column. `bits` is raised to the bits of pre-activations and of the state. */
void naive_head_step(struct naive_head *naive, const fmpq_mat_t x, size_t *bits);

/* After BOS. */
void naive_net_init(struct naive_net *naive, const struct rw_net *net);
void naive_net_clear(struct naive_net *naive);
void naive_net_step(struct naive_net *naive, size_t token);

/* A sparse matrix as a dense one, initialised here. */
void naive_dense(fmpq_mat_t dense, const struct rw_matrix *m);
/* A dense matrix, read row by row, is the vector. */
bool naive_equals(const fmpq_mat_t dense, const struct rw_vector *v);

#endif
