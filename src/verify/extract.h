/* extract.h - networks back to automata: the remark after Theorem 13, and the converse of the constructions of one layer. */
#ifndef RW_VERIFY_EXTRACT_H
#define RW_VERIFY_EXTRACT_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"

/* The smallest automaton that does what a network of one layer of linear heads does with every word over its tokens.
 * A network that accepts where its output is positive, and whose state is always 0 or one coordinate that is 1, gives
 * the minimal complete DFA; any other the minimal WFA of output 0, which accepts where it is positive if the network does. States are
 * called after the coordinates that they are ("state even" is even); others q0, q1, ...
 * NULL and a diagnostic if the network is something else, which names the first layer that is in the way, or if limit
 * "states", "transitions" or "cells" is passed; NULL alone if progress says stop. Caller frees. */
struct rw_machine *rw_extract(const struct rw_net *net, const struct rw_limits *limits, struct rw_progress *progress,
                              struct rw_diag *diag);

#endif
