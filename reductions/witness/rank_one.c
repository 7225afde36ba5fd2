/* rank_one.c - WFA -> RWKV-7 (W5) and DeltaNet (W6): how each overwrites a column, and the layer that does it.
 *
 * RWKV-7 overwrites in one step: w = 1, rate a = e_dst, kappa = e_dst - c, lambda = 1 gives S (I - (e_dst - c) e_dst^T).
 * DeltaNet takes three symmetric steps, with s = |c|^2:
 *   (beta, k) = (1, e_dst) clears;  (2/s, c) reflects along c;  (1/(2s), 2c + s e_dst) puts S c into dst and undoes the reflection.
 * Between the second and the third the active half is reflected, so the readout there is (I - 2 c c^T / s) q. c = 0: only the clear. */
#include "reductions/witness/rank_one.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/witness/blocks.h"

/* --- RWKV-7 --- */

static void rwkv7_overwrite(struct rw_sketch *sketch, size_t step, size_t dst, size_t active, const fmpq_mat_t c)
{
    (void)step;
    fmpq_t minus;
    fmpq_init(minus);
    rw_neuron_out_int(sketch, rw_feature(sketch, "rate %zu", dst), 1);
    rw_neuron_out_int(sketch, rw_feature(sketch, "kappa %zu", dst), 1);
    for (slong i = 0; i < fmpq_mat_nrows(c); i++) {
        fmpq_neg(minus, fmpq_mat_entry(c, i, 0));
        rw_neuron_out(sketch, rw_feature(sketch, "kappa %zu", active + (size_t)i), minus);
    }
    fmpq_clear(minus);
}

static bool rwkv7_idle(size_t step, const fmpq_mat_t c)
{
    (void)step;
    (void)c; /* even c = 0 must clear the coordinate */
    return false;
}

static void rwkv7_correct(size_t step, const fmpq_mat_t c, fmpq_mat_t q)
{
    (void)step;
    (void)c;
    (void)q;
}

static const struct rw_overwriter rwkv7_overwriter = {1, rwkv7_overwrite, rwkv7_idle, rwkv7_correct};

/* --- DeltaNet --- */

static void squared_length(fmpq_t s, const fmpq_mat_t c)
{
    fmpq_zero(s);
    for (slong i = 0; i < fmpq_mat_nrows(c); i++)
        fmpq_addmul(s, fmpq_mat_entry(c, i, 0), fmpq_mat_entry(c, i, 0));
}

static void deltanet_overwrite(struct rw_sketch *sketch, size_t step, size_t dst, size_t active, const fmpq_mat_t c)
{
    size_t beta = rw_feature(sketch, "beta");
    if (step == 0) {
        rw_neuron_out_int(sketch, rw_feature(sketch, "key %zu", dst), 1);
        rw_neuron_out_int(sketch, beta, 1);
        return;
    }
    fmpq_t s, weight, twice;
    fmpq_init(s);
    fmpq_init(weight);
    fmpq_init(twice);
    squared_length(s, c);
    fmpq_set_si(weight, step == 1 ? 2 : 1, step == 1 ? 1 : 2);
    fmpq_div(weight, weight, s);
    rw_neuron_out(sketch, beta, weight); /* 2/s, or 1/(2s) */
    for (slong i = 0; i < fmpq_mat_nrows(c); i++) {
        fmpq_add(twice, fmpq_mat_entry(c, i, 0), fmpq_mat_entry(c, i, 0));
        rw_neuron_out(sketch, rw_feature(sketch, "key %zu", active + (size_t)i),
                      step == 1 ? fmpq_mat_entry(c, i, 0) : twice);
    }
    if (step == 2)
        rw_neuron_out(sketch, rw_feature(sketch, "key %zu", dst), s);
    fmpq_clear(s);
    fmpq_clear(weight);
    fmpq_clear(twice);
}

static bool deltanet_idle(size_t step, const fmpq_mat_t c)
{
    return step > 0 && fmpq_mat_is_zero(c);
}

