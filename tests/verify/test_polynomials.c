/* Both sides as polynomials of one integer: what only integers tell is proved, and nothing that a word refutes. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "verify/equal_polynomials.h"
#include "verify/linear.h"
#include "verify/mutant.h"
#include "verify/prove.h"
#include "verify/series.h"

#define DEGREE 3

/* --- automata whose row is (1, d, d^2, d^3) --- */

struct ring {
    int64_t start;
    const char *symbols;
    struct {
        int64_t times, plus, over; /* d -> (times d + plus) / over */
    } letters[4];
};

static const struct ring both_ways = {0, "ud", {{1, 1, 1}, {1, -1, 1}}}, upwards = {0, "u", {{1, 1, 1}}},
                         odd = {1, "ud", {{1, 2, 1}, {1, -2, 1}}}, halves = {0, "uh", {{1, 1, 1}, {1, 0, 2}}},
                         down_and_turn = {0, "dt", {{1, -1, 1}, {-2, 0, 1}}},
                         up_and_turn = {0, "ut", {{1, 1, 1}, {-2, 0, 1}}},
                         turning = {0, "utr", {{1, 1, 1}, {-3, 2, 1}, {0, 0, 1}}};

static int64_t power(int64_t base, size_t exponent)
{
    return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

static int64_t choose(size_t n, size_t k)
{
    return k == 0 ? 1 : choose(n - 1, k - 1) * (int64_t)n / (int64_t)k;
}

/* d'^j = sum over i of (j choose i) times^i plus^(j-i) d^i / over^j */
static struct rw_matrix *ring_letter(const struct ring *ring, size_t symbol)
{
    struct rw_builder *transposed = rw_builder_new(DEGREE + 1, DEGREE + 1);
    fmpq_t weight;
    fmpq_init(weight);
    for (size_t j = 0; j <= DEGREE; j++)
        for (size_t i = 0; i <= j; i++) {
            fmpq_set_si(weight,
                        choose(j, i) * power(ring->letters[symbol].times, i) * power(ring->letters[symbol].plus, j - i),
                        (ulong)power(ring->letters[symbol].over, j));
            rw_builder_add(transposed, j, i, weight);
        }
    fmpq_clear(weight);
    return rw_builder_finish(transposed);
}

/* (c[0] + c[1] d + c[2] d^2 + c[3] d^3) / over > 0 */
static struct rw_machine *positive(const struct ring *ring, const int64_t *c, uint64_t over)
{
    struct rw_wfa *wfa = rw_wfa_new(DEGREE + 1, strlen(ring->symbols));
    wfa->indicator = true;
    for (size_t j = 0; j <= DEGREE; j++) {
        rw_q_set_int(wfa->alpha + j, power(ring->start, j));
        fmpq_set_si(wfa->omega + j, c[j], over);
    }
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++)
        rw_wfa_set_letter(wfa, symbol, ring_letter(ring, symbol));
    return example_machine(&rw_wfa_indicator_kind, wfa, ring->symbols);
}

static enum rw_equality compare(struct rw_side left, struct rw_side right, uint64_t cells, const char *reason)
{
    struct rw_limits limits = rw_limits_standard();
    char *text;
    size_t size;
    FILE *why = open_memstream(&text, &size);
    limits.cells = cells;
    enum rw_equality result = rw_equal_polynomials(left, right, &limits, NULL, why);
    fclose(why);
    cr_assert_not_null(strstr(text, reason), "%s", text);
    free(text);
    return result;
}

static enum rw_equality compare_polynomials(const struct ring *ring, const int64_t *f, const int64_t *g, uint64_t over)
{
    struct rw_machine *left = positive(ring, f, over), *right = positive(ring, g, over);
    enum rw_equality result =
        compare((struct rw_side){.machine = left}, (struct rw_side){.machine = right}, 200000, "");
    rw_machine_free(left);
    rw_machine_free(right);
    return result;
}

#define C(...) ((const int64_t[DEGREE + 1]){__VA_ARGS__})

