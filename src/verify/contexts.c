/* contexts.c - the contexts of a network, found by running its layers before the last.
 *
 * What the last layer reads of the stream decides the map of a letter (linear.h); streams that do not differ in what is
 * read have one map. A letter of a padded network is its token and the blanks after it: their maps one after the other. */
#include "verify/contexts.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "verify/context_merge.h"
#include "verify/key.h"
#include "verify/linear.h"
#include "verify/linear_head.h"
#include "verify/numbering.h"
#include "verify/router_run.h"

#define NO_STEP UINT32_MAX

/* Contexts between two questions whether to go on. */
#define REPORT_EVERY 1024

/* One map after the other. */
struct composed {
    uint64_t pair; /* the first one's number, and the second one's in the lower half */
    uint32_t map;
    struct composed *before; /* the one that was made before */
    UT_hash_handle hh;
};

struct rw_context_run {
    const struct rw_wfa *series; /* a single context; the rest is for networks */
    const struct rw_net *net;
    struct rw_router_run *router;
    size_t rows;        /* numbers of a context */
    uint32_t *contexts; /* count * rows */
    size_t context_capacity;
    struct rw_context_step *steps; /* count * symbols */
    size_t step_capacity;
    struct rw_numbering context_numbers, map_numbers;
    struct composed *composed, *last_composed;
    struct rw_matrix **maps;
    size_t map_count, map_capacity;
    struct rw_vector stream, read; /* read: what the last layer reads of it */
    uint8_t *is_read;              /* which features */
    struct rw_vector readout;
    fmpq *neuron_weights; /* what output 0 makes of the last layer's neurons */
    uint32_t *at;         /* work space: rows */
    uint64_t cells, work;
};

static const struct rw_layer *last_layer(const struct rw_net *net)
{
    return net->layers + net->layer_count - 1;
}

/* --- which networks --- */

/* weights[n]: what output 0 makes of neuron n of the last layer. Caller frees. */
static fmpq *neuron_weights(const struct rw_net *net, const struct rw_vector *readout)
{
    const struct rw_feedforward *ff = last_layer(net)->feedforward;
    size_t neurons = ff == NULL ? 0 : ff->neurons;
    fmpq *weights = rw_q_list_new(neurons);
    for (size_t n = 0; n < neurons; n++)
        for (size_t e = ff->out->start[n]; e < ff->out->start[n + 1]; e++)
            fmpq_addmul(weights + n, ff->out->value + e, readout->value + ff->out->row[e]);
    return weights;
}

static void free_weights(const struct rw_net *net, fmpq *weights)
{
    const struct rw_feedforward *ff = last_layer(net)->feedforward;
    rw_q_list_free(weights, ff == NULL ? 0 : ff->neurons);
}

/* Whether what some head of the layer puts out goes into a neuron that counts; `neuron` is the first one. */
static bool reads_state(const struct rw_layer *layer, const fmpq *weights, size_t *neuron)
{
    const struct rw_feedforward *ff = layer->feedforward;
    struct rw_vector column, pre;
    bool reads = false;
    if (ff == NULL)
        return false;
    rw_vector_init(&column, ff->in->cols);
    rw_vector_init(&pre, ff->neurons);
    for (size_t h = 0; h < layer->head_count; h++) {
        const struct rw_matrix *output = layer->heads[h].output;
        for (size_t o = 0; o < output->cols; o++) {
            rw_vector_zero(&column);
            rw_vector_zero(&pre);
            for (size_t e = output->start[o]; e < output->start[o + 1]; e++)
                fmpq_set(rw_vector_at(&column, output->row[e]), output->value + e);
            rw_matrix_apply(ff->in, &column, &pre);
            for (size_t k = 0; k < pre.count && !reads; k++) {
                *neuron = pre.touched[k];
                reads = !rw_q_is_zero(pre.value + *neuron) && !rw_q_is_zero(weights + *neuron);
            }
        }
    }
    rw_vector_clear(&column);
    rw_vector_clear(&pre);
    return reads;
}

