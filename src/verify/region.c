/* region.c - regions: samples, the affine map through them, boxes that grow. */
#include "verify/region.h"

#include <stdlib.h>
#include <string.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

/* A box that grows more often is taken to grow without end. */
#define GROWTH_PATIENCE 8
/* An open map may change until it has so many times the samples that it needs. */
#define REVISIONS 3

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
    region->sums = regions->sums;
    region->counters = regions->sums->counters;
    region->coordinates = regions->coordinates;
    region->box = rw_alloc(rw_sums_numbers(regions->sums), sizeof *region->box);
    rw_affine_init(&region->map, regions->coordinates, region->counters);
    HASH_ADD(hh, regions->table, key, sizeof region->key, region);
    return region;
}

void rw_regions_clear(struct rw_regions *regions)
{
    struct rw_region *region = regions->table; /* still linked when the table is gone */
    HASH_CLEAR(hh, regions->table);
    for (struct rw_region *next; region != NULL; region = next) {
        next = region->hh.next;
        for (size_t i = 0; i < region->samples * region->coordinates; i++)
            fmpq_clear(region->states + i);
        rw_affine_clear(&region->map);
        free(region->values);
        free(region->states);
        free(region->box);
        free(region);
    }
    free(regions->hint);
}

/* --- samples --- */

/* An affine function of k counters is fixed by k + 1 points; the rest are there to contradict. */
static size_t enough(const struct rw_region *region)
{
    return 3 * (region->counters + 1) + 4;
}

static void add_sample(struct rw_region *region, const int64_t *values, const fmpq *state)
{
    size_t k = region->counters, m = region->coordinates, s = region->samples++;
    region->values = rw_resize(region->values, region->samples * k + 1, sizeof *region->values);
    region->states = rw_resize(region->states, region->samples * m + 1, sizeof *region->states);
    memcpy(region->values + s * k, values, k * sizeof *values);
    for (size_t i = 0; i < m; i++) {
        fmpq_init(region->states + s * m + i);
        fmpq_set(region->states + s * m + i, state + i);
    }
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
    add_sample(region, values, state);
    return true;
}

/* --- the map through the samples --- */

