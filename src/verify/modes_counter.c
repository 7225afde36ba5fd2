/* modes_counter.c - counter machines as modes: their states and "dead"; or the rules that led there; or the steps that did.
 *
 * A ReLU cell of one hidden layer keeps gates that are open by the state, the symbol and the classes of the counters BEFORE the step. What
 * it holds afterwards is one affine function of the counters only where all of these are known. */
#include <inttypes.h>

#include "automata/counter.h"
#include "verify/modes.h"

/* Bounds of boxes stay far from overflow. */
#define MOST_ADDED (INT64_C(1) << 40)
/* Modes that remember the last step: each takes a claim of half a kilobyte, reached or not. */
#define MOST_STEPS (1u << 15)

enum class { ZERO, POSITIVE, NEGATIVE, CLASSES };

static bool signs_pass(const struct rw_counter *machine, const uint8_t *test, const uint32_t *classes)
{
    for (size_t i = 0; i < machine->counters; i++)
        if (test[i] != RW_TEST_ANY && (test[i] == RW_TEST_ZERO) != (classes[i] == ZERO))
            return false;
    return true;
}

/* The number of the rule that applies; rule_count: none. State `states` is dead. */
static size_t rule_of(const struct rw_counter *machine, uint32_t state, uint32_t symbol, const uint32_t *classes)
{
    for (size_t k = 0; k < machine->rule_count && state < machine->states; k++)
        if (machine->rules[k].from == state && machine->rules[k].symbol == symbol &&
            signs_pass(machine, machine->rules[k].test, classes))
            return k;
    return machine->rule_count;
}

static uint32_t led_to(const struct rw_counter *machine, size_t rule)
{
    return rule < machine->rule_count ? machine->rules[rule].to : (uint32_t)machine->states;
}

/* A step as a mode: 1 + (state * symbols + symbol) * patterns + the classes, written in base CLASSES, the first counter last. */
struct past {
    uint32_t state, symbol, classes[RW_MOST_NUMBERS];
};

static struct past past_of(const struct rw_modes *modes, uint32_t mode)
{
    struct past past;
    size_t step = (mode - 1) / modes->patterns, pattern = (mode - 1) % modes->patterns;
    past.state = (uint32_t)(step / modes->symbols);
    past.symbol = (uint32_t)(step % modes->symbols);
    for (size_t i = 0; i < modes->numbers; i++, pattern /= CLASSES)
        past.classes[i] = (uint32_t)(pattern % CLASSES);
    return past;
}

static uint32_t mode_of(const struct rw_modes *modes, uint32_t state, uint32_t symbol, const uint32_t *classes)
{
    size_t pattern = 0;
    for (size_t i = modes->numbers; i-- > 0;)
        pattern = pattern * CLASSES + classes[i];
    return (uint32_t)(1 + (state * modes->symbols + symbol) * modes->patterns + pattern);
}

/* Where modes remember more than the state, mode 0 is the start; 1 + r is after rule r, and the last is dead. */
static uint32_t state_of(const struct rw_modes *modes, uint32_t mode)
{
    const struct rw_counter *machine = modes->model;
    if (modes->memory == RW_REMEMBERS_STATE)
        return mode;
    if (mode == 0)
        return machine->initial;
    if (modes->memory == RW_REMEMBERS_RULE)
        return led_to(machine, mode - 1);
    struct past past = past_of(modes, mode);
    return led_to(machine, rule_of(machine, past.state, past.symbol, past.classes));
}

