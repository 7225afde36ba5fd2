/* mutants.c - all mutants of one control.
 *
 * All random choices are made while mutants are taken in order, so that no number of threads changes which they are; a changed network
 * lives from then until its fate is known. */
#include "verify/mutants.h"

#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "exact/parallel.h"
#include "verify/mutant.h"

struct line {
    const struct rw_mutants *mutants;
    struct rw_random random;
    struct rw_mutant *drawn;
    struct rw_net **changed; /* of those that are in work */
    struct rw_shared_progress progress;
    size_t taken;
};

static bool take(void *context, size_t piece)
{
    struct line *line = context;
    if (!rw_progress_report(&line->progress.base, NULL, 0, 0))
        return false;
    line->changed[piece] =
        rw_mutant_draw(line->mutants->net, &line->random, line->mutants->limits, line->drawn + piece);
    line->taken += line->changed[piece] != NULL;
    return line->changed[piece] != NULL;
}

static void work(void *context, size_t piece)
{
    struct line *line = context;
    struct rw_mutant *mutant = line->drawn + piece;
    line->mutants->settle(line->mutants->context, line->changed[piece], &line->progress.base, mutant);
    rw_net_free(line->changed[piece]);
    line->changed[piece] = NULL;
    /* What was found before an interrupt is sound; what was not found may be its fault. */
    if (mutant->fate == RW_MUTANT_UNKNOWN && rw_shared_progress_stopped(&line->progress))
        rw_mutant_clear(mutant);
    else
        rw_shared_progress_advance(&line->progress);
}

/* Those that were settled, in their order. */
static void collect(struct line *line, struct rw_mutate_report *report)
{
    for (size_t i = 0; i < line->taken; i++) {
        struct rw_mutant *mutant = line->drawn + i;
        if (mutant->place == NULL)
            continue;
        report->noticed += mutant->fate == RW_MUTANT_NOTICED;
        report->configurations += mutant->fate == RW_MUTANT_NOTICED && mutant->counterexample.kind == RW_DIFFER_STATE;
        report->equivalent += mutant->fate == RW_MUTANT_EQUIVALENT;
        report->unknown += mutant->fate == RW_MUTANT_UNKNOWN;
        line->drawn[report->count++] = *mutant;
    }
    report->mutants = line->drawn;
}

void rw_mutants_settle(const struct rw_mutants *mutants, struct rw_mutate_report *report)
{
    static const struct rw_parallel parallel = {take, work};
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct line line = {.mutants = mutants,
                        .random = rw_random_seed(mutants->seed),
                        .drawn = rw_alloc(mutants->count, sizeof *line.drawn),
                        .changed = rw_alloc(mutants->count, sizeof(struct rw_net *))};
    rw_shared_progress_init(&line.progress, mutants->progress, "mutants", mutants->count);
    *report = (struct rw_mutate_report){.seed = mutants->seed};
    rw_parallel_run(&parallel, &line, mutants->count, rw_threads(mutants->threads));
    collect(&line, report);
    report->interrupted = line.progress.stopped;
    rw_shared_progress_clear(&line.progress);
    free(line.changed);
    clock_gettime(CLOCK_MONOTONIC, &end);
    report->seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}
