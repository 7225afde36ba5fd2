/* trace.h - machine and network beside each other, step by step. */
#ifndef RW_REPORT_TRACE_H
#define RW_REPORT_TRACE_H

#include <jansson.h>

#include "verify/verify.h"

/* As a table; each line of a text table begins with `indent`. */
void rw_report_trace(const struct rw_trace *trace, bool network, bool markdown, const char *indent, FILE *out);
json_t *rw_report_trace_json(const struct rw_trace *trace, bool network);

#endif
