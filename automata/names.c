/* names.c - names of states without blanks, all different. */
#include "automata/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* "{p, q}" -> "{p,q}", in place */
static void close_up(char *name)
{
    char *to = name;
    for (const char *from = name; *from != '\0'; from++)
        if (!(*from == ' ' && from > name && from[-1] == ','))
            *to++ = *from;
    *to = '\0';
}

static bool is_good(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(**(char **const *)a, **(char **const *)b);
}

/* Of names that are there more than once all become "". */
static void drop_repeated(char **names, size_t states)
{
    char ***sorted = rw_alloc(states, sizeof *sorted);
    for (size_t i = 0; i < states; i++)
        sorted[i] = names + i;
    qsort(sorted, states, sizeof *sorted, compare_names);
    for (size_t i = 0, end; i < states; i = end) {
        for (end = i + 1; end < states && strcmp(*sorted[end], *sorted[i]) == 0;)
            end++;
        for (size_t k = i; end - i > 1 && k < end; k++)
            (*sorted[k])[0] = '\0';
    }
    free(sorted);
}

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

static void name_the_others(char **names, size_t states)
{
    uint8_t *taken = taken_numbers(names, states, 2 * states); /* a name takes one number at most: enough are left */
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

void rw_names_mend(char **names, size_t states)
{
    for (size_t q = 0; q < states; q++) {
        close_up(names[q]);
        if (!is_good(names[q]))
            names[q][0] = '\0';
    }
    drop_repeated(names, states);
    name_the_others(names, states);
}
