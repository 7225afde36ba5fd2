/* stack_code.h - how a stack is kept in one coordinate s, and how ReLU units read and change it. Internal.
 *
 * Everything a stack costs the network is affine in s or in ReLU units of s: ramps ReLU(slope s + shift), bits ReLU(combination of ramps) that
 * are 0 or 1, tests that are combinations of bits, and affine updates for push and pop. */
#ifndef RW_REDUCTIONS_WITNESS_STACK_CODE_H
#define RW_REDUCTIONS_WITNESS_STACK_CODE_H

#include "exact/rational.h"

/* constant + sum of weight[k] * unit[k] */
struct rw_combination {
    int64_t constant;
    size_t count;
    struct {
        size_t unit;
        int64_t weight;
    } terms[3];
};

/* multiplier * s + constant, over a common denominator. */
struct rw_stack_update {
    int64_t multiplier, constant, denominator;
};

struct rw_stack_code {
    int64_t empty; /* s of the empty stack */
    /* s is ramp 0 divided by its slope. */
    size_t (*ramps)(size_t letters);
    void (*ramp)(size_t letters, size_t i, int64_t *slope, int64_t *shift);
    size_t (*bits)(size_t letters);
    struct rw_combination (*bit)(size_t letters, size_t i); /* of ramps */
    /* 1 if the test passes and 0 if not, of bits; enum rw_top, not ANY. */
    struct rw_combination (*test)(size_t letters, uint32_t test);
    struct rw_stack_update (*push)(size_t letters, uint32_t letter);
    struct rw_stack_update (*pop)(size_t letters, uint32_t letter);
    /* No update of a stack, right or wrong, is above this. */
    int64_t (*bound)(size_t letters);
};

/* W10: base 2B with gaps, exact at every depth. */
extern const struct rw_stack_code rw_stack_gapped;
/* Theorem 1 as printed, for two letters: base 2, the empty stack is 1, the head is [s >= 1], the bottom test [s = 1], each with tolerance 1/3.
 * Tops 0 come as near to 1 as the stack is deep, so the tests err (E1). */
extern const struct rw_stack_code rw_stack_printed;

#endif
