/* oracle.h - a third party's opinion on a word: for a regex, PCRE2 compiles the same pattern. Internal to verify.
 *
 * What a pattern means is PCRE2's to say, not ours: the position automaton is checked against it, not only the
 * network. */
#ifndef RW_VERIFY_ORACLE_H
#define RW_VERIFY_ORACLE_H

#include "automata/machine.h"

struct rw_oracle;

enum rw_opinion { RW_OPINION_REJECTS, RW_OPINION_ACCEPTS, RW_OPINION_NONE };

/* NULL: there is no third party for this kind of machine (why stays empty), or it refuses the pattern (why, may be
 * NULL, says so). Caller frees. */
struct rw_oracle *rw_oracle_new(const struct rw_machine *machine, FILE *why);
void rw_oracle_free(struct rw_oracle *oracle);
/* "PCRE2 10.42"; belongs to the oracle. */
const char *rw_oracle_name(const struct rw_oracle *oracle);

/* The word it will be asked about: symbol at `place` is set, everything after it is cut off. Places are set from 0
 * upwards. */
void rw_oracle_set(struct rw_oracle *oracle, size_t place, uint32_t symbol);
/* Its opinion on the first `length` symbols set. NONE: it gave up on one of its own limits. */
enum rw_opinion rw_oracle_ask(struct rw_oracle *oracle, size_t length);

#endif
