/* symbolic.c - a network's step on affine functions of the counters (theory V4). */
#include "verify/symbolic.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- weights by name --- */

/* NULL where the head has no such parameter. */
static const struct rw_matrix *param(const struct rw_head *head, const char *name)
{
    for (size_t p = 0; p < head->family->param_count(head->dims); p++)
        if (strcmp(head->family->param(head->dims, p).name, name) == 0)
            return head->params[p];
    return NULL;
}

static bool is_family(const struct rw_head *head, const char *name)
{
    return strcmp(head->family->name, name) == 0;
}

bool rw_net_is_piecewise(const struct rw_net *net, FILE *why)
{
    if (net->padding > 0) {
        if (why != NULL)
            fputs(
                "the network reads blanks after each letter, which no argument about piecewise linear networks covers",
                why);
        return false;
    }
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            const struct rw_head *head = net->layers[l].heads + h;
            if (is_family(head, "relu") || is_family(head, "mlp") || is_family(head, "gated"))
                continue;
            if (why != NULL)
                fprintf(why, "the network has a head of family %s, which no argument here covers", head->family->name);
            return false;
        }
    return true;
}

/* --- one cell --- */

struct step {
    const struct rw_head *head;
    const struct rw_interval *box;
    const struct rw_sums *sums;
    struct rw_cut *cut;
    const struct rw_half_spaces *within;
    struct rw_affine *kink;
    size_t counters;
};

/* Where the box has both signs, the part of it that the step is about may have one. */
static enum rw_sign sign_of(const struct step *step, const struct rw_affine *pre, uint32_t i)
{
    enum rw_sign sign = step->sums != NULL ? rw_sums_sign(step->sums, pre, i, step->box, step->cut)
                                           : rw_affine_sign(pre, i, step->box, step->cut);
    if (sign == RW_SIGN_MIXED && step->within != NULL && step->within->count > 0)
        return rw_half_spaces_sign(step->within, pre, i, step->box);
    return sign;
}

static void copy_entry(const struct rw_affine *from, uint32_t i, struct rw_affine *to, uint32_t at)
{
    for (size_t p = 0; p <= from->counters; p++)
        if (!rw_q_is_zero(from->part[p].value + i))
            fmpq_set(rw_vector_at(to->part + p, at), from->part[p].value + i);
}

static bool touched_before(const struct rw_affine *a, size_t part, uint32_t i)
{
    for (size_t before = 0; before < part; before++)
        if (a->part[before].mark[i])
            return true;
    return false;
}

/* out = ReLU(pre). false: some sign is mixed. */
static bool relu(const struct step *step, const struct rw_affine *pre, struct rw_affine *out)
{
    for (size_t p = 0; p <= pre->counters; p++)
        for (size_t k = 0; k < pre->part[p].count; k++) {
            uint32_t i = pre->part[p].touched[k];
            if (touched_before(pre, p, i))
                continue;
            enum rw_sign sign = sign_of(step, pre, i);
            if (sign == RW_SIGN_MIXED) {
                rw_affine_zero(step->kink);
                copy_entry(pre, i, step->kink, 0);
                return false;
            }
            if (sign != RW_SIGN_NEVER_POSITIVE)
                copy_entry(pre, i, out, i);
        }
    return true;
}

/* z = ReLU(weight h + input x + bias) */
static bool first_layer(const struct step *step, const char *const *names, const struct rw_affine *h,
                        const struct rw_affine *x, struct rw_affine *z)
{
    struct rw_affine pre;
    rw_affine_init(&pre, z->part->size, step->counters);
    rw_affine_apply(param(step->head, names[0]), h, &pre);
    rw_affine_apply(param(step->head, names[1]), x, &pre);
    rw_affine_add_column(param(step->head, names[2]), &pre);
    bool good = relu(step, &pre, z);
    rw_affine_clear(&pre);
    return good;
}

/* y += weight z + bias */
static void affine_map(const struct step *step, const char *weight, const char *bias, const struct rw_affine *z,
                       struct rw_affine *y)
{
    rw_affine_apply(param(step->head, weight), z, y);
    rw_affine_add_column(param(step->head, bias), y);
}

