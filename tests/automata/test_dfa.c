/* DFAs: trimming and minimising keep the language, equivalence finds a shortest word, letters do what they are said
 * to. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "base/memory.h"

static bool accepts(const struct rw_dfa *dfa, const struct rw_word *word)
{
    return rw_dfa_accepts(dfa, word->symbols, word->length);
}

/* The first word, by length and then symbols, on which both differ. Up to the longest that can be needed: states of
 * two complete automata with m and n states are told apart by words shorter than m + n. */
static bool first_difference(const struct rw_dfa *a, const struct rw_dfa *b, struct rw_word *word)
{
    bool different;
    word->length = 0;
    do
        different = accepts(a, word) != accepts(b, word);
    while (!different && next_word(word, a->symbols, a->states + b->states + 1));
    return different;
}

static void assert_same_language(const struct rw_dfa *a, const struct rw_dfa *b)
{
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(!first_difference(a, b, &word), "they differ on a word of %zu symbols", word.length);
    rw_word_clear(&word);
}

static void assert_distinct_names(const struct rw_dfa *dfa)
{
    for (size_t p = 0; p < dfa->states; p++)
        for (size_t q = 0; q < p; q++)
            cr_assert_str_neq(dfa->names[p], dfa->names[q]);
}

static void rename_state(struct rw_dfa *dfa, size_t state, const char *name)
{
    free(dfa->names[state]);
    dfa->names[state] = rw_strdup(name);
}

/* --- the simulator --- */

Test(dfa, a_run_accepts_the_words_that_rw_dfa_accepts_does)
{
    struct rw_random random = rw_random_seed(1);
    const struct rw_machine_kind *kind = &rw_dfa_kind;
    fmpq_t value;
    fmpq_init(value);
    for (int i = 0; i < 20; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 5), 2, 4);
        struct rw_word word;
        void *run = kind->run_new(dfa), *copy = kind->run_new(dfa);
        rw_word_init(&word);
        do {
            kind->run_start(dfa, run);
            for (size_t k = 0; k < word.length; k++)
                kind->step(dfa, run, word.symbols[k]);
            kind->run_copy(dfa, copy, run);
            kind->value(dfa, copy, value);
            cr_assert_eq(rw_q_is_one(value), accepts(dfa, &word));
            cr_assert(rw_q_is_one(value) || rw_q_is_zero(value));
        } while (next_word(&word, 2, 5));
        kind->run_free(dfa, run);
        kind->run_free(dfa, copy);
        rw_word_clear(&word);
        rw_dfa_free(dfa);
    }
    fmpq_clear(value);
}

Test(dfa, a_dead_run_stays_dead_and_all_its_quantities_are_zero)
{
    struct rw_dfa *dfa = rw_dfa_new(2, 1);
    const struct rw_machine_kind *kind = &rw_dfa_kind;
    struct rw_vector row;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    rename_state(dfa, 1, "odd");
    dfa->next[0] = 1;
    dfa->accepting[1] = 1;
    rw_vector_init(&row, kind->quantities(dfa));
    void *run = kind->run_new(dfa);
    for (int i = 0; i < 4; i++) {
        rw_vector_zero(&row);
        kind->configuration(dfa, run, &row);
        fprintf(out, "%d%d ", rw_q_is_one(row.value), rw_q_is_one(row.value + 1));
        kind->print(dfa, run, out);
        fputs("; ", out);
        kind->step(dfa, run, 0);
    }
    kind->quantity_name(dfa, 1, out);
    fclose(out);
    cr_assert_str_eq(text, "10 0; 01 odd; 00 dead; 00 dead; state odd");
    kind->run_free(dfa, run);
    rw_vector_clear(&row);
    free(text);
    rw_dfa_free(dfa);
}

Test(dfa, a_copy_is_equal_and_independent)
{
    struct rw_random random = rw_random_seed(2);
    struct rw_dfa *dfa = random_dfa(&random, 6, 3, 4), *copy = rw_dfa_copy(dfa);
    cr_assert_eq(copy->initial, dfa->initial);
    cr_assert_arr_eq(copy->accepting, dfa->accepting, dfa->states);
    cr_assert_arr_eq(copy->next, dfa->next, dfa->states * dfa->symbols * sizeof *dfa->next);
    for (size_t s = 0; s < dfa->states; s++)
        cr_assert_str_eq(copy->names[s], dfa->names[s]);
    rw_dfa_free(dfa);
    copy->next[0] = RW_NO_STATE;
    rw_dfa_free(copy);
}

