/* reader.c - typed access to the YAML tree. */
#include "spec/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct named))
#include <uthash.h>

void rw_read_error(struct rw_reader *r, const struct rw_yaml *node, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        rw_out_of_memory(strlen(format));
    va_end(args);
    rw_diag_error(r->diag, node->span, "%s", text);
    r->good = false;
    free(text);
}

/* The start of a line of the source, counted from 1, or NULL. */
static const char *source_line(const struct rw_source *source, size_t number)
{
    const char *line = source->text;
    for (size_t i = 1; i < number && line != NULL; i++) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return line;
}

/* A line of a literal block scalar is a line of the file after its indentation: it is looked up there, and compared. The scalar's start if
 * it is another (an anchor on a line of its own, a line break other than LF and CR LF). */
static struct rw_span block_place(const struct rw_yaml *node, size_t byte, size_t length)
{
    struct rw_span span = node->span;
    size_t number = 0, start = 0;
    for (size_t i = 0; i < byte; i++)
        if (node->text[i] == '\n') {
            number++;
            start = i + 1;
        }
    size_t width = strcspn(node->text + start, "\n");
    const char *line = span.source == NULL ? NULL : source_line(span.source, span.line + 1 + number);
    size_t indented = line == NULL ? 0 : strcspn(line, "\r\n");
    if (indented < width || memcmp(line + indented - width, node->text + start, width) != 0)
        return span;
    if (length > start + width - byte)
        length = start + width - byte;
    span.line += 1 + number;
    span.column = indented - width + rw_utf8_length(node->text + start, byte - start) + 1;
    span.length = length == 0 ? 1 : rw_utf8_length(node->text + byte, length);
    return span;
}

struct rw_span rw_read_place(const struct rw_yaml *node, size_t byte, size_t length)
{
    struct rw_span span = node->span;
    if (node->literal)
        return block_place(node, byte < node->length ? byte : node->length, length);
    bool folded = node->plain && span.length != rw_utf8_length(node->text, node->length); /* over several lines */
    if (folded || (!node->plain && !node->quoted_simply))
        return span;
    if (byte > node->length)
        byte = node->length;
    if (length > node->length - byte)
        length = node->length - byte;
    span.column += rw_utf8_length(node->text, byte) + (node->plain ? 0 : 1);
    span.length = rw_utf8_length(node->text + byte, length);
    return span;
}

const struct rw_yaml *rw_read_key(struct rw_reader *r, const struct rw_yaml *map, const char *key)
{
    const struct rw_yaml *value = rw_yaml_get(map, key);
    if (value == NULL)
        rw_read_error(r, map, "the key '%s' is missing", key);
    return value;
}

bool rw_read_expect(struct rw_reader *r, const struct rw_yaml *node, enum rw_yaml_type type, const char *what)
{
    char found[80];
    if (node->type == type)
        return true;
    rw_read_error(r, node, "expected %s, found %s", what, rw_yaml_found(node, found, sizeof found));
    return false;
}

static bool is_listed(const char *const *keys, const char *key)
{
    for (; keys != NULL && *keys != NULL; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

static void offer_all(struct rw_near *near, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++)
        rw_near_offer(near, *names);
}

void rw_read_keys(struct rw_reader *r, const struct rw_yaml *map, const char *const *keys, const char *const *more)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct rw_yaml *key = map->keys[i];
        if (!rw_read_expect(r, key, RW_YAML_SCALAR, "a key") || is_listed(keys, key->text) ||
            is_listed(more, key->text))
            continue;
        if (strcmp(key->text, "<<") == 0) {
            rw_read_error(r, key, "merge keys are not supported");
            rw_diag_hint(r->diag, "write the keys out, or use an alias for the whole value");
            continue;
        }
        rw_read_error(r, key, "unknown key '%.60s'", key->text);
        struct rw_near near = rw_near_start(key->text);
        offer_all(&near, keys);
        offer_all(&near, more);
        rw_near_hint(&near, r->diag);
    }
}

const char *rw_read_text(struct rw_reader *r, const struct rw_yaml *node, const char *what)
{
    char found[80];
    if (node->type != RW_YAML_SCALAR || (node->plain && node->length == 0)) {
        rw_read_error(r, node, "expected %s, found %s", what, rw_yaml_found(node, found, sizeof found));
        return NULL;
    }
    if (!rw_utf8_valid(node->text, node->length)) {
        rw_read_error(r, node, "%s is not valid UTF-8 text", what);
        return NULL;
    }
    return node->text;
}

