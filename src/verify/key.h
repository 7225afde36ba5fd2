/* key.h - exact vectors as hash keys. Internal to verify. */
#ifndef RW_VERIFY_KEY_H
#define RW_VERIFY_KEY_H

#include "exact/sparse.h"

/* Bytes that are the same for two vectors of one size iff they are equal; v must be tidy (rw_vector_tidy). Caller
 * frees. */
char *rw_vector_key(const struct rw_vector *v, size_t *size);

#endif
