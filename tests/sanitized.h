/* Under sanitizers, which make it many times slower, a part of a long test is run: RNNWIT_SANITIZED=1. */
#ifndef TESTS_SANITIZED_H
#define TESTS_SANITIZED_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static inline bool is_sanitized(void)
{
    const char *text = getenv("RNNWIT_SANITIZED");
    return text != NULL && strcmp(text, "1") == 0;
}

/* `count`, or one in `part` of it. */
static inline size_t sanitized_share(size_t count, size_t part)
{
    return is_sanitized() ? count / part : count;
}

#endif
