/* router.h - the finite part of a rank-one network: which position of a period it is, and which token came how long ago.
 *
 * `block` of the functions below: 0, or the length of a padded block, whose first token is a letter and the rest blanks (the last symbol
 * of `tokens`).
 *
 * Every lookup of W5 and W6 asks just these two things, so the constructions are written once against this. A router draws layers into a
 * sketch; its features are 0 or 1 at every step. BOS is at position 0. */
#ifndef RW_REDUCTIONS_WITNESS_ROUTER_H
#define RW_REDUCTIONS_WITNESS_ROUTER_H

#include "reductions/witness/sketch.h"

struct rw_router {
    size_t period;    /* positions 0 .. period-1 */
    size_t parts;     /* features per position: all of them are 1 there, and only there */
    size_t *position; /* period * parts features */
    size_t slots;     /* places of the buffer */
    bool
        by_age; /* place j holds the token of j steps ago (a shift register); else that of the last time t = j mod slots */
    size_t
        block; /* 0, or padded words (W7): only the first token of each `block` tokens is kept, two of them; by_age: place 0 is
                        the present block's; else place 1 - (block's number mod 2) */
    size_t symbols; /* tokens, BOS last */
    size_t *token;  /* slots * symbols features */
};

/* Room for a router's features, to be filled in by those who draw one. */
struct rw_router rw_router_new(const struct rw_alphabet *tokens, size_t period, size_t parts, size_t slots);
void rw_router_clear(struct rw_router *router);

/* The feature that is 1 when, at `position`, the token of `age` steps ago (0: the present one) was `symbol`. age < slots. */
size_t rw_router_token(const struct rw_router *router, size_t position, size_t age, size_t symbol);
/* The features of a position. */
const size_t *rw_router_position(const struct rw_router *router, size_t position);

/* RWKV-7, one layer (ours): both heads have constant transitions A = diag(d) + 1 v^T. With distinct d_i, the choice
 * v_i = -chi(d_i) / prod_{j != i} (d_i - d_j) gives A the characteristic polynomial chi. chi = x^N - 1 makes A^N = I, a counter of
 * positions mod N = period; chi = x^W makes A^W = 0, an exact shift register of W = slots tokens. */
struct rw_router rw_router_constant(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t period,
                                    size_t slots, size_t block);
/* RWKV-7, the paper's layout in three layers: parity; then the position mod `period` (even), whose second half moves only at odd
 * parity; then a buffer of `period` slots, each cleared and written when its position comes. */
struct rw_router rw_router_paper(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t period,
                                 size_t block);
/* DeltaNet over Q, three layers (ours): parity by beta = 2; heads of order 6 (swaps of a one-hot of 3) and 8 (a signed one-hot of 2)
 * switched by parity: t mod 24; then a cycle of `rounds` <= 24 rounds by adjacent swaps, so t mod 24 * rounds, beside a buffer of 24 slots. */
struct rw_router rw_router_reflections(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t rounds,
                                       size_t block);

#endif
