/* NFAs: subset runs, determinising and path counting against a naive search of all paths. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "base/memory.h"

/* Accepting paths from a state with the rest of a word to read, by trying every edge. Epsilon moves must not cycle. */
static uint64_t count_from(const struct rw_nfa *nfa, uint32_t state, const uint32_t *symbols, size_t length)
{
    uint64_t count = length == 0 && nfa->accepting[state];
    for (size_t e = 0; e < nfa->edge_count; e++) {
        const struct rw_nfa_edge *edge = nfa->edges + e;
        if (edge->from != state)
            continue;
        if (edge->symbol == RW_EPSILON)
            count += count_from(nfa, edge->to, symbols, length);
        else if (length > 0 && edge->symbol == symbols[0])
            count += count_from(nfa, edge->to, symbols + 1, length - 1);
    }
    return count;
}

static uint64_t naive_count(const struct rw_nfa *nfa, const struct rw_word *word)
{
    uint64_t count = 0;
    for (uint32_t s = 0; s < nfa->states; s++)
        if (nfa->initial[s])
            count += count_from(nfa, s, word->symbols, word->length);
    return count;
}

/* The states after a word, by going over all edges again and again; epsilon moves may cycle. */
static void naive_states(const struct rw_nfa *nfa, const struct rw_word *word, uint8_t *now)
{
    uint8_t next[8];
    cr_assert_leq(nfa->states, sizeof next);
    memcpy(now, nfa->initial, nfa->states);
    for (size_t i = 0;; i++) {
        for (size_t round = 0; round < nfa->states; round++)
            for (size_t e = 0; e < nfa->edge_count; e++)
                if (nfa->edges[e].symbol == RW_EPSILON && now[nfa->edges[e].from])
                    now[nfa->edges[e].to] = 1;
        if (i == word->length)
            return;
        memset(next, 0, sizeof next);
        for (size_t e = 0; e < nfa->edge_count; e++)
            if (nfa->edges[e].symbol == word->symbols[i] && now[nfa->edges[e].from])
                next[nfa->edges[e].to] = 1;
        memcpy(now, next, nfa->states);
    }
}

static bool naive_accepts(const struct rw_nfa *nfa, const struct rw_word *word)
{
    uint8_t now[8];
    bool accepts = false;
    naive_states(nfa, word, now);
    for (size_t s = 0; s < nfa->states; s++)
        accepts = accepts || (now[s] && nfa->accepting[s]);
    return accepts;
}

static void *run_of(const struct rw_nfa *nfa, const struct rw_word *word)
{
    void *run = rw_nfa_kind.run_new(nfa);
    for (size_t i = 0; i < word->length; i++)
        rw_nfa_kind.step(nfa, run, word->symbols[i]);
    return run;
}

static struct rw_nfa *some_nfa(struct rw_random *random, bool cyclic)
{
    size_t states = 1 + rw_random_below(random, 6);
    return random_nfa(random, states, 2, rw_random_below(random, 3 * states + 1), cyclic);
}

/* --- sealing and runs --- */

Test(nfa, sealing_sorts_edges_by_state_and_drops_duplicates)
{
    struct rw_nfa *nfa = rw_nfa_new(3, 2);
    rw_nfa_add(nfa, 2, 0, 1);
    rw_nfa_add(nfa, 0, RW_EPSILON, 1);
    rw_nfa_add(nfa, 0, 1, 2);
    rw_nfa_add(nfa, 2, 0, 1);
    rw_nfa_add(nfa, 0, 1, 0);
    rw_nfa_seal(nfa);
    static const struct rw_nfa_edge expected[] = {{0, 1, 0}, {0, 1, 2}, {0, RW_EPSILON, 1}, {2, 0, 1}};
    static const size_t start[] = {0, 3, 3, 4};
    cr_assert_eq(nfa->edge_count, 4);
    for (size_t e = 0; e < 4; e++) {
        cr_assert_eq(nfa->edges[e].from, expected[e].from);
        cr_assert_eq(nfa->edges[e].symbol, expected[e].symbol);
        cr_assert_eq(nfa->edges[e].to, expected[e].to);
        cr_assert_eq(nfa->start[e], start[e]);
    }
    rw_nfa_free(nfa);
}

