/* sums.c - boxes of counters, sums and differences. */
#include "verify/sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What a rule adds, and the bounds that laws are used with, stay far from overflow. */
#define MOST_ADDED (INT64_C(1) << 40)
#define MOST_BOUND (INT64_C(1) << 60)
/* Bounds that chase each other upwards are not chased for ever. */
#define MOST_ROUNDS 4

/* --- which there are --- */

struct rw_sums rw_sums_none(size_t counters)
{
    return (struct rw_sums){.counters = counters};
}

/* A number as a vector of coefficients of the counters. */
static void coefficients(const struct rw_sums *sums, size_t number, int *of)
{
    memset(of, 0, sums->counters * sizeof *of);
    if (number < sums->counters) {
        of[number] = 1;
        return;
    }
    const struct rw_sum *sum = sums->item + number - sums->counters;
    of[sum->a] = 1;
    of[sum->b] = sum->sign;
}

/* Takes the law if it is one. */
static void try_law(struct rw_sums *sums, struct rw_law law)
{
    int *x = rw_alloc(3 * sums->counters, sizeof *x), *y = x + sums->counters, *z = y + sums->counters;
    bool holds = true;
    coefficients(sums, law.x, x);
    coefficients(sums, law.y, y);
    coefficients(sums, law.z, z);
    for (size_t i = 0; i < sums->counters; i++)
        holds = holds && law.factor * x[i] == law.p * y[i] + law.q * z[i];
    free(x);
    if (!holds)
        return;
    sums->laws = rw_grow(sums->laws, &sums->law_capacity, sums->law_count + 1, sizeof *sums->laws);
    sums->laws[sums->law_count++] = law;
}

static void find_laws(struct rw_sums *sums)
{
    size_t numbers = rw_sums_numbers(sums);
    for (size_t x = 0; x < numbers; x++)
        for (size_t y = 0; y < numbers; y++)
            for (size_t z = y + 1; z < numbers; z++)
                for (int form = x > z ? 0 : 4; form < 8; form++) /* x = p y + q z is solved for the last of them */
                    try_law(sums, (struct rw_law){x, y, z, 1 + form / 4, form & 1 ? 1 : -1, form & 2 ? 1 : -1});
}

bool rw_sums_all(struct rw_sums *sums, const struct rw_counter *machine, size_t most)
{
    size_t counters = machine->counters;
    *sums = rw_sums_none(counters);
    if (counters < 2 || counters * counters > most) /* counters, and two for each pair */
        return false;
    for (size_t k = 0; k < machine->rule_count; k++)
        for (size_t i = 0; i < counters; i++)
            if (machine->rules[k].add[i] > MOST_ADDED || machine->rules[k].add[i] < -MOST_ADDED)
                return false;
    sums->item = rw_alloc(counters * (counters - 1), sizeof *sums->item);
    for (size_t a = 0; a < counters; a++)
        for (size_t b = a + 1; b < counters; b++)
            for (int sign = -1; sign <= 1; sign += 2)
                sums->item[sums->count++] = (struct rw_sum){a, b, sign};
    find_laws(sums);
    return true;
}

void rw_sums_clear(struct rw_sums *sums)
{
    free(sums->item);
    free(sums->laws);
    *sums = rw_sums_none(0);
}

void rw_sums_fill(const struct rw_sums *sums, int64_t *values)
{
    for (size_t s = 0; s < sums->count; s++) {
        const struct rw_sum *sum = sums->item + s;
        values[sums->counters + s] = values[sum->a] + sum->sign * values[sum->b];
    }
}

/* --- intervals --- */

static bool is_finite(int64_t bound)
{
    return bound > -MOST_BOUND && bound < MOST_BOUND;
}

static struct rw_interval negated(struct rw_interval i)
{
    return (struct rw_interval){i.high == RW_PLUS_INFINITY ? RW_MINUS_INFINITY : -i.high,
                                i.low == RW_MINUS_INFINITY ? RW_PLUS_INFINITY : -i.low};
}

static struct rw_interval times(int sign, struct rw_interval i)
{
    return sign > 0 ? i : negated(i);
}

