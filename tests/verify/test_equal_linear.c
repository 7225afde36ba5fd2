/* Equality on all words: proved where it holds, refuted by a shortest word where it does not. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "verify/equal.h"
#include "verify/linear.h"

struct answer {
    enum rw_equality equality;
    struct rw_word word;
    char *why;
};

static struct answer ask(const struct rw_machine *machine, const struct rw_net *net, uint64_t cells)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_linear_proof proof;
    struct answer answer = {0};
    size_t size;
    FILE *why = open_memstream(&answer.why, &size);
    limits.cells = cells;
    rw_word_init(&answer.word);
    rw_linear_proof_init(&proof);
    answer.equality = rw_equal_sides((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits,
                                     &answer.word, &proof, why);
    rw_linear_proof_clear(&proof);
    fclose(why);
    return answer;
}

static void answer_clear(struct answer *answer)
{
    rw_word_clear(&answer->word);
    free(answer->why);
}

/* The answer must be this one, and for a reason that contains this text. */
static void expect(const struct rw_machine *machine, const struct rw_net *net, uint64_t cells,
                   enum rw_equality equality, const char *reason)
{
    struct answer answer = ask(machine, net, cells);
    cr_assert_eq(answer.equality, equality, "%d: %s", answer.equality, answer.why);
    cr_assert_not_null(strstr(answer.why, reason), "%s", answer.why);
    answer_clear(&answer);
}

#define CELLS 20000

Test(equal_linear, a_net_is_equal_to_what_it_was_made_from)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        bool weights = seed % 2 == 0;
        struct rw_machine *machine =
            weights ? example_wfa(seed, 4, "ab", seed % 4 == 0) : example_dfa(seed, 9, "ab", seed % 3 == 0);
        struct rw_net *net = weights ? example_dplr(machine->model, machine->alphabet,
                                                    seed % 4 == 0 ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE)
                                     : example_pd(machine);
        expect(machine, net, CELLS, RW_EQUAL, "basis of the joint forward space");
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* Whatever is wrong, brute force and the argument must not contradict each other. */
static void check_damaged(uint64_t seed, bool weights)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_machine *machine =
        weights ? example_wfa(seed, 3, "ab", false) : example_dfa(seed, 4, "ab", seed % 3 == 0);
    struct rw_net *net =
        weights ? example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE) : example_pd(machine);
    if (weights)
        example_perturb(net, seed % 2 ? "decay" : "left", rw_random_below(&random, 3), rw_random_below(&random, 2), 1,
                        2);
    else
        example_perturb(net, seed % 2 ? "write" : "query", rw_random_below(&random, 4), seed % 2 ? 1 : 3,
                        seed % 4 < 2 ? 1 : -2, 1);
    struct rw_word word;
    rw_word_init(&word);
    bool differs = example_brute_force(machine, net, false, 7, &word);
    struct answer answer = ask(machine, net, CELLS);
    if (differs) {
        cr_assert_eq(answer.equality, RW_DIFFERENT, "seed %d: %s", (int)seed, answer.why);
        cr_assert_eq(answer.word.length, word.length, "seed %d", (int)seed);
    } else {
        cr_assert(answer.equality == RW_EQUAL || answer.word.length > 7, "seed %d: %s", (int)seed, answer.why);
    }
    answer_clear(&answer);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, a_wrong_weight_gives_a_word_as_short_as_brute_force_finds)
{
    for (uint64_t seed = 1; seed <= 10; seed++)
        check_damaged(seed, true);
}

Test(equal_linear, a_wrong_weight_of_a_pd_is_decided)
{
    for (uint64_t seed = 1; seed <= 16; seed++)
        check_damaged(seed, false);
}

Test(equal_linear, a_positive_multiple_accepts_the_same_words)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, NULL, 0, 4, 5, 2);
    expect(machine, net, CELLS, RW_EQUAL, "7/2 times the indicator");
    example_perturb(net, NULL, 0, 4, -4, 1);
    expect(machine, net, CELLS, RW_DIFFERENT, "");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, a_shift_that_no_value_crosses_is_harmless)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, NULL, 0, 3, -1, 2);
    expect(machine, net, CELLS, RW_EQUAL, "minus 1/2");
    example_perturb(net, NULL, 0, 3, -1, 2);
    expect(machine, net, CELLS, RW_DIFFERENT, "");
    example_perturb(net, NULL, 0, 3, 2, 1);
    expect(machine, net, CELLS, RW_DIFFERENT, "");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, values_that_are_no_indicator_are_decided_by_pairs)
{
    struct rw_machine *machine = example_dfa(4, 5, "ab", false);
    struct rw_dfa *dfa = machine->model;
    struct rw_net *net = example_pd(machine);
    memset(dfa->accepting, 0, dfa->states);
    for (size_t q = 0; q < dfa->states; q++)
        dfa->accepting[q] = q % 2;
    rw_net_free(net);
    net = example_pd(machine);
    /* Other values than 1 and -1 at some states: same signs, no affine function of the indicator. */
    example_perturb(net, "query", 1, 3, 2, 1);
    example_perturb(net, "query", 2, 3, -1, 1);
    expect(machine, net, CELLS, RW_EQUAL, "pairs of states");
    rw_net_free(net);
    rw_machine_free(machine);
}

