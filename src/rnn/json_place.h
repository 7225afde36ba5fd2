/* json_place.h - where in a JSON text a value stands: jansson checks the text but forgets places. Internal to
 * src/rnn. */
#ifndef RW_RNN_JSON_PLACE_H
#define RW_RNN_JSON_PLACE_H

#include "base/diag.h"

/* A path into a document: keys and indices from the root. */
struct rw_json_path {
    const struct rw_json_path *parent; /* NULL: the root */
    const char *key;                   /* of an object, or NULL */
    size_t index;                      /* of an array, if key is NULL */
};

/* The span of the value at the path (its first line). The text must be valid JSON; a path that leads nowhere gives the
 * last value on the way. Cost: the text up to the value. */
struct rw_span rw_json_place(const struct rw_source *source, const struct rw_json_path *path);
/* "layers[0].heads[1].params.query[3]"; "the document" for the root. Caller frees. */
char *rw_json_path_text(const struct rw_json_path *path);

#endif
