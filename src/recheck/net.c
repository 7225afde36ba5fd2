/* net.c - reads net files: rnnwit-net(5) says what each key means. */
#include "recheck/net.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct reader {
    const struct rw_limits *limits;
    FILE *why;
    bool good;
};

/* Says what is wrong, the first time. */
static void refuse(struct reader *r, const char *what)
{
    if (r->good)
        fprintf(r->why, "the net file cannot be read: %s", what);
    r->good = false;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* --- the families: their sizes and parameters --- */

static const char *const family_names[RW_RECHECK_FAMILIES] = {"pd",   "dplr",       "rwkv7", "deltanet", "deltaproduct",
                                                              "relu", "relu-input", "mlp",   "gated"};

enum families {
    PD = 1 << RW_RECHECK_PD,
    DPLR = 1 << RW_RECHECK_DPLR,
    RWKV7 = 1 << RW_RECHECK_RWKV7,
    PRODUCT = 1 << RW_RECHECK_DELTAPRODUCT,
    DELTA = 1 << RW_RECHECK_DELTANET | PRODUCT,
    LINEAR = PD | DPLR | RWKV7 | DELTA,
    RELU = 1 << RW_RECHECK_RELU,
    RELU_INPUT = 1 << RW_RECHECK_RELU_INPUT,
    GATED = 1 << RW_RECHECK_GATED,
    DEEP = 1 << RW_RECHECK_MLP | GATED,
    CELLS = RELU | RELU_INPUT | DEEP
};

enum { D_K = RW_RECHECK_D_K, D_V = RW_RECHECK_D_V, QUERIES = RW_RECHECK_QUERIES, RANK = RW_RECHECK_RANK };
enum { STEPS = RW_RECHECK_STEPS, N = RW_RECHECK_N, LAST = RW_RECHECK_LAST_HIDDEN, ONE = RW_RECHECK_ONE };
enum { HIDDEN1 = RW_RECHECK_HIDDEN1, HIDDEN2, HIDDEN3, HIDDEN4 };

/* Keys of `dims`, at their places. */
static const struct {
    const char *name;
    unsigned families;
    bool may_be_zero;
} dims[] = {
    [D_K] = {"d_k", LINEAR, false},       [D_V] = {"d_v", LINEAR, false},      [QUERIES] = {"queries", LINEAR, false},
    [RANK] = {"r", DPLR, true},           [STEPS] = {"steps", PRODUCT, false}, [N] = {"n", CELLS, false},
    [HIDDEN1] = {"hidden1", DEEP, false}, [HIDDEN2] = {"hidden2", DEEP, true}, [HIDDEN3] = {"hidden3", DEEP, true},
    [HIDDEN4] = {"hidden4", DEEP, true},
};

/* Keys of `params`. One without rows or columns is left out. */
static const struct {
    const char *name;
    unsigned families;
    size_t rows, cols;
    bool input;
} params[] = {
    {"query", LINEAR, D_K, QUERIES, true},
    {"transition", PD, D_K, D_K, true},
    {"write", PD | DPLR, D_V, D_K, true},
    {"decay", DPLR | RWKV7, D_K, ONE, true},
    {"left", DPLR, D_K, RANK, true},
    {"right", DPLR, D_K, RANK, true},
    {"kappa", RWKV7, D_K, ONE, true},
    {"rate", RWKV7, D_K, ONE, true},
    {"lambda", RWKV7, ONE, ONE, true},
    {"key", RWKV7 | DELTA, D_K, STEPS, true},
    {"value", RWKV7 | DELTA, D_V, STEPS, true},
    {"beta", DELTA, ONE, STEPS, true},
    {"recurrent", RELU, N, N, false},
    {"input", RELU, N, ONE, true},
    {"bias", RELU, N, ONE, false},
    {"recurrent", RELU_INPUT, N, N, true},
    {"bias", RELU_INPUT, N, ONE, true},
    {"hidden1_state", DEEP, HIDDEN1, N, false},
    {"hidden1_input", DEEP, HIDDEN1, ONE, true},
    {"hidden1_bias", DEEP, HIDDEN1, ONE, false},
    {"hidden2_weight", DEEP, HIDDEN2, HIDDEN1, false},
    {"hidden2_bias", DEEP, HIDDEN2, ONE, false},
    {"hidden3_weight", DEEP, HIDDEN3, HIDDEN2, false},
    {"hidden3_bias", DEEP, HIDDEN3, ONE, false},
    {"hidden4_weight", DEEP, HIDDEN4, HIDDEN3, false},
    {"hidden4_bias", DEEP, HIDDEN4, ONE, false},
    {"out", DEEP, N, LAST, false},
    {"out_bias", DEEP, N, ONE, false},
    {"factor_a", GATED, N, LAST, false},
    {"factor_a_bias", GATED, N, ONE, false},
    {"factor_b", GATED, N, LAST, false},
    {"factor_b_bias", GATED, N, ONE, false},
};

bool rw_recheck_is_linear(const struct rw_recheck_head *head)
{
    return (1U << head->family & LINEAR) != 0;
}

const struct rw_recheck_param *rw_recheck_param(const struct rw_recheck_head *head, const char *name)
{
    const struct rw_recheck_param *param = head->params;
    while (strcmp(param->name, name) != 0)
        param++;
    return param;
}

/* --- lists of entries --- */

/* What an entry is: indices below their bounds, and the value. */
struct layout {
    size_t indices, bounds[3];
};

/* The indices of an entry and its value; false: it is none. */
static bool read_entry(struct reader *r, const json_t *entry, const struct layout *layout, size_t *at, fmpq_t value)
{
    for (size_t k = 0; k < layout->indices; k++) {
        const json_t *index = json_array_get(entry, k);
        if (!json_is_integer(index) || json_integer_value(index) < 0 ||
            (uint64_t)json_integer_value(index) >= layout->bounds[k])
            return false;
        at[k] = (size_t)json_integer_value(index);
    }
    const char *text = json_string_value(json_array_get(entry, layout->indices));
    return json_array_size(entry) == layout->indices + 1 && text != NULL &&
           rw_q_parse(value, text, strlen(text), r->limits->number_digits) && !rw_q_is_zero(value);
}

/* As a matrix: one index is the row; three are (i, j, f) for row i * bounds[1] + j and column f. */
static struct rw_matrix *read_entries(struct reader *r, const json_t *list, struct layout layout)
{
    const size_t *bounds = layout.bounds;
    size_t rows = layout.indices == 3 ? bounds[0] * bounds[1] : bounds[0], e;
    size_t cols = layout.indices == 1 ? 1 : bounds[layout.indices - 1];
    if (!json_is_array(list) || rows > UINT32_MAX || cols > r->limits->nonzeros) {
        refuse(r, "a list of entries is missing, or too large");
        return NULL;
    }
    struct rw_builder *builder = rw_builder_new(rows, cols);
    const json_t *entry;
    fmpq_t value;
    fmpq_init(value);
    json_array_foreach(list, e, entry)
    {
        size_t at[3] = {0};
        if (!read_entry(r, entry, &layout, at, value)) {
            refuse(r, "an entry is out of range, or has no number");
            break;
        }
        rw_builder_add(builder, layout.indices == 3 ? at[0] * bounds[1] + at[1] : at[0],
                       layout.indices == 1 ? 0 : at[layout.indices - 1], value);
    }
    fmpq_clear(value);
    struct rw_matrix *matrix = rw_builder_finish(builder);
    if (r->good && rw_matrix_nonzeros(matrix) != json_array_size(list))
        refuse(r, "two entries stand in one place");
    return matrix;
}

static struct rw_matrix *read_matrix(struct reader *r, const json_t *list, size_t rows, size_t cols)
{
    return read_entries(r, list, (struct layout){2, {rows, cols}});
}

/* --- heads --- */

static void read_dims(struct reader *r, const json_t *json, struct rw_recheck_head *head)
{
    const size_t most = 1 << 24; /* so that products fit */
    head->dims[RANK] = head->dims[STEPS] = head->dims[ONE] = 1;
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        if ((dims[d].families & 1U << head->family) == 0)
            continue;
        const json_t *size = json_object_get(json, dims[d].name);
        if (!json_is_integer(size) || json_integer_value(size) < !dims[d].may_be_zero ||
            (uint64_t)json_integer_value(size) > most) {
            refuse(r, "a head has no such dims");
            return;
        }
        head->dims[d] = (size_t)json_integer_value(size);
    }
    /* a layer after one that is missing is none */
    size_t last = HIDDEN1;
    while (last < HIDDEN4 && head->dims[last + 1] > 0)
        last++;
    head->dims[LAST] = head->dims[last];
    for (size_t d = last + 1; d <= HIDDEN4; d++)
        head->dims[d] = 0;
}

