/* json_access.h - typed access to a net file's JSON, with every problem at its place. Internal to src/rnn. */
#ifndef RW_RNN_JSON_ACCESS_H
#define RW_RNN_JSON_ACCESS_H

#include <jansson.h>

#include "base/limits.h"
#include "rnn/json_place.h"
#include "rnn/net.h"

struct rw_json_reader {
    const struct rw_source *source;
    const struct rw_limits *limits;
    struct rw_diag *diag;
    size_t nonzeros; /* entries and columns of all matrices so far: both take memory */
    bool good;       /* no problem so far */
};

/* How the indices of an entry lead to a place of the matrix: row = i, or i * bounds[1] + j; column = the last index. */
struct rw_json_layout {
    size_t indices; /* per entry: 1 to 3 */
    size_t bounds[3];
    size_t rows, cols; /* of the matrix */
    bool column;       /* the last index is the column; else the column is 0 */
};

/* A problem with the value at the path: "path: message", with its line. */
void rw_json_error(struct rw_json_reader *r, const struct rw_json_path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a limit that is reached. */
void rw_json_limit(struct rw_json_reader *r, const struct rw_json_path *path, const char *limit, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));
/* The value if it has the type, else NULL and an error that says `what` was expected. */
const json_t *rw_json_expect(struct rw_json_reader *r, const json_t *value, json_type type, const char *what,
                             const struct rw_json_path *path);
/* The value of a key of the object at the path; NULL and an error if it is missing (or has another type). */
const json_t *rw_json_get(struct rw_json_reader *r, const json_t *object, const char *key,
                          const struct rw_json_path *path);
const json_t *rw_json_get_typed(struct rw_json_reader *r, const json_t *object, const char *key, json_type type,
                                const char *what, const struct rw_json_path *path);
/* Replaces *text by a string's value. */
void rw_json_get_text(struct rw_json_reader *r, const json_t *object, const char *key, char **text,
                      const struct rw_json_path *path);
/* A whole number from 0 to `most`. */
bool rw_json_size(struct rw_json_reader *r, const json_t *value, uint64_t most, size_t *size,
                  const struct rw_json_path *path);
/* An error with a near name for each key that is not among `keys` (NULL-terminated). */
void rw_json_keys(struct rw_json_reader *r, const json_t *object, const char *const *keys,
                  const struct rw_json_path *path);
/* A list of strings, empty ones where the file has something else. Caller frees each and the list. */
char **rw_json_names(struct rw_json_reader *r, const json_t *object, const char *key, size_t *count,
                     const struct rw_json_path *path);
/* A list of entries as a matrix: bad ones are reported and left out. Caller frees. */
struct rw_matrix *rw_json_entries(struct rw_json_reader *r, const json_t *object, const char *key,
                                  const struct rw_json_layout *layout, const struct rw_json_path *path);
struct rw_json_layout rw_json_matrix_layout(size_t rows, size_t cols);
struct rw_json_layout rw_json_vector_layout(size_t rows);
struct rw_json_layout rw_json_param_layout(struct rw_param_shape shape, size_t width);

#endif
