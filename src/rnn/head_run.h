/* head_run.h - one head of a network, run on its own: by the runtime, and by whoever wants to measure what a step does.
 *
 * Parameters are evaluated from the head's matrices for each input. If the input depends on the token alone (the first
 * layer), each token's parameters are evaluated at its first coming and kept. */
#ifndef RW_RNN_HEAD_RUN_H
#define RW_RNN_HEAD_RUN_H

#include "rnn/net.h"

struct rw_head_run;

/* A head in the zero state. tokens > 0: inputs depend on the token alone, and tokens are below that. tokens = 0:
 * nothing is kept. Numbers met are noted in `bits`. Head and bits must outlive it. Caller frees. */
struct rw_head_run *rw_head_run_new(const struct rw_head *head, size_t tokens, struct rw_bits *bits);
void rw_head_run_free(struct rw_head_run *run);
/* One step on an input of the net's width. `token` is ignored if tokens = 0. Cost: the nonzeros touched. */
void rw_head_run_step(struct rw_head_run *run, uint32_t token, const struct rw_vector *input);
/* The state, to read or to set. */
struct rw_vector *rw_head_run_state(struct rw_head_run *run);
/* The outputs of the last step. */
const struct rw_vector *rw_head_run_output(const struct rw_head_run *run);

/* The parameters of the last step, in the family's order; constant ones are empty here. Valid until the next step. */
const struct rw_tensor *rw_head_run_params(const struct rw_head_run *run);

#endif
