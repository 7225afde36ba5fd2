/* blocks_net.c - layers of linear heads and neurons on functions of letters: rnnwit-net(5) has the formulas. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exact/letter_sums.h"
#include "recheck/blocks.h"
#include "recheck/heads.h"

/* --- linear maps --- */

/* y += M x */
static void apply(struct rw_letter_space *space, const struct rw_matrix *m, const struct rw_letters *x,
                  struct rw_letters *y)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1] && x[j].count > 0; e++)
            rw_letters_addmul(space, y + m->row[e], m->value + e, x + j);
}

/* sum += left right; sizes n x m and m x p */
static void add_product(struct rw_letter_space *space, const struct rw_letters *left, const struct rw_letters *right,
                        const size_t sizes[3], struct rw_letters *sum)
{
    for (size_t i = 0; i < sizes[0]; i++)
        for (size_t k = 0; k < sizes[1]; k++)
            for (size_t j = 0; j < sizes[2] && left[i * sizes[1] + k].count > 0; j++)
                rw_letters_add_product(space, sum + i * sizes[2] + j, left + i * sizes[1] + k,
                                       right + k * sizes[2] + j);
}

/* q(x), d_k x queries: linear in x */
static struct rw_letters *query_of(struct rw_letter_space *space, const struct rw_recheck_head *head,
                                   const struct rw_letters *x)
{
    const struct rw_recheck_param *param = rw_recheck_param(head, "query");
    struct rw_letters *query = rw_letters_list_new(rw_product(param->rows, param->cols));
    if (param->input)
        apply(space, param->weights, x, query);
    return query;
}

/* --- what a token does to a head --- */

/* All cases of the letters that A and B depend on, and the features in each: feature j in case c is values[j * count + c]. */
struct cases {
    struct rw_letter_cases letters;
    uint8_t *read; /* features that A or B reads and that are not 0 */
    fmpq *values;
    size_t width;
};

static bool reads(const struct rw_recheck_head *head, size_t feature)
{
    for (const struct rw_recheck_param *p = head->params; p->name != NULL; p++)
        if (p->input && strcmp(p->name, "query") != 0 && p->weights->start[feature + 1] > p->weights->start[feature])
            return true;
    return false;
}

static bool find_cases(struct rw_letter_space *space, const struct rw_recheck_head *head, const struct rw_letters *x,
                       size_t width, struct cases *cases)
{
    bool fits = true;
    *cases = (struct cases){.letters.count = 1, .read = rw_alloc(width, 1), .width = width};
    for (size_t j = 0; j < width && fits; j++) {
        cases->read[j] = x[j].count > 0 && reads(head, j);
        fits = !cases->read[j] || rw_letter_cases_of(space, &cases->letters, x + j);
    }
    size_t count = cases->letters.count;
    if (fits && count > space->most / (head->coordinates + head->dims[RW_RECHECK_D_K] * head->dims[RW_RECHECK_D_K])) {
        space->exceeded = true;
        fits = false;
    }
    if (!fits)
        return false;
    cases->values = rw_q_list_new(rw_product(width, count));
    for (size_t j = 0; j < width; j++)
        if (cases->read[j])
            rw_letters_tabulate(space, x + j, &cases->letters, cases->values + j * count);
    return true;
}

static void free_cases(struct cases *cases)
{
    rw_q_list_free(cases->values, cases->width * cases->letters.count);
    free(cases->read);
}

/* table[entry * count + c] = the matrix in case c */
static void put(const struct rw_matrix *m, size_t c, size_t count, fmpq *table)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            fmpq_set(table + (m->row[e] * m->cols + j) * count + c, m->value + e);
}

static void input_in_case(const struct cases *cases, size_t c, struct rw_vector *x)
{
    rw_vector_zero(x);
    for (size_t j = 0; j < cases->width; j++)
        if (cases->read[j] && !rw_q_is_zero(cases->values + j * cases->letters.count + c))
            fmpq_set(rw_vector_at(x, (uint32_t)j), cases->values + j * cases->letters.count + c);
}