Test(nfa, a_run_is_the_set_of_states_that_a_naive_search_reaches)
{
    struct rw_random random = rw_random_seed(1);
    const struct rw_machine_kind *kind = &rw_nfa_kind;
    fmpq_t value;
    fmpq_init(value);
    for (int i = 0; i < 60; i++) {
        struct rw_nfa *nfa = some_nfa(&random, true);
        struct rw_word word;
        struct rw_vector row;
        void *copy = kind->run_new(nfa);
        rw_word_init(&word);
        rw_vector_init(&row, kind->quantities(nfa));
        do {
            uint8_t expected[8];
            naive_states(nfa, &word, expected);
            void *run = run_of(nfa, &word);
            kind->run_copy(nfa, copy, run);
            rw_vector_zero(&row);
            kind->configuration(nfa, copy, &row);
            for (size_t s = 0; s < nfa->states; s++)
                cr_assert(expected[s] ? rw_q_is_one(row.value + s) : rw_q_is_zero(row.value + s));
            kind->value(nfa, run, value);
            cr_assert(naive_accepts(nfa, &word) ? rw_q_is_one(value) : rw_q_is_zero(value));
            kind->run_free(nfa, run);
        } while (next_word(&word, 2, 4));
        kind->run_free(nfa, copy);
        rw_vector_clear(&row);
        rw_word_clear(&word);
        rw_nfa_free(nfa);
    }
    fmpq_clear(value);
}

Test(nfa, a_run_is_printed_as_a_set_in_the_order_of_states)
{
    struct rw_nfa *nfa = rw_nfa_new(3, 1);
    struct rw_word word;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    nfa->initial[2] = 1;
    rw_nfa_add(nfa, 2, RW_EPSILON, 0);
    rw_nfa_seal(nfa);
    rw_word_init(&word);
    void *run = run_of(nfa, &word);
    rw_nfa_kind.print(nfa, run, out);
    rw_nfa_kind.step(nfa, run, 0);
    rw_nfa_kind.print(nfa, run, out);
    rw_nfa_kind.run_start(nfa, run);
    rw_nfa_kind.print(nfa, run, out);
    rw_nfa_kind.quantity_name(nfa, 1, out);
    fclose(out);
    cr_assert_str_eq(text, "{0, 2}{}{0, 2}state 1");
    rw_nfa_kind.run_free(nfa, run);
    rw_word_clear(&word);
    free(text);
    rw_nfa_free(nfa);
}

/* --- determinising --- */

Test(nfa, the_subset_automaton_accepts_what_runs_accept_and_its_members_are_the_run)
{
    struct rw_random random = rw_random_seed(2);
    size_t accepted = 0;
    for (int i = 0; i < 80; i++) {
        struct rw_nfa *nfa = some_nfa(&random, true);
        struct rw_matrix *members;
        struct rw_dfa *dfa = rw_nfa_determinise(nfa, 1000, &members, NULL, NULL);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert_eq(members->rows, nfa->states);
        cr_assert_eq(members->cols, dfa->states);
        do {
            uint8_t expected[8];
            uint32_t state = dfa->initial;
            naive_states(nfa, &word, expected);
            for (size_t k = 0; k < word.length; k++)
                state = dfa->next[state * 2 + word.symbols[k]];
            cr_assert_neq(state, RW_NO_STATE);
            for (size_t s = 0; s < nfa->states; s++)
                cr_assert_eq(rw_matrix_entry(members, s, state) != NULL, expected[s] == 1);
            cr_assert_eq(dfa->accepting[state], naive_accepts(nfa, &word));
            accepted += dfa->accepting[state];
        } while (next_word(&word, 2, 5));
        rw_word_clear(&word);
        rw_matrix_free(members);
        rw_dfa_free(dfa);
        rw_nfa_free(nfa);
    }
    cr_assert_gt(accepted, 100);
}

