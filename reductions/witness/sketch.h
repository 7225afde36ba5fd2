/* sketch.h - a network being drawn, entry by entry and by name; finished into matrices when all is there.
 *
 * For constructions of several layers, whose features and neurons come up as the drawing goes on. Features are made when first named.
 * Values are exact; entries of the same place add up. The sketch decides nothing: what it holds is what the net will hold. */
#ifndef RW_REDUCTIONS_WITNESS_SKETCH_H
#define RW_REDUCTIONS_WITNESS_SKETCH_H

#include "rnn/net.h"

struct rw_sketch;

/* A sketch over these tokens (copied), with the features "token x" for each symbol, "BOS" and "one" embedded. Caller frees or finishes. */
struct rw_sketch *rw_sketch_new(const struct rw_alphabet *tokens);
void rw_sketch_free(struct rw_sketch *sketch);
/* The net, checked for nothing; frees the sketch. Provenance is the caller's to set. */
struct rw_net *rw_sketch_finish(struct rw_sketch *sketch);

/* The number of the feature of this name, made if it is new. */
size_t rw_feature(struct rw_sketch *sketch, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The features that every sketch has. */
size_t rw_feature_token(const struct rw_sketch *sketch, uint32_t symbol);
size_t rw_feature_bos(const struct rw_sketch *sketch);
size_t rw_feature_one(const struct rw_sketch *sketch);
/* What the embedding adds for a token (token = number of tokens: BOS). */
void rw_sketch_embed(struct rw_sketch *sketch, uint32_t token, size_t feature, const fmpq_t value);

/* A new last layer. Heads and neurons below go to the last layer. */
void rw_sketch_layer(struct rw_sketch *sketch);
/* A new head of the last layer; returns its number in the layer. */
size_t rw_sketch_head(struct rw_sketch *sketch, const struct rw_family *family, const char *name, const size_t *dims);
/* Entry (i, j) of a parameter of the last head: an input-dependent one gets value * x[feature]; a constant one ignores feature. */
void rw_sketch_param(struct rw_sketch *sketch, const char *param, size_t i, size_t j, size_t feature,
                     const fmpq_t value);
void rw_sketch_param_int(struct rw_sketch *sketch, const char *param, size_t i, size_t j, size_t feature,
                         int64_t value);
/* x[feature] += value * (output of the last head). */
void rw_sketch_output(struct rw_sketch *sketch, size_t feature, size_t output, const fmpq_t value);
void rw_sketch_output_int(struct rw_sketch *sketch, size_t feature, size_t output, int64_t value);
void rw_sketch_coordinate(struct rw_sketch *sketch, size_t i, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A new hidden neuron of the last layer's feed-forward part; the calls below are about it. */
size_t rw_sketch_neuron(struct rw_sketch *sketch, const char *format, ...) __attribute__((format(printf, 2, 3)));
void rw_neuron_in(struct rw_sketch *sketch, size_t feature, const fmpq_t value);
void rw_neuron_in_int(struct rw_sketch *sketch, size_t feature, int64_t value);
void rw_neuron_bias(struct rw_sketch *sketch, const fmpq_t value);
void rw_neuron_bias_int(struct rw_sketch *sketch, int64_t value);
void rw_neuron_out(struct rw_sketch *sketch, size_t feature, const fmpq_t value);
void rw_neuron_out_int(struct rw_sketch *sketch, size_t feature, int64_t value);
/* Neurons so far in the last layer. */
size_t rw_sketch_neurons(const struct rw_sketch *sketch);

/* Output number `output` (made if new, outputs in order) reads value * x[feature]. */
void rw_sketch_readout(struct rw_sketch *sketch, size_t output, const char *name, size_t feature, const fmpq_t value);
void rw_sketch_readout_int(struct rw_sketch *sketch, size_t output, const char *name, size_t feature, int64_t value);

#endif