/* The next hidden layer, in place of z. */
static bool next_layer(const struct step *step, const char *weight, const char *bias, struct rw_affine *z)
{
    size_t size = param(step->head, weight)->rows;
    struct rw_affine pre, out;
    rw_affine_init(&pre, size, step->counters);
    rw_affine_init(&out, size, step->counters);
    affine_map(step, weight, bias, z, &pre);
    bool good = relu(step, &pre, &out);
    rw_affine_clear(&pre);
    rw_affine_clear(z);
    *z = out;
    return good;
}

/* Whether entry i does not depend on counters, on the box. */
static bool is_constant(const struct rw_affine *a, uint32_t i, const struct rw_interval *box)
{
    for (size_t c = 0; c < a->counters; c++)
        if (!rw_is_point(box[c]) && !rw_q_is_zero(a->part[1 + c].value + i))
            return false;
    return true;
}

static void value_on_points(const struct rw_affine *a, uint32_t i, const struct rw_interval *box, fmpq_t value)
{
    fmpq_t at;
    fmpq_init(at);
    fmpq_set(value, a->part->value + i);
    for (size_t c = 0; c < a->counters; c++)
        if (rw_is_point(box[c])) {
            rw_q_set_int(at, box[c].low);
            fmpq_addmul(value, a->part[1 + c].value + i, at);
        }
    fmpq_clear(at);
}

/* h[i] += a[i] b[i]: affine if one of them is constant on the box. */
static bool add_product(const struct step *step, const struct rw_affine *a, const struct rw_affine *b, uint32_t i,
                        struct rw_affine *h)
{
    bool a_constant = is_constant(a, i, step->box), b_constant = is_constant(b, i, step->box);
    if (!a_constant && !b_constant)
        return false;
    const struct rw_affine *varying = a_constant ? b : a;
    fmpq_t factor;
    fmpq_init(factor);
    value_on_points(a_constant ? a : b, i, step->box, factor);
    for (size_t p = 0; p <= step->counters && !rw_q_is_zero(factor); p++)
        if (!rw_q_is_zero(varying->part[p].value + i))
            rw_vector_addmul(h->part + p, i, factor, varying->part[p].value + i);
    fmpq_clear(factor);
    return true;
}

static bool add_products(const struct step *step, const struct rw_affine *z, struct rw_affine *h)
{
    struct rw_affine a, b;
    size_t size = h->part->size;
    bool good = true;
    rw_affine_init(&a, size, step->counters);
    rw_affine_init(&b, size, step->counters);
    affine_map(step, "factor_a", "factor_a_bias", z, &a);
    affine_map(step, "factor_b", "factor_b_bias", z, &b);
    for (uint32_t i = 0; i < size && good; i++)
        good = add_product(step, &a, &b, i, h);
    rw_affine_clear(&a);
    rw_affine_clear(&b);
    return good;
}

/* Hidden layers of a cell after the first. */
#define DEEPER_LAYERS 3

static enum rw_symbolic_result relu_step(const struct step *step, struct rw_affine *h, const struct rw_affine *x)
{
    static const char *const names[] = {"recurrent", "input", "bias"};
    struct rw_affine next;
    rw_affine_init(&next, h->part->size, step->counters);
    bool good = first_layer(step, names, h, x, &next);
    rw_affine_clear(h);
    *h = next;
    return good ? RW_SYMBOLIC_DONE : RW_SYMBOLIC_CUT;
}

static enum rw_symbolic_result mlp_step(const struct step *step, struct rw_affine *h, const struct rw_affine *x)
{
    static const char *const names[] = {"hidden1_state", "hidden1_input", "hidden1_bias"};
    static const char *const deeper[DEEPER_LAYERS][2] = {
        {"hidden2_weight", "hidden2_bias"}, {"hidden3_weight", "hidden3_bias"}, {"hidden4_weight", "hidden4_bias"}};
    struct rw_affine z;
    rw_affine_init(&z, param(step->head, names[0])->rows, step->counters);
    bool good = first_layer(step, names, h, x, &z);
    for (size_t l = 0; l < DEEPER_LAYERS && good && param(step->head, deeper[l][0]) != NULL; l++)
        good = next_layer(step, deeper[l][0], deeper[l][1], &z);
    enum rw_symbolic_result result = good ? RW_SYMBOLIC_DONE : RW_SYMBOLIC_CUT;
    rw_affine_zero(h);
    if (good) {
        affine_map(step, "out", "out_bias", &z, h);
        if (is_family(step->head, "gated") && !add_products(step, &z, h))
            result = RW_SYMBOLIC_NOT_AFFINE;
    }
    rw_affine_clear(&z);
    return result;
}

