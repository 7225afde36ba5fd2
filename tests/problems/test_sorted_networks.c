/* All sorted connectivity instances of up to 6 vertices through network weights, in both encodings, against a search. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/problems/problems.h"
#include "reductions/witness/witness.h"
#include "rnn/run.h"
#include "spec/spec.h"

enum symbol { ONE, SEMICOLON, ARROW, QUESTION, END };

struct sweep {
    struct rw_run *run;
    bool target_last;
    int n, successor[8];
    size_t count;
};

static void push(struct rw_run *run, int ones, enum symbol after)
{
    for (int i = 0; i < ones; i++)
        rw_run_step(run, ONE);
    rw_run_step(run, after);
}

/* target first: 1^t ? 1^s (; 1^i > 1^j)* $; target last: 1^s (; 1^i > 1^j)* ? 1^t $ */
static bool decided(struct sweep *sweep, int source, int target)
{
    struct rw_run *run = sweep->run;
    int pending = source;
    rw_run_start(run);
    if (!sweep->target_last)
        push(run, target, QUESTION);
    for (int v = 1; v <= sweep->n; v++) {
        if (sweep->successor[v] == 0)
            continue;
        push(run, pending, SEMICOLON);
        push(run, v, ARROW);
        pending = sweep->successor[v];
    }
    push(run, pending, sweep->target_last ? QUESTION : END);
    if (sweep->target_last)
        push(run, target, END);
    return rw_run_accepts(run);
}

static void ask_all(struct sweep *sweep)
{
    for (int source = 1; source <= sweep->n; source++)
        for (int target = 1; target <= sweep->n; target++) {
            if (sweep->target_last && sweep->successor[target] != 0)
                continue; /* the promise */
            int at = source;
            while (at != 0 && at != target)
                at = sweep->successor[at];
            cr_assert_eq(decided(sweep, source, target), at == target);
            sweep->count++;
        }
}

static void choose(struct sweep *sweep, int v)
{
    if (v > sweep->n) {
        ask_all(sweep);
        return;
    }
    for (int to = v; to <= sweep->n; to++) {
        sweep->successor[v] = to == v ? 0 : to;
        choose(sweep, v + 1);
    }
}

static size_t ask(const char *text, bool target_last)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    struct rw_machine *machine = rw_problem_machine("connectivity", text);
    struct rw_net *net = rw_witness_choose(machine, "mlp", NULL)->build(machine, &options, NULL);
    struct sweep sweep = {.run = rw_run_new(net), .target_last = target_last};
    for (sweep.n = 1; sweep.n <= 6; sweep.n++)
        choose(&sweep, 1);
    rw_run_free(sweep.run);
    rw_net_free(net);
    rw_machine_free(machine);
    return sweep.count;
}

Test(sorted_networks, target_first)
{
    cr_assert_eq(ask(rw_connectivity_target_first, false), 29367);
}

Test(sorted_networks, target_last_where_it_is_a_sink)
{
    cr_assert_gt(ask(rw_connectivity_target_last, true), 10000);
}
