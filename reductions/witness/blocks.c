/* blocks.c - the table of keys (position, letters) and what each key does. */
#include "reductions/witness/blocks.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

struct drawing {
    struct rw_sketch *sketch;
    const struct rw_router *router;
    const struct rw_overwriter *overwriter;
    const struct rw_wfa *wfa;
    bool padded;
    size_t n, m;
    fmpq_mat_t *letters; /* M_sigma, dense */
    fmpq_mat_t omega;    /* n x 1 */
    /* where the drawing is */
    size_t position, tau, half;
    uint32_t *previous; /* letters of the previous block, oldest first */
    bool first;         /* there is no previous block: BOS stands just before this one */
};

/* --- sizes --- */

static size_t saturating_power(size_t base, size_t exponent)
{
    size_t power = 1;
    for (size_t i = 0; i < exponent; i++)
        if (__builtin_mul_overflow(power, base, &power))
            return SIZE_MAX;
    return power;
}

static size_t saturating_sum(size_t a, size_t b)
{
    size_t sum;
    return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static size_t saturating_product(size_t a, size_t b)
{
    size_t product;
    return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

size_t rw_blocks_keys(const struct rw_overwriter *overwriter, size_t states, size_t symbols, size_t period, bool padded)
{
    size_t m = overwriter->steps * states, keys = 0;
    size_t previous = saturating_sum(saturating_power(symbols, padded ? 1 : m), 1);
    for (size_t tau = 0; tau < m; tau++) {
        size_t current = saturating_power(symbols, padded ? 1 : tau + 1);
        keys = saturating_sum(keys, saturating_product(previous, saturating_sum(current, 1)));
    }
    return saturating_product(keys, period / (2 * m));
}

/* --- one key --- */

/* A neuron that fires (with 1) at this position after these letters: the sum of the bits minus one less than their number. */
static void begin_neuron(struct drawing *d, const char *what, const uint32_t *current, size_t current_count)
{
    struct rw_sketch *sketch = d->sketch;
    int64_t bits = (int64_t)d->router->parts;
    rw_sketch_neuron(sketch, "%s at %zu", what, d->position);
    for (size_t i = 0; i < d->router->parts; i++)
        rw_neuron_in_int(sketch, rw_router_position(d->router, d->position)[i], 1);
    if (d->first) {
        rw_neuron_in_int(sketch, rw_router_token(d->router, d->position, d->tau + 1, d->router->symbols - 1), 1);
        bits++;
    } else {
        /* the previous block's letter i came tau + m - i steps ago; padded blocks have one letter, their first */
        for (size_t i = 0; i < (d->padded ? 1 : d->m); i++)
            rw_neuron_in_int(sketch, rw_router_token(d->router, d->position, d->tau + d->m - i, d->previous[i]), 1);
        bits += d->padded ? 1 : (int64_t)d->m;
    }
    for (size_t i = 0; i < current_count; i++)
        rw_neuron_in_int(sketch, rw_router_token(d->router, d->position, d->tau - i, current[i]), 1);
    rw_neuron_bias_int(sketch, 1 - bits - (int64_t)current_count);
}

static void draw_overwrite(struct drawing *d, const fmpq_mat_t p)
{
    size_t step = d->tau % d->overwriter->steps, column = d->tau / d->overwriter->steps;
    fmpq_mat_t c;
    fmpq_mat_init(c, (slong)d->n, 1);
    for (size_t i = 0; i < d->n; i++)
        fmpq_set(fmpq_mat_entry(c, i, 0), fmpq_mat_entry(p, i, column));
    if (!d->overwriter->idle(step, c)) {
        size_t active = d->n * (1 - d->half), other = d->n * d->half;
        begin_neuron(d, "overwrite", NULL, 0);
        d->overwriter->overwrite(d->sketch, step, other + column, active, c);
    }
    fmpq_mat_clear(c);
}

/* q = P (R omega), corrected for the step the overwrite is in. */
static void draw_query(struct drawing *d, const fmpq_mat_t p, const fmpq_mat_t r_omega, const uint32_t *current,
                       size_t count)
{
    size_t step = d->tau % d->overwriter->steps, column = d->tau / d->overwriter->steps;
    fmpq_mat_t q, c;
    fmpq_mat_init(q, (slong)d->n, 1);
    fmpq_mat_init(c, (slong)d->n, 1);
    fmpq_mat_mul(q, p, r_omega);
    for (size_t i = 0; i < d->n; i++)
        fmpq_set(fmpq_mat_entry(c, i, 0), fmpq_mat_entry(p, i, column));
    d->overwriter->correct(step, c, q);
    if (!fmpq_mat_is_zero(q)) {
        begin_neuron(d, "readout", current, count);
        for (size_t i = 0; i < d->n; i++)
            rw_neuron_out(d->sketch, rw_feature(d->sketch, "query %zu", d->n * (1 - d->half) + i),
                          fmpq_mat_entry(q, i, 0));
    }
    fmpq_mat_clear(q);
    fmpq_mat_clear(c);
}

/* Every word of the current block's letters up to tau: extended at the front, so that R omega grows by one product. */
static void draw_queries(struct drawing *d, const fmpq_mat_t p, const fmpq_mat_t r_omega, uint32_t *current,
                         size_t missing, size_t count)
{
    if (missing == 0) {
        draw_query(d, p, r_omega, current, count);
        return;
    }
    fmpq_mat_t longer;
    fmpq_mat_init(longer, (slong)d->n, 1);
    for (uint32_t s = 0; s < d->wfa->symbols; s++) {
        current[missing - 1] = s;
        fmpq_mat_mul(longer, d->letters[s], r_omega);
        draw_queries(d, p, longer, current, missing - 1, count);
    }
    fmpq_mat_clear(longer);
}

/* What this position does after this previous block, for all its continuations. */
static void draw_key(struct drawing *d, const fmpq_mat_t p)
{
    size_t count = d->padded ? 1 : d->tau + 1;
    uint32_t *current = rw_alloc(count, sizeof *current);
    draw_overwrite(d, p);
    draw_queries(d, p, d->omega, current, count, count);
    free(current);
}

static void draw_previous_blocks(struct drawing *d, const fmpq_mat_t p, size_t depth, size_t length)
{
    if (depth == length) {
        draw_key(d, p);
        return;
    }
    fmpq_mat_t longer;
    fmpq_mat_init(longer, (slong)d->n, (slong)d->n);
    for (uint32_t s = 0; s < d->wfa->symbols; s++) {
        d->previous[depth] = s;
        fmpq_mat_mul(longer, p, d->letters[s]);
        draw_previous_blocks(d, longer, depth + 1, length);
    }
    fmpq_mat_clear(longer);
}

/* --- the whole table --- */

static void dense_letters(struct drawing *d)
{
    d->letters = rw_alloc(d->wfa->symbols, sizeof *d->letters);
    for (uint32_t s = 0; s < d->wfa->symbols; s++) {
        fmpq_mat_init(d->letters[s], (slong)d->n, (slong)d->n);
        for (size_t p = 0; p < d->n; p++)
            for (size_t q = 0; q < d->n; q++) {
                const fmpq *weight = rw_wfa_weight(d->wfa, s, p, q);
                if (weight != NULL)
                    fmpq_set(fmpq_mat_entry(d->letters[s], p, q), weight);
            }
    }
    fmpq_mat_init(d->omega, (slong)d->n, 1);
    for (size_t i = 0; i < d->n; i++)
        fmpq_set(fmpq_mat_entry(d->omega, i, 0), d->wfa->omega + i);
}

/* A padded block's letter stands at its start: while it is read (age tau), the current letters are that one. */
static void draw_position(struct drawing *d, size_t position)
{
    fmpq_mat_t identity;
    fmpq_mat_init(identity, (slong)d->n, (slong)d->n);
    fmpq_mat_one(identity);
    size_t t = (position + d->router->period - 1) % d->router->period;
    d->position = position;
    d->tau = t % d->m;
    d->half = t / d->m % 2;
    d->first = true;
    draw_key(d, identity);
    d->first = false;
    draw_previous_blocks(d, identity, 0, d->padded ? 1 : d->m);
    fmpq_mat_clear(identity);
}

void rw_blocks_draw(struct rw_sketch *sketch, const struct rw_router *router, const struct rw_overwriter *overwriter,
                    const struct rw_wfa *wfa, bool padded)
{
    struct drawing d = {
        .sketch = sketch,
        .router = router,
        .overwriter = overwriter,
        .wfa = wfa,
        .padded = padded,
        .n = wfa->states,
        .m = overwriter->steps * wfa->states,
    };
    assert(router->period % (2 * d.m) == 0 && router->slots >= (padded ? 2 : 2 * d.m));
    dense_letters(&d);
    d.previous = rw_alloc(d.m, sizeof *d.previous);
    for (size_t i = 0; i < 2 * d.n; i++) /* all of them exist, used or not */
        rw_feature(sketch, "query %zu", i);
    for (size_t position = 0; position < router->period; position++)
        draw_position(&d, position);
    free(d.previous);
    for (uint32_t s = 0; s < wfa->symbols; s++)
        fmpq_mat_clear(d.letters[s]);
    free(d.letters);
    fmpq_mat_clear(d.omega);
}
