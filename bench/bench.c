/* bench.c - how fast where users wait, as ratios against a baseline measured in the same run.
 *
 * usage: bench SOURCE-FOLDER. Absolute times depend on the machine; the ratios are what docs quote. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "base/random.h"
#include "reductions/witness/witness.h"
#include "rnn/json.h"
#include "rnn/run.h"
#include "spec/spec.h"
#include "verify/modular.h"
#include "verify/prove.h"
#include "verify/verify.h"

static const char *root;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

_Noreturn static void fail(const char *what, struct rw_diag *diag)
{
    fprintf(stderr, "bench: %s\n", what);
    rw_diag_print(diag, stderr);
    exit(1);
}

static struct rw_machine *load(const char *spec)
{
    struct rw_diag *diag = rw_diag_new(20);
    struct rw_limits limits = rw_limits_standard();
    char *path = rw_format("%s/specs/%s", root, spec);
    struct rw_source *source = rw_source_read(path, limits.file_bytes, diag);
    struct rw_machine *machine = source == NULL ? NULL : rw_spec_read(source, &limits, diag);
    if (machine == NULL)
        fail(path, diag);
    free(path);
    rw_source_free(source);
    rw_diag_free(diag);
    return machine;
}

static struct rw_net *build(const struct rw_machine *machine, const char *family)
{
    struct rw_diag *diag = rw_diag_new(20);
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    const struct rw_witness *witness = rw_witness_choose(machine, family, diag);
    struct rw_net *net = witness == NULL ? NULL : witness->build(machine, &options, diag);
    if (net == NULL)
        fail(machine->name, diag);
    rw_diag_free(diag);
    return net;
}

static uint32_t *random_symbols(size_t length, size_t symbols)
{
    struct rw_random random = rw_random_seed(1);
    uint32_t *word = rw_alloc(length, sizeof *word);
    for (size_t i = 0; i < length; i++)
        word[i] = (uint32_t)rw_random_below(&random, symbols);
    return word;
}

/* The baseline of PD: the same transition table walked by the fewest instructions C allows. */
__attribute__((noinline)) static uint64_t walk(const struct rw_dfa *dfa, const uint32_t *word, size_t length)
{
    uint32_t state = dfa->initial;
    uint64_t accepted = 0;
    for (size_t i = 0; i < length; i++) {
        state = dfa->next[state * dfa->symbols + word[i]];
        accepted += dfa->accepting[state];
    }
    return accepted;
}

static void verify_or_fail(const struct rw_machine *machine, const struct rw_net *net,
                           const struct rw_verify_options *options, struct rw_verify_report *report)
{
    struct rw_diag *diag = rw_diag_new(20);
    if (!rw_verify(machine, net, options, report, diag) || !report->holds)
        fail(machine->name, diag);
    rw_diag_free(diag);
}

