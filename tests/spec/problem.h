/* problem.h - reading a text as a spec, and finding a problem in it at its place. */
#ifndef RW_TESTS_SPEC_PROBLEM_H
#define RW_TESTS_SPEC_PROBLEM_H

#include <criterion/criterion.h>
#include <string.h>

#include "spec/spec.h"

static inline struct rw_machine *read_text(const char *text, struct rw_diag *diag, struct rw_source **source)
{
    struct rw_limits limits = rw_limits_standard();
    *source = rw_source_text("test.yaml", text, strlen(text));
    return rw_spec_read(*source, &limits, diag);
}

/* Whether there is a problem at the place whose message or hint holds `part`. */
static inline bool has_problem(const char *text, size_t line, size_t column, const char *part)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    cr_assert_null(read_text(text, diag, &source), "read: %s", text);
    bool found = false;
    for (size_t i = 0; i < rw_diag_kept(diag) && !found; i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        found = view.span.line == line && view.span.column == column &&
                (strstr(view.message, part) != NULL || (view.hint != NULL && strstr(view.hint, part) != NULL));
    }
    if (!found) {
        fprintf(stderr, "no problem '%s' at %zu:%zu of\n%s", part, line, column, text);
        rw_diag_print(diag, stderr);
    }
    rw_diag_free(diag);
    rw_source_free(source);
    return found;
}

#endif
