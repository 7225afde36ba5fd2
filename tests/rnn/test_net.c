/* Checking, measuring, enumerating, copying and comparing networks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "random_net.h"

#define NETS 30

/* --- checking --- */

/* The net is refused with exactly one problem that says this; then it is freed. */
static void refused(struct rw_net *net, const struct rw_limits *limits, const char *expected)
{
    struct rw_diag *diag = rw_diag_new(5);
    cr_expect_not(rw_net_check(net, limits, diag), "%s", expected);
    if (rw_diag_count(diag) != 1 || strstr(rw_diag_view(diag, 0).message, expected) == NULL) {
        rw_diag_print(diag, stderr);
        cr_expect_fail("not only: %s", expected);
    }
    rw_diag_free(diag);
    rw_net_free(net);
}

static void replace(struct rw_matrix **matrix, size_t rows, size_t cols)
{
    rw_matrix_free(*matrix);
    *matrix = rw_builder_finish(rw_builder_new(rows, cols));
}

static void drop(struct rw_matrix **matrix)
{
    rw_matrix_free(*matrix);
    *matrix = NULL;
}

/* Two layers of ReLU heads; the first has a feed-forward part. */
static struct rw_net *sample(void)
{
    struct rw_random random = rw_random_seed(41);
    for (;;) {
        struct rw_net *net = random_net(&random, rw_family_find("relu"), 2);
        if (net->layers[0].feedforward != NULL && net->relation != NULL && net->layers[1].feedforward == NULL)
            return net;
        rw_net_free(net);
    }
}

Test(net, random_ones_are_well_formed)
{
    struct rw_random random = rw_random_seed(42);
    for (size_t round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, round % 4);
        assert_checked(net);
        rw_net_free(net);
    }
}

Test(net, each_missing_matrix_is_found_by_its_name)
{
    struct rw_net *net = sample();
    size_t count = rw_net_matrix_count(net);
    rw_net_free(net);
    struct rw_limits limits = rw_limits_standard();
    for (size_t i = 0; i < count; i++) {
        char *name = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&name, &size);
        net = sample();
        struct rw_matrix **matrix = rw_net_matrix(net, i, out);
        fclose(out);
        drop(matrix);
        char *expected = rw_format("not well-formed: %s is missing", name);
        refused(net, &limits, expected);
        free(expected);
        free(name);
    }
}

Test(net, each_matrix_of_a_wrong_shape_is_found_by_its_name)
{
    struct rw_net *net = sample();
    size_t count = rw_net_matrix_count(net);
    rw_net_free(net);
    struct rw_limits limits = rw_limits_standard();
    for (size_t i = 0; i < count; i++) {
        char *name = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&name, &size);
        net = sample();
        struct rw_matrix **matrix = rw_net_matrix(net, i, out);
        fclose(out);
        size_t rows = (*matrix)->rows, cols = (*matrix)->cols;
        replace(matrix, rows, cols + 1);
        char *expected = rw_format("%s is %zu x %zu, not %zu x %zu", name, rows, cols + 1, rows, cols);
        refused(net, &limits, expected);
        free(expected);
        free(name);
    }
}

Test(net, names_outputs_and_relation_are_checked)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_net *net = sample();
    free(net->features[1]);
    net->features[1] = rw_strdup(net->features[0]);
    refused(net, &limits, "feature 1 has a name that another has");
    net = sample();
    free(net->features[0]);
    net->features[0] = rw_strdup("");
    refused(net, &limits, "feature 0 has no name");
    net = sample();
    replace(&net->relation->matrix, net->relation->count, 0);
    refused(net, &limits, "relation is");
    net = sample();
    for (size_t i = 0; i < net->output_count; i++)
        free(net->outputs[i]);
    net->output_count = 0;
    replace(&net->readout, 0, net->width);
    refused(net, &limits, "the readout has no output");
}

Test(net, a_pd_transition_with_two_entries_in_a_row_is_refused)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(43);
    struct rw_net *net = NULL;
    do {
        rw_net_free(net);
        net = random_net(&random, rw_family_find("pd"), 1);
    } while (net->layers[0].heads[0].dims[0] < 2);
    size_t d_k = net->layers[0].heads[0].dims[0];
    struct rw_builder *builder = rw_builder_new(d_k * d_k, net->width);
    rw_builder_add_int(builder, 0, 1, 1); /* two entries, but for different features */
    rw_builder_add_int(builder, 1, 0, 1);
    rw_matrix_free(net->layers[0].heads[0].params[0]);
    net->layers[0].heads[0].params[0] = rw_builder_finish(builder);
    assert_checked(net);
    builder = rw_builder_new(d_k * d_k, net->width);
    rw_builder_add_int(builder, d_k, 1, 1);
    rw_builder_add_int(builder, d_k + 1, 1, 1);
    rw_matrix_free(net->layers[0].heads[0].params[0]);
    net->layers[0].heads[0].params[0] = rw_builder_finish(builder);
    refused(net, &limits, "layer 1 head 1 is not in the family pd: input feature 1 sends coordinate 1 to both 0 and 1");
}

