/* Iterated matrix products: runs against products computed by the definition, values only at the end of a matrix. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#include "automata/matrix_product.h"
#include "base/memory.h"

#define DIMENSION 3
#define ENTRIES   (DIMENSION * DIMENSION)

/* Symbols for -1, 0, 1, 1/2; the entry (row, col) is asked for. Caller frees. */
static struct rw_matrix_product *model_of(size_t dimension, size_t row, size_t col)
{
    struct rw_matrix_product *model = rw_matrix_product_new(dimension, 4);
    for (slong s = 0; s < 3; s++)
        fmpq_set_si(model->entries + s, s - 1, 1);
    fmpq_set_si(model->entries + 3, 1, 2);
    model->row = row;
    model->col = col;
    return model;
}

/* product <- product * (the matrix that the symbols spell), by the definition. */
static void naive_multiply(const struct rw_matrix_product *model, fmpq product[ENTRIES], const uint32_t *symbols)
{
    fmpq result[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++)
        fmpq_init(result + i);
    for (size_t i = 0; i < DIMENSION; i++)
        for (size_t j = 0; j < DIMENSION; j++)
            for (size_t k = 0; k < DIMENSION; k++)
                fmpq_addmul(result + i * DIMENSION + j, product + i * DIMENSION + k,
                            model->entries + symbols[k * DIMENSION + j]);
    for (size_t i = 0; i < ENTRIES; i++) {
        fmpq_swap(product + i, result + i);
        fmpq_clear(result + i);
    }
}

/* The configuration must be the product so far and the place in the matrix; values are defined iff that is 0. */
static void assert_at(const struct rw_matrix_product *model, const void *run, fmpq product[ENTRIES], size_t place)
{
    const struct rw_machine_kind *kind = &rw_matrix_product_kind;
    struct rw_vector row;
    fmpq_t value;
    fmpq_init(value);
    rw_vector_init(&row, kind->quantities(model));
    kind->configuration(model, run, &row);
    for (size_t i = 0; i < ENTRIES; i++)
        cr_assert(rw_q_equal(row.value + i, product + i));
    rw_q_set_int(value, (int64_t)place);
    cr_assert(rw_q_equal(row.value + ENTRIES, value));
    cr_assert_eq(kind->defined(model, run), place == 0);
    const fmpq *asked = product + model->row * DIMENSION + model->col;
    kind->value(model, run, value);
    cr_assert(place > 0 || rw_q_equal(value, asked));
    rw_matrix_product_sign_kind.value(model, run, value);
    cr_assert(place > 0 || (fmpq_sgn(asked) > 0 ? rw_q_is_one(value) : rw_q_is_zero(value)));
    rw_vector_clear(&row);
    fmpq_clear(value);
}

Test(matrix_product, a_run_holds_the_product_of_the_matrices_read_so_far)
{
    struct rw_random random = rw_random_seed(1);
    const struct rw_machine_kind *kind = &rw_matrix_product_kind;
    for (int i = 0; i < 40; i++) {
        struct rw_matrix_product *model =
            model_of(DIMENSION, rw_random_below(&random, DIMENSION), rw_random_below(&random, DIMENSION));
        fmpq product[ENTRIES];
        uint32_t symbols[ENTRIES];
        void *run = kind->run_new(model), *copy = kind->run_new(model);
        for (size_t e = 0; e < ENTRIES; e++) {
            fmpq_init(product + e);
            rw_q_set_int(product + e, e % (DIMENSION + 1) == 0);
        }
        assert_at(model, run, product, 0);
        for (size_t k = 0; k < 6 * ENTRIES; k++) {
            symbols[k % ENTRIES] = (uint32_t)rw_random_below(&random, 4);
            kind->step(model, run, symbols[k % ENTRIES]);
            if (k % ENTRIES + 1 == ENTRIES)
                naive_multiply(model, product, symbols);
            assert_at(model, run, product, (k + 1) % ENTRIES);
            kind->run_copy(model, copy, run); /* goes on in the copy, matrix half read or not */
            void *kept = run;
            run = copy;
            copy = kept;
        }
        for (size_t e = 0; e < ENTRIES; e++)
            fmpq_clear(product + e);
        kind->run_free(model, run);
        kind->run_free(model, copy);
        rw_matrix_product_free(model);
    }
}

Test(matrix_product, the_order_of_the_factors_matters)
{
    static const uint32_t up[] = {2, 2, 1, 2}, down[] = {2, 1, 2, 2}; /* (1 1; 0 1) and (1 0; 1 1) */
    struct rw_matrix_product *model = model_of(2, 0, 0);
    const uint32_t *orders[2][2] = {{up, down}, {down, up}};
    fmpq_t value;
    fmpq_init(value);
    for (size_t order = 0; order < 2; order++) {
        void *run = rw_matrix_product_kind.run_new(model);
        for (size_t k = 0; k < 8; k++)
            rw_matrix_product_kind.step(model, run, orders[order][k / 4][k % 4]);
        rw_matrix_product_kind.value(model, run, value);
        cr_assert_eq(*fmpq_numref(value), order == 0 ? 2 : 1);
        rw_matrix_product_kind.run_free(model, run);
    }
    fmpq_clear(value);
    rw_matrix_product_free(model);
}

Test(matrix_product, products_of_dimension_one_are_powers_however_large)
{
    struct rw_matrix_product *model = model_of(1, 0, 0);
    fmpq_t value, expected;
    fmpq_init(value);
    fmpq_init(expected);
    void *run = rw_matrix_product_kind.run_new(model);
    for (int k = 0; k < 200; k++)
        rw_matrix_product_kind.step(model, run, 3);
    rw_matrix_product_kind.value(model, run, value);
    fmpq_set_si(expected, 1, 2);
    fmpq_pow_si(expected, expected, 200);
    cr_assert(rw_q_equal(value, expected));
    rw_matrix_product_kind.run_start(model, run);
    rw_matrix_product_kind.value(model, run, value);
    cr_assert(rw_q_is_one(value));
    rw_matrix_product_kind.run_free(model, run);
    fmpq_clear(value);
    fmpq_clear(expected);
    rw_matrix_product_free(model);
}

Test(matrix_product, quantities_are_named_by_row_and_column_and_the_place)
{
    struct rw_matrix_product *model = model_of(2, 0, 1);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < rw_matrix_product_kind.quantities(model); i++) {
        rw_matrix_product_kind.quantity_name(model, i, out);
        fputs("; ", out);
    }
    void *run = rw_matrix_product_kind.run_new(model);
    static const uint32_t symbols[] = {2, 3, 0, 1, 2};
    for (size_t k = 0; k < 5; k++)
        rw_matrix_product_kind.step(model, run, symbols[k]);
    rw_matrix_product_kind.print(model, run, out);
    fclose(out);
    cr_assert_str_eq(text, "product 0 0; product 0 1; product 1 0; product 1 1; place; [1 1/2; -1 0] + 1 entries");
    rw_matrix_product_kind.run_free(model, run);
    free(text);
    rw_matrix_product_free(model);
}
