/* naive.c - the formulas of the families and of the whole network, on dense matrices. */
#include "naive.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- matrices --- */

void naive_dense(fmpq_mat_t dense, const struct rw_matrix *m)
{
    fmpq_mat_init(dense, (slong)m->rows, (slong)m->cols);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            fmpq_set(fmpq_mat_entry(dense, m->row[e], j), m->value + e);
}

bool naive_equals(const fmpq_mat_t dense, const struct rw_vector *v)
{
    slong cols = fmpq_mat_ncols(dense);
    if ((size_t)(fmpq_mat_nrows(dense) * cols) != v->size)
        return false;
    for (size_t i = 0; i < v->size; i++)
        if (!fmpq_equal(fmpq_mat_entry(dense, (slong)i / cols, (slong)i % cols), v->value + i))
            return false;
    return true;
}

static void note(size_t *bits, const fmpq_mat_t m)
{
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        for (slong j = 0; j < fmpq_mat_ncols(m); j++)
            if (rw_q_bits(fmpq_mat_entry(m, i, j)) > *bits)
                *bits = rw_q_bits(fmpq_mat_entry(m, i, j));
}

/* The tensor of that name for the input x, initialised here. */
static void tensor(fmpq_mat_t t, const struct rw_head *head, const char *name, const fmpq_mat_t x)
{
    size_t i = 0;
    while (strcmp(head->family->param(head->dims, i).name, name) != 0)
        i++;
    struct rw_param_shape shape = head->family->param(head->dims, i);
    if (!shape.input) {
        naive_dense(t, head->params[i]);
        return;
    }
    fmpq_mat_t map, values;
    naive_dense(map, head->params[i]);
    fmpq_mat_init(values, (slong)(shape.rows * shape.cols), 1);
    fmpq_mat_mul(values, map, x);
    fmpq_mat_init(t, (slong)shape.rows, (slong)shape.cols);
    for (slong at = 0; at < fmpq_mat_nrows(values); at++)
        fmpq_set(fmpq_mat_entry(t, at / (slong)shape.cols, at % (slong)shape.cols), fmpq_mat_entry(values, at, 0));
    fmpq_mat_clear(map);
    fmpq_mat_clear(values);
}

/* y += a b */
static void add_product(fmpq_mat_t y, const fmpq_mat_t a, const fmpq_mat_t b)
{
    fmpq_mat_t product;
    fmpq_mat_init(product, fmpq_mat_nrows(a), fmpq_mat_ncols(b));
    fmpq_mat_mul(product, a, b);
    fmpq_mat_add(y, y, product);
    fmpq_mat_clear(product);
}

/* a -= factor u v^T, for columns u and v */
static void subtract_outer(fmpq_mat_t a, const fmpq_t factor, const fmpq_mat_t u, const fmpq_mat_t v)
{
    fmpq_t product;
    fmpq_init(product);
    for (slong i = 0; i < fmpq_mat_nrows(a); i++)
        for (slong j = 0; j < fmpq_mat_ncols(a); j++) {
            fmpq_mul(product, fmpq_mat_entry(u, i, 0), fmpq_mat_entry(v, j, 0));
            fmpq_submul(fmpq_mat_entry(a, i, j), product, factor);
        }
    fmpq_clear(product);
}

/* m <- ReLU(m) */
static void relu(fmpq_mat_t m, size_t *bits)
{
    note(bits, m);
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        if (fmpq_sgn(fmpq_mat_entry(m, i, 0)) < 0)
            fmpq_zero(fmpq_mat_entry(m, i, 0));
}

/* Column j as a column of its own, initialised here. */
static void column(fmpq_mat_t c, const fmpq_mat_t m, slong j)
{
    fmpq_mat_init(c, fmpq_mat_nrows(m), 1);
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        fmpq_set(fmpq_mat_entry(c, i, 0), fmpq_mat_entry(m, i, j));
}

static void diagonal(fmpq_mat_t a, const fmpq_mat_t d)
{
    fmpq_mat_init(a, fmpq_mat_nrows(d), fmpq_mat_nrows(d));
    for (slong i = 0; i < fmpq_mat_nrows(d); i++)
        fmpq_set(fmpq_mat_entry(a, i, i), fmpq_mat_entry(d, i, 0));
}

/* --- linear heads: S <- S A + B, output S q --- */

