/* yaml.h - a YAML document as a tree of nodes that know their places (libyaml, one document, YAML 1.1).
 *
 * Aliases share the node they stand for; recursion through them is refused, and nodes count as often as they are used, so that a small file cannot
 * unfold into a huge one. Duplicate keys are found here, because libyaml does not look for them. */
#ifndef RW_SPEC_YAML_H
#define RW_SPEC_YAML_H

#include "base/diag.h"
#include "base/limits.h"

enum rw_yaml_type { RW_YAML_SCALAR, RW_YAML_LIST, RW_YAML_MAP };

struct rw_yaml {
    enum rw_yaml_type type;
    struct rw_span span; /* of the node's first line */
    /* scalar */
    char *text;
    size_t length;
    bool plain;         /* not quoted: ~ is null, and columns of the text are columns of the file */
    bool quoted_simply; /* quoted on one line without escapes: text begins one column after the span */
    bool literal;       /* a block scalar '|': lines of the text are lines of the file, indented */
    /* list: items; map: keys and values */
    size_t count, capacity;
    struct rw_yaml **keys, **items;
    uint64_t weight; /* nodes below and including this one, aliases counted as often as they are used */
};

struct rw_yaml_document;

/* Parses the source. NULL and every problem found (one syntax error, or all duplicate keys). Caller frees. */
struct rw_yaml_document *rw_yaml_parse(const struct rw_source *source, const struct rw_limits *limits,
                                       struct rw_diag *diag);
void rw_yaml_free(struct rw_yaml_document *document);
const struct rw_yaml *rw_yaml_root(const struct rw_yaml_document *document);

/* The value of a key of a map, or NULL. Cost: the map's keys. */
const struct rw_yaml *rw_yaml_get(const struct rw_yaml *map, const char *key);
/* A plain scalar that is empty, ~ or null. */
bool rw_yaml_is_null(const struct rw_yaml *node);
/* "a list", "a mapping", "'text'": what was found, for messages. The text is good until the next call. */
const char *rw_yaml_found(const struct rw_yaml *node, char *buffer, size_t size);

#endif
