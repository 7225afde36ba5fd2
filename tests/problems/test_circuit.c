/* Circuit value: the word of the two-stack machine, the direct solver and a third evaluation agree; what is wrong in a netlist is said where it
 * is. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "reductions/problems/circuit_machine.h"
#include "reductions/problems/problem.h"
#include "reductions/witness/witness.h"
#include "rnn/run.h"
#include "spec/header.h"

extern const struct rw_problem_kind rw_problem_circuit;
static const struct rw_problem_kind *const kind = &rw_problem_circuit;

#define HEAD "rnnwit: 1\nkind: problem\nproblem: circuit\n"
#define LIST HEAD "netlist: |\n"

/* The instance of a text, or NULL. */
static void *read_text(const struct rw_source *source, struct rw_diag *diag)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_spec_file file;
    void *instance = rw_spec_open(&file, source, &limits, diag) ? kind->read(&file.reader) : NULL;
    rw_spec_close(&file);
    return instance;
}

static void *read_good(const char *text)
{
    struct rw_source *source = rw_source_text("circuit.yaml", text, strlen(text));
    struct rw_diag *diag = rw_diag_new(5);
    void *instance = read_text(source, diag);
    if (instance == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(instance, "%s", text);
    cr_assert(rw_diag_empty(diag));
    rw_diag_free(diag);
    rw_source_free(source);
    return instance;
}

static bool solved(const void *instance)
{
    fmpq_t answer;
    fmpq_init(answer);
    kind->solve(instance, answer);
    bool yes = fmpq_is_one(answer);
    cr_assert(yes || fmpq_is_zero(answer));
    fmpq_clear(answer);
    return yes;
}

struct reduction {
    struct rw_machine *machine;
    struct rw_word word;
};

static struct reduction reduce(const void *instance)
{
    struct rw_limits limits = rw_limits_standard();
    struct reduction made = {0};
    rw_word_init(&made.word);
    cr_assert(kind->reduce(instance, &limits, NULL, &made.machine, &made.word));
    return made;
}

static void forget(struct reduction *made)
{
    rw_machine_free(made->machine);
    rw_word_clear(&made->word);
}

static bool accepted(const struct reduction *made)
{
    fmpq_t value;
    fmpq_init(value);
    rw_machine_value(made->machine, made->word.symbols, made->word.length, value);
    bool yes = fmpq_is_one(value);
    fmpq_clear(value);
    return yes;
}

/* The answer; by both ways, which must agree. */
static bool answer_of(const char *text)
{
    void *instance = read_good(text);
    struct reduction made = reduce(instance);
    bool yes = solved(instance);
    cr_assert_eq(accepted(&made), yes, "%s", text);
    forget(&made);
    kind->free_instance(instance);
    return yes;
}

static char *written(const void *instance)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs(HEAD, out);
    kind->write(instance, out);
    fclose(out);
    return text;
}

static void expect_same_after_writing(const char *text)
{
    void *instance = read_good(text);
    char *once = written(instance);
    void *again = read_good(once);
    char *twice = written(again);
    struct reduction a = reduce(instance), b = reduce(again);
    cr_assert_str_eq(once, twice);
    cr_assert_eq(solved(instance), solved(again));
    cr_assert_eq(a.word.length, b.word.length);
    cr_assert_eq(memcmp(a.word.symbols, b.word.symbols, a.word.length * sizeof *a.word.symbols), 0);
    forget(&a);
    forget(&b);
    free(once);
    free(twice);
    kind->free_instance(instance);
    kind->free_instance(again);
}

/* --- the library --- */

/* A file below SPECS, or below the specs/ of the tree that this file stands in. */
static struct rw_source *library(const char *name)
{
    const char *specs = getenv("SPECS");
    int folder = (int)(strrchr(__FILE__, '/') - __FILE__);
    char *path =
        specs != NULL ? rw_format("%s/%s", specs, name) : rw_format("%.*s/../../specs/%s", folder, __FILE__, name);
    struct rw_source *source = rw_source_read(path, 1 << 20, NULL);
    cr_assert_not_null(source, "%s", path);
    free(path);
    return source;
}

