/* stack_mlp.c - W10: stack machine -> MLP RNN with four hidden layers (Theorem 1, repaired).
 *
 * h = (one-hot state, one number in [0, 1) for each stack). Hidden layer
 *   1 carries state and token, and has the ramps of each stack;
 *   2 turns ramps into bits (what is on top), and carries the stacks;
 *   3 has one gate for each rule, ReLU(state + token + tests - (how many) + 1), which is 1 iff the rule applies, and carries the stacks;
 *   4 has, for each stack and each change to it, ReLU(updated stack - M (1 - sum of the gates that ask for it)), of which one is not 0.
 * Numbers on stacks are added to small ones and multiplied by small ones only, so a step costs what it takes to write the stacks down. */
#include "reductions/witness/stack_mlp.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/witness/stack_gates.h"

bool rw_stack_mlp_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_stack *m = machine->model;
    if (why != NULL)
        fprintf(why, "each stack is a number in base %zu with gaps; its top is read by ramps of ReLUs", 2 * m->letters);
    return true;
}

/* --- places of the hidden units --- */

struct drawing {
    struct rw_sketch *sketch;
    const struct rw_stack *machine;
    const struct rw_stack_code *code;
    struct rw_stack_gates gates;
    size_t ramps, bits;   /* of one stack */
    uint8_t *wanted;      /* wanted[stack * changes + change]: some gate asks for it */
    size_t *changed_unit; /* the unit of hidden layer 4 of each wanted change */
    size_t *to_unit;      /* of each state that some gate leads to */
    size_t last_units;    /* of hidden layer 4 */
};

/* Layers 1 and 2: start, states, symbols, then what each stack has. */
static size_t unit_state(size_t q)
{
    return 1 + q;
}

static size_t unit_symbol(const struct drawing *d, size_t a)
{
    return 1 + d->machine->states + a;
}

static size_t unit_ramp(const struct drawing *d, size_t stack, size_t ramp)
{
    return unit_symbol(d, d->machine->symbols) + stack * d->ramps + ramp;
}

/* Bits, then the stack itself. */
static size_t unit_bit(const struct drawing *d, size_t stack, size_t bit)
{
    return unit_symbol(d, d->machine->symbols) + stack * (d->bits + 1) + bit;
}

static size_t unit_carried(const struct drawing *d, size_t stack)
{
    return unit_bit(d, stack, d->bits);
}

/* Layer 3: start, gates, stacks. */
static size_t unit_gate(size_t gate)
{
    return 1 + gate;
}

static size_t unit_kept(const struct drawing *d, size_t stack)
{
    return 1 + d->gates.count + stack;
}

/* --- parameters --- */

static void put(const struct drawing *d, const char *param, size_t i, size_t j, int64_t value)
{
    rw_sketch_param_int(d->sketch, param, i, j, 0, value);
}

static void put_fraction(const struct drawing *d, const char *param, size_t i, size_t j, int64_t numerator,
                         int64_t denominator)
{
    fmpq_t value;
    fmpq_init(value);
    fmpq_set_si(value, numerator, (ulong)denominator);
    rw_sketch_param(d->sketch, param, i, j, 0, value);
    fmpq_clear(value);
}

static void draw_ramps(const struct drawing *d)
{
    const struct rw_stack *m = d->machine;
    rw_sketch_param_int(d->sketch, "hidden1_input", 0, 0, rw_feature_bos(d->sketch), 1);
    for (size_t q = 0; q < m->states; q++)
        put(d, "hidden1_state", unit_state(q), q, 1);
    for (uint32_t a = 0; a < m->symbols; a++)
        rw_sketch_param_int(d->sketch, "hidden1_input", unit_symbol(d, a), 0, rw_feature_token(d->sketch, a), 1);
    for (size_t i = 0; i < m->stacks; i++)
        for (size_t k = 0; k < d->ramps; k++) {
            int64_t slope, shift;
            d->code->ramp(m->letters, k, &slope, &shift);
            put(d, "hidden1_state", unit_ramp(d, i, k), m->states + i, slope);
            put(d, "hidden1_bias", unit_ramp(d, i, k), 0, shift);
        }
}

