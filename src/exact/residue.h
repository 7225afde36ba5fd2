/* residue.h - rational numbers and matrices modulo a prime. */
#ifndef RW_EXACT_RESIDUE_H
#define RW_EXACT_RESIDUE_H

#include <flint/nmod_vec.h>

#include "exact/sparse.h"

/* A sparse matrix by columns, residues beside the places of the exact one, which must outlive it. */
struct rw_residues {
    const struct rw_matrix *matrix;
    mp_limb_t *value;
};

/* A prime of 61 bits, at random. */
mp_limb_t rw_random_prime(uint64_t seed);
/* false: the prime divides the denominator. */
bool rw_residue(const fmpq_t value, nmod_t mod, mp_limb_t *residue);
/* false as above; `residues` is to be cleared in any case. */
bool rw_residues_init(struct rw_residues *residues, const struct rw_matrix *matrix, nmod_t mod);
void rw_residues_clear(struct rw_residues *residues);
/* y += M x, both dense. Columns where x is 0 cost nothing. */
void rw_residues_apply(const struct rw_residues *m, const mp_limb_t *x, mp_limb_t *y, nmod_t mod);

#endif
