/* cells_net.c - networks of ReLUs from their files, stepped on affine functions over boxes: rnnwit-net(5) has the formulas. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/cells.h"
#include "recheck/reader.h"

/* --- affine functions --- */

struct rw_cell_form rw_cell_form_new(size_t size, size_t k)
{
    struct rw_cell_form form = {size, k, rw_alloc(size * (k + 1), sizeof(fmpq))};
    for (size_t i = 0; i < size * (k + 1); i++)
        fmpq_init(form.v + i);
    return form;
}

void rw_cell_form_free(struct rw_cell_form *form)
{
    for (size_t i = 0; form->v != NULL && i < form->size * (form->k + 1); i++)
        fmpq_clear(form->v + i);
    free(form->v);
    form->v = NULL;
}

static bool extreme(const struct rw_cell_form *form, size_t i, const struct rw_cell_box *boxes, bool least,
                    fmpq_t value)
{
    fmpq_set(value, rw_cell_entry(form, i, 0));
    for (size_t p = 0; p < form->k; p++) {
        const fmpq *slope = rw_cell_entry(form, i, p + 1);
        bool low = (fmpq_sgn(slope) > 0) == least;
        if (fmpq_is_zero(slope))
            continue;
        if (low ? boxes[p].no_low : boxes[p].no_high)
            return false;
        fmpq_addmul(value, slope, low ? &boxes[p].low : &boxes[p].high);
    }
    return true;
}

bool rw_cell_least(const struct rw_cell_form *form, size_t i, const struct rw_cell_box *boxes, fmpq_t value)
{
    return extreme(form, i, boxes, true, value);
}

bool rw_cell_greatest(const struct rw_cell_form *form, size_t i, const struct rw_cell_box *boxes, fmpq_t value)
{
    return extreme(form, i, boxes, false, value);
}

static bool is_point(const struct rw_cell_box *box)
{
    return !box->no_low && !box->no_high && fmpq_equal(&box->low, &box->high);
}

bool rw_cell_same(const struct rw_cell_form *a, const struct rw_cell_form *b, const struct rw_cell_box *boxes)
{
    bool same = true;
    fmpq_t x, y;
    fmpq_init(x);
    fmpq_init(y);
    for (size_t i = 0; i < a->size && same; i++) {
        fmpq_set(x, rw_cell_entry(a, i, 0));
        fmpq_set(y, rw_cell_entry(b, i, 0));
        for (size_t p = 0; p < a->k; p++)
            if (is_point(boxes + p)) {
                fmpq_addmul(x, rw_cell_entry(a, i, p + 1), &boxes[p].low);
                fmpq_addmul(y, rw_cell_entry(b, i, p + 1), &boxes[p].low);
            } else {
                same = same && fmpq_equal(rw_cell_entry(a, i, p + 1), rw_cell_entry(b, i, p + 1));
            }
        same = same && fmpq_equal(x, y);
    }
    fmpq_clear(x);
    fmpq_clear(y);
    return same;
}

/* y += M x */
static void apply(const struct rw_matrix *m, const struct rw_cell_form *x, struct rw_cell_form *y)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            for (size_t p = 0; p <= x->k; p++)
                if (!fmpq_is_zero(rw_cell_entry(x, j, p)))
                    fmpq_addmul(rw_cell_entry(y, m->row[e], p), m->value + e, rw_cell_entry(x, j, p));
}

static void add_bias(const struct rw_matrix *bias, struct rw_cell_form *y)
{
    for (size_t e = 0; e < rw_matrix_nonzeros(bias); e++)
        fmpq_add(rw_cell_entry(y, bias->row[e], 0), rw_cell_entry(y, bias->row[e], 0), bias->value + e);
}

/* In place. false: some entry has no single sign. */
static bool relu(struct rw_cell_form *z, const struct rw_cell_box *boxes)
{
    bool good = true;
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < z->size && good; i++) {
        if (rw_cell_least(z, i, boxes, value) && fmpq_sgn(value) >= 0)
            continue;
        good = rw_cell_greatest(z, i, boxes, value) && fmpq_sgn(value) <= 0;
        for (size_t p = 0; p <= z->k; p++)
            fmpq_zero(rw_cell_entry(z, i, p));
    }
    fmpq_clear(value);
    return good;
}

/* --- the file --- */

#define MOST_HIDDEN 4

struct cell_head {
    size_t n, first, hidden_count;
    bool elman, gated;
    struct rw_matrix *state, *input, *bias; /* of the first hidden layer, or of the state itself */
    struct rw_matrix *weight[MOST_HIDDEN], *more_bias[MOST_HIDDEN]; /* of the further ones, from 1 */
    struct rw_matrix *outs[6];                                      /* out, factor_a, factor_b, and their biases */
    struct rw_matrix *output;
};

