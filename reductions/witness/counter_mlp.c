/* counter_mlp.c - W9 for signed counters: counter machine -> MLP RNN with two hidden layers, and -> gated RNN where counters are reset.
 *
 * h = (one-hot state, counters). Hidden layer 1 carries what there is and tests for zero, layer 2 has one gate for each rule:
 *   zero(n) = ReLU(n + 1) - 2 ReLU(n) + ReLU(n - 1)                         1 iff n = 0
 *   gate    = ReLU(q + a + sum of zero(Z) - sum of zero(N) - 1 - |Z|)       1 iff in q, reading a, all of Z zero, none of N
 *   n'      = ReLU(n) - ReLU(-n) + sum of add * gate
 * A reset is n' = n * (1 - sum of the gates that reset n): a product, which no ReLU network with fixed weights computes (E2). */
#include <inttypes.h>

#include "automata/counter.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"

#include <stdlib.h>

bool rw_counter_mlp_applies(const struct rw_machine *machine, FILE *why)
{
    bool resets = rw_counter_has_resets(machine->model);
    if (why != NULL)
        fputs(resets ? RW_RESET_REASON : "zero tests in the first hidden layer, one gate for each rule in the second",
              why);
    return !resets;
}

bool rw_counter_gated_applies(const struct rw_machine *machine, FILE *why)
{
    if (why != NULL)
        fputs(rw_counter_has_resets(machine->model)
                  ? "a reset multiplies the counter by 0, which Definition 3 allows"
                  : "there are no resets, so no product is needed (--to mlp is enough)",
              why);
    return true;
}

/* Places of the hidden units. Layer 1: start, states, symbols, then four for each counter; layer 2: start, rules, then two for each counter. */
enum ramp { ABOVE, BELOW, PLUS_ONE, MINUS_ONE, RAMPS };

static size_t unit_state(size_t q)
{
    return 1 + q;
}

static size_t unit_symbol(const struct rw_counter *m, size_t a)
{
    return 1 + m->states + a;
}

static size_t unit_ramp(const struct rw_counter *m, size_t counter, enum ramp ramp)
{
    return 1 + m->states + m->symbols + RAMPS * counter + ramp;
}

static size_t unit_rule(size_t rule)
{
    return 1 + rule;
}

static size_t unit_carry(const struct rw_counter *m, size_t counter, bool below)
{
    return 1 + m->rule_count + 2 * counter + below;
}

static void draw_first_layer(struct rw_sketch *sketch, const struct rw_counter *m)
{
    rw_sketch_param_int(sketch, "hidden1_input", 0, 0, rw_feature_bos(sketch), 1);
    for (size_t q = 0; q < m->states; q++)
        rw_sketch_param_int(sketch, "hidden1_state", unit_state(q), q, 0, 1);
    for (uint32_t a = 0; a < m->symbols; a++)
        rw_sketch_param_int(sketch, "hidden1_input", unit_symbol(m, a), 0, rw_feature_token(sketch, a), 1);
    for (size_t i = 0; i < m->counters; i++) {
        for (enum ramp ramp = ABOVE; ramp < RAMPS; ramp++)
            rw_sketch_param_int(sketch, "hidden1_state", unit_ramp(m, i, ramp), m->states + i, 0,
                                ramp == BELOW ? -1 : 1);
        rw_sketch_param_int(sketch, "hidden1_bias", unit_ramp(m, i, PLUS_ONE), 0, 0, 1);
        rw_sketch_param_int(sketch, "hidden1_bias", unit_ramp(m, i, MINUS_ONE), 0, 0, -1);
    }
}

/* unit of layer 2 += sign * zero(counter) */
static void feed_zero(struct rw_sketch *sketch, const struct rw_counter *m, size_t unit, size_t counter, int64_t sign)
{
    rw_sketch_param_int(sketch, "hidden2_weight", unit, unit_ramp(m, counter, PLUS_ONE), 0, sign);
    rw_sketch_param_int(sketch, "hidden2_weight", unit, unit_ramp(m, counter, ABOVE), 0, -2 * sign);
    rw_sketch_param_int(sketch, "hidden2_weight", unit, unit_ramp(m, counter, MINUS_ONE), 0, sign);
}