Test(circuit, the_machine_is_the_one_of_the_library)
{
    struct rw_source *source = library("stack/circuit-value.yaml");
    cr_assert_str_eq(source->text, rw_circuit_machine_text());
    struct rw_machine *machine = rw_circuit_machine();
    cr_assert_not_null(machine);
    cr_assert_str_eq(machine->name, "circuit-value");
    const char *tokens[] = {"0", "1", "d", "u", "x", "y", "&", "|", "!"};
    for (uint32_t i = 0; i < 9; i++)
        cr_assert_str_eq(rw_alphabet_name(machine->alphabet, i), tokens[i]);
    rw_machine_free(machine);
    rw_source_free(source);
}

static bool is_sum(unsigned x)
{
    return (x & 1) != (x >> 1);
}
static bool is_carry(unsigned x)
{
    return x == 3;
}
static bool is_majority(unsigned x)
{
    return x == 3 || x >= 5;
}
static bool is_reached(unsigned x) /* su sv ut vt uv */
{
    bool su = x & 1, sv = x & 2, ut = x & 4, vt = x & 8, uv = x & 16;
    return (su && ut) || (sv && vt) || (su && uv && vt);
}
/* a3 a2 a1 a0 b3 b2 b1 b0, a3 lowest */
static unsigned turned(unsigned x)
{
    return (x & 1) << 3 | (x & 2) << 1 | (x & 4) >> 1 | (x & 8) >> 3;
}
static bool is_greater(unsigned x)
{
    return turned(x & 15) > turned(x >> 4);
}
static bool is_22(unsigned x) /* 1 2 3 6 7 */
{
    bool in1 = x & 1, in2 = x & 2, in3 = x & 4, in6 = x & 8;
    return (in1 && in3) || (in2 && !(in3 && in6));
}

static const struct {
    const char *name;
    const char *inputs[9];
    bool (*expected)(unsigned inputs);
} circuits[] = {
    {"half-adder-sum", {"a", "b"}, is_sum},
    {"half-adder-carry", {"a", "b"}, is_carry},
    {"majority-of-three", {"a", "b", "c"}, is_majority},
    {"monotone-paths", {"su", "sv", "ut", "vt", "uv"}, is_reached},
    {"comparator-4", {"a3", "a2", "a1", "a0", "b3", "b2", "b1", "b0"}, is_greater},
    {"c17", {"1", "2", "3", "6", "7"}, is_22},
    {"aiger-xor", {"a", "b"}, is_sum},
};
#define CIRCUITS (sizeof circuits / sizeof *circuits)

/* The spec with other inputs. */
static char *with_inputs(const char *text, const char *const *names, unsigned inputs)
{
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    const char *line = strstr(text, "\ninputs:");
    cr_assert_not_null(line);
    fprintf(out, "%.*s\ninputs: {", (int)(line - text), text);
    for (size_t i = 0; names[i] != NULL; i++)
        fprintf(out, "%s%s: %u", i > 0 ? ", " : "", names[i], inputs >> i & 1);
    fprintf(out, "}%s", strchr(line + 1, '\n'));
    fclose(out);
    return made;
}

Test(circuit, the_library_is_right_on_all_inputs)
{
    for (size_t i = 0; i < CIRCUITS; i++) {
        char *name = rw_format("problem/%s.yaml", circuits[i].name);
        struct rw_source *source = library(name);
        unsigned count = 0;
        while (circuits[i].inputs[count] != NULL)
            count++;
        for (unsigned inputs = 0; inputs < 1u << count; inputs++) {
            char *text = with_inputs(source->text, circuits[i].inputs, inputs);
            cr_assert_eq(answer_of(text), circuits[i].expected(inputs), "%s with inputs %u", name, inputs);
            if (inputs == 0)
                expect_same_after_writing(text);
            free(text);
        }
        expect_same_after_writing(source->text);
        rw_source_free(source);
        free(name);
    }
}

