/* router_constant.c - a counter and a shift register whose transitions never change (RWKV-7, one layer; and the paper's layout).
 *
 * A = diag(d) + 1 v^T with distinct d_i has det(xI - A) = prod (x - d_i) - sum_i v_i prod_{j != i} (x - d_j); at x = d_i only one term is
 * left, so v_i = -chi(d_i) / prod_{j != i} (d_i - d_j) gives any monic chi of degree N. With r = e_0 and chi = x^N - 1 the rows
 * r, rA, ..., rA^{N-1} are a basis that A permutes cyclically; with chi = x^N they are a basis that A shifts out. */
#include <assert.h>
#include <flint/fmpq_mat.h>
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/witness/router.h"

/* 2, -2, 3, -3, ...: distinct, and no root of x^N - 1 or x^N. */
static slong diagonal(size_t i)
{
    slong magnitude = (slong)(i / 2) + 2;
    return i % 2 == 0 ? magnitude : -magnitude;
}

/* v_i for chi = x^N - constant. */
static void rank_one_part(fmpq_t v, size_t i, size_t n, int constant)
{
    fmpz_t product, chi, difference;
    fmpz_init_set_ui(product, 1);
    fmpz_init_set_si(chi, diagonal(i));
    fmpz_init(difference);
    for (size_t j = 0; j < n; j++) {
        if (j == i)
            continue;
        fmpz_set_si(difference, diagonal(i) - diagonal(j));
        fmpz_mul(product, product, difference);
    }
    fmpz_pow_ui(chi, chi, n);
    fmpz_sub_ui(chi, chi, (ulong)constant);
    fmpz_neg(chi, chi);
    fmpq_set_fmpz_frac(v, chi, product);
    fmpz_clear(product);
    fmpz_clear(chi);
    fmpz_clear(difference);
}

/* The transition, in RWKV-7's terms diag(w) - lambda kappa (a o kappa)^T with w = d, kappa = 1, lambda = 1, a = -v: constant, so every
 * entry hangs on the feature `one`. */
static void draw_transition(struct rw_sketch *sketch, size_t n, int constant, size_t one)
{
    fmpq_t v;
    fmpq_init(v);
    for (size_t i = 0; i < n; i++) {
        rw_sketch_param_int(sketch, "decay", i, 0, one, diagonal(i));
        rw_sketch_param_int(sketch, "kappa", i, 0, one, 1);
        rank_one_part(v, i, n, constant);
        fmpq_neg(v, v);
        rw_sketch_param(sketch, "rate", i, 0, one, v);
    }
    rw_sketch_param_int(sketch, "lambda", 0, 0, one, 1);
    fmpq_clear(v);
}

/* The matrix of rows r, rA, ..., rA^{n-1}, inverted: column j of the inverse reads coefficient j. */
static void draw_decoder(struct rw_sketch *sketch, size_t n, int constant, size_t one)
{
    fmpq_mat_t rows;
    fmpq_mat_init(rows, (slong)n, (slong)n);
    fmpq_t sum, v;
    fmpq_init(sum);
    fmpq_init(v);
    fmpq_one(fmpq_mat_entry(rows, 0, 0));
    for (size_t k = 1; k < n; k++) {
        fmpq_zero(sum);
        for (size_t i = 0; i < n; i++)
            fmpq_add(sum, sum, fmpq_mat_entry(rows, k - 1, i));
        for (size_t i = 0; i < n; i++) {
            fmpq *entry = fmpq_mat_entry(rows, k, i);
            fmpq_set_si(entry, diagonal(i), 1);
            fmpq_mul(entry, entry, fmpq_mat_entry(rows, k - 1, i));
            rank_one_part(v, i, n, constant);
            fmpq_addmul(entry, sum, v);
        }
    }
    int invertible = fmpq_mat_inv(rows, rows);
    assert(invertible);
    (void)invertible;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            rw_sketch_param(sketch, "query", i, j, one, fmpq_mat_entry(rows, i, j));
    fmpq_clear(sum);
    fmpq_clear(v);
    fmpq_mat_clear(rows);
}

