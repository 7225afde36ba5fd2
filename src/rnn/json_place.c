/* json_place.c - walking over valid JSON text to a path, without building anything. */
#include "rnn/json_place.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/word.h"

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static const char *skip_string(const char *at)
{
    for (at++; *at != '"' && *at != '\0'; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
    return *at == '"' ? at + 1 : at;
}

/* Past a value. Nesting is counted, not recursed into; the document is valid, so brackets match. */
static const char *skip_value(const char *at)
{
    size_t depth = 0;
    do {
        at = skip_blanks(at);
        if (*at == '"') {
            at = skip_string(at);
        } else if (*at == '[' || *at == '{') {
            depth++;
            at++;
        } else if (*at == ']' || *at == '}') {
            depth--;
            at++;
        } else if (*at == ',' || *at == ':') {
            at++;
        } else {
            at += strcspn(at, " \t\r\n,:[]{}\"");
        }
    } while (depth > 0 && *at != '\0');
    return at;
}

/* Whether the JSON string at `at` is `key`, escapes and all. */
static bool is_key(const char *at, const char *key)
{
    const char *end = skip_string(at);
    json_t *string = json_loadb(at, (size_t)(end - at), JSON_DECODE_ANY, NULL);
    bool same = string != NULL && strcmp(json_string_value(string), key) == 0;
    json_decref(string);
    return same;
}

/* The value of a key in the object at `at`, or NULL. */
static const char *enter_object(const char *at, const char *key)
{
    if (*at != '{')
        return NULL;
    at = skip_blanks(at + 1);
    while (*at == '"') {
        bool found = is_key(at, key);
        at = skip_blanks(skip_blanks(skip_string(at)) + 1);
        if (found)
            return at;
        at = skip_blanks(skip_value(at));
        at = skip_blanks(*at == ',' ? at + 1 : at);
    }
    return NULL;
}

static const char *enter_array(const char *at, size_t index)
{
    if (*at != '[')
        return NULL;
    at = skip_blanks(at + 1);
    for (size_t i = 0; i < index && *at != ']' && *at != '\0'; i++) {
        at = skip_blanks(skip_value(at));
        at = skip_blanks(*at == ',' ? at + 1 : at);
    }
    return *at == ']' || *at == '\0' ? NULL : at;
}

static const char *follow(const char *text, const struct rw_json_path *path)
{
    if (path == NULL)
        return skip_blanks(text);
    const char *parent = follow(text, path->parent);
    const char *at = path->key != NULL ? enter_object(parent, path->key) : enter_array(parent, path->index);
    return at == NULL ? parent : at;
}

struct rw_span rw_json_place(const struct rw_source *source, const struct rw_json_path *path)
{
    const char *at = follow(source->text, path), *line_start = source->text;
    size_t line = 1;
    for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(at - p))) != NULL; line++)
        line_start = ++p;
    const char *end = skip_value(at);
    size_t length = (size_t)(end - at), first_line = strcspn(at, "\n");
    return rw_span_at(source, line, rw_utf8_length(line_start, (size_t)(at - line_start)) + 1,
                      rw_utf8_length(at, length < first_line ? length : first_line));
}

static void print_path(FILE *out, const struct rw_json_path *path)
{
    if (path->parent != NULL)
        print_path(out, path->parent);
    if (path->key != NULL)
        fprintf(out, "%s%s", path->parent != NULL ? "." : "", path->key);
    else
        fprintf(out, "[%zu]", path->index);
}

char *rw_json_path_text(const struct rw_json_path *path)
{
    if (path == NULL)
        return rw_strdup("the document");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(sizeof *out);
    print_path(out, path);
    fclose(out);
    return text;
}
