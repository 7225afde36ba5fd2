/* Minimal weighted automata: as many states as the Hankel matrix has rank, and the same series. */
#include <criterion/criterion.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpz_mat.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "automata/wfa_basis.h"
#include "automata/wfa_minimise.h"
#include "base/memory.h"
#include "exact/residue.h"

static struct rw_wfa *minimise(const struct rw_wfa *wfa)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_wfa *minimal = rw_wfa_minimise(wfa, &limits, NULL, diag);
    cr_assert_not_null(minimal);
    cr_assert(rw_diag_empty(diag));
    rw_diag_free(diag);
    return minimal;
}

static void value_of(const struct rw_wfa *wfa, const struct rw_word *word, fmpq_t value)
{
    void *run = rw_wfa_kind.run_new(wfa);
    for (size_t i = 0; i < word->length; i++)
        rw_wfa_kind.step(wfa, run, word->symbols[i]);
    rw_wfa_kind.value(wfa, run, value);
    rw_wfa_kind.run_free(wfa, run);
}

static void assert_same_values(const struct rw_wfa *a, const struct rw_wfa *b, size_t length)
{
    struct rw_word word;
    fmpq_t p, q;
    fmpq_init(p);
    fmpq_init(q);
    rw_word_init(&word);
    do {
        value_of(a, &word, p);
        value_of(b, &word, q);
        cr_assert(rw_q_equal(p, q), "the values differ on a word of %zu symbols", word.length);
    } while (next_word(&word, a->symbols, length));
    rw_word_clear(&word);
    fmpq_clear(p);
    fmpq_clear(q);
}

static void assert_equivalent(const struct rw_wfa *a, const struct rw_wfa *b)
{
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(rw_wfa_equivalent(a, b, &word, NULL));
    rw_word_clear(&word);
}

/* The rank of (f(uv)) for all words u and v up to a length. */
static size_t hankel_rank(const struct rw_wfa *wfa, size_t length)
{
    slong count = 0, i = 0;
    struct rw_word u, v, uv;
    rw_word_init(&u);
    rw_word_init(&v);
    rw_word_init(&uv);
    do
        count++;
    while (next_word(&u, wfa->symbols, length));
    fmpq_mat_t hankel;
    fmpq_mat_init(hankel, count, count);
    u.length = 0;
    do {
        slong j = 0;
        v.length = 0;
        do {
            rw_word_copy(&uv, &u);
            for (size_t k = 0; k < v.length; k++)
                rw_word_push(&uv, v.symbols[k]);
            value_of(wfa, &uv, fmpq_mat_entry(hankel, i, j++));
        } while (next_word(&v, wfa->symbols, length));
        i++;
    } while (next_word(&u, wfa->symbols, length));
    slong rank = fmpq_mat_rref(hankel, hankel);
    fmpq_mat_clear(hankel);
    rw_word_clear(&u);
    rw_word_clear(&v);
    rw_word_clear(&uv);
    return (size_t)rank;
}

Test(wfa_minimise, a_random_automaton_gets_the_rank_of_its_hankel_matrix)
{
    struct rw_random random = rw_random_seed(31);
    size_t smaller = 0;
    for (int i = 0; i < 60; i++) {
        size_t states = 1 + rw_random_below(&random, 5);
        struct rw_wfa *wfa =
            random_wfa(&random, states, 1 + rw_random_below(&random, 2), 1 + rw_random_below(&random, 4));
        struct rw_wfa *minimal = minimise(wfa);
        size_t rank = hankel_rank(wfa, 4); /* words shorter than the number of states are enough */
        cr_assert_eq(minimal->states, rank == 0 ? 1 : rank);
        smaller += minimal->states < states;
        assert_same_values(wfa, minimal, 6);
        assert_equivalent(wfa, minimal);
        rw_wfa_free(wfa);
        rw_wfa_free(minimal);
    }
    cr_assert_gt(smaller, 10);
}

Test(wfa_minimise, up_to_eight_states_have_the_same_values)
{
    struct rw_random random = rw_random_seed(32);
    for (int i = 0; i < 40; i++) {
        struct rw_wfa *wfa = random_wfa(&random, 6 + rw_random_below(&random, 3), 2, 1 + rw_random_below(&random, 6));
        struct rw_wfa *minimal = minimise(wfa), *again = minimise(minimal);
        cr_assert_geq(minimal->states, i < 4 ? hankel_rank(wfa, 4) : 1);
        cr_assert_leq(minimal->states, wfa->states);
        cr_assert_eq(again->states, minimal->states);
        assert_same_values(wfa, minimal, 6);
        assert_equivalent(wfa, again);
        rw_wfa_free(wfa);
        rw_wfa_free(minimal);
        rw_wfa_free(again);
    }
}