/* --- trimming --- */

Test(dfa, trimming_keeps_the_language_and_exactly_the_reachable_states)
{
    struct rw_random random = rw_random_seed(3);
    for (int i = 0; i < 60; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 5), 2, 3);
        struct rw_dfa *trim = rw_dfa_trim(dfa), *again = rw_dfa_trim(trim);
        uint8_t reached[5] = {0};
        size_t count = 0;
        reached[dfa->initial] = 1;
        for (size_t round = 0; round < dfa->states; round++)
            for (size_t cell = 0; cell < dfa->states * 2; cell++)
                if (reached[cell / 2] && dfa->next[cell] != RW_NO_STATE)
                    reached[dfa->next[cell]] = 1;
        for (size_t s = 0; s < dfa->states; s++)
            count += reached[s];
        cr_assert_eq(trim->states, count);
        cr_assert_eq(trim->initial, 0);
        assert_same_language(dfa, trim);
        assert_distinct_names(trim);
        cr_assert_eq(again->states, trim->states);
        cr_assert_arr_eq(again->next, trim->next, trim->states * 2 * sizeof *trim->next);
        rw_dfa_free(dfa);
        rw_dfa_free(trim);
        rw_dfa_free(again);
    }
}

/* --- minimising --- */

/* Myhill-Nerode by brute force: how many languages the words of up to `states` symbols leave, where two words leave
 * the same language iff no extension of up to `states` symbols tells them apart. One more symbol than the states of a
 * partial automaton reach its dead state. */
static size_t count_residuals(const struct rw_dfa *dfa)
{
    struct rw_word *words = NULL, prefix, whole, suffix;
    size_t count = 0, capacity = 0;
    rw_word_init(&prefix);
    rw_word_init(&whole);
    rw_word_init(&suffix);
    do {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = true;
            suffix.length = 0;
            do {
                rw_word_copy(&whole, &prefix);
                for (size_t k = 0; k < suffix.length; k++)
                    rw_word_push(&whole, suffix.symbols[k]);
                bool one = accepts(dfa, &whole);
                rw_word_copy(&whole, &words[i]);
                for (size_t k = 0; k < suffix.length; k++)
                    rw_word_push(&whole, suffix.symbols[k]);
                known = one == accepts(dfa, &whole);
            } while (known && next_word(&suffix, dfa->symbols, dfa->states));
        }
        if (known)
            continue;
        words = rw_grow(words, &capacity, count + 1, sizeof *words);
        rw_word_init(&words[count]);
        rw_word_copy(&words[count++], &prefix);
    } while (next_word(&prefix, dfa->symbols, dfa->states));
    for (size_t i = 0; i < count; i++)
        rw_word_clear(&words[i]);
    free(words);
    rw_word_clear(&prefix);
    rw_word_clear(&whole);
    rw_word_clear(&suffix);
    return count;
}

Test(dfa, minimising_keeps_the_language_with_one_state_for_each_residual)
{
    struct rw_random random = rw_random_seed(4);
    for (int i = 0; i < 60; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 4), 2, i % 2 == 0 ? 0 : 4);
        struct rw_dfa *minimal = rw_dfa_minimise(dfa);
        cr_assert_eq(minimal->states, count_residuals(dfa));
        assert_same_language(dfa, minimal);
        rw_dfa_free(dfa);
        rw_dfa_free(minimal);
    }
}

/* Moore's refinement: classes of states told apart by words of up to k symbols, until nothing changes. The states
 * must be complete and reachable. */
static size_t count_classes(const struct rw_dfa *dfa)
{
    size_t n = dfa->states, before, classes = 0;
    size_t *class = rw_alloc(n, sizeof *class), *finer = rw_alloc(n, sizeof *finer);
    for (size_t s = 0; s < n; s++)
        class[s] = dfa->accepting[s];
    do {
        before = classes;
        classes = 0;
        for (size_t s = 0; s < n; s++) {
            size_t p = 0;
            for (; p < s; p++) {
                bool same = class[p] == class[s];
                for (size_t a = 0; a < dfa->symbols && same; a++)
                    same = class[dfa->next[p * dfa->symbols + a]] == class[dfa->next[s * dfa->symbols + a]];
                if (same)
                    break;
            }
            finer[s] = p < s ? finer[p] : classes++;
        }
        memcpy(class, finer, n * sizeof *class);
    } while (classes != before);
    free(class);
    free(finer);
    return classes;
}

