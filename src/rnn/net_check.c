/* net_check.c - is this a network: shapes, families' own conditions, limits. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "rnn/net.h"

struct checker {
    const struct rw_net *net;
    const struct rw_limits *limits;
    struct rw_diag *diag;
    bool good;
};

static void problem(struct checker *c, const char *where, const char *what)
{
    rw_diag_error(c->diag, rw_span_none(), "the network is not well-formed: %s %s", where, what);
    c->good = false;
}

static void check_shape(struct checker *c, const struct rw_matrix *m, size_t rows, size_t cols, const char *where)
{
    if (m == NULL) {
        problem(c, where, "is missing");
        return;
    }
    if (m->rows == rows && m->cols == cols)
        return;
    char *what = rw_format("is %zu x %zu, not %zu x %zu", m->rows, m->cols, rows, cols);
    problem(c, where, what);
    free(what);
}

/* What the family itself asks for, once the shapes are right. */
static void check_family(struct checker *c, const struct rw_head *head, const char *where)
{
    char *reason = NULL;
    size_t size = 0;
    if (head->family->check == NULL || !c->good)
        return;
    FILE *why = open_memstream(&reason, &size);
    bool member = head->family->check(head, why);
    fclose(why);
    if (!member) {
        char *what = rw_format("is not in the family %s: %s", head->family->name, reason);
        problem(c, where, what);
        free(what);
    }
    free(reason);
}

const char *rw_family_too_large(const struct rw_family *family, const size_t *dims, uint64_t most, size_t *size)
{
    for (size_t i = 0; i < family->param_count(dims); i++) {
        struct rw_param_shape shape = family->param(dims, i);
        *size = shape.rows * shape.cols;
        if (*size > UINT32_MAX)
            return shape.name;
    }
    for (size_t i = 0; i < family->scratch_count(dims); i++) {
        *size = family->scratch_size(dims, i);
        if (*size > most)
            return "work space";
    }
    *size = family->state_size(dims);
    if (*size > most)
        return "state";
    *size = family->output_size(dims);
    return *size > most ? "output" : NULL;
}

/* Whether the head's sizes can be worked with at all. */
static bool check_dims(struct checker *c, const struct rw_head *head, const char *where)
{
    size_t size;
    for (size_t i = 0; head->family->dim_names[i] != NULL; i++)
        if (head->dims[i] > UINT32_MAX) {
            problem(c, where, "has a size that is more than this program numbers");
            return false;
        }
    const char *part = rw_family_too_large(head->family, head->dims, c->limits->nonzeros, &size);
    if (part == NULL)
        return true;
    rw_diag_limit(c->diag, rw_span_none(), "nonzeros", "%s: %zu numbers for the %s", where, size, part);
    c->good = false;
    return false;
}

static void check_params(struct checker *c, const struct rw_head *head, const char *where)
{
    for (size_t i = 0; i < head->family->param_count(head->dims); i++) {
        struct rw_param_shape shape = head->family->param(head->dims, i);
        char *which = rw_format("%s %s", where, shape.name);
        if (shape.input)
            check_shape(c, head->params[i], shape.rows * shape.cols, c->net->width, which);
        else
            check_shape(c, head->params[i], shape.rows, shape.cols, which);
        free(which);
    }
}

static void check_head(struct checker *c, size_t l, size_t h)
{
    const struct rw_head *head = c->net->layers[l].heads + h;
    char *where = rw_format("layer %zu head %zu", l + 1, h + 1), *output = rw_format("%s output", where);
    if (check_dims(c, head, where)) {
        check_params(c, head, where);
        check_family(c, head, where);
        check_shape(c, head->output, c->net->width, head->family->output_size(head->dims), output);
    }
    free(where);
    free(output);
}

/* An alphabet is a set of names. */
static void check_features(struct checker *c)
{
    struct rw_alphabet *seen = rw_alphabet_new();
    for (size_t i = 0; i < c->net->width; i++) {
        const char *name = c->net->features[i];
        char *where = rw_format("feature %zu", i);
        if (*name == '\0') {
            problem(c, where, "has no name");
        } else if (!rw_alphabet_add(seen, name)) {
            char *what = rw_format("has a name that another has: '%s'", name);
            problem(c, where, what);
            free(what);
        }
        free(where);
    }
    rw_alphabet_free(seen);
}

static void check_feedforward(struct checker *c, size_t l)
{
    const struct rw_feedforward *f = c->net->layers[l].feedforward;
    if (f == NULL)
        return;
    if (f->neurons > c->limits->neurons) {
        rw_diag_limit(c->diag, rw_span_none(), "neurons", "layer %zu has %zu neurons, more than %" PRIu64, l + 1,
                      f->neurons, c->limits->neurons);
        c->good = false;
    }
    struct {
        const char *name;
        const struct rw_matrix *matrix;
        size_t rows, cols;
    } parts[] = {{"in", f->in, f->neurons, c->net->width},
                 {"bias", f->bias, f->neurons, 1},
                 {"out", f->out, c->net->width, f->neurons}};
    for (size_t i = 0; i < 3; i++) {
        char *where = rw_format("layer %zu feed-forward %s", l + 1, parts[i].name);
        check_shape(c, parts[i].matrix, parts[i].rows, parts[i].cols, where);
        free(where);
    }
}

bool rw_net_check(const struct rw_net *net, const struct rw_limits *limits, struct rw_diag *diag)
{
    struct checker c = {net, limits, diag, true};
    check_features(&c);
    check_shape(&c, net->embedding, net->width, rw_alphabet_size(net->tokens) + 1, "embedding");
    for (size_t l = 0; l < net->layer_count; l++) {
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            check_head(&c, l, h);
        check_feedforward(&c, l);
    }
    if (net->output_count == 0)
        problem(&c, "the readout", "has no output");
    check_shape(&c, net->readout, net->output_count, net->width, "readout");
    if (net->relation != NULL)
        check_shape(&c, net->relation->matrix, net->relation->count, rw_net_coordinate(net, net->layer_count, 0),
                    "relation");
    if (c.good && rw_net_size(net).nonzeros > limits->nonzeros) {
        rw_diag_limit(diag, rw_span_none(), "nonzeros", "the network has %zu nonzero weights, more than %" PRIu64,
                      rw_net_size(net).nonzeros, limits->nonzeros);
        c.good = false;
    }
    return c.good;
}
