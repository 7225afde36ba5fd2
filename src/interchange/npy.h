/* npy.h - arrays of integers in NumPy's format 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
#ifndef RW_INTERCHANGE_NPY_H
#define RW_INTERCHANGE_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum rw_npy_type { RW_NPY_INT32, RW_NPY_INT64 };

/* The header of an array of rows x cols (cols = 0: of rows), C order, little-endian. The values follow with rw_npy_put. */
bool rw_npy_start(FILE *out, enum rw_npy_type type, size_t rows, size_t cols);
bool rw_npy_put(FILE *out, enum rw_npy_type type, int64_t value);

#endif
