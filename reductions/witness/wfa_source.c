/* wfa_source.c - the weighted automaton that a construction starts from. */
#include "reductions/witness/wfa_source.h"

#include "automata/regex.h"

struct rw_wfa_source rw_wfa_source_of(const struct rw_machine *machine, struct rw_diag *diag)
{
    struct rw_wfa_source source = {0};
    if (machine->kind == &rw_dfa_kind)
        source.own = rw_wfa_of_dfa(machine->model);
    else if (machine->kind == &rw_nfa_kind)
        source.own = rw_nfa_count_paths(machine->model, diag);
    else if (machine->kind == &rw_regex_kind)
        source.own = rw_nfa_count_paths(((const struct rw_regex *)machine->model)->positions, diag);
    else
        source.wfa = machine->model;
    if (source.own != NULL)
        source.own->indicator = true;
    if (source.wfa == NULL)
        source.wfa = source.own;
    return source;
}
