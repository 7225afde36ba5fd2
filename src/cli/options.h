/* options.h - the command line's options: one table for all commands, each of which takes some of them. */
#ifndef RW_CLI_OPTIONS_H
#define RW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

/* name, letter (0: none), argument (NULL: none), help */
#define RW_OPTIONS(X)                                                                                                  \
    X(RW_OPTION_TO, "to", 0, "FAMILY",                                                                                 \
      "network family: pd, dplr, rwkv7, deltanet, deltaproduct, relu, relu-input, mlp, gated")                         \
    X(RW_OPTION_OUTPUT, "output", 'o', "FILE", "write to FILE (- is standard output)")                                 \
    X(RW_OPTION_STRICT, "strict", 0, NULL, "pd: refuse maps that are not injective")                                   \
    X(RW_OPTION_LAYERS, "layers", 0, "N", "rwkv7: 2 layers, or 4 as in the paper")                                     \
    X(RW_OPTION_PAD, "pad", 0, NULL, "rwkv7, deltanet: words with blanks after each letter, for a small table")        \
    X(RW_OPTION_PER_TOKEN, "per-token", 0, "N", "deltaproduct: at most N steps for each token")                        \
    X(RW_OPTION_PRINTED, "printed", 0, NULL, "stack: the paper's encoding, which errs at some depth (E1)")             \
    X(RW_OPTION_JSON, "json", 0, NULL, "machine-readable output on standard output")                                   \
    X(RW_OPTION_TABLE, "table", 0, "[FORM]", "print a table, as text or markdown")                                     \
    X(RW_OPTION_MINIMISE, "minimise", 0, NULL, "write the smallest automaton of a spec, as a spec")                    \
    X(RW_OPTION_LENGTH, "length", 0, "N", "all words up to length N (default: as far as the budget goes)")             \
    X(RW_OPTION_RANDOM, "random", 0, "N", "number of random words (default: 100)")                                     \
    X(RW_OPTION_RANDOM_LENGTH, "random-length", 0, "N", "longest random word (default: 1000)")                         \
    X(RW_OPTION_WORDS, "words", 0, "FILE", "also the words of FILE, one in each line")                                 \
    X(RW_OPTION_SEED, "seed", 0, "N", "seed of the random choices (default: 1)")                                       \
    X(RW_OPTION_BUDGET, "budget", 0, "N", "steps for all words, and again for random ones")                            \
    X(RW_OPTION_MUTATE, "mutate", 0, "N", "negative control: perturb N single weights, expect to notice")              \
    X(RW_OPTION_THREADS, "threads", 0, "N",                                                                            \
      "threads for independent work (default: RNNWIT_THREADS, or all processors)")                                     \
    X(RW_OPTION_MODULAR, "modular", 0, "N", "a random word of N symbols, growing numbers modulo a random prime")       \
    X(RW_OPTION_NO_STATES, "no-states", 0, NULL, "compare outputs only, not the configurations")                       \
    X(RW_OPTION_CERTIFICATE, "certificate", 0, "FILE", "write the proof to FILE, for rnnwit recheck")                  \
    X(RW_OPTION_BRIEF, "brief", 0, NULL, "one line for each spec")                                                     \
    X(RW_OPTION_AUTOMATON, "automaton", 0, "FILE", "write the spec of the automaton to FILE")                          \
    X(RW_OPTION_COUNT_OF, "count", 0, "N", "examples of each split (default: 1000)")                                   \
    X(RW_OPTION_LENGTHS, "lengths", 0, "A-B,...", "lengths of the splits (default: 1-100,101-200,201-300)")            \
    X(RW_OPTION_MODULUS, "modulus", 0, "M", "matrix-product: labels modulo M")                                         \
    X(RW_OPTION_DIMENSION, "dimension", 0, "D", "matrix-product: D x D matrices (default: 3)")                         \
    X(RW_OPTION_FROM, "from", 0, "FORMAT", "read files in a foreign format: att")                                      \
    X(RW_OPTION_SYMBOLS, "symbols", 0, "FILE", "symbol table of a foreign file")                                       \
    X(RW_OPTION_LIMIT, "limit", 0, "NAME=VALUE", "change a limit (rnnwit --help lists them)")                          \
    X(RW_OPTION_HELP, "help", 'h', NULL, "this text")

enum rw_option {
#define RW_OPTION_MEMBER(id, name, letter, argument, help) id,
    RW_OPTIONS(RW_OPTION_MEMBER)
#undef RW_OPTION_MEMBER
        RW_OPTION_COUNT
};

struct rw_option_info {
    const char *name;
    char letter;
    const char *argument; /* "[FORM]": may be left out */
    const char *help;
};
extern const struct rw_option_info rw_option_table[RW_OPTION_COUNT];

/* A set of options: bit i is option i. */
typedef uint64_t rw_option_set;
#define RW_TAKES(option) (UINT64_C(1) << (option))

struct rw_arguments {
    rw_option_set given;
    const char *value[RW_OPTION_COUNT]; /* of argv; "" for an option without its value */
    struct rw_limits limits;
    size_t count; /* what is not an option, in order */
    char **names; /* owned array; strings of argv */
};

/* Reads argv[1] ...; problems go to diag. Caller clears in any case. */
bool rw_arguments_read(struct rw_arguments *arguments, rw_option_set allowed, int argc, char **argv,
                       struct rw_diag *diag);
void rw_arguments_clear(struct rw_arguments *arguments);

static inline bool rw_given(const struct rw_arguments *arguments, enum rw_option option)
{
    return (arguments->given & RW_TAKES(option)) != 0;
}
/* The option's number, or `standard` if it was not given. false and a problem if it is no number or above `most`. */
bool rw_arguments_number(const struct rw_arguments *arguments, enum rw_option option, uint64_t standard, uint64_t most,
                         uint64_t *value, struct rw_diag *diag);

#endif
