/* Machines and networks for the tests of verify, written down without any construction of reductions/ but for example_build. */
#ifndef TESTS_VERIFY_EXAMPLES_H
#define TESTS_VERIFY_EXAMPLES_H

#include "automata/dfa.h"
#include "automata/nfa.h"
#include "automata/regex.h"
#include "automata/wfa.h"
#include "base/random.h"
#include "rnn/run.h"
#include "reductions/witness/witness.h"
#include "verify/verify.h"

/* "ab", "abc": one symbol for each character. */
struct rw_alphabet *example_alphabet(const char *symbols);

/* Words with an even number of b, over a and b; states "even" and "odd". */
struct rw_machine *example_parity(void);
/* A seeded DFA over the symbols; one transition in eight is missing if partial. */
struct rw_machine *example_dfa(uint64_t seed, size_t states, const char *symbols, bool partial);
/* a^length and nothing else that has no b; b goes back to the start. State i: i letters a were read. */
struct rw_machine *example_chain(size_t length);
/* A seeded WFA with small weights. */
struct rw_machine *example_wfa(uint64_t seed, size_t states, const char *symbols, bool indicator);
/* f(w) = 2^|w| over a and b. */
struct rw_machine *example_doubling(void);
/* A model of our own making as a machine. */
struct rw_machine *example_machine(const struct rw_machine_kind *kind, void *model, const char *symbols);
/* The pattern's text, and the NFA of another language that pretends to be it. */
struct rw_machine *example_regex(const char *pattern, const char *symbols);

/* One PD head whose coordinates are the states; output "accept"; a relation that names every state. */
struct rw_net *example_pd(const struct rw_machine *dfa);
/* One DPLR head of full rank whose state is the row of the WFA; output "value"; a relation that names every weight. */
struct rw_net *example_dplr(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, enum rw_decision decision);
/* Adds by / denominator to one entry. */
void example_add(struct rw_matrix **matrix, size_t row, size_t col, int64_t by, uint64_t denominator);
/* Adds `by` to one entry of a parameter of the first head, or of the readout (NULL). */
void example_perturb(struct rw_net *net, const char *param, size_t row, size_t col, int64_t by, uint64_t denominator);

/* The first word, in the order of length and then of symbols, on which both differ: each word from the start. false:
 * none up to `length`. */
bool example_brute_force(const struct rw_machine *machine, const struct rw_net *net, bool states, size_t length,
                         struct rw_word *word);

/* The machine of a spec of the library, "kind/name.yaml". */
struct rw_machine *example_spec(const char *name);

/* The network of a family (NULL: the first that applies); it must be one that can be built. The limits are the standard ones. */
struct rw_net *example_build(const struct rw_machine *machine, const char *family, struct rw_witness_options options);
/* Whether words tell their outputs apart: all short ones, as far as the budget goes, and random ones that no prover draws. */
bool example_refuted(const struct rw_machine *machine, const struct rw_net *net, uint64_t budget, uint64_t random_words,
                     size_t random_length);
/* The same, with a few words and these. */
bool example_refuted_on(const struct rw_machine *machine, const struct rw_net *net, size_t random_length,
                        const struct rw_word *words, size_t count);

#endif
