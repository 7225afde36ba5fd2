/* letter_run.c - linear heads, sums and ReLUs on functions of unknown letters (exact/letters.h). */
#include "verify/letter_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exact/letter_sums.h"
#include "verify/linear_head.h"

struct rw_letter_run {
    const struct rw_net *net;
    struct rw_letter_space *space;
    uint32_t place;            /* of the next letter */
    struct rw_letters *stream; /* before the last layer */
    size_t state_count;
    struct rw_letters *states; /* of the layers before the last, one after the other */
    uint8_t **live;            /* live[l][n]: neuron n of layer l can reach output 0 */
    struct rw_matrix **in;     /* of each layer's feed-forward part, transposed: column n is what neuron n reads */
};

/* --- lists --- */

static struct rw_letter_matrix new_matrix(size_t rows, size_t cols)
{
    return (struct rw_letter_matrix){rows, cols, rw_letters_list_new(rw_product(rows, cols))};
}

static void free_matrix(struct rw_letter_matrix *m)
{
    rw_letters_list_free(m->at, m->rows * m->cols);
    *m = (struct rw_letter_matrix){0};
}

struct rw_letter_form rw_letter_form_new(size_t coordinates)
{
    return (struct rw_letter_form){.count = coordinates, .of_state = rw_letters_list_new(coordinates)};
}

void rw_letter_form_clear(struct rw_letter_form *form)
{
    rw_letters_clear(&form->constant);
    rw_letters_list_free(form->of_state, form->count);
    *form = (struct rw_letter_form){0};
}

void rw_letter_step_clear(struct rw_letter_step *step)
{
    for (size_t h = 0; h < step->heads; h++) {
        free_matrix(step->transitions + h);
        free_matrix(step->writes + h);
    }
    free(step->transitions);
    free(step->writes);
    *step = (struct rw_letter_step){0};
}

/* --- which nets --- */

bool rw_net_runs_on_letters(const struct rw_net *net, FILE *why)
{
    bool linear = net->layer_count > 0;
    for (size_t l = 0; l < net->layer_count && linear; l++)
        for (size_t h = 0; h < net->layers[l].head_count && linear; h++)
            linear = rw_head_is_linear(net->layers[l].heads + h);
    if (!linear && why != NULL)
        fputs("the network is not of linear heads and feed-forward parts", why);
    return linear;
}

static const struct rw_layer *last_layer(const struct rw_net *net)
{
    return net->layers + (net->layer_count - 1);
}

/* --- what can reach the output --- */

static bool column_hits(const struct rw_matrix *m, size_t col, const uint8_t *rows)
{
    for (size_t e = m->start[col]; e < m->start[col + 1]; e++)
        if (rows[m->row[e]])
            return true;
    return false;
}

/* Marks the columns with an entry in one of the rows. */
static void mark_columns(const struct rw_matrix *m, const uint8_t *rows, uint8_t *columns)
{
    for (size_t j = 0; j < m->cols; j++)
        if (column_hits(m, j, rows))
            columns[j] = 1;
}

/* The features that a head with an output into marked features reads: for its query, only of the outputs that get there. */
static void mark_features_of_head(const struct rw_head *head, const uint8_t *written, uint8_t *read)
{
    bool live = false;
    for (size_t o = 0; o < head->output->cols; o++)
        live = live || column_hits(head->output, o, written);
    for (size_t p = 0; p < head->family->param_count(head->dims) && live; p++) {
        struct rw_param_shape shape = head->family->param(head->dims, p);
        uint8_t *rows = rw_alloc(head->params[p]->rows, sizeof *rows);
        memset(rows, 1, head->params[p]->rows);
        if (strcmp(shape.name, "query") == 0) {
            memset(rows, 0, head->params[p]->rows);
            for (size_t o = 0; o < head->output->cols; o++)
                for (size_t i = 0; i < shape.rows && column_hits(head->output, o, written); i++)
                    rows[i * shape.cols + o % shape.cols] = 1;
        }
        if (shape.input)
            mark_columns(head->params[p], rows, read);
        free(rows);
    }
}

