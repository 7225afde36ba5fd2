/* Each family's step against its formula on dense matrices: states and outputs after every step. */
#include <criterion/criterion.h>

#include "naive.h"
#include "random_net.h"
#include "rnn/head_run.h"

#define ROUNDS 60
#define STEPS  4

static void random_input(struct rw_vector *x, fmpq_mat_t dense, struct rw_random *random)
{
    fmpq_t q;
    fmpq_init(q);
    rw_vector_zero(x);
    fmpq_mat_zero(dense);
    for (size_t i = 0; i < x->size; i++) {
        random_number(q, random);
        if (rw_random_below(random, 3) == 0) /* untouched, not touched and zero */
            continue;
        fmpq_set(rw_vector_at(x, (uint32_t)i), q);
        fmpq_set(fmpq_mat_entry(dense, (slong)i, 0), q);
    }
    fmpq_clear(q);
}

/* Some steps of one head on random inputs. */
static void check_head(const struct rw_head *head, size_t width, struct rw_random *random)
{
    struct rw_bits bits = {0};
    struct rw_head_run *run = rw_head_run_new(head, 0, &bits);
    struct naive_head naive;
    struct rw_vector x;
    fmpq_mat_t dense;
    size_t naive_bits = 0;
    naive_head_init(&naive, head);
    rw_vector_init(&x, width);
    fmpq_mat_init(dense, (slong)width, 1);
    for (int step = 0; step < STEPS; step++) {
        random_input(&x, dense, random);
        rw_head_run_step(run, 0, &x);
        naive_head_step(&naive, dense, &naive_bits);
        cr_assert(naive_equals(naive.state, rw_head_run_state(run)), "%s: state after step %d", head->family->name,
                  step);
        cr_assert(naive_equals(naive.output, rw_head_run_output(run)), "%s: output after step %d", head->family->name,
                  step);
    }
    naive_head_clear(&naive);
    rw_vector_clear(&x);
    fmpq_mat_clear(dense);
    rw_head_run_free(run);
}

static void check_family(const char *name)
{
    const struct rw_family *family = rw_family_find(name);
    cr_assert_not_null(family);
    struct rw_random random = rw_random_seed(2026);
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_net *net = random_net(&random, family, 1);
        assert_checked(net);
        for (size_t h = 0; h < net->layers[0].head_count; h++)
            check_head(net->layers[0].heads + h, net->width, &random);
        rw_net_free(net);
    }
}

Test(families, pd_steps_as_its_formula_says)
{
    check_family("pd");
}
Test(families, dplr_steps_as_its_formula_says)
{
    check_family("dplr");
}
Test(families, deltanet_steps_as_its_formula_says)
{
    check_family("deltanet");
}
Test(families, deltaproduct_steps_as_its_formula_says)
{
    check_family("deltaproduct");
}
Test(families, rwkv7_steps_as_its_formula_says)
{
    check_family("rwkv7");
}
Test(families, relu_steps_as_its_formula_says)
{
    check_family("relu");
}
Test(families, relu_input_steps_as_its_formula_says)
{
    check_family("relu-input");
}
Test(families, mlp_steps_as_its_formula_says)
{
    check_family("mlp");
}
Test(families, gated_steps_as_its_formula_says)
{
    check_family("gated");
}

/* Every size of every family in turn is 0: nothing is divided by it, nothing is read past its end. */
Test(families, sizes_of_zero_are_no_trouble)
{
    struct rw_random random = rw_random_seed(2027);
    for (size_t f = 0; rw_families[f] != NULL; f++)
        for (size_t i = 0; rw_families[f]->dim_names[i] != NULL; i++) {
            size_t dims[RW_MAX_DIMS] = {0};
            for (size_t k = 0; rw_families[f]->dim_names[k] != NULL; k++) /* no hidden layer after an absent one */
                dims[k] = k < i || (k > i && rw_families[f]->linear) ? 2 : 0;
            struct rw_net *net = random_net(&random, NULL, 0);
            check_head(random_head(&random, rw_net_add_layer(net), rw_families[f], dims, net->width), net->width,
                       &random);
            rw_net_free(net);
        }
}

/* 300 x 300 places are too many to be spread out. */
Test(families, a_transition_of_many_places_is_evaluated_as_small_ones_are)
{
    struct rw_random random = rw_random_seed(2028);
    struct rw_net *net = random_net(&random, NULL, 0);
    struct rw_head *head =
        random_head(&random, rw_net_add_layer(net), rw_family_find("pd"), (size_t[RW_MAX_DIMS]){300, 1, 1}, net->width);
    check_head(head, net->width, &random);
    rw_net_free(net);
}

