/* minimise.c - which minimisation a kind has. */
#include "automata/minimise.h"

#include "automata/dfa.h"
#include "automata/names.h"
#include "automata/nfa.h"
#include "automata/regex.h"
#include "automata/wfa_minimise.h"

struct minimisation {
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_diag *diag;
};

static void *from_dfa(const void *model, const struct minimisation *m)
{
    (void)m;
    return rw_dfa_minimise(model);
}

static void *from_nfa(const void *model, const struct minimisation *m)
{
    struct rw_dfa *dfa = rw_nfa_determinise(model, m->limits->states, NULL, m->progress, m->diag);
    struct rw_dfa *minimal = dfa == NULL ? NULL : rw_dfa_minimise(dfa);
    if (minimal != NULL)
        rw_names_mend(minimal->names, minimal->states);
    rw_dfa_free(dfa);
    return minimal;
}

static void *from_regex(const void *model, const struct minimisation *m)
{
    return from_nfa(((const struct rw_regex *)model)->positions, m);
}

static void *from_wfa(const void *model, const struct minimisation *m)
{
    return rw_wfa_minimise(model, m->limits, m->progress, m->diag);
}

static const struct {
    const struct rw_machine_kind *kind, *result;
    void *(*minimise)(const void *model, const struct minimisation *m);
} minimisations[] = {
    {&rw_dfa_kind, &rw_dfa_kind, from_dfa},
    {&rw_nfa_kind, &rw_dfa_kind, from_nfa},
    {&rw_regex_kind, &rw_dfa_kind, from_regex},
    {&rw_wfa_kind, &rw_wfa_kind, from_wfa},
    {&rw_wfa_indicator_kind, &rw_wfa_indicator_kind, from_wfa},
};

struct rw_machine *rw_machine_minimise(const struct rw_machine *machine, const struct rw_limits *limits,
                                       struct rw_progress *progress, struct rw_diag *diag)
{
    const struct minimisation m = {limits, progress, diag};
    for (size_t i = 0; i < sizeof minimisations / sizeof *minimisations; i++) {
        if (minimisations[i].kind != machine->kind)
            continue;
        void *model = minimisations[i].minimise(machine->model, &m);
        return model == NULL ? NULL
                             : rw_machine_new(minimisations[i].result, model, rw_alphabet_copy(machine->alphabet),
                                              machine->name, machine->about);
    }
    rw_diag_error(diag, rw_span_none(), "'%s' has kind %s, which has no minimal automaton", machine->name,
                  machine->kind->name);
    rw_diag_hint(diag, "the kinds that have one are dfa, nfa, regex and wfa");
    return NULL;
}