static void update(fmpq_mat_t state, const fmpq_mat_t a, const fmpq_mat_t b)
{
    fmpq_mat_t next;
    fmpq_mat_init_set(next, b);
    add_product(next, state, a);
    fmpq_mat_swap(state, next);
    fmpq_mat_clear(next);
}

static void read_out(struct naive_head *naive, const fmpq_mat_t x)
{
    fmpq_mat_t q, y;
    tensor(q, naive->head, "query", x);
    fmpq_mat_init(y, fmpq_mat_nrows(naive->state), fmpq_mat_ncols(q));
    fmpq_mat_mul(y, naive->state, q);
    for (slong at = 0; at < fmpq_mat_nrows(naive->output); at++)
        fmpq_set(fmpq_mat_entry(naive->output, at, 0),
                 fmpq_mat_entry(y, at / fmpq_mat_ncols(q), at % fmpq_mat_ncols(q)));
    fmpq_mat_clear(q);
    fmpq_mat_clear(y);
}

static void step_pd(struct naive_head *naive, const fmpq_mat_t x)
{
    fmpq_mat_t a, b;
    tensor(a, naive->head, "transition", x);
    tensor(b, naive->head, "write", x);
    update(naive->state, a, b);
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
}

/* A = diag(d) - K V^T */
static void step_dplr(struct naive_head *naive, const fmpq_mat_t x)
{
    fmpq_mat_t d, left, right, a, b;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    tensor(d, naive->head, "decay", x);
    tensor(left, naive->head, "left", x);
    tensor(right, naive->head, "right", x);
    tensor(b, naive->head, "write", x);
    diagonal(a, d);
    for (slong j = 0; j < fmpq_mat_ncols(left); j++) {
        fmpq_mat_t u, v;
        column(u, left, j);
        column(v, right, j);
        subtract_outer(a, one, u, v);
        fmpq_mat_clear(u);
        fmpq_mat_clear(v);
    }
    update(naive->state, a, b);
    fmpq_clear(one);
    fmpq_mat_clear(d);
    fmpq_mat_clear(left);
    fmpq_mat_clear(right);
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
}

/* S <- S (I - beta k k^T) + beta v k^T, for every column of k, v and beta */
static void step_delta(struct naive_head *naive, const fmpq_mat_t x)
{
    fmpq_mat_t keys, values, betas;
    tensor(keys, naive->head, "key", x);
    tensor(values, naive->head, "value", x);
    tensor(betas, naive->head, "beta", x);
    fmpq_t minus;
    fmpq_init(minus);
    for (slong j = 0; j < fmpq_mat_ncols(keys); j++) {
        fmpq_mat_t k, v, a, b;
        column(k, keys, j);
        column(v, values, j);
        fmpq_mat_init(a, fmpq_mat_nrows(k), fmpq_mat_nrows(k));
        fmpq_mat_one(a);
        fmpq_mat_init(b, fmpq_mat_nrows(v), fmpq_mat_nrows(k));
        subtract_outer(a, fmpq_mat_entry(betas, 0, j), k, k);
        fmpq_neg(minus, fmpq_mat_entry(betas, 0, j));
        subtract_outer(b, minus, v, k);
        update(naive->state, a, b);
        fmpq_mat_clear(k);
        fmpq_mat_clear(v);
        fmpq_mat_clear(a);
        fmpq_mat_clear(b);
    }
    fmpq_clear(minus);
    fmpq_mat_clear(keys);
    fmpq_mat_clear(values);
    fmpq_mat_clear(betas);
}

/* A = diag(w) - lambda kappa (a o kappa)^T, B = v key^T */
static void step_rwkv7(struct naive_head *naive, const fmpq_mat_t x)
{
    static const char *const names[] = {"decay", "kappa", "rate", "lambda", "value", "key"};
    fmpq_mat_t t[6], a, b;
    for (size_t i = 0; i < 6; i++)
        tensor(t[i], naive->head, names[i], x);
    for (slong i = 0; i < fmpq_mat_nrows(t[2]); i++)
        fmpq_mul(fmpq_mat_entry(t[2], i, 0), fmpq_mat_entry(t[2], i, 0), fmpq_mat_entry(t[1], i, 0));
    diagonal(a, t[0]);
    subtract_outer(a, fmpq_mat_entry(t[3], 0, 0), t[1], t[2]);
    fmpq_mat_init(b, fmpq_mat_nrows(t[4]), fmpq_mat_nrows(t[5]));
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    subtract_outer(b, minus, t[4], t[5]);
    update(naive->state, a, b);
    fmpq_clear(minus);
    for (size_t i = 0; i < 6; i++)
        fmpq_mat_clear(t[i]);
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
}

