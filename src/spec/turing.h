/* turing.h - the compact form of Turing machines. Internal to spec. */
#ifndef RW_SPEC_TURING_H
#define RW_SPEC_TURING_H

#include "automata/turing.h"
#include "spec/kind.h"

/* The machine of a text like 1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA: for each state A, B, ... and each letter 0, 1, ... what is written, where the
 * head goes, and the next state; a state without a row (H, Z) halts and accepts, and --- is missing. Blank is 0, A is initial. NULL and errors at
 * the right column. Caller frees. */
struct rw_turing *rw_turing_read_compact(struct rw_reader *r, const struct rw_yaml *node);
/* Leads what is missing to a new state "stuck", which rejects; false if nothing is missing. */
bool rw_turing_complete(struct rw_turing *machine);

#endif
