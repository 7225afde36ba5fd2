/* witness.h - the one table of constructions: automaton -> network. A new construction is a file beside this one and a row. */
#ifndef RW_REDUCTIONS_WITNESS_WITNESS_H
#define RW_REDUCTIONS_WITNESS_WITNESS_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"

struct rw_witness_options {
    bool strict;      /* pd: refuse maps that are not injective */
    unsigned layers;  /* rwkv7: 2 (0 means that) or 4, the paper's layout */
    bool pad;         /* rwkv7, deltanet: words with blanks after each letter (W7) */
    bool printed;     /* stack: the paper's encoding, which errs (E1) */
    size_t per_token; /* deltaproduct: at most this many steps for each token; 0: as many as it takes */
    const struct rw_limits *limits;
    struct rw_progress *progress;
};

struct rw_witness {
    const char *name;    /* "W1" */
    const char *kind;    /* machine kind it starts from: "dfa" */
    const char *family;  /* "pd": what --to selects */
    const char *theorem; /* "Theorem 8" */
    const char *about;   /* one line */
    /* Whether it applies to this machine; if not, why (may be NULL) says so in one or two sentences a student understands, naming
     * letters and states. What it says when it does apply (e.g. "strict: every letter is a permutation") goes to why too. */
    bool (*applies)(const struct rw_machine *machine, FILE *why);
    /* The network. NULL and a diagnostic if it does not apply or a limit is reached. Caller frees. */
    struct rw_net *(*build)(const struct rw_machine *machine, const struct rw_witness_options *options,
                            struct rw_diag *diag);
};

/* All constructions; for one kind the preferred one (the default of build and verify) stands first. */
extern const struct rw_witness rw_witnesses[];
extern const size_t rw_witness_count;

/* The first construction for the machine's kind that applies and, unless family is NULL, leads to that family. NULL and a diagnostic that says
 * which families there are and why each does not apply. */
const struct rw_witness *rw_witness_choose(const struct rw_machine *machine, const char *family, struct rw_diag *diag);

#endif