/* Each state `copies` times: what goes to a state goes to its first copy, with some weight moved to another one. */
static struct rw_wfa *pad(const struct rw_wfa *wfa, size_t copies, struct rw_random *random)
{
    size_t n = wfa->states;
    struct rw_wfa *padded = rw_wfa_new(n * copies, wfa->symbols);
    fmpq_t moved, rest;
    fmpq_init(moved);
    fmpq_init(rest);
    for (size_t q = 0; q < n * copies; q++)
        fmpq_set(padded->omega + q, wfa->omega + q % n);
    for (size_t q = 0; q < n; q++) {
        random_weight(moved, random, 1);
        fmpq_sub(padded->alpha + q, wfa->alpha + q, moved);
        fmpq_add(padded->alpha + q + n, padded->alpha + q + n, moved);
    }
    for (uint32_t s = 0; s < wfa->symbols; s++) {
        struct rw_builder *transposed = rw_builder_new(n * copies, n * copies);
        for (size_t p = 0; p < n * copies; p++)
            for (size_t q = 0; q < n; q++) {
                const fmpq *weight = rw_wfa_weight(wfa, s, p % n, q);
                random_weight(moved, random, 1);
                fmpq_neg(rest, moved);
                if (weight != NULL)
                    fmpq_add(rest, rest, weight);
                rw_builder_add(transposed, q, p, rest);
                rw_builder_add(transposed, q + n * (1 + rw_random_below(random, copies - 1)), p, moved);
            }
        rw_wfa_set_letter(padded, s, rw_builder_finish(transposed));
    }
    fmpq_clear(moved);
    fmpq_clear(rest);
    return padded;
}

Test(wfa_minimise, copies_of_states_go_away)
{
    struct rw_random random = rw_random_seed(33);
    for (int i = 0; i < 20; i++) {
        struct rw_wfa *wfa = random_wfa(&random, 1 + rw_random_below(&random, 4), 2, 1);
        struct rw_wfa *padded = pad(wfa, 2 + rw_random_below(&random, 2), &random);
        struct rw_wfa *minimal = minimise(wfa), *other = minimise(padded);
        cr_assert_eq(minimal->states, other->states);
        assert_equivalent(wfa, padded);
        assert_equivalent(wfa, other);
        rw_wfa_free(wfa);
        rw_wfa_free(padded);
        rw_wfa_free(minimal);
        rw_wfa_free(other);
    }
}

/* Both ways to the basis: the guess modulo a prime, where there is one, is the exact one. */
Test(wfa_minimise, the_guessed_basis_is_the_exact_one)
{
    struct rw_random random = rw_random_seed(34);
    size_t guesses = 0;
    for (int i = 0; i < 60; i++) {
        struct rw_wfa *wfa = random_wfa(&random, 1 + rw_random_below(&random, 7), 2, 1 + rw_random_below(&random, 6));
        struct rw_wfa_basis guess, exact;
        cr_assert_eq(rw_wfa_basis_exact(wfa, UINT64_MAX, NULL, &exact), RW_BASIS_DONE);
        if (rw_wfa_basis_guess(wfa, rw_random_prime((uint64_t)i), UINT64_MAX, NULL, &guess) == RW_BASIS_DONE) {
            cr_assert_eq(guess.count, exact.count);
            cr_assert(rw_matrix_equal(guess.rows, exact.rows));
            guesses++;
            rw_wfa_basis_clear(&guess);
        }
        rw_wfa_basis_clear(&exact);
        rw_wfa_free(wfa);
    }
    cr_assert_gt(guesses, 40);
}

/* One letter that adds a number to the second state's weight, and a third state with a multiple of it. */
static struct rw_wfa *huge_multiple(void)
{
    struct rw_wfa *wfa = rw_wfa_new(4, 1);
    struct rw_builder *step = rw_builder_new(4, 4);
    fmpq_t huge;
    fmpq_init(huge);
    cr_assert(rw_q_parse(huge, "123456789012345678901234567890/77", 33, 100));
    for (size_t q = 0; q < 4; q++)
        rw_builder_add_int(step, q, q, 1);
    rw_builder_add_int(step, 1, 0, 1);
    rw_builder_add(step, 2, 0, huge); /* always `huge` times the weight of state 1 */
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(step));
    fmpq_one(wfa->alpha);
    fmpq_one(wfa->omega + 1);
    fmpq_one(wfa->omega + 2);
    fmpq_clear(huge);
    return wfa;
}

Test(wfa_minimise, numbers_too_large_for_the_prime_are_found_exactly)
{
    struct rw_wfa *wfa = huge_multiple(), *minimal = minimise(wfa);
    struct rw_wfa_basis guess;
    enum rw_basis_result result = rw_wfa_basis_guess(wfa, rw_random_prime(1), UINT64_MAX, NULL, &guess);
    if (result == RW_BASIS_DONE) /* a wrong one, which the check refuses */
        rw_wfa_basis_clear(&guess);
    cr_assert_eq(minimal->states, 2);
    assert_equivalent(wfa, minimal);
    cr_assert_str_eq(minimal->names[0], "0");
    cr_assert_eq(minimal->semiring, RW_RATIONAL);
    rw_wfa_free(wfa);
    rw_wfa_free(minimal);
}

