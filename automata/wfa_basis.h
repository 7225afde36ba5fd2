/* wfa_basis.h - the reduced basis of the space that the rows alpha M_w of a weighted automaton span. Internal to automata.
 *
 * Each basis row is 1 at a state of its own, its pivot, where all the others are 0, and has nothing before it. So a row
 * of the space is the sum of the basis rows, each times the row's entry at its pivot. The space has only one such basis. */
#ifndef RW_AUTOMATA_WFA_BASIS_H
#define RW_AUTOMATA_WFA_BASIS_H

#include "automata/wfa.h"
#include "base/limits.h"
#include "base/progress.h"

struct rw_wfa_basis {
    size_t count;
    size_t *pivot;          /* ascending */
    struct rw_matrix *rows; /* states x count: column i is basis row i */
};

enum rw_basis_result { RW_BASIS_DONE, RW_BASIS_TOO_LARGE, RW_BASIS_INTERRUPTED, RW_BASIS_NO_GUESS };

/* What the basis is modulo `prime`, each residue replaced by the small fraction that it stands for. A guess: the prime may
 * be unlucky. NO_GUESS: some residue stands for no small fraction. TOO_LARGE: more than `most` nonzero entries. Only
 * after DONE the caller clears. Cost: symbols * rank eliminations of one row. */
enum rw_basis_result rw_wfa_basis_guess(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                        struct rw_progress *progress, struct rw_wfa_basis *basis);
/* The same by exact elimination over the integers; never NO_GUESS. */
enum rw_basis_result rw_wfa_basis_exact(const struct rw_wfa *wfa, uint64_t most, struct rw_progress *progress,
                                        struct rw_wfa_basis *basis);
void rw_wfa_basis_clear(struct rw_wfa_basis *basis);

#endif
