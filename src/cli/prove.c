/* prove.c - rnnwit prove: equality for all words, and its certificate. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "exact/parallel.h"
#include "report/problems.h"
#include "report/prove.h"
#include "rnn/json.h"
#include "verify/certificate.h"

struct session {
    struct rw_cli *cli;
    uint64_t mutants, seed, threads;
    const char *certificate; /* NULL: none is wanted */
    json_t *results;         /* NULL without --json */
    int code;                /* worst of what was found */
};

/* A side as it is compared, and its file's text for the certificate. */
struct party {
    const char *path;
    struct rw_side side;
    const struct rw_source *source; /* NULL: the network was built, and its file is what rnnwit build writes */
    bool foreign;                   /* no spec, though a machine */
};

/* --- certificates --- */

static bool hash_party(const struct party *party, char hash[65])
{
    if (party->source != NULL) {
        rw_sha256(party->source->text, party->source->size, hash);
        return true;
    }
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool written = out != NULL && rw_net_write(party->side.net, out);
    if (out != NULL)
        fclose(out);
    if (written)
        rw_sha256(text, size, hash);
    free(text);
    return written;
}

struct text {
    char *bytes;
    size_t size;
};

static bool write_text(FILE *out, void *context)
{
    const struct text *text = context;
    return fwrite(text->bytes, 1, text->size, out) == text->size;
}

/* Writes the certificate of a proof, or says in *reason (freed by the caller) why there is none. */
static bool certify(struct session *session, const struct party *left, const struct party *right,
                    const struct rw_prove_report *report, char **reason)
{
    char left_hash[65], right_hash[65];
    struct text text = {0};
    size_t size;
    if (left->foreign || right->foreign) {
        *reason = rw_strdup("a certificate is about specs and net files; rnnwit import makes a spec of this one");
        return false;
    }
    if (!hash_party(left, left_hash) || !hash_party(right, right_hash))
        return false;
    FILE *out = open_memstream(&text.bytes, &text.size), *why = open_memstream(reason, &size);
    bool made = rw_certificate_write((struct rw_certified){left->side, left_hash},
                                     (struct rw_certified){right->side, right_hash}, &report->proof,
                                     &session->cli->arguments.limits, out, why);
    fclose(out);
    fclose(why);
    bool written = made && rw_write_whole(session->certificate, write_text, &text, session->cli->diag);
    if (made) {
        free(*reason);
        *reason = NULL;
    }
    free(text.bytes);
    return written;
}

/* --- one proof --- */

static void print(struct session *session, const struct rw_prove_subject *subject, const struct rw_prove_report *report)
{
    rw_cli_progress_clear();
    if (session->results != NULL)
        json_array_append_new(session->results, rw_report_prove_json(subject, report));
    else if (rw_given(&session->cli->arguments, RW_OPTION_BRIEF))
        rw_report_prove_brief(subject, report, stdout);
    else
        rw_report_prove(subject, report, stdout);
    fflush(stdout);
}

static int exit_code(const struct rw_prove_report *report)
{
    if (report->equality == RW_EQUAL)
        return RW_EXIT_HOLDS;
    return report->equality == RW_UNDECIDED && report->proof.limit != NULL ? RW_EXIT_LIMIT : RW_EXIT_DIFFERS;
}

static void worsen(struct session *session, int code)
{
    session->code = code > session->code ? code : session->code;
}

/* What the proof says goes to the report, and to a certificate if one is wanted. */
static void conclude(struct session *session, const struct party *left, const struct party *right,
                     const struct rw_prove_report *report)
{
    struct rw_prove_subject subject = {
        .left = left->path, .right = right->path, .left_side = left->side, .right_side = right->side};
    char *reason = NULL;
    if (session->certificate != NULL && report->equality == RW_EQUAL && certify(session, left, right, report, &reason))
        subject.certificate = session->certificate;
    subject.no_certificate = reason;
    if (subject.certificate == NULL || strcmp(subject.certificate, "-") != 0)
        print(session, &subject, report);
    worsen(session, exit_code(report));
    free(reason);
}

static void prove(struct session *session, const struct party *left, const struct party *right)
{
    struct rw_prove_report report;
    if (rw_prove(left->side, right->side, &session->cli->arguments.limits, session->cli->progress, &report,
                 session->cli->diag))
        conclude(session, left, right, &report);
    rw_prove_report_free(&report);
}

