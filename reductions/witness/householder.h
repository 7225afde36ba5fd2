/* householder.h - a matrix as a product of delta steps I - beta k k^T (DeltaProduct, Siems et al. 2025). Internal.
 *
 * A step is symmetric: one step swaps two coordinates, scales or clears one, or reflects; it never merges two. */
#ifndef RW_REDUCTIONS_WITNESS_HOUSEHOLDER_H
#define RW_REDUCTIONS_WITNESS_HOUSEHOLDER_H

#include "exact/sparse.h"

/* One step: beta, and the key's entries. */
struct rw_delta_step {
    fmpq beta;
    size_t count;
    uint32_t *place;
    fmpq *value;
};

struct rw_delta_steps {
    struct rw_delta_step *steps;
    size_t count, capacity;
    size_t least;    /* no product of fewer steps is the matrix: the rank of I - M */
    bool spare;      /* uses the spare coordinates size .. 2 size - 1, which are 0 before and after */
    const char *how; /* "swaps", "columns by way of spare coordinates": a phrase */
};

/* Steps whose product is the square matrix M, given as its transpose (column i is row i of M); where spare coordinates are used, M is what
 * happens to the others. Tried: one symmetric step; M a map of coordinates with weights, by scaling, merging (three dyadic steps) and swapping; columns in
 * place; columns by way of spare coordinates (at most 4 steps for each column that changes). The fewest are taken. Clear in any case. */
void rw_delta_steps_find(struct rw_delta_steps *steps, const struct rw_matrix *transposed);
void rw_delta_steps_clear(struct rw_delta_steps *steps);

#endif
