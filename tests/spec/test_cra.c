/* kind: cra - what is wrong with updates is said at its column; what is right is written and read again. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../automata/random_cra.h"

#include "base/memory.h"
#include "spec/spec.h"

static struct rw_machine *read_text(const char *text, struct rw_diag *diag, struct rw_source **source)
{
    struct rw_limits limits = rw_limits_standard();
    *source = rw_source_text("test.yaml", text, strlen(text));
    return rw_spec_read(*source, &limits, diag);
}

/* The machine of a spec without mistakes. */
static struct rw_machine *expect_good(const char *text)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    struct rw_machine *machine = read_text(text, diag, &source);
    if (machine == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(machine, "%s", text);
    rw_diag_free(diag);
    rw_source_free(source);
    return machine;
}

static slong value_of(const struct rw_machine *machine, const uint32_t *symbols, size_t length)
{
    fmpq_t value;
    fmpq_init(value);
    rw_machine_value(machine, symbols, length, value);
    slong number = fmpz_get_si(fmpq_numref(value));
    fmpq_clear(value);
    return number;
}

#define HEAD          "rnnwit: 1\nkind: cra\nalphabet: [a, b]\nregisters: {x: 0, best: 1}\n"
#define WITH(updates) HEAD "updates:\n  a: " updates "\n  b: []\noutput: x\n"

/* Brackets, block lists and quotes; x becomes 4 by the letter a in all of them. */
static const char *const good[] = {
    WITH("[x = 4]"),
    WITH("[x = max(best, 4)]"),
    WITH("[ x=max( best , 4 ) ]"),
    WITH("[best = 7, x = max(best, 4), ]"),
    WITH("[\"x = 3 + max(best, x)\"]"),
    WITH("['x = max(x, 2*best) + best + 1']"),
    WITH("\n    - x = best + max(x, best + best + 1)"),
    WITH("\n    - x = max(x,\n        4)"),
    WITH("\n    - x = max(1, 0 + 0*x) + 003*best"),
};

Test(cra_spec, good_ones_read)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct rw_machine *machine = expect_good(good[i]);
        cr_assert_str_eq(machine->kind->name, "cra");
        cr_assert_eq(value_of(machine, NULL, 0), 0);
        cr_assert_eq(value_of(machine, (const uint32_t[]){0}, 1), 4, "%s", good[i]);
        cr_assert_eq(value_of(machine, (const uint32_t[]){0, 1}, 2), 4, "%s", good[i]);
        rw_machine_free(machine);
    }
}

static const struct {
    const char *text;
    size_t line, column;
    const char *part;
} problems[] = {
    /* registers */
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: {x: -1}\nupdates: {a: []}\noutput: x\n", 4, 16, "natural"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: {x: 1/2}\nupdates: {a: []}\noutput: x\n", 4, 16, "natural"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: {max: 0}\nupdates: {a: []}\noutput: 1\n", 4, 13, "max"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: {x-y: 0}\nupdates: {a: []}\noutput: 1\n", 4, 13, "letters"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: {}\nupdates: {a: []}\noutput: 1\n", 4, 12, "at least one"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nregisters: [x]\nupdates: {a: []}\noutput: 1\n", 4, 12, "a mapping"},
    {"rnnwit: 1\nkind: cra\nalphabet: [a]\nupdates: {a: []}\noutput: 1\n", 1, 1, "registers"},
    /* letters */
    {HEAD "updates:\n  a: []\noutput: x\n", 6, 3, "'b' has no updates"},
    {HEAD "updates:\n  a: []\n  b:\noutput: x\n", 7, 5, "a list of updates"},
    {HEAD "updates:\n  a: []\n  b: []\n  c: []\noutput: x\n", 8, 3, "not in the alphabet"},
    /* updates */
    {WITH("[y = x]"), 6, 7, "'y' is not declared"},
    {WITH("[x = bets + 1]"), 6, 11, "did you mean 'best'?"},
    {WITH("[x = x + 1, best = max(best, bets)]"), 6, 35, "did you mean 'best'?"},
    {WITH("['x = x + bets']"), 6, 16, "did you mean 'best'?"},
    {WITH("[x = x - 1]"), 6, 13, "no minus"},
    {WITH("[x = -1]"), 6, 11, "no minus"},
    {WITH("[x = 1.5]"), 6, 12, "no fractions"},
    {WITH("[x = 1/2]"), 6, 12, "no fractions"},
    {WITH("[x = max(x, 1) + max(best, 2)]"), 6, 23, "one max"},
    {WITH("[x = max(x, max(best, 2))]"), 6, 18, "one max"},
    {WITH("[x = max(x, best, 2)]"), 6, 22, "two sums"},
    {WITH("[x = max(x)]"), 6, 16, "','"},
    {WITH("[x = max x]"), 6, 15, "'('"},
    {WITH("[x = 2*max(x, 1)]"), 6, 13, "not multiplied"},
    {WITH("[x = 2x]"), 6, 12, "'*'"},
    {WITH("[x = x*best]"), 6, 12, "2*x"},
    {WITH("[x = 2*3]"), 6, 13, "a register after '*'"},
    {WITH("[x = 1, best = 2, x = 3]"), 6, 24, "updated twice"},
    {WITH("[x = 1 best]"), 6, 13, "the end of the update"},
    {WITH("[x = x +]"), 6, 14, "found the end"},
    {WITH("[x =]"), 6, 10, "found the end"},
    {WITH("[x]"), 6, 8, "'='"},
    {WITH("[x += 1]"), 6, 9, "'='"},
    {WITH("[= 1]"), 6, 7, "the register that is updated"},
    {WITH("[x = max(x, 1]"), 6, 19, "')'"},
    {WITH("[x = max(x, best = 1]"), 6, 16, "found the end"},
    {WITH("[[x, 1]]"), 6, 7, "an update"},
    {WITH("[x = \xc3\xa9]"), 6, 11, "\xc3\xa9"},
    {WITH("\n    - x = max(x,\n        bets)"), 7, 7, "did you mean 'best'?"},
    /* output */
    {HEAD "updates: {a: [], b: []}\noutput: x + 2*bets\n", 6, 15, "did you mean 'best'?"},
    {HEAD "updates: {a: [], b: []}\noutput: max(x, best)\n", 6, 9, "without max"},
    {HEAD "updates: {a: [], b: []}\noutput: x y\n", 6, 11, "the end of the sum"},
    {HEAD "updates: {a: [], b: []}\noutput: [x]\n", 6, 9, "a sum of registers"},
    {HEAD "updates: {a: [], b: []}\n", 1, 1, "output"},
};

