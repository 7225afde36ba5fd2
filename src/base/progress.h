/* progress.h - long work tells how far it is and asks whether to go on. */
#ifndef RW_BASE_PROGRESS_H
#define RW_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* The command line implements this: draws on a terminal, and knows about Ctrl-C. */
struct rw_progress {
    /* `done` of `total` units (0: unknown) of the work called `what`. false: stop soon, leaving a clean result. */
    bool (*report)(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total);
};

/* true: go on. `progress` may be NULL. Call it every few thousand units, not every unit. */
static inline bool rw_progress_report(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    return progress == 0 || progress->report(progress, what, done, total);
}

#endif