Test(wfa_minimise, a_prime_that_divides_a_number_does_no_harm)
{
    /* 1 - p: modulo p the same as 1, so that two rows seem dependent. */
    uint64_t prime = rw_random_prime(1); /* the one that is used */
    struct rw_wfa *wfa = rw_wfa_new(2, 1);
    struct rw_builder *step = rw_builder_new(2, 2);
    fmpq_t weight;
    fmpq_init(weight);
    fmpz_set_ui(fmpq_numref(weight), prime);
    rw_builder_add(step, 1, 0, weight); /* modulo the prime nothing arrives */
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(step));
    fmpq_one(wfa->alpha);
    fmpq_one(wfa->omega);
    fmpq_one(wfa->omega + 1);
    struct rw_wfa *minimal = minimise(wfa);
    cr_assert_eq(minimal->states, 2);
    assert_equivalent(wfa, minimal);
    rw_wfa_free(minimal);
    fmpz_one(fmpq_numref(weight));
    fmpz_set_ui(fmpq_denref(weight), prime); /* no residue at all */
    fmpq_set(wfa->omega, weight);
    fmpq_set(wfa->alpha, weight);
    minimal = minimise(wfa);
    cr_assert_eq(minimal->states, 2);
    assert_equivalent(wfa, minimal);
    fmpq_clear(weight);
    rw_wfa_free(wfa);
    rw_wfa_free(minimal);
}

Test(wfa_minimise, the_zero_series_has_one_state_without_weights)
{
    struct rw_random random = rw_random_seed(35);
    for (int part = 0; part < 2; part++) {
        struct rw_wfa *wfa = random_wfa(&random, 4, 2, 1);
        for (size_t q = 0; q < 4; q++)
            fmpq_zero((part == 0 ? wfa->alpha : wfa->omega) + q);
        struct rw_wfa *minimal = minimise(wfa);
        cr_assert_eq(minimal->states, 1);
        cr_assert(rw_q_is_zero(minimal->alpha) && rw_q_is_zero(minimal->omega));
        cr_assert_eq(rw_matrix_nonzeros(minimal->letters[0]) + rw_matrix_nonzeros(minimal->letters[1]), 0);
        cr_assert_eq(minimal->semiring, RW_NATURAL);
        cr_assert_str_eq(minimal->names[0], "q0");
        assert_equivalent(wfa, minimal);
        rw_wfa_free(wfa);
        rw_wfa_free(minimal);
    }
}

static void call(struct rw_wfa *wfa, size_t state, const char *name)
{
    free(wfa->names[state]);
    wfa->names[state] = rw_strdup(name);
}

Test(wfa_minimise, states_that_stay_keep_their_names)
{
    /* two states that differ only by a factor, and one that is never reached */
    struct rw_wfa *wfa = rw_wfa_new(4, 2);
    struct rw_builder *a = rw_builder_new(4, 4), *b = rw_builder_new(4, 4);
    call(wfa, 0, "q0");
    call(wfa, 1, "lost");
    call(wfa, 2, "p");
    call(wfa, 3, "twin");
    rw_builder_add_int(a, 2, 0, 1);
    rw_builder_add_int(a, 3, 1, 7);
    rw_builder_add_int(b, 3, 0, 1);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(a));
    rw_wfa_set_letter(wfa, 1, rw_builder_finish(b));
    fmpq_one(wfa->alpha);
    fmpq_one(wfa->omega + 2);
    fmpq_set_si(wfa->omega + 3, 5, 1);
    wfa->indicator = true;
    struct rw_wfa *minimal = minimise(wfa);
    cr_assert_eq(minimal->states, 2);
    cr_assert_str_eq(minimal->names[0], "q0");
    cr_assert_str_eq(minimal->names[1], "q1"); /* p + 5 twin */
    cr_assert(minimal->indicator);
    assert_equivalent(wfa, minimal);
    rw_wfa_free(wfa);
    rw_wfa_free(minimal);
}

static bool says_stop(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    (void)progress, (void)what, (void)done, (void)total;
    return false;
}

Test(wfa_minimise, limits_are_named_and_interrupts_heeded)
{
    struct rw_random random = rw_random_seed(36);
    struct rw_wfa *wfa = random_wfa(&random, 6, 2, 1);
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_progress stop = {says_stop};
    cr_assert_null(rw_wfa_minimise(wfa, &limits, &stop, diag));
    cr_assert(rw_diag_empty(diag));
    limits.cells = 5;
    cr_assert_null(rw_wfa_minimise(wfa, &limits, NULL, diag));
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "cells");
    rw_diag_clear(diag);
    limits = rw_limits_standard();
    limits.transitions = 3;
    cr_assert_null(rw_wfa_minimise(wfa, &limits, NULL, diag));
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "transitions");
    rw_diag_free(diag);
    rw_wfa_free(wfa);
}
