/* Reading formulas: how operators bind, what is wrong is said where it is, and what is written reads back. */
#include "formulas.h"

static const struct rw_problem_kind *const boolean = &rw_problem_boolean_formula;
static const struct rw_problem_kind *const arithmetic = &rw_problem_arithmetic_formula;

#define BOOLEAN    false
#define ARITHMETIC true

static const struct {
    bool kind;
    const char *text;
    size_t line, column;
    const char *part;
} problems[] = {
    /* syntax */
    {BOOLEAN, "formula: x & \nassignment: {x: 1}\n", 1, 13, "the end"},
    {BOOLEAN, "formula: x & | x\nassignment: {x: 1}\n", 1, 14, "expected a variable"},
    {BOOLEAN, "formula: x && x\nassignment: {x: 1}\n", 1, 13, "found '&'"},
    {BOOLEAN, "formula: x && x\nassignment: {x: 1}\n", 1, 13, "the operators are"},
    {BOOLEAN, "formula: x and x\nassignment: {x: 1}\n", 1, 12, "found 'and'"},
    {BOOLEAN, "formula: x + x\nassignment: {x: 1}\n", 1, 12, "found '+'"},
    {BOOLEAN, "formula: (x | (x & x)\nassignment: {x: 1}\n", 1, 22, "')'"},
    {BOOLEAN, "formula: x | x) & x\nassignment: {x: 1}\n", 1, 15, "no '(' is open"},
    {BOOLEAN, "formula: \"!x)\"\nassignment: {x: 1}\n", 1, 13, "')'"},
    {BOOLEAN, "formula: x \xe2\x88\xa7 x)\nassignment: {x: 1}\n", 1, 12, "found '\xe2\x88\xa7'"},
    {BOOLEAN, "formula: x & 2\nassignment: {x: 1}\n", 1, 14, "found '2'"},
    {BOOLEAN, "formula: ()\n", 1, 11, "found ')'"},
    {BOOLEAN, "formula: \"\"\n", 1, 11, "the end"},
    {ARITHMETIC, "formula: x + 10\nassignment: {x: 1}\n", 1, 14, "found '10'"},
    {ARITHMETIC, "formula: x / x\nassignment: {x: 1}\n", 1, 12, "found '/'"},
    {ARITHMETIC, "formula: x * -\nassignment: {x: 1}\n", 1, 15, "the end"},
    /* names and values */
    {BOOLEAN, "formula: alpha & alhpa\nassignment: {alpha: 1}\n", 1, 18, "'alpha'"},
    {BOOLEAN, "formula: x & yy\nassignment: {x: 1}\n", 1, 14, "has no value"},
    {BOOLEAN, "formula: alpha\nassignment: {alpha: 1, alpka: 0}\n", 2, 24, "did you mean 'alpha'"},
    {BOOLEAN, "formula: x\nassignment: {x: 2}\n", 2, 17, "true"},
    {BOOLEAN, "formula: x\nassignment: {x: -1}\n", 2, 17, "true"},
    {ARITHMETIC, "formula: x\nassignment: {x: 2}\n", 2, 17, "-1"},
    {ARITHMETIC, "formula: x\nassignment: {x: true}\n", 2, 17, "-1"},
    {BOOLEAN, "formula: x\nassignment: [x]\n", 2, 13, "mapping"},
    {BOOLEAN, "formula: x\n", 1, 1, "'assignment' is missing"},
    {BOOLEAN, "assignment: {x: 1}\n", 1, 1, "'formula' is missing"},
    {BOOLEAN, "formula: [x]\nassignment: {x: 1}\n", 1, 10, "a formula"},
    {BOOLEAN, "formula: !x\nassignment: {x: 1}\n", 1, 10, "quotes"},
    /* both mistakes of a file at once */
    {BOOLEAN, "formula: x & & x\nassignment: {x: maybe}\n", 2, 17, "true"},
};

static bool has_problem(size_t number)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    void *instance =
        read_instance(problems[number].kind ? arithmetic : boolean, problems[number].text, &limits, diag, &source);
    bool found = false;
    for (size_t i = 0; i < rw_diag_kept(diag) && !found; i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        const char *part = problems[number].part;
        found = view.span.line == problems[number].line && view.span.column == problems[number].column &&
                (strstr(view.message, part) != NULL || (view.hint != NULL && strstr(view.hint, part) != NULL));
    }
    if (!found)
        rw_diag_print(diag, stderr);
    if (instance != NULL)
        (problems[number].kind ? arithmetic : boolean)->free_instance(instance);
    rw_diag_free(diag);
    rw_source_free(source);
    return found && instance == NULL;
}

