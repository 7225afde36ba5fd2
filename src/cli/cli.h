/* cli.h - what every subcommand has at hand. A new command is a file beside this one and a row in commands.c. */
#ifndef RW_CLI_CLI_H
#define RW_CLI_CLI_H

#include <jansson.h>

#include "automata/machine.h"
#include "base/progress.h"
#include "cli/options.h"
#include "reductions/problems/problem.h"
#include "reductions/witness/witness.h"
#include "rnn/net.h"

/* Exit codes; diagnostics have their own (rw_diag_exit_code). */
enum {
    RW_EXIT_HOLDS = 0,
    RW_EXIT_DIFFERS = 1,
    RW_EXIT_USAGE = 2,
    RW_EXIT_LIMIT = 3,
    RW_EXIT_IO = 4,
    RW_EXIT_INTERRUPTED = 130
};

struct rw_cli;

struct rw_command {
    const char *name;
    const char *arguments;          /* "SPEC..." */
    const char *summary;            /* one line */
    const char *details;            /* for --help; ends with a line break */
    rw_option_set options;          /* besides those that every command takes */
    int (*run)(struct rw_cli *cli); /* exit code */
};
extern const struct rw_command *const rw_commands[]; /* NULL-terminated */
const struct rw_command *rw_command_find(const char *name);

struct rw_cli {
    const struct rw_command *command;
    struct rw_arguments arguments;
    struct rw_diag *diag;
    struct rw_progress *progress;
    int worst;        /* exit code of the problems so far */
    bool stdin_taken; /* "-" was read */
    json_t *answer;   /* with --json: what goes to standard output at the end, and ... */
    json_t *problems; /* ... the problems in it, so that the output is one JSON value whatever happens */
};

static inline bool rw_cli_json(const struct rw_cli *cli)
{
    return rw_given(&cli->arguments, RW_OPTION_JSON);
}

/* A wrong use of the command: the message and where to read more. Returns its exit code. */
int rw_cli_usage(struct rw_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints the problems on standard error (with --json: keeps them for the answer), forgets them, and returns their exit
 * code; the program remembers the worst. Call it before a source that problems point into is freed. */
int rw_cli_fail(struct rw_cli *cli);
/* --table: whether its form is known and it does not come with --json; else a problem. */
bool rw_cli_table_good(struct rw_cli *cli);
bool rw_cli_markdown(const struct rw_cli *cli);
/* With --json: the object to print at the end. Takes the reference. */
void rw_cli_answer(struct rw_cli *cli, json_t *object);

/* --- input --- */

/* One file of the command line: a spec or foreign automaton (machine), a problem, or a net file (net). */
struct rw_input {
    struct rw_source *source, *symbols;
    struct rw_instance *problem;
    struct rw_machine *machine; /* of a problem: the automaton of its reduction, and ... */
    struct rw_word word;        /* ... the word, after rw_input_reduce */
    struct rw_net *net;
    bool foreign; /* the machine is from another format */
};
enum rw_accepts { RW_ACCEPTS_SPEC = 1, RW_ACCEPTS_NET = 2, RW_ACCEPTS_PROBLEM = 4 };

/* A file as messages call it. */
static inline const char *rw_cli_file_name(const char *path)
{
    return path[0] == '-' && path[1] == '\0' ? "<stdin>" : path;
}

/* Reads a file, by --from, by its suffix, or by its first key. false and diagnostics on error. Clear in any case. */
bool rw_input_read(struct rw_cli *cli, const char *path, int accepts, struct rw_input *input);
void rw_input_clear(struct rw_input *input);
/* Makes the automaton and the word of a problem. false and diagnostics. What is no problem stays as it is. */
bool rw_input_reduce(struct rw_cli *cli, struct rw_input *input);
/* Adds a hint to the last problem if name `wrong`, where a file is wanted, is none, but name `right` is a file. */
void rw_cli_hint_order(struct rw_cli *cli, size_t wrong, size_t right);
/* The words of --words: one in each line, blank lines skipped, "" the empty word. Caller frees with rw_words_free. */
bool rw_words_read(struct rw_cli *cli, const struct rw_alphabet *alphabet, struct rw_word **words, size_t *count);
void rw_words_free(struct rw_word *words, size_t count);
/* A word of the command line; the caller clears it in any case. */
bool rw_word_argument(struct rw_cli *cli, const struct rw_alphabet *alphabet, const char *text, struct rw_word *word);

/* --- networks --- */

/* The construction options of the command line. */
bool rw_witness_arguments(struct rw_cli *cli, struct rw_witness_options *options);
/* The network for a machine, by --to; `family` overrides that unless NULL. NULL and diagnostics. Caller frees. */
struct rw_net *rw_cli_build(struct rw_cli *cli, const struct rw_machine *machine, const char *family);
/* Whether no option of a construction was given, because the network is the one of a file; else a problem. */
bool rw_cli_builds_nothing(struct rw_cli *cli, const char *path);

/* --- specs --- */

/* Whether --json comes with -o FILE, as it must where a spec goes to standard output otherwise; if not, a wrong use. */
bool rw_cli_spec_has_place(struct rw_cli *cli);
/* Writes a machine as a spec to --output, by default to standard output. To a file: says so on standard output, and what it was
 * made of. To standard output: that is a comment before the spec. Returns the exit code. */
int rw_cli_write_spec(struct rw_cli *cli, const struct rw_machine *machine, const char *made_of);

/* --- progress and Ctrl-C --- */

/* Draws on a terminal after half a second, with an estimate; says stop after Ctrl-C. One for the whole program. */
struct rw_progress *rw_cli_progress(void);
/* Wipes the line that was drawn, if any: before anything else is printed. */
void rw_cli_progress_clear(void);
/* Whether Ctrl-C was pressed. */
bool rw_cli_interrupted(void);
void rw_cli_catch_interrupts(void);

#endif
