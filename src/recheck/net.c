/* net.c - a net file with one layer of linear heads as a weighted automaton.
 *
 * rnnwit-net(5) says what each key means. Token t gives the input x; a head does S <- S A(x) + B(x) and puts out S q(x)
 * for each of its queries. On the row z = (all S, 1, output) that is the matrix T_t with
 *   T[S_i][S_j] = A[i][j],  T[1][S_j] = B[j],  T[1][1] = 1,  T[z][output] = T[z][S] r + direct,
 * where r is what output 0 makes of S. Before BOS all states are 0: alpha is the row of 1 in T_BOS. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/reader.h"
#include "recheck/series.h"

bool rw_recheck_refuse(struct rw_recheck_reader *r, const char *what)
{
    if (r->good)
        fprintf(r->why, "the net file cannot be read: %s", what);
    r->good = false;
    return false;
}

struct rw_matrix *rw_recheck_entries(struct rw_recheck_reader *r, const json_t *list, size_t indices,
                                     const size_t *bounds, size_t rows, size_t cols)
{
    if (!json_is_array(list) || rows > UINT32_MAX || cols > r->limits->nonzeros) {
        rw_recheck_refuse(r, "a list of entries is missing, or too large");
        return NULL;
    }
    struct rw_builder *builder = rw_builder_new(rows, cols);
    fmpq_t value;
    size_t e;
    const json_t *entry;
    fmpq_init(value);
    json_array_foreach(list, e, entry)
    {
        size_t at[3] = {0};
        for (size_t k = 0; k < indices; k++) {
            const json_t *index = json_array_get(entry, k);
            if (!json_is_integer(index) || json_integer_value(index) < 0 ||
                (uint64_t)json_integer_value(index) >= bounds[k])
                rw_recheck_refuse(r, "an entry has an index out of range");
            else
                at[k] = (size_t)json_integer_value(index);
        }
        const char *text = json_string_value(json_array_get(entry, indices));
        if (json_array_size(entry) != indices + 1 || text == NULL ||
            !rw_q_parse(value, text, strlen(text), r->limits->number_digits) || rw_q_is_zero(value))
            rw_recheck_refuse(r, "an entry has no number");
        else if (r->good)
            rw_builder_add(builder, indices == 3 ? at[0] * bounds[1] + at[1] : at[0],
                           indices == 1 ? 0 : at[indices - 1], value);
    }
    fmpq_clear(value);
    struct rw_matrix *matrix = rw_builder_finish(builder);
    if (r->good && rw_matrix_nonzeros(matrix) != json_array_size(list))
        rw_recheck_refuse(r, "two entries stand in one place");
    return matrix;
}

struct rw_matrix *rw_recheck_matrix(struct rw_recheck_reader *r, const json_t *list, size_t rows, size_t cols)
{
    return rw_recheck_entries(r, list, 2, (size_t[]){rows, cols}, rows, cols);
}

/* --- heads --- */

enum { MOST_PARAMS = 7 };

struct family {
    const char *name;
    /* for each parameter its name and the dims of its shape: 'k' d_k, 'v' d_v, 'q' queries, 'r' rank, '1' */
    struct {
        const char *name;
        char rows, cols;
    } params[MOST_PARAMS];
};

static const struct family families[] = {
    {"pd", {{"query", 'k', 'q'}, {"transition", 'k', 'k'}, {"write", 'v', 'k'}}},
    {"dplr", {{"query", 'k', 'q'}, {"decay", 'k', '1'}, {"left", 'k', 'r'}, {"right", 'k', 'r'}, {"write", 'v', 'k'}}},
};
enum { QUERY, TRANSITION, WRITE, DECAY = 1, LEFT, RIGHT, DPLR_WRITE };

struct head {
    const struct family *family;
    size_t d_k, d_v, queries, rank, first; /* first: its first coordinate */
    struct rw_matrix *params[MOST_PARAMS], *output;
};

static size_t read_size(struct rw_recheck_reader *r, const json_t *dims, const char *key)
{
    json_int_t size = json_integer_value(json_object_get(dims, key));
    bool rank = strcmp(key, "r") == 0; /* which alone may be 0 */
    if (size < !rank || !json_is_integer(json_object_get(dims, key)) || size > 1 << 24) {
        rw_recheck_refuse(r, "a head has no such dims");
        return 1;
    }
    return (size_t)size;
}

