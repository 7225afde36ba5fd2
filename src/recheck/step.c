/* step.c - one step of each family, from the formulas in rnnwit-net(5). */
#include "recheck/step.h"

#include "recheck/heads.h"

void rw_recheck_input(const struct rw_recheck_net *net, size_t token, struct rw_vector *x)
{
    rw_vector_zero(x);
    for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
        fmpq_set(rw_vector_at(x, net->embedding->row[e]), net->embedding->value + e);
}

/* Drops what is not positive. */
static void relu(struct rw_vector *z)
{
    for (size_t k = 0; k < z->count; k++)
        if (rw_q_sign(z->value + z->touched[k]) < 0)
            fmpq_zero(z->value + z->touched[k]);
    rw_vector_tidy(z);
}

/* y += column 0 of the matrix */
static void add_column(const struct rw_matrix *column, struct rw_vector *y)
{
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++) {
        fmpq *entry = rw_vector_at(y, column->row[e]);
        fmpq_add(entry, entry, column->value + e);
    }
}

/* --- linear heads --- */

/* The row i of S as a vector of its own, S stored row by row. */
static void take_row(const struct rw_vector *s, size_t i, struct rw_vector *row)
{
    size_t d_k = row->size;
    rw_vector_zero(row);
    for (size_t k = 0; k < s->count; k++)
        if (s->touched[k] / d_k == i)
            fmpq_set(rw_vector_at(row, (uint32_t)(s->touched[k] % d_k)), s->value + s->touched[k]);
}

/* next = S A + B, out = next q */
static void step_linear(const struct rw_recheck_head *head, const struct rw_vector *x, const struct rw_vector *s,
                        struct rw_vector *next, struct rw_vector *out)
{
    struct rw_matrix *a = rw_recheck_transition(head, x), *b = rw_recheck_write(head, x);
    struct rw_matrix *q = rw_recheck_query(head, x);
    struct rw_vector row, new_row, read;
    rw_vector_init(&row, a->rows);
    rw_vector_init(&new_row, a->cols);
    rw_vector_init(&read, q->cols);
    for (size_t i = 0; i < b->rows; i++) {
        take_row(s, i, &row);
        rw_vector_zero(&new_row);
        rw_vector_zero(&read);
        rw_matrix_apply_transposed(a, &row, &new_row);
        for (size_t j = 0; j < b->cols; j++)
            for (size_t e = b->start[j]; e < b->start[j + 1]; e++)
                if (b->row[e] == i)
                    fmpq_add(rw_vector_at(&new_row, (uint32_t)j), new_row.value + j, b->value + e);
        rw_matrix_apply_transposed(q, &new_row, &read);
        rw_vector_put(next, i * a->cols, &new_row);
        rw_vector_put(out, i * q->cols, &read);
    }
    rw_vector_clear(&row);
    rw_vector_clear(&new_row);
    rw_vector_clear(&read);
    rw_matrix_free(a);
    rw_matrix_free(b);
    rw_matrix_free(q);
}

/* --- cells --- */

/* y += W z + b, the parameters of those names */
static void affine(const struct rw_recheck_head *head, const char *weight, const char *bias, const struct rw_vector *x,
                   const struct rw_vector *z, struct rw_vector *y)
{
    struct rw_matrix *w = rw_recheck_param_at(head, weight, x), *b = rw_recheck_param_at(head, bias, x);
    rw_matrix_apply(w, z, y);
    add_column(b, y);
    rw_matrix_free(w);
    rw_matrix_free(b);
}

/* y += U x, where the parameter is a vector that depends on the input */
static void add_input(const struct rw_recheck_head *head, const char *name, const struct rw_vector *x,
                      struct rw_vector *y)
{
    rw_matrix_apply(rw_recheck_param(head, name)->weights, x, y);
}

static void step_relu(const struct rw_recheck_head *head, const struct rw_vector *x, const struct rw_vector *h,
                      struct rw_vector *next)
{
    affine(head, "recurrent", "bias", x, h, next);
    if (head->family == RW_RECHECK_RELU)
        add_input(head, "input", x, next);
    relu(next);
}

