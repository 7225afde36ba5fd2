/* minimise.h - the smallest automaton of a machine, for the kinds that have one. */
#ifndef RW_AUTOMATA_MINIMISE_H
#define RW_AUTOMATA_MINIMISE_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"

/* dfa, nfa, regex: the complete DFA with the fewest states. wfa: the WFA with the fewest states for the same series; one that
 * accepts where its value is positive is minimised as a series too, and there may be a smaller one with other values.
 * NULL and a diagnostic for other kinds, and if a limit ("states", "cells", "transitions") is passed; NULL alone if
 * progress says stop. Alphabet, name and about are the machine's. Caller frees. */
struct rw_machine *rw_machine_minimise(const struct rw_machine *machine, const struct rw_limits *limits,
                                       struct rw_progress *progress, struct rw_diag *diag);

#endif
