/* diag.h - problems found in input, collected with their places.
 *
 * Library code adds problems here and returns false or NULL; it never prints and never exits. A command
 * prints them all at once and takes its exit code from the worst. */
#ifndef RW_BASE_DIAG_H
#define RW_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/source.h"

/* A place in a source. Lines and columns count from 1, columns in characters (code points).
 * line 0 is the file as a whole; source NULL is no file at all. */
struct rw_span {
    const struct rw_source *source;
    size_t line, column, length;
};

struct rw_span rw_span_none(void);
struct rw_span rw_span_file(const struct rw_source *source);
struct rw_span rw_span_at(const struct rw_source *source, size_t line, size_t column, size_t length);

/* What kind of failure a problem is: it decides the exit code (2, 3 or 4). */
enum rw_problem { RW_PROBLEM_INPUT, RW_PROBLEM_LIMIT, RW_PROBLEM_IO };

struct rw_diag;

/* Keeps at most `max_problems`; further ones are only counted. Sources that spans point into must
 * outlive the diag. Caller frees with rw_diag_free. */
struct rw_diag *rw_diag_new(size_t max_problems);
void rw_diag_free(struct rw_diag *diag);

/* `diag` may be NULL everywhere below: the problem is then only signalled by the return value. */
void rw_diag_error(struct rw_diag *diag, struct rw_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void rw_diag_io(struct rw_diag *diag, struct rw_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* `limit` is the limit's name on the command line; the hint to raise it is added by itself. */
void rw_diag_limit(struct rw_diag *diag, struct rw_span span, const char *limit, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* More about the last problem: what to do, or another place ("first declared here"). */
void rw_diag_hint(struct rw_diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void rw_diag_note(struct rw_diag *diag, struct rw_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

size_t rw_diag_count(const struct rw_diag *diag);
bool rw_diag_empty(const struct rw_diag *diag);
/* Removes all problems. */
void rw_diag_clear(struct rw_diag *diag);

/* 0 without problems, else 4 (I/O), 3 (limit) or 2 (input): an I/O failure explains the others. */
int rw_diag_exit_code(const struct rw_diag *diag);

/* All problems as text, in the order of their places: file:line:column: error: ..., the source line,
 * a caret, notes and hints. */
void rw_diag_print(const struct rw_diag *diag, FILE *out);

/* One problem as data, for JSON output. Strings belong to the diag. */
struct rw_problem_view {
    enum rw_problem kind;
    struct rw_span span;
    const char *message;
    const char *limit; /* NULL unless kind is RW_PROBLEM_LIMIT */
    const char *hint;  /* NULL or text; several hints are lines */
};
size_t rw_diag_kept(const struct rw_diag *diag);
struct rw_problem_view rw_diag_view(const struct rw_diag *diag, size_t i);

#endif