/* BOS writes e_0; t steps later the state is e_0 A^t, and output t mod n is 1. */
static void draw_counter(struct rw_sketch *sketch, size_t n, struct rw_router *router)
{
    size_t one = rw_feature_one(sketch), bos = rw_feature_bos(sketch);
    rw_sketch_head(sketch, rw_family_find("rwkv7"), "position", (const size_t[RW_MAX_DIMS]){n, 1, n});
    draw_transition(sketch, n, 1, one);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    draw_decoder(sketch, n, 1, one);
    for (size_t j = 0; j < n; j++) {
        router->position[j] = rw_feature(sketch, "position %zu of %zu", j, n);
        rw_sketch_output_int(sketch, router->position[j], j, 1);
    }
}

/* Padded words: the register moves at letters and BOS only, and stands still at blanks: decay and lambda say which. */
static void draw_stepping_transition(struct rw_sketch *sketch, size_t n, size_t rows)
{
    size_t one = rw_feature_one(sketch), blank = rows - 2;
    fmpq_t v;
    fmpq_init(v);
    for (size_t i = 0; i < n; i++) {
        rw_sketch_param_int(sketch, "decay", i, 0, one, diagonal(i));
        rw_sketch_param_int(sketch, "decay", i, 0, blank, 1 - diagonal(i));
        rw_sketch_param_int(sketch, "kappa", i, 0, one, 1);
        rank_one_part(v, i, n, 0);
        fmpq_neg(v, v);
        rw_sketch_param(sketch, "rate", i, 0, one, v);
    }
    rw_sketch_param_int(sketch, "lambda", 0, 0, one, 1);
    rw_sketch_param_int(sketch, "lambda", 0, 0, blank, -1);
    fmpq_clear(v);
}

static void draw_shift_register(struct rw_sketch *sketch, const struct rw_alphabet *tokens, struct rw_router *router)
{
    size_t one = rw_feature_one(sketch), rows = router->symbols, n = router->slots;
    rw_sketch_head(sketch, rw_family_find("rwkv7"), "buffer", (const size_t[RW_MAX_DIMS]){n, rows, n});
    if (router->block == 0)
        draw_transition(sketch, n, 0, one);
    else
        draw_stepping_transition(sketch, n, rows);
    for (size_t s = 0; s < rows;
         s++) /* token features stand first, then BOS; a padded register does not take the blank */
        if (router->block == 0 || s != rows - 2)
            rw_sketch_param_int(sketch, "value", s, 0, s, 1);
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    draw_decoder(sketch, n, 0, one);
    for (size_t j = 0; j < n; j++) {
        for (size_t s = 0; s < rows; s++) {
            const char *name = s + 1 < rows ? rw_alphabet_name(tokens, (uint32_t)s) : "BOS";
            size_t feature = rw_feature(sketch, "buffer[%zu ago] %s", j, name);
            router->token[j * rows + s] = feature;
            rw_sketch_output_int(sketch, feature, s * n + j, 1);
        }
    }
}

struct rw_router rw_router_constant(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t period,
                                    size_t slots, size_t block)
{
    struct rw_router router = rw_router_new(tokens, period, 1, block == 0 ? slots : 2);
    router.by_age = true;
    router.block = block;
    rw_sketch_layer(sketch);
    draw_counter(sketch, period, &router);
    draw_shift_register(sketch, tokens, &router);
    return router;
}

/* --- the paper's layout --- */

/* S <- -S from BOS's 1: parity +1 at even, -1 at odd times; two neurons make it two bits. */
static void draw_parity(struct rw_sketch *sketch)
{
    size_t one = rw_feature_one(sketch), bos = rw_feature_bos(sketch), sign = rw_feature(sketch, "parity sign");
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("rwkv7"), "parity", (const size_t[RW_MAX_DIMS]){1, 1, 1});
    rw_sketch_param_int(sketch, "decay", 0, 0, one, -1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    rw_sketch_param_int(sketch, "query", 0, 0, one, 1);
    rw_sketch_output_int(sketch, sign, 0, 1);
    rw_sketch_neuron(sketch, "even");
    rw_neuron_in_int(sketch, sign, 1);
    rw_neuron_out_int(sketch, rw_feature(sketch, "parity 0"), 1);
    rw_sketch_neuron(sketch, "odd");
    rw_neuron_in_int(sketch, sign, -1);
    rw_neuron_out_int(sketch, rw_feature(sketch, "parity 1"), 1);
}

