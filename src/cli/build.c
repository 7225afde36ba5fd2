/* build.c - rnnwit build: the network of a spec as a net file. */
#include <string.h>

#include "cli/commands.h"
#include "report/net.h"
#include "report/problems.h"
#include "rnn/json.h"

static bool write_net(FILE *out, void *net)
{
    return rw_net_write(net, out);
}

static void tell(struct rw_cli *cli, const struct rw_net *net, const char *path)
{
    if (rw_cli_json(cli)) {
        rw_cli_answer(cli, rw_report_net_json(net));
        return;
    }
    printf("%s: written\n", path);
    rw_report_net(net, stdout);
}

static int build(struct rw_cli *cli, const struct rw_machine *machine)
{
    const char *path = rw_given(&cli->arguments, RW_OPTION_OUTPUT) ? cli->arguments.value[RW_OPTION_OUTPUT] : "-";
    struct rw_net *net = rw_cli_build(cli, machine, NULL);
    rw_cli_progress_clear();
    if (net == NULL)
        return rw_cli_fail(cli);
    bool written = rw_write_whole(path, write_net, net, cli->diag);
    if (written && strcmp(path, "-") != 0)
        tell(cli, net, path);
    rw_net_free(net);
    return rw_cli_fail(cli);
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "one spec is wanted");
    if (rw_cli_json(cli) && !rw_given(&cli->arguments, RW_OPTION_OUTPUT))
        return rw_cli_usage(cli,
                            "--json tells about the network, which goes to standard output itself without -o FILE");
    int code = rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM, &input) &&
                       rw_input_reduce(cli, &input)
                   ? build(cli, input.machine)
                   : rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_build = {
    .name = "build",
    .arguments = "SPEC|PROBLEM",
    .summary = "Construct the network of a spec",
    .details = "The network goes to standard output, or to FILE with its sizes printed. Without --to it is the first "
               "one that\n"
               "rnnwit show lists as applying. The network of a problem is that of its automaton.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_OUTPUT) | RW_TAKES(RW_OPTION_STRICT) |
               RW_TAKES(RW_OPTION_LAYERS) | RW_TAKES(RW_OPTION_PAD) | RW_TAKES(RW_OPTION_PER_TOKEN) |
               RW_TAKES(RW_OPTION_PRINTED) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