const char *rw_read_name(struct rw_reader *r, const struct rw_yaml *node, const char *what)
{
    const char *text = rw_read_text(r, node, what);
    if (text == NULL)
        return NULL;
    if (*text == '\0') {
        rw_read_error(r, node, "%s must not be empty", what);
        return NULL;
    }
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f) {
            rw_read_error(r, node, "%s must not contain blanks or control characters", what);
            return NULL;
        }
    return text;
}

bool rw_read_choice(struct rw_reader *r, const struct rw_yaml *node, const char *const *words, size_t *choice)
{
    char found[80];
    for (size_t i = 0; node->type == RW_YAML_SCALAR && words[i] != NULL; i++)
        if (strcmp(words[i], node->text) == 0) {
            *choice = i;
            return true;
        }
    char *list = rw_strdup(words[0]);
    for (size_t i = 1; words[i] != NULL; i++) {
        char *longer = rw_format("%s%s%s", list, words[i + 1] == NULL ? " or " : ", ", words[i]);
        free(list);
        list = longer;
    }
    rw_read_error(r, node, "expected %s, found %s", list, rw_yaml_found(node, found, sizeof found));
    if (node->type == RW_YAML_SCALAR) {
        struct rw_near near = rw_near_start(node->text);
        offer_all(&near, words);
        rw_near_hint(&near, r->diag);
    }
    free(list);
    return false;
}

bool rw_read_number(struct rw_reader *r, const struct rw_yaml *node, fmpq_t value)
{
    char found[80];
    if (node->type == RW_YAML_SCALAR && node->length > r->limits->number_digits) {
        rw_diag_limit(r->diag, node->span, "number-digits", "a number of more than %" PRIu64 " digits",
                      r->limits->number_digits);
        r->good = false;
        return false;
    }
    if (node->type == RW_YAML_SCALAR && rw_q_parse(value, node->text, node->length, r->limits->number_digits))
        return true;
    rw_read_error(r, node, "expected an exact number, found %s", rw_yaml_found(node, found, sizeof found));
    rw_diag_hint(r->diag, "numbers are written 2, -1/3 or 0.25");
    return false;
}

bool rw_read_integer(struct rw_reader *r, const struct rw_yaml *node, int64_t *value)
{
    fmpq_t number;
    fmpq_init(number);
    bool good = rw_read_number(r, node, number);
    if (good && !rw_q_is_small(number)) {
        rw_read_error(r, node, "expected a whole number of moderate size, found '%.60s'", node->text);
        good = false;
    }
    if (good)
        *value = fmpz_get_si(fmpq_numref(number));
    fmpq_clear(number);
    return good;
}

bool rw_read_symbol(struct rw_reader *r, const struct rw_yaml *node, uint32_t *symbol)
{
    const char *name = rw_read_text(r, node, "a symbol");
    if (name == NULL || r->alphabet == NULL)
        return false;
    if (rw_alphabet_find(r->alphabet, name, node->length, symbol))
        return true;
    rw_read_error(r, node, "the symbol '%.60s' is not in the alphabet", name);
    struct rw_near near = rw_near_start(name);
    for (uint32_t s = 0; s < rw_alphabet_size(r->alphabet); s++)
        rw_near_offer(&near, rw_alphabet_name(r->alphabet, s));
    rw_near_hint(&near, r->diag);
    return false;
}

/* --- declared names --- */

struct named {
    const struct rw_yaml *node;
    uint32_t number;
    UT_hash_handle hh;
};

struct rw_names {
    const char *what;
    struct named *entries, *by_name;
    size_t count;
};

static void declare(struct rw_reader *r, struct rw_names *names, const struct rw_yaml *node)
{
    char *what = rw_format("the name of a %s", names->what);
    const char *name = rw_read_name(r, node, what);
    free(what);
    if (name == NULL)
        return;
    struct named *known;
    HASH_FIND(hh, names->by_name, name, node->length, known);
    if (known != NULL) {
        rw_read_error(r, node, "the %s '%.60s' is declared twice", names->what, name);
        rw_diag_note(r->diag, known->node->span, "it is first here");
        return;
    }
    struct named *entry = names->entries + names->count;
    *entry = (struct named){.node = node, .number = (uint32_t)names->count++};
    HASH_ADD_KEYPTR(hh, names->by_name, entry->node->text, entry->node->length, entry);
}

