/* formula.c - a precedence parser whose nodes come out in the order of evaluation. */
#include "reductions/problems/formula.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"

/* --- operators --- */

struct operator
{
    const char *sign;
    enum rw_formula_kind kind;
    int binding; /* the higher, the tighter */
    bool right;  /* a -> b -> c is a -> (b -> c) */
};

static const struct operator boolean_operators[] = {
    {"->", RW_IMPLIES, 1, true}, {"|", RW_OR, 2, false}, {"^", RW_XOR, 3, false}, {"&", RW_AND, 4, false}, {0}};
static const struct operator arithmetic_operators[] = {
    {"+", RW_ADD, 1, false}, {"-", RW_SUBTRACT, 1, false}, {"*", RW_MULTIPLY, 2, false}, {0}};

struct parser {
    struct rw_reader *r;
    const struct rw_yaml *node;
    struct rw_formula *formula;
    const struct operator* operators;
    const char *text;
    size_t at, depth;
    bool good;
};

static void fail(struct parser *p, size_t at, size_t length, const char *format, const char *what)
{
    if (!p->good)
        return;
    rw_diag_error(p->r->diag, rw_read_place(p->node, at, length), format, (int)length, p->text + at, what);
    p->good = p->r->good = false;
}

static void skip_blanks(struct parser *p)
{
    while (p->text[p->at] == ' ' || p->text[p->at] == '\n' || p->text[p->at] == '\t')
        p->at++;
}