static bool all_heads_are_linear(const struct rw_net *net, FILE *why)
{
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++)
            if (!rw_head_is_linear(net->layers[l].heads + h)) {
                if (why != NULL)
                    fprintf(why, "layer %zu has a head of family %s, which is not linear in its state", l + 1,
                            net->layers[l].heads[h].family->name);
                return false;
            }
    return true;
}

bool rw_net_has_contexts(const struct rw_net *net, FILE *why)
{
    size_t neuron = 0;
    if (net->layer_count == 0 || !all_heads_are_linear(net, why))
        return false;
    struct rw_vector readout = rw_net_reading(net);
    fmpq *weights = neuron_weights(net, &readout);
    bool reads = reads_state(last_layer(net), weights, &neuron);
    if (reads && why != NULL)
        fprintf(why, "neuron %zu of the last layer reads that layer's state", neuron + 1);
    free_weights(net, weights);
    rw_vector_clear(&readout);
    return !reads;
}

/* --- maps --- */

static void take_map(struct rw_context_run *run, struct rw_matrix *map)
{
    run->maps = rw_grow(run->maps, &run->map_capacity, run->map_count + 1, sizeof(struct rw_matrix *));
    run->maps[run->map_count++] = map;
    run->cells += 2 * rw_matrix_nonzeros(map) + map->cols;
    run->work += rw_matrix_nonzeros(map);
}

/* What the neurons of the last layer add to output 0: they do not read its state. */
static void add_neurons(const struct rw_context_run *run, fmpq_t sum)
{
    const struct rw_feedforward *ff = last_layer(run->net)->feedforward;
    struct rw_vector pre;
    if (ff == NULL)
        return;
    rw_vector_init(&pre, ff->neurons);
    for (size_t e = 0; e < rw_matrix_nonzeros(ff->bias); e++)
        rw_q_set(rw_vector_at(&pre, ff->bias->row[e]), ff->bias->value + e);
    rw_matrix_apply(ff->in, &run->read, &pre);
    for (size_t k = 0; k < pre.count; k++)
        if (rw_q_sign(pre.value + pre.touched[k]) > 0)
            fmpq_addmul(sum, pre.value + pre.touched[k], run->neuron_weights + pre.touched[k]);
    rw_vector_clear(&pre);
}

/* The map of the stream that the last layer reads now. */
static uint32_t map_of_stream(struct rw_context_run *run)
{
    bool is_new;
    size_t size;
    rw_vector_zero(&run->read);
    for (size_t k = 0; k < run->stream.count; k++)
        if (run->is_read[run->stream.touched[k]])
            rw_q_set(rw_vector_at(&run->read, run->stream.touched[k]), run->stream.value + run->stream.touched[k]);
    rw_vector_tidy(&run->read);
    char *key = rw_vector_key(&run->read, &size);
    uint32_t map = rw_numbering_of(&run->map_numbers, key, size, run->map_count, &is_new);
    if (is_new) {
        fmpq_t added;
        fmpq_init(added);
        add_neurons(run, added);
        take_map(run, rw_linear_letter(last_layer(run->net), &run->read, &run->readout, added));
        run->cells += size / sizeof(fmpz);
        fmpq_clear(added);
    }
    run->work += run->stream.count;
    return map;
}

/* (z T) U: the columns of U^T T^T. */
static struct rw_matrix *product(const struct rw_matrix *first, const struct rw_matrix *second)
{
    struct rw_builder *builder = rw_builder_new(second->rows, first->cols);
    struct rw_vector column, image;
    rw_vector_init(&column, first->rows);
    rw_vector_init(&image, second->rows);
    for (size_t j = 0; j < first->cols; j++) {
        rw_vector_zero(&column);
        rw_vector_zero(&image);
        for (size_t e = first->start[j]; e < first->start[j + 1]; e++)
            fmpq_set(rw_vector_at(&column, first->row[e]), first->value + e);
        rw_matrix_apply(second, &column, &image);
        for (size_t k = 0; k < image.count; k++)
            rw_builder_add(builder, image.touched[k], j, image.value + image.touched[k]);
    }
    rw_vector_clear(&column);
    rw_vector_clear(&image);
    return rw_builder_finish(builder);
}

