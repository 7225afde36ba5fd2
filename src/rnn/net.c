/* net.c - making, copying, comparing and naming networks. */
#include "rnn/net.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const rw_decision_names[RW_DECISIONS] = {
    [RW_DECIDE_POSITIVE] = "positive", [RW_DECIDE_VALUE] = "value", [RW_DECIDE_SIGN] = "sign"};

/* --- making --- */

static char *formatted(const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    if (length < 0)
        rw_out_of_memory(strlen(format));
    return text;
}

static char **empty_names(size_t count)
{
    char **names = rw_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = rw_strdup("");
    return names;
}

struct rw_net *rw_net_new(const struct rw_alphabet *tokens)
{
    struct rw_net *net = rw_alloc(1, sizeof *net);
    char **texts[] = {&net->name, &net->spec_hash, &net->construction, &net->theorem, &net->made_by};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = rw_strdup("");
    net->tokens = rw_alphabet_copy(tokens);
    return net;
}

size_t rw_net_add_feature(struct rw_net *net, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    /* doubling by hand: the net keeps no capacity, and adding stays linear all the same */
    if ((net->width & (net->width - 1)) == 0)
        net->features = rw_resize(net->features, net->width == 0 ? 1 : 2 * net->width, sizeof *net->features);
    net->features[net->width] = formatted(format, args);
    va_end(args);
    return net->width++;
}

struct rw_layer *rw_net_add_layer(struct rw_net *net)
{
    net->layers = rw_resize(net->layers, net->layer_count + 1, sizeof *net->layers);
    net->layers[net->layer_count] = (struct rw_layer){0};
    return net->layers + net->layer_count++;
}

struct rw_head *rw_layer_add_head(struct rw_layer *layer, const struct rw_family *family, const char *name,
                                  const size_t *dims)
{
    layer->heads = rw_resize(layer->heads, layer->head_count + 1, sizeof *layer->heads);
    struct rw_head *head = layer->heads + layer->head_count++;
    *head = (struct rw_head){.family = family, .name = rw_strdup(name)};
    for (size_t i = 0; family->dim_names[i] != NULL; i++)
        head->dims[i] = dims[i];
    head->params = rw_alloc(family->param_count(head->dims), sizeof *head->params);
    head->coordinates = empty_names(family->state_size(head->dims));
    return head;
}

/* The number of the parameter of that name, or the number of parameters. */
static size_t param_number(const struct rw_head *head, const char *name)
{
    size_t count = head->family->param_count(head->dims), i = 0;
    while (i < count && strcmp(head->family->param(head->dims, i).name, name) != 0)
        i++;
    return i;
}

void rw_head_set_param(struct rw_head *head, const char *name, struct rw_matrix *matrix, size_t width)
{
    size_t i = param_number(head, name);
    assert(i < head->family->param_count(head->dims));
    struct rw_param_shape shape = head->family->param(head->dims, i);
    assert(matrix->rows == (shape.input ? shape.rows * shape.cols : shape.rows));
    assert(matrix->cols == (shape.input ? width : shape.cols));
    (void)shape;
    (void)width;
    head->params[i] = matrix;
}

const struct rw_matrix *rw_head_param(const struct rw_head *head, const char *name)
{
    size_t i = param_number(head, name);
    return i < head->family->param_count(head->dims) ? head->params[i] : NULL;
}

void rw_head_name_coordinate(struct rw_head *head, size_t i, const char *format, ...)
{
    assert(i < head->family->state_size(head->dims));
    va_list args;
    va_start(args, format);
    free(head->coordinates[i]);
    head->coordinates[i] = formatted(format, args);
    va_end(args);
}

struct rw_feedforward *rw_layer_add_feedforward(struct rw_layer *layer, size_t neurons)
{
    assert(layer->feedforward == NULL);
    layer->feedforward = rw_alloc(1, sizeof *layer->feedforward);
    layer->feedforward->neurons = neurons;
    layer->feedforward->names = empty_names(neurons);
    return layer->feedforward;
}

