/* mutant.c - a network with a single weight changed, and the name of that weight.
 *
 * Stored weights are drawn uniformly over all matrices; one draw in four is a zero of some matrix, which becomes
 * nonzero. */
#include "verify/mutant.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/match.h"

/* One draw in four is a place that holds zero. */
#define ZERO_PLACES 4
/* A family's check may refuse a mutant (PD: two entries in a row); another one is drawn, this often at most. */
#define MOST_DRAWS 1000

/* --- where --- */

struct place {
    size_t matrix, row, col;
};

static size_t stored_weights(struct rw_net *net)
{
    size_t count = 0;
    for (size_t i = 0; i < rw_net_matrix_count(net); i++)
        count += rw_matrix_nonzeros(*rw_net_matrix(net, i, NULL));
    return count;
}

/* The k-th stored weight of all matrices. */
static struct place stored_place(struct rw_net *net, size_t k)
{
    size_t i = 0, col = 0;
    while (k >= rw_matrix_nonzeros(*rw_net_matrix(net, i, NULL)))
        k -= rw_matrix_nonzeros(*rw_net_matrix(net, i++, NULL));
    const struct rw_matrix *m = *rw_net_matrix(net, i, NULL);
    while (k >= m->start[col + 1])
        col++;
    return (struct place){.matrix = i, .row = m->row[k], .col = col};
}

/* A zero of a matrix drawn uniformly; false if it was not met by chance. */
static bool zero_place(struct rw_net *net, struct rw_random *random, struct place *place)
{
    size_t i = (size_t)rw_random_below(random, rw_net_matrix_count(net));
    const struct rw_matrix *m = *rw_net_matrix(net, i, NULL);
    if (m->rows == 0 || m->cols == 0)
        return false;
    place->matrix = i;
    place->row = (size_t)rw_random_below(random, m->rows);
    place->col = (size_t)rw_random_below(random, m->cols);
    return rw_matrix_entry(m, place->row, place->col) == NULL;
}

/* --- the name of a place --- */

static const char *token_name(const struct rw_net *net, size_t column)
{
    return column < rw_alphabet_size(net->tokens) ? rw_alphabet_name(net->tokens, (uint32_t)column) : "BOS";
}

/* An index of a head's tensor: the coordinate's name where the index runs over the coordinates. "" if there is but
 * one. */
static void print_index(FILE *out, const struct rw_head *head, size_t i, size_t size, const char **separator)
{
    if (size == 1)
        return;
    bool coordinate = size == head->family->state_size(head->dims) && head->coordinates[i][0] != '\0';
    fputs(*separator, out);
    if (coordinate)
        fputs(head->coordinates[i], out);
    else
        fprintf(out, "%zu", i + 1);
    *separator = ", ";
}

static void print_param_place(FILE *out, const struct rw_net *net, const struct rw_head *head, size_t p,
                              const struct place *place)
{
    struct rw_param_shape shape = head->family->param(head->dims, p);
    const char *separator = "";
    print_index(out, head, shape.input ? place->row / shape.cols : place->row, shape.rows, &separator);
    print_index(out, head, shape.input ? place->row % shape.cols : place->col, shape.cols, &separator);
    if (shape.input)
        fprintf(out, "%s%s", separator, net->features[place->col]);
}

static void print_neuron(FILE *out, const struct rw_feedforward *part, size_t i)
{
    if (part->names[i][0] != '\0')
        fputs(part->names[i], out);
    else
        fprintf(out, "%zu", i + 1);
}

/* true: the matrix belongs to this head, and the place is written. */
static bool print_head_place(FILE *out, const struct rw_net *net, const struct rw_head *head, const struct rw_matrix *m,
                             const struct place *place)
{
    for (size_t p = 0; p < head->family->param_count(head->dims); p++)
        if (head->params[p] == m) {
            print_param_place(out, net, head, p, place);
            return true;
        }
    if (head->output != m)
        return false;
    const char *separator = ", ";
    fputs(net->features[place->row], out);
    print_index(out, head, place->col, m->cols, &separator);
    return true;
}

static bool print_feedforward_place(FILE *out, const struct rw_net *net, const struct rw_feedforward *part,
                                    const struct rw_matrix *m, const struct place *place)
{
    if (part == NULL || (m != part->in && m != part->bias && m != part->out))
        return false;
    if (m == part->out) {
        fprintf(out, "%s, ", net->features[place->row]);
        print_neuron(out, part, place->col);
        return true;
    }
    print_neuron(out, part, place->row);
    if (m == part->in)
        fprintf(out, ", %s", net->features[place->col]);
    return true;
}

