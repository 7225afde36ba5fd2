/* main.c - the program: finds the command, reads its options, runs it, and takes the exit code from what it found. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <flint/flint.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <yaml.h>

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

static void keep_problems(struct rw_cli *cli)
{
    json_t *list = rw_report_problem_list(cli->diag);
    if (cli->problems == NULL)
        cli->problems = json_array();
    json_array_extend(cli->problems, list);
    json_decref(list);
}

int rw_cli_fail(struct rw_cli *cli)
{
    int code = rw_diag_exit_code(cli->diag);
    rw_cli_progress_clear();
    if (rw_diag_count(cli->diag) > 0 && rw_cli_json(cli))
        keep_problems(cli);
    else
        rw_diag_print(cli->diag, stderr);
    rw_diag_clear(cli->diag);
    cli->worst = code > cli->worst ? code : cli->worst;
    return code;
}

void rw_cli_answer(struct rw_cli *cli, json_t *object)
{
    json_decref(cli->answer);
    cli->answer = object;
}

static void print_answer(struct rw_cli *cli)
{
    if (cli->answer == NULL && cli->problems != NULL)
        cli->answer = json_object();
    if (cli->problems != NULL)
        json_object_set_new(cli->answer, "problems", cli->problems);
    if (cli->answer != NULL && rw_cli_json(cli))
        rw_report_json(cli->answer, stdout);
    else
        json_decref(cli->answer);
}

int rw_cli_usage(struct rw_cli *cli, const char *format, ...)
{
    char *message = NULL;
    size_t size;
    va_list arguments;
    FILE *stream = open_memstream(&message, &size);
    if (stream == NULL)
        rw_out_of_memory(1);
    va_start(arguments, format);
    vfprintf(stream, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): started above */
    va_end(arguments);
    fclose(stream);
    rw_diag_error(cli->diag, rw_span_none(), "%s: %s", cli->command->name, message);
    rw_diag_hint(cli->diag, "usage: rnnwit %s [OPTION...] %s; rnnwit %s --help tells more", cli->command->name,
                 cli->command->arguments, cli->command->name);
    free(message);
    return rw_cli_fail(cli);
}

bool rw_cli_table_good(struct rw_cli *cli)
{
    if (!rw_given(&cli->arguments, RW_OPTION_TABLE))
        return true;
    const char *form = cli->arguments.value[RW_OPTION_TABLE];
    if (*form != '\0' && strcmp(form, "text") != 0 && strcmp(form, "markdown") != 0)
        rw_diag_error(cli->diag, rw_span_none(), "--table is text or markdown, not '%s'", form);
    else if (rw_cli_json(cli))
        rw_diag_error(cli->diag, rw_span_none(), "--table is for people and --json for programs; ask for one of them");
    else
        return true;
    return false;
}

bool rw_cli_markdown(const struct rw_cli *cli)
{
    return rw_given(&cli->arguments, RW_OPTION_TABLE) && strcmp(cli->arguments.value[RW_OPTION_TABLE], "markdown") == 0;
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
    printf("usage: rnnwit %s [OPTION...] %s\n\n%s.\n\n%s\noptions:\n", command->name, command->arguments,
           command->summary, command->details);
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
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    printf("rnnwit %s\nFLINT %s: exact rational arithmetic\nPCRE2 %s: second opinion on regex specs\n"
           "libyaml %s: specs\njansson %s: net files\n",
           RW_VERSION, FLINT_VERSION, pcre2, yaml_get_version_string(), JANSSON_VERSION);
}

/* --- running --- */

static int run_command(struct rw_cli *cli, int argc, char **argv)
{
    if (!rw_arguments_read(&cli->arguments, cli->command->options | COMMON_OPTIONS, argc, argv, cli->diag))
        return rw_cli_fail(cli);
    rw_diag_free(cli->diag);
    cli->diag = rw_diag_new(cli->arguments.limits.errors); /* which --limit may have changed */
    if (rw_given(&cli->arguments, RW_OPTION_HELP)) {
        print_help(cli->command);
        return 0;
    }
    int code = cli->command->run(cli);
    rw_cli_fail(cli);
    return cli->worst > code ? cli->worst : code;
}

static int start_command(const struct rw_command *command, int argc, char **argv)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_cli cli = {.command = command, .diag = rw_diag_new(limits.errors), .progress = rw_cli_progress()};
    int code = run_command(&cli, argc, argv);
    print_answer(&cli);
    rw_arguments_clear(&cli.arguments);
    rw_diag_free(cli.diag);
    return code;
}

static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

static int unknown_command(const char *name, bool json)
{
    struct rw_near near = rw_near_start(name);
    struct rw_diag *diag = rw_diag_new(1);
    for (size_t i = 0; rw_commands[i] != NULL; i++)
        rw_near_offer(&near, rw_commands[i]->name);
    rw_diag_error(diag, rw_span_none(), "there is no command '%s'", name);
    rw_near_hint(&near, diag);
    if (near.best == NULL)
        rw_diag_hint(diag, "rnnwit --help lists the commands");
    if (json)
        rw_report_json(json_pack("{s:o}", "problems", rw_report_problem_list(diag)), stdout);
    else
        rw_diag_print(diag, stderr);
    rw_diag_free(diag);
    return RW_EXIT_USAGE;
}

/* rnnwit help [COMMAND] */
static int help(int argc, char **argv)
{
    const struct rw_command *command = argc > 2 ? rw_command_find(argv[2]) : NULL;
    if (argc > 2 && command == NULL)
        return unknown_command(argv[2], asks_for_json(argc, argv));
    if (command != NULL) {
        print_help(command);
    } else {
        print_usage(stdout);
        print_limits(stdout);
    }
    return 0;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return RW_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(argc, argv);
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
        return 0;
    }
    const struct rw_command *command = rw_command_find(argv[1]);
    return command == NULL ? unknown_command(argv[1], asks_for_json(argc, argv))
                           : start_command(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    rw_set_out_of_memory(out_of_memory);
    rw_cli_catch_interrupts();
    int code = dispatch(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code != RW_EXIT_IO) {
        fprintf(stderr, "rnnwit: error: cannot write to standard output: %s\n", strerror(errno));
        code = RW_EXIT_IO;
    }
    flint_cleanup_master();
    return rw_cli_interrupted() ? RW_EXIT_INTERRUPTED : code;
}
