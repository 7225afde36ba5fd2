/* equal_intervals.c - bounds of the right side's entries for each row of the left side.
 *
 * A wrong weight may leave something behind that grows with the word, so that the pairs of rows are not finitely many, and yet is never counted while it
 * matters. For each row of the left side every entry of the right side's rows lies between two bounds: those of a row and a letter give bounds of the row after
 * it, and bounds that keep growing become 0 or infinite. When no bound grows any more, all reachable pairs are within them, and the output's bounds must say
 * for each row of the left side what it says. */
#include "verify/equal_intervals.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "verify/key.h"
#include "verify/row.h"
#include "verify/series.h"

/* Growths of a row's bounds before they jump. */
#define PATIENCE 4

/* A lower or an upper bound. */
struct bound {
    fmpq_t value;
    bool infinite;
};

enum { LOW, HIGH };
#define ENDS ((size_t)2)

struct place {
    char *key;
    struct rw_row row;    /* of the left side */
    struct bound *bounds; /* two for each entry of the right side */
    unsigned growths;
    bool queued;
    struct place *next; /* in the queue */
    UT_hash_handle hh;
};

struct exploration {
    const struct rw_wfa *f, *g;
    struct place *table, *queue, **end;
    size_t count;
    uint64_t most;       /* rows */
    struct bound *after; /* work space */
    struct rw_vector row, row_after;
};

static struct bound *new_bounds(size_t entries)
{
    struct bound *bounds = rw_alloc(ENDS * entries, sizeof *bounds);
    for (size_t i = 0; i < ENDS * entries; i++)
        fmpq_init(bounds[i].value);
    return bounds;
}

static void free_bounds(struct bound *bounds, size_t entries)
{
    for (size_t i = 0; i < ENDS * entries; i++)
        fmpq_clear(bounds[i].value);
    free(bounds);
}

/* to += weight * [from]: a negative weight makes the upper bound the lower one. */
static void add_scaled(struct bound *to, const fmpq *weight, const struct bound *from)
{
    int sign = rw_q_sign(weight);
    for (int end = LOW; end <= HIGH && sign != 0; end++) {
        const struct bound *source = from + (sign > 0 ? end : HIGH - end);
        to[end].infinite = to[end].infinite || source->infinite;
        if (!source->infinite)
            rw_q_addmul(to[end].value, weight, source->value);
    }
}

/* The bounds after a letter. */
static void step_bounds(struct exploration *e, const struct bound *before, uint32_t symbol)
{
    const struct rw_matrix *letter = e->g->letters[symbol]; /* column p holds what goes out of entry p */
    for (size_t i = 0; i < ENDS * e->g->states; i++) {
        rw_q_zero(e->after[i].value);
        e->after[i].infinite = false;
    }
    for (size_t p = 0; p < letter->cols; p++)
        for (size_t k = letter->start[p]; k < letter->start[p + 1]; k++)
            add_scaled(e->after + ENDS * letter->row[k], letter->value + k, before + ENDS * p);
}

/* Whether `bound` does not cover `other` on this end. */
static bool is_passed(const struct bound *bound, const struct bound *other, int end)
{
    if (bound->infinite)
        return false;
    int order = other->infinite ? (end == LOW ? -1 : 1) : fmpq_cmp(other->value, bound->value);
    return end == LOW ? order < 0 : order > 0;
}

/* Covers `other` too; if it jumps, by 0 where that is enough, else for ever. */
static void widen(struct bound *bound, const struct bound *other, int end, bool jumps)
{
    int sign = other->infinite ? (end == LOW ? -1 : 1) : rw_q_sign(other->value);
    bool by_zero = end == LOW ? sign >= 0 : sign <= 0;
    bound->infinite = other->infinite || (jumps && !by_zero);
    if (jumps && by_zero)
        rw_q_zero(bound->value);
    else
        fmpq_set(bound->value, other->value);
}

static void enqueue(struct exploration *e, struct place *place)
{
    if (place->queued)
        return;
    place->queued = true;
    place->next = NULL;
    *e->end = place;
    e->end = &place->next;
}

