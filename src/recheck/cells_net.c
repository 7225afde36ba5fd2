/* cells_net.c - networks of ReLUs, stepped on affine functions over boxes: rnnwit-net(5) has the formulas. */
#include "recheck/cells.h"

/* --- affine functions --- */

struct rw_cell_form rw_cell_form_new(size_t size, size_t k)
{
    return (struct rw_cell_form){size, k, rw_q_list_new(size * (k + 1))};
}

void rw_cell_form_free(struct rw_cell_form *form)
{
    rw_q_list_free(form->v, form->size * (form->k + 1));
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

/* --- stepping --- */

bool rw_cell_net_is_one(const struct rw_recheck_net *net)
{
    for (size_t l = 0; l < net->layers; l++)
        for (size_t h = 0; h < net->layer[l].heads; h++) {
            enum rw_recheck_family family = net->layer[l].head[h].family;
            if (family != RW_RECHECK_RELU && family != RW_RECHECK_MLP && family != RW_RECHECK_GATED)
                return false;
        }
    return net->padding == 0 && net->decision != RW_RECHECK_VALUE;
}

/* y += W x + b, the parameters of those names; NULL: there is none. */
static void add_affine(const struct rw_recheck_head *head, const char *weight, const char *bias,
                       const struct rw_cell_form *x, struct rw_cell_form *y)
{
    apply(rw_recheck_param(head, weight)->weights, x, y);
    if (bias != NULL)
        add_bias(rw_recheck_param(head, bias)->weights, y);
}

/* z = ReLU(W z + b), of another size. */
static bool next_layer(const struct rw_recheck_head *head, const char *weight, const char *bias,
                       const struct rw_cell_box *boxes, struct rw_cell_form *z)
{
    struct rw_cell_form next = rw_cell_form_new(rw_recheck_param(head, weight)->rows, z->k);
    add_affine(head, weight, bias, z, &next);
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

/* The last hidden layer; of a relu head the new state itself. `z` is made here. */
static bool hidden_layers(const struct rw_recheck_head *head, const struct rw_cell_form *x,
                          const struct rw_cell_form *h, const struct rw_cell_box *boxes, struct rw_cell_form *z)
{
    static const char *const deeper[][2] = {
        {"hidden2_weight", "hidden2_bias"}, {"hidden3_weight", "hidden3_bias"}, {"hidden4_weight", "hidden4_bias"}};
    bool elman = head->family == RW_RECHECK_RELU;
    *z = rw_cell_form_new(head->dims[elman ? RW_RECHECK_N : RW_RECHECK_HIDDEN1], h->k);
    add_affine(head, elman ? "recurrent" : "hidden1_state", elman ? "bias" : "hidden1_bias", h, z);
    add_affine(head, elman ? "input" : "hidden1_input", NULL, x, z);
    bool good = relu(z, boxes);
    for (size_t l = 0; l < sizeof deeper / sizeof *deeper && good; l++)
        if (head->dims[RW_RECHECK_HIDDEN1 + 1 + l] > 0)
            good = next_layer(head, deeper[l][0], deeper[l][1], boxes, z);
    return good;
}

/* The new state of a head, from its old one. */
static bool step_head(const struct rw_recheck_head *head, const struct rw_cell_form *x, const struct rw_cell_box *boxes,
                      struct rw_cell_form *h)
{
    static const char *const outs[][2] = {
        {"out", "out_bias"}, {"factor_a", "factor_a_bias"}, {"factor_b", "factor_b_bias"}};
    bool gated = head->family == RW_RECHECK_GATED;
    struct rw_cell_form z, parts[3] = {{0}};
    bool good = hidden_layers(head, x, h, boxes, &z);
    if (head->family == RW_RECHECK_RELU || !good) {
        rw_cell_form_free(h);
        *h = z;
        return good;
    }
    for (size_t o = 0; o < (gated ? 3 : 1); o++) {
        parts[o] = rw_cell_form_new(head->coordinates, h->k);
        add_affine(head, outs[o][0], outs[o][1], &z, parts + o);
    }
    if (gated)
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

static bool step_layer(const struct rw_recheck_layer *layer, const struct rw_cell_box *boxes,
                       struct rw_cell_form *state, struct rw_cell_form *x)
{
    struct rw_cell_form before = rw_cell_form_new(x->size, x->k);
    bool good = true;
    copy_part(&before, 0, x, 0, x->size);
    for (size_t i = 0; i < layer->heads && good; i++) {
        struct rw_cell_form h = rw_cell_form_new(layer->head[i].coordinates, x->k);
        copy_part(&h, 0, state, layer->head[i].first, layer->head[i].coordinates);
        good = step_head(layer->head + i, &before, boxes, &h);
        if (good) {
            copy_part(state, layer->head[i].first, &h, 0, layer->head[i].coordinates);
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

bool rw_cell_net_step(const struct rw_recheck_net *net, size_t token, const struct rw_cell_box *boxes,
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
