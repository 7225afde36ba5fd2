/* turing_mlp.c - W11: Turing machine -> machine of two stacks -> MLP RNN (W10).
 *
 * The stacks are the visited cells left and right of the head, the nearest on top; the letter under the head is part of the state, so that a step is
 * one push on one stack and at most one pop of the other. Letters of the input are pushed left; clock tokens first move them over to the right, then
 * step the machine. */
#include <inttypes.h>
#include <stdlib.h>

#include "automata/turing.h"
#include "base/memory.h"
#include "reductions/witness/stack_mlp.h"

enum { LEFT, RIGHT, SIDES };

bool rw_turing_mlp_applies(const struct rw_machine *machine, FILE *why)
{
    const struct rw_turing *m = machine->model;
    if (why != NULL)
        fprintf(why, "two stacks hold the tape, each a number in base %zu with gaps; clock tokens are its steps",
                2 * m->letters);
    return true;
}

/* States of the stack machine: loading; coming back on letter c; state q on letter c. */
static uint32_t state_rewind(uint32_t c)
{
    return 1 + c;
}

static uint32_t state_run(const struct rw_turing *m, uint32_t q, uint32_t c)
{
    return 1 + (uint32_t)m->letters + q * (uint32_t)m->letters + c;
}

static void name_states(const struct rw_turing *m, struct rw_stack *stack)
{
    for (size_t s = 0; s < stack->states; s++)
        free(stack->state_names[s]);
    stack->state_names[0] = rw_strdup("load");
    for (uint32_t c = 0; c < m->letters; c++) {
        stack->state_names[state_rewind(c)] = rw_format("rewind, reads %s", m->letter_names[c]);
        for (uint32_t q = 0; q < m->states; q++)
            stack->state_names[state_run(m, q, c)] = rw_format("%s, reads %s", m->state_names[q], m->letter_names[c]);
    }
    free(stack->stack_names[LEFT]);
    free(stack->stack_names[RIGHT]);
    stack->stack_names[LEFT] = rw_strdup("left");
    stack->stack_names[RIGHT] = rw_strdup("right");
}

/* A step of the machine from state q on letter c, as rules of the stack machine's state `from`. `at_start`: only where the left stack is empty. */
static void add_step(const struct rw_turing *m, struct rw_stack *stack, uint32_t from, uint32_t q, uint32_t c,
                     bool at_start)
{
    const struct rw_turing_step *step = rw_turing_step_at(m, q, c);
    bool stays = m->halts[q] != 0 || step->move == RW_STAY;
    if (stays) {
        uint32_t to = m->halts[q] != 0 ? state_run(m, q, c) : state_run(m, step->to, step->write);
        struct rw_stack_rule *rule = rw_stack_add_rule(stack, from, m->clock, to);
        rule->test[LEFT] = at_start ? RW_TOP_EMPTY : RW_TOP_ANY;
        return;
    }
    size_t pushed = step->move == RW_RIGHT ? LEFT : RIGHT, popped = step->move == RW_RIGHT ? RIGHT : LEFT;
    for (uint32_t b = 0; b <= m->letters; b++) { /* the letter moved onto; m->letters: none, so a blank */
        bool none = b == m->letters;
        if (at_start && popped == LEFT && !none)
            continue;
        struct rw_stack_rule *rule =
            rw_stack_add_rule(stack, from, m->clock, state_run(m, step->to, none ? m->blank : b));
        rule->test[LEFT] = at_start ? RW_TOP_EMPTY : RW_TOP_ANY;
        rule->test[popped] = none ? RW_TOP_EMPTY : RW_TOP_FIRST + b;
        rule->action[popped] = none ? RW_KEEP : RW_POP;
        rule->action[pushed] = RW_PUSH_FIRST + step->write;
    }
}

/* The head goes one cell back, from letter c. */
static void add_rewind(const struct rw_turing *m, struct rw_stack *stack, uint32_t from, uint32_t c)
{
    for (uint32_t b = 0; b < m->letters; b++) {
        struct rw_stack_rule *rule = rw_stack_add_rule(stack, from, m->clock, state_rewind(b));
        rule->test[LEFT] = RW_TOP_FIRST + b;
        rule->action[LEFT] = RW_POP;
        rule->action[RIGHT] = RW_PUSH_FIRST + c;
    }
}

