/* netlist_aiger.c - ASCII AIGER: "aag M I L O A", then inputs, outputs, AND gates, symbols, comments (Biere 2007).
 *
 * Signals are literals 2v and 2v + 1 (inverted). A gate is named by its literal; an inverted literal that is used is a NOT gate named by it, and
 * 0 and 1 are constants. Symbols rename inputs and outputs at the end. */
#include <inttypes.h>
#include <string.h>

#include "reductions/problems/netlist_parse.h"

enum header { VARIABLES, INPUTS, LATCHES, OUTPUTS, ANDS, HEADER };
/* Literals are written with at most this many digits. */
#define MOST_DIGITS 18

bool rw_netlist_looks_like_aiger(const char *text)
{
    return strncmp(text, "aag ", 4) == 0 || strncmp(text, "aig ", 4) == 0;
}

struct aiger {
    struct rw_netlist_parser *p;
    uint64_t header[HEADER];
};

/* A number without leading zeros, and where it stands. */
static bool read_number(struct rw_netlist_parser *p, const char *what, struct rw_reference *number)
{
    rw_netlist_skip_blanks(p);
    *number = (struct rw_reference){.at = p->at};
    while (p->at < p->end && p->text[p->at] >= '0' && p->text[p->at] <= '9' && p->at - number->at <= MOST_DIGITS)
        number->literal = 10 * number->literal + (uint64_t)(p->text[p->at++] - '0');
    number->length = p->at - number->at;
    bool leading_zero = number->length > 1 && p->text[number->at] == '0';
    if (number->length > 0 && number->length <= MOST_DIGITS && !leading_zero)
        return true;
    rw_netlist_error(p->r, p->node, number->at, number->length, "expected %s", what);
    return false;
}

static bool read_literal(struct aiger *a, struct rw_reference *literal)
{
    if (!read_number(a->p, "a literal", literal))
        return false;
    if (literal->literal / 2 <= a->header[VARIABLES])
        return true;
    rw_netlist_error(a->p->r, a->p->node, literal->at, literal->length,
                     "the literal %" PRIu64 " is greater than 2M + 1 = %" PRIu64, literal->literal,
                     2 * a->header[VARIABLES] + 1);
    return false;
}

static void end_line(struct rw_netlist_parser *p)
{
    rw_netlist_skip_blanks(p);
    if (p->at < p->end)
        rw_netlist_error(p->r, p->node, p->at, p->end - p->at, "expected the end of the line");
}

static bool read_header(struct aiger *a)
{
    static const char *const names[] = {"M, the greatest variable", "I, the number of inputs",
                                        "L, the number of latches", "O, the number of outputs",
                                        "A, the number of AND gates"};
    struct rw_netlist_parser *p = a->p;
    struct rw_reference number;
    rw_netlist_next_line(p);
    if (p->text[1] == 'i') {
        rw_netlist_error(p->r, p->node, 0, 3, "this is the binary form of AIGER");
        rw_diag_hint(p->r->diag, "aigtoaig writes the ASCII form, which begins with 'aag'");
        return false;
    }
    p->at += strlen("aag ");
    for (size_t i = 0; i < HEADER; i++) {
        if (!read_number(p, names[i], &number))
            return false;
        a->header[i] = number.literal;
        if (i != LATCHES || number.literal == 0)
            continue;
        rw_netlist_error(p->r, p->node, number.at, number.length, "%" PRIu64 " latches, where a circuit has none",
                         number.literal);
        return false;
    }
    end_line(p);
    return true;
}

/* What is defined: an even literal that is no constant. Named by its digits. */
static bool define(struct aiger *a, enum rw_gate_kind kind)
{
    struct rw_netlist_parser *p = a->p;
    struct rw_reference l;
    if (!read_literal(a, &l))
        return false;
    if (l.literal < 2 || l.literal % 2 != 0) {
        rw_netlist_error(p->r, p->node, l.at, l.length, "what is defined is an even literal from 2 on");
        return false;
    }
    rw_netlist_define(p, kind, p->text + l.at, l.length, l.at, l.length);
    return true;
}

static void read_and(struct aiger *a)
{
    struct rw_reference left, right;
    if (!define(a, RW_GATE_AND) || !read_literal(a, &left) || !read_literal(a, &right))
        return;
    rw_netlist_operand(a->p, left);
    rw_netlist_operand(a->p, right);
    end_line(a->p);
}

static void read_input(struct aiger *a)
{
    if (define(a, RW_GATE_INPUT))
        end_line(a->p);
}

static void read_output(struct aiger *a)
{
    struct rw_reference output;
    if (!read_literal(a, &output))
        return;
    rw_netlist_output(a->p, output);
    end_line(a->p);
}

