/* stack.h - writing and tabulating stack machines. Internal to spec. */
#ifndef RW_SPEC_STACK_H
#define RW_SPEC_STACK_H

#include "spec/kind.h"

void rw_stack_write(const struct rw_machine *machine, FILE *out);
void rw_stack_table(const struct rw_machine *machine, struct rw_table *table);

#endif
