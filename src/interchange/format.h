/* format.h - the one table of foreign formats. A new format is a file beside this one and a row. */
#ifndef RW_INTERCHANGE_FORMAT_H
#define RW_INTERCHANGE_FORMAT_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/source.h"

struct rw_format {
    const char *name;            /* "att" */
    const char *title;           /* "AT&T / OpenFst text" */
    const char *const *suffixes; /* ".att", ".fst.txt", ..., NULL */
    /* Text in this format -> machine. `symbols` is an optional symbol table (NULL: none). NULL and a diagnostic on error. Caller frees. */
    struct rw_machine *(*read)(const struct rw_source *source, const struct rw_source *symbols,
                               const struct rw_limits *limits, struct rw_diag *diag);
    bool (*write)(const struct rw_machine *machine, FILE *out, struct rw_diag *diag); /* NULL: read only */
};

extern const struct rw_format rw_formats[];
extern const size_t rw_format_count;
const struct rw_format *rw_format_find(const char *name);
/* By the file's suffix; NULL if none fits. */
const struct rw_format *rw_format_of(const char *path);

#endif
