/* match.h - the two sides of a verification and what it means that they agree. Internal to verify.
 *
 * Everything that can be found out once is found out here, so that comparing after a step costs the places that
 * either side touched and allocates nothing. */
#ifndef RW_VERIFY_MATCH_H
#define RW_VERIFY_MATCH_H

#include "automata/machine.h"
#include "rnn/run.h"
#include "verify/verify.h"

#define RW_NO_PLACE UINT32_MAX

struct rw_match {
    const struct rw_machine *machine;
    const struct rw_net *net;
    /* Quantities compared; 0: verdicts or values only. `machine_place` says which quantity of the machine a quantity of
     * the relation is, `relation_place` the converse; RW_NO_PLACE where the other side has none of that name. */
    size_t quantities;
    uint32_t *machine_place, *relation_place;
    /* The relation and the machine list the same names in the same order. */
    bool same_places;
    /* Work space. */
    fmpq_t value;
    struct rw_vector configuration; /* the machine's quantities */
    struct rw_vector state;         /* the relation's quantities */
};

/* A run of each side, at the same word. */
struct rw_pair {
    void *machine;
    struct rw_run *net;
};

/* Same alphabet, and a verdict on one side is not compared with a number on the other; otherwise diag says what is
 * wrong. */
bool rw_comparable(const struct rw_machine *machine, const struct rw_net *net, struct rw_diag *diag);

/* `states`: compare configurations too, where net names a relation. `notes` (may be NULL) receives a line for each kind
 * of quantity that only one side has. Machine and net must be comparable and outlive the match. */
void rw_match_init(struct rw_match *match, const struct rw_machine *machine, const struct rw_net *net, bool states,
                   FILE *notes);
void rw_match_clear(struct rw_match *match);

/* A pair of runs at the empty word. */
struct rw_pair rw_pair_new(const struct rw_match *match);
void rw_pair_free(const struct rw_match *match, struct rw_pair *pair);
void rw_pair_start(const struct rw_match *match, struct rw_pair *pair);

static inline void rw_pair_copy(const struct rw_match *match, struct rw_pair *to, const struct rw_pair *from)
{
    match->machine->kind->run_copy(match->machine->model, to->machine, from->machine);
    rw_run_copy(to->net, from->net);
}

static inline void rw_pair_step(const struct rw_match *match, struct rw_pair *pair, uint32_t symbol)
{
    match->machine->kind->step(match->machine->model, pair->machine, symbol);
    rw_run_step(pair->net, symbol);
    for (size_t i = 0; i < match->net->padding; i++)
        rw_run_step(pair->net, (uint32_t)rw_alphabet_size(match->net->tokens) - 1);
}

/* Everything that decides what happens next: the machine's quantities and then the network's coordinates, tidy, in `both`. `quantities`: work space. */
void rw_pair_vector(const struct rw_match *match, const struct rw_pair *pair, struct rw_vector *quantities,
                    struct rw_vector *both);

/* Verdicts or values, then configurations. */
bool rw_match_agrees(struct rw_match *match, const struct rw_pair *pair);
/* Fills in kind, quantity and what each side says, where the pair disagrees; false if it agrees. */
bool rw_match_describe(struct rw_match *match, const struct rw_pair *pair, struct rw_counterexample *found);

/* Runs both sides on the word from the start. true: they differ after it, in the output or (`states`) in the configuration, and `found` says how. */
bool rw_match_word(const struct rw_machine *machine, const struct rw_net *net, bool states, const struct rw_word *word,
                   struct rw_counterexample *found);

/* What each side says of the word, as text: "accept", "reject (-1)", "3/2", "undefined". Caller frees. */
char *rw_machine_says(const struct rw_machine *machine, const void *run);
char *rw_net_says(const struct rw_net *net, const struct rw_run *run);

void rw_counterexample_clear(struct rw_counterexample *found);

#endif