/* From the readout down: a neuron matters only where something reads what it writes. */
static void find_live(struct rw_letter_run *run)
{
    const struct rw_net *net = run->net;
    uint8_t *features = rw_alloc(net->width, sizeof *features), *written = rw_alloc(net->width, sizeof *written);
    run->live = rw_alloc(net->layer_count, sizeof *run->live);
    for (size_t j = 0; j < net->width; j++)
        features[j] = rw_matrix_entry(net->readout, 0, j) != NULL;
    for (size_t l = net->layer_count; l-- > 0;) {
        const struct rw_layer *layer = net->layers + l;
        const struct rw_feedforward *ff = layer->feedforward;
        if (ff != NULL) {
            run->live[l] = rw_alloc(ff->neurons, sizeof *run->live[l]);
            mark_columns(ff->out, features, run->live[l]);
            mark_columns(ff->in, run->live[l], features);
        }
        memcpy(written, features, net->width);
        for (size_t h = 0; h < layer->head_count; h++)
            mark_features_of_head(layer->heads + h, written, features);
    }
    free(features);
    free(written);
}

/* --- linear maps --- */

/* y += M x */
static void apply(struct rw_letter_space *space, const struct rw_matrix *m, const struct rw_letters *x,
                  struct rw_letters *y)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = rw_letters_is_zero(x + j) ? m->start[j + 1] : m->start[j]; e < m->start[j + 1]; e++)
            rw_letters_addmul(space, y + m->row[e], m->value + e, x + j);
}

/* left right, added to `sum` */
static void add_matrix_product(struct rw_letter_space *space, const struct rw_letters *left,
                               const struct rw_letter_matrix *right, size_t rows, struct rw_letters *sum)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < right->rows; k++) {
            const struct rw_letters *factor = left + i * right->rows + k;
            for (size_t j = 0; j < right->cols && !rw_letters_is_zero(factor) && !space->exceeded; j++)
                rw_letters_add_product(space, sum + i * right->cols + j, factor, right->at + k * right->cols + j);
        }
}

static void add_constants(struct rw_letter_space *space, const struct rw_matrix *m, struct rw_letters *to)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            rw_letters_add_constant(space, to + m->row[e] * m->cols + j, m->value + e);
}

/* The head's query for this input: linear in it, so no cases are needed. */
static struct rw_letter_matrix query_of(struct rw_letter_space *space, const struct rw_head *head,
                                        const struct rw_letters *x)
{
    size_t p = 0;
    while (strcmp(head->family->param(head->dims, p).name, "query") != 0)
        p++;
    struct rw_param_shape shape = head->family->param(head->dims, p);
    struct rw_letter_matrix query = new_matrix(shape.rows, shape.cols);
    if (shape.input)
        apply(space, head->params[p], x, query.at);
    else
        add_constants(space, head->params[p], query.at);
    return query;
}

/* --- transition and write of a head, case by case --- */

/* The features that parameters other than the query depend on. Caller frees. */
static uint8_t *features_read(const struct rw_head *head, size_t width)
{
    uint8_t *read = rw_alloc(width, sizeof *read);
    for (size_t p = 0; p < head->family->param_count(head->dims); p++) {
        struct rw_param_shape shape = head->family->param(head->dims, p);
        for (size_t j = 0; j < width && shape.input && strcmp(shape.name, "query") != 0; j++)
            if (head->params[p]->start[j + 1] > head->params[p]->start[j])
                read[j] = 1;
    }
    return read;
}

/* values[entry * count + c] = the entry in case c */
static void put_case(const struct rw_matrix *m, size_t c, size_t count, fmpq *values)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            fmpq_set(values + (m->row[e] * m->cols + j) * count + c, m->value + e);
}

