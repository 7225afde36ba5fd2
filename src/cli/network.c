/* network.c - from a machine and the options of the command line to a network. */
#include "cli/cli.h"

bool rw_witness_arguments(struct rw_cli *cli, struct rw_witness_options *options)
{
    uint64_t layers, per_token;
    *options = (struct rw_witness_options){.strict = rw_given(&cli->arguments, RW_OPTION_STRICT),
                                           .pad = rw_given(&cli->arguments, RW_OPTION_PAD),
                                           .limits = &cli->arguments.limits,
                                           .progress = cli->progress};
    if (!rw_arguments_number(&cli->arguments, RW_OPTION_LAYERS, 0, 4, &layers, cli->diag) ||
        !rw_arguments_number(&cli->arguments, RW_OPTION_PER_TOKEN, 0, 1000, &per_token, cli->diag))
        return false;
    if (layers != 0 && layers != 2 && layers != 4) {
        rw_diag_error(cli->diag, rw_span_none(), "--layers is 2 (ours) or 4 (the paper's layout)");
        return false;
    }
    options->layers = (unsigned)layers;
    options->per_token = per_token;
    return true;
}

struct rw_net *rw_cli_build(struct rw_cli *cli, const struct rw_machine *machine, const char *family)
{
    struct rw_witness_options options;
    if (family == NULL && rw_given(&cli->arguments, RW_OPTION_TO))
        family = cli->arguments.value[RW_OPTION_TO];
    if (!rw_witness_arguments(cli, &options))
        return NULL;
    const struct rw_witness *witness = rw_witness_choose(machine, family, cli->diag);
    return witness == NULL ? NULL : witness->build(machine, &options, cli->diag);
}
