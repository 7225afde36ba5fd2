/* reduced.c - the reduced basis of the space that the rows alpha M_w span, as what a certificate says.
 *
 * A row of the space is the sum of the basis rows, each times the row's entry at its pivot (automata/wfa_basis.h), so that
 * coefficients are entries of the automaton's own matrices, or of the basis. */
#include "automata/wfa_basis.h"

#include "base/memory.h"
#include "exact/residue.h"
#include "verify/reached.h"

/* Any seed gives the same result; an unlucky prime only costs time. */
#define PRIME_SEED 1

static bool find_basis(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_wfa_basis *basis)
{
    enum rw_basis_result result = rw_wfa_basis_guess(wfa, rw_random_prime(PRIME_SEED), max_cells, NULL, basis);
    if (result == RW_BASIS_DONE && rw_wfa_basis_is_closed(basis, wfa))
        return true;
    if (result == RW_BASIS_DONE)
        rw_wfa_basis_clear(basis);
    return result != RW_BASIS_TOO_LARGE && rw_wfa_basis_exact(wfa, max_cells, NULL, basis) == RW_BASIS_DONE;
}

/* Work space. */
struct rows {
    const struct rw_wfa_basis *basis;
    struct rw_vector row, image, coordinates;
};

/* The coordinates of the image, which is used up. */
static struct rw_row coordinates_of(struct rows *rows)
{
    rw_vector_zero(&rows->coordinates);
    rw_wfa_basis_express(rows->basis, &rows->image, &rows->coordinates);
    rw_vector_tidy(&rows->coordinates);
    return rw_row_of(&rows->coordinates);
}

/* Row i, which stays in `row`. */
static struct rw_row basis_row(struct rows *rows, size_t i)
{
    const struct rw_matrix *m = rows->basis->rows;
    rw_vector_zero(&rows->row);
    for (size_t e = m->start[i]; e < m->start[i + 1]; e++)
        fmpq_set(rw_vector_at(&rows->row, m->row[e]), m->value + e);
    return rw_row_of(&rows->row);
}

/* false: more than max_cells entries. */
static bool add_rows(struct rows *rows, const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached)
{
    uint64_t cells = 0;
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&rows->image, q), wfa->alpha + q);
    reached->start = coordinates_of(rows);
    for (size_t i = 0; i < rows->basis->count && cells <= max_cells; i++) {
        reached->rows[reached->count++] = (struct rw_reached_row){basis_row(rows, i), RW_NO_PARENT, 0};
        cells += rw_row_cells(&reached->rows[i].row);
        for (size_t s = 0; s < wfa->symbols; s++) {
            rw_vector_zero(&rows->image);
            rw_matrix_apply(wfa->letters[s], &rows->row, &rows->image);
            reached->steps[reached->step_count] = coordinates_of(rows);
            cells += rw_row_cells(reached->steps + reached->step_count++);
        }
    }
    return cells <= max_cells;
}

/* The row that the combination is nothing but; RW_NO_PARENT: none. */
static size_t single_row(const struct rw_row *combination)
{
    return combination->count == 1 && rw_q_is_one(combination->value) ? combination->index[0] : RW_NO_PARENT;
}

static void name_parents(struct rw_reached *reached)
{
    size_t first = single_row(&reached->start);
    for (size_t k = 0; k < reached->step_count; k++) {
        size_t row = single_row(reached->steps + k);
        if (row == RW_NO_PARENT || row == first || reached->rows[row].parent != RW_NO_PARENT)
            continue;
        reached->rows[row].parent = k / reached->symbols;
        reached->rows[row].symbol = (uint32_t)(k % reached->symbols);
    }
}

bool rw_reached_reduced(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached)
{
    struct rw_wfa_basis basis;
    *reached = (struct rw_reached){.symbols = wfa->symbols};
    if (!find_basis(wfa, max_cells, &basis))
        return false;
    reached->rows = rw_alloc(basis.count, sizeof *reached->rows);
    reached->steps = rw_alloc(basis.count * wfa->symbols, sizeof *reached->steps);
    struct rows rows = {.basis = &basis};
    rw_vector_init(&rows.row, wfa->states);
    rw_vector_init(&rows.image, wfa->states);
    rw_vector_init(&rows.coordinates, basis.count);
    bool fits = add_rows(&rows, wfa, max_cells, reached);
    if (fits)
        name_parents(reached);
    rw_vector_clear(&rows.row);
    rw_vector_clear(&rows.image);
    rw_vector_clear(&rows.coordinates);
    rw_wfa_basis_clear(&basis);
    return fits;
}
