/* R3 on so many formulas that the machine is made once. */
#include "formulas.h"
#include "reductions/problems/barrington.h"
#include "reductions/problems/s5.h"

static struct rw_machine *machine;

static void check(const struct sample *s)
{
    struct rw_limits limits = rw_limits_standard();
    char *text = rw_format("formula: \"%s\"\n", s->text);
    void *instance = read_good(&rw_problem_boolean_formula, text);
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(rw_barrington(instance, &limits, NULL, &word));
    cr_assert_leq(word.length, (size_t)1 << (2 * s->depth), "%s", s->text);
    for (int i = 0; i < 5; i++) {
        int point = i;
        for (size_t t = 0; t < word.length; t++)
            point = rw_alphabet_name(machine->alphabet, word.symbols[t])[point] - '1';
        cr_assert_eq(point, s->value ? (i + 1) % 5 : i, "%s", s->text);
    }
    rw_word_clear(&word);
    rw_problem_boolean_formula.free_instance(instance);
    free(text);
}

Test(barrington, every_formula_of_and_and_or_of_depth_three)
{
    static const int bits[] = {0, 1};
    machine = rw_s5_word_problem();
    cr_expect_eq(for_all(3, bits, 2, "&|", false, check), 81610);
    cr_expect_eq(for_all(2, bits, 2, "&|^>", true, check), 9250);
    rw_machine_free(machine);
}

Test(barrington, letters_are_numbered_in_the_order_of_their_names)
{
    machine = rw_s5_word_problem();
    for (uint32_t letter = 0; letter < RW_S5_ORDER; letter++) {
        cr_expect_eq(rw_s5_letter(rw_s5_permutation(letter)), letter);
        cr_expect(letter == 0 || strcmp(rw_alphabet_name(machine->alphabet, letter - 1),
                                        rw_alphabet_name(machine->alphabet, letter)) < 0);
    }
    rw_machine_free(machine);
}