struct rw_names *rw_read_names(struct rw_reader *r, const struct rw_yaml *list, const char *what, uint64_t most,
                               const char *limit)
{
    struct rw_names *names = rw_alloc(1, sizeof *names);
    char expected[64];
    names->what = what;
    snprintf(expected, sizeof expected, "a list of %ss", what);
    if (list == NULL || !rw_read_expect(r, list, RW_YAML_LIST, expected))
        return names;
    if (list->count == 0)
        rw_read_error(r, list, "there must be at least one %s", what);
    if (list->count > most) {
        rw_diag_limit(r->diag, list->span, limit, "%zu %ss, more than %" PRIu64, list->count, what, most);
        r->good = false;
        return names;
    }
    names->entries = rw_alloc(list->count, sizeof *names->entries);
    for (size_t i = 0; i < list->count; i++)
        declare(r, names, list->items[i]);
    return names;
}

void rw_names_free(struct rw_names *names)
{
    if (names == NULL)
        return;
    HASH_CLEAR(hh, names->by_name);
    free(names->entries);
    free(names);
}

size_t rw_names_count(const struct rw_names *names)
{
    return names->count;
}

const char *rw_names_get(const struct rw_names *names, size_t i)
{
    return names->entries[i].node->text;
}

bool rw_read_ref(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *names, uint32_t *number)
{
    char what[64];
    snprintf(what, sizeof what, "a %s", names->what);
    const char *name = rw_read_text(r, node, what);
    if (name == NULL)
        return false;
    struct named *known;
    HASH_FIND(hh, names->by_name, name, node->length, known);
    if (known != NULL) {
        *number = known->number;
        return true;
    }
    if (names->count == 0) /* the declaration itself was wrong, and has been reported */
        return false;
    rw_read_error(r, node, "the %s '%.60s' is not declared", names->what, name);
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; i < names->count; i++)
        rw_near_offer(&near, rw_names_get(names, i));
    rw_near_hint(&near, r->diag);
    return false;
}

void rw_names_give(const struct rw_names *names, char **to)
{
    for (size_t i = 0; i < names->count; i++) {
        free(to[i]);
        to[i] = rw_strdup(rw_names_get(names, i));
    }
}

void rw_read_set(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *names, uint8_t *flags)
{
    uint32_t number;
    if (node->type == RW_YAML_SCALAR) {
        if (rw_read_ref(r, node, names, &number))
            flags[number] = 1;
        return;
    }
    char expected[64];
    snprintf(expected, sizeof expected, "a list of %ss", names->what);
    if (!rw_read_expect(r, node, RW_YAML_LIST, expected))
        return;
    for (size_t i = 0; i < node->count; i++)
        if (rw_read_ref(r, node->items[i], names, &number))
            flags[number] = 1;
}

bool rw_read_missing(struct rw_reader *r)
{
    static const char *const words[] = {"reject", NULL};
    const struct rw_yaml *node = rw_yaml_get(r->top, "missing");
    size_t choice;
    return node != NULL && rw_read_choice(r, node, words, &choice);
}

/* --- writing --- */

/* Plain scalars must not look like anything else: letters, digits, - and _, not beginning with a sign, and no word of YAML's. */
static bool plain_is_safe(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", NULL};
    if (*text == '\0' || *text == '-')
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_' ||
              *c == '-'))
            return false;
    return !is_listed(words, text);
}

void rw_write_scalar(FILE *out, const char *text)
{
    if (plain_is_safe(text)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c == '\n')
            fputs("\\n", out);
        else if (*c == '\t')
            fputs("\\t", out);
        else if ((unsigned char)*c < ' ' || *c == 0x7f)
            fprintf(out, "\\x%02x", (unsigned char)*c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

void rw_write_list(FILE *out, char *const *names, size_t count)
{
    fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", out);
        rw_write_scalar(out, names[i]);
    }
    fputc(']', out);
}
