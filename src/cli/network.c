/* network.c - from a machine and the options of the command line to a network. */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"

bool rw_witness_arguments(struct rw_cli *cli, struct rw_witness_options *options)
{
    uint64_t layers, per_token;
    *options = (struct rw_witness_options){.strict = rw_given(&cli->arguments, RW_OPTION_STRICT),
                                           .printed = rw_given(&cli->arguments, RW_OPTION_PRINTED),
                                           .pad = rw_given(&cli->arguments, RW_OPTION_PAD),
                                           .limits = &cli->arguments.limits,
                                           .progress = cli->progress};
    if (!rw_arguments_number(&cli->arguments, RW_OPTION_LAYERS, 2, UINT64_MAX, &layers, cli->diag) ||
        !rw_arguments_number(&cli->arguments, RW_OPTION_PER_TOKEN, 0, 1000, &per_token, cli->diag))
        return false;
    if (layers != 2 && layers != 4) {
        rw_diag_error(cli->diag, rw_span_none(), "--layers is 2 (ours) or 4 (the paper's layout), not %" PRIu64,
                      layers);
        return false;
    }
    options->layers = rw_given(&cli->arguments, RW_OPTION_LAYERS) ? (unsigned)layers : 0;
    options->per_token = per_token;
    return true;
}

/* Options that only some constructions heed. */
static const struct {
    enum rw_option option;
    const char *families; /* as the hint names them */
    const char *kind;     /* NULL: any */
} particular[] = {
    {RW_OPTION_STRICT, "pd", NULL},
    {RW_OPTION_LAYERS, "rwkv7", NULL},
    {RW_OPTION_PAD, "rwkv7 or deltanet", NULL},
    {RW_OPTION_PER_TOKEN, "deltaproduct", NULL},
    {RW_OPTION_PRINTED, "mlp", "stack"},
};

static bool heeds(const char *families, const char *family)
{
    size_t length = strlen(family);
    for (const char *at = families; (at = strstr(at, family)) != NULL; at += length)
        if ((at == families || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* An option that would be ignored is a mistake of the user's, who may think it had an effect. */
static bool options_fit(struct rw_cli *cli, const struct rw_witness *witness)
{
    bool fit = true;
    for (size_t i = 0; i < sizeof particular / sizeof *particular; i++) {
        const char *kind = particular[i].kind;
        if (!rw_given(&cli->arguments, particular[i].option) ||
            (heeds(particular[i].families, witness->family) && (kind == NULL || strcmp(kind, witness->kind) == 0)))
            continue;
        rw_diag_error(cli->diag, rw_span_none(), "--%s means nothing for a %s network%s%s",
                      rw_option_table[particular[i].option].name, witness->family, kind == NULL ? "" : " of kind ",
                      kind == NULL ? "" : witness->kind);
        rw_diag_hint(cli->diag, "it is for --to %s%s%s", particular[i].families, kind == NULL ? "" : " of kind ",
                     kind == NULL ? "" : kind);
        fit = false;
    }
    return fit;
}

bool rw_cli_builds_nothing(struct rw_cli *cli, const char *path)
{
    static const enum rw_option building[] = {RW_OPTION_TO,  RW_OPTION_STRICT,    RW_OPTION_LAYERS,
                                              RW_OPTION_PAD, RW_OPTION_PER_TOKEN, RW_OPTION_PRINTED};
    for (size_t i = 0; i < sizeof building / sizeof *building; i++) {
        if (!rw_given(&cli->arguments, building[i]))
            continue;
        rw_diag_error(cli->diag, rw_span_none(), "--%s is for building a network, and '%s' is one already",
                      rw_option_table[building[i]].name, path);
        return false;
    }
    return true;
}

struct rw_net *rw_cli_build(struct rw_cli *cli, const struct rw_machine *machine, const char *family)
{
    struct rw_witness_options options;
    bool every_family = family != NULL;
    if (!every_family && rw_given(&cli->arguments, RW_OPTION_TO))
        family = cli->arguments.value[RW_OPTION_TO];
    if (!rw_witness_arguments(cli, &options))
        return NULL;
    const struct rw_witness *witness = rw_witness_choose(machine, family, cli->diag);
    if (witness == NULL || (!every_family && !options_fit(cli, witness)))
        return NULL;
    return witness->build(machine, &options, cli->diag); /* cppcheck-suppress returnDanglingLifetime */
}
