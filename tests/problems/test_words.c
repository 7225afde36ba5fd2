/* Word problems, matrix products and Turing machines: the automaton on the word against the direct answer and code of this test. */
#include <glob.h>
#include <inttypes.h>

#include "automata/dfa.h"
#include "base/random.h"
#include "spec/spec.h"
#include "tests/problems/instances.h"

#define HEAD    "rnnwit: 1\nkind: problem\n"
#define GROUP   HEAD "problem: word-problem\n"
#define PRODUCT HEAD "problem: matrix-product\n"
#define TURING  HEAD "problem: turing-acceptance\n"

/* --- groups --- */

static const struct {
    const char *generators;
    size_t order;
} groups[] = {
    {"{s: [2, 1, 3], r: [2, 3, 1]}", 6},
    {"{s: [2, 1, 3, 4], r: [2, 3, 4, 1]}", 24},
    {"{s: [2, 1, 3, 4, 5], r: [2, 3, 4, 5, 1]}", 120},
    {"{a: [2, 3, 1, 4, 5], b: [2, 3, 4, 5, 1]}", 60}, /* A5 */
    {"{r: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1]}", 12},
    {"{r: [2, 3, 4, 1], f: [4, 3, 2, 1]}", 8}, /* the symmetries of a square */
    {"{a: [2, 1, 3, 4], b: [1, 2, 4, 3]}", 4}, /* Klein's */
    {"{a: [2, 1, 4, 5, 3]}", 6},               /* cycles of two and of three */
    {"{e: [1, 2, 3], f: [1, 2, 3]}", 1},
    {"{e: [1]}", 1},
};

Test(words, the_automaton_is_the_generated_group)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        char *text = rw_format(GROUP "generators: %s\nword: []\n", groups[i].generators);
        struct answered a = answer_text(text);
        const struct rw_dfa *dfa = a.machine->model;
        char *name = rw_format("group-of-order-%zu", groups[i].order);
        cr_assert_eq(dfa->states, groups[i].order, "%s", groups[i].generators);
        cr_assert_str_eq(a.machine->name, name);
        cr_assert(fmpq_is_one(a.solved)); /* of the empty word */
        free(name);
        free(text);
        forget_answer(&a);
    }
}

/* Two random permutations and a random word in them, often followed by its inverse. Multiplied here as permutation matrices would be. */
static bool ask_random_word(struct rw_random *random, size_t degree)
{
    size_t images[4][8], product[8], letters[80], count = rw_random_below(random, 30), whole = count;
    for (size_t g = 0; g < 2; g++) {
        for (size_t i = 0; i < degree; i++) {
            size_t other = rw_random_below(random, i + 1);
            images[g][i] = images[g][other];
            images[g][other] = i;
        }
        for (size_t i = 0; i < degree; i++)
            images[g + 2][images[g][i]] = i;
    }
    for (size_t i = 0; i < count; i++)
        letters[i] = rw_random_below(random, 4);
    for (size_t i = count; rw_random_below(random, 2) == 0 && i > 0; i--)
        letters[whole++] = (letters[i - 1] + 2) % 4;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs(GROUP "generators:\n", out);
    for (size_t g = 0; g < 4; g++) {
        fprintf(out, "  %c: [", "abAB"[g]);
        for (size_t i = 0; i < degree; i++)
            fprintf(out, "%s%zu", i > 0 ? ", " : "", images[g][i] + 1);
        fputs("]\n", out);
    }
    fputs("word: \"", out);
    for (size_t i = 0; i < whole; i++)
        fputc("abAB"[letters[i]], out);
    fputs("\"\n", out);
    fclose(out);
    bool identity = true;
    for (size_t i = 0; i < degree; i++)
        product[i] = i;
    for (size_t i = whole; i-- > 0;) { /* from the right: product becomes letter then product */
        size_t before[8];
        memcpy(before, product, sizeof before);
        for (size_t k = 0; k < degree; k++)
            product[k] = before[images[letters[i]][k]];
    }
    for (size_t i = 0; i < degree; i++)
        identity = identity && product[i] == i;
    cr_assert_eq(number_answered(text) == 1, identity, "%s", text);
    free(text);
    return identity;
}

