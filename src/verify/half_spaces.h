/* half_spaces.h - the part of a box where some affine functions of the counters are not negative. Internal to verify.
 *
 * A ReLU whose sign is not the same all over a box, and changes perhaps along a diagonal, has one sign on either side. Signs within such a part are
 * what follows from linear inequalities over the rationals (exact/farkas.h). */
#ifndef RW_VERIFY_HALF_SPACES_H
#define RW_VERIFY_HALF_SPACES_H

#include "verify/affine.h"

struct rw_half_spaces {
    size_t count, most;
    struct rw_affine sides; /* the first `count` of `most` entries are those that are not negative */
};
void rw_half_spaces_init(struct rw_half_spaces *within, size_t counters, size_t most);
void rw_half_spaces_clear(struct rw_half_spaces *within);

/* One more, the last: where entry i is not negative. false: there are `most` already. */
bool rw_half_spaces_push(struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i);
/* The last one becomes the other side. */
void rw_half_spaces_turn(struct rw_half_spaces *within);
void rw_half_spaces_pop(struct rw_half_spaces *within);

/* As rw_affine_sign, but POSITIVE is not told from NEVER_NEGATIVE. MIXED, if the lower ends of the box are finite and the part has points: both
 * signs occur. */
enum rw_sign rw_half_spaces_sign(const struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i,
                                 const struct rw_interval *box);
/* Positive everywhere; `open`: but for the upper ends of the boxes that are not points. */
bool rw_half_spaces_positive(const struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i,
                             const struct rw_interval *box, bool open);

#endif
