/* yaml.c - libyaml's events made into a tree. */
#include "spec/yaml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/memory.h"
#include "base/word.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct anchor))
#include <uthash.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
/* Reading recurses: whatever the limit, the stack must hold it. */
#define DEEPEST 10000

struct anchor {
    char *name;
    struct rw_yaml *node;
    bool open; /* still being read: an alias to it would be a recursion */
    UT_hash_handle hh;
};

struct rw_yaml_document {
    struct rw_yaml **nodes; /* all of them, to be freed */
    size_t count, capacity;
    struct rw_yaml *root;
};

struct parser {
    yaml_parser_t yaml;
    const struct rw_source *source;
    const struct rw_limits *limits;
    struct rw_diag *diag;
    struct rw_yaml_document *document;
    struct anchor *anchors;
    bool good;
};

/* --- nodes --- */

static struct rw_span span_of(const struct parser *p, yaml_mark_t start, yaml_mark_t end)
{
    size_t length = end.line == start.line && end.column > start.column ? end.column - start.column : 1;
    return rw_span_at(p->source, start.line + 1, start.column + 1, length);
}

static struct rw_yaml *new_node(struct parser *p, enum rw_yaml_type type, const yaml_event_t *event)
{
    struct rw_yaml_document *d = p->document;
    struct rw_yaml *node = rw_alloc(1, sizeof *node);
    d->nodes = rw_grow(d->nodes, &d->capacity, d->count + 1, sizeof *d->nodes);
    d->nodes[d->count++] = node;
    node->type = type;
    node->span = span_of(p, event->start_mark, event->end_mark);
    node->weight = 1;
    return node;
}

static bool too_many(struct parser *p, const struct rw_yaml *node)
{
    if (node->weight <= p->limits->nodes)
        return false;
    rw_diag_limit(p->diag, node->span, "nodes", "the document has more than %" PRIu64 " nodes, aliases unfolded",
                  p->limits->nodes);
    p->good = false;
    return true;
}

/* --- events --- */

static const char *plain_words(yaml_error_type_t error)
{
    switch (error) {
    case YAML_MEMORY_ERROR:
        return "out of memory";
    case YAML_READER_ERROR:
        return "the text is not valid UTF-8 or has a character that YAML forbids";
    default:
        return "YAML syntax";
    }
}

static void syntax_error(struct parser *p)
{
    const yaml_parser_t *y = &p->yaml;
    p->good = false;
    if (y->error == YAML_READER_ERROR) {
        /* libyaml knows only the byte */
        size_t line = 1, start = 0, at = y->problem_offset < p->source->size ? y->problem_offset : p->source->size;
        for (size_t i = 0; i < at; i++)
            if (p->source->text[i] == '\n') {
                line++;
                start = i + 1;
            }
        rw_diag_error(p->diag, rw_span_at(p->source, line, rw_utf8_length(p->source->text + start, at - start) + 1, 1),
                      "%s", plain_words(y->error));
        return;
    }
    struct rw_span span = rw_span_at(p->source, y->problem_mark.line + 1, y->problem_mark.column + 1, 1);
    rw_diag_error(p->diag, span, "%s: %s%s%s", plain_words(y->error), y->problem != NULL ? y->problem : "error",
                  y->context != NULL ? ", " : "", y->context != NULL ? y->context : "");
    if (y->problem != NULL && strstr(y->problem, "cannot start any token") != NULL)
        rw_diag_hint(p->diag, "YAML indents with blanks, never with tabs; quote text that begins with a special sign");
    else if (y->problem != NULL && strstr(y->problem, "mapping values are not allowed") != NULL)
        rw_diag_hint(p->diag, "check the indentation, or quote text that contains ': '");
}

static bool next_event(struct parser *p, yaml_event_t *event)
{
    if (!p->good)
        return false;
    if (yaml_parser_parse(&p->yaml, event))
        return true;
    syntax_error(p);
    return false;
}

/* --- anchors --- */

static struct anchor *remember(struct parser *p, const yaml_char_t *name, struct rw_yaml *node)
{
    if (name == NULL)
        return NULL;
    struct anchor *anchor;
    HASH_FIND_STR(p->anchors, (const char *)name, anchor);
    if (anchor == NULL) {
        anchor = rw_alloc(1, sizeof *anchor);
        anchor->name = rw_strdup((const char *)name);
        HASH_ADD_KEYPTR(hh, p->anchors, anchor->name, strlen(anchor->name), anchor);
    }
    anchor->node = node;
    anchor->open = true;
    return anchor;
}

