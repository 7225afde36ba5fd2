/* construction.h - what the constructions share, and the functions that fill the rows of the table. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_CONSTRUCTION_H
#define RW_REDUCTIONS_WITNESS_CONSTRUCTION_H

#include "automata/wfa.h"
#include "reductions/witness/sketch.h"
#include "reductions/witness/witness.h"

/* The net of a finished drawing with its provenance and decision, checked. The provenance is that of the table's row for the machine's kind and
 * `family`. `relation` (taken, may be NULL) has a row for each quantity of the machine. Frees the sketch. NULL and a diagnostic if a limit is
 * passed. */
struct rw_net *rw_construction_finish(struct rw_sketch *sketch, const struct rw_machine *machine, const char *family,
                                      struct rw_matrix *relation, const struct rw_witness_options *options,
                                      struct rw_diag *diag);
/* The same for a net that was finished without: provenance, decision, check. Takes the net. */
struct rw_net *rw_construction_sign(struct rw_net *net, const struct rw_machine *machine, const char *family,
                                    const struct rw_witness_options *options, struct rw_diag *diag);
/* size x size: every quantity is a coordinate of its own. */
struct rw_matrix *rw_identity(size_t size);
/* Whether a tensor of rows x cols has places that fit the numbering of a sparse matrix. */
bool rw_tensor_fits(size_t rows, size_t cols);

/* A stream into a string. `text` and `size` must outlive it; fclose, then free(text). Never NULL. */
FILE *rw_text_stream(char **text, size_t *size);

bool rw_pd_dfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_pd_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag);
bool rw_pd_wfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_pd_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag);
bool rw_pd_nfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_pd_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag);
bool rw_pd_regex_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_pd_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag);

bool rw_dplr_dfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_dplr_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag);
bool rw_dplr_wfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_dplr_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag);
bool rw_dplr_nfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_dplr_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag);
bool rw_dplr_regex_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_dplr_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                   struct rw_diag *diag);

/* Why a counter that is reset has no relu or mlp network (E2). */
#define RW_RESET_REASON                                                                                                \
    "it resets a counter; a ReLU network with fixed weights is Lipschitz in the token uniformly in its state, while "  \
    "reset and "                                                                                                       \
    "keep differ by the whole counter, without bound (--to gated multiplies)"
bool rw_counter_relu_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_counter_relu_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);
bool rw_counter_mlp_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_counter_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                    struct rw_diag *diag);
bool rw_counter_gated_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_counter_gated_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                      struct rw_diag *diag);

bool rw_stack_mlp_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_stack_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag);
bool rw_turing_mlp_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_turing_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                   struct rw_diag *diag);
bool rw_cra_relu_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_cra_relu_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag);

bool rw_rwkv7_dfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_rwkv7_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag);
bool rw_rwkv7_wfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_rwkv7_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag);
bool rw_rwkv7_nfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_rwkv7_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag);
bool rw_rwkv7_regex_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_rwkv7_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                    struct rw_diag *diag);
bool rw_rwkv7_imm_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_rwkv7_imm_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag);
bool rw_deltanet_dfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltanet_dfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);
bool rw_deltanet_wfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltanet_wfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);
bool rw_deltanet_nfa_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltanet_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);
bool rw_deltanet_regex_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltanet_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                       struct rw_diag *diag);
bool rw_deltanet_imm_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltanet_imm_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);

/* DFA, NFA, regex or WFA: see wfa_source.h. */
bool rw_deltaproduct_applies(const struct rw_machine *machine, FILE *why);
struct rw_net *rw_deltaproduct_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag);
/* Whether each letter is one delta step at most: then the head may be a DeltaNet's. */
bool rw_deltaproduct_is_single(const struct rw_wfa *wfa);
/* The one-layer network in family deltaproduct, or deltanet where every letter is one step. */
struct rw_net *rw_deltaproduct_draw(const struct rw_machine *machine, const struct rw_wfa *wfa, const char *family,
                                    const struct rw_witness_options *options, struct rw_diag *diag);

#endif
