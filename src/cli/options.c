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

_Static_assert(RW_OPTION_COUNT <= 64, "a set of options has 64 bits");

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
        int wants = info->argument == NULL     ? no_argument
                    : info->argument[0] == '[' ? optional_argument
                                               : required_argument;
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

static bool is_known(const char *name, size_t length)
{
    for (int i = 0; i < RW_OPTION_COUNT; i++)
        if (strncmp(rw_option_table[i].name, name, length) == 0 && rw_option_table[i].name[length] == '\0')
            return true;
    return false;
}

/* How many of the command's options begin so; they are hints of the last problem if there are several. */
static size_t list_beginnings(const char *name, size_t length, rw_option_set allowed, struct rw_diag *diag)
{
    size_t count = 0;
    for (int i = 0; i < RW_OPTION_COUNT; i++) {
        if (!(allowed & RW_TAKES(i)) || strncmp(rw_option_table[i].name, name, length) != 0)
            continue;
        count++;
        rw_diag_hint(diag, "--%s", rw_option_table[i].name);
    }
    return count;
}

static void unknown_long(const char *text, rw_option_set allowed, struct rw_diag *diag)
{
    size_t length = strcspn(text, "=");
    if (list_beginnings(text, length, allowed, NULL) > 0) {
        rw_diag_error(diag, rw_span_none(), "'--%.*s' can mean more than one option", (int)length, text);
        list_beginnings(text, length, allowed, diag);
        return;
    }
    rw_diag_error(diag, rw_span_none(), "%s '--%.*s'",
                  is_known(text, length) ? "this command has no option" : "unknown option", (int)length, text);
    struct rw_near near = rw_near_start_n(text, length);
    for (int i = 0; i < RW_OPTION_COUNT; i++)
        if (allowed & RW_TAKES(i))
            rw_near_offer(&near, rw_option_table[i].name);
    if (near.best != NULL)
        rw_diag_hint(diag, "did you mean '--%s'?", near.best);
}

/* Whether the bad letter getopt_long has just found stands in the argument of the last one, as in -1.5: one message for
 * each argument will do. In the middle of an argument optind is its index, at its end the next one. */
static bool is_told(char **argv, int argc, const char **told)
{
    const char *next = optind < argc ? argv[optind] : NULL;
    if (*told != NULL && (next == *told || argv[optind - 1] == *told))
        return true;
    bool inside = next != NULL && next[0] == '-' && next[1] != '-' && strchr(next, optopt) != NULL;
    *told = inside ? next : NULL;
    return false;
}

/* getopt_long found '?' or ':'; `text` is the argument it was in. */
static void bad_option(int found, const char *text, rw_option_set allowed, struct rw_diag *diag)
{
    int option = optopt == 0 ? -1 : option_of(optopt);
    if (found == ':' && optopt < FIRST_VALUE)
        rw_diag_error(diag, rw_span_none(), "option '-%c' needs a value", optopt);
    else if (found == ':')
        rw_diag_error(diag, rw_span_none(), "option '--%s' needs a value", rw_option_table[option].name);
    else if (optopt >= FIRST_VALUE)
        rw_diag_error(diag, rw_span_none(), "option '--%s' takes no value", rw_option_table[option].name);
    else if (optopt == 0)
        unknown_long(text + strspn(text, "-"), allowed, diag);
    else {
        rw_diag_error(diag, rw_span_none(), "%s '-%c'", option < 0 ? "unknown option" : "this command has no option",
                      optopt);
        rw_diag_hint(diag, "a word that begins with '-' stands after '--'");
    }
}

static void take(struct rw_arguments *arguments, int option, const char *value, struct rw_diag *diag)
{
    arguments->given |= RW_TAKES(option);
    arguments->value[option] = value == NULL ? "" : value;
    if (option == RW_OPTION_LIMIT && !rw_limits_set(&arguments->limits, value, diag))
        rw_diag_hint(diag, "rnnwit --help lists the limits");
}

bool rw_arguments_read(struct rw_arguments *arguments, rw_option_set allowed, int argc, char **argv,
                       struct rw_diag *diag)
{
    struct option longs[RW_OPTION_COUNT + 1];
    char letters[2 * RW_OPTION_COUNT + 2];
    size_t before = rw_diag_count(diag);
    const char *told = NULL;
    int found;
    *arguments = (struct rw_arguments){.limits = rw_limits_standard(), .names = rw_alloc((size_t)argc, sizeof(char *))};
    list_options(allowed, longs, letters);
    opterr = 0;
    optind = 0; /* begin anew */
    for (;;) {
        optopt = 0;
        found = getopt_long(argc, argv, letters, longs, NULL);
        if (found == -1)
            break;
        bool letter = found == '?' && optopt > 0 && optopt < FIRST_VALUE;
        if (letter && is_told(argv, argc, &told))
            continue;
        if (found == '?' || found == ':')
            bad_option(found, argv[optind - 1], allowed, diag);
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
    if (most >= INT64_MAX)
        rw_diag_error(diag, rw_span_none(), "--%s wants a whole number, not '%s'", rw_option_table[option].name, text);
    else
        rw_diag_error(diag, rw_span_none(), "--%s wants a whole number from 0 to %" PRIu64 ", not '%s'",
                      rw_option_table[option].name, most, text);
    return false;
}