/* --- cells: h <- a ReLU network of h and x, output h --- */

/* y = weight z + bias, initialised here */
static void affine(fmpq_mat_t y, const struct rw_head *head, const char *weight, const char *bias, const fmpq_mat_t z,
                   const fmpq_mat_t x)
{
    fmpq_mat_t w;
    tensor(w, head, weight, x);
    tensor(y, head, bias, x);
    add_product(y, w, z);
    fmpq_mat_clear(w);
}

static void note_bias(size_t *bits, const struct rw_head *head, const char *bias, const fmpq_mat_t x)
{
    fmpq_mat_t b;
    tensor(b, head, bias, x);
    note(bits, b);
    fmpq_mat_clear(b);
}

/* ReLU(state_weight h + input x + bias), initialised here */
static void first_hidden(fmpq_mat_t z, const struct naive_head *naive, const char *const names[3], const fmpq_mat_t x,
                         size_t *bits)
{
    fmpq_mat_t input;
    affine(z, naive->head, names[0], names[2], naive->state, x);
    tensor(input, naive->head, names[1], x);
    fmpq_mat_add(z, z, input);
    note_bias(bits, naive->head, names[2], x);
    relu(z, bits);
    fmpq_mat_clear(input);
}

static void step_relu(struct naive_head *naive, const fmpq_mat_t x, size_t *bits)
{
    static const char *const names[] = {"recurrent", "input", "bias"};
    fmpq_mat_t h;
    first_hidden(h, naive, names, x, bits);
    fmpq_mat_swap(naive->state, h);
    fmpq_mat_clear(h);
}

/* ReLU(A(x) h + b(x)) */
static void step_relu_input(struct naive_head *naive, const fmpq_mat_t x, size_t *bits)
{
    fmpq_mat_t h;
    affine(h, naive->head, "recurrent", "bias", naive->state, x);
    relu(h, bits);
    fmpq_mat_swap(naive->state, h);
    fmpq_mat_clear(h);
}

static void multiply_factors(fmpq_mat_t h, const struct naive_head *naive, const fmpq_mat_t z, const fmpq_mat_t x,
                             size_t *bits)
{
    fmpq_mat_t a, b;
    affine(a, naive->head, "factor_a", "factor_a_bias", z, x);
    affine(b, naive->head, "factor_b", "factor_b_bias", z, x);
    note(bits, a);
    note(bits, b);
    for (slong i = 0; i < fmpq_mat_nrows(h); i++)
        fmpq_addmul(fmpq_mat_entry(h, i, 0), fmpq_mat_entry(a, i, 0), fmpq_mat_entry(b, i, 0));
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
}

static void step_mlp(struct naive_head *naive, const fmpq_mat_t x, size_t *bits)
{
    static const char *const first[] = {"hidden1_state", "hidden1_input", "hidden1_bias"};
    static const char *const deeper[][2] = {
        {"hidden2_weight", "hidden2_bias"}, {"hidden3_weight", "hidden3_bias"}, {"hidden4_weight", "hidden4_bias"}};
    fmpq_mat_t z, next;
    first_hidden(z, naive, first, x, bits);
    for (size_t i = 0; i < 3 && naive->head->dims[i + 2] > 0; i++) {
        affine(next, naive->head, deeper[i][0], deeper[i][1], z, x);
        note_bias(bits, naive->head, deeper[i][1], x);
        relu(next, bits);
        fmpq_mat_swap(z, next);
        fmpq_mat_clear(next);
    }
    affine(next, naive->head, "out", "out_bias", z, x);
    if (strcmp(naive->head->family->name, "gated") == 0)
        multiply_factors(next, naive, z, x, bits);
    fmpq_mat_swap(naive->state, next);
    fmpq_mat_clear(next);
    fmpq_mat_clear(z);
}

/* --- one head --- */