/* Row s: 1, the counters that are not 0 in this region, then the state. */
static void sample_matrix(const struct rw_region *region, const size_t *unknown, size_t unknowns, fmpq_mat_t matrix)
{
    for (size_t s = 0; s < region->samples; s++) {
        fmpq_one(fmpq_mat_entry(matrix, (slong)s, 0));
        for (size_t u = 1; u < unknowns; u++)
            fmpq_set_si(fmpq_mat_entry(matrix, (slong)s, (slong)u),
                        region->values[s * region->counters + unknown[u] - 1], 1);
        for (size_t i = 0; i < region->coordinates; i++)
            fmpq_set(fmpq_mat_entry(matrix, (slong)s, (slong)(unknowns + i)),
                     region->states + s * region->coordinates + i);
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

/* --- borrowing slopes --- */

/* The constant that makes coordinate i, with these slopes, go through all samples. false: there is none. */
static bool find_constant(const struct rw_region *region, size_t i, const fmpq *slopes, fmpq_t constant)
{
    fmpq_t value, at;
    bool fits = true;
    fmpq_init(value);
    fmpq_init(at);
    for (size_t s = 0; s < region->samples && fits; s++) {
        fmpq_set(value, region->states + s * region->coordinates + i);
        for (size_t c = 0; c < region->counters; c++) {
            fmpq_set_si(at, region->values[s * region->counters + c], 1);
            fmpq_submul(value, slopes + c, at);
        }
        if (s == 0)
            fmpq_set(constant, value);
        fits = fmpq_equal(constant, value);
    }
    fmpq_clear(value);
    fmpq_clear(at);
    return fits;
}

/* Sets coordinate i to these slopes if they go through the samples; slopes of counters that are 0 here do not matter. */
static bool try_slopes(struct rw_region *region, size_t i, fmpq *slopes)
{
    fmpq_t constant;
    fmpq_init(constant);
    for (size_t c = 0; c < region->counters; c++)
        if (rw_sign_in(region->key.pattern, c) == RW_COUNTER_ZERO)
            fmpq_zero(slopes + c);
    bool fits = find_constant(region, i, slopes, constant);
    if (fits) {
        fmpq_set(rw_vector_at(region->map.part, (uint32_t)i), constant);
        for (size_t c = 0; c < region->counters; c++)
            fmpq_set(rw_vector_at(region->map.part + 1 + c, (uint32_t)i), slopes + c);
    }
    fmpq_clear(constant);
    return fits;
}

static bool knows(const struct rw_region *lender, const struct rw_region *region)
{
    if (!lender->has_map || lender->loose)
        return false;
    for (size_t c = 0; c < region->counters; c++)
        if (rw_sign_in(region->key.pattern, c) != RW_COUNTER_ZERO &&
            rw_sign_in(lender->key.pattern, c) == RW_COUNTER_ZERO)
            return false;
    return true;
}

static void borrow_coordinate(const struct rw_regions *regions, struct rw_region *region, size_t i, fmpq *slopes)
{
    for (const struct rw_region *lender = regions->table; lender != NULL; lender = lender->hh.next) {
        if (!knows(lender, region))
            continue;
        for (size_t c = 0; c < region->counters; c++)
            fmpq_set(slopes + c, lender->map.part[1 + c].value + i);
        if (try_slopes(region, i, slopes))
            return;
    }
    if (regions->hint[i] == RW_NO_HINT)
        return;
    for (size_t c = 0; c < region->counters; c++)
        fmpq_set_si(slopes + c, c == regions->hint[i], 1);
    try_slopes(region, i, slopes);
}

static void borrow(const struct rw_regions *regions, struct rw_region *region)
{
    fmpq *slopes = _fmpq_vec_init((slong)regions->sums->counters);
    for (size_t i = 0; i < region->coordinates && region->loose; i++)
        borrow_coordinate(regions, region, i, slopes);
    _fmpq_vec_clear(slopes, (slong)regions->sums->counters);
}

void rw_regions_borrow(struct rw_regions *regions)
{
    for (struct rw_region *region = regions->table; region != NULL; region = region->hh.next)
        borrow(regions, region);
}

/* --- arriving --- */

static bool contains(const struct rw_region *region, const struct rw_interval *box)
{
    for (size_t i = 0; i < rw_sums_numbers(region->sums); i++)
        if (box[i].low < region->box[i].low || box[i].high > region->box[i].high)
            return false;
    return true;
}

static void grow(struct rw_region *region, const struct rw_interval *box)
{
    bool forever = ++region->growth > GROWTH_PATIENCE;
    for (size_t i = 0; i < rw_sums_numbers(region->sums); i++) {
        struct rw_interval *own = region->box + i;
        enum rw_counter_sign sign = rw_sign_in(region->key.pattern, i);
        if (box[i].low < own->low)
            own->low = !forever ? box[i].low : sign == RW_COUNTER_POSITIVE ? 1 : RW_MINUS_INFINITY;
        if (box[i].high > own->high)
            own->high = !forever ? box[i].high : sign == RW_COUNTER_NEGATIVE ? -1 : RW_PLUS_INFINITY;
    }
}

/* The state by `map` where the counters are `values`, as a sample. */
static void sample_map(struct rw_region *region, const struct rw_affine *map, const int64_t *values)
{
    fmpq *state = _fmpq_vec_init((slong)region->coordinates);
    fmpq_t at;
    fmpq_init(at);
    for (size_t i = 0; i < region->coordinates; i++) {
        fmpq_set(state + i, map->part->value + i);
        for (size_t c = 0; c < region->counters; c++) {
            fmpq_set_si(at, values[c], 1);
            fmpq_addmul(state + i, map->part[1 + c].value + i, at);
        }
    }
    add_sample(region, values, state);
    fmpq_clear(at);
    _fmpq_vec_clear(state, (slong)region->coordinates);
}

static int64_t some_value(struct rw_interval interval)
{
    return interval.low != RW_MINUS_INFINITY ? interval.low : interval.high;
}

/* A corner of the box, and its neighbours inside: what the new arrival says about the map. */
static void sample_box(struct rw_region *region, const struct rw_affine *map, const struct rw_interval *box)
{
    int64_t *values = rw_alloc(region->counters, sizeof *values);
    for (size_t c = 0; c < region->counters; c++)
        values[c] = some_value(box[c]);
    sample_map(region, map, values);
    for (size_t c = 0; c < region->counters; c++) {
        if (rw_is_point(box[c]))
            continue;
        int64_t corner = values[c];
        values[c] += box[c].low != RW_MINUS_INFINITY ? 1 : -1;
        sample_map(region, map, values);
        values[c] = corner;
    }
    free(values);
}

/* The map is open: finds another one that suits what was there and what is new. */
static bool reconsider(const struct rw_regions *regions, struct rw_region *region, const struct rw_affine *map,
                       const struct rw_interval *box)
{
    struct rw_affine before;
    if (region->samples > REVISIONS * enough(region))
        return false;
    rw_affine_init(&before, region->coordinates, region->counters);
    rw_affine_copy(&before, &region->map);
    sample_box(region, map, box);
    bool good = rw_region_fit(region);
    if (good)
        borrow(regions, region);
    good = good && rw_sums_equal_on(region->sums, map, &region->map, box) &&
           (!region->reached || rw_sums_equal_on(region->sums, &before, &region->map, region->box));
    rw_affine_clear(&before);
    return good;
}

bool rw_region_arrive(struct rw_regions *regions, struct rw_region *region, const struct rw_affine *map,
                      const struct rw_interval *box, bool *grew)
{
    bool open = !region->has_map || region->loose;
    if ((!region->has_map || !rw_sums_equal_on(region->sums, map, &region->map, box)) &&
        !(open && reconsider(regions, region, map, box)))
        return false;
    *grew = !region->reached || !contains(region, box);
    if (!region->reached)
        memcpy(region->box, box, rw_sums_numbers(region->sums) * sizeof *box);
    else if (*grew)
        grow(region, box);
    region->reached = true;
    return true;
}
