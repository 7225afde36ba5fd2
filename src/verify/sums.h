/* sums.h - sums of counters as further numbers of a cell. Internal to verify.
 *
 * A box of counter values says nothing of how counters are related. Here a box has an interval for each counter and then one for each sum that is kept, such as
 * c_1 + c_2, c_1 - c_2 or c_1 - 2 c_2: bounds of differences. Because regions tell the signs of all numbers apart, c_1 != c_2 can be said too, by two regions. The
 * network's state stays a function of the counters alone. Which sums are kept is nobody's claim: any will do, and some help. */
#ifndef RW_VERIFY_SUMS_H
#define RW_VERIFY_SUMS_H

#include "automata/counter.h"
#include "verify/affine.h"

/* Sums: 0 = the sum of factor[t] times number[t]. */
struct rw_law {
    size_t count;
    size_t *number;
    int64_t *factor;
};

/* Numbers are the counters and then the sums. */
struct rw_sums {
    const struct rw_counter *machine; /* NULL where no sum is kept */
    size_t counters, count, law_count, law_capacity;
    int64_t *factors; /* count x counters */
    struct rw_law *laws;
};

/* Only the counters. Nothing to clear. */
struct rw_sums rw_sums_none(size_t counters);
/* Those that are constant in some state of the machine on some runs, and, if `pairs`, the sum and the difference of any two counters. false, and nothing to clear: there are
 * none; or more than fit `most` numbers; or counters grow too fast. */
bool rw_sums_make(struct rw_sums *sums, const struct rw_machine *machine, bool pairs, size_t most);
void rw_sums_clear(struct rw_sums *sums);
static inline size_t rw_sums_numbers(const struct rw_sums *sums)
{
    return sums->counters + sums->count;
}

/* Another sum, and its laws. false: it or a multiple of it is kept already, or factors or resets are such that it cannot be. */
bool rw_sums_add(struct rw_sums *sums, const int64_t *factors);
/* The sums that hold one value in some state on runs of the machine, as far as they are not kept already: up to `most` numbers. */
void rw_sums_guess(struct rw_sums *sums, const struct rw_machine *machine, size_t most);

/* values[counters...] from the counters before them. */
void rw_sums_fill(const struct rw_sums *sums, int64_t *values);
/* Leaves out of the box what no counters can have, as far as bounds carried along the laws say. false: nothing is left. */
bool rw_sums_tighten(const struct rw_sums *sums, struct rw_interval *box);
/* What the rule (NULL: none) adds to a number, if it resets no part of it. */
int64_t rw_sums_added(const struct rw_sums *sums, const struct rw_counter_rule *rule, size_t number);
/* The box after the rule (NULL: nothing changes). A number that the rule resets a part of has one sign there if all counters have. */
void rw_sums_move(const struct rw_sums *sums, const struct rw_counter_rule *rule, const struct rw_interval *box,
                  struct rw_interval *after);

/* As rw_affine_sign, on a box of numbers; the cut may be of a sum. */
enum rw_sign rw_sums_sign(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i,
                          const struct rw_interval *box, struct rw_cut *cut);
/* As rw_affine_equal_on. false may only mean that it was not seen. */
bool rw_sums_equal_on(const struct rw_sums *sums, const struct rw_affine *a, const struct rw_affine *b,
                      const struct rw_interval *box);

#endif