Test(nfa, subsets_are_reachable_and_pairwise_different)
{
    struct rw_random random = rw_random_seed(3);
    for (int i = 0; i < 60; i++) {
        struct rw_nfa *nfa = some_nfa(&random, true);
        struct rw_matrix *members;
        struct rw_dfa *dfa = rw_nfa_determinise(nfa, 1000, &members, NULL, NULL), *trim = rw_dfa_trim(dfa);
        cr_assert_eq(trim->states, dfa->states);
        for (size_t p = 0; p < dfa->states; p++)
            for (size_t q = 0; q < p; q++) {
                cr_assert_str_neq(dfa->names[p], dfa->names[q]);
                bool same = true;
                for (size_t s = 0; s < nfa->states; s++)
                    same = same && (rw_matrix_entry(members, s, p) == NULL) == (rw_matrix_entry(members, s, q) == NULL);
                cr_assert(!same);
            }
        rw_matrix_free(members);
        rw_dfa_free(dfa);
        rw_dfa_free(trim);
        rw_nfa_free(nfa);
    }
}

/* Words over {0, 1} whose n-th symbol from the end is 1: 2^n subsets, and none of them can be spared. */
static struct rw_nfa *nth_from_the_end(size_t n)
{
    struct rw_nfa *nfa = rw_nfa_new(n + 1, 2);
    nfa->initial[0] = 1;
    nfa->accepting[n] = 1;
    rw_nfa_add(nfa, 0, 0, 0);
    rw_nfa_add(nfa, 0, 1, 0);
    rw_nfa_add(nfa, 0, 1, 1);
    for (uint32_t s = 1; s < n; s++) {
        rw_nfa_add(nfa, s, 0, s + 1);
        rw_nfa_add(nfa, s, 1, s + 1);
    }
    rw_nfa_seal(nfa);
    return nfa;
}

Test(nfa, the_nth_symbol_from_the_end_takes_two_to_the_n_states)
{
    for (size_t n = 1; n <= 10; n++) {
        struct rw_nfa *nfa = nth_from_the_end(n);
        struct rw_dfa *dfa = rw_nfa_determinise(nfa, (uint64_t)1 << n, NULL, NULL, NULL);
        struct rw_dfa *minimal = rw_dfa_minimise(dfa);
        cr_assert_eq(dfa->states, (size_t)1 << n);
        cr_assert_eq(minimal->states, (size_t)1 << n);
        rw_dfa_free(dfa);
        rw_dfa_free(minimal);
        rw_nfa_free(nfa);
    }
}

Test(nfa, too_many_subsets_reach_the_limit_called_states)
{
    struct rw_nfa *nfa = nth_from_the_end(6);
    struct rw_diag *diag = rw_diag_new(4);
    cr_assert_null(rw_nfa_determinise(nfa, 63, NULL, NULL, diag));
    cr_assert_eq(rw_diag_count(diag), 1);
    cr_assert_eq(rw_diag_view(diag, 0).kind, RW_PROBLEM_LIMIT);
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "states");
    rw_diag_free(diag);
    rw_nfa_free(nfa);
}

static bool stop(struct rw_progress *progress, const char *what, uint64_t done, uint64_t total)
{
    (void)progress;
    (void)what;
    (void)done;
    (void)total;
    return false;
}

Test(nfa, determinising_stops_when_it_is_told_to)
{
    struct rw_nfa *nfa = nth_from_the_end(6);
    struct rw_progress progress = {stop};
    struct rw_diag *diag = rw_diag_new(4);
    cr_assert_null(rw_nfa_determinise(nfa, 1000, NULL, &progress, diag));
    cr_assert_not_null(strstr(rw_diag_view(diag, 0).message, "interrupted"));
    rw_diag_free(diag);
    rw_nfa_free(nfa);
}

