/* counter_relu.c - W9 for counters that never go below 0: counter machine -> plain ReLU RNN (Theorem 2, Lemma 3; one hidden layer, ours).
 *
 * The hidden units are gates, one for each (state, symbol, set Z of counters), and one carry for each counter:
 *   gate(q, a, Z) = ReLU(q + a - 1 - sum of the counters in Z)      1 iff in q, reading a, and all of Z are 0
 *   carry(n)      = ReLU(n)                                         the counter as it was
 * A rule that asks for counters to be nonzero is a signed sum of gates (inclusion-exclusion over the sets of those counters).
 * State and counters are sums over the units, so they need none of their own: q = sum of the gates of the rules that lead to q,
 * n = carry(n) + sum of add * gate. That sum is the relation, and is folded into the recurrent matrix. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "automata/counter.h"
#include "base/memory.h"
#include "reductions/witness/construction.h"

bool rw_counter_relu_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_counter *counter = machine->model;
    const char *reason = NULL;
    if (rw_counter_has_resets(counter))
        reason = RW_RESET_REASON;
    else if (!counter->natural)
        reason = "one hidden layer can test a counter for zero only if it never goes below 0, and this machine does "
                 "not say so "
                 "(range: natural)";
    if (why != NULL)
        fputs(reason != NULL ? reason : "the counters never go below 0, so gates need one hidden layer only", why);
    return reason == NULL;
}

/* What a gate reads; compared as bytes, so padding must be 0. */
struct gate_key {
    uint32_t state, symbol;
    uint64_t zero; /* bit i: counter i must be 0 */
};

struct gate {
    struct gate_key key;
    size_t unit;
    UT_hash_handle hh;
};

struct drawing {
    const struct rw_counter *machine;
    struct gate *gates;            /* in the order of their units */
    size_t units;                  /* the start, the carries, then the gates */
    struct rw_builder *quantities; /* quantities x units, collected while gates are found */
};

#define START_UNIT 0

static size_t carry_unit(size_t counter)
{
    return 1 + counter;
}

static size_t gate_unit(struct drawing *drawing, struct gate_key key)
{
    struct gate *gate;
    HASH_FIND(hh, drawing->gates, &key, sizeof key, gate);
    if (gate == NULL) {
        gate = rw_alloc(1, sizeof *gate);
        gate->key = key;
        gate->unit = drawing->units++;
        HASH_ADD(hh, drawing->gates, key, sizeof key, gate);
    }
    return gate->unit;
}

static uint64_t tested(const uint8_t *test, size_t counters, enum rw_test wanted)
{
    uint64_t set = 0;
    for (size_t i = 0; i < counters; i++)
        if (test[i] == wanted)
            set |= UINT64_C(1) << i;
    return set;
}

/* Gates that all rules and acceptance rows take together, before equal ones are counted once; UINT64_MAX if that overflows. */
static uint64_t count_subsets(const struct rw_counter *m)
{
    uint64_t total = 0;
    for (size_t i = 0; i < m->rule_count + m->acceptance_count; i++) {
        const uint8_t *test = i < m->rule_count ? m->rules[i].test : m->acceptance[i - m->rule_count].test;
        int size = __builtin_popcountll(tested(test, m->counters, RW_TEST_NONZERO));
        if (size > 40)
            return UINT64_MAX;
        total += UINT64_C(1) << size;
    }
    return total;
}

/* The subsets of `set` one after another; starts and ends with 0. */
static uint64_t next_subset(uint64_t subset, uint64_t set)
{
    return (subset - set) & set;
}

static int64_t sign_of(uint64_t subset)
{
    return __builtin_popcountll(subset) % 2 == 0 ? 1 : -1;
}