static struct rw_yaml *resolve(struct parser *p, const yaml_event_t *event)
{
    struct anchor *anchor;
    HASH_FIND_STR(p->anchors, (const char *)event->data.alias.anchor, anchor);
    struct rw_span span = span_of(p, event->start_mark, event->end_mark);
    if (anchor != NULL && !anchor->open)
        return anchor->node;
    if (anchor == NULL)
        rw_diag_error(p->diag, span, "the alias '*%s' has no anchor before it", event->data.alias.anchor);
    else
        rw_diag_error(p->diag, span, "the alias '*%s' stands inside its own anchor", event->data.alias.anchor);
    p->good = false;
    return NULL;
}

/* --- building --- */

static struct rw_yaml *build(struct parser *p, yaml_event_t *event, uint64_t depth);

static void append(struct rw_yaml *node, struct rw_yaml *key, struct rw_yaml *item)
{
    size_t capacity = node->capacity;
    node->items = rw_grow(node->items, &node->capacity, node->count + 1, sizeof *node->items);
    if (key != NULL)
        node->keys = rw_grow(node->keys, &capacity, node->count + 1, sizeof *node->keys);
    if (key != NULL)
        node->keys[node->count] = key;
    node->items[node->count++] = item;
    node->weight += item->weight + (key != NULL ? key->weight : 0);
}

static void build_list(struct parser *p, struct rw_yaml *node, uint64_t depth)
{
    yaml_event_t event;
    while (next_event(p, &event)) {
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        struct rw_yaml *item = end ? NULL : build(p, &event, depth + 1);
        yaml_event_delete(&event);
        if (item == NULL)
            return;
        append(node, NULL, item);
        if (too_many(p, node))
            return;
    }
}

struct seen_key {
    const struct rw_yaml *key;
    UT_hash_handle hh;
};

/* Scalar keys that stand twice: an error that names both places. */
static void check_duplicates(struct parser *p, const struct rw_yaml *map)
{
    struct seen_key *seen = NULL, *entry, *next, *entries = rw_alloc(map->count, sizeof *entries);
    for (size_t i = 0; i < map->count; i++) {
        const struct rw_yaml *key = map->keys[i];
        if (key->type != RW_YAML_SCALAR)
            continue;
        HASH_FIND(hh, seen, key->text, key->length, entry);
        if (entry == NULL) {
            entries[i].key = key;
            HASH_ADD_KEYPTR(hh, seen, key->text, key->length, entries + i);
            continue;
        }
        rw_diag_error(p->diag, key->span, "the key '%.60s' stands twice", key->text);
        rw_diag_note(p->diag, entry->key->span, "it is first here");
        p->good = p->good && rw_diag_count(p->diag) <= p->limits->errors;
    }
    HASH_ITER(hh, seen, entry, next)
    {
        HASH_DEL(seen, entry);
    }
    free(entries);
}

static void build_map(struct parser *p, struct rw_yaml *node, uint64_t depth)
{
    yaml_event_t event;
    while (next_event(p, &event)) {
        bool end = event.type == YAML_MAPPING_END_EVENT;
        struct rw_yaml *key = end ? NULL : build(p, &event, depth + 1), *item = NULL;
        yaml_event_delete(&event);
        if (key != NULL && next_event(p, &event)) {
            item = build(p, &event, depth + 1);
            yaml_event_delete(&event);
        }
        if (item == NULL)
            break;
        append(node, key, item);
        if (too_many(p, node))
            break;
    }
    check_duplicates(p, node);
}

static struct rw_yaml *build_scalar(struct parser *p, const yaml_event_t *event)
{
    struct rw_yaml *node = new_node(p, RW_YAML_SCALAR, event);
    size_t length = event->data.scalar.length;
    yaml_scalar_style_t style = event->data.scalar.style;
    node->text = rw_strndup((const char *)event->data.scalar.value, length);
    node->length = length;
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->literal = style == YAML_LITERAL_SCALAR_STYLE;
    bool quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    node->quoted_simply = quoted && event->start_mark.line == event->end_mark.line &&
                          event->end_mark.column - event->start_mark.column == rw_utf8_length(node->text, length) + 2;
    return node;
}