/* --- freeing --- */

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; names != NULL && i < count; i++)
        free(names[i]);
    free(names);
}

static void free_head(struct rw_head *head)
{
    for (size_t i = 0; i < head->family->param_count(head->dims); i++)
        rw_matrix_free(head->params[i]);
    free(head->params);
    free_names(head->coordinates, head->family->state_size(head->dims));
    free(head->name);
    rw_matrix_free(head->output);
}

static void free_layer(struct rw_layer *layer)
{
    for (size_t i = 0; i < layer->head_count; i++)
        free_head(layer->heads + i);
    free(layer->heads);
    struct rw_feedforward *feedforward = layer->feedforward;
    if (feedforward == NULL)
        return;
    free_names(feedforward->names, feedforward->neurons);
    rw_matrix_free(feedforward->in);
    rw_matrix_free(feedforward->bias);
    rw_matrix_free(feedforward->out);
    free(feedforward);
}

void rw_net_free(struct rw_net *net)
{
    if (net == NULL)
        return;
    free(net->name);
    free(net->spec_hash);
    free(net->construction);
    free(net->theorem);
    free(net->made_by);
    rw_alphabet_free(net->tokens);
    free_names(net->features, net->width);
    rw_matrix_free(net->embedding);
    for (size_t i = 0; i < net->layer_count; i++)
        free_layer(net->layers + i);
    free(net->layers);
    free_names(net->outputs, net->output_count);
    rw_matrix_free(net->readout);
    if (net->relation != NULL) {
        free_names(net->relation->quantities, net->relation->count);
        rw_matrix_free(net->relation->matrix);
        free(net->relation);
    }
    free(net);
}

/* --- copying --- */

