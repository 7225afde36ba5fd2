/* wfa_basis_guess.c - the reduced basis of a forward space modulo a prime, as small fractions.
 *
 * The same elimination as wfa_basis.c, on residues. Rows that are independent modulo the prime are independent; the rank
 * can only be too small, and a fraction can only be wrong, when the prime is unlucky or a number is large: the caller
 * checks. A fraction a/b is found again from its residue if a and b are below the root of half the prime (Wang 1981). */
#include <stdlib.h>
#include <string.h>

#include "automata/row_space.h"
#include "automata/wfa_basis.h"
#include "base/memory.h"
#include "exact/residue.h"

/* Extensions between two questions whether to go on. */
#define REPORT_EVERY 64

/* A row divided by its first entry: entries in ascending order, the first one at the pivot. */
struct row {
    size_t count;
    uint32_t *index;
    mp_limb_t *value;
};

struct space {
    const struct rw_wfa *wfa;
    nmod_t mod;
    struct rw_residues *letters;
    mp_limb_t *omega;
    mp_limb_t *v;   /* work space: a row, dense */
    uint64_t *bits; /* of v: all places that may be other than 0 */
    struct row *rows;
    size_t count, capacity;
    size_t *pivot;
    uint64_t cells;
};

/* --- rows --- */

static void add_to_place(struct space *space, size_t i, mp_limb_t factor, mp_limb_t value)
{
    space->v[i] = nmod_add(space->v[i], nmod_mul(factor, value, space->mod), space->mod);
    space->bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* The first place from `first` on that may be other than 0, or the number of states. */
static size_t next_place(const struct space *space, size_t first)
{
    size_t states = space->wfa->states;
    if (first >= states)
        return states;
    uint64_t rest = space->bits[first / 64] >> first % 64;
    if (rest != 0)
        return first + (size_t)__builtin_ctzll(rest);
    for (size_t word = first / 64 + 1; word <= (states - 1) / 64; word++)
        if (space->bits[word] != 0)
            return word * 64 + (size_t)__builtin_ctzll(space->bits[word]);
    return states;
}

static void clear(struct space *space)
{
    for (size_t i = next_place(space, 0); i < space->wfa->states; i = next_place(space, i + 1)) {
        space->v[i] = 0;
        space->bits[i / 64] = space->bits[i / 64] >> i % 64 >> 1 << i % 64 << 1; /* the places up to i are done */
    }
}

/* v += factor r */
static void add_row(struct space *space, const struct row *row, mp_limb_t factor)
{
    for (size_t k = 0; k < row->count; k++)
        add_to_place(space, row->index[k], factor, row->value[k]);
}

/* Eliminates from place `first` on. The first place where something is left, or the number of states. A row has nothing
 * before its pivot, so places that are behind stay as they are. */
static size_t reduce(struct space *space, size_t first)
{
    size_t states = space->wfa->states, left = states;
    for (size_t i = next_place(space, first); i < states; i = next_place(space, i + 1)) {
        if (space->v[i] == 0)
            continue;
        if (space->pivot[i] != RW_NO_ROW)
            add_row(space, space->rows + space->pivot[i], nmod_neg(space->v[i], space->mod));
        else if (left == states)
            left = i;
    }
    return left;
}

/* v as a row, divided by its entry at `pivot`, the first one. */
static struct row keep(struct space *space, size_t pivot)
{
    struct row row = {0};
    size_t states = space->wfa->states;
    mp_limb_t inverse = n_invmod(space->v[pivot], space->mod.n);
    for (size_t i = pivot; i < states; i = next_place(space, i + 1))
        row.count += space->v[i] != 0;
    row.index = rw_alloc(row.count, sizeof *row.index);
    row.value = rw_alloc(row.count, sizeof *row.value);
    row.count = 0;
    for (size_t i = pivot; i < states; i = next_place(space, i + 1))
        if (space->v[i] != 0) {
            row.index[row.count] = (uint32_t)i;
            row.value[row.count++] = nmod_mul(space->v[i], inverse, space->mod);
        }
    space->cells += row.count;
    return row;
}

static void drop(struct space *space, struct row *row)
{
    space->cells -= row->count;
    free(row->index);
    free(row->value);
}

/* --- the space --- */

/* Takes v into the space if it is independent. */
static void visit(struct space *space)
{
    size_t pivot = reduce(space, 0);
    if (pivot == space->wfa->states)
        return;
    space->rows = rw_grow(space->rows, &space->capacity, space->count + 1, sizeof *space->rows);
    space->pivot[pivot] = space->count;
    space->rows[space->count++] = keep(space, pivot);
}

/* v = row i times the letter */
static void extend(struct space *space, size_t i, const struct rw_residues *letter)
{
    const struct row *row = space->rows + i;
    const struct rw_matrix *m = letter->matrix; /* transposed */
    clear(space);
    for (size_t k = 0; k < row->count; k++)
        for (size_t e = m->start[row->index[k]]; e < m->start[row->index[k] + 1]; e++)
            add_to_place(space, m->row[e], row->value[k], letter->value[e]);
}

/* Whether omega is 0 on the rows from `first` on. */
static bool is_zero_on_rows(const struct space *space, size_t first)
{
    for (size_t i = first; i < space->count; i++) {
        mp_limb_t value = 0;
        for (size_t k = 0; k < space->rows[i].count; k++)
            NMOD_ADDMUL(value, space->rows[i].value[k], space->omega[space->rows[i].index[k]], space->mod);
        if (value != 0)
            return false;
    }
    return true;
}

static enum rw_basis_result span(struct space *space, bool zero, uint64_t most, struct rw_progress *progress)
{
    uint64_t done = 0;
    visit(space);
    if (zero && !is_zero_on_rows(space, 0))
        return RW_BASIS_NOT_ZERO;
    for (size_t i = 0; i < space->count; i++)
        for (size_t s = 0; s < space->wfa->symbols; s++) {
            size_t before = space->count;
            extend(space, i, space->letters + s);
            visit(space);
            if (zero && !is_zero_on_rows(space, before))
                return RW_BASIS_NOT_ZERO;
            if (space->cells > most)
                return RW_BASIS_TOO_LARGE;
            if (done++ % REPORT_EVERY == 0 && !rw_progress_report(progress, "independent rows", space->count, 0))
                return RW_BASIS_INTERRUPTED;
        }
    return RW_BASIS_DONE;
}

/* From the last pivot to the first, so that rows with a later pivot are reduced already. */
static enum rw_basis_result reduce_all(struct space *space, uint64_t most, struct rw_progress *progress)
{
    for (size_t q = space->wfa->states; q-- > 0;) {
        if (space->pivot[q] == RW_NO_ROW)
            continue;
        struct row *row = space->rows + space->pivot[q];
        clear(space);
        add_row(space, row, 1);
        reduce(space, q + 1);
        drop(space, row);
        *row = keep(space, q);
        if (space->cells > most) /* though the space was not too large before it was reduced */
            return RW_BASIS_NO_GUESS;
        if (q % REPORT_EVERY == 0 && !rw_progress_report(progress, "rows reduced", space->wfa->states - q, 0))
            return RW_BASIS_INTERRUPTED;
    }
    return RW_BASIS_DONE;
}

/* false: the prime divides a denominator. */
static bool start(struct space *space, const struct rw_wfa *wfa, uint64_t prime)
{
    bool good = true;
    *space = (struct space){.wfa = wfa};
    nmod_init(&space->mod, prime);
    space->letters = rw_alloc(wfa->symbols, sizeof *space->letters);
    space->omega = rw_alloc(wfa->states, sizeof *space->omega);
    space->v = rw_alloc(wfa->states, sizeof *space->v);
    space->bits = rw_alloc(wfa->states / 64 + 1, sizeof *space->bits);
    space->pivot = rw_alloc(wfa->states, sizeof *space->pivot);
    for (size_t q = 0; q < wfa->states; q++) {
        space->pivot[q] = RW_NO_ROW;
        good = rw_residue(wfa->alpha + q, space->mod, space->v + q) && good;
        good = rw_residue(wfa->omega + q, space->mod, space->omega + q) && good;
        space->bits[q / 64] |= (uint64_t)(space->v[q] != 0) << q % 64;
    }
    for (size_t s = 0; s < wfa->symbols; s++)
        good = rw_residues_init(space->letters + s, wfa->letters[s], space->mod) && good;
    return good;
}

static void finish(struct space *space)
{
    for (size_t i = 0; i < space->count; i++)
        drop(space, space->rows + i);
    for (size_t s = 0; s < space->wfa->symbols; s++)
        rw_residues_clear(space->letters + s);
    free(space->letters);
    free(space->rows);
    free(space->pivot);
    free(space->omega);
    free(space->v);
    free(space->bits);
}

/* --- fractions --- */

/* false: some residue is that of no small fraction. */
static bool collect(const struct space *space, struct rw_wfa_basis *basis)
{
    bool good = true;
    fmpq_t fraction;
    fmpz_t residue, prime;
    struct rw_builder *rows = rw_builder_new(space->wfa->states, space->count);
    fmpq_init(fraction);
    fmpz_init(residue);
    fmpz_init_set_ui(prime, space->mod.n);
    *basis = rw_wfa_basis_new(space->wfa->states, space->count);
    for (size_t q = 0; q < space->wfa->states && good; q++) {
        if (space->pivot[q] == RW_NO_ROW)
            continue;
        const struct row *row = space->rows + space->pivot[q];
        for (size_t k = 0; k < row->count && good; k++) {
            fmpz_set_ui(residue, row->value[k]);
            good = fmpq_reconstruct_fmpz(fraction, residue, prime) != 0;
            if (good)
                rw_builder_add(rows, row->index[k], basis->count, fraction);
        }
        rw_wfa_basis_add(basis, q);
    }
    basis->rows = rw_builder_finish(rows);
    if (!good)
        rw_wfa_basis_clear(basis);
    fmpq_clear(fraction);
    fmpz_clear(residue);
    fmpz_clear(prime);
    return good;
}

static enum rw_basis_result guess(const struct rw_wfa *wfa, uint64_t prime, bool zero, uint64_t most,
                                  struct rw_progress *progress, struct rw_wfa_basis *basis)
{
    struct space space;
    enum rw_basis_result result = start(&space, wfa, prime) ? RW_BASIS_DONE : RW_BASIS_NO_GUESS;
    if (result == RW_BASIS_DONE)
        result = span(&space, zero, most, progress);
    if (result == RW_BASIS_DONE)
        result = reduce_all(&space, most, progress);
    if (result == RW_BASIS_DONE && !collect(&space, basis))
        result = RW_BASIS_NO_GUESS;
    else if (result == RW_BASIS_TOO_LARGE)
        *basis = (struct rw_wfa_basis){.count = space.count};
    finish(&space);
    return result;
}

enum rw_basis_result rw_wfa_basis_guess(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                        struct rw_progress *progress, struct rw_wfa_basis *basis)
{
    return guess(wfa, prime, false, most, progress, basis);
}

enum rw_basis_result rw_wfa_basis_guess_zero(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                             struct rw_wfa_basis *basis)
{
    return guess(wfa, prime, true, most, NULL, basis);
}
