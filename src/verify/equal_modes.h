/* equal_modes.h - equality for all words by one affine map for each mode (theory V4). Internal to verify.
 *
 * The claim: whatever the machine's numbers are in a mode, the network's state is one affine function of them. It is shown by induction on one
 * step: for each mode, symbol and class of each number the step is done symbolically, every ReLU's sign being the same all over the class. */
#ifndef RW_VERIFY_EQUAL_MODES_H
#define RW_VERIFY_EQUAL_MODES_H

#include "base/limits.h"
#include "base/progress.h"
#include "verify/equal.h"
#include "verify/mode_run.h"
#include "verify/modes.h"

/* The map of one mode: coordinates of the network as functions of the machine's numbers. */
struct rw_mode_claim {
    bool known;
    struct rw_affine map;              /* part[0] constant, part[1 + i] slope of number i */
    uint64_t domain[RW_MOST_NUMBERS];  /* classes that each number may be in, as bits */
    uint64_t content[RW_MOST_NUMBERS]; /* classes that a pop may bring up: letters anywhere in the stack, and empty */
    struct rw_cut *cuts;               /* of counters, where signs change: in order of counters and places */
    size_t cut_count, cut_capacity;
};

/* A proof, for the certificate. */
struct rw_mode_proof {
    struct rw_modes modes;
    struct rw_mode_claim *claims; /* one for each mode */
    size_t claimed, cells;
};
void rw_mode_proof_clear(struct rw_mode_proof *proof);

/* EQUAL: `proof` holds the claims; the caller clears it in any case. UNDECIDED: why says why. `whole`: claim something about every coordinate, also those that
 * the output never depends on. */
enum rw_equality rw_equal_modes(const struct rw_machine *machine, const struct rw_net *net, bool whole,
                                const struct rw_limits *limits, struct rw_progress *progress,
                                struct rw_mode_proof *proof, FILE *why);

/* The claims about modes that remember the state alone, where not all cells agree with them: those that do not are marked in the table, which is of
 * `proof->modes`, and the claims hold along every run that comes through no marked cell. The caller clears proof and table in any case.
 * false: there are no such claims. */
bool rw_modes_claim(const struct rw_machine *machine, const struct rw_net *net, bool whole,
                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_mode_proof *proof,
                    struct rw_mode_table *table);

#endif
