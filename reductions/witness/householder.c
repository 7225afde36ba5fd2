/* householder.c - letters as products of delta steps.
 *
 * With the state a row x and a step x <- x (I - beta k k^T):
 *   clear i       beta = 1,     k = e_i
 *   scale i by w  beta = 1 - w, k = e_i
 *   swap i, j     beta = 1,     k = e_i - e_j                     (|k|^2 = 2: the reflection with beta = 2 on a unit key)
 *   merge i to j  (1/2, e_i - e_j), (1, e_i), (-1, e_j)           x_j <- x_i + x_j, x_i <- 0
 *   x_s <- x c    (2/s, c), (1/(2s), 2 c + s e_s), s = |c|^2      where x_s = 0 and c_s = 0 (the overwrite of W6) */
#include "reductions/witness/householder.h"

#include <stdlib.h>
#include <string.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

#define NO_PLACE UINT32_MAX

/* Ranks of larger matrices are not computed: `least` is then only the number of rows that change, halved at worst. */
#define MOST_FOR_RANK 256

static struct rw_delta_step *add_step(struct rw_delta_steps *steps, const fmpq_t beta, size_t entries)
{
    steps->steps = rw_grow(steps->steps, &steps->capacity, steps->count + 1, sizeof *steps->steps);
    struct rw_delta_step *step = steps->steps + steps->count++;
    step->count = entries;
    step->place = rw_alloc(entries, sizeof *step->place);
    step->value = rw_alloc(entries, sizeof *step->value);
    fmpq_init(&step->beta);
    fmpq_set(&step->beta, beta);
    for (size_t e = 0; e < entries; e++)
        fmpq_init(step->value + e);
    return step;
}

void rw_delta_steps_clear(struct rw_delta_steps *steps)
{
    for (size_t s = 0; s < steps->count; s++) {
        struct rw_delta_step *step = steps->steps + s;
        for (size_t e = 0; e < step->count; e++)
            fmpq_clear(step->value + e);
        fmpq_clear(&step->beta);
        free(step->place);
        free(step->value);
    }
    free(steps->steps);
    *steps = (struct rw_delta_steps){0};
}

static void add_unit(struct rw_delta_steps *steps, uint32_t i, const fmpq_t beta)
{
    struct rw_delta_step *step = add_step(steps, beta, 1);
    step->place[0] = i;
    fmpq_one(step->value);
}

static void add_scale(struct rw_delta_steps *steps, uint32_t i, const fmpq_t weight)
{
    fmpq_t beta;
    fmpq_init(beta);
    fmpq_one(beta);
    fmpq_sub(beta, beta, weight);
    add_unit(steps, i, beta);
    fmpq_clear(beta);
}

static void add_int_unit(struct rw_delta_steps *steps, uint32_t i, int64_t beta)
{
    fmpq_t value;
    fmpq_init(value);
    rw_q_set_int(value, beta);
    add_unit(steps, i, value);
    fmpq_clear(value);
}

/* beta = 1 / denominator, k = e_i - e_j */
static void add_difference(struct rw_delta_steps *steps, uint32_t i, uint32_t j, uint64_t denominator)
{
    fmpq_t beta;
    fmpq_init(beta);
    fmpq_set_si(beta, 1, denominator);
    struct rw_delta_step *step = add_step(steps, beta, 2);
    fmpq_clear(beta);
    step->place[0] = i;
    step->place[1] = j;
    fmpq_one(step->value);
    fmpq_sub_si(step->value + 1, step->value + 1, 1);
}

static void add_merge(struct rw_delta_steps *steps, uint32_t i, uint32_t j)
{
    add_difference(steps, i, j, 2);
    add_int_unit(steps, i, 1);
    add_int_unit(steps, j, -1);
}

/* --- one symmetric step: I - M = beta k k^T --- */

static void dense_difference(const struct rw_matrix *transposed, fmpq_mat_t difference)
{
    fmpq_mat_one(difference);
    for (size_t i = 0; i < transposed->cols; i++)
        for (size_t e = transposed->start[i]; e < transposed->start[i + 1]; e++) {
            fmpq *entry = fmpq_mat_entry(difference, (slong)i, transposed->row[e]);
            fmpq_sub(entry, entry, transposed->value + e);
        }
}

static bool try_symmetric(struct rw_delta_steps *steps, const fmpq_mat_t difference)
{
    slong n = fmpq_mat_nrows(difference), pivot = 0;
    while (pivot < n && fmpq_is_zero(fmpq_mat_entry(difference, pivot, pivot)))
        pivot++;
    if (pivot == n)
        return fmpq_mat_is_zero(difference);
    fmpq_t product;
    bool fits = true;
    fmpq_init(product);
    fmpq_inv(product, fmpq_mat_entry(difference, pivot, pivot));
    struct rw_delta_step *step = add_step(steps, product, (size_t)n);
    step->count = 0;
    for (slong j = 0; j < n; j++) {
        const fmpq *entry = fmpq_mat_entry(difference, pivot, j);
        for (slong i = 0; i < n && fits; i++) { /* N_ij = N_pi N_pj / N_pp */
            fmpq_mul(product, fmpq_mat_entry(difference, pivot, i), entry);
            fmpq_mul(product, product, &step->beta);
            fits = fmpq_equal(product, fmpq_mat_entry(difference, i, j));
        }
        if (!fmpq_is_zero(entry)) {
            step->place[step->count] = (uint32_t)j;
            fmpq_set(step->value + step->count++, entry);
        }
    }
    fmpq_clear(product);
    if (!fits)
        rw_delta_steps_clear(steps);
    return fits;
}

