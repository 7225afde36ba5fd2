/* sums.c - boxes of counters and of sums of them. */
#include "verify/sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Factors, what a rule adds, and the bounds that laws are used with, stay far from overflow. */
#define MOST_FACTOR 16
#define MOST_ADDED  (INT64_C(1) << 40)
#define MOST_BOUND  (INT64_C(1) << 50)
/* Bounds that chase each other upwards are not chased for ever. */
#define MOST_ROUNDS 4

/* --- which there are --- */

struct rw_sums rw_sums_none(size_t counters)
{
    return (struct rw_sums){.counters = counters};
}

static const int64_t *factors_of(const struct rw_sums *sums, size_t s)
{
    return sums->factors + s * sums->counters;
}

/* A number as a sum of counters. */
static void write_out(const struct rw_sums *sums, size_t number, int64_t *factors)
{
    memset(factors, 0, sums->counters * sizeof *factors);
    if (number < sums->counters)
        factors[number] = 1;
    else
        memcpy(factors, factors_of(sums, number - sums->counters), sums->counters * sizeof *factors);
}

static struct rw_law *new_law(struct rw_sums *sums, size_t most)
{
    sums->laws = rw_grow(sums->laws, &sums->law_capacity, sums->law_count + 1, sizeof *sums->laws);
    struct rw_law *law = sums->laws + sums->law_count++;
    law->count = 0;
    law->number = rw_alloc(most, sizeof *law->number);
    law->factor = rw_alloc(most, sizeof *law->factor);
    return law;
}

static void add_term(struct rw_law *law, size_t number, int64_t factor)
{
    if (factor == 0)
        return;
    law->number[law->count] = number;
    law->factor[law->count++] = factor;
}

/* The last sum is what it is. */
static void add_definition(struct rw_sums *sums)
{
    struct rw_law *law = new_law(sums, sums->counters + 1);
    const int64_t *factors = factors_of(sums, sums->count - 1);
    for (size_t i = 0; i < sums->counters; i++)
        add_term(law, i, factors[i]);
    add_term(law, rw_sums_numbers(sums) - 1, -1);
}

/* The law 0 = p x + q y - r z about the last sum, if it is one, and no definition. */
static void try_law(struct rw_sums *sums, size_t x, size_t y, const int64_t *by)
{
    size_t z = rw_sums_numbers(sums) - 1, k = sums->counters;
    int64_t *written = rw_alloc(3 * k, sizeof *written);
    bool holds = x >= k || y >= k;
    write_out(sums, x, written);
    write_out(sums, y, written + k);
    write_out(sums, z, written + 2 * k);
    for (size_t i = 0; i < k; i++)
        holds = holds && by[0] * written[i] + by[1] * written[k + i] == by[2] * written[2 * k + i];
    free(written);
    if (!holds)
        return;
    struct rw_law *law = new_law(sums, 3);
    add_term(law, x, by[0]);
    add_term(law, y, by[1]);
    add_term(law, z, -by[2]);
}

/* All laws between the last sum and two other numbers whose factors are small. */
static void add_laws(struct rw_sums *sums)
{
    size_t others = rw_sums_numbers(sums) - 1;
    for (size_t x = 0; x < others; x++)
        for (size_t y = x + 1; y < others; y++)
            for (int64_t p = -2; p <= 2; p++)
                for (int64_t q = -2; q <= 2; q++)
                    for (int64_t r = 1; r <= 2 && p != 0 && q != 0; r++)
                        if (p % 2 != 0 || q % 2 != 0 || r % 2 != 0)
                            try_law(sums, x, y, (const int64_t[]){p, q, r});
}

static bool is_multiple(const int64_t *a, const int64_t *b, size_t size)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = i + 1; j < size; j++)
            if (a[i] * b[j] != a[j] * b[i])
                return false;
    return true;
}

/* What a rule leaves of the sum is all of it, or of one sign where the counters are. */
static bool suits(const struct rw_counter_rule *rule, const int64_t *factors, size_t counters)
{
    size_t kept = 0, reset = 0;
    for (size_t i = 0; i < counters; i++) {
        kept += factors[i] != 0 && !rule->reset[i];
        reset += factors[i] != 0 && rule->reset[i];
    }
    return reset == 0 || kept <= 1;
}

static bool may_be_kept(const struct rw_sums *sums, const int64_t *factors)
{
    size_t terms = 0;
    for (size_t i = 0; i < sums->counters; i++) {
        terms += factors[i] != 0;
        if (factors[i] > MOST_FACTOR || factors[i] < -MOST_FACTOR)
            return false;
    }
    for (size_t s = 0; s < sums->count; s++)
        if (is_multiple(factors, factors_of(sums, s), sums->counters))
            return false;
    for (size_t r = 0; r < sums->machine->rule_count; r++)
        if (!suits(sums->machine->rules + r, factors, sums->counters))
            return false;
    return terms > 1;
}

