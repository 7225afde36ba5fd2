/* formula.c - the parser: recursive descent, one call for each level of binding.
 *
 *   level L  = level L+1 { operator of level L, level L+1 }
 *   operand  = { prefix operator } ( constant | variable | "(" level 0 ")" )
 *
 * Only parentheses nest calls: signs are counted in a loop, and chains are collected on a stack and then balanced. So the depth of
 * calls, here and in everything that walks the tree, is bounded by the limit on parentheses (times a logarithm). */
#include "reductions/problems/formula.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* No limit may let the calls overflow the stack. */
#define DEEPEST 1000

struct parser {
    struct rw_reader *r;
    const struct rw_yaml *node;
    const struct rw_formula_language *language;
    struct rw_formula *formula;
    size_t at; /* byte of the text, never at a blank */
    uint64_t depth;
    /* Operands of the chains that are open. */
    const struct rw_formula_node **stack;
    size_t height, capacity;
};

/* --- tokens --- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip(struct parser *p, size_t bytes)
{
    p->at += bytes;
    p->at += strspn(p->node->text + p->at, " \t\r\n");
}

/* Bytes of the token here: a word, or one character. 0 at the end. */
static size_t token(const struct parser *p)
{
    const char *text = p->node->text + p->at;
    size_t length = 0;
    while (is_word(text[length]))
        length++;
    if (length > 0 || *text == '\0')
        return length;
    for (length = 1; ((unsigned char)text[length] & 0xc0) == 0x80;) /* the rest of a UTF-8 character */
        length++;
    return length;
}

static const struct rw_formula_node *expected(struct parser *p, const char *what)
{
    size_t length = token(p);
    struct rw_span span = rw_read_place(p->node, p->at, length == 0 ? 1 : length);
    p->r->good = false;
    if (length == 0) {
        rw_diag_error(p->r->diag, span, "expected %s, found the end of the formula", what);
        return NULL;
    }
    rw_diag_error(p->r->diag, span, "expected %s, found '%.*s'", what, length > 60 ? 60 : (int)length,
                  p->node->text + p->at);
    rw_diag_hint(p->r->diag, "%s", p->language->hint);
    return NULL;
}

/* The operator of this level here, skipped, or NULL. */
static const struct rw_formula_operator *accept(struct parser *p, unsigned level)
{
    for (const struct rw_formula_operator *o = p->language->operators; o->text != NULL; o++) {
        size_t length = strlen(o->text);
        if (o->level == level && strncmp(p->node->text + p->at, o->text, length) == 0) {
            skip(p, length);
            return o;
        }
    }
    return NULL;
}

/* --- nodes --- */

static struct rw_formula_node *make(struct parser *p, enum rw_formula_op op, const struct rw_formula_node *left,
                                    const struct rw_formula_node *right)
{
    struct rw_formula_node *node = p->formula->nodes + p->formula->count++;
    *node = (struct rw_formula_node){.op = op, .left = left, .right = right};
    return node;
}

static void push(struct parser *p, const struct rw_formula_node *operand)
{
    p->stack = rw_grow(p->stack, &p->capacity, p->height + 1, sizeof *p->stack);
    p->stack[p->height++] = operand;
}

/* The operands as a tree of the least depth. */
static const struct rw_formula_node *balance(struct parser *p, enum rw_formula_op op,
                                             const struct rw_formula_node *const *operands, size_t count)
{
    if (count == 1)
        return operands[0];
    size_t half = count / 2;
    const struct rw_formula_node *left = balance(p, op, operands, half);
    return make(p, op, left, balance(p, op, operands + half, count - half));
}

static const struct rw_formula_node *chain(struct parser *p, enum rw_formula_op op,
                                           const struct rw_formula_node *const *operands, size_t count)
{
    if (op != RW_FORMULA_IMPLIES || count == 1)
        return balance(p, op, operands, count);
    /* a -> (b -> c) is (a & b) -> c, which has less depth */
    const struct rw_formula_node *premises = balance(p, RW_FORMULA_AND, operands, count - 1);
    return make(p, RW_FORMULA_IMPLIES, premises, operands[count - 1]);
}

/* --- the grammar: NULL means that an error was reported --- */

static const struct rw_formula_node *parse_level(struct parser *p, unsigned level);

static const struct rw_formula_node *parse_parentheses(struct parser *p)
{
    uint64_t most = p->r->limits->depth < DEEPEST ? p->r->limits->depth : DEEPEST;
    size_t open = p->at;
    if (++p->depth > most) {
        rw_diag_limit(p->r->diag, rw_read_place(p->node, open, 1), "depth", "parentheses nested deeper than %" PRIu64,
                      most);
        p->r->good = false;
        return NULL;
    }
    skip(p, 1);
    const struct rw_formula_node *inner = parse_level(p, 0);
    if (inner == NULL)
        return NULL;
    if (p->node->text[p->at] != ')') {
        expected(p, "an operator or ')'");
        rw_diag_note(p->r->diag, rw_read_place(p->node, open, 1), "to close the '(' here");
        return NULL;
    }
    skip(p, 1);
    p->depth--;
    return inner;
}

