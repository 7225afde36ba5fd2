/* netlist.h - circuits as lists of gates, read from text in the .bench form of the ISCAS circuits or as ASCII AIGER.
 *
 * .bench: lines INPUT(a), OUTPUT(y) and y = NAND(a, b) in any order. AIGER: its AND gates keep their literals as names, and an inverted literal
 * that is used becomes a NOT gate. Whatever was read is written as .bench. */
#ifndef RW_REDUCTIONS_PROBLEMS_NETLIST_H
#define RW_REDUCTIONS_PROBLEMS_NETLIST_H

#include "spec/reader.h"

/* XOR of many is 1 for an odd number of ones, XNOR its complement. */
enum rw_gate_kind {
    RW_GATE_INPUT,
    RW_GATE_ZERO,
    RW_GATE_ONE,
    RW_GATE_AND,
    RW_GATE_NAND,
    RW_GATE_OR,
    RW_GATE_NOR,
    RW_GATE_XOR,
    RW_GATE_XNOR,
    RW_GATE_NOT,
    RW_GATE_BUFF
};

/* "NAND"; "INPUT", "gnd" and "vdd" for what has no operands. */
const char *rw_gate_word(enum rw_gate_kind kind);

struct rw_gate {
    enum rw_gate_kind kind;
    char *name;
    size_t first, count; /* its operands: operands[first] ... of the netlist */
    size_t at, length;   /* where its name stands in the text */
};

struct rw_gate_entry; /* of the table of names */
struct rw_netlist {
    struct rw_gate *gates; /* in the order of their lines, inputs too */
    size_t count, capacity;
    size_t *operands; /* numbers of gates */
    size_t operand_count, operand_capacity;
    size_t *outputs; /* numbers of gates, each once */
    size_t output_count, output_capacity;
    size_t inputs;
    size_t *order; /* all gates, each after its operands; in the order of the lines where that is one */
    struct rw_gate_entry *by_name;
};

/* Reads a scalar. All problems of the text go to the reader's diag, at their places: undefined signals, signals defined twice, unknown gates,
 * numbers of operands, cycles. NULL if there was any. Caller frees. */
struct rw_netlist *rw_netlist_read(struct rw_reader *r, const struct rw_yaml *node);
void rw_netlist_free(struct rw_netlist *netlist);
/* The number of the gate or input of this name; false if there is none. */
bool rw_netlist_find(const struct rw_netlist *netlist, const char *name, size_t *gate);
/* Writes the lines of the .bench form, each after `indent`. */
void rw_netlist_write(const struct rw_netlist *netlist, const char *indent, FILE *out);
/* An error at some bytes of the netlist's text; the line's number in the netlist is told where YAML does not keep places. */
void rw_netlist_error(struct rw_reader *r, const struct rw_yaml *node, size_t at, size_t length, const char *format,
                      ...) __attribute__((format(printf, 5, 6)));

#endif
