/* word.c - alphabets and words, read and written the same way everywhere. */
#include "base/word.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct symbol))
#include <uthash.h>

struct symbol {
    char *name;
    uint32_t number;
    UT_hash_handle hh;
};

struct rw_alphabet {
    struct symbol **symbols;
    size_t size, capacity;
    struct symbol *by_name;
    bool single;
};

struct rw_alphabet *rw_alphabet_new(void)
{
    struct rw_alphabet *alphabet = rw_alloc(1, sizeof *alphabet);
    alphabet->single = true;
    return alphabet;
}

struct rw_alphabet *rw_alphabet_copy(const struct rw_alphabet *alphabet)
{
    struct rw_alphabet *copy = rw_alphabet_new();
    for (size_t i = 0; i < alphabet->size; i++)
        rw_alphabet_add(copy, alphabet->symbols[i]->name);
    return copy;
}

void rw_alphabet_free(struct rw_alphabet *alphabet)
{
    if (alphabet == NULL)
        return;
    HASH_CLEAR(hh, alphabet->by_name);
    for (size_t i = 0; i < alphabet->size; i++) {
        free(alphabet->symbols[i]->name);
        free(alphabet->symbols[i]);
    }
    free(alphabet->symbols);
    free(alphabet);
}

bool rw_alphabet_add(struct rw_alphabet *alphabet, const char *name)
{
    size_t length = strlen(name);
    uint32_t known;
    if (rw_alphabet_find(alphabet, name, length, &known))
        return false;
    struct symbol *symbol = rw_alloc(1, sizeof *symbol);
    symbol->name = rw_strdup(name);
    symbol->number = (uint32_t)alphabet->size;
    alphabet->symbols = rw_grow(alphabet->symbols, &alphabet->capacity, alphabet->size + 1, sizeof *alphabet->symbols);
    alphabet->symbols[alphabet->size++] = symbol;
    HASH_ADD_KEYPTR(hh, alphabet->by_name, symbol->name, length, symbol);
    alphabet->single = alphabet->single && rw_utf8_length(name, length) == 1;
    return true;
}

size_t rw_alphabet_size(const struct rw_alphabet *alphabet)
{
    return alphabet->size;
}

const char *rw_alphabet_name(const struct rw_alphabet *alphabet, uint32_t symbol)
{
    return alphabet->symbols[symbol]->name;
}

bool rw_alphabet_find(const struct rw_alphabet *alphabet, const char *name, size_t length, uint32_t *symbol)
{
    struct symbol *found;
    HASH_FIND(hh, alphabet->by_name, name, length, found);
    if (found == NULL)
        return false;
    *symbol = found->number;
    return true;
}

bool rw_alphabet_is_single(const struct rw_alphabet *alphabet)
{
    return alphabet->single;
}

bool rw_alphabet_equal(const struct rw_alphabet *a, const struct rw_alphabet *b)
{
    if (a->size != b->size)
        return false;
    for (size_t i = 0; i < a->size; i++)
        if (strcmp(a->symbols[i]->name, b->symbols[i]->name) != 0)
            return false;
    return true;
}

void rw_word_init(struct rw_word *word)
{
    *word = (struct rw_word){0};
}

void rw_word_clear(struct rw_word *word)
{
    free(word->symbols);
    *word = (struct rw_word){0};
}

void rw_word_push(struct rw_word *word, uint32_t symbol)
{
    word->symbols = rw_grow(word->symbols, &word->capacity, word->length + 1, sizeof *word->symbols);
    word->symbols[word->length++] = symbol;
}

void rw_word_copy(struct rw_word *to, const struct rw_word *from)
{
    to->symbols = rw_grow(to->symbols, &to->capacity, from->length, sizeof *to->symbols);
    if (from->length > 0)
        memcpy(to->symbols, from->symbols, from->length * sizeof *to->symbols);
    to->length = from->length;
}

void rw_word_reverse(struct rw_word *word, size_t first)
{
    for (size_t i = first, j = word->length; i + 1 < j; i++, j--) {
        uint32_t kept = word->symbols[i];
        word->symbols[i] = word->symbols[j - 1];
        word->symbols[j - 1] = kept;
    }
}

/* --- UTF-8 --- */

