/* netlist_bench.c - the .bench form: INPUT(a), OUTPUT(y), y = NAND(a, b), # comments. */
#include <string.h>
#include <strings.h>

#include "base/near.h"
#include "reductions/problems/netlist_parse.h"

#define MANY SIZE_MAX
/* Characters of a wrong word in its error. */
#define MOST_SHOWN 60

static const struct gate_word {
    const char *word;
    enum rw_gate_kind kind;
    size_t least, most; /* operands */
} words[] = {
    {"AND", RW_GATE_AND, 1, MANY}, {"NAND", RW_GATE_NAND, 1, MANY}, {"OR", RW_GATE_OR, 1, MANY},
    {"NOR", RW_GATE_NOR, 1, MANY}, {"XOR", RW_GATE_XOR, 1, MANY},   {"XNOR", RW_GATE_XNOR, 1, MANY},
    {"NOT", RW_GATE_NOT, 1, 1},    {"BUFF", RW_GATE_BUFF, 1, 1},    {"BUF", RW_GATE_BUFF, 1, 1},
    {"gnd", RW_GATE_ZERO, 0, 0},   {"vdd", RW_GATE_ONE, 0, 0},
};
#define WORDS (sizeof words / sizeof *words)

/* The characters up to a blank, a sign or the line's end. */
static size_t token(struct rw_netlist_parser *p, size_t *length)
{
    rw_netlist_skip_blanks(p);
    size_t at = p->at;
    while (p->at < p->end && strchr(" \t(),=#", p->text[p->at]) == NULL)
        p->at++;
    *length = p->at - at;
    return at;
}

static bool at_end(struct rw_netlist_parser *p)
{
    rw_netlist_skip_blanks(p);
    return p->at == p->end || p->text[p->at] == '#';
}

static void expected(struct rw_netlist_parser *p, const char *what)
{
    if (at_end(p))
        rw_netlist_error(p->r, p->node, p->at, 1, "expected %s, the line ends", what);
    else {
        size_t width = 1;
        while (p->at + width < p->end && ((unsigned char)p->text[p->at + width] & 0xc0) == 0x80)
            width++;
        rw_netlist_error(p->r, p->node, p->at, width, "expected %s, found '%.*s'", what, (int)width, p->text + p->at);
    }
}

static bool take(struct rw_netlist_parser *p, char sign)
{
    rw_netlist_skip_blanks(p);
    if (p->at == p->end || p->text[p->at] != sign)
        return false;
    p->at++;
    return true;
}

/* A name; its place to the reference. */
static bool take_name(struct rw_netlist_parser *p, struct rw_reference *name)
{
    *name = (struct rw_reference){0};
    name->at = token(p, &name->length);
    if (name->length == 0) {
        expected(p, "the name of a signal");
        return false;
    }
    return rw_netlist_is_name(p, name->at, name->length);
}

static bool is_word(const struct rw_netlist_parser *p, const struct rw_reference *name, const char *word)
{
    return name->length == strlen(word) && strncasecmp(p->text + name->at, word, name->length) == 0;
}

static const struct gate_word *find_word(struct rw_netlist_parser *p, const struct rw_reference *name)
{
    for (size_t i = 0; i < WORDS; i++)
        if (is_word(p, name, words[i].word))
            return words + i;
    rw_netlist_error(p->r, p->node, name->at, name->length, "there is no gate '%.*s'",
                     name->length < MOST_SHOWN ? (int)name->length : MOST_SHOWN, p->text + name->at);
    if (is_word(p, name, "DFF")) {
        rw_diag_hint(p->r->diag, "a circuit of this problem has no memory");
        return NULL;
    }
    struct rw_near near = rw_near_start_n(p->text + name->at, name->length);
    for (size_t i = 0; i < WORDS; i++)
        rw_near_offer(&near, words[i].word);
    if (near.best == NULL)
        rw_diag_hint(p->r->diag, "the gates are AND, NAND, OR, NOR, XOR, XNOR, NOT, BUFF, and the constants gnd, vdd");
    rw_near_hint(&near, p->r->diag);
    return NULL;
}

