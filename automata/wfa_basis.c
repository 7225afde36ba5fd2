/* wfa_basis.c - reduced bases of forward spaces, exactly.
 *
 * A queue of rows, first alpha: each is extended by every letter, and what is independent of the rows so far joins them.
 * The rows are in echelon form; at the end each is reduced by those after it. */
#include "automata/wfa_basis.h"

#include "automata/row_space.h"

/* Takes a vector into the space if it is independent. */
static void visit(struct rw_row_space *space, struct rw_vector *v)
{
    size_t pivot = rw_row_space_reduce(space, v);
    if (pivot < space->states)
        rw_row_space_add(space, v, pivot, 0, 0);
}

/* Rows until every extension is dependent. */
static enum rw_basis_result span(struct rw_row_space *space, const struct rw_wfa *wfa, uint64_t most,
                                 struct rw_progress *progress)
{
    enum rw_basis_result result = RW_BASIS_DONE;
    struct rw_vector from, to;
    rw_vector_init(&from, wfa->states);
    rw_vector_init(&to, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&to, q), wfa->alpha + q);
    visit(space, &to);
    for (size_t i = 0; i < space->count && result == RW_BASIS_DONE; i++)
        for (uint32_t s = 0; s < wfa->symbols && result == RW_BASIS_DONE; s++) {
            rw_row_extend(space->rows + i, wfa, s, &from, &to);
            visit(space, &to);
            if (space->cells > most)
                result = RW_BASIS_TOO_LARGE;
            else if (!rw_progress_report(progress, "independent rows", space->count, 0))
                result = RW_BASIS_INTERRUPTED;
        }
    rw_vector_clear(&from);
    rw_vector_clear(&to);
    return result;
}

/* Puts zeros at the other rows' pivots; rows with a later pivot have been replaced already. */
static void reduce_row(struct rw_row_space *space, size_t pivot, struct rw_vector *v)
{
    struct rw_integer_row *row = space->rows + space->pivot[pivot];
    rw_vector_zero(v);
    for (size_t k = 0; k < row->count; k++)
        fmpq_set_fmpz(rw_vector_at(v, row->index[k]), row->value + k);
    for (uint32_t i = (uint32_t)pivot + 1; i < space->states; i++)
        if (!rw_q_is_zero(v->value + i) && space->pivot[i] != RW_NO_ROW)
            rw_row_eliminate(v, space->rows + space->pivot[i], i);
    rw_row_make_primitive(v);
    rw_row_space_replace(space, space->pivot[pivot], v);
}

/* The rows as they stand, each divided by its pivot entry. */
static void collect(const struct rw_row_space *space, struct rw_wfa_basis *basis)
{
    fmpq_t value;
    struct rw_builder *rows = rw_builder_new(space->states, space->count);
    fmpq_init(value);
    *basis = rw_wfa_basis_new(space->states, space->count);
    for (size_t q = 0; q < space->states; q++) {
        if (space->pivot[q] == RW_NO_ROW)
            continue;
        const struct rw_integer_row *row = space->rows + space->pivot[q];
        for (size_t k = 0; k < row->count; k++) {
            fmpq_set_fmpz_frac(value, row->value + k, row->value);
            rw_builder_add(rows, row->index[k], basis->count, value);
        }
        rw_wfa_basis_add(basis, q);
    }
    basis->rows = rw_builder_finish(rows);
    fmpq_clear(value);
}

enum rw_basis_result rw_wfa_basis_exact(const struct rw_wfa *wfa, uint64_t most, struct rw_progress *progress,
                                        struct rw_wfa_basis *basis)
{
    struct rw_row_space space;
    struct rw_vector v;
    rw_row_space_init(&space, wfa->states);
    rw_vector_init(&v, wfa->states);
    enum rw_basis_result result = span(&space, wfa, most, progress);
    for (size_t q = wfa->states; q-- > 0 && result == RW_BASIS_DONE;)
        if (space.pivot[q] != RW_NO_ROW) {
            reduce_row(&space, q, &v);
            if (space.cells > most)
                result = RW_BASIS_TOO_LARGE;
            else if (!rw_progress_report(progress, "rows reduced", wfa->states - q, wfa->states))
                result = RW_BASIS_INTERRUPTED;
        }
    if (result == RW_BASIS_DONE)
        collect(&space, basis);
    rw_vector_clear(&v);
    rw_row_space_clear(&space);
    return result;
}
