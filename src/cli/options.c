/* options.c - reading the command line: getopt_long finds the options, the messages are ours. */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/near.h"

const struct rw_option_info rw_option_table[RW_OPTION_COUNT] = {
#define RW_OPTION_ROW(id, name, letter, argument, help) {name, letter, argument, help},
    RW_OPTIONS(RW_OPTION_ROW)
#undef RW_OPTION_ROW
};

_Static_assert(RW_OPTION_COUNT <= 32, "a set of options has 32 bits");

/* What getopt_long returns for option i: beyond all letters. */
#define FIRST_VALUE 256

static void list_options(rw_option_set allowed, struct option *longs, char *letters)
{
    size_t count = 0;
    *letters++ = ':'; /* a missing argument is reported as ':' */
    for (int i = 0; i < RW_OPTION_COUNT; i++) {
        const struct rw_option_info *info = rw_option_table + i;
        if (!(allowed & RW_TAKES(i)))
            continue;
        int wants = info->argument == NULL ? no_argument : info->argument[0] == '[' ? optional_argument : required_argument;
        longs[count++] = (struct option){info->name, wants, NULL, FIRST_VALUE + i};
        if (info->letter != 0) {
            *letters++ = info->letter;
            if (wants == required_argument)
                *letters++ = ':';
        }
    }
    longs[count] = (struct option){0};
    *letters = '\0';
}

static int option_of(int found)
{
    if (found >= FIRST_VALUE)
        return found - FIRST_VALUE;
    for (int i = 0; i < RW_OPTION_COUNT; i++)
        if (rw_option_table[i].letter == found)
            return i;
    return -1;
}

static void unknown_option(const char *text, rw_option_set allowed, struct rw_diag *diag)
{
    size_t length = strcspn(text, "=");
    rw_diag_error(diag, rw_span_none(), "unknown option '%.*s'", (int)length, text);
    if (strncmp(text, "--", 2) != 0)
        return;
    struct rw_near near = rw_near_start_n(text + 2, length - 2);
    for (int i = 0; i < RW_OPTION_COUNT; i++)
        if (allowed & RW_TAKES(i))
            rw_near_offer(&near, rw_option_table[i].name);
    if (near.best != NULL)
        rw_diag_hint(diag, "did you mean '--%s'?", near.best);
}

static void take(struct rw_arguments *arguments, int option, const char *value, struct rw_diag *diag)
{
    arguments->given |= RW_TAKES(option);
    arguments->value[option] = value == NULL ? "" : value;
    if (option == RW_OPTION_LIMIT)
        rw_limits_set(&arguments->limits, value, diag);
}

bool rw_arguments_read(struct rw_arguments *arguments, rw_option_set allowed, int argc, char **argv,
                       struct rw_diag *diag)
{
    struct option longs[RW_OPTION_COUNT + 1];
    char letters[2 * RW_OPTION_COUNT + 2];
    size_t before = rw_diag_count(diag);
    int found;
    *arguments = (struct rw_arguments){.limits = rw_limits_standard(), .names = rw_alloc((size_t)argc, sizeof(char *))};
    list_options(allowed, longs, letters);
    opterr = 0;
    optind = 0; /* begin anew */
    for (;;) {
        int at = optind > 0 ? optind : 1;
        found = getopt_long(argc, argv, letters, longs, NULL);
        if (found == -1)
            break;
        const char *text = argv[optind > at ? optind - 1 : at];
        if (found == '?')
            unknown_option(optopt >= FIRST_VALUE || optopt == 0 ? argv[optind - 1] : text, allowed, diag);
        else if (found == ':')
            rw_diag_error(diag, rw_span_none(), "option '%s' needs a value", argv[optind - 1]);
        else
            take(arguments, option_of(found), optarg, diag);
    }
    for (int i = optind; i < argc; i++)
        arguments->names[arguments->count++] = argv[i];
    return rw_diag_count(diag) == before;
}

void rw_arguments_clear(struct rw_arguments *arguments)
{
    free(arguments->names);
}

bool rw_arguments_number(const struct rw_arguments *arguments, enum rw_option option, uint64_t standard, uint64_t most,
                         uint64_t *value, struct rw_diag *diag)
{
    *value = standard;
    if (!rw_given(arguments, option))
        return true;
    const char *text = arguments->value[option];
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *value <= most)
        return true;
    rw_diag_error(diag, rw_span_none(), "--%s wants a number from 0 to %" PRIu64 ", not '%s'", rw_option_table[option].name,
                  most, text);
    return false;
}
