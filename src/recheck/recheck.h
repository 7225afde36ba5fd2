/* recheck.h - certificates checked again, without any search: rnnwit-certificate(5).
 *
 * This folder shares no code with the prover or the runtime. It reads the net file itself and
 * verifies identities between numbers. All of it is meant to be read in one sitting. */
#ifndef RW_RECHECK_RECHECK_H
#define RW_RECHECK_RECHECK_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/source.h"

/* FAILS: some line of the certificate is not true. UNREADABLE: the certificate or the net file is not one. */
enum rw_recheck { RW_RECHECK_HOLDS, RW_RECHECK_FAILS, RW_RECHECK_UNREADABLE };

/* A side: the text of its file, and what the spec reader made of it; machine NULL: it is a net file. */
struct rw_recheck_side {
    const struct rw_source *source;
    const struct rw_machine *machine;
};

/* Whether the certificate shows that both sides agree on all words. If not, `why` names the first failing line. */
enum rw_recheck rw_recheck(const struct rw_source *certificate, struct rw_recheck_side left,
                           struct rw_recheck_side right, const struct rw_limits *limits, FILE *why);

#endif
