/* diag.c - collecting problems and printing them with their source line and a caret. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A source line longer than this is shown only around its caret. */
#define SHOWN_WIDTH 120

struct note {
    struct rw_span span;
    char *message;
};

struct problem {
    enum rw_problem kind;
    struct rw_span span;
    char *message;
    char *limit;
    char *hint;
    struct note *notes;
    size_t note_count, note_capacity;
    size_t order; /* of arrival: keeps problems of one place in order */
};

struct rw_diag {
    struct problem *problems;
    size_t kept, capacity, max;
    size_t count;      /* kept and dropped */
    bool last_dropped; /* hints and notes of a dropped problem are dropped too */
    bool seen[RW_PROBLEM_IO + 1];
};

struct rw_span rw_span_none(void)
{
    return (struct rw_span){0};
}

struct rw_span rw_span_file(const struct rw_source *source)
{
    return (struct rw_span){.source = source};
}

struct rw_span rw_span_at(const struct rw_source *source, size_t line, size_t column, size_t length)
{
    return (struct rw_span){source, line, column, length};
}

struct rw_diag *rw_diag_new(size_t max_problems)
{
    struct rw_diag *diag = rw_alloc(1, sizeof *diag);
    diag->max = max_problems;
    return diag;
}

void rw_diag_clear(struct rw_diag *diag)
{
    for (size_t i = 0; i < diag->kept; i++) {
        struct problem *p = diag->problems + i;
        for (size_t j = 0; j < p->note_count; j++)
            free(p->notes[j].message);
        free(p->notes);
        free(p->message);
        free(p->limit);
        free(p->hint);
    }
    diag->kept = diag->count = 0;
    diag->last_dropped = false;
    memset(diag->seen, 0, sizeof diag->seen);
}

void rw_diag_free(struct rw_diag *diag)
{
    if (diag == NULL)
        return;
    rw_diag_clear(diag);
    free(diag->problems);
    free(diag);
}

static char *format_text(const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    if (length < 0)
        rw_out_of_memory(strlen(format));
    return text;
}

static void add_problem(struct rw_diag *diag, enum rw_problem kind, struct rw_span span, const char *limit,
                        const char *format, va_list args)
{
    if (diag == NULL)
        return;
    diag->count++;
    diag->seen[kind] = true;
    diag->last_dropped = diag->kept >= diag->max;
    if (diag->last_dropped)
        return;
    diag->problems = rw_grow(diag->problems, &diag->capacity, diag->kept + 1, sizeof *diag->problems);
    diag->problems[diag->kept] = (struct problem){
        .kind = kind,
        .span = span,
        .message = format_text(format, args),
        .limit = limit == NULL ? NULL : rw_strdup(limit),
        .order = diag->kept,
    };
    diag->kept++;
}

void rw_diag_error(struct rw_diag *diag, struct rw_span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(diag, RW_PROBLEM_INPUT, span, NULL, format, args);
    va_end(args);
}

void rw_diag_io(struct rw_diag *diag, struct rw_span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(diag, RW_PROBLEM_IO, span, NULL, format, args);
    va_end(args);
}

void rw_diag_limit(struct rw_diag *diag, struct rw_span span, const char *limit, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(diag, RW_PROBLEM_LIMIT, span, limit, format, args);
    va_end(args);
}

static struct problem *last_problem(struct rw_diag *diag)
{
    return diag == NULL || diag->kept == 0 || diag->last_dropped ? NULL : diag->problems + diag->kept - 1;
}

void rw_diag_hint(struct rw_diag *diag, const char *format, ...)
{
    struct problem *p = last_problem(diag);
    if (p == NULL)
        return;
    va_list args;
    va_start(args, format);
    char *hint = format_text(format, args);
    va_end(args);
    if (p->hint == NULL) {
        p->hint = hint;
        return;
    }
    char *both = rw_format("%s\n%s", p->hint, hint);
    free(p->hint);
    free(hint);
    p->hint = both;
}

void rw_diag_note(struct rw_diag *diag, struct rw_span span, const char *format, ...)
{
    struct problem *p = last_problem(diag);
    if (p == NULL)
        return;
    va_list args;
    va_start(args, format);
    p->notes = rw_grow(p->notes, &p->note_capacity, p->note_count + 1, sizeof *p->notes);
    p->notes[p->note_count++] = (struct note){span, format_text(format, args)};
    va_end(args);
}

size_t rw_diag_count(const struct rw_diag *diag)
{
    return diag->count;
}

bool rw_diag_empty(const struct rw_diag *diag)
{
    return diag->count == 0;
}

int rw_diag_exit_code(const struct rw_diag *diag)
{
    if (diag->seen[RW_PROBLEM_IO])
        return 4;
    if (diag->seen[RW_PROBLEM_LIMIT])
        return 3;
    return diag->seen[RW_PROBLEM_INPUT] ? 2 : 0;
}

/* --- printing --- */

static bool utf8_continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The text of a line without its end, or length 0 if there is no such line. */
static const char *find_line(const struct rw_source *source, size_t line, size_t *length)
{
    const char *at = source->text, *end = source->text + source->size;
    for (size_t i = 1; i < line && at != NULL; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL) {
        *length = 0;
        return source->text;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL)
        stop = end;
    if (stop > at && stop[-1] == '\r')
        stop--;
    *length = (size_t)(stop - at);
    return at;
}