static size_t size_of(const struct head *head, char dim)
{
    return dim == 'k' ? head->d_k : dim == 'v' ? head->d_v : dim == 'q' ? head->queries : dim == 'r' ? head->rank : 1;
}

static void read_params(struct rw_recheck_reader *r, const json_t *params, size_t width, struct head *head)
{
    for (size_t p = 0; p < MOST_PARAMS && head->family->params[p].name != NULL && r->good; p++) {
        size_t rows = size_of(head, head->family->params[p].rows), cols = size_of(head, head->family->params[p].cols);
        const json_t *list = json_object_get(params, head->family->params[p].name);
        bool vector = cols == 1; /* j is left out */
        const size_t bounds[] = {rows, vector ? width : cols, width};
        head->params[p] = rw_recheck_entries(r, list, vector ? 2 : 3, bounds, rows * cols, width);
    }
}

static void read_head(struct rw_recheck_reader *r, const json_t *json, size_t width, struct head *head)
{
    const char *family = json_string_value(json_object_get(json, "family"));
    const json_t *dims = json_object_get(json, "dims");
    for (size_t i = 0; family != NULL && i < sizeof families / sizeof *families; i++)
        if (strcmp(families[i].name, family) == 0)
            head->family = families + i;
    if (head->family == NULL) {
        rw_recheck_refuse(r, "a head is of a family that is not read here (pd and dplr are)");
        return;
    }
    head->d_k = read_size(r, dims, "d_k");
    head->d_v = read_size(r, dims, "d_v");
    head->queries = read_size(r, dims, "queries");
    head->rank = head->family->params[LEFT].cols == 'r' ? read_size(r, dims, "r") : 1;
    if (json_array_size(json_object_get(json, "coordinates")) != head->d_k * head->d_v)
        rw_recheck_refuse(r, "a head's coordinates do not fit its dims");
    if (r->good)
        read_params(r, json_object_get(json, "params"), width, head);
    if (r->good)
        head->output = rw_recheck_matrix(r, json_object_get(json, "output"), width, head->d_v * head->queries);
}

/* --- one token --- */

/* A parameter for the input x: value (i, j) is the sum of entry (i * cols + j, f) x[f]. */
static struct rw_matrix *evaluate(const struct rw_matrix *param, size_t rows, size_t cols, const struct rw_vector *x)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    fmpq_t product;
    fmpq_init(product);
    for (size_t k = 0; k < x->count; k++)
        for (size_t e = param->start[x->touched[k]]; e < param->start[x->touched[k] + 1]; e++) {
            fmpq_mul(product, param->value + e, x->value + x->touched[k]);
            rw_builder_add(builder, param->row[e] / cols, param->row[e] % cols, product);
        }
    fmpq_clear(product);
    return rw_builder_finish(builder);
}

static struct rw_matrix *parameter(const struct head *head, size_t p, const struct rw_vector *x)
{
    return evaluate(head->params[p], size_of(head, head->family->params[p].rows),
                    size_of(head, head->family->params[p].cols), x);
}

/* A(x): for dplr diag(decay) - left right^T. */
static struct rw_matrix *transition(const struct head *head, const struct rw_vector *x)
{
    if (head->family == families)
        return parameter(head, TRANSITION, x);
    struct rw_matrix *decay = parameter(head, DECAY, x), *left = parameter(head, LEFT, x);
    struct rw_matrix *right = parameter(head, RIGHT, x);
    struct rw_builder *builder = rw_builder_new(head->d_k, head->d_k);
    fmpq_t product;
    fmpq_init(product);
    for (size_t e = 0; e < rw_matrix_nonzeros(decay); e++)
        rw_builder_add(builder, decay->row[e], decay->row[e], decay->value + e);
    for (size_t c = 0; c < head->rank; c++)
        for (size_t i = left->start[c]; i < left->start[c + 1]; i++)
            for (size_t j = right->start[c]; j < right->start[c + 1]; j++) {
                fmpq_mul(product, left->value + i, right->value + j);
                fmpq_neg(product, product);
                rw_builder_add(builder, left->row[i], right->row[j], product);
            }
    fmpq_clear(product);
    rw_matrix_free(decay);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return rw_builder_finish(builder);
}

