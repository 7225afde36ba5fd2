/* netlist.c - the list of gates: names, operands, order. The formats are read in netlist_bench.c and netlist_aiger.c. */
#include "reductions/problems/netlist.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "reductions/problems/netlist_parse.h"

#define uthash_fatal(message) rw_out_of_memory(sizeof(struct rw_gate_entry))
#include <uthash.h>

/* YAML keys are at most 1024 bytes long, and inputs are keys. */
#define LONGEST_NAME 200
/* What no name holds. */
#define SIGNS "(),=#"
/* Gates of a cycle that are named in its error. */
#define MOST_NAMED 8
#define UNDEFINED  SIZE_MAX

struct rw_gate_entry {
    size_t gate;
    UT_hash_handle hh;
};

const char *rw_gate_word(enum rw_gate_kind kind)
{
    static const char *const words[] = {"INPUT", "gnd", "vdd",  "AND", "NAND", "OR",
                                        "NOR",   "XOR", "XNOR", "NOT", "BUFF"};
    return words[kind];
}

/* --- errors --- */

static size_t line_number(const char *text, size_t at)
{
    size_t number = 1;
    for (size_t i = 0; i < at; i++)
        number += text[i] == '\n';
    return number;
}

void rw_netlist_error(struct rw_reader *r, const struct rw_yaml *node, size_t at, size_t length, const char *format,
                      ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        rw_out_of_memory(strlen(format));
    va_end(args);
    r->good = false;
    struct rw_span span = rw_read_place(node, at, length);
    if (node->literal && span.line > node->span.line)
        rw_diag_error(r->diag, span, "%s", text);
    else
        rw_diag_error(r->diag, node->span, "line %zu of the netlist: %s", line_number(node->text, at), text);
    free(text);
}

bool rw_netlist_is_good(const struct rw_netlist_parser *p)
{
    return rw_diag_count(p->r->diag) == p->before;
}

bool rw_netlist_is_enough(const struct rw_netlist_parser *p)
{
    return rw_diag_count(p->r->diag) > p->r->limits->errors;
}

/* --- lines --- */

bool rw_netlist_next_line(struct rw_netlist_parser *p)
{
    if (p->text[p->next] == '\0' || rw_netlist_is_enough(p))
        return false;
    size_t width = strcspn(p->text + p->next, "\n");
    p->at = p->next;
    p->end = p->at + width;
    p->next = p->end + (p->text[p->end] == '\n' ? 1 : 0);
    if (width > 0 && p->text[p->end - 1] == '\r')
        p->end--;
    return true;
}

void rw_netlist_skip_blanks(struct rw_netlist_parser *p)
{
    while (p->at < p->end && (p->text[p->at] == ' ' || p->text[p->at] == '\t'))
        p->at++;
}

bool rw_netlist_is_name(struct rw_netlist_parser *p, size_t at, size_t length)
{
    if (length == 0 || length > LONGEST_NAME) {
        rw_netlist_error(p->r, p->node, at, length, "the name of a signal has 1 to %d characters", LONGEST_NAME);
        return false;
    }
    for (size_t i = at; i < at + length; i++) {
        unsigned char c = (unsigned char)p->text[i];
        if (c > ' ' && c < 0x7f && strchr(SIGNS, c) == NULL)
            continue;
        rw_netlist_error(p->r, p->node, i, 1, "this character cannot stand in the name of a signal");
        rw_diag_hint(p->r->diag, "names are written in ASCII without blanks, parentheses, commas, = and #");
        return false;
    }
    return true;
}

/* --- building --- */

size_t rw_netlist_lookup(const struct rw_netlist *net, const char *name, size_t length)
{
    struct rw_gate_entry *entry;
    HASH_FIND(hh, net->by_name, name, length, entry);
    return entry == NULL ? UNDEFINED : entry->gate;
}

/* Enters the gate's name into the table; if it is there already, this is an error. */
static void enter(struct rw_netlist_parser *p, size_t number)
{
    struct rw_netlist *net = p->net;
    const struct rw_gate *gate = net->gates + number;
    size_t before = rw_netlist_lookup(net, gate->name, strlen(gate->name));
    if (before != UNDEFINED) {
        const struct rw_gate *first = net->gates + before;
        rw_netlist_error(p->r, p->node, gate->at, gate->length, "the signal '%s' is defined twice", gate->name);
        rw_diag_note(p->r->diag, rw_read_place(p->node, first->at, first->length), "it is first defined in line %zu",
                     line_number(p->text, first->at));
        return;
    }
    struct rw_gate_entry *entry = rw_alloc(1, sizeof *entry);
    entry->gate = number;
    HASH_ADD_KEYPTR(hh, net->by_name, gate->name, strlen(gate->name), entry);
}

