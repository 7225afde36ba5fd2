/* names.c - names for states that have none. */
#include "automata/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* taken[i]: some state is called q<i>. */
static uint8_t *taken_numbers(char *const *names, size_t states, size_t count)
{
    uint8_t *taken = rw_alloc(count, sizeof *taken);
    for (size_t q = 0; q < states; q++) {
        const char *digits = names[q] + (names[q][0] == 'q');
        if (names[q][0] != 'q' || digits[0] < '0' || digits[0] > '9' || strlen(digits) > 18)
            continue;
        uint64_t number = strtoull(digits, NULL, 10);
        if (number < count)
            taken[number] = 1;
    }
    return taken;
}

void rw_name_the_others(char **names, size_t states)
{
    uint8_t *taken =
        taken_numbers(names, states, 2 * states); /* each name takes one number at most, so enough are left */
    size_t number = 0;
    for (size_t q = 0; q < states; q++) {
        if (names[q][0] != '\0')
            continue;
        while (taken[number])
            number++;
        free(names[q]);
        names[q] = rw_format("q%zu", number++);
    }
    free(taken);
}
