/* Networks back to automata: every linear family against the runtime on all short words, and what is refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "examples.h"

#include "base/limits.h"
#include "verify/equal.h"
#include "verify/extract.h"
#include "verify/linear.h"

/* --- random networks of one layer --- */

static struct rw_matrix *random_matrix(struct rw_random *random, size_t rows, size_t cols)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    fmpq_t weight;
    fmpq_init(weight);
    for (size_t place = 0; place < rows * cols; place++) {
        fmpq_set_si(weight, (slong)rw_random_below(random, 5) - 2, 1 + rw_random_below(random, 2));
        if (rw_random_below(random, 2) == 0)
            rw_builder_add(builder, place / cols, place % cols, weight);
    }
    fmpq_clear(weight);
    return rw_builder_finish(builder);
}

/* Two heads with random weights everywhere. */
static struct rw_net *random_net(struct rw_random *random, const char *family, enum rw_decision decision)
{
    struct rw_alphabet *tokens = example_alphabet("ab");
    struct rw_net *net = rw_net_new(tokens);
    rw_alphabet_free(tokens);
    for (size_t i = 0; i < 4; i++)
        rw_net_add_feature(net, "feature %zu", i);
    net->embedding = random_matrix(random, net->width, 3);
    struct rw_layer *layer = rw_net_add_layer(net);
    for (size_t h = 0; h < 2; h++) {
        const struct rw_family *f = rw_family_find(family);
        size_t dims[RW_MAX_DIMS] = {0};
        for (size_t i = 0; f->dim_names[i] != NULL; i++)
            dims[i] = 1 + rw_random_below(random, 2);
        struct rw_head *head = rw_layer_add_head(layer, f, "", dims);
        for (size_t i = 0; i < f->param_count(dims); i++) {
            struct rw_param_shape shape = f->param(dims, i);
            cr_assert(shape.input);
            rw_head_set_param(head, shape.name, random_matrix(random, shape.rows * shape.cols, net->width), net->width);
        }
        rw_head_name_coordinate(head, 0, "state x%zu", h);
        head->output = random_matrix(random, net->width, f->output_size(dims));
    }
    net->output_count = 1;
    net->outputs = calloc(1, sizeof *net->outputs);
    net->outputs[0] = strdup("value");
    net->readout = random_matrix(random, 1, net->width);
    net->decision = decision;
    return net;
}

static struct rw_machine *extract(const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_machine *machine = rw_extract(net, &limits, NULL, diag);
    cr_assert_not_null(machine);
    cr_assert(rw_diag_empty(diag));
    rw_diag_free(diag);
    return machine;
}

/* For all words, and (apart from the formulas) in the runtime for short ones. */
static void assert_equal(const struct rw_machine *machine, const struct rw_net *net, size_t length)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_side left = {.machine = machine}, right = {.net = net};
    struct rw_linear_proof proof;
    struct rw_word word;
    rw_linear_proof_init(&proof);
    rw_word_init(&word);
    cr_assert(!example_brute_force(machine, net, false, length, &word), "a difference after %zu symbols", word.length);
    cr_assert_eq(rw_equal_sides(left, right, &limits, &word, &proof, NULL), RW_EQUAL);
    rw_linear_proof_clear(&proof);
    rw_word_clear(&word);
}

static void expect_family(const char *family, uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed);
    for (int i = 0; i < 20; i++) {
        bool positive = i % 2 == 0;
        struct rw_net *net = random_net(&random, family, positive ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE);
        struct rw_machine *machine = extract(net);
        cr_assert(positive ? machine->kind != &rw_wfa_kind : machine->kind == &rw_wfa_kind);
        assert_equal(machine, net, 5);
        rw_machine_free(machine);
        rw_net_free(net);
    }
}

Test(extract, pd_networks_are_automata)
{
    expect_family("pd", 41);
}

Test(extract, dplr_networks_are_automata)
{
    expect_family("dplr", 42);
}

Test(extract, rwkv7_networks_are_automata)
{
    expect_family("rwkv7", 43);
}

Test(extract, deltanet_networks_are_automata)
{
    expect_family("deltanet", 44);
}

Test(extract, deltaproduct_networks_are_automata)
{
    expect_family("deltaproduct", 45);
}

/* --- automata that come back --- */

