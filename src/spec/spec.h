/* spec.h - YAML with positions -> a checked machine: rnnwit-spec(5). */
#ifndef RW_SPEC_SPEC_H
#define RW_SPEC_SPEC_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/source.h"

#define RW_SPEC_FORMAT 1

/* Reads a spec; all its problems are reported in one pass. NULL on error. Caller frees with rw_machine_free.
 * The machine keeps nothing of the source. */
struct rw_machine *rw_spec_read(const struct rw_source *source, const struct rw_limits *limits, struct rw_diag *diag);
/* Writes a machine as a spec that reads back to the same machine. false on a write error. */
bool rw_spec_write(const struct rw_machine *machine, FILE *out);

#endif