static struct rw_stack *two_stacks(const struct rw_turing *m)
{
    size_t states = 1 + m->letters + m->states * m->letters;
    struct rw_stack *stack = rw_stack_new(states, m->symbols, SIDES, m->letters);
    name_states(m, stack);
    for (uint32_t a = 0; a < m->symbols; a++)
        if (a != m->clock)
            rw_stack_add_rule(stack, 0, a, 0)->action[LEFT] = RW_PUSH_FIRST + m->letter_of[a];
    add_rewind(m, stack, 0, m->blank);
    add_step(m, stack, 0, m->initial, m->blank, true);
    for (uint32_t c = 0; c < m->letters; c++) {
        add_rewind(m, stack, state_rewind(c), c);
        add_step(m, stack, state_rewind(c), m->initial, c, true);
        for (uint32_t q = 0; q < m->states; q++)
            add_step(m, stack, state_run(m, q, c), q, c, false);
    }
    rw_stack_seal(stack);
    return stack;
}

/* What the coordinates say of the machine: phases, states, the letter under the head, the tape. */
static struct rw_matrix *relation(const struct rw_turing *m, const struct rw_stack *stack)
{
    size_t reads = 2 + m->states, sides = reads + m->letters;
    struct rw_builder *builder = rw_builder_new(sides + SIDES, stack->states + SIDES);
    rw_builder_add_int(builder, 0, 0, 1);
    rw_builder_add_int(builder, reads + m->blank, 0, 1);
    for (uint32_t c = 0; c < m->letters; c++) {
        rw_builder_add_int(builder, 1, state_rewind(c), 1);
        rw_builder_add_int(builder, reads + c, state_rewind(c), 1);
        for (uint32_t q = 0; q < m->states; q++) {
            rw_builder_add_int(builder, 2 + q, state_run(m, q, c), 1);
            rw_builder_add_int(builder, reads + c, state_run(m, q, c), 1);
        }
    }
    for (size_t side = 0; side < SIDES; side++)
        rw_builder_add_int(builder, sides + side, stack->states + side, 1);
    return rw_builder_finish(builder);
}

/* Output: 1 in accepting states, -1 in rejecting ones and when dead: -1 + the sum of all others with weights 1 and 2. */
static void draw_verdict(struct rw_sketch *sketch, const struct rw_turing *m)
{
    size_t verdict = rw_feature(sketch, "verdict");
    for (uint32_t s = 0; s <= m->letters; s++)
        rw_sketch_output_int(sketch, verdict, s, 1);
    for (uint32_t q = 0; q < m->states; q++)
        for (uint32_t c = 0; c < m->letters; c++)
            if (m->halts[q] >= 0)
                rw_sketch_output_int(sketch, verdict, state_run(m, q, c), 1 + m->halts[q]);
    rw_sketch_readout_int(sketch, 0, "verdict", verdict, 1);
    rw_sketch_readout_int(sketch, 0, "verdict", rw_feature_one(sketch), -1);
}

struct rw_net *rw_turing_mlp_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                   struct rw_diag *diag)
{
    const struct rw_turing *m = machine->model;
    if (m->states > options->limits->neurons / (m->letters + 1)) {
        rw_diag_limit(diag, rw_span_none(), "neurons",
                      "%zu states on %zu letters take more than %" PRIu64 " hidden units", m->states, m->letters,
                      options->limits->neurons);
        return NULL;
    }
    struct rw_stack *stack = two_stacks(m);
    struct rw_sketch *sketch = rw_sketch_new(machine->alphabet);
    struct rw_net *net = NULL;
    if (rw_stack_draw(sketch, stack, &rw_stack_gapped, options, diag)) {
        draw_verdict(sketch, m);
        net = rw_construction_finish(sketch, machine, "mlp", relation(m, stack), options, diag);
    } else {
        rw_sketch_free(sketch);
    }
    rw_stack_free(stack);
    return net;
}
