/* residue.c - rational numbers modulo a prime. */
#include "exact/residue.h"

#include <stdlib.h>

#include <flint/ulong_extras.h>

#include "base/memory.h"
#include "base/random.h"

mp_limb_t rw_random_prime(uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed ^ UINT64_C(0x9e3779b97f4a7c15));
    uint64_t low = UINT64_C(1) << 60;
    return n_nextprime(low + rw_random_below(&random, low - (UINT64_C(1) << 20)), 1);
}

bool rw_residue(const fmpq_t value, nmod_t mod, mp_limb_t *residue)
{
    mp_limb_t denominator = fmpz_fdiv_ui(fmpq_denref(value), mod.n);
    if (denominator == 0)
        return false;
    mp_limb_t numerator = fmpz_fdiv_ui(fmpq_numref(value), mod.n);
    *residue = denominator == 1 ? numerator : nmod_mul(numerator, n_invmod(denominator, mod.n), mod);
    return true;
}

bool rw_residues_init(struct rw_residues *residues, const struct rw_matrix *matrix, nmod_t mod)
{
    size_t count = rw_matrix_nonzeros(matrix);
    residues->matrix = matrix;
    residues->value = rw_alloc(count, sizeof *residues->value);
    for (size_t e = 0; e < count; e++)
        if (!rw_residue(matrix->value + e, mod, residues->value + e))
            return false;
    return true;
}

void rw_residues_clear(struct rw_residues *residues)
{
    free(residues->value);
    residues->value = NULL;
}

void rw_residues_apply(const struct rw_residues *m, const mp_limb_t *x, mp_limb_t *y, nmod_t mod)
{
    for (size_t j = 0; j < m->matrix->cols; j++) {
        if (x[j] == 0)
            continue;
        for (size_t e = m->matrix->start[j]; e < m->matrix->start[j + 1]; e++)
            y[m->matrix->row[e]] = nmod_add(y[m->matrix->row[e]], nmod_mul(m->value[e], x[j], mod), mod);
    }
}
