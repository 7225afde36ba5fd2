/* AT&T text: what it becomes, and what is wrong with it where. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/nfa.h"
#include "base/random.h"
#include "interchange/format.h"

static struct rw_machine *read_att(const char *text, const char *symbols, struct rw_diag *diag,
                                   struct rw_source **source, struct rw_source **table)
{
    struct rw_limits limits = rw_limits_standard();
    *source = rw_source_text("test.att", text, strlen(text));
    *table = symbols == NULL ? NULL : rw_source_text("test.syms", symbols, strlen(symbols));
    return rw_format_find("att")->read(*source, *table, &limits, diag);
}

static void expect_value(const struct rw_machine *machine, const char *text, slong numerator, ulong denominator)
{
    struct rw_source *source = rw_source_text("word", text, strlen(text));
    struct rw_word word;
    fmpq_t value, wanted;
    rw_word_init(&word);
    fmpq_init(value);
    fmpq_init(wanted);
    cr_assert(rw_word_parse(&word, machine->alphabet, source, 1, text, strlen(text), 100, NULL), "%s", text);
    rw_machine_value(machine, word.symbols, word.length, value);
    fmpq_set_si(wanted, numerator, denominator);
    cr_assert(fmpq_equal(value, wanted), "%s", text);
    fmpq_clear(value);
    fmpq_clear(wanted);
    rw_word_clear(&word);
    rw_source_free(source);
}

struct open_machine {
    struct rw_machine *machine;
    struct rw_source *source, *table;
    struct rw_diag *diag;
};

static struct open_machine open_att(const char *text, const char *symbols, const char *kind)
{
    struct open_machine open = {.diag = rw_diag_new(20)};
    open.machine = read_att(text, symbols, open.diag, &open.source, &open.table);
    if (open.machine == NULL)
        rw_diag_print(open.diag, stderr);
    cr_assert_not_null(open.machine);
    cr_assert_str_eq(open.machine->kind->name, kind);
    return open;
}

static void close_att(struct open_machine *open)
{
    rw_machine_free(open->machine);
    rw_source_free(open->source);
    rw_source_free(open->table);
    rw_diag_free(open->diag);
}

Test(att, the_first_source_is_initial_and_gaps_reject)
{
    struct open_machine open = open_att("7 3 a\n3\t3\tb\r\n\n3\n", NULL, "dfa");
    expect_value(open.machine, "a", 1, 1);
    expect_value(open.machine, "abb", 1, 1);
    expect_value(open.machine, "\"\"", 0, 1);
    expect_value(open.machine, "aa", 0, 1);
    close_att(&open);
}

Test(att, two_arcs_with_a_label_make_an_nfa)
{
    struct open_machine open = open_att("0 0 a\n0 1 a\n1\n", NULL, "nfa");
    expect_value(open.machine, "a", 1, 1);
    expect_value(open.machine, "aaa", 1, 1);
    expect_value(open.machine, "\"\"", 0, 1);
    close_att(&open);
}

Test(att, zero_is_epsilon_among_integers_and_so_are_the_known_names)
{
    struct open_machine open = open_att("0 1 0\n1 1 2\n1\n", NULL, "nfa");
    expect_value(open.machine, "\"\"", 1, 1);
    expect_value(open.machine, "22", 1, 1);
    close_att(&open);
    open = open_att("0 1 <eps>\n1 1 0\n1 1 x\n1\n", NULL, "nfa");
    cr_assert_eq(rw_alphabet_size(open.machine->alphabet), 2);
    expect_value(open.machine, "0x", 1, 1);
    close_att(&open);
}

Test(att, weights_add_and_multiply)
{
    struct open_machine open = open_att("0 0 a 1/2\n0 1 a 0.25\n0 1 a 0.25\n1 1 b\n1 3\n", NULL, "wfa");
    expect_value(open.machine, "a", 3, 2);
    expect_value(open.machine, "aab", 3, 4);
    expect_value(open.machine, "\"\"", 0, 1);
    close_att(&open);
}

Test(att, a_symbol_table_gives_names_and_numbers_and_the_alphabet)
{
    const char *table = "<eps> 0\nl\xc3\xa4ut 1\nrest 2\nnie 3\n";
    struct open_machine open = open_att("0 1 1\n1 0 rest\n1\n", table, "dfa");
    cr_assert_eq(rw_alphabet_size(open.machine->alphabet), 3);
    expect_value(open.machine, "l\xc3\xa4ut rest l\xc3\xa4ut", 1, 1);
    expect_value(open.machine, "nie", 0, 1);
    close_att(&open);
}

static const struct {
    const char *text, *table;
    size_t line, column;
    const char *part;
} problems[] = {
    {"", NULL, 0, 0, "no state"},
    {"0\n", NULL, 0, 0, "alphabet"},
    {"0 1 a\n0 1 a b c\n1\n", NULL, 2, 9, "at most four"},
    {"0 1 a x\n1\n", NULL, 1, 7, "number"},
    {"0 1 a\n1 1/0\n", NULL, 2, 3, "number"},
    {"0 1 <eps> 2\n1 1 a 1\n1\n", NULL, 1, 5, "epsilon"},
    {"0 1 a\n1 0 c\n1\n", "<eps> 0\na 1\nb 2\n", 2, 5, "symbol table"},
    {"0 1 a\n1 0 9\n1\n", "<eps> 0\na 1\n", 2, 5, "symbol table"},
    {"0 1 a\n1\n", "a 1\na 2\n", 2, 1, "twice"},
    {"0 1 a\n1\n", "a\n", 1, 1, "a name and a number"},
    {"0 1 \xff\n1\n", NULL, 0, 0, "UTF-8"},
};

Test(att, each_problem_is_said_where_it_is)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        struct rw_diag *diag = rw_diag_new(20);
        struct rw_source *source, *table;
        cr_assert_null(read_att(problems[i].text, problems[i].table, diag, &source, &table));
        bool found = false;
        for (size_t k = 0; k < rw_diag_kept(diag); k++) {
            struct rw_problem_view view = rw_diag_view(diag, k);
            found = found ||
                    (view.span.line == problems[i].line && view.span.column == problems[i].column &&
                     (strstr(view.message, problems[i].part) || (view.hint && strstr(view.hint, problems[i].part))));
        }
        if (!found)
            rw_diag_print(diag, stderr);
        cr_assert(found, "%zu: '%s' at %zu:%zu", i, problems[i].part, problems[i].line, problems[i].column);
        rw_diag_free(diag);
        rw_source_free(source);
        rw_source_free(table);
    }
}

Test(att, any_text_is_read_or_refused)
{
    struct rw_random random = rw_random_seed(31);
    const char pieces[] = "0123ab \t\n\n.-/<eps>";
    for (int round = 0; round < 500; round++) {
        char text[64];
        size_t length = rw_random_below(&random, sizeof text - 1);
        for (size_t i = 0; i < length; i++)
            text[i] = pieces[rw_random_below(&random, sizeof pieces - 1)];
        text[length] = '\0';
        struct rw_diag *diag = rw_diag_new(20);
        struct rw_source *source, *table;
        struct rw_machine *machine = read_att(text, NULL, diag, &source, &table);
        cr_assert_eq(machine == NULL, !rw_diag_empty(diag));
        rw_machine_free(machine);
        rw_diag_free(diag);
        rw_source_free(source);
    }
}

Test(att, the_format_is_that_of_the_suffix)
{
    cr_assert_not_null(rw_format_of("folder.x/a.att"));
    cr_assert_not_null(rw_format_of("a.fst.txt"));
    cr_assert_null(rw_format_of("a.yaml"));
    cr_assert_null(rw_format_of(".att"));
}
