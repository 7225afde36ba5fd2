/* modes_counter.c - counter machines as modes: their states and "dead", or, with history, the rules that led there. */
#include <inttypes.h>

#include "automata/counter.h"
#include "verify/modes.h"

/* Bounds of boxes stay far from overflow. */
#define MOST_ADDED (INT64_C(1) << 40)

enum class { ZERO, POSITIVE, NEGATIVE, CLASSES };

/* With history: mode 0 is the start, 1 + r is after rule r, and the last is dead. */
static uint32_t state_of(const struct rw_modes *modes, uint32_t mode)
{
    const struct rw_counter *machine = modes->model;
    if (!modes->history)
        return mode;
    if (mode == 0)
        return machine->initial;
    return mode <= machine->rule_count ? machine->rules[mode - 1].to : (uint32_t)machine->states;
}

static bool signs_pass(const struct rw_counter *machine, const uint8_t *test, const uint32_t *classes)
{
    for (size_t i = 0; i < machine->counters; i++)
        if (test[i] != RW_TEST_ANY && (test[i] == RW_TEST_ZERO) != (classes[i] == ZERO))
            return false;
    return true;
}

static void step(const struct rw_modes *modes, uint32_t mode, uint32_t symbol, const uint32_t *classes, uint32_t *to,
                 struct rw_effect *effects)
{
    const struct rw_counter *machine = modes->model;
    uint32_t state = state_of(modes, mode);
    size_t found = machine->rule_count;
    for (size_t k = 0; k < machine->rule_count && state < machine->states && found == machine->rule_count; k++)
        if (machine->rules[k].from == state && machine->rules[k].symbol == symbol &&
            signs_pass(machine, machine->rules[k].test, classes))
            found = k;
    bool dies = found == machine->rule_count;
    if (modes->history)
        *to = (uint32_t)found + 1;
    else
        *to = dies ? (uint32_t)machine->states : machine->rules[found].to;
    for (size_t i = 0; i < machine->counters; i++) {
        fmpq_set_si(effects[i].factor, dies || !machine->rules[found].reset[i], 1);
        fmpq_set_si(effects[i].add, dies ? 0 : (slong)machine->rules[found].add[i], 1);
    }
}

static int verdict(const struct rw_modes *modes, uint32_t mode, const uint32_t *classes)
{
    const struct rw_counter *machine = modes->model;
    uint32_t state = state_of(modes, mode);
    for (size_t k = 0; k < machine->acceptance_count; k++)
        if (machine->acceptance[k].state == state && signs_pass(machine, machine->acceptance[k].test, classes))
            return 1;
    return 0;
}

static const struct rw_interval boxes[] = {
    [ZERO] = {0, 0}, [POSITIVE] = {1, RW_PLUS_INFINITY}, [NEGATIVE] = {RW_MINUS_INFINITY, -1}};

static void range(const struct rw_modes *modes, uint32_t class, struct rw_range *range)
{
    (void)modes;
    fmpq_zero(range->start);
    fmpq_set_si(range->rate, 1, 1);
    range->box = boxes[class];
}

/* The part of the class that the step leads to the class `part`. */
static bool part(const struct rw_modes *modes, uint32_t class, const struct rw_effect *effect, size_t part,
                 struct rw_range *range, uint32_t *next)
{
    (void)modes;
    if (part == CLASSES)
        return false;
    struct rw_interval box = boxes[class];
    int64_t add = fmpz_get_si(fmpq_numref(effect->add));
    if (fmpq_is_zero(effect->factor)) { /* a reset */
        *next = ZERO;
        range->box = part == ZERO ? box : (struct rw_interval){1, 0};
        return true;
    }
    struct rw_interval goal = boxes[part];
    int64_t low = goal.low == RW_MINUS_INFINITY ? RW_MINUS_INFINITY : goal.low - add,
            high = goal.high == RW_PLUS_INFINITY ? RW_PLUS_INFINITY : goal.high - add;
    range->box = (struct rw_interval){low > box.low ? low : box.low, high < box.high ? high : box.high};
    *next = (uint32_t)part;
    return true;
}

static void name(const struct rw_modes *modes, uint32_t mode, FILE *out)
{
    const struct rw_counter *machine = modes->model;
    uint32_t state = state_of(modes, mode);
    fputs(state < machine->states ? machine->state_names[state] : "dead", out);
    if (modes->history && mode > 0 && mode <= machine->rule_count)
        fprintf(out, " by rule %" PRIu32, mode);
}

bool rw_modes_of_counter(struct rw_modes *modes, const struct rw_machine *machine, bool history)
{
    const struct rw_counter *model = machine->model;
    if (model->counters > RW_MOST_NUMBERS)
        return false;
    for (size_t k = 0; k < model->rule_count; k++)
        for (size_t i = 0; i < model->counters; i++)
            if (model->rules[k].add[i] > MOST_ADDED || model->rules[k].add[i] < -MOST_ADDED)
                return false;
    modes->modes = history ? model->rule_count + 2 : model->states + 1;
    modes->history = history;
    modes->symbols = model->symbols;
    modes->numbers = model->counters;
    modes->initial = history ? 0 : model->initial;
    modes->classes = CLASSES;
    modes->step = step;
    modes->verdict = verdict;
    modes->range = range;
    modes->part = part;
    modes->name = name;
    return true;
}
