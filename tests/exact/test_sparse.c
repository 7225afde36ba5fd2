/* Sparse vectors and matrices against FLINT's dense ones. */
#include <criterion/criterion.h>
#include <flint/fmpq_mat.h>

#include "base/random.h"
#include "exact/sparse.h"

static void random_number(fmpq_t q, struct rw_random *random)
{
    fmpq_set_si(q, (slong)rw_random_below(random, 7) - 3, 1 + rw_random_below(random, 3));
}

/* A sparse matrix and its dense twin; entries repeat, so that adding up and cancelling are met. */
static struct rw_matrix *random_matrix(struct rw_random *random, size_t rows, size_t cols, fmpq_mat_t dense)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    fmpq_t q;
    fmpq_init(q);
    for (size_t k = rows == 0 || cols == 0 ? 0 : rw_random_below(random, 2 * rows * cols + 1); k > 0; k--) {
        size_t i = rw_random_below(random, rows), j = rw_random_below(random, cols);
        random_number(q, random);
        rw_builder_add(builder, i, j, q);
        fmpq_add(fmpq_mat_entry(dense, i, j), fmpq_mat_entry(dense, i, j), q);
    }
    fmpq_clear(q);
    return rw_builder_finish(builder);
}

static void check_products(struct rw_random *random, const struct rw_matrix *m, const fmpq_mat_t dense)
{
    struct rw_vector x, y, z;
    rw_vector_init(&x, m->cols);
    rw_vector_init(&y, m->rows);
    rw_vector_init(&z, m->cols);
    for (size_t j = 0; j < m->cols; j++)
        if (rw_random_below(random, 2))
            random_number(rw_vector_at(&x, (uint32_t)j), random);
    rw_matrix_apply(m, &x, &y);
    rw_matrix_apply_transposed(m, &y, &z);
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t i = 0; i < m->rows; i++) {
        fmpq_zero(sum);
        for (size_t j = 0; j < m->cols; j++)
            fmpq_addmul(sum, fmpq_mat_entry(dense, i, j), x.value + j);
        cr_assert(fmpq_equal(sum, y.value + i));
    }
    for (size_t j = 0; j < m->cols; j++) {
        fmpq_zero(sum);
        for (size_t i = 0; i < m->rows; i++)
            fmpq_addmul(sum, fmpq_mat_entry(dense, i, j), y.value + i);
        cr_assert(fmpq_equal(sum, z.value + j));
    }
    fmpq_clear(sum);
    rw_vector_clear(&x);
    rw_vector_clear(&y);
    rw_vector_clear(&z);
}

Test(sparse, products_agree_with_dense_matrices)
{
    struct rw_random random = rw_random_seed(11);
    for (int round = 0; round < 300; round++) {
        size_t rows = rw_random_below(&random, 6), cols = rw_random_below(&random, 6);
        fmpq_mat_t dense;
        fmpq_mat_init(dense, (slong)rows, (slong)cols);
        struct rw_matrix *m = random_matrix(&random, rows, cols, dense);
        size_t nonzeros = 0;
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < cols; j++) {
                const fmpq *entry = rw_matrix_entry(m, i, j);
                cr_assert_eq(entry == NULL, fmpq_is_zero(fmpq_mat_entry(dense, i, j)));
                cr_assert(entry == NULL || fmpq_equal(entry, fmpq_mat_entry(dense, i, j)));
                nonzeros += entry != NULL;
            }
        cr_assert_eq(nonzeros, rw_matrix_nonzeros(m));
        check_products(&random, m, dense);
        struct rw_matrix *copy = rw_matrix_copy(m);
        cr_assert(rw_matrix_equal(m, copy));
        if (nonzeros > 0) {
            fmpq_add_si(copy->value, copy->value, 1);
            cr_assert_not(rw_matrix_equal(m, copy));
        }
        rw_matrix_free(copy);
        rw_matrix_free(m);
        fmpq_mat_clear(dense);
    }
}

Test(sparse, vectors_are_equal_by_value_not_by_touch)
{
    struct rw_vector a, b;
    rw_vector_init(&a, 4);
    rw_vector_init(&b, 4);
    fmpq_set_si(rw_vector_at(&a, 2), 5, 1);
    rw_vector_at(&b, 0);
    cr_assert_not(rw_vector_equal(&a, &b));
    fmpq_set_si(rw_vector_at(&b, 2), 5, 1);
    cr_assert(rw_vector_equal(&a, &b));
    rw_vector_tidy(&b);
    cr_assert_eq(b.count, 1);
    rw_vector_copy(&a, &b);
    rw_vector_zero(&b);
    cr_assert_eq(a.count, 1);
    cr_assert(fmpq_is_zero(b.value + 2));
    rw_vector_clear(&a);
    rw_vector_clear(&b);
}