Test(formula, each_problem_is_said_where_it_is)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        cr_expect(has_problem(i), "%zu: '%s' at %zu:%zu of\n%s", i, problems[i].part, problems[i].line,
                  problems[i].column, problems[i].text);
}

/* The same formula with and without parentheses. */
static const struct {
    bool kind;
    const char *bare, *bound;
} bindings[] = {
    {BOOLEAN, "x | y & z", "x | (y & z)"},
    {BOOLEAN, "x ^ y & z", "x ^ (y & z)"},
    {BOOLEAN, "x | y ^ z", "x | (y ^ z)"},
    {BOOLEAN, "x -> y | z", "x -> (y | z)"},
    {BOOLEAN, "x -> y -> z", "x -> (y -> z)"},
    {BOOLEAN, "x -> y -> z -> x", "x -> (y -> (z -> x))"},
    {BOOLEAN, "!x & y", "(!x) & y"},
    {BOOLEAN, "~!~x & y", "!x & y"},
    {BOOLEAN, "!!x & y", "x & y"},
    {BOOLEAN, "~!!~x -> !~y", "x -> y"},
    {BOOLEAN, "x&y|z->true", "((x & y) | z) -> 1"},
    {BOOLEAN, "x ^ y ^ z ^ x ^ false", "(((x ^ y) ^ z) ^ x) ^ 0"},
    {ARITHMETIC, "x - y - z", "(x - y) - z"},
    {ARITHMETIC, "x - y + z", "(x - y) + z"},
    {ARITHMETIC, "x - y * z", "x - (y * z)"},
    {ARITHMETIC, "-x * y - -z", "((-x) * y) + z"},
    {ARITHMETIC, "- - -x+y*z*x", "(y * (z * x)) - x"},
    {ARITHMETIC, "--x + y", "x + y"},
    {ARITHMETIC, "x - - -y * ----z", "x - (y * z)"},
};

/* The direct answer and the machine's, which must agree. */
static int64_t answer(const struct rw_problem_kind *kind, const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    void *instance = read_good(kind, text);
    struct rw_machine *machine = NULL;
    struct rw_word word;
    fmpq_t value;
    fmpq_init(value);
    rw_word_init(&word);
    int64_t direct = solved(kind, instance);
    cr_assert(kind->reduce(instance, &limits, NULL, &machine, &word));
    rw_machine_value(machine, word.symbols, word.length, value);
    cr_expect_eq(fmpq_cmp_si(value, direct), 0, "%s", text);
    fmpq_clear(value);
    rw_machine_free(machine);
    rw_word_clear(&word);
    kind->free_instance(instance);
    return direct;
}

Test(formula, operators_bind_as_they_should)
{
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
        const struct rw_problem_kind *kind = bindings[i].kind ? arithmetic : boolean;
        int least = bindings[i].kind ? -1 : 0;
        for (int x = least; x <= 1; x++)
            for (int y = least; y <= 1; y++)
                for (int z = least; z <= 1; z++) {
                    int64_t values[2];
                    for (int k = 0; k < 2; k++) {
                        /* each variable occurs, whatever the formula */
                        const char *part = k == 0 ? bindings[i].bare : bindings[i].bound;
                        char *whole = bindings[i].kind ? rw_format("0 * x * y * z + (%s)", part)
                                                       : rw_format("0 & x & y & z | (%s)", part);
                        char *text = rw_format("formula: \"%s\"\nassignment: {x: %d, y: %d, z: %d}\n", whole, x, y, z);
                        values[k] = answer(kind, text);
                        free(text);
                        free(whole);
                    }
                    cr_expect_eq(values[0], values[1], "%s at %d %d %d", bindings[i].bare, x, y, z);
                }
    }
}

/* Parentheses to a depth. */
static char *nested(size_t depth)
{
    char *text = rw_alloc(2 * depth + 32, 1);
    strcpy(text, "formula: ");
    memset(text + strlen(text), '(', depth);
    strcat(text, "1");
    memset(text + strlen(text), ')', depth);
    strcat(text, "\n");
    return text;
}

static int code_of(const struct rw_problem_kind *kind, const char *text, const struct rw_limits *limits,
                   const char *limit)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    struct rw_machine *machine = NULL;
    struct rw_word word;
    rw_word_init(&word);
    void *instance = read_instance(kind, text, limits, diag, &source);
    if (instance != NULL) {
        cr_expect_eq(kind->reduce(instance, limits, diag, &machine, &word), machine != NULL);
        kind->free_instance(instance);
    }
    int code = rw_diag_exit_code(diag);
    if (code == 3)
        cr_expect_str_eq(rw_diag_view(diag, 0).limit, limit);
    rw_machine_free(machine);
    rw_word_clear(&word);
    rw_diag_free(diag);
    rw_source_free(source);
    return code;
}

