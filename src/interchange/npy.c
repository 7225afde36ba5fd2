/* npy.c - writing NumPy arrays. */
#include "interchange/npy.h"

#include <string.h>

/* The header with its magic and length is a multiple of this. */
#define ALIGNMENT 64
#define PREFIX    10

bool rw_npy_start(FILE *out, enum rw_npy_type type, size_t rows, size_t cols)
{
    char header[4 * ALIGNMENT], shape[64];
    if (cols > 0)
        snprintf(shape, sizeof shape, "(%zu, %zu)", rows, cols);
    else
        snprintf(shape, sizeof shape, "(%zu,)", rows);
    int length = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                          type == RW_NPY_INT32 ? "<i4" : "<i8", shape);
    size_t padded = (PREFIX + (size_t)length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
    const unsigned char prefix[PREFIX] = {0x93, 'N', 'U', 'M',           'P',
                                          'Y',  1,   0,   padded & 0xff, (unsigned char)(padded >> 8)};
    memset(header + length, ' ', padded - (size_t)length - 1);
    header[padded - 1] = '\n';
    return fwrite(prefix, 1, PREFIX, out) == PREFIX && fwrite(header, 1, padded, out) == padded;
}

bool rw_npy_put(FILE *out, enum rw_npy_type type, int64_t value)
{
    unsigned char bytes[8] = {0};
    size_t size = type == RW_NPY_INT32 ? 4 : 8;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    return fwrite(bytes, 1, size, out) == size;
}
