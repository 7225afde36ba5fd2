/* cells_machine.c - machines by modes, from the rules that the spec says: rnnwit-certificate(5) numbers the modes. */
#include "automata/counter.h"
#include "automata/stack.h"
#include "automata/turing.h"
#include "recheck/cells.h"

static void keep(struct rw_cell_effect *effect)
{
    fmpq_one(effect->factor);
    fmpq_zero(effect->add);
    effect->pops = false;
    effect->pushed = 0;
}

static void push(struct rw_cell_effect *effect, size_t letters, uint32_t letter)
{
    keep(effect);
    fmpq_set_si(effect->factor, 1, 2 * letters);
    fmpq_set_si(effect->add, 2 * (slong)letter + 1, 2 * letters);
    effect->pushed = letter + 1;
}

/* The letter of the class on top. */
static void pop(struct rw_cell_effect *effect, size_t letters, uint32_t class)
{
    keep(effect);
    fmpq_set_si(effect->factor, 2 * (slong)letters, 1);
    fmpq_set_si(effect->add, -(2 * (slong) class - 1), 1);
    effect->pops = true;
}

/* --- counters: classes 0 zero, 1 positive, 2 negative --- */

static bool signs_fit(const struct rw_counter *m, const uint8_t *test, const uint32_t *classes)
{
    bool fit = true;
    for (size_t i = 0; i < m->counters; i++)
        fit = fit && !(test[i] == RW_TEST_ZERO && classes[i] != 0) && !(test[i] == RW_TEST_NONZERO && classes[i] == 0);
    return fit;
}

static uint32_t counter_state(const struct rw_cell_machine *view, uint32_t mode)
{
    const struct rw_counter *m = view->machine->model;
    if (!view->history)
        return mode;
    return mode == 0 ? m->initial : mode <= m->rule_count ? m->rules[mode - 1].to : (uint32_t)m->states;
}

static uint32_t counter_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol,
                             const uint32_t *classes, struct rw_cell_effect *effects)
{
    const struct rw_counter *m = view->machine->model;
    uint32_t state = counter_state(view, mode);
    for (size_t r = 0; r < m->rule_count; r++) {
        const struct rw_counter_rule *rule = m->rules + r;
        if (rule->from != state || rule->symbol != symbol || !signs_fit(m, rule->test, classes))
            continue;
        for (size_t i = 0; i < m->counters; i++) {
            fmpq_set_si(effects[i].factor, rule->reset[i] ? 0 : 1, 1);
            fmpq_set_si(effects[i].add, (slong)rule->add[i], 1);
        }
        return view->history ? (uint32_t)r + 1 : rule->to;
    }
    return (uint32_t)view->modes - 1;
}

/* --- stacks: classes 0 empty, 1 + b --- */

static bool tops_fit(const struct rw_stack *m, const uint32_t *test, const uint32_t *classes)
{
    bool fit = true;
    for (size_t i = 0; i < m->stacks; i++) {
        bool empty = classes[i] == 0;
        fit = fit && (test[i] == RW_TOP_ANY || (test[i] == RW_TOP_EMPTY && empty) ||
                      (test[i] == RW_TOP_NONEMPTY && !empty) || (!empty && test[i] == RW_TOP_FIRST + classes[i] - 1));
    }
    return fit;
}

static uint32_t stack_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol, const uint32_t *classes,
                           struct rw_cell_effect *effects)
{
    const struct rw_stack *m = view->machine->model;
    for (size_t r = 0; r < m->rule_count; r++) {
        const struct rw_stack_rule *rule = m->rules + r;
        if (rule->from != mode || rule->symbol != symbol || !tops_fit(m, rule->test, classes))
            continue;
        for (size_t i = 0; i < m->stacks; i++)
            if (rule->action[i] == RW_POP)
                pop(effects + i, m->letters, classes[i]);
            else if (rule->action[i] >= RW_PUSH_FIRST)
                push(effects + i, m->letters, rule->action[i] - RW_PUSH_FIRST);
        return rule->to;
    }
    return (uint32_t)m->states;
}

/* --- Turing machines: number 0 is the left side, 1 the right one --- */

static uint32_t on_letter(const struct rw_turing *m, uint32_t state, uint32_t letter)
{
    return 1 + (uint32_t)m->letters * (1 + state) + letter;
}