Test(polynomials, what_no_integer_tells_apart_is_proved)
{
    cr_assert_eq(compare_polynomials(&both_ways, C(1, 0, -2), C(1, 1, -2), 2), RW_EQUAL);
    cr_assert_eq(compare_polynomials(&turning, C(1, 0, -2), C(1, 1, -2), 2), RW_EQUAL);
    cr_assert_eq(compare_polynomials(&both_ways, C(0, -1, 0, 1), C(-1, 1), 1), RW_EQUAL); /* from 2 on */
    cr_assert_eq(compare_polynomials(&both_ways, C(1), C(1000 * 1000, 2000, 1), 1), RW_UNDECIDED);
    cr_assert_eq(compare_polynomials(&both_ways, C(1), C(1000 * 1000 + 1, 2000, 1), 1), RW_EQUAL);
    cr_assert_eq(compare_polynomials(&upwards, C(1), C(1000 * 1000, 2000, 1), 1), RW_EQUAL); /* no root above 0 */
}

Test(polynomials, a_single_integer_that_does_is_not_overlooked)
{
    int64_t n = 1000 * 1000;
    cr_assert_eq(compare_polynomials(&both_ways, C(1, 0, -2), C(1, 2, -2), 2), RW_UNDECIDED); /* 1 */
    cr_assert_eq(compare_polynomials(&both_ways, C(0, -1, 0, 1), C(0, 1), 1), RW_UNDECIDED);  /* 1 */
    cr_assert_eq(compare_polynomials(&upwards, C(1), C(n * n, -2 * n, 1), 1), RW_UNDECIDED);
    cr_assert_eq(compare_polynomials(&upwards, C(-n, 1), C(1 - n, 1), 1), RW_UNDECIDED);
    cr_assert_eq(compare_polynomials(&both_ways, C(1), C(1), 1), RW_EQUAL);
}

/* (d - 5)^2 and (d + 5)^2 are 0 only after an even number on the other side and one letter more. */
Test(polynomials, a_negative_weight_leads_to_the_other_side)
{
    cr_assert_eq(compare_polynomials(&down_and_turn, C(1), C(25, -10, 1), 1), RW_UNDECIDED);
    cr_assert_eq(compare_polynomials(&up_and_turn, C(1), C(25, 10, 1), 1), RW_UNDECIDED);
}

Test(polynomials, fractions_are_no_integers)
{
    cr_assert_eq(compare_polynomials(&halves, C(1, 0, -2), C(1, 1, -2), 2), RW_UNDECIDED);
    int64_t fine = INT64_C(1) << 20; /* (fine d - 1)^2 is 0 for d = 1/fine, and positive for all multiples of 64/fine */
    cr_assert_eq(compare_polynomials(&halves, C(1), C(1, -2 * fine, fine * fine), 1), RW_UNDECIDED);
}

Test(polynomials, the_steps_of_an_entry_are_known)
{
    cr_assert_eq(compare_polynomials(&odd, C(1), C(-1, 0, 2), 2), RW_EQUAL); /* no odd number is 0 */
    cr_assert_eq(compare_polynomials(&both_ways, C(1), C(-1, 0, 2), 2), RW_UNDECIDED);
    cr_assert_eq(compare_polynomials(&odd, C(1), C(7, -8, 2), 2), RW_EQUAL);       /* (d - 2)^2 > 1/2 */
    cr_assert_eq(compare_polynomials(&odd, C(1), C(17, -12, 2), 2), RW_UNDECIDED); /* (d - 3)^2 > 1/2 */
}

/* d = x - y is no entry of the rows (1, x, y, d^2): u adds 1 to x, v to y. */
static struct rw_machine *difference(const int64_t *c, uint64_t over)
{
    struct rw_wfa *wfa = rw_wfa_new(4, 2);
    wfa->indicator = true;
    rw_q_set_int(wfa->alpha, 1);
    for (size_t i = 0; i < 4; i++)
        fmpq_set_si(wfa->omega + i, c[i], over);
    for (uint32_t symbol = 0; symbol < 2; symbol++) {
        int sign = symbol == 0 ? 1 : -1;
        struct rw_builder *transposed = rw_builder_new(4, 4);
        for (size_t i = 0; i < 4; i++)
            rw_builder_add_int(transposed, i, i, 1);
        rw_builder_add_int(transposed, 1 + symbol, 0, 1);
        rw_builder_add_int(transposed, 3, 0, 1);
        rw_builder_add_int(transposed, 3, 1, 2 * sign);
        rw_builder_add_int(transposed, 3, 2, -2 * sign);
        rw_wfa_set_letter(wfa, symbol, rw_builder_finish(transposed));
    }
    return example_machine(&rw_wfa_indicator_kind, wfa, "uv");
}

