/* RWKV-7 and DeltaNet networks against the automata they simulate, after every prefix. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/random.h"
#include "reductions/witness/imm.h"
#include "reductions/witness/rank_one.h"
#include "rnn/run.h"

static void random_number(fmpq_t q, struct rw_random *random)
{
    fmpq_set_si(q, (slong)rw_random_below(random, 7) - 3, 1 + rw_random_below(random, 3));
}

static struct rw_wfa *random_wfa(struct rw_random *random, size_t states, size_t symbols)
{
    struct rw_wfa *wfa = rw_wfa_new(states, symbols);
    fmpq_t q;
    fmpq_init(q);
    for (size_t s = 0; s < states; s++) {
        random_number(wfa->alpha + s, random);
        random_number(wfa->omega + s, random);
    }
    for (uint32_t a = 0; a < symbols; a++) {
        struct rw_builder *builder = rw_builder_new(states, states);
        for (size_t i = 0; i < states * states; i++) {
            random_number(q, random);
            if (rw_random_below(random, 4) > 0)
                rw_builder_add(builder, i / states, i % states, q);
        }
        rw_wfa_set_letter(wfa, a, rw_builder_finish(builder));
    }
    fmpq_clear(q);
    return wfa;
}

static struct rw_alphabet *letters(size_t count, bool blank)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t i = 0; i < count; i++)
        rw_alphabet_add(alphabet, (const char[]){(char)('a' + i), '\0'});
    if (blank)
        rw_alphabet_add(alphabet, "_");
    return alphabet;
}

/* Runs the automaton and the net on random letters, `blanks` blanks after each, and compares after every letter and blank. */
static void agrees(const struct rw_wfa *wfa, const struct rw_net *net, size_t length, size_t blanks,
                   struct rw_random *random)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert(rw_net_check(net, &limits, diag));
    rw_diag_free(diag);
    struct rw_run *run = rw_run_new(net);
    void *reference = rw_wfa_kind.run_new(wfa);
    fmpq_t value;
    fmpq_init(value);
    rw_wfa_kind.value(wfa, reference, value);
    cr_assert(fmpq_equal(value, rw_run_output(run, 0)), "the empty word");
    for (size_t t = 0; t < length; t++) {
        uint32_t symbol = (uint32_t)rw_random_below(random, wfa->symbols);
        rw_wfa_kind.step(wfa, reference, symbol);
        rw_wfa_kind.value(wfa, reference, value);
        rw_run_step(run, symbol);
        cr_assert(fmpq_equal(value, rw_run_output(run, 0)), "n = %zu, letter %zu", wfa->states, t);
        for (size_t b = 0; b < blanks; b++) {
            rw_run_step(run, (uint32_t)wfa->symbols);
            cr_assert(fmpq_equal(value, rw_run_output(run, 0)), "n = %zu, letter %zu, blank %zu", wfa->states, t, b);
        }
    }
    fmpq_clear(value);
    rw_wfa_kind.run_free(wfa, reference);
    rw_run_free(run);
}

static void check_rwkv7(size_t states, size_t symbols, unsigned layers, bool padded, uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_limits limits = rw_limits_standard();
    struct rw_wfa *wfa = random_wfa(&random, states, symbols);
    struct rw_alphabet *tokens = letters(symbols, padded);
    struct rw_net *net = rw_build_rwkv7(wfa, tokens, layers, padded, &limits, NULL);
    cr_assert_not_null(net);
    cr_assert_eq(net->layer_count, layers);
    agrees(wfa, net, padded ? 12 : 5 * states + 3, padded ? states - 1 : 0, &random);
    rw_net_free(net);
    rw_alphabet_free(tokens);
    rw_wfa_free(wfa);
}

Test(rwkv7, two_layers_simulate_any_wfa_after_every_prefix)
{
    for (size_t states = 1; states <= 3; states++)
        for (size_t symbols = 1; symbols <= 2; symbols++)
            check_rwkv7(states, symbols, 2, false, states * 10 + symbols);
    check_rwkv7(4, 1, 2, false, 5);
    check_rwkv7(2, 3, 2, false, 6);
}

Test(rwkv7, the_papers_four_layers_do_so_too)
{
    for (size_t states = 1; states <= 3; states++)
        for (size_t symbols = 1; symbols <= 2; symbols++)
            check_rwkv7(states, symbols, 4, false, states * 10 + symbols);
    check_rwkv7(4, 1, 4, false, 5);
}

Test(rwkv7, padding_allows_more_states)
{
    for (size_t states = 1; states <= 8; states++) {
        check_rwkv7(states, 2, 2, true, states);
        check_rwkv7(states, 2, 4, true, states);
    }
}