/* q <- (I - 2 c c^T / s) q */
static void deltanet_correct(size_t step, const fmpq_mat_t c, fmpq_mat_t q)
{
    if (step != 1 || fmpq_mat_is_zero(c))
        return;
    fmpq_t s, product;
    fmpq_init(s);
    fmpq_init(product);
    squared_length(s, c);
    for (slong i = 0; i < fmpq_mat_nrows(c); i++)
        fmpq_addmul(product, fmpq_mat_entry(c, i, 0), fmpq_mat_entry(q, i, 0));
    fmpq_div(product, product, s);
    fmpq_mul_si(product, product, -2);
    for (slong i = 0; i < fmpq_mat_nrows(c); i++)
        fmpq_addmul(fmpq_mat_entry(q, i, 0), product, fmpq_mat_entry(c, i, 0));
    fmpq_clear(s);
    fmpq_clear(product);
}

static const struct rw_overwriter deltanet_overwriter = {3, deltanet_overwrite, deltanet_idle, deltanet_correct};

/* --- the arithmetic layer and the readout --- */

static void each_linear(struct rw_sketch *sketch, const char *param, size_t n)
{
    for (size_t i = 0; i < n; i++)
        rw_sketch_param_int(sketch, param, i, 0, rw_feature(sketch, "%s %zu", param, i), 1);
}

/* BOS writes alpha into the second half, which is active in block 0, and reads alpha omega there for the empty word. */
static void draw_start(struct rw_sketch *sketch, const struct rw_wfa *wfa)
{
    size_t n = wfa->states, bos = rw_feature_bos(sketch);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    for (size_t i = 0; i < n; i++) {
        rw_sketch_param(sketch, "key", n + i, 0, bos, wfa->alpha + i);
        rw_sketch_param(sketch, "query", n + i, 0, bos, wfa->omega + i);
    }
}

static void draw_arithmetic(struct rw_sketch *sketch, const char *family, const struct rw_wfa *wfa)
{
    size_t n = wfa->states, value = rw_feature(sketch, wfa->indicator ? "accept" : "value");
    bool rwkv7 = family[0] == 'r';
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find(family), "arithmetic", (const size_t[RW_MAX_DIMS]){2 * n, 1, 1});
    if (rwkv7) {
        for (size_t i = 0; i < 2 * n; i++)
            rw_sketch_param_int(sketch, "decay", i, 0, rw_feature_one(sketch), 1);
        rw_sketch_param_int(sketch, "lambda", 0, 0, rw_feature_one(sketch), 1);
        each_linear(sketch, "rate", 2 * n);
        each_linear(sketch, "kappa", 2 * n);
    } else {
        each_linear(sketch, "key", 2 * n);
        rw_sketch_param_int(sketch, "beta", 0, 0, rw_feature(sketch, "beta"), 1);
        rw_sketch_param_int(sketch, "beta", 0, 0, rw_feature_bos(sketch), 1);
    }
    each_linear(sketch, "query", 2 * n);
    draw_start(sketch, wfa);
    for (size_t i = 0; i < 2 * n; i++)
        rw_sketch_coordinate(sketch, i, "half %zu, %s", i / n, wfa->names[i % n]);
    rw_sketch_output_int(sketch, value, 0, 1);
    rw_sketch_readout_int(sketch, 0, wfa->indicator ? "accept" : "value", value, 1);
}

/* Rounds of 24 tokens after which position and block repeat: 24 * rounds is a multiple of 6 n. */
static size_t deltanet_rounds(size_t n)
{
    return n % 4 == 0 ? n / 4 : n % 2 == 0 ? n / 2 : n;
}

/* The router counts to 24 * 24 tokens, and its buffer keeps two blocks of 3 n letters unless they are padded. */
static bool deltanet_routes(size_t n, bool padded)
{
    return (padded || n <= 4) && deltanet_rounds(n) <= 24;
}

