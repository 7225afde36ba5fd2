/* show.c - rnnwit show: what a spec or a network is. */
#include <stdlib.h>

#include "automata/minimise.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "report/instance.h"
#include "report/machine.h"
#include "report/net.h"
#include "report/problems.h"
#include "spec/kind.h"

/* Networks are only built to be measured; larger ones are left alone unless the user raises the limit. */
#define NONZEROS_TO_MEASURE 5000000

static int show_table(struct rw_cli *cli, const struct rw_machine *machine)
{
    struct rw_table *table = rw_table_new();
    rw_spec_kind_find(machine->kind->name)->table(machine, table);
    rw_table_print(table, rw_cli_markdown(cli), stdout);
    rw_table_free(table);
    return 0;
}

static int show_machine(struct rw_cli *cli, const struct rw_machine *machine)
{
    struct rw_witness_options options;
    if (!rw_witness_arguments(cli, &options))
        return rw_cli_fail(cli);
    struct rw_limits limits = cli->arguments.limits;
    if (!rw_given(&cli->arguments, RW_OPTION_LIMIT))
        limits.nonzeros = NONZEROS_TO_MEASURE;
    options.limits = &limits;
    options.strict = false;
    if (rw_cli_json(cli))
        rw_cli_answer(cli, rw_report_machine_json(machine, &options));
    else
        rw_report_machine(machine, &options, stdout);
    return 0;
}

static int show_problem(struct rw_cli *cli, struct rw_input *input)
{
    if (rw_given(&cli->arguments, RW_OPTION_TABLE))
        return rw_cli_usage(cli, "--table wants a spec of an automaton; a problem has no transition table");
    if (!rw_input_reduce(cli, input))
        return rw_cli_fail(cli);
    struct rw_report_reduced reduced = {input->problem, input->machine, &input->word};
    if (rw_cli_json(cli))
        rw_cli_answer(cli, rw_report_instance_json(&reduced));
    else
        rw_report_instance(&reduced, stdout);
    return 0;
}

static int show_minimal(struct rw_cli *cli, const struct rw_machine *machine)
{
    char *size;
    size_t length;
    struct rw_machine *minimal = rw_machine_minimise(machine, &cli->arguments.limits, cli->progress, cli->diag);
    rw_cli_progress_clear();
    if (minimal == NULL)
        return rw_cli_fail(cli);
    FILE *out = open_memstream(&size, &length);
    if (out == NULL)
        rw_out_of_memory(1);
    rw_report_machine_line(machine, out);
    fclose(out);
    int code = rw_cli_write_spec(cli, minimal, size);
    free(size);
    rw_machine_free(minimal);
    return code;
}

static int show(struct rw_cli *cli, struct rw_input *input)
{
    bool minimise = rw_given(&cli->arguments, RW_OPTION_MINIMISE);
    if (input->problem != NULL)
        return minimise ? rw_cli_usage(cli, "--minimise wants a spec of an automaton, and this is a problem")
                        : show_problem(cli, input);
    if (input->machine != NULL && minimise)
        return show_minimal(cli, input->machine);
    if (minimise)
        return rw_cli_usage(cli, "--minimise wants a spec; rnnwit extract makes one of a network");
    if (input->machine != NULL)
        return rw_given(&cli->arguments, RW_OPTION_TABLE) ? show_table(cli, input->machine)
                                                          : show_machine(cli, input->machine);
    if (rw_given(&cli->arguments, RW_OPTION_TABLE))
        return rw_cli_usage(cli, "--table wants a spec; a network has no transition table");
    if (rw_cli_json(cli))
        rw_cli_answer(cli, rw_report_net_json(input->net));
    else
        rw_report_net(input->net, stdout);
    return 0;
}

/* Options that go with --minimise, and one that does not. 0: all is well. */
static int check_options(struct rw_cli *cli)
{
    bool minimise = rw_given(&cli->arguments, RW_OPTION_MINIMISE);
    if (!minimise && rw_given(&cli->arguments, RW_OPTION_OUTPUT))
        return rw_cli_usage(cli, "-o FILE goes with --minimise");
    if (minimise && rw_given(&cli->arguments, RW_OPTION_TABLE))
        return rw_cli_usage(cli, "--minimise writes a spec, and --table prints a table: one of them, please");
    return minimise && !rw_cli_spec_has_place(cli) ? RW_EXIT_USAGE : 0;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "one spec or net file is wanted");
    if (check_options(cli) != 0)
        return RW_EXIT_USAGE;
    if (!rw_cli_table_good(cli))
        return rw_cli_fail(cli);
    int code =
        rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC | RW_ACCEPTS_NET | RW_ACCEPTS_PROBLEM, &input)
            ? show(cli, &input)
            : rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_show = {
    .name = "show",
    .arguments = "SPEC|PROBLEM|NET",
    .summary = "Say what a spec, problem or network is: sizes, class, which networks there are and why not others",
    .details = "--table prints the transition table of a spec instead. --minimise writes its smallest automaton "
               "instead,\n"
               "as a spec: for a dfa, nfa or regex the minimal complete dfa, for a wfa the one with the same values.\n",
    .options = RW_TAKES(RW_OPTION_TABLE) | RW_TAKES(RW_OPTION_MINIMISE) | RW_TAKES(RW_OPTION_OUTPUT) |
               RW_TAKES(RW_OPTION_LAYERS) | RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_PAD) |
               RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
