/* block_model.c - iterated matrix products and weighted automata, block by block. */
#include "verify/block_model.h"

#include <stdlib.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

static struct rw_block_model *new_model(size_t dimension, size_t length, size_t ahead, size_t states)
{
    struct rw_block_model *model = rw_alloc(1, sizeof *model);
    *model = (struct rw_block_model){
        .dimension = dimension, .length = length, .ahead = ahead, .every_letter = states > 0, .states = states};
    model->start = rw_q_list_new(dimension);
    model->basis = rw_q_list_new(rw_product(dimension, states));
    model->first = rw_letters_list_new(length + 1);
    model->factor = rw_letters_list_new(rw_product(dimension, dimension));
    model->targets = rw_letters_list_new(rw_product(ahead, dimension));
    return model;
}

void rw_block_model_free(struct rw_block_model *model)
{
    if (model == NULL)
        return;
    rw_q_list_free(model->start, model->dimension);
    rw_q_list_free(model->basis, model->dimension * model->states);
    rw_letters_list_free(model->first, model->length + 1);
    rw_letters_list_free(model->factor, model->dimension * model->dimension);
    rw_letters_list_free(model->targets, model->ahead * model->dimension);
    free(model);
}

/* --- iterated matrix products: a block is a matrix, row by row --- */

static void add_entry(const struct rw_matrix_product *product, struct rw_letter_space *space, struct rw_letters *f,
                      size_t block, size_t i, size_t j)
{
    size_t d = product->dimension;
    const fmpq **values = rw_alloc(product->symbols, sizeof(const fmpq *));
    for (size_t s = 0; s < product->symbols; s++)
        values[s] = product->entries + s;
    rw_letters_add_letter(space, f, (uint32_t)(block * d * d + i * d + j), values);
    free(values);
}

/* Entry (i, col) of the product of two matrices. */
static void add_product_entry(const struct rw_matrix_product *product, struct rw_letter_space *space,
                              struct rw_letters *f, size_t i)
{
    for (size_t k = 0; k < product->dimension; k++) {
        struct rw_letters left = {0}, right = {0};
        add_entry(product, space, &left, 0, i, k);
        add_entry(product, space, &right, 1, k, product->col);
        rw_letters_add_product(space, f, &left, &right);
        rw_letters_clear(&left);
        rw_letters_clear(&right);
    }
}

struct rw_block_model *rw_block_model_of_product(const struct rw_matrix_product *product, struct rw_letter_space *space)
{
    size_t d = product->dimension, length = rw_product(d, d);
    struct rw_block_model *model = new_model(d, length, length, 0);
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    fmpq_one(model->start + product->row);
    if (product->row == product->col)
        rw_letters_add_constant(space, model->first, one);
    add_entry(product, space, model->first + length, 0, product->row, product->col);
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j < d; j++)
            add_entry(product, space, model->factor + i * d + j, 0, i, j);
        add_product_entry(product, space, model->targets + (length - 1) * d + i, i);
    }
    fmpq_clear(one);
    if (!space->exceeded)
        return model;
    rw_block_model_free(model);
    return NULL;
}

/* --- weighted automata: M_w v for all words w of a length --- */

/* A column for each word: entry i of word number `word` is value[word * states + i]. The first letter is the number's lowest digit. */
struct columns {
    const struct rw_wfa *wfa;
    size_t length, words;
    fmpq *value;
};

static void start_columns(struct columns *columns, const struct rw_wfa *wfa, const fmpq *v)
{
    *columns = (struct columns){wfa, 0, 1, rw_q_list_new(wfa->states)};
    for (size_t i = 0; i < wfa->states; i++)
        fmpq_set(columns->value + i, v + i);
}

static void clear_columns(struct columns *columns)
{
    rw_q_list_free(columns->value, columns->words * columns->wfa->states);
}