/* The place of the left side's row, which is tidy; its bounds become wide enough for e->after. */
static void arrive(struct exploration *e, const struct rw_vector *row)
{
    struct place *place;
    size_t size;
    char *key = rw_vector_key(row, &size);
    HASH_FIND(hh, e->table, key, size, place);
    bool is_new = place == NULL, grew = is_new;
    if (is_new) {
        place = rw_alloc(1, sizeof *place);
        place->key = key;
        place->row = rw_row_of(row);
        place->bounds = new_bounds(e->g->states);
        HASH_ADD_KEYPTR(hh, e->table, place->key, size, place);
        e->count++;
    } else {
        free(key);
    }
    for (size_t i = 0; i < e->g->states; i++)
        for (int end = LOW; end <= HIGH; end++) {
            struct bound *bound = place->bounds + ENDS * i + end;
            if (!is_new && !is_passed(bound, e->after + ENDS * i + end, end))
                continue;
            grew = true;
            widen(bound, e->after + ENDS * i + end, end, place->growths > PATIENCE);
        }
    place->growths += grew && !is_new;
    if (grew)
        enqueue(e, place);
}

static void start(struct exploration *e)
{
    for (size_t q = 0; q < e->f->states; q++)
        if (!rw_q_is_zero(e->f->alpha + q))
            fmpq_set(rw_vector_at(&e->row_after, (uint32_t)q), e->f->alpha + q);
    for (size_t i = 0; i < ENDS * e->g->states; i++)
        fmpq_set(e->after[i].value, e->g->alpha + i / ENDS);
    rw_vector_tidy(&e->row_after);
    arrive(e, &e->row_after);
}

/* false: there are too many rows. */
static bool explore(struct exploration *e)
{
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    start(e);
    while (e->queue != NULL && e->count <= e->most) {
        struct place *place = e->queue;
        e->queue = place->next;
        if (e->queue == NULL)
            e->end = &e->queue;
        place->queued = false;
        for (uint32_t symbol = 0; symbol < e->f->symbols; symbol++) {
            rw_vector_zero(&e->row);
            rw_vector_zero(&e->row_after);
            rw_row_add_to(&place->row, one, &e->row);
            rw_matrix_apply(e->f->letters[symbol], &e->row, &e->row_after);
            rw_vector_tidy(&e->row_after);
            step_bounds(e, place->bounds, symbol);
            arrive(e, &e->row_after);
        }
    }
    fmpq_clear(one);
    return e->count <= e->most;
}

/* Whether the output is positive for all rows within the bounds where the left side's is, and for none where it is not. */
static bool verdict_is_bounded(struct exploration *e, const struct place *place)
{
    struct bound *output = new_bounds(1);
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < place->row.count; k++)
        fmpq_addmul(value, place->row.value + k, e->f->omega + place->row.index[k]);
    for (size_t i = 0; i < e->g->states; i++)
        add_scaled(output, e->g->omega + i, place->bounds + ENDS * i);
    bool good = rw_q_sign(value) > 0 ? !output[LOW].infinite && rw_q_sign(output[LOW].value) > 0
                                     : !output[HIGH].infinite && rw_q_sign(output[HIGH].value) <= 0;
    fmpq_clear(value);
    free_bounds(output, 1);
    return good;
}

/* A cell is a bound. */
static bool bounded(const struct rw_wfa *f, const struct rw_wfa *g, uint64_t most_cells, size_t *rows)
{
    struct exploration e = {.f = f, .g = g, .after = new_bounds(g->states)};
    e.most = most_cells / (ENDS * (g->states + 1));
    e.end = &e.queue;
    rw_vector_init(&e.row, f->states);
    rw_vector_init(&e.row_after, f->states);
    bool good = explore(&e);
    *rows = e.count;
    struct place *place = e.table; /* still linked when the table is gone */
    HASH_CLEAR(hh, e.table);
    for (struct place *next; place != NULL; place = next) {
        next = place->hh.next;
        good = good && verdict_is_bounded(&e, place);
        rw_row_clear(&place->row);
        free_bounds(place->bounds, g->states);
        free(place->key);
        free(place);
    }
    rw_vector_clear(&e.row);
    rw_vector_clear(&e.row_after);
    free_bounds(e.after, g->states);
    return good;
}

enum rw_equality rw_equal_intervals(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                    FILE *why)
{
    struct rw_series f[RW_MOST_SERIES], g[RW_MOST_SERIES];
    size_t rows = 0, fs = 0, gs = rw_series_of(right, limits->cells, g, NULL);
    if (gs > 0)
        fs = rw_series_of(left, limits->cells, f, NULL);
    bool good = false;
    for (size_t i = 0; i < fs && !good; i++)
        good = bounded(f[i].f, g[0].f, limits->cells, &rows);
    if (good && why != NULL)
        fprintf(why,
                "for each of the left side's %zu rows the output has bounds that give the same verdict, and the bounds "
                "of all rows give those of "
                "the rows a letter later",
                rows);
    rw_series_free(f, fs);
    rw_series_free(g, gs);
    return good ? RW_EQUAL : RW_UNDECIDED;
}
