/* modular.h - machine and network on very long words, modulo a random prime (theory V2).
 *
 * All layers but the last run exactly: routers keep small numbers. The last layer's state, whose numbers grow, is kept modulo a
 * random prime of 61 bits, and so is the machine's weight. Residues that differ prove a difference; equal ones may be wrong with a probability that is bounded. */
#ifndef RW_VERIFY_MODULAR_H
#define RW_VERIFY_MODULAR_H

#include "automata/machine.h"
#include "base/progress.h"
#include "rnn/net.h"

struct rw_modular_options {
    uint64_t length; /* symbols of the word, drawn at random */
    uint64_t seed;
    struct rw_progress *progress;
};

struct rw_modular_report {
    bool holds, interrupted;
    uint64_t prime, seed;
    uint64_t symbols, tokens, compared; /* done; compared: prefixes with a value */
    uint64_t bits;                      /* bound for the bits of any difference */
    double log2_error;                  /* log2 of a bound for the probability that a difference went unnoticed */
    uint64_t first_difference;          /* prefix length, if it does not hold */
    double seconds;
};

/* Whether net and machine can be compared so: a value or an indicator on the machine's side, linear heads in the last layer that no ReLU reads.
 * false and a diagnostic if not. */
bool rw_modular_verify(const struct rw_machine *machine, const struct rw_net *net,
                       const struct rw_modular_options *options, struct rw_modular_report *report,
                       struct rw_diag *diag);

#endif
