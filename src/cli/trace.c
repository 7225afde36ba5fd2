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

static bool read_word(struct rw_cli *cli, const struct rw_input *input, struct rw_word *word)
{
    if (input->problem == NULL)
        return rw_word_argument(cli, input->machine->alphabet, cli->arguments.names[1], word);
    rw_word_init(word);
    rw_word_copy(word, &input->word);
    return true;
}

static int trace_word(struct rw_cli *cli, const struct rw_input *input, const struct rw_net *net)
{
    struct rw_word word;
    struct rw_trace trace = {0};
    int code = 0;
    if (read_word(cli, input, &word) && rw_trace_make(input->machine, net, &word, &trace, cli->diag)) {
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

static int trace_input(struct rw_cli *cli, const struct rw_input *input)
{
    size_t net_at = input->problem != NULL ? 1 : 2;
    if (cli->arguments.count == net_at + 1) {
        struct rw_input other;
        const char *path = cli->arguments.names[net_at];
        int code = 0;
        if (!rw_input_read(cli, path, RW_ACCEPTS_NET, &other))
            rw_cli_hint_order(cli, net_at, 1);
        else if (rw_cli_builds_nothing(cli, path))
            code = trace_word(cli, input, other.net);
        rw_cli_fail(cli);
        rw_input_clear(&other);
        return code;
    }
    struct rw_net *net = rw_cli_build(cli, input->machine, NULL);
    if (net == NULL)
        return rw_cli_fail(cli);
    int code = trace_word(cli, input, net);
    rw_cli_fail(cli);
    rw_net_free(net);
    return code;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count < 1 || cli->arguments.count > 3)
        return rw_cli_usage(cli, "a spec and a word are wanted, and perhaps a net file");
    if (!rw_cli_table_good(cli))
        return rw_cli_fail(cli);
    int code = 0;
    if (!rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM, &input))
        rw_cli_hint_order(cli, 0, 1);
    else if (cli->arguments.count == (input.problem != NULL ? 3 : 1))
        rw_cli_usage(cli, input.problem != NULL ? "a problem has its own word"
                                                : "a spec and a word are wanted, and perhaps a net file");
    else if (rw_input_reduce(cli, &input))
        code = trace_input(cli, &input);
    rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_trace = {
    .name = "trace",
    .arguments = "SPEC WORD [NET] | PROBLEM [NET]",
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
