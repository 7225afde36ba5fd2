/* json_access.c - typed access to JSON; lists of entries become matrices. */
#include "rnn/json_access.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"

/* --- problems --- */

/* "path: text" and its place, for the diag. Caller frees both. */
static struct rw_span describe(struct rw_json_reader *r, const struct rw_json_path *path, const char *format,
                               va_list args, char **where, char **text)
{
    if (vasprintf(text, format, args) < 0)
        rw_out_of_memory(strlen(format));
    *where = rw_json_path_text(path);
    r->good = false;
    /* finding the place walks the text: not for problems that will not be shown */
    return rw_diag_count(r->diag) < r->limits->errors ? rw_json_place(r->source, path) : rw_span_file(r->source);
}

void rw_json_error(struct rw_json_reader *r, const struct rw_json_path *path, const char *format, ...)
{
    va_list args;
    char *where, *text;
    va_start(args, format);
    struct rw_span span = describe(r, path, format, args, &where, &text);
    va_end(args);
    rw_diag_error(r->diag, span, "%s: %s", where, text);
    free(where);
    free(text);
}

void rw_json_limit(struct rw_json_reader *r, const struct rw_json_path *path, const char *limit, const char *format,
                   ...)
{
    va_list args;
    char *where, *text;
    va_start(args, format);
    struct rw_span span = describe(r, path, format, args, &where, &text);
    va_end(args);
    rw_diag_limit(r->diag, span, limit, "%s: %s", where, text);
    free(where);
    free(text);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a decimal number";
    case JSON_NULL:
        return "null";
    default:
        return "true or false";
    }
}

/* --- typed access --- */

const json_t *rw_json_expect(struct rw_json_reader *r, const json_t *value, json_type type, const char *what,
                             const struct rw_json_path *path)
{
    if (json_typeof(value) == type)
        return value;
    rw_json_error(r, path, "expected %s, found %s", what, type_name(value));
    return NULL;
}

/* The value of a key; missing: an error at the object. */
const json_t *rw_json_get(struct rw_json_reader *r, const json_t *object, const char *key,
                          const struct rw_json_path *path)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        rw_json_error(r, path, "the key '%s' is missing", key);
    return value;
}

const json_t *rw_json_get_typed(struct rw_json_reader *r, const json_t *object, const char *key, json_type type,
                                const char *what, const struct rw_json_path *path)
{
    const json_t *value = rw_json_get(r, object, key, path);
    struct rw_json_path here = {path, key, 0};
    return value == NULL ? NULL : rw_json_expect(r, value, type, what, &here);
}

static void replace_text(char **text, const char *value)
{
    free(*text);
    *text = rw_strdup(value);
}

void rw_json_get_text(struct rw_json_reader *r, const json_t *object, const char *key, char **text,
                      const struct rw_json_path *path)
{
    const json_t *value = rw_json_get_typed(r, object, key, JSON_STRING, "a string", path);
    if (value != NULL)
        replace_text(text, json_string_value(value));
}

/* A whole number from 0 to `most`. */
bool rw_json_size(struct rw_json_reader *r, const json_t *value, uint64_t most, size_t *size,
                  const struct rw_json_path *path)
{
    if (rw_json_expect(r, value, JSON_INTEGER, "a whole number", path) == NULL)
        return false;
    json_int_t number = json_integer_value(value);
    if (number < 0 || (uint64_t)number > most) {
        rw_json_error(r, path, "%" JSON_INTEGER_FORMAT " is not between 0 and %" PRIu64, number, most);
        return false;
    }
    *size = (size_t)number;
    return true;
}

void rw_json_keys(struct rw_json_reader *r, const json_t *object, const char *const *keys,
                  const struct rw_json_path *path)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        struct rw_near near = rw_near_start(key);
        for (; keys[i] != NULL && strcmp(keys[i], key) != 0; i++)
            rw_near_offer(&near, keys[i]);
        if (keys[i] != NULL)
            continue;
        struct rw_json_path here = {path, key, 0};
        rw_json_error(r, &here, "unknown key '%s'", key);
        rw_near_hint(&near, r->diag);
    }
}

/* A list of strings. */
char **rw_json_names(struct rw_json_reader *r, const json_t *object, const char *key, size_t *count,
                     const struct rw_json_path *path)
{
    const json_t *list = rw_json_get_typed(r, object, key, JSON_ARRAY, "a list of strings", path);
    struct rw_json_path here = {path, key, 0};
    *count = list == NULL ? 0 : json_array_size(list);
    char **names = rw_alloc(*count, sizeof *names);
    for (size_t i = 0; i < *count; i++) {
        const json_t *name = json_array_get(list, i);
        struct rw_json_path item = {&here, NULL, i};
        bool good = rw_json_expect(r, name, JSON_STRING, "a string", &item) != NULL;
        names[i] = rw_strdup(good ? json_string_value(name) : "");
    }
    return names;
}

/* --- entries --- */

/* Bytes of a text worth repeating in a message: whole characters only. */
static int shown_bytes(const char *text, size_t length)
{
    size_t shown = length < 40 ? length : 40;
    while (shown < length && shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80)
        shown--;
    return (int)shown;
}

static void bad_number(struct rw_json_reader *r, const json_t *value, const struct rw_json_path *path)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (length > r->limits->number_digits)
        rw_json_limit(r, path, "number-digits", "a number of %zu characters, more than %" PRIu64, length,
                      r->limits->number_digits);
    else
        rw_json_error(r, path, "'%.*s' is not an exact number such as \"2\" or \"-1/3\"", shown_bytes(text, length),
                      text);
}