bool rw_sums_add(struct rw_sums *sums, const int64_t *factors)
{
    if (!may_be_kept(sums, factors))
        return false;
    sums->factors = rw_resize(sums->factors, (sums->count + 1) * sums->counters, sizeof *sums->factors);
    memcpy(sums->factors + sums->count++ * sums->counters, factors, sums->counters * sizeof *factors);
    add_definition(sums);
    add_laws(sums);
    return true;
}

static void add_pairs(struct rw_sums *sums)
{
    int64_t *factors = rw_alloc(sums->counters, sizeof *factors);
    for (size_t a = 0; a < sums->counters; a++)
        for (size_t b = a + 1; b < sums->counters; b++)
            for (int64_t sign = -1; sign <= 1; sign += 2) {
                memset(factors, 0, sums->counters * sizeof *factors);
                factors[a] = 1;
                factors[b] = sign;
                rw_sums_add(sums, factors);
            }
    free(factors);
}

bool rw_sums_make(struct rw_sums *sums, const struct rw_machine *machine, bool pairs, size_t most)
{
    const struct rw_counter *model = machine->model;
    size_t counters = model->counters;
    *sums = rw_sums_none(counters);
    sums->machine = model;
    if (counters < 2 || (pairs && counters * counters > most)) /* counters, and two for each pair */
        return false;
    for (size_t k = 0; k < model->rule_count; k++)
        for (size_t i = 0; i < counters; i++)
            if (model->rules[k].add[i] > MOST_ADDED || model->rules[k].add[i] < -MOST_ADDED)
                return false;
    if (pairs)
        add_pairs(sums);
    rw_sums_guess(sums, machine, most);
    if (sums->count == 0)
        rw_sums_clear(sums);
    return sums->count > 0;
}

void rw_sums_clear(struct rw_sums *sums)
{
    for (size_t l = 0; l < sums->law_count; l++) {
        free(sums->laws[l].number);
        free(sums->laws[l].factor);
    }
    free(sums->factors);
    free(sums->laws);
    *sums = rw_sums_none(0);
}

void rw_sums_fill(const struct rw_sums *sums, int64_t *values)
{
    for (size_t s = 0; s < sums->count; s++) {
        int64_t sum = 0;
        for (size_t i = 0; i < sums->counters; i++)
            sum += factors_of(sums, s)[i] * values[i];
        values[sums->counters + s] = sum;
    }
}

/* --- intervals --- */

static const struct rw_interval zero = {0, 0};

static bool is_finite(int64_t bound)
{
    return bound > -MOST_BOUND && bound < MOST_BOUND;
}

/* Bounds that are too large are taken for none. */
static struct rw_interval plus(struct rw_interval i, struct rw_interval j)
{
    return (struct rw_interval){is_finite(i.low) && is_finite(j.low) ? i.low + j.low : RW_MINUS_INFINITY,
                                is_finite(i.high) && is_finite(j.high) ? i.high + j.high : RW_PLUS_INFINITY};
}

static struct rw_interval times(int64_t factor, struct rw_interval i)
{
    int64_t low = factor > 0 ? i.low : i.high, high = factor > 0 ? i.high : i.low;
    return (struct rw_interval){is_finite(low) ? factor * low : RW_MINUS_INFINITY,
                                is_finite(high) ? factor * high : RW_PLUS_INFINITY};
}

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

/* The integers n with factor * n in the interval. */
static struct rw_interval divided(struct rw_interval i, int64_t factor)
{
    int64_t size = factor > 0 ? factor : -factor;
    struct rw_interval by = factor > 0 ? i : times(-1, i);
    return (struct rw_interval){is_finite(by.low) ? -floor_div(-by.low, size) : RW_MINUS_INFINITY,
                                is_finite(by.high) ? floor_div(by.high, size) : RW_PLUS_INFINITY};
}

/* Whether it got smaller. */
static bool narrow(struct rw_interval *i, struct rw_interval by)
{
    bool smaller = by.low > i->low || by.high < i->high;
    i->low = by.low > i->low ? by.low : i->low;
    i->high = by.high < i->high ? by.high : i->high;
    return smaller;
}

/* Each term is minus the sum of the others. */
static bool narrow_by(const struct rw_law *law, struct rw_interval *box)
{
    bool smaller = false;
    for (size_t t = 0; t < law->count; t++) {
        struct rw_interval others = zero;
        for (size_t o = 0; o < law->count; o++)
            if (o != t)
                others = plus(others, times(law->factor[o], box[law->number[o]]));
        smaller = narrow(box + law->number[t], divided(others, -law->factor[t])) || smaller;
    }
    return smaller;
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
    int64_t added = 0;
    if (rule == NULL || number < sums->counters)
        return rule == NULL ? 0 : rule->add[number];
    for (size_t i = 0; i < sums->counters; i++)
        added += factors_of(sums, number - sums->counters)[i] * rule->add[i];
    return added;
}