/* A(x) and B(x), from the formulas on numbers; all entries 0 before. */
static void find_moves(struct rw_letter_space *space, const struct rw_recheck_head *head, const struct rw_letters *x,
                       size_t width, struct rw_block_moves *moves)
{
    size_t d_k = head->dims[RW_RECHECK_D_K], entries = d_k * d_k + head->coordinates;
    struct cases cases;
    struct rw_vector input;
    moves->a = rw_letters_list_new(d_k * d_k);
    moves->b = rw_letters_list_new(head->coordinates);
    if (find_cases(space, head, x, width, &cases)) {
        size_t count = cases.letters.count;
        fmpq *table = rw_q_list_new(entries * count);
        rw_vector_init(&input, width);
        for (size_t c = 0; c < count; c++) {
            input_in_case(&cases, c, &input);
            struct rw_matrix *a = rw_recheck_transition(head, &input), *b = rw_recheck_write(head, &input);
            put(a, c, count, table);
            put(b, c, count, table + d_k * d_k * count);
            rw_matrix_free(a);
            rw_matrix_free(b);
        }
        for (size_t i = 0; i < entries; i++)
            rw_letters_interpolate(space, i < d_k * d_k ? moves->a + i : moves->b + (i - d_k * d_k), &cases.letters,
                                   table + i * count);
        rw_q_list_free(table, entries * count);
        rw_vector_clear(&input);
    }
    free_cases(&cases);
}

static void free_moves(const struct rw_recheck_head *head, struct rw_block_moves *moves)
{
    size_t d_k = head->dims[RW_RECHECK_D_K];
    rw_letters_list_free(moves->a, d_k * d_k);
    rw_letters_list_free(moves->b, head->coordinates);
    *moves = (struct rw_block_moves){0};
}

/* --- layers --- */

/* state <- state A + B, and what is put out into the stream */
static void run_head(struct rw_block_net *run, const struct rw_recheck_head *head, const struct rw_letters *x)
{
    size_t d_k = head->dims[RW_RECHECK_D_K], d_v = head->dims[RW_RECHECK_D_V], queries = head->dims[RW_RECHECK_QUERIES];
    struct rw_block_moves moves;
    struct rw_letters *state = run->states + head->first, *query = query_of(run->space, head, x);
    struct rw_letters *out = rw_letters_list_new(head->outputs);
    find_moves(run->space, head, x, run->net->width, &moves);
    add_product(run->space, state, moves.a, (const size_t[]){d_v, d_k, d_k}, moves.b);
    for (size_t i = 0; i < head->coordinates; i++)
        rw_letters_swap(state + i, moves.b + i);
    add_product(run->space, state, query, (const size_t[]){d_v, d_k, queries}, out);
    apply(run->space, head->output, out, run->stream);
    rw_letters_list_free(out, head->outputs);
    rw_letters_list_free(query, d_k * queries);
    free_moves(head, &moves);
}

/* What neuron n has before its ReLU. */
static void before_relu(struct rw_letter_space *space, const struct rw_recheck_layer *layer,
                        const struct rw_matrix *reads, size_t n, const struct rw_letters *x, struct rw_letters *f)
{
    const fmpq *bias = rw_matrix_entry(layer->bias, n, 0);
    for (size_t e = reads->start[n]; e < reads->start[n + 1]; e++)
        rw_letters_addmul(space, f, reads->value + e, x + reads->row[e]);
    if (bias != NULL)
        rw_letters_add_constant(space, f, bias);
}

/* Whether neuron n may be above 0, as far as the bounds of each feature alone tell. */
static bool may_fire(const struct rw_recheck_layer *layer, const struct rw_matrix *reads, size_t n, const fmpq *bounds)
{
    const fmpq *bias = rw_matrix_entry(layer->bias, n, 0);
    fmpq_t most;
    fmpq_init(most);
    if (bias != NULL)
        fmpq_set(most, bias);
    for (size_t e = reads->start[n]; e < reads->start[n + 1]; e++)
        rw_q_addmul(most, reads->value + e, bounds + (size_t)2 * reads->row[e] + (rw_q_sign(reads->value + e) > 0));
    bool may = rw_q_sign(most) > 0;
    fmpq_clear(most);
    return may;
}

