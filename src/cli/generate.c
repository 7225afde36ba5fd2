/* generate.c - rnnwit generate: balanced data sets, with what trivial predictors get on them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/near.h"
#include "base/source.h"
#include "cli/commands.h"
#include "interchange/npy.h"
#include "reductions/problems/dataset.h"
#include "report/problems.h"

#define MOST_SPLITS 8

struct split {
    char *name;
    uint64_t least, most, count;
};

struct session {
    struct rw_cli *cli;
    const struct rw_generator *generator;
    struct rw_dataset_options options;
    const char *folder;
    uint64_t seed;
    struct split splits[MOST_SPLITS];
    size_t split_count;
    json_t *answer;
};

/* --- writing --- */

static bool write_lines(FILE *out, void *context)
{
    const struct rw_dataset *dataset = context;
    for (size_t i = 0; i < dataset->count; i++) {
        const struct rw_example *example = dataset->examples + i;
        json_t *line = json_object(), *tokens = json_array();
        for (size_t k = 0; k < example->word.length; k++)
            json_array_append_new(
                tokens, rw_report_text(rw_alphabet_name(dataset->machine->alphabet, example->word.symbols[k])));
        json_object_set_new(line, "tokens", tokens);
        json_object_set_new(line, "label", json_integer(example->label));
        json_dumpf(line, out, JSON_COMPACT);
        fputc('\n', out);
        json_decref(line);
    }
    return !ferror(out);
}

/* Numbers of tokens, -1 after the end. */
static bool write_tokens(FILE *out, void *context)
{
    const struct rw_dataset *dataset = context;
    bool good = rw_npy_start(out, RW_NPY_INT32, dataset->count, dataset->most);
    for (size_t i = 0; i < dataset->count && good; i++)
        for (size_t k = 0; k < dataset->most && good; k++) {
            const struct rw_word *word = &dataset->examples[i].word;
            good = rw_npy_put(out, RW_NPY_INT32, k < word->length ? (int64_t)word->symbols[k] : -1);
        }
    return good;
}

static bool write_labels(FILE *out, void *context)
{
    const struct rw_dataset *dataset = context;
    bool good = rw_npy_start(out, RW_NPY_INT64, dataset->count, 0);
    for (size_t i = 0; i < dataset->count && good; i++)
        good = rw_npy_put(out, RW_NPY_INT64, dataset->examples[i].label);
    return good;
}

static bool write_lengths(FILE *out, void *context)
{
    const struct rw_dataset *dataset = context;
    bool good = rw_npy_start(out, RW_NPY_INT32, dataset->count, 0);
    for (size_t i = 0; i < dataset->count && good; i++)
        good = rw_npy_put(out, RW_NPY_INT32, (int64_t)dataset->examples[i].word.length);
    return good;
}

static bool write_split(const struct session *session, const struct split *split, struct rw_dataset *dataset)
{
    static const struct {
        const char *suffix;
        bool (*write)(FILE *out, void *context);
    } files[] = {{".jsonl", write_lines},
                 {"-tokens.npy", write_tokens},
                 {"-labels.npy", write_labels},
                 {"-lengths.npy", write_lengths}};
    bool good = true;
    for (size_t i = 0; i < sizeof files / sizeof *files && good; i++) {
        char *path = rw_format("%s/%s%s", session->folder, split->name, files[i].suffix);
        good = rw_write_whole(path, files[i].write, dataset, session->cli->diag);
        free(path);
    }
    return good;
}

