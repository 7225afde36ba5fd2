/* linear.c - the weighted automaton of a linear network (theory V3; converse of Theorems 8 and 9).
 *
 * z_w = (state after w, 1, output after w). Reading token t with input x, each head does S <- S A(x) + B(x) and puts
 * out S q(x), so z_{wt} = z_w T_t with A(x) and B(x) in the rows of the state and of the constant 1, and their products
 * with q(x) in the column of the output. The output is a coordinate of its own because q depends on the token with
 * which the state is read. The weights are evaluated here from the families' formulas, not by the runtime: the argument
 * is about the network as it is defined. */
#include "verify/linear.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- parameters for one input --- */

/* The tensor of one parameter for the input x, as a rows x cols matrix. */
static struct rw_matrix *evaluate(const struct rw_head *head, const char *name, const struct rw_vector *x)
{
    const struct rw_family *family = head->family;
    size_t p = 0;
    while (strcmp(family->param(head->dims, p).name, name) != 0)
        p++;
    struct rw_param_shape shape = family->param(head->dims, p);
    const struct rw_matrix *weights = head->params[p];
    if (!shape.input)
        return rw_matrix_copy(weights);
    struct rw_builder *tensor = rw_builder_new(shape.rows, shape.cols);
    fmpq_t term;
    fmpq_init(term);
    for (size_t k = 0; k < x->count; k++) {
        uint32_t j = x->touched[k];
        for (size_t e = weights->start[j]; e < weights->start[j + 1]; e++) {
            fmpq_mul(term, weights->value + e, x->value + j);
            rw_builder_add(tensor, weights->row[e] / shape.cols, weights->row[e] % shape.cols, term);
        }
    }
    fmpq_clear(term);
    return rw_builder_finish(tensor);
}

static struct rw_matrix *pd_transition(const struct rw_head *head, const struct rw_vector *x)
{
    return evaluate(head, "transition", x);
}

static struct rw_matrix *given_write(const struct rw_head *head, const struct rw_vector *x)
{
    return evaluate(head, "write", x);
}

/* sum += factor * (column c of left) (column d of right)^T */
static void add_outer(struct rw_builder *sum, const struct rw_matrix *left, size_t c, const struct rw_matrix *right,
                      size_t d, const fmpq_t factor)
{
    fmpq_t term;
    fmpq_init(term);
    for (size_t e = left->start[c]; e < left->start[c + 1]; e++)
        for (size_t f = right->start[d]; f < right->start[d + 1]; f++) {
            fmpq_mul(term, left->value + e, right->value + f);
            fmpq_mul(term, term, factor);
            rw_builder_add(sum, left->row[e], right->row[f], term);
        }
    fmpq_clear(term);
}

/* A matrix whose diagonal is the given column; more is added by the caller. */
static struct rw_builder *diagonal(const struct rw_matrix *column)
{
    struct rw_builder *sum = rw_builder_new(column->rows, column->rows);
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++)
        rw_builder_add(sum, column->row[e], column->row[e], column->value + e);
    return sum;
}

/* diag(decay) - left right^T */
static struct rw_matrix *dplr_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *decay = evaluate(head, "decay", x);
    struct rw_matrix *left = evaluate(head, "left", x), *right = evaluate(head, "right", x);
    struct rw_builder *sum = diagonal(decay);
    fmpq_t minus_one;
    fmpq_init(minus_one);
    fmpq_set_si(minus_one, -1, 1);
    for (size_t c = 0; c < left->cols; c++)
        add_outer(sum, left, c, right, c, minus_one);
    fmpq_clear(minus_one);
    rw_matrix_free(decay);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return rw_builder_finish(sum);
}

/* diag(w) - lambda kappa (a o kappa)^T */
static struct rw_matrix *rwkv7_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *w = evaluate(head, "decay", x), *kappa = evaluate(head, "kappa", x);
    struct rw_matrix *a = evaluate(head, "rate", x), *lambda = evaluate(head, "lambda", x);
    struct rw_builder *sum = diagonal(w), *product = rw_builder_new(kappa->rows, 1);
    fmpq_t term;
    fmpq_init(term);
    for (size_t e = 0; e < rw_matrix_nonzeros(kappa); e++) {
        const fmpq *rate = rw_matrix_entry(a, kappa->row[e], 0);
        if (rate == NULL)
            continue;
        fmpq_mul(term, rate, kappa->value + e);
        rw_builder_add(product, kappa->row[e], 0, term);
    }
    struct rw_matrix *a_kappa = rw_builder_finish(product);
    if (rw_matrix_nonzeros(lambda) > 0) {
        fmpq_neg(term, lambda->value);
        add_outer(sum, kappa, 0, a_kappa, 0, term);
    }
    fmpq_clear(term);
    rw_matrix_free(w);
    rw_matrix_free(kappa);
    rw_matrix_free(a);
    rw_matrix_free(lambda);
    rw_matrix_free(a_kappa);
    return rw_builder_finish(sum);
}

