/* reduce.c - rnnwit reduce: an instance of a problem as a word of a fixed automaton. */
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "cli/commands.h"
#include "report/instance.h"
#include "report/problems.h"
#include "spec/spec.h"

static bool write_word(FILE *out, void *context)
{
    const struct rw_input *input = context;
    char *text = rw_word_text(input->machine->alphabet, input->word.symbols, input->word.length);
    fputs(text, out);
    free(text);
    return fputc('\n', out) != EOF && !ferror(out);
}

static bool write_automaton(FILE *out, void *context)
{
    return rw_spec_write(context, out);
}

/* One place for one thing; standard output also for the answer of --json. */
static bool places_differ(struct rw_cli *cli)
{
    const struct rw_arguments *arguments = &cli->arguments;
    const char *word = rw_given(arguments, RW_OPTION_OUTPUT) ? arguments->value[RW_OPTION_OUTPUT] : "-";
    if (!rw_given(arguments, RW_OPTION_AUTOMATON))
        return true;
    const char *automaton = arguments->value[RW_OPTION_AUTOMATON];
    bool answer = rw_cli_json(cli) && strcmp(automaton, "-") == 0;
    if (!answer && strcmp(automaton, word) != 0)
        return true;
    rw_cli_usage(cli, "--automaton=%s is where the %s goes", automaton, answer ? "answer" : "word");
    return false;
}

static bool write_files(struct rw_cli *cli, struct rw_input *input)
{
    const struct rw_arguments *arguments = &cli->arguments;
    const char *path = rw_given(arguments, RW_OPTION_OUTPUT) ? arguments->value[RW_OPTION_OUTPUT] : "-";
    if (rw_given(arguments, RW_OPTION_AUTOMATON) &&
        !rw_write_whole(arguments->value[RW_OPTION_AUTOMATON], write_automaton, input->machine, cli->diag))
        return false;
    return (rw_cli_json(cli) && strcmp(path, "-") == 0) || rw_write_whole(path, write_word, input, cli->diag);
}

static void tell(struct rw_cli *cli, const struct rw_input *input)
{
    struct rw_report_reduced reduced = {input->problem, input->machine, &input->word};
    if (rw_cli_json(cli)) {
        json_t *object = rw_report_instance_json(&reduced);
        char *text = rw_word_text(input->machine->alphabet, input->word.symbols, input->word.length);
        json_object_set_new(object, "word", rw_report_text(text));
        free(text);
        rw_cli_answer(cli, object);
        return;
    }
    fprintf(stderr, "%s: ", rw_cli_file_name(cli->arguments.names[0]));
    rw_report_reduction(&reduced, stderr);
    fputc('\n', stderr);
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "one problem is wanted");
    if (!places_differ(cli))
        return rw_cli_fail(cli);
    if (rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_PROBLEM, &input) && rw_input_reduce(cli, &input) &&
        write_files(cli, &input))
        tell(cli, &input);
    rw_cli_fail(cli);
    rw_input_clear(&input);
    return 0;
}

const struct rw_command rw_command_reduce = {
    .name = "reduce",
    .arguments = "PROBLEM",
    .summary = "Write an instance of a problem as a word of a fixed automaton",
    .details = "The word goes to standard output, or to FILE; the sizes go to standard error. --automaton writes the "
               "spec of the "
               "automaton,\n"
               "which does not depend on the size of the instance.\n",
    .options = RW_TAKES(RW_OPTION_OUTPUT) | RW_TAKES(RW_OPTION_AUTOMATON),
    .run = run,
};
