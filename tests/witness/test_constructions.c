/* Every construction on random machines: what applies builds, and what is built does what the machine does. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/counter.h"
#include "automata/nfa.h"
#include "base/memory.h"
#include "base/random.h"
#include "reductions/witness/witness.h"
#include "verify/verify.h"

static struct rw_alphabet *letters(size_t count)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t i = 0; i < count; i++)
        rw_alphabet_add(alphabet, (const char[]){(char)('a' + i), '\0'});
    return alphabet;
}

static struct rw_machine *machine_of(const struct rw_machine_kind *kind, void *model, size_t symbols)
{
    return rw_machine_new(kind, model, letters(symbols), "random", "");
}

static bool holds(const struct rw_machine *machine, const struct rw_net *net, bool *states)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.budget = 1500;
    options.random_words = 4;
    options.random_length = 60;
    bool good = rw_verify(machine, net, &options, &report, NULL) && report.holds;
    *states = report.states_compared;
    rw_verify_report_free(&report);
    return good;
}

/* Changes one weight that is not 0; false if the matrix has none. */
static bool perturb(struct rw_net *net, size_t matrix, struct rw_random *random)
{
    struct rw_matrix *m = *rw_net_matrix(net, matrix, NULL);
    if (rw_matrix_nonzeros(m) == 0)
        return false;
    fmpq *value = m->value + rw_random_below(random, rw_matrix_nonzeros(m));
    fmpq_add_si(value, value, 7);
    return true;
}

/* Whether of some wrong weights at least one is noticed; a machine that says the same of all words hides them all. */
static bool notices(const struct rw_machine *machine, const struct rw_net *net, struct rw_random *random)
{
    bool noticed = false, states;
    for (int tries = 0; tries < 30 && !noticed; tries++) {
        struct rw_net *wrong = rw_net_copy(net);
        if (perturb(wrong, rw_random_below(random, rw_net_matrix_count(wrong)), random) &&
            rw_net_check(
                wrong,
                &(struct rw_limits){
                    .nonzeros = 1000000, .neurons = 1000000, .symbols = 1000, .states = 100000, .bits = 1000000},
                NULL))
            noticed = !holds(machine, wrong, &states);
        rw_net_free(wrong);
    }
    return noticed;
}

/* Builds whatever applies; counts the networks made. `noticed` (may be NULL) counts those with a negative control that worked. */
static size_t expect_all(struct rw_machine *machine, struct rw_random *random, size_t *noticed)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    size_t built = 0;
    limits.table_keys = 600;
    for (size_t i = 0; i < rw_witness_count; i++) {
        const struct rw_witness *row = rw_witnesses + i;
        if (strcmp(row->kind, machine->kind->name) != 0 || !row->applies(machine, NULL))
            continue;
        struct rw_net *net = row->build(machine, &options, NULL);
        bool states;
        if (net == NULL) /* a table that is too large */
            continue;
        cr_assert(holds(machine, net, &states), "%s", row->family);
        cr_assert_eq(states, net->relation != NULL);
        if (noticed != NULL)
            *noticed += notices(machine, net, random);
        rw_net_free(net);
        built++;
    }
    rw_machine_free(machine);
    return built;
}

static struct rw_dfa *random_dfa(struct rw_random *random, size_t states, size_t symbols, int form)
{
    struct rw_dfa *dfa = rw_dfa_new(states, symbols);
    for (size_t s = 0; s < states; s++)
        dfa->accepting[s] = (uint8_t)rw_random_below(random, 2);
    for (uint32_t a = 0; a < symbols; a++) {
        uint32_t shift = (uint32_t)rw_random_below(random, states), target = (uint32_t)rw_random_below(random, states);
        for (size_t s = 0; s < states; s++) {
            uint32_t *next = dfa->next + s * symbols + a;
            *next = form == 0   ? (uint32_t)((s + shift) % states)
                    : form == 1 ? target
                                : (uint32_t)rw_random_below(random, states);
            if (form == 3 && rw_random_below(random, 4) == 0)
                *next = RW_NO_STATE;
        }
    }
    return dfa;
}

