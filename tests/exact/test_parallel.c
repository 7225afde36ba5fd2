/* Threads: every piece is done once, prepared in order, and the results do not depend on how many threads there are. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <flint/fmpz.h>

#include "base/random.h"
#include "exact/parallel.h"

#define PIECES 500

struct sums {
    struct rw_random random;
    size_t taken, last;
    uint64_t drawn[PIECES];
    size_t digits[PIECES];
};

static bool take(void *context, size_t piece)
{
    struct sums *sums = context;
    if (piece == sums->last)
        return false;
    cr_assert_eq(piece, sums->taken);
    sums->drawn[sums->taken++] = rw_random_below(&sums->random, 100);
    return true;
}

/* Numbers that FLINT allocates: each thread has its own memory for them. */
static void work(void *context, size_t piece)
{
    struct sums *sums = context;
    fmpz_t power;
    fmpz_init_set_ui(power, 3);
    fmpz_pow_ui(power, power, 200 + sums->drawn[piece]);
    sums->digits[piece] += fmpz_sizeinbase(power, 10);
    fmpz_clear(power);
}

static struct sums *run(size_t threads, size_t last)
{
    static const struct rw_parallel parallel = {take, work};
    struct sums *sums = calloc(1, sizeof *sums);
    sums->random = rw_random_seed(3);
    sums->last = last;
    rw_parallel_run(&parallel, sums, PIECES, threads);
    return sums;
}

Test(parallel, any_number_of_threads_gives_the_same)
{
    struct sums *one = run(1, PIECES);
    cr_assert_eq(one->taken, PIECES);
    for (size_t threads = 2; threads <= 8; threads++) {
        struct sums *more = run(threads, PIECES);
        cr_assert_eq(memcmp(one, more, sizeof *one), 0, "%zu threads", threads);
        free(more);
    }
    free(one);
}

Test(parallel, nothing_is_done_after_the_last_piece)
{
    for (size_t threads = 1; threads <= 4; threads++) {
        struct sums *sums = run(threads, 17);
        cr_assert_eq(sums->taken, 17);
        for (size_t i = 0; i < PIECES; i++)
            cr_assert_eq(sums->digits[i] > 0, i < 17);
        free(sums);
    }
}

Test(parallel, no_pieces_need_no_threads)
{
    static const struct rw_parallel parallel = {take, work};
    rw_parallel_run(&parallel, NULL, 0, 4);
}

Test(parallel, the_environment_says_how_many_threads_unless_a_number_is_asked_for)
{
    setenv("RNNWIT_THREADS", "3", 1);
    cr_assert_eq(rw_threads(0), 3);
    cr_assert_eq(rw_threads(5), 5);
    setenv("RNNWIT_THREADS", "nonsense", 1);
    cr_assert_geq(rw_threads(0), 1);
    cr_assert_eq(rw_threads(UINT64_MAX), RW_MOST_THREADS);
}

/* --- progress --- */

struct counting {
    struct rw_progress base;
    size_t asked, patience;
    uint64_t last;
};

static bool count(struct rw_progress *base, const char *what, uint64_t done, uint64_t total)
{
    struct counting *counting = (struct counting *)base;
    cr_assert_str_eq(what, "pieces");
    cr_assert_eq(total, 10);
    counting->last = done;
    return ++counting->asked <= counting->patience;
}

Test(parallel, progress_counts_pieces_and_stays_stopped)
{
    struct counting outer = {.base = {count}, .patience = 4};
    struct rw_shared_progress shared;
    rw_shared_progress_init(&shared, &outer.base, "pieces", 10);
    cr_assert(rw_progress_report(&shared.base, "something else", 77, 99));
    rw_shared_progress_advance(&shared);
    rw_shared_progress_advance(&shared);
    cr_assert_eq(outer.last, 2);
    cr_assert(rw_progress_report(&shared.base, "something else", 77, 99));
    cr_assert_not(rw_progress_report(&shared.base, "something else", 77, 99));
    cr_assert(rw_shared_progress_stopped(&shared));
    outer.patience = 100;
    cr_assert_not(rw_progress_report(&shared.base, "something else", 77, 99));
    rw_shared_progress_clear(&shared);
}