Test(nfa, many_states_are_sets_of_more_than_one_machine_word)
{
    struct rw_nfa *nfa = rw_nfa_new(200, 1);
    for (uint32_t s = 0; s < 199; s++)
        rw_nfa_add(nfa, s, 0, s + 1);
    nfa->initial[0] = 1;
    nfa->initial[63] = 1;
    nfa->accepting[64] = nfa->accepting[199] = 1;
    rw_nfa_seal(nfa);
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, 1000, NULL, NULL, NULL);
    uint32_t zeros[256] = {0};
    cr_assert_eq(dfa->states, 201);
    for (size_t length = 0; length < 256; length++)
        cr_assert_eq(rw_dfa_accepts(dfa, zeros, length),
                     length == 1 || length == 64 || length == 199 - 63 || length == 199);
    rw_dfa_free(dfa);
    rw_nfa_free(nfa);
}

/* --- counting paths --- */

Test(nfa, counted_paths_are_those_that_a_search_finds)
{
    struct rw_random random = rw_random_seed(4);
    uint64_t most = 0;
    fmpq_t value;
    fmpq_init(value);
    for (int i = 0; i < 80; i++) {
        struct rw_nfa *nfa = some_nfa(&random, false);
        struct rw_wfa *wfa = rw_nfa_count_paths(nfa, NULL);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert_not_null(wfa);
        cr_assert_eq(wfa->semiring, RW_NATURAL);
        do {
            uint64_t expected = naive_count(nfa, &word);
            void *run = rw_wfa_kind.run_new(wfa);
            for (size_t k = 0; k < word.length; k++)
                rw_wfa_kind.step(wfa, run, word.symbols[k]);
            rw_wfa_kind.value(wfa, run, value);
            cr_assert(fmpz_is_one(fmpq_denref(value)) && fmpz_equal_ui(fmpq_numref(value), expected));
            cr_assert_eq(expected > 0, naive_accepts(nfa, &word));
            most = expected > most ? expected : most;
            rw_wfa_kind.run_free(wfa, run);
        } while (next_word(&word, 2, 4));
        rw_word_clear(&word);
        rw_wfa_free(wfa);
        rw_nfa_free(nfa);
    }
    cr_assert_gt(most, 10);
    fmpq_clear(value);
}

/* Whether an epsilon cycle lies on an accepting path, from reachability as a matrix. */
static bool has_useful_cycle(const struct rw_nfa *nfa)
{
    bool any[8][8] = {{false}}, epsilon[8][8] = {{false}};
    for (size_t e = 0; e < nfa->edge_count; e++) {
        any[nfa->edges[e].from][nfa->edges[e].to] = true;
        epsilon[nfa->edges[e].from][nfa->edges[e].to] |= nfa->edges[e].symbol == RW_EPSILON;
    }
    for (size_t via = 0; via < nfa->states; via++)
        for (size_t p = 0; p < nfa->states; p++)
            for (size_t q = 0; q < nfa->states; q++) {
                any[p][q] = any[p][q] || (any[p][via] && any[via][q]);
                epsilon[p][q] = epsilon[p][q] || (epsilon[p][via] && epsilon[via][q]);
            }
    for (size_t p = 0; p < nfa->states; p++)
        for (size_t s = 0; s < nfa->states; s++)
            for (size_t q = 0; q < nfa->states; q++)
                if (epsilon[s][s] && nfa->initial[p] && nfa->accepting[q] && (p == s || any[p][s]) &&
                    (s == q || any[s][q]))
                    return true;
    return false;
}

Test(nfa, exactly_the_epsilon_cycles_on_accepting_paths_are_refused)
{
    struct rw_random random = rw_random_seed(5);
    size_t refused = 0, harmless = 0;
    for (int i = 0; i < 400; i++) {
        struct rw_nfa *nfa = some_nfa(&random, true);
        struct rw_diag *diag = rw_diag_new(4);
        struct rw_wfa *wfa = rw_nfa_count_paths(nfa, diag);
        cr_assert_eq(wfa == NULL, has_useful_cycle(nfa));
        cr_assert_eq(rw_diag_count(diag), wfa == NULL);
        refused += wfa == NULL;
        harmless += wfa != NULL;
        rw_wfa_free(wfa);
        rw_diag_free(diag);
        rw_nfa_free(nfa);
    }
    cr_assert_gt(refused, 20);
    cr_assert_gt(harmless, 20);
}