/* v key^T */
static struct rw_matrix *rwkv7_write(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *value = evaluate(head, "value", x), *key = evaluate(head, "key", x);
    struct rw_builder *write = rw_builder_new(value->rows, key->rows);
    fmpq_t one;
    fmpq_init(one);
    fmpq_set_si(one, 1, 1);
    add_outer(write, value, 0, key, 0, one);
    fmpq_clear(one);
    rw_matrix_free(value);
    rw_matrix_free(key);
    return rw_builder_finish(write);
}

/* One row of S through all the delta steps: s <- s - beta (s k - v) k^T. `row` of v; NULL: v is 0. */
static void delta_row(const struct rw_matrix *key, const struct rw_matrix *value, const struct rw_matrix *beta,
                      size_t row, struct rw_vector *s)
{
    fmpq_t d;
    fmpq_init(d);
    for (size_t c = 0; c < key->cols; c++) {
        const fmpq *rate = rw_matrix_entry(beta, 0, c), *v = value == NULL ? NULL : rw_matrix_entry(value, row, c);
        fmpq_zero(d);
        for (size_t e = key->start[c]; e < key->start[c + 1]; e++)
            fmpq_submul(d, s->value + key->row[e], key->value + e);
        if (v != NULL)
            fmpq_add(d, d, v);
        if (rate == NULL || rw_q_is_zero(d))
            continue;
        fmpq_mul(d, d, rate);
        for (size_t e = key->start[c]; e < key->start[c + 1]; e++)
            rw_vector_addmul(s, key->row[e], d, key->value + e);
    }
    fmpq_clear(d);
}

static void add_row(struct rw_builder *to, size_t row, const struct rw_vector *s)
{
    for (size_t k = 0; k < s->count; k++)
        rw_builder_add(to, row, s->touched[k], s->value + s->touched[k]);
}

/* The product of I - beta k k^T: what becomes of each unit row without v. */
static struct rw_matrix *delta_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *key = evaluate(head, "key", x), *beta = evaluate(head, "beta", x);
    struct rw_builder *product = rw_builder_new(key->rows, key->rows);
    struct rw_vector s;
    rw_vector_init(&s, key->rows);
    for (size_t i = 0; i < key->rows; i++) {
        rw_vector_zero(&s);
        rw_q_set_int(rw_vector_at(&s, (uint32_t)i), 1);
        delta_row(key, NULL, beta, 0, &s);
        add_row(product, i, &s);
    }
    rw_vector_clear(&s);
    rw_matrix_free(key);
    rw_matrix_free(beta);
    return rw_builder_finish(product);
}

/* What becomes of S = 0. */
static struct rw_matrix *delta_write(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *key = evaluate(head, "key", x), *value = evaluate(head, "value", x);
    struct rw_matrix *beta = evaluate(head, "beta", x);
    struct rw_builder *write = rw_builder_new(value->rows, key->rows);
    struct rw_vector s;
    rw_vector_init(&s, key->rows);
    for (size_t row = 0; row < value->rows; row++) {
        rw_vector_zero(&s);
        delta_row(key, value, beta, row, &s);
        add_row(write, row, &s);
    }
    rw_vector_clear(&s);
    rw_matrix_free(key);
    rw_matrix_free(value);
    rw_matrix_free(beta);
    return rw_builder_finish(write);
}

/* The linear families: what their A(x) and B(x) are. All read with q(x) from `query`. */
static const struct linear_family {
    const char *name;
    struct rw_matrix *(*transition)(const struct rw_head *head, const struct rw_vector *x);
    struct rw_matrix *(*write)(const struct rw_head *head, const struct rw_vector *x);
} linear_families[] = {
    {"pd", pd_transition, given_write},
    {"dplr", dplr_transition, given_write},
    {"rwkv7", rwkv7_transition, rwkv7_write},
    {"deltanet", delta_transition, delta_write},
    {"deltaproduct", delta_transition, delta_write},
};