/* The last hidden layer; z is initialised here. */
static void hidden_layers(const struct rw_recheck_head *head, const struct rw_vector *x, const struct rw_vector *h,
                          struct rw_vector *z)
{
    static const char *const names[][2] = {
        {"hidden2_weight", "hidden2_bias"}, {"hidden3_weight", "hidden3_bias"}, {"hidden4_weight", "hidden4_bias"}};
    const size_t *sizes = head->dims + RW_RECHECK_HIDDEN1;
    rw_vector_init(z, sizes[0]);
    affine(head, "hidden1_state", "hidden1_bias", x, h, z);
    add_input(head, "hidden1_input", x, z);
    relu(z);
    for (size_t l = 0; l < 3 && sizes[l + 1] > 0; l++) {
        struct rw_vector deeper;
        rw_vector_init(&deeper, sizes[l + 1]);
        affine(head, names[l][0], names[l][1], x, z, &deeper);
        relu(&deeper);
        rw_vector_clear(z);
        *z = deeper;
    }
}

static void step_deep(const struct rw_recheck_head *head, const struct rw_vector *x, const struct rw_vector *h,
                      struct rw_vector *next)
{
    struct rw_vector z, a, b;
    hidden_layers(head, x, h, &z);
    affine(head, "out", "out_bias", x, &z, next);
    rw_vector_init(&a, next->size);
    rw_vector_init(&b, next->size);
    if (head->family == RW_RECHECK_GATED) {
        affine(head, "factor_a", "factor_a_bias", x, &z, &a);
        affine(head, "factor_b", "factor_b_bias", x, &z, &b);
    }
    for (size_t k = 0; k < a.count; k++)
        rw_vector_addmul(next, a.touched[k], a.value + a.touched[k], b.value + a.touched[k]);
    rw_vector_clear(&z);
    rw_vector_clear(&a);
    rw_vector_clear(&b);
}

/* --- layers --- */

/* The head's part of the state moves on; what it puts out is added to `sum`. */
static void step_head(const struct rw_recheck_head *head, const struct rw_vector *x, struct rw_vector *state,
                      struct rw_vector *sum)
{
    struct rw_vector old, next, out;
    rw_vector_init(&old, head->coordinates);
    rw_vector_init(&next, head->coordinates);
    rw_vector_init(&out, head->outputs);
    for (size_t i = 0; i < head->coordinates; i++)
        if (!rw_q_is_zero(state->value + head->first + i))
            fmpq_set(rw_vector_at(&old, (uint32_t)i), state->value + head->first + i);
    if (rw_recheck_is_linear(head))
        step_linear(head, x, &old, &next, &out);
    else if (head->family == RW_RECHECK_RELU || head->family == RW_RECHECK_RELU_INPUT)
        step_relu(head, x, &old, &next);
    else
        step_deep(head, x, &old, &next);
    for (size_t i = 0; i < head->coordinates; i++)
        fmpq_set(rw_vector_at(state, (uint32_t)(head->first + i)), next.value + i);
    rw_matrix_apply(head->output, rw_recheck_is_linear(head) ? &out : &next, sum);
    rw_vector_clear(&old);
    rw_vector_clear(&next);
    rw_vector_clear(&out);
}

static void feed_forward(const struct rw_recheck_layer *layer, struct rw_vector *x)
{
    struct rw_vector z;
    rw_vector_init(&z, layer->neurons);
    rw_matrix_apply(layer->in, x, &z);
    add_column(layer->bias, &z);
    relu(&z);
    rw_matrix_apply(layer->out, &z, x);
    rw_vector_clear(&z);
}

void rw_recheck_step(const struct rw_recheck_net *net, size_t first, size_t last, struct rw_vector *state,
                     struct rw_vector *x)
{
    struct rw_vector sum;
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    rw_vector_init(&sum, net->width);
    for (size_t l = first; l < last; l++) {
        const struct rw_recheck_layer *layer = net->layer + l;
        rw_vector_zero(&sum);
        for (size_t h = 0; h < layer->heads; h++)
            step_head(layer->head + h, x, state, &sum);
        for (size_t k = 0; k < sum.count; k++)
            rw_vector_addmul(x, sum.touched[k], one, sum.value + sum.touched[k]);
        if (layer->in != NULL)
            feed_forward(layer, x);
        rw_vector_tidy(x);
    }
    rw_vector_tidy(state);
    rw_vector_clear(&sum);
    fmpq_clear(one);
}

void rw_recheck_output(const struct rw_recheck_net *net, const struct rw_vector *x, fmpq_t output)
{
    struct rw_vector outputs;
    rw_vector_init(&outputs, net->outputs);
    rw_matrix_apply(net->readout, x, &outputs);
    fmpq_set(output, outputs.value);
    rw_vector_clear(&outputs);
}
