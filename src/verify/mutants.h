/* mutants.h - all mutants of one control: drawn in order, settled on several threads. Internal to verify. */
#ifndef RW_VERIFY_MUTANTS_H
#define RW_VERIFY_MUTANTS_H

#include "verify/verify.h"

struct rw_mutants {
    const struct rw_net *net;
    size_t count, threads;
    uint64_t seed;
    const struct rw_limits *limits;
    struct rw_progress *progress;
    /* Finds the fate of one changed network, called on several threads at once. */
    void (*settle)(const void *context, const struct rw_net *changed, struct rw_progress *progress,
                   struct rw_mutant *mutant);
    const void *context;
};

/* Fills in the report: free it with rw_mutate_report_free. Mutants that an interrupt left unsettled are not in it. */
void rw_mutants_settle(const struct rw_mutants *mutants, struct rw_mutate_report *report);

#endif
