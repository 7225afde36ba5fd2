/* limits.c - the table of limits and setting one by name. */
#include "base/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/near.h"

#define ROW(field, name, value, what) {name, value, what},
const struct rw_limit_info rw_limit_table[] = {RW_LIMITS(ROW)};
#undef ROW
const unsigned rw_limit_count = sizeof rw_limit_table / sizeof rw_limit_table[0];

struct rw_limits rw_limits_standard(void)
{
    struct rw_limits limits = {
#define VALUE(field, name, value, what) .field = (value),
        RW_LIMITS(VALUE)
#undef VALUE
    };
    return limits;
}

static uint64_t *limit_field(struct rw_limits *limits, const char *name, size_t length)
{
#define MATCH(field, text, value, what)                                                                                \
    if (strlen(text) == length && memcmp(text, name, length) == 0)                                                     \
        return &limits->field;
    RW_LIMITS(MATCH)
#undef MATCH
    return NULL;
}

static bool parse_count(const char *text, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0;
}

bool rw_limits_set(struct rw_limits *limits, const char *assignment, struct rw_diag *diag)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL) {
        rw_diag_error(diag, rw_span_none(), "a limit is set as NAME=VALUE, not '%s'", assignment);
        return false;
    }
    uint64_t *field = limit_field(limits, assignment, (size_t)(equals - assignment));
    if (field == NULL) {
        struct rw_near near = rw_near_start_n(assignment, (size_t)(equals - assignment));
        for (unsigned i = 0; i < rw_limit_count; i++)
            rw_near_offer(&near, rw_limit_table[i].name);
        rw_diag_error(diag, rw_span_none(), "there is no limit '%.*s'", (int)(equals - assignment), assignment);
        rw_near_hint(&near, diag);
        return false;
    }
    if (!parse_count(equals + 1, field)) {
        rw_diag_error(diag, rw_span_none(), "the limit '%.*s' takes a whole number, not '%s'",
                      (int)(equals - assignment), assignment, equals + 1);
        return false;
    }
    return true;
}
