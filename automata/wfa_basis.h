/* wfa_basis.h - the reduced basis of the space that the rows alpha M_w of a weighted automaton span.
 *
 * Each basis row is 1 at a state of its own, its pivot, where all the others are 0, and has nothing before it. So a row
 * of the space is the sum of the basis rows, each times the row's entry at its pivot. The space has only one such basis. */
#ifndef RW_AUTOMATA_WFA_BASIS_H
#define RW_AUTOMATA_WFA_BASIS_H

#include "automata/wfa.h"
#include "base/limits.h"
#include "base/progress.h"

struct rw_wfa_basis {
    size_t count, states;
    size_t *pivot;          /* ascending */
    size_t *row_at;         /* for each state: the basis row whose pivot it is, or SIZE_MAX */
    struct rw_matrix *rows; /* states x count: column i is basis row i */
};

/* NO_GUESS: some residue stands for no small fraction, or the reduced basis, unlike the space, is too large. NOT_ZERO: see below. */
enum rw_basis_result { RW_BASIS_DONE, RW_BASIS_TOO_LARGE, RW_BASIS_INTERRUPTED, RW_BASIS_NO_GUESS, RW_BASIS_NOT_ZERO };

/* What the basis is modulo `prime`, each residue replaced by the small fraction that it stands for. A guess: the prime may
 * be unlucky. TOO_LARGE: more than `most` nonzero entries; `count` tells in how many rows. Only after DONE the caller clears. Cost: symbols * rank
 * eliminations of one row. */
enum rw_basis_result rw_wfa_basis_guess(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                        struct rw_progress *progress, struct rw_wfa_basis *basis);
/* The same where the series is expected to be 0. NOT_ZERO, as soon as a word is met whose weight is not 0 modulo the prime: so it
 * is not 0. */
enum rw_basis_result rw_wfa_basis_guess_zero(const struct rw_wfa *wfa, uint64_t prime, uint64_t most,
                                             struct rw_wfa_basis *basis);
/* The same by exact elimination over the integers; never NO_GUESS. */
enum rw_basis_result rw_wfa_basis_exact(const struct rw_wfa *wfa, uint64_t most, struct rw_progress *progress,
                                        struct rw_wfa_basis *basis);
void rw_wfa_basis_clear(struct rw_wfa_basis *basis);

/* The image as a sum of basis rows: their factors are added to `coordinates` (count entries; NULL: nowhere). false: it is not in their
 * span. The image is used up. */
bool rw_wfa_basis_express(const struct rw_wfa_basis *basis, struct rw_vector *image, struct rw_vector *coordinates);
/* Whether alpha and every row times a letter are in the span of the rows, exactly: then all alpha M_w are. A guess that is closed is
 * right, since its rows are as many as are independent modulo the prime. */
bool rw_wfa_basis_is_closed(const struct rw_wfa_basis *basis, const struct rw_wfa *wfa);

/* While one is made: no rows yet; then the next pivot. The matrix is the caller's to set. */
struct rw_wfa_basis rw_wfa_basis_new(size_t states, size_t most_rows);
void rw_wfa_basis_add(struct rw_wfa_basis *basis, size_t pivot);

#endif