static const struct linear_family *linear_family(const struct rw_head *head)
{
    for (size_t i = 0; i < sizeof linear_families / sizeof *linear_families; i++)
        if (strcmp(linear_families[i].name, head->family->name) == 0)
            return linear_families + i;
    return NULL;
}

/* The first reason why the layer alone is not linear. false: there is none. */
static bool layer_is_in_the_way(const struct rw_net *net, size_t l, FILE *why)
{
    const struct rw_layer *layer = net->layers + l;
    for (size_t h = 0; h < layer->head_count; h++)
        if (linear_family(layer->heads + h) == NULL) {
            fprintf(why, "layer %zu has a head of family %s, which is not linear in its state", l + 1,
                    layer->heads[h].family->name);
            return true;
        }
    if (layer->feedforward == NULL || layer->feedforward->neurons == 0)
        return false;
    fprintf(why, "layer %zu has a feed-forward part, of %zu neuron%s", l + 1, layer->feedforward->neurons,
            layer->feedforward->neurons == 1 ? "" : "s");
    return true;
}

static void explain(const struct rw_net *net, FILE *why)
{
    if (net->layer_count == 0)
        fputs("the network has no layer", why);
    else if (!layer_is_in_the_way(net, 0, why))
        fputs("layer 2 reads what layer 1 puts out, and one layer of linear heads is wanted", why);
}

bool rw_net_is_linear(const struct rw_net *net, FILE *why)
{
    bool linear =
        net->layer_count == 1 && (net->layers[0].feedforward == NULL || net->layers[0].feedforward->neurons == 0);
    for (size_t h = 0; linear && h < net->layers[0].head_count; h++)
        linear = linear_family(net->layers[0].heads + h) != NULL;
    if (!linear && why != NULL)
        explain(net, why);
    return linear;
}

/* --- one head, one token --- */

struct letter {
    struct rw_builder *transposed; /* T_t, transposed */
    size_t constant, output;       /* their places in z */
    const struct rw_vector *input;
    const struct rw_vector *readout; /* what output 0 makes of the residual stream */
};

/* reading[i * d_k + j]: what output 0 makes of S[i][j], through this head. */
static struct rw_vector reading_weights(const struct letter *letter, const struct rw_head *head, size_t d_k)
{
    struct rw_vector outputs, reading;
    struct rw_matrix *query = evaluate(head, "query", letter->input);
    rw_vector_init(&outputs, head->output->cols);
    rw_vector_init(&reading, head->family->state_size(head->dims));
    rw_matrix_apply_transposed(head->output, letter->readout, &outputs);
    for (size_t k = 0; k < outputs.count; k++) {
        size_t row = outputs.touched[k] / query->cols, c = outputs.touched[k] % query->cols;
        for (size_t e = query->start[c]; e < query->start[c + 1]; e++)
            rw_vector_addmul(&reading, (uint32_t)(row * d_k + query->row[e]), query->value + e,
                             outputs.value + outputs.touched[k]);
    }
    rw_matrix_free(query);
    rw_vector_clear(&outputs);
    return reading;
}

/* z[from] moves to coordinate `to` of the head that starts at `first`, and from there to the output. */
static void add_move(struct letter *letter, size_t from, size_t first, size_t to, const fmpq_t weight,
                     const struct rw_vector *reading)
{
    rw_builder_add(letter->transposed, first + to, from, weight);
    if (rw_q_is_zero(reading->value + to))
        return;
    fmpq_t read;
    fmpq_init(read);
    fmpq_mul(read, weight, reading->value + to);
    rw_builder_add(letter->transposed, letter->output, from, read);
    fmpq_clear(read);
}

static void add_head(struct letter *letter, const struct rw_head *head, size_t first)
{
    struct rw_matrix *transition = linear_family(head)->transition(head, letter->input);
    struct rw_matrix *write = linear_family(head)->write(head, letter->input);
    size_t d_k = write->cols;
    struct rw_vector reading = reading_weights(letter, head, d_k);
    for (size_t row = 0; row < write->rows; row++)
        for (size_t j = 0; j < d_k; j++)
            for (size_t e = transition->start[j]; e < transition->start[j + 1]; e++)
                add_move(letter, first + row * d_k + transition->row[e], first, row * d_k + j, transition->value + e,
                         &reading);
    for (size_t j = 0; j < d_k; j++)
        for (size_t e = write->start[j]; e < write->start[j + 1]; e++)
            add_move(letter, letter->constant, first, write->row[e] * d_k + j, write->value + e, &reading);
    rw_matrix_free(transition);
    rw_matrix_free(write);
    rw_vector_clear(&reading);
}

