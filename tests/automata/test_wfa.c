/* Weighted automata: runs against dense matrices, equivalence against all words, determinism, languages as series. */
#include <criterion/criterion.h>
#include <flint/fmpq_mat.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "base/memory.h"
#include "exact/residue.h"

/* alpha M_w1 ... M_wT omega with FLINT's dense matrices, entry by entry from rw_wfa_weight. */
static void naive_value(const struct rw_wfa *wfa, const struct rw_word *word, fmpq_t value)
{
    slong n = (slong)wfa->states;
    fmpq_mat_t row, letter;
    fmpq_mat_init(row, 1, n);
    fmpq_mat_init(letter, n, n);
    for (slong q = 0; q < n; q++)
        fmpq_set(fmpq_mat_entry(row, 0, q), wfa->alpha + q);
    for (size_t i = 0; i < word->length; i++) {
        fmpq_mat_zero(letter);
        for (slong p = 0; p < n; p++)
            for (slong q = 0; q < n; q++) {
                const fmpq *weight = rw_wfa_weight(wfa, word->symbols[i], (size_t)p, (size_t)q);
                if (weight != NULL)
                    fmpq_set(fmpq_mat_entry(letter, p, q), weight);
            }
        fmpq_mat_mul(row, row, letter);
    }
    fmpq_zero(value);
    for (slong q = 0; q < n; q++)
        fmpq_addmul(value, fmpq_mat_entry(row, 0, q), wfa->omega + q);
    fmpq_mat_clear(row);
    fmpq_mat_clear(letter);
}

static void run_value(const struct rw_machine_kind *kind, const struct rw_wfa *wfa, const struct rw_word *word,
                      fmpq_t value)
{
    void *run = kind->run_new(wfa);
    for (size_t i = 0; i < word->length; i++)
        kind->step(wfa, run, word->symbols[i]);
    kind->value(wfa, run, value);
    kind->run_free(wfa, run);
}

Test(wfa, a_run_yields_the_product_of_dense_matrices)
{
    struct rw_random random = rw_random_seed(1);
    fmpq_t expected, value;
    fmpq_init(expected);
    fmpq_init(value);
    for (int i = 0; i < 30; i++) {
        struct rw_wfa *wfa = random_wfa(&random, 1 + rw_random_below(&random, 4), 2, 1 + rw_random_below(&random, 3));
        struct rw_word word;
        rw_word_init(&word);
        do {
            naive_value(wfa, &word, expected);
            run_value(&rw_wfa_kind, wfa, &word, value);
            cr_assert(rw_q_equal(value, expected));
            run_value(&rw_wfa_indicator_kind, wfa, &word, value);
            cr_assert(fmpq_sgn(expected) > 0 ? rw_q_is_one(value) : rw_q_is_zero(value));
        } while (next_word(&word, 2, 5));
        rw_word_clear(&word);
        rw_wfa_free(wfa);
    }
    fmpq_clear(expected);
    fmpq_clear(value);
}

Test(wfa, the_configuration_is_the_row_before_the_final_weights)
{
    struct rw_random random = rw_random_seed(2);
    struct rw_wfa *wfa = random_wfa(&random, 4, 2, 2);
    struct rw_vector row;
    fmpq_t value, sum;
    fmpq_init(value);
    fmpq_init(sum);
    rw_vector_init(&row, rw_wfa_kind.quantities(wfa));
    void *run = rw_wfa_kind.run_new(wfa), *copy = rw_wfa_kind.run_new(wfa);
    for (int i = 0; i < 50; i++) {
        rw_wfa_kind.step(wfa, run, (uint32_t)rw_random_below(&random, 2));
        if (i % 10 == 9)
            rw_wfa_kind.run_start(wfa, run);
        rw_wfa_kind.run_copy(wfa, copy, run);
        rw_vector_zero(&row);
        rw_wfa_kind.configuration(wfa, copy, &row);
        rw_wfa_kind.value(wfa, run, value);
        fmpq_zero(sum);
        for (size_t q = 0; q < wfa->states; q++)
            fmpq_addmul(sum, row.value + q, wfa->omega + q);
        cr_assert(rw_q_equal(value, sum));
    }
    rw_wfa_kind.run_free(wfa, run);
    rw_wfa_kind.run_free(wfa, copy);
    rw_vector_clear(&row);
    rw_wfa_free(wfa);
    fmpq_clear(value);
    fmpq_clear(sum);
}