/* "a, b)" */
static bool read_operands(struct rw_netlist_parser *p)
{
    struct rw_reference operand;
    if (take(p, ')'))
        return true;
    do {
        if (!take_name(p, &operand))
            return false;
        rw_netlist_operand(p, operand);
    } while (take(p, ','));
    if (take(p, ')'))
        return true;
    expected(p, "',' or ')'");
    return false;
}

static bool check_count(struct rw_netlist_parser *p, const struct gate_word *word, const struct rw_reference *place)
{
    size_t count = p->net->gates[p->net->count - 1].count;
    if (word == NULL || (count >= word->least && count <= word->most))
        return true;
    const char *needs = word->most == 0 ? "no operands" : word->most == 1 ? "one operand" : "at least one operand";
    rw_netlist_error(p->r, p->node, place->at, place->length, "%s has %s, not %zu", word->word, needs, count);
    return false;
}

/* After "y =". The gate is defined even where its kind or operands are wrong, lest all that use it be wrong too. */
static bool read_gate(struct rw_netlist_parser *p, const struct rw_reference *name)
{
    struct rw_reference kind = {0};
    kind.at = token(p, &kind.length);
    const struct gate_word *word = NULL;
    if (kind.length == 0)
        expected(p, "a gate");
    else
        word = find_word(p, &kind);
    rw_netlist_define(p, word == NULL ? RW_GATE_AND : word->kind, p->text + name->at, name->length, name->at,
                      name->length);
    if (kind.length == 0)
        return false;
    if (take(p, '('))
        return read_operands(p) && check_count(p, word, &kind);
    if (word == NULL || word->most == 0)
        return word != NULL;
    expected(p, "'('");
    return false;
}

/* After "INPUT(" or "OUTPUT(". */
static bool read_terminal(struct rw_netlist_parser *p, bool input)
{
    struct rw_reference name;
    if (!take_name(p, &name))
        return false;
    if (input)
        rw_netlist_define(p, RW_GATE_INPUT, p->text + name.at, name.length, name.at, name.length);
    else
        rw_netlist_output(p, name);
    if (take(p, ')'))
        return true;
    expected(p, "')'");
    return false;
}

static bool read_line(struct rw_netlist_parser *p)
{
    struct rw_reference name;
    if (!take_name(p, &name))
        return false;
    if (take(p, '='))
        return read_gate(p, &name);
    bool input = is_word(p, &name, "INPUT");
    if (take(p, '(')) {
        if (input || is_word(p, &name, "OUTPUT"))
            return read_terminal(p, input);
        struct rw_near near = rw_near_start_n(p->text + name.at, name.length);
        rw_netlist_error(p->r, p->node, name.at, name.length, "expected INPUT or OUTPUT, found '%.*s'",
                         (int)name.length, p->text + name.at);
        rw_near_offer(&near, "INPUT");
        rw_near_offer(&near, "OUTPUT");
        rw_near_hint(&near, p->r->diag);
        return false;
    }
    expected(p, "'='");
    rw_diag_hint(p->r->diag, "lines are INPUT(a), OUTPUT(y) or y = NAND(a, b)");
    return false;
}

void rw_netlist_read_bench(struct rw_netlist_parser *p)
{
    while (rw_netlist_next_line(p))
        if (!at_end(p) && read_line(p) && !at_end(p)) {
            expected(p, "the end of the line");
            if (!p->node->literal)
                rw_diag_hint(p->r->diag, "'netlist: |' keeps the line breaks of the lines below it");
        }
    for (size_t i = 0; i < p->net->operand_count && !rw_netlist_is_enough(p); i++) {
        const struct rw_reference *reference = p->references + i;
        const char *name = p->text + reference->at;
        p->net->operands[i] = rw_netlist_lookup(p->net, name, reference->length);
        if (p->net->operands[i] == SIZE_MAX)
            rw_netlist_undefined(p, reference, name, reference->length);
    }
}
