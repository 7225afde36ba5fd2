/* matrix_product.c - an entry of an iterated product of integer matrices (R6).
 *
 * The automaton reads the matrices entry by entry; its alphabet is the set of entries that occur, with -1, 0 and 1. */
#include "automata/matrix_product.h"

#include <inttypes.h>
#include <stdlib.h>

#include <flint/fmpz_mat.h>

#include "base/memory.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"matrices", "entry", NULL};

#define MOST_DIMENSION 12

struct product {
    size_t dimension, count, row, col;
    fmpz *entries; /* entries[(matrix * dimension + i) * dimension + j] */
};

static size_t entry_count(const struct product *product)
{
    return product->count * product->dimension * product->dimension;
}

static void free_product(void *instance)
{
    struct product *product = instance;
    for (size_t i = 0; i < entry_count(product); i++)
        fmpz_clear(product->entries + i);
    free(product->entries);
    free(product);
}

/* --- reading --- */

/* Of any size. */
static void read_whole(struct rw_reader *r, const struct rw_yaml *node, fmpz_t number)
{
    fmpq_t value;
    fmpq_init(value);
    if (rw_read_number(r, node, value)) {
        if (fmpz_is_one(fmpq_denref(value)))
            fmpz_set(number, fmpq_numref(value));
        else
            rw_read_error(r, node, "expected a whole number, found '%.60s'", node->text);
    }
    fmpq_clear(value);
}

static void read_row(struct rw_reader *r, const struct rw_yaml *node, size_t dimension, fmpz *row)
{
    if (!rw_read_expect(r, node, RW_YAML_LIST, "a row of integers"))
        return;
    if (node->count != dimension) {
        rw_read_error(r, node, "expected a row of %zu integers, found %zu", dimension, node->count);
        return;
    }
    for (size_t j = 0; j < dimension; j++)
        read_whole(r, node->items[j], row + j);
}

static void read_matrix(struct rw_reader *r, const struct rw_yaml *node, struct product *product, size_t m)
{
    size_t d = product->dimension;
    if (!rw_read_expect(r, node, RW_YAML_LIST, "a matrix [[...], ...]"))
        return;
    if (node->count != d) {
        rw_read_error(r, node, "expected %zu rows, as in the first matrix, found %zu", d, node->count);
        return;
    }
    for (size_t i = 0; i < d; i++)
        read_row(r, node->items[i], d, product->entries + (m * d + i) * d);
}

static void read_matrices(struct rw_reader *r, const struct rw_yaml *node, struct product *product)
{
    if (!rw_read_expect(r, node, RW_YAML_LIST, "a list of matrices"))
        return;
    if (node->count == 0) {
        rw_read_error(r, node, "there is no matrix");
        return;
    }
    product->dimension = node->items[0]->type == RW_YAML_LIST ? node->items[0]->count : 1;
    if (product->dimension < 1 || product->dimension > MOST_DIMENSION) {
        rw_read_error(r, node->items[0], "the dimension is from 1 to %d, not %zu", MOST_DIMENSION, product->dimension);
        return;
    }
    product->count = node->count;
    product->entries =
        rw_alloc(rw_product(node->count, product->dimension * product->dimension), sizeof *product->entries);
    for (size_t m = 0; m < node->count; m++)
        read_matrix(r, node->items[m], product, m);
}