Test(dfa, minimising_agrees_with_moore_on_larger_automata)
{
    struct rw_random random = rw_random_seed(5);
    size_t merged = 0;
    for (int i = 0; i < 600; i++) {
        size_t states = i % 10 == 0 ? 40 : 8 + rw_random_below(&random, 5);
        struct rw_dfa *dfa = random_dfa(&random, states, 1 + rw_random_below(&random, 3), 0);
        for (size_t s = 0; i % 2 == 0 && s < states; s++) /* few accept, so that states merge */
            dfa->accepting[s] = s < 2;
        struct rw_dfa *trim = rw_dfa_trim(dfa), *minimal = rw_dfa_minimise(dfa);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert_eq(minimal->states, count_classes(trim));
        cr_assert(rw_dfa_equivalent(dfa, minimal, &word));
        merged += minimal->states < trim->states;
        rw_word_clear(&word);
        rw_dfa_free(dfa);
        rw_dfa_free(trim);
        rw_dfa_free(minimal);
    }
    cr_assert_gt(merged, 100);
}

Test(dfa, the_minimal_automaton_is_the_same_whatever_one_starts_from)
{
    struct rw_random random = rw_random_seed(6);
    for (int i = 0; i < 60; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 9), 2, i % 2 == 0 ? 0 : 4);
        struct rw_dfa *minimal = rw_dfa_minimise(dfa), *again = rw_dfa_minimise(minimal);
        cr_assert_eq(again->states, minimal->states);
        cr_assert_arr_eq(again->next, minimal->next, minimal->states * 2 * sizeof *minimal->next);
        cr_assert_arr_eq(again->accepting, minimal->accepting, minimal->states);
        for (size_t k = 0; k < minimal->states * 2; k++)
            cr_assert_neq(minimal->next[k], RW_NO_STATE);
        assert_distinct_names(minimal);
        rw_dfa_free(dfa);
        rw_dfa_free(minimal);
        rw_dfa_free(again);
    }
}

Test(dfa, the_dead_state_gets_a_name_that_no_other_state_has)
{
    struct rw_dfa *dfa = rw_dfa_new(3, 1);
    rename_state(dfa, 0, "dead");
    rename_state(dfa, 1, "dead'");
    dfa->next[0] = 1;
    dfa->next[1] = 2;
    dfa->accepting[2] = 1;
    struct rw_dfa *minimal = rw_dfa_minimise(dfa);
    cr_assert_eq(minimal->states, 4);
    assert_distinct_names(minimal);
    rw_dfa_free(dfa);
    rw_dfa_free(minimal);
}

Test(dfa, the_empty_language_and_the_language_of_all_words_have_one_state)
{
    for (uint8_t accepting = 0; accepting < 2; accepting++) {
        struct rw_dfa *dfa = rw_dfa_new(3, 2);
        for (size_t i = 0; i < 6; i++)
            dfa->next[i] = (uint32_t)((i + 1) % 3);
        memset(dfa->accepting, accepting, 3);
        struct rw_dfa *minimal = rw_dfa_minimise(dfa);
        cr_assert_eq(minimal->states, 1);
        cr_assert_eq(minimal->accepting[0], accepting);
        rw_dfa_free(dfa);
        rw_dfa_free(minimal);
    }
    struct rw_dfa *nothing = rw_dfa_new(1, 2), *minimal = rw_dfa_minimise(nothing);
    cr_assert_eq(minimal->states, 1);
    cr_assert_eq(minimal->next[1], 0);
    rw_dfa_free(nothing);
    rw_dfa_free(minimal);
}

/* --- equivalence --- */

