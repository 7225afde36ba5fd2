/* arguments.h - the arguments about all words, in the order in which they are tried. Internal to verify.
 *
 * Adding one: a file that decides, its value in enum rw_argument, and a row of the table in arguments.c. */
#ifndef RW_VERIFY_ARGUMENTS_H
#define RW_VERIFY_ARGUMENTS_H

#include "verify/equal.h"

/* Are these two equal on all words? */
struct rw_question {
    struct rw_side left, right;
    const struct rw_limits *limits;
    struct rw_progress *progress;
};

struct rw_answer {
    enum rw_equality equality;
    struct rw_word word;          /* DIFFERENT: the two differ there, says the argument ... */
    bool shortest;                /* ... and on no shorter one */
    struct rw_linear_proof proof; /* EQUAL: how; UNDECIDED: which limit prevented it */
    char *reason;                 /* EQUAL: the argument; UNDECIDED: why none did; NULL: none was tried */
};

/* UNDECIDED, nothing was tried. */
void rw_answer_init(struct rw_answer *answer);
void rw_answer_clear(struct rw_answer *answer);

/* Whether the left side is a machine and the right one a network. */
bool rw_is_machine_and_net(const struct rw_question *question);

/* The argument for sides of these kinds, and others where that does not decide. */
void rw_argue(const struct rw_question *question, struct rw_answer *answer);
/* Arguments that take longer, where the answer is still UNDECIDED and progress does not say stop. */
void rw_argue_longer(const struct rw_question *question, struct rw_answer *answer);

#endif
