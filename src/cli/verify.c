/* verify.c - rnnwit verify: machine beside network, and negative controls. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "exact/parallel.h"
#include "report/instance.h"
#include "report/problems.h"
#include "report/verify.h"
#include "rnn/json.h"

struct session {
    struct rw_cli *cli;
    struct rw_verify_options options;
    uint64_t mutants;
    uint64_t modular; /* symbols of a word for residues; 0: none */
    json_t *results;  /* NULL without --json */
    bool differs;     /* a counterexample was found, or a mutation that nothing explains */
};

static void print_verification(struct session *session, const struct rw_report_subject *subject,
                               const struct rw_verify_report *report)
{
    rw_cli_progress_clear();
    if (session->results != NULL)
        json_array_append_new(session->results, rw_report_verify_json(subject, report));
    else if (rw_given(&session->cli->arguments, RW_OPTION_BRIEF))
        rw_report_verify_brief(subject, report, stdout);
    else
        rw_report_verify(subject, report, stdout);
    fflush(stdout);
}

static void verify(struct session *session, const struct rw_report_subject *subject)
{
    struct rw_verify_report report;
    bool done = rw_verify(subject->machine, subject->net, &session->options, &report, session->cli->diag);
    if (done) {
        print_verification(session, subject, &report);
        session->differs = session->differs || !report.holds;
    }
    rw_verify_report_free(&report);
}

static void mutate(struct session *session, const struct rw_report_subject *subject)
{
    struct rw_mutate_report report;
    if (rw_mutate(subject->machine, subject->net, session->mutants, &session->options, &report, session->cli->diag)) {
        rw_cli_progress_clear();
        if (session->results != NULL)
            json_array_append_new(session->results, rw_report_mutate_json(subject, &report));
        else if (rw_given(&session->cli->arguments, RW_OPTION_BRIEF))
            rw_report_mutate_brief(subject, &report, stdout);
        else
            rw_report_mutate(subject, &report, stdout);
        session->differs = session->differs || report.unknown > 0;
    }
    rw_mutate_report_free(&report);
}

static void verify_residues(struct session *session, const struct rw_report_subject *subject)
{
    struct rw_modular_report report;
    const struct rw_modular_options options = {session->modular, session->options.seed, session->cli->progress};
    if (!rw_modular_verify(subject->machine, subject->net, &options, &report, session->cli->diag))
        return;
    rw_cli_progress_clear();
    if (session->results != NULL)
        json_array_append_new(session->results, rw_report_modular_json(subject, &report));
    else
        rw_report_modular(subject, &report, stdout);
    session->differs = session->differs || !report.holds;
}

/* --words are read for each spec: its alphabet decides what they are. */
static void compare(struct session *session, const char *path, const struct rw_machine *machine,
                    const struct rw_net *net)
{
    struct rw_report_subject subject = {rw_cli_file_name(path), machine, net};
    struct rw_word *words;
    size_t count;
    if (rw_words_read(session->cli, machine->alphabet, &words, &count)) {
        session->options.words = words;
        session->options.word_count = count;
        if (session->modular > 0)
            verify_residues(session, &subject);
        else if (session->mutants > 0)
            mutate(session, &subject);
        else
            verify(session, &subject);
    }
    rw_words_free(words, count);
    rw_cli_fail(session->cli);
}

static void build_and_compare(struct session *session, const char *path, const struct rw_machine *machine,
                              const char *family)
{
    struct rw_net *net = rw_cli_build(session->cli, machine, family);
    if (net != NULL)
        compare(session, path, machine, net);
    rw_cli_fail(session->cli);
    rw_net_free(net);
}

/* A family of --to all that was not built: a table that is too large is no difference. */
static void skip(struct session *session, const char *path, const char *family)
{
    struct rw_diag *diag = session->cli->diag;
    if (session->results == NULL && rw_diag_kept(diag) > 0)
        printf("skipped %s: %s: %s\n", path, family, rw_diag_view(diag, 0).message);
    rw_diag_clear(diag);
}

/* --to all: each family that applies. */
static void compare_all(struct session *session, const char *path, const struct rw_machine *machine)
{
    for (size_t i = 0; i < rw_witness_count && !rw_cli_interrupted(); i++) {
        const struct rw_witness *row = rw_witnesses + i;
        if (strcmp(row->kind, machine->kind->name) != 0 || !row->applies(machine, NULL))
            continue;
        struct rw_net *net = rw_cli_build(session->cli, machine, row->family);
        if (net != NULL)
            compare(session, path, machine, net);
        else
            skip(session, path, row->family);
        rw_net_free(net);
    }
}