static uint32_t compose(struct rw_context_run *run, uint32_t first, uint32_t second)
{
    struct composed *composed;
    uint64_t pair = (uint64_t)first << 32 | second;
    HASH_FIND(hh, run->composed, &pair, sizeof pair, composed);
    if (composed != NULL)
        return composed->map;
    composed = rw_alloc(1, sizeof *composed);
    *composed = (struct composed){.pair = pair, .map = (uint32_t)run->map_count, .before = run->last_composed};
    run->last_composed = composed;
    HASH_ADD(hh, run->composed, pair, sizeof composed->pair, composed);
    take_map(run, product(run->maps[first], run->maps[second]));
    return composed->map;
}

/* --- contexts --- */

/* The number of the context run->at; its steps are not known yet if it is new. */
static uint32_t context_number(struct rw_contexts *contexts)
{
    struct rw_context_run *run = contexts->run;
    bool is_new;
    size_t size = run->rows * sizeof *run->at;
    char *key = rw_alloc(size, 1);
    memcpy(key, run->at, size);
    uint32_t number = rw_numbering_of(&run->context_numbers, key, size, contexts->count, &is_new);
    if (!is_new)
        return number;
    size_t symbols = contexts->symbols;
    run->contexts = rw_grow(run->contexts, &run->context_capacity,
                            (contexts->count + 1) * run->rows + 1 /* there may be none */, sizeof *run->contexts);
    memcpy(run->contexts + contexts->count * run->rows, run->at, size);
    run->steps = rw_grow(run->steps, &run->step_capacity, (contexts->count + 1) * symbols, sizeof *run->steps);
    for (size_t s = 0; s < symbols; s++)
        run->steps[contexts->count * symbols + s] = (struct rw_context_step){NO_STEP, NO_STEP};
    contexts->count++;
    run->cells += (2 * size + sizeof(struct rw_met)) / sizeof(fmpz) + symbols;
    return number;
}

/* A token from run->at; the number of its map. */
static uint32_t read_token(struct rw_context_run *run, uint32_t token)
{
    rw_router_run_step(run->router, token, run->at, &run->stream);
    return map_of_stream(run);
}

static struct rw_context_step find_step(struct rw_contexts *contexts, uint32_t context, uint32_t symbol)
{
    struct rw_context_run *run = contexts->run;
    memcpy(run->at, run->contexts + context * run->rows, run->rows * sizeof *run->at);
    uint32_t map = read_token(run, symbol), blank = (uint32_t)rw_alphabet_size(run->net->tokens) - 1;
    for (size_t i = 0; i < run->net->padding; i++)
        map = compose(run, map, read_token(run, blank));
    return (struct rw_context_step){context_number(contexts), map};
}

struct rw_context_step rw_contexts_step(struct rw_contexts *contexts, uint32_t context, uint32_t symbol)
{
    struct rw_context_run *run = contexts->run;
    if (run->series != NULL)
        return (struct rw_context_step){0, symbol};
    struct rw_context_step step = run->steps[context * contexts->symbols + symbol];
    if (step.next == NO_STEP) {
        step = find_step(contexts, context, symbol);
        run->steps[context * contexts->symbols + symbol] = step;
    }
    return step;
}

bool rw_contexts_merge(struct rw_contexts *contexts, size_t most, uint64_t max_cells, struct rw_progress *progress)
{
    struct rw_context_run *run = contexts->run;
    if (run->series != NULL || contexts->merged)
        return true;
    for (uint32_t c = 0; c < contexts->count; c++) {
        for (uint32_t s = 0; s < contexts->symbols; s++)
            rw_contexts_step(contexts, c, s);
        if (contexts->count > most || rw_contexts_cells(contexts) > max_cells ||
            (c % REPORT_EVERY == 0 && !rw_progress_report(progress, "contexts", contexts->count, 0)))
            return false;
    }
    contexts->merged = rw_context_steps_merge(run->steps, contexts->count, contexts->symbols) > 0;
    return true;
}

