/* input.c - the files and words of a command line. */
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "cli/cli.h"
#include "interchange/format.h"
#include "rnn/json.h"
#include "spec/spec.h"

#include <stdlib.h>

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

static struct rw_machine *read_foreign(struct rw_cli *cli, const struct rw_format *format, const struct rw_source *source)
{
    const struct rw_limits *limits = &cli->arguments.limits;
    if (!rw_given(&cli->arguments, RW_OPTION_SYMBOLS))
        return format->read(source, NULL, limits, cli->diag);
    struct rw_source *symbols =
        rw_source_read(cli->arguments.value[RW_OPTION_SYMBOLS], limits->file_bytes, cli->diag);
    if (symbols == NULL)
        return NULL;
    struct rw_machine *machine = format->read(source, symbols, limits, cli->diag);
    if (machine == NULL)
        rw_cli_fail(cli); /* while the source that problems point into is there */
    rw_source_free(symbols);
    return machine;
}

bool rw_input_read(struct rw_cli *cli, const char *path, int accepts, struct rw_input *input)
{
    const struct rw_limits *limits = &cli->arguments.limits;
    const struct rw_format *format;
    *input = (struct rw_input){0};
    if (!format_of(cli, path, &format))
        return false;
    input->source = rw_source_read(path, limits->file_bytes, cli->diag);
    if (input->source == NULL)
        return false;
    bool is_net = format == NULL && rw_net_looks_like(input->source);
    if (is_net && !(accepts & RW_ACCEPTS_NET)) {
        rw_diag_error(cli->diag, rw_span_file(input->source), "this is a net file; a spec is wanted here");
        return false;
    }
    if (!is_net && !(accepts & RW_ACCEPTS_SPEC)) {
        rw_diag_error(cli->diag, rw_span_file(input->source), "a net file is wanted here; its first key is \"rnnwit-net\"");
        return false;
    }
    if (is_net)
        input->net = rw_net_read(input->source, limits, cli->diag);
    else if (format != NULL)
        input->machine = read_foreign(cli, format, input->source);
    else
        input->machine = rw_spec_read(input->source, limits, cli->diag);
    return input->net != NULL || input->machine != NULL;
}

void rw_input_clear(struct rw_input *input)
{
    rw_machine_free(input->machine);
    rw_net_free(input->net);
    rw_source_free(input->source);
}

bool rw_word_argument(struct rw_cli *cli, const struct rw_alphabet *alphabet, const char *text, struct rw_word *word)
{
    struct rw_source *source = rw_source_text("word", text, strlen(text));
    rw_word_init(word);
    bool good = rw_word_parse(word, alphabet, source, 1, source->text, source->size, cli->arguments.limits.word_length,
                              cli->diag);
    if (!good)
        rw_cli_fail(cli);
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
    struct rw_source *source = rw_source_read(cli->arguments.value[RW_OPTION_WORDS], limits->file_bytes, cli->diag);
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
            good = rw_word_parse(*words + (*count)++, alphabet, source, line, text, length, limits->word_length, cli->diag) && good;
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
