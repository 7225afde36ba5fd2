/* router_run.c - the layers before the last: rows with numbers, inputs with numbers, steps of rows.
 *
 * A(x), B(x) and q(x) come from the families' formulas (linear_head.h), not from the runtime. */
#include "verify/router_run.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "verify/key.h"
#include "verify/linear_head.h"
#include "verify/lookup.h"
#include "verify/numbering.h"
#include "verify/row.h"

/* Vectors that were met: each one's number is its place in the list. */
struct vectors {
    struct rw_numbering numbers;
    struct rw_row *list;
    size_t count, capacity;
};

/* A row of a head for an input of its layer: the next row, and what its outputs add to the stream. */
struct row_step {
    struct step_key {
        uint32_t place, row, input; /* place: of the row in the state */
    } key;
    uint32_t next;
    struct rw_row added;
    struct row_step *before; /* the one that was found before */
    UT_hash_handle hh;
};

/* A head for an input. */
struct prepared {
    struct rw_matrix *transition, *write, *query;
};

struct router_layer {
    const struct rw_layer *weights;
    struct rw_lookup *lookup;  /* NULL: no feed-forward part */
    uint8_t *read;             /* which features the heads read */
    struct vectors inputs;     /* of the heads, features that they read only; the first layer's are the tokens */
    struct prepared *prepared; /* inputs * heads */
    size_t capacity;
};

struct rw_router_run {
    const struct rw_net *net;
    size_t layer_count, rows;
    struct router_layer *layers;
    struct vectors *head_rows; /* one for each head, numbered through */
    struct row_step *steps, *last_step;
    struct rw_vector part; /* the features that a layer reads */
    uint64_t cells, work;
};

/* --- numbers --- */

static uint32_t number_of(struct rw_router_run *run, struct vectors *vectors, struct rw_vector *v)
{
    size_t size;
    bool is_new;
    rw_vector_tidy(v);
    char *key = rw_vector_key(v, &size);
    uint32_t number = rw_numbering_of(&vectors->numbers, key, size, vectors->count, &is_new);
    if (is_new) {
        vectors->list = rw_grow(vectors->list, &vectors->capacity, vectors->count + 1, sizeof *vectors->list);
        vectors->list[vectors->count] = rw_row_of(v);
        run->cells += rw_row_cells(vectors->list + vectors->count++) + size / sizeof(fmpz);
    }
    return number;
}

static void vectors_clear(struct vectors *vectors)
{
    rw_numbering_clear(&vectors->numbers);
    for (size_t i = 0; i < vectors->count; i++)
        rw_row_clear(vectors->list + i);
    free(vectors->list);
}

/* --- making and freeing --- */

static void mark_read(const struct rw_head *head, uint8_t *read)
{
    for (size_t p = 0; p < head->family->param_count(head->dims); p++) {
        const struct rw_matrix *m = head->params[p];
        for (size_t j = 0; j < m->cols && head->family->param(head->dims, p).input; j++)
            read[j] |= m->start[j] < m->start[j + 1];
    }
}

/* Row 0 of each head is the row 0. */
static void add_zero_rows(struct rw_router_run *run)
{
    size_t head = 0;
    for (size_t l = 0; l < run->layer_count; l++)
        for (size_t h = 0; h < run->layers[l].weights->head_count; h++) {
            struct rw_vector zero;
            rw_vector_init(&zero, run->layers[l].weights->heads[h].dims[0]);
            number_of(run, run->head_rows + head++, &zero);
            rw_vector_clear(&zero);
        }
}

struct rw_router_run *rw_router_run_new(const struct rw_net *net)
{
    struct rw_router_run *run = rw_alloc(1, sizeof *run);
    size_t heads = 0;
    run->net = net;
    run->layer_count = net->layer_count - 1;
    run->layers = rw_alloc(run->layer_count, sizeof *run->layers);
    rw_vector_init(&run->part, net->width);
    for (size_t l = 0; l < run->layer_count; l++) {
        struct router_layer *layer = run->layers + l;
        layer->weights = net->layers + l;
        layer->read = rw_alloc(net->width, sizeof *layer->read);
        if (layer->weights->feedforward != NULL)
            layer->lookup = rw_lookup_new(layer->weights->feedforward);
        for (size_t h = 0; h < layer->weights->head_count; h++, heads++) {
            mark_read(layer->weights->heads + h, layer->read);
            run->rows += layer->weights->heads[h].dims[1];
        }
    }
    run->head_rows = rw_alloc(heads, sizeof *run->head_rows);
    add_zero_rows(run);
    return run;
}

