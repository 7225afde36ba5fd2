/* row.h - sparse rows that take only the room of their entries. Internal to verify. */
#ifndef RW_VERIFY_ROW_H
#define RW_VERIFY_ROW_H

#include "exact/sparse.h"

struct rw_row {
    size_t count;
    uint32_t *index;
    fmpq *value;
};

/* The touched entries of v, in their order (rw_vector_tidy: ascending, and none of them 0). Clear it. */
struct rw_row rw_row_of(const struct rw_vector *v);
void rw_row_clear(struct rw_row *row);
/* v += factor * row */
void rw_row_add_to(const struct rw_row *row, const fmpq_t factor, struct rw_vector *v);
/* Cells are entries, or words of memory where numbers are large. */
uint64_t rw_row_cells(const struct rw_row *row);

#endif
