/* random_net.c - drawing networks. */
#include "random_net.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"

void random_number(fmpq_t q, struct rw_random *random)
{
    fmpq_set_si(q, (slong)rw_random_below(random, 7) - 3, rw_random_below(random, 4) > 0 ? 1 : 2);
}

struct rw_matrix *random_matrix(struct rw_random *random, size_t rows, size_t cols)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    fmpq_t q;
    fmpq_init(q);
    for (size_t place = 0; place < rows * cols; place++) {
        random_number(q, random);
        if (rw_random_below(random, 2))
            rw_builder_add(builder, place / cols, place % cols, q);
    }
    fmpq_clear(q);
    return rw_builder_finish(builder);
}

/* For each input feature a partial map: at most one entry in each row. */
static struct rw_matrix *random_maps(struct rw_random *random, size_t size, size_t width)
{
    struct rw_builder *builder = rw_builder_new(size * size, width);
    fmpq_t q;
    fmpq_init(q);
    for (size_t feature = 0; feature < width; feature++)
        for (size_t row = 0; row < size; row++) {
            random_number(q, random);
            rw_builder_add(builder, row * size + rw_random_below(random, size), feature, q);
        }
    fmpq_clear(q);
    return rw_builder_finish(builder);
}

/* A name that no other number gives, some with what JSON escapes. */
static char *random_name(struct rw_random *random, const char *stem, size_t number)
{
    static const char *const tails[] = {"",       " \"quoted\"", " back\\slash", " \xc3\xa9\xe2\x82\xac", "\nline\ttab",
                                        " {[,:]}"};
    return rw_format("%s %zu%s", stem, number, tails[rw_random_below(random, sizeof tails / sizeof tails[0])]);
}

static void random_dims(struct rw_random *random, const struct rw_family *family, size_t *dims)
{
    for (size_t i = 0; family->dim_names[i] != NULL; i++)
        dims[i] = 1 + rw_random_below(random, 3);
    if (family == rw_family_find("mlp") || family == rw_family_find("gated")) { /* 0: one hidden layer fewer */
        dims[2] = rw_random_below(random, 3);
        dims[3] = dims[2] == 0 ? 0 : rw_random_below(random, 3);
        dims[4] = dims[3] == 0 ? 0 : rw_random_below(random, 3);
    }
}

struct rw_head *random_head(struct rw_random *random, struct rw_layer *layer, const struct rw_family *family,
                            const size_t *dims, size_t width)
{
    struct rw_head *head = rw_layer_add_head(layer, family, rw_random_below(random, 2) ? "a \"head\"" : "", dims);
    for (size_t i = 0; i < family->param_count(dims); i++) {
        struct rw_param_shape shape = family->param(dims, i);
        size_t rows = shape.input ? shape.rows * shape.cols : shape.rows, cols = shape.input ? width : shape.cols;
        bool maps = family == rw_family_find("pd") && i == 0;
        rw_head_set_param(head, shape.name,
                          maps ? random_maps(random, dims[0], width) : random_matrix(random, rows, cols), width);
    }
    for (size_t i = 0; i < family->state_size(dims); i += 2) /* the others stay unnamed */
        rw_head_name_coordinate(head, i, "state %zu", i);
    head->output = random_matrix(random, width, family->output_size(dims));
    return head;
}

static void add_head(struct rw_random *random, struct rw_layer *layer, const struct rw_family *family, size_t width)
{
    size_t dims[RW_MAX_DIMS] = {0};
    random_dims(random, family, dims);
    random_head(random, layer, family, dims, width);
}

static void add_feedforward(struct rw_random *random, struct rw_layer *layer, size_t width)
{
    size_t neurons = 1 + rw_random_below(random, 4);
    struct rw_feedforward *f = rw_layer_add_feedforward(layer, neurons);
    for (size_t i = 0; i < neurons; i++) {
        free(f->names[i]);
        f->names[i] = random_name(random, "neuron", i);
    }
    f->in = random_matrix(random, neurons, width);
    f->bias = random_matrix(random, neurons, 1);
    f->out = random_matrix(random, width, neurons);
}

static void add_relation(struct rw_random *random, struct rw_net *net)
{
    struct rw_relation *relation = net->relation = rw_alloc(1, sizeof *relation);
    relation->count = 1 + rw_random_below(random, 3);
    relation->quantities = rw_alloc(relation->count, sizeof *relation->quantities);
    for (size_t i = 0; i < relation->count; i++)
        relation->quantities[i] = random_name(random, "state", i);
    relation->matrix = random_matrix(random, relation->count, rw_net_coordinate(net, net->layer_count, 0));
}

static const struct rw_family *any_family(struct rw_random *random)
{
    size_t count = 0;
    while (rw_families[count] != NULL)
        count++;
    return rw_families[rw_random_below(random, count)];
}

static void add_readout(struct rw_random *random, struct rw_net *net)
{
    net->output_count = 1 + rw_random_below(random, 2);
    net->outputs = rw_alloc(net->output_count, sizeof *net->outputs);
    for (size_t i = 0; i < net->output_count; i++)
        net->outputs[i] = random_name(random, "output", i);
    net->readout = random_matrix(random, net->output_count, net->width);
    net->decision = rw_random_below(random, 2) ? RW_DECIDE_VALUE : RW_DECIDE_POSITIVE;
}

struct rw_net *random_net(struct rw_random *random, const struct rw_family *family, size_t layers)
{
    struct rw_alphabet *tokens = rw_alphabet_new();
    for (size_t i = 1 + rw_random_below(random, 3); i > 0; i--)
        rw_alphabet_add(tokens, (const char *[]){"a", "\xc3\xa9", "push(0)", "\"q\\"}[i]);
    struct rw_net *net = rw_net_new(tokens);
    rw_alphabet_free(tokens);
    free(net->name);
    net->name = random_name(random, "net", 0);
    for (size_t i = 2 + rw_random_below(random, 3); i > 0; i--) {
        char *name = random_name(random, "feature", i);
        rw_net_add_feature(net, "%s", name);
        free(name);
    }
    net->embedding = random_matrix(random, net->width, rw_alphabet_size(net->tokens) + 1);
    for (size_t l = 0; l < layers; l++) {
        struct rw_layer *layer = rw_net_add_layer(net);
        for (size_t h = 1 + rw_random_below(random, 2); h > 0; h--)
            add_head(random, layer, family != NULL ? family : any_family(random), net->width);
        if (rw_random_below(random, 2))
            add_feedforward(random, layer, net->width);
    }
    add_readout(random, net);
    if (rw_random_below(random, 2))
        add_relation(random, net);
    return net;
}

void assert_checked(const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(10);
    bool good = rw_net_check(net, &limits, diag);
    if (!good)
        rw_diag_print(diag, stderr);
    rw_diag_free(diag);
    cr_assert(good);
}