Test(constructions, finite_automata)
{
    size_t noticed = 0;
    struct rw_random random = rw_random_seed(21);
    for (int round = 0; round < 24; round++) {
        size_t symbols = 1 + rw_random_below(&random, 2), states = 1 + rw_random_below(&random, 5);
        struct rw_machine *machine = machine_of(&rw_dfa_kind, random_dfa(&random, states, symbols, round % 4), symbols);
        cr_assert_geq(expect_all(machine, &random, round < 4 ? &noticed : NULL), 3);
    }
    cr_assert_geq(noticed, 6);
}

Test(constructions, nondeterministic_automata)
{
    struct rw_random random = rw_random_seed(22);
    for (int round = 0; round < 16; round++) {
        struct rw_nfa *nfa = rw_nfa_new(4, 2);
        nfa->initial[0] = nfa->accepting[3] = 1;
        for (int e = 0; e < 7; e++) {
            uint32_t from = (uint32_t)rw_random_below(&random, 4), to = (uint32_t)rw_random_below(&random, 4);
            bool epsilon = rw_random_below(&random, 4) == 0 && from < to;
            rw_nfa_add(nfa, from, epsilon ? RW_EPSILON : (uint32_t)rw_random_below(&random, 2), to);
        }
        rw_nfa_seal(nfa);
        cr_assert_geq(expect_all(machine_of(&rw_nfa_kind, nfa, 2), &random, NULL), 2);
    }
}

Test(constructions, an_epsilon_cycle_has_no_count_of_paths)
{
    struct rw_nfa *nfa = rw_nfa_new(2, 1);
    nfa->initial[0] = nfa->accepting[1] = 1;
    rw_nfa_add(nfa, 0, RW_EPSILON, 1);
    rw_nfa_add(nfa, 1, RW_EPSILON, 0);
    rw_nfa_add(nfa, 0, 0, 1);
    rw_nfa_seal(nfa);
    struct rw_machine *machine = machine_of(&rw_nfa_kind, nfa, 1);
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert_not_null(rw_witness_choose(machine, "pd", diag));
    cr_assert_null(rw_witness_choose(machine, "dplr", diag));
    cr_assert_eq(rw_diag_exit_code(diag), 2);
    rw_diag_free(diag);
    rw_machine_free(machine);
}

Test(constructions, weighted_automata)
{
    size_t noticed = 0;
    struct rw_random random = rw_random_seed(23);
    for (int round = 0; round < 16; round++) {
        size_t states = 1 + rw_random_below(&random, 4), symbols = 1 + rw_random_below(&random, 2);
        struct rw_wfa *wfa = rw_wfa_new(states, symbols);
        wfa->semiring = RW_RATIONAL;
        wfa->indicator = round % 3 == 0;
        for (size_t q = 0; q < states; q++) {
            fmpq_set_si(wfa->alpha + q, (slong)rw_random_below(&random, 3), 1 + rw_random_below(&random, 2));
            fmpq_set_si(wfa->omega + q, (slong)rw_random_below(&random, 5) - 2, 1);
        }
        for (uint32_t a = 0; a < symbols; a++) {
            struct rw_builder *builder = rw_builder_new(states, states);
            for (size_t i = 0; i < states * states; i++)
                if (rw_random_below(&random, 2))
                    rw_builder_add_int(builder, i / states, i % states, (int64_t)rw_random_below(&random, 5) - 2);
            rw_wfa_set_letter(wfa, a, rw_builder_finish(builder));
        }
        cr_assert_geq(expect_all(machine_of(wfa->indicator ? &rw_wfa_indicator_kind : &rw_wfa_kind, wfa, symbols),
                                 &random, round < 3 ? &noticed : NULL),
                      2);
    }
    cr_assert_geq(noticed, 4);
}

