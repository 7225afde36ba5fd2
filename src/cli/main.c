/* main.c - the program: finds the command, reads its options, runs it, and takes the exit code from what it found. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <flint/flint.h>

#include "base/memory.h"
#include "base/near.h"
#include "base/version.h"
#include "cli/cli.h"
#include "report/problems.h"

/* What every command takes. */
#define COMMON_OPTIONS (RW_TAKES(RW_OPTION_HELP) | RW_TAKES(RW_OPTION_JSON) | RW_TAKES(RW_OPTION_LIMIT))

static void out_of_memory(size_t bytes)
{
    fprintf(stderr, "rnnwit: error: out of memory (%zu bytes could not be had)\n", bytes);
    _exit(3);
}

int rw_cli_fail(struct rw_cli *cli)
{
    int code = rw_diag_exit_code(cli->diag);
    rw_cli_progress_clear();
    if (rw_diag_count(cli->diag) > 0) {
        if (rw_cli_json(cli))
            rw_report_problems_json(cli->diag, stdout);
        else
            rw_diag_print(cli->diag, stderr);
    }
    rw_diag_clear(cli->diag);
    return code;
}

int rw_cli_usage(struct rw_cli *cli, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "rnnwit %s: error: ", cli->command->name);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nusage: rnnwit %s [OPTION...] %s\n       rnnwit %s --help tells more\n", cli->command->name,
            cli->command->arguments, cli->command->name);
    return RW_EXIT_USAGE;
}

/* --- help --- */

static void print_option(const struct rw_option_info *info)
{
    char letter[] = {'-', info->letter, ',', ' ', '\0'};
    const char *argument = info->argument == NULL ? "" : info->argument;
    char *text = argument[0] == '[' ? rw_format("--%s[=%.*s]", info->name, (int)strlen(argument) - 2, argument + 1)
                                    : rw_format("--%s%s%s", info->name, *argument != '\0' ? "=" : "", argument);
    printf("  %s%-24s %s\n", info->letter == 0 ? "    " : letter, text, info->help);
    free(text);
}

static void print_help(const struct rw_command *command)
{
    printf("usage: rnnwit %s [OPTION...] %s\n\n%s.\n\n%s\noptions:\n", command->name, command->arguments, command->summary,
           command->details);
    for (int i = 0; i < RW_OPTION_COUNT; i++)
        if ((command->options | COMMON_OPTIONS) & RW_TAKES(i))
            print_option(rw_option_table + i);
    printf("\nrnnwit-%s(1) has examples.\n", command->name);
}

static void print_usage(FILE *out)
{
    fputs("usage: rnnwit COMMAND [OPTION...] [ARGUMENT...]\n\n"
          "Constructs recurrent networks that simulate automata, and verifies them exactly.\n\ncommands:\n",
          out);
    for (size_t i = 0; rw_commands[i] != NULL; i++)
        fprintf(out, "  %-9s %s\n", rw_commands[i]->name, rw_commands[i]->summary);
    fputs("\nrnnwit COMMAND --help tells more about one; rnnwit --version says what this is.\n", out);
}

static void print_limits(FILE *out)
{
    fputs("\nlimits (--limit NAME=VALUE):\n", out);
    for (unsigned i = 0; i < rw_limit_count; i++)
        fprintf(out, "  %-15s %10" PRIu64 "  %s\n", rw_limit_table[i].name, rw_limit_table[i].standard,
                rw_limit_table[i].what);
}

static void print_version(void)
{
    printf("rnnwit %s\nFLINT %s, exact rational arithmetic\n", RW_VERSION, FLINT_VERSION);
}

/* --- running --- */

static int run_command(struct rw_cli *cli, int argc, char **argv)
{
    if (!rw_arguments_read(&cli->arguments, cli->command->options | COMMON_OPTIONS, argc, argv, cli->diag))
        return rw_cli_fail(cli);
    if (rw_given(&cli->arguments, RW_OPTION_HELP)) {
        print_help(cli->command);
        return 0;
    }
    int code = cli->command->run(cli);
    int problems = rw_cli_fail(cli);
    return problems > code ? problems : code;
}

static int start_command(const struct rw_command *command, int argc, char **argv)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_cli cli = {.command = command, .diag = rw_diag_new(limits.errors), .progress = rw_cli_progress()};
    int code = run_command(&cli, argc, argv);
    rw_arguments_clear(&cli.arguments);
    rw_diag_free(cli.diag);
    return code;
}

static int unknown_command(const char *name)
{
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; rw_commands[i] != NULL; i++)
        rw_near_offer(&near, rw_commands[i]->name);
    fprintf(stderr, "rnnwit: error: there is no command '%s'\n", name);
    if (near.best != NULL)
        fprintf(stderr, "  hint: did you mean '%s'?\n", near.best);
    else
        fputs("  hint: rnnwit --help lists the commands\n", stderr);
    return RW_EXIT_USAGE;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return RW_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        const struct rw_command *command = argc > 2 ? rw_command_find(argv[2]) : NULL;
        if (command != NULL) {
            print_help(command);
            return 0;
        }
        print_usage(stdout);
        print_limits(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
        return 0;
    }
    const struct rw_command *command = rw_command_find(argv[1]);
    return command == NULL ? unknown_command(argv[1]) : start_command(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    rw_set_out_of_memory(out_of_memory);
    rw_cli_catch_interrupts();
    int code = dispatch(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "rnnwit: error: cannot write to standard output: %s\n", strerror(errno));
        code = 4;
    }
    flint_cleanup_master();
    return rw_cli_interrupted() ? RW_EXIT_INTERRUPTED : code;
}