Test(wfa, a_configuration_is_printed_by_its_nonzero_weights)
{
    struct rw_wfa *wfa = rw_wfa_new(3, 1);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fmpq_set_si(wfa->alpha, -1, 2);
    fmpq_set_si(wfa->alpha + 2, 3, 1);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(rw_builder_new(3, 3)));
    void *run = rw_wfa_kind.run_new(wfa);
    rw_wfa_kind.print(wfa, run, out);
    fputs("; ", out);
    rw_wfa_kind.step(wfa, run, 0);
    rw_wfa_kind.print(wfa, run, out);
    fputs("; ", out);
    rw_wfa_kind.quantity_name(wfa, 2, out);
    fclose(out);
    cr_assert_str_eq(text, "0 = -1/2, 2 = 3; all 0; weight 2");
    rw_wfa_kind.run_free(wfa, run);
    free(text);
    rw_wfa_free(wfa);
}

/* --- equivalence --- */

/* The first word, by length and then symbols, with different values; false if there is none up to a length that is
 * enough: two series of dimensions m and n that agree on all words shorter than m + n are equal. */
static bool first_difference(const struct rw_wfa *a, const struct rw_wfa *b, struct rw_word *word)
{
    bool different = false;
    fmpq_t p, q;
    fmpq_init(p);
    fmpq_init(q);
    word->length = 0;
    do {
        naive_value(a, word, p);
        naive_value(b, word, q);
        different = !rw_q_equal(p, q);
    } while (!different && next_word(word, a->symbols, a->states + b->states - 1));
    fmpq_clear(p);
    fmpq_clear(q);
    return different;
}

static bool assert_equivalence_is_right(const struct rw_wfa *a, const struct rw_wfa *b)
{
    struct rw_word expected, word;
    size_t dimension = SIZE_MAX;
    rw_word_init(&expected);
    rw_word_init(&word);
    bool equal = rw_wfa_equivalent(a, b, &word, &dimension);
    cr_assert_eq(equal, !first_difference(a, b, &expected));
    cr_assert_leq(dimension, a->states + b->states);
    if (!equal)
        cr_assert(same_word(&word, &expected), "a word of %zu symbols, not %zu", word.length, expected.length);
    rw_word_clear(&expected);
    rw_word_clear(&word);
    return equal;
}

/* 0, or `weight` at one place. */
static struct rw_matrix *single(size_t states, size_t p, size_t q, const fmpq_t weight)
{
    struct rw_builder *transposed = rw_builder_new(states, states);
    rw_builder_add(transposed, q, p, weight);
    return rw_builder_finish(transposed);
}

/* a + b, entry by entry, as matrices. */
static struct rw_matrix *sum(const struct rw_matrix *a, const struct rw_matrix *b)
{
    struct rw_builder *builder = rw_builder_new(a->rows, a->cols);
    const struct rw_matrix *both[] = {a, b};
    for (int i = 0; i < 2; i++)
        for (size_t col = 0; col < a->cols; col++)
            for (size_t e = both[i]->start[col]; e < both[i]->start[col + 1]; e++)
                rw_builder_add(builder, both[i]->row[e], col, both[i]->value + e);
    return rw_builder_finish(builder);
}

/* The same series in another basis, T lower triangular:
 * alpha T, T^-1 M T, T^-1 omega. Caller frees. */
