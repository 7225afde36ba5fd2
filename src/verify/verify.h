/* verify.h - machine and network side by side on words, exactly (theory V1).
 *
 * The machine's simulator and the network's runtime share nothing but numbers and words; here they meet. Compared after
 * every prefix: the verdict or value, and, where the net file names a relation, every quantity of the configuration. */
#ifndef RW_VERIFY_VERIFY_H
#define RW_VERIFY_VERIFY_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"

struct rw_verify_options {
    size_t length; /* all words up to this length; SIZE_MAX: as far as `budget` steps go */
    uint64_t
        budget; /* tokens for the exhaustive part when length is SIZE_MAX, and for the random part; 0: a number that the
                              network runs in a second or so */
    uint64_t random_words; /* seeded random words at growing lengths ... */
    size_t random_length;  /* ... up to this one */
    uint64_t seed;
    const struct rw_word *words; /* given words, may be NULL */
    size_t word_count;
    bool cover;     /* counter machines: also words that exercise every rule */
    bool states;    /* compare configurations where the net names a relation */
    bool recompute; /* compute every step, even one from a pair of configuration and state that was met before */
    size_t threads; /* for negative controls; 0: see rw_threads. Results do not depend on it */
    const struct rw_limits *limits;
    struct rw_progress *progress;
};
struct rw_verify_options rw_verify_standard(void);
/* What a budget of 0 means for a network. */
uint64_t rw_verify_budget(const struct rw_net *net);

/* What the two sides said where they first differ. */
enum rw_difference { RW_DIFFER_NONE, RW_DIFFER_OUTPUT, RW_DIFFER_STATE, RW_DIFFER_ORACLE };

struct rw_counterexample {
    enum rw_difference kind;
    struct rw_word word; /* the first of the shortest, if the walk over all words found it */
    uint64_t
        again; /* its last letter comes so many times more; beyond what both sides can be run on: see rw_cell_word */
    bool shortest;           /* proved shortest: all shorter words were walked */
    char *quantity;          /* for STATE: its name; for OUTPUT: the output's name; for ORACLE: "PCRE2" */
    char *machine, *network; /* what each said, as text */
    char *oracle;            /* for ORACLE: what the third party said, else NULL */
};

static inline uint64_t rw_counterexample_length(const struct rw_counterexample *found)
{
    return found->word.length + found->again;
}

struct rw_verify_bits {
    size_t length, bits;
};

struct rw_verify_report {
    bool holds;
    bool interrupted; /* progress said stop: counts are of what was done */
    bool comparable;  /* false: alphabets or verdicts do not fit; reason in diag */
    size_t length;    /* all words up to here were walked completely */
    size_t random_length_reached;
    uint64_t exhaustive_words, random_words, covering_words, given_words, steps;
    uint64_t computed; /* steps that both sides computed; the others, from pairs that were met before, were looked up */
    uint64_t seed;
    bool states_compared;    /* the relation was compared too */
    size_t quantities;       /* how many of them */
    char *notes;             /* lines about what was not compared, and why; NULL: everything was */
    char *oracle;            /* "PCRE2 10.42" when a third party was asked too, else NULL */
    uint64_t oracle_words;   /* words it was asked about ... */
    uint64_t oracle_gave_up; /* ... and words on which it ran into its own limits: no answer, no disagreement */
    double seconds;
    /* p(n): most bits of any number in the network, at growing lengths */
    struct rw_verify_bits *bits;
    size_t bits_count;
    struct rw_counterexample counterexample;
};

/* Alphabets must be equal as sets of names in order, the machine's verdict must fit the net's decision; otherwise
 * comparable is false and diag says why. false only then or when a limit is reached (diag says which). The report is
 * valid in any case; free it. */
bool rw_verify(const struct rw_machine *machine, const struct rw_net *net, const struct rw_verify_options *options,
               struct rw_verify_report *report, struct rw_diag *diag);
void rw_verify_report_free(struct rw_verify_report *report);

/* --- negative controls (V5) --- */
enum rw_mutant_fate {
    RW_MUTANT_NOTICED,    /* a counterexample was found */
    RW_MUTANT_EQUIVALENT, /* proved to compute the same on all words */
    RW_MUTANT_UNKNOWN     /* neither: the control fails */
};
struct rw_mutant {
    char *place;          /* "layer 1 head 1 transition[even, odd, token a]" */
    char *before, *after; /* the weight */
    enum rw_mutant_fate fate;
    struct rw_counterexample counterexample; /* RW_MUTANT_NOTICED */
    char *reason;                            /* RW_MUTANT_EQUIVALENT: which argument shows it; UNKNOWN: why none did */
};
struct rw_mutate_report {
    bool interrupted;
    uint64_t seed;
    size_t count, noticed, equivalent, unknown;
    size_t configurations;     /* of those noticed: by a word after which only the configuration differs */
    struct rw_mutant *mutants; /* count */
    double seconds;
};
/* Perturbs `count` single weights, each in a fresh copy of the net (also zero places become nonzero), and verifies
 * each. */
bool rw_mutate(const struct rw_machine *machine, const struct rw_net *net, size_t count,
               const struct rw_verify_options *options, struct rw_mutate_report *report, struct rw_diag *diag);
void rw_mutate_report_free(struct rw_mutate_report *report);

/* --- traces --- */
/* One line of a trace: what both sides hold after a prefix. Strings are owned. */
struct rw_trace_line {
    char *symbol;  /* "" for the start (BOS) */
    char *machine; /* configuration as text */
    char *network; /* named nonzero coordinates: "even = 1" */
    char *machine_value, *network_value;
    bool agree;
};
struct rw_trace {
    size_t count;
    struct rw_trace_line *lines;
};
/* net may be NULL: the machine alone. Stops after the first difference. */
bool rw_trace_make(const struct rw_machine *machine, const struct rw_net *net, const struct rw_word *word,
                   struct rw_trace *trace, struct rw_diag *diag);
void rw_trace_free(struct rw_trace *trace);

#endif