/* to = M_symbol from */
static void multiply(const struct rw_matrix *transposed, const fmpq *from, fmpq *to)
{
    for (size_t i = 0; i < transposed->cols; i++)
        for (size_t e = transposed->start[i]; e < transposed->start[i + 1]; e++)
            rw_q_addmul(to + i, transposed->value + e, from + transposed->row[e]);
}

/* One letter more, at the front. false: they would be too many. */
static bool extend_columns(struct columns *columns, struct rw_letter_space *space)
{
    const struct rw_wfa *wfa = columns->wfa;
    size_t n = wfa->states, symbols = wfa->symbols;
    if (columns->words > space->most / rw_product(n, symbols) || (symbols > 1 && columns->length == RW_MOST_LETTERS)) {
        space->exceeded = true;
        return false;
    }
    struct columns longer = {wfa, columns->length + 1, columns->words * symbols,
                             rw_q_list_new(columns->words * symbols * n)};
    for (size_t word = 0; word < longer.words; word++)
        multiply(wfa->letters[word % symbols], columns->value + word / symbols * n, longer.value + word * n);
    clear_columns(columns);
    *columns = longer;
    return true;
}

/* f = weights . M_w v as a function of w's letters, at places 0, 1, ...; weights NULL: entry `row` alone */
static void column_function(const struct columns *columns, struct rw_letter_space *space, const fmpq *weights,
                            size_t row, struct rw_letters *f)
{
    struct rw_letter_cases cases = {.places = space->symbols > 1 ? columns->length : 0, .count = columns->words};
    size_t n = columns->wfa->states;
    fmpq *values = rw_q_list_new(columns->words);
    for (size_t i = 0; i < cases.places; i++)
        cases.place[i] = (uint32_t)i;
    for (size_t word = 0; word < columns->words; word++) {
        if (weights == NULL)
            fmpq_set(values + word, columns->value + word * n + row);
        for (size_t i = 0; i < n && weights != NULL; i++)
            rw_q_addmul(values + word, weights + i, columns->value + word * n + i);
    }
    rw_letters_interpolate(space, f, &cases, values);
    rw_q_list_free(values, columns->words);
}

/* --- the space of columns --- */

static fmpq *entry(const fmpq_mat_t m, size_t i, size_t j)
{
    return fmpq_mat_entry(m, (slong)i, (slong)j);
}

/* The rows of `space` span a space of columns, in echelon form. Adds the rows of `more`. */
static void add_rows(fmpq_mat_t space, const fmpq_mat_t more)
{
    fmpq_mat_t both;
    fmpq_mat_init(both, fmpq_mat_nrows(space) + fmpq_mat_nrows(more), fmpq_mat_ncols(space));
    fmpq_mat_concat_vertical(both, space, more);
    slong rank = fmpq_mat_rref(both, both);
    fmpq_mat_clear(space);
    fmpq_mat_init(space, rank, fmpq_mat_ncols(both));
    for (slong i = 0; i < rank; i++)
        for (slong j = 0; j < fmpq_mat_ncols(both); j++)
            fmpq_set(fmpq_mat_entry(space, i, j), fmpq_mat_entry(both, i, j));
    fmpq_mat_clear(both);
}

/* Adds all M_a v, v in `space`, to the space `next`. */
static void extend_space(const struct rw_wfa *wfa, const fmpq_mat_t space, fmpq_mat_t next)
{
    slong rank = fmpq_mat_nrows(space), n = (slong)wfa->states;
    fmpq_mat_t images;
    fmpq_mat_init(images, rank, n);
    for (size_t s = 0; s < wfa->symbols; s++) {
        fmpq_mat_zero(images);
        for (slong i = 0; i < rank; i++)
            multiply(wfa->letters[s], fmpq_mat_entry(space, i, 0), fmpq_mat_entry(images, i, 0));
        add_rows(next, images);
    }
    fmpq_mat_clear(images);
}