static void add_rule(struct drawing *drawing, const struct rw_counter_rule *rule)
{
    const struct rw_counter *m = drawing->machine;
    uint64_t zero = tested(rule->test, m->counters, RW_TEST_ZERO);
    uint64_t nonzero = tested(rule->test, m->counters, RW_TEST_NONZERO), subset = 0;
    do {
        struct gate_key key;
        memset(&key, 0, sizeof key);
        key.state = rule->from;
        key.symbol = rule->symbol;
        key.zero = zero | subset;
        size_t unit = gate_unit(drawing, key);
        rw_builder_add_int(drawing->quantities, rule->to, unit, sign_of(subset));
        for (size_t i = 0; i < m->counters; i++)
            if (rule->add[i] != 0)
                rw_builder_add_int(drawing->quantities, m->states + i, unit, sign_of(subset) * rule->add[i]);
        subset = next_subset(subset, nonzero);
    } while (subset != 0);
}

/* Quantities as sums over units. */
static struct rw_matrix *find_gates(struct drawing *drawing, uint64_t most)
{
    const struct rw_counter *m = drawing->machine;
    drawing->units = 1 + m->counters;
    drawing->quantities = rw_builder_new(m->states + m->counters, (size_t)most + drawing->units);
    rw_builder_add_int(drawing->quantities, m->initial, START_UNIT, 1);
    for (size_t i = 0; i < m->counters; i++)
        rw_builder_add_int(drawing->quantities, m->states + i, carry_unit(i), 1);
    for (size_t i = 0; i < m->rule_count; i++)
        add_rule(drawing, m->rules + i);
    struct rw_matrix *wide = rw_builder_finish(drawing->quantities);
    wide->cols = drawing->units; /* columns past the last gate are empty */
    return wide;
}

/* recurrent[unit] += scale * quantity: a walk along a row, so the matrix is kept by rows too. */
static void feed(struct rw_sketch *sketch, size_t unit, const struct rw_matrix *by_rows, size_t quantity, int64_t scale)
{
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = by_rows->start[quantity]; e < by_rows->start[quantity + 1]; e++) {
        fmpq_mul_si(value, by_rows->value + e, scale);
        rw_sketch_param(sketch, "recurrent", unit, by_rows->row[e], 0, value);
    }
    fmpq_clear(value);
}

/* "gate q, a, n = 0" */
static void name_gate(struct rw_sketch *sketch, const struct rw_machine *machine, const struct gate *gate)
{
    const struct rw_counter *m = machine->model;
    char *zeros = NULL;
    size_t size;
    FILE *out = rw_text_stream(&zeros, &size);
    for (size_t i = 0; i < m->counters; i++)
        if (gate->key.zero >> i & 1)
            fprintf(out, ", %s = 0", m->counter_names[i]);
    fclose(out);
    rw_sketch_coordinate(sketch, gate->unit, "gate %s, %s%s", m->state_names[gate->key.state],
                         rw_alphabet_name(machine->alphabet, gate->key.symbol), zeros);
    free(zeros);
}

static void draw_units(struct rw_sketch *sketch, const struct rw_machine *machine, const struct drawing *drawing,
                       const struct rw_matrix *by_rows)
{
    const struct rw_counter *m = machine->model;
    rw_sketch_coordinate(sketch, START_UNIT, "start");
    rw_sketch_param_int(sketch, "input", START_UNIT, 0, rw_feature_bos(sketch), 1);
    for (size_t i = 0; i < m->counters; i++) {
        rw_sketch_coordinate(sketch, carry_unit(i), "carry %s", m->counter_names[i]);
        feed(sketch, carry_unit(i), by_rows, m->states + i, 1);
    }
    for (const struct gate *gate = drawing->gates; gate != NULL; gate = gate->hh.next) {
        name_gate(sketch, machine, gate);
        feed(sketch, gate->unit, by_rows, gate->key.state, 1);
        for (size_t i = 0; i < m->counters; i++)
            if (gate->key.zero >> i & 1)
                feed(sketch, gate->unit, by_rows, m->states + i, -1);
        rw_sketch_param_int(sketch, "input", gate->unit, 0, rw_feature_token(sketch, gate->key.symbol), 1);
        rw_sketch_param_int(sketch, "bias", gate->unit, 0, 0, -1);
    }
}