/* --- random circuits --- */

static const char *const words[] = {"AND", "NAND", "OR", "NOR", "XOR", "XNOR", "NOT", "BUFF", "gnd", "vdd"};

static bool combine(size_t word, size_t ones, size_t count)
{
    const bool values[] = {ones == count, ones != count, ones > 0,  ones == 0, ones % 2 == 1,
                           ones % 2 == 0, ones == 0,     ones == 1, false,     true};
    return values[word];
}

/* Signals s0, s1, ..., the first `inputs` of them inputs; lines in any order; the last signal is the output. */
static char *random_circuit(struct rw_random *random, size_t inputs, size_t gates, bool *expected)
{
    size_t count = inputs + gates, size;
    bool *value = rw_alloc(count, sizeof *value);
    char **lines = rw_alloc(count + 1, sizeof *lines), *text = NULL;
    for (size_t i = 0; i < count; i++) {
        FILE *line = open_memstream(lines + i, &size);
        size_t word = rw_random_below(random, 10) == 0 ? rw_random_below(random, 10) : rw_random_below(random, 8);
        size_t operands = word >= 8 ? 0 : word >= 6 ? 1 : 1 + rw_random_below(random, 4), ones = 0;
        if (i < inputs)
            fprintf(line, "INPUT(s%zu)", i);
        else
            fprintf(line, "s%zu = %s", i, words[word]);
        for (size_t k = 0; i >= inputs && k < operands; k++) {
            size_t operand = rw_random_below(random, i);
            fprintf(line, "%ss%zu%s", k == 0 ? "(" : ", ", operand, k + 1 == operands ? ")" : "");
            ones += value[operand];
        }
        value[i] = i < inputs ? rw_random_below(random, 2) : combine(word, ones, operands);
        fclose(line);
    }
    lines[count] = rw_format("OUTPUT(s%zu)", count - 1);
    *expected = value[count - 1];
    FILE *out = open_memstream(&text, &size);
    fputs(LIST, out);
    for (size_t i = count + 1; i-- > 0;) {
        size_t j = rw_random_below(random, i + 1);
        fprintf(out, "  %s\n", lines[j]);
        free(lines[j]);
        lines[j] = lines[i];
    }
    fputs("inputs: {", out);
    for (size_t i = 0; i < inputs; i++)
        fprintf(out, "%ss%zu: %s", i > 0 ? ", " : "", i, value[i] ? "true" : "0");
    fputs("}\n", out);
    fclose(out);
    free(lines);
    free(value);
    return text;
}

Test(circuit, machine_and_solver_agree_on_random_circuits)
{
    struct rw_random random = rw_random_seed(7);
    for (size_t i = 0; i < 150; i++) {
        bool expected;
        size_t gates = 1 + rw_random_below(&random, i % 10 == 0 ? 200 : 30);
        char *text = random_circuit(&random, 1 + rw_random_below(&random, 8), gates, &expected);
        cr_assert_eq(answer_of(text), expected, "%s", text);
        if (i % 10 == 1)
            expect_same_after_writing(text);
        free(text);
    }
}

static bool network_accepts(const struct rw_net *net, const struct rw_word *word)
{
    struct rw_run *run = rw_run_new(net);
    for (size_t i = 0; i < word->length; i++)
        rw_run_step(run, word->symbols[i]);
    bool accepts = rw_run_accepts(run);
    rw_run_free(run);
    return accepts;
}

Test(circuit, one_network_evaluates_random_circuits)
{
    struct rw_random random = rw_random_seed(11);
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    struct rw_machine *machine = rw_circuit_machine();
    struct rw_net *net = rw_witness_choose(machine, "mlp", NULL)->build(machine, &options, NULL);
    cr_assert_not_null(net);
    for (size_t i = 0; i < 8; i++) {
        bool expected;
        char *text = random_circuit(&random, 4, i < 6 ? 5 + i : 30 * (i - 5), &expected);
        void *instance = read_good(text);
        struct reduction made = reduce(instance);
        cr_assert_eq(network_accepts(net, &made.word), expected, "%s", text);
        forget(&made);
        kind->free_instance(instance);
        free(text);
    }
    rw_net_free(net);
    rw_machine_free(machine);
}

