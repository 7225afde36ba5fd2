/* W10 and W11: random machines, all stacks up to depth 14 read back from one coordinate, busy beavers whole. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/stack.h"
#include "base/memory.h"
#include "base/random.h"
#include "reductions/witness/witness.h"
#include "rnn/run.h"
#include "spec/spec.h"
#include "verify/verify.h"

static struct rw_machine *read_spec(const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text("machine", text, strlen(text));
    struct rw_machine *machine = rw_spec_read(source, &limits, NULL);
    rw_source_free(source);
    cr_assert_not_null(machine);
    return machine;
}

static struct rw_net *build(const struct rw_machine *machine, bool printed)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits, .printed = printed};
    struct rw_net *net = rw_witness_choose(machine, "mlp", NULL)->build(machine, &options, NULL);
    cr_assert_not_null(net);
    return net;
}

static bool holds(const struct rw_machine *machine, const struct rw_net *net, size_t length)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.budget = 3000;
    options.random_words = 10;
    options.random_length = length;
    bool good = rw_verify(machine, net, &options, &report, NULL) && report.holds;
    rw_verify_report_free(&report);
    return good;
}

#define LAST_IN                                                                                                        \
    "rnnwit: 1\nkind: stack\nalphabet: [\"0\", \"1\", p]\nstacks: [A]\nstack-alphabet: [zero, one]\nstates: [s]\n"     \
    "initial: s\naccepting: {s: {A: one}}\ntransitions:\n"                                                             \
    "  - {from: s, read: \"0\", to: s, do: {A: push zero}}\n"                                                          \
    "  - {from: s, read: \"1\", to: s, do: {A: push one}}\n"                                                           \
    "  - {from: s, read: p, to: s, when: {A: nonempty}, do: {A: pop}}\n"                                               \
    "  - {from: s, read: p, to: s, when: {A: empty}}\n"

/* The digits of s in base 4 are 1 for zero and 3 for one: what is read back is compared with what was pushed. */
static void expect_stack(const fmpq_t coordinate, const uint32_t *pushed, size_t depth)
{
    fmpq_t s;
    fmpz_t digit;
    fmpq_init(s);
    fmpz_init(digit);
    fmpq_set(s, coordinate);
    for (size_t i = depth; i-- > 0;) {
        fmpq_mul_si(s, s, 4);
        fmpz_fdiv_q(digit, fmpq_numref(s), fmpq_denref(s));
        cr_assert(fmpz_equal_ui(digit, 2 * pushed[i] + 1));
        fmpq_sub_fmpz(s, s, digit);
    }
    cr_assert(fmpq_is_zero(s));
    fmpq_clear(s);
    fmpz_clear(digit);
}

/* Goes down to every stack and back up by pops. */
static size_t visit(struct rw_run *run, uint32_t *pushed, size_t depth, size_t deepest)
{
    size_t count = 1;
    expect_stack(rw_run_state(run, 0, 0)->value + 1, pushed, depth);
    cr_assert_eq(rw_run_accepts(run), depth > 0 && pushed[depth - 1] == 1);
    for (uint32_t b = 0; b < 2 && depth < deepest; b++) {
        pushed[depth] = b;
        rw_run_step(run, b);
        count += visit(run, pushed, depth + 1, deepest);
        rw_run_step(run, 2);
    }
    return count;
}

Test(stacks, all_of_depth_14_are_read_back_from_the_network)
{
    struct rw_machine *machine = read_spec(LAST_IN);
    struct rw_net *net = build(machine, false);
    struct rw_run *run = rw_run_new(net);
    uint32_t pushed[14];
    cr_assert_eq(visit(run, pushed, 0, 14), (1u << 15) - 1);
    rw_run_free(run);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* E1: two stacks that differ below the top are enough to make the printed head test err. */
Test(stacks, the_printed_encoding_errs_at_depth_2)
{
    struct rw_machine *machine = read_spec(LAST_IN);
    struct rw_net *net = build(machine, true);
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    cr_assert(rw_verify(machine, net, &options, &report, NULL));
    cr_assert_not(report.holds);
    cr_assert(report.counterexample.shortest);
    cr_assert_eq(report.counterexample.word.length, 3);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

static struct rw_alphabet *letters(size_t count)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t i = 0; i < count; i++)
        rw_alphabet_add(alphabet, (const char[]){(char)('a' + i), '\0'});
    return alphabet;
}