/* Bounds that are too large are taken for none. */
static struct rw_interval plus(struct rw_interval i, struct rw_interval j)
{
    return (struct rw_interval){is_finite(i.low) && is_finite(j.low) ? i.low + j.low : RW_MINUS_INFINITY,
                                is_finite(i.high) && is_finite(j.high) ? i.high + j.high : RW_PLUS_INFINITY};
}

static int64_t floor_half(int64_t n)
{
    return n / 2 - (n % 2 < 0);
}

/* The integers that are half of one in the interval. */
static struct rw_interval half(struct rw_interval i)
{
    return (struct rw_interval){is_finite(i.low) ? -floor_half(-i.low) : RW_MINUS_INFINITY,
                                is_finite(i.high) ? floor_half(i.high) : RW_PLUS_INFINITY};
}

/* Whether it got smaller. */
static bool narrow(struct rw_interval *i, struct rw_interval by)
{
    bool smaller = by.low > i->low || by.high < i->high;
    i->low = by.low > i->low ? by.low : i->low;
    i->high = by.high < i->high ? by.high : i->high;
    return smaller;
}

static bool narrow_by(const struct rw_law *law, struct rw_interval *box)
{
    struct rw_interval x = box[law->x], y = times(law->p, box[law->y]), z = times(law->q, box[law->z]);
    struct rw_interval whole = law->factor == 2 ? plus(x, x) : x;
    bool smaller = narrow(box + law->x, law->factor == 2 ? half(plus(y, z)) : plus(y, z));
    smaller = narrow(box + law->y, times(law->p, plus(whole, negated(z)))) || smaller;
    return narrow(box + law->z, times(law->q, plus(whole, negated(y)))) || smaller;
}

/* Each law cuts off only what breaks it. */
bool rw_sums_tighten(const struct rw_sums *sums, struct rw_interval *box)
{
    bool smaller = true;
    for (size_t round = 0; round < MOST_ROUNDS && smaller; round++) {
        smaller = false;
        for (size_t l = 0; l < sums->law_count; l++)
            smaller = narrow_by(sums->laws + l, box) || smaller;
        for (size_t n = 0; n < rw_sums_numbers(sums); n++)
            if (box[n].low > box[n].high)
                return false;
    }
    return true;
}

int64_t rw_sums_added(const struct rw_sums *sums, const struct rw_counter_rule *rule, size_t number)
{
    if (rule == NULL || number < sums->counters)
        return rule == NULL ? 0 : rule->add[number];
    const struct rw_sum *sum = sums->item + number - sums->counters;
    return rule->add[sum->a] + sum->sign * rule->add[sum->b];
}

/* Where one of two counters is reset their sum is the other one. */
void rw_sums_move(const struct rw_sums *sums, const struct rw_counter_rule *rule, const struct rw_interval *box,
                  struct rw_interval *after)
{
    static const struct rw_interval zero = {0, 0};
    memcpy(after, box, rw_sums_numbers(sums) * sizeof *box);
    if (rule == NULL)
        return;
    for (size_t i = 0; i < sums->counters; i++)
        after[i] = rule->reset[i] ? zero : rw_interval_shift(box[i], rw_sums_added(sums, rule, i));
    for (size_t s = 0; s < sums->count; s++) {
        const struct rw_sum *sum = sums->item + s;
        size_t n = sums->counters + s;
        if (rule->reset[sum->a] || rule->reset[sum->b])
            after[n] = plus(after[sum->a], times(sum->sign, after[sum->b]));
        else
            after[n] = rw_interval_shift(box[n], rw_sums_added(sums, rule, n));
    }
}

/* --- functions of the counters --- */

/* The function with c_b = sign (sum - c_a) put in, or, `first`, c_a = sum - sign c_b: of one entry and of all numbers. */
static void rewrite(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i, size_t s, bool first,
                    struct rw_affine *wide)
{
    const struct rw_sum *sum = sums->item + s;
    size_t gone = first ? sum->a : sum->b, kept = first ? sum->b : sum->a;
    rw_affine_zero(wide);
    for (size_t p = 0; p <= sums->counters; p++)
        if (p != 1 + gone)
            fmpq_set(rw_vector_at(wide->part + p, 0), a->part[p].value + i);
    fmpq *by_sum = rw_vector_at(wide->part + 1 + sums->counters + s, 0),
         *by_kept = rw_vector_at(wide->part + 1 + kept, 0);
    const fmpq *slope = a->part[1 + gone].value + i;
    if (first || sum->sign > 0)
        fmpq_set(by_sum, slope);
    else
        fmpq_neg(by_sum, slope);
    if (sum->sign > 0)
        fmpq_sub(by_kept, by_kept, slope);
    else
        fmpq_add(by_kept, by_kept, slope);
}

