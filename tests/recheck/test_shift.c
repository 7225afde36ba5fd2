/* Shifts that change no sign: what the checker says of a series, against its values on short words. */
#include <criterion/criterion.h>

#include "base/random.h"
#include "recheck/shift.h"

#define SYMBOLS 2
#define LENGTH  4

/* Integer matrices with entries from -2 to 2, a state that no letter changes, and omega in halves. */
static struct rw_wfa *random_series(struct rw_random *random)
{
    size_t states = 1 + rw_random_below(random, 3);
    struct rw_wfa *f = rw_wfa_new(states, SYMBOLS);
    for (size_t q = 0; q < states; q++) {
        fmpq_set_si(f->alpha + q, (slong)rw_random_below(random, 3) - 1, 1);
        fmpq_set_si(f->omega + q, (slong)rw_random_below(random, 9) - 4, 2);
    }
    for (uint32_t s = 0; s < SYMBOLS; s++) {
        struct rw_builder *transposed = rw_builder_new(states, states);
        rw_builder_add_int(transposed, 0, 0, 1);
        for (size_t p = 0; p < states; p++)
            for (size_t q = 1; q < states; q++)
                rw_builder_add_int(transposed, q, p, (int64_t)rw_random_below(random, 5) - 2);
        rw_wfa_set_letter(f, s, rw_builder_finish(transposed));
    }
    return f;
}

/* Whether some extension of the row, by at most `length` symbols, has a value whose sign is another after the shift. */
static bool sign_changes(const struct rw_wfa *f, const struct rw_vector *row, const fmpq_t scale, const fmpq_t shift,
                         size_t length)
{
    struct rw_vector next;
    fmpq_t value, shifted;
    fmpq_init(value);
    fmpq_init(shifted);
    for (size_t q = 0; q < f->states; q++)
        fmpq_addmul(value, row->value + q, f->omega + q);
    fmpq_mul(shifted, value, scale);
    fmpq_add(shifted, shifted, shift);
    bool changes = (fmpq_sgn(value) > 0) != (fmpq_sgn(shifted) > 0);
    fmpq_clear(value);
    fmpq_clear(shifted);
    rw_vector_init(&next, f->states);
    for (uint32_t s = 0; s < SYMBOLS && length > 0 && !changes; s++) {
        rw_vector_zero(&next);
        rw_matrix_apply(f->letters[s], row, &next);
        changes = sign_changes(f, &next, scale, shift, length - 1);
    }
    rw_vector_clear(&next);
    return changes;
}

static bool changes_on_short_words(const struct rw_wfa *f, const fmpq_t scale, const fmpq_t shift)
{
    struct rw_vector row;
    rw_vector_init(&row, f->states);
    for (uint32_t q = 0; q < f->states; q++)
        fmpq_set(rw_vector_at(&row, q), f->alpha + q);
    bool changes = sign_changes(f, &row, scale, shift, LENGTH);
    rw_vector_clear(&row);
    return changes;
}

Test(shift, what_is_called_harmless_changes_no_sign)
{
    struct rw_random random = rw_random_seed(7);
    size_t harmless = 0, changing = 0, rounds = 2000;
    fmpq_t scale, shift;
    fmpq_init(scale);
    fmpq_init(shift);
    for (size_t round = 0; round < rounds; round++) {
        struct rw_wfa *f = random_series(&random);
        fmpq_set_si(scale, 1 + (slong)rw_random_below(&random, 3), 2);
        fmpq_set_si(shift, (slong)rw_random_below(&random, 9) - 4, 4);
        bool said = rw_recheck_shift_is_harmless(f, f->omega, scale, shift);
        bool changes = changes_on_short_words(f, scale, shift);
        cr_assert_not(said && changes, "round %zu", round);
        harmless += said && !fmpq_is_zero(shift);
        changing += changes;
        rw_wfa_free(f);
    }
    fmpq_clear(scale);
    fmpq_clear(shift);
    cr_assert_gt(harmless, rounds / 10);
    cr_assert_gt(changing, rounds / 10);
}

/* 1 letter, 2 states: f(a^t) = first + t second, where the state that counts starts at 0. */
static bool is_harmless(const char *first, const char *second, const char *scale_text, const char *shift_text)
{
    struct rw_wfa *f = rw_wfa_new(2, 1);
    struct rw_builder *transposed = rw_builder_new(2, 2);
    fmpq_t scale, shift;
    fmpq_init(scale);
    fmpq_init(shift);
    rw_builder_add_int(transposed, 0, 0, 1);
    rw_builder_add_int(transposed, 1, 0, 1);
    rw_builder_add_int(transposed, 1, 1, 1);
    rw_wfa_set_letter(f, 0, rw_builder_finish(transposed));
    fmpq_set_si(f->alpha, 1, 1);
    fmpq_set_str(f->omega, first, 10);
    fmpq_set_str(f->omega + 1, second, 10);
    fmpq_set_str(scale, scale_text, 10);
    fmpq_set_str(shift, shift_text, 10);
    bool harmless = rw_recheck_shift_is_harmless(f, f->omega, scale, shift);
    fmpq_clear(scale);
    fmpq_clear(shift);
    rw_wfa_free(f);
    return harmless;
}

Test(shift, the_lattice_is_exact_at_its_ends)
{
    cr_assert(is_harmless("0", "1", "1", "-1/2"));
    cr_assert_not(is_harmless("0", "1", "1", "-1"));  /* 1 would become 0 */
    cr_assert_not(is_harmless("0", "1", "1", "1/2")); /* 0 would become 1/2 */
    cr_assert_not(is_harmless("0", "1", "1/2", "-1/2"));
    cr_assert(is_harmless("0", "1", "2", "-1"));
    cr_assert(is_harmless("1/2", "-1", "1", "-1/4"));
    cr_assert_not(is_harmless("1/2", "-1", "1", "-1/2"));
    cr_assert(is_harmless("-1/2", "1", "1", "1/2"));     /* -1/2 becomes 0 */
    cr_assert_not(is_harmless("-1/2", "1", "1", "2/3")); /* and 1/6 */
    cr_assert(is_harmless("1/3", "0", "1", "-1/4"));     /* constant */
    cr_assert_not(is_harmless("1/3", "0", "1", "-1/3"));
    cr_assert(is_harmless("1/3", "0", "1", "5"));
    cr_assert(is_harmless("-1/3", "0", "1", "1/3"));
    cr_assert_not(is_harmless("-1/3", "0", "1", "1/2"));
    cr_assert(is_harmless("1/3", "5", "1", "0"));
}