static void prove_mutants(struct session *session, const struct party *left, const struct party *right,
                          const struct rw_prove_subject *subject)
{
    struct rw_mutate_report report;
    if (rw_prove_mutants(left->side.machine, right->side.net, session->mutants, session->seed, (size_t)session->threads,
                         &session->cli->arguments.limits, session->cli->progress, &report, session->cli->diag)) {
        rw_cli_progress_clear();
        if (session->results != NULL)
            json_array_append_new(session->results, rw_report_prove_mutants_json(subject, &report));
        else
            rw_report_prove_mutants(subject, &report, rw_given(&session->cli->arguments, RW_OPTION_BRIEF), stdout);
        worsen(session, report.unknown > 0 ? RW_EXIT_DIFFERS : RW_EXIT_HOLDS);
    }
    rw_mutate_report_free(&report);
}

static void compare(struct session *session, const struct party *left, const struct party *right)
{
    struct rw_prove_subject subject = {
        .left = left->path, .right = right->path, .left_side = left->side, .right_side = right->side};
    if (session->mutants == 0)
        prove(session, left, right);
    else if (left->side.machine != NULL && right->side.net != NULL)
        prove_mutants(session, left, right, &subject);
    else
        rw_cli_usage(session->cli, "--mutate perturbs a network beside its spec");
    rw_cli_fail(session->cli);
}

/* --- the command line --- */

static void build_and_compare(struct session *session, const struct party *spec, const char *family)
{
    struct rw_net *net = rw_cli_build(session->cli, spec->side.machine, family);
    if (net != NULL)
        compare(session, spec, &(struct party){.side = {.net = net}});
    rw_cli_fail(session->cli);
    rw_net_free(net);
}

/* The proofs of --to all: they do not depend on each other. */
struct proofs {
    const struct rw_machine *machine;
    const struct rw_limits *limits;
    struct rw_net **nets;
    struct rw_prove_report *reports;
    struct rw_shared_progress progress;
};

static void prove_piece(void *context, size_t piece)
{
    struct proofs *proofs = context;
    rw_prove((struct rw_side){.machine = proofs->machine}, (struct rw_side){.net = proofs->nets[piece]}, proofs->limits,
             &proofs->progress.base, proofs->reports + piece, NULL);
    rw_shared_progress_advance(&proofs->progress);
}

static void prove_all(struct session *session, const struct party *spec, struct rw_net **nets, size_t count)
{
    static const struct rw_parallel parallel = {NULL, prove_piece};
    struct proofs proofs = {spec->side.machine, &session->cli->arguments.limits, nets,
                            rw_alloc(count, sizeof *proofs.reports), .progress = {.outer = NULL}};
    rw_shared_progress_init(&proofs.progress, session->cli->progress, "proofs", count);
    rw_parallel_run(&parallel, &proofs, count, rw_threads(session->threads));
    rw_shared_progress_clear(&proofs.progress);
    for (size_t i = 0; i < count; i++) {
        conclude(session, spec, &(struct party){.side = {.net = nets[i]}}, proofs.reports + i);
        rw_prove_report_free(proofs.reports + i);
    }
    free(proofs.reports);
}

/* --to all: each family that applies and can be built. */
static void compare_all(struct session *session, const struct party *spec)
{
    const struct rw_machine *machine = spec->side.machine;
    struct rw_net **nets = rw_alloc(rw_witness_count, sizeof(struct rw_net *));
    size_t count = 0;
    for (size_t i = 0; i < rw_witness_count && !rw_cli_interrupted(); i++) {
        const struct rw_witness *row = rw_witnesses + i;
        if (strcmp(row->kind, machine->kind->name) != 0 || !row->applies(machine, NULL))
            continue;
        struct rw_net *net = rw_cli_build(session->cli, machine, row->family);
        if (net != NULL)
            nets[count++] = net;
        else
            rw_diag_clear(session->cli->diag);
    }
    if (session->mutants == 0)
        prove_all(session, spec, nets, count);
    for (size_t i = 0; i < count; i++) {
        if (session->mutants > 0 && !rw_cli_interrupted())
            compare(session, spec, &(struct party){.side = {.net = nets[i]}});
        rw_net_free(nets[i]);
    }
    free(nets);
}

static struct party party_of(const char *path, const struct rw_input *input)
{
    return (struct party){rw_cli_file_name(path), {input->machine, input->net}, input->source, input->foreign};
}