static size_t add_node(struct parser *p, struct rw_formula_node node)
{
    struct rw_formula *f = p->formula;
    f->nodes = rw_grow(f->nodes, &f->capacity, f->count + 1, sizeof *f->nodes);
    f->nodes[f->count] = node;
    return f->count++;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static void unknown_variable(struct parser *p, size_t length)
{
    const struct rw_formula *f = p->formula;
    const char *name = p->text + p->at;
    fail(p, p->at, length, "the variable '%.*s' has no value%s", "");
    struct rw_near near = rw_near_start_n(name, length);
    for (size_t i = 0; i < f->variable_count; i++)
        rw_near_offer(&near, f->variables[i].name);
    if (near.best == NULL)
        rw_diag_hint(p->r->diag, "give it one under 'assignment'");
    rw_near_hint(&near, p->r->diag);
}

static size_t parse_word(struct parser *p, size_t length)
{
    static const char *const constants[] = {"false", "true", "0", "1"};
    const char *name = p->text + p->at;
    struct rw_formula_node leaf = {.kind = RW_LEAF};
    for (int i = p->formula->arithmetic ? 2 : 0; i < 4; i++)
        if (strlen(constants[i]) == length && strncmp(constants[i], name, length) == 0) {
            leaf.value = i % 2;
            p->at += length;
            return add_node(p, leaf);
        }
    for (size_t i = 0; i < p->formula->variable_count; i++) {
        struct rw_formula_variable *variable = p->formula->variables + i;
        if (strlen(variable->name) != length || strncmp(variable->name, name, length) != 0)
            continue;
        variable->used = true;
        leaf.value = variable->value;
        p->at += length;
        return add_node(p, leaf);
    }
    if (isdigit((unsigned char)*name))
        fail(p, p->at, length, "'%.*s' is not %s", p->formula->arithmetic ? "-1, 0 or 1" : "0 or 1");
    else
        unknown_variable(p, length);
    return 0;
}

static size_t parse_binary(struct parser *p, int least);

static bool is_negation(const struct parser *p)
{
    char c = p->text[p->at];
    return p->formula->arithmetic ? c == '-' : c == '!' || c == '~';
}

/* One level down; false where that is too deep. */
static bool deeper(struct parser *p)
{
    if (++p->depth > p->r->limits->depth && p->good) {
        rw_diag_limit(p->r->diag, rw_read_place(p->node, p->at, 1), "depth",
                      "the formula is nested more than %" PRIu64 " deep", p->r->limits->depth);
        p->good = p->r->good = false;
    }
    return p->good;
}

static size_t parse_operand(struct parser *p)
{
    skip_blanks(p);
    deeper(p);
    size_t node = 0, length = word_length(p->text + p->at);
    if (!p->good) {
        /* said already */
    } else if (is_negation(p)) {
        p->at++;
        node = parse_operand(p);
        node = add_node(p, (struct rw_formula_node){.kind = RW_NEGATE, .left = node});
    } else if (p->text[p->at] == '(') {
        size_t open = p->at++;
        node = parse_binary(p, 0);
        skip_blanks(p);
        if (p->good && p->text[p->at] != ')')
            fail(p, open, 1, "this '%.*s' is not closed%s", "");
        p->at += p->text[p->at] == ')';
    } else if (length > 0) {
        node = parse_word(p, length);
    } else if (p->text[p->at] == '\0') {
        fail(p, p->at, 0, "%.*sthe formula ends where an operand is wanted%s", "");
    } else {
        fail(p, p->at, 1, "expected a variable, a constant or '(', found '%.*s'%s", "");
    }
    p->depth--;
    return node;
}

static const struct operator* next_operator(struct parser *p)
{
    skip_blanks(p);
    for (const struct operator* o = p->operators; o->sign != NULL; o++)
        if (strncmp(p->text + p->at, o->sign, strlen(o->sign)) == 0)
            return o;
    return NULL;
}

/* Operators that bind at least so tightly. */
static size_t parse_binary(struct parser *p, int least)
{
    size_t left = parse_operand(p);
    for (const struct operator* o; p->good && (o = next_operator(p)) != NULL && o->binding >= least;) {
        p->at += strlen(o->sign);
        if (o->right && !deeper(p))
            break;
        size_t right = parse_binary(p, o->right ? o->binding : o->binding + 1);
        p->depth -= o->right;
        left = add_node(p, (struct rw_formula_node){.kind = o->kind, .left = left, .right = right});
    }
    return left;
}

/* --- reading --- */

static void read_value(struct rw_reader *r, const struct rw_yaml *node, bool arithmetic, int *value)
{
    static const char *const words[] = {"0", "1", "false", "true", NULL};
    size_t choice;
    int64_t number = 0;
    if (!arithmetic) {
        if (rw_read_choice(r, node, words, &choice))
            *value = choice % 2;
    } else if (rw_read_integer(r, node, &number)) {
        if (number < -1 || number > 1)
            rw_read_error(r, node, "values are -1, 0 and 1");
        *value = (int)number;
    }
}

static void read_assignment(struct rw_reader *r, struct rw_formula *formula)
{
    const struct rw_yaml *map = rw_yaml_get(r->top, "assignment");
    if (map == NULL || !rw_read_expect(r, map, RW_YAML_MAP, "a mapping of variables to values"))
        return;
    formula->variables = rw_alloc(map->count, sizeof *formula->variables);
    for (size_t i = 0; i < map->count; i++) {
        struct rw_formula_variable *variable = formula->variables + formula->variable_count;
        const char *name = rw_read_name(r, map->keys[i], "variable");
        if (name == NULL)
            continue;
        if (word_length(name) != strlen(name) || isdigit((unsigned char)*name))
            rw_read_error(r, map->keys[i], "a variable is a letter or _, then letters, digits and _");
        if (!formula->arithmetic && (strcmp(name, "true") == 0 || strcmp(name, "false") == 0))
            rw_read_error(r, map->keys[i], "'%s' is a constant", name);
        variable->name = rw_strdup(name);
        formula->variable_count++;
        read_value(r, map->items[i], formula->arithmetic, &variable->value);
    }
}

static void check_used(struct rw_reader *r, const struct rw_formula *formula)
{
    const struct rw_yaml *map = rw_yaml_get(r->top, "assignment");
    for (size_t i = 0; i < formula->variable_count; i++)
        if (!formula->variables[i].used)
            rw_read_error(r, map->keys[i], "the variable '%s' is not in the formula", formula->variables[i].name);
}

struct rw_formula *rw_formula_read(struct rw_reader *r, bool arithmetic)
{
    struct rw_formula *formula = rw_alloc(1, sizeof *formula);
    formula->arithmetic = arithmetic;
    read_assignment(r, formula);
    const struct rw_yaml *node = rw_read_key(r, r->top, "formula");
    const char *text = node == NULL ? NULL : rw_read_text(r, node, "a formula");
    if (text == NULL)
        return formula;
    formula->text = rw_strdup(text);
    struct parser p = {.r = r,
                       .node = node,
                       .formula = formula,
                       .operators = arithmetic ? arithmetic_operators : boolean_operators,
                       .text = text,
                       .good = true};
    parse_binary(&p, 0);
    skip_blanks(&p);
    if (p.good && text[p.at] != '\0')
        fail(&p, p.at, 1, text[p.at] == ')' ? "this '%.*s' closes nothing%s" : "expected an operator, found '%.*s'%s",
             "");
    if (r->good)
        check_used(r, formula);
    return formula;
}

void rw_formula_free(struct rw_formula *formula)
{
    for (size_t i = 0; i < formula->variable_count; i++)
        free(formula->variables[i].name);
    free(formula->variables);
    free(formula->nodes);
    free(formula->text);
    free(formula);
}

void rw_formula_write(const struct rw_formula *formula, FILE *out)
{
    fputs("formula: ", out);
    rw_write_scalar(out, formula->text);
    fputs(formula->variable_count > 0 ? "\nassignment: {" : "\n", out);
    for (size_t i = 0; i < formula->variable_count; i++) {
        fputs(i > 0 ? ", " : "", out);
        rw_write_scalar(out, formula->variables[i].name); /* a variable may be called null */
        fprintf(out, ": %d", formula->variables[i].value);
    }
    fputs(formula->variable_count > 0 ? "}\n" : "", out);
}

/* --- evaluating --- */

static void apply(enum rw_formula_kind kind, fmpz_t value, const fmpz_t a, const fmpz_t b, bool arithmetic)
{
    bool x = !fmpz_is_zero(a), y = !fmpz_is_zero(b);
    switch (kind) {
    case RW_LEAF:
        break;
    case RW_NEGATE:
        if (arithmetic)
            fmpz_neg(value, a);
        else
            fmpz_set_ui(value, !x);
        break;
    case RW_AND:
        fmpz_set_ui(value, x && y);
        break;
    case RW_OR:
        fmpz_set_ui(value, x || y);
        break;
    case RW_XOR:
        fmpz_set_ui(value, x != y);
        break;
    case RW_IMPLIES:
        fmpz_set_ui(value, !x || y);
        break;
    case RW_ADD:
        fmpz_add(value, a, b);
        break;
    case RW_SUBTRACT:
        fmpz_sub(value, a, b);
        break;
    case RW_MULTIPLY:
        fmpz_mul(value, a, b);
        break;
    }
}

void rw_formula_value(const struct rw_formula *formula, fmpz_t value)
{
    fmpz *values = rw_alloc(formula->count, sizeof *values);
    for (size_t i = 0; i < formula->count; i++) {
        const struct rw_formula_node *node = formula->nodes + i;
        fmpz_init_set_si(values + i, node->kind == RW_LEAF ? node->value : 0);
        apply(node->kind, values + i, values + node->left, values + node->right, formula->arithmetic);
    }
    fmpz_set(value, values + formula->count - 1);
    for (size_t i = 0; i < formula->count; i++)
        fmpz_clear(values + i);
    free(values);
}

size_t rw_formula_depth(const struct rw_formula *formula)
{
    size_t *depths = rw_alloc(formula->count, sizeof *depths);
    for (size_t i = 0; i < formula->count; i++) {
        const struct rw_formula_node *node = formula->nodes + i;
        if (node->kind == RW_LEAF)
            continue;
        size_t left = depths[node->left], right = node->kind == RW_NEGATE ? 0 : depths[node->right];
        depths[i] = node->kind == RW_NEGATE ? left : 1 + (left > right ? left : right);
    }
    size_t depth = depths[formula->count - 1];
    free(depths);
    return depth;
}
