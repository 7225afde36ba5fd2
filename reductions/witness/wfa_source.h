/* wfa_source.h - machines that can be read as weighted automata: a DFA by its indicator, an NFA or regex by the number of its accepting paths. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_WFA_SOURCE_H
#define RW_REDUCTIONS_WITNESS_WFA_SOURCE_H

#include "automata/wfa.h"

struct rw_wfa_source {
    const struct rw_wfa *wfa; /* NULL: it is none, and diag says why */
    struct rw_wfa *own;       /* to be freed by the caller, or NULL: it is the machine's */
};

struct rw_wfa_source rw_wfa_source_of(const struct rw_machine *machine, struct rw_diag *diag);

#endif
