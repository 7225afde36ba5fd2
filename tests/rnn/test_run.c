/* The runtime against the naive evaluator, and the laws of starting, copying and stepping. */
#include <criterion/criterion.h>

#include "base/memory.h"
#include "naive.h"
#include "random_net.h"
#include "rnn/head_run.h"
#include "rnn/run.h"

#define NETS   40
#define LENGTH 4

/* Every state, the stream, the outputs and the verdict agree. */
static void check_same(const struct rw_run *run, const struct naive_net *naive)
{
    const struct naive_head *head = naive->heads;
    for (size_t l = 0; l < naive->net->layer_count; l++)
        for (size_t h = 0; h < naive->net->layers[l].head_count; h++, head++)
            cr_assert(naive_equals(head->state, rw_run_state(run, l, h)), "layer %zu head %zu", l, h);
    cr_assert(naive_equals(naive->stream, rw_run_stream(run)));
    for (size_t i = 0; i < naive->net->output_count; i++)
        cr_assert(fmpq_equal(fmpq_mat_entry(naive->outputs, (slong)i, 0), rw_run_output(run, i)), "output %zu", i);
    cr_assert_eq(rw_run_accepts(run), fmpq_sgn(fmpq_mat_entry(naive->outputs, 0, 0)) > 0);
}

/* All that can be seen of two runs is the same. */
static void check_twins(const struct rw_net *net, const struct rw_run *a, const struct rw_run *b)
{
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            cr_assert(rw_vector_equal(rw_run_state(a, l, h), rw_run_state(b, l, h)), "layer %zu head %zu", l, h);
    cr_assert(rw_vector_equal(rw_run_stream(a), rw_run_stream(b)));
    for (size_t i = 0; i < net->output_count; i++)
        cr_assert(rw_q_equal(rw_run_output(a, i), rw_run_output(b, i)));
}

static uint32_t random_token(const struct rw_net *net, struct rw_random *random)
{
    return (uint32_t)rw_random_below(random, rw_alphabet_size(net->tokens));
}

static void check_against_naive(uint64_t seed, size_t layers)
{
    struct rw_random random = rw_random_seed(seed);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, layers);
        assert_checked(net);
        struct rw_run *run = rw_run_new(net);
        struct naive_net naive;
        naive_net_init(&naive, net);
        check_same(run, &naive);
        for (int t = 0; t < LENGTH; t++) {
            uint32_t token = random_token(net, &random);
            rw_run_step(run, token);
            naive_net_step(&naive, token);
            check_same(run, &naive);
        }
        naive_net_clear(&naive);
        rw_run_free(run);
        rw_net_free(net);
    }
}

Test(run, a_net_without_layers_reads_out_the_embedding)
{
    check_against_naive(1, 0);
}
Test(run, one_layer_whose_parameters_are_kept_agrees_with_dense_matrices)
{
    check_against_naive(2, 1);
}
Test(run, several_layers_agree_with_dense_matrices)
{
    check_against_naive(3, 3);
}

Test(run, parameters_kept_for_each_token_are_those_evaluated_anew)
{
    struct rw_random random = rw_random_seed(4);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 1);
        const struct rw_head *head = net->layers[0].heads;
        size_t tokens = rw_alphabet_size(net->tokens) + 1;
        struct rw_bits bits = {0};
        struct rw_head_run *kept = rw_head_run_new(head, tokens, &bits), *anew = rw_head_run_new(head, 0, &bits);
        struct rw_vector x;
        rw_vector_init(&x, net->width);
        for (int t = 0; t < 2 * LENGTH; t++) {
            uint32_t token = (uint32_t)rw_random_below(&random, tokens);
            rw_vector_zero(&x);
            for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
                rw_q_set(rw_vector_at(&x, net->embedding->row[e]), net->embedding->value + e);
            rw_head_run_step(kept, token, &x);
            rw_head_run_step(anew, token, &x);
            cr_assert(rw_vector_equal(rw_head_run_state(kept), rw_head_run_state(anew)));
            cr_assert(rw_vector_equal(rw_head_run_output(kept), rw_head_run_output(anew)));
        }
        rw_vector_clear(&x);
        rw_head_run_free(kept);
        rw_head_run_free(anew);
        rw_net_free(net);
    }
}