Test(words, random_words_in_random_permutations)
{
    struct rw_random random = rw_random_seed(3);
    size_t identities = 0;
    for (size_t i = 0; i < 300; i++)
        identities += ask_random_word(&random, 1 + i % 6);
    cr_assert_gt(identities, 60);
    cr_assert_lt(identities, 240);
}

Test(words, forms_of_the_word)
{
    static const char s3[] = GROUP "generators: {s: [2, 1, 3], r: [2, 3, 1]}\nword: %s\n";
    static const struct {
        const char *word;
        int64_t yes;
    } words[] = {{"s r s r", 1}, {"srsr", 1}, {"[s, r, s, r]", 1},     {"\"\"", 1}, {"s", 0}, {"rrr", 1},
                 {"[r, r]", 0},  {"[]", 1},   {"|\n  s s\n  r r r", 1}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char *text = rw_format(s3, words[i].word);
        cr_assert_eq(number_answered(text), words[i].yes, "%s", text);
        free(text);
    }
    cr_assert_eq(number_answered(GROUP "generators: {turn: [2, 3, 1], swap: [2, 1, 3]}\nword: turn swap turn swap\n"),
                 1);
}

static const struct wrong_text wrong_words[] = {
    {GROUP "generators: {s: [2, 2, 3]}\nword: s\n", 4, 21, "2 is the image of two points"},
    {GROUP "generators: {s: [2, 4, 3]}\nword: s\n", 4, 21, "images are 1 to 3"},
    {GROUP "generators: {s: [0, 1, 2]}\nword: s\n", 4, 18, "images are 1 to 3"},
    {GROUP "generators: {s: [x, 1, 2]}\nword: s\n", 4, 18, "'x'"},
    {GROUP "generators: {s: [2, 1], r: [2, 3, 1]}\nword: s\n", 4, 28, "images of 2 points, found 3"},
    {GROUP "generators: {s: []}\nword: s\n", 4, 17, "1 to 255 points"},
    {GROUP "generators: {s: 3}\nword: s\n", 4, 17, "the images of 1, 2"},
    {GROUP "generators: {}\nword: s\n", 4, 13, "no generator"},
    {GROUP "generators: [s]\nword: s\n", 4, 13, "a mapping of names"},
    {GROUP "generators: {s: [2, 1]}\nword: s t\n", 5, 9, "'t' is not a symbol"},
    {GROUP "generators: {s: [2, 1]}\nword: s t\n", 5, 9, "the symbols are s"},
    {GROUP "generators: {s: [2, 1]}\nword: \" s s t\"\n", 5, 13, "'t' is not a symbol"},
    {GROUP "generators: {é: [2, 1]}\nword: \"éé t\"\n", 5, 11, "'t' is not a symbol"},
    {GROUP "generators: {swap: [2, 1]}\nword: swap swap swop\n", 5, 17, "did you mean 'swap'?"},
    {GROUP "generators: {swap: [2, 1]}\nword: |\n  swap swap\n  swap swop\n", 7, 8, "'swop'"},
    {GROUP "generators: {swap: [2, 1]}\nword: \"swap\\x20swop\"\n", 5, 7, "'swop'"},
    {GROUP "generators: {s: [2, 1]}\nword: [s, t]\n", 5, 11, "'t' is not in the alphabet"},
    {GROUP "generators: {s: [2, 1]}\nword: {s: s}\n", 5, 7, "found a mapping"},
    {GROUP "generators: {s: [2, 1]}\n", 1, 1, "'word' is missing"},
    {GROUP "word: s\n", 1, 1, "'generators' is missing"},
    {GROUP "generators: {s: [2, 1], s: [2, 1]}\nword: s\n", 4, 25, "'s'"},
};

Test(words, problems_of_word_problems)
{
    expect_told(wrong_words, sizeof wrong_words / sizeof *wrong_words);
}

