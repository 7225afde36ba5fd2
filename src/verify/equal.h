/* equal.h - equality for ALL words, where it can be decided: used to show that an unnoticed mutant is harmless. */
#ifndef RW_VERIFY_EQUAL_H
#define RW_VERIFY_EQUAL_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"

enum rw_equality { RW_EQUAL, RW_DIFFERENT, RW_UNDECIDED };

/* Linear against linear (V3): nets of one layer whose heads are linear in their state, against a dfa, nfa
 * (determinised), regex or wfa: the joint forward space of both, at most the sum of their dimensions. RW_DIFFERENT:
 * `word` is a shortest one. RW_UNDECIDED: `why` says why. decision RW_DECIDE_POSITIVE is decided by values when both
 * values are indicators (0/1), else by exploring pairs up to the limit "cells". */
enum rw_equality rw_equal_linear(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_word *word, FILE *why);

/* Piecewise-linear against a counter machine or DFA (V4): symbolic execution from the start. A cell is (machine state,
 * box of counter values, each a point or a ray, network state as an affine function of the counters); every ReLU's sign
 * is decided over the box, else the box is split. */
enum rw_equality rw_equal_piecewise(const struct rw_machine *machine, const struct rw_net *net,
                                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                    FILE *why);

#endif
