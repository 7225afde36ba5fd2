/* heads.h - A(x), B(x) and q(x) of a linear head, from the formulas in rnnwit-net(5). Internal to recheck. */
#ifndef RW_RECHECK_HEADS_H
#define RW_RECHECK_HEADS_H

#include "recheck/net.h"

/* The parameter of that name as a rows x cols matrix, for the input x (width entries) if it depends on it. Caller frees. */
struct rw_matrix *rw_recheck_param_at(const struct rw_recheck_head *head, const char *name, const struct rw_vector *x);

/* For a linear head, S d_v x d_k: S <- S A(x) + B(x), and then S q(x) is put out, entry (i, c) as output
 * i * queries + c. Callers free. */
struct rw_matrix *rw_recheck_transition(const struct rw_recheck_head *head, const struct rw_vector *x); /* d_k x d_k */
struct rw_matrix *rw_recheck_write(const struct rw_recheck_head *head, const struct rw_vector *x);      /* d_v x d_k */
struct rw_matrix *rw_recheck_query(const struct rw_recheck_head *head, const struct rw_vector *x); /* d_k x queries */

#endif