Test(families, one_of_them_is_found_by_its_name_and_no_other)
{
    for (size_t i = 0; rw_families[i] != NULL; i++)
        cr_assert_eq(rw_family_find(rw_families[i]->name), rw_families[i]);
    cr_assert_null(rw_family_find("PD"));
    cr_assert_null(rw_family_find(""));
    cr_assert_null(rw_family_find("pd "));
}

/* The transition takes state 0 to state 1, whose weight the query reads: in row convention the state moves along the
 * row. */
Test(families, a_pd_transition_moves_a_row_to_a_column)
{
    struct rw_alphabet *tokens = rw_alphabet_new();
    struct rw_net *net = rw_net_new(tokens);
    struct rw_head *head = rw_layer_add_head(rw_net_add_layer(net), rw_family_find("pd"), "", (size_t[]){2, 1, 1});
    struct rw_builder *transition = rw_builder_new(4, 2), *write = rw_builder_new(2, 2), *query = rw_builder_new(2, 2);
    rw_builder_add_int(write, 0, 0, 5);              /* feature 0 writes 5 to state 0 */
    rw_builder_add_int(transition, 0 * 2 + 1, 1, 3); /* feature 1 moves 0 to 1, three times as much */
    rw_builder_add_int(query, 1, 1, 1);
    rw_head_set_param(head, "transition", rw_builder_finish(transition), 2);
    rw_head_set_param(head, "write", rw_builder_finish(write), 2);
    rw_head_set_param(head, "query", rw_builder_finish(query), 2);
    head->output = rw_builder_finish(rw_builder_new(2, 1));
    struct rw_bits bits = {0};
    struct rw_head_run *run = rw_head_run_new(head, 0, &bits);
    struct rw_vector x;
    rw_vector_init(&x, 2);
    rw_q_set_int(rw_vector_at(&x, 0), 1);
    rw_head_run_step(run, 0, &x);
    rw_vector_zero(&x);
    rw_q_set_int(rw_vector_at(&x, 1), 1);
    rw_head_run_step(run, 0, &x);
    cr_assert(rw_q_is_zero(rw_head_run_state(run)->value));
    cr_assert_eq(*fmpq_numref(rw_head_run_state(run)->value + 1), 15);
    cr_assert_eq(*fmpq_numref(rw_head_run_output(run)->value), 15);
    cr_assert_eq(rw_bits_max(&bits), 4);
    rw_vector_clear(&x);
    rw_head_run_free(run);
    rw_net_free(net);
    rw_alphabet_free(tokens);
}

/* Feature 0 writes 5 and 2; feature 1 takes their difference to coordinate 0 and its negative, cut off, to coordinate 1. */
Test(families, a_relu_input_step_takes_the_matrix_of_its_input)
{
    struct rw_alphabet *tokens = rw_alphabet_new();
    struct rw_net *net = rw_net_new(tokens);
    struct rw_head *head = rw_layer_add_head(rw_net_add_layer(net), rw_family_find("relu-input"), "", (size_t[]){2});
    struct rw_builder *recurrent = rw_builder_new(4, 2), *bias = rw_builder_new(2, 2);
    rw_builder_add_int(bias, 0, 0, 5);
    rw_builder_add_int(bias, 1, 0, 2);
    rw_builder_add_int(recurrent, 0 * 2 + 0, 1, 1);
    rw_builder_add_int(recurrent, 0 * 2 + 1, 1, -1);
    rw_builder_add_int(recurrent, 1 * 2 + 0, 1, -1);
    rw_builder_add_int(recurrent, 1 * 2 + 1, 1, 1);
    rw_head_set_param(head, "recurrent", rw_builder_finish(recurrent), 2);
    rw_head_set_param(head, "bias", rw_builder_finish(bias), 2);
    head->output = rw_builder_finish(rw_builder_new(2, 2));
    struct rw_bits bits = {0};
    struct rw_head_run *run = rw_head_run_new(head, 0, &bits);
    struct rw_vector x;
    rw_vector_init(&x, 2);
    rw_q_set_int(rw_vector_at(&x, 0), 1);
    rw_head_run_step(run, 0, &x);
    rw_vector_zero(&x);
    rw_q_set_int(rw_vector_at(&x, 1), 1);
    rw_head_run_step(run, 0, &x);
    cr_assert_eq(*fmpq_numref(rw_head_run_state(run)->value), 3);
    cr_assert(rw_q_is_zero(rw_head_run_state(run)->value + 1));
    cr_assert_eq(*fmpq_numref(rw_head_run_output(run)->value), 3);
    cr_assert_eq(rw_bits_max(&bits), 3);
    rw_vector_clear(&x);
    rw_head_run_free(run);
    rw_net_free(net);
    rw_alphabet_free(tokens);
}
