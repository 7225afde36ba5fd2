/* rank_one.h - WFA -> RWKV-7 and DeltaNet (W5, W6, W7): a router, a table, and one arithmetic layer. */
#ifndef RW_REDUCTIONS_WITNESS_RANK_ONE_H
#define RW_REDUCTIONS_WITNESS_RANK_ONE_H

#include "automata/wfa.h"
#include "reductions/witness/witness.h"

/* RWKV-7 over Q for any WFA; output right after every prefix. layers = 2: constant router (ours); 4: the paper's layout. With `padded`, `tokens` ends with the
 * blank and the net expects n - 1 blanks after each letter. NULL and the limit "table-keys" if the table is too large: |Sigma|^(2n) keys
 * or so, |Sigma|^2 n with padding. Source: Theorem 9, shortened (W5). Caller frees. */
struct rw_net *rw_build_rwkv7(const struct rw_wfa *wfa, const struct rw_alphabet *tokens, unsigned layers, bool padded,
                              const struct rw_limits *limits, struct rw_diag *diag);
/* DeltaNet over Q for any WFA; output right after every prefix; 3n - 1 blanks with `padded`. Source: Theorem 11, repaired (W6). */
struct rw_net *rw_build_deltanet(const struct rw_wfa *wfa, const struct rw_alphabet *tokens, bool padded,
                                 const struct rw_limits *limits, struct rw_diag *diag);

/* Keys of the lookup table that rw_build_rwkv7 or rw_build_deltanet would draw; SIZE_MAX: too many to count, or no router. */
size_t rw_rank_one_keys(const struct rw_wfa *wfa, bool deltanet, bool padded);

#endif
