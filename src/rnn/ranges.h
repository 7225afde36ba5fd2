/* ranges.h - the values that a network's transition parameters take, against those that real implementations can take.
 *
 * Exact constructions use any rational number. Real layers squash: DeltaNet's beta lies in [0, 2] on unit keys, RWKV-7's w and a in [0, 1] on a unit kappa. */
#ifndef RW_RNN_RANGES_H
#define RW_RNN_RANGES_H

#include "rnn/net.h"

struct rw_range {
    size_t layer, head;
    const char *name; /* "beta |k|^2"; static */
    int stock_low, stock_high;
    fmpq low, high;         /* what was met */
    bool met, inside;       /* inside: all of it between stock_low and stock_high */
    struct rw_word outside; /* the first prefix (tokens) at which it was not */
};

struct rw_ranges {
    size_t count, capacity;
    struct rw_range *ranges; /* one for each quantity of each head whose family has any */
    uint64_t tokens;         /* that were run */
};

/* Runs short words, all of them as far as that goes, and some long ones, `tokens` tokens about in all, and notes the values. Deterministic. Caller clears. */
struct rw_ranges rw_ranges_measure(const struct rw_net *net, uint64_t tokens);
void rw_ranges_clear(struct rw_ranges *ranges);

#endif
