/* problem.h - the one table of problems: instance -> fixed automaton and word (theory section 4). A new problem is a file beside this one and
 * a row.
 *
 * An instance is a spec of `kind: problem`. Its reduction names an automaton that does not depend on the instance's size and writes the instance
 * as a word for it; its direct solver answers the question without either. The two are compared, never shared. */
#ifndef RW_REDUCTIONS_PROBLEMS_PROBLEM_H
#define RW_REDUCTIONS_PROBLEMS_PROBLEM_H

#include "automata/machine.h"
#include "base/limits.h"
#include "spec/reader.h"

struct rw_problem_kind {
    const char *name;         /* "sorted-connectivity": the `problem` key of the spec */
    const char *title;        /* "reachability in a sorted functional graph" */
    const char *complexity;   /* "L" */
    const char *completeness; /* "complete for L under first-order reductions" */
    const char *reference;    /* "Cook and McKenzie 1987" */
    const char *family;       /* network family that decides it: "mlp" */
    const char *reduction;    /* "R2: each edge i -> j as ..." */
    const char *const *keys;  /* the problem's own keys, NULL-terminated */
    /* Reads the problem's keys into an instance. All problems go to the reader's diag. NULL on error. */
    void *(*read)(struct rw_reader *reader);
    void (*free_instance)(void *instance);
    /* "6 vertices, 5 edges" */
    void (*size)(const void *instance, FILE *out);
    /* The automaton (owned by the caller) and the word. false and a diagnostic where a limit is reached. `word` is initialised. */
    bool (*reduce)(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word);
    /* The answer by a direct algorithm that shares nothing with the reduction: 1 or 0 for a question, the number for a function; of a Turing machine
     * 1, -1 or 0 as it accepts, rejects, or does neither in time. */
    void (*solve)(const void *instance, fmpq_t answer);
    /* Writes the problem's own keys, so that the spec reads back as the same instance. */
    void (*write)(const void *instance, FILE *out);
};

struct rw_instance {
    const struct rw_problem_kind *kind;
    void *instance;
    char *name, *about; /* never NULL */
    char hash[65];      /* SHA-256 of the spec's text */
};

extern const struct rw_problem_kind *const rw_problem_kinds[]; /* NULL-terminated */
const struct rw_problem_kind *rw_problem_kind_find(const char *name);

/* Whether the source is a spec of `kind: problem`. */
bool rw_problem_looks_like(const struct rw_source *source, const struct rw_limits *limits);
/* Reads a problem. NULL and diagnostics. Caller frees. */
struct rw_instance *rw_problem_read(const struct rw_source *source, const struct rw_limits *limits,
                                    struct rw_diag *diag);
void rw_problem_free(struct rw_instance *problem);
/* Writes the problem as a spec that reads back as the same instance. */
void rw_problem_write(const struct rw_instance *problem, FILE *out);
/* The automaton and the word; the caller frees and clears them. The machine of the reduction is named after its automaton, not after the instance. */
bool rw_problem_reduce(const struct rw_instance *problem, const struct rw_limits *limits, struct rw_diag *diag,
                       struct rw_machine **machine, struct rw_word *word);

#endif
