/* trace.h - machine and network beside each other, step by step. */
#ifndef RW_REPORT_TRACE_H
#define RW_REPORT_TRACE_H

#include <jansson.h>

#include "verify/verify.h"

enum rw_trace_form {
    RW_TRACE_FITTING, /* a text table, or, where that would be too wide, a list */
    RW_TRACE_TABLE,
    RW_TRACE_MARKDOWN
};

/* Each line begins with `indent`. */
void rw_report_trace(const struct rw_trace *trace, bool network, enum rw_trace_form form, const char *indent,
                     FILE *out);
json_t *rw_report_trace_json(const struct rw_trace *trace, bool network);

#endif