static void draw_gate(struct rw_sketch *sketch, const struct rw_counter *m, size_t rule)
{
    const struct rw_counter_rule *r = m->rules + rule;
    size_t unit = unit_rule(rule);
    int64_t zeros = 0;
    rw_sketch_param_int(sketch, "hidden2_weight", unit, unit_state(r->from), 0, 1);
    rw_sketch_param_int(sketch, "hidden2_weight", unit, unit_symbol(m, r->symbol), 0, 1);
    for (size_t i = 0; i < m->counters; i++) {
        if (r->test[i] == RW_TEST_ANY)
            continue;
        bool zero = r->test[i] == RW_TEST_ZERO;
        feed_zero(sketch, m, unit, i, zero ? 1 : -1);
        zeros += zero;
    }
    rw_sketch_param_int(sketch, "hidden2_bias", unit, 0, 0, -1 - zeros);
}

static void draw_second_layer(struct rw_sketch *sketch, const struct rw_counter *m)
{
    rw_sketch_param_int(sketch, "hidden2_weight", 0, 0, 0, 1);
    for (size_t rule = 0; rule < m->rule_count; rule++)
        draw_gate(sketch, m, rule);
    for (size_t i = 0; i < m->counters; i++) {
        rw_sketch_param_int(sketch, "hidden2_weight", unit_carry(m, i, false), unit_ramp(m, i, ABOVE), 0, 1);
        rw_sketch_param_int(sketch, "hidden2_weight", unit_carry(m, i, true), unit_ramp(m, i, BELOW), 0, 1);
    }
}

static bool is_reset(const struct rw_counter *m, size_t counter)
{
    for (size_t rule = 0; rule < m->rule_count; rule++)
        if (m->rules[rule].reset[counter])
            return true;
    return false;
}

/* n as it was: added, or, where n is ever reset, as one factor of n * (1 - resets). */
static void draw_counter(struct rw_sketch *sketch, const struct rw_counter *m, size_t counter)
{
    size_t place = m->states + counter;
    bool reset = is_reset(m, counter);
    rw_sketch_param_int(sketch, reset ? "factor_a" : "out", place, unit_carry(m, counter, false), 0, 1);
    rw_sketch_param_int(sketch, reset ? "factor_a" : "out", place, unit_carry(m, counter, true), 0, -1);
    if (!reset)
        return;
    rw_sketch_param_int(sketch, "factor_b_bias", place, 0, 0, 1);
    for (size_t rule = 0; rule < m->rule_count; rule++)
        if (m->rules[rule].reset[counter])
            rw_sketch_param_int(sketch, "factor_b", place, unit_rule(rule), 0, -1);
}

static void draw_out(struct rw_sketch *sketch, const struct rw_counter *m)
{
    rw_sketch_param_int(sketch, "out", m->initial, 0, 0, 1);
    for (size_t rule = 0; rule < m->rule_count; rule++) {
        rw_sketch_param_int(sketch, "out", m->rules[rule].to, unit_rule(rule), 0, 1);
        for (size_t i = 0; i < m->counters; i++)
            if (m->rules[rule].add[i] != 0)
                rw_sketch_param_int(sketch, "out", m->states + i, unit_rule(rule), 0, m->rules[rule].add[i]);
    }
    for (size_t i = 0; i < m->counters; i++)
        draw_counter(sketch, m, i);
}

/* --- acceptance: zero tests in the feed-forward part of this layer, their conjunctions in a second one --- */

static size_t zero_feature(struct rw_sketch *sketch, const struct rw_counter *m, size_t counter)
{
    return rw_feature(sketch, "zero %s", m->counter_names[counter]);
}