/* Whether some counter of the sum is reset. */
static bool is_reset(const struct rw_sums *sums, const struct rw_counter_rule *rule, size_t s)
{
    bool reset = false;
    for (size_t i = 0; i < sums->counters; i++)
        reset = reset || (rule->reset[i] && factors_of(sums, s)[i] != 0);
    return reset;
}

void rw_sums_move(const struct rw_sums *sums, const struct rw_counter_rule *rule, const struct rw_interval *box,
                  struct rw_interval *after)
{
    memcpy(after, box, rw_sums_numbers(sums) * sizeof *box);
    if (rule == NULL)
        return;
    for (size_t i = 0; i < sums->counters; i++)
        after[i] = rule->reset[i] ? zero : rw_interval_shift(box[i], rw_sums_added(sums, rule, i));
    for (size_t s = 0, n = sums->counters; s < sums->count; s++, n++) {
        if (!is_reset(sums, rule, s)) {
            after[n] = rw_interval_shift(box[n], rw_sums_added(sums, rule, n));
            continue;
        }
        after[n] = zero;
        for (size_t i = 0; i < sums->counters; i++)
            if (factors_of(sums, s)[i] != 0)
                after[n] = plus(after[n], times(factors_of(sums, s)[i], after[i]));
    }
}

/* --- functions of the counters --- */

/* Entry i as a function of all numbers: counter `gone` is put in by what the sum and the other counters are. */
static void rewrite(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i, size_t s, size_t gone,
                    struct rw_affine *wide)
{
    const int64_t *factors = factors_of(sums, s);
    fmpq_t rate, factor;
    fmpq_init(rate);
    fmpq_init(factor);
    rw_affine_zero(wide);
    for (size_t p = 0; p <= sums->counters; p++)
        fmpq_set(rw_vector_at(wide->part + p, 0), a->part[p].value + i);
    rw_q_set_int(factor, factors[gone]);
    fmpq_div(rate, a->part[1 + gone].value + i, factor); /* of the sum */
    fmpq_set(rw_vector_at(wide->part + 1 + sums->counters + s, 0), rate);
    for (size_t c = 0; c < sums->counters; c++) {
        rw_q_set_int(factor, -factors[c]);
        rw_vector_addmul(wide->part + 1 + c, 0, rate, factor);
    }
    fmpq_clear(rate);
    fmpq_clear(factor);
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

/* Whether the entry and the sum have the counter and another one in common: bounds of a single counter are in the box. */
static bool has_in_common(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i, size_t s, size_t counter)
{
    size_t common = 0;
    for (size_t c = 0; c < sums->counters; c++)
        common += factors_of(sums, s)[c] != 0 && !rw_q_is_zero(a->part[1 + c].value + i);
    return common > 1 && factors_of(sums, s)[counter] != 0 && !rw_q_is_zero(a->part[1 + counter].value + i);
}

enum rw_sign rw_sums_sign(const struct rw_sums *sums, const struct rw_affine *a, uint32_t i,
                          const struct rw_interval *box, struct rw_cut *cut)
{
    struct opinion best = ask(a, i, box);
    struct rw_affine wide;
    if (!is_decided(best.sign) && sums->count > 0) {
        rw_affine_init(&wide, 1, rw_sums_numbers(sums));
        for (size_t way = 0; way < sums->counters * sums->count && !is_decided(best.sign); way++) {
            size_t s = way / sums->counters, gone = way % sums->counters;
            if (!has_in_common(sums, a, i, s, gone))
                continue;
            rewrite(sums, a, i, s, gone, &wide);
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

/* to += scale / by * from */
static void add_scaled(struct rw_vector *to, int64_t scale, int64_t by, const struct rw_vector *from)
{
    fmpq_t factor, divisor;
    fmpq_init(factor);
    fmpq_init(divisor);
    rw_q_set_int(factor, scale);
    rw_q_set_int(divisor, by);
    fmpq_div(factor, factor, divisor);
    for (size_t k = 0; k < from->count; k++)
        rw_vector_addmul(to, from->touched[k], factor, from->value + from->touched[k]);
    fmpq_clear(factor);
    fmpq_clear(divisor);
}

/* Where the sum has one value its last counter is a function of the others. */
static void eliminate(const struct rw_sums *sums, size_t s, int64_t value, struct rw_affine *a)
{
    const int64_t *factors = factors_of(sums, s);
    size_t last = sums->counters - 1;
    while (factors[last] == 0)
        last--;
    add_scaled(a->part, value, factors[last], a->part + 1 + last);
    for (size_t c = 0; c < last; c++)
        if (factors[c] != 0)
            add_scaled(a->part + 1 + c, -factors[c], factors[last], a->part + 1 + last);
    rw_vector_zero(a->part + 1 + last);
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
        eliminate(sums, s, sum.low, &left);
        eliminate(sums, s, sum.low, &right);
        any = true;
    }
    bool equal = any && rw_affine_equal_on(&left, &right, box);
    rw_affine_clear(&left);
    rw_affine_clear(&right);
    return equal;
}