Test(run, starting_again_forgets_the_word)
{
    struct rw_random random = rw_random_seed(5);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 2);
        struct rw_run *used = rw_run_new(net), *fresh = rw_run_new(net);
        for (int t = 0; t < LENGTH; t++)
            rw_run_step(used, random_token(net, &random));
        rw_run_start(used);
        check_twins(net, used, fresh);
        uint32_t token = random_token(net, &random);
        rw_run_step(used, token);
        rw_run_step(fresh, token);
        check_twins(net, used, fresh);
        rw_run_free(used);
        rw_run_free(fresh);
        rw_net_free(net);
    }
}

/* A copied prefix goes on as the whole word does, and the original does not notice. */
Test(run, words_with_a_common_prefix_share_its_run)
{
    struct rw_random random = rw_random_seed(6);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 2);
        struct rw_run *prefix = rw_run_new(net), *branch = rw_run_new(net), *whole = rw_run_new(net);
        uint32_t word[LENGTH];
        for (size_t t = 0; t < LENGTH; t++)
            word[t] = random_token(net, &random);
        rw_run_step(branch, word[LENGTH - 1]); /* what copying must overwrite */
        rw_run_step(prefix, word[0]);
        rw_run_step(prefix, word[1]);
        rw_run_copy(branch, prefix);
        check_twins(net, branch, prefix);
        rw_run_step(branch, word[2]);
        rw_run_step(branch, word[3]);
        for (size_t t = 0; t < LENGTH; t++) {
            rw_run_step(whole, word[t]);
            if (t == 1)
                check_twins(net, prefix, whole);
        }
        check_twins(net, branch, whole);
        rw_run_free(prefix);
        rw_run_free(branch);
        rw_run_free(whole);
        rw_net_free(net);
    }
}

/* A PD head with two coordinates over tokens "a": BOS writes `start` to coordinate 0, "a" moves it to coordinate 1
 * `factor` times as much. */
static struct rw_net *moving_net(int64_t start, int64_t factor)
{
    struct rw_alphabet *tokens = rw_alphabet_new();
    rw_alphabet_add(tokens, "a");
    struct rw_net *net = rw_net_new(tokens);
    rw_alphabet_free(tokens);
    size_t a = rw_net_add_feature(net, "token a"), bos = rw_net_add_feature(net, "BOS");
    size_t value = rw_net_add_feature(net, "value"), width = net->width;
    struct rw_builder *embedding = rw_builder_new(width, 2), *readout = rw_builder_new(1, width);
    rw_builder_add_int(embedding, a, 0, 1);
    rw_builder_add_int(embedding, bos, 1, 1);
    rw_builder_add_int(readout, 0, value, 1);
    net->embedding = rw_builder_finish(embedding);
    net->readout = rw_builder_finish(readout);
    net->outputs = rw_alloc(1, sizeof *net->outputs);
    net->outputs[0] = rw_strdup("value");
    net->output_count = 1;
    struct rw_head *head = rw_layer_add_head(rw_net_add_layer(net), rw_family_find("pd"), "", (size_t[]){2, 1, 1});
    struct rw_builder *transition = rw_builder_new(4, width), *write = rw_builder_new(2, width);
    struct rw_builder *query = rw_builder_new(2, width), *output = rw_builder_new(width, 1);
    rw_builder_add_int(transition, 1, a, factor);
    rw_builder_add_int(write, 0, bos, start);
    rw_builder_add_int(query, 1, a, 1);
    rw_builder_add_int(output, value, 0, 1);
    rw_head_set_param(head, "transition", rw_builder_finish(transition), width);
    rw_head_set_param(head, "write", rw_builder_finish(write), width);
    rw_head_set_param(head, "query", rw_builder_finish(query), width);
    head->output = rw_builder_finish(output);
    return net;
}

Test(run, bos_writes_the_start_state_and_gives_the_output_of_the_empty_word)
{
    struct rw_net *net = moving_net(5, 3);
    struct rw_run *run = rw_run_new(net);
    const struct rw_vector *state = rw_run_state(run, 0, 0);
    cr_assert_eq(*fmpq_numref(state->value), 5);
    cr_assert(rw_q_is_zero(state->value + 1));
    cr_assert(rw_q_is_zero(rw_run_output(run, 0)));
    cr_assert_not(rw_run_accepts(run));
    rw_run_step(run, 0);
    cr_assert_eq(*fmpq_numref(rw_run_output(run, 0)), 15);
    cr_assert(rw_run_accepts(run));
    rw_run_free(run);
    rw_net_free(net);
}

