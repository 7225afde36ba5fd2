/* net.h - a net file as plain data: what rnnwit-net(5) says, read anew. Internal to recheck.
 *
 * Nothing here runs: heads.h has A(x), B(x) and q(x) of linear heads, step.h runs a network on numbers. */
#ifndef RW_RECHECK_NET_H
#define RW_RECHECK_NET_H

#include "base/limits.h"
#include "base/source.h"
#include "base/word.h"
#include "exact/sparse.h"

/* The linear ones first: S <- S A(x) + B(x), putting out S q(x). */
enum rw_recheck_family {
    RW_RECHECK_PD,
    RW_RECHECK_DPLR,
    RW_RECHECK_RWKV7,
    RW_RECHECK_DELTANET,
    RW_RECHECK_DELTAPRODUCT,
    RW_RECHECK_RELU,
    RW_RECHECK_RELU_INPUT,
    RW_RECHECK_MLP,
    RW_RECHECK_GATED,
    RW_RECHECK_FAMILIES
};

/* The sizes of a head. Those that its family does not have are 0, the rank and the steps 1. */
enum rw_recheck_dim {
    RW_RECHECK_D_K,
    RW_RECHECK_D_V,
    RW_RECHECK_QUERIES,
    RW_RECHECK_RANK,
    RW_RECHECK_STEPS,
    RW_RECHECK_N,
    RW_RECHECK_HIDDEN1,                              /* hidden2 to hidden4 follow; 0: there is no such layer */
    RW_RECHECK_LAST_HIDDEN = RW_RECHECK_HIDDEN1 + 4, /* of the last hidden layer that there is */
    RW_RECHECK_ONE,                                  /* 1 */
    RW_RECHECK_DIMS
};

#define RW_RECHECK_PARAMS 16 /* a family has fewer */

/* A parameter of rows x cols values. One that depends on the input is kept as a (rows * cols) x width matrix: the entry
 * (i * cols + j, f) adds itself times x[f] to value (i, j). */
struct rw_recheck_param {
    const char *name; /* NULL: the list ends */
    size_t rows, cols;
    bool input;
    struct rw_matrix *weights;
};

struct rw_recheck_head {
    enum rw_recheck_family family;
    size_t dims[RW_RECHECK_DIMS];
    size_t first, coordinates, outputs; /* its first coordinate in the state of the network, and how many there are */
    struct rw_recheck_param params[RW_RECHECK_PARAMS];
    struct rw_matrix *output; /* width x outputs */
};

/* x += out ReLU(in x + bias) after the heads; in NULL: there is no such part. */
struct rw_recheck_layer {
    size_t first, coordinates; /* of all its heads */
    size_t heads, neurons;
    struct rw_recheck_head *head;
    struct rw_matrix *in, *bias, *out; /* neurons x width, neurons x 1, width x neurons */
};

enum rw_recheck_decision { RW_RECHECK_POSITIVE, RW_RECHECK_VALUE, RW_RECHECK_SIGN };

struct rw_recheck_net {
    struct rw_alphabet *tokens;
    size_t padding; /* blanks, the last token, after each letter */
    size_t width, coordinates, layers, outputs;
    struct rw_recheck_layer *layer;
    struct rw_matrix *embedding, *readout; /* width x (tokens + 1), BOS last; outputs x width */
    enum rw_recheck_decision decision;
};

/* NULL, and why, if the text is no net file. Caller frees. */
struct rw_recheck_net *rw_recheck_net_read(const struct rw_source *source, const struct rw_limits *limits, FILE *why);
void rw_recheck_net_free(struct rw_recheck_net *net);

bool rw_recheck_is_linear(const struct rw_recheck_head *head);
/* The parameter of that name, which the family has. */
const struct rw_recheck_param *rw_recheck_param(const struct rw_recheck_head *head, const char *name);

#endif
