/* sketch.c - lists of entries that become matrices once every feature and neuron is known. */
#include "reductions/witness/sketch.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct named))
#include <uthash.h>

struct entry {
    size_t row, col;
    fmpq_t value;
};

struct entries {
    struct entry *list;
    size_t count, capacity;
};

struct names {
    char **list;
    size_t count, capacity;
};

struct named {
    char *name;
    size_t number;
    UT_hash_handle hh;
};

struct draft_head {
    const struct rw_family *family;
    char *name;
    size_t dims[RW_MAX_DIMS];
    struct entries *params; /* family->param_count of them; row = i * cols + j, col = feature (0 for constants) */
    struct entries output;
    char **coordinates;
};

struct draft_layer {
    struct draft_head *heads;
    size_t head_count, head_capacity;
    struct names neurons;
    struct entries in, bias, out;
};

struct rw_sketch {
    struct rw_alphabet *tokens;
    struct named *features;
    struct names feature_names;
    struct entries embedding, readout;
    struct draft_layer *layers;
    size_t layer_count, layer_capacity;
    struct names outputs;
};

/* --- lists --- */

static void entries_add(struct entries *entries, size_t row, size_t col, const fmpq_t value)
{
    entries->list = rw_grow(entries->list, &entries->capacity, entries->count + 1, sizeof *entries->list);
    struct entry *e = entries->list + entries->count++;
    e->row = row;
    e->col = col;
    fmpq_init(e->value);
    fmpq_set(e->value, value);
}

static void entries_free(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        fmpq_clear(entries->list[i].value);
    free(entries->list);
    *entries = (struct entries){0};
}

static struct rw_matrix *entries_matrix(const struct entries *entries, size_t rows, size_t cols)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    for (size_t i = 0; i < entries->count; i++)
        rw_builder_add(builder, entries->list[i].row, entries->list[i].col, entries->list[i].value);
    return rw_builder_finish(builder);
}

static size_t names_add(struct names *names, char *name)
{
    names->list = rw_grow(names->list, &names->capacity, names->count + 1, sizeof *names->list);
    names->list[names->count] = name;
    return names->count++;
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}

static char *formatted(const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    if (length < 0)
        rw_out_of_memory(strlen(format));
    return text;
}

/* A whole number as the rational that the entry functions take. */
#define WITH_INT(value, statement)                                                                                     \
    do {                                                                                                               \
        fmpq_t q;                                                                                                      \
        fmpq_init(q);                                                                                                  \
        rw_q_set_int(q, value);                                                                                        \
        statement;                                                                                                     \
        fmpq_clear(q);                                                                                                 \
    } while (0)

/* --- the sketch --- */

static size_t feature_named(struct rw_sketch *sketch, char *name)
{
    struct named *known;
    HASH_FIND_STR(sketch->features, name, known);
    if (known != NULL) {
        free(name);
        return known->number;
    }
    known = rw_alloc(1, sizeof *known);
    known->name = name;
    known->number = names_add(&sketch->feature_names, name);
    HASH_ADD_KEYPTR(hh, sketch->features, name, strlen(name), known);
    return known->number;
}

size_t rw_feature(struct rw_sketch *sketch, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *name = formatted(format, args);
    va_end(args);
    return feature_named(sketch, name);
}

struct rw_sketch *rw_sketch_new(const struct rw_alphabet *tokens)
{
    struct rw_sketch *sketch = rw_alloc(1, sizeof *sketch);
    sketch->tokens = rw_alphabet_copy(tokens);
    uint32_t count = (uint32_t)rw_alphabet_size(tokens);
    for (uint32_t s = 0; s < count; s++)
        WITH_INT(1, rw_sketch_embed(sketch, s, rw_feature(sketch, "token %s", rw_alphabet_name(tokens, s)), q));
    WITH_INT(1, rw_sketch_embed(sketch, count, rw_feature(sketch, "BOS"), q));
    size_t one = rw_feature(sketch, "one");
    for (uint32_t s = 0; s <= count; s++)
        WITH_INT(1, rw_sketch_embed(sketch, s, one, q));
    return sketch;
}

size_t rw_feature_token(const struct rw_sketch *sketch, uint32_t symbol)
{
    assert(symbol < rw_alphabet_size(sketch->tokens));
    return symbol;
}

size_t rw_feature_bos(const struct rw_sketch *sketch)
{
    return rw_alphabet_size(sketch->tokens);
}

size_t rw_feature_one(const struct rw_sketch *sketch)
{
    return rw_alphabet_size(sketch->tokens) + 1;
}

void rw_sketch_embed(struct rw_sketch *sketch, uint32_t token, size_t feature, const fmpq_t value)
{
    entries_add(&sketch->embedding, feature, token, value);
}

