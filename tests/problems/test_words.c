/* Word problems, matrix products, Turing acceptance; and every instance of the library reads back. */
#include <dirent.h>

#include "problem.h"

#include "automata/dfa.h"

#define GROUP  "rnnwit: 1\nkind: problem\nproblem: word-problem\n"
#define MATRIX "rnnwit: 1\nkind: problem\nproblem: matrix-product\n"

static size_t order(const char *generators)
{
    char *text = rw_format(GROUP "generators: %s\nword: []\n", generators);
    struct rw_instance *problem = read_instance(text);
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine;
    struct rw_word word;
    cr_assert(rw_problem_reduce(problem, &limits, NULL, &machine, &word));
    size_t states = ((const struct rw_dfa *)machine->model)->states;
    rw_machine_free(machine);
    rw_word_clear(&word);
    rw_problem_free(problem);
    free(text);
    return states;
}

Test(words, groups_have_their_orders)
{
    cr_expect_eq(order("{a: [2, 3, 1]}"), 3);
    cr_expect_eq(order("{a: [2, 1, 3], b: [2, 3, 1]}"), 6);
    cr_expect_eq(order("{a: [2, 1, 3, 4], b: [2, 3, 4, 1]}"), 24);
    cr_expect_eq(order("{a: [2, 1, 3, 4, 5], b: [2, 3, 4, 5, 1]}"), 120);
    cr_expect_eq(order("{a: [2, 3, 1, 4, 5], b: [2, 3, 4, 5, 1]}"), 60);
    cr_expect_eq(order("{a: [1, 2]}"), 1);
}

Test(words, random_products_are_decided_alike)
{
    struct rw_random random = rw_random_seed(2);
    size_t identities = 0;
    for (int trial = 0; trial < 300; trial++) {
        char word[64];
        size_t length = rw_random_below(&random, 20), at = 0;
        for (size_t i = 0; i < length; i++)
            at += (size_t)sprintf(word + at, "%s%c", i > 0 ? ", " : "", "ab"[rw_random_below(&random, 2)]);
        word[at] = '\0';
        char *text = rw_format(GROUP "generators: {a: [2, 1, 3], b: [2, 3, 1]}\nword: [%s]\n", word);
        identities += agreed(text) == 1;
        free(text);
    }
    cr_assert(identities > 20 && identities < 150);
}

Test(words, each_problem_is_said_where_it_is)
{
    cr_expect(instance_fails(GROUP "generators: {a: [2, 2]}\nword: a\n", 4, 21, "not a permutation"));
    cr_expect(instance_fails(GROUP "generators: {a: [2, 3]}\nword: a\n", 4, 21, "1 to 2"));
    cr_expect(instance_fails(GROUP "generators: {a: [2, 1], b: [1]}\nword: a\n", 4, 28, "found 1"));
    cr_expect(instance_fails(GROUP "generators: {a: [2, 1]}\nword: b\n", 5, 7, "b"));
    cr_expect(instance_fails(MATRIX "matrices: [[[1, 0], [0, 1]], [[1, 0]]]\n", 4, 30, "2 rows"));
    cr_expect(instance_fails(MATRIX "matrices: [[[1, 0], [0]]]\n", 4, 21, "row of 2"));
    cr_expect(instance_fails(MATRIX "matrices: [[[1]]]\nentry: [0, 1]\n", 5, 12, "0 to 0"));
    cr_expect(instance_fails(MATRIX "matrices: []\n", 4, 11, "no matrix"));
}

Test(words, random_matrix_products_have_one_value)
{
    struct rw_random random = rw_random_seed(3);
    for (int trial = 0; trial < 200; trial++) {
        size_t d = 1 + rw_random_below(&random, 4), count = 1 + rw_random_below(&random, 5);
        char text[4000];
        size_t at = (size_t)sprintf(text, MATRIX "entry: [%d, %d]\nmatrices:\n", (int)rw_random_below(&random, d),
                                    (int)rw_random_below(&random, d));
        for (size_t m = 0; m < count; m++) {
            at += (size_t)sprintf(text + at, "  - [");
            for (size_t i = 0; i < d; i++)
                for (size_t j = 0; j < d; j++)
                    at += (size_t)sprintf(text + at, "%s%d%s",
                                          j > 0   ? ", "
                                          : i > 0 ? ", ["
                                                  : "[",
                                          (int)rw_random_below(&random, 41) - 20, j + 1 == d ? "]" : "");
            at += (size_t)sprintf(text + at, "]\n");
        }
        agreed(text);
    }
}

#define BEAVER                                                                                                         \
    "rnnwit: 1\nkind: problem\nproblem: turing-acceptance\nmachine: {rnnwit: 1, kind: turing, alphabet: [\".\"], "     \
    "clock: \".\", "                                                                                                   \
    "compact: 1RB1LB_1LA1RZ}\ninput: \"\"\nsteps: "

Test(words, busy_beaver_in_and_out_of_time)
{
    cr_expect_eq(agreed(BEAVER "6\n"), 1);
    cr_expect_eq(agreed(BEAVER "600\n"), 1);
    cr_expect_eq(agreed(BEAVER "5\n"), 0);
    cr_expect(instance_fails(BEAVER "-1\n", 6, 8, "0 steps"));
}

static char *written(const struct rw_instance *problem)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    rw_problem_write(problem, out);
    fclose(out);
    return text;
}

/* Writing, reading and writing again gives the same text, and the same answer. */
Test(words, every_instance_of_the_library_reads_back)
{
    const char *specs = getenv("SPECS");
    char *folder = specs != NULL
                       ? rw_format("%s/problem", specs)
                       : rw_format("%.*s/../../specs/problem", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
    DIR *directory = opendir(folder);
    cr_assert_not_null(directory);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strstr(entry->d_name, ".yaml") == NULL)
            continue;
        char *path = rw_format("%s/%s", folder, entry->d_name);
        struct rw_source *source = rw_source_read(path, 1000000, NULL);
        slong answer = agreed(source->text);
        struct rw_instance *problem = read_instance(source->text);
        char *text = written(problem);
        struct rw_instance *again = read_instance(text);
        char *text_again = written(again);
        cr_assert_str_eq(text, text_again);
        cr_assert_eq(agreed(text), answer);
        free(text);
        free(text_again);
        rw_problem_free(problem);
        rw_problem_free(again);
        rw_source_free(source);
        free(path);
        count++;
    }
    closedir(directory);
    cr_assert_gt(count, 12);
    free(folder);
}