/* A chain in the worst order: nothing may recurse. */
Test(circuit, deep_circuits_need_no_deep_stack)
{
    enum { DEPTH = 100000 };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs(LIST "  OUTPUT(s0)\n", out);
    for (int i = 0; i < DEPTH; i++)
        fprintf(out, "  s%d = NOT(s%d)\n", i, i + 1);
    fprintf(out, "  INPUT(s%d)\ninputs: {s%d: 1}\n", DEPTH, DEPTH);
    fclose(out);
    void *instance = read_good(text);
    struct reduction made = reduce(instance);
    cr_assert(solved(instance));
    cr_assert_eq(made.word.length, 2 * DEPTH + 1);
    forget(&made);
    kind->free_instance(instance);
    free(text);
}

Test(circuit, a_long_word_is_refused_before_it_is_written)
{
    void *instance = read_good(LIST "  INPUT(a)\n  INPUT(b)\n  OUTPUT(y)\n  y = AND(a, b)\ninputs: {a: 1, b: 1}\n");
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine = NULL;
    struct rw_word word;
    rw_word_init(&word);
    struct rw_diag *diag = rw_diag_new(5);
    limits.word_length = 6;
    cr_assert_not(kind->reduce(instance, &limits, diag, &machine, &word));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    cr_assert_null(machine);
    cr_assert_eq(word.length, 0);
    limits.word_length = 7; /* 0 0 x d y u & */
    cr_assert(kind->reduce(instance, &limits, diag, &machine, &word));
    cr_assert_eq(word.length, 7);
    rw_machine_free(machine);
    rw_word_clear(&word);
    rw_diag_free(diag);
    kind->free_instance(instance);
}

/* --- forms --- */

Test(circuit, forms_of_the_text)
{
    /* lower case, blanks, comments, Windows line breaks, a quoted text, constants */
    cr_assert(answer_of(LIST "  # c\n\n   input ( a ) # c\n  Output(y)\n  y=nand( a ,a )\ninputs: {a: false}\n"));
    cr_assert(answer_of(HEAD "netlist: |\r\n  INPUT(a)\r\n  OUTPUT(y)\r\n  y = NOT(a)\r\ninputs: {a: 0}\r\n"));
    cr_assert(answer_of(HEAD "netlist: \"INPUT(a)\\nOUTPUT(y)\\ny = BUF(a)\"\ninputs: {a: 1}\n"));
    cr_assert(answer_of(LIST "  OUTPUT(y)\n  OUTPUT(y)\n  y = vdd\n"));
    cr_assert_not(answer_of(LIST "  OUTPUT(y)\n  y = AND(t, f)\n  t = VDD\n  f = gnd()\n"));
    cr_assert(answer_of(LIST "  INPUT(a)\n  OUTPUT(a)\n  OUTPUT(b)\n  b = NOT(a)\ninputs: {a: 1}\noutput: a\n"));
    cr_assert(answer_of(LIST "  INPUT(a)\n  OUTPUT(b)\n  b = OR(a)\ninputs: {a: 1}\nmonotone: true\n"));
    cr_assert(answer_of(LIST "  INPUT(y)\n  INPUT(n)\n  OUTPUT(no)\n  no = XOR(y, n)\ninputs: {y: 1, n: 0}\n"));
    expect_same_after_writing(LIST
                              "  INPUT(a.b[0])\n  OUTPUT(y)\n  y = NOT(a.b[0])\n  z = vdd\ninputs: {\"a.b[0]\": 0}\n");
}

