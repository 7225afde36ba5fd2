/* Numbers by bytes: the same for the same bytes, whatever was met in between; bytes may hold anything, and prefixes are others. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "verify/numbering.h"

#define KEYS 300

static char *copy(const char *bytes, size_t size)
{
    char *key = rw_alloc(size, 1);
    memcpy(key, bytes, size);
    return key;
}

Test(numbering, a_key_keeps_the_number_that_it_got_first)
{
    struct rw_numbering numbering = {0};
    struct rw_random random = rw_random_seed(3);
    char keys[KEYS][3];
    size_t sizes[KEYS], count = 0;
    for (size_t round = 0; round < 2000; round++) {
        char bytes[3] = {(char)rw_random_below(&random, 5), (char)rw_random_below(&random, 5),
                         (char)rw_random_below(&random, 5)};
        size_t size = 1 + (size_t)rw_random_below(&random, 3), known = 0;
        while (known < count && (sizes[known] != size || memcmp(keys[known], bytes, size) != 0))
            known++;
        uint32_t found = UINT32_MAX;
        bool is_new;
        cr_assert_eq(rw_numbering_find(&numbering, bytes, size, &found), known < count);
        cr_assert_eq(found, known < count ? known : UINT32_MAX);
        cr_assert_eq(rw_numbering_of(&numbering, copy(bytes, size), size, count, &is_new), known);
        cr_assert_eq(is_new, known == count);
        if (is_new) {
            memcpy(keys[count], bytes, size);
            sizes[count++] = size;
        }
    }
    cr_assert_eq(count, 5 + 25 + 125);
    rw_numbering_clear(&numbering);
    uint32_t found;
    cr_assert_not(rw_numbering_find(&numbering, keys[0], sizes[0], &found));
}