static uint32_t tape_step(const struct rw_turing *m, uint32_t state, uint32_t letter, const uint32_t *classes,
                          struct rw_cell_effect *effects)
{
    struct rw_turing_step step = m->table[state * m->letters + letter];
    if (m->halts[state] != 0)
        return on_letter(m, state, letter);
    if (step.move == RW_STAY)
        return on_letter(m, step.to, step.write);
    int back = step.move == RW_RIGHT ? 0 : 1, front = 1 - back;
    push(effects + back, m->letters, step.write);
    if (classes[front] > 0)
        pop(effects + front, m->letters, classes[front]);
    return on_letter(m, step.to, classes[front] > 0 ? classes[front] - 1 : m->blank);
}

static uint32_t turing_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol, const uint32_t *classes,
                            struct rw_cell_effect *effects)
{
    const struct rw_turing *m = view->machine->model;
    uint32_t dead = (uint32_t)view->modes - 1, letters = (uint32_t)m->letters;
    uint32_t letter = mode == 0 ? m->blank : (mode - 1) % letters;
    if (mode == dead || (symbol != m->clock && mode != 0))
        return dead;
    if (symbol != m->clock) {
        push(effects, m->letters, m->letter_of[symbol]);
        return 0;
    }
    if (mode > letters)
        return tape_step(m, (mode - 1) / letters - 1, letter, classes, effects);
    if (classes[0] == 0)
        return tape_step(m, m->initial, letter, classes, effects);
    pop(effects, m->letters, classes[0]);
    push(effects + 1, m->letters, letter);
    return classes[0];
}

/* --- all of them --- */

bool rw_cell_machine_make(struct rw_cell_machine *view, const struct rw_machine *machine, bool history)
{
    *view = (struct rw_cell_machine){.machine = machine, .history = history};
    if (machine->kind == &rw_counter_kind) {
        const struct rw_counter *m = machine->model;
        view->modes = history ? m->rule_count + 2 : m->states + 1;
        view->initial = history ? 0 : m->initial;
        view->numbers = m->counters;
        view->classes = 3;
    } else if (machine->kind == &rw_stack_kind && !history) {
        const struct rw_stack *m = machine->model;
        view->modes = m->states + 1;
        view->initial = m->initial;
        view->numbers = m->stacks;
        view->letters = m->letters;
        view->classes = m->letters + 1;
    } else if (machine->kind == &rw_turing_kind && !history) {
        const struct rw_turing *m = machine->model;
        view->modes = on_letter(m, (uint32_t)m->states, 0) + 1;
        view->numbers = 2;
        view->letters = m->letters;
        view->classes = m->letters + 1;
    }
    return view->modes > 0 && view->numbers <= RW_CELL_NUMBERS && view->classes <= 64;
}

uint32_t rw_cell_machine_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol,
                              const uint32_t *classes, struct rw_cell_effect *effects)
{
    for (size_t i = 0; i < view->numbers; i++)
        keep(effects + i);
    if (view->machine->kind == &rw_counter_kind)
        return counter_step(view, mode, symbol, classes, effects);
    if (view->machine->kind == &rw_stack_kind)
        return stack_step(view, mode, symbol, classes, effects);
    return turing_step(view, mode, symbol, classes, effects);
}

int rw_cell_machine_verdict(const struct rw_cell_machine *view, uint32_t mode, const uint32_t *classes)
{
    if (view->machine->kind == &rw_turing_kind) {
        const struct rw_turing *m = view->machine->model;
        return mode + 1 == view->modes ? -1 : mode > m->letters ? m->halts[(mode - 1) / m->letters - 1] : 0;
    }
    bool accepts = false;
    if (view->machine->kind == &rw_stack_kind) {
        const struct rw_stack *m = view->machine->model;
        for (size_t a = 0; a < m->acceptance_count; a++)
            accepts = accepts || (m->acceptance[a].state == mode && tops_fit(m, m->acceptance[a].test, classes));
    } else {
        const struct rw_counter *m = view->machine->model;
        for (size_t a = 0; a < m->acceptance_count; a++)
            accepts = accepts || (m->acceptance[a].state == counter_state(view, mode) &&
                                  signs_fit(m, m->acceptance[a].test, classes));
    }
    return accepts;
}