static void print_indices(FILE *out, const struct rw_net *net, const struct rw_matrix *m, const struct place *place)
{
    if (m == net->embedding) {
        fprintf(out, "%s, %s", net->features[place->row], token_name(net, place->col));
        return;
    }
    if (m == net->readout) {
        fprintf(out, "%s, %s", net->outputs[place->row], net->features[place->col]);
        return;
    }
    for (size_t l = 0; l < net->layer_count; l++) {
        const struct rw_layer *layer = net->layers + l;
        for (size_t h = 0; h < layer->head_count; h++)
            if (print_head_place(out, net, layer->heads + h, m, place))
                return;
        if (print_feedforward_place(out, net, layer->feedforward, m, place))
            return;
    }
}

/* "layer 1 head 1 transition[state even, state odd, token a]" */
static char *place_text(struct rw_net *net, const struct place *place)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(1);
    const struct rw_matrix *m = *rw_net_matrix(net, place->matrix, out);
    fputc('[', out);
    print_indices(out, net, m, place);
    fputc(']', out);
    fclose(out);
    return text;
}

/* --- what --- */

enum change { ADD_ONE, ADD_HALF, SUBTRACT_ONE, NEGATE, ZERO, DOUBLE, CHANGES };
/* What changes a zero stands first. */
#define CHANGES_OF_ZERO NEGATE

static void change_number(fmpq_t value, enum change change)
{
    fmpq_t by;
    fmpq_init(by);
    fmpq_set_si(by, change == SUBTRACT_ONE ? -1 : 1, change == ADD_HALF ? 2 : 1);
    if (change == NEGATE)
        fmpq_neg(value, value);
    else if (change == ZERO)
        fmpq_zero(value);
    else
        fmpq_add(value, value, change == DOUBLE ? value : by);
    fmpq_clear(by);
}

/* The matrix with another number at one place. */
static struct rw_matrix *with_entry(const struct rw_matrix *m, size_t row, size_t col, const fmpq_t value)
{
    struct rw_builder *builder = rw_builder_new(m->rows, m->cols);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            if (m->row[e] != row || j != col)
                rw_builder_add(builder, m->row[e], j, m->value + e);
    rw_builder_add(builder, row, col, value);
    return rw_builder_finish(builder);
}

static void change_weight(struct rw_net *net, const struct place *place, enum change change, struct rw_mutant *mutant)
{
    struct rw_matrix **matrix = rw_net_matrix(net, place->matrix, NULL);
    const fmpq *before = rw_matrix_entry(*matrix, place->row, place->col);
    mutant->place = place_text(net, place);
    fmpq_t value;
    fmpq_init(value);
    if (before != NULL)
        fmpq_set(value, before);
    mutant->before = rw_q_text(value);
    change_number(value, change);
    mutant->after = rw_q_text(value);
    struct rw_matrix *changed = with_entry(*matrix, place->row, place->col, value);
    rw_matrix_free(*matrix);
    *matrix = changed;
    fmpq_clear(value);
}

void rw_mutant_clear(struct rw_mutant *mutant)
{
    free(mutant->place);
    free(mutant->before);
    free(mutant->after);
    free(mutant->reason);
    rw_counterexample_clear(&mutant->counterexample);
    *mutant = (struct rw_mutant){0};
}

struct rw_net *rw_mutant_draw(const struct rw_net *net, struct rw_random *random, const struct rw_limits *limits,
                              struct rw_mutant *mutant)
{
    struct rw_net *copy = rw_net_copy(net);
    size_t stored = stored_weights(copy);
    for (unsigned draws = 0; draws < MOST_DRAWS; draws++) {
        struct place place;
        bool zero = stored == 0 || rw_random_below(random, ZERO_PLACES) == 0;
        if (zero && !zero_place(copy, random, &place))
            continue;
        if (!zero)
            place = stored_place(copy, (size_t)rw_random_below(random, stored));
        change_weight(copy, &place, (enum change)rw_random_below(random, zero ? CHANGES_OF_ZERO : CHANGES), mutant);
        if (rw_net_check(copy, limits, NULL))
            return copy;
        rw_mutant_clear(mutant);
        rw_net_free(copy);
        copy = rw_net_copy(net);
    }
    rw_net_free(copy);
    return NULL;
}
