/* check.c - rnnwit check: reads files and says all that is wrong with them. */
#include "cli/commands.h"
#include "report/instance.h"
#include "report/machine.h"
#include "report/net.h"
#include "report/problems.h"

static void print_good(const char *path, const struct rw_input *input)
{
    printf("%s: ok, ", path);
    if (input->problem != NULL) {
        fputs("problem ", stdout);
        rw_report_instance_line(input->problem, stdout);
    } else if (input->machine != NULL) {
        rw_report_machine_line(input->machine, stdout);
    } else {
        fputs("network, ", stdout);
        rw_report_net_size(input->net, stdout);
    }
    putchar('\n');
}

static json_t *file_json(const char *path, const struct rw_input *input, const struct rw_diag *diag)
{
    json_t *file = json_object();
    bool good = input->machine != NULL || input->net != NULL || input->problem != NULL;
    json_object_set_new(file, "file", rw_report_text(path));
    json_object_set_new(file, "ok", json_boolean(good));
    if (input->machine != NULL)
        json_object_set_new(file, "kind", json_string(input->machine->kind->name));
    else if (input->problem != NULL)
        json_object_set_new(file, "kind", json_string("problem"));
    else if (input->net != NULL)
        json_object_set_new(file, "kind", json_string("net"));
    json_object_set_new(file, "problems", rw_report_problem_list(diag));
    return file;
}

static int run(struct rw_cli *cli)
{
    int worst = 0;
    if (cli->arguments.count == 0)
        return rw_cli_usage(cli, "no file was named");
    json_t *files = json_array();
    for (size_t i = 0; i < cli->arguments.count && !rw_cli_interrupted(); i++) {
        struct rw_input input;
        const char *path = cli->arguments.names[i], *name = rw_cli_file_name(path);
        bool good = rw_input_read(cli, path, RW_ACCEPTS_SPEC | RW_ACCEPTS_NET | RW_ACCEPTS_PROBLEM, &input);
        if (rw_cli_json(cli))
            json_array_append_new(files, file_json(name, &input, cli->diag));
        else if (good)
            print_good(name, &input);
        int code = rw_cli_json(cli) ? rw_diag_exit_code(cli->diag) : rw_cli_fail(cli);
        worst = code > worst ? code : worst;
        rw_diag_clear(cli->diag);
        rw_input_clear(&input);
    }
    rw_cli_answer(cli, json_pack("{s:o}", "files", files));
    return worst;
}

const struct rw_command rw_command_check = {
    .name = "check",
    .arguments = "FILE...",
    .summary = "Read specs and net files and say all that is wrong with them",
    .details = "Every problem of a file is reported in one pass, with its line, its column and a hint.\n"
               "Exit: 0 all is well, 2 a file has errors, 3 a limit was reached, 4 a file cannot be read.\n",
    .options = RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
