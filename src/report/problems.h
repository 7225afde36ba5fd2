/* problems.h - diagnostics as data. */
#ifndef RW_REPORT_PROBLEMS_H
#define RW_REPORT_PROBLEMS_H

#include <jansson.h>
#include <stdio.h>

#include "base/diag.h"

/* An array of {kind, file, line, column, message, hint, limit}. The caller owns the reference. */
json_t *rw_report_problem_list(const struct rw_diag *diag);
/* A text as JSON, which is UTF-8: bytes that are not become U+FFFD. */
json_t *rw_report_text(const char *text);
/* The same under a key, where there is a text. */
void rw_report_set_text(json_t *object, const char *key, const char *text);
/* Any value, indented, and a line break; takes the reference. */
void rw_report_json(json_t *value, FILE *out);
/* A 64-bit count: jansson's integers are signed. */
json_t *rw_report_count(uint64_t count);

#endif
