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

/* diag(decay) - left right^T */
static struct rw_matrix *dplr_transition(const struct rw_head *head, const struct rw_vector *x)
{
    struct rw_matrix *decay = evaluate(head, "decay", x);
    struct rw_matrix *left = evaluate(head, "left", x), *right = evaluate(head, "right", x);
    struct rw_builder *sum = rw_builder_new(decay->rows, decay->rows);
    fmpq_t term;
    fmpq_init(term);
    for (size_t e = 0; e < rw_matrix_nonzeros(decay); e++)
        rw_builder_add(sum, decay->row[e], decay->row[e], decay->value + e);
    for (size_t c = 0; c < left->cols; c++)
        for (size_t e = left->start[c]; e < left->start[c + 1]; e++)
            for (size_t f = right->start[c]; f < right->start[c + 1]; f++) {
                fmpq_mul(term, left->value + e, right->value + f);
                fmpq_neg(term, term);
                rw_builder_add(sum, left->row[e], right->row[f], term);
            }
    fmpq_clear(term);
    rw_matrix_free(decay);
    rw_matrix_free(left);
    rw_matrix_free(right);
    return rw_builder_finish(sum);
}

/* The linear families: what their A(x) is. All write B(x) from `write` and read with q(x) from `query`. */
static const struct linear_family {
    const char *name;
    struct rw_matrix *(*transition)(const struct rw_head *head, const struct rw_vector *x);
} linear_families[] = {
    {"pd", pd_transition},
    {"dplr", dplr_transition},
};

static const struct linear_family *linear_family(const struct rw_head *head)
{
    for (size_t i = 0; i < sizeof linear_families / sizeof *linear_families; i++)
        if (strcmp(linear_families[i].name, head->family->name) == 0)
            return linear_families + i;
    return NULL;
}

bool rw_net_is_linear(const struct rw_net *net, FILE *why)
{
    const char *reason = NULL;
    if (net->layer_count != 1)
        reason = "the network does not have exactly one layer";
    else if (net->layers[0].feedforward != NULL && net->layers[0].feedforward->neurons > 0)
        reason = "the network has a feed-forward part";
    for (size_t h = 0; reason == NULL && h < net->layers[0].head_count; h++)
        if (linear_family(net->layers[0].heads + h) == NULL)
            reason = "the network has a head whose family is not linear in its state";
    if (reason != NULL && why != NULL)
        fputs(reason, why);
    return reason == NULL;
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
    struct rw_matrix *write = evaluate(head, "write", letter->input);
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
