/* memory.h - allocation that never returns NULL.
 *
 * Sizes that input decides are bounded by limits.h before anything is allocated; what remains is
 * real exhaustion, and FLINT and GMP cannot report that either. So there is one handler, which the
 * program sets (it names the problem and exits with 3) and which never returns. */
#ifndef RW_BASE_MEMORY_H
#define RW_BASE_MEMORY_H

#include <stddef.h>

/* Called with the size that could not be had; must not return. The default aborts. */
void rw_set_out_of_memory(void (*handler)(size_t bytes));
_Noreturn void rw_out_of_memory(size_t bytes);

/* `count` zeroed elements of `size` bytes; the product is checked. Zero elements give a valid pointer. Caller frees. */
void *rw_alloc(size_t count, size_t size);
/* `old` with room for `count` elements; new room is not zeroed. */
void *rw_resize(void *old, size_t count, size_t size);
/* Grows a list geometrically until `needed` elements fit; `capacity` is kept up to date. */
void *rw_grow(void *list, size_t *capacity, size_t needed, size_t size);

char *rw_strdup(const char *text);
char *rw_strndup(const char *text, size_t length);
/* A new string made as by printf. Caller frees. */
char *rw_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* count * size, or the out-of-memory handler when that overflows. */
size_t rw_product(size_t count, size_t size);

#endif
