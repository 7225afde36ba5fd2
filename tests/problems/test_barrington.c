/* R3: the word of a formula, multiplied here by sending points through the letters' names, and by the machine. */
#include "formulas.h"

static const struct rw_problem_kind *const kind = &rw_problem_boolean_formula;
static const int bits[] = {0, 1};

/* Where each of the points 0 to 4 goes: the letters' names say it. */
static void send_points(const struct rw_machine *machine, const struct rw_word *word, int points[5])
{
    for (int i = 0; i < 5; i++) {
        points[i] = i;
        for (size_t t = 0; t < word->length; t++)
            points[i] = rw_alphabet_name(machine->alphabet, word->symbols[t])[points[i]] - '1';
    }
}

static bool is_five_cycle(const int points[5])
{
    int length = 0, at = 0;
    do {
        at = points[at];
        length++;
    } while (at != 0 && length <= 5);
    return length == 5;
}

static void check_product(const struct sample *s, const struct rw_machine *machine, const struct rw_word *word)
{
    int points[5], fixed = 0;
    send_points(machine, word, points);
    for (int i = 0; i < 5; i++)
        fixed += points[i] == i;
    cr_assert_eq(fixed, s->value ? 0 : 5, "%s: %d points fixed", s->text, fixed);
    cr_assert(!s->value || is_five_cycle(points), "%s", s->text);
    /* always the same cycle */
    cr_assert(!s->value || (points[0] == 1 && points[1] == 2 && points[2] == 3 && points[3] == 4), "%s", s->text);
    cr_assert_leq(word->length, (size_t)1 << (2 * s->depth), "%s", s->text);
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
    cr_assert_eq(fmpz_get_si(fmpq_numref(value)), s->value, "%s", s->text);
    fmpq_clear(value);
    rw_machine_free(machine);
    rw_word_clear(&word);
    kind->free_instance(instance);
    free(text);
}

Test(barrington, every_implication_of_depth_three)
{
    cr_expect_eq(for_all(3, bits, 2, ">", false, check), 1446); /* with 0 it expresses every operator */
}

Test(barrington, every_formula_of_depth_two)
{
    cr_expect_eq(for_all(2, bits, 2, "&|^>", false, check), 1298);
}

Test(barrington, random_formulas_to_depth_six)
{
    struct rw_random random = rw_random_seed(1989);
    for (int i = 0; i < 200; i++) {
        struct sample s =
            random_sample(&random, 1 + (unsigned)i % 6, bits, 2, i % 4 == 0 && i % 6 < 4 ? "&|^>" : "&|>");
        check(&s);
        free(s.text);
    }
}

Test(barrington, the_machine_is_the_word_problem_of_S5)
{
    struct rw_limits limits = rw_limits_standard();
    void *instance = read_good(kind, "formula: x\nassignment: {x: true}\n");
    struct rw_machine *machine = NULL;
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(kind->reduce(instance, &limits, NULL, &machine, &word));
    cr_expect_eq(word.length, 1);
    cr_expect_eq(rw_alphabet_size(machine->alphabet), 120);
    fmpq_t value;
    fmpq_init(value);
    /* all words of two letters */
    for (uint32_t p = 0; p < 120; p++)
        for (uint32_t q = 0; q < 120; q++) {
            uint32_t pair[] = {p, q};
            int points[5], moved = 0;
            send_points(machine, &(struct rw_word){pair, 2, 2}, points);
            for (int i = 0; i < 5; i++)
                moved |= points[i] != i;
            rw_machine_value(machine, pair, 2, value);
            cr_assert_eq(fmpz_get_si(fmpq_numref(value)), moved);
        }
    fmpq_clear(value);
    rw_machine_free(machine);
    rw_word_clear(&word);
    kind->free_instance(instance);
}
