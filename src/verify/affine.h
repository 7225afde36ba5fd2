/* affine.h - vectors that depend affinely on the counters of a machine, over boxes of counter values. Internal to verify.
 *
 * The arithmetic of symbolic execution (theory V4): each counter lies in an interval of integers, perhaps unbounded, and every number of the
 * network is constant + sum of slope_i * counter_i there. */
#ifndef RW_VERIFY_AFFINE_H
#define RW_VERIFY_AFFINE_H

#include "exact/sparse.h"

#define RW_MINUS_INFINITY INT64_MIN
#define RW_PLUS_INFINITY  INT64_MAX

/* Integers from low to high, both included; never empty. */
struct rw_interval {
    int64_t low, high;
};

static inline bool rw_is_point(struct rw_interval interval)
{
    return interval.low == interval.high;
}
/* All integers of the interval plus `add`, and perhaps more where a bound no longer fits. */
struct rw_interval rw_interval_shift(struct rw_interval interval, int64_t add);

/* part[0] is the constant, part[1 + i] the slope of counter i; all of one size. */
struct rw_affine {
    size_t counters;
    struct rw_vector *part;
};

void rw_affine_init(struct rw_affine *a, size_t size, size_t counters);
void rw_affine_clear(struct rw_affine *a);
void rw_affine_zero(struct rw_affine *a);
void rw_affine_copy(struct rw_affine *to, const struct rw_affine *from);
/* y += M x */
void rw_affine_apply(const struct rw_matrix *m, const struct rw_affine *x, struct rw_affine *y);
/* y += a constant column. */
void rw_affine_add_column(const struct rw_matrix *column, struct rw_affine *y);
/* Whether a and b are the same function of the counters on the box. */
bool rw_affine_equal_on(const struct rw_affine *a, const struct rw_affine *b, const struct rw_interval *box);
/* Rewrites a function of c as one of c' = c + shift. */
void rw_affine_shift(struct rw_affine *a, const int64_t *shift);
/* Puts the value of a counter into the constant: it is a function of the others then. */
void rw_affine_fix(struct rw_affine *a, size_t counter, int64_t value);
bool rw_affine_depends_on(const struct rw_affine *a, size_t counter);

/* Where a box must be cut so that a sign is the same all over each part: counter <= at, and counter > at. */
struct rw_cut {
    size_t counter;
    int64_t at;
};

enum rw_sign { RW_SIGN_NEVER_POSITIVE, RW_SIGN_POSITIVE, RW_SIGN_NEVER_NEGATIVE, RW_SIGN_MIXED };
/* The sign of entry i on the box: POSITIVE everywhere, NEVER_NEGATIVE (but not everywhere positive), NEVER_POSITIVE; or MIXED, with a cut that helps. */
enum rw_sign rw_affine_sign(const struct rw_affine *a, uint32_t i, const struct rw_interval *box, struct rw_cut *cut);

#endif