static enum rw_equality compare_differences(const int64_t *f, const int64_t *g, uint64_t over)
{
    struct rw_machine *left = difference(f, over), *right = difference(g, over);
    enum rw_equality result =
        compare((struct rw_side){.machine = left}, (struct rw_side){.machine = right}, 200000, "");
    rw_machine_free(left);
    rw_machine_free(right);
    return result;
}

Test(polynomials, the_integer_may_be_a_combination_of_entries)
{
    cr_assert_eq(compare_differences(C(1, 0, 0, -2), C(1, 1, -1, -2), 2), RW_EQUAL);
    cr_assert_eq(compare_differences(C(1, 0, 0, -2), C(1, 2, -2, -2), 2), RW_UNDECIDED); /* 1 */
    cr_assert_eq(compare_differences(C(1, 0, 0, -2), C(1, 1, 0, -2), 2), RW_UNDECIDED);  /* x alone is not in f */
}

Test(polynomials, says_why_it_is_undecided)
{
    struct rw_machine *f = positive(&both_ways, C(1, 0, -2), 2), *g = positive(&both_ways, C(1, 2, -2), 2);
    const struct rw_side left = {.machine = f}, right = {.machine = g};
    cr_assert_eq(compare(left, right, 200000, "not seen to be polynomials of one integer"), RW_UNDECIDED);
    cr_assert_eq(compare(left, right, 20, "do not fit limit \"cells\""), RW_UNDECIDED);
    rw_machine_free(f);
    rw_machine_free(g);
}

/* Positive on words of fewer than states - 1 letters, and on longer ones as `last` is. */
static struct rw_machine *late(size_t states, int64_t last)
{
    struct rw_wfa *wfa = rw_wfa_new(states, 1);
    wfa->indicator = true;
    rw_q_set_int(wfa->alpha, 1);
    struct rw_builder *transposed = rw_builder_new(states, states);
    for (size_t q = 0; q < states; q++) {
        rw_q_set_int(wfa->omega + q, q + 1 < states ? 1 : last);
        rw_builder_add_int(transposed, q + 1 < states ? q + 1 : q, q, 1);
    }
    rw_wfa_set_letter(wfa, 0, rw_builder_finish(transposed));
    return example_machine(&rw_wfa_indicator_kind, wfa, "a");
}

Test(polynomials, what_holds_on_short_words_is_not_believed)
{
    for (size_t states = 2; states < 20; states++) {
        struct rw_machine *always = late(states, 1), *not_for_ever = late(states, -1);
        const struct rw_side left = {.machine = always}, right = {.machine = not_for_ever};
        cr_assert_eq(compare(left, right, 200000, ""), RW_UNDECIDED);
        cr_assert_eq(compare(left, left, 200000, ""), RW_EQUAL);
        rw_machine_free(always);
        rw_machine_free(not_for_ever);
    }
}

/* --- against words --- */

/* Some word of up to `length` letters on which not both or none are positive. */
static bool refuted(const struct rw_wfa *f, const struct rw_wfa *g, struct rw_random *random, size_t words,
                    size_t length)
{
    struct rw_word word;
    fmpq_t of_f, of_g;
    bool differ = !rw_series_agree_on_empty(f, g);
    rw_word_init(&word);
    fmpq_init(of_f);
    fmpq_init(of_g);
    for (size_t i = 0; i < words && !differ; i++) {
        word.length = 0;
        for (size_t letters = 1 + rw_random_below(random, length); letters > 0; letters--)
            rw_word_push(&word, (uint32_t)rw_random_below(random, f->symbols));
        rw_series_value(f, &word, of_f);
        rw_series_value(g, &word, of_g);
        differ = (rw_q_sign(of_f) > 0) != (rw_q_sign(of_g) > 0);
    }
    fmpq_clear(of_f);
    fmpq_clear(of_g);
    rw_word_clear(&word);
    return differ;
}

