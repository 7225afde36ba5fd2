/* pd_subsets.c - W1 for automata that must be determinised first: NFA -> subsets -> PD, regex -> positions -> minimal DFA -> PD.
 *
 * A coordinate is a set of states, so "state q" is a sum: the coordinates of all sets that contain q. That sum is the relation, and the
 * subset construction's member matrix is its matrix. A minimal DFA has forgotten the positions, and no relation is left. */
#include "automata/regex.h"
#include "reductions/witness/pd_draw.h"

/* How far `applies` determinises to tell strict from functional; building goes as far as the limit "states". */
#define LOOK_AHEAD 2048

static void explain(const struct rw_nfa *nfa, bool minimal, const struct rw_alphabet *alphabet, FILE *why)
{
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, LOOK_AHEAD, NULL, NULL, NULL);
    if (dfa == NULL) {
        fprintf(why, "determinised first, which takes more than %d sets of states", LOOK_AHEAD);
        return;
    }
    if (minimal) {
        struct rw_dfa *least = rw_dfa_minimise(dfa);
        rw_dfa_free(dfa);
        dfa = least;
    }
    fprintf(why, "determinised first: %zu %s; ", dfa->states, minimal ? "states when minimal" : "sets of states");
    rw_pd_explain(dfa, alphabet, true, why);
    rw_dfa_free(dfa);
}

bool rw_pd_nfa_applies(const struct rw_machine *machine, FILE *why)
{
    if (why != NULL)
        explain(machine->model, false, machine->alphabet, why);
    return true;
}

struct rw_net *rw_pd_nfa_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                               struct rw_diag *diag)
{
    struct rw_matrix *members = NULL;
    struct rw_net *net = NULL;
    struct rw_dfa *dfa = rw_nfa_determinise(machine->model, options->limits->states, &members, options->progress, diag);
    if (dfa == NULL)
        return NULL;
    if (rw_pd_allowed(dfa, machine->alphabet, true, options, diag))
        net = rw_construction_finish(rw_pd_draw(dfa, machine->alphabet), machine, "pd", members, options, diag);
    else
        rw_matrix_free(members);
    rw_dfa_free(dfa);
    return net;
}

static const struct rw_nfa *positions(const struct rw_machine *machine)
{
    return ((const struct rw_regex *)machine->model)->positions;
}

bool rw_pd_regex_applies(const struct rw_machine *machine, FILE *why)
{
    if (why != NULL)
        explain(positions(machine), true, machine->alphabet, why);
    return true;
}

struct rw_net *rw_pd_regex_build(const struct rw_machine *machine, const struct rw_witness_options *options,
                                 struct rw_diag *diag)
{
    struct rw_dfa *subsets =
        rw_nfa_determinise(positions(machine), options->limits->states, NULL, options->progress, diag);
    if (subsets == NULL)
        return NULL;
    struct rw_dfa *dfa = rw_dfa_minimise(subsets);
    struct rw_net *net = NULL;
    if (rw_pd_allowed(dfa, machine->alphabet, true, options, diag))
        net = rw_construction_finish(rw_pd_draw(dfa, machine->alphabet), machine, "pd", NULL, options, diag);
    rw_dfa_free(subsets);
    rw_dfa_free(dfa);
    return net;
}