Test(words, too_many_points_are_told)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs(GROUP "generators: {s: [", out);
    for (int i = 1; i <= 256; i++)
        fprintf(out, "%s%d", i > 1 ? ", " : "", i);
    fputs("]}\nword: s\n", out);
    fclose(out);
    const struct wrong_text wrong = {text, 4, 17, "1 to 255 points, not 256"};
    expect_told(&wrong, 1);
    free(text);
}

static void expect_limit(const char *text, struct rw_limits limits, const char *limit)
{
    struct rw_instance *problem = read_instance(text);
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_machine *machine;
    struct rw_word word;
    cr_assert_not(rw_problem_reduce(problem, &limits, diag, &machine, &word), "%s", text);
    cr_assert_null(machine);
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    cr_assert_str_eq(rw_diag_view(diag, 0).limit, limit);
    rw_diag_free(diag);
    rw_problem_free(problem);
}

Test(words, limits)
{
    static const char s5[] = GROUP "generators: {s: [2, 1, 3, 4, 5], r: [2, 3, 4, 5, 1]}\nword: s\n";
    static const char s3[] = GROUP "generators: {s: [2, 1, 3], r: [2, 3, 1]}\nword: [s, s, s]\n";
    struct rw_limits limits = rw_limits_standard();
    limits.states = 119;
    expect_limit(s5, limits, "states");
    limits = rw_limits_standard();
    limits.transitions = 239;
    expect_limit(s5, limits, "transitions");
    limits.transitions = 1;
    expect_limit(s5, limits, "transitions");
    limits = rw_limits_standard();
    limits.word_length = 2;
    expect_limit(s3, limits, "word-length");
    const struct wrong_text as_text = {GROUP "generators: {s: [2, 1]}\nword: s s s\n", 5, 11, "2"};
    cr_assert(tells(&as_text, limits, 3));
    expect_limit(PRODUCT "matrices: [[[1]], [[1]], [[1]]]\n", limits, "word-length");
    /* S12 has too many elements, and that is found out in time. */
    expect_limit(GROUP "generators: {s: [2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "
                       "r: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1]}\nword: s\n",
                 rw_limits_standard(), "states");
}

/* --- matrices --- */

static void put_matrix(FILE *out, const int64_t *matrix, size_t d)
{
    fputs("  - [", out);
    for (size_t i = 0; i < d; i++) {
        fputs(i > 0 ? ", [" : "[", out);
        for (size_t j = 0; j < d; j++)
            fprintf(out, "%s%" PRId64, j > 0 ? ", " : "", matrix[i * d + j]);
        fputc(']', out);
    }
    fputs("]\n", out);
}

static void ask_random_product(struct rw_random *random, size_t d, size_t count)
{
    int64_t product[16] = {0}, matrix[16], next[16];
    size_t row = rw_random_below(random, d), col = rw_random_below(random, d), size;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < d; i++)
        product[i * d + i] = 1;
    fputs(PRODUCT "matrices:\n", out);
    for (size_t k = 0; k < count; k++) {
        for (size_t e = 0; e < d * d; e++)
            matrix[e] = (int64_t)rw_random_below(random, 19) - 9;
        put_matrix(out, matrix, d);
        for (size_t e = 0; e < d * d; e++) {
            next[e] = 0;
            for (size_t m = 0; m < d; m++)
                next[e] += product[e / d * d + m] * matrix[m * d + e % d];
        }
        memcpy(product, next, sizeof product);
    }
    fprintf(out, "entry: [%zu, %zu]\n", row, col);
    fclose(out);
    cr_assert_eq(number_answered(text), product[row * d + col], "%s", text);
    free(text);
}

Test(matrices, random_products)
{
    struct rw_random random = rw_random_seed(9);
    for (size_t d = 1; d <= 4; d++)
        for (size_t i = 0; i < 60; i++)
            ask_random_product(&random, d, 1 + i % 8);
}

Test(matrices, the_entry_is_the_first_unless_it_is_said)
{
    cr_assert_eq(number_answered(PRODUCT "matrices: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]\n"), 19);
    cr_assert_eq(number_answered(PRODUCT "matrices: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]\nentry: [1, 0]\n"), 43);
    cr_assert_eq(number_answered(PRODUCT "matrices: [[[-1000000000000]]]\n"), -1000000000000);
}

