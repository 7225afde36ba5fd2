/* step.h - a network run on numbers, layer by layer. Internal to recheck. */
#ifndef RW_RECHECK_STEP_H
#define RW_RECHECK_STEP_H

#include "recheck/net.h"

/* x (width entries) = the embedding of a token; BOS is the one after the last. */
void rw_recheck_input(const struct rw_recheck_net *net, size_t token, struct rw_vector *x);

/* Layers first, ..., last - 1 (from 0) read x, in place, and move to their next state, in place. `state` has the
 * coordinates of all layers; those of other layers are not looked at. */
void rw_recheck_step(const struct rw_recheck_net *net, size_t first, size_t last, struct rw_vector *state,
                     struct rw_vector *x);

/* Output 0 of what the last layer leaves. */
void rw_recheck_output(const struct rw_recheck_net *net, const struct rw_vector *x, fmpq_t output);

#endif
