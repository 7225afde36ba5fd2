/* parallel.c - threads that take the next piece until there is none.
 *
 * FLINT keeps memory for each thread, which the thread gives back before it ends. */
#include "exact/parallel.h"

#include <stdlib.h>
#include <unistd.h>

#include <flint/flint.h>

#include "base/memory.h"

struct crew {
    const struct rw_parallel *parallel;
    void *context;
    size_t next, count;
    pthread_mutex_t lock;
};

size_t rw_threads(uint64_t asked)
{
    const char *text = getenv("RNNWIT_THREADS");
    if (asked == 0 && text != NULL)
        asked = strtoull(text, NULL, 10);
    if (asked == 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        asked = online > 0 ? (uint64_t)online : 1;
    }
    return asked < RW_MOST_THREADS ? (size_t)asked : RW_MOST_THREADS;
}

/* The number of a piece that this thread is to do; false: there is none left. */
static bool take(struct crew *crew, size_t *piece)
{
    pthread_mutex_lock(&crew->lock);
    bool more = crew->next < crew->count;
    if (more && crew->parallel->take != NULL && !crew->parallel->take(crew->context, crew->next)) {
        crew->count = crew->next;
        more = false;
    }
    *piece = more ? crew->next++ : 0;
    pthread_mutex_unlock(&crew->lock);
    return more;
}

static void work(struct crew *crew)
{
    for (size_t piece; take(crew, &piece);)
        crew->parallel->work(crew->context, piece);
}

static void *run_thread(void *argument)
{
    work(argument);
    flint_cleanup();
    return NULL;
}

void rw_parallel_run(const struct rw_parallel *parallel, void *context, size_t count, size_t threads)
{
    struct crew crew = {.parallel = parallel, .context = context, .count = count};
    size_t started = 0, wanted = threads < count ? threads : count;
    pthread_t *others = rw_alloc(wanted, sizeof *others);
    pthread_mutex_init(&crew.lock, NULL);
    /* Where no more threads can be had, those that there are do the work. */
    while (started + 1 < wanted && pthread_create(others + started, NULL, run_thread, &crew) == 0)
        started++;
    work(&crew);
    for (size_t i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    pthread_mutex_destroy(&crew.lock);
    free(others);
}

/* --- progress --- */

/* The lock is held. */
static bool ask(struct rw_shared_progress *shared, const char *what, uint64_t done, uint64_t total)
{
    bool own = shared->what != NULL;
    if (!shared->stopped && !rw_progress_report(shared->outer, own ? shared->what : what, own ? shared->done : done,
                                                own ? shared->total : total))
        shared->stopped = true;
    return !shared->stopped;
}

static bool report(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    struct rw_shared_progress *shared = (struct rw_shared_progress *)progress;
    pthread_mutex_lock(&shared->lock);
    bool goes_on = ask(shared, what, done, total);
    pthread_mutex_unlock(&shared->lock);
    return goes_on;
}

void rw_shared_progress_init(struct rw_shared_progress *shared, struct rw_progress *outer, const char *what,
                             uint64_t total)
{
    *shared = (struct rw_shared_progress){.base = {report}, .outer = outer, .what = what, .total = total};
    pthread_mutex_init(&shared->lock, NULL);
}

void rw_shared_progress_clear(struct rw_shared_progress *shared)
{
    pthread_mutex_destroy(&shared->lock);
}

void rw_shared_progress_advance(struct rw_shared_progress *shared)
{
    pthread_mutex_lock(&shared->lock);
    shared->done++;
    ask(shared, NULL, shared->done, shared->total);
    pthread_mutex_unlock(&shared->lock);
}

bool rw_shared_progress_stopped(struct rw_shared_progress *shared)
{
    pthread_mutex_lock(&shared->lock);
    bool stopped = shared->stopped;
    pthread_mutex_unlock(&shared->lock);
    return stopped;
}
