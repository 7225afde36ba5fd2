/* modes_stack.c - stack machines and Turing machines as modes. The modes of a stack machine are its states and "dead"; of a Turing machine its phases
 * and states, each with the letter under the head. */
#include "automata/stack.h"
#include "automata/turing.h"
#include "verify/modes.h"

/* --- stack machines --- */

static bool top_passes(uint32_t test, uint32_t class)
{
    switch (test) {
    case RW_TOP_ANY:
        return true;
    case RW_TOP_EMPTY:
        return class == 0;
    case RW_TOP_NONEMPTY:
        return class > 0;
    default:
        return class == test - RW_TOP_FIRST + 1;
    }
}

static bool tops_pass(const struct rw_stack *machine, const uint32_t *test, const uint32_t *classes)
{
    for (size_t i = 0; i < machine->stacks; i++)
        if (!top_passes(test[i], classes[i]))
            return false;
    return true;
}

static void stack_step(const struct rw_modes *modes, uint32_t mode, uint32_t symbol, const uint32_t *classes,
                       uint32_t *to, struct rw_effect *effects)
{
    const struct rw_stack *machine = modes->model;
    const struct rw_stack_rule *rule = NULL;
    for (size_t k = 0; k < machine->rule_count && mode < machine->states && rule == NULL; k++)
        if (machine->rules[k].from == mode && machine->rules[k].symbol == symbol &&
            tops_pass(machine, machine->rules[k].test, classes))
            rule = machine->rules + k;
    *to = rule == NULL ? (uint32_t)machine->states : rule->to;
    for (size_t i = 0; i < machine->stacks; i++) {
        uint32_t action = rule == NULL ? RW_KEEP : rule->action[i];
        if (action == RW_KEEP)
            rw_effect_keep(effects + i);
        else if (action == RW_POP)
            rw_effect_pop(effects + i, machine->letters, classes[i] - 1);
        else
            rw_effect_push(effects + i, machine->letters, action - RW_PUSH_FIRST);
    }
}

static int stack_verdict(const struct rw_modes *modes, uint32_t mode, const uint32_t *classes)
{
    const struct rw_stack *machine = modes->model;
    for (size_t k = 0; k < machine->acceptance_count; k++)
        if (machine->acceptance[k].state == mode && tops_pass(machine, machine->acceptance[k].test, classes))
            return 1;
    return 0;
}

static void stack_name(const struct rw_modes *modes, uint32_t mode, FILE *out)
{
    const struct rw_stack *machine = modes->model;
    fputs(mode < machine->states ? machine->state_names[mode] : "dead", out);
}

bool rw_modes_of_stack(struct rw_modes *modes, const struct rw_machine *machine)
{
    const struct rw_stack *model = machine->model;
    if (model->stacks > RW_MOST_NUMBERS || model->letters + 1 > RW_MOST_CLASSES)
        return false;
    modes->modes = model->states + 1;
    modes->symbols = model->symbols;
    modes->numbers = model->stacks;
    modes->initial = model->initial;
    modes->letters = model->letters;
    modes->classes = model->letters + 1;
    modes->step = stack_step;
    modes->verdict = stack_verdict;
    modes->range = rw_stack_range;
    modes->part = rw_stack_part;
    modes->name = stack_name;
    return true;
}

/* --- Turing machines: load, then coming back on each letter, then each state on each letter, then dead --- */

enum { LEFT, RIGHT, SIDES };

static uint32_t mode_rewind(uint32_t letter)
{
    return 1 + letter;
}

static uint32_t mode_run(const struct rw_turing *m, uint32_t state, uint32_t letter)
{
    return 1 + (uint32_t)m->letters + state * (uint32_t)m->letters + letter;
}

static uint32_t mode_dead(const struct rw_turing *m)
{
    return mode_run(m, (uint32_t)m->states, 0);
}

