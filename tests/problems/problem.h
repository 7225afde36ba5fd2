/* problem.h - instances from texts, and asking solver and machine. */
#ifndef RW_TESTS_PROBLEMS_PROBLEM_H
#define RW_TESTS_PROBLEMS_PROBLEM_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "reductions/problems/problem.h"

static inline struct rw_instance *read_instance(const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(20);
    struct rw_source *source = rw_source_text("test.yaml", text, strlen(text));
    struct rw_instance *problem = rw_problem_read(source, &limits, diag);
    if (problem == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(problem, "%s", text);
    rw_source_free(source);
    rw_diag_free(diag);
    return problem;
}

/* Whether there is a problem at the place whose message or hint holds `part`. */
static inline bool instance_fails(const char *text, size_t line, size_t column, const char *part)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(20);
    struct rw_source *source = rw_source_text("test.yaml", text, strlen(text));
    cr_assert_null(rw_problem_read(source, &limits, diag), "%s", text);
    bool found = false;
    for (size_t i = 0; i < rw_diag_kept(diag) && !found; i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        found = view.span.line == line && view.span.column == column &&
                (strstr(view.message, part) != NULL || (view.hint != NULL && strstr(view.hint, part) != NULL));
    }
    if (!found) {
        fprintf(stderr, "no problem '%s' at %zu:%zu\n", part, line, column);
        rw_diag_print(diag, stderr);
    }
    rw_source_free(source);
    rw_diag_free(diag);
    return found;
}

/* The solver's answer and the machine's value on the word of the reduction. */
static inline void ask_both(const struct rw_instance *problem, fmpq_t solved, fmpq_t decided, size_t *length)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine;
    struct rw_word word;
    problem->kind->solve(problem->instance, solved);
    cr_assert(rw_problem_reduce(problem, &limits, NULL, &machine, &word));
    rw_machine_value(machine, word.symbols, word.length, decided);
    *length = word.length;
    rw_machine_free(machine);
    rw_word_clear(&word);
}

/* Both agree; the answer. */
static inline slong agreed(const char *text)
{
    struct rw_instance *problem = read_instance(text);
    fmpq_t solved, decided;
    size_t length;
    fmpq_init(solved);
    fmpq_init(decided);
    ask_both(problem, solved, decided, &length);
    cr_assert(fmpq_equal(solved, decided), "%s", text);
    slong answer = fmpz_get_si(fmpq_numref(solved));
    fmpq_clear(solved);
    fmpq_clear(decided);
    rw_problem_free(problem);
    return answer;
}

#endif