static char **copy_names(char *const *names, size_t count)
{
    char **copy = rw_alloc(count, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = rw_strdup(names[i]);
    return copy;
}

static struct rw_matrix *copy_matrix(const struct rw_matrix *m)
{
    return m == NULL ? NULL : rw_matrix_copy(m);
}

static struct rw_head copy_head(const struct rw_head *head)
{
    struct rw_head copy = *head;
    size_t params = head->family->param_count(head->dims);
    copy.name = rw_strdup(head->name);
    copy.params = rw_alloc(params, sizeof *copy.params);
    for (size_t i = 0; i < params; i++)
        copy.params[i] = copy_matrix(head->params[i]);
    copy.coordinates = copy_names(head->coordinates, head->family->state_size(head->dims));
    copy.output = copy_matrix(head->output);
    return copy;
}

static struct rw_layer copy_layer(const struct rw_layer *layer)
{
    struct rw_layer copy = {.head_count = layer->head_count, .heads = rw_alloc(layer->head_count, sizeof *copy.heads)};
    for (size_t i = 0; i < layer->head_count; i++)
        copy.heads[i] = copy_head(layer->heads + i);
    if (layer->feedforward != NULL) {
        copy.feedforward = rw_alloc(1, sizeof *copy.feedforward);
        *copy.feedforward = (struct rw_feedforward){
            .neurons = layer->feedforward->neurons,
            .names = copy_names(layer->feedforward->names, layer->feedforward->neurons),
            .in = copy_matrix(layer->feedforward->in),
            .bias = copy_matrix(layer->feedforward->bias),
            .out = copy_matrix(layer->feedforward->out),
        };
    }
    return copy;
}

static struct rw_relation *copy_relation(const struct rw_relation *relation)
{
    if (relation == NULL)
        return NULL;
    struct rw_relation *copy = rw_alloc(1, sizeof *copy);
    copy->count = relation->count;
    copy->quantities = copy_names(relation->quantities, relation->count);
    copy->matrix = copy_matrix(relation->matrix);
    return copy;
}

struct rw_net *rw_net_copy(const struct rw_net *net)
{
    struct rw_net *copy = rw_alloc(1, sizeof *copy);
    *copy = *net;
    copy->name = rw_strdup(net->name);
    copy->spec_hash = rw_strdup(net->spec_hash);
    copy->construction = rw_strdup(net->construction);
    copy->theorem = rw_strdup(net->theorem);
    copy->made_by = rw_strdup(net->made_by);
    copy->tokens = rw_alphabet_copy(net->tokens);
    copy->padding = net->padding;
    copy->features = copy_names(net->features, net->width);
    copy->embedding = copy_matrix(net->embedding);
    copy->layers = rw_alloc(net->layer_count, sizeof *copy->layers);
    for (size_t i = 0; i < net->layer_count; i++)
        copy->layers[i] = copy_layer(net->layers + i);
    copy->outputs = copy_names(net->outputs, net->output_count);
    copy->readout = copy_matrix(net->readout);
    copy->relation = copy_relation(net->relation);
    return copy;
}

/* --- comparing --- */

static bool names_equal(char *const *a, char *const *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool heads_equal(const struct rw_head *a, const struct rw_head *b)
{
    if (a->family != b->family || strcmp(a->name, b->name) != 0 || memcmp(a->dims, b->dims, sizeof a->dims) != 0 ||
        !names_equal(a->coordinates, b->coordinates, a->family->state_size(a->dims)) ||
        !rw_matrix_equal(a->output, b->output))
        return false;
    for (size_t i = 0; i < a->family->param_count(a->dims); i++)
        if (!rw_matrix_equal(a->params[i], b->params[i]))
            return false;
    return true;
}

static bool layers_equal(const struct rw_layer *a, const struct rw_layer *b)
{
    if (a->head_count != b->head_count || (a->feedforward == NULL) != (b->feedforward == NULL))
        return false;
    for (size_t i = 0; i < a->head_count; i++)
        if (!heads_equal(a->heads + i, b->heads + i))
            return false;
    const struct rw_feedforward *f = a->feedforward, *g = b->feedforward;
    return f == NULL ||
           (f->neurons == g->neurons && names_equal(f->names, g->names, f->neurons) && rw_matrix_equal(f->in, g->in) &&
            rw_matrix_equal(f->bias, g->bias) && rw_matrix_equal(f->out, g->out));
}

static bool relations_equal(const struct rw_relation *a, const struct rw_relation *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->count == b->count && names_equal(a->quantities, b->quantities, a->count) &&
           rw_matrix_equal(a->matrix, b->matrix);
}

bool rw_net_equal(const struct rw_net *a, const struct rw_net *b)
{
    char *const texts_a[] = {a->name, a->spec_hash, a->construction, a->theorem, a->made_by};
    char *const texts_b[] = {b->name, b->spec_hash, b->construction, b->theorem, b->made_by};
    if (!names_equal(texts_a, texts_b, 5) || !rw_alphabet_equal(a->tokens, b->tokens) || a->width != b->width ||
        a->layer_count != b->layer_count || a->output_count != b->output_count || a->decision != b->decision ||
        a->padding != b->padding || !names_equal(a->features, b->features, a->width) ||
        !names_equal(a->outputs, b->outputs, a->output_count) || !rw_matrix_equal(a->embedding, b->embedding) ||
        !rw_matrix_equal(a->readout, b->readout) || !relations_equal(a->relation, b->relation))
        return false;
    for (size_t i = 0; i < a->layer_count; i++)
        if (!layers_equal(a->layers + i, b->layers + i))
            return false;
    return true;
}

/* --- coordinates --- */

size_t rw_net_coordinate(const struct rw_net *net, size_t layer, size_t head)
{
    size_t number = 0;
    for (size_t l = 0; l <= layer && l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count && (l < layer || h < head); h++)
            number += net->layers[l].heads[h].family->state_size(net->layers[l].heads[h].dims);
    return number;
}

const char *rw_net_coordinate_name(const struct rw_net *net, size_t coordinate)
{
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            const struct rw_head *head = net->layers[l].heads + h;
            size_t size = head->family->state_size(head->dims);
            if (coordinate < size)
                return head->coordinates[coordinate];
            coordinate -= size;
        }
    return "";
}
