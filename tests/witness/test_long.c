/* Rank-one networks at length: all single matrices, hundreds of them, words modulo a prime, and routers that come round. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "base/random.h"
#include "reductions/witness/witness.h"
#include "rnn/ranges.h"
#include "rnn/run.h"
#include "verify/modular.h"
#include "verify/verify.h"

static struct rw_machine *products(size_t dimension, bool sign)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    static const char *const names[] = {"-1", "0", "1"};
    struct rw_matrix_product *model = rw_matrix_product_new(dimension, 3);
    for (size_t s = 0; s < 3; s++) {
        rw_alphabet_add(alphabet, names[s]);
        fmpq_set_si(model->entries + s, (slong)s - 1, 1);
    }
    return rw_machine_new(sign ? &rw_matrix_product_sign_kind : &rw_matrix_product_kind, model, alphabet, "products",
                          "");
}

static struct rw_net *build(const struct rw_machine *machine, const char *family, unsigned layers)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits, .layers = layers};
    struct rw_net *net = rw_witness_choose(machine, family, NULL)->build(machine, &options, NULL);
    cr_assert_not_null(net);
    return net;
}

static void expect_all_words(const char *family, bool sign, size_t length)
{
    struct rw_machine *machine = products(3, sign);
    struct rw_net *net = build(machine, family, 0);
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.length = length;
    options.random_words = 0;
    cr_assert(rw_verify(machine, net, &options, &report, NULL));
    cr_assert(report.holds);
    cr_assert_eq(report.length, length);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* 3^9 = 19,683 matrices, and all their prefixes. */
Test(long_words, all_single_matrices_through_deltanet)
{
    expect_all_words("deltanet", false, 9);
}

Test(long_words, signs_of_all_single_matrices_through_deltanet)
{
    expect_all_words("deltanet", true, 9);
}

Test(long_words, all_words_of_six_entries_through_rwkv7)
{
    expect_all_words("rwkv7", false, 6);
}