/* --- maps with weights --- */

struct map {
    size_t size;
    uint32_t *to;   /* NO_PLACE: the row is 0 */
    uint32_t *from; /* the source that is kept for each target; others are merged into it. NO_PLACE: none */
};

/* false: some row has two nonzeros. */
static bool read_map(struct map *map, const struct rw_matrix *transposed)
{
    for (uint32_t i = 0; i < map->size; i++) {
        size_t count = transposed->start[i + 1] - transposed->start[i];
        if (count > 1)
            return false;
        map->to[i] = count == 0 ? NO_PLACE : transposed->row[transposed->start[i]];
        map->from[i] = NO_PLACE;
    }
    return true;
}

/* Sources on cycles are kept, so that as few swaps as possible remain; else any. */
static void choose_sources(struct map *map)
{
    uint8_t *seen = rw_alloc(map->size, 1); /* 1: on the current walk, 2: done */
    for (uint32_t start = 0; start < map->size; start++) {
        uint32_t i = start;
        while (i != NO_PLACE && seen[i] == 0) {
            seen[i] = 1;
            i = map->to[i];
        }
        if (i != NO_PLACE && seen[i] == 1)
            for (uint32_t j = i; map->from[map->to[j]] == NO_PLACE; j = map->to[j])
                map->from[map->to[j]] = j;
        for (uint32_t j = start; j != NO_PLACE && seen[j] == 1; j = map->to[j])
            seen[j] = 2;
    }
    for (uint32_t i = 0; i < map->size; i++)
        if (map->to[i] != NO_PLACE && map->from[map->to[i]] == NO_PLACE)
            map->from[map->to[i]] = i;
    free(seen);
}

/* What is left is injective: cycles, and paths that end in a place whose content is 0 by now. Swapping backwards along a path or cycle moves
 * everything one place on. */
static void add_swaps(struct rw_delta_steps *steps, const struct map *map)
{
    uint8_t *done = rw_alloc(map->size, 1);
    for (int cycles = 0; cycles < 2; cycles++) /* paths first: from places that are no target's end */
        for (uint32_t end = 0; end < map->size; end++) {
            bool is_source = map->to[end] != NO_PLACE && map->from[map->to[end]] == end;
            if (done[end] || map->from[end] == NO_PLACE || (is_source && !cycles))
                continue;
            uint32_t place = end;
            done[place] = 1;
            for (uint32_t source = map->from[place]; source != NO_PLACE && source != end && !done[source];
                 source = map->from[source]) {
                add_difference(steps, place, source, 1);
                done[source] = 1;
                place = source;
            }
        }
    free(done);
}

static bool try_map(struct rw_delta_steps *steps, const struct rw_matrix *transposed)
{
    struct map map = {transposed->cols, rw_alloc(transposed->cols, sizeof(uint32_t)),
                      rw_alloc(transposed->cols, sizeof(uint32_t))};
    bool fits = read_map(&map, transposed);
    if (fits) {
        choose_sources(&map);
        for (uint32_t i = 0; i < map.size; i++) {
            if (map.to[i] == NO_PLACE)
                add_int_unit(steps, i, 1);
            else if (!fmpq_is_one(transposed->value + transposed->start[i]))
                add_scale(steps, i, transposed->value + transposed->start[i]);
        }
        for (uint32_t i = 0; i < map.size; i++)
            if (map.to[i] != NO_PLACE && map.from[map.to[i]] != i)
                add_merge(steps, i, map.from[map.to[i]]);
        add_swaps(steps, &map);
        steps->how = "swaps, merges and scalings of coordinates";
    }
    free(map.to);
    free(map.from);
    return fits;
}

/* --- columns --- */

/* Column j of M = I - difference. */
static void column_of(const fmpq_mat_t difference, slong j, fmpq *c)
{
    for (slong i = 0; i < fmpq_mat_nrows(difference); i++)
        fmpq_neg(c + i, fmpq_mat_entry(difference, i, j));
    fmpq_add_si(c + j, c + j, 1);
}

static bool column_changes(const fmpq_mat_t difference, slong j)
{
    for (slong i = 0; i < fmpq_mat_nrows(difference); i++)
        if (!fmpq_is_zero(fmpq_mat_entry(difference, i, j)))
            return true;
    return false;
}

