/* contexts.h - weighted automata with a finite control. Internal to verify.
 *
 * A context is what the finite part of a network knows: the states of all its heads but the last layer's. In a context a
 * letter leads to a context and moves a row vector z by an affine map. A weighted automaton is one with a single context. */
#ifndef RW_VERIFY_CONTEXTS_H
#define RW_VERIFY_CONTEXTS_H

#include "automata/wfa.h"
#include "base/progress.h"
#include "rnn/net.h"

/* Where a letter leads, and the number of its map. */
struct rw_context_step {
    uint32_t next, map;
};

/* Contexts and maps are found while steps are asked for. The first context is 0. */
struct rw_contexts {
    size_t size, symbols;       /* entries of z; letters */
    struct rw_vector start;     /* z of the empty word */
    struct rw_vector output;    /* the value of a word is the product of its z and this */
    uint8_t *live;              /* entries of z that can still contribute after another letter */
    size_t count;               /* contexts so far */
    bool merged;                /* those that no word tells apart are one */
    struct rw_context_run *run; /* what finds them */
};

/* Whether all heads are linear in their state, and the neurons of the last layer that reach output 0 do not read that
 * layer's state; if not, why (may be NULL) says so. */
bool rw_net_has_contexts(const struct rw_net *net, FILE *why);
/* The first `symbols` tokens, each followed by net->padding blanks, are the letters. The net must outlive it. Caller
 * frees. */
struct rw_contexts *rw_contexts_of_net(const struct rw_net *net, size_t symbols);
/* The automaton must outlive it. Caller frees. */
struct rw_contexts *rw_contexts_of_series(const struct rw_wfa *f);
void rw_contexts_free(struct rw_contexts *contexts);

struct rw_context_step rw_contexts_step(struct rw_contexts *contexts, uint32_t context, uint32_t symbol);
/* Finds all contexts, if they are at most `most` and take at most max_cells words of memory; then steps lead to one of those that no word
 * tells apart. false: there are more, or `progress` says stop. */
bool rw_contexts_merge(struct rw_contexts *contexts, size_t most, uint64_t max_cells, struct rw_progress *progress);
/* T^T, z' = z T. Good until the next step. */
const struct rw_matrix *rw_contexts_map(const struct rw_contexts *contexts, uint32_t map);
/* The states of all heads but the last layer's in a context, coordinates numbered as in the net; `state` has as many
 * entries. A weighted automaton's has none. */
size_t rw_contexts_coordinates(const struct rw_contexts *contexts);
void rw_contexts_state(const struct rw_contexts *contexts, uint32_t context, struct rw_vector *state);
/* The value of a word. */
void rw_contexts_value(struct rw_contexts *contexts, const struct rw_word *word, fmpq_t value);
/* Words of memory that contexts and maps take, and operations so far. */
uint64_t rw_contexts_cells(const struct rw_contexts *contexts);
uint64_t rw_contexts_work(const struct rw_contexts *contexts);

#endif
