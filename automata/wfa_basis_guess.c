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
    mp_limb_t *from, *v; /* dense work space */
    struct row *rows;
    size_t count, capacity;
    size_t *pivot;
    uint64_t cells;
};

/* --- rows --- */

static void load(struct space *space, const struct row *row, mp_limb_t *to)
{
    memset(to, 0, space->wfa->states * sizeof *to);
    for (size_t k = 0; k < row->count; k++)
        to[row->index[k]] = row->value[k];
}

/* v <- v - v_i r: v_i becomes 0. */
static void eliminate(struct space *space, const struct row *row, size_t i)
{
    mp_limb_t factor = nmod_neg(space->v[i], space->mod);
    for (size_t k = 0; k < row->count; k++) {
        mp_limb_t *entry = space->v + row->index[k];
        *entry = nmod_add(*entry, nmod_mul(factor, row->value[k], space->mod), space->mod);
    }
}

/* Eliminates from place `first` on. The first place where something is left, or the number of states. */
static size_t reduce(struct space *space, size_t first)
{
    size_t states = space->wfa->states, left = states;
    for (size_t i = first; i < states; i++) {
        if (space->v[i] == 0)
            continue;
        if (space->pivot[i] != RW_NO_ROW)
            eliminate(space, space->rows + space->pivot[i], i);
        else if (left == states)
            left = i;
    }
    return left;
}

/* v as a row, divided by its entry at `pivot`. */
static struct row keep(struct space *space, size_t pivot)
{
    struct row row = {0};
    mp_limb_t inverse = n_invmod(space->v[pivot], space->mod.n);
    for (size_t i = pivot; i < space->wfa->states; i++)
        row.count += space->v[i] != 0;
    row.index = rw_alloc(row.count, sizeof *row.index);
    row.value = rw_alloc(row.count, sizeof *row.value);
    row.count = 0;
    for (size_t i = pivot; i < space->wfa->states; i++)
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

static void visit(struct space *space)
{
    size_t pivot = reduce(space, 0);
    if (pivot == space->wfa->states)
        return;
    space->rows = rw_grow(space->rows, &space->capacity, space->count + 1, sizeof *space->rows);
    space->pivot[pivot] = space->count;
    space->rows[space->count++] = keep(space, pivot);
}

static enum rw_basis_result span(struct space *space, uint64_t most, struct rw_progress *progress)
{
    uint64_t done = 0;
    visit(space);
    for (size_t i = 0; i < space->count; i++) {
        load(space, space->rows + i, space->from);
        for (size_t s = 0; s < space->wfa->symbols; s++) {
            memset(space->v, 0, space->wfa->states * sizeof *space->v);
            rw_residues_apply(space->letters + s, space->from, space->v, space->mod);
            visit(space);
            if (space->cells > most)
                return RW_BASIS_TOO_LARGE;
            if (done++ % REPORT_EVERY == 0 && !rw_progress_report(progress, "independent rows", space->count, 0))
                return RW_BASIS_INTERRUPTED;
        }
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
        load(space, row, space->v);
        reduce(space, q + 1);
        drop(space, row);
        *row = keep(space, q);
        if (space->cells > most)
            return RW_BASIS_TOO_LARGE;
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
    space->from = rw_alloc(wfa->states, sizeof *space->from);
    space->v = rw_alloc(wfa->states, sizeof *space->v);
    space->pivot = rw_alloc(wfa->states, sizeof *space->pivot);
    for (size_t q = 0; q < wfa->states; q++) {
        space->pivot[q] = RW_NO_ROW;
        good = rw_residue(wfa->alpha + q, space->mod, space->v + q) && good;
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
    free(space->from);
    free(space->v);
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
    *basis = (struct rw_wfa_basis){.pivot = rw_alloc(space->count, sizeof *basis->pivot)};
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
        basis->pivot[basis->count++] = q;
    }
    basis->rows = rw_builder_finish(rows);
    if (!good)
        rw_wfa_basis_clear(basis);
    fmpq_clear(fraction);
    fmpz_clear(residue);
    fmpz_clear(prime);
    return good;
}

enum rw_basis_result rw_wfa_basis_guess(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                        struct rw_progress *progress, struct rw_wfa_basis *basis)
{
    struct space space;
    enum rw_basis_result result = start(&space, wfa, prime) ? RW_BASIS_DONE : RW_BASIS_NO_GUESS;
    if (result == RW_BASIS_DONE)
        result = span(&space, most, progress);
    if (result == RW_BASIS_DONE)
        result = reduce_all(&space, most, progress);
    if (result == RW_BASIS_DONE && !collect(&space, basis))
        result = RW_BASIS_NO_GUESS;
    finish(&space);
    return result;
}
