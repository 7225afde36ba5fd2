/* edges.h - the table of an automaton's edges, shared by nfa and regex. */
#ifndef RW_SPEC_EDGES_H
#define RW_SPEC_EDGES_H

#include "automata/nfa.h"
#include "spec/table.h"

/* from, symbol, to; marks where it starts and what accepts. `what` heads the first column. */
void rw_table_edges(struct rw_table *table, const char *what, const struct rw_nfa *nfa,
                    const struct rw_alphabet *alphabet);

#endif
