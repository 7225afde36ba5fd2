/* equal_blocks.h - iterated matrix products beside a network that works block by block: induction over blocks. Internal to verify. */
#ifndef RW_VERIFY_EQUAL_BLOCKS_H
#define RW_VERIFY_EQUAL_BLOCKS_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"
#include "verify/equal.h"

/* How the last layer's state before block b holds the row of the product that is asked for, of all matrices before b's
 * predecessor: number j of that row is scale * sum over i of at[i * dimension + j] * coordinate i. */
struct rw_block_reading {
    fmpq *at;
};

/* Blocks 1 .. first + period - 1, each with its reading; from `first` on what happens in a block repeats. */
struct rw_blocks_proof {
    size_t coordinates, dimension;
    size_t first, period;
    size_t count, capacity; /* readings of blocks 1 .. count */
    struct rw_block_reading *readings;
    uint64_t cases; /* of letters, looked at one by one */
};
void rw_blocks_proof_clear(struct rw_blocks_proof *proof);

/* Whether the machine is an iterated matrix product, and so this argument may apply. */
bool rw_machine_has_blocks(const struct rw_machine *machine);
/* EQUAL for all words, or UNDECIDED and `why` says which part could not be shown. Clear the proof in any case. Cost: a run of two or three
 * periods of the router on functions of letters. */
enum rw_equality rw_equal_blocks(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_progress *progress,
                                 struct rw_blocks_proof *proof, FILE *why);

#endif
