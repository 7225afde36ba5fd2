/* formula.h - formulas with infix operators and an assignment of their variables: what the problems about formulas share.
 *
 * A language is a table of operators; the parser knows no operator itself. Chains of an associative operator become balanced
 * trees, because the reductions pay a factor of four for each level: a & b & c & d has depth 2. */
#ifndef RW_REDUCTIONS_PROBLEMS_FORMULA_H
#define RW_REDUCTIONS_PROBLEMS_FORMULA_H

#include "spec/reader.h"

enum rw_formula_op {
    RW_FORMULA_CONSTANT,
    RW_FORMULA_VARIABLE,
    RW_FORMULA_NOT, /* one operand, left */
    RW_FORMULA_AND,
    RW_FORMULA_OR,
    RW_FORMULA_XOR,
    RW_FORMULA_IMPLIES,
    RW_FORMULA_NEGATE, /* one operand, left */
    RW_FORMULA_ADD,
    RW_FORMULA_SUBTRACT, /* in languages only: a - b is read as a + (-b) */
    RW_FORMULA_MULTIPLY
};

/* level: 0 binds loosest. Operators of one level make one chain, so they must be associative with each other;
 * subtraction and implication are rewritten so that they are. */
struct rw_formula_operator {
    const char *text;
    enum rw_formula_op op;
    unsigned level;
};

/* Ends with an operator whose text is NULL. */
#define RW_FORMULA_PREFIX UINT32_MAX /* the level of operators before their operand */

struct rw_formula_language {
    const struct rw_formula_operator *operators;
    unsigned levels;
    const char *const
        *words;           /* how the values of variables are written, NULL-terminated; the constants are among them */
    const int8_t *values; /* and what they stand for */
    const char *operand;  /* "expected OPERAND, found ..." */
    const char *hint;     /* which operators there are */
};

struct rw_formula_node {
    enum rw_formula_op op;
    int8_t value;      /* of a constant */
    uint32_t variable; /* number of a variable */
    const struct rw_formula_node *left, *right;
};

struct rw_formula {
    char *text; /* as it was read */
    struct rw_formula_node *nodes;
    size_t count;
    const struct rw_formula_node *root;
    struct rw_alphabet *variables; /* in the order of their first places */
    size_t *places;                /* byte of each variable's first place in the text */
    size_t places_capacity;
    int8_t *assignment; /* value of each variable; zeros after rw_formula_parse */
};

/* The formula that a scalar holds. The first error is reported at its place in the scalar; NULL then. Parentheses nest at most
 * limits->depth deep. Caller frees. */
struct rw_formula *rw_formula_parse(struct rw_reader *r, const struct rw_yaml *node,
                                    const struct rw_formula_language *language);
void rw_formula_free(struct rw_formula *formula);

/* The value of a constant or variable. */
int8_t rw_formula_leaf(const struct rw_formula *formula, const struct rw_formula_node *leaf);
/* Levels of operators with two operands. */
size_t rw_formula_depth(const struct rw_formula_node *node);

/* The keys `formula` and `assignment` of a problem; every variable has a value and every value a variable. */
extern const char *const rw_formula_keys[];
void *rw_formula_read(struct rw_reader *r, const struct rw_formula_language *language);
/* For the table of problems: these take a struct rw_formula. */
void rw_formula_release(void *formula);
void rw_formula_size(const void *formula, FILE *out);
void rw_formula_write(const void *formula, FILE *out);

#endif
