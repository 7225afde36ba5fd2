/* fact_rows.c - rows of linear forms, and the letters of a cost-register automaton beside a network in them. */
#include "verify/fact_rows.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- rows --- */

fmpq *rw_rows_new(const struct rw_fact_space *space, size_t count)
{
    return rw_q_list_new(count * (space->size + 1));
}

void rw_rows_free(const struct rw_fact_space *space, fmpq *rows, size_t count)
{
    rw_q_list_free(rows, count * (space->size + 1));
}

fmpq *rw_rows_at(const struct rw_fact_space *space, fmpq *rows, size_t i)
{
    return rows + i * (space->size + 1);
}

void rw_rows_zero(const struct rw_fact_space *space, fmpq *row)
{
    for (size_t j = 0; j <= space->size; j++)
        rw_q_zero(row + j);
}

void rw_rows_negate(const struct rw_fact_space *space, fmpq *to, const fmpq *from)
{
    for (size_t j = 0; j <= space->size; j++)
        fmpq_neg(to + j, from + j);
}

void rw_rows_value(const struct rw_fact_space *space, const fmpq *row, const fmpq *x, fmpq_t value)
{
    fmpq_set(value, row + space->size);
    for (size_t j = 0; j < space->size; j++)
        rw_q_addmul(value, row + j, x + j);
}

/* --- the letters --- */

void rw_rows_add_form(const struct rw_fact_space *space, const struct rw_cra_form *form, int sign, fmpq *row)
{
    fmpq_t term;
    fmpq_init(term);
    for (size_t i = 0; i <= form->count; i++) {
        fmpq_set_fmpz(term, i < form->count ? &form->terms[i].coefficient : &form->constant);
        size_t place = i < form->count ? space->units + form->terms[i].reg : space->size;
        if (sign > 0)
            fmpq_add(row + place, row + place, term);
        else
            fmpq_sub(row + place, row + place, term);
    }
    fmpq_clear(term);
}

/* Pre-activations of all units: rows of the letter's first choices. */
static void read_units(const struct rw_fact_space *space, uint32_t token, fmpq *pre)
{
    const struct rw_head *head = space->net->layers[0].heads;
    const struct rw_matrix *embedding = space->net->embedding, *recurrent = head->params[0], *bias = head->params[1];
    for (size_t x = embedding->start[token]; x < embedding->start[token + 1]; x++) {
        const fmpq *input = embedding->value + x;
        uint32_t feature = embedding->row[x];
        for (size_t e = recurrent->start[feature]; e < recurrent->start[feature + 1]; e++)
            fmpq_addmul(rw_rows_at(space, pre, recurrent->row[e] / space->units) + recurrent->row[e] % space->units,
                        recurrent->value + e, input);
        for (size_t e = bias->start[feature]; e < bias->start[feature + 1]; e++)
            fmpq_addmul(rw_rows_at(space, pre, bias->row[e]) + space->size, bias->value + e, input);
    }
}

static const struct rw_cra_update *update_of(const struct rw_cra_letter *letter, size_t target)
{
    for (size_t i = 0; i < letter->count; i++)
        if (letter->updates[i].target == target)
            return letter->updates + i;
    return NULL;
}

/* max(l, r) = r + ReLU(l - r) */
static void read_register(const struct rw_fact_space *space, const struct rw_cra_letter *from, size_t target,
                          struct rw_fact_letter *to)
{
    const struct rw_cra_update *update = update_of(from, target);
    fmpq *fixed = rw_rows_at(space, to->fixed, space->units + target);
    if (update == NULL) {
        fmpq_one(fixed + space->units + target);
        return;
    }
    rw_rows_add_form(space, &update->base, 1, fixed);
    if (!update->has_max)
        return;
    rw_rows_add_form(space, &update->right, 1, fixed);
    to->choice_of[space->units + target] = to->choices;
    rw_rows_add_form(space, &update->left, 1, rw_rows_at(space, to->choice, to->choices));
    rw_rows_add_form(space, &update->right, -1, rw_rows_at(space, to->choice, to->choices++));
}

struct rw_fact_letter rw_fact_letter_read(const struct rw_fact_space *space, uint32_t symbol)
{
    struct rw_fact_letter letter = {.choices = space->units,
                                    .choice = rw_rows_new(space, space->size),
                                    .fixed = rw_rows_new(space, space->size),
                                    .choice_of = rw_alloc(space->size, sizeof *letter.choice_of)};
    read_units(space, symbol, letter.choice);
    for (size_t j = 0; j < space->size; j++)
        letter.choice_of[j] = j < space->units ? j : RW_NO_CHOICE;
    for (size_t r = 0; r < space->cra->registers; r++)
        read_register(space, space->cra->letters + symbol, r, &letter);
    return letter;
}

void rw_fact_letter_clear(const struct rw_fact_space *space, struct rw_fact_letter *letter)
{
    rw_rows_free(space, letter->choice, space->size);
    rw_rows_free(space, letter->fixed, space->size);
    free(letter->choice_of);
}

/* (network's output) - (automaton's), after a token. */
void rw_fact_output(const struct rw_fact_space *space, size_t token, fmpq *row)
{
    struct rw_vector first, stream, units;
    const struct rw_matrix *embedding = space->net->embedding;
    rw_vector_init(&first, space->net->output_count);
    rw_vector_init(&stream, space->net->width);
    rw_vector_init(&units, space->units);
    rw_q_set_int(rw_vector_at(&first, 0), 1);
    rw_matrix_apply_transposed(space->net->readout, &first, &stream);
    rw_matrix_apply_transposed(space->net->layers[0].heads[0].output, &stream, &units);
    rw_rows_zero(space, row);
    for (size_t j = 0; j < space->units; j++)
        fmpq_set(row + j, units.value + j);
    for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
        fmpq_addmul(row + space->size, embedding->value + e, stream.value + embedding->row[e]);
    rw_rows_add_form(space, &space->cra->output, -1, row);
    rw_vector_clear(&first);
    rw_vector_clear(&stream);
    rw_vector_clear(&units);
}