/* (10^30 - 1) (10^30 + 1) - 10^60: entries beyond 64 bits, of which no symbol stands for another. */
#define BEYOND                                                                                                         \
    PRODUCT "matrices:\n  - [[999999999999999999999999999999, -1000000000000000000000000000000], [0, 0]]\n"            \
            "  - [[1000000000000000000000000000001, 0], [1000000000000000000000000000000, 0]]\nentry: [0, 0]\n"

Test(matrices, entries_are_not_bounded)
{
    cr_assert_eq(number_answered(BEYOND), -1);
}

Test(matrices, too_many_numbers_are_a_limit)
{
    struct rw_limits limits = rw_limits_standard();
    limits.symbols = 4;
    expect_limit(PRODUCT "matrices: [[[1, 2], [3, 0]]]\n", limits, "symbols");
}

/* Numbers of any size: both ways agree, and the number is known. */
Test(matrices, values_are_not_bounded)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs(PRODUCT "matrices:\n", out);
    for (int i = 0; i < 200; i++)
        fputs("  - [[3]]\n", out);
    fclose(out);
    struct answered a = answer_text(text);
    fmpz_t power;
    fmpz_init(power);
    fmpz_set_ui(power, 3);
    fmpz_pow_ui(power, power, 200);
    cr_assert(fmpz_equal(power, fmpq_numref(a.value)));
    fmpz_clear(power);
    forget_answer(&a);
    free(text);
}

static const struct wrong_text wrong_matrices[] = {
    {PRODUCT "matrices: []\n", 4, 11, "no matrix"},
    {PRODUCT "matrices: 3\n", 4, 11, "a list of matrices"},
    {PRODUCT "matrices: [3]\n", 4, 12, "a matrix"},
    {PRODUCT "matrices: [[]]\n", 4, 12, "from 1 to 12, not 0"},
    {PRODUCT "matrices: [[[1, 2], [3]]]\n", 4, 21, "2 integers, found 1"},
    {PRODUCT "matrices: [[[1, 2], 3]]\n", 4, 21, "a row of integers"},
    {PRODUCT "matrices: [[[1, 2], [3, 4]], [[1]]]\n", 4, 30, "expected 2 rows"},
    {PRODUCT "matrices: [[[1, 2], [3, 4], [5, 6]]]\n", 4, 13, "3 integers, found 2"},
    {PRODUCT "matrices: [[[1/2]]]\n", 4, 14, "whole number"},
    {PRODUCT "matrices: [[[x]]]\n", 4, 14, "'x'"},
    {PRODUCT "matrices: [[[1]]]\nentry: [0, 1]\n", 5, 12, "count from 0 to 0"},
    {PRODUCT "matrices: [[[1]]]\nentry: [-1, 0]\n", 5, 9, "count from 0"},
    {PRODUCT "matrices: [[[1]]]\nentry: [0]\n", 5, 8, "found 1 items"},
    {PRODUCT "matrices: [[[1]]]\nentry: 0\n", 5, 8, "[row, column]"},
    {PRODUCT "matrix: [[[1]]]\n", 1, 1, "'matrices' is missing"},
    {PRODUCT "matrix: [[[1]]]\n", 4, 1, "'matrix'"},
};

Test(matrices, problems_of_matrix_products)
{
    expect_told(wrong_matrices, sizeof wrong_matrices / sizeof *wrong_matrices);
}

/* --- Turing machines --- */

#define BEAVER                                                                                                         \
    "machine: {rnnwit: 1, kind: turing, alphabet: [\".\"], clock: \".\", compact: %s}\ninput: \"\"\nsteps: %d\n"

