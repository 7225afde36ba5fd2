/* Functions of unknown letters: every operation does in each case of the letters what it says. */
#include <criterion/criterion.h>

#include "base/random.h"
#include "exact/letters.h"

#define SYMBOLS 3
#define PLACES  3
#define CASES   27
#define TRIALS  200

static struct rw_letter_space space_new(void)
{
    return (struct rw_letter_space){.symbols = SYMBOLS, .most = 10000};
}

static struct rw_letter_cases all_cases(void)
{
    return (struct rw_letter_cases){.places = PLACES, .count = CASES, .place = {0, 1, 2}};
}

static fmpq *values_new(void)
{
    static fmpq values[4][CASES];
    static int next;
    fmpq *list = values[next++ % 4];
    for (size_t c = 0; c < CASES; c++)
        fmpq_init(list + c);
    return list;
}

static void values_clear(fmpq *values)
{
    for (size_t c = 0; c < CASES; c++)
        fmpq_clear(values + c);
}

/* A function with few terms: random values at few cases, or of one letter. */
static struct rw_letters draw(struct rw_letter_space *space, struct rw_random *random)
{
    struct rw_letter_cases cases = all_cases();
    struct rw_letters f = {0};
    fmpq *values = values_new();
    uint64_t style = rw_random_below(random, 3);
    for (size_t c = 0; c < CASES; c++) {
        size_t by = style == 0 ? 0 : style == 1 ? c % SYMBOLS : c;
        fmpq_set_si(values + c, (slong)((by * 7 + random->state % 5) % 7) - 3, 1 + random->state % 4);
    }
    rw_letters_interpolate(space, &f, &cases, values);
    values_clear(values);
    rw_random_next(random);
    return f;
}

static fmpq *table(const struct rw_letter_space *space, const struct rw_letters *f)
{
    struct rw_letter_cases cases = all_cases();
    fmpq *values = values_new();
    rw_letters_tabulate(space, f, &cases, values);
    return values;
}

Test(letters, sums_products_and_relus_are_right_in_every_case)
{
    struct rw_random random = rw_random_seed(3);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct rw_letter_space space = space_new();
        struct rw_letters f = draw(&space, &random), g = draw(&space, &random), h = {0};
        fmpq_t factor, want;
        fmpq_init(factor);
        fmpq_init(want);
        fmpq_set_si(factor, (slong)rw_random_below(&random, 7) - 3, 2);
        rw_letters_set(&h, &f);
        rw_letters_addmul(&space, &h, factor, &g);
        rw_letters_add_product(&space, &h, &f, &g);
        fmpq *at_f = table(&space, &f), *at_g = table(&space, &g), *at_h = table(&space, &h);
        for (size_t c = 0; c < CASES; c++) {
            fmpq_set(want, at_f + c);
            fmpq_addmul(want, factor, at_g + c);
            fmpq_addmul(want, at_f + c, at_g + c);
            cr_assert(fmpq_equal(want, at_h + c));
        }
        rw_letters_relu(&space, &h);
        fmpq *after = table(&space, &h);
        for (size_t c = 0; c < CASES; c++)
            cr_assert(rw_q_sign(at_h + c) > 0 ? fmpq_equal(after + c, at_h + c) : rw_q_is_zero(after + c));
        cr_assert_not(space.exceeded);
        values_clear(at_f);
        values_clear(at_g);
        values_clear(at_h);
        values_clear(after);
        fmpq_clear(factor);
        fmpq_clear(want);
        rw_letters_clear(&f);
        rw_letters_clear(&g);
        rw_letters_clear(&h);
    }
}

Test(letters, equal_functions_have_equal_terms)
{
    struct rw_letter_space space = space_new();
    struct rw_random random = rw_random_seed(5);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct rw_letters f = draw(&space, &random), g = draw(&space, &random), fg = {0}, gf = {0};
        rw_letters_add_product(&space, &fg, &f, &g);
        rw_letters_add_product(&space, &gf, &g, &f);
        cr_assert(rw_letters_equal(&fg, &gf));
        cr_assert(rw_letters_equal_shifted(&space, &fg, &gf, 0));
        cr_assert_eq(rw_letters_equal(&f, &g), f.count == g.count && rw_letters_equal(&g, &f));
        rw_letters_clear(&f);
        rw_letters_clear(&g);
        rw_letters_clear(&fg);
        rw_letters_clear(&gf);
    }
}

Test(letters, a_shift_moves_every_place)
{
    struct rw_letter_space space = space_new();
    struct rw_letters early = {0}, late = {0};
    fmpq_t one, two;
    fmpq_init(one);
    fmpq_init(two);
    fmpq_one(one);
    fmpq_set_si(two, 2, 1);
    const fmpq *const values[SYMBOLS] = {NULL, one, two};
    rw_letters_add_letter(&space, &early, 4, values);
    rw_letters_add_letter(&space, &late, 13, values);
    cr_assert(rw_letters_equal_shifted(&space, &early, &late, 9));
    cr_assert_not(rw_letters_equal_shifted(&space, &early, &late, 8));
    cr_assert_not(rw_letters_equal(&early, &late));
    rw_letters_clear(&early);
    rw_letters_clear(&late);
    fmpq_clear(one);
    fmpq_clear(two);
}

/* Never a wrong answer: what does not fit is said. */
Test(letters, too_many_cases_terms_or_work_are_said)
{
    struct rw_letters f = {0};
    fmpq_t one, minus;
    fmpq_init(one);
    fmpq_init(minus);
    fmpq_one(one);
    fmpq_set_si(minus, -1, 1);
    const fmpq *const values[SYMBOLS] = {minus, one, one};
    struct rw_letter_space space = {.symbols = SYMBOLS, .most = 80};
    for (uint32_t place = 0; place < 5; place++)
        rw_letters_add_letter(&space, &f, place, values);
    cr_assert_not(space.exceeded);
    rw_letters_relu(&space, &f);
    cr_assert(space.exceeded);
    struct rw_letter_space lazy = {.symbols = SYMBOLS, .most = 80, .most_work = 3};
    struct rw_letters g = {0};
    for (uint32_t place = 0; place < 5; place++)
        rw_letters_add_letter(&lazy, &g, place, values);
    cr_assert(lazy.exceeded);
    rw_letters_clear(&f);
    rw_letters_clear(&g);
    fmpq_clear(one);
    fmpq_clear(minus);
}