/* space <- the space of all M_a v, v in it */
static void replace_space(const struct rw_wfa *wfa, fmpq_mat_t space)
{
    fmpq_mat_t next;
    fmpq_mat_init(next, 0, (slong)wfa->states);
    extend_space(wfa, space, next);
    fmpq_mat_swap(space, next);
    fmpq_mat_clear(next);
}

/* basis (1 row): the span of all M_w omega with |w| > length, which those with |w| <= length + ahead span already */
static void find_basis(const struct rw_wfa *wfa, size_t length, fmpq_mat_t basis, size_t *ahead)
{
    fmpq_mat_t shortest;
    slong rank = -1;
    for (size_t i = 0; i < wfa->states; i++)
        fmpq_set(entry(basis, 0, i), wfa->omega + i);
    for (size_t i = 0; i <= length; i++)
        replace_space(wfa, basis);
    fmpq_mat_init_set(shortest, basis);
    for (*ahead = 0; fmpq_mat_nrows(basis) > rank; (*ahead)++) {
        rank = fmpq_mat_nrows(basis);
        replace_space(wfa, basis);
        add_rows(basis, shortest);
    }
    fmpq_mat_clear(shortest);
}

/* The first nonzero of a row in echelon form: it is 1, and the other rows are 0 there. */
static size_t pivot_of(const fmpq_mat_t basis, size_t i)
{
    size_t j = 0;
    while (rw_q_is_zero(entry(basis, i, j)))
        j++;
    return j;
}

/* F: column k is M_u times basis column k, read at the basis' pivots. */
static void set_factor(struct rw_block_model *model, const struct rw_wfa *wfa, const fmpq_mat_t basis,
                       struct rw_letter_space *space)
{
    for (size_t k = 0; k < model->dimension && !space->exceeded; k++) {
        struct columns columns;
        start_columns(&columns, wfa, entry(basis, k, 0));
        while (columns.length < model->length && extend_columns(&columns, space))
            ;
        for (size_t i = 0; i < model->dimension; i++)
            column_function(&columns, space, NULL, pivot_of(basis, i), model->factor + i * model->dimension + k);
        clear_columns(&columns);
    }
}

/* Values of the first block's letters, and T_j = M_u M_w omega, read at the basis' pivots. */
static void set_values(struct rw_block_model *model, const struct rw_wfa *wfa, const fmpq_mat_t basis,
                       struct rw_letter_space *space)
{
    struct columns columns;
    start_columns(&columns, wfa, wfa->omega);
    do {
        size_t j = columns.length - model->length;
        if (columns.length <= model->length)
            column_function(&columns, space, wfa->alpha, 0, model->first + columns.length);
        for (size_t i = 0; i < model->dimension && columns.length > model->length; i++)
            column_function(&columns, space, NULL, pivot_of(basis, i), model->targets + (j - 1) * model->dimension + i);
    } while (columns.length < model->length + model->ahead && extend_columns(&columns, space));
    clear_columns(&columns);
}

struct rw_block_model *rw_block_model_of_wfa(const struct rw_wfa *wfa, size_t length, struct rw_letter_space *space)
{
    fmpq_mat_t basis;
    size_t ahead;
    fmpq_mat_init(basis, 1, (slong)wfa->states);
    find_basis(wfa, length, basis, &ahead);
    struct rw_block_model *model =
        new_model((size_t)fmpq_mat_nrows(basis), length, ahead > length ? ahead : length, wfa->states);
    for (size_t i = 0; i < model->dimension; i++)
        for (size_t j = 0; j < wfa->states; j++) {
            fmpq_set(model->basis + i * wfa->states + j, entry(basis, i, j));
            fmpq_addmul(model->start + i, wfa->alpha + j, entry(basis, i, j));
        }
    set_values(model, wfa, basis, space);
    if (!space->exceeded)
        set_factor(model, wfa, basis, space);
    fmpq_mat_clear(basis);
    if (!space->exceeded)
        return model;
    rw_block_model_free(model);
    return NULL;
}