Test(net, limits_on_weights_and_neurons_are_named)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_net *net = sample();
    limits.nonzeros = rw_net_size(net).nonzeros;
    cr_assert(rw_net_check(net, &limits, NULL));
    limits.nonzeros--;
    struct rw_diag *diag = rw_diag_new(5);
    cr_assert_not(rw_net_check(net, &limits, diag));
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "nonzeros");
    rw_diag_clear(diag);
    limits = rw_limits_standard();
    limits.neurons = net->layers[0].feedforward->neurons - 1;
    cr_assert_not(rw_net_check(net, &limits, diag));
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, "neurons");
    rw_diag_free(diag);
    rw_net_free(net);
}

Test(net, what_is_too_large_about_a_head_is_named)
{
    static const struct {
        const char *family;
        size_t dims[RW_MAX_DIMS];
        const char *part; /* NULL: nothing */
    } cases[] = {
        {"pd", {1000, 10, 10}, NULL},
        {"pd", {70000, 1, 1}, "transition"},
        {"pd", {1, 200, 10}, "output"},
        {"pd", {60, 60, 0}, "work space"},
        {"dplr", {1, 40, 40, 1}, "work space"},
        {"deltanet", {60, 60, 1}, "state"},
        {"relu", {1001}, "work space"},
        {"mlp", {1, 2000, 0, 0}, "work space"},
        {"rwkv7", {UINT32_MAX, UINT32_MAX, 1}, "work space"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size;
        const char *part =
            rw_family_too_large(rw_family_find(cases[i].family), cases[i].dims, i == 0 ? 100000 : 1000, &size);
        if (cases[i].part == NULL)
            cr_expect_null(part, "%s %zu: %s", cases[i].family, i, part);
        else
            cr_expect_str_eq(part == NULL ? "nothing" : part, cases[i].part, "%s %zu: %s", cases[i].family, i, part);
    }
}

/* --- measuring --- */

Test(net, its_size_is_counted_from_its_weights)
{
    struct rw_random random = rw_random_seed(44);
    for (size_t round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, round % 4);
        struct rw_net_size size = rw_net_size(net);
        size_t nonzeros = 0, bits = 0, heads = 0, neurons = 0;
        for (size_t i = 0; i < rw_net_matrix_count(net); i++) {
            const struct rw_matrix *m = *rw_net_matrix(net, i, NULL);
            nonzeros += rw_matrix_nonzeros(m);
            bits = rw_matrix_bits(m) > bits ? rw_matrix_bits(m) : bits;
        }
        for (size_t l = 0; l < net->layer_count; l++) {
            heads += net->layers[l].head_count;
            neurons += net->layers[l].feedforward == NULL ? 0 : net->layers[l].feedforward->neurons;
        }
        cr_assert_eq(size.nonzeros, nonzeros);
        cr_assert_eq(size.bits, bits);
        cr_assert_eq(size.heads, heads);
        cr_assert_eq(size.neurons, neurons);
        cr_assert_eq(size.layers, round % 4);
        cr_assert_eq(size.width, net->width);
        cr_assert_eq(size.coordinates, rw_net_coordinate(net, net->layer_count, 0));
        rw_net_free(net);
    }
}

static size_t rank_of(const char *family, const size_t *dims)
{
    struct rw_alphabet *tokens = rw_alphabet_new();
    struct rw_net *net = rw_net_new(tokens);
    struct rw_head *head = rw_layer_add_head(rw_net_add_layer(net), rw_family_find(family), "", dims);
    for (size_t i = 0; i < head->family->param_count(dims); i++)
        head->params[i] = rw_builder_finish(rw_builder_new(0, 0));
    head->output = rw_builder_finish(rw_builder_new(0, 0));
    net->embedding = rw_builder_finish(rw_builder_new(0, 1));
    net->readout = rw_builder_finish(rw_builder_new(0, 0));
    size_t rank = rw_net_size(net).rank;
    rw_net_free(net);
    rw_alphabet_free(tokens);
    return rank;
}

