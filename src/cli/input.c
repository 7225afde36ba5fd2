/* input.c - the files and words of a command line. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/near.h"
#include "cli/cli.h"
#include "interchange/format.h"
#include "rnn/json.h"
#include "spec/spec.h"

/* NULL: not foreign. false: --from names no format. */
static bool format_of(struct rw_cli *cli, const char *path, const struct rw_format **format)
{
    if (!rw_given(&cli->arguments, RW_OPTION_FROM)) {
        *format = rw_format_of(path);
        return true;
    }
    const char *name = cli->arguments.value[RW_OPTION_FROM];
    *format = rw_format_find(name);
    if (*format != NULL)
        return true;
    struct rw_near near = rw_near_start(name);
    rw_diag_error(cli->diag, rw_span_none(), "--from: there is no format '%s'", name);
    for (size_t i = 0; i < rw_format_count; i++)
        rw_near_offer(&near, rw_formats[i].name);
    rw_near_hint(&near, cli->diag);
    for (size_t i = 0; i < rw_format_count; i++)
        rw_diag_hint(cli->diag, "%s: %s", rw_formats[i].name, rw_formats[i].title);
    return false;
}

static struct rw_source *read_source(struct rw_cli *cli, const char *path)
{
    bool standard_input = strcmp(path, "-") == 0;
    if (standard_input && cli->stdin_taken) {
        rw_diag_error(cli->diag, rw_span_none(), "standard input can be read once: there is more than one '-'");
        return NULL;
    }
    cli->stdin_taken = cli->stdin_taken || standard_input;
    return rw_source_read(path, cli->arguments.limits.file_bytes, cli->diag);
}

static struct rw_machine *read_foreign(struct rw_cli *cli, const struct rw_format *format, struct rw_input *input)
{
    const struct rw_limits *limits = &cli->arguments.limits;
    if (!rw_given(&cli->arguments, RW_OPTION_SYMBOLS))
        return format->read(input->source, NULL, limits, cli->diag);
    input->symbols = read_source(cli, cli->arguments.value[RW_OPTION_SYMBOLS]);
    return input->symbols == NULL ? NULL : format->read(input->source, input->symbols, limits, cli->diag);
}

/* A wrong file in this place, and what the command wants. */
static bool refuse(struct rw_cli *cli, const struct rw_input *input, const char *message)
{
    rw_diag_error(cli->diag, rw_span_file(input->source), "%s", message);
    rw_diag_hint(cli->diag, "usage: rnnwit %s [OPTION...] %s", cli->command->name, cli->command->arguments);
    return false;
}

bool rw_input_read(struct rw_cli *cli, const char *path, int accepts, struct rw_input *input)
{
    const struct rw_limits *limits = &cli->arguments.limits;
    const struct rw_format *format;
    *input = (struct rw_input){0};
    if (!format_of(cli, path, &format))
        return false;
    input->source = read_source(cli, path);
    if (input->source == NULL)
        return false;
    input->foreign = format != NULL;
    bool is_net = format == NULL && rw_net_looks_like(input->source);
    if (is_net && !(accepts & RW_ACCEPTS_NET))
        return refuse(cli, input, "this is a net file; a spec is wanted here");
    bool is_problem = !is_net && format == NULL && rw_problem_looks_like(input->source, limits);
    if (is_problem && !(accepts & RW_ACCEPTS_PROBLEM))
        return refuse(cli, input, "this is a problem; an automaton or a network is wanted here");
    if (!is_net && !is_problem && !(accepts & (RW_ACCEPTS_SPEC | RW_ACCEPTS_PROBLEM)))
        return refuse(cli, input, "a net file is wanted here; its first key is \"rnnwit-net\"");
    if (!is_net && !is_problem && !(accepts & RW_ACCEPTS_SPEC))
        return refuse(cli, input, "a problem is wanted here: a spec of 'kind: problem'");
    if (!is_net && format == NULL && rw_given(&cli->arguments, RW_OPTION_SYMBOLS))
        return refuse(cli, input, "--symbols goes with a file in a foreign format, and this one is read as a spec");
    if (is_problem)
        input->problem = rw_problem_read(input->source, limits, cli->diag);
    else if (is_net)
        input->net = rw_net_read(input->source, limits, cli->diag);
    else if (format != NULL)
        input->machine = read_foreign(cli, format, input);
    else
        input->machine = rw_spec_read(input->source, limits, cli->diag);
    return input->net != NULL || input->machine != NULL || input->problem != NULL;
}

bool rw_input_reduce(struct rw_cli *cli, struct rw_input *input)
{
    return input->problem == NULL ||
           rw_problem_reduce(input->problem, &cli->arguments.limits, cli->diag, &input->machine, &input->word);
}

void rw_input_clear(struct rw_input *input)
{
    rw_problem_free(input->problem);
    rw_machine_free(input->machine);
    rw_word_clear(&input->word);
    rw_net_free(input->net);
    rw_source_free(input->source);
    rw_source_free(input->symbols);
}

void rw_cli_hint_order(struct rw_cli *cli, size_t wrong, size_t right)
{
    char *const *names = cli->arguments.names;
    if (right < cli->arguments.count && access(names[wrong], F_OK) != 0 && access(names[right], F_OK) == 0)
        rw_diag_hint(cli->diag, "the order is rnnwit %s %s", cli->command->name, cli->command->arguments);
}

bool rw_word_argument(struct rw_cli *cli, const struct rw_alphabet *alphabet, const char *text, struct rw_word *word)
{
    struct rw_source *source = rw_source_text("word", text, strlen(text));
    rw_word_init(word);
    bool good = rw_word_parse(word, alphabet, source, 1, source->text, source->size, cli->arguments.limits.word_length,
                              cli->diag);
    if (!good) {
        if (access(text, F_OK) == 0)
            rw_diag_hint(cli->diag, "'%s' is a file, and a word is wanted here: rnnwit %s %s", text, cli->command->name,
                         cli->command->arguments);
        rw_cli_fail(cli);
    }
    rw_source_free(source);
    return good;
}

static bool is_blank_line(const char *text, size_t length)
{
    return strspn(text, " \t\r\n") >= length;
}

bool rw_words_read(struct rw_cli *cli, const struct rw_alphabet *alphabet, struct rw_word **words, size_t *count)
{
    const struct rw_limits *limits = &cli->arguments.limits;
    *words = NULL;
    *count = 0;
    if (!rw_given(&cli->arguments, RW_OPTION_WORDS))
        return true;
    struct rw_source *source = read_source(cli, cli->arguments.value[RW_OPTION_WORDS]);
    if (source == NULL)
        return false;
    size_t capacity = 0, line = 1;
    bool good = true;
    for (const char *text = source->text, *end = text + source->size; text < end; line++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t length = newline == NULL ? (size_t)(end - text) : (size_t)(newline - text);
        if (!is_blank_line(text, length)) {
            *words = rw_grow(*words, &capacity, *count + 1, sizeof **words);
            rw_word_init(*words + *count);
            good = rw_word_parse(*words + (*count)++, alphabet, source, line, text, length, limits->word_length,
                                 cli->diag) &&
                   good;
        }
        text += length + 1;
    }
    if (!good)
        rw_cli_fail(cli);
    rw_source_free(source);
    return good;
}

void rw_words_free(struct rw_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rw_word_clear(words + i);
    free(words);
}
