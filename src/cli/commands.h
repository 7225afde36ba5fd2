/* commands.h - the subcommands, one file each. */
#ifndef RW_CLI_COMMANDS_H
#define RW_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct rw_command rw_command_check, rw_command_show, rw_command_build, rw_command_run, rw_command_trace,
    rw_command_verify, rw_command_prove, rw_command_recheck, rw_command_reduce, rw_command_generate, rw_command_import,
    rw_command_extract;

#endif
