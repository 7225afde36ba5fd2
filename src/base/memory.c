/* memory.c - allocation that never returns NULL. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*out_of_memory_handler)(size_t bytes);

void rw_set_out_of_memory(void (*handler)(size_t bytes))
{
    out_of_memory_handler = handler;
}

_Noreturn void rw_out_of_memory(size_t bytes)
{
    if (out_of_memory_handler != NULL)
        out_of_memory_handler(bytes);
    abort();
}

size_t rw_product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        rw_out_of_memory(SIZE_MAX);
    return bytes;
}

void *rw_alloc(size_t count, size_t size)
{
    size_t bytes = rw_product(count, size);
    void *p = calloc(bytes == 0 ? 1 : bytes, 1);
    if (p == NULL)
        rw_out_of_memory(bytes);
    return p;
}

void *rw_resize(void *old, size_t count, size_t size)
{
    size_t bytes = rw_product(count, size);
    void *p = realloc(old, bytes == 0 ? 1 : bytes);
    if (p == NULL)
        rw_out_of_memory(bytes);
    return p;
}

void *rw_grow(void *list, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return list;
    size_t room = *capacity < 8 ? 8 : *capacity;
    while (room < needed)
        room = rw_product(room, 3) / 2 + 1;
    *capacity = room;
    return rw_resize(list, room, size);
}

char *rw_strndup(const char *text, size_t length)
{
    char *copy = rw_alloc(length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

char *rw_strdup(const char *text)
{
    return rw_strndup(text, strlen(text));
}

char *rw_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        rw_out_of_memory(strlen(format));
    return text;
}