struct cell_layer {
    size_t heads;
    struct cell_head *head;
    struct rw_matrix *in, *bias, *out; /* NULL: no feed-forward part */
};

struct rw_cell_net {
    size_t width, tokens, coordinates, layers;
    struct cell_layer *layer;
    struct rw_matrix *embedding, *readout;
    struct rw_alphabet *names;
    bool sign, positive;
};

static size_t dim_of(struct rw_recheck_reader *r, const json_t *head, const char *name)
{
    const json_t *size = json_object_get(json_object_get(head, "dims"), name);
    if (!json_is_integer(size) || json_integer_value(size) < 0 || json_integer_value(size) > 1 << 24) {
        rw_recheck_refuse(r, "a head has no such dims");
        return 0;
    }
    return (size_t)json_integer_value(size);
}

/* A parameter: constant rows x cols, a constant vector (cols 1), or (width > 0) a vector that depends on the input. */
static struct rw_matrix *param_of(struct rw_recheck_reader *r, const json_t *head, const char *name, size_t rows,
                                  size_t cols, size_t width)
{
    const json_t *list = json_object_get(json_object_get(head, "params"), name);
    const size_t bounds[] = {rows, width > 0 ? width : cols};
    return rw_recheck_entries(r, list, width == 0 && cols == 1 ? 1 : 2, bounds, rows, width > 0 ? width : cols);
}

static void read_mlp(struct rw_recheck_reader *r, const json_t *json, size_t width, struct cell_head *head)
{
    static const char *const names[][3] = {{"hidden1", "", ""},
                                           {"hidden2", "hidden2_weight", "hidden2_bias"},
                                           {"hidden3", "hidden3_weight", "hidden3_bias"},
                                           {"hidden4", "hidden4_weight", "hidden4_bias"}};
    static const char *const outs[] = {"out", "out_bias", "factor_a", "factor_a_bias", "factor_b", "factor_b_bias"};
    size_t last = dim_of(r, json, "hidden1");
    head->state = param_of(r, json, "hidden1_state", last, head->n, 0);
    head->input = param_of(r, json, "hidden1_input", last, 1, width);
    head->bias = param_of(r, json, "hidden1_bias", last, 1, 0);
    head->hidden_count = 1;
    for (size_t l = 1; l < MOST_HIDDEN && r->good; l++) {
        size_t size = dim_of(r, json, names[l][0]);
        if (size == 0)
            break;
        head->weight[l] = param_of(r, json, names[l][1], size, last, 0);
        head->more_bias[l] = param_of(r, json, names[l][2], size, 1, 0);
        head->hidden_count++;
        last = size;
    }
    for (size_t o = 0; o < (head->gated ? 6 : 2) && r->good; o++)
        head->outs[o] = param_of(r, json, outs[o], head->n, o % 2 == 0 ? last : 1, 0);
}

static void read_head(struct rw_recheck_reader *r, const json_t *json, struct rw_cell_net *net, struct cell_head *head)
{
    const char *family = json_string_value(json_object_get(json, "family"));
    head->n = dim_of(r, json, "n");
    head->first = net->coordinates;
    head->elman = family != NULL && strcmp(family, "relu") == 0;
    head->gated = family != NULL && strcmp(family, "gated") == 0;
    if (head->elman) {
        head->state = param_of(r, json, "recurrent", head->n, head->n, 0);
        head->input = param_of(r, json, "input", head->n, 1, net->width);
        head->bias = param_of(r, json, "bias", head->n, 1, 0);
    } else if (head->gated || (family != NULL && strcmp(family, "mlp") == 0)) {
        read_mlp(r, json, net->width, head);
    } else {
        rw_recheck_refuse(r, "a head is of a family that cells are not about (relu, mlp and gated are)");
    }
    if (r->good)
        head->output = rw_recheck_matrix(r, json_object_get(json, "output"), net->width, head->n);
    net->coordinates += head->n;
}

static void read_layer(struct rw_recheck_reader *r, const json_t *json, struct rw_cell_net *net,
                       struct cell_layer *layer)
{
    const json_t *heads = json_object_get(json, "heads"), *part = json_object_get(json, "feedforward");
    layer->heads = json_array_size(heads);
    layer->head = rw_alloc(layer->heads, sizeof *layer->head);
    for (size_t h = 0; h < layer->heads && r->good; h++)
        read_head(r, json_array_get(heads, h), net, layer->head + h);
    if (json_is_null(part) || !r->good)
        return;
    size_t neurons = json_array_size(json_object_get(part, "neurons"));
    layer->in = rw_recheck_matrix(r, json_object_get(part, "in"), neurons, net->width);
    layer->bias = rw_recheck_entries(r, json_object_get(part, "bias"), 1, (const size_t[]){neurons}, neurons, 1);
    layer->out = rw_recheck_matrix(r, json_object_get(part, "out"), net->width, neurons);
}