/* The letter under the head. */
static uint32_t letter_of(const struct rw_turing *m, uint32_t mode)
{
    return mode == 0 ? m->blank : (mode - 1) % (uint32_t)m->letters;
}

/* Whether the mode is a state, and which; before that the first step is the initial state's. */
static bool is_run(const struct rw_turing *m, uint32_t mode, uint32_t *state)
{
    bool run = mode > m->letters && mode < mode_dead(m);
    *state = run ? (mode - 1) / (uint32_t)m->letters - 1 : m->initial;
    return run;
}

/* One step of the machine from a state on a letter. */
static uint32_t tape_step(const struct rw_turing *m, uint32_t state, uint32_t letter, const uint32_t *classes,
                          struct rw_effect *effects)
{
    if (m->halts[state] != 0)
        return mode_run(m, state, letter);
    const struct rw_turing_step *step = rw_turing_step_at(m, state, letter);
    if (step->move == RW_STAY)
        return mode_run(m, step->to, step->write);
    size_t behind = step->move == RW_RIGHT ? LEFT : RIGHT, ahead = step->move == RW_RIGHT ? RIGHT : LEFT;
    rw_effect_push(effects + behind, m->letters, step->write);
    if (classes[ahead] == 0)
        return mode_run(m, step->to, m->blank);
    rw_effect_pop(effects + ahead, m->letters, classes[ahead] - 1);
    return mode_run(m, step->to, classes[ahead] - 1);
}

static void turing_step(const struct rw_modes *modes, uint32_t mode, uint32_t symbol, const uint32_t *classes,
                        uint32_t *to, struct rw_effect *effects)
{
    const struct rw_turing *m = modes->model;
    uint32_t state;
    bool runs = is_run(m, mode, &state);
    for (size_t side = 0; side < SIDES; side++)
        rw_effect_keep(effects + side);
    if (mode == mode_dead(m) || (symbol != m->clock && mode != 0)) {
        *to = mode_dead(m);
    } else if (symbol != m->clock) {
        rw_effect_push(effects + LEFT, m->letters, m->letter_of[symbol]);
        *to = 0;
    } else if (!runs && classes[LEFT] > 0) {
        rw_effect_pop(effects + LEFT, m->letters, classes[LEFT] - 1);
        rw_effect_push(effects + RIGHT, m->letters, letter_of(m, mode));
        *to = mode_rewind(classes[LEFT] - 1);
    } else {
        *to = tape_step(m, state, letter_of(m, mode), classes, effects);
    }
}

static int turing_verdict(const struct rw_modes *modes, uint32_t mode, const uint32_t *classes)
{
    (void)classes;
    const struct rw_turing *m = modes->model;
    uint32_t state;
    if (mode == mode_dead(m))
        return -1;
    return is_run(m, mode, &state) ? m->halts[state] : 0;
}

static void turing_name(const struct rw_modes *modes, uint32_t mode, FILE *out)
{
    const struct rw_turing *m = modes->model;
    uint32_t state;
    if (mode == mode_dead(m))
        fputs("dead", out);
    else if (mode == 0)
        fputs("load", out);
    else if (is_run(m, mode, &state))
        fprintf(out, "state %s, reads %s", m->state_names[state], m->letter_names[letter_of(m, mode)]);
    else
        fprintf(out, "rewind, reads %s", m->letter_names[letter_of(m, mode)]);
}

bool rw_modes_of_turing(struct rw_modes *modes, const struct rw_machine *machine)
{
    const struct rw_turing *model = machine->model;
    if (model->letters + 1 > RW_MOST_CLASSES)
        return false;
    modes->modes = mode_dead(model) + 1;
    modes->symbols = model->symbols;
    modes->numbers = SIDES;
    modes->letters = model->letters;
    modes->classes = model->letters + 1;
    modes->step = turing_step;
    modes->verdict = turing_verdict;
    modes->range = rw_stack_range;
    modes->part = rw_stack_part;
    modes->name = turing_name;
    return true;
}
