/* instances.h - problems from texts, their answers by both ways, and what is wrong with texts; shared by the tests of problems. */
#ifndef RW_TESTS_PROBLEMS_INSTANCES_H
#define RW_TESTS_PROBLEMS_INSTANCES_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reductions/problems/problem.h"

static inline struct rw_instance *read_instance(const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text("text.yaml", text, strlen(text));
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_instance *problem = rw_problem_read(source, &limits, diag);
    if (problem == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(problem, "%.500s", text);
    cr_assert(rw_diag_empty(diag));
    rw_diag_free(diag);
    rw_source_free(source);
    return problem;
}

/* An instance as a word: the automaton, the word, and both answers, which must be the same. */
struct answered {
    struct rw_instance *problem;
    struct rw_machine *machine;
    struct rw_word word;
    fmpq_t solved, value;
};

/* Whether the automaton's value is the answer, where a question is yes for a positive value unless `turned`. */
static inline bool answers_agree(const struct answered *a)
{
    if (strcmp(a->problem->kind->name, "turing-acceptance") != 0 && a->machine->kind->verdict != RW_VALUE)
        return (rw_q_sign(a->value) > 0) == (rw_q_sign(a->solved) > 0);
    return fmpq_equal(a->value, a->solved);
}

static inline struct answered answer_text(const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct answered a = {.problem = read_instance(text)};
    fmpq_init(a.solved);
    fmpq_init(a.value);
    cr_assert(rw_problem_reduce(a.problem, &limits, NULL, &a.machine, &a.word), "%.500s", text);
    a.problem->kind->solve(a.problem->instance, a.solved);
    rw_machine_value(a.machine, a.word.symbols, a.word.length, a.value);
    cr_assert(answers_agree(&a), "%.2000s", text);
    return a;
}

static inline void forget_answer(struct answered *a)
{
    rw_machine_free(a->machine);
    rw_word_clear(&a->word);
    rw_problem_free(a->problem);
    fmpq_clear(a->solved);
    fmpq_clear(a->value);
}

/* The answer as a number; by both ways. */
static inline int64_t number_answered(const char *text)
{
    struct answered a = answer_text(text);
    int64_t number = fmpz_get_si(fmpq_numref(a.solved));
    cr_assert(fmpz_is_one(fmpq_denref(a.solved)));
    forget_answer(&a);
    return number;
}

/* One row of a table of texts that are wrong. */
struct wrong_text {
    const char *text;
    size_t line, column;
    const char *part; /* of the message or of a hint */
};

static inline bool tells(const struct wrong_text *wrong, struct rw_limits limits, int code)
{
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source = rw_source_text("text.yaml", wrong->text, strlen(wrong->text));
    struct rw_instance *problem = rw_problem_read(source, &limits, diag);
    bool found = false;
    for (size_t i = 0; i < rw_diag_kept(diag) && !found; i++) {
        struct rw_problem_view view = rw_diag_view(diag, i);
        found = view.span.line == wrong->line && view.span.column == wrong->column &&
                (strstr(view.message, wrong->part) != NULL ||
                 (view.hint != NULL && strstr(view.hint, wrong->part) != NULL));
    }
    found = found && problem == NULL && rw_diag_exit_code(diag) == code;
    if (!found) {
        fprintf(stderr, "no problem '%s' at %zu:%zu (code %d) of\n%.1000s\nbut code %d%s\n", wrong->part, wrong->line,
                wrong->column, code, wrong->text, rw_diag_exit_code(diag), problem != NULL ? ", read" : "");
        rw_diag_print(diag, stderr);
    }
    rw_problem_free(problem);
    rw_diag_free(diag);
    rw_source_free(source);
    return found;
}

static inline void expect_told(const struct wrong_text *wrong, size_t count)
{
    size_t missing = 0;
    for (size_t i = 0; i < count; i++)
        missing += !tells(wrong + i, rw_limits_standard(), 2);
    cr_assert_eq(missing, 0);
}

/* A path below SPECS, or below the specs/ of the tree that this file stands in. Caller frees. */
static inline char *library_path(const char *name)
{
    const char *specs = getenv("SPECS");
    int folder = (int)(strrchr(__FILE__, '/') - __FILE__);
    return specs != NULL ? rw_format("%s/%s", specs, name) : rw_format("%.*s/../../specs/%s", folder, __FILE__, name);
}

static inline struct rw_source *library_file(const char *name)
{
    char *path = library_path(name);
    struct rw_source *source = rw_source_read(path, 1 << 20, NULL);
    cr_assert_not_null(source, "%s", path);
    free(path);
    return source;
}

#endif
