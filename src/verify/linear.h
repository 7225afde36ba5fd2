/* linear.h - networks and automata as one thing: weighted automata over the rationals. Internal to verify.
 *
 * A network of one layer of linear heads computes the series of a weighted automaton (the remark after Theorem 13): its
 * state is a row vector, and each token moves it by a fixed affine map. */
#ifndef RW_VERIFY_LINEAR_H
#define RW_VERIFY_LINEAR_H

#include "automata/wfa.h"
#include "rnn/net.h"

/* Whether the net has one layer of linear heads (pd, dplr, rwkv7, deltanet, deltaproduct) no feed-forward part and no padding;
 * if not, why (may be NULL) names the first layer that is in the way, in a phrase. */
bool rw_net_is_linear(const struct rw_net *net, FILE *why);
/* The weighted automaton of output 0 of a linear net. Its states are the coordinates, then the constant 1, then the
 * output. Caller frees. */
struct rw_wfa *rw_wfa_of_net(const struct rw_net *net);
/* What output 0 makes of the features of the residual stream. Caller clears. */
struct rw_vector rw_net_reading(const struct rw_net *net);
/* z = (state, 1, output) of a layer of linear heads that output 0 reads: its size. */
size_t rw_linear_size(const struct rw_layer *layer);
/* T^T with z' = z T for the input x, where the output takes x * readout + `added` besides what it reads of the state.
 * Caller frees. */
struct rw_matrix *rw_linear_letter(const struct rw_layer *layer, const struct rw_vector *input,
                                   const struct rw_vector *readout, const fmpq_t added);
/* At least as many nonzero weights as it has, as far as that is at most `most`: a bound before it is made. */
uint64_t rw_net_weights_bound(const struct rw_net *net, uint64_t most);
/* scale * f + shift, with a state more for a shift that is not 0. Caller frees. */
struct rw_wfa *rw_wfa_affine(const struct rw_wfa *f, const fmpq_t scale, const fmpq_t shift);

#endif
