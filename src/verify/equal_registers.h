/* equal_registers.h - cost-register automata beside input-dependent ReLU RNNs (theory V4, W12). Internal to verify. */
#ifndef RW_VERIFY_EQUAL_REGISTERS_H
#define RW_VERIFY_EQUAL_REGISTERS_H

#include "verify/equal.h"

/* What the induction claims: after every word register r is the sum of sums[r * units + k] times unit k, and some units are 0. */
struct rw_register_proof {
    size_t units, registers;
    uint8_t *zero; /* for each unit */
    fmpq *sums;
};
void rw_register_proof_clear(struct rw_register_proof *proof);

/* A cost-register automaton against one layer of an input-dependent ReLU RNN. Never RW_DIFFERENT. EQUAL: `proof` holds the claims; the caller clears
 * it in any case (NULL: they are not wanted). Cost: letters x registers x units^2. */
enum rw_equality rw_equal_registers(const struct rw_machine *machine, const struct rw_net *net,
                                    struct rw_register_proof *proof, FILE *why);
bool rw_net_has_registers(const struct rw_net *net);

#endif
