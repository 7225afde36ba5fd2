/* trace.c - rnnwit trace: a word step by step, machine beside network. */
#include "cli/commands.h"
#include "report/problems.h"
#include "report/trace.h"

static bool agrees(const struct rw_trace *trace)
{
    return trace->count == 0 || trace->lines[trace->count - 1].agree;
}

static enum rw_trace_form form_of(const struct rw_cli *cli)
{
    if (rw_cli_markdown(cli))
        return RW_TRACE_MARKDOWN;
    return rw_given(&cli->arguments, RW_OPTION_TABLE) ? RW_TRACE_TABLE : RW_TRACE_FITTING;
}

static int trace_word(struct rw_cli *cli, const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_word word;
    struct rw_trace trace = {0};
    int code = 0;
    if (rw_word_argument(cli, machine->alphabet, cli->arguments.names[1], &word) &&
        rw_trace_make(machine, net, &word, &trace, cli->diag)) {
        code = agrees(&trace) ? RW_EXIT_HOLDS : RW_EXIT_DIFFERS;
        if (rw_cli_json(cli))
            rw_cli_answer(
                cli, json_pack("{s:b, s:o}", "agree", agrees(&trace), "steps", rw_report_trace_json(&trace, true)));
        else
            rw_report_trace(&trace, true, form_of(cli), "", stdout);
        rw_trace_free(&trace);
    }
    rw_word_clear(&word);
    return code;
}

static int trace_input(struct rw_cli *cli, const struct rw_machine *machine)
{
    if (cli->arguments.count == 3) {
        struct rw_input other;
        const char *path = cli->arguments.names[2];
        int code = 0;
        if (!rw_input_read(cli, path, RW_ACCEPTS_NET, &other))
            rw_cli_hint_order(cli, 2, 1);
        else if (rw_cli_builds_nothing(cli, path))
            code = trace_word(cli, machine, other.net);
        rw_cli_fail(cli);
        rw_input_clear(&other);
        return code;
    }
    struct rw_net *net = rw_cli_build(cli, machine, NULL);
    if (net == NULL)
        return rw_cli_fail(cli);
    int code = trace_word(cli, machine, net);
    rw_cli_fail(cli);
    rw_net_free(net);
    return code;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 2 && cli->arguments.count != 3)
        return rw_cli_usage(cli, "a spec and a word are wanted, and perhaps a net file");
    if (!rw_cli_table_good(cli))
        return rw_cli_fail(cli);
    int code = 0;
    if (rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC, &input))
        code = trace_input(cli, input.machine);
    else
        rw_cli_hint_order(cli, 0, 1);
    rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_trace = {
    .name = "trace",
    .arguments = "SPEC WORD [NET]",
    .summary = "Follow a word step by step, the machine beside the network",
    .details =
        "The network is the spec's, by --to, or the one in NET. The trace ends after the first difference.\n"
        "A trace too wide for a table is a list, unless --table asks for one; --table=markdown is for documents.\n"
        "Exit: 0 both sides agree, 1 they differ.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) |
               RW_TAKES(RW_OPTION_PAD) | RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_PRINTED) |
               RW_TAKES(RW_OPTION_TABLE) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
