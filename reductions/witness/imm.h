/* imm.h - iterated matrix products by rank-one networks without any table (Theorems 10 and 12; W8, ours). */
#ifndef RW_REDUCTIONS_WITNESS_IMM_H
#define RW_REDUCTIONS_WITNESS_IMM_H

#include "automata/matrix_product.h"
#include "base/limits.h"
#include "rnn/net.h"

/* RWKV-7, two layers (4: the paper's layout): any dimension, any finite set of entries. Caller frees. */
struct rw_net *rw_build_imm_rwkv7(const struct rw_matrix_product *model, const struct rw_alphabet *tokens, bool sign,
                                  unsigned layers);
/* DeltaNet over Q, four layers: dimension 3 (three steps for each of 3 columns are exactly the 9 tokens of a matrix, and two matrices fit the
 * router's buffer of 24). NULL and a diagnostic for other dimensions. Caller frees. */
struct rw_net *rw_build_imm_deltanet(const struct rw_matrix_product *model, const struct rw_alphabet *tokens, bool sign,
                                     struct rw_diag *diag);

#endif