/* One character of the source: control characters would disturb the terminal and show as '?'; a tab stays. */
static const char *put_character(FILE *out, const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if ((c < 0x20 && c != '\t') || c == 0x7f)
        fputc('?', out);
    else
        fputc(c, out);
    at++;
    while (at < end && utf8_continues(*at)) {
        fputc(*at, out);
        at++;
    }
    return at;
}

static const char *skip_characters(const char *at, const char *end, size_t count)
{
    for (size_t i = 0; i < count && at < end; i++) {
        at++;
        while (at < end && utf8_continues(*at))
            at++;
    }
    return at;
}

/* The line, and below it a caret at the column and tildes under the rest of the span. A long line is cut around the caret. */
static void print_source_line(FILE *out, struct rw_span span)
{
    size_t length;
    const char *line = find_line(span.source, span.line, &length), *end = line + length;
    size_t skipped = span.column > SHOWN_WIDTH / 2 + 1 ? span.column - 1 - SHOWN_WIDTH / 2 : 0;
    if (length <= SHOWN_WIDTH)
        skipped = 0;
    const char *from = skip_characters(line, end, skipped);
    const char *to = skip_characters(from, end, SHOWN_WIDTH);

    fprintf(out, "%6zu | %s", span.line, skipped > 0 ? "..." : "");
    for (const char *at = from; at < to;)
        at = put_character(out, at, to);
    fputs(to < end ? "...\n" : "\n", out);

    fprintf(out, "       | %s", skipped > 0 ? "   " : "");
    const char *at = from;
    for (size_t column = skipped + 1; column < span.column; column++) {
        /* a tab in the line is a tab here, so that the caret stands below its character whatever the tab width */
        fputc(at < to && *at == '\t' ? '\t' : ' ', out);
        at = skip_characters(at, to, 1);
    }
    fputc('^', out);
    const char *after = skip_characters(at, to, 1);
    for (size_t i = 1; i < span.length && after < to; i++) {
        fputc('~', out);
        after = skip_characters(after, to, 1);
    }
    fputc('\n', out);
}

static void print_one(FILE *out, struct rw_span span, const char *level, const char *message)
{
    if (span.source == NULL)
        fprintf(out, "rnnwit: %s: %s\n", level, message);
    else if (span.line == 0)
        fprintf(out, "%s: %s: %s\n", span.source->name, level, message);
    else {
        fprintf(out, "%s:%zu:%zu: %s: %s\n", span.source->name, span.line, span.column, level, message);
        print_source_line(out, span);
    }
}

static void print_problem(FILE *out, const struct problem *p)
{
    print_one(out, p->span, p->kind == RW_PROBLEM_LIMIT ? "limit reached" : "error", p->message);
    for (size_t i = 0; i < p->note_count; i++)
        print_one(out, p->notes[i].span, "note", p->notes[i].message);
    for (const char *hint = p->hint; hint != NULL && *hint != '\0';) {
        size_t length = strcspn(hint, "\n");
        fprintf(out, "  hint: %.*s\n", (int)length, hint);
        hint += length + (hint[length] == '\n');
    }
    if (p->limit != NULL)
        fprintf(out, "  hint: raise it with --limit %s=N\n", p->limit);
}

/* By file (in order of first appearance it would be unstable to compare pointers, so by arrival), then line, then column. */
static int compare_problems(const void *a, const void *b)
{
    const struct problem *p = *(const struct problem *const *)a, *q = *(const struct problem *const *)b;
    if (p->span.source == q->span.source) {
        if (p->span.line != q->span.line)
            return p->span.line < q->span.line ? -1 : 1;
        if (p->span.column != q->span.column)
            return p->span.column < q->span.column ? -1 : 1;
    }
    return p->order < q->order ? -1 : 1;
}

/* Sorts each run of problems of one source; runs stay in order of arrival, so the order is total. */
static const struct problem **sorted_problems(const struct rw_diag *diag)
{
    const struct problem **order = rw_alloc(diag->kept, sizeof *order);
    for (size_t i = 0; i < diag->kept; i++)
        order[i] = diag->problems + i;
    for (size_t start = 0; start < diag->kept;) {
        size_t end = start + 1;
        while (end < diag->kept && order[end]->span.source == order[start]->span.source)
            end++;
        qsort(order + start, end - start, sizeof *order, compare_problems);
        start = end;
    }
    return order;
}

void rw_diag_print(const struct rw_diag *diag, FILE *out)
{
    const struct problem **order = sorted_problems(diag);
    for (size_t i = 0; i < diag->kept; i++)
        print_problem(out, order[i]);
    if (diag->count > diag->kept)
        fprintf(out, "rnnwit: %zu more problems; see more with --limit errors=N\n", diag->count - diag->kept);
    free(order);
}

size_t rw_diag_kept(const struct rw_diag *diag)
{
    return diag->kept;
}

struct rw_problem_view rw_diag_view(const struct rw_diag *diag, size_t i)
{
    const struct problem *p = diag->problems + i;
    return (struct rw_problem_view){p->kind, p->span, p->message, p->limit, p->hint};
}
