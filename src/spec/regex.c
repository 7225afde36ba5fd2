/* regex.c - reading and writing `kind: regex`. */
#include <string.h>

#include "automata/regex.h"
#include "spec/edges.h"
#include "spec/kind.h"

static const char *const keys[] = {"pattern", NULL};

static struct rw_span place(void *context, size_t byte, size_t length)
{
    return rw_read_place(context, byte, length);
}

static void *read_regex(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    *simulator = &rw_regex_kind;
    if (!rw_alphabet_is_single(r->alphabet)) {
        rw_read_error(r, rw_yaml_get(r->top, "alphabet"), "the symbols of a regex are single characters");
        return NULL;
    }
    const struct rw_yaml *node = rw_read_key(r, r->top, "pattern");
    const char *pattern = node == NULL ? NULL : rw_read_text(r, node, "a pattern");
    if (pattern == NULL)
        return NULL;
    struct rw_regex *regex = rw_regex_parse(pattern, r->alphabet, r->limits, place, (void *)node, r->diag);
    r->good = r->good && regex != NULL;
    return regex;
}

static void write_regex(const struct rw_machine *machine, FILE *out)
{
    fputs("pattern: ", out);
    rw_write_scalar(out, ((const struct rw_regex *)machine->model)->pattern);
    fputc('\n', out);
}

static void table(const struct rw_machine *machine, struct rw_table *table)
{
    rw_table_edges(table, "position", ((const struct rw_regex *)machine->model)->positions, machine->alphabet);
}

const struct rw_spec_kind rw_spec_regex = {"regex", keys, read_regex, write_regex, table, rw_regex_facts};