static struct rw_wfa *conjugate(const struct rw_wfa *wfa, struct rw_random *random)
{
    slong n = (slong)wfa->states;
    struct rw_wfa *other = rw_wfa_new(wfa->states, wfa->symbols);
    fmpq_mat_t t, inverse, m, product;
    fmpq_mat_init(t, n, n);
    fmpq_mat_init(inverse, n, n);
    fmpq_mat_init(m, n, n);
    fmpq_mat_init(product, n, n);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j <= i; j++)
            fmpq_set_si(fmpq_mat_entry(t, i, j),
                        i == j ? 1 + (slong)rw_random_below(random, 3) : (slong)rw_random_below(random, 5) - 2, 1);
    cr_assert(fmpq_mat_inv(inverse, t));
    for (uint32_t s = 0; s < wfa->symbols; s++) {
        struct rw_builder *transposed = rw_builder_new(wfa->states, wfa->states);
        fmpq_mat_zero(m);
        for (slong p = 0; p < n; p++)
            for (slong q = 0; q < n; q++)
                if (rw_wfa_weight(wfa, s, (size_t)p, (size_t)q) != NULL)
                    fmpq_set(fmpq_mat_entry(m, p, q), rw_wfa_weight(wfa, s, (size_t)p, (size_t)q));
        fmpq_mat_mul(product, inverse, m);
        fmpq_mat_mul(m, product, t);
        for (slong p = 0; p < n; p++)
            for (slong q = 0; q < n; q++)
                rw_builder_add(transposed, (size_t)q, (size_t)p, fmpq_mat_entry(m, p, q));
        rw_wfa_set_letter(other, s, rw_builder_finish(transposed));
    }
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++) {
            fmpq_addmul(other->alpha + j, wfa->alpha + i, fmpq_mat_entry(t, i, j));
            fmpq_addmul(other->omega + i, fmpq_mat_entry(inverse, i, j), wfa->omega + j);
        }
    fmpq_mat_clear(t);
    fmpq_mat_clear(inverse);
    fmpq_mat_clear(m);
    fmpq_mat_clear(product);
    return other;
}

Test(wfa, another_basis_gives_an_equivalent_automaton)
{
    struct rw_random random = rw_random_seed(3);
    for (int i = 0; i < 25; i++) {
        struct rw_wfa *a = random_wfa(&random, 1 + rw_random_below(&random, 3), 2, 1 + rw_random_below(&random, 2));
        struct rw_wfa *b = conjugate(a, &random);
        cr_assert(assert_equivalence_is_right(a, b));
        rw_wfa_free(a);
        rw_wfa_free(b);
    }
}

Test(wfa, random_automata_differ_first_on_the_word_that_all_words_show)
{
    struct rw_random random = rw_random_seed(4);
    for (int i = 0; i < 150; i++) {
        struct rw_wfa *a = random_wfa(&random, 1 + rw_random_below(&random, 3), 2, 3 + rw_random_below(&random, 3));
        struct rw_wfa *b = random_wfa(&random, 1 + rw_random_below(&random, 3), 2, 3 + rw_random_below(&random, 3));
        assert_equivalence_is_right(a, b);
        rw_wfa_free(a);
        rw_wfa_free(b);
    }
}

Test(wfa, a_perturbed_weight_is_found_by_a_shortest_word)
{
    struct rw_random random = rw_random_seed(5);
    size_t different = 0;
    fmpq_t little;
    fmpq_init(little);
    fmpq_set_si(little, 1, 1000000007);
    for (int i = 0; i < 60; i++) {
        struct rw_wfa *a = random_wfa(&random, 3, 2, 2), *b = conjugate(a, &random);
        struct rw_matrix *change = single(3, rw_random_below(&random, 3), rw_random_below(&random, 3), little);
        uint32_t symbol = (uint32_t)rw_random_below(&random, 2);
        rw_wfa_set_letter(b, symbol, sum(b->letters[symbol], change));
        different += !assert_equivalence_is_right(a, b);
        rw_matrix_free(change);
        rw_wfa_free(a);
        rw_wfa_free(b);
    }
    cr_assert_gt(different, 30);
    fmpq_clear(little);
}

