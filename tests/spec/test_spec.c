/* Reading specs: what is wrong is said where it is; what is right can be written and read again. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"

#include "base/memory.h"

#define DFA                                                                                                            \
    "rnnwit: 1\nkind: dfa\nalphabet: [a, b]\nstates: [p, q]\ninitial: p\naccepting: [q]\ntransitions:\n"               \
    "  p: {a: q, b: p}\n  q: {a: p, b: q}\n"

Test(spec, a_dfa_reads)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    struct rw_machine *machine = read_text(DFA, diag, &source);
    cr_assert_not_null(machine);
    cr_assert_str_eq(machine->kind->name, "dfa");
    cr_assert_str_eq(machine->name, "test");
    cr_assert(rw_diag_empty(diag));
    rw_machine_free(machine);
    rw_diag_free(diag);
    rw_source_free(source);
}

static const struct {
    const char *text;
    size_t line, column;
    const char *part;
} problems[] = {
    /* the file as a whole */
    {"", 0, 0, ""},
    {"- a\n", 1, 1, "a mapping"},
    {"rnnwit: 2\nkind: dfa\nalphabet: [a]\n", 1, 9, "1"},
    {"rnnwit: 1\nkind: dfx\nalphabet: [a]\n", 2, 7, "dfa"},
    {"rnnwit: 1\nkind: problm\nproblem: connectivity\n", 2, 7, "did you mean 'problem'?"},
    {"rnnwit: 1\nkind: problem\nproblem: connectivity\n", 2, 7, "an automaton is wanted here"},
    {"rnnwit: 1\nkind: xyzzy\nalphabet: [a]\n", 2, 7, "matrix-product, problem"},
    {"rnnwit: 1\nkind: dfa\nkind: dfa\nalphabet: [a]\n", 3, 1, "kind"},
    {"rnnwit: 1\nkind: dfa\nalphabet: [a\n", 4, 1, ""},
    /* alphabets */
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b, a]\npattern: a\n", 3, 18, "a"},
    {"rnnwit: 1\nkind: regex\nalphabet: []\npattern: a\n", 3, 11, ""},
    {"rnnwit: 1\nkind: regex\nalphabet: [\"a b\"]\npattern: a\n", 3, 12, "blank"},
    /* keys */
    {DFA "acepting: [p]\n", 10, 1, "accepting"},
    {DFA "missing: accept\n", 10, 10, "reject"},
    /* states */
    {"rnnwit: 1\nkind: dfa\nalphabet: [a]\nstates: [one, two]\ninitial: oen\naccepting: [two]\ntransitions:\n  one: "
     "{a: two}\n  two: {a: "
     "two}\n",
     5, 10, "one"},
    {"rnnwit: 1\nkind: dfa\nalphabet: [a]\nstates: [p]\ninitial: p\naccepting: [p]\ntransitions:\n  p: {a: r}\n", 8, 10,
     "r"},
    {"rnnwit: 1\nkind: dfa\nalphabet: [a]\nstates: [p]\ninitial: p\naccepting: [p]\ntransitions:\n  p: {c: p}\n", 8, 7,
     "c"},
    {"rnnwit: 1\nkind: dfa\nalphabet: [a, b]\nstates: [p]\ninitial: p\naccepting: [p]\ntransitions:\n  p: {a: p}\n", 8,
     3, "b"},
    /* regular expressions: the column of the construct inside the scalar */
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: a(b\n", 4, 11, ""},
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: (a)\\1\n", 4, 13, ""},
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: '(?=a)b'\n", 4, 11, ""},
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: a*+b\n", 4, 11, "possessive"},
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: a^b\n", 4, 11, ""},
    {"rnnwit: 1\nkind: regex\nalphabet: [a, b]\npattern: ac\n", 4, 11, "c"},
    /* weights */
    {"rnnwit: 1\nkind: wfa\nalphabet: [a]\nsemiring: natural\nstates: [p]\ninitial: {p: 1}\nfinal: {p: "
     "-1}\ntransitions:\n  - [p, a, p, 1]\n",
     7, 12, "natural"},
    {"rnnwit: 1\nkind: wfa\nalphabet: [a]\nsemiring: integer\nstates: [p]\ninitial: {p: 1}\nfinal: {p: "
     "1}\ntransitions:\n  - [p, a, p, 1/2]\n",
     9, 15, "integer"},
    {"rnnwit: 1\nkind: wfa\nalphabet: [a]\nstates: [p]\ninitial: {p: 1}\nfinal: {p: 1}\ntransitions:\n  - [p, a, p, "
     "1/0]\n",
     8, 15, ""},
    {"rnnwit: 1\nkind: wfa\nalphabet: [a]\nstates: [p]\ninitial: {p: 1}\nfinal: {p: 1}\ntransitions:\n  - [p, a, p]\n",
     8, 5, "weight"},
    /* counter machines */
    {"rnnwit: 1\nkind: counter\nalphabet: [a]\ncounters: [n]\nstates: [s]\ninitial: s\naccepting: [s]\ntransitions:\n"
     "  - {from: s, read: a, to: s, add: {n: 1}}\n  - {from: s, read: a, to: s, when: {n: zero}}\n",
     10, 5, ""},
    {"rnnwit: 1\nkind: counter\nalphabet: [a]\ncounters: [n]\nstates: [s]\ninitial: s\naccepting: [s]\ntransitions:\n"
     "  - {from: s, read: a, to: s, when: {n: zero}}\n",
     9, 3, "missing: reject"},
    {"rnnwit: 1\nkind: counter\nalphabet: [a]\ncounters: [n]\nrange: natural\nstates: [s]\ninitial: s\naccepting: "
     "[s]\ntransitions:\n"
     "  - {from: s, read: a, to: s, add: {n: -1}}\n",
     10, 40, ""},
    /* matrix products */
    {"rnnwit: 1\nkind: matrix-product\nalphabet: [0, x]\ndimension: 3\n", 3, 11, "not a number"},
    {"rnnwit: 1\nkind: matrix-product\nalphabet: [0, 1]\ndimension: 3\nentry: [0, 3]\n", 5, 12, "0 to 2"},
};

