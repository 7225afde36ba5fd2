/* mode_step.h - one step of a network whose state is an affine function of the numbers of a machine with modes. Internal to verify. */
#ifndef RW_VERIFY_MODE_STEP_H
#define RW_VERIFY_MODE_STEP_H

#include "verify/modes.h"
#include "verify/symbolic.h"

struct rw_mode_step {
    const struct rw_modes *modes;
    struct rw_symbolic symbolic;
    size_t coordinates;
    fmpq hint_factor[RW_MOST_NUMBERS]; /* number = factor * coordinate, as the relation says */
    uint32_t hint[RW_MOST_NUMBERS];
};

/* `whole`: all coordinates are followed, also those that the output never depends on. Caller clears. */
void rw_mode_step_init(struct rw_mode_step *step, const struct rw_modes *modes, const struct rw_net *net, bool whole);
void rw_mode_step_clear(struct rw_mode_step *step);

/* The map of the numbers s as a function of t, where s_i = start_i + rate_i t_i. */
void rw_map_compose(const struct rw_affine *map, const struct rw_range *ranges, struct rw_affine *out);

/* One symbol (BOS: the number of symbols) from `state`, which becomes the state after it. As rw_symbolic_step. */
enum rw_symbolic_result rw_mode_step_run(struct rw_mode_step *step, uint32_t symbol, const struct rw_interval *boxes,
                                         struct rw_affine *state, struct rw_cut *cut);

/* The sign of the output after the last step, the same all over the boxes: 1, 0 (not positive, or zero) or -1; or RW_MIXED, and where to cut.
 * `open`: the upper ends of the boxes are not reached, except by points. */
#define RW_MIXED 2
int rw_mode_step_sign(const struct rw_mode_step *step, const struct rw_interval *boxes, bool open, struct rw_cut *cut);

/* The map that an arrival suggests, the state being `state` where the numbers before are in `from` and those after in `to` (the same t): slopes
 * where the numbers vary in it, else those of `old` (may be NULL) or of the hint. */
void rw_map_suggest(const struct rw_mode_step *step, const struct rw_affine *state, const struct rw_range *from,
                    const struct rw_range *to, const struct rw_affine *old, struct rw_affine *map);

#endif
