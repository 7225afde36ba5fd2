/* cra.c - reading and writing `kind: cra`. The updates' own little language is read by cra_update.c. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/cra.h"
#include "base/memory.h"
#include "spec/cra_update.h"
#include "spec/kind.h"

static const char *const keys[] = {"registers", "updates", "output", NULL};

/* --- registers: {x: 0, y: 1} --- */

static void check_register_name(struct rw_reader *r, const struct rw_yaml *key)
{
    const char *name = key->type == RW_YAML_SCALAR ? key->text : "";
    if (*name == '\0') /* reported as a name of any kind */
        return;
    if (strcmp(name, "max") == 0)
        rw_read_error(r, key, "'max' cannot be the name of a register");
    else if (!rw_cra_is_name(name, key->length))
        rw_read_error(r, key, "the name of a register has letters, digits and _, and begins with no digit");
}

/* A natural number as the value of a key. */
static void read_initial(struct rw_reader *r, const struct rw_yaml *node, fmpz_t value)
{
    fmpq_t number;
    fmpq_init(number);
    if (rw_read_number(r, node, number)) {
        if (rw_q_sign(number) < 0 || !fmpz_is_one(fmpq_denref(number)))
            rw_read_error(r, node, "registers are natural numbers, and '%.60s' is not one", node->text);
        else
            fmpz_set(value, fmpq_numref(number));
    }
    fmpq_clear(number);
}

/* The names; *map is the mapping, or NULL if there is none. */
static struct rw_names *read_registers(struct rw_reader *r, const struct rw_yaml **map)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "registers");
    if (node != NULL && !rw_read_expect(r, node, RW_YAML_MAP, "a mapping of registers to their initial values"))
        node = NULL;
    *map = node;
    if (node == NULL)
        return rw_read_names(r, NULL, "register", r->limits->registers, "registers");
    for (size_t i = 0; i < node->count; i++)
        check_register_name(r, node->keys[i]);
    const struct rw_yaml list = {.type = RW_YAML_LIST, .span = node->span, .count = node->count, .items = node->keys};
    return rw_read_names(r, &list, "register", r->limits->registers, "registers");
}

static void read_initials(struct rw_reader *r, const struct rw_yaml *map, const struct rw_names *names,
                          struct rw_cra *cra)
{
    fmpz_t value;
    uint32_t number;
    fmpz_init(value);
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        read_initial(r, map->items[i], value);
        if (rw_names_count(names) == map->count && rw_read_ref(r, map->keys[i], names, &number))
            fmpz_set(cra->initial + number, value);
    }
    fmpz_clear(value);
}

/* --- updates: {a: [x = x + 1, ...], ...} --- */

/* Where each register was updated first by the present letter. */
struct target {
    size_t letter; /* 1 + its number; 0: none yet */
    struct rw_span span;
};

/* Puts a good update in its place, or frees it. */
static void place_update(struct rw_reader *r, struct rw_cra *cra, uint32_t symbol, struct rw_cra_parsed *parsed,
                         struct target *targets)
{
    struct target *target = parsed->known ? targets + parsed->update.target : NULL;
    if (target != NULL && target->letter == (size_t)symbol + 1) {
        rw_diag_error(r->diag, parsed->span, "the register '%s' is updated twice by '%s'",
                      cra->names[parsed->update.target], rw_alphabet_name(r->alphabet, symbol));
        rw_diag_note(r->diag, target->span, "it is first here");
        r->good = false;
        parsed->good = false;
    } else if (target != NULL) {
        *target = (struct target){(size_t)symbol + 1, parsed->span};
    }
    if (parsed->good)
        *rw_cra_add_update(cra, symbol, parsed->update.target) = parsed->update;
    else
        rw_cra_update_clear(&parsed->update);
}

static void read_letter(struct rw_reader *r, const struct rw_yaml *list, uint32_t symbol, const struct rw_names *names,
                        struct rw_cra *cra, struct target *targets)
{
    if (!rw_read_expect(r, list, RW_YAML_LIST, "a list of updates"))
        return;
    for (size_t i = 0; i < list->count;) {
        struct rw_cra_parsed parsed;
        i += rw_cra_parse_update(r, list, i, names, &parsed);
        place_update(r, cra, symbol, &parsed, targets);
    }
}

