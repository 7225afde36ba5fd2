/* problems.c - diagnostics as JSON, and what all JSON reports share. */
#include "report/problems.h"

#include <inttypes.h>

json_t *rw_report_count(uint64_t count)
{
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

json_t *rw_report_problem_list(const struct rw_diag *diag)
{
    static const char *const kinds[] = {[RW_PROBLEM_INPUT] = "input", [RW_PROBLEM_LIMIT] = "limit", [RW_PROBLEM_IO] = "io"};
    json_t *list = json_array();
    for (size_t i = 0; i < rw_diag_kept(diag); i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        json_t *problem = json_object();
        json_object_set_new(problem, "kind", json_string(kinds[view.kind]));
        if (view.span.source != NULL)
            json_object_set_new(problem, "file", json_string(view.span.source->name));
        if (view.span.source != NULL && view.span.line > 0) {
            json_object_set_new(problem, "line", rw_report_count(view.span.line));
            json_object_set_new(problem, "column", rw_report_count(view.span.column));
        }
        json_object_set_new(problem, "message", json_string(view.message));
        json_object_set_new(problem, "hint", text_or_null(view.hint));
        if (view.limit != NULL)
            json_object_set_new(problem, "limit", json_string(view.limit));
        json_array_append_new(list, problem);
    }
    return list;
}

void rw_report_problems_json(const struct rw_diag *diag, FILE *out)
{
    json_t *report = json_object();
    json_object_set_new(report, "problems", rw_report_problem_list(diag));
    rw_report_json(report, out);
}

void rw_report_json(json_t *value, FILE *out)
{
    json_dumpf(value, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(value);
}
