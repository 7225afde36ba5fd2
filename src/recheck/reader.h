/* reader.h - numbers from the text of a net file. Internal to recheck. */
#ifndef RW_RECHECK_READER_H
#define RW_RECHECK_READER_H

#include <jansson.h>

#include "base/limits.h"
#include "exact/sparse.h"

struct rw_recheck_reader {
    const struct rw_limits *limits;
    FILE *why;
    bool good;
};

/* Says what is wrong, the first time. Always false. */
bool rw_recheck_refuse(struct rw_recheck_reader *r, const char *what);
/* The list of entries as a rows x cols matrix. An entry is [i, value], [i, j, value] (column 0, or j), or, for a tensor of several
 * columns, [i, j, feature, value]: row i * columns of the tensor + j, column feature. NULL, or !good: it is none. */
struct rw_matrix *rw_recheck_entries(struct rw_recheck_reader *r, const json_t *list, size_t indices,
                                     const size_t *bounds, size_t rows, size_t cols);
/* The same for [row, column, value]. */
struct rw_matrix *rw_recheck_matrix(struct rw_recheck_reader *r, const json_t *list, size_t rows, size_t cols);

#endif
