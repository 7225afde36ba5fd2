/* imm.c - the product of d x d matrices, kept as d rows (d_v = d, d_k = 2d): right-multiplying by A overwrites d columns, not d^2.
 *
 * A block is the d^2 tokens of a matrix. In block l the active half holds the product of the matrices before the previous one; columns of the previous
 * matrix, read from the buffer, overwrite the other half. The last matrix is applied by the readout at the block's end, where it is in the
 * buffer whole. Each number of a column passes through ReLU(G (bits - count) + x) and ReLU(G (bits - count) - x) with G >= |x|: x at
 * its position, 0 elsewhere, no table. Block 0 overwrites nothing, and its first d tokens write the identity's rows. */
#include "reductions/witness/imm.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/witness/router.h"

struct imm {
    struct rw_sketch *sketch;
    const struct rw_router *router;
    const struct rw_matrix_product *model;
    size_t d, block;                /* block = d * d */
    fmpq_t largest, largest_square; /* of |entry|, and of d entries' squares */
    /* the position being drawn */
    size_t position, tau, active, other;
};

/* What a gated neuron carries, as a linear form of buffered tokens: coefficient * entry, or * entry^2. */
enum power { ENTRY = 1, SQUARE = 2 };

/* --- gated neurons --- */

/* A neuron whose input is `scale` * (position bits - their number) so far: at most -scale away from its position, 0 there. It is silent in
 * block 0 too, where BOS stands just before the block. */
static void begin_gated(struct imm *m, const char *what, const fmpq_t scale)
{
    struct rw_sketch *sketch = m->sketch;
    fmpq_t minus;
    fmpq_init(minus);
    rw_sketch_neuron(sketch, "%s at %zu", what, m->position);
    for (size_t i = 0; i < m->router->parts; i++)
        rw_neuron_in(sketch, rw_router_position(m->router, m->position)[i], scale);
    fmpq_mul_si(minus, scale, -(slong)m->router->parts);
    rw_neuron_bias(sketch, minus);
    fmpq_clear(minus);
}

static void silence_block_zero(struct imm *m, const fmpq_t scale)
{
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_neg(minus, scale);
    rw_neuron_in(m->sketch, rw_router_token(m->router, m->position, m->tau + 1, m->router->symbols - 1), minus);
    fmpq_clear(minus);
}

/* + sign * (entry of `age` steps ago)^power */
static void add_buffered(struct imm *m, size_t age, enum power power, int sign)
{
    fmpq_t x;
    fmpq_init(x);
    for (size_t s = 0; s < m->model->symbols; s++) {
        fmpq_set_si(x, sign, 1);
        for (int i = 0; i < (int)power; i++)
            fmpq_mul(x, x, m->model->entries + s);
        rw_neuron_in(m->sketch, rw_router_token(m->router, m->position, age, s), x);
    }
    fmpq_clear(x);
}

/* The previous matrix's entry (k, column) came this long ago. */
static size_t previous_age(const struct imm *m, size_t k, size_t column)
{
    return m->tau + m->block - (k * m->d + column);
}

/* `weight` * the previous matrix's column, added to the features NAME active .. active+d-1: two neurons for each number. */
static void carry_column(struct imm *m, const char *name, size_t column, int weight)
{
    for (size_t k = 0; k < m->d; k++)
        for (int sign = 1; sign >= -1; sign -= 2) {
            begin_gated(m, "column", m->largest);
            silence_block_zero(m, m->largest);
            add_buffered(m, previous_age(m, k, column), ENTRY, sign);
            rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "%s %zu", name, m->active + k), sign * weight);
        }
}

/* 1 at this position from block 1 on. */
static void begin_bit(struct imm *m, const char *what)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    begin_gated(m, what, one);
    silence_block_zero(m, one);
    rw_neuron_bias(m->sketch, one);
    fmpq_clear(one);
}

/* --- DeltaNet: beta as a function of s = |c|^2 --- */