/* --- relevance --- */

/* Marks the columns of m that touch a marked row; whether any mark is new. */
static bool mark_back(const struct rw_matrix *m, const uint8_t *rows, uint8_t *cols)
{
    bool news = false;
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1] && !cols[j]; e++)
            if (rows[m->row[e]])
                cols[j] = news = true;
    return news;
}

/* The hidden units that relevant coordinates depend on, and through them the coordinates before the step and the features. */
static bool mark_cell(const struct rw_head *head, uint8_t *coordinates, uint8_t *features)
{
    if (is_family(head, "relu")) {
        bool news = mark_back(param(head, "recurrent"), coordinates, coordinates);
        return mark_back(param(head, "input"), coordinates, features) || news;
    }
    static const char *const outs[] = {"out", "factor_a", "factor_b"}, *const weights[DEEPER_LAYERS] = {
                                                                           "hidden4_weight", "hidden3_weight",
                                                                           "hidden2_weight"};
    uint8_t *z = rw_alloc(param(head, "out")->cols, 1);
    for (size_t o = 0; o < 3; o++)
        if (param(head, outs[o]) != NULL)
            mark_back(param(head, outs[o]), coordinates, z);
    for (size_t w = 0; w < DEEPER_LAYERS; w++) {
        const struct rw_matrix *weight = param(head, weights[w]);
        if (weight == NULL)
            continue;
        uint8_t *before = rw_alloc(weight->cols, 1);
        mark_back(weight, z, before);
        free(z);
        z = before;
    }
    bool news = mark_back(param(head, "hidden1_state"), z, coordinates);
    news = mark_back(param(head, "hidden1_input"), z, features) || news;
    free(z);
    return news;
}

/* Once through the layers from the output back. Features are marked for the whole depth at once, which can only mark too many. */
static bool mark_once(struct rw_symbolic *symbolic, uint8_t *features)
{
    const struct rw_net *net = symbolic->net;
    bool news = false;
    for (size_t l = net->layer_count; l-- > 0;) {
        const struct rw_layer *layer = net->layers + l;
        if (layer->feedforward != NULL) {
            uint8_t *neurons = rw_alloc(layer->feedforward->neurons, 1);
            mark_back(layer->feedforward->out, features, neurons);
            news = mark_back(layer->feedforward->in, neurons, features) || news;
            free(neurons);
        }
    }
    for (size_t l = 0, head = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++, head++) {
            news = mark_back(net->layers[l].heads[h].output, features, symbolic->relevant[head]) || news;
            news = mark_cell(net->layers[l].heads + h, symbolic->relevant[head], features) || news;
        }
    return news;
}

static void mark_relevant(struct rw_symbolic *symbolic)
{
    const struct rw_net *net = symbolic->net;
    uint8_t *features = rw_alloc(net->width, 1), *first = rw_alloc(net->output_count, 1);
    first[0] = 1;
    mark_back(net->readout, first, features);
    while (mark_once(symbolic, features))
        continue;
    free(features);
    free(first);
}

/* --- the network --- */

