/* linear_head.h - a linear head for one input: S <- S A(x) + B(x), output S q(x). Internal to verify. */
#ifndef RW_VERIFY_LINEAR_HEAD_H
#define RW_VERIFY_LINEAR_HEAD_H

#include "rnn/net.h"

/* Whether the head is of a family that moves its state so. */
bool rw_head_is_linear(const struct rw_head *head);
/* A(x), d_k x d_k, and B(x), d_v x d_k, of a linear head. Caller frees. */
struct rw_matrix *rw_linear_transition(const struct rw_head *head, const struct rw_vector *x);
struct rw_matrix *rw_linear_write(const struct rw_head *head, const struct rw_vector *x);
/* At least as many entries as A(x) and B(x) have, without making them. */
uint64_t rw_linear_terms(const struct rw_head *head, const struct rw_vector *x);
/* The tensor of one parameter for the input x, as a rows x cols matrix. Caller frees. */
struct rw_matrix *rw_linear_parameter(const struct rw_head *head, const char *name, const struct rw_vector *x);

#endif
