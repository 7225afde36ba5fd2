/* configuration.h - a counter machine as the arguments of verify see it: rules by the signs of the counters. Internal to verify. */
#ifndef RW_VERIFY_CONFIGURATION_H
#define RW_VERIFY_CONFIGURATION_H

#include "automata/counter.h"

/* Counters that fit a sign pattern; the state number of a dead run; the symbol before the start. */
#define RW_MOST_COUNTERS 32
#define RW_DEAD          UINT32_MAX
#define RW_NO_SYMBOL     UINT32_MAX

/* Two bits for each counter. */
enum rw_counter_sign { RW_COUNTER_ZERO, RW_COUNTER_POSITIVE, RW_COUNTER_NEGATIVE };
static inline enum rw_counter_sign rw_sign_in(uint64_t pattern, size_t counter)
{
    return (enum rw_counter_sign)(pattern >> (2 * counter) & 3);
}
static inline enum rw_counter_sign rw_sign_of(int64_t value)
{
    return value == 0 ? RW_COUNTER_ZERO : value > 0 ? RW_COUNTER_POSITIVE : RW_COUNTER_NEGATIVE;
}
uint64_t rw_pattern_of(const int64_t *values, size_t counters);

/* The rule for these signs; NULL: the run dies, or is dead. */
const struct rw_counter_rule *rw_rule_find(const struct rw_counter *machine, uint32_t state, uint64_t pattern,
                                           uint32_t symbol);
bool rw_accepts_at(const struct rw_counter *machine, uint32_t state, uint64_t pattern);
/* The counters after the rule (NULL: as they are). false: one of them overflows. */
bool rw_rule_apply(const struct rw_counter *machine, const struct rw_counter_rule *rule, int64_t *values);

#endif