static size_t utf8_size(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/* Bytes of the character at `at`, or 0 if it is not well-formed (overlong, surrogate, cut off, too large). */
static size_t utf8_character(const char *at, size_t bytes)
{
    const unsigned char *u = (const unsigned char *)at;
    size_t size = utf8_size(u[0]);
    if (size == 0 || size > bytes)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((u[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (u[0] == 0xE0 && u[1] < 0xA0) || (u[0] == 0xF0 && u[1] < 0x90);
    bool outside = (u[0] == 0xED && u[1] >= 0xA0) || (u[0] == 0xF4 && u[1] >= 0x90);
    return overlong || outside ? 0 : size;
}

size_t rw_utf8_length(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t at = 0; at < bytes; count++) {
        size_t size = utf8_character(text + at, bytes - at);
        at += size == 0 ? 1 : size;
    }
    return count;
}

bool rw_utf8_valid(const char *text, size_t bytes)
{
    for (size_t at = 0; at < bytes;) {
        size_t size = utf8_character(text + at, bytes - at);
        if (size == 0 || text[at] == '\0')
            return false;
        at += size;
    }
    return true;
}

/* --- reading words --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Bytes of the next symbol's name: one character, or up to the next blank. */
static size_t token_size(const struct rw_alphabet *alphabet, const char *text, size_t bytes)
{
    size_t size = 0;
    if (alphabet->single) {
        size = utf8_character(text, bytes);
        return size == 0 ? 1 : size;
    }
    while (size < bytes && !is_blank(text[size]))
        size++;
    return size;
}

static void unknown_symbol(const struct rw_alphabet *alphabet, struct rw_span span, const char *name, size_t size,
                           struct rw_diag *diag)
{
    rw_diag_error(diag, span, "'%.*s' is not a symbol of the alphabet", (int)size, name);
    if (alphabet->single) {
        char *all = NULL;
        size_t bytes = 0;
        FILE *list = open_memstream(&all, &bytes);
        for (size_t i = 0; i < alphabet->size && i < 40; i++)
            fprintf(list, " %s", alphabet->symbols[i]->name);
        fclose(list);
        rw_diag_hint(diag, "the symbols are%s%s", all, alphabet->size > 40 ? " ..." : "");
        free(all);
        return;
    }
    struct rw_near near = rw_near_start_n(name, size);
    for (size_t i = 0; i < alphabet->size; i++)
        rw_near_offer(&near, alphabet->symbols[i]->name);
    if (near.best == NULL)
        rw_diag_hint(diag, "symbols are separated by blanks, as in '%s %s'", alphabet->symbols[0]->name,
                     alphabet->symbols[alphabet->size - 1]->name);
    rw_near_hint(&near, diag);
}

bool rw_word_parse(struct rw_word *word, const struct rw_alphabet *alphabet, const struct rw_source *source,
                   size_t line, const char *text, size_t length, uint64_t max_length, struct rw_diag *diag)
{
    word->length = 0;
    if (length == 2 && memcmp(text, "\"\"", 2) == 0)
        return true;
    size_t column = 1;
    for (size_t at = 0; at < length;) {
        if (is_blank(text[at])) {
            at++;
            column++;
            continue;
        }
        size_t size = token_size(alphabet, text + at, length - at);
        size_t characters = rw_utf8_length(text + at, size);
        struct rw_span span = rw_span_at(source, line, column, characters);
        uint32_t symbol;
        if (!rw_alphabet_find(alphabet, text + at, size, &symbol)) {
            unknown_symbol(alphabet, span, text + at, size, diag);
            return false;
        }
        if (word->length >= max_length) {
            rw_diag_limit(diag, span, "word-length", "the word is longer than %" PRIu64 " symbols", max_length);
            return false;
        }
        rw_word_push(word, symbol);
        at += size;
        column += characters;
    }
    return true;
}

/* A word that is not empty but would be written as two quotes; a blank before it tells them apart. */
static bool looks_empty(const struct rw_alphabet *alphabet, const uint32_t *symbols, size_t length)
{
    if (alphabet->single)
        return length == 2 && strcmp(alphabet->symbols[symbols[0]]->name, "\"") == 0 && symbols[1] == symbols[0];
    return length == 1 && strcmp(alphabet->symbols[symbols[0]]->name, "\"\"") == 0;
}

void rw_word_print(FILE *out, const struct rw_alphabet *alphabet, const uint32_t *symbols, size_t length)
{
    if (length == 0)
        fputs("\"\"", out);
    if (looks_empty(alphabet, symbols, length))
        fputc(' ', out);
    for (size_t i = 0; i < length; i++)
        fprintf(out, "%s%s", i > 0 && !alphabet->single ? " " : "", alphabet->symbols[symbols[i]]->name);
}

char *rw_word_text(const struct rw_alphabet *alphabet, const uint32_t *symbols, size_t length)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(length);
    rw_word_print(out, alphabet, symbols, length);
    fclose(out);
    return text;
}