Test(extract, a_dfa_comes_back_with_its_names)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_machine *back = extract(net);
    const struct rw_dfa *dfa = back->model;
    cr_assert(back->kind == &rw_dfa_kind);
    cr_assert_eq(dfa->states, 2);
    cr_assert_str_eq(dfa->names[0], "even");
    cr_assert_str_eq(dfa->names[1], "odd");
    rw_machine_free(back);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(extract, dfas_come_back_minimal)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct rw_machine *machine = example_dfa(seed, 1 + seed % 7, "ab", seed % 2 == 0);
        struct rw_net *net = example_pd(machine);
        struct rw_machine *back = extract(net);
        struct rw_dfa *minimal = rw_dfa_minimise(machine->model);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert(back->kind == &rw_dfa_kind);
        cr_assert_eq(((struct rw_dfa *)back->model)->states, minimal->states);
        cr_assert(rw_dfa_equivalent(minimal, back->model, &word));
        assert_equal(back, net, 6);
        rw_word_clear(&word);
        rw_dfa_free(minimal);
        rw_machine_free(back);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* Read differently after an a: the same coordinate accepts or not, and two states are made of it. */
Test(extract, what_is_accepted_may_depend_on_the_last_token)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, "query", 0, 0, -3, 1);
    struct rw_machine *back = extract(net);
    cr_assert(back->kind == &rw_dfa_kind);
    cr_assert_gt(((struct rw_dfa *)back->model)->states, 2);
    assert_equal(back, net, 7);
    rw_machine_free(back);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(extract, a_state_that_is_no_longer_one_coordinate_gives_a_wfa)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, "transition", 0, 0, 1, 1);
    struct rw_machine *back = extract(net);
    cr_assert(back->kind == &rw_wfa_indicator_kind);
    assert_equal(back, net, 7);
    rw_machine_free(back);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(extract, weighted_automata_come_back_with_the_same_series)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct rw_machine *machine = example_wfa(seed, 1 + seed % 4, "ab", false);
        struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_VALUE);
        struct rw_machine *back = extract(net);
        const struct rw_wfa *wfa = machine->model;
        struct rw_word word;
        rw_word_init(&word);
        cr_assert(rw_wfa_equivalent(wfa, back->model, &word, NULL));
        cr_assert_leq(((struct rw_wfa *)back->model)->states, wfa->states);
        rw_word_clear(&word);
        rw_machine_free(back);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* --- what is refused --- */

static void expect_refusal(const struct rw_net *net, const struct rw_limits *limits, const char *limit,
                           const char *message)
{
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert_null(rw_extract(net, limits, NULL, diag));
    cr_assert_eq(rw_diag_kept(diag), 1);
    struct rw_problem_view view = rw_diag_view(diag, 0);
    cr_assert(strstr(view.message, message) != NULL, "%s", view.message);
    cr_assert(limit == NULL ? view.limit == NULL : strcmp(view.limit, limit) == 0);
    rw_diag_free(diag);
}

Test(extract, the_layer_that_is_in_the_way_is_named)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    rw_net_add_layer(net);
    expect_refusal(net, &limits, NULL, "layer 2 reads what layer 1 puts out");
    struct rw_feedforward *part = rw_layer_add_feedforward(net->layers, 1);
    cr_assert_eq(part->neurons, 1);
    expect_refusal(net, &limits, NULL, "layer 1 has a feed-forward part, of 1 neuron");
    const size_t dims[RW_MAX_DIMS] = {1, 1, 1};
    rw_layer_add_head(net->layers, rw_family_find("relu"), "", dims);
    expect_refusal(net, &limits, NULL, "layer 1 has a head of family relu");
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(extract, limits_are_named)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine = example_dfa(3, 9, "ab", false);
    struct rw_net *net = example_pd(machine);
    limits.states = 8;
    expect_refusal(net, &limits, "states", "9 coordinates");
    limits = rw_limits_standard();
    limits.transitions = 3;
    expect_refusal(net, &limits, "transitions", "multiplied out");
    limits = rw_limits_standard();
    limits.cells = 3;
    net->decision = RW_DECIDE_VALUE;
    expect_refusal(net, &limits, "cells", "basis");
    rw_net_free(net);
    rw_machine_free(machine);
}
