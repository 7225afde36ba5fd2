/* Sums of ReLUs: in each case of the letters what their neurons add up to one by one. */
#include <criterion/criterion.h>

#include "base/random.h"
#include "exact/letter_sums.h"

#define SYMBOLS 3
#define PLACES  4
#define OUTPUTS 2
#define NEURONS 12
#define TRIALS  60

static slong draw(struct rw_random *random)
{
    return (slong)rw_random_below(random, 7) - 3;
}

/* A few functions of one letter, now and then times another one: a neuron of a lookup table, or no such thing. */
static struct rw_letters draw_neuron(struct rw_letter_space *space, struct rw_random *random)
{
    struct rw_letters f = {0};
    fmpq list[SYMBOLS];
    const fmpq *values[SYMBOLS];
    fmpq_t constant;
    fmpq_init(constant);
    fmpq_set_si(constant, 2 * draw(random) - 1, 2);
    rw_letters_add_constant(space, &f, constant);
    for (uint32_t s = 0; s < SYMBOLS; s++) {
        fmpq_init(list + s);
        values[s] = list + s;
    }
    for (uint32_t place = 0; place < PLACES; place++) {
        struct rw_letters letter = {0}, copy = {0};
        if (rw_random_below(random, 3) == 0)
            continue;
        for (size_t s = 0; s < SYMBOLS; s++)
            fmpq_set_si(list + s, draw(random), 1);
        rw_letters_add_letter(space, &letter, place, values);
        rw_letters_set(&copy, &f);
        if (rw_random_below(random, 6) == 0)
            rw_letters_add_product(space, &f, &letter, &copy);
        fmpq_one(constant);
        rw_letters_addmul(space, &f, constant, &letter);
        rw_letters_clear(&letter);
        rw_letters_clear(&copy);
    }
    for (size_t s = 0; s < SYMBOLS; s++)
        fmpq_clear(list + s);
    fmpq_clear(constant);
    return f;
}

Test(letter_sums, neurons_add_up_as_one_by_one)
{
    struct rw_random random = rw_random_seed(8);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct rw_letter_space space = {.symbols = SYMBOLS, .most = 10000};
        struct rw_letter_sums *sums = rw_letter_sums_new(&space, OUTPUTS);
        struct rw_letters got[OUTPUTS] = {{0}, {0}}, want[OUTPUTS] = {{0}, {0}};
        for (int n = 0; n < NEURONS; n++) {
            struct rw_letters f = draw_neuron(&space, &random), g = {0};
            fmpq weights[OUTPUTS];
            const uint32_t rows[OUTPUTS] = {0, 1};
            rw_letters_set(&g, &f);
            rw_letters_relu(&space, &g);
            for (size_t o = 0; o < OUTPUTS; o++) {
                fmpq_init(weights + o);
                fmpq_set_si(weights + o, draw(&random), 3);
                rw_letters_addmul(&space, want + o, weights + o, &g);
            }
            rw_letter_sums_add_relu(sums, &f, rows, weights, OUTPUTS);
            cr_assert_eq(f.count, 0);
            for (size_t o = 0; o < OUTPUTS; o++)
                fmpq_clear(weights + o);
            rw_letters_clear(&g);
        }
        rw_letter_sums_finish(sums, got);
        for (size_t o = 0; o < OUTPUTS; o++) {
            cr_expect(rw_letters_equal(got + o, want + o), "trial %d, output %zu", trial, o);
            rw_letters_clear(got + o);
            rw_letters_clear(want + o);
        }
        cr_assert_not(space.exceeded);
        rw_letter_sums_free(sums);
    }
}

/* Work is counted: a neuron that is positive in very many cases does not get by. */
Test(letter_sums, too_much_work_is_said)
{
    struct rw_letter_space space = {.symbols = SYMBOLS, .most = 10000, .most_work = 40};
    struct rw_letter_sums *sums = rw_letter_sums_new(&space, 1);
    struct rw_letters f = {0}, to = {0};
    fmpq_t one, minus;
    fmpq_init(one);
    fmpq_init(minus);
    fmpq_one(one);
    fmpq_set_si(minus, -1, 1);
    const fmpq *const values[SYMBOLS] = {minus, one, one};
    for (uint32_t place = 0; place < PLACES; place++)
        rw_letters_add_letter(&space, &f, place, values);
    cr_assert_not(space.exceeded);
    rw_letter_sums_add_relu(sums, &f, (const uint32_t[]){0}, one, 1);
    rw_letter_sums_finish(sums, &to);
    cr_assert(space.exceeded);
    rw_letters_clear(&to);
    rw_letter_sums_free(sums);
    fmpq_clear(one);
    fmpq_clear(minus);
}
