/* near.h - "did you mean ...?": the known name nearest to a mistyped one. */
#ifndef RW_BASE_NEAR_H
#define RW_BASE_NEAR_H

#include <stddef.h>

struct rw_diag;

struct rw_near {
    const char *wanted; /* borrowed */
    size_t length;
    const char *best; /* borrowed; NULL as long as nothing is near enough */
    size_t distance;
};

struct rw_near rw_near_start(const char *wanted);
struct rw_near rw_near_start_n(const char *wanted, size_t length);
/* Edit distance with transpositions; only names within a third of the length count.
 * Cost: length x length, skipped for names that cannot win. */
void rw_near_offer(struct rw_near *near, const char *name);
/* Adds "did you mean 'x'?" to the last problem, if there is a near name. */
void rw_near_hint(const struct rw_near *near, struct rw_diag *diag);

#endif
