/* block_factors.h - functions of letters as sums of a block model's columns: which factors? Internal to verify.
 *
 * f_j = sum over k of factors[k] * T_j[k] for all j at once is a linear equation for each term of each f_j. As many of them as there are factors are
 * picked, such that they determine the factors; then all the others are checked. */
#ifndef RW_VERIFY_BLOCK_FACTORS_H
#define RW_VERIFY_BLOCK_FACTORS_H

#include "verify/block_model.h"
#include "verify/letter_run.h"

struct rw_block_factors;

/* For the targets of a model, which must outlive it. Caller frees. */
struct rw_block_factors *rw_block_factors_new(const struct rw_block_model *model);
void rw_block_factors_free(struct rw_block_factors *solver);
/* The only factors with f_j = sum of factors[k] * T_j[k] for all j = 1 .. ahead with a value, f_j being what outputs[j - 1] has of the coordinate. false:
 * there are none, or the targets determine none. `factors`: zeros before. */
bool rw_block_factors_find(const struct rw_block_factors *solver, struct rw_letter_space *space,
                           const struct rw_letter_form *outputs, size_t coordinate, fmpq *factors);

#endif
