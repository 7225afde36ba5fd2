/* equal.h - equality for ALL words, where it can be decided: what arguments are about, and some of them (arguments.h tries all). */
#ifndef RW_VERIFY_EQUAL_H
#define RW_VERIFY_EQUAL_H

#include <assert.h>

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "rnn/net.h"

enum rw_equality { RW_EQUAL, RW_DIFFERENT, RW_UNDECIDED };

/* One side of an equality: a machine or a network, the other one NULL. */
struct rw_side {
    const struct rw_machine *machine;
    const struct rw_net *net;
};

static inline const struct rw_alphabet *rw_side_alphabet(struct rw_side side)
{
    assert(side.net != NULL || side.machine != NULL);
    return side.net != NULL ? side.net->tokens : side.machine->alphabet;
}

/* Whether it gives each word a number; else it accepts or rejects. */
static inline bool rw_side_gives_numbers(struct rw_side side)
{
    return side.net != NULL ? side.net->decision == RW_DECIDE_VALUE : side.machine->kind->verdict == RW_VALUE;
}

/* Which argument showed that two sides are equal. */
enum rw_argument {
    RW_ARGUMENT_NONE,
    RW_ARGUMENT_SPACE,       /* right = scale * left + shift on a basis of the joint forward space */
    RW_ARGUMENT_CONTEXTS,    /* the same in each context of routers (rw_equal_contexts) */
    RW_ARGUMENT_LAST_SYMBOL, /* the first one, with a scale and a shift for each last symbol */
    RW_ARGUMENT_SUPPORTS,    /* all reachable pairs of supports, no weight being negative */
    RW_ARGUMENT_PAIRS,       /* all reachable pairs of rows */
    RW_ARGUMENT_CELLS,       /* cells of counters (rw_equal_piecewise) */
    RW_ARGUMENT_REGISTERS,   /* the same sums of linear forms and ReLUs for each letter (rw_equal_registers) */
    RW_ARGUMENT_BLOCKS,      /* induction over the blocks of an iterated matrix product (rw_equal_blocks) */
    RW_ARGUMENT_INTERVALS,   /* bounds of the right side's rows for each row of the left one (rw_equal_intervals) */
    RW_ARGUMENT_POLYNOMIALS, /* both sides are polynomials of one integer (rw_equal_polynomials) */
    RW_ARGUMENT_WINDOWS,     /* modes with what lies on top of the stacks (rw_equal_windows) */
    RW_ARGUMENT_FACTS,       /* inequalities between units and registers (rw_equal_facts) */
    RW_ARGUMENT_VISITED      /* all pairs of configuration and network state (rw_equal_pairs) */
};

struct rw_scaling;

struct rw_linear_proof {
    enum rw_argument argument;
    bool values;              /* equal values; else equal verdicts */
    const char *left, *right; /* which series of each side: "indicator", "paths", "weight", "output" */
    fmpq_t scale, shift;
    struct rw_scaling *last; /* RW_ARGUMENT_LAST_SYMBOL: for words that end with each of the symbols */
    size_t last_count;
    size_t size;       /* the dimension of the space or spaces, or the number of pairs */
    size_t contexts;   /* how many spaces; undecided: how many contexts were reached */
    size_t checked;    /* vectors, or pairs after a symbol */
    const char *limit; /* undecided because of this limit; NULL: for another reason */
};
void rw_linear_proof_init(struct rw_linear_proof *proof);
void rw_linear_proof_clear(struct rw_linear_proof *proof);

/* Any two sides that are linear (V3): dfa, nfa (determinised), regex, wfa, and nets of one layer whose heads are linear in their state, over
 * the same alphabet, both with verdicts or both with values. The joint forward space of both has at most the sum of their dimensions.
 * Verdicts are decided by values where these are multiples, else by exploring pairs up to the limit "cells". RW_DIFFERENT: `word` is a
 * shortest one. RW_UNDECIDED: `why` says why. */
enum rw_equality rw_equal_sides(struct rw_side left, struct rw_side right, const struct rw_limits *limits,
                                struct rw_word *word, struct rw_linear_proof *proof, FILE *why);

/* Piecewise-linear against a counter machine or DFA (V4): symbolic execution from the start. A cell is (machine state,
 * box of counter values, each a point or a ray, network state as an affine function of the counters); every ReLU's sign
 * is decided over the box, else the box is split. */
enum rw_equality rw_equal_piecewise(const struct rw_machine *machine, const struct rw_net *net,
                                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                    FILE *why);

/* A pair that was visited: the machine's `quantities` quantities and then the network's coordinates, and for each symbol the number of the pair after
 * it. Pairs are numbered as they are met. false: no more are wanted. */
typedef bool rw_visited_put(void *context, const struct rw_vector *both, size_t quantities, const uint32_t *steps,
                            size_t symbols);

/* Any machine beside any net, where all pairs of configuration and network state that can be reached are few enough to be visited. RW_DIFFERENT:
 * `word` is a shortest one. `put` (may be NULL) is given each pair. Cost: a step of both sides for each pair and symbol. */
enum rw_equality rw_equal_pairs(const struct rw_machine *machine, const struct rw_net *net,
                                const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                rw_visited_put *put, void *context, FILE *why);

#endif
