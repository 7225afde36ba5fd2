/* linear.h - networks and automata as one thing: weighted automata over the rationals. Internal to verify.
 *
 * A network of one layer of linear heads computes the series of a weighted automaton (the remark after Theorem 13): its
 * state is a row vector, and each token moves it by a fixed affine map. */
#ifndef RW_VERIFY_LINEAR_H
#define RW_VERIFY_LINEAR_H

#include "automata/wfa.h"
#include "rnn/net.h"

/* Whether the net has one layer of linear heads (pd, dplr, rwkv7, deltanet, deltaproduct) and no feed-forward part; if
 * not, why (may be NULL) names the first layer that is in the way, in a phrase. */
bool rw_net_is_linear(const struct rw_net *net, FILE *why);
/* The weighted automaton of output 0 of a linear net. Its states are the coordinates, then the constant 1, then the
 * output. Caller frees. */
struct rw_wfa *rw_wfa_of_net(const struct rw_net *net);
/* At least as many nonzero weights as it has, as far as that is at most `most`: a bound before it is made. */
uint64_t rw_net_weights_bound(const struct rw_net *net, uint64_t most);
/* scale * f + shift, with a state more for a shift that is not 0. Caller frees. */
struct rw_wfa *rw_wfa_affine(const struct rw_wfa *f, const fmpq_t scale, const fmpq_t shift);

#endif