/* The quantity as a feature of the stream. */
static void draw_quantity(struct rw_sketch *sketch, const struct rw_matrix *by_rows, size_t quantity, size_t feature)
{
    for (size_t e = by_rows->start[quantity]; e < by_rows->start[quantity + 1]; e++)
        rw_sketch_output(sketch, feature, by_rows->row[e], by_rows->value + e);
}

/* Each row of the acceptance by inclusion-exclusion, in the feed-forward part. */
static void draw_acceptance(struct rw_sketch *sketch, const struct rw_counter *m, const struct rw_matrix *by_rows)
{
    size_t accept = rw_feature(sketch, "accept");
    uint64_t used = 0;
    uint8_t *state_used = rw_alloc(m->states, 1);
    for (size_t r = 0; r < m->acceptance_count; r++) {
        state_used[m->acceptance[r].state] = 1;
        for (size_t i = 0; i < m->counters; i++)
            used |= (uint64_t)(m->acceptance[r].test[i] != RW_TEST_ANY) << i;
    }
    for (size_t q = 0; q < m->states; q++)
        if (state_used[q])
            draw_quantity(sketch, by_rows, q, rw_feature(sketch, "state %s", m->state_names[q]));
    for (size_t i = 0; i < m->counters; i++)
        if (used >> i & 1)
            draw_quantity(sketch, by_rows, m->states + i, rw_feature(sketch, "counter %s", m->counter_names[i]));
    for (size_t r = 0; r < m->acceptance_count; r++) {
        const struct rw_counter_acceptance *row = m->acceptance + r;
        uint64_t zero = tested(row->test, m->counters, RW_TEST_ZERO);
        uint64_t nonzero = tested(row->test, m->counters, RW_TEST_NONZERO), subset = 0;
        do {
            rw_sketch_neuron(sketch, "accepting %s", m->state_names[row->state]);
            rw_neuron_in_int(sketch, rw_feature(sketch, "state %s", m->state_names[row->state]), 1);
            for (size_t i = 0; i < m->counters; i++)
                if ((zero | subset) >> i & 1)
                    rw_neuron_in_int(sketch, rw_feature(sketch, "counter %s", m->counter_names[i]), -1);
            rw_neuron_out_int(sketch, accept, sign_of(subset));
            subset = next_subset(subset, nonzero);
        } while (subset != 0);
    }
    rw_sketch_readout_int(sketch, 0, "accept", accept, 1);
    free(state_used);
}

static void forget_gates(struct drawing *drawing)
{
    struct gate *gate = drawing->gates; /* still linked when the table is gone */
    HASH_CLEAR(hh, drawing->gates);
    for (struct gate *next; gate != NULL; gate = next) {
        next = gate->hh.next;
        free(gate);
    }
}

struct rw_net *rw_counter_relu_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                     struct rw_diag *diag)
{
    struct drawing drawing = {.machine = machine->model};
    uint64_t most = count_subsets(drawing.machine);
    if (most > options->limits->neurons) {
        rw_diag_limit(diag, rw_span_none(), "neurons",
                      "tests for nonzero by inclusion-exclusion take more than %" PRIu64 " gates",
                      options->limits->neurons);
        rw_diag_hint(diag, "two hidden layers need one gate for each rule: --to mlp");
        return NULL;
    }
    struct rw_matrix *quantities = find_gates(&drawing, most), *by_rows = rw_matrix_transpose(quantities);
    struct rw_sketch *sketch = rw_sketch_new(machine->alphabet);
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("relu"), "machine", (const size_t[RW_MAX_DIMS]){drawing.units});
    draw_units(sketch, machine, &drawing, by_rows);
    draw_acceptance(sketch, drawing.machine, by_rows);
    rw_matrix_free(by_rows);
    forget_gates(&drawing);
    return rw_construction_finish(sketch, machine, "relu", quantities, options, diag);
}