static void read_params(struct reader *r, const json_t *json, size_t width, struct rw_recheck_head *head)
{
    size_t count = 0;
    for (size_t p = 0; p < sizeof params / sizeof *params && r->good; p++) {
        size_t rows = head->dims[params[p].rows], cols = head->dims[params[p].cols];
        bool deeper = params[p].rows >= HIDDEN2 && params[p].rows <= HIDDEN4;
        if ((params[p].families & 1U << head->family) == 0 || (deeper && rows == 0))
            continue;
        struct layout layout = {1, {rows}};
        if (cols != 1)
            layout.bounds[layout.indices++] = cols;
        if (params[p].input)
            layout.bounds[layout.indices++] = width;
        head->params[count++] =
            (struct rw_recheck_param){params[p].name, rows, cols, params[p].input,
                                      read_entries(r, json_object_get(json, params[p].name), layout)};
    }
}

static void read_head(struct reader *r, const json_t *json, size_t width, struct rw_recheck_head *head)
{
    const char *family = text_of(json, "family");
    while (head->family < RW_RECHECK_FAMILIES && strcmp(family_names[head->family], family) != 0)
        head->family++;
    if (head->family == RW_RECHECK_FAMILIES) {
        refuse(r, "a head is of no known family");
        return;
    }
    read_dims(r, json_object_get(json, "dims"), head);
    bool linear = rw_recheck_is_linear(head);
    head->coordinates = linear ? head->dims[D_K] * head->dims[D_V] : head->dims[N];
    head->outputs = linear ? head->dims[D_V] * head->dims[QUERIES] : head->dims[N];
    if (json_array_size(json_object_get(json, "coordinates")) != head->coordinates)
        refuse(r, "a head's coordinates do not fit its dims");
    if (r->good)
        read_params(r, json_object_get(json, "params"), width, head);
    if (r->good)
        head->output = read_matrix(r, json_object_get(json, "output"), width, head->outputs);
}

