/* linear.c - the weighted automaton of a linear network (theory V3; converse of Theorems 8 and 9).
 *
 * z_w = (state after w, 1, output after w). Reading token t with input x, each head does S <- S A(x) + B(x) and puts
 * out S q(x), so z_{wt} = z_w T_t with A(x) and B(x) in the rows of the state and of the constant 1, and their products
 * with q(x) in the column of the output. The output is a coordinate of its own because q depends on the token with
 * which the state is read. A and B come from the families' formulas (linear_head.h), not from the runtime: the argument is about the
 * network as it is defined. */
#include "verify/linear.h"

#include "base/memory.h"
#include "verify/linear_head.h"

/* --- which networks --- */

/* The first reason why the layer alone is not linear. false: there is none. */
static bool layer_is_in_the_way(const struct rw_net *net, size_t l, FILE *why)
{
    const struct rw_layer *layer = net->layers + l;
    for (size_t h = 0; h < layer->head_count; h++)
        if (!rw_head_is_linear(layer->heads + h)) {
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
    else if (net->padding > 0)
        fputs("the network reads blanks after each letter", why);
    else if (!layer_is_in_the_way(net, 0, why))
        fputs("layer 2 reads what layer 1 puts out, and one layer of linear heads is wanted", why);
}

bool rw_net_is_linear(const struct rw_net *net, FILE *why)
{
    bool linear = net->layer_count == 1 && net->padding == 0 &&
                  (net->layers[0].feedforward == NULL || net->layers[0].feedforward->neurons == 0);
    for (size_t h = 0; linear && h < net->layers[0].head_count; h++)
        linear = rw_head_is_linear(net->layers[0].heads + h);
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
    struct rw_matrix *query = rw_linear_parameter(head, "query", letter->input);
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
    struct rw_matrix *transition = rw_linear_transition(head, letter->input);
    struct rw_matrix *write = rw_linear_write(head, letter->input);
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

/* x for a token: a column of the embedding. */
static struct rw_vector input_of(const struct rw_net *net, uint32_t token)
{
    struct rw_vector input, one;
    rw_vector_init(&input, net->width);
    rw_vector_init(&one, net->embedding->cols);
    rw_q_set_int(rw_vector_at(&one, token), 1);
    rw_matrix_apply(net->embedding, &one, &input);
    rw_vector_clear(&one);
    return input;
}

size_t rw_linear_size(const struct rw_layer *layer)
{
    size_t size = 2; /* the constant, the output */
    for (size_t h = 0; h < layer->head_count; h++)
        size += layer->heads[h].family->state_size(layer->heads[h].dims);
    return size;
}

struct rw_matrix *rw_linear_letter(const struct rw_layer *layer, const struct rw_vector *input,
                                   const struct rw_vector *readout, const fmpq_t added)
{
    size_t size = rw_linear_size(layer), first = 0;
    struct letter letter = {.constant = size - 2, .output = size - 1, .input = input, .readout = readout};
    fmpq_t direct; /* what the output takes from the input without any head */
    fmpq_init(direct);
    fmpq_set(direct, added);
    letter.transposed = rw_builder_new(size, size);
    for (size_t h = 0; h < layer->head_count; h++) {
        add_head(&letter, layer->heads + h, first);
        first += layer->heads[h].family->state_size(layer->heads[h].dims);
    }
    for (size_t k = 0; k < input->count; k++)
        fmpq_addmul(direct, input->value + input->touched[k], readout->value + input->touched[k]);
    rw_builder_add(letter.transposed, letter.output, letter.constant, direct);
    rw_builder_add_int(letter.transposed, letter.constant, letter.constant, 1);
    fmpq_clear(direct);
    return rw_builder_finish(letter.transposed);
}

/* T_t transposed, for the token whose embedding is column `token`. */
static struct rw_matrix *make_letter(const struct rw_net *net, uint32_t token, const struct rw_vector *readout)
{
    struct rw_vector input = input_of(net, token);
    fmpq_t nothing;
    fmpq_init(nothing);
    struct rw_matrix *letter = rw_linear_letter(net->layers, &input, readout, nothing);
    rw_vector_clear(&input);
    fmpq_clear(nothing);
    return letter;
}

struct rw_vector rw_net_reading(const struct rw_net *net)
{
    struct rw_vector readout, first_output;
    rw_vector_init(&readout, net->width);
    rw_vector_init(&first_output, net->output_count);
    rw_q_set_int(rw_vector_at(&first_output, 0), 1);
    rw_matrix_apply_transposed(net->readout, &first_output, &readout);
    rw_vector_clear(&first_output);
    return readout;
}

struct rw_wfa *rw_wfa_of_net(const struct rw_net *net)
{
    size_t symbols = rw_alphabet_size(net->tokens), size = rw_net_coordinate(net, 1, 0);
    struct rw_vector readout = rw_net_reading(net);
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
    return wfa;
}

uint64_t rw_net_weights_bound(const struct rw_net *net, uint64_t most)
{
    uint64_t bound = 0;
    for (uint32_t token = 0; token <= rw_alphabet_size(net->tokens) && bound <= most; token++) {
        struct rw_vector input = input_of(net, token);
        for (size_t h = 0; h < net->layers[0].head_count && bound <= most; h++) {
            const struct rw_head *head = net->layers[0].heads + h;
            bound += 2 * head->dims[1] * rw_linear_terms(head, &input); /* each also read by the output */
        }
        rw_vector_clear(&input);
    }
    return bound;
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
    struct rw_wfa *wfa;
    if (rw_q_is_zero(shift)) {
        wfa = rw_wfa_copy(f);
    } else {
        wfa = rw_wfa_new(f->states + 1, f->symbols);
        for (size_t q = 0; q < f->states; q++)
            fmpq_set(wfa->alpha + q, f->alpha + q);
        fmpq_set_si(wfa->alpha + f->states, 1, 1);
        fmpq_set(wfa->omega + f->states, shift);
        for (uint32_t symbol = 0; symbol < f->symbols; symbol++)
            rw_wfa_set_letter(wfa, symbol, with_constant(f->letters[symbol]));
    }
    for (size_t q = 0; q < f->states; q++)
        fmpq_mul(wfa->omega + q, f->omega + q, scale);
    return wfa;
}
