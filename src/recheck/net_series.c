/* net_series.c - a network with one layer of linear heads as a weighted automaton.
 *
 * Token t gives the input x; a head does S <- S A(x) + B(x) and puts out S q(x) for each of its queries. On the row
 * z = (all S, 1, output) that is the matrix T_t with
 *   T[S_i][S_j] = A[i][j],  T[1][S_j] = B[j],  T[1][1] = 1,  T[z][output] = T[z][S] r + direct,
 * where r is what output 0 makes of S. Before BOS all states are 0: alpha is the row of 1 in T_BOS. */
#include <stdlib.h>

#include "base/memory.h"
#include "recheck/heads.h"
#include "recheck/series.h"
#include "recheck/step.h"

/* T while it is made. */
struct letter {
    struct rw_builder *t;                /* transposed */
    size_t first, constant, output;      /* first: the net's coordinate that is the first of the layer */
    const struct rw_vector *x, *readout; /* readout: what output 0 makes of each feature */
    struct rw_vector reads;              /* and of each coordinate */
};

/* A place of T_t; and what it adds to the column of the output. */
static void put(struct letter *letter, size_t from, size_t to, const fmpq_t value)
{
    fmpq_t product;
    fmpq_init(product);
    fmpq_mul(product, value, letter->reads.value + to);
    rw_builder_add(letter->t, to, from, value);
    rw_builder_add(letter->t, letter->output, from, product);
    fmpq_clear(product);
}

/* reads[first + i * d_k + j] = sum over c of (readout output)[i * queries + c] q[j][c]. */
static void find_reads(struct letter *letter, const struct rw_recheck_head *head)
{
    size_t queries = head->dims[RW_RECHECK_QUERIES], d_k = head->dims[RW_RECHECK_D_K];
    struct rw_matrix *query = rw_recheck_query(head, letter->x);
    struct rw_vector outputs;
    rw_vector_init(&outputs, head->outputs);
    rw_matrix_apply_transposed(head->output, letter->readout, &outputs);
    for (size_t k = 0; k < outputs.count; k++) {
        size_t i = outputs.touched[k] / queries, c = outputs.touched[k] % queries;
        for (size_t e = query->start[c]; e < query->start[c + 1]; e++)
            rw_vector_addmul(&letter->reads, (uint32_t)(head->first - letter->first + i * d_k + query->row[e]),
                             outputs.value + outputs.touched[k], query->value + e);
    }
    rw_vector_clear(&outputs);
    rw_matrix_free(query);
}

static void put_head(struct letter *letter, const struct rw_recheck_head *head)
{
    size_t d_k = head->dims[RW_RECHECK_D_K], d_v = head->dims[RW_RECHECK_D_V], first = head->first - letter->first;
    struct rw_matrix *a = rw_recheck_transition(head, letter->x), *b = rw_recheck_write(head, letter->x);
    for (size_t j = 0; j < d_k; j++) {
        for (size_t i = 0; i < d_v; i++)
            for (size_t e = a->start[j]; e < a->start[j + 1]; e++)
                put(letter, first + i * d_k + a->row[e], first + i * d_k + j, a->value + e);
        for (size_t e = b->start[j]; e < b->start[j + 1]; e++)
            put(letter, letter->constant, first + b->row[e] * d_k + j, b->value + e);
    }
    rw_matrix_free(a);
    rw_matrix_free(b);
}

struct rw_matrix *rw_recheck_layer_matrix(const struct rw_recheck_layer *layer, const struct rw_vector *x,
                                          const struct rw_vector *readout)
{
    size_t size = layer->coordinates + 2;
    struct letter letter = {rw_builder_new(size, size), layer->first, size - 2, size - 1, x, readout, {0}};
    fmpq_t direct; /* the input reaches the output by itself */
    fmpq_init(direct);
    rw_vector_init(&letter.reads, layer->coordinates);
    for (size_t h = 0; h < layer->heads; h++)
        find_reads(&letter, layer->head + h);
    for (size_t h = 0; h < layer->heads; h++)
        put_head(&letter, layer->head + h);
    for (size_t k = 0; k < x->count; k++)
        fmpq_addmul(direct, x->value + x->touched[k], readout->value + x->touched[k]);
    rw_builder_add(letter.t, letter.output, letter.constant, direct);
    rw_builder_add_int(letter.t, letter.constant, letter.constant, 1);
    fmpq_clear(direct);
    rw_vector_clear(&letter.reads);
    return rw_builder_finish(letter.t);
}

struct rw_vector rw_recheck_readout(const struct rw_recheck_net *net)
{
    struct rw_vector first, readout;
    rw_vector_init(&first, net->outputs);
    rw_vector_init(&readout, net->width);
    if (net->outputs > 0)
        rw_q_set_int(rw_vector_at(&first, 0), 1);
    rw_matrix_apply_transposed(net->readout, &first, &readout);
    rw_vector_clear(&first);
    return readout;
}

/* T_t, transposed. */
static struct rw_matrix *token_matrix(const struct rw_recheck_net *net, size_t token, const struct rw_vector *readout)
{
    struct rw_vector x;
    rw_vector_init(&x, net->width);
    rw_recheck_input(net, token, &x);
    struct rw_matrix *t = rw_recheck_layer_matrix(net->layer, &x, readout);
    rw_vector_clear(&x);
    return t;
}

static struct rw_wfa *automaton(const struct rw_recheck_net *net)
{
    size_t tokens = rw_alphabet_size(net->tokens), constant = net->coordinates;
    struct rw_wfa *wfa = rw_wfa_new(net->coordinates + 2, tokens);
    struct rw_vector readout = rw_recheck_readout(net);
    for (uint32_t token = 0; token < tokens; token++)
        rw_wfa_set_letter(wfa, token, token_matrix(net, token, &readout));
    struct rw_matrix *start = token_matrix(net, tokens, &readout);
    for (size_t e = start->start[constant]; e < start->start[constant + 1]; e++)
        fmpq_set(wfa->alpha + start->row[e], start->value + e);
    rw_q_set_int(wfa->omega + constant + 1, 1);
    rw_matrix_free(start);
    rw_vector_clear(&readout);
    return wfa;
}

/* Why it is no weighted automaton; NULL: it is one. */
static const char *obstacle(const struct rw_recheck_net *net)
{
    if (net->layers != 1 || net->layer->heads == 0)
        return "it does not have one layer of heads";
    if (net->layer->neurons > 0)
        return "it has a feed-forward part";
    for (size_t h = 0; h < net->layer->heads; h++)
        if (!rw_recheck_is_linear(net->layer->head + h))
            return "a head is not linear";
    return net->decision == RW_RECHECK_SIGN || net->padding > 0 ? "its decision is not one that is read here" : NULL;
}

bool rw_recheck_net_series(const struct rw_source *source, const struct rw_limits *limits,
                           struct rw_recheck_series *series, FILE *why)
{
    struct rw_recheck_net *net = rw_recheck_net_read(source, limits, why);
    const char *reason = net == NULL ? NULL : obstacle(net);
    *series = (struct rw_recheck_series){0};
    if (reason != NULL)
        fprintf(why, "the net is no weighted automaton: %s", reason);
    else if (net != NULL)
        *series = (struct rw_recheck_series){automaton(net), net->decision == RW_RECHECK_VALUE,
                                             rw_alphabet_copy(net->tokens)};
    rw_recheck_net_free(net);
    return series->f != NULL;
}

void rw_recheck_series_clear(struct rw_recheck_series *series)
{
    rw_wfa_free(series->f);
    rw_alphabet_free(series->tokens);
}
