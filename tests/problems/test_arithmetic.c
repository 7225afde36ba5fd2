/* R5: the matrices of a formula, multiplied here with plain integers, and by the machine. */
#include "automata/matrix_product.h"
#include "formulas.h"
#include "reductions/problems/ben_or_cleve.h"

static const struct rw_problem_kind *const kind = &rw_problem_arithmetic_formula;
static const int signs[] = {-1, 0, 1};

/* The product of the matrices, from the letters' names. */
static void multiply(const struct rw_machine *machine, const struct rw_word *word, int64_t product[3][3])
{
    memset(product, 0, 9 * sizeof product[0][0]);
    for (int i = 0; i < 3; i++)
        product[i][i] = 1;
    for (size_t t = 0; t < word->length; t += 9) {
        int64_t result[3][3] = {{0}};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 3; k++) {
                    const char *name = rw_alphabet_name(machine->alphabet, word->symbols[t + (size_t)(3 * k + j)]);
                    result[i][j] += product[i][k] * strtol(name, NULL, 10);
                }
        memcpy(product, result, sizeof result);
    }
}

static void check_product(const struct sample *s, const struct rw_machine *machine, const struct rw_word *word)
{
    const struct rw_matrix_product *model = machine->model;
    int64_t product[3][3];
    cr_assert_eq(word->length % 9, 0);
    cr_assert_leq(word->length / 9, (size_t)1 << (2 * s->depth), "%s", s->text);
    cr_assert_neq(model->row, model->col);
    multiply(machine, word, product);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            cr_assert_eq(product[i][j], i == model->row && j == model->col ? s->value : i == j, "%s", s->text);
}

static void check(const struct sample *s)
{
    struct rw_limits limits = rw_limits_standard();
    char *text = rw_format("formula: \"%s\"\n", s->text);
    void *instance = read_good(kind, text);
    cr_assert_eq(solved(kind, instance), s->value, "%s", s->text);
    struct rw_machine *machine = NULL;
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(kind->reduce(instance, &limits, NULL, &machine, &word));
    check_product(s, machine, &word);
    fmpq_t value;
    fmpq_init(value);
    rw_machine_value(machine, word.symbols, word.length, value);
    cr_assert(fmpz_is_one(fmpq_denref(value)) && fmpz_get_si(fmpq_numref(value)) == s->value, "%s", s->text);
    fmpq_clear(value);
    rw_machine_free(machine);
    rw_word_clear(&word);
    kind->free_instance(instance);
    free(text);
}

Test(ben_or_cleve, every_formula_of_ones_of_depth_three)
{
    static const int one[] = {1};
    cr_expect_eq(for_all(3, one, 1, "+-*", false, check), 7204);
}

Test(ben_or_cleve, every_formula_of_depth_two)
{
    cr_expect_eq(for_all(2, signs, 3, "+-*", false, check), 2703);
}

static struct rw_machine *machine_of_all; /* made once: there are many formulas */

static void check_word(const struct sample *s)
{
    struct rw_limits limits = rw_limits_standard();
    char *text = rw_format("formula: \"%s\"\n", s->text);
    void *instance = read_good(kind, text);
    struct rw_word word;
    rw_word_init(&word);
    cr_assert_eq(solved(kind, instance), s->value, "%s", s->text);
    cr_assert(rw_ben_or_cleve(instance, &limits, NULL, &word));
    check_product(s, machine_of_all, &word);
    rw_word_clear(&word);
    kind->free_instance(instance);
    free(text);
}

Test(ben_or_cleve, every_formula_of_two_leaves_of_depth_three)
{
    static const int both[] = {-1, 1}, bits[] = {0, 1};
    machine_of_all = rw_ben_or_cleve_machine();
    cr_expect_eq(for_all(3, both, 2, "+*", false, check_word), 81610);
    cr_expect_eq(for_all(3, bits, 2, "-*", false, check_word), 81610);
    rw_machine_free(machine_of_all);
}

Test(ben_or_cleve, random_formulas_to_depth_six)
{
    struct rw_random random = rw_random_seed(1992);
    for (int i = 0; i < 300; i++) {
        struct sample s = random_sample(&random, 1 + (unsigned)i % 6, signs, 3, "+-*");
        check(&s);
        free(s.text);
    }
}

Test(ben_or_cleve, values_grow_past_the_matrices_entries)
{
    struct sample two = {"(1 + 1)", 2, 1}, four = sample_join('*', false, &two, &two);
    struct sample sixteen = sample_join('*', true, &four, &four), many = sample_join('*', false, &sixteen, &sixteen);
    cr_assert_eq(many.value, 256);
    check(&many);
    free(four.text);
    free(sixteen.text);
    free(many.text);
}