static const struct rw_formula_node *parse_variable(struct parser *p, size_t length)
{
    struct rw_formula *f = p->formula;
    const char *text = p->node->text + p->at;
    uint32_t number;
    if (!rw_alphabet_find(f->variables, text, length, &number)) {
        number = (uint32_t)rw_alphabet_size(f->variables);
        char *name = rw_strndup(text, length);
        rw_alphabet_add(f->variables, name);
        free(name);
        f->places = rw_grow(f->places, &f->places_capacity, number + 1, sizeof *f->places);
        f->places[number] = p->at;
    }
    struct rw_formula_node *leaf = make(p, RW_FORMULA_VARIABLE, NULL, NULL);
    leaf->variable = number;
    skip(p, length);
    return leaf;
}

static const struct rw_formula_node *parse_primary(struct parser *p)
{
    const char *text = p->node->text + p->at;
    size_t length = token(p);
    if (*text == '(')
        return parse_parentheses(p);
    if (!is_word(*text))
        return expected(p, p->language->operand);
    for (size_t i = 0; p->language->words[i] != NULL; i++)
        if (strlen(p->language->words[i]) == length && memcmp(p->language->words[i], text, length) == 0) {
            struct rw_formula_node *leaf = make(p, RW_FORMULA_CONSTANT, NULL, NULL);
            leaf->value = p->language->values[i];
            skip(p, length);
            return leaf;
        }
    if (*text >= '0' && *text <= '9')
        return expected(p, p->language->operand);
    return parse_variable(p, length);
}

/* Two prefix operators cancel out: a language has one, however it is spelled. */
static const struct rw_formula_node *parse_operand(struct parser *p)
{
    const struct rw_formula_operator *prefix, *odd = NULL;
    while ((prefix = accept(p, RW_FORMULA_PREFIX)) != NULL)
        odd = odd == NULL ? prefix : NULL;
    const struct rw_formula_node *operand = parse_primary(p);
    return operand == NULL || odd == NULL ? operand : make(p, odd->op, operand, NULL);
}

static const struct rw_formula_node *parse_level(struct parser *p, unsigned level)
{
    if (level == p->language->levels)
        return parse_operand(p);
    size_t base = p->height;
    enum rw_formula_op op = RW_FORMULA_CONSTANT; /* of no importance for one operand */
    const struct rw_formula_operator *o = NULL;
    do {
        const struct rw_formula_node *operand = parse_level(p, level + 1);
        if (operand == NULL)
            return NULL;
        if (o != NULL)
            op = o->op == RW_FORMULA_SUBTRACT ? RW_FORMULA_ADD : o->op;
        bool minus = o != NULL && o->op == RW_FORMULA_SUBTRACT;
        push(p, minus ? make(p, RW_FORMULA_NEGATE, operand, NULL) : operand);
    } while ((o = accept(p, level)) != NULL);
    const struct rw_formula_node *result = chain(p, op, p->stack + base, p->height - base);
    p->height = base;
    return result;
}

static const struct rw_formula_node *parse_all(struct parser *p)
{
    skip(p, 0);
    const struct rw_formula_node *root = parse_level(p, 0);
    if (root == NULL || p->node->text[p->at] == '\0')
        return root;
    expected(p, "an operator or the end");
    if (p->node->text[p->at] == ')')
        rw_diag_hint(p->r->diag, "no '(' is open here");
    return NULL;
}

struct rw_formula *rw_formula_parse(struct rw_reader *r, const struct rw_yaml *node,
                                    const struct rw_formula_language *language)
{
    /* Each byte makes at most two nodes: a minus is a sum and a negation. */
    uint64_t most = 2 * (uint64_t)node->length + 1;
    if (most > r->limits->nodes) {
        rw_diag_limit(r->diag, node->span, "nodes",
                      "a formula of %zu bytes may have %" PRIu64 " nodes, more than %" PRIu64, node->length, most,
                      r->limits->nodes);
        r->good = false;
        return NULL;
    }
    struct rw_formula *formula = rw_alloc(1, sizeof *formula);
    formula->text = rw_strdup(node->text);
    formula->nodes = rw_alloc(most, sizeof *formula->nodes);
    formula->variables = rw_alphabet_new();
    struct parser p = {.r = r, .node = node, .language = language, .formula = formula};
    formula->root = parse_all(&p);
    free(p.stack);
    if (formula->root == NULL) {
        rw_formula_free(formula);
        return NULL;
    }
    formula->assignment = rw_alloc(rw_alphabet_size(formula->variables), sizeof *formula->assignment);
    return formula;
}

void rw_formula_free(struct rw_formula *formula)
{
    if (formula == NULL)
        return;
    free(formula->text);
    free(formula->nodes);
    rw_alphabet_free(formula->variables);
    free(formula->places);
    free(formula->assignment);
    free(formula);
}

int8_t rw_formula_leaf(const struct rw_formula *formula, const struct rw_formula_node *leaf)
{
    return leaf->op == RW_FORMULA_CONSTANT ? leaf->value : formula->assignment[leaf->variable];
}

size_t rw_formula_depth(const struct rw_formula_node *node)
{
    size_t left = node->left == NULL ? 0 : rw_formula_depth(node->left);
    if (node->right == NULL)
        return left;
    size_t right = rw_formula_depth(node->right);
    return 1 + (left > right ? left : right);
}
