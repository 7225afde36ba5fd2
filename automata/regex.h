/* regex.h - regular expressions in a documented regular subset, as position automata (Glushkov 1961).
 *
 * Literals, classes [a-z] [^a-z], the dot, escapes (\n \t \\ \. \xHH \x{H..} \d \w \s and their negations), groups
 * (...) and (?:...), alternation, * + ? {m} {m,} {m,n}; a lazy ? after a quantifier changes nothing about the language
 * and is accepted. Beyond regular, or meaningless for whole words, and refused at its column: backreferences,
 * lookaround, possessive and atomic groups, anchors, inline flags, named groups' calls, recursion. */
#ifndef RW_AUTOMATA_REGEX_H
#define RW_AUTOMATA_REGEX_H

#include "automata/nfa.h"
#include "base/limits.h"

struct rw_regex {
    char *pattern;
    struct rw_nfa *positions; /* state 0 is the start, state i the i-th position: no epsilon moves */
};

/* Runs as the position automaton does. Quantities "position i" (0 is the start). */
extern const struct rw_machine_kind rw_regex_kind;

/* Parses a pattern over an alphabet of single characters. A problem at byte i of the pattern is reported through
 * `place(context, i, length in bytes)`, which says where that is in the spec. Classes and the dot mean symbols of the
 * alphabet; a literal outside the alphabet is an error. Limits: pattern-bytes, pattern-repeat, depth, positions,
 * transitions. NULL on error. Caller frees. */
struct rw_regex *rw_regex_parse(const char *pattern, const struct rw_alphabet *alphabet, const struct rw_limits *limits,
                                struct rw_span (*place)(void *context, size_t byte, size_t length), void *context,
                                struct rw_diag *diag);
void rw_regex_free(struct rw_regex *regex);

#endif
