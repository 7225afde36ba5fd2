/* sums.h - sums and differences of two counters as further numbers of a cell. Internal to verify.
 *
 * A box of counter values says nothing of how counters are related. Here a box has an interval for each counter and then one for each sum
 * c_a + c_b and each difference c_a - c_b: difference bounds. Because regions tell the signs of all numbers apart, c_a != c_b can be said too, by two regions. The
 * network's state stays a function of the counters alone. */
#ifndef RW_VERIFY_SUMS_H
#define RW_VERIFY_SUMS_H

#include "automata/counter.h"
#include "verify/affine.h"

/* c_a + sign * c_b, a before b; sign is 1 or -1. */
struct rw_sum {
    size_t a, b;
    int sign;
};

/* x = p y + q z, where x, y, z are numbers of a cell, and p and q are 1 or -1; or 2 x = p y + q z. */
struct rw_law {
    size_t x, y, z;
    int factor, p, q;
};

/* Numbers are the counters and then the sums. */
struct rw_sums {
    size_t counters, count, law_count, law_capacity;
    struct rw_sum *item;
    struct rw_law *laws; /* all there are between three numbers */
};

/* Only the counters. Nothing to clear. */
struct rw_sums rw_sums_none(size_t counters);
/* All pairs of the machine's counters. false, and nothing to clear: there are no two, or more than fit `most` numbers, or they grow too fast. */
bool rw_sums_all(struct rw_sums *sums, const struct rw_counter *machine, size_t most);
void rw_sums_clear(struct rw_sums *sums);
static inline size_t rw_sums_numbers(const struct rw_sums *sums)
{
    return sums->counters + sums->count;
}

/* values[counters...] from the counters before them. */
void rw_sums_fill(const struct rw_sums *sums, int64_t *values);
/* Leaves out of the box what no counters can have, as far as bounds carried along the laws say. false: nothing is left. */
bool rw_sums_tighten(const struct rw_sums *sums, struct rw_interval *box);
/* What the rule (NULL: none) adds to a number, if it resets no part of it. */
int64_t rw_sums_added(const struct rw_sums *sums, const struct rw_counter_rule *rule, size_t number);
/* The box after the rule (NULL: nothing changes). */
void rw_sums_move(const struct rw_sums *sums, const struct rw_counter_rule *rule, const struct rw_interval *box,
                  struct rw_interval *after);

/* As rw_affine_sign, on a box of numbers; the cut may be of a sum. */
enum rw_sign rw_sums_sign(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i,
                          const struct rw_interval *box, struct rw_cut *cut);
/* As rw_affine_equal_on. false may only mean that it was not seen. */
bool rw_sums_equal_on(const struct rw_sums *sums, const struct rw_affine *a, const struct rw_affine *b,
                      const struct rw_interval *box);

#endif
