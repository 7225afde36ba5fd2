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

/* NULL: none applies. State `states` is dead. */
static const struct rw_counter_rule *counter_rule(const struct rw_counter *m, uint32_t state, uint32_t symbol,
                                                  const uint32_t *classes)
{
    for (size_t r = 0; r < m->rule_count; r++)
        if (m->rules[r].from == state && m->rules[r].symbol == symbol && signs_fit(m, m->rules[r].test, classes))
            return m->rules + r;
    return NULL;
}

/* Mode 1 + (state * symbols + symbol) * patterns + the classes in base 3, the first counter's digit worth 1. */
static const struct rw_counter_rule *last_rule(const struct rw_cell_machine *view, uint32_t mode, uint32_t *classes)
{
    const struct rw_counter *m = view->machine->model;
    size_t step = (mode - 1) / view->patterns, pattern = (mode - 1) % view->patterns;
    for (size_t i = 0; i < m->counters; i++, pattern /= 3)
        classes[i] = (uint32_t)(pattern % 3);
    return counter_rule(m, (uint32_t)(step / m->symbols), (uint32_t)(step % m->symbols), classes);
}

static uint32_t counter_state(const struct rw_cell_machine *view, uint32_t mode)
{
    const struct rw_counter *m = view->machine->model;
    uint32_t classes[RW_CELL_NUMBERS];
    if (view->history == RW_CELL_STATES)
        return mode;
    if (mode == 0)
        return m->initial;
    if (view->history == RW_CELL_RULES)
        return mode <= m->rule_count ? m->rules[mode - 1].to : (uint32_t)m->states;
    const struct rw_counter_rule *rule = last_rule(view, mode, classes);
    return rule == NULL ? (uint32_t)m->states : rule->to;
}

static uint32_t mode_after(const struct rw_cell_machine *view, uint32_t state, uint32_t symbol, const uint32_t *classes,
                           const struct rw_counter_rule *rule)
{
    const struct rw_counter *m = view->machine->model;
    if (view->history != RW_CELL_STEPS) {
        if (rule == NULL)
            return (uint32_t)view->modes - 1;
        return view->history == RW_CELL_RULES ? (uint32_t)(rule - m->rules) + 1 : rule->to;
    }
    size_t pattern = 0, digit = 1;
    for (size_t i = 0; i < m->counters; i++, digit *= 3)
        pattern += classes[i] * digit;
    return (uint32_t)(1 + (state * m->symbols + symbol) * view->patterns + pattern);
}

static uint32_t counter_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol,
                             const uint32_t *classes, struct rw_cell_effect *effects)
{
    const struct rw_counter *m = view->machine->model;
    uint32_t state = counter_state(view, mode);
    const struct rw_counter_rule *rule = counter_rule(m, state, symbol, classes);
    for (size_t i = 0; i < m->counters && rule != NULL; i++) {
        fmpq_set_si(effects[i].factor, rule->reset[i] ? 0 : 1, 1);
        fmpq_set_si(effects[i].add, (slong)rule->add[i], 1);
    }
    return mode_after(view, state, symbol, classes, rule);
}

void rw_cell_class_box(uint32_t class, struct rw_cell_box *box)
{
    fmpq_set_si(&box->low, class == 0 ? 0 : 1, 1);
    fmpq_set_si(&box->high, class == 0 ? 0 : -1, 1);
    box->no_low = class == 2;
    box->no_high = class == 1;
}

void rw_cell_reached_box(const struct rw_cell_machine *view, uint32_t mode, size_t number, struct rw_cell_box *box)
{
    uint32_t classes[RW_CELL_NUMBERS];
    const struct rw_counter_rule *rule = mode == 0 ? NULL : last_rule(view, mode, classes);
    rw_cell_class_box(mode == 0 || (rule != NULL && rule->reset[number]) ? 0 : classes[number], box);
    if (rule != NULL && !rule->reset[number]) {
        fmpq_add_si(&box->low, &box->low, (slong)rule->add[number]);
        fmpq_add_si(&box->high, &box->high, (slong)rule->add[number]);
    }
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

/* More are not checked. */
#define MOST_MODES (1u << 15)

/* 0: too many. */
static size_t count_steps(struct rw_cell_machine *view, const struct rw_counter *m)
{
    size_t steps = (m->states + 1) * m->symbols;
    view->patterns = 1;
    for (size_t i = 0; i < m->counters && steps * view->patterns < MOST_MODES; i++)
        view->patterns *= 3;
    return steps * view->patterns < MOST_MODES ? steps * view->patterns + 1 : 0;
}

bool rw_cell_machine_make(struct rw_cell_machine *view, const struct rw_machine *machine, enum rw_cell_history history)
{
    *view = (struct rw_cell_machine){.machine = machine, .history = history};
    if (machine->kind == &rw_counter_kind) {
        const struct rw_counter *m = machine->model;
        view->modes = history == RW_CELL_STATES  ? m->states + 1
                      : history == RW_CELL_RULES ? m->rule_count + 2
                                                 : count_steps(view, m);
        view->initial = history == RW_CELL_STATES ? m->initial : 0;
        view->numbers = m->counters;
        view->classes = 3;
    } else if (machine->kind == &rw_stack_kind && history == RW_CELL_STATES) {
        const struct rw_stack *m = machine->model;
        view->modes = m->states + 1;
        view->initial = m->initial;
        view->numbers = m->stacks;
        view->letters = m->letters;
        view->classes = m->letters + 1;
    } else if (machine->kind == &rw_turing_kind && history == RW_CELL_STATES) {
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
