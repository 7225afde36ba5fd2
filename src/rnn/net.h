/* net.h - the description of a recurrent network: everything that runs is in here, as exact sparse matrices.
 *
 * Step t: x = embedding of token w_t (a column). Then for each layer: every head updates its state from x and adds
 * output * (its outputs) to x, all heads of the layer reading the same x; then the feed-forward part adds out *
 * ReLU(in x + bias). Last, y = readout * x. Normalisation is the identity. Every state is 0 before the first token. A
 * BOS token (t = 0) comes before the word, writes the start states, and gives the output for the empty word. This side
 * never sees an automaton. */
#ifndef RW_RNN_NET_H
#define RW_RNN_NET_H

#include "base/word.h"
#include "exact/sparse.h"

#define RW_MAX_DIMS 8

/* One weight tensor of a head: shape rows x cols (cols = 1: a vector). If `input`, it is a linear map of the layer's
 * input x: the matrix is (rows*cols) x width and entry (i, j) of the tensor is row i*cols + j of matrix * x. Otherwise
 * it is constant, and the matrix is rows x cols itself. */
struct rw_param_shape {
    const char *name; /* "transition", "write", "query": key in the net file; static storage */
    size_t rows, cols;
    bool input;
};

struct rw_head;
struct rw_tensor;
struct rw_scratch;

/* One row for each family of heads and cells (families.c has the table). */
struct rw_family {
    const char *name;                       /* "pd": `family` in the net file and on the command line */
    const char *title;                      /* "permutation-diagonal (PD)" */
    const char *formula;                    /* one line for show and the docs */
    bool linear;                            /* the state is updated by S A(x) + B(x): covered by the linear proofs */
    const char *dim_names[RW_MAX_DIMS + 1]; /* "d_k", "d_v", ..., NULL */
    /* Coordinates of the state and of the output for given dims. State coordinate (row i, column j) of a d_v x d_k
     * state is i*d_k + j. */
    size_t (*state_size)(const size_t *dims);
    size_t (*output_size)(const size_t *dims);
    size_t (*param_count)(const size_t *dims);
    struct rw_param_shape (*param)(const size_t *dims, size_t i);
    /* What the shapes cannot say (PD: one entry per row and feature). false: not a member, and why says so. May be
     * NULL. */
    bool (*check)(const struct rw_head *head, FILE *why);
    /* One step: state in place, outputs added to `output` (cleared by the caller). params[i] is the tensor of an
     * input-dependent parameter for this input (constant ones are head->params[i] itself, and params[i] is empty).
     * Cost ~ nonzeros touched. */
    void (*step)(const struct rw_head *head, const struct rw_tensor *params, struct rw_vector *state,
                 struct rw_vector *output, struct rw_scratch *scratch);
    /* Vectors the step needs besides: how many and their sizes. They are zero when the step is called; the step leaves
     * them as it likes. */
    size_t (*scratch_count)(const size_t *dims);
    size_t (*scratch_size)(const size_t *dims, size_t i);
};

/* The largest numbers met in a run. */
struct rw_bits {
    uint64_t small; /* OR of the absolute values of small integers: its length is the largest length */
    size_t large;   /* largest rw_q_bits of all others */
};

static inline void rw_bits_note(struct rw_bits *bits, const fmpq_t a)
{
    if (rw_q_is_small(a)) {
        slong n = *fmpq_numref(a);
        bits->small |= (uint64_t)(n < 0 ? -n : n);
    } else {
        size_t size = rw_q_bits(a);
        if (size > bits->large)
            bits->large = size;
    }
}
void rw_bits_note_vector(struct rw_bits *bits, const struct rw_vector *v);
void rw_bits_merge(struct rw_bits *bits, const struct rw_bits *more);
size_t rw_bits_max(const struct rw_bits *bits);

struct rw_head {
    const struct rw_family *family;
    char *name;                /* may be "", never NULL: for readers */
    size_t dims[RW_MAX_DIMS];  /* as the family names them; unused ones 0 */
    struct rw_matrix **params; /* family->param_count(dims) matrices, shaped as family->param says */
    char **coordinates;        /* state_size names: "state even", "counter n"; "" where unnamed */
    struct rw_matrix *output;  /* width x output_size: what the outputs add to the residual stream */
};

struct rw_feedforward {
    size_t neurons;
    char **names;           /* neurons names, "" where unnamed */
    struct rw_matrix *in;   /* neurons x width */
    struct rw_matrix *bias; /* neurons x 1 */
    struct rw_matrix *out;  /* width x neurons */
};

struct rw_layer {
    size_t head_count;
    struct rw_head *heads;
    struct rw_feedforward *feedforward; /* NULL: none */
};