/* (a|b)*a(a|b): how many letters a stand where an a may stand; counts paths. */
static struct rw_nfa *second_last(bool ambiguous)
{
    struct rw_nfa *nfa = rw_nfa_new(3, 2);
    nfa->initial[0] = 1;
    nfa->accepting[2] = 1;
    rw_nfa_add(nfa, 0, 0, 0);
    rw_nfa_add(nfa, 0, 1, 0);
    rw_nfa_add(nfa, 0, 0, 1);
    rw_nfa_add(nfa, 1, 0, 2);
    rw_nfa_add(nfa, 1, 1, 2);
    if (ambiguous) {
        rw_nfa_add(nfa, 2, 0, 2);
        rw_nfa_add(nfa, 2, 1, 2);
    }
    rw_nfa_seal(nfa);
    return nfa;
}

Test(equal_linear, a_net_that_counts_paths_accepts_the_language_of_the_nfa)
{
    struct rw_nfa *nfa = second_last(true);
    struct rw_machine *machine = example_machine(&rw_nfa_kind, nfa, "ab");
    struct rw_wfa *paths = rw_nfa_count_paths(nfa, NULL);
    struct rw_net *net = example_dplr(paths, machine->alphabet, RW_DECIDE_POSITIVE);
    expect(machine, net, CELLS, RW_EQUAL, "number of accepting paths");
    /* Paths by way of one edge weigh three: counts grow without bound and are no multiple; the supports still decide. */
    example_perturb(net, "right", 2 * 3 + 1, 0, -2, 1);
    expect(machine, net, CELLS, RW_EQUAL, "pairs of supports");
    example_perturb(net, "right", 2 * 3 + 1, 0, 3, 1);
    expect(machine, net, CELLS, RW_DIFFERENT, "");
    rw_net_free(net);
    rw_wfa_free(paths);
    rw_machine_free(machine);
}

/* 1/2 - (s - t)^2 for s letters a and t letters b: positive iff s = t (erratum E10). Row: (1, s - t, (s - t)^2). */
static struct rw_machine *balance(void)
{
    struct rw_wfa *wfa = rw_wfa_new(3, 2);
    wfa->indicator = true;
    wfa->semiring = RW_RATIONAL;
    fmpq_set_si(wfa->alpha, 1, 1);
    fmpq_set_si(wfa->omega, 1, 2);
    fmpq_set_si(wfa->omega + 2, -1, 1);
    for (uint32_t symbol = 0; symbol < 2; symbol++) {
        int sign = symbol == 0 ? 1 : -1;
        struct rw_builder *transposed = rw_builder_new(3, 3);
        for (size_t i = 0; i < 3; i++)
            rw_builder_add_int(transposed, i, i, 1);
        rw_builder_add_int(transposed, 1, 0, sign);
        rw_builder_add_int(transposed, 2, 0, 1);
        rw_builder_add_int(transposed, 2, 1, 2 * sign);
        rw_wfa_set_letter(wfa, symbol, rw_builder_finish(transposed));
    }
    return example_machine(&rw_wfa_indicator_kind, wfa, "ab");
}

Test(equal_linear, the_quadratic_equality_test_survives_what_its_lattice_allows)
{
    struct rw_machine *machine = balance();
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_POSITIVE);
    expect(machine, net, CELLS, RW_EQUAL, "the output is the weight on a basis");
    example_perturb(net, "query", 0, 3, 1, 2);
    expect(machine, net, CELLS, RW_EQUAL, "plus 1/2, which changes no verdict");
    example_perturb(net, "query", 0, 3, 1, 2);
    expect(machine, net, CELLS, RW_DIFFERENT, "");
    example_perturb(net, "query", 0, 3, -1, 1);
    expect(machine, net, CELLS, RW_EQUAL, "");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, says_why_it_is_undecided)
{
    struct rw_machine *machine = balance();
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_POSITIVE);
    expect(machine, net, 1, RW_UNDECIDED, "cells");
    rw_layer_add_feedforward(net->layers, 1);
    expect(machine, net, CELLS, RW_UNDECIDED, "feed-forward");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, a_pd_of_many_states_takes_no_time)
{
    struct rw_machine *machine = example_dfa(9, 300, "ab", false);
    struct rw_net *net = example_pd(machine);
    expect(machine, net, CELLS, RW_EQUAL, "basis");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(equal_linear, the_automaton_of_a_net_has_its_values)
{
    struct rw_machine *machine = example_wfa(21, 4, "abc", false);
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
    example_perturb(net, "decay", 1, 2, 1, 3);
    example_perturb(net, "query", 2, 0, -1, 3); /* read differently after an a */
    example_perturb(net, "write", 0, 1, 1, 1);
    struct rw_machine *extracted = example_machine(&rw_wfa_kind, rw_wfa_of_net(net), "abc");
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(!example_brute_force(extracted, net, false, 5, &word));
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
    rw_machine_free(extracted);
}
