/* dataset_matrices.c - an entry of products of matrices over {-1, 0, 1}, modulo m or over the integers. */
#include <stdlib.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "reductions/problems/datasets.h"

/* A zero row of the first matrix or a zero column of the last one makes the entry 0. */
enum feature { ZERO_ENDS, ZEROS };
static const char *const features[] = {"zero row first or zero column last", "zeros", NULL};

#define MOST_DIMENSION 12

static struct rw_machine *machine(const struct rw_dataset_options *options)
{
    static const char *const names[] = {"-1", "0", "1"};
    struct rw_matrix_product *model = rw_matrix_product_new(options->dimension, 3);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (int i = 0; i < 3; i++) {
        rw_alphabet_add(alphabet, names[i]);
        fmpq_set_si(model->entries + i, i - 1, 1);
    }
    return rw_machine_new(&rw_matrix_product_kind, model, alphabet, "imm", "");
}

static size_t classes(const struct rw_dataset_options *options)
{
    return options->modulus > 0 ? options->modulus : 2;
}

/* Over the integers what is balanced is the sign: positive, or not. */
static size_t class_of(const struct rw_dataset_options *options, int64_t label)
{
    return options->modulus > 0 ? (size_t)label : label > 0;
}

/* row <- row * matrix, modulo m (0: none). false: an entry does not fit. */
static bool multiply(int64_t *row, const int64_t *matrix, size_t d, int64_t m)
{
    int64_t next[MOST_DIMENSION];
    for (size_t j = 0; j < d; j++) {
        next[j] = 0;
        for (size_t i = 0; i < d; i++)
            if (__builtin_add_overflow(next[j], row[i] * matrix[i * d + j], next + j))
                return false;
        if (m > 0)
            next[j] = (next[j] % m + m) % m;
        if (next[j] > INT64_MAX / 4 || next[j] < -(INT64_MAX / 4))
            return false;
    }
    for (size_t j = 0; j < d; j++)
        row[j] = next[j];
    return true;
}

static bool draw(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example)
{
    (void)machine;
    (void)wanted;
    size_t d = options->dimension, size = d * d, fewest = (least + size - 1) / size, largest = most / size;
    if (fewest == 0)
        fewest = 1;
    if (largest < fewest)
        return false;
    size_t count = fewest + rw_random_below(random, largest - fewest + 1), zeros = 0;
    int64_t row[MOST_DIMENSION] = {1}, matrix[MOST_DIMENSION * MOST_DIMENSION] = {0};
    bool zero_row = true, zero_column = true;
    for (size_t k = 0; k < count; k++) {
        for (size_t e = 0; e < size; e++) {
            uint32_t symbol = (uint32_t)rw_random_below(random, 3);
            matrix[e] = (int64_t)symbol - 1;
            zeros += matrix[e] == 0;
            rw_word_push(&example->word, symbol);
            zero_row = zero_row && !(k == 0 && e < d && matrix[e] != 0);
            zero_column = zero_column && !(k + 1 == count && e % d == 0 && matrix[e] != 0);
        }
        if (!multiply(row, matrix, d, (int64_t)options->modulus))
            return false;
    }
    example->label = row[0];
    example->features[ZERO_ENDS] = zero_row || zero_column;
    example->features[ZEROS] = (uint32_t)zeros;
    return true;
}

const struct rw_generator rw_generator_matrix_product = {
    .name = "matrix-product",
    .about =
        "d x d matrices over {-1, 0, 1}, row by row; label: entry (0, 0) of their product, or that modulo --modulus",
    .features = features,
    .keyed = ZERO_ENDS + 1,
    .machine = machine,
    .classes = classes,
    .class_of = class_of,
    .draw = draw,
};
