/* head_run.c - evaluating a head's parameters and stepping it. */
#include "rnn/head_run.h"

#include <stdlib.h>

#include "base/memory.h"
#include "rnn/step.h"

/* Parameters with more places than this are not spread out to be added up: a transition of n states has n^2. */
#define DENSE_PLACES 65536

/* One product of a parameter's weight and an input, to be added up at its place of the tensor. */
struct term {
    uint32_t place;
    fmpq value;
};

struct rw_head_run {
    const struct rw_head *head;
    size_t params;
    size_t tokens;
    struct rw_tensor *fixed;   /* tokens > 0: tokens * params tensors, made when the token first comes */
    uint8_t *known;            /* tokens > 0: which tokens' tensors are made */
    struct rw_tensor *current; /* tokens = 0: params tensors of this step */
    struct rw_vector *values;  /* tokens = 0: work space for each param of few places, else of size 0 */
    struct term *terms;        /* work space for the others */
    size_t term_capacity;
    struct rw_vector state, output;
    struct rw_scratch scratch;
    const struct rw_tensor *last; /* the parameters of the last step */
};

/* --- tensors --- */

static void tensor_clear(struct rw_tensor *t)
{
    for (size_t e = 0; e < t->capacity; e++)
        fmpq_clear(t->value + e);
    free(t->row);
    free(t->col);
    free(t->value);
    free(t->start);
}

static void tensor_reserve(struct rw_tensor *t, size_t count)
{
    if (count <= t->capacity)
        return;
    t->row = rw_resize(t->row, count, sizeof *t->row);
    t->col = rw_resize(t->col, count, sizeof *t->col);
    t->value = rw_resize(t->value, count, sizeof *t->value);
    for (size_t e = t->capacity; e < count; e++)
        fmpq_init(t->value + e);
    t->capacity = count;
}

static void tensor_index_rows(struct rw_tensor *t)
{
    t->start = rw_alloc(t->rows + 1, sizeof *t->start);
    for (size_t e = 0; e < t->count; e++)
        t->start[t->row[e] + 1]++;
    for (size_t i = 0; i < t->rows; i++)
        t->start[i + 1] += t->start[i];
}

/* --- parameters --- */

static struct term *next_term(struct rw_head_run *h, size_t count)
{
    size_t old = h->term_capacity;
    h->terms = rw_grow(h->terms, &h->term_capacity, count + 1, sizeof *h->terms);
    for (size_t k = old; k < h->term_capacity; k++)
        fmpq_init(&h->terms[k].value);
    return h->terms + count;
}

/* The products of the weights that the input touches, and how many; sorted if they came that way. */
static size_t collect_terms(struct rw_head_run *h, const struct rw_matrix *m, const struct rw_vector *input,
                            bool *sorted)
{
    size_t count = 0;
    *sorted = true;
    for (size_t k = 0; k < input->count; k++) {
        uint32_t j = input->touched[k];
        if (rw_q_is_zero(input->value + j))
            continue;
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++, count++) {
            struct term *term = next_term(h, count);
            term->place = m->row[e];
            rw_q_mul(&term->value, m->value + e, input->value + j);
            *sorted = *sorted && (count == 0 || term[-1].place <= term->place);
        }
    }
    return count;
}

static int compare_terms(const void *a, const void *b)
{
    const struct term *t = a, *u = b;
    return (t->place > u->place) - (t->place < u->place);
}

static void append_entry(struct rw_tensor *t, uint32_t place, const fmpq_t value)
{
    t->row[t->count] = (uint32_t)(place / t->cols);
    t->col[t->count] = (uint32_t)(place % t->cols);
    rw_q_set(t->value + t->count++, value);
}

/* t = matrix * input by way of a dense vector. */
static void fill_spread(struct rw_tensor *t, const struct rw_matrix *m, const struct rw_vector *input,
                        struct rw_vector *values)
{
    rw_vector_zero(values);
    rw_matrix_apply(m, input, values);
    rw_vector_tidy(values);
    tensor_reserve(t, values->count);
    for (size_t e = 0; e < values->count; e++)
        append_entry(t, values->touched[e], values->value + values->touched[e]);
}

/* t = matrix * input by way of all products, sorted by their places. */
static void fill_sorted(struct rw_tensor *t, const struct rw_matrix *m, const struct rw_vector *input,
                        struct rw_head_run *h)
{
    bool sorted;
    size_t count = collect_terms(h, m, input, &sorted);
    if (!sorted)
        qsort(h->terms, count, sizeof *h->terms, compare_terms);
    tensor_reserve(t, count);
    for (size_t k = 0; k < count;) {
        uint32_t place = h->terms[k].place;
        fmpq *sum = &h->terms[k++].value;
        for (; k < count && h->terms[k].place == place; k++)
            rw_q_add(sum, sum, &h->terms[k].value);
        if (!rw_q_is_zero(sum))
            append_entry(t, place, sum);
    }
}

