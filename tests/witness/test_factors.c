/* Matrices as diagonal plus low rank, and as products of delta steps: multiplied out they are the matrix again. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include <flint/fmpq_mat.h>

#include "base/random.h"
#include "reductions/witness/householder.h"
#include "reductions/witness/low_rank.h"

/* The transpose of M as a sparse matrix: column i is row i of M. */
static struct rw_matrix *transposed_of(const fmpq_mat_t m)
{
    struct rw_builder *builder = rw_builder_new((size_t)fmpq_mat_ncols(m), (size_t)fmpq_mat_nrows(m));
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        for (slong j = 0; j < fmpq_mat_ncols(m); j++)
            rw_builder_add(builder, (size_t)j, (size_t)i, fmpq_mat_entry(m, i, j));
    return rw_builder_finish(builder);
}

static void small_number(struct rw_random *random, fmpq_t value)
{
    fmpq_set_si(value, (slong)rw_random_below(random, 9) - 4, 1 + rw_random_below(random, 3));
    fmpq_canonicalise(value);
}

enum shape { DENSE, SPARSE, PERMUTATION, MAP, WEIGHTED_MAP, PARTIAL, STOCHASTIC, DIAGONAL, ONE_COLUMN, SHAPES };

static void draw(struct rw_random *random, enum shape shape, fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_mat_zero(m);
    for (slong i = 0; i < n; i++) {
        slong to = shape == PERMUTATION ? i : (slong)rw_random_below(random, (uint64_t)n);
        switch (shape) {
        case DENSE:
        case SPARSE:
            for (slong j = 0; j < n; j++)
                if (shape == DENSE || rw_random_below(random, 3) == 0)
                    small_number(random, fmpq_mat_entry(m, i, j));
            break;
        case STOCHASTIC:
            fmpq_set_si(fmpq_mat_entry(m, i, i), 1, 2);
            fmpq_add_si(fmpq_mat_entry(m, i, to), fmpq_mat_entry(m, i, to), 1);
            fmpq_sub(fmpq_mat_entry(m, i, to), fmpq_mat_entry(m, i, to), fmpq_mat_entry(m, i, i));
            break;
        case DIAGONAL:
            small_number(random, fmpq_mat_entry(m, i, i));
            break;
        case ONE_COLUMN:
            fmpq_one(fmpq_mat_entry(m, i, i));
            small_number(random, fmpq_mat_entry(m, i, n - 1));
            break;
        default:
            if (shape == PARTIAL && rw_random_below(random, 3) == 0)
                break;
            fmpq_one(fmpq_mat_entry(m, i, to));
            if (shape == WEIGHTED_MAP)
                small_number(random, fmpq_mat_entry(m, i, to));
        }
    }
    for (slong i = n - 1; i > 0 && shape == PERMUTATION; i--) /* Fisher-Yates on the rows */
        fmpq_mat_swap_rows(m, NULL, i, (slong)rw_random_below(random, (uint64_t)i + 1));
}

static slong cycles(const fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m), count = 0;
    uint8_t *seen = calloc((size_t)n, 1);
    for (slong start = 0; start < n; start++) {
        count += !seen[start];
        for (slong i = start; !seen[i];) {
            seen[i] = 1;
            slong j = 0;
            while (fmpq_is_zero(fmpq_mat_entry(m, i, j)))
                j++;
            i = j;
        }
    }
    free(seen);
    return count;
}

/* --- diagonal plus low rank --- */

static void expect_product(const struct rw_low_rank *result, const fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_mat_t sum;
    fmpq_t term;
    fmpq_mat_init(sum, n, n);
    fmpq_init(term);
    for (slong i = 0; i < n; i++)
        fmpq_set(fmpq_mat_entry(sum, i, i), result->decay + i);
    for (size_t c = 0; c < result->rank; c++)
        for (size_t e = result->left->start[c]; e < result->left->start[c + 1]; e++)
            for (size_t f = result->right->start[c]; f < result->right->start[c + 1]; f++) {
                fmpq *entry = fmpq_mat_entry(sum, result->left->row[e], result->right->row[f]);
                fmpq_mul(term, result->left->value + e, result->right->value + f);
                fmpq_sub(entry, entry, term);
            }
    cr_assert(fmpq_mat_equal(sum, m));
    fmpq_clear(term);
    fmpq_mat_clear(sum);
}

