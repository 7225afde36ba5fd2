/* What follows from linear inequalities: all nonnegative combinations do, and nothing that some solution contradicts. */
#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/random.h"
#include "exact/farkas.h"

#define PLACES 4
#define WIDTH  (PLACES + 1)
#define MOST   6

static void set_random(struct rw_random *random, fmpq *row)
{
    for (size_t j = 0; j < WIDTH; j++)
        fmpq_set_si(row + j, (slong)rw_random_below(random, 7) - 3, 1 + rw_random_below(random, 2));
}

static bool satisfies(const fmpq *row, const fmpq *x)
{
    fmpq_t value;
    fmpq_init(value);
    fmpq_set(value, row + PLACES);
    for (size_t j = 0; j < PLACES; j++)
        fmpq_addmul(value, row + j, x + j);
    bool good = fmpq_sgn(value) >= 0;
    fmpq_clear(value);
    return good;
}

/* goal = a random combination of the rows, and a row that is nowhere negative. */
static void combine(struct rw_random *random, const fmpq *rows, size_t count, fmpq *goal)
{
    fmpq_t factor;
    fmpq_init(factor);
    for (size_t j = 0; j < WIDTH; j++)
        fmpq_set_si(goal + j, (slong)rw_random_below(random, 2), 1);
    for (size_t i = 0; i < count; i++) {
        fmpq_set_si(factor, (slong)rw_random_below(random, 3), 1 + rw_random_below(random, 3));
        for (size_t j = 0; j < WIDTH; j++)
            fmpq_addmul(goal + j, factor, rows + i * WIDTH + j);
    }
    fmpq_clear(factor);
}

Test(farkas, every_nonnegative_combination_follows)
{
    struct rw_random random = rw_random_seed(1);
    fmpq *rows = _fmpq_vec_init(MOST * WIDTH), *goal = _fmpq_vec_init(WIDTH);
    for (size_t again = 0; again < 1000; again++) {
        size_t count = rw_random_below(&random, MOST + 1);
        for (size_t i = 0; i < count; i++)
            set_random(&random, rows + i * WIDTH);
        combine(&random, rows, count, goal);
        cr_assert(rw_follows(PLACES, rows, count, goal), "case %zu", again);
    }
    _fmpq_vec_clear(rows, MOST * WIDTH);
    _fmpq_vec_clear(goal, WIDTH);
}

Test(farkas, nothing_follows_that_a_solution_contradicts)
{
    struct rw_random random = rw_random_seed(2);
    fmpq *rows = _fmpq_vec_init(MOST * WIDTH), *goal = _fmpq_vec_init(WIDTH), *x = _fmpq_vec_init(PLACES);
    size_t followed = 0, contradicted = 0;
    for (size_t again = 0; again < 600; again++) {
        size_t count = rw_random_below(&random, MOST + 1);
        for (size_t i = 0; i < count; i++)
            set_random(&random, rows + i * WIDTH);
        set_random(&random, goal);
        bool follows = rw_follows(PLACES, rows, count, goal);
        followed += follows;
        for (size_t point = 0; point < 60; point++) {
            bool solves = true;
            for (size_t j = 0; j < PLACES; j++)
                fmpq_set_si(x + j, (slong)rw_random_below(&random, 7), 1 + rw_random_below(&random, 3));
            for (size_t i = 0; i < count; i++)
                solves = solves && satisfies(rows + i * WIDTH, x);
            contradicted += solves && !satisfies(goal, x);
            cr_assert_not(follows && solves && !satisfies(goal, x), "case %zu", again);
        }
    }
    cr_assert_gt(followed, 20);
    cr_assert_gt(contradicted, 20);
    _fmpq_vec_clear(rows, MOST * WIDTH);
    _fmpq_vec_clear(goal, WIDTH);
    _fmpq_vec_clear(x, PLACES);
}

Test(farkas, without_a_solution_the_impossible_follows)
{
    /* x0 >= 2 and x0 <= 1 */
    fmpq *rows = _fmpq_vec_init(2 * WIDTH), *never = _fmpq_vec_init(WIDTH);
    fmpq_set_si(rows, 1, 1);
    fmpq_set_si(rows + PLACES, -2, 1);
    fmpq_set_si(rows + WIDTH, -1, 1);
    fmpq_set_si(rows + WIDTH + PLACES, 1, 1);
    fmpq_set_si(never + PLACES, -1, 1);
    cr_assert(rw_follows(PLACES, rows, 2, never));
    cr_assert_not(rw_follows(PLACES, rows, 1, never));
    _fmpq_vec_clear(rows, 2 * WIDTH);
    _fmpq_vec_clear(never, WIDTH);
}
