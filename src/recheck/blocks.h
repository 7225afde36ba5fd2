/* blocks.h - certificates of kind "blocks": machines beside networks that work block by block, all letters unknown. Internal to recheck.
 *
 * Functions of the letters are those of exact/letters.h. What a machine does to a block, and a network to a letter, is found here anew. */
#ifndef RW_RECHECK_BLOCKS_H
#define RW_RECHECK_BLOCKS_H

#include "exact/letters.h"
#include "recheck/certificate.h"
#include "recheck/net.h"

/* --- the machine --- */

/* v is `start` before any letter; a block of letters at places 0, 1, ... makes v F of it, F[i * dimension + k]; after j letters of the next block, at the
 * places after them, the value is v T_j. */
struct rw_block_machine {
    size_t dimension, length;
    bool every_letter;          /* there is a value after each letter, not only after blocks */
    fmpq *start;                /* dimension numbers */
    struct rw_letters *first;   /* first[j]: the value after the first j letters of all, j = 0 .. length */
    struct rw_letters *factor;  /* F */
    struct rw_letters *targets; /* T_j from targets + (j - 1) * dimension on */
};
/* From the spec of the certificate, its series, length and basis, all of which are checked. false: something failed. Clear in any case. */
bool rw_block_machine_make(struct rw_block_machine *machine, struct rw_certificate *certificate, size_t length,
                           struct rw_letter_space *space);
void rw_block_machine_clear(struct rw_block_machine *machine);

/* --- the network --- */

/* All layers but the last; of each head of the last one what the last token did: S <- S a + b. */
struct rw_block_moves {
    struct rw_letters *a, *b; /* d_k x d_k, d_v x d_k */
};
struct rw_block_net {
    const struct rw_recheck_net *net;
    const struct rw_recheck_layer *last;
    struct rw_letter_space *space;
    uint32_t place;            /* of the next letter */
    struct rw_letters *stream; /* before the last layer */
    size_t state_count;
    struct rw_letters *states; /* of the layers before */
    struct rw_block_moves *moves;
    struct rw_matrix **reads; /* of each layer's neurons: column n is what neuron n reads; NULL: none */
};
void rw_block_net_init(struct rw_block_net *run, const struct rw_recheck_net *net, struct rw_letter_space *space);
void rw_block_net_clear(struct rw_block_net *run);
/* Reads a token, or the next letter. */
void rw_block_net_token(struct rw_block_net *run, size_t token);
void rw_block_net_letter(struct rw_block_net *run);
/* Output 0: direct + sum of reads[i] * coordinate i of the last layer, functions that are 0 before. false: a neuron of the last layer reads its state. */
bool rw_block_net_output(struct rw_block_net *run, struct rw_letters *direct, struct rw_letters *reads);

#endif
