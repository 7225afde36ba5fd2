/* trace.c - rnnwit trace: a word step by step, machine beside network. */
#include <string.h>

#include "cli/commands.h"
#include "report/problems.h"
#include "report/trace.h"

static bool agrees(const struct rw_trace *trace)
{
    return trace->count == 0 || trace->lines[trace->count - 1].agree;
}

static int trace_word(struct rw_cli *cli, const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_word word;
    struct rw_trace trace = {0};
    int code = RW_EXIT_USAGE;
    bool markdown = strcmp(cli->arguments.value[RW_OPTION_TABLE] == NULL ? "" : cli->arguments.value[RW_OPTION_TABLE],
                           "markdown") == 0;
    if (rw_word_argument(cli, machine->alphabet, cli->arguments.names[1], &word)) {
        if (rw_trace_make(machine, net, &word, &trace, cli->diag)) {
            code = agrees(&trace) ? RW_EXIT_HOLDS : RW_EXIT_DIFFERS;
            if (rw_cli_json(cli))
                rw_report_json(rw_report_trace_json(&trace, true), stdout);
            else
                rw_report_trace(&trace, true, markdown, "", stdout);
            rw_trace_free(&trace);
        } else {
            code = rw_cli_fail(cli);
        }
    }
    rw_word_clear(&word);
    return code;
}

static int trace_input(struct rw_cli *cli, const struct rw_machine *machine)
{
    if (cli->arguments.count == 3) {
        struct rw_input other;
        int code = rw_input_read(cli, cli->arguments.names[2], RW_ACCEPTS_NET, &other) ? trace_word(cli, machine, other.net)
                                                                                       : rw_cli_fail(cli);
        rw_input_clear(&other);
        return code;
    }
    struct rw_net *net = rw_cli_build(cli, machine, NULL);
    if (net == NULL)
        return rw_cli_fail(cli);
    int code = trace_word(cli, machine, net);
    rw_net_free(net);
    return code;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 2 && cli->arguments.count != 3)
        return rw_cli_usage(cli, "a spec and a word are wanted, and perhaps a net file");
    int code = rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC, &input) ? trace_input(cli, input.machine)
                                                                                    : rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_trace = {
    .name = "trace",
    .arguments = "SPEC WORD [NET]",
    .summary = "Follow a word step by step, the machine beside the network",
    .details = "The network is the spec's, by --to, or the one in NET. The trace ends after the first difference.\n"
               "--table=markdown prints a Markdown table. Exit: 0 both sides agree, 1 they differ.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) | RW_TAKES(RW_OPTION_PAD) |
               RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_TABLE) | RW_TAKES(RW_OPTION_FROM) |
               RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
