/* Patterns mean what PCRE2 says they mean, on all short words; what is beyond regular is refused at its byte. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/regex.h"
#include "base/memory.h"
#include "base/random.h"

/* Where the last problem was, as rw_regex_parse told `place`. */
struct placed {
    size_t byte, length, calls;
};

static struct rw_span place(void *context, size_t byte, size_t length)
{
    struct placed *placed = context;
    placed->byte = byte;
    placed->length = length;
    placed->calls++;
    return rw_span_none();
}

/* One symbol for each character of the text. */
static struct rw_alphabet *alphabet_of(const char *characters)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (const char *c = characters; *c != '\0';) {
        size_t size = 1;
        while ((c[size] & 0xC0) == 0x80)
            size++;
        char *name = rw_strndup(c, size);
        rw_alphabet_add(alphabet, name);
        free(name);
        c += size;
    }
    return alphabet;
}

static struct rw_regex *parse(const char *pattern, const struct rw_alphabet *alphabet)
{
    struct rw_limits limits = rw_limits_standard();
    struct placed placed = {0};
    struct rw_regex *regex = rw_regex_parse(pattern, alphabet, &limits, place, &placed, NULL);
    cr_assert_not_null(regex, "%s is refused at byte %zu", pattern, placed.byte);
    return regex;
}

static pcre2_code *compile(const char *pattern)
{
    char *whole = rw_format("^(?:%s)$", pattern);
    int code;
    size_t offset;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)whole, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &code, &offset, NULL);
    cr_assert_not_null(compiled, "PCRE2 does not compile %s", whole);
    free(whole);
    return compiled;
}

struct comparison {
    const struct rw_alphabet *alphabet;
    const struct rw_regex *regex;
    const pcre2_code *compiled;
    pcre2_match_data *data;
    size_t words, accepted, differences;
};

/* Compares the run that has read `text` with PCRE2, and goes on with every symbol. */
static void compare_from(struct comparison *c, void *run, char *text, size_t length, size_t longest)
{
    const struct rw_machine_kind *kind = &rw_regex_kind;
    fmpq_t value;
    fmpq_init(value);
    kind->value(c->regex, run, value);
    bool expected =
        pcre2_match(c->compiled, (PCRE2_SPTR)text, length, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, c->data, NULL) >= 0;
    c->words++;
    c->accepted += expected;
    c->differences += expected != rw_q_is_one(value);
    fmpq_clear(value);
    if (longest == 0)
        return;
    void *next = kind->run_new(c->regex);
    for (uint32_t s = 0; s < rw_alphabet_size(c->alphabet); s++) {
        const char *name = rw_alphabet_name(c->alphabet, s);
        memcpy(text + length, name, strlen(name));
        kind->run_copy(c->regex, next, run);
        kind->step(c->regex, next, s);
        compare_from(c, next, text, length + strlen(name), longest - 1);
    }
    kind->run_free(c->regex, next);
}

/* Our meaning of one pattern against PCRE2's meaning of another, on all words up to a length. */
static struct comparison compare(const char *ours, const char *theirs, const char *characters, size_t longest)
{
    struct rw_alphabet *alphabet = alphabet_of(characters);
    struct rw_regex *regex = parse(ours, alphabet);
    pcre2_code *compiled = compile(theirs);
    struct comparison c = {.alphabet = alphabet, .regex = regex, .compiled = compiled};
    c.data = pcre2_match_data_create_from_pattern(compiled, NULL);
    char text[64];
    void *run = rw_regex_kind.run_new(regex);
    compare_from(&c, run, text, 0, longest);
    rw_regex_kind.run_free(regex, run);
    pcre2_match_data_free(c.data);
    pcre2_code_free(compiled);
    rw_regex_free(regex);
    rw_alphabet_free(alphabet);
    return c;
}

static void assert_agrees(const char *pattern, const char *characters, size_t longest)
{
    struct comparison c = compare(pattern, pattern, characters, longest);
    cr_assert_eq(c.differences, 0, "%s over %s: %zu of %zu words differ", pattern, characters, c.differences, c.words);
}