static void read_entry(struct rw_reader *r, struct product *product)
{
    const struct rw_yaml *node = rw_yaml_get(r->top, "entry");
    int64_t place[2] = {0, 0};
    if (node == NULL || !rw_read_expect(r, node, RW_YAML_LIST, "[row, column]"))
        return;
    if (node->count != 2) {
        rw_read_error(r, node, "expected [row, column], found %zu items", node->count);
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (rw_read_integer(r, node->items[i], place + i) && (place[i] < 0 || (size_t)place[i] >= product->dimension)) {
            rw_read_error(r, node->items[i], "rows and columns count from 0 to %zu", product->dimension - 1);
            place[i] = 0;
        }
    product->row = (size_t)place[0];
    product->col = (size_t)place[1];
}

static void *read_instance(struct rw_reader *r)
{
    struct product *product = rw_alloc(1, sizeof *product);
    const struct rw_yaml *node = rw_read_key(r, r->top, "matrices");
    if (node != NULL)
        read_matrices(r, node, product);
    if (r->good)
        read_entry(r, product);
    return product;
}

/* --- the direct answer: matrices times a row vector --- */

static void solve(const void *instance, fmpq_t answer)
{
    const struct product *product = instance;
    slong d = (slong)product->dimension;
    fmpz_mat_t row, matrix, next;
    fmpz_mat_init(row, 1, d);
    fmpz_mat_init(next, 1, d);
    fmpz_mat_init(matrix, d, d);
    fmpz_one(fmpz_mat_entry(row, 0, (slong)product->row));
    for (size_t m = 0; m < product->count; m++) {
        for (slong i = 0; i < d; i++)
            for (slong j = 0; j < d; j++)
                fmpz_set(fmpz_mat_entry(matrix, i, j), product->entries + ((slong)m * d + i) * d + j);
        fmpz_mat_mul(next, row, matrix);
        fmpz_mat_swap(row, next);
    }
    fmpq_set_fmpz(answer, fmpz_mat_entry(row, 0, (slong)product->col));
    fmpz_mat_clear(row);
    fmpz_mat_clear(next);
    fmpz_mat_clear(matrix);
}

/* --- the word --- */

static int compare(const void *a, const void *b)
{
    return fmpz_cmp(a, b);
}

/* The entries that occur and -1, 0, 1, in order; *count of them. Caller frees the list and no number in it: those that are not small
 * are the product's. */
static fmpz *symbols_of(const struct product *product, size_t *count)
{
    size_t all = entry_count(product);
    fmpz *symbols = rw_alloc(all + 3, sizeof *symbols);
    for (size_t i = 0; i < all; i++)
        symbols[i] = product->entries[i];
    for (size_t i = 0; i < 3; i++)
        symbols[all + i] = (fmpz)i - 1;
    qsort(symbols, all + 3, sizeof *symbols, compare);
    *count = 1;
    for (size_t i = 1; i < all + 3; i++)
        if (!fmpz_equal(symbols + i, symbols + *count - 1))
            symbols[(*count)++] = symbols[i];
    return symbols;
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    const struct product *product = instance;
    size_t all = entry_count(product), count;
    if (!rw_problem_fits(limits, diag, all))
        return false;
    fmpz *symbols = symbols_of(product, &count);
    if (count > limits->symbols) {
        rw_diag_limit(diag, rw_span_none(), "symbols", "%zu different numbers, more than %" PRIu64, count,
                      limits->symbols);
        free(symbols);
        return false;
    }
    struct rw_alphabet *alphabet = rw_alphabet_new();
    struct rw_matrix_product *model = rw_matrix_product_new(product->dimension, count);
    model->row = product->row;
    model->col = product->col;
    for (size_t s = 0; s < count; s++) {
        fmpz_set(fmpq_numref(model->entries + s), symbols + s);
        char *name = rw_q_text(model->entries + s);
        rw_alphabet_add(alphabet, name);
        free(name);
    }
    for (size_t i = 0; i < all; i++) {
        const fmpz *found = bsearch(product->entries + i, symbols, count, sizeof *symbols, compare);
        rw_word_push(word, (uint32_t)(found - symbols));
    }
    char *name = rw_format("imm-%zu", product->dimension);
    *machine =
        rw_machine_new(&rw_matrix_product_kind, model, alphabet, name, "an entry of the product of all matrices");
    free(name);
    free(symbols);
    return true;
}

static void size(const void *instance, FILE *out)
{
    const struct product *product = instance;
    fprintf(out, "%zu %s of %zu x %zu", product->count, product->count == 1 ? "matrix" : "matrices", product->dimension,
            product->dimension);
}

static void write_row(const fmpz *row, size_t dimension, bool comma, FILE *out)
{
    fputs(comma ? ", " : "", out);
    for (size_t j = 0; j < dimension; j++) {
        fputs(j > 0 ? ", " : "[", out);
        fmpz_fprint(out, row + j);
    }
    fputc(']', out);
}

static void write_keys(const void *instance, FILE *out)
{
    const struct product *product = instance;
    size_t d = product->dimension;
    fputs("matrices:\n", out);
    for (size_t m = 0; m < product->count; m++) {
        fputs("  - [", out);
        for (size_t i = 0; i < d; i++)
            write_row(product->entries + (m * d + i) * d, d, i > 0, out);
        fputs("]\n", out);
    }
    fprintf(out, "entry: [%zu, %zu]\n", product->row, product->col);
}

const struct rw_problem_kind rw_problem_matrix_product = {
    .name = "matrix-product",
    .title = "what is an entry of a product of matrices?",
    .complexity = "PNC1",
    .completeness = "from 3 x 3 over {-1, 0, 1} on complete for GapNC1, and its sign for PNC1, under AC0 reductions",
    .reference = "Ben-Or and Cleve 1992; Caussinus, McKenzie, Therien and Vollmer 1998",
    .family = "deltanet",
    .reduction = "R6: the matrices, entry by entry",
    .keys = keys,
    .read = read_instance,
    .free_instance = free_product,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
