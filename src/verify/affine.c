/* affine.c - affine functions of counters, and their signs on boxes. */
#include "verify/affine.h"

#include <stdlib.h>

#include "base/memory.h"

/* Neither end becomes an infinity that it is on the wrong side of. */
struct rw_interval rw_interval_shift(struct rw_interval interval, int64_t add)
{
    struct rw_interval moved = interval;
    bool is_up = add > 0;
    if (interval.low != RW_MINUS_INFINITY &&
        (__builtin_add_overflow(interval.low, add, &moved.low) || moved.low == RW_PLUS_INFINITY))
        moved.low = is_up ? RW_PLUS_INFINITY - 1 : RW_MINUS_INFINITY;
    if (interval.high != RW_PLUS_INFINITY &&
        (__builtin_add_overflow(interval.high, add, &moved.high) || moved.high == RW_MINUS_INFINITY))
        moved.high = is_up ? RW_PLUS_INFINITY : RW_MINUS_INFINITY + 1;
    return moved;
}

void rw_affine_init(struct rw_affine *a, size_t size, size_t counters)
{
    a->counters = counters;
    a->part = rw_alloc(counters + 1, sizeof *a->part);
    for (size_t p = 0; p <= counters; p++)
        rw_vector_init(a->part + p, size);
}

void rw_affine_clear(struct rw_affine *a)
{
    if (a->part == NULL)
        return;
    for (size_t p = 0; p <= a->counters; p++)
        rw_vector_clear(a->part + p);
    free(a->part);
    a->part = NULL;
}

void rw_affine_zero(struct rw_affine *a)
{
    for (size_t p = 0; p <= a->counters; p++)
        rw_vector_zero(a->part + p);
}

void rw_affine_copy(struct rw_affine *to, const struct rw_affine *from)
{
    for (size_t p = 0; p <= to->counters; p++)
        rw_vector_copy(to->part + p, from->part + p);
}

void rw_affine_apply(const struct rw_matrix *m, const struct rw_affine *x, struct rw_affine *y)
{
    for (size_t p = 0; p <= x->counters; p++)
        rw_matrix_apply(m, x->part + p, y->part + p);
}

void rw_affine_add_column(const struct rw_matrix *column, struct rw_affine *y)
{
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++) {
        fmpq *entry = rw_vector_at(y->part, column->row[e]);
        rw_q_add(entry, entry, column->value + e);
    }
}

/* to += scale * from */
static void add_scaled(struct rw_vector *to, int64_t scale, const struct rw_vector *from)
{
    fmpq_t factor;
    fmpq_init(factor);
    rw_q_set_int(factor, scale);
    for (size_t k = 0; k < from->count; k++)
        rw_vector_addmul(to, from->touched[k], factor, from->value + from->touched[k]);
    fmpq_clear(factor);
}

void rw_affine_shift(struct rw_affine *a, const int64_t *shift)
{
    for (size_t i = 0; i < a->counters; i++)
        if (shift[i] != 0)
            add_scaled(a->part, -shift[i], a->part + 1 + i);
}

void rw_affine_fix(struct rw_affine *a, size_t counter, int64_t value)
{
    add_scaled(a->part, value, a->part + 1 + counter);
    rw_vector_zero(a->part + 1 + counter);
}

static bool is_zero(const struct rw_vector *v)
{
    for (size_t k = 0; k < v->count; k++)
        if (!rw_q_is_zero(v->value + v->touched[k]))
            return false;
    return true;
}

bool rw_affine_depends_on(const struct rw_affine *a, size_t counter)
{
    return !is_zero(a->part + 1 + counter);
}

bool rw_affine_equal_on(const struct rw_affine *a, const struct rw_affine *b, const struct rw_interval *box)
{
    struct rw_vector difference;
    bool equal = true;
    rw_vector_init(&difference, a->part->size);
    add_scaled(&difference, 1, a->part);
    add_scaled(&difference, -1, b->part);
    for (size_t i = 0; i < a->counters && equal; i++) {
        if (rw_is_point(box[i])) {
            add_scaled(&difference, box[i].low, a->part + 1 + i);
            add_scaled(&difference, -box[i].low, b->part + 1 + i);
        } else {
            equal = rw_vector_equal(a->part + 1 + i, b->part + 1 + i);
        }
    }
    equal = equal && is_zero(&difference);
    rw_vector_clear(&difference);
    return equal;
}