static void layer_clear(struct router_layer *layer)
{
    for (size_t i = 0; i < layer->inputs.count * layer->weights->head_count; i++) {
        rw_matrix_free(layer->prepared[i].transition);
        rw_matrix_free(layer->prepared[i].write);
        rw_matrix_free(layer->prepared[i].query);
    }
    free(layer->prepared);
    free(layer->read);
    vectors_clear(&layer->inputs);
    rw_lookup_free(layer->lookup);
}

void rw_router_run_free(struct rw_router_run *run)
{
    if (run == NULL)
        return;
    HASH_CLEAR(hh, run->steps);
    for (struct row_step *step = run->last_step, *before; step != NULL; step = before) {
        before = step->before;
        rw_row_clear(&step->added);
        free(step);
    }
    for (size_t l = 0, head = 0; l < run->layer_count; l++) {
        for (size_t h = 0; h < run->layers[l].weights->head_count; h++)
            vectors_clear(run->head_rows + head++);
        layer_clear(run->layers + l);
    }
    rw_vector_clear(&run->part);
    free(run->head_rows);
    free(run->layers);
    free(run);
}

/* --- one row --- */

/* s <- s A + b */
static void move_row(const struct prepared *head, size_t row, const struct rw_row *from, struct rw_vector *to)
{
    struct rw_vector s;
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    rw_vector_init(&s, to->size);
    rw_row_add_to(from, one, &s);
    rw_matrix_apply_transposed(head->transition, &s, to);
    for (size_t j = 0; j < head->write->cols; j++) {
        const fmpq *b = rw_matrix_entry(head->write, row, j);
        if (b != NULL)
            rw_vector_addmul(to, (uint32_t)j, b, one);
    }
    rw_vector_clear(&s);
    fmpq_clear(one);
}

/* What the outputs s q of row `row` add to the stream. */
static struct rw_row read_row(const struct rw_head *head, const struct rw_matrix *query, size_t row,
                              const struct rw_vector *s)
{
    struct rw_vector outputs, added;
    rw_vector_init(&outputs, head->output->cols);
    rw_vector_init(&added, head->output->rows);
    for (size_t c = 0; c < query->cols; c++)
        for (size_t e = query->start[c]; e < query->start[c + 1]; e++)
            rw_vector_addmul(&outputs, (uint32_t)(row * query->cols + c), s->value + query->row[e], query->value + e);
    rw_matrix_apply(head->output, &outputs, &added);
    rw_vector_tidy(&added);
    struct rw_row result = rw_row_of(&added);
    rw_vector_clear(&outputs);
    rw_vector_clear(&added);
    return result;
}

/* The step of row `row` of head h, whose rows are `rows`. */
static const struct row_step *step_row(struct rw_router_run *run, size_t l, size_t h, size_t row, struct vectors *rows,
                                       struct step_key key)
{
    struct row_step *step;
    HASH_FIND(hh, run->steps, &key, sizeof key, step);
    run->work++;
    if (step != NULL)
        return step;
    struct router_layer *layer = run->layers + l;
    const struct rw_head *head = layer->weights->heads + h;
    const struct prepared *prepared = layer->prepared + key.input * layer->weights->head_count + h;
    struct rw_vector to;
    rw_vector_init(&to, head->dims[0]);
    move_row(prepared, row, rows->list + key.row, &to);
    step = rw_alloc(1, sizeof *step);
    step->key = key;
    step->next = number_of(run, rows, &to);
    step->added = read_row(head, prepared->query, row, &to);
    step->before = run->last_step;
    run->last_step = step;
    HASH_ADD(hh, run->steps, key, sizeof step->key, step);
    run->cells += rw_row_cells(&step->added) + sizeof *step / sizeof(fmpz);
    run->work += rw_matrix_nonzeros(prepared->transition) + rw_matrix_nonzeros(prepared->query);
    rw_vector_clear(&to);
    return step;
}

