/* netlist_parse.h - what the two formats of netlists share while they are read. Internal to netlist. */
#ifndef RW_REDUCTIONS_PROBLEMS_NETLIST_PARSE_H
#define RW_REDUCTIONS_PROBLEMS_NETLIST_PARSE_H

#include "reductions/problems/netlist.h"

/* An operand or output as it was named, before all names are known. */
struct rw_reference {
    size_t at, length; /* in the text */
    uint64_t literal;  /* AIGER */
};

struct rw_netlist_parser {
    struct rw_reader *r;
    const struct rw_yaml *node;
    const char *text;
    struct rw_netlist *net;
    struct rw_reference *references; /* one for each of net->operands; an output has one of its own */
    size_t reference_capacity;
    size_t at, end; /* of the current line: the next character to read, and its end */
    size_t next;    /* the start of the next line */
    size_t before;  /* problems that the reader had already */
    bool nameless;  /* the table of names is not kept */
};

/* No problem in this netlist so far. */
bool rw_netlist_is_good(const struct rw_netlist_parser *p);
/* More problems than are kept: to find others would only cost time. */
bool rw_netlist_is_enough(const struct rw_netlist_parser *p);

/* Goes to the next line. false at the end of the text, or when enough problems were found. */
bool rw_netlist_next_line(struct rw_netlist_parser *p);
void rw_netlist_skip_blanks(struct rw_netlist_parser *p);
/* Whether the characters can be a name; an error otherwise. */
bool rw_netlist_is_name(struct rw_netlist_parser *p, size_t at, size_t length);
/* A new gate, its operands to be added next; a gate of that name before is an error. The name is copied. */
void rw_netlist_define(struct rw_netlist_parser *p, enum rw_gate_kind kind, const char *name, size_t name_length,
                       size_t at, size_t length);
/* Adds an operand to the last gate. */
void rw_netlist_operand(struct rw_netlist_parser *p, struct rw_reference reference);
/* Adds an output. */
void rw_netlist_output(struct rw_netlist_parser *p, struct rw_reference reference);
/* The number of the gate of that name, or SIZE_MAX. */
size_t rw_netlist_lookup(const struct rw_netlist *net, const char *name, size_t length);
/* An error: there is no such signal; with a near name. */
void rw_netlist_undefined(struct rw_netlist_parser *p, const struct rw_reference *reference, const char *name,
                          size_t length);
/* Names change between these two; the second finds those that stand twice. */
void rw_netlist_forget_names(struct rw_netlist_parser *p);
void rw_netlist_index(struct rw_netlist_parser *p);
void rw_netlist_rename(struct rw_netlist *net, size_t gate, const char *name, size_t length);

void rw_netlist_read_bench(struct rw_netlist_parser *p);
bool rw_netlist_looks_like_aiger(const char *text);
void rw_netlist_read_aiger(struct rw_netlist_parser *p);

#endif
