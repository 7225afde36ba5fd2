/* matrix_product.h - iterated products of d x d matrices with entries from a finite set (problem R6; complete for PNC1
 * at 3 x 3 over {-1, 0, 1}).
 *
 * A word is a sequence of entries, each matrix row by row; the value is one entry of the product of all matrices so
 * far. Words that end inside a matrix have no value. */
#ifndef RW_AUTOMATA_MATRIX_PRODUCT_H
#define RW_AUTOMATA_MATRIX_PRODUCT_H

#include "automata/machine.h"

struct rw_matrix_product {
    size_t dimension;
    size_t symbols;
    fmpq *entries;   /* the number that each symbol stands for */
    size_t row, col; /* the entry of the product that is asked for, from 0 */
};

/* Values: the entry itself, or (sign kind) 1 if it is > 0 and 0 otherwise. Quantities: "product i j" (from 0), then
 * "place" in the matrix. */
extern const struct rw_machine_kind rw_matrix_product_kind, rw_matrix_product_sign_kind;

struct rw_matrix_product *rw_matrix_product_new(size_t dimension, size_t symbols);
void rw_matrix_product_free(struct rw_matrix_product *model);

#endif