Test(circuit, aiger)
{
    /* constants, an inverted output, an input that is the output, names, comments */
    cr_assert(answer_of(LIST "  aag 0 0 0 1 0\n  1\n"));
    cr_assert_not(answer_of(LIST "  aag 0 0 0 1 0\n  0\n"));
    cr_assert(answer_of(LIST "  aag 1 1 0 1 0\n  2\n  3\ninputs: {2: 0}\n"));
    cr_assert(answer_of(LIST "  aag 1 1 0 1 0\n  2\n  2\n  i0 a\n  o0 a\n  c\n  free text ) = (\ninputs: {a: 1}\n"));
    cr_assert(answer_of(LIST "  aag 3 2 0 2 1\n  2\n  4\n  7\n  6\n  6 4 2\n  o0 not-both\n  o1 both\n"
                             "inputs: {2: 1, 4: 0}\noutput: not-both\n"));
    /* AND gates in any order */
    cr_assert(answer_of(LIST "  aag 4 2 0 1 2\n  2\n  4\n  8\n  8 6 1\n  6 2 5\ninputs: {2: 1, 4: 0}\n"));
    expect_same_after_writing(LIST "  aag 4 2 0 1 2\n  2\n  4\n  9\n  8 6 1\n  6 2 5\n  o0 y\ninputs: {2: 1, 4: 0}\n");
}

Test(circuit, what_is_written_keeps_the_promise_to_be_monotone)
{
    static const char *const promises[] = {"monotone: true\n", "monotone: false\n", ""};
    for (size_t i = 0; i < 3; i++) {
        char *text = rw_format(LIST "  INPUT(a)\n  OUTPUT(b)\n  b = OR(a)\ninputs: {a: 1}\n%s", promises[i]);
        void *instance = read_good(text);
        char *once = written(instance);
        cr_expect_eq(strstr(once, "\nmonotone: true\n") != NULL, i == 0, "%s", once);
        expect_same_after_writing(text);
        free(once);
        kind->free_instance(instance);
        free(text);
    }
}

/* --- errors --- */

#define BODY LIST "  INPUT(a)\n  INPUT(b)\n  OUTPUT(y)\n" /* lines 4 to 7 */
#define ENDS "inputs: {a: 1, b: 0}\n"

