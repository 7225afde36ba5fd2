/* Diagnostics: what a user sees of a problem. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/near.h"
#include "base/limits.h"

/* noinline: gcc 12 takes the stream's buffer for the address of `text` itself */
__attribute__((noinline)) static char *printed(const struct rw_diag *diag)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    rw_diag_print(diag, out);
    fclose(out);
    return text;
}

static void expect_text(struct rw_diag *diag, const char *expected)
{
    char *text = printed(diag);
    cr_assert_str_eq(text, expected);
    free(text);
    rw_diag_free(diag);
}

Test(diag, a_problem_shows_its_line_and_a_caret)
{
    struct rw_source *source = rw_source_text("x.yaml", "kind: dfa\nnmae: p\n", 18);
    struct rw_diag *diag = rw_diag_new(10);
    rw_diag_error(diag, rw_span_at(source, 2, 1, 4), "unknown key 'nmae'");
    rw_diag_hint(diag, "did you mean 'name'?");
    expect_text(diag, "x.yaml:2:1: error: unknown key 'nmae'\n"
                      "     2 | nmae: p\n"
                      "       | ^~~~\n"
                      "  hint: did you mean 'name'?\n");
    rw_source_free(source);
}

Test(diag, the_caret_counts_characters_and_keeps_tabs)
{
    const char *text = "\t\xC3\xA9\xC3\xA9 x";
    struct rw_source *source = rw_source_text("u", text, strlen(text));
    struct rw_diag *diag = rw_diag_new(10);
    rw_diag_error(diag, rw_span_at(source, 1, 5, 1), "here");
    expect_text(diag, "u:1:5: error: here\n     1 | \t\xC3\xA9\xC3\xA9 x\n       | \t   ^\n");
    rw_source_free(source);
}

Test(diag, a_long_line_is_cut_around_the_caret)
{
    char line[1001];
    memset(line, 'x', 1000);
    line[500] = '!';
    struct rw_source *source = rw_source_text("l", line, 1000);
    struct rw_diag *diag = rw_diag_new(10);
    rw_diag_error(diag, rw_span_at(source, 1, 501, 1), "here");
    char *text = printed(diag);
    const char *shown = strstr(text, "1 | ") + 4;
    const char *below = strstr(strchr(shown, '\n'), "| ") + 2;
    cr_assert(strlen(text) < 400);
    cr_assert_eq(shown[strchr(below, '^') - below], '!');
    free(text);
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(diag, problems_are_printed_in_the_order_of_their_places)
{
    struct rw_source *source = rw_source_text("f", "a\nb\n", 4);
    struct rw_diag *diag = rw_diag_new(10);
    rw_diag_error(diag, rw_span_at(source, 2, 1, 1), "second");
    rw_diag_error(diag, rw_span_at(source, 1, 1, 1), "first");
    char *text = printed(diag);
    cr_assert(strstr(text, "first") < strstr(text, "second"));
    free(text);
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(diag, more_problems_than_the_limit_are_counted)
{
    struct rw_diag *diag = rw_diag_new(1);
    rw_diag_error(diag, rw_span_none(), "one");
    rw_diag_error(diag, rw_span_none(), "two");
    rw_diag_hint(diag, "lost with its problem");
    cr_assert_eq(rw_diag_count(diag), 2);
    expect_text(diag, "rnnwit: error: one\nrnnwit: 1 more problems; see more with --limit errors=N\n");
}

Test(diag, the_exit_code_is_that_of_the_worst_problem)
{
    struct rw_diag *diag = rw_diag_new(10);
    cr_assert_eq(rw_diag_exit_code(diag), 0);
    rw_diag_error(diag, rw_span_none(), "input");
    cr_assert_eq(rw_diag_exit_code(diag), 2);
    rw_diag_limit(diag, rw_span_none(), "states", "limit");
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_io(diag, rw_span_none(), "io");
    cr_assert_eq(rw_diag_exit_code(diag), 4);
    rw_diag_free(diag);
}

Test(diag, every_problem_may_go_nowhere)
{
    rw_diag_error(NULL, rw_span_none(), "x");
    rw_diag_hint(NULL, "x");
    rw_diag_note(NULL, rw_span_none(), "x");
}

static const char *near_name(const char *wanted)
{
    static const char *const names[] = {"transitions", "states", "initial", "accepting", "a", "name"};
    struct rw_near near = rw_near_start(wanted);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rw_near_offer(&near, names[i]);
    return near.best == NULL ? "" : near.best;
}

Test(near, typos_find_their_name)
{
    cr_assert_str_eq(near_name("transtions"), "transitions");
    cr_assert_str_eq(near_name("sates"), "states");
    cr_assert_str_eq(near_name("intiial"), "initial");
    cr_assert_str_eq(near_name("nmae"), "name");
}

Test(near, a_different_word_finds_nothing)
{
    cr_assert_str_eq(near_name("zebra"), "");
    cr_assert_str_eq(near_name(""), "");
    cr_assert_str_eq(near_name("b"), "");
}

Test(limits, a_limit_is_set_by_name)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(10);
    cr_assert(rw_limits_set(&limits, "states=7", diag));
    cr_assert_eq(limits.states, 7);
    cr_assert_not(rw_limits_set(&limits, "sttaes=7", diag));
    cr_assert_str_eq(rw_diag_view(diag, 0).hint, "did you mean 'states'?");
    cr_assert_not(rw_limits_set(&limits, "states=-7", diag));
    cr_assert_not(rw_limits_set(&limits, "states=7x", diag));
    cr_assert_not(rw_limits_set(&limits, "states=99999999999999999999", diag));
    cr_assert_not(rw_limits_set(&limits, "states", diag));
    cr_assert_eq(rw_diag_count(diag), 5);
    rw_diag_free(diag);
}
