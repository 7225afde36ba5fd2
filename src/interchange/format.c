/* format.c - the table of foreign formats. */
#include "interchange/format.h"

#include <string.h>

#include "interchange/att.h"

const struct rw_format rw_formats[] = {
    {"att", "AT&T / OpenFst text", rw_att_suffixes, rw_att_read, NULL},
};
const size_t rw_format_count = sizeof rw_formats / sizeof *rw_formats;

const struct rw_format *rw_format_find(const char *name)
{
    for (size_t i = 0; i < rw_format_count; i++)
        if (strcmp(rw_formats[i].name, name) == 0)
            return rw_formats + i;
    return NULL;
}

static bool ends_with(const char *path, const char *suffix)
{
    size_t length = strlen(path), end = strlen(suffix);
    return length > end && strcmp(path + length - end, suffix) == 0;
}

const struct rw_format *rw_format_of(const char *path)
{
    for (size_t i = 0; i < rw_format_count; i++)
        for (const char *const *suffix = rw_formats[i].suffixes; *suffix != NULL; suffix++)
            if (ends_with(path, *suffix))
                return rw_formats + i;
    return NULL;
}