static void interpolate(struct rw_letter_space *space, const struct rw_letter_cases *cases, fmpq *values,
                        struct rw_letter_matrix *m)
{
    for (size_t i = 0; i < m->rows * m->cols; i++)
        rw_letters_interpolate(space, m->at + i, cases, values + i * cases->count);
}

/* The features in all cases: inputs[j * count + c]; features that are not read stay 0. */
static fmpq *tabulate_inputs(const struct rw_letter_run *run, const uint8_t *read, const struct rw_letter_cases *cases,
                             const struct rw_letters *x)
{
    fmpq *inputs = rw_q_list_new(rw_product(run->net->width, cases->count));
    for (size_t j = 0; j < run->net->width; j++)
        if (read[j])
            rw_letters_tabulate(run->space, x + j, cases, inputs + j * cases->count);
    return inputs;
}

/* Any linear family, from its own A(x) and B(x): in each case of the letters that they depend on. */
static void head_step(struct rw_letter_run *run, const struct rw_head *head, const struct rw_letters *x,
                      struct rw_letter_matrix *transition, struct rw_letter_matrix *write)
{
    size_t d_k = head->dims[0], d_v = head->dims[1], width = run->net->width;
    struct rw_letter_cases cases = {.count = 1};
    uint8_t *read = features_read(head, width);
    bool fits = true;
    *transition = new_matrix(d_k, d_k);
    *write = new_matrix(d_v, d_k);
    for (size_t j = 0; j < width && fits; j++)
        if (read[j])
            fits = rw_letter_cases_of(run->space, &cases, x + j);
    size_t entries = rw_product(d_k + d_v, d_k);
    if (fits && cases.count > run->space->most / entries) {
        run->space->exceeded = true;
        fits = false;
    }
    if (fits) {
        struct rw_vector input;
        fmpq *inputs = tabulate_inputs(run, read, &cases, x), *values = rw_q_list_new(entries * cases.count);
        rw_vector_init(&input, width);
        for (size_t c = 0; c < cases.count; c++) {
            rw_vector_zero(&input);
            for (size_t j = 0; j < width; j++)
                if (read[j] && !rw_q_is_zero(inputs + j * cases.count + c))
                    fmpq_set(rw_vector_at(&input, (uint32_t)j), inputs + j * cases.count + c);
            struct rw_matrix *a = rw_linear_transition(head, &input), *b = rw_linear_write(head, &input);
            put_case(a, c, cases.count, values);
            put_case(b, c, cases.count, values + d_k * d_k * cases.count);
            rw_matrix_free(a);
            rw_matrix_free(b);
        }
        interpolate(run->space, &cases, values, transition);
        interpolate(run->space, &cases, values + d_k * d_k * cases.count, write);
        run->space->cases += cases.places > 0 ? cases.count : 0;
        rw_vector_clear(&input);
        rw_q_list_free(inputs, width * cases.count);
        rw_q_list_free(values, entries * cases.count);
    }
    free(read);
}

/* --- layers --- */

/* state <- state A + B, and its outputs S q into the stream */
static void run_head(struct rw_letter_run *run, const struct rw_head *head, const struct rw_letters *x,
                     struct rw_letters *state, struct rw_letters *stream)
{
    size_t d_k = head->dims[0], d_v = head->dims[1], outputs = head->family->output_size(head->dims);
    struct rw_letter_matrix transition, write, query = query_of(run->space, head, x);
    struct rw_letters *output = rw_letters_list_new(outputs);
    head_step(run, head, x, &transition, &write);
    add_matrix_product(run->space, state, &transition, d_v, write.at);
    for (size_t i = 0; i < d_v * d_k; i++)
        rw_letters_swap(state + i, write.at + i);
    add_matrix_product(run->space, state, &query, d_v, output);
    apply(run->space, head->output, output, stream);
    rw_letters_list_free(output, outputs);
    free_matrix(&transition);
    free_matrix(&write);
    free_matrix(&query);
}

