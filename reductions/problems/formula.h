/* formula.h - Boolean and arithmetic formulas with an assignment: parsing, and evaluating directly. Internal to problems. */
#ifndef RW_REDUCTIONS_PROBLEMS_FORMULA_H
#define RW_REDUCTIONS_PROBLEMS_FORMULA_H

#include "spec/reader.h"

enum rw_formula_kind {
    RW_LEAF,   /* a constant or a variable with its value */
    RW_NEGATE, /* !x or -x: `left` only */
    RW_AND,
    RW_OR,
    RW_XOR,
    RW_IMPLIES,
    RW_ADD,
    RW_SUBTRACT,
    RW_MULTIPLY
};

struct rw_formula_node {
    enum rw_formula_kind kind;
    int value;          /* of a leaf */
    size_t left, right; /* nodes before this one */
};

/* Operands come before what uses them; the last node is the root. */
struct rw_formula {
    bool arithmetic;
    char *text; /* as written */
    struct rw_formula_node *nodes;
    size_t count, capacity;
    struct rw_formula_variable {
        char *name;
        int value;
        bool used;
    } * variables;
    size_t variable_count;
};

/* Reads the keys `formula` and `assignment`. Boolean: ! ~ & ^ | -> and 0 1 true false, binding in this order, -> to the right. Arithmetic: - * + -
 * and -1 0 1. Never NULL; the reader's `good` tells. Caller frees. */
struct rw_formula *rw_formula_read(struct rw_reader *r, bool arithmetic);
void rw_formula_free(struct rw_formula *formula);
/* The keys again. */
void rw_formula_write(const struct rw_formula *formula, FILE *out);
/* The value; of a Boolean formula 1 or 0. Cost: nodes. */
void rw_formula_value(const struct rw_formula *formula, fmpz_t value);
/* Operators on the longest path from the root to a leaf, negations not counted. */
size_t rw_formula_depth(const struct rw_formula *formula);

#endif
