/* near.c - optimal string alignment distance, for "did you mean". */
#include "base/near.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

/* Longer names are never suggested: the distance costs length x length, and input decides the length. */
#define LONGEST 64

struct rw_near rw_near_start_n(const char *wanted, size_t length)
{
    /* a third of the name may be wrong, but at least one character and never the whole name */
    size_t allowed = length <= 1 ? 0 : length < 4 ? 1 : length / 3;
    return (struct rw_near){.wanted = wanted, .length = length, .best = NULL, .distance = allowed + 1};
}

struct rw_near rw_near_start(const char *wanted)
{
    return rw_near_start_n(wanted, strlen(wanted));
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b; three rows of the usual table. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= n; j++)
        last[j] = j;
    for (size_t i = 1; i <= m; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[n];
}

void rw_near_offer(struct rw_near *near, const char *name)
{
    size_t length = strlen(name);
    size_t gap = length > near->length ? length - near->length : near->length - length;
    if (gap >= near->distance || length > LONGEST || near->length > LONGEST)
        return;
    size_t d = distance(near->wanted, near->length, name, length);
    if (d < near->distance) {
        near->distance = d;
        near->best = name;
    }
}

void rw_near_hint(const struct rw_near *near, struct rw_diag *diag)
{
    if (near->best != NULL)
        rw_diag_hint(diag, "did you mean '%s'?", near->best);
}