Test(spec, each_problem_is_said_where_it_is)
{
    size_t missing = 0;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        missing += !has_problem(problems[i].text, problems[i].line, problems[i].column, problems[i].part);
    cr_assert_eq(missing, 0);
}

Test(spec, all_problems_of_a_file_come_in_one_pass)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    const char *text =
        "rnnwit: 1\nkind: dfa\nalphabet: [a, b]\nstates: [p, q]\ninitial: x\naccepting: [y]\ntransitions:\n"
        "  p: {a: z, c: p}\n  q: {a: p, b: q}\nsemiring: natural\n";
    cr_assert_null(read_text(text, diag, &source));
    cr_assert_geq(rw_diag_count(diag), 5);
    rw_diag_free(diag);
    rw_source_free(source);
}

static char *written(const struct rw_machine *machine)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    cr_assert(rw_spec_write(machine, out));
    fclose(out);
    return text;
}

/* What is written reads to a machine that is written alike and gives all short words the same value. */
static void expect_round_trip(const char *path)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source = rw_source_read(path, limits.file_bytes, diag), *again_source;
    struct rw_machine *machine = rw_spec_read(source, &limits, diag);
    cr_assert_not_null(machine, "%s", path);
    char *text = written(machine);
    struct rw_machine *again = read_text(text, diag, &again_source);
    if (again == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(again, "%s: what was written does not read:\n%s", path, text);
    char *text_again = written(again);
    cr_assert_str_eq(text, text_again);
    uint32_t symbols = (uint32_t)rw_alphabet_size(machine->alphabet), word[6];
    fmpq_t value, value_again;
    fmpq_init(value);
    fmpq_init(value_again);
    for (uint32_t number = 0; number < 300; number++) {
        for (uint32_t i = 0, rest = number; i < 6; i++, rest /= symbols)
            word[i] = rest % symbols;
        rw_machine_value(machine, word, number % 7, value);
        rw_machine_value(again, word, number % 7, value_again);
        cr_assert(fmpq_equal(value, value_again), "%s", path);
    }
    fmpq_clear(value);
    fmpq_clear(value_again);
    free(text);
    free(text_again);
    rw_machine_free(machine);
    rw_machine_free(again);
    rw_source_free(source);
    rw_source_free(again_source);
    rw_diag_free(diag);
}

Test(spec, every_spec_of_the_library_is_written_as_it_was_read)
{
    const char *root = getenv("SPECS");
    static const char *const folders[] = {"dfa", "nfa", "regex", "wfa", "counter", "cra", "matrix-product"};
    size_t count = 0;
    for (size_t f = 0; root != NULL && f < sizeof folders / sizeof *folders; f++) {
        char *folder = rw_format("%s/%s", root, folders[f]);
        DIR *directory = opendir(folder);
        cr_assert_not_null(directory, "%s", folder);
        for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
            if (strstr(entry->d_name, ".yaml") == NULL)
                continue;
            char *path = rw_format("%s/%s", folder, entry->d_name);
            expect_round_trip(path);
            free(path);
            count++;
        }
        closedir(directory);
        free(folder);
    }
    cr_assert(root == NULL || count > 40, "%zu specs", count);
}

Test(spec, an_alias_bomb_reaches_the_limit)
{
    struct rw_limits limits = rw_limits_standard();
    limits.nodes = 1000;
    const char *text = "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                       "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n";
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source = rw_source_text("bomb.yaml", text, strlen(text));
    cr_assert_null(rw_spec_read(source, &limits, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(spec, deep_nesting_reaches_the_limit)
{
    char text[4096];
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    cr_assert_null(read_text(text, diag, &source));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_free(diag);
    rw_source_free(source);
}