void rw_sketch_layer(struct rw_sketch *sketch)
{
    sketch->layers = rw_grow(sketch->layers, &sketch->layer_capacity, sketch->layer_count + 1, sizeof *sketch->layers);
    sketch->layers[sketch->layer_count++] = (struct draft_layer){0};
}

static struct draft_layer *last_layer(const struct rw_sketch *sketch)
{
    assert(sketch->layer_count > 0);
    return sketch->layers + sketch->layer_count - 1;
}

static struct draft_head *last_head(const struct rw_sketch *sketch)
{
    struct draft_layer *layer = last_layer(sketch);
    assert(layer->head_count > 0);
    return layer->heads + layer->head_count - 1;
}

size_t rw_sketch_head(struct rw_sketch *sketch, const struct rw_family *family, const char *name, const size_t *dims)
{
    struct draft_layer *layer = last_layer(sketch);
    layer->heads = rw_grow(layer->heads, &layer->head_capacity, layer->head_count + 1, sizeof *layer->heads);
    struct draft_head *head = layer->heads + layer->head_count;
    *head = (struct draft_head){.family = family, .name = rw_strdup(name)};
    for (size_t i = 0; family->dim_names[i] != NULL; i++)
        head->dims[i] = dims[i];
    head->params = rw_alloc(family->param_count(head->dims), sizeof *head->params);
    head->coordinates = rw_alloc(family->state_size(head->dims), sizeof *head->coordinates);
    return layer->head_count++;
}

void rw_sketch_param(struct rw_sketch *sketch, const char *param, size_t i, size_t j, size_t feature,
                     const fmpq_t value)
{
    struct draft_head *head = last_head(sketch);
    for (size_t p = 0; p < head->family->param_count(head->dims); p++) {
        struct rw_param_shape shape = head->family->param(head->dims, p);
        if (strcmp(shape.name, param) != 0)
            continue;
        assert(i < shape.rows && j < shape.cols);
        if (shape.input)
            entries_add(head->params + p, i * shape.cols + j, feature, value);
        else
            entries_add(head->params + p, i, j, value);
        return;
    }
    assert(!"the family has no such parameter");
}

void rw_sketch_param_int(struct rw_sketch *sketch, const char *param, size_t i, size_t j, size_t feature, int64_t value)
{
    WITH_INT(value, rw_sketch_param(sketch, param, i, j, feature, q));
}

void rw_sketch_output(struct rw_sketch *sketch, size_t feature, size_t output, const fmpq_t value)
{
    entries_add(&last_head(sketch)->output, feature, output, value);
}

void rw_sketch_output_int(struct rw_sketch *sketch, size_t feature, size_t output, int64_t value)
{
    WITH_INT(value, rw_sketch_output(sketch, feature, output, q));
}

void rw_sketch_coordinate(struct rw_sketch *sketch, size_t i, const char *format, ...)
{
    struct draft_head *head = last_head(sketch);
    assert(i < head->family->state_size(head->dims));
    va_list args;
    va_start(args, format);
    free(head->coordinates[i]);
    head->coordinates[i] = formatted(format, args);
    va_end(args);
}

size_t rw_sketch_neuron(struct rw_sketch *sketch, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *name = formatted(format, args);
    va_end(args);
    return names_add(&last_layer(sketch)->neurons, name);
}

static size_t last_neuron(const struct rw_sketch *sketch)
{
    assert(last_layer(sketch)->neurons.count > 0);
    return last_layer(sketch)->neurons.count - 1;
}

void rw_neuron_in(struct rw_sketch *sketch, size_t feature, const fmpq_t value)
{
    entries_add(&last_layer(sketch)->in, last_neuron(sketch), feature, value);
}

void rw_neuron_in_int(struct rw_sketch *sketch, size_t feature, int64_t value)
{
    WITH_INT(value, rw_neuron_in(sketch, feature, q));
}

void rw_neuron_bias(struct rw_sketch *sketch, const fmpq_t value)
{
    entries_add(&last_layer(sketch)->bias, last_neuron(sketch), 0, value);
}

void rw_neuron_bias_int(struct rw_sketch *sketch, int64_t value)
{
    WITH_INT(value, rw_neuron_bias(sketch, q));
}

void rw_neuron_out(struct rw_sketch *sketch, size_t feature, const fmpq_t value)
{
    entries_add(&last_layer(sketch)->out, feature, last_neuron(sketch), value);
}

void rw_neuron_out_int(struct rw_sketch *sketch, size_t feature, int64_t value)
{
    WITH_INT(value, rw_neuron_out(sketch, feature, q));
}

size_t rw_sketch_neurons(const struct rw_sketch *sketch)
{
    return last_layer(sketch)->neurons.count;
}

