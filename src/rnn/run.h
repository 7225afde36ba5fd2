/* run.h - the exact runtime: a network's state after a prefix.
 *
 * Knows only the net: no automaton, no construction. Cost of a step: the nonzero weights that nonzero inputs touch. */
#ifndef RW_RNN_RUN_H
#define RW_RNN_RUN_H

#include "rnn/net.h"

struct rw_run;

/* A run of the net after BOS (the empty word). The net must pass rw_net_check and outlive the run. Caller frees. */
struct rw_run *rw_run_new(const struct rw_net *net);
void rw_run_free(struct rw_run *run);
/* Back to the empty word. Bits noted are kept. */
void rw_run_start(struct rw_run *run);
/* `to` becomes the same as `from` (both of the same net); bits noted are not copied. Cost: nonzero coordinates. */
void rw_run_copy(struct rw_run *to, const struct rw_run *from);
void rw_run_step(struct rw_run *run, uint32_t token);
/* Puts the states of all heads, coordinates numbered through; outputs stay those of the last step. */
void rw_run_put_state(struct rw_run *run, const struct rw_vector *state);

/* Output i of the current prefix. Valid until the next step. */
const fmpq *rw_run_output(const struct rw_run *run, size_t i);
/* decision RW_DECIDE_POSITIVE: output 0 > 0. */
bool rw_run_accepts(const struct rw_run *run);
/* State of one head, valid until the next step. */
const struct rw_vector *rw_run_state(const struct rw_run *run, size_t layer, size_t head);
/* The run of one head: to look at its parameters. */
struct rw_head_run;
struct rw_head_run *rw_run_head(const struct rw_run *run, size_t layer, size_t head);
/* The residual stream after the last layer. */
const struct rw_vector *rw_run_stream(const struct rw_run *run);
/* quantities += relation matrix * state; `quantities` (relation->count entries) is cleared by the caller. Cost:
 * touched coordinates. */
void rw_run_quantities(const struct rw_run *run, struct rw_vector *quantities);
/* The most bits of any number so far (Definition 10's p): states, pre-activations and their biases, stream, outputs,
 * and what a family's step multiplies on the way. */
size_t rw_run_bits(const struct rw_run *run);
void rw_run_bits_reset(struct rw_run *run);

#endif