static void read_root(struct rw_recheck_reader *r, const json_t *root, struct rw_cell_net *net)
{
    const json_t *readout = json_object_get(root, "readout"), *tokens = json_object_get(root, "tokens");
    const json_t *layers = json_object_get(root, "layers");
    const char *decision = json_string_value(json_object_get(root, "decision"));
    size_t outputs = json_array_size(json_object_get(readout, "outputs"));
    net->tokens = json_array_size(tokens);
    for (size_t t = 0; t < net->tokens; t++) {
        const char *name = json_string_value(json_array_get(tokens, t));
        if (name == NULL || !rw_alphabet_add(net->names, name))
            rw_recheck_refuse(r, "its tokens are not distinct names");
    }
    net->sign = decision != NULL && strcmp(decision, "sign") == 0;
    net->positive = decision != NULL && strcmp(decision, "positive") == 0;
    if (json_integer_value(json_object_get(root, "rnnwit-net")) != 1 || outputs == 0 || !(net->sign || net->positive) ||
        json_object_get(root, "padding") != NULL)
        rw_recheck_refuse(r, "it is not a net file of format 1 whose decision is read here");
    net->width = json_array_size(json_object_get(root, "features"));
    net->embedding = rw_recheck_matrix(r, json_object_get(root, "embedding"), net->width, net->tokens + 1);
    net->readout = rw_recheck_matrix(r, json_object_get(readout, "entries"), outputs, net->width);
    net->layers = json_array_size(layers);
    net->layer = rw_alloc(net->layers, sizeof *net->layer);
    for (size_t l = 0; l < net->layers && r->good; l++)
        read_layer(r, json_array_get(layers, l), net, net->layer + l);
}