static void read_layer(struct reader *r, const json_t *json, struct rw_recheck_net *net, struct rw_recheck_layer *layer)
{
    const json_t *heads = json_object_get(json, "heads"), *part = json_object_get(json, "feedforward");
    layer->first = net->coordinates;
    layer->heads = json_array_size(heads);
    layer->head = rw_alloc(layer->heads, sizeof *layer->head);
    for (size_t h = 0; h < layer->heads && r->good; h++) {
        layer->head[h].first = net->coordinates;
        read_head(r, json_array_get(heads, h), net->width, layer->head + h);
        net->coordinates += layer->head[h].coordinates;
    }
    layer->coordinates = net->coordinates - layer->first;
    if (json_is_null(part) || !r->good)
        return;
    layer->neurons = json_array_size(json_object_get(part, "neurons"));
    layer->in = read_matrix(r, json_object_get(part, "in"), layer->neurons, net->width);
    layer->bias = read_entries(r, json_object_get(part, "bias"), (struct layout){1, {layer->neurons}});
    layer->out = read_matrix(r, json_object_get(part, "out"), net->width, layer->neurons);
}

/* --- the whole --- */

static void read_tokens(struct reader *r, const json_t *root, struct rw_recheck_net *net)
{
    const json_t *list = json_object_get(root, "tokens"), *padding = json_object_get(root, "padding");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name == NULL || !rw_alphabet_add(net->tokens, name))
            refuse(r, "its tokens are not distinct names");
    }
    if (padding != NULL && (!json_is_integer(padding) || json_integer_value(padding) <= 0 ||
                            (uint64_t)json_integer_value(padding) > r->limits->word_length))
        refuse(r, "its padding is not a number of blanks");
    net->padding = padding == NULL ? 0 : (size_t)json_integer_value(padding);
}