/* States 0 .. length in a row, all weights 1, one final weight. */
static struct rw_wfa *chain(size_t length, const fmpq_t last)
{
    struct rw_wfa *wfa = rw_wfa_new(length + 1, 2);
    struct rw_builder *step = rw_builder_new(length + 1, length + 1);
    for (size_t q = 0; q < length; q++)
        rw_builder_add_int(step, q + 1, q, 1);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(rw_builder_new(length + 1, length + 1)));
    rw_wfa_set_letter(wfa, 1, rw_builder_finish(step));
    fmpq_one(wfa->alpha);
    fmpq_set(wfa->omega + length, last);
    return wfa;
}

Test(wfa, a_difference_at_the_end_of_a_long_chain_is_found)
{
    fmpq_t one, other;
    fmpq_init(one);
    fmpq_init(other);
    fmpq_one(one);
    fmpq_set_si(other, 1000000, 1000001);
    struct rw_wfa *a = chain(200, one), *b = chain(200, one), *c = chain(200, other);
    struct rw_word word;
    size_t dimension;
    rw_word_init(&word);
    cr_assert(rw_wfa_equivalent(a, b, &word, &dimension));
    cr_assert_eq(dimension, 201);
    cr_assert(rw_wfa_equivalent(a, b, &word, NULL));
    cr_assert(!rw_wfa_equivalent(a, c, &word, &dimension));
    cr_assert_eq(word.length, 200);
    for (size_t i = 0; i < word.length; i++)
        cr_assert_eq(word.symbols[i], 1);
    rw_word_clear(&word);
    rw_wfa_free(a);
    rw_wfa_free(b);
    rw_wfa_free(c);
    fmpq_clear(one);
    fmpq_clear(other);
}

/* f("") = 1, f(a) = weight, 0 else. */
static struct rw_wfa *one_step(const fmpq_t weight)
{
    struct rw_wfa *wfa = rw_wfa_new(2, 1);
    struct rw_builder *step = rw_builder_new(2, 2);
    rw_builder_add(step, 1, 0, weight);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(step));
    fmpq_one(wfa->alpha);
    fmpq_one(wfa->omega);
    fmpq_one(wfa->omega + 1);
    return wfa;
}

/* Weights that are the same modulo the prime that is used, in a letter and at the end; and a weight without a residue. */
Test(wfa, equivalence_is_not_fooled_by_its_prime)
{
    fmpz_t prime;
    fmpq_t zero, one, other, none;
    struct rw_word word;
    fmpz_init_set_ui(prime, rw_random_prime(1));
    fmpq_init(zero);
    fmpq_init(one);
    fmpq_init(other);
    fmpq_init(none);
    fmpq_one(one);
    fmpq_set_fmpz(other, prime);
    fmpq_inv(none, other);
    rw_word_init(&word);
    struct rw_wfa *a = one_step(zero), *b = one_step(other), *c = one_step(none);
    cr_assert_not(rw_wfa_equivalent(a, b, &word, NULL));
    cr_assert_eq(word.length, 1);
    cr_assert_not(rw_wfa_equivalent(a, c, &word, NULL));
    cr_assert_eq(word.length, 1);
    cr_assert(rw_wfa_equivalent(b, b, &word, NULL));
    cr_assert(rw_wfa_equivalent(c, c, &word, NULL));
    fmpq_add(other, other, one);
    struct rw_wfa *d = chain(3, one), *e = chain(3, other);
    cr_assert_not(rw_wfa_equivalent(d, e, &word, NULL));
    cr_assert_eq(word.length, 3);
    rw_word_clear(&word);
    for (int i = 0; i < 5; i++)
        rw_wfa_free((struct rw_wfa *[]){a, b, c, d, e}[i]);
    fmpz_clear(prime);
    fmpq_clear(zero);
    fmpq_clear(one);
    fmpq_clear(other);
    fmpq_clear(none);
}