void rw_netlist_define(struct rw_netlist_parser *p, enum rw_gate_kind kind, const char *name, size_t name_length,
                       size_t at, size_t length)
{
    struct rw_netlist *net = p->net;
    net->gates = rw_grow(net->gates, &net->capacity, net->count + 1, sizeof *net->gates);
    net->gates[net->count] = (struct rw_gate){
        .kind = kind, .name = rw_strndup(name, name_length), .first = net->operand_count, .at = at, .length = length};
    net->inputs += kind == RW_GATE_INPUT;
    if (!p->nameless)
        enter(p, net->count);
    net->count++;
}

static size_t refer(struct rw_netlist_parser *p, struct rw_reference reference)
{
    struct rw_netlist *net = p->net;
    size_t slot = net->operand_count++;
    net->operands = rw_grow(net->operands, &net->operand_capacity, slot + 1, sizeof *net->operands);
    p->references = rw_grow(p->references, &p->reference_capacity, slot + 1, sizeof *p->references);
    net->operands[slot] = UNDEFINED;
    p->references[slot] = reference;
    return slot;
}

void rw_netlist_operand(struct rw_netlist_parser *p, struct rw_reference reference)
{
    refer(p, reference);
    p->net->gates[p->net->count - 1].count++;
}

void rw_netlist_output(struct rw_netlist_parser *p, struct rw_reference reference)
{
    struct rw_netlist *net = p->net;
    net->outputs = rw_grow(net->outputs, &net->output_capacity, net->output_count + 1, sizeof *net->outputs);
    net->outputs[net->output_count++] = refer(p, reference);
}

void rw_netlist_undefined(struct rw_netlist_parser *p, const struct rw_reference *reference, const char *name,
                          size_t length)
{
    struct rw_near near = rw_near_start_n(name, length);
    rw_netlist_error(p->r, p->node, reference->at, reference->length, "the signal '%.*s' is not defined", (int)length,
                     name);
    for (size_t i = 0; i < p->net->count; i++)
        rw_near_offer(&near, p->net->gates[i].name);
    rw_near_hint(&near, p->r->diag);
}

static void forget_names(struct rw_netlist *net)
{
    struct rw_gate_entry *entry, *next;
    HASH_ITER(hh, net->by_name, entry, next)
    {
        HASH_DEL(net->by_name, entry);
        free(entry);
    }
}

void rw_netlist_rename(struct rw_netlist *net, size_t gate, const char *name, size_t length)
{
    free(net->gates[gate].name);
    net->gates[gate].name = rw_strndup(name, length);
}

void rw_netlist_forget_names(struct rw_netlist_parser *p)
{
    forget_names(p->net);
    p->nameless = true;
}

void rw_netlist_index(struct rw_netlist_parser *p)
{
    p->nameless = false;
    for (size_t i = 0; i < p->net->count && !rw_netlist_is_enough(p); i++)
        enter(p, i);
}

/* --- the order --- */

struct search {
    struct rw_netlist_parser *p;
    size_t *path, depth; /* gates that are open, each an operand of the one before */
    size_t *asked;       /* for each gate: how many of its operands were looked at */
    uint8_t *state;
    uint8_t *told; /* in a cycle, or with one, that was reported */
    size_t ordered;
};

enum { NEW, OPEN, DONE };

/* The path from `gate` on is a cycle. It is told unless it meets one that was; each gate is marked once, so that many cycles cost no more. */
static void report_cycle(struct search *s, size_t gate)
{
    const struct rw_gate *gates = s->p->net->gates;
    size_t start = s->depth;
    do {
        if (s->told[s->path[--start]])
            return;
        s->told[s->path[start]] = 1;
    } while (s->path[start] != gate);
    if (rw_netlist_is_enough(s->p))
        return;
    char *way = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&way, &size);
    if (out == NULL)
        rw_out_of_memory(sizeof *out);
    for (size_t i = start + 1; i < s->depth && i <= start + MOST_NAMED; i++)
        fprintf(out, "%s'%s'", i == start + 1 ? " through " : ", ", gates[s->path[i]].name);
    fputs(s->depth > start + MOST_NAMED + 1 ? ", ..." : "", out);
    fclose(out);
    rw_netlist_error(s->p->r, s->p->node, gates[gate].at, gates[gate].length, "the gate '%s' depends on itself%s",
                     gates[gate].name, way);
    free(way);
}

