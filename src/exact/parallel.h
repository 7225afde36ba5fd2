/* parallel.h - pieces of work that do not depend on each other, on several threads.
 *
 * What a piece gives must not depend on which thread does it, nor when: then the results are the same for any number of threads. Random choices
 * are made in `take`, which sees the pieces in order. */
#ifndef RW_EXACT_PARALLEL_H
#define RW_EXACT_PARALLEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"

/* More threads than this are not started. */
#define RW_MOST_THREADS 256

struct rw_parallel {
    /* Prepares a piece, in their order, one at a time. false: there is none, nor any after it. May be NULL. */
    bool (*take)(void *context, size_t piece);
    /* Does it; several at once. */
    void (*work)(void *context, size_t piece);
};

/* How many threads are meant: `asked`, or where that is 0 the number in the environment's RNNWIT_THREADS, or else one for each processor online. */
size_t rw_threads(uint64_t asked);

/* Pieces 0 to count - 1. Returns when all that were taken are done; the calling thread works too. */
void rw_parallel_run(const struct rw_parallel *parallel, void *context, size_t count, size_t threads);

/* Progress of work on several threads: reports go to `outer` one at a time, and once it said stop it is not asked again. */
struct rw_shared_progress {
    struct rw_progress base;
    struct rw_progress *outer; /* may be NULL */
    pthread_mutex_t lock;
    const char *what; /* told in place of what the pieces tell; NULL: as they say */
    uint64_t done, total;
    bool stopped;
};
void rw_shared_progress_init(struct rw_shared_progress *shared, struct rw_progress *outer, const char *what,
                             uint64_t total);
void rw_shared_progress_clear(struct rw_shared_progress *shared);
/* One more piece is done. */
void rw_shared_progress_advance(struct rw_shared_progress *shared);
bool rw_shared_progress_stopped(struct rw_shared_progress *shared);

#endif