static void check_deltanet(size_t states, size_t symbols, bool padded, uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_limits limits = rw_limits_standard();
    struct rw_wfa *wfa = random_wfa(&random, states, symbols);
    struct rw_alphabet *tokens = letters(symbols, padded);
    struct rw_net *net = rw_build_deltanet(wfa, tokens, padded, &limits, NULL);
    cr_assert_not_null(net, "n = %zu", states);
    cr_assert_eq(net->layer_count, 4);
    agrees(wfa, net, padded ? 9 : 60, padded ? 3 * states - 1 : 0, &random);
    rw_net_free(net);
    rw_alphabet_free(tokens);
    rw_wfa_free(wfa);
}

Test(deltanet, four_layers_simulate_any_wfa_after_every_prefix)
{
    check_deltanet(1, 1, false, 1);
    check_deltanet(1, 2, false, 2);
    check_deltanet(2, 1, false, 3);
    check_deltanet(3, 1, false, 4);
    check_deltanet(4, 1, false, 5);
}

Test(deltanet, two_states_and_two_letters)
{
    check_deltanet(2, 2, false, 6);
}

Test(deltanet, padding_allows_more_states)
{
    for (size_t states = 1; states <= 8; states++)
        check_deltanet(states, 2, true, states);
}

Test(rank_one, a_table_that_is_too_large_is_a_limit_with_ways_out)
{
    struct rw_random random = rw_random_seed(1);
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_wfa *wfa = random_wfa(&random, 9, 3);
    struct rw_alphabet *tokens = letters(3, false);
    cr_assert_null(rw_build_rwkv7(wfa, tokens, 2, false, &limits, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "table-keys");
    cr_assert_not_null(strstr(rw_diag_view(diag, 0).hint, "--pad"));
    rw_wfa_free(wfa);
    rw_alphabet_free(tokens);
    rw_diag_free(diag);
}

/* --- matrix products --- */

static struct rw_matrix_product *ternary(size_t dimension, struct rw_alphabet **tokens)
{
    struct rw_matrix_product *model = rw_matrix_product_new(dimension, 3);
    *tokens = rw_alphabet_new();
    for (int e = -1; e <= 1; e++) {
        rw_alphabet_add(*tokens, (const char *[]){"-1", "0", "1"}[e + 1]);
        fmpq_set_si(model->entries + e + 1, e, 1);
    }
    return model;
}

static void products_agree(const struct rw_matrix_product *model, const struct rw_net *net, size_t matrices,
                           uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_run *run = rw_run_new(net);
    void *reference = rw_matrix_product_kind.run_new(model);
    fmpq_t value;
    fmpq_init(value);
    for (size_t t = 0; t < matrices * model->dimension * model->dimension; t++) {
        uint32_t symbol = (uint32_t)rw_random_below(&random, model->symbols);
        rw_matrix_product_kind.step(model, reference, symbol);
        rw_run_step(run, symbol);
        if (!rw_matrix_product_kind.defined(model, reference))
            continue;
        rw_matrix_product_kind.value(model, reference, value);
        cr_assert(fmpq_equal(value, rw_run_output(run, 0)), "after %zu entries", t + 1);
    }
    fmpq_clear(value);
    rw_matrix_product_kind.run_free(model, reference);
    rw_run_free(run);
}

Test(imm, deltanet_multiplies_matrices_without_a_table)
{
    struct rw_alphabet *tokens;
    struct rw_matrix_product *model = ternary(3, &tokens);
    for (size_t i = 0; i < 9; i += 4) {
        model->row = i / 3;
        model->col = i % 3;
        struct rw_net *net = rw_build_imm_deltanet(model, tokens, false, NULL);
        cr_assert_eq(net->layer_count, 4);
        products_agree(model, net, 30, i);
        rw_net_free(net);
    }
    rw_matrix_product_free(model);
    rw_alphabet_free(tokens);
}

Test(imm, rwkv7_does_so_for_any_dimension)
{
    for (size_t dimension = 1; dimension <= 4; dimension++)
        for (unsigned layers = 2; layers <= 4; layers += 2) {
            struct rw_alphabet *tokens;
            struct rw_matrix_product *model = ternary(dimension, &tokens);
            model->col = dimension - 1;
            struct rw_net *net = rw_build_imm_rwkv7(model, tokens, false, layers);
            cr_assert_eq(net->layer_count, layers);
            products_agree(model, net, 12, dimension);
            rw_net_free(net);
            rw_matrix_product_free(model);
            rw_alphabet_free(tokens);
        }
}
