/* blocks.h - applying a product of n x n matrices by overwriting one column at a time (W5, W6).
 *
 * Dot-product overwrite U(dst; c), c_dst = 0: coordinate dst of the row S becomes S c. The state has two halves of n coordinates. During block l
 * (m tokens) the active half holds x = alpha M_{block 1} ... M_{block l-2}; with P the product of block l-1's letters, column tau of P overwrites
 * coordinate tau of the other half, so that after the block it holds x P, and the halves change roles. The output after every token reads the
 * active half by q = P R omega, R the product of the current block's letters so far. What must be looked up: (position, previous block), and
 * for q (position, previous block, current letters). That is a table of neurons, one for each key; its size is |Sigma|^m per position. */
#ifndef RW_REDUCTIONS_WITNESS_BLOCKS_H
#define RW_REDUCTIONS_WITNESS_BLOCKS_H

#include <flint/fmpq_mat.h>

#include "automata/wfa.h"
#include "base/limits.h"
#include "reductions/witness/router.h"

/* How one family carries out an overwrite: `steps` tokens for each column, so m = steps * n. */
struct rw_overwriter {
    size_t steps;
    /* Step `step` of U(dst; c), c given on the active half (n entries from `active` on): draws into the neuron that was just made. */
    void (*overwrite)(struct rw_sketch *sketch, size_t step, size_t dst, size_t active, const fmpq_mat_t c);
    /* Whether that step needs no neuron (c = 0), so that none is drawn. */
    bool (*idle)(size_t step, const fmpq_mat_t c);
    /* Corrects q (n x 1) for what the steps so far did to the active half. */
    void (*correct)(size_t step, const fmpq_mat_t c, fmpq_mat_t q);
};

/* Keys that the table would have: of the overwrites and of the readout. Saturates at SIZE_MAX. `blank`: words are padded (W7), so that only a block's
 * first letter counts. */
size_t rw_blocks_keys(const struct rw_overwriter *overwriter, size_t states, size_t symbols, size_t period,
                      bool padded);

/* Draws the table into the last layer's feed-forward part. Overwrites set the overwriter's own features; the readout sets "query 0" ... "query 2n-1".
 * router->period is a multiple of 2m. With `padded`, the tokens' last symbol is the blank that fills up each letter's block. */
void rw_blocks_draw(struct rw_sketch *sketch, const struct rw_router *router, const struct rw_overwriter *overwriter,
                    const struct rw_wfa *wfa, bool padded);

#endif