/* The largest value that neuron n may have before its ReLU, by the features' bounds alone. */
static void upper_bound(const struct rw_matrix *in, const struct rw_matrix *bias, size_t n, const fmpq *low,
                        const fmpq *high, fmpq_t bound)
{
    const fmpq *constant = rw_matrix_entry(bias, n, 0);
    fmpq_zero(bound);
    if (constant != NULL)
        fmpq_set(bound, constant);
    for (size_t e = in->start[n]; e < in->start[n + 1]; e++)
        rw_q_addmul(bound, in->value + e, (rw_q_sign(in->value + e) > 0 ? high : low) + in->row[e]);
}

static void add_neuron_output(struct rw_letter_space *space, const struct rw_matrix *in,
                              const struct rw_feedforward *ff, size_t n, const struct rw_letters *stream,
                              struct rw_letter_sums *sums)
{
    struct rw_letters neuron = {0};
    const fmpq *bias = rw_matrix_entry(ff->bias, n, 0);
    size_t first = ff->out->start[n];
    for (size_t e = in->start[n]; e < in->start[n + 1]; e++)
        rw_letters_addmul(space, &neuron, in->value + e, stream + in->row[e]);
    if (bias != NULL)
        rw_letters_add_constant(space, &neuron, bias);
    rw_letter_sums_add_relu(sums, &neuron, ff->out->row + first, ff->out->value + first, ff->out->start[n + 1] - first);
}

/* stream += out ReLU(in stream + bias), as far as it can reach the output. Most neurons of a lookup table are about other positions
 * than this one: the bounds of what they read tell. */
static void run_feedforward(struct rw_letter_run *run, size_t layer, struct rw_letters *stream)
{
    const struct rw_feedforward *ff = run->net->layers[layer].feedforward;
    size_t width = run->net->width;
    struct rw_letter_sums *sums = rw_letter_sums_new(run->space, width);
    fmpq *low = rw_q_list_new(width), *high = rw_q_list_new(width);
    fmpq_t bound;
    fmpq_init(bound);
    for (size_t j = 0; j < width; j++)
        rw_letters_bounds(run->space, stream + j, low + j, high + j);
    for (size_t n = 0; n < ff->neurons && !run->space->exceeded; n++) {
        if (run->live[layer][n])
            upper_bound(run->in[layer], ff->bias, n, low, high, bound);
        if (run->live[layer][n] && rw_q_sign(bound) > 0)
            add_neuron_output(run->space, run->in[layer], ff, n, stream, sums);
    }
    rw_letter_sums_finish(sums, stream);
    rw_letter_sums_free(sums);
    rw_q_list_free(low, width);
    rw_q_list_free(high, width);
    fmpq_clear(bound);
}

/* The layers before the last. */
static void run_layers(struct rw_letter_run *run)
{
    size_t width = run->net->width, first = 0;
    for (size_t l = 0; l + 1 < run->net->layer_count && !run->space->exceeded; l++) {
        const struct rw_layer *layer = run->net->layers + l;
        struct rw_letters *x = rw_letters_list_new(width);
        for (size_t j = 0; j < width; j++)
            rw_letters_set(x + j, run->stream + j);
        for (size_t h = 0; h < layer->head_count; h++) {
            run_head(run, layer->heads + h, x, run->states + first, run->stream);
            first += layer->heads[h].family->state_size(layer->heads[h].dims);
        }
        if (layer->feedforward != NULL)
            run_feedforward(run, l, run->stream);
        rw_letters_list_free(x, width);
    }
}

static void read_token(struct rw_letter_run *run, struct rw_letter_step *step)
{
    const struct rw_layer *last = last_layer(run->net);
    run_layers(run);
    step->heads = last->head_count;
    step->transitions = rw_alloc(step->heads, sizeof *step->transitions);
    step->writes = rw_alloc(step->heads, sizeof *step->writes);
    for (size_t h = 0; h < step->heads; h++)
        head_step(run, last->heads + h, run->stream, step->transitions + h, step->writes + h);
}

/* --- from outside --- */

