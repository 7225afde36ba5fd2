/* import.c - rnnwit import: a foreign file as a spec. */
#include "cli/commands.h"
#include "interchange/format.h"
#include "spec/spec.h"

static bool write_spec(FILE *out, void *machine)
{
    return rw_spec_write(machine, out);
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "one file is wanted");
    if (!rw_given(&cli->arguments, RW_OPTION_FROM) && rw_format_of(cli->arguments.names[0]) == NULL)
        return rw_cli_usage(cli, "the name '%s' does not say its format; say --from=FORMAT", cli->arguments.names[0]);
    const char *path = rw_given(&cli->arguments, RW_OPTION_OUTPUT) ? cli->arguments.value[RW_OPTION_OUTPUT] : "-";
    if (rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC, &input))
        rw_write_whole(path, write_spec, input.machine, cli->diag);
    rw_cli_fail(cli);
    rw_input_clear(&input);
    return 0;
}

const struct rw_command rw_command_import = {
    .name = "import",
    .arguments = "FILE",
    .summary = "Turn a file in a foreign format into a spec",
    .details = "Formats: att (AT&T / OpenFst text; .att, .fst.txt, .fsa.txt). Every other command also takes such a "
               "file directly.\n",
    .options = RW_TAKES(RW_OPTION_OUTPUT) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