/* One word of so many random matrices, compared after each. */
static void expect_matrices(const char *family, unsigned layers, size_t matrices)
{
    struct rw_machine *machine = products(3, false);
    struct rw_net *net = build(machine, family, layers);
    struct rw_random random = rw_random_seed(matrices);
    struct rw_word word;
    rw_word_init(&word);
    for (size_t i = 0; i < 9 * matrices; i++)
        rw_word_push(&word, (uint32_t)rw_random_below(&random, 3));
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.length = 0;
    options.random_words = 0;
    options.words = &word;
    options.word_count = 1;
    cr_assert(rw_verify(machine, net, &options, &report, NULL));
    cr_assert(report.holds, "%zu matrices", matrices);
    rw_verify_report_free(&report);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(long_words, up_to_four_hundred_matrices_through_deltanet)
{
    const size_t counts[] = {1, 2, 3, 4, 7, 8, 9, 16, 17, 50, 100, 400};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        expect_matrices("deltanet", 0, counts[i]);
}

Test(long_words, dozens_of_matrices_through_rwkv7)
{
    expect_matrices("rwkv7", 0, 30);
    expect_matrices("rwkv7", 4, 30);
}

/* --- modulo a prime --- */

static bool residues_agree(const struct rw_machine *machine, const struct rw_net *net, uint64_t length)
{
    const struct rw_modular_options options = {.length = length, .seed = 5};
    struct rw_modular_report report;
    cr_assert(rw_modular_verify(machine, net, &options, &report, NULL));
    cr_assert(!report.holds || report.symbols == length);
    cr_assert(!report.holds || report.log2_error < -15);
    return report.holds;
}

Test(long_words, residues_agree_and_a_wrong_weight_in_the_last_layer_is_noticed)
{
    static const char *const families[] = {"deltanet", "rwkv7"};
    struct rw_machine *machine = products(3, false);
    for (size_t f = 0; f < 2; f++) {
        struct rw_net *net = build(machine, families[f], 0);
        cr_assert(residues_agree(machine, net, f == 0 ? 5000 : 500));
        struct rw_matrix *query = net->layers[net->layer_count - 1].heads[0].output;
        fmpq_add_si(query->value, query->value, 1);
        cr_assert(!residues_agree(machine, net, 500));
        rw_net_free(net);
    }
    rw_machine_free(machine);
}

/* --- routers --- */

static void copy_state(const struct rw_run *run, size_t layer, size_t head, struct rw_vector *state)
{
    rw_vector_init(state, rw_run_state(run, layer, head)->size);
    rw_vector_copy(state, rw_run_state(run, layer, head));
}

/* The head's state after `settle` random tokens is the same every `period` tokens, and another in between at times. */
static void expect_period(const struct rw_net *net, size_t layer, size_t head, size_t settle, size_t period)
{
    struct rw_random random = rw_random_seed(17);
    struct rw_run *run = rw_run_new(net);
    struct rw_vector first;
    size_t others = 0;
    for (size_t t = 0; t < settle; t++)
        rw_run_step(run, (uint32_t)rw_random_below(&random, 3));
    copy_state(run, layer, head, &first);
    for (size_t t = 1; t <= 2 * period; t++) {
        rw_run_step(run, (uint32_t)rw_random_below(&random, 3));
        bool same = rw_vector_equal(&first, rw_run_state(run, layer, head));
        cr_assert(same || t % period != 0, "layer %zu head %zu, %zu tokens on", layer, head, t);
        others += !same;
    }
    cr_assert_gt(others, 0);
    rw_vector_clear(&first);
    rw_run_free(run);
}

/* What a buffer holds after `length` tokens does not depend on what came `length` or more before (at the same position). */
static void expect_buffer(const struct rw_net *net, size_t layer, size_t head, size_t period, size_t length)
{
    struct rw_random random = rw_random_seed(18);
    struct rw_run *runs[2] = {rw_run_new(net), rw_run_new(net)};
    for (size_t t = 0; t < 2 * period; t++)
        for (size_t r = 0; r < 2; r++)
            rw_run_step(runs[r], (uint32_t)rw_random_below(&random, 3));
    for (size_t t = 0; t < length; t++) {
        uint32_t token = (uint32_t)rw_random_below(&random, 3);
        rw_run_step(runs[0], token);
        rw_run_step(runs[1], token);
    }
    cr_assert(rw_vector_equal(rw_run_state(runs[0], layer, head), rw_run_state(runs[1], layer, head)));
    rw_run_free(runs[0]);
    rw_run_free(runs[1]);
}

Test(long_words, the_rational_router_of_deltanet_comes_round)
{
    struct rw_machine *machine = products(3, false);
    struct rw_net *net = build(machine, "deltanet", 0);
    expect_period(net, 0, 0, 1, 2);
    expect_period(net, 1, 0, 1, 6);
    expect_period(net, 1, 1, 1, 8);
    expect_buffer(net, 2, 1, 72, 24);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(long_words, the_constant_router_of_rwkv7_comes_round)
{
    struct rw_machine *machine = products(3, false);
    struct rw_net *net = build(machine, "rwkv7", 0);
    expect_period(net, 0, 0, 1, 18);
    expect_buffer(net, 0, 1, 18, 18);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- ranges --- */

Test(long_words, reflections_of_the_router_stay_within_real_layers)
{
    struct rw_machine *machine = products(3, false);
    struct rw_net *net = build(machine, "deltanet", 0);
    struct rw_ranges ranges = rw_ranges_measure(net, 2000);
    cr_assert_eq(ranges.count, 6);
    for (size_t i = 0; i < ranges.count; i++)
        cr_assert_eq(ranges.ranges[i].inside, i < 5, "range %zu", i);
    rw_ranges_clear(&ranges);
    rw_net_free(net);
    rw_machine_free(machine);
}