static void read_updates(struct rw_reader *r, const struct rw_names *names, struct rw_cra *cra)
{
    const struct rw_yaml *map = rw_read_key(r, r->top, "updates");
    if (map == NULL || !rw_read_expect(r, map, RW_YAML_MAP, "a mapping of letters to lists of updates"))
        return;
    uint8_t *given = rw_alloc(cra->symbols, 1);
    struct target *targets = rw_alloc(cra->registers, sizeof *targets);
    for (size_t i = 0; i < map->count; i++) {
        uint32_t symbol;
        if (!rw_read_symbol(r, map->keys[i], &symbol))
            continue;
        given[symbol] = 1;
        read_letter(r, map->items[i], symbol, names, cra, targets);
    }
    for (uint32_t a = 0; a < cra->symbols; a++) {
        if (given[a])
            continue;
        rw_read_error(r, map, "the letter '%s' has no updates", rw_alphabet_name(r->alphabet, a));
        rw_diag_hint(r->diag, "an empty list, '%s: []', keeps all registers", rw_alphabet_name(r->alphabet, a));
    }
    free(given);
    free(targets);
}

static void *read_cra(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    *simulator = &rw_cra_kind;
    const struct rw_yaml *map;
    struct rw_names *names = read_registers(r, &map);
    struct rw_cra *cra = rw_cra_new(rw_names_count(names), rw_alphabet_size(r->alphabet));
    rw_names_give(names, cra->names);
    read_initials(r, map, names, cra);
    read_updates(r, names, cra);
    const struct rw_yaml *output = rw_read_key(r, r->top, "output");
    if (output != NULL)
        rw_cra_parse_sum(r, output, names, &cra->output);
    rw_names_free(names);
    return cra;
}

/* --- writing --- */

static void write_letter(const struct rw_cra *cra, const struct rw_cra_letter *letter, FILE *out)
{
    fputs(letter->count == 0 ? " []\n" : "\n", out);
    for (size_t i = 0; i < letter->count; i++) {
        fputs("    - ", out);
        rw_cra_update_print(cra, letter->updates + i, out);
        fputc('\n', out);
    }
}

static void write_cra(const struct rw_machine *owner, FILE *out)
{
    const struct rw_cra *cra = owner->model;
    fputs("registers: {", out);
    for (size_t i = 0; i < cra->registers; i++) {
        fputs(i > 0 ? ", " : "", out);
        rw_write_scalar(out, cra->names[i]);
        fputs(": ", out);
        fmpz_fprint(out, cra->initial + i);
    }
    fputs("}\nupdates:\n", out);
    for (uint32_t a = 0; a < cra->symbols; a++) {
        fputs("  ", out);
        rw_write_scalar(out, rw_alphabet_name(owner->alphabet, a));
        fputc(':', out);
        write_letter(cra, cra->letters + a, out);
    }
    fputs("output: ", out);
    rw_cra_form_print(cra, &cra->output, out);
    fputc('\n', out);
}

static char *updates_text(const struct rw_cra *cra, const struct rw_cra_letter *letter)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < letter->count; i++) {
        fputs(i > 0 ? "; " : "", out);
        rw_cra_update_print(cra, letter->updates + i, out);
    }
    fputs(letter->count == 0 ? "keeps all" : "", out);
    fclose(out);
    return text;
}

static void table(const struct rw_machine *owner, struct rw_table *table)
{
    const struct rw_cra *cra = owner->model;
    rw_table_cell(table, rw_strdup("reads"));
    rw_table_cell(table, rw_strdup("updates"));
    rw_table_end_row(table);
    for (uint32_t a = 0; a < cra->symbols; a++) {
        rw_table_cell(table, rw_strdup(rw_alphabet_name(owner->alphabet, a)));
        rw_table_cell(table, updates_text(cra, cra->letters + a));
        rw_table_end_row(table);
    }
}

const struct rw_spec_kind rw_spec_cra = {"cra", keys, read_cra, write_cra, table, rw_cra_facts};
