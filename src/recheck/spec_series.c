/* spec_series.c - the series of a machine: rnnwit-certificate(5) says which there are. */
#include <string.h>

#include "automata/nfa.h"
#include "automata/regex.h"
#include "recheck/series.h"

struct rw_wfa *rw_recheck_machine(const struct rw_machine *machine, const char *key, const struct rw_limits *limits)
{
    const struct rw_machine_kind *kind = machine->kind;
    const struct rw_nfa *nfa = kind == &rw_nfa_kind     ? machine->model
                               : kind == &rw_regex_kind ? ((const struct rw_regex *)machine->model)->positions
                                                        : NULL;
    if (kind == &rw_dfa_kind && strcmp(key, "indicator") == 0)
        return rw_wfa_of_dfa(machine->model);
    if ((kind == &rw_wfa_kind || kind == &rw_wfa_indicator_kind) && strcmp(key, "weight") == 0)
        return rw_wfa_copy(machine->model);
    if (nfa != NULL && strcmp(key, "paths") == 0)
        return rw_nfa_count_paths(nfa, NULL);
    if (nfa == NULL || strcmp(key, "indicator") != 0)
        return NULL;
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, limits->states, NULL, NULL, NULL);
    struct rw_wfa *wfa = dfa == NULL ? NULL : rw_wfa_of_dfa(dfa);
    rw_dfa_free(dfa);
    return wfa;
}