/* --- signs --- */

/* The extreme values on the box, if they are finite. */
struct range {
    fmpq_t low, high;
    bool low_finite, high_finite;
};

static void add_bound(fmpq_t sum, bool *finite, const fmpq *slope, int64_t bound)
{
    if (bound == RW_MINUS_INFINITY || bound == RW_PLUS_INFINITY) {
        *finite = false;
        return;
    }
    fmpq_t value;
    fmpq_init(value);
    rw_q_set_int(value, bound);
    fmpq_addmul(sum, slope, value);
    fmpq_clear(value);
}

static void range_of(const struct rw_affine *a, uint32_t i, const struct rw_interval *box, struct range *range)
{
    fmpq_set(range->low, a->part->value + i);
    fmpq_set(range->high, a->part->value + i);
    range->low_finite = range->high_finite = true;
    for (size_t c = 0; c < a->counters; c++) {
        const fmpq *slope = a->part[1 + c].value + i;
        int sign = rw_q_sign(slope);
        if (sign == 0)
            continue;
        add_bound(range->low, &range->low_finite, slope, sign > 0 ? box[c].low : box[c].high);
        add_bound(range->high, &range->high_finite, slope, sign > 0 ? box[c].high : box[c].low);
    }
}

/* One counter decides if the others it depends on are points: cut at its root. Else at an end of the first interval that is not a point. */
static struct rw_cut find_cut(const struct rw_affine *a, uint32_t i, const struct rw_interval *box)
{
    struct rw_cut cut = {a->counters, 0};
    size_t free_counters = 0;
    fmpq_t root, value;
    fmpz_t floor;
    fmpq_init(root);
    fmpq_init(value);
    fmpz_init(floor);
    fmpq_set(root, a->part->value + i);
    for (size_t c = a->counters; c-- > 0;) {
        const fmpq *slope = a->part[1 + c].value + i;
        if (rw_q_is_zero(slope))
            continue;
        if (rw_is_point(box[c])) {
            rw_q_set_int(value, box[c].low);
            fmpq_addmul(root, slope, value);
        } else {
            cut.counter = c;
            free_counters++;
        }
    }
    cut.at = box[cut.counter].low != RW_MINUS_INFINITY ? box[cut.counter].low : box[cut.counter].high - 1;
    if (free_counters == 1) {
        fmpq_div(root, root, a->part[1 + cut.counter].value + i);
        fmpq_neg(root, root);
        fmpz_fdiv_q(floor, fmpq_numref(root), fmpq_denref(root));
        if (fmpz_fits_si(floor)) {
            int64_t at = fmpz_get_si(floor);
            /* Both parts must be nonempty: a root at the upper end is cut below it. */
            cut.at = at >= box[cut.counter].high ? box[cut.counter].high - 1
                     : at < box[cut.counter].low ? box[cut.counter].low
                                                 : at;
        }
    }
    fmpq_clear(root);
    fmpq_clear(value);
    fmpz_clear(floor);
    return cut;
}

enum rw_sign rw_affine_sign(const struct rw_affine *a, uint32_t i, const struct rw_interval *box, struct rw_cut *cut)
{
    struct range range;
    fmpq_init(range.low);
    fmpq_init(range.high);
    range_of(a, i, box, &range);
    enum rw_sign sign = RW_SIGN_MIXED;
    if (range.low_finite && rw_q_sign(range.low) > 0)
        sign = RW_SIGN_POSITIVE;
    else if (range.high_finite && rw_q_sign(range.high) <= 0)
        sign = RW_SIGN_NEVER_POSITIVE;
    else if (range.low_finite && rw_q_sign(range.low) == 0)
        sign = RW_SIGN_NEVER_NEGATIVE;
    if (sign == RW_SIGN_MIXED || sign == RW_SIGN_NEVER_NEGATIVE)
        *cut = find_cut(a, i, box);
    fmpq_clear(range.low);
    fmpq_clear(range.high);
    return sign;
}
