/* letter_sums.h - sums of very many ReLUs of functions of letters: a layer that looks things up in a table.
 *
 * A neuron of a lookup table is ReLU(sum of functions of a single letter each + constant): positive in a handful of cases of its letters, which are
 * found by branch and bound. Neurons of the same letters are added up case by case, in one table. */
#ifndef RW_EXACT_LETTER_SUMS_H
#define RW_EXACT_LETTER_SUMS_H

#include "exact/letters.h"

/* For `outputs` sums. The space must outlive it. Caller frees. */
struct rw_letter_sums;
struct rw_letter_sums *rw_letter_sums_new(struct rw_letter_space *space, size_t outputs);
void rw_letter_sums_free(struct rw_letter_sums *sums);

/* Sum row[i] += value[i] * ReLU(f), for i < count; f is used up. Cost: the cases where f is positive, as far as f is a sum of functions of one letter
 * each; else that of rw_letters_relu. */
void rw_letter_sums_add_relu(struct rw_letter_sums *sums, struct rw_letters *f, const uint32_t *row, const fmpq *value,
                             size_t count);
/* to[row] += sum number `row`, `outputs` functions; the sums are 0 afterwards. */
void rw_letter_sums_finish(struct rw_letter_sums *sums, struct rw_letters *to);

#endif
