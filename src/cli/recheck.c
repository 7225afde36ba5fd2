/* recheck.c - rnnwit recheck: the certificate of a proof, checked again. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "recheck/recheck.h"
#include "report/problems.h"
#include "rnn/json.h"
#include "spec/spec.h"

/* A net file stays text: the checker reads it by itself. */
static bool read_side(struct rw_cli *cli, const char *path, struct rw_source **source, struct rw_recheck_side *side,
                      struct rw_machine **machine)
{
    *source = rw_source_read(path, cli->arguments.limits.file_bytes, cli->diag);
    if (*source == NULL)
        return false;
    if (!rw_net_looks_like(*source)) {
        *machine = rw_spec_read(*source, &cli->arguments.limits, cli->diag);
        if (*machine == NULL)
            return false;
    }
    *side = (struct rw_recheck_side){*source, *machine};
    return true;
}

static void report(struct rw_cli *cli, enum rw_recheck result, const char *why)
{
    static const char *const results[] = {
        [RW_RECHECK_HOLDS] = "holds", [RW_RECHECK_FAILS] = "fails", [RW_RECHECK_UNREADABLE] = "unreadable"};
    if (rw_cli_json(cli)) {
        json_t *answer = json_object();
        json_object_set_new(answer, "certificate", rw_report_text(rw_cli_file_name(cli->arguments.names[0])));
        json_object_set_new(answer, "result", json_string(results[result]));
        if (result != RW_RECHECK_HOLDS)
            json_object_set_new(answer, "reason", rw_report_text(why));
        rw_cli_answer(cli, answer);
    } else if (result == RW_RECHECK_HOLDS) {
        printf("%s: certificate holds\n", rw_cli_file_name(cli->arguments.names[0]));
    } else {
        printf("%s\n%s\n", why, result == RW_RECHECK_FAILS ? "certificate FAILS" : "certificate cannot be checked");
    }
}

static int recheck(struct rw_cli *cli, const struct rw_source *certificate, struct rw_recheck_side left,
                   struct rw_recheck_side right)
{
    char *why = NULL;
    size_t size;
    FILE *out = open_memstream(&why, &size);
    enum rw_recheck result = rw_recheck(certificate, left, right, &cli->arguments.limits, out);
    fclose(out);
    report(cli, result, why);
    free(why);
    return result == RW_RECHECK_HOLDS ? RW_EXIT_HOLDS : result == RW_RECHECK_FAILS ? RW_EXIT_DIFFERS : RW_EXIT_USAGE;
}

static int run(struct rw_cli *cli)
{
    char *const *names = cli->arguments.names;
    struct rw_source *sources[3] = {NULL};
    struct rw_machine *machines[2] = {NULL};
    struct rw_recheck_side sides[2];
    int code = 0;
    if (cli->arguments.count != 3)
        return rw_cli_usage(cli, "a certificate and the two files it is about are wanted");
    sources[0] = rw_source_read(names[0], cli->arguments.limits.file_bytes, cli->diag);
    bool good = sources[0] != NULL;
    for (size_t i = 0; i < 2 && good; i++)
        good = read_side(cli, names[i + 1], sources + i + 1, sides + i, machines + i);
    if (good)
        code = recheck(cli, sources[0], sides[0], sides[1]);
    else
        code = rw_cli_fail(cli);
    rw_machine_free(machines[0]);
    rw_machine_free(machines[1]);
    for (size_t i = 0; i < 3; i++)
        rw_source_free(sources[i]);
    return code;
}

const struct rw_command rw_command_recheck = {
    .name = "recheck",
    .arguments = "CERTIFICATE SPEC NET",
    .summary = "Check the certificate of a proof again, without any search",
    .details =
        "The certificate is one that rnnwit prove --certificate wrote about these two files, in this order; they "
        "may also be\n"
        "two specs or two networks. The checker shares no code with the prover.\n"
        "Exit: 0 it holds, 1 a line of it is not true, 2 it or a file is damaged, 4 a file cannot be read.\n",
    .run = run,
};
