/* regex_tree.h - a pattern as a tree: what the parser hands to the position construction. Private to regex*.c.
 *
 * A tree has one leaf for each literal, class or dot of the pattern; repetitions are unfolded only when positions
 * are made. */
#ifndef RW_AUTOMATA_REGEX_TREE_H
#define RW_AUTOMATA_REGEX_TREE_H

#include "automata/regex.h"

#define RW_REGEX_UNBOUNDED UINT64_MAX

enum rw_regex_op { RW_REGEX_SYMBOLS, RW_REGEX_SEQUENCE, RW_REGEX_ALTERNATIVES, RW_REGEX_REPEAT };

struct rw_regex_node {
    enum rw_regex_op op;
    size_t byte;                  /* where it begins in the pattern */
    uint32_t *symbols;            /* RW_REGEX_SYMBOLS: one of these, ascending; none is a class that matches nothing */
    struct rw_regex_node **parts; /* the others: their operands; the empty sequence is the empty word */
    size_t count, capacity;       /* of symbols or parts */
    uint64_t least, most;         /* RW_REGEX_REPEAT, of its one part */
};

/* A pattern, and how to report problems in it: rw_regex_parse's arguments. */
struct rw_regex_text {
    const char *pattern;
    size_t length;
    const struct rw_limits *limits;
    struct rw_span (*place)(void *context, size_t byte, size_t length);
    void *context;
    struct rw_diag *diag;
};

/* A reached limit, reported at a byte: "<what> more than <most>". */
void rw_regex_limit(const struct rw_regex_text *text, size_t byte, const char *name, const char *what, uint64_t most);
void rw_regex_node_free(struct rw_regex_node *node);

/* The position automaton of a tree, sealed; NULL and a limit ("positions", "transitions") if it would be too large.
 * Caller frees. */
struct rw_nfa *rw_regex_positions(const struct rw_regex_text *text, const struct rw_regex_node *root, size_t symbols);

#endif