Test(wfa, the_zero_series_has_dimension_zero_without_initial_weights)
{
    struct rw_random random = rw_random_seed(6);
    struct rw_wfa *a = random_wfa(&random, 3, 2, 1), *b = random_wfa(&random, 2, 2, 1);
    struct rw_word word;
    size_t dimension;
    rw_word_init(&word);
    for (size_t q = 0; q < 3; q++)
        fmpq_zero(a->alpha + q);
    for (size_t q = 0; q < 2; q++)
        fmpq_zero(b->alpha + q);
    cr_assert(rw_wfa_equivalent(a, b, &word, &dimension));
    cr_assert_eq(dimension, 0);
    fmpq_one(b->alpha);
    fmpq_zero(b->omega);
    fmpq_one(b->omega + 1);
    assert_equivalence_is_right(a, b);
    fmpq_one(b->omega);
    cr_assert(!rw_wfa_equivalent(a, b, &word, &dimension));
    cr_assert_eq(word.length, 0);
    rw_word_clear(&word);
    rw_wfa_free(a);
    rw_wfa_free(b);
}

Test(wfa, dense_rational_automata_of_a_dozen_states_are_compared_exactly)
{
    struct rw_random random = rw_random_seed(7);
    struct rw_wfa *a = random_wfa(&random, 12, 2, 1), *b = conjugate(a, &random);
    struct rw_word word;
    size_t dimension;
    rw_word_init(&word);
    cr_assert(rw_wfa_equivalent(a, b, &word, &dimension));
    cr_assert_leq(dimension, 12);
    rw_word_clear(&word);
    rw_wfa_free(a);
    rw_wfa_free(b);
}

/* --- determinism and languages --- */

Test(wfa, a_language_is_a_deterministic_series_of_zeros_and_ones)
{
    struct rw_random random = rw_random_seed(8);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    fmpq_t value;
    fmpq_init(value);
    rw_alphabet_add(alphabet, "a");
    rw_alphabet_add(alphabet, "b");
    for (int i = 0; i < 30; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 5), 2, 5);
        struct rw_dfa *minimal = rw_dfa_minimise(dfa);
        struct rw_wfa *wfa = rw_wfa_of_dfa(dfa), *other = rw_wfa_of_dfa(minimal);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert(rw_wfa_is_deterministic(wfa, alphabet, NULL));
        cr_assert(rw_wfa_equivalent(wfa, other, &word, NULL));
        do {
            run_value(&rw_wfa_kind, wfa, &word, value);
            cr_assert(rw_dfa_accepts(dfa, word.symbols, word.length) ? rw_q_is_one(value) : rw_q_is_zero(value));
        } while (next_word(&word, 2, 5));
        rw_word_clear(&word);
        rw_wfa_free(wfa);
        rw_wfa_free(other);
        rw_dfa_free(dfa);
        rw_dfa_free(minimal);
    }
    rw_alphabet_free(alphabet);
    fmpq_clear(value);
}

static void assert_nondeterministic(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, const char *expected)
{
    char *text;
    size_t size;
    FILE *why = open_memstream(&text, &size);
    cr_assert(!rw_wfa_is_deterministic(wfa, alphabet, why));
    cr_assert(!rw_wfa_is_deterministic(wfa, alphabet, NULL));
    fclose(why);
    cr_assert_str_eq(text, expected);
    free(text);
}

Test(wfa, nondeterminism_is_explained)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    struct rw_wfa *wfa = rw_wfa_new(3, 1);
    struct rw_builder *merging = rw_builder_new(3, 3), *forking = rw_builder_new(3, 3);
    rw_alphabet_add(alphabet, "a");
    fmpq_one(wfa->alpha + 1);
    rw_builder_add_int(merging, 2, 0, 1); /* 0 and 1 both go to 2, which is deterministic */
    rw_builder_add_int(merging, 2, 1, 1);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(merging));
    cr_assert(rw_wfa_is_deterministic(wfa, alphabet, NULL));
    rw_builder_add_int(forking, 0, 1, 1);
    rw_builder_add_int(forking, 2, 1, -1);
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(forking));
    assert_nondeterministic(wfa, alphabet, "'a' leads from '1' to both '0' and '2'");
    fmpq_set_si(wfa->alpha + 2, 1, 2);
    assert_nondeterministic(wfa, alphabet, "two states have an initial weight, '1' and '2'");
    rw_wfa_free(wfa);
    rw_alphabet_free(alphabet);
}
