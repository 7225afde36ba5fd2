/* commands.c - the table of subcommands. */
#include <string.h>

#include "cli/commands.h"

const struct rw_command *const rw_commands[] = {
    &rw_command_check,
    &rw_command_show,
    &rw_command_build,
    &rw_command_run,
    &rw_command_trace,
    &rw_command_verify,
    &rw_command_prove,
    &rw_command_recheck,
    &rw_command_reduce,
    &rw_command_generate,
    &rw_command_import,
    &rw_command_extract,
    NULL,
};

const struct rw_command *rw_command_find(const char *name)
{
    for (size_t i = 0; rw_commands[i] != NULL; i++)
        if (strcmp(rw_commands[i]->name, name) == 0)
            return rw_commands[i];
    return NULL;
}
