/* key.c - exact vectors as hash keys: FLINT keeps rationals canonical and small integers in one word. */
#include "verify/key.h"

#include "base/memory.h"

char *rw_vector_key(const struct rw_vector *v, size_t *size)
{
    char *key = NULL;
    FILE *out = open_memstream(&key, size);
    if (out == NULL)
        rw_out_of_memory(1);
    for (size_t k = 0; k < v->count; k++) {
        const fmpq *value = v->value + v->touched[k];
        fwrite(v->touched + k, sizeof *v->touched, 1, out);
        if (rw_q_is_small(value)) {
            fputc('n', out);
            fwrite(fmpq_numref(value), sizeof *fmpq_numref(value), 1, out);
        } else {
            fputc('q', out);
            rw_q_print(out, value);
            fputc(' ', out);
        }
    }
    fclose(out);
    return key;
}