Test(turing, busy_beavers_halt_on_time)
{
    static const struct {
        const char *compact;
        int steps;
    } beavers[] = {{"1RB1LB_1LA1RZ", 6}, {"1RB1RZ_0RC1RB_1LC1LA", 14}, {"1RB1LB_1LA0LC_1RZ1LD_1RD0RA", 107}};
    for (size_t i = 0; i < 3; i++)
        for (int late = -2; late <= 30; late++) {
            char *text = rw_format(TURING BEAVER, beavers[i].compact, beavers[i].steps + late);
            cr_assert_eq(number_answered(text), late >= 0, "%s", text);
            free(text);
        }
}

/* Whether an even number of ones: accepts or rejects at the first blank, after one step for each letter and one more. */
#define PARITY                                                                                                         \
    "machine:\n  rnnwit: 1\n  kind: turing\n  alphabet: [\"0\", \"1\", t]\n  clock: t\n  tape: [_, \"0\", \"1\"]\n  "  \
    "blank: _\n"                                                                                                       \
    "  states: [even, odd, yes, no]\n  initial: even\n  accepting: [yes]\n  rejecting: [no]\n  transitions:\n"         \
    "    even: {\"0\": [_, R, even], \"1\": [_, R, odd], _: [_, S, yes]}\n"                                            \
    "    odd: {\"0\": [_, L, no], \"1\": [_, R, even], _: [_, S, no]}\n"

Test(turing, accepts_rejects_or_is_not_ready)
{
    /* `odd` rejects at a 0 at once. */
    static const struct {
        const char *input;
        int steps, answer;
    } runs[] = {{"\"\"", 0, 0},   {"\"\"", 1, 1},    {"\"11\"", 2, 0}, {"\"11\"", 3, 1},  {"\"1\"", 1, 0},
                {"\"1\"", 2, -1}, {"\"10\"", 2, -1}, {"\"10\"", 1, 0}, {"\"000\"", 4, 1}, {"\"000\"", 400, 1}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char *text = rw_format(TURING PARITY "input: %s\nsteps: %d\n", runs[i].input, runs[i].steps);
        cr_assert_eq(number_answered(text), runs[i].answer, "%s", text);
        free(text);
    }
}

/* The direct solver's tape grows, on either side. */
Test(turing, long_ways_to_both_sides)
{
    char *text = rw_format(TURING BEAVER, "1RB1LA_0LB0RB", 5000);
    cr_assert_eq(number_answered(text), 0);
    free(text);
    text = rw_format(TURING BEAVER, "1LA1LA_1RA1RA", 5000);
    cr_assert_eq(number_answered(text), 0);
    free(text);
    text = rw_format(TURING BEAVER, "1RA1RA_1RA1RA", 5000);
    cr_assert_eq(number_answered(text), 0);
    free(text);
}

static const struct wrong_text wrong_turing[] = {
    {TURING PARITY "input: \"102\"\nsteps: 3\n", 18, 11, "'2' is not a symbol"},
    {TURING PARITY "input: \"10t\"\nsteps: 3\n", 18, 8, "the clock 't'"},
    {TURING PARITY "input: \"10t\"\nsteps: 3\n", 18, 8, "'steps' says"},
    {TURING PARITY "input: \"10\"\nsteps: -3\n", 19, 8, "0 steps or more"},
    {TURING PARITY "input: \"10\"\nsteps: many\n", 19, 8, "'many'"},
    {TURING PARITY "input: \"10\"\n", 1, 1, "'steps' is missing"},
    {TURING PARITY "steps: 3\n", 1, 1, "'input' is missing"},
    {TURING "input: \"10\"\nsteps: 3\n", 1, 1, "'machine' is missing"},
    {TURING "machine: x\ninput: \"10\"\nsteps: 3\n", 4, 10, "the keys of a spec of kind turing"},
    {TURING "machine:\n  rnnwit: 1\n  kind: regex\n  alphabet: [a]\n  pattern: a\ninput: \"a\"\nsteps: 3\n", 5, 3,
     "of kind regex, not turing"},
    {TURING "machine:\n  rnnwit: 1\n  kind: problem\ninput: \"a\"\nsteps: 3\n", 6, 9, "an automaton is wanted"},
    {TURING "machine:\n  rnnwit: 1\n  kind: turng\ninput: \"a\"\nsteps: 3\n", 6, 9, "turing"},
};