/* The nonzero entries of a parameter for the input, row by row. */
static void evaluate(struct rw_head_run *h, size_t i, const struct rw_vector *input, struct rw_tensor *t)
{
    struct rw_param_shape shape = h->head->family->param(h->head->dims, i);
    if (!shape.input)
        return;
    t->rows = shape.rows;
    t->cols = shape.cols;
    t->count = 0;
    if (h->values != NULL && h->values[i].size > 0)
        fill_spread(t, h->head->params[i], input, h->values + i);
    else
        fill_sorted(t, h->head->params[i], input, h);
}

/* The first layer's tensors for a token, made at its first coming. */
static const struct rw_tensor *fixed_params(struct rw_head_run *h, uint32_t token, const struct rw_vector *input)
{
    struct rw_tensor *tensors = h->fixed + token * h->params;
    if (h->known[token])
        return tensors;
    for (size_t i = 0; i < h->params; i++) {
        evaluate(h, i, input, tensors + i);
        tensor_index_rows(tensors + i);
    }
    h->known[token] = 1;
    return tensors;
}

static const struct rw_tensor *current_params(struct rw_head_run *h, const struct rw_vector *input)
{
    for (size_t i = 0; i < h->params; i++)
        evaluate(h, i, input, h->current + i);
    return h->current;
}

/* --- making and freeing --- */

/* What params need in any step: biases, and work space if no tensors are kept. */
static void prepare_params(struct rw_head_run *h)
{
    h->scratch.biases = rw_alloc(h->params, sizeof *h->scratch.biases);
    for (size_t i = 0; i < h->params; i++) {
        struct rw_param_shape shape = h->head->family->param(h->head->dims, i);
        size_t places = shape.rows * shape.cols;
        if (h->tokens == 0)
            rw_vector_init(h->values + i, shape.input && places <= DENSE_PLACES ? places : 0);
        if (!shape.input && shape.cols == 1)
            rw_bias_init(h->scratch.biases + i, h->head->params[i]);
    }
}

struct rw_head_run *rw_head_run_new(const struct rw_head *head, size_t tokens, struct rw_bits *bits)
{
    const struct rw_family *family = head->family;
    struct rw_head_run *h = rw_alloc(1, sizeof *h);
    h->head = head;
    h->tokens = tokens;
    h->params = family->param_count(head->dims);
    if (tokens > 0) {
        h->fixed = rw_alloc(rw_product(tokens, h->params), sizeof *h->fixed);
        h->known = rw_alloc(tokens, 1);
    } else {
        h->current = rw_alloc(h->params, sizeof *h->current);
        h->values = rw_alloc(h->params, sizeof *h->values);
    }
    prepare_params(h);
    rw_vector_init(&h->state, family->state_size(head->dims));
    rw_vector_init(&h->output, family->output_size(head->dims));
    h->scratch.count = family->scratch_count(head->dims);
    h->scratch.vectors = rw_alloc(h->scratch.count, sizeof *h->scratch.vectors);
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_init(h->scratch.vectors + i, family->scratch_size(head->dims, i));
    fmpq_init(h->scratch.a);
    fmpq_init(h->scratch.b);
    h->scratch.bits = bits;
    return h;
}

void rw_head_run_free(struct rw_head_run *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < h->tokens * h->params; i++)
        tensor_clear(h->fixed + i);
    for (size_t i = 0; i < h->params; i++) {
        if (h->tokens == 0) {
            tensor_clear(h->current + i);
            rw_vector_clear(h->values + i);
        }
        rw_bias_clear(h->scratch.biases + i);
    }
    free(h->fixed);
    free(h->known);
    free(h->current);
    for (size_t k = 0; k < h->term_capacity; k++)
        fmpq_clear(&h->terms[k].value);
    free(h->terms);
    free(h->values);
    free(h->scratch.biases);
    rw_vector_clear(&h->state);
    rw_vector_clear(&h->output);
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_clear(h->scratch.vectors + i);
    free(h->scratch.vectors);
    fmpq_clear(h->scratch.a);
    fmpq_clear(h->scratch.b);
    free(h);
}

/* --- stepping --- */

void rw_head_run_step(struct rw_head_run *h, uint32_t token, const struct rw_vector *input)
{
    const struct rw_tensor *params = h->tokens > 0 ? fixed_params(h, token, input) : current_params(h, input);
    h->last = params;
    for (size_t i = 0; i < h->scratch.count; i++)
        rw_vector_zero(h->scratch.vectors + i);
    rw_vector_zero(&h->output);
    h->head->family->step(h->head, params, &h->state, &h->output, &h->scratch);
    rw_bits_note_vector(h->scratch.bits, &h->state);
}

struct rw_vector *rw_head_run_state(struct rw_head_run *h)
{
    return &h->state;
}

const struct rw_vector *rw_head_run_output(const struct rw_head_run *h)
{
    return &h->output;
}

const struct rw_tensor *rw_head_run_params(const struct rw_head_run *h)
{
    return h->last;
}
