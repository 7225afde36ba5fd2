/* words.c - chosen words: seeded random ones at growing lengths, and given ones; each is compared after every prefix.
 *
 * Uniform words seldom count high or nest deep, so random words come in four shapes: uniform, long runs of one letter,
 * one short word repeated, and blocks of equal length (a^m b^m c^m). A difference found is shortened by leaving out
 * letters. */
#include "verify/coverage.h"
#include "verify/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

#define NO_DIFFERENCE SIZE_MAX

/* --- random words --- */

static uint32_t draw(struct rw_random *random, size_t symbols)
{
    return (uint32_t)rw_random_below(random, symbols);
}

static void draw_uniform(struct rw_random *random, size_t symbols, uint32_t *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        word[i] = draw(random, symbols);
}

/* Every letter is followed by itself seven times out of eight. */
static void draw_runs(struct rw_random *random, size_t symbols, uint32_t *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        word[i] = i > 0 && rw_random_below(random, 8) > 0 ? word[i - 1] : draw(random, symbols);
}

static void draw_periodic(struct rw_random *random, size_t symbols, uint32_t *word, size_t length)
{
    size_t period = 1 + rw_random_below(random, 2 * symbols);
    for (size_t i = 0; i < length; i++)
        word[i] = i < period ? draw(random, symbols) : word[i - period];
}

/* Two to four blocks of one letter each, all of the same length; where it does not come out even the last is longer. */
static void draw_blocks(struct rw_random *random, size_t symbols, uint32_t *word, size_t length)
{
    size_t blocks = 2 + rw_random_below(random, 3), each = length / blocks + (length < blocks);
    for (size_t i = 0; i < length; i++) {
        bool starts = i % each == 0 && i / each < blocks;
        word[i] = starts ? draw(random, symbols) : word[i - 1];
    }
}

static void draw_word(struct rw_random *random, uint64_t number, size_t symbols, uint32_t *word, size_t length)
{
    void (*const shapes[])(struct rw_random *, size_t, uint32_t *, size_t) = {draw_uniform, draw_runs, draw_blocks,
                                                                              draw_periodic};
    shapes[number % (sizeof shapes / sizeof *shapes)](random, symbols, word, length);
}

/* The lengths are powers of two above what was walked, and last the longest; as many words of each. */
static size_t random_length(const struct rw_session *session, uint64_t number)
{
    const struct rw_verify_options *options = session->options;
    size_t longest = options->random_length, classes = 1;
    size_t first = 1;
    while (first <= session->report->length)
        first *= 2;
    for (size_t l = first; l < longest; l *= 2)
        classes++;
    size_t class = (size_t)((unsigned __int128)number * classes / options->random_words);
    return class + 1 == classes ? longest : first << class;
}

/* --- comparing along a word --- */

