/* configuration.c - which rule applies, by the signs of the counters. */
#include "verify/configuration.h"

uint64_t rw_pattern_of(const int64_t *values, size_t counters)
{
    uint64_t pattern = 0;
    for (size_t i = 0; i < counters; i++)
        pattern |= (uint64_t)rw_sign_of(values[i]) << (2 * i);
    return pattern;
}

static bool passes(const uint8_t *test, uint64_t pattern, size_t counters)
{
    for (size_t i = 0; i < counters; i++)
        if (test[i] != RW_TEST_ANY && (test[i] == RW_TEST_ZERO) != (rw_sign_in(pattern, i) == RW_COUNTER_ZERO))
            return false;
    return true;
}

const struct rw_counter_rule *rw_rule_find(const struct rw_counter *machine, uint32_t state, uint64_t pattern,
                                           uint32_t symbol)
{
    if (state == RW_DEAD)
        return NULL;
    size_t cell = state * machine->symbols + symbol;
    for (size_t i = machine->index[cell]; i < machine->index[cell + 1]; i++)
        if (passes(machine->rules[i].test, pattern, machine->counters))
            return machine->rules + i;
    return NULL;
}

bool rw_accepts_at(const struct rw_counter *machine, uint32_t state, uint64_t pattern)
{
    for (size_t i = 0; i < machine->acceptance_count; i++)
        if (machine->acceptance[i].state == state && passes(machine->acceptance[i].test, pattern, machine->counters))
            return true;
    return false;
}

bool rw_rule_apply(const struct rw_counter *machine, const struct rw_counter_rule *rule, int64_t *values)
{
    bool good = true;
    for (size_t i = 0; i < machine->counters && rule != NULL; i++) {
        if (rule->reset[i])
            values[i] = 0;
        else
            good = !__builtin_add_overflow(values[i], rule->add[i], values + i) && good;
    }
    return good;
}