static bool read_number(struct rw_json_reader *r, const json_t *value, fmpq_t number, const struct rw_json_path *path)
{
    if (json_is_integer(value)) {
        fmpq_set_si(number, json_integer_value(value), 1);
    } else if (!json_is_string(value)) {
        rw_json_error(r, path, "expected an exact number as a string, such as \"-1/3\", found %s", type_name(value));
        return false;
    } else if (!rw_q_parse(number, json_string_value(value), json_string_length(value), r->limits->number_digits)) {
        bad_number(r, value, path);
        return false;
    }
    if (!rw_q_is_zero(number))
        return true;
    rw_json_error(r, path, "a zero is stored; leave it out");
    return false;
}

/* [index, ..., value], each index below its bound. */
static bool read_entry(struct rw_json_reader *r, const json_t *entry, const size_t *bounds, size_t count,
                       size_t *indices, fmpq_t value, const struct rw_json_path *path)
{
    if (rw_json_expect(r, entry, JSON_ARRAY, "an entry [index, ..., value]", path) == NULL)
        return false;
    if (json_array_size(entry) != count + 1) {
        rw_json_error(r, path, "expected %zu indices and a value, found %zu items", count, json_array_size(entry));
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct rw_json_path item = {path, NULL, i};
        if (bounds[i] == 0) {
            rw_json_error(r, &item, "there is nothing to index here");
            return false;
        }
        if (!rw_json_size(r, json_array_get(entry, i), bounds[i] - 1, indices + i, &item))
            return false;
    }
    struct rw_json_path item = {path, NULL, count};
    return read_number(r, json_array_get(entry, count), value, &item);
}

static void place_of(const struct rw_json_layout *layout, const size_t *indices, size_t *row, size_t *col)
{
    size_t row_indices = layout->indices - (layout->column ? 1 : 0);
    *row = 0;
    for (size_t i = 0; i < row_indices; i++)
        *row = *row * layout->bounds[i] + indices[i];
    *col = layout->column ? indices[layout->indices - 1] : 0;
}

/* The number of stored entries tells a place that stands twice, because the builder adds such up: found only then, by
 * a second matrix. */
static void report_duplicate(struct rw_json_reader *r, const json_t *list, const struct rw_json_layout *layout,
                             const struct rw_json_path *path)
{
    struct rw_builder *seen = rw_builder_new(layout->rows, layout->cols);
    size_t indices[3], row, col;
    for (size_t k = 0; k < json_array_size(list); k++) {
        for (size_t i = 0; i < layout->indices; i++)
            indices[i] = (size_t)json_integer_value(json_array_get(json_array_get(list, k), i));
        place_of(layout, indices, &row, &col);
        rw_builder_add_int(seen, row, col, 1);
    }
    struct rw_matrix *counts = rw_builder_finish(seen);
    for (size_t k = json_array_size(list); k-- > 0;) {
        for (size_t i = 0; i < layout->indices; i++)
            indices[i] = (size_t)json_integer_value(json_array_get(json_array_get(list, k), i));
        place_of(layout, indices, &row, &col);
        if (!rw_q_is_one(rw_matrix_entry(counts, row, col))) {
            struct rw_json_path item = {path, NULL, k};
            rw_json_error(r, &item, "this place has an entry already");
            break;
        }
    }
    rw_matrix_free(counts);
}

struct rw_matrix *rw_json_entries(struct rw_json_reader *r, const json_t *object, const char *key,
                                  const struct rw_json_layout *layout, const struct rw_json_path *path)
{
    const json_t *list = rw_json_get_typed(r, object, key, JSON_ARRAY, "a list of entries", path);
    struct rw_json_path here = {path, key, 0};
    size_t count = list == NULL ? 0 : json_array_size(list), added = 0, indices[3], row, col;
    r->nonzeros += count + layout->cols;
    if (r->nonzeros > r->limits->nonzeros) {
        rw_json_limit(r, &here, "nonzeros", "from here on the network has more than %" PRIu64 " entries and columns",
                      r->limits->nonzeros);
        return rw_builder_finish(rw_builder_new(0, 0));
    }
    struct rw_builder *builder = rw_builder_new(layout->rows, layout->cols);
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < count; k++) {
        struct rw_json_path item = {&here, NULL, k};
        if (!read_entry(r, json_array_get(list, k), layout->bounds, layout->indices, indices, value, &item))
            continue;
        place_of(layout, indices, &row, &col);
        rw_builder_add(builder, row, col, value);
        added++;
    }
    fmpq_clear(value);
    struct rw_matrix *matrix = rw_builder_finish(builder);
    if (added == count && rw_matrix_nonzeros(matrix) < added)
        report_duplicate(r, list, layout, &here);
    return matrix;
}

struct rw_json_layout rw_json_matrix_layout(size_t rows, size_t cols)
{
    return (struct rw_json_layout){2, {rows, cols, 0}, rows, cols, true};
}

struct rw_json_layout rw_json_vector_layout(size_t rows)
{
    return (struct rw_json_layout){1, {rows, 0, 0}, rows, 1, false};
}

struct rw_json_layout rw_json_param_layout(struct rw_param_shape shape, size_t width)
{
    if (!shape.input)
        return shape.cols == 1 ? rw_json_vector_layout(shape.rows) : rw_json_matrix_layout(shape.rows, shape.cols);
    if (shape.cols == 1)
        return rw_json_matrix_layout(shape.rows, width);
    return (struct rw_json_layout){3, {shape.rows, shape.cols, width}, shape.rows * shape.cols, width, true};
}