Test(dfa, equivalence_finds_the_word_that_all_words_show_first)
{
    struct rw_random random = rw_random_seed(7);
    size_t equal = 0, different = 0;
    for (int i = 0; i < 300; i++) {
        struct rw_dfa *a = random_dfa(&random, 1 + rw_random_below(&random, 4), 2, 3);
        struct rw_dfa *b = i % 3 == 0 ? rw_dfa_minimise(a) : random_dfa(&random, 1 + rw_random_below(&random, 4), 2, 3);
        struct rw_word word, expected;
        rw_word_init(&word);
        rw_word_init(&expected);
        bool same = rw_dfa_equivalent(a, b, &word);
        cr_assert_eq(same, !first_difference(a, b, &expected));
        cr_assert(same || same_word(&word, &expected));
        equal += same;
        different += !same;
        rw_word_clear(&word);
        rw_word_clear(&expected);
        rw_dfa_free(a);
        rw_dfa_free(b);
    }
    cr_assert_gt(equal, 50);
    cr_assert_gt(different, 50);
}

Test(dfa, one_wrong_transition_is_found)
{
    struct rw_random random = rw_random_seed(8);
    size_t found = 0;
    for (int i = 0; i < 100; i++) {
        struct rw_dfa *start = random_dfa(&random, 4, 2, 0), *dfa = rw_dfa_minimise(start), *other = rw_dfa_copy(dfa);
        size_t cell = rw_random_below(&random, dfa->states * 2);
        struct rw_word word, expected;
        rw_word_init(&word);
        rw_word_init(&expected);
        other->next[cell] = (other->next[cell] + 1) % (uint32_t)dfa->states;
        bool different = first_difference(dfa, other, &expected);
        cr_assert_eq(rw_dfa_equivalent(dfa, other, &word), !different);
        cr_assert(!different || same_word(&word, &expected));
        found += different;
        rw_word_clear(&word);
        rw_word_clear(&expected);
        rw_dfa_free(start);
        rw_dfa_free(dfa);
        rw_dfa_free(other);
    }
    cr_assert_gt(found, 50);
}

Test(dfa, cycles_of_coprime_lengths_differ_only_on_a_long_word)
{
    struct rw_dfa *a = rw_dfa_new(30, 1), *b = rw_dfa_new(31, 1);
    struct rw_word word;
    rw_word_init(&word);
    for (uint32_t s = 0; s < 30; s++)
        a->next[s] = (s + 1) % 30;
    for (uint32_t s = 0; s < 31; s++)
        b->next[s] = (s + 1) % 31;
    a->accepting[29] = 1;
    b->accepting[29] = 1;
    cr_assert(!rw_dfa_equivalent(a, b, &word));
    cr_assert_eq(word.length, 59);
    rw_word_clear(&word);
    rw_dfa_free(a);
    rw_dfa_free(b);
}

/* --- letters --- */

static enum rw_letter naive_letter(const struct rw_dfa *dfa, uint32_t symbol)
{
    bool total = true, injective = true, constant = dfa->states > 1;
    for (size_t p = 0; p < dfa->states; p++) {
        uint32_t to = dfa->next[p * dfa->symbols + symbol];
        total = total && to != RW_NO_STATE;
        constant = constant && to == dfa->next[symbol];
        for (size_t q = 0; q < p; q++)
            injective = injective && (to == RW_NO_STATE || to != dfa->next[q * dfa->symbols + symbol]);
    }
    if (constant && total)
        return RW_LETTER_RESET;
    return !injective ? RW_LETTER_MERGES : total ? RW_LETTER_PERMUTATION : RW_LETTER_INJECTIVE;
}

Test(dfa, letters_are_told_apart_by_what_they_do_to_pairs_of_states)
{
    struct rw_random random = rw_random_seed(9);
    size_t seen[4] = {0};
    for (int i = 0; i < 800; i++) {
        struct rw_dfa *dfa = random_dfa(&random, 1 + rw_random_below(&random, 3), 2, i % 2 == 0 ? 0 : 3);
        uint32_t p = RW_NO_STATE, q = RW_NO_STATE;
        enum rw_letter letter = rw_dfa_letter(dfa, 1, &p, &q);
        cr_assert_eq(letter, naive_letter(dfa, 1));
        cr_assert_eq(letter, rw_dfa_letter(dfa, 1, NULL, NULL));
        if (letter == RW_LETTER_MERGES) {
            cr_assert_neq(p, q);
            cr_assert_neq(dfa->next[p * 2 + 1], RW_NO_STATE);
            cr_assert_eq(dfa->next[p * 2 + 1], dfa->next[q * 2 + 1]);
        }
        seen[letter]++;
        rw_dfa_free(dfa);
    }
    for (int i = 0; i < 4; i++)
        cr_assert_gt(seen[i], 20);
}
