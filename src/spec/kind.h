/* kind.h - the one table of spec kinds. A new kind is a row here and a file beside this one.
 *
 * Witnesses for a kind are rows of reductions/witness/witness.c, which may know networks; this side may not. */
#ifndef RW_SPEC_KIND_H
#define RW_SPEC_KIND_H

#include "automata/machine.h"
#include "spec/facts.h"
#include "spec/reader.h"
#include "spec/table.h"

struct rw_spec_kind {
    const char *name; /* the `kind` of the spec */
    const char *const
        *keys; /* the kind's own keys, NULL-terminated; the common ones (rnnwit, kind, name, about, alphabet) not */
    /* Reads the kind's keys into a model and says which simulator runs it. All problems go to the reader's diag. NULL on error. */
    void *(*read)(struct rw_reader *reader, const struct rw_machine_kind **simulator);
    /* Writes the kind's own keys. */
    void (*write)(const struct rw_machine *machine, FILE *out);
    /* The transitions for a reader. Rows are written cell by cell with rw_table_*. */
    void (*table)(const struct rw_machine *machine, struct rw_table *table);
    /* Sizes and class. */
    void (*facts)(const struct rw_machine *machine, struct rw_facts *facts);
};

extern const struct rw_spec_kind rw_spec_dfa, rw_spec_nfa, rw_spec_regex, rw_spec_wfa, rw_spec_counter, rw_spec_stack,
    rw_spec_turing, rw_spec_cra, rw_spec_matrix_product;
extern const struct rw_spec_kind *const rw_spec_kinds[]; /* NULL-terminated */
const struct rw_spec_kind *rw_spec_kind_find(const char *name);

#endif
