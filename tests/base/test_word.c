/* Words: what is written reads back, and a wrong symbol is pointed at. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/source.h"
#include "base/word.h"

static struct rw_alphabet *alphabet_of(const char *const *names)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (; *names != NULL; names++)
        cr_assert(rw_alphabet_add(alphabet, *names));
    return alphabet;
}

static bool parse(struct rw_word *word, const struct rw_alphabet *alphabet, const char *text, struct rw_diag *diag)
{
    return rw_word_parse(word, alphabet, NULL, 0, text, strlen(text), 1000, diag);
}

static void round_trips(const struct rw_alphabet *alphabet, uint64_t seed)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_word word, back;
    rw_word_init(&word);
    rw_word_init(&back);
    for (int round = 0; round < 200; round++) {
        word.length = 0;
        for (uint64_t n = rw_random_below(&random, 9); n > 0; n--)
            rw_word_push(&word, (uint32_t)rw_random_below(&random, rw_alphabet_size(alphabet)));
        char *text = rw_word_text(alphabet, word.symbols, word.length);
        cr_assert(parse(&back, alphabet, text, NULL), "'%s' does not read back", text);
        cr_assert_eq(back.length, word.length);
        for (size_t i = 0; i < word.length; i++)
            cr_assert_eq(back.symbols[i], word.symbols[i]);
        free(text);
    }
    rw_word_clear(&word);
    rw_word_clear(&back);
}

Test(word, written_words_read_back)
{
    struct rw_alphabet *single = alphabet_of((const char *[]){"a", "b", "\xC3\xA9", "\"", NULL});
    struct rw_alphabet *multiple = alphabet_of((const char *[]){"push(0)", "pop", "p", "\"\"", NULL});
    round_trips(single, 1);
    round_trips(multiple, 2);
    rw_alphabet_free(single);
    rw_alphabet_free(multiple);
}

Test(word, an_unknown_symbol_is_pointed_at)
{
    struct rw_alphabet *alphabet = alphabet_of((const char *[]){"push", "pop", NULL});
    struct rw_source *source = rw_source_text("WORD", "push pup", 8);
    struct rw_diag *diag = rw_diag_new(10);
    struct rw_word word;
    rw_word_init(&word);
    cr_assert_not(rw_word_parse(&word, alphabet, source, 1, source->text, source->size, 1000, diag));
    struct rw_problem_view view = rw_diag_view(diag, 0);
    cr_assert_eq(view.span.column, 6);
    cr_assert_eq(view.span.length, 3);
    cr_assert_str_eq(view.hint, "did you mean 'pop'?");
    rw_word_clear(&word);
    rw_diag_free(diag);
    rw_source_free(source);
    rw_alphabet_free(alphabet);
}

Test(word, a_word_longer_than_the_limit_is_a_limit)
{
    struct rw_alphabet *alphabet = alphabet_of((const char *[]){"a", NULL});
    struct rw_diag *diag = rw_diag_new(10);
    struct rw_word word;
    rw_word_init(&word);
    cr_assert_not(rw_word_parse(&word, alphabet, NULL, 0, "aaa", 3, 2, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_word_clear(&word);
    rw_diag_free(diag);
    rw_alphabet_free(alphabet);
}

Test(word, symbols_are_found_by_name_and_never_twice)
{
    struct rw_alphabet *alphabet = alphabet_of((const char *[]){"a", "b", NULL});
    uint32_t symbol;
    cr_assert(rw_alphabet_find(alphabet, "b", 1, &symbol));
    cr_assert_eq(symbol, 1);
    cr_assert_not(rw_alphabet_find(alphabet, "ab", 2, &symbol));
    cr_assert_not(rw_alphabet_add(alphabet, "a"));
    cr_assert_eq(rw_alphabet_size(alphabet), 2);
    rw_alphabet_free(alphabet);
}

Test(word, utf8_is_judged_as_the_standard_says)
{
    cr_assert(rw_utf8_valid("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10));
    cr_assert_not(rw_utf8_valid("\xC0\x80", 2));         /* overlong */
    cr_assert_not(rw_utf8_valid("\xE0\x80\x80", 3));     /* overlong */
    cr_assert_not(rw_utf8_valid("\xED\xA0\x80", 3));     /* surrogate */
    cr_assert_not(rw_utf8_valid("\xF4\x90\x80\x80", 4)); /* above U+10FFFF */
    cr_assert_not(rw_utf8_valid("\xE2\x82", 2));         /* cut off */
    cr_assert_not(rw_utf8_valid("\x80", 1));
    cr_assert_eq(rw_utf8_length("\xE2\x82\xAC"
                                "a\xFF",
                                5),
                 3);
}

Test(word, a_word_is_turned_round_from_any_place_on)
{
    for (uint32_t length = 0; length < 7; length++)
        for (uint32_t first = 0; first <= length; first++) {
            struct rw_word word;
            rw_word_init(&word);
            for (uint32_t i = 0; i < length; i++)
                rw_word_push(&word, i);
            rw_word_reverse(&word, first);
            cr_assert_eq(word.length, length);
            for (uint32_t i = 0; i < length; i++)
                cr_assert_eq(word.symbols[i], i < first ? i : length - 1 - (i - first));
            rw_word_clear(&word);
        }
}