void naive_head_init(struct naive_head *naive, const struct rw_head *head)
{
    naive->head = head;
    slong rows = head->family->linear ? (slong)head->dims[1] : (slong)head->dims[0];
    fmpq_mat_init(naive->state, rows, head->family->linear ? (slong)head->dims[0] : 1);
    fmpq_mat_init(naive->output, (slong)head->family->output_size(head->dims), 1);
}

void naive_head_clear(struct naive_head *naive)
{
    fmpq_mat_clear(naive->state);
    fmpq_mat_clear(naive->output);
}

void naive_head_step(struct naive_head *naive, const fmpq_mat_t x, size_t *bits)
{
    static const struct {
        const char *family;
        void (*step)(struct naive_head *naive, const fmpq_mat_t x);
    } linear[] = {{"pd", step_pd},
                  {"dplr", step_dplr},
                  {"deltanet", step_delta},
                  {"deltaproduct", step_delta},
                  {"rwkv7", step_rwkv7}};
    const char *family = naive->head->family->name;
    for (size_t i = 0; i < sizeof linear / sizeof linear[0]; i++)
        if (strcmp(linear[i].family, family) == 0) {
            linear[i].step(naive, x);
            read_out(naive, x);
            note(bits, naive->state);
            return;
        }
    if (strcmp(family, "relu") == 0)
        step_relu(naive, x, bits);
    else if (strcmp(family, "relu-input") == 0)
        step_relu_input(naive, x, bits);
    else
        step_mlp(naive, x, bits);
    fmpq_mat_set(naive->output, naive->state);
    note(bits, naive->state);
}

/* --- a network --- */

/* stream += out ReLU(in stream + bias) */
static void feed_forward(const struct rw_feedforward *f, fmpq_mat_t stream, size_t *bits)
{
    fmpq_mat_t in, hidden, out;
    naive_dense(in, f->in);
    naive_dense(hidden, f->bias);
    naive_dense(out, f->out);
    note(bits, hidden);
    add_product(hidden, in, stream);
    relu(hidden, bits);
    add_product(stream, out, hidden);
    fmpq_mat_clear(in);
    fmpq_mat_clear(hidden);
    fmpq_mat_clear(out);
}

void naive_net_step(struct naive_net *naive, size_t token)
{
    const struct rw_net *net = naive->net;
    fmpq_mat_t embedding, readout, input, output;
    naive_dense(embedding, net->embedding);
    fmpq_mat_clear(naive->stream);
    column(naive->stream, embedding, (slong)token);
    note(&naive->bits, naive->stream);
    struct naive_head *head = naive->heads;
    for (size_t l = 0; l < net->layer_count; l++) {
        fmpq_mat_init_set(input, naive->stream);
        for (size_t h = 0; h < net->layers[l].head_count; h++, head++) {
            naive_head_step(head, input, &naive->bits);
            naive_dense(output, head->head->output);
            add_product(naive->stream, output, head->output);
            fmpq_mat_clear(output);
        }
        note(&naive->bits, naive->stream);
        if (net->layers[l].feedforward != NULL)
            feed_forward(net->layers[l].feedforward, naive->stream, &naive->bits);
        note(&naive->bits, naive->stream);
        fmpq_mat_clear(input);
    }
    naive_dense(readout, net->readout);
    fmpq_mat_mul(naive->outputs, readout, naive->stream);
    note(&naive->bits, naive->outputs);
    fmpq_mat_clear(embedding);
    fmpq_mat_clear(readout);
}

void naive_net_init(struct naive_net *naive, const struct rw_net *net)
{
    size_t count = 0;
    for (size_t l = 0; l < net->layer_count; l++)
        count += net->layers[l].head_count;
    *naive = (struct naive_net){.net = net, .heads = rw_alloc(count, sizeof *naive->heads)};
    struct naive_head *head = naive->heads;
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            naive_head_init(head++, net->layers[l].heads + h);
    fmpq_mat_init(naive->stream, (slong)net->width, 1);
    fmpq_mat_init(naive->outputs, (slong)net->output_count, 1);
    naive_net_step(naive, rw_alphabet_size(net->tokens));
}

void naive_net_clear(struct naive_net *naive)
{
    struct naive_head *head = naive->heads;
    for (size_t l = 0; l < naive->net->layer_count; l++)
        for (size_t h = 0; h < naive->net->layers[l].head_count; h++)
            naive_head_clear(head++);
    free(naive->heads);
    fmpq_mat_clear(naive->stream);
    fmpq_mat_clear(naive->outputs);
}