static void read_decision(struct reader *r, const json_t *root, struct rw_recheck_net *net)
{
    static const char *const names[] = {"positive", "value", "sign"};
    const char *decision = text_of(root, "decision");
    while (net->decision <= RW_RECHECK_SIGN && strcmp(names[net->decision], decision) != 0)
        net->decision++;
    if (net->decision > RW_RECHECK_SIGN)
        refuse(r, "its decision is not known");
}

static void read_net(struct reader *r, const json_t *root, struct rw_recheck_net *net)
{
    const json_t *version = json_object_get(root, "rnnwit-net"), *readout = json_object_get(root, "readout");
    const json_t *layers = json_object_get(root, "layers");
    net->width = json_array_size(json_object_get(root, "features"));
    net->outputs = json_array_size(json_object_get(readout, "outputs"));
    if (!json_is_integer(version) || json_integer_value(version) != 1 || net->outputs == 0)
        refuse(r, "it is not a net file of format 1 with an output");
    read_tokens(r, root, net);
    read_decision(r, root, net);
    net->embedding = read_matrix(r, json_object_get(root, "embedding"), net->width, rw_alphabet_size(net->tokens) + 1);
    net->readout = read_matrix(r, json_object_get(readout, "entries"), net->outputs, net->width);
    net->layers = json_array_size(layers);
    net->layer = rw_alloc(net->layers, sizeof *net->layer);
    for (size_t l = 0; l < net->layers && r->good; l++)
        read_layer(r, json_array_get(layers, l), net, net->layer + l);
}

struct rw_recheck_net *rw_recheck_net_read(const struct rw_source *source, const struct rw_limits *limits, FILE *why)
{
    struct reader r = {limits, why, true};
    struct rw_recheck_net *net = rw_alloc(1, sizeof *net);
    json_error_t error;
    net->tokens = rw_alphabet_new();
    json_t *root = json_loadb(source->text, source->size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        refuse(&r, error.text);
    else
        read_net(&r, root, net);
    json_decref(root);
    if (r.good)
        return net;
    rw_recheck_net_free(net);
    return NULL;
}

static void free_layer(struct rw_recheck_layer *layer)
{
    for (size_t h = 0; h < layer->heads; h++) {
        struct rw_recheck_head *head = layer->head + h;
        for (size_t p = 0; p < RW_RECHECK_PARAMS; p++)
            rw_matrix_free(head->params[p].weights);
        rw_matrix_free(head->output);
    }
    free(layer->head);
    rw_matrix_free(layer->in);
    rw_matrix_free(layer->bias);
    rw_matrix_free(layer->out);
}

void rw_recheck_net_free(struct rw_recheck_net *net)
{
    if (net == NULL)
        return;
    for (size_t l = 0; net->layer != NULL && l < net->layers; l++)
        free_layer(net->layer + l);
    free(net->layer);
    rw_matrix_free(net->embedding);
    rw_matrix_free(net->readout);
    rw_alphabet_free(net->tokens);
    free(net);
}