static void draw_bits(const struct drawing *d)
{
    const struct rw_stack *m = d->machine;
    int64_t slope, shift;
    d->code->ramp(m->letters, 0, &slope, &shift);
    for (size_t u = 0; u < unit_symbol(d, m->symbols); u++)
        put(d, "hidden2_weight", u, u, 1);
    for (size_t i = 0; i < m->stacks; i++) {
        for (size_t k = 0; k < d->bits; k++) {
            struct rw_combination bit = d->code->bit(m->letters, k);
            put(d, "hidden2_bias", unit_bit(d, i, k), 0, bit.constant);
            for (size_t t = 0; t < bit.count; t++)
                put(d, "hidden2_weight", unit_bit(d, i, k), unit_ramp(d, i, bit.terms[t].unit), bit.terms[t].weight);
        }
        put_fraction(d, "hidden2_weight", unit_carried(d, i), unit_ramp(d, i, 0), 1, slope);
    }
}

static void draw_gate(const struct drawing *d, size_t g)
{
    const struct rw_stack *m = d->machine;
    const struct rw_stack_gate *gate = d->gates.gates + g;
    size_t unit = unit_gate(g);
    int64_t bias = -1; /* state and token make 2 */
    put(d, "hidden3_weight", unit, unit_state(gate->from), 1);
    put(d, "hidden3_weight", unit, unit_symbol(d, gate->symbol), 1);
    for (size_t i = 0; i < m->stacks; i++) {
        if (gate->test[i] == RW_TOP_ANY)
            continue;
        struct rw_combination test = d->code->test(m->letters, gate->test[i]);
        bias += test.constant - 1;
        for (size_t t = 0; t < test.count; t++)
            put(d, "hidden3_weight", unit, unit_bit(d, i, test.terms[t].unit), test.terms[t].weight);
    }
    put(d, "hidden3_bias", unit, 0, bias);
}

static void draw_gates(const struct drawing *d)
{
    put(d, "hidden3_weight", 0, 0, 1);
    for (size_t g = 0; g < d->gates.count; g++)
        draw_gate(d, g);
    for (size_t i = 0; i < d->machine->stacks; i++)
        put(d, "hidden3_weight", unit_kept(d, i), unit_carried(d, i), 1);
}

/* The stack after the change, or -M (at most) where no gate asks for it. */
static void draw_change(const struct drawing *d, size_t stack, uint32_t change)
{
    const struct rw_stack *m = d->machine;
    size_t unit = d->changed_unit[stack * rw_change_count(m->letters) + change];
    uint32_t letter = change > m->letters ? change - 1 - (uint32_t)m->letters : change - 1;
    struct rw_stack_update update =
        change > m->letters ? d->code->push(m->letters, letter) : d->code->pop(m->letters, letter);
    int64_t bound = d->code->bound(m->letters);
    put_fraction(d, "hidden4_weight", unit, unit_kept(d, stack), update.multiplier, update.denominator);
    put_fraction(d, "hidden4_bias", unit, 0, update.constant - bound * update.denominator, update.denominator);
    for (size_t g = 0; g < d->gates.count; g++)
        if (d->gates.gates[g].change[stack] == change)
            put(d, "hidden4_weight", unit, unit_gate(g), bound);
}

/* The stack as it was, unless some gate changes it. */
static void draw_keep(const struct drawing *d, size_t stack)
{
    size_t unit = d->changed_unit[stack * rw_change_count(d->machine->letters)];
    put(d, "hidden4_weight", unit, unit_kept(d, stack), 1);
    for (size_t g = 0; g < d->gates.count; g++)
        if (d->gates.gates[g].change[stack] != RW_CHANGE_NONE)
            put(d, "hidden4_weight", unit, unit_gate(g), -d->code->bound(d->machine->letters));
}

static void draw_changes(const struct drawing *d)
{
    size_t changes = rw_change_count(d->machine->letters);
    put(d, "hidden4_weight", 0, 0, 1);
    for (size_t g = 0; g < d->gates.count; g++)
        put(d, "hidden4_weight", d->to_unit[d->gates.gates[g].to], unit_gate(g), 1);
    for (size_t i = 0; i < d->machine->stacks; i++) {
        draw_keep(d, i);
        for (uint32_t c = 1; c < changes; c++)
            if (d->wanted[i * changes + c])
                draw_change(d, i, c);
    }
}