/* The node that begins with this event; NULL if something was wrong. */
static struct rw_yaml *build(struct parser *p, yaml_event_t *event, uint64_t depth)
{
    uint64_t most = p->limits->depth < DEEPEST ? p->limits->depth : DEEPEST;
    if (depth > most) {
        rw_diag_limit(p->diag, span_of(p, event->start_mark, event->end_mark), "depth", "nested deeper than %" PRIu64,
                      most);
        p->good = false;
        return NULL;
    }
    struct rw_yaml *node;
    struct anchor *anchor;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return resolve(p, event);
    case YAML_SCALAR_EVENT:
        node = build_scalar(p, event);
        anchor = remember(p, event->data.scalar.anchor, node);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node = new_node(p, RW_YAML_LIST, event);
        anchor = remember(p, event->data.sequence_start.anchor, node);
        build_list(p, node, depth);
        break;
    default:
        node = new_node(p, RW_YAML_MAP, event);
        anchor = remember(p, event->data.mapping_start.anchor, node);
        build_map(p, node, depth);
        break;
    }
    if (anchor != NULL)
        anchor->open = false;
    return p->good ? node : NULL;
}

/* stream start, document start, the root, document end, stream end */
static void build_document(struct parser *p)
{
    yaml_event_t event;
    bool started = false;
    while (next_event(p, &event)) {
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && started) {
            rw_diag_error(p->diag, span_of(p, event.start_mark, event.end_mark),
                          "a second document begins here; a spec is one document");
            p->good = false;
        } else if (type >= YAML_ALIAS_EVENT && type <= YAML_MAPPING_START_EVENT) {
            struct rw_yaml *root = build(p, &event, 1);
            p->document->root = root;
            started = true;
        }
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    if (p->good && !started) {
        rw_diag_error(p->diag, rw_span_file(p->source), "the file is empty");
        p->good = false;
    }
}

static void forget_anchors(struct parser *p)
{
    struct anchor *anchor, *next;
    HASH_ITER(hh, p->anchors, anchor, next)
    {
        HASH_DEL(p->anchors, anchor);
        free(anchor->name);
        free(anchor);
    }
}

struct rw_yaml_document *rw_yaml_parse(const struct rw_source *source, const struct rw_limits *limits,
                                       struct rw_diag *diag)
{
    struct parser p = {.source = source, .limits = limits, .diag = diag, .good = true};
    size_t before = rw_diag_count(diag);
    if (!yaml_parser_initialize(&p.yaml))
        rw_out_of_memory(sizeof p.yaml);
    yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
    size_t mark = strncmp(source->text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0 ? strlen(BYTE_ORDER_MARK) : 0;
    yaml_parser_set_input_string(&p.yaml, (const unsigned char *)source->text + mark, source->size - mark);
    p.document = rw_alloc(1, sizeof *p.document);
    build_document(&p);
    forget_anchors(&p);
    yaml_parser_delete(&p.yaml);
    if (p.good && rw_diag_count(diag) == before)
        return p.document;
    rw_yaml_free(p.document);
    return NULL;
}

void rw_yaml_free(struct rw_yaml_document *document)
{
    if (document == NULL)
        return;
    for (size_t i = 0; i < document->count; i++) {
        free(document->nodes[i]->text);
        free(document->nodes[i]->keys);
        free(document->nodes[i]->items);
        free(document->nodes[i]);
    }
    free(document->nodes);
    free(document);
}

const struct rw_yaml *rw_yaml_root(const struct rw_yaml_document *document)
{
    return document->root;
}

const struct rw_yaml *rw_yaml_get(const struct rw_yaml *map, const char *key)
{
    for (size_t i = 0; map->type == RW_YAML_MAP && i < map->count; i++)
        if (map->keys[i]->type == RW_YAML_SCALAR && strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    return NULL;
}

bool rw_yaml_is_null(const struct rw_yaml *node)
{
    return node->type == RW_YAML_SCALAR && node->plain &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const char *rw_yaml_found(const struct rw_yaml *node, char *buffer, size_t size)
{
    if (node->type == RW_YAML_LIST)
        return "a list";
    if (node->type == RW_YAML_MAP)
        return "a mapping";
    if (node->length == 0)
        return "nothing";
    snprintf(buffer, size, "'%s'", node->text);
    return buffer;
}