/* --- one layer --- */

/* The number of what the heads of the layer read; heads are prepared for a new one. */
static uint32_t input_of(struct rw_router_run *run, struct router_layer *layer, const struct rw_vector *stream)
{
    rw_vector_zero(&run->part);
    for (size_t k = 0; k < stream->count; k++)
        if (layer->read[stream->touched[k]])
            rw_q_set(rw_vector_at(&run->part, stream->touched[k]), stream->value + stream->touched[k]);
    size_t known = layer->inputs.count, heads = layer->weights->head_count;
    uint32_t input = number_of(run, &layer->inputs, &run->part);
    if (input < known)
        return input;
    layer->prepared = rw_grow(layer->prepared, &layer->capacity, (known + 1) * heads, sizeof *layer->prepared);
    for (size_t h = 0; h < heads; h++) {
        const struct rw_head *head = layer->weights->heads + h;
        struct prepared *prepared = layer->prepared + known * heads + h;
        *prepared = (struct prepared){rw_linear_transition(head, &run->part), rw_linear_write(head, &run->part),
                                      rw_linear_parameter(head, "query", &run->part)};
        run->cells += rw_matrix_nonzeros(prepared->transition) + rw_matrix_nonzeros(prepared->write) +
                      rw_matrix_nonzeros(prepared->query);
    }
    return input;
}

/* `place` and `head`: of the layer's first row, and its first head. All heads read the same stream. */
static void step_layer(struct rw_router_run *run, size_t l, size_t place, size_t head, uint32_t *rows,
                       struct rw_vector *stream)
{
    struct router_layer *layer = run->layers + l;
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    uint32_t input = input_of(run, layer, stream);
    for (size_t h = 0; h < layer->weights->head_count; h++)
        for (size_t row = 0; row < layer->weights->heads[h].dims[1]; row++, place++) {
            const struct row_step *step =
                step_row(run, l, h, row, run->head_rows + head + h,
                         (struct step_key){.place = (uint32_t)place, .row = rows[place], .input = input});
            rows[place] = step->next;
            rw_row_add_to(&step->added, one, stream);
            run->work += step->added.count;
        }
    if (layer->lookup != NULL)
        rw_lookup_apply(layer->lookup, stream, &run->work);
    fmpq_clear(one);
}

size_t rw_router_run_rows(const struct rw_router_run *run)
{
    return run->rows;
}

void rw_router_run_step(struct rw_router_run *run, uint32_t token, uint32_t *rows, struct rw_vector *stream)
{
    const struct rw_matrix *embedding = run->net->embedding;
    rw_vector_zero(stream);
    for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
        rw_q_set(rw_vector_at(stream, embedding->row[e]), embedding->value + e);
    for (size_t l = 0, place = 0, head = 0; l < run->layer_count; l++) {
        const struct rw_layer *layer = run->net->layers + l;
        step_layer(run, l, place, head, rows, stream);
        for (size_t h = 0; h < layer->head_count; h++)
            place += layer->heads[h].dims[1];
        head += layer->head_count;
    }
}

void rw_router_run_state(const struct rw_router_run *run, const uint32_t *rows, struct rw_vector *state)
{
    size_t place = 0, first = 0, number = 0;
    rw_vector_zero(state);
    for (size_t l = 0; l < run->layer_count; l++)
        for (size_t h = 0; h < run->net->layers[l].head_count; h++, number++) {
            const size_t *dims = run->net->layers[l].heads[h].dims;
            for (size_t i = 0; i < dims[1]; i++, first += dims[0]) {
                const struct rw_row *row = run->head_rows[number].list + rows[place++];
                for (size_t k = 0; k < row->count; k++)
                    rw_q_set(rw_vector_at(state, (uint32_t)first + row->index[k]), row->value + k);
            }
        }
    rw_vector_tidy(state);
}

uint64_t rw_router_run_cells(const struct rw_router_run *run)
{
    return run->cells;
}

uint64_t rw_router_run_work(const struct rw_router_run *run)
{
    return run->work;
}
