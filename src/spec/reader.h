/* reader.h - what the kinds' readers share: typed access to the YAML tree, with errors at the right place.
 *
 * Every function reports what is wrong and says so by its result; readers go on, so that all problems of a file come in one pass. */
#ifndef RW_SPEC_READER_H
#define RW_SPEC_READER_H

#include "base/limits.h"
#include "base/word.h"
#include "exact/rational.h"
#include "spec/yaml.h"

/* Handed to a kind's reader: the spec's top mapping and what the common keys said. */
struct rw_reader {
    const struct rw_yaml *top;
    const struct rw_alphabet *alphabet; /* read already */
    const struct rw_limits *limits;
    struct rw_diag *diag;
    bool good; /* no problem so far */
};

/* An error at a node. */
void rw_read_error(struct rw_reader *r, const struct rw_yaml *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where some bytes of a scalar's text stand in the file: known if it stands there as it is, else the scalar's start. */
struct rw_span rw_read_place(const struct rw_yaml *node, size_t byte, size_t length);

/* The value of a required key of a map, or NULL and an error. */
const struct rw_yaml *rw_read_key(struct rw_reader *r, const struct rw_yaml *map, const char *key);
/* Whether the node is of the type; `what` completes "expected ...". */
bool rw_read_expect(struct rw_reader *r, const struct rw_yaml *node, enum rw_yaml_type type, const char *what);
/* An error with a near name for each key not among `keys` and `more` (NULL-terminated, `more` may be NULL). */
void rw_read_keys(struct rw_reader *r, const struct rw_yaml *map, const char *const *keys, const char *const *more);
/* A scalar's text: not null, valid UTF-8 without control characters. NULL and an error otherwise. Belongs to the node. */
const char *rw_read_text(struct rw_reader *r, const struct rw_yaml *node, const char *what);
/* A name for a state, counter or symbol: a text that is not empty and has no blanks. */
const char *rw_read_name(struct rw_reader *r, const struct rw_yaml *node, const char *what);
/* One of the words; its number goes to *choice. */
bool rw_read_choice(struct rw_reader *r, const struct rw_yaml *node, const char *const *words, size_t *choice);
bool rw_read_number(struct rw_reader *r, const struct rw_yaml *node, fmpq_t value);
bool rw_read_integer(struct rw_reader *r, const struct rw_yaml *node, int64_t *value);
bool rw_read_symbol(struct rw_reader *r, const struct rw_yaml *node, uint32_t *symbol);

/* Declared names ("state", "counter") and their numbers. */
struct rw_names;
/* Reads a list of distinct names, at least one, at most `most` (limit `limit`). Never NULL; the reader's `good` tells. Caller frees. */
struct rw_names *rw_read_names(struct rw_reader *r, const struct rw_yaml *list, const char *what, uint64_t most,
                               const char *limit);
void rw_names_free(struct rw_names *names);
size_t rw_names_count(const struct rw_names *names);
const char *rw_names_get(const struct rw_names *names, size_t i);
/* The number of a declared name; an error with a near name otherwise. */
bool rw_read_ref(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *names, uint32_t *number);
/* Replaces the `count` names of a model by these. */
void rw_names_give(const struct rw_names *names, char **to);
/* A list of names (or a single one), each marked in flags. */
void rw_read_set(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *names, uint8_t *flags);

/* Whether the spec says `missing: reject`: what has no transition rejects. */
bool rw_read_missing(struct rw_reader *r);

/* Writing: a scalar that reads back as this text, quoted where YAML needs it. */
void rw_write_scalar(FILE *out, const char *text);
/* "[a, b, c]" */
void rw_write_list(FILE *out, char *const *names, size_t count);

#endif