const struct rw_matrix *rw_contexts_map(const struct rw_contexts *contexts, uint32_t map)
{
    return contexts->run->series != NULL ? contexts->run->series->letters[map] : contexts->run->maps[map];
}

/* --- making and freeing --- */

/* Which states of f can still contribute after another symbol: the others need not be told apart. live[q] = 1. */
static uint8_t *live_states(const struct rw_wfa *f)
{
    uint8_t *useful = rw_alloc(f->states, 1), *live = rw_alloc(f->states, 1);
    for (size_t q = 0; q < f->states; q++)
        useful[q] = !rw_q_is_zero(f->omega + q);
    for (bool news = true; news;) {
        news = false;
        for (uint32_t symbol = 0; symbol < f->symbols; symbol++)
            for (size_t p = 0; p < f->states; p++) /* column p of the transpose: where p goes */
                for (size_t e = f->letters[symbol]->start[p]; e < f->letters[symbol]->start[p + 1]; e++)
                    if (useful[f->letters[symbol]->row[e]] && !live[p])
                        live[p] = useful[p] = news = true;
    }
    free(useful);
    return live;
}

static struct rw_contexts *new_contexts(size_t size, size_t symbols)
{
    struct rw_contexts *contexts = rw_alloc(1, sizeof *contexts);
    contexts->size = size;
    contexts->symbols = symbols;
    contexts->run = rw_alloc(1, sizeof *contexts->run);
    rw_vector_init(&contexts->start, size);
    rw_vector_init(&contexts->output, size);
    return contexts;
}

struct rw_contexts *rw_contexts_of_series(const struct rw_wfa *f)
{
    struct rw_contexts *contexts = new_contexts(f->states, f->symbols);
    contexts->run->series = f;
    contexts->live = live_states(f);
    contexts->count = 1;
    for (uint32_t q = 0; q < f->states; q++) {
        if (!rw_q_is_zero(f->alpha + q))
            fmpq_set(rw_vector_at(&contexts->start, q), f->alpha + q);
        if (!rw_q_is_zero(f->omega + q))
            fmpq_set(rw_vector_at(&contexts->output, q), f->omega + q);
    }
    return contexts;
}

/* Features that the last layer's heads, its neurons or output 0 read. */
static void mark_read(struct rw_context_run *run)
{
    const struct rw_layer *last = last_layer(run->net);
    for (size_t h = 0; h < last->head_count; h++)
        for (size_t p = 0; p < last->heads[h].family->param_count(last->heads[h].dims); p++) {
            const struct rw_matrix *m = last->heads[h].params[p];
            bool input = last->heads[h].family->param(last->heads[h].dims, p).input;
            for (size_t j = 0; j < m->cols && input; j++)
                run->is_read[j] |= m->start[j] < m->start[j + 1];
        }
    for (size_t j = 0; j < run->net->width; j++) {
        const struct rw_matrix *in = last->feedforward == NULL ? NULL : last->feedforward->in;
        run->is_read[j] |= !rw_q_is_zero(run->readout.value + j) || (in != NULL && in->start[j] < in->start[j + 1]);
    }
}