size_t rw_rank_one_keys(const struct rw_wfa *wfa, bool deltanet, bool padded)
{
    size_t n = wfa->states;
    if (!deltanet)
        return rw_blocks_keys(&rwkv7_overwriter, n, wfa->symbols, 2 * n, padded);
    return deltanet_routes(n, padded)
               ? rw_blocks_keys(&deltanet_overwriter, n, wfa->symbols, 24 * deltanet_rounds(n), padded)
               : SIZE_MAX;
}

/* false, with the sizes and the ways out, if the table would be too large. */
static bool table_fits(const struct rw_overwriter *overwriter, const struct rw_wfa *wfa, size_t period, bool padded,
                       const struct rw_limits *limits, struct rw_diag *diag)
{
    size_t keys = rw_blocks_keys(overwriter, wfa->states, wfa->symbols, period, padded);
    size_t m = overwriter->steps * wfa->states;
    if (keys <= limits->table_keys)
        return true;
    char *count = keys == SIZE_MAX ? rw_strdup("more keys than can be counted") : rw_format("%zu keys", keys);
    rw_diag_limit(diag, rw_span_none(), "table-keys",
                  "the lookup table would have %s, more than %" PRIu64
                  ": %zu positions, each with the %zu letters of the "
                  "previous block and those of the present one, over %zu symbols",
                  count, limits->table_keys, period, m, wfa->symbols);
    free(count);
    rw_diag_hint(diag, "one layer of rank r needs no table (--to dplr)");
    if (!padded)
        rw_diag_hint(diag, "with %zu blanks after each letter only one letter of each block counts (--pad)", m - 1);
    return false;
}

struct rw_net *rw_build_rwkv7(const struct rw_wfa *wfa, const struct rw_alphabet *tokens, unsigned layers, bool padded,
                              const struct rw_limits *limits, struct rw_diag *diag)
{
    size_t n = wfa->states, period = 2 * n;
    if (!table_fits(&rwkv7_overwriter, wfa, period, padded, limits, diag))
        return NULL;
    struct rw_sketch *sketch = rw_sketch_new(tokens);
    struct rw_router router = layers == 4 ? rw_router_paper(sketch, tokens, period, padded ? n : 0)
                                          : rw_router_constant(sketch, tokens, period, period, padded ? n : 0);
    rw_blocks_draw(sketch, &router, &rwkv7_overwriter, wfa, padded);
    draw_arithmetic(sketch, "rwkv7", wfa);
    rw_router_clear(&router);
    return rw_sketch_finish(sketch);
}

struct rw_net *rw_build_deltanet(const struct rw_wfa *wfa, const struct rw_alphabet *tokens, bool padded,
                                 const struct rw_limits *limits, struct rw_diag *diag)
{
    size_t n = wfa->states, rounds = deltanet_rounds(n);
    if (!deltanet_routes(n, padded)) {
        rw_diag_error(
            diag, rw_span_none(),
            padded ? "the DeltaNet router counts to 24 * 24 at most, which is not enough for blocks of %zu tokens"
                   : "the DeltaNet router's buffer keeps 24 tokens, and two blocks of %zu do not fit",
            3 * n);
        rw_diag_hint(diag, padded ? "use a number of states that is a multiple of 4, up to 96, or --to rwkv7"
                                  : "use --pad, --to rwkv7, or --to dplr");
        return NULL;
    }
    if (!table_fits(&deltanet_overwriter, wfa, 24 * rounds, padded, limits, diag))
        return NULL;
    struct rw_sketch *sketch = rw_sketch_new(tokens);
    struct rw_router router = rw_router_reflections(sketch, tokens, rounds, padded ? 3 * n : 0);
    rw_blocks_draw(sketch, &router, &deltanet_overwriter, wfa, padded);
    draw_arithmetic(sketch, "deltanet", wfa);
    rw_router_clear(&router);
    return rw_sketch_finish(sketch);
}
