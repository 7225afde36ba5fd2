/* low_rank.h - one matrix as diagonal plus low rank: M = diag(decay) - left right^T, with few columns. Internal. */
#ifndef RW_REDUCTIONS_WITNESS_LOW_RANK_H
#define RW_REDUCTIONS_WITNESS_LOW_RANK_H

#include "exact/sparse.h"

struct rw_low_rank {
    size_t size, rank;
    bool least;                     /* no diagonal leaves a smaller rank, and that was shown */
    fmpq *decay;                    /* size entries */
    struct rw_matrix *left, *right; /* size x rank */
};

/* The decomposition of a square matrix M, given as its TRANSPOSE (column i of `transposed` is row i of M). The rank is the least
 * found; `least` says whether it is known to be the least there is. Cost: cubic in the largest set of coordinates that M connects, linear where that set is large
 * (and the rank then only an upper bound). Free with rw_low_rank_clear. */
void rw_low_rank_find(struct rw_low_rank *result, const struct rw_matrix *transposed);
void rw_low_rank_clear(struct rw_low_rank *result);

#endif