static const struct {
    const char *text;
    size_t line, column;
    const char *part;
} problems[] = {
    {BODY "  y = NADN(a, b)\n" ENDS, 8, 7, "'NADN'"},
    {BODY "  y = NADN(a, b)\n" ENDS, 8, 7, "NAND"},
    {BODY "  y = DFF(a)\n" ENDS, 8, 7, "no memory"},
    {BODY "  y = FOO(a)\n" ENDS, 8, 7, "the gates are"},
    {BODY "  y = NOT(a, b)\n" ENDS, 8, 7, "one operand"},
    {BODY "  y = AND()\n" ENDS, 8, 7, "at least one"},
    {BODY "  y = vdd(a)\n" ENDS, 8, 7, "no operands"},
    {BODY "  y = NAND(a, carry)\n  carrz = OR(a, b)\n" ENDS, 8, 15, "not defined"},
    {BODY "  y = NAND(a, carry)\n  carrz = OR(a, b)\n" ENDS, 8, 15, "carrz"},
    {BODY "  y = NAND(a, b)\n  y = OR(a, b)\n" ENDS, 9, 3, "twice"},
    {BODY "  INPUT(a)\n  y = OR(a, b)\n" ENDS, 8, 9, "twice"},
    {BODY "  y = AND(a, u)\n  u = OR(v, b)\n  v = NOT(u)\n" ENDS, 9, 3, "through 'v'"},
    {BODY "  y = AND(a, y)\n" ENDS, 8, 3, "depends on itself"},
    {BODY "  y AND(a, b)\n" ENDS, 8, 5, "expected '='"},
    {BODY "  y = AND a, b\n" ENDS, 8, 11, "'('"},
    {BODY "  y = AND(a b)\n" ENDS, 8, 13, "',' or ')'"},
    {BODY "  y = AND(a, b\n" ENDS, 8, 15, "the line ends"},
    {BODY "  y = AND(a,, b)\n" ENDS, 8, 13, "the name of a signal"},
    {BODY "  y = AND(a, b) z\n" ENDS, 8, 17, "the end of the line"},
    {BODY "  y =\n" ENDS, 8, 6, "a gate"},
    {BODY "  INPT(z)\n  y = OR(a, b)\n" ENDS, 8, 3, "INPUT"},
    {BODY "  y = AND(a, \xc3\xa9)\n" ENDS, 8, 14, "cannot stand"},
    {LIST "  INPUT(a)\n  y = NOT(a)\ninputs: {a: 1}\n", 4, 10, "no output"},
    {LIST "  OUTPUT(yy)\n  INPUT(a)\n  yz = NOT(a)\ninputs: {a: 1}\n", 5, 10, "'yy'"},
    /* places in blocks: with an indicator, blank lines and comments first, and Windows line breaks */
    {HEAD "netlist: |4\n\n      # c\n      OUTPUT(y)\n    y = NOT(z)\n", 8, 13, "'z'"},
    {HEAD "netlist: |\r\n  OUTPUT(y)\r\n  y = NOT(z)\r\n", 6, 11, "'z'"},
    {HEAD "netlist: \"OUTPUT(y)\\ny = NOT(z)\"\n", 4, 10, "line 2 of the netlist: the signal 'z'"},
    {HEAD "netlist: INPUT(a)\n  OUTPUT(a)\n", 4, 10, "the end of the line"},
    {HEAD "netlist: [a]\n", 4, 10, "found a list"},
    {HEAD "output: y\n", 1, 1, "'netlist' is missing"},
    /* the other keys */
    {BODY "  y = AND(a, b)\n", 1, 1, "'inputs' is missing"},
    {BODY "  y = AND(a, b)\ninputs: {a: 1}\n", 9, 9, "'b' has no value"},
    {BODY "  y = AND(a, b)\ninputs: {a: 1, b: 2}\n", 9, 19, "0, 1"},
    {BODY "  y = AND(a, b)\ninputs: {a: 1, b: 0, y: 1}\n", 9, 22, "a gate, not an input"},
    {BODY "  y = AND(a, b)\ninputs: {a: 1, b: 0, c: 1}\n", 9, 22, "no input 'c'"},
    {BODY "  y = AND(a, b)\n  OUTPUT(a)\n" ENDS, 1, 1, "2 outputs"},
    {BODY "  y = AND(a, b)\n  OUTPUT(a)\n" ENDS "output: b\n", 11, 9, "no output 'b'"},
    {BODY "  y = AND(a, b)\n" ENDS "monotone: maybe\n", 10, 11, "true"},
    {BODY "  u = NOT(b)\n  y = AND(a, u)\n" ENDS "monotone: true\n", 8, 3, "NOT gate"},
    /* AIGER */
    {LIST "  aig 1 1 0 1 0\n", 5, 3, "binary"},
    {LIST "  aag 1 1 1 1 0\n", 5, 11, "latches"},
    {LIST "  aag 1 1 0\n", 5, 12, "number of outputs"},
    {LIST "  aag 1 1 0 1 0 7\n", 5, 17, "end of the line"},
    {LIST "  aag 1 1 0 1 0\n  2\n  4\ninputs: {2: 1}\n", 7, 3, "greater than 2M + 1 = 3"},
    {LIST "  aag 2 1 0 1 0\n  2\n  5\ninputs: {2: 1}\n", 7, 3, "'4' is not defined"},
    {LIST "  aag 2 1 0 1 0\n  3\n  2\ninputs: {2: 1}\n", 6, 3, "even literal"},
    {LIST "  aag 2 1 0 1 1\n  2\n  2\n  2 1 1\ninputs: {2: 1}\n", 8, 3, "twice"},
    {LIST "  aag 3 1 0 1 2\n  2\n  4\n  4 6 2\n  6 4 4\ninputs: {2: 1}\n", 8, 3, "depends on itself"},
    {LIST "  aag 3 1 0 1 2\n  2\n  4\n  4 2 2\ninputs: {2: 1}\n", 8, 8, "after 1 of 2 AND gates"},
    {LIST "  aag 1 1 0 1 0\n  2\n  2\n  i1 a\ninputs: {2: 1}\n", 8, 3, "no i1"},
    {LIST "  aag 1 1 0 1 0\n  2\n  2\n  i0 a b\ninputs: {2: 1}\n", 8, 7, "cannot stand"},
    {LIST "  aag 2 2 0 1 0\n  2\n  4\n  2\n  i0 a\n  i1 a\ninputs: {2: 1}\n", 10, 6, "twice"},
    {LIST "  aag 01 1 0 1 0\n", 5, 7, "greatest variable"},
    {LIST "  aag 1 1 0 1 0\n  2\n  3\ninputs: {2: 1}\nmonotone: true\n", 7, 3, "NOT gate"},
};

