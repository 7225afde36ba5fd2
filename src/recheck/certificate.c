/* certificate.c - what all kinds of certificates have in common. */
#include "recheck/certificate.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- what went wrong, and where --- */

/* As laid out by the prover: a key, or an element of its list, in each line. 0: it is not. */
static size_t line_of(const struct rw_source *source, const char *key, size_t index)
{
    char *quoted = rw_format("\n  \"%s\":", key);
    const char *at = strstr(source->text, quoted);
    size_t line = 2;
    free(quoted);
    if (at == NULL)
        return 0;
    for (const char *p = source->text; p < at; p++)
        line += *p == '\n';
    return index == RW_WHOLE_KEY ? line : line + 1 + index;
}

bool rw_certificate_fail(struct rw_certificate *c, enum rw_recheck result, const char *key, size_t index,
                         const char *format, ...)
{
    va_list arguments;
    if (c->result != RW_RECHECK_HOLDS)
        return false;
    c->result = result;
    size_t line = line_of(c->source, key, index);
    fprintf(c->why, "%s:", c->source->name);
    if (line > 0)
        fprintf(c->why, "%zu:", line);
    fprintf(c->why, " %s", key);
    if (index != RW_WHOLE_KEY)
        fprintf(c->why, "[%zu]", index);
    fputs(": ", c->why);
    va_start(arguments, format);
    vfprintf(c->why, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): started above */
    va_end(arguments);
    return false;
}

/* --- its parts --- */

const char *rw_certificate_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* Whether the word is one of those in the list, "|" between them. */
static bool is_one_of(const char *word, const char *list)
{
    size_t length = strlen(word);
    for (const char *at = list; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return length > 0;
    }
    return false;
}

bool rw_certificate_has_keys(struct rw_certificate *c, const json_t *object, const char *key, size_t index,
                             const char *keys)
{
    size_t count = 1, known = 0;
    const char *name;
    json_t *value;
    for (const char *p = keys; *p != '\0'; p++)
        count += *p == '|';
    json_object_foreach((json_t *)object, name, value) known += is_one_of(name, keys);
    if (!json_is_object(object) || json_object_size(object) != count || known != count)
        return RW_UNREADABLE(c, key, index, "the keys are not %s", keys);
    return true;
}

bool rw_certificate_number(const struct rw_certificate *c, const json_t *json, fmpq_t value)
{
    const char *text = json_string_value(json);
    return text != NULL && rw_q_parse(value, text, strlen(text), c->limits->number_digits);
}

bool rw_certificate_entry(const struct rw_certificate *c, const json_t *list, size_t k, size_t size, size_t *index,
                          fmpq_t value)
{
    const json_t *entry = json_array_get(list, k), *at = json_array_get(entry, 0);
    const json_t *before = k == 0 ? NULL : json_array_get(json_array_get(list, k - 1), 0);
    if (json_array_size(entry) != 2 || !json_is_integer(at) || json_integer_value(at) < 0 ||
        (uint64_t)json_integer_value(at) >= size ||
        (before != NULL && json_integer_value(before) >= json_integer_value(at)))
        return false;
    *index = (size_t)json_integer_value(at);
    return rw_certificate_number(c, json_array_get(entry, 1), value) && !rw_q_is_zero(value);
}

/* --- both sides --- */

bool rw_certificate_side_fits(struct rw_certificate *c, const char *key, struct rw_recheck_side side,
                              const char *series)
{
    const json_t *json = json_object_get(c->root, key);
    const char *file = side.machine == NULL ? "net" : "spec";
    char hash[65];
    if (!rw_certificate_has_keys(c, json, key, RW_WHOLE_KEY, "file|series|sha256"))
        return false;
    if (strcmp(rw_certificate_text(json, "file"), file) != 0)
        return RW_FAILS(c, key, RW_WHOLE_KEY, "the certificate is not about a %s here", file);
    rw_sha256(side.source->text, side.source->size, hash);
    if (strcmp(rw_certificate_text(json, "sha256"), hash) != 0)
        return RW_FAILS(c, key, RW_WHOLE_KEY, "the certificate is about another file: %s has SHA-256 %s",
                        side.source->name, hash);
    if (series != NULL && !is_one_of(rw_certificate_text(json, "series"), series))
        return RW_UNREADABLE(c, key, RW_WHOLE_KEY, "the series is not %s", series);
    return true;
}

bool rw_certificate_machine_beside_net(struct rw_certificate *c, const char *series)
{
    if (c->left.machine == NULL)
        return RW_FAILS(c, "left", RW_WHOLE_KEY, "the certificate is about a spec here");
    if (c->right.machine != NULL)
        return RW_FAILS(c, "right", RW_WHOLE_KEY, "the certificate is about a net here");
    return rw_certificate_side_fits(c, "left", c->left, series) &&
           rw_certificate_side_fits(c, "right", c->right, "output");
}

bool rw_certificate_tokens_are(const struct rw_certificate *c, const struct rw_alphabet *alphabet)
{
    const json_t *list = json_object_get(c->root, "tokens");
    size_t count = rw_alphabet_size(alphabet);
    bool fit = json_array_size(list) == count;
    for (uint32_t s = 0; s < count && fit; s++) {
        const char *name = json_string_value(json_array_get(list, s));
        fit = name != NULL && strcmp(name, rw_alphabet_name(alphabet, s)) == 0;
    }
    return fit;
}
