/* machine.h - a machine, its class, and which networks there are for it. */
#ifndef RW_REPORT_MACHINE_H
#define RW_REPORT_MACHINE_H

#include <jansson.h>
#include <stdio.h>

#include "reductions/witness/witness.h"

/* "dfa, 3 states, ..." is for the reader of check: one line without a line break. */
void rw_report_machine_line(const struct rw_machine *machine, FILE *out);
/* Facts, and each construction of the machine's kind: its size, or why it does not apply. Networks are built
 * to be measured, as far as the limits in `options` allow. */
void rw_report_machine(const struct rw_machine *machine, const struct rw_witness_options *options, FILE *out);
json_t *rw_report_machine_json(const struct rw_machine *machine, const struct rw_witness_options *options);

#endif