static bool read_section(struct aiger *a, enum header section, const char *what, void (*read)(struct aiger *))
{
    struct rw_netlist_parser *p = a->p;
    for (uint64_t i = 0; i < a->header[section]; i++) {
        if (!rw_netlist_next_line(p)) {
            if (p->text[p->next] == '\0')
                rw_netlist_error(p->r, p->node, p->at, 0, "the text ends after %" PRIu64 " of %" PRIu64 " %s", i,
                                 a->header[section], what);
            return false;
        }
        read(a);
    }
    return true;
}

/* --- what the literals stand for --- */

/* The gate of a literal, made if it is a constant or inverted; SIZE_MAX if its variable is not defined. */
static size_t gate_of(struct rw_netlist_parser *p, struct rw_reference l)
{
    char name[MOST_DIGITS + 3];
    int length = snprintf(name, sizeof name, "%" PRIu64, l.literal);
    size_t gate = rw_netlist_lookup(p->net, name, (size_t)length);
    if (gate != SIZE_MAX)
        return gate;
    if (l.literal > 1 && l.literal % 2 == 0) {
        rw_netlist_undefined(p, &l, name, (size_t)length);
        return SIZE_MAX;
    }
    enum rw_gate_kind kind = l.literal == 0 ? RW_GATE_ZERO : l.literal == 1 ? RW_GATE_ONE : RW_GATE_NOT;
    rw_netlist_define(p, kind, name, (size_t)length, l.at, l.length);
    if (kind == RW_GATE_NOT)
        rw_netlist_operand(p, (struct rw_reference){l.at, l.length, l.literal - 1});
    return p->net->count - 1;
}

/* NOT gates are added on the way, with operands that are resolved in their turn. */
static void resolve(struct rw_netlist_parser *p)
{
    for (size_t i = 0; i < p->net->operand_count && !rw_netlist_is_enough(p); i++) {
        size_t gate = gate_of(p, p->references[i]);
        p->net->operands[i] = gate;
    }
}

/* --- symbols --- */

/* The output gets a gate of its own, for the name. */
static void name_output(struct rw_netlist_parser *p, size_t output, const char *name, size_t length, size_t at)
{
    size_t slot = p->net->outputs[output], gate = p->net->operands[slot];
    if (gate == SIZE_MAX ||
        (strlen(p->net->gates[gate].name) == length && strncmp(p->net->gates[gate].name, name, length) == 0))
        return;
    rw_netlist_define(p, RW_GATE_BUFF, name, length, at, length);
    rw_netlist_operand(p, p->references[slot]);
    p->net->operands[p->net->operand_count - 1] = gate;
    p->net->operands[slot] = p->net->count - 1;
}

/* "i0 name", "o0 name" */
static void read_symbol(struct aiger *a)
{
    struct rw_netlist_parser *p = a->p;
    struct rw_reference number;
    size_t start = p->at;
    char what = p->text[p->at++];
    if (!read_number(p, "the number of an input or output", &number))
        return;
    if ((what != 'i' && what != 'o') || number.literal >= a->header[what == 'i' ? INPUTS : OUTPUTS]) {
        rw_netlist_error(p->r, p->node, start, p->at - start, "there is no %.*s to be named", (int)(p->at - start),
                         p->text + start);
        return;
    }
    rw_netlist_skip_blanks(p);
    size_t length = p->end - p->at;
    if (!rw_netlist_is_name(p, p->at, length))
        return;
    /* there was no error before the symbols, so the inputs are the first gates, and the outputs are all there */
    if (what == 'i') {
        rw_netlist_rename(p->net, number.literal, p->text + p->at, length);
        p->net->gates[number.literal].at = p->at;
        p->net->gates[number.literal].length = length;
    } else {
        name_output(p, number.literal, p->text + p->at, length, p->at);
    }
}

static void read_symbols(struct aiger *a)
{
    while (rw_netlist_next_line(a->p)) {
        if (a->p->at < a->p->end && a->p->text[a->p->at] == 'c')
            break;
        if (a->p->at < a->p->end)
            read_symbol(a);
    }
}

void rw_netlist_read_aiger(struct rw_netlist_parser *p)
{
    struct aiger a = {.p = p};
    if (!read_header(&a))
        return;
    bool whole = read_section(&a, INPUTS, "inputs", read_input) && read_section(&a, OUTPUTS, "outputs", read_output) &&
                 read_section(&a, ANDS, "AND gates", read_and);
    resolve(p);
    if (!whole || !rw_netlist_is_good(p))
        return;
    rw_netlist_forget_names(p);
    read_symbols(&a);
    rw_netlist_index(p);
}
