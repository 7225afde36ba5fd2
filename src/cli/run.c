/* run.c - rnnwit run: words through a machine or a network. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "report/problems.h"
#include "rnn/run.h"

/* A word's result: a value, or the sign of a verdict. */
struct result {
    fmpq value;
    enum rw_verdict verdict;
    bool defined;
};

static void run_machine(const struct rw_machine *machine, const struct rw_word *word, struct result *result)
{
    const struct rw_machine_kind *kind = machine->kind;
    void *run = kind->run_new(machine->model);
    for (size_t i = 0; i < word->length; i++)
        kind->step(machine->model, run, word->symbols[i]);
    kind->value(machine->model, run, &result->value);
    result->defined = kind->defined == NULL || kind->defined(machine->model, run);
    result->verdict = kind->verdict;
    kind->run_free(machine->model, run);
}

/* A network that multiplies its state with itself doubles its bits in each step: hence the limit. */
static bool run_net(struct rw_cli *cli, const struct rw_net *net, const struct rw_word *word, struct result *result)
{
    struct rw_run *run = rw_run_new(net);
    uint64_t most = cli->arguments.limits.bits;
    size_t steps = 0;
    for (; steps < word->length && rw_run_bits(run) <= most; steps++)
        rw_run_step(run, word->symbols[steps]);
    bool fits = rw_run_bits(run) <= most;
    if (!fits)
        rw_diag_limit(cli->diag, rw_span_none(), "bits",
                      "after %zu symbols the network holds a number of %zu bits, more than %" PRIu64, steps,
                      rw_run_bits(run), most);
    fmpq_set(&result->value, rw_run_output(run, 0));
    result->defined = true;
    static const enum rw_verdict verdicts[RW_DECISIONS] = {
        [RW_DECIDE_POSITIVE] = RW_ACCEPTS, [RW_DECIDE_VALUE] = RW_VALUE, [RW_DECIDE_SIGN] = RW_DECIDES};
    result->verdict = verdicts[net->decision];
    rw_run_free(run);
    return fits;
}

static char *result_text(const struct result *result)
{
    if (!result->defined)
        return rw_strdup("undefined");
    return result->verdict == RW_VALUE ? rw_q_text(&result->value)
                                       : rw_strdup(rw_verdict_word(result->verdict, &result->value));
}

struct session {
    struct rw_cli *cli;
    const struct rw_machine *machine;
    const struct rw_net *net; /* runs instead of the machine if not NULL */
    const struct rw_alphabet *alphabet;
    struct result result; /* of the last word */
    json_t *results;
    bool rejected;
};

static void tell(struct session *session, const char *name)
{
    const struct result *result = &session->result;
    session->rejected =
        session->rejected || !result->defined || (result->verdict != RW_VALUE && rw_q_sign(&result->value) <= 0);
    char *text = result_text(result);
    if (rw_cli_json(session->cli))
        json_array_append_new(session->results,
                              json_pack("{s:o, s:o}", "word", rw_report_text(name), "result", rw_report_text(text)));
    else
        printf("%s\t%s\n", name, text);
    free(text);
}

/* The session's result for the word; `name` (NULL: the word itself) stands for it. */
static void run_word(struct session *session, const struct rw_word *word, const char *name)
{
    if (session->net == NULL) {
        run_machine(session->machine, word, &session->result);
    } else if (!run_net(session->cli, session->net, word, &session->result)) {
        rw_cli_fail(session->cli);
        return;
    }
    char *text = name != NULL ? rw_strdup(name) : rw_word_text(session->alphabet, word->symbols, word->length);
    tell(session, text);
    free(text);
}

/* A bad word does not keep the others from running; its problem decides the exit code. */
static void run_words(struct session *session)
{
    struct rw_cli *cli = session->cli;
    struct rw_word *words;
    size_t count;
    for (size_t i = 1; i < cli->arguments.count && !rw_cli_interrupted(); i++) {
        struct rw_word word;
        if (rw_word_argument(cli, session->alphabet, cli->arguments.names[i], &word))
            run_word(session, &word, NULL);
        rw_word_clear(&word);
    }
    bool good = rw_words_read(cli, session->alphabet, &words, &count);
    for (size_t i = 0; i < count && good && !rw_cli_interrupted(); i++)
        run_word(session, words + i, NULL);
    rw_words_free(words, count);
}

static int run_input(struct rw_cli *cli, const struct rw_input *input)
{
    struct session session = {.cli = cli, .machine = input->machine, .net = input->net};
    struct rw_net *built = NULL;
    if (input->machine != NULL && rw_given(&cli->arguments, RW_OPTION_TO)) {
        built = rw_cli_build(cli, input->machine, NULL);
        if (built == NULL)
            return rw_cli_fail(cli);
        session.net = built;
    }
    if (session.net != NULL)
        session.alphabet = session.net->tokens;
    else if (input->machine != NULL)
        session.alphabet = input->machine->alphabet;
    session.results = json_array();
    fmpq_init(&session.result.value);
    if (input->problem != NULL) /* its name stands for the word, which may be long */
        run_word(&session, &input->word, input->problem->name);
    else
        run_words(&session);
    fmpq_clear(&session.result.value);
    rw_cli_answer(cli, json_pack("{s:o}", "results", session.results));
    rw_net_free(built);
    return session.rejected ? RW_EXIT_DIFFERS : RW_EXIT_HOLDS;
}

static int run(struct rw_cli *cli)
{
    struct rw_input input;
    if (cli->arguments.count < 1)
        return rw_cli_usage(cli, "a spec or net file and words are wanted");
    int code = 0;
    bool words = cli->arguments.count > 1 || rw_given(&cli->arguments, RW_OPTION_WORDS);
    if (!rw_input_read(cli, cli->arguments.names[0], RW_ACCEPTS_SPEC | RW_ACCEPTS_NET | RW_ACCEPTS_PROBLEM, &input))
        rw_cli_hint_order(cli, 0, 1);
    else if (words == (input.problem != NULL))
        rw_cli_usage(cli, words ? "a problem has its own word" : "a spec or net file and words are wanted");
    else if (rw_input_reduce(cli, &input) && (input.net == NULL || rw_cli_builds_nothing(cli, cli->arguments.names[0])))
        code = run_input(cli, &input);
    rw_cli_fail(cli);
    rw_input_clear(&input);
    return code;
}

const struct rw_command rw_command_run = {
    .name = "run",
    .arguments = "SPEC|NET WORD... | PROBLEM",
    .summary = "Run words through an automaton or a network, exactly",
    .details = "A word is written abba where all symbols have one character, else 'push pop'; the empty word is \"\" "
               "(with the quotes,\n"
               "or an empty argument). With --to the spec's network runs, not the automaton.\n"
               "Exit: 0 all words are accepted (or have values), 1 a word is rejected or undecided.\n",
    .options = RW_TAKES(RW_OPTION_TO) | RW_TAKES(RW_OPTION_STRICT) | RW_TAKES(RW_OPTION_LAYERS) |
               RW_TAKES(RW_OPTION_PAD) | RW_TAKES(RW_OPTION_PER_TOKEN) | RW_TAKES(RW_OPTION_PRINTED) |
               RW_TAKES(RW_OPTION_WORDS) | RW_TAKES(RW_OPTION_FROM) | RW_TAKES(RW_OPTION_SYMBOLS),
    .run = run,
};
