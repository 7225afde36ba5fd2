/* cra_relu.c - W12: cost-register automaton -> input-dependent ReLU RNN (Theorem 14, repaired).
 *
 * A ReLU of a difference is no max: ReLU(l1 - l2) forgets l2. So each register is the SUM of two units, x = u + v:
 *   x := l0 + max(l1, l2)   is   u = ReLU(l1 - l2),  v = ReLU(l2 + l0)       as max(l1, l2) = (l1 - l2)+ + l2
 *   x := l0                 is   u = ReLU(l0),       v = 0
 *   x kept                  is   u = ReLU(u),        v = ReLU(v)
 * where each register that is read stands for its u + v. All but l1 - l2 are natural, so ReLU changes only that. The letter chooses
 * the matrix; BOS writes the initial values into u. */
#include <inttypes.h>
#include <stdlib.h>

#include "automata/cra.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"

bool rw_cra_relu_applies(const struct rw_machine *machine, FILE *why)
{
    (void)machine;
    if (why != NULL)
        fputs("two units for each register, and a matrix for each letter", why);
    return true;
}

static size_t unit_u(size_t reg)
{
    return 2 * reg;
}

static size_t unit_v(size_t reg)
{
    return 2 * reg + 1;
}

/* An integer as the rational that a sketch takes. */
static void with_fmpz(struct rw_sketch *sketch, const char *param, size_t i, size_t j, size_t feature,
                      const fmpz_t value, int sign)
{
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_fmpz(q, value);
    if (sign < 0)
        fmpq_neg(q, q);
    rw_sketch_param(sketch, param, i, j, feature, q);
    fmpq_clear(q);
}

/* On reading the letter, the unit's pre-activation gets sign * form. */
static void add_form(struct rw_sketch *sketch, size_t unit, size_t letter, const struct rw_cra_form *form, int sign)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct rw_cra_term *term = form->terms + i;
        with_fmpz(sketch, "recurrent", unit, unit_u(term->reg), letter, &term->coefficient, sign);
        with_fmpz(sketch, "recurrent", unit, unit_v(term->reg), letter, &term->coefficient, sign);
    }
    if (!fmpz_is_zero(&form->constant))
        with_fmpz(sketch, "bias", unit, 0, letter, &form->constant, sign);
}

static void draw_update(struct rw_sketch *sketch, size_t letter, const struct rw_cra_update *update)
{
    size_t u = unit_u(update->target), v = unit_v(update->target);
    if (!update->has_max) {
        add_form(sketch, u, letter, &update->base, 1);
        return;
    }
    add_form(sketch, u, letter, &update->left, 1);
    add_form(sketch, u, letter, &update->right, -1);
    add_form(sketch, v, letter, &update->right, 1);
    add_form(sketch, v, letter, &update->base, 1);
}

static void draw_letter(struct rw_sketch *sketch, const struct rw_cra *cra, uint32_t symbol)
{
    const struct rw_cra_letter *letter = cra->letters + symbol;
    size_t feature = rw_feature_token(sketch, symbol);
    uint8_t *updated = rw_alloc(cra->registers, 1);
    for (size_t i = 0; i < letter->count; i++) {
        updated[letter->updates[i].target] = 1;
        draw_update(sketch, feature, letter->updates + i);
    }
    for (size_t i = 0; i < cra->registers; i++)
        if (!updated[i]) {
            rw_sketch_param_int(sketch, "recurrent", unit_u(i), unit_u(i), feature, 1);
            rw_sketch_param_int(sketch, "recurrent", unit_v(i), unit_v(i), feature, 1);
        }
    free(updated);
}

static void draw_start(struct rw_sketch *sketch, const struct rw_cra *cra)
{
    for (size_t i = 0; i < cra->registers; i++) {
        rw_sketch_coordinate(sketch, unit_u(i), "u of %s", cra->names[i]);
        rw_sketch_coordinate(sketch, unit_v(i), "v of %s", cra->names[i]);
        if (!fmpz_is_zero(cra->initial + i))
            with_fmpz(sketch, "bias", unit_u(i), 0, rw_feature_bos(sketch), cra->initial + i, 1);
    }
}

static void draw_output(struct rw_sketch *sketch, const struct rw_cra *cra)
{
    size_t sum = rw_feature(sketch, "sum of registers");
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < cra->output.count; i++) {
        const struct rw_cra_term *term = cra->output.terms + i;
        fmpq_set_fmpz(value, &term->coefficient);
        rw_sketch_output(sketch, sum, unit_u(term->reg), value);
        rw_sketch_output(sketch, sum, unit_v(term->reg), value);
    }
    rw_sketch_readout_int(sketch, 0, "value", sum, 1);
    fmpq_set_fmpz(value, &cra->output.constant);
    if (!rw_q_is_zero(value))
        rw_sketch_readout(sketch, 0, "value", rw_feature_one(sketch), value);
    fmpq_clear(value);
}

/* register x = u + v */
static struct rw_matrix *relation(size_t registers)
{
    struct rw_builder *builder = rw_builder_new(registers, 2 * registers);
    for (size_t i = 0; i < registers; i++) {
        rw_builder_add_int(builder, i, unit_u(i), 1);
        rw_builder_add_int(builder, i, unit_v(i), 1);
    }
    return rw_builder_finish(builder);
}

/* Weights of all letters, before any is drawn: a kept register takes two. */
static uint64_t count_weights(const struct rw_cra *cra)
{
    uint64_t count = 0;
    for (size_t a = 0; a < cra->symbols; a++) {
        const struct rw_cra_letter *letter = cra->letters + a;
        count += 2 * (cra->registers - letter->count);
        for (size_t i = 0; i < letter->count; i++)
            count += 2 * (letter->updates[i].base.count + letter->updates[i].left.count +
                          2 * letter->updates[i].right.count);
    }
    return count;
}

struct rw_net *rw_cra_relu_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag)
{
    const struct rw_cra *cra = machine->model;
    size_t units = 2 * cra->registers;
    if (count_weights(cra) > options->limits->nonzeros || !rw_tensor_fits(units, units)) {
        rw_diag_limit(diag, rw_span_none(), "nonzeros",
                      "%zu registers over %zu letters take up to %" PRIu64 " weights, more than %" PRIu64,
                      cra->registers, cra->symbols, count_weights(cra), options->limits->nonzeros);
        return NULL;
    }
    struct rw_sketch *sketch = rw_sketch_new(machine->alphabet);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("relu-input"), "registers", (const size_t[RW_MAX_DIMS]){units});
    draw_start(sketch, cra);
    for (uint32_t a = 0; a < cra->symbols; a++)
        draw_letter(sketch, cra, a);
    draw_output(sketch, cra);
    return rw_construction_finish(sketch, machine, "relu-input", relation(cra->registers), options, diag);
}
