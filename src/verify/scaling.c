/* scaling.c - positive multiples and harmless shifts. */
#include "verify/scaling.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void rw_scaling_init(struct rw_scaling *scaling)
{
    fmpq_init(scaling->scale);
    fmpq_init(scaling->shift);
    rw_q_set_int(scaling->scale, 1);
}

void rw_scaling_clear(struct rw_scaling *scaling)
{
    fmpq_clear(scaling->scale);
    fmpq_clear(scaling->shift);
}

/* --- from values --- */

static bool fit(struct rw_scaling *scaling, const fmpq *f, const fmpq *g)
{
    fmpq_t run, rise;
    fmpq_init(run);
    fmpq_init(rise);
    rw_q_set_int(scaling->scale, 1);
    fmpq_sub(run, f + 1, f);
    fmpq_sub(rise, g + 1, g);
    if (!rw_q_is_zero(run))
        fmpq_div(scaling->scale, rise, run);
    fmpq_mul(run, scaling->scale, f);
    fmpq_sub(scaling->shift, g, run);
    fmpq_clear(run);
    fmpq_clear(rise);
    return rw_q_sign(scaling->scale) > 0;
}

bool rw_scaling_fit(struct rw_scaling *scaling, const struct rw_two_series *series)
{
    struct rw_word empty, other;
    fmpq *f = rw_q_list_new(2), *g = rw_q_list_new(2);
    rw_word_init(&empty);
    rw_word_init(&other);
    series->values(series->context, &empty, f, g);
    if (!series->other_word(series->context, f, &other))
        other.length = 0;
    series->values(series->context, &other, f + 1, g + 1);
    bool positive = fit(scaling, f, g);
    rw_word_clear(&other);
    rw_q_list_free(f, 2);
    rw_q_list_free(g, 2);
    return positive;
}

bool rw_same_sign(const struct rw_two_series *series, const struct rw_word *word)
{
    fmpq_t f, g;
    fmpq_init(f);
    fmpq_init(g);
    series->values(series->context, word, f, g);
    bool same = (rw_q_sign(f) > 0) == (rw_q_sign(g) > 0);
    fmpq_clear(f);
    fmpq_clear(g);
    return same;
}

/* --- signs --- */

/* Row i of a letter's transpose is e_i: the letter keeps coordinate i as it is. */
static void mark_kept(const struct rw_matrix *transposed, uint8_t *kept)
{
    for (size_t j = 0; j < transposed->cols; j++)
        for (size_t e = transposed->start[j]; e < transposed->start[j + 1]; e++)
            if (transposed->row[e] != j || !rw_q_is_one(transposed->value + e))
                kept[transposed->row[e]] = 0;
    for (size_t i = 0; i < transposed->rows; i++)
        if (rw_matrix_entry(transposed, i, i) == NULL)
            kept[i] = 0;
}

/* Every value of f is offset + step * (an integer); step 0: f is constant. false: rows are not integer vectors.
 * Coordinates that no letter changes go into the offset, the others span the lattice. */
static bool lattice(const struct rw_wfa *f, fmpq_t offset, fmpq_t step)
{
    bool integers = rw_q_list_is_integer(f->alpha, f->states);
    for (uint32_t symbol = 0; symbol < f->symbols && integers; symbol++)
        integers = rw_q_list_is_integer(f->letters[symbol]->value, rw_matrix_nonzeros(f->letters[symbol]));
    if (!integers)
        return false;
    uint8_t *kept = rw_alloc(f->states, sizeof *kept);
    memset(kept, 1, f->states);
    for (uint32_t symbol = 0; symbol < f->symbols; symbol++)
        mark_kept(f->letters[symbol], kept);
    for (size_t i = 0; i < f->states; i++) {
        if (kept[i])
            fmpq_addmul(offset, f->alpha + i, f->omega + i);
        else
            fmpq_gcd(step, step, f->omega + i);
    }
    free(kept);
    return true;
}

/* Whether no value offset + step * Z lies in ]low, high]. */
static bool lattice_misses(const fmpq_t offset, const fmpq_t step, const fmpq_t low, const fmpq_t high)
{
    fmpq_t last;
    fmpz_t floor;
    fmpq_init(last);
    fmpz_init(floor);
    fmpq_set(last, offset); /* the largest value that is at most `high` */
    if (!rw_q_is_zero(step)) {
        fmpq_sub(last, high, offset);
        fmpq_div(last, last, step);
        fmpz_fdiv_q(floor, fmpq_numref(last), fmpq_denref(last));
        fmpq_mul_fmpz(last, step, floor);
        fmpq_add(last, last, offset);
    }
    bool misses = fmpq_cmp(last, low) <= 0 || fmpq_cmp(last, high) > 0;
    fmpq_clear(last);
    fmpz_clear(floor);
    return misses;
}

bool rw_scaling_keeps_signs(const struct rw_scaling *scaling, const struct rw_wfa *f)
{
    if (rw_q_is_zero(scaling->shift))
        return true;
    fmpq_t offset, step, threshold, zero;
    fmpq_init(offset);
    fmpq_init(step);
    fmpq_init(threshold);
    fmpq_init(zero);
    fmpq_div(threshold, scaling->shift, scaling->scale);
    fmpq_neg(threshold, threshold);
    bool above = rw_q_sign(threshold) > 0;
    bool same =
        lattice(f, offset, step) && lattice_misses(offset, step, above ? zero : threshold, above ? threshold : zero);
    fmpq_clear(offset);
    fmpq_clear(step);
    fmpq_clear(threshold);
    fmpq_clear(zero);
    return same;
}

void rw_scaling_print(FILE *out, const struct rw_scaling *scaling, const char *title)
{
    fmpq_t size;
    if (!rw_q_is_one(scaling->scale)) {
        rw_q_print(out, scaling->scale);
        fprintf(out, " times ");
    }
    fprintf(out, "%s", title);
    if (rw_q_is_zero(scaling->shift))
        return;
    fprintf(out, rw_q_sign(scaling->shift) > 0 ? " plus " : " minus ");
    fmpq_init(size);
    fmpq_abs(size, scaling->shift);
    rw_q_print(out, size);
    fmpq_clear(size);
    fprintf(out, ", which changes no verdict,");
}
