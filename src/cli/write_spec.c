/* write_spec.c - a machine that a command has made, as a spec. */
#include <string.h>

#include "cli/cli.h"
#include "report/machine.h"
#include "spec/spec.h"

static const char *path_of(const struct rw_cli *cli)
{
    return rw_given(&cli->arguments, RW_OPTION_OUTPUT) ? cli->arguments.value[RW_OPTION_OUTPUT] : "-";
}

bool rw_cli_spec_has_place(struct rw_cli *cli)
{
    if (!rw_cli_json(cli) || strcmp(path_of(cli), "-") != 0)
        return true;
    rw_cli_usage(cli, "--json tells about the automaton, which goes to standard output itself without -o FILE");
    return false;
}

struct made {
    const struct rw_machine *machine;
    const char *of;
    bool comment;
};

static void tell(const struct made *made, const char *margin, FILE *out)
{
    fprintf(out, "%sfrom: %s\n%sto:   ", margin, made->of, margin);
    rw_report_machine_line(made->machine, out);
    fputc('\n', out);
}

static bool write_spec(FILE *out, void *context)
{
    const struct made *made = context;
    if (made->comment)
        tell(made, "# ", out);
    return rw_spec_write(made->machine, out);
}

int rw_cli_write_spec(struct rw_cli *cli, const struct rw_machine *machine, const char *made_of)
{
    const char *path = path_of(cli);
    struct made made = {machine, made_of, strcmp(path, "-") == 0};
    if (!rw_write_whole(path, write_spec, &made, cli->diag))
        return rw_cli_fail(cli);
    if (rw_cli_json(cli)) {
        json_int_t states = (json_int_t)machine->kind->quantities(machine->model);
        rw_cli_answer(cli, json_pack("{s:s, s:s, s:s, s:I, s:s}", "file", path, "name", machine->name, "kind",
                                     machine->kind->name, "states", states, "from", made_of));
    } else if (!made.comment) {
        printf("%s: written\n", path);
        tell(&made, "  ", stdout);
    }
    return rw_cli_fail(cli);
}
