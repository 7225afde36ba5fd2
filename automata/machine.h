/* machine.h - what every automaton looks like to those who only run it.
 *
 * A machine is a model (struct rw_dfa, struct rw_wfa, ...) and the row of its kind. Its configuration is a
 * vector of named exact quantities ("state even" is 0 or 1, "weight p", "counter n"): that is all a verifier
 * compares with a network. This side never sees a network. */
#ifndef RW_AUTOMATA_MACHINE_H
#define RW_AUTOMATA_MACHINE_H

#include "base/word.h"
#include "exact/sparse.h"

/* What a run yields: a verdict on the word, a number for it, or a verdict that may still be open (a Turing machine that has
 * not halted). */
enum rw_verdict { RW_ACCEPTS, RW_VALUE, RW_DECIDES };

/* One row for each kind of automaton. Cost of each operation: what the automaton needs, no more. */
struct rw_machine_kind {
    const char *name;  /* "dfa": the `kind` key of a spec */
    const char *title; /* "deterministic finite automaton" */
    enum rw_verdict verdict;
    void (*free_model)(void *model);

    /* The quantities of a configuration: how many, and the name of each, written to out. */
    size_t (*quantities)(const void *model);
    void (*quantity_name)(const void *model, size_t i, FILE *out);

    /* Runs: `run_new` is at the initial configuration; `copy` makes `to` the same as `from` (both runs of this
     * model). */
    void *(*run_new)(const void *model);
    void (*run_free)(const void *model, void *run);
    void (*run_start)(const void *model, void *run);
    void (*run_copy)(const void *model, void *to, const void *from);
    void (*step)(const void *model, void *run, uint32_t symbol);
    /* verdict RW_ACCEPTS: value is 1 or 0. RW_VALUE: the weight of the word so far. RW_DECIDES: 1 accepts, -1 rejects, 0
     * undecided. */
    void (*value)(const void *model, const void *run, fmpq_t value);
    /* Whether the word so far has a value at all (a product of matrices only at the end of a matrix). NULL: every word
     * has. */
    bool (*defined)(const void *model, const void *run);
    /* The nonzero quantities, added to `out` (cleared by the caller; size = quantities). */
    void (*configuration)(const void *model, const void *run, struct rw_vector *out);
    /* The configuration for a reader: "even", "{p, q}", "s, n = 3". */
    void (*print)(const void *model, const void *run, FILE *out);
};

struct rw_machine {
    const struct rw_machine_kind *kind;
    void *model;
    struct rw_alphabet *alphabet;
    char *name;    /* the spec's name */
    char *about;   /* may be empty, never NULL */
    char hash[65]; /* SHA-256 of the spec's text; "" if there was none */
};

/* A machine that owns model and alphabet; names are copied. Caller frees. */
struct rw_machine *rw_machine_new(const struct rw_machine_kind *kind, void *model, struct rw_alphabet *alphabet,
                                  const char *name, const char *about);
void rw_machine_free(struct rw_machine *machine);

/* The value of a whole word, from the start. */
void rw_machine_value(const struct rw_machine *machine, const uint32_t *symbols, size_t length, fmpq_t value);

/* How a verdict on a value reads: "accept", "reject", "undecided"; not for RW_VALUE. */
const char *rw_verdict_word(enum rw_verdict verdict, const fmpq_t value);

#endif