/* How the network's state encodes a machine's configuration, as data: quantity q = sum of weights * coordinates. The
 * coordinates of all heads are numbered through (layers, then heads, then coordinates: rw_net_coordinate). Used to
 * compare, never to run. */
struct rw_relation {
    size_t count;
    char **quantities;        /* "state even", "counter n" */
    struct rw_matrix *matrix; /* count x coordinates of the net */
};

enum rw_decision { RW_DECIDE_POSITIVE, RW_DECIDE_VALUE, RW_DECIDE_SIGN, RW_DECISIONS };
extern const char *const rw_decision_names[RW_DECISIONS]; /* as the net file writes them */

struct rw_net {
    /* provenance */
    char *name;         /* of the spec */
    char *spec_hash;    /* SHA-256 of the spec's text, or "" */
    char *construction; /* "W1" */
    char *theorem;      /* "Theorem 8, DFA to PD" */
    char *made_by;      /* "rnnwit 0.1.0" */

    struct rw_alphabet *tokens; /* BOS is not among them: it is column rw_alphabet_size(tokens) of the embedding */
    size_t padding;  /* blanks that the network wants after each letter (W7); the blank is the last token. 0: none */
    size_t width;    /* of the residual stream */
    char **features; /* width names, distinct and not empty */
    struct rw_matrix *embedding; /* width x (tokens + 1) */
    size_t layer_count;
    struct rw_layer *layers;
    size_t output_count;
    char **outputs;            /* names */
    struct rw_matrix *readout; /* outputs x width */
    enum rw_decision decision; /* output 0: accept iff > 0; the value itself; or accept > 0, reject < 0, undecided 0 */
    struct rw_relation *relation; /* NULL: the construction names none */
};

/* An empty net with the given tokens (copied); everything else zero or "". Caller frees. */
struct rw_net *rw_net_new(const struct rw_alphabet *tokens);
struct rw_net *rw_net_copy(const struct rw_net *net);
void rw_net_free(struct rw_net *net);
bool rw_net_equal(const struct rw_net *a, const struct rw_net *b);

/* --- building --- */
/* A new feature of the residual stream; returns its index. All features come before any matrix is made. */
size_t rw_net_add_feature(struct rw_net *net, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct rw_layer *rw_net_add_layer(struct rw_net *net);
/* A head with dims, no params yet (NULL), unnamed coordinates. The pointer is good until the layer's next head. */
struct rw_head *rw_layer_add_head(struct rw_layer *layer, const struct rw_family *family, const char *name,
                                  const size_t *dims);
/* Takes the matrix for the param of that name; asserts that the family has it and the shape fits `width`. */
void rw_head_set_param(struct rw_head *head, const char *name, struct rw_matrix *matrix, size_t width);
const struct rw_matrix *rw_head_param(const struct rw_head *head, const char *name);
void rw_head_name_coordinate(struct rw_head *head, size_t i, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct rw_feedforward *rw_layer_add_feedforward(struct rw_layer *layer, size_t neurons);

/* --- looking --- */
const struct rw_family *rw_family_find(const char *name);
extern const struct rw_family *const rw_families[]; /* NULL-terminated */
/* Number of the first coordinate of a head; with layer = layer_count, head = 0: the number of coordinates. */
size_t rw_net_coordinate(const struct rw_net *net, size_t layer, size_t head);
/* Name of a coordinate, numbered through; "" if unnamed. */
const char *rw_net_coordinate_name(const struct rw_net *net, size_t coordinate);
/* What would be too large about a head of these dims (each below 2^32): a parameter with more places than can be
 * numbered, or a state, output or work space of more than `most` numbers. Its name and size, or NULL if all is well. */
const char *rw_family_too_large(const struct rw_family *family, const size_t *dims, uint64_t most, size_t *size);
/* Shapes agree, every matrix is there, features have names of their own, families' checks hold, sizes are within the
 * limits; otherwise false with reasons in diag. */
struct rw_limits;
bool rw_net_check(const struct rw_net *net, const struct rw_limits *limits, struct rw_diag *diag);

/* The size figures of the net file, computed from the weights. */
struct rw_net_size {
    size_t layers, heads, width, coordinates, neurons, nonzeros, bits,
        rank; /* rank: largest r of any dplr head, else 0 */
};
struct rw_net_size rw_net_size(const struct rw_net *net);

/* Every weight matrix of the net in a fixed order (embedding, params, outputs, feed-forward, readout; not the
 * relation), for counting, perturbing and comparing. The name ("layer 1 head 1 transition") is written to `name` if
 * not NULL. */
size_t rw_net_matrix_count(const struct rw_net *net);
struct rw_matrix **rw_net_matrix(struct rw_net *net, size_t i, FILE *name);

#endif
