/* whole.c - large sweeps whole, through network weights: all small connectivity instances, and the busy beaver champion of five states.
 *
 * usage: whole SOURCE-FOLDER. Takes minutes; every figure is of this run. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "automata/turing.h"
#include "base/memory.h"
#include "reductions/problems/problem.h"
#include "reductions/witness/witness.h"
#include "rnn/run.h"
#include "spec/spec.h"
#include "verify/verify.h"

static const char *root;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

_Noreturn static void fail(const char *what)
{
    fprintf(stderr, "whole: %s\n", what);
    exit(1);
}

static struct rw_net *build(const struct rw_machine *machine)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    struct rw_net *net = rw_witness_choose(machine, "mlp", NULL)->build(machine, &options, NULL);
    if (net == NULL)
        fail(machine->name);
    return net;
}

/* --- connectivity: every partial function on 2 to 5 vertices, every source and target, through the layered reduction --- */

#define BATCH 10000

struct sweep {
    struct rw_machine *machine;
    struct rw_net *net;
    struct rw_word words[BATCH];
    bool truth[BATCH];
    size_t waiting, count, right, symbols;
};

/* The words of a batch: machine beside network after every symbol, and both against the search. */
static void run_batch(struct sweep *sweep)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.length = 0;
    options.random_words = 0;
    options.cover = false;
    options.words = sweep->words;
    options.word_count = sweep->waiting;
    options.limits = &limits;
    if (!rw_verify(sweep->machine, sweep->net, &options, &report, NULL) || !report.holds)
        fail("machine and network differ");
    rw_verify_report_free(&report);
    for (size_t i = 0; i < sweep->waiting; i++) {
        fmpq_t value;
        fmpq_init(value);
        rw_machine_value(sweep->machine, sweep->words[i].symbols, sweep->words[i].length, value);
        sweep->right += (rw_q_sign(value) > 0) == sweep->truth[i];
        sweep->symbols += sweep->words[i].length;
        fmpq_clear(value);
        rw_word_clear(sweep->words + i);
    }
    sweep->count += sweep->waiting;
    sweep->waiting = 0;
}

/* Reachability by walking, from the successors as drawn. */
static bool reached(const int *successor, int n, int source, int target)
{
    int at = source;
    for (int i = 0; i < n && at != 0 && at != target; i++)
        at = successor[at];
    return at == target;
}

static void add_instance(struct sweep *sweep, const int *successor, int n, int source, int target)
{
    char text[512];
    struct rw_limits limits = rw_limits_standard();
    int at = snprintf(text, sizeof text,
                      "rnnwit: 1\nkind: problem\nproblem: connectivity\nvertices: %d\nsource: %d\n"
                      "target: %d\nedges: [",
                      n, source, target);
    for (int v = 1, any = 0; v <= n; v++)
        if (successor[v] != 0)
            at += snprintf(text + at, sizeof text - (size_t)at, "%s[%d, %d]", any++ ? ", " : "", v, successor[v]);
    at += snprintf(text + at, sizeof text - (size_t)at, "]\n");
    struct rw_source *from = rw_source_text("instance", text, (size_t)at);
    struct rw_instance *problem = rw_problem_read(from, &limits, NULL);
    struct rw_machine *machine = NULL;
    if (problem == NULL || !rw_problem_reduce(problem, &limits, NULL, &machine, sweep->words + sweep->waiting))
        fail(text);
    sweep->truth[sweep->waiting++] = reached(successor, n, source, target);
    if (sweep->machine == NULL) {
        sweep->machine = machine;
        sweep->net = build(machine);
    } else {
        rw_machine_free(machine);
    }
    rw_problem_free(problem);
    rw_source_free(from);
    if (sweep->waiting == BATCH)
        run_batch(sweep);
}

static void choose(struct sweep *sweep, int *successor, int n, int v)
{
    if (v <= n) {
        for (successor[v] = 0; successor[v] <= n; successor[v]++)
            choose(sweep, successor, n, v + 1);
        return;
    }
    for (int source = 1; source <= n; source++)
        for (int target = 1; target <= n; target++)
            add_instance(sweep, successor, n, source, target);
}

static void sweep_connectivity(void)
{
    struct sweep *sweep = rw_alloc(1, sizeof *sweep);
    int successor[6];
    double start = seconds();
    for (int n = 2; n <= 5; n++)
        choose(sweep, successor, n, 1);
    run_batch(sweep);
    printf("connectivity of all partial functions on 2 to 5 vertices, every source and target, through mlp weights: "
           "%zu instances, %zu "
           "right, %zu symbols, %.1f s\n",
           sweep->count, sweep->right, sweep->symbols, seconds() - start);
    if (sweep->right != sweep->count)
        fail("a wrong answer");
    rw_net_free(sweep->net);
    rw_machine_free(sweep->machine);
    free(sweep);
}

/* --- the champion: 47,176,870 steps --- */

/* Configurations are compared in full so often; the verdict after every step. */
#define STEPS_BETWEEN 100000

static bool same_configuration(const struct rw_machine *machine, const void *run, const struct rw_run *net)
{
    size_t quantities = machine->kind->quantities(machine->model);
    struct rw_vector a, b;
    rw_vector_init(&a, quantities);
    rw_vector_init(&b, quantities);
    machine->kind->configuration(machine->model, run, &a);
    rw_run_quantities(net, &b);
    bool same = rw_vector_equal(&a, &b);
    rw_vector_clear(&a);
    rw_vector_clear(&b);
    return same;
}

static void run_champion(void)
{
    char *path = rw_format("%s/specs/turing/busy-beaver-5.yaml", root);
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_read(path, limits.file_bytes, NULL);
    struct rw_machine *machine = source == NULL ? NULL : rw_spec_read(source, &limits, NULL);
    if (machine == NULL)
        fail(path);
    const struct rw_turing *turing = machine->model;
    struct rw_net *net = build(machine);
    void *run = machine->kind->run_new(turing);
    struct rw_run *weights = rw_run_new(net);
    double start = seconds();
    uint64_t steps = 0;
    while (!rw_run_accepts(weights)) {
        machine->kind->step(turing, run, turing->clock);
        rw_run_step(weights, turing->clock);
        steps++;
        bool halted = rw_turing_state(run) != UINT32_MAX && turing->halts[rw_turing_state(run)] != 0;
        if (halted != rw_run_accepts(weights) ||
            ((halted || steps % STEPS_BETWEEN == 0) && !same_configuration(machine, run, weights)))
            fail("machine and network differ");
    }
    struct rw_turing_tape tape = rw_turing_tape(run);
    size_t ones = 0;
    for (size_t i = 0; i < tape.count; i++)
        ones += tape.visited[i] == 1;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("busy-beaver-5 through mlp weights: %" PRIu64
           " steps, %zu ones on %zu cells, numbers of up to %zu bits, %.0f s (%.0f "
           "steps/s), %ld MB\n",
           steps, ones, tape.count, rw_run_bits(weights), seconds() - start, (double)steps / (seconds() - start),
           usage.ru_maxrss / 1024);
    machine->kind->run_free(turing, run);
    rw_run_free(weights);
    rw_net_free(net);
    rw_machine_free(machine);
    rw_source_free(source);
    free(path);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: whole SOURCE-FOLDER [connectivity|champion]\n", stderr);
        return 2;
    }
    root = argv[1];
    if (argc < 3 || strcmp(argv[2], "connectivity") == 0)
        sweep_connectivity();
    fflush(stdout);
    if (argc < 3 || strcmp(argv[2], "champion") == 0)
        run_champion();
    flint_cleanup_master();
    return 0;
}