/* One rule for each (state, symbol, top of the first stack), or none. */
static struct rw_machine *random_machine(struct rw_random *random)
{
    size_t size = 1 + rw_random_below(random, 4), stacks = 1 + rw_random_below(random, 2);
    struct rw_stack *m = rw_stack_new(1 + rw_random_below(random, 3), 2, stacks, size);
    for (uint32_t q = 0; q < m->states; q++)
        for (uint32_t cell = 0; cell < 2 * (size + 1); cell++) {
            uint32_t top = cell / 2;
            if (rw_random_below(random, 8) == 0)
                continue;
            struct rw_stack_rule *rule =
                rw_stack_add_rule(m, q, cell % 2, (uint32_t)rw_random_below(random, m->states));
            rule->test[0] = top == 0 ? RW_TOP_EMPTY : RW_TOP_FIRST + top - 1;
            for (size_t i = 0; i < stacks; i++) {
                rule->action[i] = (uint32_t)rw_random_below(random, RW_PUSH_FIRST + size);
                if (rule->action[i] == RW_POP && i > 0)
                    rule->test[i] = RW_TOP_NONEMPTY;
                if (!rw_stack_pops_safely(rule->test[i], rule->action[i]))
                    rule->action[i] = RW_KEEP;
            }
        }
    rw_stack_add_acceptance(m, 0)->test[0] = RW_TOP_EMPTY;
    rw_stack_add_acceptance(m, (uint32_t)m->states - 1)->test[stacks - 1] = RW_TOP_FIRST;
    rw_stack_seal(m);
    return rw_machine_new(&rw_stack_kind, m, letters(2), "random", "");
}

Test(stacks, random_machines_and_their_networks_agree)
{
    struct rw_random random = rw_random_seed(7);
    size_t noticed = 0;
    for (int trial = 0; trial < 60; trial++) {
        struct rw_machine *machine = random_machine(&random);
        struct rw_net *net = build(machine, false);
        cr_assert(holds(machine, net, 200), "trial %d", trial);
        /* Another bias of a gate: noticed unless the gate is never met. */
        struct rw_matrix *bias = net->layers[0].heads[0].params[6];
        if (rw_matrix_nonzeros(bias) > 0) {
            fmpq_add_si(bias->value, bias->value, 1);
            noticed += !holds(machine, net, 200);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_gt(noticed, 30);
}

Test(stacks, busy_beavers_run_whole)
{
    static const struct {
        const char *table;
        size_t steps;
    } champions[] = {{"1RB1LB_1LA1RZ", 6}, {"1RB1RZ_1LB0RC_1LC1LA", 21}, {"1RB1LB_1LA0LC_1RZ1LD_1RD0RA", 107}};
    for (size_t i = 0; i < sizeof champions / sizeof *champions; i++) {
        char *text =
            rw_format("rnnwit: 1\nkind: turing\nalphabet: [\".\"]\nclock: \".\"\ncompact: %s\n", champions[i].table);
        struct rw_machine *machine = read_spec(text);
        struct rw_net *net = build(machine, false);
        struct rw_run *run = rw_run_new(net);
        cr_assert(holds(machine, net, 300));
        for (size_t step = 1; step < champions[i].steps; step++) {
            rw_run_step(run, 0);
            cr_assert(rw_q_is_zero(rw_run_output(run, 0)), "undecided before it halts");
        }
        rw_run_step(run, 0);
        cr_assert(rw_run_accepts(run));
        rw_run_free(run);
        rw_net_free(net);
        rw_machine_free(machine);
        free(text);
    }
}
