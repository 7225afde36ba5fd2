/* gapped.h - sequences of symbols as numbers in [0, 1): digits of base 2B with gaps (W10).
 *
 * The empty sequence is 0; b first and then w is (2b + 1 + E(w)) / 2B. Only odd digits occur, so numbers with different first symbols are
 * at least 1/2B apart, however long the sequences are. */
#ifndef RW_AUTOMATA_GAPPED_H
#define RW_AUTOMATA_GAPPED_H

#include "exact/rational.h"

/* The sequence symbols[count-1], ..., symbols[0] over B = letters symbols. Cost: near linear in the digits. */
void rw_gapped_number(const uint32_t *symbols, size_t count, size_t letters, fmpq_t number);
/* The same sequence forward: symbols[0], ..., symbols[count-1]. */
void rw_gapped_number_forward(const uint32_t *symbols, size_t count, size_t letters, fmpq_t number);

#endif