static void run_neurons(struct rw_block_net *run, const struct rw_recheck_layer *layer, const struct rw_matrix *reads)
{
    size_t width = run->net->width;
    struct rw_letter_sums *sums = rw_letter_sums_new(run->space, width);
    fmpq *bounds = rw_q_list_new(2 * width); /* the low one, then the high one, of each feature */
    for (size_t j = 0; j < width; j++)
        rw_letters_bounds(run->space, run->stream + j, bounds + 2 * j, bounds + 2 * j + 1);
    for (size_t n = 0; n < layer->neurons && !run->space->exceeded; n++) {
        struct rw_letters f = {0};
        size_t first = layer->out->start[n], count = layer->out->start[n + 1] - first;
        if (count == 0 || !may_fire(layer, reads, n, bounds))
            continue;
        before_relu(run->space, layer, reads, n, run->stream, &f);
        rw_letter_sums_add_relu(sums, &f, layer->out->row + first, layer->out->value + first, count);
    }
    rw_letter_sums_finish(sums, run->stream);
    rw_letter_sums_free(sums);
    rw_q_list_free(bounds, 2 * width);
}

/* From the input in the stream to what the last layer does. */
static void read_input(struct rw_block_net *run)
{
    size_t width = run->net->width;
    for (size_t l = 0; l + 1 < run->net->layers && !run->space->exceeded; l++) {
        const struct rw_recheck_layer *layer = run->net->layer + l;
        struct rw_letters *x = rw_letters_list_new(width);
        for (size_t j = 0; j < width; j++)
            rw_letters_set(x + j, run->stream + j);
        for (size_t h = 0; h < layer->heads; h++)
            run_head(run, layer->head + h, x);
        if (run->reads[l] != NULL)
            run_neurons(run, layer, run->reads[l]);
        rw_letters_list_free(x, width);
    }
    for (size_t h = 0; h < run->last->heads; h++) {
        free_moves(run->last->head + h, run->moves + h);
        find_moves(run->space, run->last->head + h, run->stream, width, run->moves + h);
    }
}

/* --- from outside --- */

void rw_block_net_init(struct rw_block_net *run, const struct rw_recheck_net *net, struct rw_letter_space *space)
{
    *run = (struct rw_block_net){.net = net, .last = net->layer + (net->layers - 1), .space = space};
    run->stream = rw_letters_list_new(net->width);
    run->state_count = run->last->first;
    run->states = rw_letters_list_new(run->state_count);
    run->moves = rw_alloc(run->last->heads, sizeof *run->moves);
    run->reads = rw_alloc(net->layers, sizeof(struct rw_matrix *));
    for (size_t l = 0; l < net->layers; l++)
        if (net->layer[l].in != NULL)
            run->reads[l] = rw_matrix_transpose(net->layer[l].in);
}

void rw_block_net_clear(struct rw_block_net *run)
{
    rw_letters_list_free(run->stream, run->net->width);
    rw_letters_list_free(run->states, run->state_count);
    for (size_t h = 0; h < run->last->heads; h++)
        free_moves(run->last->head + h, run->moves + h);
    for (size_t l = 0; l < run->net->layers; l++)
        rw_matrix_free(run->reads[l]);
    free(run->moves);
    free(run->reads);
}

void rw_block_net_token(struct rw_block_net *run, size_t token)
{
    const struct rw_matrix *embedding = run->net->embedding;
    for (size_t j = 0; j < run->net->width; j++)
        rw_letters_clear(run->stream + j);
    for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
        rw_letters_add_constant(run->space, run->stream + embedding->row[e], embedding->value + e);
    read_input(run);
}

void rw_block_net_letter(struct rw_block_net *run)
{
    const fmpq **values = rw_alloc(run->space->symbols, sizeof(const fmpq *));
    for (size_t j = 0; j < run->net->width; j++) {
        rw_letters_clear(run->stream + j);
        for (size_t s = 0; s < run->space->symbols; s++)
            values[s] = rw_matrix_entry(run->net->embedding, j, s);
        rw_letters_add_letter(run->space, run->stream + j, run->place, values);
    }
    free(values);
    run->place++;
    read_input(run);
}

