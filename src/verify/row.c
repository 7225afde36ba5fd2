/* row.c - sparse rows that take only the room of their entries. */
#include "verify/row.h"

#include <stdlib.h>

#include "base/memory.h"

struct rw_row rw_row_of(const struct rw_vector *v)
{
    struct rw_row row = {.count = v->count};
    row.index = rw_alloc(v->count, sizeof *row.index);
    row.value = rw_q_list_new(v->count);
    for (size_t k = 0; k < v->count; k++) {
        row.index[k] = v->touched[k];
        fmpq_set(row.value + k, v->value + v->touched[k]);
    }
    return row;
}

void rw_row_clear(struct rw_row *row)
{
    free(row->index);
    rw_q_list_free(row->value, row->count);
}

void rw_row_add_to(const struct rw_row *row, const fmpq_t factor, struct rw_vector *v)
{
    for (size_t k = 0; k < row->count; k++)
        rw_vector_addmul(v, row->index[k], row->value + k, factor);
}

uint64_t rw_row_cells(const struct rw_row *row)
{
    uint64_t cells = 1;
    for (size_t k = 0; k < row->count; k++)
        cells += 1 + rw_q_bits(row->value + k) / 64;
    return cells;
}