static void verify_machine(struct session *session, const char *path, const struct rw_machine *machine)
{
    const struct rw_arguments *arguments = &session->cli->arguments;
    if (rw_given(arguments, RW_OPTION_TO) && strcmp(arguments->value[RW_OPTION_TO], "all") == 0)
        compare_all(session, path, machine);
    else
        build_and_compare(session, path, machine, NULL);
}

/* A problem: machine beside network on its word, and the direct solver. */
static void verify_instance(struct session *session, const char *path, const struct rw_input *input,
                            const struct rw_net *net)
{
    struct rw_verify_report report;
    struct rw_report_instance_subject subject = {{rw_cli_file_name(path), input->machine, net},
                                                 {input->problem, input->machine, &input->word}};
    struct rw_verify_options options = session->options;
    options.length = 0;
    options.random_words = 0;
    options.cover = false;
    options.words = &input->word;
    options.word_count = 1;
    if (rw_verify(input->machine, net, &options, &report, session->cli->diag)) {
        rw_cli_progress_clear();
        if (session->results != NULL)
            json_array_append_new(session->results, rw_report_verify_instance_json(&subject, &report));
        else
            rw_report_verify_instance(&subject, &report, rw_given(&session->cli->arguments, RW_OPTION_BRIEF), stdout);
        session->differs = session->differs || !report.holds || !rw_report_solver_agrees(&subject.reduced);
    }
    rw_verify_report_free(&report);
    rw_cli_fail(session->cli);
}

/* What would do something else than run the instance's word. */
static bool instance_options_fit(struct session *session)
{
    static const enum rw_option others[] = {RW_OPTION_LENGTH, RW_OPTION_RANDOM, RW_OPTION_RANDOM_LENGTH,
                                            RW_OPTION_WORDS,  RW_OPTION_MUTATE, RW_OPTION_MODULAR};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!rw_given(&session->cli->arguments, others[i]))
            continue;
        rw_cli_usage(session->cli, "--%s is for automata; a problem has its own word", rw_option_table[others[i]].name);
        return false;
    }
    const struct rw_arguments *arguments = &session->cli->arguments;
    if (rw_given(arguments, RW_OPTION_TO) && strcmp(arguments->value[RW_OPTION_TO], "all") == 0) {
        rw_cli_usage(session->cli, "--to all is for automata; rnnwit reduce --automaton writes the one of a problem");
        return false;
    }
    return true;
}

static void verify_problem(struct session *session, const char *path, struct rw_input *input)
{
    struct rw_net *net = NULL;
    if (instance_options_fit(session) && rw_input_reduce(session->cli, input))
        net = rw_cli_build(session->cli, input->machine, NULL);
    if (net != NULL)
        verify_instance(session, path, input, net);
    rw_net_free(net);
}

static void verify_input(struct session *session, const char *path, struct rw_input *input)
{
    if (input->problem != NULL)
        verify_problem(session, path, input);
    else
        verify_machine(session, path, input->machine);
}

static void verify_spec(struct session *session, const char *path)
{
    struct rw_input input;
    if (rw_input_read(session->cli, path, RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM, &input))
        verify_input(session, path, &input);
    rw_cli_fail(session->cli);
    rw_input_clear(&input);
}

static void compare_with(struct session *session, const char *path, const struct rw_input *input,
                         const struct rw_net *net)
{
    if (input->problem == NULL)
        compare(session, path, input->machine, net);
    else if (instance_options_fit(session))
        verify_instance(session, path, input, net);
}

/* Two files: the second is a network, or another spec. It is read first, because that decides; as long as it may be a
 * damaged network, nothing else is verified in its place. */
static void verify_two(struct session *session)
{
    struct rw_input input = {0}, other;
    struct rw_cli *cli = session->cli;
    char *const *paths = cli->arguments.names;
    bool known = rw_input_read(cli, paths[1], RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM | RW_ACCEPTS_NET, &other);
    known = known || (other.source != NULL && !rw_net_looks_like(other.source));
    rw_cli_fail(cli);
    bool two_specs = other.machine != NULL || other.problem != NULL;
    int first = RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM | (two_specs ? RW_ACCEPTS_NET : 0);
    bool good = rw_input_read(cli, paths[0], first, &input);
    if (input.net != NULL)
        rw_cli_usage(cli, "the spec comes first: rnnwit verify %s %s", paths[1], paths[0]);
    else if (good && known && other.net == NULL)
        verify_input(session, paths[0], &input);
    else if (good && other.net != NULL && rw_cli_builds_nothing(cli, paths[1]) && rw_input_reduce(cli, &input))
        compare_with(session, paths[0], &input, other.net);
    rw_cli_fail(cli);
    if (two_specs && input.net == NULL && !rw_cli_interrupted())
        verify_input(session, paths[1], &other);
    rw_input_clear(&input);
    rw_input_clear(&other);
}

