/* equal_windows.h - equality for all words by one affine map for each place (theory V4). Internal to verify.
 *
 * As equal_modes.h, where that says too much about what is never reached: a place knows the top letters of all stacks together, a pop brings
 * up what was pushed, and the number of a stack of finite depth is less than 1. */
#ifndef RW_VERIFY_EQUAL_WINDOWS_H
#define RW_VERIFY_EQUAL_WINDOWS_H

#include "base/limits.h"
#include "base/progress.h"
#include "verify/equal.h"

/* A stack or Turing machine beside a piecewise network. Never RW_DIFFERENT. Cost: a symbolic step for each place, symbol and letter that a pop
 * brings up; several widths of windows are tried. */
enum rw_equality rw_equal_windows(const struct rw_machine *machine, const struct rw_net *net,
                                  const struct rw_limits *limits, struct rw_progress *progress, FILE *why);
/* Whether the machine has stacks. */
bool rw_machine_has_stacks(const struct rw_machine *machine);

#endif