struct net {
    size_t width, tokens, heads, coordinates;
    struct head *head;
    struct rw_matrix *embedding, *readout;
};

/* A place of T_t; and what it adds to the column of the output. */
static void put(struct rw_builder *t, const struct net *net, size_t from, size_t to, const fmpq_t value,
                const struct rw_vector *reads)
{
    fmpq_t product;
    fmpq_init(product);
    fmpq_mul(product, value, reads->value + to);
    rw_builder_add(t, to, from, value); /* transposed */
    rw_builder_add(t, net->coordinates + 1, from, product);
    fmpq_clear(product);
}

/* reads[first + i * d_k + j] = sum over c of (readout output)[i * queries + c] q[j][c]. */
static void find_reads(const struct head *head, const struct rw_vector *readout, const struct rw_vector *x,
                       struct rw_vector *reads)
{
    struct rw_matrix *query = parameter(head, QUERY, x);
    struct rw_vector outputs;
    rw_vector_init(&outputs, head->d_v * head->queries);
    rw_matrix_apply_transposed(head->output, readout, &outputs);
    for (size_t o = 0; o < outputs.size; o++)
        for (size_t e = query->start[o % head->queries]; e < query->start[o % head->queries + 1]; e++)
            rw_vector_addmul(reads, (uint32_t)(head->first + o / head->queries * head->d_k + query->row[e]),
                             outputs.value + o, query->value + e);
    rw_vector_clear(&outputs);
    rw_matrix_free(query);
}

static void put_head(struct rw_builder *t, const struct net *net, const struct head *head, const struct rw_vector *x,
                     const struct rw_vector *reads)
{
    struct rw_matrix *a = transition(head, x), *b = parameter(head, head->family == families ? WRITE : DPLR_WRITE, x);
    for (size_t j = 0; j < head->d_k; j++) {
        for (size_t i = 0; i < head->d_v; i++)
            for (size_t e = a->start[j]; e < a->start[j + 1]; e++)
                put(t, net, head->first + i * head->d_k + a->row[e], head->first + i * head->d_k + j, a->value + e,
                    reads);
        for (size_t e = b->start[j]; e < b->start[j + 1]; e++)
            put(t, net, net->coordinates, head->first + b->row[e] * head->d_k + j, b->value + e, reads);
    }
    rw_matrix_free(a);
    rw_matrix_free(b);
}

/* T_t, transposed. */
static struct rw_matrix *token_matrix(const struct net *net, size_t token)
{
    struct rw_builder *t = rw_builder_new(net->coordinates + 2, net->coordinates + 2);
    struct rw_vector x, reads, readout, first;
    rw_vector_init(&x, net->width);
    rw_vector_init(&reads, net->coordinates);
    rw_vector_init(&readout, net->width);
    rw_vector_init(&first, net->readout->rows);
    rw_q_set_int(rw_vector_at(&first, 0), 1);
    rw_matrix_apply_transposed(net->readout, &first, &readout);
    for (size_t e = net->embedding->start[token]; e < net->embedding->start[token + 1]; e++)
        fmpq_set(rw_vector_at(&x, net->embedding->row[e]), net->embedding->value + e);
    for (size_t h = 0; h < net->heads; h++)
        find_reads(net->head + h, &readout, &x, &reads);
    for (size_t h = 0; h < net->heads; h++)
        put_head(t, net, net->head + h, &x, &reads);
    fmpq_t direct; /* the input reaches the output by itself */
    fmpq_init(direct);
    for (size_t f = 0; f < net->width; f++)
        fmpq_addmul(direct, x.value + f, readout.value + f);
    rw_builder_add(t, net->coordinates + 1, net->coordinates, direct);
    rw_builder_add_int(t, net->coordinates, net->coordinates, 1);
    fmpq_clear(direct);
    rw_vector_clear(&x);
    rw_vector_clear(&reads);
    rw_vector_clear(&readout);
    rw_vector_clear(&first);
    return rw_builder_finish(t);
}

/* --- the file --- */

static void read_tokens(struct rw_recheck_reader *r, const json_t *list, struct rw_recheck_series *series)
{
    size_t i;
    const json_t *token;
    json_array_foreach(list, i,
                       token) if (!json_is_string(token) || !rw_alphabet_add(series->tokens, json_string_value(token)))
        rw_recheck_refuse(r, "its tokens are not distinct names");
}