/* Options that choose another work than a walk: 0 would silently mean the walk, and there is one work at a time. */
static bool works_fit(struct rw_cli *cli, const struct session *session)
{
    const struct rw_arguments *arguments = &cli->arguments;
    bool mutate = rw_given(arguments, RW_OPTION_MUTATE), modular = rw_given(arguments, RW_OPTION_MODULAR);
    if (mutate && session->mutants == 0)
        rw_diag_error(cli->diag, rw_span_none(), "--mutate=0 perturbs nothing");
    else if (modular && session->modular == 0)
        rw_diag_error(cli->diag, rw_span_none(), "--modular=0 is a word of no symbols");
    else if (mutate && modular)
        rw_diag_error(cli->diag, rw_span_none(), "--mutate and --modular are two verifications; ask for one of them");
    else
        return true;
    return false;
}

static bool read_options(struct rw_cli *cli, struct session *session)
{
    const struct rw_arguments *arguments = &cli->arguments;
    struct rw_verify_options standard = rw_verify_standard(), *options = &session->options;
    uint64_t length, random_length, threads;
    *options = standard;
    bool good = rw_arguments_number(arguments, RW_OPTION_LENGTH, standard.length, SIZE_MAX, &length, cli->diag);
    good = rw_arguments_number(arguments, RW_OPTION_RANDOM_LENGTH, standard.random_length,
                               arguments->limits.word_length, &random_length, cli->diag) &&
           good;
    good = rw_arguments_number(arguments, RW_OPTION_RANDOM, standard.random_words, UINT64_MAX, &options->random_words,
                               cli->diag) &&
           good;
    good = rw_arguments_number(arguments, RW_OPTION_BUDGET, standard.budget, UINT64_MAX, &options->budget, cli->diag) &&
           good;
    good = rw_arguments_number(arguments, RW_OPTION_SEED, standard.seed, UINT64_MAX, &options->seed, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_MODULAR, 0, arguments->limits.word_length, &session->modular,
                               cli->diag) &&
           good;
    good = rw_arguments_number(arguments, RW_OPTION_MUTATE, 0, 1000000, &session->mutants, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_THREADS, 0, RW_MOST_THREADS, &threads, cli->diag) && good;
    good = good && works_fit(cli, session);
    options->length = length;
    options->threads = threads;
    options->random_length = random_length;
    options->states = !rw_given(arguments, RW_OPTION_NO_STATES);
    options->limits = &arguments->limits;
    options->progress = cli->progress;
    return good;
}

/* One of several specs may not read: the others are verified all the same. */
static void verify_files(struct session *session)
{
    const struct rw_arguments *arguments = &session->cli->arguments;
    for (size_t i = 0; i < arguments->count && !rw_cli_interrupted(); i++)
        verify_spec(session, arguments->names[i]);
}

static int run(struct rw_cli *cli)
{
    struct session session = {.cli = cli};
    if (cli->arguments.count == 0)
        return rw_cli_usage(cli, "a spec is wanted");
    if (!read_options(cli, &session))
        return rw_cli_fail(cli);
    session.results = rw_cli_json(cli) ? json_array() : NULL;
    if (cli->arguments.count == 2)
        verify_two(&session);
    else
        verify_files(&session);
    if (session.results != NULL)
        rw_cli_answer(cli, json_pack("{s:o}", "results", session.results));
    return session.differs ? RW_EXIT_DIFFERS : RW_EXIT_HOLDS;
}

const struct rw_command rw_command_verify = {
    .name = "verify",
    .arguments = "SPEC|PROBLEM [NET] | SPEC|PROBLEM...",
    .summary = "Run machine and network side by side on all short and many long words",
    .details =
        "The network is built by --to (all: every family that applies), or read from NET. Compared after every step: "
        "the output, and\n"
        "the configuration where the network names it. A difference is shown with the shortest word found. A problem "
        "is "
        "verified on its\n"
        "own word, and against its direct solver.\n"
        "Exit: 0 it holds, 1 a difference was found, 2 a bad spec, 3 a limit was reached, 4 a file cannot be read.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) |
               RW_TAKES(RW_OPTION_PAD) | RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_PRINTED) |
               RW_TAKES(RW_OPTION_LENGTH) | RW_TAKES(RW_OPTION_RANDOM) | RW_TAKES(RW_OPTION_RANDOM_LENGTH) |
               RW_TAKES(RW_OPTION_WORDS) | RW_TAKES(RW_OPTION_SEED) | RW_TAKES(RW_OPTION_BUDGET) |
               RW_TAKES(RW_OPTION_MUTATE) | RW_TAKES(RW_OPTION_THREADS) | RW_TAKES(RW_OPTION_MODULAR) |
               RW_TAKES(RW_OPTION_NO_STATES) | RW_TAKES(RW_OPTION_BRIEF) | RW_TAKES(RW_OPTION_FROM) |
               RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
