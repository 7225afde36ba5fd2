/* Cost-register automata: the simulator against a little evaluator that computes register by register, from a copy. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "random.h"
#include "random_cra.h"

#include "base/memory.h"

#define MOST_REGISTERS 4
#define LENGTH         7

/* In 128 bits: words are short. */
typedef unsigned __int128 natural;

static natural small(const fmpz_t number)
{
    return (natural)fmpz_get_ui(number);
}

static natural naive_form(const struct rw_cra_form *form, const natural *registers)
{
    natural sum = small(&form->constant);
    for (size_t i = 0; i < form->count; i++)
        sum += small(&form->terms[i].coefficient) * registers[form->terms[i].reg];
    return sum;
}

static void naive_step(const struct rw_cra *cra, uint32_t symbol, natural *registers)
{
    natural old[MOST_REGISTERS];
    for (size_t i = 0; i < cra->registers; i++)
        old[i] = registers[i];
    for (size_t i = 0; i < cra->letters[symbol].count; i++) {
        const struct rw_cra_update *update = cra->letters[symbol].updates + i;
        natural left = naive_form(&update->left, old), right = naive_form(&update->right, old);
        registers[update->target] = naive_form(&update->base, old) + (left > right ? left : right);
    }
}

static bool equals(const fmpq_t number, natural wanted)
{
    fmpz_t whole;
    fmpz_init(whole);
    fmpz_set_ui(whole, (ulong)(wanted >> 64));
    fmpz_mul_2exp(whole, whole, 64);
    fmpz_add_ui(whole, whole, (ulong)wanted);
    bool same = fmpz_is_one(fmpq_denref(number)) && fmpz_equal(whole, fmpq_numref(number));
    fmpz_clear(whole);
    return same;
}

static void assert_at(const struct rw_cra *cra, const void *run, const natural *registers)
{
    struct rw_vector row;
    fmpq_t value;
    fmpq_init(value);
    rw_vector_init(&row, rw_cra_kind.quantities(cra));
    cr_assert_eq(row.size, cra->registers);
    rw_cra_kind.configuration(cra, run, &row);
    for (size_t i = 0; i < cra->registers; i++)
        cr_assert(equals(row.value + i, registers[i]));
    rw_cra_kind.value(cra, run, value);
    cr_assert(equals(value, naive_form(&cra->output, registers)));
    rw_vector_clear(&row);
    fmpq_clear(value);
}

Test(cra, runs_do_what_the_updates_say)
{
    struct rw_random random = rw_random_seed(41);
    for (int round = 0; round < 300; round++) {
        size_t registers = 1 + rw_random_below(&random, MOST_REGISTERS), symbols = 1 + rw_random_below(&random, 3);
        struct rw_cra *cra = random_cra(&random, registers, symbols);
        natural naive[MOST_REGISTERS] = {0};
        void *run = rw_cra_kind.run_new(cra), *copy = rw_cra_kind.run_new(cra);
        for (size_t i = 0; i < registers; i++)
            naive[i] = small(cra->initial + i);
        assert_at(cra, run, naive);
        for (size_t i = 0; i < LENGTH; i++) {
            uint32_t symbol = (uint32_t)rw_random_below(&random, symbols);
            rw_cra_kind.run_copy(cra, copy, run);
            rw_cra_kind.step(cra, run, symbol);
            assert_at(cra, copy, naive); /* the copy stayed behind */
            naive_step(cra, symbol, naive);
            assert_at(cra, run, naive);
        }
        rw_cra_kind.run_start(cra, run);
        for (size_t i = 0; i < registers; i++)
            naive[i] = small(cra->initial + i);
        assert_at(cra, run, naive);
        rw_cra_kind.run_free(cra, run);
        rw_cra_kind.run_free(cra, copy);
        rw_cra_free(cra);
    }
}

static void add(struct rw_cra_form *form, uint32_t reg, ulong coefficient)
{
    fmpz_t number;
    fmpz_init_set_ui(number, coefficient);
    rw_cra_form_add(form, reg, number);
    fmpz_clear(number);
}

/* x, y = y, x: both right sides read what was there before. */
Test(cra, updates_are_made_at_once)
{
    struct rw_cra *cra = rw_cra_new(2, 1);
    fmpz_set_ui(cra->initial, 3);
    fmpz_set_ui(cra->initial + 1, 8);
    add(&rw_cra_add_update(cra, 0, 0)->base, 1, 1);
    add(&rw_cra_add_update(cra, 0, 1)->base, 0, 1);
    void *run = rw_cra_kind.run_new(cra);
    rw_cra_kind.step(cra, run, 0);
    assert_at(cra, run, (const natural[]){8, 3});
    rw_cra_kind.run_free(cra, run);
    rw_cra_free(cra);
}

/* 2^500 after 500 doublings: no length of number is the last. */
Test(cra, numbers_grow_without_bound)
{
    struct rw_cra *cra = rw_cra_new(1, 1);
    fmpz_set_ui(cra->initial, 1);
    add(&rw_cra_add_update(cra, 0, 0)->base, 0, 2);
    add(&cra->output, 0, 1);
    void *run = rw_cra_kind.run_new(cra);
    for (int i = 0; i < 500; i++)
        rw_cra_kind.step(cra, run, 0);
    fmpq_t value;
    fmpq_init(value);
    rw_cra_kind.value(cra, run, value);
    cr_assert_eq(fmpz_bits(fmpq_numref(value)), 501);
    cr_assert_eq(fmpz_val2(fmpq_numref(value)), 500);
    fmpq_clear(value);
    rw_cra_kind.run_free(cra, run);
    rw_cra_free(cra);
}

Test(cra, terms_of_one_register_are_added_up)
{
    struct rw_cra_form form = {0};
    add(&form, 1, 2);
    add(&form, 0, 0);
    add(&form, 1, 3);
    cr_assert_eq(form.count, 1);
    cr_assert_eq(fmpz_get_ui(&form.terms[0].coefficient), 5);
    rw_cra_form_clear(&form);
}