static void visit(struct search *s, size_t root)
{
    struct rw_netlist *net = s->p->net;
    s->path[s->depth++] = root;
    s->state[root] = OPEN;
    while (s->depth > 0) {
        size_t gate = s->path[s->depth - 1];
        const struct rw_gate *g = net->gates + gate;
        if (s->asked[gate] == g->count) {
            s->state[gate] = DONE;
            net->order[s->ordered++] = gate;
            s->depth--;
            continue;
        }
        size_t operand = net->operands[g->first + s->asked[gate]++];
        if (operand == UNDEFINED || s->state[operand] == DONE)
            continue;
        if (s->state[operand] == OPEN) {
            report_cycle(s, operand);
            continue;
        }
        s->state[operand] = OPEN;
        s->path[s->depth++] = operand;
    }
}

/* Depth first, with a path of its own: circuits may be as deep as they are large. */
static void sort(struct rw_netlist_parser *p)
{
    size_t count = p->net->count;
    struct search s = {.p = p,
                       .path = rw_alloc(count, sizeof *s.path),
                       .asked = rw_alloc(count, sizeof *s.asked),
                       .state = rw_alloc(count, 1),
                       .told = rw_alloc(count, 1)};
    p->net->order = rw_alloc(count, sizeof *p->net->order);
    for (size_t i = 0; i < count; i++)
        if (s.state[i] == NEW)
            visit(&s, i);
    free(s.path);
    free(s.asked);
    free(s.state);
    free(s.told);
}

/* --- reading --- */

static void check_outputs(struct rw_netlist_parser *p)
{
    struct rw_netlist *net = p->net;
    uint8_t *is_output = rw_alloc(net->count, 1);
    size_t kept = 0;
    for (size_t i = 0; i < net->output_count; i++) {
        size_t gate = net->operands[net->outputs[i]];
        if (gate == UNDEFINED || is_output[gate])
            continue;
        is_output[gate] = 1;
        net->outputs[kept++] = gate;
    }
    if (net->output_count == 0 && rw_netlist_is_good(p)) {
        rw_read_error(p->r, p->node, "the circuit has no output");
        rw_diag_hint(p->r->diag, "the line OUTPUT(y) makes the signal y an output");
    }
    net->output_count = kept;
    free(is_output);
}

struct rw_netlist *rw_netlist_read(struct rw_reader *r, const struct rw_yaml *node)
{
    if (rw_read_text(r, node, "a circuit: lines INPUT(a), OUTPUT(y), y = NAND(a, b)") == NULL)
        return NULL;
    struct rw_netlist_parser p = {.r = r, .node = node, .text = node->text, .before = rw_diag_count(r->diag)};
    p.net = rw_alloc(1, sizeof *p.net);
    if (rw_netlist_looks_like_aiger(p.text))
        rw_netlist_read_aiger(&p);
    else
        rw_netlist_read_bench(&p);
    sort(&p);
    check_outputs(&p);
    free(p.references);
    if (rw_netlist_is_good(&p))
        return p.net;
    rw_netlist_free(p.net);
    return NULL;
}

void rw_netlist_free(struct rw_netlist *net)
{
    if (net == NULL)
        return;
    forget_names(net);
    for (size_t i = 0; i < net->count; i++)
        free(net->gates[i].name);
    free(net->gates);
    free(net->operands);
    free(net->outputs);
    free(net->order);
    free(net);
}

bool rw_netlist_find(const struct rw_netlist *net, const char *name, size_t *gate)
{
    *gate = rw_netlist_lookup(net, name, strlen(name));
    return *gate != UNDEFINED;
}

/* --- writing --- */

static void write_gate(const struct rw_netlist *net, const struct rw_gate *gate, FILE *out)
{
    if (gate->kind == RW_GATE_INPUT) {
        fprintf(out, "INPUT(%s)\n", gate->name);
        return;
    }
    fprintf(out, "%s = %s", gate->name, rw_gate_word(gate->kind));
    for (size_t i = 0; i < gate->count; i++)
        fprintf(out, "%s%s", i == 0 ? "(" : ", ", net->gates[net->operands[gate->first + i]].name);
    fputs(gate->count > 0 ? ")\n" : "\n", out);
}

void rw_netlist_write(const struct rw_netlist *net, const char *indent, FILE *out)
{
    for (size_t i = 0; i < net->output_count; i++)
        fprintf(out, "%sOUTPUT(%s)\n", indent, net->gates[net->outputs[i]].name);
    for (size_t i = 0; i < net->count; i++) {
        fputs(indent, out);
        write_gate(net, net->gates + i, out);
    }
}
