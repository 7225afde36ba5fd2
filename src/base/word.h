/* word.h - alphabets and words. */
#ifndef RW_BASE_WORD_H
#define RW_BASE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"

/* Symbols are numbered from 0 in the order of declaration. */
struct rw_alphabet;

struct rw_alphabet *rw_alphabet_new(void);
struct rw_alphabet *rw_alphabet_copy(const struct rw_alphabet *alphabet);
void rw_alphabet_free(struct rw_alphabet *alphabet);
/* Adds a symbol (copied); false if the name is there already. Names: not empty, no blanks; the caller checks. */
bool rw_alphabet_add(struct rw_alphabet *alphabet, const char *name);
size_t rw_alphabet_size(const struct rw_alphabet *alphabet);
const char *rw_alphabet_name(const struct rw_alphabet *alphabet, uint32_t symbol);
/* Finds a symbol by name; false if there is none. */
bool rw_alphabet_find(const struct rw_alphabet *alphabet, const char *name, size_t length, uint32_t *symbol);
/* All names have one character: words are written without blanks. */
bool rw_alphabet_is_single(const struct rw_alphabet *alphabet);
bool rw_alphabet_equal(const struct rw_alphabet *a, const struct rw_alphabet *b);

struct rw_word {
    uint32_t *symbols;
    size_t length, capacity;
};

void rw_word_init(struct rw_word *word);
void rw_word_clear(struct rw_word *word);
void rw_word_push(struct rw_word *word, uint32_t symbol);
void rw_word_copy(struct rw_word *to, const struct rw_word *from);
/* Turns round what stands from place `first` on: searches spell their words from the end. */
void rw_word_reverse(struct rw_word *word, size_t first);

/* Reads "abba" (single-character alphabets) or "push(0) pop"; blanks around and between are skipped in both;
 * "" is the empty word. Errors point into `source` at `line` and the column of the offending character. */
bool rw_word_parse(struct rw_word *word, const struct rw_alphabet *alphabet, const struct rw_source *source,
                   size_t line, const char *text, size_t length, uint64_t max_length, struct rw_diag *diag);
/* Writes a word so that rw_word_parse reads it back; the empty word as "" (two quotes). */
void rw_word_print(FILE *out, const struct rw_alphabet *alphabet, const uint32_t *symbols, size_t length);
/* The same as a new string. Caller frees. */
char *rw_word_text(const struct rw_alphabet *alphabet, const uint32_t *symbols, size_t length);

/* Characters (code points) of UTF-8 text; invalid bytes count one each. */
size_t rw_utf8_length(const char *text, size_t bytes);
/* Whether text is well-formed UTF-8 without NUL. */
bool rw_utf8_valid(const char *text, size_t bytes);

#endif
