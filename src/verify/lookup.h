/* lookup.h - the feed-forward part of a layer, on one exact stream after the other. Internal to verify.
 *
 * A table of keys is a neuron for each key: it fires where a few features are all 1. Of the many neurons of such a part
 * hardly any fires, and which ones do is found without looking at the others. */
#ifndef RW_VERIFY_LOOKUP_H
#define RW_VERIFY_LOOKUP_H

#include "rnn/net.h"

struct rw_lookup;

/* The feed-forward part must outlive it. Caller frees. */
struct rw_lookup *rw_lookup_new(const struct rw_feedforward *ff);
void rw_lookup_free(struct rw_lookup *lookup);
/* stream += out * ReLU(in * stream + bias), exactly, whatever the stream. `work` grows by what it cost, in
 * multiplications. */
void rw_lookup_apply(struct rw_lookup *lookup, struct rw_vector *stream, uint64_t *work);

#endif
