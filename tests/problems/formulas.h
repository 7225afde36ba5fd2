/* formulas.h - formulas for tests: reading an instance without the rest of a spec, and formulas that know their value. */
#ifndef RW_TESTS_PROBLEMS_FORMULAS_H
#define RW_TESTS_PROBLEMS_FORMULAS_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "reductions/problems/problem.h"

extern const struct rw_problem_kind rw_problem_boolean_formula, rw_problem_arithmetic_formula;

/* The instance that the problem's own keys describe, as src/spec/spec.c sets a reader up. */
static inline void *read_instance(const struct rw_problem_kind *kind, const char *text, const struct rw_limits *limits,
                                  struct rw_diag *diag, struct rw_source **source)
{
    *source = rw_source_text("test.yaml", text, strlen(text));
    struct rw_reader r = {.limits = limits, .diag = diag, .good = true};
    struct rw_yaml_document *document = rw_yaml_parse(*source, limits, diag);
    void *instance = NULL;
    if (document != NULL) {
        r.top = rw_yaml_root(document);
        instance = kind->read(&r);
        if (!r.good && instance != NULL) { /* a reader may leave it to its caller to look at `good` */
            kind->free_instance(instance);
            instance = NULL;
        }
    }
    rw_yaml_free(document);
    return instance;
}

/* An instance that must be right. */
static inline void *read_good(const struct rw_problem_kind *kind, const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(50);
    struct rw_source *source;
    void *instance = read_instance(kind, text, &limits, diag, &source);
    if (instance == NULL)
        rw_diag_print(diag, stderr);
    cr_assert_not_null(instance, "%s", text);
    rw_diag_free(diag);
    rw_source_free(source);
    return instance;
}

/* A formula as text, with its value by C's own operators and the depth that its reduction pays for. */
struct sample {
    char *text;
    int64_t value;
    unsigned depth;
};

static inline struct sample sample_leaf(int value)
{
    return (struct sample){rw_format("%d", value), value, 0};
}

/* sign: one of & | ^ > (for ->) + - *; `negated`: with ! or - before it. */
static inline struct sample sample_join(char sign, bool negated, const struct sample *a, const struct sample *b)
{
    bool arithmetic = strchr("+-*", sign) != NULL;
    struct sample s = {0};
    s.text = rw_format("%s(%s %s %s)",
                       !negated     ? ""
                       : arithmetic ? "-"
                                    : "!",
                       a->text, sign == '>' ? "->" : (const char[]){sign, '\0'}, b->text);
    s.value = sign == '&'   ? a->value && b->value
              : sign == '|' ? a->value || b->value
              : sign == '^' ? a->value != b->value
              : sign == '>' ? !a->value || b->value
              : sign == '+' ? a->value + b->value
              : sign == '-' ? a->value - b->value
                            : a->value * b->value;
    if (negated)
        s.value = arithmetic ? -s.value : !s.value;
    s.depth = (a->depth > b->depth ? a->depth : b->depth) + (sign == '^' ? 2 : 1);
    return s;
}

/* Calls `check` with every formula of at most `depth` operators one within the other; how many there were. */
static inline size_t for_all(unsigned depth, const int *leaves, size_t leaf_count, const char *signs, bool negations,
                             void (*check)(const struct sample *sample))
{
    size_t count = 0, capacity = 0;
    struct sample *list = NULL;
    for (unsigned d = 0; d <= depth; d++) {
        size_t before = count, made = 0;
        struct sample *next = NULL;
        capacity = 0;
        for (size_t i = 0; i < leaf_count; i++) {
            next = rw_grow(next, &capacity, made + 1, sizeof *next);
            next[made++] = sample_leaf(leaves[i]);
        }
        for (size_t a = 0; a < before; a++)
            for (size_t b = 0; b < before; b++)
                for (const char *sign = signs; *sign != '\0'; sign++)
                    for (int negated = 0; negated <= negations; negated++) {
                        next = rw_grow(next, &capacity, made + 1, sizeof *next);
                        next[made++] = sample_join(*sign, negated, list + a, list + b);
                    }
        for (size_t i = 0; i < before; i++)
            free(list[i].text);
        free(list);
        list = next;
        count = made;
    }
    for (size_t i = 0; i < count; i++) {
        check(list + i);
        free(list[i].text);
    }
    free(list);
    return count;
}

/* A random formula; `leaves` as above. */
static inline struct sample random_sample(struct rw_random *random, unsigned depth, const int *leaves,
                                          size_t leaf_count, const char *signs)
{
    if (depth == 0 || rw_random_below(random, 8) == 0)
        return sample_leaf(leaves[rw_random_below(random, leaf_count)]);
    struct sample a = random_sample(random, depth - 1, leaves, leaf_count, signs);
    struct sample b = random_sample(random, depth - 1, leaves, leaf_count, signs);
    char sign = signs[rw_random_below(random, strlen(signs))];
    struct sample s = sample_join(sign, rw_random_below(random, 3) == 0, &a, &b);
    free(a.text);
    free(b.text);
    return s;
}

/* The answer of the direct solver, an integer. */
static inline int64_t solved(const struct rw_problem_kind *kind, const void *instance)
{
    fmpq_t answer;
    fmpq_init(answer);
    kind->solve(instance, answer);
    cr_assert(fmpz_is_one(fmpq_denref(answer)) && fmpz_fits_si(fmpq_numref(answer)));
    int64_t value = fmpz_get_si(fmpq_numref(answer));
    fmpq_clear(answer);
    return value;
}

#endif