Test(factors, diagonal_minus_low_rank_is_the_matrix)
{
    struct rw_random random = rw_random_seed(11);
    for (int round = 0; round < 180; round++) {
        slong n = 1 + (slong)rw_random_below(&random, 7);
        enum shape shape = (enum shape)(round % SHAPES);
        fmpq_mat_t m;
        fmpq_mat_init(m, n, n);
        draw(&random, shape, m);
        struct rw_matrix *transposed = transposed_of(m);
        struct rw_low_rank result;
        rw_low_rank_find(&result, transposed);
        expect_product(&result, m);
        cr_assert_leq(result.rank, (size_t)n);
        if (shape == PERMUTATION) {
            cr_assert_eq(result.rank, (size_t)(n - cycles(m)));
            cr_assert(result.least);
        }
        if (shape == DIAGONAL)
            cr_assert_eq(result.rank, 0);
        rw_low_rank_clear(&result);
        rw_matrix_free(transposed);
        fmpq_mat_clear(m);
    }
}

Test(factors, a_planted_rank_one_is_found_under_any_diagonal)
{
    struct rw_random random = rw_random_seed(12);
    fmpq_t u[12], v[12];
    for (int i = 0; i < 12; i++) {
        fmpq_init(u[i]);
        fmpq_init(v[i]);
    }
    for (int round = 0; round < 200; round++) {
        slong n = 2 + (slong)rw_random_below(&random, 11);
        bool zeros = round % 2;
        fmpq_mat_t m;
        fmpq_mat_init(m, n, n);
        for (slong i = 0; i < n; i++) {
            fmpq_set_si(u[i], 1 + (slong)rw_random_below(&random, 5), 1 + rw_random_below(&random, 3));
            fmpq_set_si(v[i], 1 + (slong)rw_random_below(&random, 5), 1 + rw_random_below(&random, 3));
            if (zeros && rw_random_below(&random, 3) == 0)
                fmpq_zero(rw_random_below(&random, 2) ? u[i] : v[i]);
        }
        for (slong i = 0; i < n; i++)
            for (slong j = 0; j < n; j++)
                if (i == j)
                    small_number(&random, fmpq_mat_entry(m, i, j));
                else
                    fmpq_mul(fmpq_mat_entry(m, i, j), u[i], v[j]);
        struct rw_matrix *transposed = transposed_of(m);
        struct rw_low_rank result;
        rw_low_rank_find(&result, transposed);
        expect_product(&result, m);
        cr_assert_leq(result.rank, 1);
        cr_assert(result.least);
        rw_low_rank_clear(&result);
        rw_matrix_free(transposed);
        fmpq_mat_clear(m);
    }
    for (int i = 0; i < 12; i++) {
        fmpq_clear(u[i]);
        fmpq_clear(v[i]);
    }
}

/* m13 m21 m32 = m12 m31 m23 is a condition from n = 3 on. */
Test(factors, a_cycle_condition_that_fails_needs_rank_two)
{
    fmpq_mat_t m;
    fmpq_mat_init(m, 3, 3);
    for (slong i = 0; i < 3; i++)
        for (slong j = 0; j < 3; j++)
            fmpq_set_si(fmpq_mat_entry(m, i, j), i == j ? 0 : 1 + (i == 0 && j == 1), 1);
    struct rw_matrix *transposed = transposed_of(m);
    struct rw_low_rank result;
    rw_low_rank_find(&result, transposed);
    expect_product(&result, m);
    cr_assert_eq(result.rank, 2);
    cr_assert(result.least);
    rw_low_rank_clear(&result);
    rw_matrix_free(transposed);
    fmpq_mat_clear(m);
}