void rw_sketch_readout(struct rw_sketch *sketch, size_t output, const char *name, size_t feature, const fmpq_t value)
{
    assert(output <= sketch->outputs.count);
    if (output == sketch->outputs.count)
        names_add(&sketch->outputs, rw_strdup(name));
    entries_add(&sketch->readout, output, feature, value);
}

void rw_sketch_readout_int(struct rw_sketch *sketch, size_t output, const char *name, size_t feature, int64_t value)
{
    WITH_INT(value, rw_sketch_readout(sketch, output, name, feature, q));
}

/* --- finishing --- */

static void finish_head(const struct draft_head *draft, struct rw_layer *layer, size_t width)
{
    struct rw_head *head = rw_layer_add_head(layer, draft->family, draft->name, draft->dims);
    for (size_t p = 0; p < draft->family->param_count(draft->dims); p++) {
        struct rw_param_shape shape = draft->family->param(draft->dims, p);
        struct rw_matrix *matrix = shape.input ? entries_matrix(draft->params + p, shape.rows * shape.cols, width)
                                               : entries_matrix(draft->params + p, shape.rows, shape.cols);
        rw_head_set_param(head, shape.name, matrix, width);
    }
    for (size_t i = 0; i < draft->family->state_size(draft->dims); i++)
        if (draft->coordinates[i] != NULL)
            rw_head_name_coordinate(head, i, "%s", draft->coordinates[i]);
    head->output = entries_matrix(&draft->output, width, draft->family->output_size(draft->dims));
}

static void finish_feedforward(const struct draft_layer *draft, struct rw_layer *layer, size_t width)
{
    size_t neurons = draft->neurons.count;
    if (neurons == 0)
        return;
    struct rw_feedforward *feedforward = rw_layer_add_feedforward(layer, neurons);
    for (size_t i = 0; i < neurons; i++) {
        free(feedforward->names[i]);
        feedforward->names[i] = rw_strdup(draft->neurons.list[i]);
    }
    feedforward->in = entries_matrix(&draft->in, neurons, width);
    feedforward->bias = entries_matrix(&draft->bias, neurons, 1);
    feedforward->out = entries_matrix(&draft->out, width, neurons);
}

struct rw_net *rw_sketch_finish(struct rw_sketch *sketch)
{
    struct rw_net *net = rw_net_new(sketch->tokens);
    for (size_t i = 0; i < sketch->feature_names.count; i++)
        rw_net_add_feature(net, "%s", sketch->feature_names.list[i]);
    net->embedding = entries_matrix(&sketch->embedding, net->width, rw_alphabet_size(sketch->tokens) + 1);
    for (size_t l = 0; l < sketch->layer_count; l++) {
        struct rw_layer *layer = rw_net_add_layer(net);
        for (size_t h = 0; h < sketch->layers[l].head_count; h++)
            finish_head(sketch->layers[l].heads + h, layer, net->width);
        finish_feedforward(sketch->layers + l, layer, net->width);
    }
    net->output_count = sketch->outputs.count;
    net->outputs = rw_alloc(net->output_count, sizeof *net->outputs);
    for (size_t i = 0; i < net->output_count; i++)
        net->outputs[i] = rw_strdup(sketch->outputs.list[i]);
    net->readout = entries_matrix(&sketch->readout, net->output_count, net->width);
    rw_sketch_free(sketch);
    return net;
}

static void free_head(struct draft_head *head)
{
    for (size_t p = 0; p < head->family->param_count(head->dims); p++)
        entries_free(head->params + p);
    for (size_t i = 0; i < head->family->state_size(head->dims); i++)
        free(head->coordinates[i]);
    free(head->params);
    free(head->coordinates);
    free(head->name);
    entries_free(&head->output);
}

void rw_sketch_free(struct rw_sketch *sketch)
{
    if (sketch == NULL)
        return;
    for (size_t l = 0; l < sketch->layer_count; l++) {
        struct draft_layer *layer = sketch->layers + l;
        for (size_t h = 0; h < layer->head_count; h++)
            free_head(layer->heads + h);
        free(layer->heads);
        names_free(&layer->neurons);
        entries_free(&layer->in);
        entries_free(&layer->bias);
        entries_free(&layer->out);
    }
    free(sketch->layers);
    struct named *named, *next;
    HASH_ITER(hh, sketch->features, named, next)
    {
        HASH_DEL(sketch->features, named);
        free(named);
    }
    names_free(&sketch->feature_names);
    names_free(&sketch->outputs);
    entries_free(&sketch->embedding);
    entries_free(&sketch->readout);
    rw_alphabet_free(sketch->tokens);
    free(sketch);
}