static void prove_one(struct session *session, const char *path)
{
    const struct rw_arguments *arguments = &session->cli->arguments;
    struct rw_input input;
    if (rw_input_read(session->cli, path, RW_ACCEPTS_SPEC, &input)) {
        struct party spec = party_of(path, &input);
        if (rw_given(arguments, RW_OPTION_TO) && strcmp(arguments->value[RW_OPTION_TO], "all") == 0)
            compare_all(session, &spec);
        else
            build_and_compare(session, &spec, NULL);
    }
    rw_cli_fail(session->cli);
    rw_input_clear(&input);
}

static void prove_two(struct session *session, const char *first, const char *second)
{
    struct rw_cli *cli = session->cli;
    struct rw_input left, right;
    bool good = rw_input_read(cli, first, RW_ACCEPTS_SPEC | RW_ACCEPTS_NET, &left);
    rw_cli_fail(cli);
    good = rw_input_read(cli, second, RW_ACCEPTS_SPEC | RW_ACCEPTS_NET, &right) && good;
    rw_cli_fail(cli);
    if (good && left.net != NULL && right.net == NULL) {
        rw_cli_usage(cli, "the spec comes first: rnnwit prove %s %s", second, first);
    } else if (good && rw_cli_builds_nothing(cli, second)) {
        struct party parties[] = {party_of(first, &left), party_of(second, &right)};
        compare(session, parties, parties + 1);
    }
    rw_cli_fail(cli);
    rw_input_clear(&left);
    rw_input_clear(&right);
}

static bool read_options(struct rw_cli *cli, struct session *session)
{
    const struct rw_arguments *arguments = &cli->arguments;
    bool good = rw_arguments_number(arguments, RW_OPTION_MUTATE, 0, 1000000, &session->mutants, cli->diag);
    good = rw_arguments_number(arguments, RW_OPTION_THREADS, 0, RW_MOST_THREADS, &session->threads, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_SEED, 1, UINT64_MAX, &session->seed, cli->diag) && good;
    bool certificate = rw_given(arguments, RW_OPTION_CERTIFICATE), mutate = rw_given(arguments, RW_OPTION_MUTATE);
    bool all = rw_given(arguments, RW_OPTION_TO) && strcmp(arguments->value[RW_OPTION_TO], "all") == 0;
    if (mutate && session->mutants == 0 && good)
        rw_diag_error(cli->diag, rw_span_none(), "--mutate=0 perturbs nothing");
    else if (certificate && (mutate || all))
        rw_diag_error(cli->diag, rw_span_none(), "--certificate is for a single proof, not with --mutate or --to all");
    else if (certificate && rw_cli_json(cli) && strcmp(arguments->value[RW_OPTION_CERTIFICATE], "-") == 0)
        rw_diag_error(cli->diag, rw_span_none(), "--json and the certificate cannot both go to standard output");
    else
        return good;
    return false;
}

static int run(struct rw_cli *cli)
{
    struct session session = {.cli = cli};
    if (cli->arguments.count != 1 && cli->arguments.count != 2)
        return rw_cli_usage(cli, cli->arguments.count == 0 ? "a spec is wanted" : "one or two files are wanted");
    if (!read_options(cli, &session))
        return rw_cli_fail(cli);
    if (rw_given(&cli->arguments, RW_OPTION_CERTIFICATE))
        session.certificate = cli->arguments.value[RW_OPTION_CERTIFICATE];
    session.results = rw_cli_json(cli) ? json_array() : NULL;
    if (cli->arguments.count == 1)
        prove_one(&session, cli->arguments.names[0]);
    else
        prove_two(&session, cli->arguments.names[0], cli->arguments.names[1]);
    if (session.results != NULL)
        rw_cli_answer(cli, json_pack("{s:o}", "results", session.results));
    return session.code;
}

const struct rw_command rw_command_prove = {
    .name = "prove",
    .arguments = "SPEC [NET] | SPEC SPEC | NET NET",
    .summary = "Prove that machine and network agree on all words",
    .details =
        "The network is built by --to (all: every family that applies), or read from NET. Two specs, or two networks, "
        "are compared\n"
        "with each other. A difference is shown with a shortest word.\n"
        "Exit: 0 proved, 1 a difference was found or no argument applies, 2 a bad file, 3 a limit was reached, 4 a "
        "file cannot be read.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) |
               RW_TAKES(RW_OPTION_PAD) | RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_CERTIFICATE) |
               RW_TAKES(RW_OPTION_MUTATE) | RW_TAKES(RW_OPTION_THREADS) | RW_TAKES(RW_OPTION_SEED) |
               RW_TAKES(RW_OPTION_BRIEF) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
