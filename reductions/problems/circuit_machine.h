/* circuit_machine.h - the two-stack machine that evaluates any circuit, given as a word. Internal to problems. */
#ifndef RW_REDUCTIONS_PROBLEMS_CIRCUIT_MACHINE_H
#define RW_REDUCTIONS_PROBLEMS_CIRCUIT_MACHINE_H

#include "automata/machine.h"

/* Its symbols, in the order of its alphabet. */
enum rw_circuit_token {
    RW_TOKEN_ZERO,   /* 0: push the value on A */
    RW_TOKEN_ONE,    /* 1 */
    RW_TOKEN_DOWN,   /* d: the top of A goes to B */
    RW_TOKEN_UP,     /* u: the top of B goes to A */
    RW_TOKEN_FIRST,  /* x: the top of A is the first operand */
    RW_TOKEN_SECOND, /* y: the second */
    RW_TOKEN_AND,    /* &: push */
    RW_TOKEN_OR,     /* | */
    RW_TOKEN_NOT     /* !, of the first operand */
};

/* The machine's spec, the same as the file specs/stack/circuit-value.yaml. */
const char *rw_circuit_machine_text(void);
/* A new machine. Caller frees. */
struct rw_machine *rw_circuit_machine(void);

#endif
