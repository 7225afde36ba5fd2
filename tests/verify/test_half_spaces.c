/* Signs on parts of boxes: what is found at the corners of random triangles, and nothing that a point of them contradicts. */
#include <criterion/criterion.h>

#include "base/random.h"
#include "verify/half_spaces.h"

/* slopes * counters + constant */
static void set(struct rw_affine *a, int64_t constant, int64_t first, int64_t second)
{
    const int64_t values[] = {constant, first, second};
    for (size_t p = 0; p < 3; p++)
        rw_q_set_int(rw_vector_at(a->part + p, 0), values[p]);
}

static int64_t draw(struct rw_random *random)
{
    return (int64_t)rw_random_below(random, 9) - 4;
}

/* Whether the value in the middle of the cell of a grid is above 0, or below. */
static int side_of(const struct rw_affine *a, size_t i, int64_t x, int64_t y, int64_t grid)
{
    fmpq_t value, at;
    fmpq_init(value);
    fmpq_init(at);
    fmpq_set(value, a->part->value + i);
    fmpq_set_si(at, 2 * x + 1, 2 * (ulong)grid);
    fmpq_addmul(value, a->part[1].value + i, at);
    fmpq_set_si(at, 2 * y + 1, 2 * (ulong)grid);
    fmpq_addmul(value, a->part[2].value + i, at);
    int sign = rw_q_sign(value);
    fmpq_clear(value);
    fmpq_clear(at);
    return sign;
}

/* Both signs of `a` among the points of a grid on the sides. */
static void look(const struct rw_half_spaces *within, const struct rw_affine *a, bool *above, bool *below)
{
    enum { GRID = 64 };
    *above = *below = false;
    for (int64_t x = 0; x < GRID; x++)
        for (int64_t y = 0; y < GRID; y++) {
            bool inside = true;
            for (size_t k = 0; k < within->count && inside; k++)
                inside = side_of(&within->sides, k, x, y, GRID) >= 0;
            int sign = inside ? side_of(a, 0, x, y, GRID) : 0;
            *above = *above || sign > 0;
            *below = *below || sign < 0;
        }
}

Test(half_spaces, signs_are_those_of_the_points_there)
{
    static const struct rw_interval box[] = {{0, 1}, {0, 1}};
    struct rw_random random = rw_random_seed(3);
    struct rw_half_spaces within;
    struct rw_affine a;
    size_t decided = 0, mixed = 0;
    rw_affine_init(&a, 1, 2);
    for (int trial = 0; trial < 400; trial++) {
        rw_half_spaces_init(&within, 2, 2);
        for (int side = 0; side < 2; side++) {
            set(&a, draw(&random), draw(&random), draw(&random));
            cr_assert(rw_half_spaces_push(&within, &a, 0));
        }
        cr_assert_not(rw_half_spaces_push(&within, &a, 0));
        set(&a, draw(&random), draw(&random), draw(&random));
        bool above, below;
        look(&within, &a, &above, &below);
        enum rw_sign sign = rw_half_spaces_sign(&within, &a, 0, box);
        cr_assert(!above || sign != RW_SIGN_NEVER_POSITIVE);
        cr_assert(!below || sign != RW_SIGN_NEVER_NEGATIVE);
        cr_assert(!above || !below || sign == RW_SIGN_MIXED);
        cr_assert(!rw_half_spaces_positive(&within, &a, 0, box, true) || !below);
        decided += sign != RW_SIGN_MIXED;
        mixed += above && below;
        rw_half_spaces_clear(&within);
    }
    cr_assert_gt(decided, 100);
    cr_assert_gt(mixed, 20);
    rw_affine_clear(&a);
}

Test(half_spaces, the_upper_ends_may_not_belong)
{
    static const struct rw_interval box[] = {{0, 1}, {0, 1}}, point[] = {{1, 1}, {0, 1}};
    struct rw_half_spaces within;
    struct rw_affine a;
    rw_affine_init(&a, 1, 2);
    rw_half_spaces_init(&within, 2, 1);
    set(&a, 0, 1, -1); /* x >= y */
    cr_assert(rw_half_spaces_push(&within, &a, 0));
    set(&a, 1, -1, 0); /* 1 - x: 0 on the upper end of x */
    cr_assert(rw_half_spaces_positive(&within, &a, 0, box, true));
    cr_assert_not(rw_half_spaces_positive(&within, &a, 0, box, false));
    cr_assert_not(rw_half_spaces_positive(&within, &a, 0, point, true), "a point belongs");
    set(&a, 0, 1, 0); /* x: 0 where both are */
    cr_assert_not(rw_half_spaces_positive(&within, &a, 0, box, true));
    set(&a, 1, -2, 1); /* 1 - 2 x + y: 0 at (1, 1), below 0 at (1, 0) */
    cr_assert_not(rw_half_spaces_positive(&within, &a, 0, box, true));
    rw_half_spaces_turn(&within); /* y >= x */
    cr_assert(rw_half_spaces_positive(&within, &a, 0, box, true));
    cr_assert_not(rw_half_spaces_positive(&within, &a, 0, box, false));
    rw_half_spaces_pop(&within);
    cr_assert_eq(rw_half_spaces_sign(&within, &a, 0, box), RW_SIGN_MIXED);
    rw_half_spaces_clear(&within);
    rw_affine_clear(&a);
}
