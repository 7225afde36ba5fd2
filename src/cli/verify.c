/* verify.c - rnnwit verify: machine beside network, and negative controls. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "report/problems.h"
#include "report/verify.h"

struct session {
    struct rw_cli *cli;
    struct rw_verify_options options;
    uint64_t mutants;
    json_t *results; /* NULL without --json */
    int worst;       /* exit code so far */
};

static void note(struct session *session, int code)
{
    if (code > session->worst)
        session->worst = code;
}

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
        note(session, report.holds ? RW_EXIT_HOLDS : RW_EXIT_DIFFERS);
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
        else
            rw_report_mutate(subject, &report, stdout);
        note(session, report.unknown == 0 ? RW_EXIT_HOLDS : RW_EXIT_DIFFERS);
    }
    rw_mutate_report_free(&report);
}

/* --words are read for each spec: its alphabet decides what they are. */
static void compare(struct session *session, const char *path, const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_report_subject subject = {path, machine, net};
    struct rw_word *words;
    size_t count;
    if (rw_words_read(session->cli, machine->alphabet, &words, &count)) {
        session->options.words = words;
        session->options.word_count = count;
        if (session->mutants > 0)
            mutate(session, &subject);
        else
            verify(session, &subject);
    } else {
        note(session, RW_EXIT_USAGE);
    }
    rw_words_free(words, count);
    note(session, rw_cli_fail(session->cli));
}

static void build_and_compare(struct session *session, const char *path, const struct rw_machine *machine,
                              const char *family)
{
    struct rw_net *net = rw_cli_build(session->cli, machine, family);
    if (net == NULL)
        note(session, rw_cli_fail(session->cli));
    else
        compare(session, path, machine, net);
    rw_net_free(net);
}

/* --to all: each family that applies. */
static void compare_all(struct session *session, const char *path, const struct rw_machine *machine)
{
    for (size_t i = 0; i < rw_witness_count && !rw_cli_interrupted(); i++)
        if (strcmp(rw_witnesses[i].kind, machine->kind->name) == 0 && rw_witnesses[i].applies(machine, NULL))
            build_and_compare(session, path, machine, rw_witnesses[i].family);
}

static void verify_spec(struct session *session, const char *path)
{
    struct rw_input input;
    const struct rw_arguments *arguments = &session->cli->arguments;
    if (!rw_input_read(session->cli, path, RW_ACCEPTS_SPEC, &input))
        note(session, rw_cli_fail(session->cli));
    else if (rw_given(arguments, RW_OPTION_TO) && strcmp(arguments->value[RW_OPTION_TO], "all") == 0)
        compare_all(session, path, input.machine);
    else
        build_and_compare(session, path, input.machine, NULL);
    rw_input_clear(&input);
}

/* The second file is a network. */
static void verify_pair(struct session *session, const struct rw_input *other)
{
    struct rw_input input;
    const char *path = session->cli->arguments.names[0];
    if (rw_input_read(session->cli, path, RW_ACCEPTS_SPEC, &input))
        compare(session, path, input.machine, other->net);
    else
        note(session, rw_cli_fail(session->cli));
    rw_input_clear(&input);
}

static bool read_options(struct rw_cli *cli, struct session *session)
{
    const struct rw_arguments *arguments = &cli->arguments;
    struct rw_verify_options standard = rw_verify_standard(), *options = &session->options;
    uint64_t length, random_length;
    *options = standard;
    bool good = rw_arguments_number(arguments, RW_OPTION_LENGTH, standard.length, SIZE_MAX, &length, cli->diag);
    good = rw_arguments_number(arguments, RW_OPTION_RANDOM_LENGTH, standard.random_length, arguments->limits.word_length,
                               &random_length, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_RANDOM, standard.random_words, UINT64_MAX, &options->random_words,
                               cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_BUDGET, standard.budget, UINT64_MAX, &options->budget, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_SEED, standard.seed, UINT64_MAX, &options->seed, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_MUTATE, 0, 1000000, &session->mutants, cli->diag) && good;
    options->length = length;
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

/* Whether the second of two files is a net file; then it is read into `other`, or the problems are in diag. */
static bool second_is_net(struct rw_cli *cli, struct rw_input *other)
{
    *other = (struct rw_input){0};
    if (cli->arguments.count != 2)
        return false;
    bool good = rw_input_read(cli, cli->arguments.names[1], RW_ACCEPTS_SPEC | RW_ACCEPTS_NET, other);
    return !good || other->net != NULL;
}

static int run(struct rw_cli *cli)
{
    struct session session = {.cli = cli};
    struct rw_input other;
    if (cli->arguments.count == 0)
        return rw_cli_usage(cli, "a spec is wanted");
    if (!read_options(cli, &session))
        return rw_cli_fail(cli);
    session.results = rw_cli_json(cli) ? json_array() : NULL;
    if (!second_is_net(cli, &other))
        verify_files(&session);
    else if (other.net != NULL)
        verify_pair(&session, &other);
    else
        session.worst = rw_cli_fail(cli);
    rw_input_clear(&other);
    if (session.results != NULL && json_array_size(session.results) > 0)
        rw_report_json(json_pack("{s:O}", "results", session.results), stdout);
    json_decref(session.results);
    return session.worst;
}

const struct rw_command rw_command_verify = {
    .name = "verify",
    .arguments = "SPEC [NET] | SPEC...",
    .summary = "Run machine and network side by side on all short and many long words",
    .details = "The network is built by --to (all: every family that applies), or read from NET. Compared after every step: the output, and\n"
               "the configuration where the network names it. A difference is shown with the shortest word found.\n"
               "Exit: 0 it holds, 1 a difference was found, 2 a bad spec, 3 a limit was reached, 4 a file cannot be read.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) | RW_TAKES(RW_OPTION_PAD) |
               RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_LENGTH) | RW_TAKES(RW_OPTION_RANDOM) |
               RW_TAKES(RW_OPTION_RANDOM_LENGTH) | RW_TAKES(RW_OPTION_WORDS) | RW_TAKES(RW_OPTION_SEED) |
               RW_TAKES(RW_OPTION_BUDGET) | RW_TAKES(RW_OPTION_MUTATE) | RW_TAKES(RW_OPTION_NO_STATES) |
               RW_TAKES(RW_OPTION_BRIEF) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