static void draw_out(const struct drawing *d)
{
    const struct rw_stack *m = d->machine;
    size_t changes = rw_change_count(m->letters);
    put(d, "out", m->initial, 0, 1);
    for (size_t q = 0; q < m->states; q++)
        if (d->to_unit[q] > 0)
            put(d, "out", q, d->to_unit[q], 1);
    for (size_t i = 0; i < m->stacks; i++) {
        put(d, "out", m->states + i, 0, d->code->empty);
        for (size_t c = 0; c < changes; c++)
            if (d->wanted[i * changes + c])
                put(d, "out", m->states + i, d->changed_unit[i * changes + c], 1);
    }
}

/* --- the whole --- */

/* Numbers the units of hidden layer 4: start, states that are led to, then the changes of each stack. */
static void number_last_units(struct drawing *d)
{
    const struct rw_stack *m = d->machine;
    size_t changes = rw_change_count(m->letters);
    d->wanted = rw_alloc(m->stacks * changes, 1);
    d->changed_unit = rw_alloc(m->stacks * changes, sizeof *d->changed_unit);
    d->to_unit = rw_alloc(m->states, sizeof *d->to_unit);
    d->last_units = 1;
    for (size_t g = 0; g < d->gates.count; g++) {
        size_t *unit = d->to_unit + d->gates.gates[g].to;
        if (*unit == 0)
            *unit = d->last_units++;
        for (size_t i = 0; i < m->stacks; i++)
            d->wanted[i * changes + d->gates.gates[g].change[i]] = 1;
    }
    for (size_t i = 0; i < m->stacks; i++)
        for (size_t c = 0; c < changes; c++) {
            d->wanted[i * changes + c] |= c == RW_CHANGE_NONE;
            if (d->wanted[i * changes + c])
                d->changed_unit[i * changes + c] = d->last_units++;
        }
}

static void add_head(const struct drawing *d)
{
    const struct rw_stack *m = d->machine;
    rw_sketch_layer(d->sketch);
    rw_sketch_head(d->sketch, rw_family_find("mlp"), "machine",
                   (const size_t[RW_MAX_DIMS]){m->states + m->stacks, unit_ramp(d, m->stacks, 0),
                                               unit_bit(d, m->stacks, 0), unit_kept(d, m->stacks), d->last_units});
    for (size_t q = 0; q < m->states; q++)
        rw_sketch_coordinate(d->sketch, q, "state %s", m->state_names[q]);
    for (size_t i = 0; i < m->stacks; i++)
        rw_sketch_coordinate(d->sketch, m->states + i, "stack %s", m->stack_names[i]);
}

bool rw_stack_draw(struct rw_sketch *sketch, const struct rw_stack *machine, const struct rw_stack_code *code,
                   const struct rw_witness_options *options, struct rw_diag *diag)
{
    struct drawing d = {.sketch = sketch,
                        .machine = machine,
                        .code = code,
                        .ramps = code->ramps(machine->letters),
                        .bits = code->bits(machine->letters)};
    bool good = rw_stack_gates_make(machine, options->limits->neurons, &d.gates) &&
                unit_ramp(&d, machine->stacks, 0) <= options->limits->neurons;
    if (good) {
        number_last_units(&d);
        add_head(&d);
        draw_ramps(&d);
        draw_bits(&d);
        draw_gates(&d);
        draw_changes(&d);
        draw_out(&d);
    } else {
        rw_diag_limit(diag, rw_span_none(), "neurons", "the machine takes more than %" PRIu64 " hidden units",
                      options->limits->neurons);
    }
    rw_stack_gates_clear(&d.gates);
    free(d.wanted);
    free(d.changed_unit);
    free(d.to_unit);
    return good;
}

/* --- acceptance: bits of the stacks in the feed-forward part of this layer, their conjunctions in a second one --- */

static bool acceptance_tests(const struct rw_stack *m, size_t stack)
{
    for (size_t r = 0; r < m->acceptance_count; r++)
        if (m->acceptance[r].test[stack] != RW_TOP_ANY)
            return true;
    return false;
}

static size_t bit_feature(struct rw_sketch *sketch, const struct rw_stack *m, size_t stack, size_t bit)
{
    return rw_feature(sketch, "bit %zu of %s", bit, m->stack_names[stack]);
}

