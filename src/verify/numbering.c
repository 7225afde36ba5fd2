/* numbering.c - a table of bytes and their numbers. */
#include "verify/numbering.h"

#include <stdlib.h>

#include "base/memory.h"

bool rw_numbering_find(const struct rw_numbering *numbering, const char *key, size_t size, uint32_t *number)
{
    struct rw_met *met;
    HASH_FIND(hh, numbering->table, key, size, met);
    if (met != NULL)
        *number = met->number;
    return met != NULL;
}

void rw_numbering_add(struct rw_numbering *numbering, char *key, size_t size, size_t number)
{
    struct rw_met *met = rw_alloc(1, sizeof *met);
    met->key = key;
    met->number = (uint32_t)number;
    HASH_ADD_KEYPTR(hh, numbering->table, met->key, size, met);
}

uint32_t rw_numbering_of(struct rw_numbering *numbering, char *key, size_t size, size_t next, bool *is_new)
{
    uint32_t number = (uint32_t)next;
    *is_new = !rw_numbering_find(numbering, key, size, &number);
    if (*is_new)
        rw_numbering_add(numbering, key, size, next);
    else
        free(key);
    return number;
}

void rw_numbering_clear(struct rw_numbering *numbering)
{
    struct rw_met *met = numbering->table; /* still linked when the table is gone */
    HASH_CLEAR(hh, numbering->table);
    for (struct rw_met *next; met != NULL; met = next) {
        next = met->hh.next;
        free(met->key);
        free(met);
    }
}
