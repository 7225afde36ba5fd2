/* limits.h - every bound on what input may make the program do.
 *
 * Each limit has a name, a default and a reason; `--limit NAME=VALUE` changes one. Reaching a limit is
 * reported with rw_diag_limit, which names it, and the program exits with 3. */
#ifndef RW_BASE_LIMITS_H
#define RW_BASE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct rw_diag;

/* field, name on the command line, default, what it bounds */
#define RW_LIMITS(X)                                                                                                   \
    X(file_bytes, "file-bytes", 268435456, "bytes of one input file")                                                  \
    X(depth, "depth", 64, "nesting depth of a spec or net file")                                                       \
    X(nodes, "nodes", 20000000, "YAML nodes of a spec, aliases counted as often as they are used")                     \
    X(errors, "errors", 50, "problems reported for one file")                                                          \
    X(symbols, "symbols", 100000, "symbols of an alphabet")                                                            \
    X(states, "states", 1000000, "states of an automaton, read or constructed")                                        \
    X(transitions, "transitions", 10000000, "transitions of an automaton, read or constructed")                        \
    X(counters, "counters", 64, "counters of a counter machine")                                                       \
    X(registers, "registers", 1024, "registers of a cost-register automaton")                                          \
    X(pattern_bytes, "pattern-bytes", 65536, "bytes of a regex pattern")                                               \
    X(pattern_repeat, "pattern-repeat", 1000, "largest bound in a regex repetition {m,n}")                             \
    X(positions, "positions", 20000, "positions of a regex after expanding its repetitions")                           \
    X(word_length, "word-length", 100000000, "symbols of one word")                                                    \
    X(nonzeros, "nonzeros", 100000000, "nonzero weights of a network")                                                 \
    X(neurons, "neurons", 1000000, "hidden neurons of one layer of a network")                                         \
    X(number_digits, "number-digits", 100000, "digits of one number in a file")                                        \
    X(table_keys, "table-keys", 65536, "keys of a network's lookup table")                                             \
    X(bits, "bits", 10000000, "bits of any number during a run")                                                       \
    X(cells, "cells", 200000, "cells of configurations in an equivalence argument")

struct rw_limits {
#define RW_LIMIT_FIELD(field, name, value, what) uint64_t field;
    RW_LIMITS(RW_LIMIT_FIELD)
#undef RW_LIMIT_FIELD
};

/* One row of the table above. */
struct rw_limit_info {
    const char *name;
    uint64_t standard;
    const char *what;
};
extern const struct rw_limit_info rw_limit_table[];
extern const unsigned rw_limit_count;

struct rw_limits rw_limits_standard(void);
/* Sets one limit from "name=value"; false and an error with a near name if it is not one. */
bool rw_limits_set(struct rw_limits *limits, const char *assignment, struct rw_diag *diag);

#endif