/* Each ramp feeds the bits that read it; a bit's constant is added where it is used. */
static void draw_accepting_bits(struct rw_sketch *sketch, const struct rw_stack *m, const struct rw_stack_code *code,
                                size_t stack)
{
    size_t feature = rw_feature(sketch, "stack %s", m->stack_names[stack]);
    rw_sketch_output_int(sketch, feature, m->states + stack, 1);
    for (size_t k = 0; k < code->bits(m->letters); k++) {
        struct rw_combination bit = code->bit(m->letters, k);
        for (size_t t = 0; t < bit.count; t++) {
            int64_t slope, shift;
            code->ramp(m->letters, bit.terms[t].unit, &slope, &shift);
            rw_sketch_neuron(sketch, "ramp %s", m->stack_names[stack]);
            rw_neuron_in_int(sketch, feature, slope);
            rw_neuron_bias_int(sketch, shift);
            rw_neuron_out_int(sketch, bit_feature(sketch, m, stack, k), bit.terms[t].weight);
        }
    }
}

static void draw_accepting_row(struct rw_sketch *sketch, const struct rw_stack *m, const struct rw_stack_code *code,
                               const struct rw_stack_acceptance *row, size_t accept)
{
    int64_t bias = 0;
    rw_sketch_neuron(sketch, "accepting %s", m->state_names[row->state]);
    rw_neuron_in_int(sketch, rw_feature(sketch, "state %s", m->state_names[row->state]), 1);
    for (size_t i = 0; i < m->stacks; i++) {
        if (row->test[i] == RW_TOP_ANY)
            continue;
        struct rw_combination test = code->test(m->letters, row->test[i]);
        bias += test.constant - 1;
        for (size_t t = 0; t < test.count; t++) {
            struct rw_combination bit = code->bit(m->letters, test.terms[t].unit);
            rw_neuron_in_int(sketch, bit_feature(sketch, m, i, test.terms[t].unit), test.terms[t].weight);
            bias += test.terms[t].weight * bit.constant;
        }
    }
    rw_neuron_bias_int(sketch, bias);
    rw_neuron_out_int(sketch, accept, 1);
}

static void draw_acceptance(struct rw_sketch *sketch, const struct rw_stack *m, const struct rw_stack_code *code)
{
    size_t accept = rw_feature(sketch, "accept");
    bool tests = false;
    uint8_t *drawn = rw_alloc(m->states, 1);
    for (size_t i = 0; i < m->stacks; i++)
        if (acceptance_tests(m, i)) {
            draw_accepting_bits(sketch, m, code, i);
            tests = true;
        }
    for (size_t r = 0; r < m->acceptance_count; r++) {
        uint32_t q = m->acceptance[r].state;
        if (!drawn[q])
            rw_sketch_output_int(sketch, tests ? rw_feature(sketch, "state %s", m->state_names[q]) : accept, q, 1);
        drawn[q] = 1;
    }
    free(drawn);
    if (tests)
        rw_sketch_layer(sketch);
    for (size_t r = 0; r < m->acceptance_count && tests; r++)
        draw_accepting_row(sketch, m, code, m->acceptance + r, accept);
    rw_sketch_readout_int(sketch, 0, "accept", accept, 1);
}

struct rw_net *rw_stack_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                  struct rw_diag *diag)
{
    const struct rw_stack *m = machine->model;
    const struct rw_stack_code *code = options->printed ? &rw_stack_printed : &rw_stack_gapped;
    if (options->printed && m->letters != 2) {
        rw_diag_error(diag, rw_span_none(), "--printed is the paper's encoding, for stacks of 2 symbols, not %zu",
                      m->letters);
        return NULL;
    }
    struct rw_sketch *sketch = rw_sketch_new(machine->alphabet);
    if (!rw_stack_draw(sketch, m, code, options, diag)) {
        rw_sketch_free(sketch);
        return NULL;
    }
    draw_acceptance(sketch, m, code);
    /* Printed stacks are not the machine's numbers: only verdicts are compared. */
    struct rw_matrix *relation = options->printed ? NULL : rw_identity(m->states + m->stacks);
    return rw_construction_finish(sketch, machine, "mlp", relation, options, diag);
}