static int compare_numbers(const void *a, const void *b)
{
    return fmpq_cmp(a, b);
}

/* All values that the sum of d squares of entries can take, ascending, without repetition. Caller frees each and the list. */
static fmpq *square_sums(const struct imm *m, size_t *count)
{
    fmpq *sums = rw_alloc(1, sizeof *sums);
    fmpq_init(sums);
    *count = 1;
    for (size_t k = 0; k < m->d; k++) {
        size_t products = *count * m->model->symbols, kept = 0;
        fmpq *next = rw_alloc(products, sizeof *next);
        for (size_t i = 0; i < products; i++) {
            const fmpq *entry = m->model->entries + i % m->model->symbols;
            fmpq_init(next + i);
            fmpq_set(next + i, sums + i / m->model->symbols);
            fmpq_addmul(next + i, entry, entry);
        }
        qsort(next, products, sizeof *next, compare_numbers);
        for (size_t i = 0; i < products; i++)
            if (kept == 0 || !fmpq_equal(next + kept - 1, next + i))
                fmpq_swap(next + kept++, next + i);
        for (size_t i = kept; i < products; i++)
            fmpq_clear(next + i);
        for (size_t i = 0; i < *count; i++)
            fmpq_clear(sums + i);
        free(sums);
        sums = next;
        *count = kept;
    }
    return sums;
}

/* f(s) = numerator/(2 s) for s != 0, f(0) = 0. */
static void target_beta(fmpq_t f, const fmpq_t s, int numerator)
{
    fmpq_zero(f);
    if (fmpq_is_zero(s))
        return;
    fmpq_set_si(f, numerator, 2);
    fmpq_div(f, f, s);
}

/* beta = the piecewise-linear function through (s, f(s)): a hinge at each s but the last, its weight the change of slope there. */
static void draw_beta(struct imm *m, size_t column, int numerator)
{
    size_t count;
    fmpq *sums = square_sums(m, &count);
    fmpq_t slope, last, here, there, minus;
    fmpq_init(slope);
    fmpq_init(last);
    fmpq_init(here);
    fmpq_init(there);
    fmpq_init(minus);
    for (size_t i = 0; i + 1 < count; i++) {
        target_beta(here, sums + i, numerator);
        target_beta(there, sums + i + 1, numerator);
        fmpq_sub(slope, there, here);
        fmpq_sub(there, sums + i + 1, sums + i);
        fmpq_div(slope, slope, there);
        begin_gated(m, "beta", m->largest_square);
        silence_block_zero(m, m->largest_square);
        for (size_t k = 0; k < m->d; k++)
            add_buffered(m, previous_age(m, k, column), SQUARE, 1);
        fmpq_neg(minus, sums + i);
        rw_neuron_bias(m->sketch, minus);
        fmpq_sub(here, slope, last);
        rw_neuron_out(m->sketch, rw_feature(m->sketch, "beta"), here);
        fmpq_set(last, slope);
    }
    for (size_t i = 0; i < count; i++)
        fmpq_clear(sums + i);
    free(sums);
    fmpq_clear(slope);
    fmpq_clear(last);
    fmpq_clear(here);
    fmpq_clear(there);
    fmpq_clear(minus);
}

/* s into the key's entry dst (the third step's 2c + s e_dst). */
static void carry_square_sum(struct imm *m, size_t column, size_t dst)
{
    begin_gated(m, "square", m->largest_square);
    silence_block_zero(m, m->largest_square);
    for (size_t k = 0; k < m->d; k++)
        add_buffered(m, previous_age(m, k, column), SQUARE, 1);
    rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "key %zu", dst), 1);
}

static void deltanet_step(struct imm *m)
{
    size_t column = m->tau / 3, step = m->tau % 3, dst = m->other + column;
    if (column >= m->d)
        return;
    if (step == 0) {
        begin_bit(m, "clear");
        rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "key %zu", dst), 1);
        rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "beta"), 1);
        return;
    }
    carry_column(m, "key", column, step == 1 ? 1 : 2);
    draw_beta(m, column, step == 1 ? 4 : 1);
    if (step == 2)
        carry_square_sum(m, column, dst);
}

