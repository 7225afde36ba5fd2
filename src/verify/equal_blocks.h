/* equal_blocks.h - machines beside a network that works block by block: induction over blocks. Internal to verify. */
#ifndef RW_VERIFY_EQUAL_BLOCKS_H
#define RW_VERIFY_EQUAL_BLOCKS_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"
#include "verify/equal.h"

/* How the last layer's state before block b holds the row of what was read before b's predecessor (block_model.h): number j of that row is scale * sum
 * over i of at[i * dimension + j] * coordinate i. */
struct rw_block_reading {
    fmpq *at;
};

/* Blocks 1 .. first + period - 1, each with its reading; from `first` on what happens in a block repeats. */
struct rw_blocks_proof {
    const char *series; /* of the machine: "indicator", "paths", "weight", or "product" of an iterated matrix product */
    size_t coordinates, dimension;
    size_t states; /* of the series; 0: of an iterated matrix product */
    fmpq *basis; /* dimension columns of `states` numbers: rows are told by their products with these (block_model.h) */
    size_t length; /* letters of a block */
    size_t first, period;
    size_t count, capacity; /* readings of blocks 1 .. count */
    struct rw_block_reading *readings;
    uint64_t cases;    /* of letters, looked at one by one */
    const char *limit; /* not proved because of this limit; NULL: for another reason */
};
void rw_blocks_proof_clear(struct rw_blocks_proof *proof);

/* Whether the machine is an iterated matrix product: its blocks are the matrices. */
bool rw_machine_has_blocks(const struct rw_machine *machine);
/* Whether the argument may apply: an iterated matrix product, or a weighted automaton beside layers of linear heads and feed-forward parts. */
bool rw_may_have_blocks(const struct rw_machine *machine, const struct rw_net *net);
/* EQUAL for all words, or UNDECIDED and `why` says which part could not be shown. Clear the proof in any case. Cost: for each length of blocks
 * that is tried a run on functions of letters, which ends where an equation fails; for the right one, of two or three periods of the router. */
enum rw_equality rw_equal_blocks(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_progress *progress,
                                 struct rw_blocks_proof *proof, FILE *why);

#endif
