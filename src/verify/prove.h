/* prove.h - equality for ALL words: proved, refuted by a word, or undecided for a reason (theory V3, V4). */
#ifndef RW_VERIFY_PROVE_H
#define RW_VERIFY_PROVE_H

#include "verify/equal.h"
#include "verify/verify.h"

struct rw_prove_report {
    enum rw_equality equality;
    bool interrupted;                        /* undecided because progress said stop */
    struct rw_linear_proof proof;            /* how it was proved; the limit that prevented it */
    char *reason;                            /* EQUAL: the argument; UNDECIDED: why; else NULL */
    struct rw_counterexample counterexample; /* DIFFERENT: what left (`machine`) and right (`network`) say */
    double seconds;
};

/* Any two sides. The word of a difference was run on both. false: they cannot be compared at all, and diag says why.
 * The report is valid in any case; free it. */
bool rw_prove(struct rw_side left, struct rw_side right, const struct rw_limits *limits, struct rw_progress *progress,
              struct rw_prove_report *report, struct rw_diag *diag);
/* The same by arguments alone: no words are run on both sides but those that an argument gives, and a word need not be a shortest one where the
 * network is piecewise linear. */
bool rw_prove_by_argument(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                          struct rw_progress *progress, struct rw_prove_report *report, struct rw_diag *diag);
void rw_prove_report_free(struct rw_prove_report *report);

/* `count` networks with a single wrong weight: each refuted by a word (NOTICED), proved harmless (EQUIVALENT), or undecided
 * (UNKNOWN). Where neither a word nor an argument speaks about the output, a word after which the network's configuration is not the
 * machine's refutes (NOTICED, RW_DIFFER_STATE). The same for any number of threads (0: see rw_threads). Free with rw_mutate_report_free.
 * false: as rw_prove. */
bool rw_prove_mutants(const struct rw_machine *machine, const struct rw_net *net, size_t count, uint64_t seed,
                      size_t threads, const struct rw_limits *limits, struct rw_progress *progress,
                      struct rw_mutate_report *report, struct rw_diag *diag);

#endif
