/* shift.c - the values of a series of integer matrices lie in a lattice on the line. */
#include "recheck/shift.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool is_integral(const struct rw_wfa *f)
{
    bool integers = rw_q_list_is_integer(f->alpha, f->states);
    for (size_t s = 0; s < f->symbols; s++)
        integers = integers && rw_q_list_is_integer(f->letters[s]->value, rw_matrix_nonzeros(f->letters[s]));
    return integers;
}

/* 1 for places q where every M_s has the unit column q: entry q of alpha M_w is that of alpha. Letters are stored
 * transposed, so that column q of M_s is row q here. Caller frees. */
static uint8_t *kept_places(const struct rw_wfa *f)
{
    uint8_t *kept = rw_alloc(f->states, 1);
    memset(kept, 1, f->states);
    for (size_t s = 0; s < f->symbols; s++) {
        const struct rw_matrix *m = f->letters[s];
        for (size_t p = 0; p < f->states; p++) {
            const fmpq *diagonal = rw_matrix_entry(m, p, p);
            if (diagonal == NULL || !rw_q_is_one(diagonal))
                kept[p] = 0;
            for (size_t e = m->start[p]; e < m->start[p + 1]; e++)
                if (m->row[e] != p)
                    kept[m->row[e]] = 0;
        }
    }
    return kept;
}

/* The largest offset + step k, k an integer, that is at most `high`. */
static void largest_below(const fmpq_t offset, const fmpq_t step, const fmpq_t high, fmpq_t value)
{
    fmpz_t k;
    fmpz_init(k);
    fmpq_sub(value, high, offset);
    fmpq_div(value, value, step);
    fmpz_fdiv_q(k, fmpq_numref(value), fmpq_denref(value));
    fmpq_mul_fmpz(value, step, k);
    fmpq_add(value, value, offset);
    fmpz_clear(k);
}

bool rw_recheck_shift_is_harmless(const struct rw_wfa *f, const fmpq *omega, const fmpq_t scale, const fmpq_t shift)
{
    if (rw_q_is_zero(shift))
        return true;
    if (!is_integral(f))
        return false;
    fmpq_t offset, step, threshold, value;
    fmpq_init(offset);
    fmpq_init(step);
    fmpq_init(threshold);
    fmpq_init(value);
    uint8_t *kept = kept_places(f);
    for (size_t q = 0; q < f->states; q++) {
        if (kept[q])
            fmpq_addmul(offset, f->alpha + q, omega + q);
        else
            fmpq_gcd(step, step, omega + q);
    }
    free(kept);
    fmpq_div(threshold, shift, scale);
    fmpq_neg(threshold, threshold);
    const fmpq *low = rw_q_sign(threshold) < 0 ? threshold : value,
               *high = rw_q_sign(threshold) < 0 ? value : threshold;
    bool between; /* some value is above the lower one of 0 and the threshold, and not above the other */
    if (rw_q_is_zero(step)) {
        between = fmpq_cmp(offset, low) > 0 && fmpq_cmp(offset, high) <= 0;
    } else {
        fmpq_t last;
        fmpq_init(last);
        largest_below(offset, step, high, last);
        between = fmpq_cmp(last, low) > 0;
        fmpq_clear(last);
    }
    fmpq_clear(offset);
    fmpq_clear(step);
    fmpq_clear(threshold);
    fmpq_clear(value);
    return !between;
}
