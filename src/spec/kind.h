/* kind.h - the one table of spec kinds. A new kind is a row here and a file beside this one.
 *
 * Witnesses for a kind are rows of reductions/witness/witness.c, which may know networks; this side may not. */
#ifndef RW_SPEC_KIND_H
#define RW_SPEC_KIND_H

#include "automata/machine.h"
#include "spec/reader.h"

struct rw_spec_kind {
    const struct rw_machine_kind *machine; /* simulator; its name is the `kind` of the spec */
    const char *const *keys;               /* the kind's own keys, NULL-terminated; common ones (rnnwit, kind, name, about, alphabet) not */
    /* Reads the kind's keys into a model. All problems go to the reader's diag. NULL on error. May return a different simulator for
     * the same kind in *machine (a wfa with `accept: positive`); NULL leaves the row's. */
    void *(*read)(struct rw_reader *reader, const struct rw_machine_kind **machine);
    /* Writes the kind's own keys. */
    void (*write)(const struct rw_machine *machine, FILE *out);
    /* A transition table for a reader, as text columns or Markdown. */
    void (*table)(const struct rw_machine *machine, bool markdown, FILE *out);
};

extern const struct rw_spec_kind rw_spec_kinds[];
extern const size_t rw_spec_kind_count;
const struct rw_spec_kind *rw_spec_kind_find(const char *name);

#endif
