/* letter_run.h - a network on unknown letters: all layers but the last are run, their states and the stream being exact functions of
 * the letters; of the last layer only what it does to its state is told, since that state may be anything. Internal to verify. */
#ifndef RW_VERIFY_LETTER_RUN_H
#define RW_VERIFY_LETTER_RUN_H

#include "exact/letters.h"
#include "rnn/net.h"

/* Entry (i, j) is at[i * cols + j]. */
struct rw_letter_matrix {
    size_t rows, cols;
    struct rw_letters *at;
};

/* A linear function of the last layer's coordinates, heads numbered through: constant + sum of of_state[i] * coordinate i. */
struct rw_letter_form {
    struct rw_letters constant;
    size_t count;
    struct rw_letters *of_state;
};

/* What one token does to the state of the last layer's heads: S <- S transition + write. */
struct rw_letter_step {
    size_t heads;
    struct rw_letter_matrix *transitions, *writes;
};

struct rw_letter_run;

/* The net before its first token, whose every layer must have linear heads (rw_net_runs_on_letters). The net and the space must outlive
 * it. Caller frees. */
struct rw_letter_run *rw_letter_run_new(const struct rw_net *net, struct rw_letter_space *space);
void rw_letter_run_free(struct rw_letter_run *run);
/* Whether a net can be run so; if not, why (may be NULL) says why not. */
bool rw_net_runs_on_letters(const struct rw_net *net, FILE *why);

/* Reads a given token (a column of the embedding), or the next unknown letter: the first one is at place 0, and any of the space's symbols. `step`
 * (empty) receives what it does to the last layer; clear it. */
void rw_letter_run_token(struct rw_letter_run *run, size_t token, struct rw_letter_step *step);
void rw_letter_run_next(struct rw_letter_run *run, struct rw_letter_step *step);
/* Output 0 after the last token, of the state after that token. false: a ReLU of the last layer reads that state, and `why` says so. Clear
 * the form. */
bool rw_letter_run_output(struct rw_letter_run *run, struct rw_letter_form *form, FILE *why);

/* All states of the layers before the last: a copy, rw_letter_run_states functions. */
size_t rw_letter_run_states(const struct rw_letter_run *run);
const struct rw_letters *rw_letter_run_state(const struct rw_letter_run *run);

/* The form of the state before a step that has the value of `form` after it. */
void rw_letter_form_before(struct rw_letter_space *space, struct rw_letter_form *form,
                           const struct rw_letter_step *step);
struct rw_letter_form rw_letter_form_new(size_t coordinates);
void rw_letter_form_clear(struct rw_letter_form *form);
void rw_letter_step_clear(struct rw_letter_step *step);

#endif
