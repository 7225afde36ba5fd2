/* half_spaces.c - signs on parts of boxes, by Farkas' lemma.
 *
 * The unknowns are how far each counter is from the lower end of its interval, and the gap, which is no more than how far any counter is from an upper
 * end: such an end is reached if and only if the gap can only be 0. */
#include "verify/half_spaces.h"

#include "exact/farkas.h"

/* Inequalities as rw_follows wants them: the counters, the gap, then the constant. */
struct system {
    size_t counters, count;
    fmpq *rows;
};

static size_t row_size(const struct system *system)
{
    return system->counters + 2;
}

static fmpq *row_at(const struct system *system, size_t k)
{
    return system->rows + k * row_size(system);
}

/* --- rows --- */

/* Entry i, or what is below 0 where it is above. */
static void write_entry(const struct rw_affine *a, uint32_t i, bool negate, const struct rw_interval *box, fmpq *row)
{
    fmpq_t low;
    fmpq_init(low);
    fmpq *constant = row + a->counters + 1;
    fmpq_set(constant, a->part->value + i);
    for (size_t c = 0; c < a->counters; c++) {
        const fmpq *slope = a->part[1 + c].value + i;
        rw_q_set_int(low, box[c].low);
        rw_q_addmul(constant, slope, low);
        if (!rw_is_point(box[c]))
            fmpq_set(row + c, slope);
    }
    for (size_t c = 0; c < a->counters + 2 && negate; c++)
        fmpq_neg(row + c, row + c);
    fmpq_clear(low);
}

/* high - low - x >= gap */
static void write_upper_end(size_t counters, size_t c, struct rw_interval interval, fmpq *row)
{
    fmpq_t low;
    fmpq_init(low);
    fmpq_set_si(row + c, -1, 1);
    fmpq_set_si(row + counters, -1, 1);
    rw_q_set_int(low, interval.low);
    rw_q_set_int(row + counters + 1, interval.high);
    fmpq_sub(row + counters + 1, row + counters + 1, low);
    fmpq_clear(low);
}

/* The part, with place for one row more. false: a lower end is not finite. */
static bool open_system(const struct rw_half_spaces *within, const struct rw_interval *box, struct system *system)
{
    *system = (struct system){.counters = within->sides.counters};
    for (size_t c = 0; c < system->counters; c++)
        if (box[c].low == RW_MINUS_INFINITY)
            return false;
    system->rows = _fmpq_vec_init((slong)((within->count + system->counters + 1) * row_size(system)));
    for (size_t c = 0; c < system->counters; c++)
        if (!rw_is_point(box[c]) && box[c].high != RW_PLUS_INFINITY)
            write_upper_end(system->counters, c, box[c], row_at(system, system->count++));
    for (uint32_t k = 0; k < within->count; k++)
        write_entry(&within->sides, k, false, box, row_at(system, system->count++));
    return true;
}

static void close_system(const struct rw_half_spaces *within, struct system *system)
{
    _fmpq_vec_clear(system->rows, (slong)((within->count + system->counters + 1) * row_size(system)));
}

static bool follows(const struct system *system, const fmpq *goal)
{
    return rw_follows(system->counters + 1, system->rows, system->count, goal);
}

/* --- signs --- */

enum rw_sign rw_half_spaces_sign(const struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i,
                                 const struct rw_interval *box)
{
    struct system system;
    enum rw_sign sign = RW_SIGN_MIXED;
    if (!open_system(within, box, &system))
        return sign;
    fmpq *goal = row_at(&system, system.count);
    write_entry(a, i, true, box, goal);
    if (follows(&system, goal)) {
        sign = RW_SIGN_NEVER_POSITIVE;
    } else {
        write_entry(a, i, false, box, goal);
        if (follows(&system, goal))
            sign = RW_SIGN_NEVER_NEGATIVE;
    }
    close_system(within, &system);
    return sign;
}

/* Where the entry is not positive either nothing is, or the gap is 0. */
bool rw_half_spaces_positive(const struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i,
                             const struct rw_interval *box, bool open)
{
    struct system system;
    if (!open_system(within, box, &system))
        return false;
    write_entry(a, i, true, box, row_at(&system, system.count++));
    fmpq *goal = _fmpq_vec_init((slong)row_size(&system));
    fmpq_set_si(goal + system.counters + 1, -1, 1);
    bool positive = follows(&system, goal);
    if (open && !positive) {
        fmpq_zero(goal + system.counters + 1);
        fmpq_set_si(goal + system.counters, -1, 1);
        positive = follows(&system, goal);
    }
    _fmpq_vec_clear(goal, (slong)row_size(&system));
    close_system(within, &system);
    return positive;
}

/* --- which half-spaces --- */

void rw_half_spaces_init(struct rw_half_spaces *within, size_t counters, size_t most)
{
    *within = (struct rw_half_spaces){.most = most};
    rw_affine_init(&within->sides, most, counters);
}

void rw_half_spaces_clear(struct rw_half_spaces *within)
{
    rw_affine_clear(&within->sides);
}

bool rw_half_spaces_push(struct rw_half_spaces *within, const struct rw_affine *a, uint32_t i)
{
    if (within->count == within->most)
        return false;
    uint32_t last = (uint32_t)within->count++;
    for (size_t p = 0; p <= a->counters; p++)
        fmpq_set(rw_vector_at(within->sides.part + p, last), a->part[p].value + i);
    return true;
}

void rw_half_spaces_turn(struct rw_half_spaces *within)
{
    for (size_t p = 0; p <= within->sides.counters; p++) {
        fmpq *entry = within->sides.part[p].value + within->count - 1;
        fmpq_neg(entry, entry);
    }
}

void rw_half_spaces_pop(struct rw_half_spaces *within)
{
    within->count--;
}
