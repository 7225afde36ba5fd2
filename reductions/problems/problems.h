/* problems.h - the rows of the table of problems, and what they share. Internal. */
#ifndef RW_REDUCTIONS_PROBLEMS_PROBLEMS_H
#define RW_REDUCTIONS_PROBLEMS_PROBLEMS_H

#include "reductions/problems/problem.h"

extern const struct rw_problem_kind rw_problem_connectivity, rw_problem_sorted_connectivity, rw_problem_word,
    rw_problem_matrix_product, rw_problem_turing, rw_problem_circuit, rw_problem_boolean_formula,
    rw_problem_arithmetic_formula;

/* Whether a word of this length is allowed; else a problem that names the limit. */
bool rw_problem_fits(const struct rw_limits *limits, struct rw_diag *diag, uint64_t length);
/* What is wrong with the word that is a node's text, parsed as one line with a diag of its own: at its place in the file. */
void rw_problem_word_error(struct rw_reader *r, const struct rw_yaml *node, const struct rw_diag *own);
/* The machine of a spec that is part of the program. Caller frees. */
struct rw_machine *rw_problem_machine(const char *name, const char *text);

/* The two machines of sorted connectivity, as in specs/counter. */
extern const char rw_connectivity_target_first[], rw_connectivity_target_last[];

#endif
