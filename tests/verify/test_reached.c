/* Bases with coefficients, as certificates have them: every identity they state, on random automata. */
#include <criterion/criterion.h>

#include "automata/random.h"
#include "verify/reached.h"

#define AUTOMATA 60

/* sum of the combination's coefficients times rows */
static void combine(const struct rw_reached *reached, const struct rw_row *combination, struct rw_vector *sum)
{
    rw_vector_zero(sum);
    for (size_t k = 0; k < combination->count; k++)
        rw_row_add_to(&reached->rows[combination->index[k]].row, combination->value + k, sum);
}

static void step(const struct rw_wfa *wfa, const struct rw_row *row, size_t symbol, struct rw_vector *next)
{
    struct rw_vector dense;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    rw_vector_init(&dense, wfa->states);
    rw_vector_zero(next);
    rw_row_add_to(row, one, &dense);
    rw_matrix_apply(wfa->letters[symbol], &dense, next);
    rw_vector_clear(&dense);
    fmpq_clear(one);
}

static void check_identities(const struct rw_wfa *wfa, const struct rw_reached *reached)
{
    struct rw_vector expected, sum;
    rw_vector_init(&expected, wfa->states);
    rw_vector_init(&sum, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        fmpq_set(rw_vector_at(&expected, q), wfa->alpha + q);
    combine(reached, &reached->start, &sum);
    cr_assert(rw_vector_equal(&expected, &sum));
    cr_assert_eq(reached->step_count, reached->count * wfa->symbols);
    for (size_t k = 0; k < reached->step_count; k++) {
        step(wfa, &reached->rows[k / wfa->symbols].row, k % wfa->symbols, &expected);
        combine(reached, reached->steps + k, &sum);
        cr_assert(rw_vector_equal(&expected, &sum), "row %zu", k / wfa->symbols);
    }
    for (size_t i = 0; i < reached->count; i++) {
        if (reached->rows[i].parent == RW_NO_PARENT)
            continue;
        step(wfa, &reached->rows[reached->rows[i].parent].row, reached->rows[i].symbol, &expected);
        rw_vector_zero(&sum);
        combine(reached, &(struct rw_row){1, (uint32_t[]){(uint32_t)i}, (fmpq[]){{1, 1}}}, &sum);
        cr_assert(rw_vector_equal(&expected, &sum), "the parent of row %zu", i);
    }
    rw_vector_clear(&expected);
    rw_vector_clear(&sum);
}

Test(reached, both_bases_are_closed_and_as_many)
{
    struct rw_random random = rw_random_seed(51);
    size_t given_up = 0;
    for (int i = 0; i < AUTOMATA; i++) {
        struct rw_wfa *wfa = random_wfa(&random, 1 + rw_random_below(&random, 7), 2, 1 + rw_random_below(&random, 6));
        struct rw_reached reached, reduced;
        cr_assert(rw_reached_find(wfa, UINT64_MAX, &reached));
        cr_assert(rw_reached_reduced(wfa, UINT64_MAX, &reduced));
        check_identities(wfa, &reached);
        check_identities(wfa, &reduced);
        cr_assert_eq(reached.count, reduced.count);
        for (size_t k = 1; k < reached.count; k++)
            given_up += reached.rows[k].parent == RW_NO_PARENT;
        rw_reached_clear(&reached);
        rw_reached_clear(&reduced);
        rw_wfa_free(wfa);
    }
    cr_assert_gt(given_up, 0); /* some had large numbers */
}

Test(reached, a_limit_is_kept)
{
    struct rw_random random = rw_random_seed(52);
    struct rw_wfa *wfa = random_wfa(&random, 6, 2, 1);
    struct rw_reached reached;
    cr_assert_not(rw_reached_find(wfa, 5, &reached));
    rw_reached_clear(&reached);
    cr_assert_not(rw_reached_reduced(wfa, 5, &reached));
    rw_reached_clear(&reached);
    rw_wfa_free(wfa);
}
