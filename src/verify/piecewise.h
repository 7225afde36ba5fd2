/* piecewise.h - an inductive invariant of regions in the making: what is shared by its guess and its proof. Internal to verify. */
#ifndef RW_VERIFY_PIECEWISE_H
#define RW_VERIFY_PIECEWISE_H

#include "base/limits.h"
#include "base/progress.h"
#include "verify/equal.h"
#include "verify/region.h"
#include "verify/symbolic.h"

struct rw_piecewise {
    const struct rw_counter *machine;
    const struct rw_net *net;
    const struct rw_sums *sums; /* that regions tell apart */
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_word *word; /* the counterexample */
    FILE *why, *why_not;  /* may be NULL: how it was proved, or why it was not */
    struct rw_regions regions;
    struct rw_symbolic symbolic;
    struct rw_region *queue, **queue_end;
    uint64_t cells;
    size_t cuts; /* around the box in hand */
    enum rw_equality result;
    bool over;  /* the result is final for this attempt */
    bool retry; /* more history may help */
};

/* Ends the attempt; the first reason stands. */
void rw_piecewise_stop(struct rw_piecewise *proof, enum rw_equality result, bool retry, const char *why);

/* The region of the empty word. */
struct rw_region_key rw_piecewise_start(const struct rw_piecewise *proof);
/* Finds regions and maps that runs agree with. Stops with RW_DIFFERENT if a run's verdicts differ. */
void rw_piecewise_guess(struct rw_piecewise *proof);
/* Whether the word tells both sides apart; it is the counterexample then. */
bool rw_piecewise_differs_on(struct rw_piecewise *proof, const struct rw_word *word);

#endif
