/* equal_facts.h - cost-register automata beside input-dependent ReLU RNNs, for all words, by facts about what is reached (theory V4). Internal to verify.
 *
 * As rw_equal_registers, where that compares more than what is ever reached. */
#ifndef RW_VERIFY_EQUAL_FACTS_H
#define RW_VERIFY_EQUAL_FACTS_H

#include "base/progress.h"
#include "verify/equal.h"

/* Never RW_DIFFERENT. */
enum rw_equality rw_equal_facts(const struct rw_machine *machine, const struct rw_net *net,
                                struct rw_progress *progress, FILE *why);

#endif