/* x_dst <- x c, where x_dst = 0 and c does not touch dst. Nothing to do for c = 0. */
static void add_overwrite(struct rw_delta_steps *steps, const fmpq *c, size_t size, uint32_t dst)
{
    fmpq_t s, beta;
    size_t count = 0;
    fmpq_init(s);
    fmpq_init(beta);
    for (size_t i = 0; i < size; i++) {
        fmpq_addmul(s, c + i, c + i);
        count += !fmpq_is_zero(c + i);
    }
    for (int mix = 0; mix < 2 && count > 0; mix++) {
        size_t e = 0;
        fmpq_set_si(beta, mix ? 1 : 2, mix ? 2 : 1);
        fmpq_div(beta, beta, s);
        struct rw_delta_step *step = add_step(steps, beta, count + (size_t)mix);
        for (size_t i = 0; i < size; i++) {
            if (fmpq_is_zero(c + i))
                continue;
            step->place[e] = (uint32_t)i;
            fmpq_mul_si(step->value + e++, c + i, mix ? 2 : 1);
        }
        if (mix) {
            step->place[e] = dst;
            fmpq_set(step->value + e, s);
        }
    }
    fmpq_clear(beta);
    fmpq_clear(s);
}

/* Whether column j may be overwritten now: no other column that is still to come reads coordinate j. */
static bool is_free(const fmpq_mat_t difference, slong j, const uint8_t *done)
{
    for (slong other = 0; other < fmpq_mat_ncols(difference); other++)
        if (other != j && !done[other] && !fmpq_is_zero(fmpq_mat_entry(difference, j, other)))
            return false;
    return true;
}

/* In place, three steps for each column, if there is an order and no column that changes reads itself. */
static bool try_in_place(struct rw_delta_steps *steps, const fmpq_mat_t difference)
{
    slong n = fmpq_mat_nrows(difference), left = 0;
    uint8_t *done = rw_alloc((size_t)n, 1);
    fmpq *c = _fmpq_vec_init(n);
    bool news = true;
    for (slong j = 0; j < n; j++) {
        done[j] = !column_changes(difference, j);
        left += !done[j];
    }
    while (left > 0 && news) {
        news = false;
        for (slong j = 0; j < n; j++) {
            if (done[j] || !fmpq_is_one(fmpq_mat_entry(difference, j, j)) || !is_free(difference, j, done))
                continue;
            column_of(difference, j, c);
            add_int_unit(steps, (uint32_t)j, 1);
            add_overwrite(steps, c, (size_t)n, (uint32_t)j);
            done[j] = news = true;
            left--;
        }
    }
    steps->how = "columns overwritten in place";
    free(done);
    _fmpq_vec_clear(c, n);
    if (left > 0)
        rw_delta_steps_clear(steps);
    return left == 0;
}

/* The new columns are made in the spare coordinates, then change places with the old ones, which are cleared. */
static void by_spares(struct rw_delta_steps *steps, const fmpq_mat_t difference)
{
    slong n = fmpq_mat_nrows(difference);
    fmpq *c = _fmpq_vec_init(n);
    for (slong j = 0; j < n; j++) {
        if (!column_changes(difference, j))
            continue;
        column_of(difference, j, c);
        add_overwrite(steps, c, (size_t)n, (uint32_t)(n + j));
    }
    for (slong j = 0; j < n; j++) {
        if (!column_changes(difference, j))
            continue;
        add_difference(steps, (uint32_t)j, (uint32_t)(n + j), 1);
        add_int_unit(steps, (uint32_t)(n + j), 1);
    }
    steps->spare = true;
    steps->how = "columns by way of spare coordinates";
    _fmpq_vec_clear(c, n);
}

/* --- the best --- */

static size_t rank_of(const fmpq_mat_t difference)
{
    slong n = fmpq_mat_nrows(difference);
    fmpz_mat_t integral;
    fmpz_mat_init(integral, n, n);
    fmpq_mat_get_fmpz_mat_rowwise(integral, NULL, difference);
    size_t rank = (size_t)fmpz_mat_rank(integral);
    fmpz_mat_clear(integral);
    return rank;
}

/* Takes `trial` if it is shorter. */
static void take_shorter(struct rw_delta_steps *best, struct rw_delta_steps *trial, bool found, bool *any)
{
    if (found && (!*any || trial->count < best->count)) {
        rw_delta_steps_clear(best);
        *best = *trial;
        *any = true;
    } else {
        rw_delta_steps_clear(trial);
    }
}

void rw_delta_steps_find(struct rw_delta_steps *steps, const struct rw_matrix *transposed)
{
    slong n = (slong)transposed->cols;
    bool any = false;
    *steps = (struct rw_delta_steps){0};
    struct rw_delta_steps trial = {0};
    bool found = try_map(&trial, transposed);
    take_shorter(steps, &trial, found, &any);
    if (n > MOST_FOR_RANK && any)
        return;
    fmpq_mat_t difference;
    fmpq_mat_init(difference, n, n);
    dense_difference(transposed, difference);
    trial = (struct rw_delta_steps){.how = "one symmetric step"};
    found = try_symmetric(&trial, difference);
    take_shorter(steps, &trial, found, &any);
    trial = (struct rw_delta_steps){0};
    found = try_in_place(&trial, difference);
    take_shorter(steps, &trial, found, &any);
    trial = (struct rw_delta_steps){0};
    by_spares(&trial, difference);
    take_shorter(steps, &trial, true, &any);
    steps->least = rank_of(difference);
    fmpq_mat_clear(difference);
}