Test(nfa, a_useful_epsilon_cycle_is_named)
{
    struct rw_nfa *nfa = rw_nfa_new(4, 1);
    struct rw_diag *diag = rw_diag_new(4);
    nfa->initial[0] = nfa->accepting[3] = 1;
    rw_nfa_add(nfa, 0, 0, 1);
    rw_nfa_add(nfa, 1, RW_EPSILON, 2);
    rw_nfa_add(nfa, 2, RW_EPSILON, 1);
    rw_nfa_add(nfa, 2, 0, 3);
    rw_nfa_seal(nfa);
    cr_assert_null(rw_nfa_count_paths(nfa, diag));
    cr_assert_not_null(strstr(rw_diag_view(diag, 0).message, "'1' and '2'"));
    cr_assert_null(rw_nfa_count_paths(nfa, NULL));
    rw_diag_free(diag);
    rw_nfa_free(nfa);
}

Test(nfa, paths_double_with_every_epsilon_diamond)
{
    struct rw_nfa *nfa = rw_nfa_new(3 * 100 + 1, 1);
    for (uint32_t s = 0; s < 300; s += 3) {
        rw_nfa_add(nfa, s, RW_EPSILON, s + 1);
        rw_nfa_add(nfa, s, RW_EPSILON, s + 2);
        rw_nfa_add(nfa, s + 1, RW_EPSILON, s + 3);
        rw_nfa_add(nfa, s + 2, RW_EPSILON, s + 3);
    }
    nfa->initial[0] = nfa->accepting[300] = 1;
    rw_nfa_seal(nfa);
    struct rw_wfa *wfa = rw_nfa_count_paths(nfa, NULL);
    fmpz_t expected;
    fmpz_init(expected);
    fmpz_one_2exp(expected, 100);
    cr_assert(fmpz_equal(fmpq_numref(wfa->alpha + 300), expected));
    fmpz_clear(expected);
    rw_wfa_free(wfa);
    rw_nfa_free(nfa);
}

Test(nfa, epsilon_paths_add_up_in_any_order_of_states)
{
    enum { STATES = 40 };
    struct rw_random random = rw_random_seed(6);
    for (int i = 0; i < 20; i++) {
        struct rw_nfa *nfa = rw_nfa_new(STATES, 1);
        uint64_t paths[STATES] = {1}; /* by place; states are places times 7, so that their order is another one */
        bool edge[STATES][STATES] = {{false}};
        for (size_t p = 0; p < STATES; p++)
            for (size_t q = p + 1; q < STATES; q++)
                if (one_in(&random, 8)) {
                    edge[p][q] = true;
                    rw_nfa_add(nfa, p * 7 % STATES, RW_EPSILON, q * 7 % STATES);
                }
        memset(nfa->accepting, 1, STATES);
        nfa->initial[0] = 1;
        rw_nfa_seal(nfa);
        struct rw_wfa *wfa = rw_nfa_count_paths(nfa, NULL);
        for (size_t q = 0; q < STATES; q++) {
            for (size_t p = 0; p < q; p++)
                paths[q] += edge[p][q] ? paths[p] : 0;
            cr_assert(fmpz_equal_ui(fmpq_numref(wfa->alpha + q * 7 % STATES), paths[q]));
        }
        rw_wfa_free(wfa);
        rw_nfa_free(nfa);
    }
}

Test(nfa, a_long_chain_is_counted_in_linear_time)
{
    const uint32_t length = 20000;
    struct rw_nfa *nfa = rw_nfa_new(length + 1, 1);
    for (uint32_t s = 0; s < length; s++)
        rw_nfa_add(nfa, s, s % 2 == 0 ? 0 : RW_EPSILON, s + 1);
    nfa->initial[0] = nfa->accepting[length] = 1;
    rw_nfa_seal(nfa);
    struct rw_wfa *wfa = rw_nfa_count_paths(nfa, NULL);
    cr_assert_eq(rw_matrix_nonzeros(wfa->letters[0]), length); /* each letter, with and without the epsilon behind */
    rw_wfa_free(wfa);
    rw_nfa_free(nfa);
}