/* T_t transposed, for the token whose embedding is column `token`. */
static struct rw_matrix *make_letter(const struct rw_net *net, uint32_t token, const struct rw_vector *readout)
{
    size_t size = rw_net_coordinate(net, 1, 0);
    struct letter letter = {.constant = size, .output = size + 1, .readout = readout};
    struct rw_vector input, one;
    fmpq_t direct; /* what the output takes from the input without any head */
    fmpq_init(direct);
    rw_vector_init(&input, net->width);
    rw_vector_init(&one, net->embedding->cols);
    rw_q_set_int(rw_vector_at(&one, token), 1);
    rw_matrix_apply(net->embedding, &one, &input);
    letter.input = &input;
    letter.transposed = rw_builder_new(size + 2, size + 2);
    for (size_t h = 0; h < net->layers[0].head_count; h++)
        add_head(&letter, net->layers[0].heads + h, rw_net_coordinate(net, 0, h));
    for (size_t k = 0; k < input.count; k++)
        fmpq_addmul(direct, input.value + input.touched[k], readout->value + input.touched[k]);
    rw_builder_add(letter.transposed, letter.output, letter.constant, direct);
    rw_builder_add_int(letter.transposed, letter.constant, letter.constant, 1);
    rw_vector_clear(&input);
    rw_vector_clear(&one);
    fmpq_clear(direct);
    return rw_builder_finish(letter.transposed);
}

struct rw_wfa *rw_wfa_of_net(const struct rw_net *net)
{
    size_t symbols = rw_alphabet_size(net->tokens), size = rw_net_coordinate(net, 1, 0);
    struct rw_vector readout, first_output;
    rw_vector_init(&readout, net->width);
    rw_vector_init(&first_output, net->output_count);
    rw_q_set_int(rw_vector_at(&first_output, 0), 1);
    rw_matrix_apply_transposed(net->readout, &first_output, &readout);
    struct rw_wfa *wfa = rw_wfa_new(size + 2, symbols);
    for (uint32_t token = 0; token < symbols; token++)
        rw_wfa_set_letter(wfa, token, make_letter(net, token, &readout));
    /* Every state is 0 before BOS: the start is the row of the constant. */
    struct rw_matrix *start = make_letter(net, (uint32_t)symbols, &readout);
    for (size_t e = start->start[size]; e < start->start[size + 1]; e++)
        fmpq_set(wfa->alpha + start->row[e], start->value + e);
    fmpq_set_si(wfa->omega + size + 1, 1, 1);
    rw_matrix_free(start);
    rw_vector_clear(&readout);
    rw_vector_clear(&first_output);
    return wfa;
}

/* --- affine images --- */

/* Copies M^T into the upper left of a matrix that is larger by one, and puts 1 into the new corner. */
static struct rw_matrix *with_constant(const struct rw_matrix *m)
{
    struct rw_builder *larger = rw_builder_new(m->rows + 1, m->cols + 1);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            rw_builder_add(larger, m->row[e], j, m->value + e);
    rw_builder_add_int(larger, m->rows, m->cols, 1);
    return rw_builder_finish(larger);
}

struct rw_wfa *rw_wfa_affine(const struct rw_wfa *f, const fmpq_t scale, const fmpq_t shift)
{
    struct rw_wfa *wfa = rw_wfa_new(f->states + 1, f->symbols);
    for (size_t q = 0; q < f->states; q++) {
        fmpq_set(wfa->alpha + q, f->alpha + q);
        fmpq_mul(wfa->omega + q, f->omega + q, scale);
    }
    fmpq_set_si(wfa->alpha + f->states, 1, 1);
    fmpq_set(wfa->omega + f->states, shift);
    for (uint32_t symbol = 0; symbol < f->symbols; symbol++)
        rw_wfa_set_letter(wfa, symbol, with_constant(f->letters[symbol]));
    return wfa;
}