static bool is_power_of_two(size_t n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

/* Steps the cursor along a word; returns the length of the shortest prefix on which the sides differ. The cursor stands
 * there, or at the end. p(n) is noted at powers of two and at the end. */
static size_t first_difference(struct rw_session *session, struct rw_cursor *cursor, const uint32_t *symbols,
                               size_t length)
{
    if (!rw_cursor_start(&session->atlas, cursor))
        return 0;
    size_t most = cursor->bits;
    for (size_t i = 0; i < length; i++) {
        bool agree = rw_cursor_step(&session->atlas, cursor, symbols[i]);
        uint64_t steps = ++session->report->steps;
        if (cursor->bits > most) {
            most = cursor->bits;
            if (!rw_session_bits_fit(session, i + 1, most))
                return NO_DIFFERENCE;
        }
        if (!agree)
            return i + 1;
        if (is_power_of_two(i + 1) || i + 1 == length)
            rw_session_note_bits(session, i + 1, most);
        if (steps % RW_STEPS_BETWEEN_REPORTS == 0 && !rw_session_goes_on(session, steps))
            return NO_DIFFERENCE;
    }
    return NO_DIFFERENCE;
}

static bool oracle_agrees(struct rw_session *session, const struct rw_cursor *cursor, const uint32_t *symbols,
                          size_t length)
{
    if (session->oracle == NULL)
        return true;
    for (size_t i = 0; i < length; i++)
        rw_oracle_set(session->oracle, i, symbols[i]);
    return rw_session_oracle_agrees(session, cursor, length);
}

/* --- shortening --- */

/* Leaves out `count` letters from `at`. If the sides still differ the rest, up to the first difference, becomes the
 * word. */
static bool try_without(struct rw_session *session, struct rw_cursor *cursor, struct rw_word *word, size_t at,
                        size_t count, struct rw_word *rest)
{
    rw_word_copy(rest, word);
    memmove(rest->symbols + at, rest->symbols + at + count, (word->length - at - count) * sizeof *rest->symbols);
    size_t length = first_difference(session, cursor, rest->symbols, word->length - count);
    if (length == NO_DIFFERENCE)
        return false;
    rest->length = length;
    rw_word_copy(word, rest);
    return true;
}

/* Leaves out ever shorter pieces, as long as steps are left: first what halves the word, at last single letters. */
static void shorten(struct rw_session *session, struct rw_cursor *cursor, struct rw_word *word)
{
    struct rw_word rest;
    rw_word_init(&rest);
    uint64_t last_step = session->report->steps + session->options->budget;
    size_t known = session->report->length; /* no word up to this length differs */
    for (size_t count = word->length / 2; count > 0; count /= 2) {
        for (size_t at = 0; at + count <= word->length;) {
            if (rw_session_over(session) || session->report->steps > last_step || word->length <= known + 1)
                break;
            if (!try_without(session, cursor, word, at, count, &rest))
                at += count;
        }
    }
    rw_word_clear(&rest);
}

/* The word's prefix of this length tells the sides apart; a shorter word is looked for. */
static void found(struct rw_session *session, struct rw_cursor *cursor, const uint32_t *symbols, size_t length)
{
    struct rw_word word;
    rw_word_init(&word);
    for (size_t i = 0; i < length; i++)
        rw_word_push(&word, symbols[i]);
    shorten(session, cursor, &word);
    rw_cursor_start(&session->atlas, cursor);
    for (size_t i = 0; i < word.length; i++)
        rw_cursor_step(&session->atlas, cursor, word.symbols[i]);
    rw_session_found(session, cursor, word.symbols, word.length);
    rw_word_clear(&word);
}

/* --- the two sources of words --- */

/* false: the session is over. */
static bool try_word(struct rw_session *session, struct rw_cursor *cursor, const uint32_t *symbols, size_t length)
{
    size_t prefix = first_difference(session, cursor, symbols, length);
    if (prefix != NO_DIFFERENCE)
        found(session, cursor, symbols, prefix);
    else if (!rw_session_over(session) && !oracle_agrees(session, cursor, symbols, length))
        rw_session_oracle_differs(session, cursor, symbols, length);
    return !rw_session_over(session) && session->report->holds;
}

static void begin_part(struct rw_session *session, const char *part, uint64_t steps)
{
    session->part = part;
    session->part_start = session->report->steps;
    session->part_steps = steps;
}

static uint64_t random_steps(const struct rw_session *session)
{
    uint64_t steps = 0;
    for (uint64_t i = 0; i < session->options->random_words && steps < session->options->budget; i++)
        steps += random_length(session, i);
    return steps < session->options->budget ? steps : session->options->budget;
}

/* Words one after another; returns how many agreed. */
static uint64_t try_list(struct rw_session *session, const char *part, const struct rw_word *words, size_t count)
{
    uint64_t steps = 0;
    size_t done = 0;
    struct rw_cursor cursor = {0};
    for (size_t i = 0; i < count; i++)
        steps += words[i].length;
    begin_part(session, part, steps);
    while (done < count && try_word(session, &cursor, words[done].symbols, words[done].length))
        done++;
    rw_cursor_clear(&session->atlas, &cursor);
    return done;
}

void rw_try_random_words(struct rw_session *session)
{
    const struct rw_verify_options *options = session->options;
    struct rw_verify_report *report = session->report;
    size_t symbols = rw_alphabet_size(session->match.machine->alphabet);
    if (options->random_words == 0 || options->random_length == 0 || symbols == 0)
        return;
    begin_part(session, "random words", random_steps(session));
    struct rw_random random = rw_random_seed(options->seed);
    struct rw_cursor cursor = {0};
    uint32_t *word = rw_alloc(options->random_length, sizeof *word);
    uint64_t last_step = report->steps + options->budget;
    for (uint64_t i = 0; i < options->random_words; i++) {
        size_t length = random_length(session, i);
        if (report->steps + length > last_step)
            break;
        draw_word(&random, i, symbols, word, length);
        if (!try_word(session, &cursor, word, length))
            break;
        report->random_words++;
        report->random_length_reached = length;
    }
    free(word);
    rw_cursor_clear(&session->atlas, &cursor);
}

void rw_try_given_words(struct rw_session *session)
{
    const struct rw_verify_options *options = session->options;
    session->report->given_words = try_list(session, "given words", options->words, options->word_count);
}

void rw_try_covering_words(struct rw_session *session)
{
    const struct rw_machine *machine = session->match.machine;
    if (!session->options->cover)
        return;
    struct rw_coverage coverage = rw_coverage_of(machine);
    session->report->covering_words = try_list(session, "covering words", coverage.words, coverage.count);
    rw_coverage_clear(&coverage);
}