/* --- RWKV-7 --- */

static void rwkv7_step(struct imm *m)
{
    if (m->tau >= m->d)
        return;
    begin_bit(m, "overwrite");
    rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "rate %zu", m->other + m->tau), 1);
    rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "kappa %zu", m->other + m->tau), 1);
    carry_column(m, "kappa", m->tau, -1);
}

/* --- both --- */

/* Block 0, token i < d: row i of the identity, into the half that block 1 will find active. */
static void draw_identity_row(struct imm *m, bool deltanet)
{
    struct rw_sketch *sketch = m->sketch;
    if (m->tau >= m->d)
        return;
    rw_sketch_neuron(sketch, "identity row %zu at %zu", m->tau, m->position);
    for (size_t i = 0; i < m->router->parts; i++)
        rw_neuron_in_int(sketch, rw_router_position(m->router, m->position)[i], 1);
    rw_neuron_in_int(sketch, rw_router_token(m->router, m->position, m->tau + 1, m->router->symbols - 1), 1);
    rw_neuron_bias_int(sketch, -(int64_t)m->router->parts);
    rw_neuron_out_int(sketch, rw_feature(sketch, "%s %zu", deltanet ? "key" : "write key", m->other + m->tau), 1);
    rw_neuron_out_int(sketch, rw_feature(sketch, "value %zu", m->tau), 1);
    if (deltanet)
        rw_neuron_out_int(sketch, rw_feature(sketch, "beta"), 1);
}

/* At the block's end the current matrix is whole in the buffer: query j is its column j, on the half just finished. */
static void draw_readout(struct imm *m)
{
    if (m->tau + 1 < m->block)
        return;
    for (size_t k = 0; k < m->d; k++)
        for (size_t j = 0; j < m->d; j++)
            for (int sign = 1; sign >= -1; sign -= 2) {
                begin_gated(m, "readout", m->largest);
                add_buffered(m, m->tau - (k * m->d + j), ENTRY, sign);
                rw_neuron_out_int(m->sketch, rw_feature(m->sketch, "query %zu %zu", m->other + k, j), sign);
            }
}

/* The features that positions may leave unused exist all the same, so that the layer above is the same for every model. */
static void draw_positions(struct imm *m, bool deltanet)
{
    for (size_t p = 0; p < m->router->period; p++) {
        size_t t = (p + m->router->period - 1) % m->router->period, half = t / m->block % 2;
        m->position = p;
        m->tau = t % m->block;
        m->other = half * m->d;
        m->active = (1 - half) * m->d;
        if (deltanet)
            deltanet_step(m);
        else
            rwkv7_step(m);
        if (t / m->block == 0)
            draw_identity_row(m, deltanet);
        draw_readout(m);
    }
}

