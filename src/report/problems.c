/* problems.c - diagnostics as JSON, and what all JSON reports share. */
#include "report/problems.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/word.h"

json_t *rw_report_count(uint64_t count)
{
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

/* Bytes of the UTF-8 character that the text begins with; 0: it begins with none. */
static size_t character_bytes(const char *text)
{
    for (size_t length = 1, left = strnlen(text, 4); length <= left; length++)
        if (rw_utf8_valid(text, length))
            return length;
    return 0;
}

json_t *rw_report_text(const char *text)
{
    static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
    size_t length = 0;
    char *valid = rw_alloc(strlen(text) + 1, sizeof replacement);
    while (*text != '\0') {
        size_t bytes = character_bytes(text);
        memcpy(valid + length, bytes > 0 ? text : replacement, bytes > 0 ? bytes : sizeof replacement - 1);
        length += bytes > 0 ? bytes : sizeof replacement - 1;
        text += bytes > 0 ? bytes : 1;
    }
    json_t *value = json_stringn(valid, length);
    free(valid);
    return value;
}

void rw_report_set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, rw_report_text(text));
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : rw_report_text(text);
}

static json_t *more_problems(size_t count)
{
    char *message = rw_format("%zu more problems", count);
    json_t *value = rw_report_text(message);
    free(message);
    return value;
}

json_t *rw_report_problem_list(const struct rw_diag *diag)
{
    static const char *const kinds[] = {
        [RW_PROBLEM_INPUT] = "input", [RW_PROBLEM_LIMIT] = "limit", [RW_PROBLEM_IO] = "io"};
    json_t *list = json_array();
    for (size_t i = 0; i < rw_diag_kept(diag); i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        json_t *problem = json_object();
        json_object_set_new(problem, "kind", json_string(kinds[view.kind]));
        if (view.span.source != NULL)
            json_object_set_new(problem, "file", rw_report_text(view.span.source->name));
        if (view.span.source != NULL && view.span.line > 0) {
            json_object_set_new(problem, "line", rw_report_count(view.span.line));
            json_object_set_new(problem, "column", rw_report_count(view.span.column));
        }
        json_object_set_new(problem, "message", rw_report_text(view.message));
        json_object_set_new(problem, "hint", text_or_null(view.hint));
        if (view.limit != NULL)
            json_object_set_new(problem, "limit", json_string(view.limit));
        json_array_append_new(list, problem);
    }
    if (rw_diag_count(diag) > rw_diag_kept(diag))
        json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:s}", "kind", "input", "message",
                                              more_problems(rw_diag_count(diag) - rw_diag_kept(diag)), "hint",
                                              "see more with --limit errors=N", "limit", "errors"));
    return list;
}

void rw_report_json(json_t *value, FILE *out)
{
    json_dumpf(value, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(value);
}