struct rw_letter_run *rw_letter_run_new(const struct rw_net *net, struct rw_letter_space *space)
{
    struct rw_letter_run *run = rw_alloc(1, sizeof *run);
    *run = (struct rw_letter_run){.net = net, .space = space, .stream = rw_letters_list_new(net->width)};
    run->state_count = rw_net_coordinate(net, net->layer_count - 1, 0);
    run->states = rw_letters_list_new(run->state_count);
    find_live(run);
    run->in = rw_alloc(net->layer_count, sizeof(struct rw_matrix *));
    for (size_t l = 0; l + 1 < net->layer_count; l++)
        if (net->layers[l].feedforward != NULL)
            run->in[l] = rw_matrix_transpose(net->layers[l].feedforward->in);
    return run;
}

void rw_letter_run_free(struct rw_letter_run *run)
{
    rw_letters_list_free(run->stream, run->net->width);
    rw_letters_list_free(run->states, run->state_count);
    for (size_t l = 0; l < run->net->layer_count; l++) {
        free(run->live[l]);
        if (run->in[l] != NULL)
            rw_matrix_free(run->in[l]);
    }
    free(run->live);
    free(run->in);
    free(run);
}

size_t rw_letter_run_states(const struct rw_letter_run *run)
{
    return run->state_count;
}

const struct rw_letters *rw_letter_run_state(const struct rw_letter_run *run)
{
    return run->states;
}

void rw_letter_run_token(struct rw_letter_run *run, size_t token, struct rw_letter_step *step)
{
    const struct rw_matrix *embedding = run->net->embedding;
    for (size_t j = 0; j < run->net->width; j++)
        rw_letters_clear(run->stream + j);
    for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
        rw_letters_add_constant(run->space, run->stream + embedding->row[e], embedding->value + e);
    read_token(run, step);
}

void rw_letter_run_next(struct rw_letter_run *run, struct rw_letter_step *step)
{
    const struct rw_matrix *embedding = run->net->embedding;
    const fmpq **values = rw_alloc(run->space->symbols, sizeof(const fmpq *));
    for (size_t j = 0; j < run->net->width; j++) {
        rw_letters_clear(run->stream + j);
        for (size_t s = 0; s < run->space->symbols; s++)
            values[s] = rw_matrix_entry(embedding, j, s);
        rw_letters_add_letter(run->space, run->stream + j, run->place, values);
    }
    free(values);
    run->place++;
    read_token(run, step);
}

/* --- the output --- */

/* sum += weights . (stream after the last layer's heads), as a form of the state. weights: a value for each feature. */
static void add_reading(struct rw_letter_run *run, const fmpq *weights, const struct rw_letter_matrix *queries,
                        struct rw_letter_form *sum)
{
    const struct rw_layer *last = last_layer(run->net);
    size_t first = 0;
    fmpq_t weight;
    fmpq_init(weight);
    for (size_t j = 0; j < run->net->width; j++)
        rw_letters_addmul(run->space, &sum->constant, weights + j, run->stream + j);
    for (size_t h = 0; h < last->head_count; h++) {
        const struct rw_matrix *output = last->heads[h].output;
        const struct rw_letter_matrix *query = queries + h;
        for (size_t o = 0; o < output->cols; o++) {
            fmpq_zero(weight);
            for (size_t e = output->start[o]; e < output->start[o + 1]; e++)
                fmpq_addmul(weight, output->value + e, weights + output->row[e]);
            for (size_t k = 0; k < query->rows && !rw_q_is_zero(weight); k++)
                rw_letters_addmul(run->space, sum->of_state + first + o / query->cols * query->rows + k, weight,
                                  query->at + k * query->cols + o % query->cols);
        }
        first += last->heads[h].family->state_size(last->heads[h].dims);
    }
    fmpq_clear(weight);
}

static void row_of(const struct rw_matrix *m, size_t row, fmpq *values)
{
    for (size_t j = 0; j < m->cols; j++) {
        const fmpq *value = rw_matrix_entry(m, row, j);
        if (value != NULL)
            fmpq_set(values + j, value);
        else
            fmpq_zero(values + j);
    }
}

