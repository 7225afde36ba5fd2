/* att.h - AT&T / OpenFst text: acceptors, plain and weighted. */
#ifndef RW_INTERCHANGE_ATT_H
#define RW_INTERCHANGE_ATT_H

#include "automata/machine.h"
#include "base/limits.h"

extern const char *const rw_att_suffixes[];

/* A plain acceptor becomes a dfa (deterministic, without epsilon) or an nfa, a weighted one a wfa over (+, times). Lines, their fields split at blanks:
 *   from to label [weight]      an arc
 *   state [weight]              a final state
 * The state that the first line begins with is initial. Without `symbols`, labels are what they are; if all are integers, 0 is epsilon, as in
 * OpenFst; <eps>, <epsilon> and @0@ are epsilon always. With a symbol table ("name number" in each line), labels may be names or numbers, and the symbol of number 0 is
 * epsilon. NULL and diagnostics on error. Caller frees. */
struct rw_machine *rw_att_read(const struct rw_source *source, const struct rw_source *symbols,
                               const struct rw_limits *limits, struct rw_diag *diag);

#endif
