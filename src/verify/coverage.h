/* coverage.h - words that take a counter machine through all it can do. Internal to verify.
 *
 * Random words rarely reach the rules that take a long and exact preparation. These words do: a search through the configurations, not the words. */
#ifndef RW_VERIFY_COVERAGE_H
#define RW_VERIFY_COVERAGE_H

#include "automata/counter.h"

/* As far as verification and its arguments look. */
#define RW_COVERED_CONFIGURATIONS 20000
#define RW_COVERED_STACKS         3000

struct rw_coverage {
    struct rw_word *words;
    size_t count, capacity;
    size_t configurations; /* that were met */
};

/* For each (state, signs of the counters, symbol) that occurs within the first `most` configurations, breadth first, a shortest word that ends
 * with it. At most RW_MOST_COUNTERS counters. Caller clears. */
struct rw_coverage rw_coverage_find(const struct rw_counter *machine, size_t most);
/* For stack and Turing machines: for each (mode, class of each stack, symbol) that occurs in the `most` configurations looked at a word that ends with it and
 * goes on to an accepting configuration where there is one. Nothing for other kinds. */
struct rw_coverage rw_coverage_of_modes(const struct rw_machine *machine, size_t most);
/* `count` random words of a length for counter, stack and Turing machines, of letters that do not end in the dead mode as long as there are such: a Turing
 * machine's input, and then the blanks that clock it. In every other word one letter may be deadly, and it ends soon after. Nothing for other kinds. */
struct rw_coverage rw_coverage_wander(const struct rw_machine *machine, uint64_t seed, size_t count, size_t length);
/* By the machine's kind; no words where none of these applies. */
struct rw_coverage rw_coverage_of(const struct rw_machine *machine);
void rw_coverage_clear(struct rw_coverage *coverage);

#endif