struct rw_contexts *rw_contexts_of_net(const struct rw_net *net, size_t symbols)
{
    size_t size = rw_linear_size(last_layer(net));
    struct rw_contexts *contexts = new_contexts(size, symbols);
    struct rw_context_run *run = contexts->run;
    run->net = net;
    run->router = rw_router_run_new(net);
    run->rows = rw_router_run_rows(run->router);
    run->at = rw_alloc(run->rows, sizeof *run->at);
    run->readout = rw_net_reading(net);
    run->neuron_weights = neuron_weights(net, &run->readout);
    run->is_read = rw_alloc(net->width, sizeof *run->is_read);
    rw_vector_init(&run->stream, net->width);
    rw_vector_init(&run->read, net->width);
    mark_read(run);
    /* Every state is 0 before BOS: the start is the row of the constant. */
    const struct rw_matrix *first = rw_contexts_map(contexts, read_token(run, (uint32_t)rw_alphabet_size(net->tokens)));
    for (size_t e = first->start[size - 2]; e < first->start[size - 1]; e++)
        fmpq_set(rw_vector_at(&contexts->start, first->row[e]), first->value + e);
    rw_q_set_int(rw_vector_at(&contexts->output, (uint32_t)size - 1), 1);
    contexts->live = rw_alloc(size, 1);
    memset(contexts->live, 1, size - 1); /* no letter reads the output */
    context_number(contexts);
    return contexts;
}

static void free_composed(struct rw_context_run *run)
{
    HASH_CLEAR(hh, run->composed);
    for (struct composed *composed = run->last_composed, *before; composed != NULL; composed = before) {
        before = composed->before;
        free(composed);
    }
}

static void free_net_run(struct rw_context_run *run)
{
    rw_numbering_clear(&run->context_numbers);
    rw_numbering_clear(&run->map_numbers);
    free_composed(run);
    for (size_t i = 0; i < run->map_count; i++)
        rw_matrix_free(run->maps[i]);
    free_weights(run->net, run->neuron_weights);
    rw_vector_clear(&run->readout);
    rw_vector_clear(&run->stream);
    rw_vector_clear(&run->read);
    rw_router_run_free(run->router);
    free(run->maps);
    free(run->contexts);
    free(run->steps);
    free(run->is_read);
    free(run->at);
}

void rw_contexts_free(struct rw_contexts *contexts)
{
    if (contexts == NULL)
        return;
    if (contexts->run->net != NULL)
        free_net_run(contexts->run);
    rw_vector_clear(&contexts->start);
    rw_vector_clear(&contexts->output);
    free(contexts->live);
    free(contexts->run);
    free(contexts);
}

/* --- looking --- */

size_t rw_contexts_coordinates(const struct rw_contexts *contexts)
{
    const struct rw_net *net = contexts->run->net;
    return net == NULL ? 0 : rw_net_coordinate(net, net->layer_count - 1, 0);
}

void rw_contexts_state(const struct rw_contexts *contexts, uint32_t context, struct rw_vector *state)
{
    const struct rw_context_run *run = contexts->run;
    rw_vector_zero(state);
    if (run->net != NULL)
        rw_router_run_state(run->router, run->contexts + context * run->rows, state);
}

void rw_contexts_value(struct rw_contexts *contexts, const struct rw_word *word, fmpq_t value)
{
    struct rw_vector z, next;
    uint32_t context = 0;
    rw_vector_init(&z, contexts->size);
    rw_vector_init(&next, contexts->size);
    rw_vector_copy(&z, &contexts->start);
    for (size_t i = 0; i < word->length; i++) {
        struct rw_context_step step = rw_contexts_step(contexts, context, word->symbols[i]);
        rw_vector_zero(&next);
        rw_matrix_apply(rw_contexts_map(contexts, step.map), &z, &next);
        rw_vector_copy(&z, &next);
        context = step.next;
    }
    fmpq_zero(value);
    for (size_t k = 0; k < z.count; k++)
        fmpq_addmul(value, z.value + z.touched[k], contexts->output.value + z.touched[k]);
    rw_vector_clear(&z);
    rw_vector_clear(&next);
}

uint64_t rw_contexts_cells(const struct rw_contexts *contexts)
{
    const struct rw_context_run *run = contexts->run;
    return run->net == NULL ? 0 : run->cells + rw_router_run_cells(run->router);
}

uint64_t rw_contexts_work(const struct rw_contexts *contexts)
{
    const struct rw_context_run *run = contexts->run;
    return run->net == NULL ? 0 : run->work + rw_router_run_work(run->router);
}