Test(net, the_rank_is_that_of_one_tokens_step)
{
    cr_assert_eq(rank_of("dplr", (size_t[]){2, 1, 5, 1}), 5);
    cr_assert_eq(rank_of("deltaproduct", (size_t[]){2, 1, 1, 3}), 3);
    cr_assert_eq(rank_of("deltanet", (size_t[]){2, 1, 1}), 1);
    cr_assert_eq(rank_of("rwkv7", (size_t[]){2, 1, 1}), 1);
    cr_assert_eq(rank_of("pd", (size_t[]){2, 1, 1}), 0);
}

/* --- coordinates --- */

Test(net, coordinates_are_numbered_through_layers_and_heads)
{
    struct rw_random random = rw_random_seed(45);
    for (size_t round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 3);
        size_t number = 0;
        for (size_t l = 0; l < 3; l++)
            for (size_t h = 0; h < net->layers[l].head_count; h++) {
                const struct rw_head *head = net->layers[l].heads + h;
                cr_assert_eq(rw_net_coordinate(net, l, h), number);
                for (size_t i = 0; i < head->family->state_size(head->dims); i++, number++)
                    cr_assert_str_eq(rw_net_coordinate_name(net, number), head->coordinates[i]);
            }
        cr_assert_eq(rw_net_coordinate(net, 3, 0), number);
        cr_assert_str_eq(rw_net_coordinate_name(net, number), "");
        rw_net_free(net);
    }
}

/* --- copying, comparing, enumerating --- */

/* The matrix with one more at a random place. */
static void perturb(struct rw_matrix **matrix, struct rw_random *random)
{
    const struct rw_matrix *m = *matrix;
    struct rw_builder *builder = rw_builder_new(m->rows, m->cols);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            rw_builder_add(builder, m->row[e], j, m->value + e);
    rw_builder_add_int(builder, rw_random_below(random, m->rows), rw_random_below(random, m->cols), 1);
    rw_matrix_free(*matrix);
    *matrix = rw_builder_finish(builder);
}

Test(net, a_copy_is_equal_until_any_one_matrix_is_changed)
{
    struct rw_random random = rw_random_seed(46);
    for (size_t round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 1 + round % 3);
        for (size_t i = 0; i < rw_net_matrix_count(net); i++) {
            struct rw_net *copy = rw_net_copy(net);
            cr_assert(rw_net_equal(net, copy));
            perturb(rw_net_matrix(copy, i, NULL), &random);
            cr_assert_not(rw_net_equal(net, copy), "matrix %zu", i);
            cr_assert_not(rw_net_equal(copy, net), "matrix %zu", i);
            rw_net_free(copy);
        }
        rw_net_free(net);
    }
}

/* No matrix comes twice, none beyond the count, and those of the structure all come. */
Test(net, every_matrix_is_enumerated_once_under_a_name_of_its_own)
{
    struct rw_random random = rw_random_seed(47);
    struct rw_net *net = random_net(&random, NULL, 3);
    size_t count = rw_net_matrix_count(net), expected = 2;
    struct rw_alphabet *names = rw_alphabet_new();
    for (size_t l = 0; l < net->layer_count; l++) {
        expected += net->layers[l].feedforward == NULL ? 0 : 3;
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            expected += 1 + net->layers[l].heads[h].family->param_count(net->layers[l].heads[h].dims);
    }
    cr_assert_eq(count, expected);
    for (size_t i = 0; i < count; i++) {
        char *name = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&name, &size);
        struct rw_matrix **matrix = rw_net_matrix(net, i, out);
        fclose(out);
        cr_assert(rw_alphabet_add(names, name), "'%s' twice", name);
        for (size_t k = 0; k < i; k++)
            cr_assert_neq(rw_net_matrix(net, k, NULL), matrix);
        free(name);
    }
    cr_assert_null(rw_net_matrix(net, count, NULL));
    rw_alphabet_free(names);
    rw_net_free(net);
}

static void change_text(char **text)
{
    free(*text);
    *text = rw_strdup("changed");
}

Test(net, names_decision_and_relation_are_compared_too)
{
    struct rw_net *net = sample();
    for (int change = 0; change < 10; change++) {
        struct rw_net *copy = rw_net_copy(net);
        char **const texts[] = {&copy->name,
                                &copy->spec_hash,
                                &copy->features[0],
                                &copy->outputs[0],
                                &copy->relation->quantities[0],
                                &copy->layers[0].heads[0].name,
                                &copy->layers[0].heads[0].coordinates[0],
                                &copy->layers[0].feedforward->names[0]};
        struct rw_random random = rw_random_seed(48);
        if (change < 8)
            change_text(texts[change]);
        else if (change == 8)
            copy->decision = copy->decision == RW_DECIDE_VALUE ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE;
        else
            perturb(&copy->relation->matrix, &random);
        cr_assert_not(rw_net_equal(net, copy), "change %d", change);
        rw_net_free(copy);
    }
    rw_net_free(net);
}