void rw_symbolic_init(struct rw_symbolic *symbolic, const struct rw_net *net, size_t counters)
{
    *symbolic = (struct rw_symbolic){.net = net, .counters = counters};
    for (size_t l = 0; l < net->layer_count; l++)
        symbolic->heads += net->layers[l].head_count;
    symbolic->states = rw_alloc(symbolic->heads, sizeof *symbolic->states);
    symbolic->relevant = rw_alloc(symbolic->heads, sizeof *symbolic->relevant);
    for (size_t l = 0, head = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++, head++) {
            const struct rw_head *cell = net->layers[l].heads + h;
            size_t size = cell->family->state_size(cell->dims);
            rw_affine_init(symbolic->states + head, size, counters);
            symbolic->relevant[head] = rw_alloc(size, 1);
        }
    rw_affine_init(&symbolic->output, net->output_count, counters);
    rw_affine_init(&symbolic->kink, 1, counters);
    mark_relevant(symbolic);
}

void rw_symbolic_clear(struct rw_symbolic *symbolic)
{
    for (size_t head = 0; head < symbolic->heads; head++) {
        rw_affine_clear(symbolic->states + head);
        free(symbolic->relevant[head]);
    }
    rw_affine_clear(&symbolic->output);
    rw_affine_clear(&symbolic->kink);
    free(symbolic->states);
    free(symbolic->relevant);
}

static void drop_irrelevant(struct rw_affine *state, const uint8_t *relevant)
{
    for (size_t p = 0; p <= state->counters; p++)
        for (size_t k = 0; k < state->part[p].count; k++) {
            uint32_t i = state->part[p].touched[k];
            if (!relevant[i])
                rw_q_zero(state->part[p].value + i);
        }
}

/* All heads read the same x; what they add comes after. */
static enum rw_symbolic_result run_heads(struct rw_symbolic *symbolic, size_t layer, size_t first, struct step *step,
                                         struct rw_affine *x)
{
    const struct rw_layer *l = symbolic->net->layers + layer;
    enum rw_symbolic_result result = RW_SYMBOLIC_DONE;
    for (size_t h = 0; h < l->head_count && result == RW_SYMBOLIC_DONE; h++) {
        struct rw_affine *state = symbolic->states + first + h;
        step->head = l->heads + h;
        result = is_family(step->head, "relu") ? relu_step(step, state, x) : mlp_step(step, state, x);
        drop_irrelevant(state, symbolic->relevant[first + h]);
    }
    for (size_t h = 0; h < l->head_count && result == RW_SYMBOLIC_DONE; h++)
        rw_affine_apply(l->heads[h].output, symbolic->states + first + h, x);
    return result;
}

static bool run_feedforward(const struct rw_feedforward *part, const struct step *step, struct rw_affine *x)
{
    struct rw_affine pre, z;
    rw_affine_init(&pre, part->neurons, step->counters);
    rw_affine_init(&z, part->neurons, step->counters);
    rw_affine_apply(part->in, x, &pre);
    rw_affine_add_column(part->bias, &pre);
    bool good = relu(step, &pre, &z);
    if (good)
        rw_affine_apply(part->out, &z, x);
    rw_affine_clear(&pre);
    rw_affine_clear(&z);
    return good;
}

enum rw_symbolic_result rw_symbolic_step(struct rw_symbolic *symbolic, uint32_t token, const struct rw_interval *box,
                                         struct rw_cut *cut)
{
    const struct rw_net *net = symbolic->net;
    struct step step = {.box = box,
                        .sums = symbolic->sums,
                        .cut = cut,
                        .within = symbolic->within,
                        .kink = &symbolic->kink,
                        .counters = symbolic->counters};
    struct rw_affine x;
    enum rw_symbolic_result result = RW_SYMBOLIC_DONE;
    rw_affine_init(&x, net->width, symbolic->counters);
    for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
        fmpq_set(rw_vector_at(x.part, net->embedding->row[e]), net->embedding->value + e);
    for (size_t l = 0, head = 0; l < net->layer_count && result == RW_SYMBOLIC_DONE; l++) {
        result = run_heads(symbolic, l, head, &step, &x);
        head += net->layers[l].head_count;
        if (result == RW_SYMBOLIC_DONE && net->layers[l].feedforward != NULL &&
            !run_feedforward(net->layers[l].feedforward, &step, &x))
            result = RW_SYMBOLIC_CUT;
    }
    rw_affine_zero(&symbolic->output);
    rw_affine_apply(net->readout, &x, &symbolic->output);
    rw_affine_clear(&x);
    return result;
}