Test(turing, problems_of_turing_acceptance)
{
    expect_told(wrong_turing, sizeof wrong_turing / sizeof *wrong_turing);
}

Test(turing, too_many_steps_are_a_limit)
{
    expect_limit(TURING PARITY "input: \"10\"\nsteps: 1000000000000\n", rw_limits_standard(), "word-length");
}

/* --- writing --- */

static char *written(const struct rw_instance *problem)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    rw_problem_write(problem, out);
    fclose(out);
    return text;
}

static void expect_same_after_writing(const char *text)
{
    struct answered a = answer_text(text);
    char *once = written(a.problem);
    struct answered b = answer_text(once);
    char *twice = written(b.problem);
    cr_assert_str_eq(once, twice);
    cr_assert(fmpq_equal(a.solved, b.solved));
    cr_assert(fmpq_equal(a.value, b.value));
    cr_assert(rw_alphabet_equal(a.machine->alphabet, b.machine->alphabet));
    cr_assert_eq(a.word.length, b.word.length);
    if (a.word.length > 0)
        cr_assert_eq(memcmp(a.word.symbols, b.word.symbols, a.word.length * sizeof *a.word.symbols), 0);
    forget_answer(&a);
    forget_answer(&b);
    free(once);
    free(twice);
}

Test(writing, every_problem_of_the_library_reads_back)
{
    char *pattern = library_path("problem/*.yaml");
    glob_t found;
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "%s", pattern);
    cr_assert_geq(found.gl_pathc, 19);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct rw_source *source = rw_source_read(found.gl_pathv[i], 1 << 20, NULL);
        expect_same_after_writing(source->text);
        rw_source_free(source);
    }
    globfree(&found);
    free(pattern);
}

/* A network of such an automaton names the spec that reduce --automaton writes. */
Test(writing, an_automaton_that_was_made_is_signed_with_its_spec)
{
    static const char *const texts[] = {GROUP "generators: {s: [2, 1, 3], r: [2, 3, 1]}\nword: srs\n",
                                        PRODUCT "matrices: [[[1, -7], [0, 4]]]\nentry: [1, 1]\n",
                                        HEAD "problem: arithmetic-formula\nformula: -1\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct answered a = answer_text(texts[i]);
        char *text = NULL, hash[65];
        size_t size;
        FILE *out = open_memstream(&text, &size);
        rw_spec_write(a.machine, out);
        fclose(out);
        rw_sha256(text, size, hash);
        cr_assert_str_eq(a.machine->hash, hash, "%s", texts[i]);
        free(text);
        forget_answer(&a);
    }
}

Test(writing, odd_names_and_forms_read_back)
{
    static const char *const texts[] = {
        GROUP "generators: {\"a,b\": [2, 1], \"null\": [1, 2], \"yes\": [2, 1], \"1\": [2, 1], \"]\": [2, 1]}\n"
              "word: [\"a,b\", \"null\", \"yes\", \"1\", \"]\"]\nabout: \"a: b # c\"\nname: \"no\"\n",
        GROUP "generators: {\"null\": [2, 1]}\nword: []\n",
        HEAD "problem: boolean-formula\nformula: null & y | _1\nassignment: {\"null\": 1, y: 0, _1: 1}\n",
        HEAD "problem: boolean-formula\nformula: \"!a\"\nassignment: {a: 0}\n",
        HEAD "problem: boolean-formula\nformula: |\n  a &\n  b\nassignment: {a: 0, b: 1}\n",
        HEAD "problem: arithmetic-formula\nformula: -1\n",
        HEAD "problem: arithmetic-formula\nformula: \"-x\"\nassignment: {x: -1}\n",
        PRODUCT "matrices: [[[1, -7], [0, 4]]]\nentry: [1, 1]\n",
        BEYOND,
        TURING PARITY "input: \"\"\nsteps: 1\n",
        TURING PARITY "input: \"11\"\nsteps: 0\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_same_after_writing(texts[i]);
}
