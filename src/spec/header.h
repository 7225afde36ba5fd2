/* header.h - what all specs begin with: of machines here, of problems in reductions/problems. */
#ifndef RW_SPEC_HEADER_H
#define RW_SPEC_HEADER_H

#include "automata/machine.h"
#include "base/source.h"
#include "spec/reader.h"

/* The kind that is no automaton: an instance of a problem. */
#define RW_KIND_PROBLEM "problem"

/* A spec that is being read. */
struct rw_spec_file {
    struct rw_reader reader;
    struct rw_yaml_document *document;
    struct rw_diag *own;
};

/* Parses the source; true if it is a mapping. `diag` may be NULL. Close in any case. */
bool rw_spec_open(struct rw_spec_file *file, const struct rw_source *source, const struct rw_limits *limits,
                  struct rw_diag *diag);
void rw_spec_close(struct rw_spec_file *file);

/* The key `rnnwit`. */
void rw_spec_check_format(struct rw_reader *r);
/* The text of an optional key, else `standard`, which is taken. Caller frees. */
char *rw_spec_read_text(struct rw_reader *r, const char *key, char *standard);
/* A file's name without folders and suffix: the name of a spec that says none. Caller frees. */
char *rw_spec_stem(const char *path);
/* The machine whose keys are those of r->top. NULL and problems. Caller frees. r->alphabet is not good afterwards. */
struct rw_machine *rw_spec_read_machine(struct rw_reader *r, const char *standard_name);

#endif