static void read_layer(struct rw_recheck_reader *r, const json_t *root, struct net *net)
{
    const json_t *layers = json_object_get(root, "layers"), *layer = json_array_get(layers, 0);
    const json_t *heads = json_object_get(layer, "heads"), *after = json_object_get(layer, "feedforward");
    if (json_array_size(layers) != 1 || json_array_size(heads) == 0)
        rw_recheck_refuse(r, "it does not have one layer of heads");
    else if (!json_is_null(after) && json_array_size(json_object_get(after, "neurons")) > 0)
        rw_recheck_refuse(r, "it has a feed-forward part");
    net->heads = json_array_size(heads);
    net->head = rw_alloc(net->heads, sizeof *net->head);
    for (size_t h = 0; h < net->heads && r->good; h++) {
        net->head[h].first = net->coordinates;
        read_head(r, json_array_get(heads, h), net->width, net->head + h);
        net->coordinates += net->head[h].d_k * net->head[h].d_v;
    }
}

static void read_net(struct rw_recheck_reader *r, const json_t *root, struct net *net, struct rw_recheck_series *series)
{
    const json_t *readout = json_object_get(root, "readout");
    const char *decision = json_string_value(json_object_get(root, "decision"));
    size_t outputs = json_array_size(json_object_get(readout, "outputs"));
    read_tokens(r, json_object_get(root, "tokens"), series);
    net->tokens = rw_alphabet_size(series->tokens);
    net->width = json_array_size(json_object_get(root, "features"));
    if (json_integer_value(json_object_get(root, "rnnwit-net")) != 1)
        rw_recheck_refuse(r, "it is not a net file of format 1");
    if (decision == NULL || (strcmp(decision, "positive") != 0 && strcmp(decision, "value") != 0) || outputs == 0 ||
        json_object_get(root, "padding") != NULL)
        rw_recheck_refuse(r, "its decision is not one that is read here");
    series->values = decision != NULL && strcmp(decision, "value") == 0;
    net->embedding = rw_recheck_matrix(r, json_object_get(root, "embedding"), net->width, net->tokens + 1);
    net->readout = rw_recheck_matrix(r, json_object_get(readout, "entries"), outputs, net->width);
    if (r->good)
        read_layer(r, root, net);
}

static struct rw_wfa *automaton(const struct net *net)
{
    struct rw_wfa *wfa = rw_wfa_new(net->coordinates + 2, net->tokens);
    for (uint32_t token = 0; token < net->tokens; token++)
        rw_wfa_set_letter(wfa, token, token_matrix(net, token));
    struct rw_matrix *start = token_matrix(net, net->tokens);
    for (size_t e = start->start[net->coordinates]; e < start->start[net->coordinates + 1]; e++)
        fmpq_set(wfa->alpha + start->row[e], start->value + e);
    rw_q_set_int(wfa->omega + net->coordinates + 1, 1);
    rw_matrix_free(start);
    return wfa;
}

static void free_net(struct net *net)
{
    for (size_t h = 0; net->head != NULL && h < net->heads; h++) {
        for (size_t p = 0; p < MOST_PARAMS; p++)
            rw_matrix_free(net->head[h].params[p]);
        rw_matrix_free(net->head[h].output);
    }
    free(net->head);
    rw_matrix_free(net->embedding);
    rw_matrix_free(net->readout);
}

bool rw_recheck_net(const struct rw_source *source, const struct rw_limits *limits, struct rw_recheck_series *series,
                    FILE *why)
{
    struct rw_recheck_reader r = {limits, why, true};
    struct net net = {0};
    json_error_t error;
    *series = (struct rw_recheck_series){.tokens = rw_alphabet_new()};
    json_t *root = json_loadb(source->text, source->size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        rw_recheck_refuse(&r, error.text);
    else
        read_net(&r, root, &net, series);
    if (r.good)
        series->f = automaton(&net);
    free_net(&net);
    json_decref(root);
    return r.good;
}

void rw_recheck_series_clear(struct rw_recheck_series *series)
{
    rw_wfa_free(series->f);
    rw_alphabet_free(series->tokens);
}