Test(run, a_negative_output_is_not_accepted)
{
    struct rw_net *net = moving_net(5, -3);
    struct rw_run *run = rw_run_new(net);
    rw_run_step(run, 0);
    cr_assert_eq(*fmpq_numref(rw_run_output(run, 0)), -15);
    cr_assert_not(rw_run_accepts(run));
    rw_run_free(run);
    rw_net_free(net);
}

Test(run, bits_are_those_of_the_longest_number_and_stay_until_they_are_reset)
{
    struct rw_net *net = moving_net(5, 3);
    struct rw_run *run = rw_run_new(net);
    cr_assert_eq(rw_run_bits(run), 3); /* 5 */
    rw_run_step(run, 0);
    cr_assert_eq(rw_run_bits(run), 4); /* 15 */
    rw_run_start(run);
    cr_assert_eq(rw_run_bits(run), 4);
    rw_run_bits_reset(run);
    cr_assert_eq(rw_run_bits(run), 0);
    rw_run_free(run);
    rw_net_free(net);
}

Test(run, bits_reach_past_machine_words)
{
    struct rw_net *net = moving_net(INT64_MIN, INT64_MAX); /* -2^63 (2^63 - 1) has 126 bits */
    struct rw_run *run = rw_run_new(net);
    cr_assert_eq(rw_run_bits(run), 64);
    rw_run_step(run, 0);
    cr_assert_eq(rw_run_bits(run), 126);
    rw_run_free(run);
    rw_net_free(net);
}

Test(run, bits_are_the_most_that_the_naive_evaluator_meets)
{
    static const char *const families[] = {"pd", "relu", "mlp",
                                           "gated"}; /* no products on the way but the gated factors */
    struct rw_random random = rw_random_seed(7);
    for (size_t round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, rw_family_find(families[round % 4]), 1 + round % 3);
        struct rw_run *run = rw_run_new(net);
        struct naive_net naive;
        naive_net_init(&naive, net);
        cr_assert_eq(rw_run_bits(run), naive.bits, "%zu, not %zu", rw_run_bits(run), naive.bits);
        for (int t = 0; t < LENGTH; t++) {
            uint32_t token = random_token(net, &random);
            rw_run_step(run, token);
            naive_net_step(&naive, token);
            cr_assert_eq(rw_run_bits(run), naive.bits, "%zu, not %zu", rw_run_bits(run), naive.bits);
        }
        naive_net_clear(&naive);
        rw_run_free(run);
        rw_net_free(net);
    }
}

/* The states of all heads one below the other, in the order of rw_net_coordinate. */
static void all_coordinates(const struct rw_net *net, const struct rw_run *run, fmpq_mat_t column)
{
    fmpq_mat_init(column, (slong)rw_net_coordinate(net, net->layer_count, 0), 1);
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            const struct rw_vector *state = rw_run_state(run, l, h);
            for (size_t i = 0; i < state->size; i++)
                fmpq_set(fmpq_mat_entry(column, (slong)(rw_net_coordinate(net, l, h) + i), 0), state->value + i);
        }
}

Test(run, quantities_are_the_relation_times_all_states)
{
    struct rw_random random = rw_random_seed(8);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 2);
        if (net->relation != NULL) {
            struct rw_run *run = rw_run_new(net);
            rw_run_step(run, random_token(net, &random));
            fmpq_mat_t relation, states, expected;
            naive_dense(relation, net->relation->matrix);
            all_coordinates(net, run, states);
            fmpq_mat_init(expected, (slong)net->relation->count, 1);
            fmpq_mat_mul(expected, relation, states);
            struct rw_vector quantities;
            rw_vector_init(&quantities, net->relation->count);
            rw_run_quantities(run, &quantities);
            cr_assert(naive_equals(expected, &quantities));
            rw_vector_clear(&quantities);
            fmpq_mat_clear(relation);
            fmpq_mat_clear(states);
            fmpq_mat_clear(expected);
            rw_run_free(run);
        }
        rw_net_free(net);
    }
}