struct rw_cell_net *rw_cell_net_read(const struct rw_source *source, const struct rw_limits *limits, FILE *why)
{
    struct rw_recheck_reader r = {limits, why, true};
    struct rw_cell_net *net = rw_alloc(1, sizeof *net);
    json_error_t error;
    net->names = rw_alphabet_new();
    json_t *root = json_loadb(source->text, source->size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        rw_recheck_refuse(&r, error.text);
    else
        read_root(&r, root, net);
    json_decref(root);
    if (r.good)
        return net;
    rw_cell_net_free(net);
    return NULL;
}

void rw_cell_net_free(struct rw_cell_net *net)
{
    if (net == NULL)
        return;
    for (size_t l = 0; net->layer != NULL && l < net->layers; l++) {
        struct cell_layer *layer = net->layer + l;
        for (size_t h = 0; layer->head != NULL && h < layer->heads; h++) {
            struct cell_head *head = layer->head + h;
            rw_matrix_free(head->state);
            rw_matrix_free(head->input);
            rw_matrix_free(head->bias);
            rw_matrix_free(head->output);
            for (size_t i = 0; i < MOST_HIDDEN; i++) {
                rw_matrix_free(head->weight[i]);
                rw_matrix_free(head->more_bias[i]);
            }
            for (size_t i = 0; i < 6; i++)
                rw_matrix_free(head->outs[i]);
        }
        free(layer->head);
        rw_matrix_free(layer->in);
        rw_matrix_free(layer->bias);
        rw_matrix_free(layer->out);
    }
    free(net->layer);
    rw_matrix_free(net->embedding);
    rw_matrix_free(net->readout);
    rw_alphabet_free(net->names);
    free(net);
}

size_t rw_cell_net_coordinates(const struct rw_cell_net *net)
{
    return net->coordinates;
}

bool rw_cell_net_fits(const struct rw_cell_net *net, const struct rw_alphabet *alphabet, bool sign)
{
    return rw_alphabet_equal(net->names, alphabet) && net->sign == sign;
}

/* --- stepping --- */

/* z <- ReLU(weight z + bias), of another size. */
static bool next_layer(const struct rw_matrix *weight, const struct rw_matrix *bias, const struct rw_cell_box *boxes,
                       struct rw_cell_form *z)
{
    struct rw_cell_form next = rw_cell_form_new(weight->rows, z->k);
    apply(weight, z, &next);
    add_bias(bias, &next);
    rw_cell_form_free(z);
    *z = next;
    return relu(z, boxes);
}

/* h += a * b, entry by entry: one of the two must be constant on the boxes. */
static bool multiply(const struct rw_cell_form *a, const struct rw_cell_form *b, const struct rw_cell_box *boxes,
                     struct rw_cell_form *h)
{
    bool good = true;
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    for (size_t i = 0; i < h->size && good; i++) {
        const struct rw_cell_form *varying = b;
        good = rw_cell_least(a, i, boxes, low) && rw_cell_greatest(a, i, boxes, high) && fmpq_equal(low, high);
        if (!good) {
            varying = a;
            good = rw_cell_least(b, i, boxes, low) && rw_cell_greatest(b, i, boxes, high) && fmpq_equal(low, high);
        }
        for (size_t p = 0; p <= h->k && good; p++)
            fmpq_addmul(rw_cell_entry(h, i, p), low, rw_cell_entry(varying, i, p));
    }
    fmpq_clear(low);
    fmpq_clear(high);
    return good;
}

/* The new state of a head, from its old one. */
static bool step_head(const struct cell_head *head, const struct rw_cell_form *x, const struct rw_cell_box *boxes,
                      struct rw_cell_form *h)
{
    struct rw_cell_form z = rw_cell_form_new(head->state->rows, h->k);
    apply(head->state, h, &z);
    apply(head->input, x, &z);
    add_bias(head->bias, &z);
    bool good = relu(&z, boxes);
    for (size_t l = 1; l < head->hidden_count && good; l++)
        good = next_layer(head->weight[l], head->more_bias[l], boxes, &z);
    if (head->elman || !good) {
        rw_cell_form_free(h);
        *h = z;
        return good;
    }
    struct rw_cell_form parts[3];
    for (size_t o = 0; o < 3; o++) {
        parts[o] = rw_cell_form_new(head->n, h->k);
        if (head->outs[2 * o] != NULL) {
            apply(head->outs[2 * o], &z, parts + o);
            add_bias(head->outs[2 * o + 1], parts + o);
        }
    }
    if (head->gated)
        good = multiply(parts + 1, parts + 2, boxes, parts);
    rw_cell_form_free(h);
    *h = parts[0];
    rw_cell_form_free(parts + 1);
    rw_cell_form_free(parts + 2);
    rw_cell_form_free(&z);
    return good;
}

static void copy_part(struct rw_cell_form *to, size_t to_first, const struct rw_cell_form *from, size_t from_first,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p <= from->k; p++)
            fmpq_set(rw_cell_entry(to, to_first + i, p), rw_cell_entry(from, from_first + i, p));
}

static bool step_layer(const struct cell_layer *layer, const struct rw_cell_box *boxes, struct rw_cell_form *state,
                       struct rw_cell_form *x)
{
    struct rw_cell_form before = rw_cell_form_new(x->size, x->k);
    bool good = true;
    copy_part(&before, 0, x, 0, x->size);
    for (size_t i = 0; i < layer->heads && good; i++) {
        struct rw_cell_form h = rw_cell_form_new(layer->head[i].n, x->k);
        copy_part(&h, 0, state, layer->head[i].first, layer->head[i].n);
        good = step_head(layer->head + i, &before, boxes, &h);
        if (good) {
            copy_part(state, layer->head[i].first, &h, 0, layer->head[i].n);
            apply(layer->head[i].output, &h, x);
        }
        rw_cell_form_free(&h);
    }
    rw_cell_form_free(&before);
    if (layer->in == NULL || !good)
        return good;
    struct rw_cell_form z = rw_cell_form_new(layer->in->rows, x->k);
    apply(layer->in, x, &z);
    add_bias(layer->bias, &z);
    good = relu(&z, boxes);
    apply(layer->out, &z, x);
    rw_cell_form_free(&z);
    return good;
}

bool rw_cell_net_step(const struct rw_cell_net *net, size_t token, const struct rw_cell_box *boxes,
                      struct rw_cell_form *state, struct rw_cell_form *output)
{
    struct rw_cell_form x = rw_cell_form_new(net->width, state->k),
                        outputs = rw_cell_form_new(net->readout->rows, state->k);
    bool good = true;
    for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
        fmpq_set(rw_cell_entry(&x, net->embedding->row[e], 0), net->embedding->value + e);
    for (size_t l = 0; l < net->layers && good; l++)
        good = step_layer(net->layer + l, boxes, state, &x);
    apply(net->readout, &x, &outputs);
    copy_part(output, 0, &outputs, 0, 1);
    rw_cell_form_free(&x);
    rw_cell_form_free(&outputs);
    return good;
}
