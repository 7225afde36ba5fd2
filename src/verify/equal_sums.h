/* equal_sums.h - equality for all words where the difference of two counters matters (theory V4). Internal to verify.
 *
 * As rw_equal_piecewise, but regions also tell the signs of some sums of counters apart, and boxes bound them: those that are constant somewhere on runs, or all sums and
 * differences of two. An invariant of the machine such as x + y = z, x <= y or x != y leaves out the cells that no run comes to. */
#ifndef RW_VERIFY_EQUAL_SUMS_H
#define RW_VERIFY_EQUAL_SUMS_H

#include "base/limits.h"
#include "base/progress.h"
#include "verify/equal.h"

/* A counter machine with at least two counters, and few enough, beside a piecewise network. RW_DIFFERENT: `word`, which need not be a shortest one. `why` (may be NULL) says how
 * it was proved, and nothing if it was not. */
enum rw_equality rw_equal_sums(const struct rw_machine *machine, const struct rw_net *net,
                               const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                               FILE *why);

#endif