/* Whether exactly one problem is there: at the place, with `part` in its message or hint. */
static bool is_the_problem(const char *text, size_t line, size_t column, const char *part)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    cr_assert_null(read_text(text, diag, &source), "read: %s", text);
    struct rw_problem_view view = rw_diag_view(diag, 0);
    bool found = rw_diag_kept(diag) == 1 && view.span.line == line && view.span.column == column &&
                 (strstr(view.message, part) != NULL || (view.hint != NULL && strstr(view.hint, part) != NULL));
    if (!found) {
        fprintf(stderr, "not only '%s' at %zu:%zu of\n%s", part, line, column, text);
        rw_diag_print(diag, stderr);
    }
    rw_diag_free(diag);
    rw_source_free(source);
    return found;
}

Test(cra_spec, each_problem_is_said_where_it_is_and_nothing_else)
{
    size_t missing = 0;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        missing += !is_the_problem(problems[i].text, problems[i].line, problems[i].column, problems[i].part);
    cr_assert_eq(missing, 0);
}

Test(cra_spec, all_problems_come_in_one_pass)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    cr_assert_null(read_text("rnnwit: 1\nkind: cra\nalphabet: [a, b]\nregisters: {x: -1}\nupdates:\n"
                             "  a: [x = y + z, x = 2]\n  c: []\noutput: w\n",
                             diag, &source));
    cr_assert_eq(rw_diag_kept(diag), 7);
    rw_diag_free(diag);
    rw_source_free(source);
}

Test(cra_spec, too_many_registers_reach_the_limit)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(50);
    const char *text = WITH("[x = 4]");
    struct rw_source *source = rw_source_text("test.yaml", text, strlen(text));
    limits.registers = 1;
    cr_assert_null(rw_spec_read(source, &limits, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_clear(diag);
    limits.registers = 2;
    limits.number_digits = 1;
    rw_source_free(source);
    text = WITH("[x = 44]");
    source = rw_source_text("test.yaml", text, strlen(text));
    cr_assert_null(rw_spec_read(source, &limits, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
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

Test(cra_spec, random_ones_are_read_as_they_were_written)
{
    struct rw_random random = rw_random_seed(42);
    for (int round = 0; round < 100; round++) {
        size_t registers = 1 + rw_random_below(&random, 4);
        struct rw_alphabet *alphabet = rw_alphabet_new();
        rw_alphabet_add(alphabet, "a");
        rw_alphabet_add(alphabet, "y");
        struct rw_cra *cra = random_cra(&random, registers, 2);
        for (size_t i = 0; i < registers; i++) {
            free(cra->names[i]);
            cra->names[i] = rw_strdup((const char *[]){"x", "y", "no", "_1"}[i]);
        }
        struct rw_machine *machine = rw_machine_new(&rw_cra_kind, cra, alphabet, "random", "");
        char *first = written(machine);
        struct rw_machine *again = expect_good(first);
        char *second = written(again);
        cr_assert_str_eq(first, second);
        for (int word = 0; word < 5; word++) {
            uint32_t symbols[6];
            for (size_t i = 0; i < 6; i++)
                symbols[i] = (uint32_t)rw_random_below(&random, 2);
            cr_assert_eq(value_of(machine, symbols, 6), value_of(again, symbols, 6));
        }
        free(first);
        free(second);
        rw_machine_free(machine);
        rw_machine_free(again);
    }
}
