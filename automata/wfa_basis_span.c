/* wfa_basis_span.c - rows as sums of those of a reduced basis.
 *
 * At a pivot all basis rows but its own are 0, so that a row of the span has its factors at the pivots. */
#include "automata/wfa_basis.h"

#include <stdlib.h>

#include "base/memory.h"

struct rw_wfa_basis rw_wfa_basis_new(size_t states, size_t most_rows)
{
    struct rw_wfa_basis basis = {.states = states,
                                 .pivot = rw_alloc(most_rows, sizeof *basis.pivot),
                                 .row_at = rw_alloc(states, sizeof *basis.row_at)};
    for (size_t q = 0; q < states; q++)
        basis.row_at[q] = SIZE_MAX;
    return basis;
}

void rw_wfa_basis_add(struct rw_wfa_basis *basis, size_t pivot)
{
    basis->row_at[pivot] = basis->count;
    basis->pivot[basis->count++] = pivot;
}

void rw_wfa_basis_clear(struct rw_wfa_basis *basis)
{
    free(basis->pivot);
    free(basis->row_at);
    rw_matrix_free(basis->rows);
}

/* Places that are touched on the way are no pivots. */
bool rw_wfa_basis_express(const struct rw_wfa_basis *basis, struct rw_vector *image, struct rw_vector *coordinates)
{
    const struct rw_matrix *rows = basis->rows;
    size_t given = image->count;
    bool none_left = true;
    fmpq_t factor;
    fmpq_init(factor);
    for (size_t k = 0; k < given; k++) {
        size_t i = basis->row_at[image->touched[k]];
        if (i == SIZE_MAX || rw_q_is_zero(image->value + image->touched[k]))
            continue;
        fmpq_set(factor, image->value + image->touched[k]);
        if (coordinates != NULL)
            fmpq_set(rw_vector_at(coordinates, (uint32_t)i), factor);
        fmpq_neg(factor, factor);
        for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++)
            rw_vector_addmul(image, rows->row[e], factor, rows->value + e);
    }
    fmpq_clear(factor);
    for (size_t k = 0; k < image->count && none_left; k++)
        none_left = rw_q_is_zero(image->value + image->touched[k]);
    return none_left;
}

bool rw_wfa_basis_is_closed(const struct rw_wfa_basis *basis, const struct rw_wfa *wfa)
{
    const struct rw_matrix *rows = basis->rows;
    struct rw_vector row, image;
    rw_vector_init(&row, wfa->states);
    rw_vector_init(&image, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&image, q), wfa->alpha + q);
    bool closed = rw_wfa_basis_express(basis, &image, NULL);
    for (size_t i = 0; i < basis->count && closed; i++) {
        rw_vector_zero(&row);
        for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++)
            fmpq_set(rw_vector_at(&row, rows->row[e]), rows->value + e);
        for (size_t s = 0; s < wfa->symbols && closed; s++) {
            rw_vector_zero(&image);
            rw_matrix_apply(wfa->letters[s], &row, &image);
            closed = rw_wfa_basis_express(basis, &image, NULL);
        }
    }
    rw_vector_clear(&row);
    rw_vector_clear(&image);
    return closed;
}
