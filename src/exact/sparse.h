/* sparse.h - sparse vectors and matrices over the rationals.
 *
 * A vector is dense storage with a list of the places that were touched: reading any entry is O(1), walking and
 * clearing cost what was touched. A matrix is stored by columns, so that M x costs the nonzeros of the columns
 * that x touches and nothing else. */
#ifndef RW_EXACT_SPARSE_H
#define RW_EXACT_SPARSE_H

#include "exact/rational.h"

struct rw_vector {
    size_t size;
    fmpq *value;       /* size entries; 0 where not touched */
    uint8_t *mark;     /* 1 where touched */
    uint32_t *touched; /* the touched places, in order of first touch; values there may have become 0 */
    size_t count;
};

void rw_vector_init(struct rw_vector *v, size_t size);
void rw_vector_clear(struct rw_vector *v); /* frees the storage */
/* All entries 0, nothing touched. Cost: the touched places. */
void rw_vector_zero(struct rw_vector *v);
/* to = from; same size */
void rw_vector_copy(struct rw_vector *to, const struct rw_vector *from);
/* Equal as vectors, whatever is touched. */
bool rw_vector_equal(const struct rw_vector *a, const struct rw_vector *b);
/* Drops touched places whose value is 0 and sorts the rest by index. */
void rw_vector_tidy(struct rw_vector *v);

/* The entry i, now touched, to write to. */
static inline fmpq *rw_vector_at(struct rw_vector *v, uint32_t i)
{
    if (!v->mark[i]) {
        v->mark[i] = 1;
        v->touched[v->count++] = i;
    }
    return v->value + i;
}

/* v[i] += a * b */
static inline void rw_vector_addmul(struct rw_vector *v, uint32_t i, const fmpq_t a, const fmpq_t b)
{
    rw_q_addmul(rw_vector_at(v, i), a, b);
}

/* to[first + i] = from[i] for all i that `from` touched. */
void rw_vector_put(struct rw_vector *to, size_t first, const struct rw_vector *from);

/* A rows x cols matrix, by columns: the entries of column j are start[j] .. start[j+1]-1, rows ascending.
 * Every stored value is nonzero and no place stands twice. */
struct rw_matrix {
    size_t rows, cols;
    size_t *start; /* cols + 1 */
    uint32_t *row; /* nonzeros */
    fmpq *value;   /* nonzeros */
};

static inline size_t rw_matrix_nonzeros(const struct rw_matrix *m)
{
    return m->start[m->cols];
}

struct rw_matrix *rw_matrix_copy(const struct rw_matrix *m);
/* Caller frees. Cost: nonzeros. */
struct rw_matrix *rw_matrix_transpose(const struct rw_matrix *m);
void rw_matrix_free(struct rw_matrix *m);
bool rw_matrix_equal(const struct rw_matrix *a, const struct rw_matrix *b);
/* y += M x; y has `rows` entries, x `cols`. */
void rw_matrix_apply(const struct rw_matrix *m, const struct rw_vector *x, struct rw_vector *y);
/* y[j] += sum_i x[i] M[i][j]; x has `rows` entries, y `cols`. Cost: all nonzeros. */
void rw_matrix_apply_transposed(const struct rw_matrix *m, const struct rw_vector *x, struct rw_vector *y);
/* v[first + i] += factor * M[i][j] for all i. */
void rw_matrix_add_column(const struct rw_matrix *m, size_t j, const fmpq_t factor, size_t first, struct rw_vector *v);
/* The entry (i, j), or NULL where it is zero. Cost: log of the column's nonzeros. */
const fmpq *rw_matrix_entry(const struct rw_matrix *m, size_t i, size_t j);
/* The largest rw_q_bits of any entry. */
size_t rw_matrix_bits(const struct rw_matrix *m);

/* Collects entries in any order. */
struct rw_builder;
struct rw_builder *rw_builder_new(size_t rows, size_t cols);
void rw_builder_add(struct rw_builder *b, size_t row, size_t col, const fmpq_t value);
void rw_builder_add_int(struct rw_builder *b, size_t row, size_t col, int64_t value);
/* The matrix m with its corner at (first, first). */
void rw_builder_add_block(struct rw_builder *b, const struct rw_matrix *m, size_t first);
/* Entries of the same place are added up, zeros dropped. Frees the builder. Caller frees the matrix. */
struct rw_matrix *rw_builder_finish(struct rw_builder *b);
void rw_builder_free(struct rw_builder *b);

#endif
