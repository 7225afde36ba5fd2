/* extract.c - rnnwit extract: the automaton of a network. */
#include <stdlib.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "report/net.h"
#include "verify/extract.h"

static int extract(struct rw_cli *cli, const struct rw_net *net)
{
    char *size;
    size_t length;
    struct rw_machine *machine = rw_extract(net, &cli->arguments.limits, cli->progress, cli->diag);
    rw_cli_progress_clear();
    if (machine == NULL)
        return rw_cli_fail(cli);
    FILE *out = open_memstream(&size, &length);
    if (out == NULL)
        rw_out_of_memory(1);
    rw_report_net_size(net, out);
    fclose(out);
    int code = rw_cli_write_spec(cli, machine, size);
    free(size);
    rw_machine_free(machine);
    return code;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "one net file is wanted");
    if (!rw_cli_spec_has_place(cli))
        return RW_EXIT_USAGE;
    int code = rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_NET, &input) ? extract(cli, input.net)
                                                                                   : rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_extract = {
    .name = "extract",
    .arguments = "NET",
    .summary = "Turn a network of one layer of linear heads back into an automaton, as a spec",
    .details = "The smallest one: a dfa if the network accepts by the sign of its output and its state is always one\n"
               "coordinate, else a wfa. Linear heads: pd, dplr, rwkv7, deltanet, deltaproduct.\n",
    .options = RW_TAKES(RW_OPTION_OUTPUT),
    .run = run,
};