static bool write_answer(FILE *out, void *context)
{
    return json_dumpf(context, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF;
}

static bool make_folder(const struct session *session)
{
    struct stat status;
    if (mkdir(session->folder, 0777) == 0 || (stat(session->folder, &status) == 0 && S_ISDIR(status.st_mode)))
        return true;
    rw_diag_io(session->cli->diag, rw_span_none(), "cannot make the folder '%s': %s", session->folder, strerror(errno));
    return false;
}

/* --- one split --- */

static json_t *split_json(const struct split *split, const struct rw_dataset *dataset,
                          const struct rw_shortcuts *shortcuts)
{
    json_t *measured = json_array();
    for (size_t i = 0; i < shortcuts->count; i++)
        json_array_append_new(measured, json_pack("{s:s, s:f}", "feature", shortcuts->shortcuts[i].feature, "accuracy",
                                                  shortcuts->shortcuts[i].accuracy));
    return json_pack("{s:s, s:o, s:o, s:o, s:f, s:o}", "split", split->name, "least", rw_report_count(split->least),
                     "most", rw_report_count(split->most), "examples", rw_report_count(dataset->count), "chance",
                     shortcuts->chance, "shortcuts", measured);
}

static void print_split(const struct split *split, const struct rw_dataset *dataset,
                        const struct rw_shortcuts *shortcuts)
{
    printf("%s: %zu examples, lengths %" PRIu64 " to %" PRIu64 ", every label checked with the automaton\n",
           split->name, dataset->count, split->least, split->most);
    for (size_t i = 0; i < shortcuts->count; i++) {
        const struct rw_shortcut *shortcut = shortcuts->shortcuts + i;
        printf("  %.3f from %s%s\n", shortcut->accuracy, shortcut->feature,
               shortcut->above_chance ? "  (above chance)" : "");
    }
}

static bool generate_split(struct session *session, const struct split *split, struct rw_random *random)
{
    struct rw_dataset dataset;
    struct rw_cli *cli = session->cli;
    bool good = rw_dataset_draw(&dataset, session->generator, &session->options, random, split->count, split->least,
                                split->most, cli->progress, cli->diag);
    rw_cli_progress_clear();
    if (good) {
        struct rw_shortcuts shortcuts = rw_dataset_shortcuts(&dataset, &session->options);
        json_array_append_new(json_object_get(session->answer, "splits"), split_json(split, &dataset, &shortcuts));
        rw_dataset_shuffle(&dataset, random);
        good = session->folder == NULL || write_split(session, split, &dataset);
        if (good && !rw_cli_json(cli))
            print_split(split, &dataset, &shortcuts);
    }
    rw_dataset_clear(&dataset);
    return good;
}

/* --- options --- */

static const struct rw_generator *read_name(struct rw_cli *cli)
{
    const char *name = cli->arguments.names[0];
    const struct rw_generator *generator = rw_generator_find(name);
    if (generator != NULL)
        return generator;
    rw_diag_error(cli->diag, rw_span_none(), "there is no data set of '%s'", name);
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; rw_generators[i] != NULL; i++)
        rw_near_offer(&near, rw_generators[i]->name);
    rw_near_hint(&near, cli->diag);
    for (size_t i = 0; rw_generators[i] != NULL; i++)
        rw_diag_hint(cli->diag, "%s: %s", rw_generators[i]->name, rw_generators[i]->about);
    return NULL;
}

/* "1-100,101-200": the splits train, validation, test, or parts. */
static bool read_lengths(struct session *session, const char *text)
{
    static const char *const names[] = {"train", "validation", "test"};
    for (const char *at = text;; at++) {
        char *end;
        struct split *split = session->splits + session->split_count;
        if (session->split_count == MOST_SPLITS)
            break;
        split->least = strtoull(at, &end, 10);
        bool good = end != at && *end == '-';
        at = end + good;
        split->most = good ? strtoull(at, &end, 10) : 0;
        good = good && end != at && split->least >= 1 && split->most >= split->least &&
               split->most <= session->cli->arguments.limits.word_length;
        if (!good || (*end != ',' && *end != '\0'))
            break;
        size_t number = session->split_count++;
        split->name = number < 3 ? rw_strdup(names[number]) : rw_format("part-%zu", number + 1);
        at = end;
        if (*end == '\0')
            return true;
    }
    rw_diag_error(session->cli->diag, rw_span_none(), "--lengths is a list of at most %d ranges, not '%s'", MOST_SPLITS,
                  text);
    rw_diag_hint(session->cli->diag,
                 "such as --lengths=1-100,101-200,201-300; the first number is at least 1, the second not below it nor "
                 "above the limit word-length");
    return false;
}