/* A one-hot of period/2 halves that moves on at each even time but BOS's: a cyclic counter whose transition is the identity at odd parity.
 * Its rank-one part is switched by lambda, its diagonal by the two parity bits. */
static void draw_halves(struct rw_sketch *sketch, size_t halves)
{
    size_t even = rw_feature(sketch, "parity 0"), odd = rw_feature(sketch, "parity 1");
    size_t one = rw_feature_one(sketch), bos = rw_feature_bos(sketch);
    fmpq_t v;
    fmpq_init(v);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("rwkv7"), "half position", (const size_t[RW_MAX_DIMS]){halves, 1, halves});
    for (size_t i = 0; i < halves; i++) {
        rw_sketch_param_int(sketch, "decay", i, 0, even, diagonal(i));
        rw_sketch_param_int(sketch, "decay", i, 0, odd, 1);
        rw_sketch_param_int(sketch, "kappa", i, 0, one, 1);
        rank_one_part(v, i, halves, 1);
        fmpq_neg(v, v);
        rw_sketch_param(sketch, "rate", i, 0, one, v);
    }
    rw_sketch_param_int(sketch, "lambda", 0, 0, even, 1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    draw_decoder(sketch, halves, 1, one);
    for (size_t j = 0; j < halves; j++)
        rw_sketch_output_int(sketch, rw_feature(sketch, "half position %zu of %zu", j, halves), j, 1);
    fmpq_clear(v);
}

/* position = 2 * half + parity: an AND of the two bits for each. */
static void draw_positions(struct rw_sketch *sketch, struct rw_router *router)
{
    for (size_t p = 0; p < router->period; p++) {
        router->position[p] = rw_feature(sketch, "position %zu of %zu", p, router->period);
        rw_sketch_neuron(sketch, "position %zu", p);
        rw_neuron_in_int(sketch, rw_feature(sketch, "half position %zu of %zu", p / 2, router->period / 2), 1);
        rw_neuron_in_int(sketch, rw_feature(sketch, "parity %zu", p % 2), 1);
        rw_neuron_bias_int(sketch, -1);
        rw_neuron_out_int(sketch, router->position[p], 1);
    }
}

/* At position p: slot p is cleared (kappa = rate = e_p, lambda = 1) and the token written there (key = e_p). */
static void draw_slots(struct rw_sketch *sketch, const struct rw_alphabet *tokens, struct rw_router *router)
{
    size_t n = router->slots, rows = router->symbols, one = rw_feature_one(sketch);
    rw_sketch_head(sketch, rw_family_find("rwkv7"), "buffer", (const size_t[RW_MAX_DIMS]){n, rows, n});
    rw_sketch_param_int(sketch, "lambda", 0, 0, one, 1);
    for (size_t s = 0; s < rows; s++)
        rw_sketch_param_int(sketch, "value", s, 0, s, 1);
    for (size_t p = 0; p < n; p++) {
        rw_sketch_param_int(sketch, "decay", p, 0, one, 1);
        rw_sketch_param_int(sketch, "kappa", p, 0, router->position[p], 1);
        rw_sketch_param_int(sketch, "rate", p, 0, router->position[p], 1);
        rw_sketch_param_int(sketch, "key", p, 0, router->position[p], 1);
        rw_sketch_param_int(sketch, "query", p, p, one, 1);
        for (size_t s = 0; s < rows; s++) {
            const char *name = s + 1 < rows ? rw_alphabet_name(tokens, (uint32_t)s) : "BOS";
            router->token[p * rows + s] = rw_feature(sketch, "buffer[slot %zu] %s", p, name);
            rw_sketch_output_int(sketch, router->token[p * rows + s], s * n + p, 1);
        }
    }
}

struct rw_router rw_router_paper(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t period,
                                 size_t block)
{
    assert(period % 2 == 0);
    struct rw_router router = rw_router_new(tokens, period, 1, block == 0 ? period : 2);
    router.by_age = block != 0;
    router.block = block;
    draw_parity(sketch);
    draw_halves(sketch, period / 2);
    draw_positions(sketch, &router);
    rw_sketch_layer(sketch);
    if (block == 0)
        draw_slots(sketch, tokens, &router);
    else
        draw_shift_register(sketch, tokens, &router);
    return router;
}