Test(regex, patterns_over_two_letters_accept_the_words_that_pcre2_accepts)
{
    static const char *const patterns[] = {
        "",
        "a",
        "ab",
        "a|b",
        "a|",
        "|a",
        "||",
        "a*",
        "a+",
        "a?",
        "a*?",
        "a+?",
        "a??",
        "(?:)",
        "()",
        "()*",
        "(a|b)*abb",
        "(?:a*)*",
        "(?:a*)+",
        "(?:a?)*",
        "((a|)b?)*",
        "(?:a|ab)(?:ba|b)",
        "(aa|bb)*",
        "(?:(?:ab)*|b)*",
        "a{3}",
        "a{0}",
        "a{0}b",
        "a{0,0}b*",
        "a{2,}",
        "a{0,}",
        "a{1,3}",
        "(?:ab?){2,3}",
        "(?:a|b){2,4}?",
        "(?:a{2}){2}",
        "(?:a{0,2}b){1,2}",
        "(?:a?){3}",
        "(?:a*b){2,}",
        "(?:a|b*){0,2}a",
        ".",
        ".*a.",
        ".{3}",
        "[ab]",
        "[a]*b",
        "[^a]*",
        "[^ab]",
        "[^ab]*a|b",
        "[a-b]+",
        "(?:[^b]b)*",
        "a\\x62",
        "\\x{61}b*",
        "[\\x61-\\x62]a",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_agrees(patterns[i], "ab", 6);
}

Test(regex, classes_escapes_and_shorthands_mean_what_pcre2_says)
{
    static const char *const patterns[] = {
        "\\d+",    "\\D*",    "\\w+",      "\\W",     "\\s",    "\\S*",     "[\\d_]+", "[^\\w]",   "[\\s\\d]*",
        "[^\\D]*", "[]]",     "[^]]",      "[a-]",    "[-a]",   "[a^]",     "[\\^a]",  "[\\]a]+",  "[\\\\]",
        "\\\\",    "\\.",     "\\-",       "\\]",     "]",      "-",        "[.]",     "[a.]*",    "[0-_]",
        "\\x20",   "\\x20?0", "[\\x20-0]", "[ -0]",   "[^ -0]", "\\^|\\_",  "[\\d-]",  "[\\w\\-]", "\\x2d",
        "\\ ",     "[[]|a",   "[a\\-z]",   "\\x{5e}", "[\\D]",  "[\\W\\d]", "[\\Sa]",  "[*-.]",    "\\x5fa",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_agrees(patterns[i], "a0_ -.]\\^", 3);
}

Test(regex, characters_beyond_ascii_are_one_symbol_each)
{
    static const char *const patterns[] = {"ä*",     "[ä-ü]z?", "[^ä]", "\\x{e4}+", ".",           "(?:ü|€)*",
                                           "[a-z€]", "\\w",     "😀{2}", "[^a-z]*",  "\\x{1F600}|€"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_agrees(patterns[i], "zäü€😀", 3);
}

Test(regex, control_characters_are_written_as_escapes)
{
    static const char *const patterns[] = {"\\n",   "\\t",   "\\r", "\\f",       "\\a",  "\\e",
                                           "[\\b]", "\\x08", "\\s", "[\\n-\\r]", "\\S*", "\\x1b"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_agrees(patterns[i], "\a\b\t\n\v\f\r\033", 2);
}

/* --- random patterns --- */

static void write_random(struct rw_random *random, FILE *out, int depth)
{
    static const char *const atoms[] = {"a", "b", "c", ".", "[ab]", "[^b]", "[a-c]", "\\w", "\\x61", "(?:)", "[^abc]"};
    static const char *const repeats[] = {"*", "+", "?", "*?", "{0}", "{2}", "{1,2}", "{0,2}", "{2,}", "{0,}"};
    size_t form = rw_random_below(random, depth == 0 ? 2 : 8);
    if (form < 2) {
        fputs(atoms[rw_random_below(random, sizeof atoms / sizeof *atoms)], out);
    } else if (form < 5) {
        write_random(random, out, depth - 1);
        write_random(random, out, depth - 1);
    } else {
        fputs(form == 5 ? "(" : "(?:", out);
        write_random(random, out, depth - 1);
        if (form < 7) {
            fputc('|', out);
            write_random(random, out, depth - 1);
        }
        fputc(')', out);
        if (form != 6)
            fputs(repeats[rw_random_below(random, sizeof repeats / sizeof *repeats)], out);
    }
}

Test(regex, random_patterns_accept_the_words_that_pcre2_accepts)
{
    struct rw_random random = rw_random_seed(20);
    size_t accepted = 0;
    for (int i = 0; i < 150; i++) {
        char *pattern;
        size_t size;
        FILE *out = open_memstream(&pattern, &size);
        write_random(&random, out, 4);
        fclose(out);
        struct comparison c = compare(pattern, pattern, "abc", 4);
        cr_assert_eq(c.differences, 0, "%s: %zu of %zu words differ", pattern, c.differences, c.words);
        accepted += c.accepted;
        free(pattern);
    }
    cr_assert_gt(accepted, 1000, "the patterns accept next to nothing");
}

Test(regex, the_comparison_notices_another_pattern)
{
    cr_assert_gt(compare("(?:ab)*", "(?:ab)+", "ab", 6).differences, 0);
    cr_assert_gt(compare("a{2,5}b", "a{2,4}b", "ab", 6).differences, 0);
    cr_assert_gt(compare("[^a]", "a", "ab", 1).differences, 0);
}

/* --- the automaton --- */

Test(regex, there_is_one_position_for_each_leaf_of_the_unfolded_pattern)
{
    static const struct {
        const char *pattern;
        size_t positions;
    } rows[] = {{"", 0},       {"a", 1},           {"(?:a|b)*abb", 5}, {"a{3}", 3},     {"a{2,}", 2},
                {"a{0,}", 1},  {"(?:ab){2,3}", 6}, {"a{0}", 0},        {"[ab]{4}.", 5}, {"(?:(?:ab){2}c){3}", 15},
                {"(?:)*a", 1}, {"(?:a{0}b)+", 1},  {"a{0,1000}", 1000}};
    struct rw_alphabet *alphabet = alphabet_of("abc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rw_regex *regex = parse(rows[i].pattern, alphabet);
        cr_assert_eq(regex->positions->states, rows[i].positions + 1, "%s", rows[i].pattern);
        for (size_t e = 0; e < regex->positions->edge_count; e++) {
            cr_assert_neq(regex->positions->edges[e].symbol, RW_EPSILON);
            cr_assert_neq(regex->positions->edges[e].to, 0);
        }
        cr_assert_str_eq(regex->pattern, rows[i].pattern);
        rw_regex_free(regex);
    }
    rw_alphabet_free(alphabet);
}

Test(regex, a_run_is_a_set_of_named_positions)
{
    struct rw_alphabet *alphabet = alphabet_of("ab");
    struct rw_regex *regex = parse("a(?:a|b)", alphabet);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    void *run = rw_regex_kind.run_new(regex);
    rw_regex_kind.print(regex, run, out);
    rw_regex_kind.step(regex, run, 0);
    rw_regex_kind.print(regex, run, out);
    rw_regex_kind.step(regex, run, 1);
    rw_regex_kind.print(regex, run, out);
    rw_regex_kind.run_start(regex, run);
    rw_regex_kind.print(regex, run, out);
    fputc(' ', out);
    rw_regex_kind.quantity_name(regex, 3, out);
    fclose(out);
    cr_assert_str_eq(text, "{0}{1}{3}{0} position 3");
    cr_assert_eq(rw_regex_kind.quantities(regex), 4);
    rw_regex_kind.run_free(regex, run);
    free(text);
    rw_regex_free(regex);
    rw_alphabet_free(alphabet);
}

/* --- what is refused --- */

struct refusal {
    const char *pattern;
    size_t byte;
    const char *message; /* a part of it */
};

static void assert_refused(const struct refusal *row, const struct rw_alphabet *alphabet,
                           const struct rw_limits *limits, enum rw_problem kind)
{
    struct placed placed = {0};
    struct rw_diag *diag = rw_diag_new(4);
    struct rw_regex *regex = rw_regex_parse(row->pattern, alphabet, limits, place, &placed, diag);
    cr_assert_null(regex, "%s is not refused", row->pattern);
    cr_assert_eq(rw_diag_count(diag), 1, "%s: %zu problems", row->pattern, rw_diag_count(diag));
    struct rw_problem_view view = rw_diag_view(diag, 0);
    cr_assert_eq(view.kind, kind, "%s", row->pattern);
    cr_assert_eq(placed.byte, row->byte, "%s: at byte %zu, not %zu", row->pattern, placed.byte, row->byte);
    cr_assert_gt(placed.length, 0, "%s", row->pattern);
    cr_assert_not_null(strstr(kind == RW_PROBLEM_LIMIT ? view.limit : view.message, row->message), "%s: %s",
                       row->pattern, view.message);
    rw_diag_free(diag);
}

static void assert_all_refused(const struct refusal *rows, size_t count)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_alphabet *alphabet = alphabet_of("ab01é-");
    for (size_t i = 0; i < count; i++)
        assert_refused(rows + i, alphabet, &limits, RW_PROBLEM_INPUT);
    rw_alphabet_free(alphabet);
}

Test(regex, what_is_beyond_regular_is_refused_at_its_byte)
{
    static const struct refusal rows[] = {
        {"(a)\\1", 3, "backreference"},
        {"a\\g1", 1, "escape"},
        {"(a)\\k<n>", 3, "escape"},
        {"a\\0", 1, "backreference"},
        {"a(?=b)", 1, "lookaround"},
        {"a(?!b)", 1, "lookaround"},
        {"é(?<=a)b", 2, "lookaround"},
        {"ab(?<!a)b", 2, "lookaround"},
        {"a(?>b)", 1, "atomic"},
        {"(?<n>a)", 0, "group"},
        {"a(?P<n>a)", 1, "group"},
        {"(?P=n)", 0, "group"},
        {"a(?i)b", 1, "group"},
        {"(?i:b)", 0, "group"},
        {"a(?R)", 1, "group"},
        {"a(?1)", 1, "group"},
        {"a(?&n)", 1, "group"},
        {"a(?|b)", 1, "group"},
        {"a(?(1)a|b)", 1, "group"},
        {"(?#a)b", 0, "group"},
        {"(*ACCEPT)a", 0, "group"},
        {"a*+", 1, "possessive"},
        {"a++", 1, "possessive"},
        {"a?+", 1, "possessive"},
        {"(a){2}+", 3, "possessive"},
        {"^a", 0, "anchor"},
        {"a$", 1, "anchor"},
        {"a|^b", 2, "anchor"},
        {"a\\b", 1, "anchor"},
        {"a\\Bb", 1, "anchor"},
        {"\\Aa", 0, "anchor"},
        {"a\\z", 1, "anchor"},
        {"a\\Z", 1, "anchor"},
        {"\\Ga", 0, "anchor"},
        {"a\\Kb", 1, "escape"},
        {"\\p{L}", 0, "escape"},
        {"\\Qa\\E", 0, "escape"},
        {"\\R", 0, "escape"},
        {"\\X", 0, "escape"},
        {"[a[:digit:]]", 2, "POSIX"},
        {"[[.a.]]", 1, "POSIX"},
    };
    assert_all_refused(rows, sizeof rows / sizeof *rows);
}

Test(regex, mistakes_are_reported_at_their_byte)
{
    static const struct refusal rows[] = {
        {"(ab", 0, "not closed"},
        {"a(b|(a)", 1, "not closed"},
        {"(?", 0, "group"},
        {"(", 0, "not closed"},
        {"a(?:", 1, "not closed"},
        {"ab)", 2, "closes no group"},
        {")", 0, "closes no group"},
        {"a[b", 1, "not closed"},
        {"[", 0, "not closed"},
        {"[]", 0, "not closed"},
        {"[^]", 0, "not closed"},
        {"[a-", 0, "not closed"},
        {"*", 0, "nothing to repeat"},
        {"a|+", 2, "nothing to repeat"},
        {"(?:?)", 3, "nothing to repeat"},
        {"{2}", 0, "nothing to repeat"},
        {"a**", 2, "repetition of a repetition"},
        {"a{2}{3}", 4, "repetition of a repetition"},
        {"a*???", 3, "repetition of a repetition"},
        {"a{", 1, "expected a repetition"},
        {"a{}", 1, "expected a repetition"},
        {"a{,2}", 1, "expected a repetition"},
        {"a{1,2", 1, "expected a repetition"},
        {"a{1;2}", 1, "expected a repetition"},
        {"a{3,2}", 1, "reversed"},
        {"[b-a]", 1, "reversed"},
        {"[\\d-a]", 1, "shorthand"},
        {"[0-\\d]", 1, "shorthand"},
        {"a\\", 1, "ends in a backslash"},
        {"[a\\", 2, "ends in a backslash"},
        {"[a-\\", 3, "ends in a backslash"},
        {"a\\x", 1, "hexadecimal"},
        {"\\xg", 0, "hexadecimal"},
        {"\\x{61", 0, "hexadecimal"},
        {"\\x{}", 0, "hexadecimal"},
        {"\\x{110000}", 0, "hexadecimal"},
        {"\\x{0000061}", 0, "hexadecimal"},
        {"abc", 2, "not in the alphabet"},
        {"éx", 2, "not in the alphabet"},
        {"aü", 1, "not in the alphabet"},
        {"a\\.", 1, "not in the alphabet"},
        {"a\\n", 1, "not in the alphabet"},
        {"a\\x63", 1, "not in the alphabet"},
        {"(?:a|]){2}", 5, "not in the alphabet"},
    };
    assert_all_refused(rows, sizeof rows / sizeof *rows);
}

static struct refusal reached(const char *pattern, size_t byte, const char *limit)
{
    return (struct refusal){pattern, byte, limit};
}

Test(regex, every_limit_is_named_where_it_is_reached)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_alphabet *alphabet = alphabet_of("ab");
    limits.pattern_repeat = 20;
    limits.positions = 30;
    limits.depth = 3;
    limits.pattern_bytes = 40;
    limits.transitions = 200;
    const struct refusal rows[] = {
        reached("a{21}", 1, "pattern-repeat"),
        reached("ba{2,21}", 2, "pattern-repeat"),
        reached("a{21,}", 1, "pattern-repeat"),
        reached("a{999999999}", 1, "pattern-repeat"),
        reached("b(?:ab){16}", 1, "positions"),
        reached("(?:(?:b|a{8}){4}b){5}", 3, "positions"),
        reached("((((a))))", 3, "depth"),
        reached("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, "pattern-bytes"),
        reached("b(?:a?){20}b(?:a*b?){0,4}", 4, "transitions"),
        reached("b(?:.?){14}", 4, "transitions"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(rows + i, alphabet, &limits, RW_PROBLEM_LIMIT);
    static const char *const allowed[] = {"a{20}", "(?:ab){15}", "(((a)))", "(?:.?){12}"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        struct placed placed = {0};
        struct rw_regex *regex = rw_regex_parse(allowed[i], alphabet, &limits, place, &placed, NULL);
        cr_assert_not_null(regex, "%s", allowed[i]);
        cr_assert_eq(placed.calls, 0);
        rw_regex_free(regex);
    }
    rw_alphabet_free(alphabet);
}

Test(regex, nested_repetitions_of_nothing_take_no_time)
{
    struct rw_alphabet *alphabet = alphabet_of("a");
    struct rw_regex *regex =
        parse("(?:(?:(?:(?:(?:(?:(?:){1000}){1000}){1000}|a{0}){1000}){1000}){1000}){1000}a", alphabet);
    cr_assert_eq(regex->positions->states, 2);
    rw_regex_free(regex);
    rw_alphabet_free(alphabet);
}

Test(regex, a_prefix_or_a_garbled_pattern_is_parsed_or_refused_but_never_crashes)
{
    static const char characters[] = "ab(|)[]^-{}0,*+?\\xd.$:=";
    struct rw_random random = rw_random_seed(21);
    struct rw_limits limits = rw_limits_standard();
    struct rw_alphabet *alphabet = alphabet_of("ab0");
    size_t parsed = 0;
    limits.positions = 200;
    limits.pattern_repeat = 20;
    for (int i = 0; i < 20000; i++) {
        char pattern[16] = {0};
        struct placed placed = {0};
        size_t length = rw_random_below(&random, sizeof pattern);
        for (size_t k = 0; k < length; k++)
            pattern[k] = characters[rw_random_below(&random, sizeof characters - 1)];
        struct rw_regex *regex = rw_regex_parse(pattern, alphabet, &limits, place, &placed, NULL);
        cr_assert_eq(placed.calls, regex == NULL, "%s", pattern);
        cr_assert_leq(placed.byte, length, "%s", pattern);
        parsed += regex != NULL;
        rw_regex_free(regex);
    }
    cr_assert_gt(parsed, 100);
    rw_alphabet_free(alphabet);
}
