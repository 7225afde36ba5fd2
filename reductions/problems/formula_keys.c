/* formula_keys.c - the keys `formula` and `assignment` of a problem. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "reductions/problems/formula.h"

const char *const rw_formula_keys[] = {"formula", "assignment", NULL};

/* Looking for near names costs the number of names, so it ends where problems are no longer kept. */
static bool hints_wanted(const struct rw_reader *r)
{
    return rw_diag_count(r->diag) <= r->limits->errors;
}

static void report_idle(struct rw_reader *r, const struct rw_yaml *key, const struct rw_formula *f)
{
    rw_read_error(r, key, "the variable '%.60s' does not occur in the formula", key->text);
    if (!hints_wanted(r))
        return;
    struct rw_near near = rw_near_start(key->text);
    for (uint32_t v = 0; v < rw_alphabet_size(f->variables); v++)
        rw_near_offer(&near, rw_alphabet_name(f->variables, v));
    rw_near_hint(&near, r->diag);
}

static void report_missing(struct rw_reader *r, const struct rw_yaml *node, const struct rw_yaml *map,
                           const struct rw_formula *f, uint32_t variable)
{
    const char *name = rw_alphabet_name(f->variables, variable);
    rw_diag_error(r->diag, rw_read_place(node, f->places[variable], strlen(name)),
                  "the variable '%.60s' has no value in 'assignment'", name);
    r->good = false;
    if (!hints_wanted(r))
        return;
    struct rw_near near = rw_near_start(name);
    for (size_t i = 0; i < map->count; i++)
        if (map->keys[i]->type == RW_YAML_SCALAR)
            rw_near_offer(&near, map->keys[i]->text);
    rw_near_hint(&near, r->diag);
}

/* f may be NULL after a syntax error: the values are still checked. */
static void read_assignment(struct rw_reader *r, const struct rw_yaml *map, const struct rw_yaml *node,
                            const struct rw_formula_language *language, struct rw_formula *f)
{
    size_t count = f == NULL ? 0 : rw_alphabet_size(f->variables), choice;
    uint8_t *assigned = rw_alloc(count, 1);
    for (size_t i = 0; i < map->count; i++) {
        uint32_t variable;
        const char *name = rw_read_name(r, map->keys[i], "a variable");
        bool valued = rw_read_choice(r, map->items[i], language->words, &choice);
        if (name == NULL || f == NULL)
            continue;
        if (!rw_alphabet_find(f->variables, name, strlen(name), &variable)) {
            report_idle(r, map->keys[i], f);
            continue;
        }
        assigned[variable] = 1;
        if (valued)
            f->assignment[variable] = language->values[choice];
    }
    for (uint32_t v = 0; v < count; v++)
        if (!assigned[v])
            report_missing(r, node, map, f, v);
    free(assigned);
}

static struct rw_formula *read_formula(struct rw_reader *r, const struct rw_yaml *node,
                                       const struct rw_formula_language *language)
{
    if (rw_read_text(r, node, "a formula") != NULL)
        return rw_formula_parse(r, node, language);
    if (rw_yaml_is_null(node)) /* !x is a tag in YAML, and &x an anchor */
        rw_diag_hint(r->diag, "put quotes around a formula that begins with '!', '&', '*' or '-'");
    return NULL;
}

void *rw_formula_read(struct rw_reader *r, const struct rw_formula_language *language)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "formula"), *map = rw_yaml_get(r->top, "assignment");
    struct rw_formula *f = node == NULL ? NULL : read_formula(r, node, language);
    bool closed = f != NULL && rw_alphabet_size(f->variables) == 0;
    if (map == NULL && !closed)
        map = rw_read_key(r, r->top, "assignment"); /* reports it */
    if (map != NULL && rw_read_expect(r, map, RW_YAML_MAP, "a mapping of variables to values"))
        read_assignment(r, map, node, language, f);
    if (r->good)
        return f;
    rw_formula_free(f);
    return NULL;
}

void rw_formula_release(void *formula)
{
    rw_formula_free(formula);
}

void rw_formula_size(const void *formula, FILE *out)
{
    const struct rw_formula *f = formula;
    size_t leaves = 0, variables = rw_alphabet_size(f->variables);
    for (size_t i = 0; i < f->count; i++)
        leaves += f->nodes[i].left == NULL;
    fprintf(out, "%zu %s, %zu %s, depth %zu", leaves, leaves == 1 ? "leaf" : "leaves", variables,
            variables == 1 ? "variable" : "variables", rw_formula_depth(f->root));
}

void rw_formula_write(const void *formula, FILE *out)
{
    const struct rw_formula *f = formula;
    fputs("formula: ", out);
    rw_write_scalar(out, f->text);
    fputs("\nassignment: {", out);
    for (uint32_t v = 0; v < rw_alphabet_size(f->variables); v++) {
        fputs(v > 0 ? ", " : "", out);
        rw_write_scalar(out, rw_alphabet_name(f->variables, v));
        fprintf(out, ": %d", f->assignment[v]);
    }
    fputs("}\n", out);
}
