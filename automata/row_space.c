/* row_space.c - eliminating rows of integers: only the line that a row spans matters, so that rows are kept without a
 * common factor, and elimination multiplies across instead of dividing. */
#include "automata/row_space.h"

#include <stdlib.h>

#include "base/memory.h"

void rw_row_make_primitive(struct rw_vector *v)
{
    fmpz_t common, factor;
    fmpz_init_set_ui(common, 1);
    fmpz_init(factor);
    for (size_t k = 0; k < v->count; k++)
        if (!fmpz_is_one(fmpq_denref(v->value + v->touched[k])))
            fmpz_lcm(common, common, fmpq_denref(v->value + v->touched[k]));
    for (size_t k = 0; k < v->count && !fmpz_is_one(common); k++) {
        fmpq *entry = v->value + v->touched[k];
        fmpz_divexact(factor, common, fmpq_denref(entry));
        fmpz_mul(fmpq_numref(entry), fmpq_numref(entry), factor);
        fmpz_one(fmpq_denref(entry));
    }
    fmpz_zero(common);
    for (size_t k = 0; k < v->count && !fmpz_is_one(common); k++)
        if (!rw_q_is_zero(v->value + v->touched[k]))
            fmpz_gcd(common, common, fmpq_numref(v->value + v->touched[k]));
    for (size_t k = 0; k < v->count && !fmpz_is_zero(common) && !fmpz_is_one(common); k++)
        fmpz_divexact(fmpq_numref(v->value + v->touched[k]), fmpq_numref(v->value + v->touched[k]), common);
    fmpz_clear(common);
    fmpz_clear(factor);
}

void rw_row_eliminate(struct rw_vector *v, const struct rw_integer_row *r, uint32_t i)
{
    fmpz_t keep, subtract, common;
    fmpz_init_set(keep, r->value);
    fmpz_init_set(subtract, fmpq_numref(v->value + i));
    fmpz_init(common);
    fmpz_gcd(common, keep, subtract);
    fmpz_divexact(keep, keep, common);
    fmpz_divexact(subtract, subtract, common);
    for (size_t k = 0; k < v->count; k++)
        fmpz_mul(fmpq_numref(v->value + v->touched[k]), fmpq_numref(v->value + v->touched[k]), keep);
    for (size_t k = 0; k < r->count; k++)
        fmpz_submul(fmpq_numref(rw_vector_at(v, r->index[k])), subtract, r->value + k);
    if (!fmpz_is_pm1(keep))
        rw_row_make_primitive(v);
    fmpz_clear(keep);
    fmpz_clear(subtract);
    fmpz_clear(common);
}

/* Rows have nothing before their pivot, so entries that are 0 stay 0. */
size_t rw_row_space_reduce(const struct rw_row_space *space, struct rw_vector *v)
{
    size_t states = space->states, first = states;
    rw_row_make_primitive(v);
    for (uint32_t i = 0; i < states; i++) {
        if (rw_q_is_zero(v->value + i))
            continue;
        if (space->pivot[i] != RW_NO_ROW)
            rw_row_eliminate(v, space->rows + space->pivot[i], i);
        else if (first == states)
            first = i;
    }
    rw_row_make_primitive(v);
    return first;
}

/* The nonzero entries of a tidy vector of integers. */
static void fill_row(struct rw_integer_row *row, const struct rw_vector *v)
{
    row->count = v->count;
    row->index = rw_alloc(v->count, sizeof *row->index);
    row->value = rw_alloc(v->count, sizeof *row->value);
    for (size_t k = 0; k < v->count; k++) {
        row->index[k] = v->touched[k];
        fmpz_init_set(row->value + k, fmpq_numref(v->value + v->touched[k]));
    }
}

static void clear_row(struct rw_integer_row *row)
{
    for (size_t k = 0; k < row->count; k++)
        fmpz_clear(row->value + k);
    free(row->index);
    free(row->value);
}

void rw_row_space_init(struct rw_row_space *space, size_t states)
{
    *space = (struct rw_row_space){.states = states, .pivot = rw_alloc(states, sizeof *space->pivot)};
    for (size_t q = 0; q < states; q++)
        space->pivot[q] = RW_NO_ROW;
}

void rw_row_space_clear(struct rw_row_space *space)
{
    for (size_t i = 0; i < space->count; i++)
        clear_row(space->rows + i);
    free(space->rows);
    free(space->pivot);
}

void rw_row_space_add(struct rw_row_space *space, struct rw_vector *v, size_t pivot, size_t parent, uint32_t symbol)
{
    struct rw_integer_row row = {.parent = parent, .symbol = symbol};
    rw_vector_tidy(v);
    fill_row(&row, v);
    space->rows = rw_grow(space->rows, &space->capacity, space->count + 1, sizeof *space->rows);
    space->pivot[pivot] = space->count;
    space->rows[space->count++] = row;
    space->cells += row.count;
}

void rw_row_space_replace(struct rw_row_space *space, size_t i, struct rw_vector *v)
{
    rw_vector_tidy(v);
    space->cells -= space->rows[i].count;
    clear_row(space->rows + i);
    fill_row(space->rows + i, v);
    space->cells += v->count;
}

void rw_row_extend(const struct rw_integer_row *row, const struct rw_wfa *wfa, uint32_t symbol, struct rw_vector *from,
                   struct rw_vector *to)
{
    rw_vector_zero(from);
    rw_vector_zero(to);
    for (size_t k = 0; k < row->count; k++)
        fmpq_set_fmpz(rw_vector_at(from, row->index[k]), row->value + k);
    rw_matrix_apply(wfa->letters[symbol], from, to);
}
