/* oracle.c - PCRE2 as third party for regexes.
 *
 * The pattern P of the spec becomes \A(?:P)\z with a dot that matches every symbol: PCRE2 then accepts a subject iff P
 * matches the whole word. Backtracking may be exponential: PCRE2's match limit bounds it, and a word that hits it
 * counts as not asked. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "verify/oracle.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "automata/regex.h"
#include "base/memory.h"

/* Backtracking steps for one word: some milliseconds. */
#define MATCH_LIMIT 200000

struct rw_oracle {
    const struct rw_alphabet *alphabet;
    char *name;
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    char *subject;
    size_t subject_capacity;
    size_t *end; /* end[i]: bytes of the first i symbols */
    size_t end_capacity;
};

static char *oracle_name(void)
{
    char version[64] = "";
    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof version)
        pcre2_config(PCRE2_CONFIG_VERSION, version);
    return rw_format("PCRE2 %.*s", (int)strcspn(version, " "), version);
}

static pcre2_code *compile(const char *pattern, FILE *why)
{
    int error;
    PCRE2_SIZE offset;
    char *whole = rw_format("\\A(?:%s)\\z", pattern);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)whole, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_DOTALL | PCRE2_NO_AUTO_CAPTURE, &error, &offset, NULL);
    free(whole);
    if (code == NULL && why != NULL) {
        PCRE2_UCHAR message[160] = "";
        pcre2_get_error_message(error, message, sizeof message);
        fprintf(why, "%s\n", (const char *)message);
    }
    /* Without JIT (not every processor has it) PCRE2 interprets: slower, same answers. */
    if (code != NULL)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

struct rw_oracle *rw_oracle_new(const struct rw_machine *machine, FILE *why)
{
    if (machine->kind != &rw_regex_kind)
        return NULL;
    const struct rw_regex *regex = machine->model;
    pcre2_code *code = compile(regex->pattern, why);
    if (code == NULL)
        return NULL;
    struct rw_oracle *oracle = rw_alloc(1, sizeof *oracle);
    oracle->alphabet = machine->alphabet;
    oracle->name = oracle_name();
    oracle->code = code;
    oracle->match = pcre2_match_data_create(1, NULL);
    oracle->context = pcre2_match_context_create(NULL);
    if (oracle->match == NULL || oracle->context == NULL)
        rw_out_of_memory(1);
    pcre2_set_match_limit(oracle->context, MATCH_LIMIT);
    oracle->subject = rw_grow(NULL, &oracle->subject_capacity, 1, 1);
    oracle->end = rw_grow(NULL, &oracle->end_capacity, 1, sizeof *oracle->end);
    oracle->end[0] = 0;
    return oracle;
}

void rw_oracle_free(struct rw_oracle *oracle)
{
    if (oracle == NULL)
        return;
    pcre2_code_free(oracle->code);
    pcre2_match_data_free(oracle->match);
    pcre2_match_context_free(oracle->context);
    free(oracle->name);
    free(oracle->subject);
    free(oracle->end);
    free(oracle);
}

const char *rw_oracle_name(const struct rw_oracle *oracle)
{
    return oracle->name;
}

void rw_oracle_set(struct rw_oracle *oracle, size_t place, uint32_t symbol)
{
    const char *text = rw_alphabet_name(oracle->alphabet, symbol);
    size_t size = strlen(text);
    oracle->end = rw_grow(oracle->end, &oracle->end_capacity, place + 2, sizeof *oracle->end);
    size_t start = oracle->end[place];
    oracle->subject = rw_grow(oracle->subject, &oracle->subject_capacity, start + size, 1);
    memcpy(oracle->subject + start, text, size);
    oracle->end[place + 1] = start + size;
}

enum rw_opinion rw_oracle_ask(struct rw_oracle *oracle, size_t length)
{
    /* Symbols are checked to be UTF-8 when a spec is read. */
    int matched = pcre2_match(oracle->code, (PCRE2_SPTR)oracle->subject, oracle->end[length], 0, PCRE2_NO_UTF_CHECK,
                              oracle->match, oracle->context);
    if (matched >= 0)
        return RW_OPINION_ACCEPTS;
    return matched == PCRE2_ERROR_NOMATCH ? RW_OPINION_REJECTS : RW_OPINION_NONE;
}
