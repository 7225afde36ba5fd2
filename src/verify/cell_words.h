/* cell_words.h - words that lead a machine to the cells in which an induction over its modes fails. Internal to verify.
 *
 * Where the induction fails the sides may differ or not; but only there. The machine alone is run until it comes to such a cell, which takes
 * nanoseconds a step, and both sides from there. */
#ifndef RW_VERIFY_CELL_WORDS_H
#define RW_VERIFY_CELL_WORDS_H

#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"
#include "verify/verify.h"

/* Looks for a word on which the sides differ: in the output, or (`states`) in the configuration as well. After many letters, none of which
 * led through such a cell, the network's state is what the induction claims, and both sides run on from there: see rw_counterexample.again.
 * false: none was found, or the machine has no modes that fit. The caller clears `found` if true. */
bool rw_cell_word(const struct rw_machine *machine, const struct rw_net *net, bool states,
                  const struct rw_limits *limits, struct rw_progress *progress, struct rw_counterexample *found);

#endif