static bool has_problem(const char *text, size_t line, size_t column, const char *part, size_t *count)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source = rw_source_text("circuit.yaml", text, strlen(text));
    cr_assert_null(read_text(source, diag), "read: %s", text);
    bool found = false;
    for (size_t i = 0; i < rw_diag_kept(diag) && !found; i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        found = view.span.line == line && view.span.column == column &&
                (strstr(view.message, part) != NULL || (view.hint != NULL && strstr(view.hint, part) != NULL));
    }
    if (!found) {
        fprintf(stderr, "no problem '%s' at %zu:%zu of\n%s", part, line, column, text);
        rw_diag_print(diag, stderr);
    }
    *count = rw_diag_count(diag);
    rw_diag_free(diag);
    rw_source_free(source);
    return found;
}

Test(circuit, problems_are_told_at_their_places)
{
    size_t wrong = 0, count;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        wrong += !has_problem(problems[i].text, problems[i].line, problems[i].column, problems[i].part, &count);
    cr_assert_eq(wrong, 0);
}

Test(circuit, all_problems_come_in_one_pass)
{
    static const char text[] =
        BODY "  y = NADN(a, p)\n  b = NOT(a, b)\n  c = OR(d)\n  d = OR(c)\n  (\n  e = NOT(e)\n" ENDS;
    size_t count;
    cr_assert(has_problem(text, 8, 7, "'NADN'", &count));
    cr_assert(has_problem(text, 8, 15, "'p'", &count));
    cr_assert(has_problem(text, 9, 3, "twice", &count));
    cr_assert(has_problem(text, 9, 7, "one operand", &count));
    cr_assert(has_problem(text, 10, 3, "through 'd'", &count));
    cr_assert(has_problem(text, 12, 3, "a signal", &count));
    cr_assert(has_problem(text, 13, 3, "depends on itself", &count)); /* a second cycle */
    cr_assert_eq(count, 7);
}

Test(circuit, only_and_or_and_buff_are_monotone)
{
    static const char *const monotone[] = {"AND", "OR", "BUFF", "BUF"};
    static const char *const others[] = {"NAND", "NOR", "XOR", "XNOR", "NOT"};
    size_t count;
    for (size_t i = 0; i < 4; i++) {
        char *text =
            rw_format(LIST "  INPUT(a)\n  OUTPUT(y)\n  y = %s(a)\ninputs: {a: 1}\nmonotone: true\n", monotone[i]);
        cr_expect(answer_of(text), "%s", text);
        free(text);
    }
    for (size_t i = 0; i < 5; i++) {
        char *text =
            rw_format(LIST "  INPUT(a)\n  OUTPUT(y)\n  y = %s(a)\ninputs: {a: 1}\nmonotone: true\n", others[i]);
        char *part = rw_format("'y' is a %s gate", others[i]);
        cr_expect(has_problem(text, 7, 3, part, &count), "%s", text);
        cr_expect_eq(count, 1);
        free(part);
        free(text);
    }
}

Test(circuit, cycles_that_meet_are_told_once)
{
    size_t count;
    cr_expect(
        has_problem(LIST "  OUTPUT(a)\n  a = AND(b, c)\n  b = NOT(a)\n  c = NOT(a)\n", 6, 3, "through 'b'", &count));
    cr_expect_eq(count, 1);
}