static bool read_options(struct session *session)
{
    struct rw_cli *cli = session->cli;
    const struct rw_arguments *arguments = &cli->arguments;
    uint64_t count;
    bool good = rw_arguments_number(arguments, RW_OPTION_COUNT_OF, 1000, 100000000, &count, cli->diag);
    good = rw_arguments_number(arguments, RW_OPTION_SEED, 1, UINT64_MAX, &session->seed, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_MODULUS, 0, 1000000, &session->options.modulus, cli->diag) && good;
    good = rw_arguments_number(arguments, RW_OPTION_DIMENSION, 3, 12, &session->options.dimension, cli->diag) && good;
    good = good && read_lengths(session, rw_given(arguments, RW_OPTION_LENGTHS) ? arguments->value[RW_OPTION_LENGTHS]
                                                                                : "1-100,101-200,201-300");
    bool matrices = strcmp(session->generator->name, "matrix-product") == 0;
    if (!matrices && (rw_given(arguments, RW_OPTION_MODULUS) || rw_given(arguments, RW_OPTION_DIMENSION))) {
        rw_diag_error(cli->diag, rw_span_none(), "--modulus and --dimension are for matrix-product");
        good = false;
    }
    if (good && (session->options.dimension == 0 || session->options.modulus == 1 || count == 0)) {
        rw_diag_error(cli->diag, rw_span_none(), "--dimension and --count are at least 1, --modulus at least 2");
        good = false;
    }
    for (size_t i = 0; i < session->split_count; i++)
        session->splits[i].count = count;
    return good;
}

static bool generate(struct session *session)
{
    struct rw_random random = rw_random_seed(session->seed);
    const char *path =
        rw_given(&session->cli->arguments, RW_OPTION_OUTPUT) ? session->cli->arguments.value[RW_OPTION_OUTPUT] : NULL;
    session->folder = path;
    if (path != NULL && !make_folder(session))
        return false;
    session->answer = json_pack("{s:s, s:s, s:o, s:o, s:o, s:[]}", "problem", session->generator->name, "about",
                                session->generator->about, "seed", rw_report_count(session->seed), "modulus",
                                rw_report_count(session->options.modulus), "alphabet", json_array(), "splits");
    struct rw_machine *machine = session->generator->machine(&session->options);
    for (uint32_t s = 0; s < rw_alphabet_size(machine->alphabet); s++)
        json_array_append_new(json_object_get(session->answer, "alphabet"),
                              rw_report_text(rw_alphabet_name(machine->alphabet, s)));
    rw_machine_free(machine);
    bool good = true;
    for (size_t i = 0; i < session->split_count && good && !rw_cli_interrupted(); i++)
        good = generate_split(session, session->splits + i, &random);
    if (good && path != NULL && !rw_cli_interrupted()) {
        char *about = rw_format("%s/dataset.json", path);
        good = rw_write_whole(about, write_answer, session->answer, session->cli->diag);
        free(about);
    }
    return good;
}

static int run(struct rw_cli *cli)
{
    struct session session = {.cli = cli};
    if (cli->arguments.count != 1)
        return rw_cli_usage(cli, "the name of a problem is wanted");
    session.generator = read_name(cli);
    if (session.generator != NULL && read_options(&session) && generate(&session))
        rw_cli_answer(cli, json_incref(session.answer));
    json_decref(session.answer);
    for (size_t i = 0; i < session.split_count; i++)
        free(session.splits[i].name);
    return rw_cli_fail(cli);
}

const struct rw_command rw_command_generate = {
    .name = "generate",
    .arguments = "PROBLEM-NAME",
    .summary = "Draw balanced data sets of a problem, and measure what trivial predictors get on them",
    .details = "The problems: sorted-connectivity, matrix-product, word-problem, boolean-formula, circuit, and\n"
               "sorted-connectivity-released, which shows what goes wrong. With -o the splits go to a folder of that "
               "name, as JSON lines and NumPy\n"
               "arrays. Examples come in groups, one of each label, that agree in length, first token, last token and "
               "the features of the problem\n"
               "that would give the label away. Accuracies are of the best function of a feature, learned on one half "
               "and measured on the other.\n",
    .options = RW_TAKES(RW_OPTION_OUTPUT) | RW_TAKES(RW_OPTION_SEED) | RW_TAKES(RW_OPTION_COUNT_OF) |
               RW_TAKES(RW_OPTION_LENGTHS) | RW_TAKES(RW_OPTION_MODULUS) | RW_TAKES(RW_OPTION_DIMENSION),
    .run = run,
};