/* sum += weight * ReLU(neuron n); the neuron must not depend on the state. */
static bool add_neuron(struct rw_letter_run *run, size_t n, const fmpq_t weight, const struct rw_letter_matrix *queries,
                       struct rw_letter_form *sum, FILE *why)
{
    const struct rw_feedforward *ff = last_layer(run->net)->feedforward;
    struct rw_letter_form pre = rw_letter_form_new(sum->count);
    fmpq *in = rw_q_list_new(run->net->width);
    bool free_of_state = true;
    row_of(ff->in, n, in);
    add_reading(run, in, queries, &pre);
    const fmpq *bias = rw_matrix_entry(ff->bias, n, 0);
    if (bias != NULL)
        rw_letters_add_constant(run->space, &pre.constant, bias);
    for (size_t i = 0; i < pre.count; i++)
        free_of_state = free_of_state && rw_letters_is_zero(pre.of_state + i);
    if (free_of_state) {
        rw_letters_relu(run->space, &pre.constant);
        rw_letters_addmul(run->space, &sum->constant, weight, &pre.constant);
    } else if (why != NULL) {
        fprintf(why, "neuron %zu of the last layer reads that layer's state", n + 1);
    }
    rw_q_list_free(in, run->net->width);
    rw_letter_form_clear(&pre);
    return free_of_state;
}

bool rw_letter_run_output(struct rw_letter_run *run, struct rw_letter_form *form, FILE *why)
{
    const struct rw_net *net = run->net;
    const struct rw_layer *last = last_layer(net);
    const struct rw_feedforward *ff = last->feedforward;
    struct rw_letter_matrix *queries = rw_alloc(last->head_count, sizeof *queries);
    fmpq *readout = rw_q_list_new(net->width);
    fmpq_t weight;
    bool good = true;
    fmpq_init(weight);
    *form = rw_letter_form_new(rw_net_coordinate(net, net->layer_count, 0) - run->state_count);
    for (size_t h = 0; h < last->head_count; h++)
        queries[h] = query_of(run->space, last->heads + h, run->stream);
    row_of(net->readout, 0, readout);
    add_reading(run, readout, queries, form);
    for (size_t n = 0; ff != NULL && n < ff->neurons && good; n++) {
        fmpq_zero(weight);
        for (size_t e = ff->out->start[n]; e < ff->out->start[n + 1]; e++)
            fmpq_addmul(weight, ff->out->value + e, readout + ff->out->row[e]);
        good = rw_q_is_zero(weight) || add_neuron(run, n, weight, queries, form, why);
    }
    for (size_t h = 0; h < last->head_count; h++)
        free_matrix(queries + h);
    free(queries);
    rw_q_list_free(readout, net->width);
    fmpq_clear(weight);
    return good;
}

void rw_letter_form_before(struct rw_letter_space *space, struct rw_letter_form *form,
                           const struct rw_letter_step *step)
{
    struct rw_letter_form before = rw_letter_form_new(form->count);
    size_t first = 0;
    rw_letters_swap(&before.constant, &form->constant);
    for (size_t h = 0; h < step->heads; h++) {
        const struct rw_letter_matrix *a = step->transitions + h, *b = step->writes + h;
        for (size_t row = 0; row < b->rows; row++)
            for (size_t c = 0; c < a->cols && !space->exceeded; c++) {
                const struct rw_letters *f = form->of_state + first + row * a->cols + c;
                if (rw_letters_is_zero(f))
                    continue;
                for (size_t k = 0; k < a->rows; k++)
                    rw_letters_add_product(space, before.of_state + first + row * a->cols + k, a->at + k * a->cols + c,
                                           f);
                rw_letters_add_product(space, &before.constant, b->at + row * a->cols + c, f);
            }
        first += b->rows * a->rows;
    }
    rw_letter_form_clear(form);
    *form = before;
}