static void draw_zero_test(struct rw_sketch *sketch, const struct rw_counter *m, size_t counter)
{
    static const int64_t shift[] = {1, 0, -1}, weight[] = {1, -2, 1};
    size_t feature = rw_feature(sketch, "counter %s", m->counter_names[counter]);
    rw_sketch_output_int(sketch, feature, m->states + counter, 1);
    for (size_t k = 0; k < 3; k++) {
        rw_sketch_neuron(sketch, "ramp %s", m->counter_names[counter]);
        rw_neuron_in_int(sketch, feature, 1);
        rw_neuron_bias_int(sketch, shift[k]);
        rw_neuron_out_int(sketch, zero_feature(sketch, m, counter), weight[k]);
    }
}

static bool acceptance_tests(const struct rw_counter *m, size_t counter)
{
    for (size_t r = 0; r < m->acceptance_count; r++)
        if (m->acceptance[r].test[counter] != RW_TEST_ANY)
            return true;
    return false;
}

static void draw_accepting_row(struct rw_sketch *sketch, const struct rw_counter *m,
                               const struct rw_counter_acceptance *row, size_t accept)
{
    int64_t zeros = 0;
    rw_sketch_neuron(sketch, "accepting %s", m->state_names[row->state]);
    rw_neuron_in_int(sketch, rw_feature(sketch, "state %s", m->state_names[row->state]), 1);
    for (size_t i = 0; i < m->counters; i++) {
        if (row->test[i] == RW_TEST_ANY)
            continue;
        rw_neuron_in_int(sketch, zero_feature(sketch, m, i), row->test[i] == RW_TEST_ZERO ? 1 : -1);
        zeros += row->test[i] == RW_TEST_ZERO;
    }
    rw_neuron_bias_int(sketch, -zeros);
    rw_neuron_out_int(sketch, accept, 1);
}

static void draw_acceptance(struct rw_sketch *sketch, const struct rw_counter *m)
{
    size_t accept = rw_feature(sketch, "accept");
    bool tests = false;
    uint8_t *drawn = rw_alloc(m->states, 1);
    for (size_t i = 0; i < m->counters; i++)
        if (acceptance_tests(m, i)) {
            draw_zero_test(sketch, m, i);
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
        draw_accepting_row(sketch, m, m->acceptance + r, accept);
    rw_sketch_readout_int(sketch, 0, "accept", accept, 1);
}

static struct rw_net *build(const struct rw_machine *machine, const char *family,
                            const struct rw_witness_options *options, struct rw_diag *diag)
{
    const struct rw_counter *m = machine->model;
    size_t hidden1 = unit_ramp(m, m->counters, 0), hidden2 = unit_carry(m, m->counters, false);
    if (hidden1 > options->limits->neurons || hidden2 > options->limits->neurons) {
        rw_diag_limit(diag, rw_span_none(), "neurons", "the machine takes %zu hidden units, more than %" PRIu64,
                      hidden1 > hidden2 ? hidden1 : hidden2, options->limits->neurons);
        return NULL;
    }
    struct rw_sketch *sketch = rw_sketch_new(machine->alphabet);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find(family), "machine",
                   (const size_t[RW_MAX_DIMS]){m->states + m->counters, hidden1, hidden2});
    for (size_t q = 0; q < m->states; q++)
        rw_sketch_coordinate(sketch, q, "state %s", m->state_names[q]);
    for (size_t i = 0; i < m->counters; i++)
        rw_sketch_coordinate(sketch, m->states + i, "counter %s", m->counter_names[i]);
    draw_first_layer(sketch, m);
    draw_second_layer(sketch, m);
    draw_out(sketch, m);
    draw_acceptance(sketch, m);
    return rw_construction_finish(sketch, machine, family, rw_identity(m->states + m->counters), options, diag);
}

struct rw_net *rw_counter_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                    struct rw_diag *diag)
{
    return build(machine, "mlp", options, diag);
}

struct rw_net *rw_counter_gated_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                      struct rw_diag *diag)
{
    return build(machine, "gated", options, diag);
}