Test(formula, nesting_is_limited)
{
    struct rw_limits limits = rw_limits_standard();
    limits.depth = 10;
    char *fits = nested(9), *over = nested(11), *far = nested(100000);
    cr_expect_eq(code_of(boolean, fits, &limits, ""), 0);
    cr_expect_eq(code_of(boolean, over, &limits, "depth"), 3);
    cr_expect_eq(code_of(arithmetic, over, &limits, "depth"), 3);
    limits.depth = UINT64_MAX;
    cr_expect_eq(code_of(arithmetic, far, &limits, "depth"), 3);
    free(fits);
    free(over);
    free(far);
}

/* "formula: x SIGN x SIGN x ..." */
static char *long_chain(const char *sign, size_t count)
{
    char *text = rw_alloc(count * (strlen(sign) + 1) + 64, 1), *end = text;
    end += sprintf(end, "formula: x");
    for (size_t i = 1; i < count; i++)
        end += sprintf(end, "%sx", sign);
    sprintf(end, "\nassignment: {x: 1}\n");
    return text;
}

Test(formula, words_are_limited)
{
    struct rw_limits limits = rw_limits_standard();
    limits.word_length = 63;
    cr_expect_eq(code_of(boolean, "formula: ((1&1)&(1&1))&((1&1)&(1&1))\n", &limits, "word-length"), 3);
    cr_expect_eq(code_of(arithmetic, "formula: (1*1)*(1*1)\n", &limits, "word-length"), 3);
    cr_expect_eq(code_of(boolean, "formula: (1&1)&(1&1)\n", &limits, ""), 0);
    cr_expect_eq(code_of(arithmetic, "formula: 1*1+1+1+1\n", &limits, ""), 0);
    static const char *const signs[] = {"&", "|", "^", "->", "+", "-", "*"};
    for (size_t i = 0; i < 7; i++) {
        char *text = long_chain(signs[i], 100000);
        cr_expect_eq(code_of(i < 4 ? boolean : arithmetic, text, &limits, "word-length"), 3, "%s", signs[i]);
        free(text);
    }
}

Test(formula, long_chains_become_short_words)
{
    static const struct {
        const char *sign;
        int64_t value;
    } chains[] = {{"&", 1}, {"|", 1}, {"^", 0}, {"->", 1}, {"+", 64}, {"-", -62}, {"*", 1}};
    for (size_t i = 0; i < 7; i++) {
        char *text = long_chain(chains[i].sign, i == 2 ? 16 : 64);
        cr_expect_eq(answer(i < 4 ? boolean : arithmetic, text), chains[i].value, "%s", chains[i].sign);
        free(text);
    }
}

static char *written(const struct rw_problem_kind *kind, const void *instance)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    kind->write(instance, out);
    fclose(out);
    return text;
}

static const struct {
    bool kind;
    const char *text;
} instances[] = {
    {BOOLEAN, "formula: (x & !y) | z\nassignment: {x: true, y: false, z: 1}\n"},
    {BOOLEAN, "formula: \"!y\"\nassignment: {y: false}\n"},
    {BOOLEAN, "formula: \"~ null -> no\"\nassignment: {null: 0, no: 1}\n"},
    {BOOLEAN, "formula: >\n  a &\n  b\nassignment: {a: 1, b: true}\n"},
    {BOOLEAN, "formula: |\n  a &\n  b\nassignment: {b: 1, a: 0}\n"},
    {BOOLEAN, "formula: true\n"},
    {ARITHMETIC, "formula: (x + y) * (z - 1) * x\nassignment: {x: 1, y: 0, z: -1}\n"},
    {ARITHMETIC, "formula: -1\nassignment: {}\n"},
};

Test(formula, what_is_written_reads_back)
{
    for (size_t i = 0; i < sizeof instances / sizeof *instances; i++) {
        const struct rw_problem_kind *kind = instances[i].kind ? arithmetic : boolean;
        void *first = read_good(kind, instances[i].text);
        char *once = written(kind, first);
        void *second = read_good(kind, once);
        char *twice = written(kind, second);
        cr_expect_str_eq(once, twice);
        cr_expect_eq(answer(kind, instances[i].text), answer(kind, once), "%s", once);
        free(once);
        free(twice);
        kind->free_instance(first);
        kind->free_instance(second);
    }
}