/* Row 0 of the readout. */
static void read_row(const struct rw_matrix *readout, struct rw_vector *row)
{
    rw_vector_init(row, readout->cols);
    for (size_t j = 0; j < readout->cols; j++) {
        const fmpq *value = rw_matrix_entry(readout, 0, j);
        if (value != NULL)
            fmpq_set(rw_vector_at(row, (uint32_t)j), value);
    }
}

static void add_reads(struct rw_block_net *run, const struct rw_recheck_head *head, const struct rw_vector *readout,
                      struct rw_letters *reads)
{
    size_t d_k = head->dims[RW_RECHECK_D_K], queries = head->dims[RW_RECHECK_QUERIES];
    struct rw_letters *query = query_of(run->space, head, run->stream);
    struct rw_vector outputs;
    rw_vector_init(&outputs, head->outputs);
    rw_matrix_apply_transposed(head->output, readout, &outputs);
    for (size_t o = 0; o < head->outputs; o++)
        for (size_t k = 0; k < d_k && !rw_q_is_zero(outputs.value + o); k++)
            rw_letters_addmul(run->space, reads + o / queries * d_k + k, outputs.value + o,
                              query + k * queries + o % queries);
    rw_vector_clear(&outputs);
    rw_letters_list_free(query, d_k * queries);
}

/* Whether what the last layer's heads put out reaches neuron n. */
static bool reads_heads(const struct rw_block_net *run, size_t n)
{
    const struct rw_matrix *reads = run->reads[run->net->layers - 1];
    struct rw_vector row, outputs;
    bool any = false;
    rw_vector_init(&row, run->net->width);
    for (size_t e = reads->start[n]; e < reads->start[n + 1]; e++)
        fmpq_set(rw_vector_at(&row, reads->row[e]), reads->value + e);
    for (size_t h = 0; h < run->last->heads; h++) {
        rw_vector_init(&outputs, run->last->head[h].outputs);
        rw_matrix_apply_transposed(run->last->head[h].output, &row, &outputs);
        for (size_t k = 0; k < outputs.count; k++)
            any = any || !rw_q_is_zero(outputs.value + outputs.touched[k]);
        rw_vector_clear(&outputs);
    }
    rw_vector_clear(&row);
    return any;
}

static bool add_neurons(struct rw_block_net *run, const struct rw_vector *readout, struct rw_letters *direct)
{
    const struct rw_recheck_layer *last = run->last;
    bool good = true;
    fmpq_t weight;
    fmpq_init(weight);
    for (size_t n = 0; n < last->neurons && good; n++) {
        struct rw_letters f = {0};
        fmpq_zero(weight);
        for (size_t e = last->out->start[n]; e < last->out->start[n + 1]; e++)
            fmpq_addmul(weight, last->out->value + e, readout->value + last->out->row[e]);
        if (rw_q_is_zero(weight))
            continue;
        good = !reads_heads(run, n);
        before_relu(run->space, last, run->reads[run->net->layers - 1], n, run->stream, &f);
        rw_letters_relu(run->space, &f);
        rw_letters_addmul(run->space, direct, weight, &f);
        rw_letters_clear(&f);
    }
    fmpq_clear(weight);
    return good;
}

bool rw_block_net_output(struct rw_block_net *run, struct rw_letters *direct, struct rw_letters *reads)
{
    struct rw_vector readout;
    read_row(run->net->readout, &readout);
    for (size_t k = 0; k < readout.count; k++)
        rw_letters_addmul(run->space, direct, readout.value + readout.touched[k], run->stream + readout.touched[k]);
    for (size_t h = 0; h < run->last->heads; h++)
        add_reads(run, run->last->head + h, &readout, reads + (run->last->head[h].first - run->last->first));
    bool good = run->last->in == NULL || add_neurons(run, &readout, direct);
    rw_vector_clear(&readout);
    return good;
}
