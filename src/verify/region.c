/* region.c - regions: samples, the affine map through them, boxes that grow. */
#include "verify/region.h"

#include <stdlib.h>
#include <string.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

/* A box that grows more often is taken to grow without end. */
#define GROWTH_PATIENCE 8

struct rw_region_key rw_region_next(const struct rw_region_key *key, size_t history, uint32_t symbol, uint32_t state,
                                    uint64_t pattern)
{
    struct rw_region_key next;
    memset(&next, 0, sizeof next);
    next.state = state;
    next.pattern = pattern;
    for (size_t i = 0; i < history; i++) {
        next.past_state[i] = i == 0 ? key->state : key->past_state[i - 1];
        next.past_symbol[i] = i == 0 ? symbol : key->past_symbol[i - 1];
        next.past_pattern[i] = i == 0 ? key->pattern : key->past_pattern[i - 1];
    }
    return next;
}

struct rw_region *rw_region_find(struct rw_regions *regions, const struct rw_region_key *key)
{
    struct rw_region *region;
    HASH_FIND(hh, regions->table, key, sizeof *key, region);
    if (region != NULL)
        return region;
    region = rw_alloc(1, sizeof *region);
    region->key = *key;
    region->counters = regions->counters;
    region->coordinates = regions->coordinates;
    region->box = rw_alloc(regions->counters, sizeof *region->box);
    rw_affine_init(&region->map, regions->coordinates, regions->counters);
    HASH_ADD(hh, regions->table, key, sizeof region->key, region);
    return region;
}

void rw_regions_clear(struct rw_regions *regions)
{
    struct rw_region *region, *next;
    HASH_ITER(hh, regions->table, region, next)
    {
        HASH_DEL(regions->table, region);
        for (size_t i = 0; i < region->samples * region->coordinates; i++)
            fmpq_clear(region->states + i);
        rw_affine_clear(&region->map);
        free(region->values);
        free(region->states);
        free(region->box);
        free(region);
    }
}

/* --- samples --- */

/* An affine function of k counters is fixed by k + 1 points; the rest are there to contradict. */
static size_t enough(const struct rw_region *region)
{
    return 3 * (region->counters + 1) + 4;
}

bool rw_region_sample(struct rw_region *region, const int64_t *values, const fmpq *state)
{
    size_t k = region->counters, m = region->coordinates;
    for (size_t s = 0; s < region->samples; s++) {
        if (memcmp(region->values + s * k, values, k * sizeof *values) != 0)
            continue;
        for (size_t i = 0; i < m; i++)
            if (!fmpq_equal(region->states + s * m + i, state + i))
                return false;
        return true;
    }
    if (region->samples == enough(region))
        return true;
    size_t s = region->samples++;
    region->values = rw_resize(region->values, region->samples * k + 1, sizeof *region->values);
    region->states = rw_resize(region->states, region->samples * m + 1, sizeof *region->states);
    memcpy(region->values + s * k, values, k * sizeof *values);
    for (size_t i = 0; i < m; i++) {
        fmpq_init(region->states + s * m + i);
        fmpq_set(region->states + s * m + i, state + i);
    }
    return true;
}

/* --- the map through the samples --- */

/* Row s: 1, the counters that are not 0 in this region, then the state. */
static void sample_matrix(const struct rw_region *region, const size_t *unknown, size_t unknowns, fmpq_mat_t matrix)
{
    for (size_t s = 0; s < region->samples; s++) {
        fmpq_one(fmpq_mat_entry(matrix, (slong)s, 0));
        for (size_t u = 1; u < unknowns; u++)
            fmpq_set_si(fmpq_mat_entry(matrix, (slong)s, (slong)u), region->values[s * region->counters + unknown[u] - 1], 1);
        for (size_t i = 0; i < region->coordinates; i++)
            fmpq_set(fmpq_mat_entry(matrix, (slong)s, (slong)(unknowns + i)), region->states + s * region->coordinates + i);
    }
}