Test(factors, a_large_connected_matrix_is_decomposed_by_its_columns)
{
    const size_t n = 300;
    struct rw_builder *builder = rw_builder_new(n, n);
    for (size_t i = 0; i < n; i++)
        rw_builder_add_int(builder, i / 3, i, 1); /* state i goes to i / 3 */
    struct rw_matrix *transposed = rw_builder_finish(builder);
    struct rw_low_rank result;
    rw_low_rank_find(&result, transposed);
    fmpq_mat_t m;
    fmpq_mat_init(m, (slong)n, (slong)n);
    for (size_t i = 0; i < n; i++)
        fmpq_one(fmpq_mat_entry(m, (slong)i, (slong)(i / 3)));
    expect_product(&result, m);
    cr_assert_leq(result.rank, n / 3);
    cr_assert(!result.least);
    fmpq_mat_clear(m);
    rw_low_rank_clear(&result);
    rw_matrix_free(transposed);
}

/* --- delta steps --- */

/* The row x through all steps. */
static void run_steps(const struct rw_delta_steps *steps, fmpq *x)
{
    fmpq_t d;
    fmpq_init(d);
    for (size_t s = 0; s < steps->count; s++) {
        const struct rw_delta_step *step = steps->steps + s;
        fmpq_zero(d);
        for (size_t e = 0; e < step->count; e++)
            fmpq_addmul(d, x + step->place[e], step->value + e);
        fmpq_mul(d, d, &step->beta);
        for (size_t e = 0; e < step->count; e++)
            fmpq_submul(x + step->place[e], d, step->value + e);
    }
    fmpq_clear(d);
}

Test(factors, the_product_of_the_delta_steps_is_the_matrix)
{
    struct rw_random random = rw_random_seed(13);
    for (int round = 0; round < 270; round++) {
        slong n = 1 + (slong)rw_random_below(&random, 6);
        enum shape shape = (enum shape)(round % SHAPES);
        fmpq_mat_t m;
        fmpq_mat_init(m, n, n);
        draw(&random, shape, m);
        struct rw_matrix *transposed = transposed_of(m);
        struct rw_delta_steps steps;
        rw_delta_steps_find(&steps, transposed);
        fmpq *x = _fmpq_vec_init(2 * n);
        for (slong i = 0; i < n; i++) { /* the unit rows give M's rows, and the spare coordinates are 0 again */
            for (slong j = 0; j < 2 * n; j++)
                fmpq_set_si(x + j, i == j, 1);
            run_steps(&steps, x);
            for (slong j = 0; j < n; j++)
                cr_assert(fmpq_equal(x + j, fmpq_mat_entry(m, i, j)), "shape %d, entry %ld %ld", shape, i, j);
            for (slong j = n; j < 2 * n; j++)
                cr_assert(fmpq_is_zero(x + j));
        }
        cr_assert_geq(steps.count, steps.least);
        cr_assert_leq(steps.count, 4 * (size_t)n);
        if (shape == PERMUTATION)
            cr_assert_eq(steps.count, (size_t)(n - cycles(m)));
        _fmpq_vec_clear(x, 2 * n);
        rw_delta_steps_clear(&steps);
        rw_matrix_free(transposed);
        fmpq_mat_clear(m);
    }
}

Test(factors, a_merge_takes_three_dyadic_steps)
{
    struct rw_builder *builder = rw_builder_new(2, 2);
    rw_builder_add_int(builder, 1, 0, 1);
    rw_builder_add_int(builder, 1, 1, 1);
    struct rw_matrix *transposed = rw_builder_finish(builder);
    struct rw_delta_steps steps;
    rw_delta_steps_find(&steps, transposed);
    cr_assert_eq(steps.count, 3);
    cr_assert_eq(fmpq_cmp_si(&steps.steps[0].beta, 1), -1);
    cr_assert(fmpq_is_one(&steps.steps[1].beta));
    cr_assert_eq(fmpq_cmp_si(&steps.steps[2].beta, -1), 0);
    rw_delta_steps_clear(&steps);
    rw_matrix_free(transposed);
}