static void draw_arithmetic(struct imm *m, bool deltanet, bool sign)
{
    struct rw_sketch *sketch = m->sketch;
    size_t d = m->d, one = rw_feature_one(sketch);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find(deltanet ? "deltanet" : "rwkv7"), "product",
                   (const size_t[RW_MAX_DIMS]){2 * d, d, d});
    for (size_t i = 0; i < 2 * d; i++) {
        rw_sketch_param_int(sketch, "key", i, 0, rw_feature(sketch, "%s %zu", deltanet ? "key" : "write key", i), 1);
        if (!deltanet) {
            rw_sketch_param_int(sketch, "decay", i, 0, one, 1);
            rw_sketch_param_int(sketch, "rate", i, 0, rw_feature(sketch, "rate %zu", i), 1);
            rw_sketch_param_int(sketch, "kappa", i, 0, rw_feature(sketch, "kappa %zu", i), 1);
        }
        for (size_t j = 0; j < d; j++)
            rw_sketch_param_int(sketch, "query", i, j, rw_feature(sketch, "query %zu %zu", i, j), 1);
        for (size_t row = 0; row < d; row++)
            rw_sketch_coordinate(sketch, row * 2 * d + i, "half %zu, %zu %zu", i / d, row, i % d);
    }
    if (deltanet)
        rw_sketch_param_int(sketch, "beta", 0, 0, rw_feature(sketch, "beta"), 1);
    else
        rw_sketch_param_int(sketch, "lambda", 0, 0, one, 1);
    size_t wanted = m->model->row * d + m->model->col;
    for (size_t row = 0; row < d; row++)
        rw_sketch_param_int(sketch, "value", row, 0, rw_feature(sketch, "value %zu", row), 1);
    for (size_t out = 0; out < d * d; out++)
        rw_sketch_output_int(sketch, rw_feature(sketch, "product %zu %zu", out / d, out % d), out, 1);
    /* the empty product, at BOS: the identity, which no state holds yet */
    rw_sketch_neuron(sketch, "empty product");
    rw_neuron_in_int(sketch, rw_feature_bos(sketch), 1);
    for (size_t i = 0; i < d; i++)
        rw_neuron_out_int(sketch, rw_feature(sketch, "product %zu %zu", i, i), 1);
    char *name = rw_format("product %zu %zu", wanted / d, wanted % d);
    rw_sketch_readout_int(sketch, 0, sign ? "positive" : name, rw_feature(sketch, "%s", name), 1);
    free(name);
}

static struct rw_net *build(const struct rw_matrix_product *model, struct rw_sketch *sketch, struct rw_router router,
                            bool deltanet, bool sign)
{
    struct imm m = {.sketch = sketch, .router = &router, .model = model, .d = model->dimension};
    m.block = m.d * m.d;
    assert(router.slots >= 2 * m.block && router.period % (2 * m.block) == 0);
    fmpq_init(m.largest);
    fmpq_init(m.largest_square);
    for (size_t s = 0; s < model->symbols; s++) {
        fmpq_t size;
        fmpq_init(size);
        fmpq_abs(size, model->entries + s);
        if (fmpq_cmp(size, m.largest) > 0)
            fmpq_set(m.largest, size);
        fmpq_clear(size);
    }
    fmpq_mul(m.largest_square, m.largest, m.largest);
    fmpq_mul_si(m.largest_square, m.largest_square, (slong)m.d);
    draw_positions(&m, deltanet);
    draw_arithmetic(&m, deltanet, sign);
    fmpq_clear(m.largest);
    fmpq_clear(m.largest_square);
    rw_router_clear(&router);
    return rw_sketch_finish(sketch);
}

struct rw_net *rw_build_imm_rwkv7(const struct rw_matrix_product *model, const struct rw_alphabet *tokens, bool sign,
                                  unsigned layers)
{
    size_t period = 2 * model->dimension * model->dimension;
    struct rw_sketch *sketch = rw_sketch_new(tokens);
    struct rw_router router = layers == 4 ? rw_router_paper(sketch, tokens, period, 0)
                                          : rw_router_constant(sketch, tokens, period, period, 0);
    return build(model, sketch, router, false, sign);
}

struct rw_net *rw_build_imm_deltanet(const struct rw_matrix_product *model, const struct rw_alphabet *tokens, bool sign,
                                     struct rw_diag *diag)
{
    if (model->dimension != 3) {
        rw_diag_error(diag, rw_span_none(),
                      "the DeltaNet scheme takes 3 steps for each column and buffers two matrices in 24 "
                      "tokens: dimension 3 exactly, not %zu",
                      model->dimension);
        rw_diag_hint(diag, "use --to rwkv7");
        return NULL;
    }
    struct rw_sketch *sketch = rw_sketch_new(tokens);
    return build(model, sketch, rw_router_reflections(sketch, tokens, 3, 0), true, sign);
}