/* `recompute`: every step by both sides, as if no pair of states had been met before. */
static void bench_side_by_side(const char *spec, bool recompute)
{
    struct rw_machine *machine = load(spec);
    struct rw_net *net = build(machine, "pd");
    const struct rw_dfa *dfa = machine->model;
    size_t length = recompute ? 400000 : 4000000;
    uint32_t *symbols = random_symbols(length, dfa->symbols);
    struct rw_word word = {.symbols = symbols, .length = length};

    double start = seconds();
    uint64_t accepted = walk(dfa, symbols, length);
    double bare = seconds() - start;

    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = rw_verify_standard();
    options.length = 0;
    options.random_words = 0;
    options.words = &word;
    options.word_count = 1;
    options.limits = &limits;
    options.recompute = recompute;
    struct rw_verify_report report;
    start = seconds();
    verify_or_fail(machine, net, &options, &report);
    double both = seconds() - start;
    printf("%-34s %8.1f M steps/s side by side%s; bare table walk %8.1f M steps/s; ratio 1/%.1f (accepted %" PRIu64
           ")\n",
           spec, (double)length / both / 1e6, recompute ? ", each computed" : "", (double)length / bare / 1e6,
           both / bare, accepted);
    rw_verify_report_free(&report);
    free(symbols);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* The baseline of the exhaustive walk: the same tree of words over the bare table. */
static uint64_t walk_tree(const struct rw_dfa *dfa, uint32_t state, size_t depth)
{
    uint64_t accepted = dfa->accepting[state];
    for (uint32_t a = 0; depth > 0 && a < dfa->symbols; a++)
        accepted += walk_tree(dfa, dfa->next[state * dfa->symbols + a], depth - 1);
    return accepted;
}

static void bench_exhaustive(const char *spec, size_t length)
{
    struct rw_machine *machine = load(spec);
    struct rw_net *net = build(machine, "pd");
    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = rw_verify_standard();
    options.length = length;
    options.random_words = 0;
    options.limits = &limits;
    struct rw_verify_report report;
    double start = seconds();
    verify_or_fail(machine, net, &options, &report);
    double both = seconds() - start;

    const struct rw_dfa *dfa = machine->model;
    unsigned rounds = 0;
    uint64_t accepted = 0;
    double bare = 0;
    start = seconds();
    while (bare < 0.05) {
        accepted = walk_tree(dfa, dfa->initial, length);
        rounds++;
        bare = seconds() - start;
    }
    printf("%-34s all %" PRIu64 " words to length %zu in %.2f ms; bare walk of the same tree %.2f ms; ratio 1/%.1f"
           " (accepted %" PRIu64 ")\n",
           spec, report.exhaustive_words, length, 1e3 * both, 1e3 * bare / rounds, both / (bare / rounds), accepted);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- sorted connectivity: every graph with at most one edge out of each vertex, to a later one --- */

struct instances {
    struct rw_word *words;
    bool *truth;
    size_t count, capacity, truth_capacity;
};

static void push_ones(struct rw_word *word, const struct rw_machine *machine, int count, const char *after)
{
    uint32_t one, symbol;
    rw_alphabet_find(machine->alphabet, "1", 1, &one);
    for (int i = 0; i < count; i++)
        rw_word_push(word, one);
    rw_alphabet_find(machine->alphabet, after, 1, &symbol);
    rw_word_push(word, symbol);
}

/* 1^t ? 1^s (; 1^i > 1^j)* $ */
static void add_instance(struct instances *all, const struct rw_machine *machine, int n, const int *successor, int s,
                         int t)
{
    all->words = rw_grow(all->words, &all->capacity, all->count + 1, sizeof *all->words);
    all->truth = rw_grow(all->truth, &all->truth_capacity, all->count + 1, sizeof *all->truth);
    struct rw_word *word = all->words + all->count;
    rw_word_init(word);
    push_ones(word, machine, t, "?");
    int pending = s;
    for (int i = 1; i <= n; i++) {
        if (successor[i] == 0)
            continue;
        push_ones(word, machine, pending, ";");
        push_ones(word, machine, i, ">");
        pending = successor[i];
    }
    push_ones(word, machine, pending, "$");
    int at = s;
    while (at != t && at != 0)
        at = successor[at];
    all->truth[all->count++] = at == t;
}

/* Every choice of successors for the vertices i .. n, then every source and target. */
static void choose_successors(struct instances *all, const struct rw_machine *machine, int n, int *successor, int i)
{
    if (i <= n) {
        for (successor[i] = 0; successor[i] <= n; successor[i] = successor[i] == 0 ? i + 1 : successor[i] + 1)
            choose_successors(all, machine, n, successor, i + 1);
        return;
    }
    for (int s = 1; s <= n; s++)
        for (int t = 1; t <= n; t++)
            add_instance(all, machine, n, successor, s, t);
}

static void all_instances(struct instances *all, const struct rw_machine *machine)
{
    int successor[7];
    for (int n = 1; n <= 6; n++)
        choose_successors(all, machine, n, successor, 1);
}

static double python_baseline(void)
{
    char *command = rw_format("python3 '%s/bench/connectivity.py'", root);
    FILE *pipe = popen(command, "r");
    free(command);
    size_t count = 0, right = 0;
    double time = 0;
    if (pipe == NULL || fscanf(pipe, "%zu %zu %lf", &count, &right, &time) != 3 || count != right)
        time = 0;
    if (pipe != NULL)
        pclose(pipe);
    return time;
}

static void bench_connectivity(const char *spec, const char *family, double python)
{
    struct rw_machine *machine = load(spec);
    struct rw_net *net = build(machine, family);
    struct instances all = {0};
    all_instances(&all, machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_verify_options options = rw_verify_standard();
    options.length = 0;
    options.random_words = 0;
    options.words = all.words;
    options.word_count = all.count;
    options.limits = &limits;
    struct rw_verify_report report;
    double start = seconds();
    verify_or_fail(machine, net, &options, &report);
    double both = seconds() - start;
    size_t right = 0;
    for (size_t i = 0; i < all.count; i++) {
        fmpq_t value;
        fmpq_init(value);
        rw_machine_value(machine, all.words[i].symbols, all.words[i].length, value);
        right += (fmpq_sgn(value) > 0) == all.truth[i];
        fmpq_clear(value);
        rw_word_clear(all.words + i);
    }
    printf("%-34s %zu instances, %zu right, through %s in %.1f ms; plain Python %.1f ms; ratio %.1f\n", spec, all.count,
           right, family, 1e3 * both, 1e3 * python, python / both);
    free(all.words);
    free(all.truth);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- iterated matrix products through DeltaNet --- */

static bool write_net(FILE *out, void *net)
{
    return rw_net_write(net, out);
}

/* Seconds for each token in plain Python, from the net file. */
static double python_per_token(struct rw_net *net, int matrices)
{
    char path[] = "/tmp/rnnwit-bench-XXXXXX";
    int descriptor = mkstemp(path);
    struct rw_diag *diag = rw_diag_new(5);
    if (descriptor < 0 || !rw_write_whole(path, write_net, net, diag))
        fail(path, diag);
    char *command = rw_format("python3 '%s/bench/imm_delta.py' '%s' %d", root, path, matrices);
    FILE *pipe = popen(command, "r");
    double tokens = 0, time = 0;
    if (pipe == NULL || fscanf(pipe, "%lf %lf", &tokens, &time) != 2)
        tokens = 0;
    if (pipe != NULL)
        pclose(pipe);
    free(command);
    close(descriptor);
    unlink(path);
    rw_diag_free(diag);
    return tokens > 0 ? time / tokens : 0;
}

static double exact_per_token(const struct rw_net *net, size_t tokens)
{
    uint32_t *symbols = random_symbols(tokens, rw_alphabet_size(net->tokens));
    struct rw_run *run = rw_run_new(net);
    double start = seconds();
    for (size_t i = 0; i < tokens; i++)
        rw_run_step(run, symbols[i]);
    double time = seconds() - start;
    rw_run_free(run);
    free(symbols);
    return time / (double)tokens;
}

static void bench_products(const char *spec, size_t tokens)
{
    struct rw_machine *machine = load(spec);
    struct rw_net *net = build(machine, "deltanet");
    double python = python_per_token(net, (int)(tokens / 9)), exact = exact_per_token(net, tokens);
    struct rw_modular_report report;
    const struct rw_modular_options options = {.length = 50 * tokens, .seed = 1};
    struct rw_diag *diag = rw_diag_new(5);
    if (!rw_modular_verify(machine, net, &options, &report, diag) || !report.holds)
        fail(spec, diag);
    double modular = report.seconds / (double)report.tokens;
    printf("%-34s %.0f tokens/s exact (%zu tokens), %.0f modulo a prime; plain Python %.0f; ratios %.0f and %.0f\n",
           spec, 1 / exact, tokens, 1 / modular, 1 / python, python / exact, python / modular);
    rw_diag_free(diag);
    rw_net_free(net);
    rw_machine_free(machine);
}

static struct rw_machine *random_dfa(size_t states, const char *symbols)
{
    struct rw_random random = rw_random_seed(states);
    struct rw_dfa *dfa = rw_dfa_new(states, strlen(symbols));
    for (size_t i = 0; i < states * dfa->symbols; i++)
        dfa->next[i] = (uint32_t)rw_random_below(&random, states);
    for (size_t q = 0; q < states; q++)
        dfa->accepting[q] = q == 0 || rw_random_below(&random, 2) == 0;
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (const char *name = symbols; *name != '\0'; name++)
        rw_alphabet_add(alphabet, (const char[]){*name, '\0'});
    return rw_machine_new(&rw_dfa_kind, dfa, alphabet, "random", "");
}

/* The baseline of the proof (V3): building the network that it is about. */
static void bench_proof(size_t states)
{
    struct rw_machine *machine = random_dfa(states, "ab");
    struct rw_limits limits = rw_limits_standard();
    struct rw_prove_report report;
    double start = seconds();
    struct rw_net *net = build(machine, "pd");
    double built = seconds() - start;
    struct rw_diag *diag = rw_diag_new(5);
    if (!rw_prove((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits, NULL, &report, diag) ||
        report.equality != RW_EQUAL)
        fail("the network of a random DFA is not proved", diag);
    printf("%-34s %zu states, dimension %zu, %.1f ms; %.0f times building it\n", "prove PD of a random DFA (V3)",
           states, report.proof.size, 1e3 * report.seconds, report.seconds / built);
    rw_prove_report_free(&report);
    rw_diag_free(diag);
    rw_net_free(net);
    rw_machine_free(machine);
}

static double build_time(size_t states)
{
    struct rw_machine *machine = random_dfa(states, "abcd");
    double start = seconds();
    struct rw_net *net = build(machine, "pd");
    double time = seconds() - start;
    rw_net_free(net);
    rw_machine_free(machine);
    return time;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: bench SOURCE-FOLDER\n", stderr);
        return 2;
    }
    root = argv[1];
    for (int recompute = 0; recompute < 2; recompute++) {
        bench_side_by_side("dfa/parity.yaml", recompute);
        bench_side_by_side("dfa/s5.yaml", recompute);
    }
    bench_exhaustive("dfa/s5.yaml", 6);
    double python = python_baseline();
    bench_connectivity("counter/connectivity-target-first.yaml", "mlp", python);
    bench_products("matrix-product/imm-3.yaml", 900);
    double small = build_time(1000), large = build_time(10000);
    printf("%-34s 1,000 states %.2f ms, 10,000 states %.2f ms; ratio %.1f (10 is linear)\n", "build PD of a random DFA",
           1e3 * small, 1e3 * large, large / small);
    bench_proof(1000);
    flint_cleanup_master();
    return 0;
}