static void step(const struct rw_modes *modes, uint32_t mode, uint32_t symbol, const uint32_t *classes, uint32_t *to,
                 struct rw_effect *effects)
{
    const struct rw_counter *machine = modes->model;
    uint32_t state = state_of(modes, mode);
    size_t found = rule_of(machine, state, symbol, classes);
    bool dies = found == machine->rule_count;
    if (modes->memory == RW_REMEMBERS_STEP)
        *to = mode_of(modes, state, symbol, classes);
    else
        *to = modes->memory == RW_REMEMBERS_RULE ? (uint32_t)found + 1 : led_to(machine, found);
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

static struct rw_interval common(struct rw_interval a, struct rw_interval b)
{
    return (struct rw_interval){a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

/* What the last step makes of the class that the number had before it. */
static struct rw_interval reached(const struct rw_modes *modes, uint32_t mode, size_t number)
{
    const struct rw_counter *machine = modes->model;
    if (mode == 0)
        return boxes[ZERO];
    struct past past = past_of(modes, mode);
    struct rw_interval before = boxes[past.classes[number]];
    size_t found = rule_of(machine, past.state, past.symbol, past.classes);
    if (found == machine->rule_count)
        return before;
    const struct rw_counter_rule *rule = machine->rules + found;
    if (rule->reset[number])
        return boxes[ZERO];
    return rw_interval_shift(before, rule->add[number]);
}

static void range(const struct rw_modes *modes, uint32_t mode, size_t number, uint32_t class, struct rw_range *range)
{
    fmpq_zero(range->start);
    fmpq_set_si(range->rate, 1, 1);
    range->box = boxes[class];
    if (modes->memory == RW_REMEMBERS_STEP)
        range->box = common(range->box, reached(modes, mode, number));
}

/* The part of the class that the step leads to the class `part`. */
static bool part(const struct rw_modes *modes, uint32_t class, const struct rw_effect *effect, size_t part,
                 struct rw_range *range, uint32_t *next)
{
    (void)modes;
    (void)class;
    if (part == CLASSES)
        return false;
    int64_t add = fmpz_get_si(fmpq_numref(effect->add));
    struct rw_interval goal = boxes[part];
    *next = (uint32_t)part;
    if (!fmpq_is_zero(effect->factor)) {
        range->box = common(range->box, rw_interval_shift(goal, -add));
        return true;
    }
    *next = ZERO; /* a reset */
    if (part != ZERO)
        range->box = (struct rw_interval){1, 0};
    return true;
}

static const char *state_name(const struct rw_counter *machine, uint32_t state)
{
    return state < machine->states ? machine->state_names[state] : "dead";
}

static void name(const struct rw_modes *modes, uint32_t mode, FILE *out)
{
    const struct rw_counter *machine = modes->model;
    fputs(state_name(machine, state_of(modes, mode)), out);
    if (modes->memory == RW_REMEMBERS_RULE && mode > 0 && mode <= machine->rule_count)
        fprintf(out, " by rule %" PRIu32, mode);
    if (modes->memory != RW_REMEMBERS_STEP || mode == 0)
        return;
    struct past past = past_of(modes, mode);
    fprintf(out, " after %s in %s", rw_alphabet_name(modes->machine->alphabet, past.symbol),
            state_name(machine, past.state));
    for (size_t i = 0; i < modes->numbers; i++)
        fprintf(out, ", %s %s", machine->counter_names[i], (const char *const[]){"= 0", "> 0", "< 0"}[past.classes[i]]);
}

/* How many modes; 0: too many. */
static size_t count_modes(struct rw_modes *modes, const struct rw_counter *model)
{
    if (modes->memory != RW_REMEMBERS_STEP)
        return modes->memory == RW_REMEMBERS_RULE ? model->rule_count + 2 : model->states + 1;
    size_t steps = (model->states + 1) * model->symbols;
    modes->patterns = 1;
    for (size_t i = 0; i < model->counters && steps * modes->patterns < MOST_STEPS; i++)
        modes->patterns *= CLASSES;
    return steps * modes->patterns < MOST_STEPS ? 1 + steps * modes->patterns : 0;
}

bool rw_modes_of_counter(struct rw_modes *modes, const struct rw_machine *machine, enum rw_memory memory)
{
    const struct rw_counter *model = machine->model;
    if (model->counters > RW_MOST_NUMBERS)
        return false;
    for (size_t k = 0; k < model->rule_count; k++)
        for (size_t i = 0; i < model->counters; i++)
            if (model->rules[k].add[i] > MOST_ADDED || model->rules[k].add[i] < -MOST_ADDED)
                return false;
    modes->memory = memory;
    modes->symbols = model->symbols;
    modes->numbers = model->counters;
    modes->modes = count_modes(modes, model);
    modes->initial = memory == RW_REMEMBERS_STATE ? model->initial : 0;
    modes->classes = CLASSES;
    modes->step = step;
    modes->verdict = verdict;
    modes->range = range;
    modes->part = part;
    modes->name = name;
    return modes->modes > 0;
}