/* Rules for every state, symbol and sign of the first counter; some are left out. */
static struct rw_counter *random_counter(struct rw_random *random, bool natural, bool resets)
{
    struct rw_counter *m = rw_counter_new(2, 2, 2);
    m->natural = natural;
    for (uint32_t q = 0; q < 2; q++)
        for (uint32_t a = 0; a < 2; a++)
            for (int test = RW_TEST_ZERO; test <= RW_TEST_NONZERO; test++) {
                if (rw_random_below(random, 6) == 0)
                    continue;
                struct rw_counter_rule *rule = rw_counter_add_rule(m, q, a, (uint32_t)rw_random_below(random, 2));
                rule->test[0] = (uint8_t)test;
                rule->test[1] = natural && test == RW_TEST_NONZERO ? RW_TEST_NONZERO : RW_TEST_ANY;
                bool may_subtract = !natural || test == RW_TEST_NONZERO;
                for (size_t c = 0; c < 2; c++)
                    rule->add[c] = (int64_t)rw_random_below(random, 3) - (may_subtract ? 1 : 0);
                if (resets && rw_random_below(random, 3) == 0) {
                    rule->reset[1] = 1;
                    rule->add[1] = 0;
                }
            }
    rw_counter_add_acceptance(m, 0)->test[1] = RW_TEST_ZERO;
    rw_counter_add_acceptance(m, 1)->test[0] = RW_TEST_NONZERO;
    rw_counter_seal(m);
    return m;
}

Test(constructions, counter_machines)
{
    size_t noticed = 0;
    struct rw_random random = rw_random_seed(24);
    for (int round = 0; round < 18; round++) {
        bool natural = round % 3 == 0, resets = round % 3 == 2;
        struct rw_counter *counter = random_counter(&random, natural, resets);
        bool reset = rw_counter_has_resets(counter);
        size_t families = expect_all(machine_of(&rw_counter_kind, counter, 2), &random, round < 3 ? &noticed : NULL);
        cr_assert_eq(families, reset ? 1 : natural ? 3 : 2);
    }
    cr_assert_geq(noticed, 4);
}

Test(constructions, strict_is_refused_exactly_where_a_letter_merges)
{
    struct rw_random random = rw_random_seed(25);
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.strict = true, .limits = &limits};
    for (int round = 0; round < 200; round++) {
        size_t symbols = 1 + rw_random_below(&random, 2), states = 1 + rw_random_below(&random, 3);
        struct rw_dfa *dfa = random_dfa(&random, states, symbols, round % 4);
        bool complete = true, merges = false;
        for (size_t i = 0; i < states * symbols; i++)
            complete = complete && dfa->next[i] != RW_NO_STATE;
        for (uint32_t a = 0; a < symbols; a++) {
            bool collides = false, constant = true;
            for (size_t p = 0; p < states; p++)
                for (size_t q = 0; q < states; q++) {
                    uint32_t to = dfa->next[p * symbols + a];
                    collides = collides || (p != q && to != RW_NO_STATE && to == dfa->next[q * symbols + a]);
                    constant = constant && to == dfa->next[q * symbols + a];
                }
            merges = merges || (collides && !(complete && constant));
        }
        struct rw_machine *machine = machine_of(&rw_dfa_kind, dfa, symbols);
        struct rw_net *net = rw_witness_choose(machine, "pd", NULL)->build(machine, &options, NULL);
        cr_assert_eq(net == NULL, merges);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

Test(constructions, an_unknown_family_has_a_near_name)
{
    struct rw_random random = rw_random_seed(26);
    struct rw_machine *machine = machine_of(&rw_dfa_kind, random_dfa(&random, 3, 2, 2), 2);
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert_str_eq(rw_witness_choose(machine, NULL, diag)->family, "pd");
    cr_assert_null(rw_witness_choose(machine, "dlpr", diag));
    cr_assert_not_null(strstr(rw_diag_view(diag, 0).hint, "dplr"));
    cr_assert_null(rw_witness_choose(machine, "mlp", diag));
    rw_diag_free(diag);
    rw_machine_free(machine);
}
