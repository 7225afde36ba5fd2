/* numbering.h - numbers of things that are told apart by bytes, such as those of rw_vector_key. Internal to verify. */
#ifndef RW_VERIFY_NUMBERING_H
#define RW_VERIFY_NUMBERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uthash.h>

struct rw_met {
    char *key;
    uint32_t number;
    UT_hash_handle hh;
};

/* {0} is empty. */
struct rw_numbering {
    struct rw_met *table;
};

/* Whether these bytes have a number. */
bool rw_numbering_find(const struct rw_numbering *numbering, const char *key, size_t size, uint32_t *number);
/* Gives a number to bytes that have none. Takes the key. */
void rw_numbering_add(struct rw_numbering *numbering, char *key, size_t size, size_t number);
/* The number of these bytes, which is `next` if they have none yet. Takes the key. */
uint32_t rw_numbering_of(struct rw_numbering *numbering, char *key, size_t size, size_t next, bool *is_new);
void rw_numbering_clear(struct rw_numbering *numbering);

#endif
