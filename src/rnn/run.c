/* run.c - the exact runtime: embedding, layers of heads and feed-forward parts, readout. */
#include "rnn/run.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "rnn/head_run.h"
#include "rnn/step.h"

struct layer_run {
    struct rw_head_run **heads;
    size_t head_count;
    struct rw_bias bias; /* of the feed-forward part */
    struct rw_vector pre, hidden;
};

struct rw_run {
    const struct rw_net *net;
    struct layer_run *layers;
    struct rw_vector stream, outputs;
    struct rw_bits bits;
};

static size_t all_tokens(const struct rw_net *net)
{
    return rw_alphabet_size(net->tokens) + 1;
}

struct rw_run *rw_run_new(const struct rw_net *net)
{
    struct rw_run *run = rw_alloc(1, sizeof *run);
    run->net = net;
    run->layers = rw_alloc(net->layer_count, sizeof *run->layers);
    for (size_t l = 0; l < net->layer_count; l++) {
        struct layer_run *layer = run->layers + l;
        layer->head_count = net->layers[l].head_count;
        layer->heads = rw_alloc(layer->head_count, sizeof(struct rw_head_run *));
        for (size_t h = 0; h < layer->head_count; h++)
            layer->heads[h] = rw_head_run_new(net->layers[l].heads + h, l == 0 ? all_tokens(net) : 0, &run->bits);
        if (net->layers[l].feedforward != NULL) {
            rw_bias_init(&layer->bias, net->layers[l].feedforward->bias);
            rw_vector_init(&layer->pre, net->layers[l].feedforward->neurons);
            rw_vector_init(&layer->hidden, net->layers[l].feedforward->neurons);
        }
    }
    rw_vector_init(&run->stream, net->width);
    rw_vector_init(&run->outputs, net->output_count);
    rw_run_start(run);
    return run;
}

void rw_run_free(struct rw_run *run)
{
    if (run == NULL)
        return;
    for (size_t l = 0; l < run->net->layer_count; l++) {
        struct layer_run *layer = run->layers + l;
        for (size_t h = 0; h < layer->head_count; h++)
            rw_head_run_free(layer->heads[h]);
        free(layer->heads);
        if (run->net->layers[l].feedforward != NULL) {
            rw_bias_clear(&layer->bias);
            rw_vector_clear(&layer->pre);
            rw_vector_clear(&layer->hidden);
        }
    }
    free(run->layers);
    rw_vector_clear(&run->stream);
    rw_vector_clear(&run->outputs);
    free(run);
}

/* --- stepping --- */

static void step_layer(struct rw_run *run, size_t l, uint32_t token)
{
    struct layer_run *layer = run->layers + l;
    const struct rw_layer *weights = run->net->layers + l;
    for (size_t h = 0; h < layer->head_count; h++) /* all of them read the same input */
        rw_head_run_step(layer->heads[h], token, &run->stream);
    for (size_t h = 0; h < layer->head_count; h++)
        rw_matrix_apply(weights->heads[h].output, rw_head_run_output(layer->heads[h]), &run->stream);
    rw_bits_note_vector(&run->bits, &run->stream);
    if (weights->feedforward == NULL)
        return;
    rw_vector_zero(&layer->pre);
    rw_vector_zero(&layer->hidden);
    rw_matrix_apply(weights->feedforward->in, &run->stream, &layer->pre);
    rw_relu(&layer->pre, &layer->bias, &layer->hidden, &run->bits);
    rw_matrix_apply(weights->feedforward->out, &layer->hidden, &run->stream);
    rw_bits_note_vector(&run->bits, &run->stream);
}

static void step_token(struct rw_run *run, uint32_t token)
{
    const struct rw_net *net = run->net;
    rw_vector_zero(&run->stream);
    for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
        rw_q_set(rw_vector_at(&run->stream, net->embedding->row[e]), net->embedding->value + e);
    rw_bits_note_vector(&run->bits, &run->stream);
    for (size_t l = 0; l < net->layer_count; l++)
        step_layer(run, l, token);
    rw_vector_zero(&run->outputs);
    rw_matrix_apply(net->readout, &run->stream, &run->outputs);
    rw_bits_note_vector(&run->bits, &run->outputs);
}

void rw_run_step(struct rw_run *run, uint32_t token)
{
    assert(token < rw_alphabet_size(run->net->tokens));
    step_token(run, token);
}

void rw_run_put_state(struct rw_run *run, const struct rw_vector *state)
{
    size_t coordinate = 0;
    for (size_t l = 0; l < run->net->layer_count; l++)
        for (size_t h = 0; h < run->layers[l].head_count; h++) {
            struct rw_vector *of_head = rw_head_run_state(run->layers[l].heads[h]);
            rw_vector_zero(of_head);
            for (size_t i = 0; i < of_head->size; i++, coordinate++)
                if (!rw_q_is_zero(state->value + coordinate))
                    fmpq_set(rw_vector_at(of_head, (uint32_t)i), state->value + coordinate);
        }
}

void rw_run_start(struct rw_run *run)
{
    for (size_t l = 0; l < run->net->layer_count; l++)
        for (size_t h = 0; h < run->layers[l].head_count; h++)
            rw_vector_zero(rw_head_run_state(run->layers[l].heads[h]));
    step_token(run, (uint32_t)rw_alphabet_size(run->net->tokens));
}

void rw_run_copy(struct rw_run *to, const struct rw_run *from)
{
    for (size_t l = 0; l < from->net->layer_count; l++)
        for (size_t h = 0; h < from->layers[l].head_count; h++)
            rw_vector_copy(rw_head_run_state(to->layers[l].heads[h]), rw_head_run_state(from->layers[l].heads[h]));
    rw_vector_copy(&to->outputs, &from->outputs);
    rw_vector_copy(&to->stream, &from->stream);
}

/* --- looking --- */

const fmpq *rw_run_output(const struct rw_run *run, size_t i)
{
    return run->outputs.value + i;
}

bool rw_run_accepts(const struct rw_run *run)
{
    return rw_q_sign(run->outputs.value) > 0;
}

const struct rw_vector *rw_run_state(const struct rw_run *run, size_t layer, size_t head)
{
    return rw_head_run_state(run->layers[layer].heads[head]);
}

const struct rw_vector *rw_run_stream(const struct rw_run *run)
{
    return &run->stream;
}

void rw_run_quantities(const struct rw_run *run, struct rw_vector *quantities)
{
    const struct rw_matrix *relation = run->net->relation->matrix;
    size_t coordinate = 0;
    for (size_t l = 0; l < run->net->layer_count; l++)
        for (size_t h = 0; h < run->layers[l].head_count; h++) {
            const struct rw_vector *state = rw_head_run_state(run->layers[l].heads[h]);
            for (size_t k = 0; k < state->count; k++) {
                uint32_t i = state->touched[k];
                if (rw_q_is_zero(state->value + i))
                    continue;
                for (size_t e = relation->start[coordinate + i]; e < relation->start[coordinate + i + 1]; e++)
                    rw_vector_addmul(quantities, relation->row[e], relation->value + e, state->value + i);
            }
            coordinate += state->size;
        }
}

size_t rw_run_bits(const struct rw_run *run)
{
    return rw_bits_max(&run->bits);
}

void rw_run_bits_reset(struct rw_run *run)
{
    run->bits = (struct rw_bits){0};
}

struct rw_head_run *rw_run_head(const struct rw_run *run, size_t layer, size_t head)
{
    return run->layers[layer].heads[head];
}
