/* stack_mlp.h - drawing the MLP RNN of a stack machine: shared by stack machines and Turing machines. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_STACK_MLP_H
#define RW_REDUCTIONS_WITNESS_STACK_MLP_H

#include "automata/stack.h"
#include "reductions/witness/construction.h"
#include "reductions/witness/stack_code.h"

/* The head "machine" of a new first layer: coordinates are the states, then the stacks. Nothing is read out yet. false and a diagnostic where
 * limit "neurons" is passed. */
bool rw_stack_draw(struct rw_sketch *sketch, const struct rw_stack *machine, const struct rw_stack_code *code,
                   const struct rw_witness_options *options, struct rw_diag *diag);

#endif