Test(polynomials, random_pairs_are_proved_only_if_no_word_refutes_them)
{
    static const struct ring *const rings[] = {&both_ways, &upwards, &odd, &halves, &turning};
    struct rw_random random = rw_random_seed(3);
    size_t proved = 0, wrong = 0;
    for (size_t i = 0; i < 1500; i++) {
        const struct ring *ring = rings[rw_random_below(&random, 5)];
        int64_t f[DEGREE + 1], g[DEGREE + 1];
        for (size_t j = 0; j <= DEGREE; j++) {
            f[j] = j > 2 ? 0 : (int64_t)rw_random_below(&random, 9) - 4;
            g[j] = f[j] + (int64_t)rw_random_below(&random, 3) - 1;
        }
        struct rw_machine *left = positive(ring, f, 2), *right = positive(ring, g, 2);
        bool equal =
                 compare((struct rw_side){.machine = left}, (struct rw_side){.machine = right}, 200000, "") == RW_EQUAL,
             differs = refuted(left->model, right->model, &random, 60, 30);
        cr_assert_not(equal && differs, "pair %zu", i);
        proved += equal;
        wrong += differs;
        rw_machine_free(left);
        rw_machine_free(right);
    }
    cr_assert_gt(proved, 100);
    cr_assert_gt(wrong, 300);
}

struct tally {
    size_t proved, wrong, left;
};

static struct tally try_mutants(const struct rw_machine *machine, uint64_t seed, size_t mutants)
{
    struct tally tally = {0};
    struct rw_net *net = example_dplr(machine->model, machine->alphabet, RW_DECIDE_POSITIVE);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(seed);
    for (size_t i = 0; i < mutants; i++) {
        struct rw_mutant mutant = {0};
        struct rw_word word;
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        struct rw_wfa *series = rw_wfa_of_net(changed);
        rw_word_init(&word);
        bool equal = compare((struct rw_side){.machine = machine}, (struct rw_side){.net = changed}, 200000, "") ==
                     RW_EQUAL,
             differs = example_brute_force(machine, changed, false, 5, &word) ||
                       refuted(machine->model, series, &random, 200, 60);
        cr_assert_not(equal && differs, "seed %" PRIu64 ": %s: %s -> %s", seed, mutant.place, mutant.before,
                      mutant.after);
        tally.proved += equal;
        tally.wrong += differs;
        tally.left += !equal && !differs;
        rw_word_clear(&word);
        rw_wfa_free(series);
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    rw_net_free(net);
    return tally;
}

Test(polynomials, no_mutant_is_proved_that_a_word_refutes)
{
    struct rw_machine *machines[] = {example_spec("wfa/equal-unary.yaml"), positive(&turning, C(1, 0, -2), 2),
                                     positive(&both_ways, C(7, -4, 1), 1), positive(&upwards, C(-7, 2), 1),
                                     positive(&odd, C(3, 2, -1), 1),       example_wfa(1, 3, "ab", true)};
    struct tally all = {0};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct tally tally = try_mutants(machines[i], i + 1, 100);
        all.proved += tally.proved;
        all.wrong += tally.wrong;
        rw_machine_free(machines[i]);
    }
    cr_assert_gt(all.proved, 200);
    cr_assert_gt(all.wrong, 250);
}

/* Row 0, the output's: where the input's 1 and its last letter's 1 read d into it. */
Test(polynomials, the_equality_test_of_unary_numbers_allows_what_integers_do_not_tell)
{
    struct rw_machine *machine = example_spec("wfa/equal-unary.yaml");
    struct rw_wfa *changed = rw_wfa_copy(machine->model);
    fmpq_set_si(changed->omega + 1, 1, 2);
    struct rw_machine *other = example_machine(&rw_wfa_indicator_kind, changed, "1#");
    const struct rw_side left = {.machine = machine}, right = {.machine = other};
    cr_assert_eq(compare(left, right, 200000, "polynomials of one integer"), RW_EQUAL);
    fmpq_set_si(changed->omega + 1, 1, 1);
    cr_assert_eq(compare(left, right, 200000, ""), RW_UNDECIDED);
    rw_machine_free(machine);
    rw_machine_free(other);
}