/* Reads the solution off the echelon form; unknowns without a pivot are 0. false: contradiction. */
static bool read_solution(struct rw_region *region, const size_t *unknown, size_t unknowns, const fmpq_mat_t echelon,
                          slong rank)
{
    for (slong r = 0; r < rank; r++) {
        slong pivot = 0;
        while (fmpq_is_zero(fmpq_mat_entry(echelon, r, pivot)))
            pivot++;
        if ((size_t)pivot >= unknowns)
            return false;
        for (size_t i = 0; i < region->coordinates; i++) {
            const fmpq *value = fmpq_mat_entry(echelon, r, (slong)(unknowns + i));
            if (!fmpq_is_zero(value))
                fmpq_set(rw_vector_at(region->map.part + unknown[pivot], (uint32_t)i), value);
        }
    }
    return true;
}

bool rw_region_fit(struct rw_region *region)
{
    size_t unknowns = 1, unknown[RW_MOST_COUNTERS + 1] = {0};
    for (size_t i = 0; i < region->counters; i++)
        if (rw_sign_in(region->key.pattern, i) != RW_COUNTER_ZERO)
            unknown[unknowns++] = i + 1;
    rw_affine_zero(&region->map);
    fmpq_mat_t matrix;
    fmpq_mat_init(matrix, (slong)region->samples, (slong)(unknowns + region->coordinates));
    sample_matrix(region, unknown, unknowns, matrix);
    slong rank = fmpq_mat_rref(matrix, matrix);
    region->has_map = read_solution(region, unknown, unknowns, matrix, rank);
    region->loose = (size_t)rank < unknowns;
    fmpq_mat_clear(matrix);
    return region->has_map;
}

/* --- arriving --- */

static bool contains(const struct rw_region *region, const struct rw_interval *box)
{
    for (size_t i = 0; i < region->counters; i++)
        if (box[i].low < region->box[i].low || box[i].high > region->box[i].high)
            return false;
    return true;
}

static void grow(struct rw_region *region, const struct rw_interval *box)
{
    bool forever = ++region->growth > GROWTH_PATIENCE;
    for (size_t i = 0; i < region->counters; i++) {
        struct rw_interval *own = region->box + i;
        enum rw_counter_sign sign = rw_sign_in(region->key.pattern, i);
        if (box[i].low < own->low)
            own->low = !forever ? box[i].low : sign == RW_COUNTER_POSITIVE ? 1 : RW_MINUS_INFINITY;
        if (box[i].high > own->high)
            own->high = !forever ? box[i].high : sign == RW_COUNTER_NEGATIVE ? -1 : RW_PLUS_INFINITY;
    }
}

/* Whether a map goes through all samples. */
static bool fits_samples(const struct rw_region *region, const struct rw_affine *map)
{
    fmpq_t value, at;
    bool fits = true;
    fmpq_init(value);
    fmpq_init(at);
    for (size_t s = 0; s < region->samples && fits; s++)
        for (size_t i = 0; i < region->coordinates && fits; i++) {
            fmpq_set(value, map->part->value + i);
            for (size_t c = 0; c < region->counters; c++) {
                fmpq_set_si(at, region->values[s * region->counters + c], 1);
                fmpq_addmul(value, map->part[1 + c].value + i, at);
            }
            fits = fmpq_equal(value, region->states + s * region->coordinates + i);
        }
    fmpq_clear(value);
    fmpq_clear(at);
    return fits;
}

static bool take_over(struct rw_region *region, const struct rw_affine *map)
{
    if (!region->loose || !fits_samples(region, map) ||
        (region->reached && !rw_affine_equal_on(map, &region->map, region->box)))
        return false;
    rw_affine_copy(&region->map, map);
    return true;
}

bool rw_region_arrive(struct rw_region *region, const struct rw_affine *map, const struct rw_interval *box, bool *grew)
{
    if (!region->has_map) {
        rw_affine_copy(&region->map, map);
        region->has_map = region->loose = true;
    } else if (!rw_affine_equal_on(map, &region->map, box) && !take_over(region, map)) {
        return false;
    }
    *grew = !region->reached || !contains(region, box);
    if (!region->reached)
        memcpy(region->box, box, region->counters * sizeof *box);
    else if (*grew)
        grow(region, box);
    region->reached = true;
    return true;
}