/* How many numbers that are not points the entry depends on. */
static size_t free_numbers(const struct rw_affine *a, uint32_t i, const struct rw_interval *box)
{
    size_t count = 0;
    for (size_t n = 0; n < a->counters; n++)
        count += !rw_is_point(box[n]) && !rw_q_is_zero(a->part[1 + n].value + i);
    return count;
}

static bool is_decided(enum rw_sign sign)
{
    return sign == RW_SIGN_POSITIVE || sign == RW_SIGN_NEVER_POSITIVE;
}

/* What one way to write a function says beside the others. A number that decides alone is the one to be cut. */
struct opinion {
    enum rw_sign sign;
    struct rw_cut cut;
    size_t free_numbers;
};

static bool is_better(const struct opinion *new, const struct opinion *old)
{
    if (is_decided(new->sign) || new->sign == old->sign)
        return is_decided(new->sign) || new->free_numbers < old->free_numbers;
    return new->sign == RW_SIGN_NEVER_NEGATIVE;
}

static struct opinion ask(const struct rw_affine *a, uint32_t i, const struct rw_interval *box)
{
    struct opinion opinion = {.free_numbers = free_numbers(a, i, box)};
    opinion.sign = rw_affine_sign(a, i, box, &opinion.cut);
    return opinion;
}

enum rw_sign rw_sums_sign(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i,
                          const struct rw_interval *box, struct rw_cut *cut)
{
    struct opinion best = ask(a, i, box);
    struct rw_affine wide;
    if (!is_decided(best.sign) && sums->count > 0) {
        rw_affine_init(&wide, 1, rw_sums_numbers(sums));
        for (size_t way = 0; way < 2 * sums->count && !is_decided(best.sign); way++) {
            const struct rw_sum *sum = sums->item + way / 2;
            if (rw_q_is_zero(a->part[1 + sum->a].value + i) || rw_q_is_zero(a->part[1 + sum->b].value + i))
                continue; /* bounds of a single counter are in the box */
            rewrite(sums, a, i, way / 2, way % 2, &wide);
            struct opinion other = ask(&wide, 0, box);
            if (is_better(&other, &best))
                best = other;
        }
        rw_affine_clear(&wide);
    }
    if (!is_decided(best.sign))
        *cut = best.cut;
    return best.sign;
}

/* Where the sum has one value c_b is a function of c_a. */
static void eliminate(const struct rw_sum *sum, int64_t value, struct rw_affine *a)
{
    fmpq_t factor;
    fmpq_init(factor);
    const struct rw_vector *slope = a->part + 1 + sum->b;
    for (int constant = 0; constant < 2; constant++) { /* c_b = sign * value - sign * c_a */
        rw_q_set_int(factor, constant ? sum->sign * value : -sum->sign);
        for (size_t k = 0; k < slope->count; k++)
            rw_vector_addmul(constant ? a->part : a->part + 1 + sum->a, slope->touched[k], factor,
                             slope->value + slope->touched[k]);
    }
    rw_vector_zero(a->part + 1 + sum->b);
    fmpq_clear(factor);
}

bool rw_sums_equal_on(const struct rw_sums *sums, const struct rw_affine *a, const struct rw_affine *b,
                      const struct rw_interval *box)
{
    if (rw_affine_equal_on(a, b, box))
        return true;
    struct rw_affine left, right;
    bool any = false;
    rw_affine_init(&left, a->part->size, a->counters);
    rw_affine_init(&right, a->part->size, a->counters);
    rw_affine_copy(&left, a);
    rw_affine_copy(&right, b);
    for (size_t s = 0; s < sums->count; s++) {
        struct rw_interval sum = box[sums->counters + s];
        if (!rw_is_point(sum))
            continue;
        eliminate(sums->item + s, sum.low, &left);
        eliminate(sums->item + s, sum.low, &right);
        any = true;
    }
    bool equal = any && rw_affine_equal_on(&left, &right, box);
    rw_affine_clear(&left);
    rw_affine_clear(&right);
    return equal;
}
