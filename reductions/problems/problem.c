/* problem.c - the table of problems, and what all of them share. */
#include "reductions/problems/problem.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "reductions/problems/problems.h"
#include "spec/header.h"
#include "spec/spec.h"

const struct rw_problem_kind *const rw_problem_kinds[] = {
    &rw_problem_connectivity,
    &rw_problem_sorted_connectivity,
    &rw_problem_word,
    &rw_problem_matrix_product,
    &rw_problem_turing,
    &rw_problem_circuit,
    &rw_problem_boolean_formula,
    &rw_problem_arithmetic_formula,
    NULL,
};

static const char *const common_keys[] = {"rnnwit", "kind", "name", "about", "problem", NULL};

const struct rw_problem_kind *rw_problem_kind_find(const char *name)
{
    for (size_t i = 0; rw_problem_kinds[i] != NULL; i++)
        if (strcmp(rw_problem_kinds[i]->name, name) == 0)
            return rw_problem_kinds[i];
    return NULL;
}

/* Parsing a large automaton only to see that it is no problem would take as long as reading it. */
static bool may_be_problem(const struct rw_source *source)
{
    return memmem(source->text, source->size, RW_KIND_PROBLEM, strlen(RW_KIND_PROBLEM)) != NULL;
}

bool rw_problem_looks_like(const struct rw_source *source, const struct rw_limits *limits)
{
    if (!may_be_problem(source))
        return false;
    struct rw_spec_file file;
    bool is = rw_spec_open(&file, source, limits, NULL);
    const struct rw_yaml *kind = is ? rw_yaml_get(file.reader.top, "kind") : NULL;
    is = kind != NULL && kind->type == RW_YAML_SCALAR && strcmp(kind->text, RW_KIND_PROBLEM) == 0;
    rw_spec_close(&file);
    return is;
}

static const struct rw_problem_kind *read_kind(struct rw_reader *r)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "problem");
    const char *name = node == NULL ? NULL : rw_read_text(r, node, "a problem");
    const struct rw_problem_kind *kind = name == NULL ? NULL : rw_problem_kind_find(name);
    if (name == NULL || kind != NULL)
        return kind;
    rw_read_error(r, node, "there is no problem '%.60s'", name);
    struct rw_near near = rw_near_start(name);
    char *list = rw_strdup("the problems are");
    for (size_t i = 0; rw_problem_kinds[i] != NULL; i++) {
        char *longer = rw_format("%s%s %s", list, i > 0 ? "," : "", rw_problem_kinds[i]->name);
        free(list);
        list = longer;
        rw_near_offer(&near, rw_problem_kinds[i]->name);
    }
    if (near.best == NULL)
        rw_diag_hint(r->diag, "%s", list);
    rw_near_hint(&near, r->diag);
    free(list);
    return NULL;
}

static struct rw_instance *read_problem(struct rw_reader *r, const struct rw_source *source)
{
    rw_spec_check_format(r);
    const struct rw_problem_kind *kind = read_kind(r);
    if (kind != NULL)
        rw_read_keys(r, r->top, common_keys, kind->keys);
    char *stem = rw_spec_stem(source->name);
    char *name = rw_spec_read_text(r, "name", stem), *about = rw_spec_read_text(r, "about", rw_strdup(""));
    void *instance = kind == NULL ? NULL : kind->read(r);
    if (instance == NULL || !r->good) {
        if (instance != NULL)
            kind->free_instance(instance);
        free(name);
        free(about);
        return NULL;
    }
    struct rw_instance *problem = rw_alloc(1, sizeof *problem);
    *problem = (struct rw_instance){.kind = kind, .instance = instance, .name = name, .about = about};
    rw_sha256(source->text, source->size, problem->hash);
    return problem;
}

struct rw_instance *rw_problem_read(const struct rw_source *source, const struct rw_limits *limits,
                                    struct rw_diag *diag)
{
    struct rw_spec_file file;
    struct rw_instance *problem = rw_spec_open(&file, source, limits, diag) ? read_problem(&file.reader, source) : NULL;
    rw_spec_close(&file);
    return problem;
}

void rw_problem_free(struct rw_instance *problem)
{
    if (problem == NULL)
        return;
    problem->kind->free_instance(problem->instance);
    free(problem->name);
    free(problem->about);
    free(problem);
}

/* A network says which spec it was made from. An automaton that was made here has the one that can be written. */
static void sign(struct rw_machine *machine)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        rw_out_of_memory(1);
    rw_spec_write(machine, out);
    fclose(out);
    rw_sha256(text, size, machine->hash);
    free(text);
}

bool rw_problem_reduce(const struct rw_instance *problem, const struct rw_limits *limits, struct rw_diag *diag,
                       struct rw_machine **machine, struct rw_word *word)
{
    *machine = NULL;
    rw_word_init(word);
    if (problem->kind->reduce(problem->instance, limits, diag, machine, word)) {
        if ((*machine)->hash[0] == '\0')
            sign(*machine);
        return true;
    }
    rw_machine_free(*machine);
    rw_word_clear(word);
    *machine = NULL;
    return false;
}

void rw_problem_write(const struct rw_instance *problem, FILE *out)
{
    fputs("rnnwit: 1\nkind: " RW_KIND_PROBLEM "\nname: ", out);
    rw_write_scalar(out, problem->name);
    if (problem->about[0] != '\0') {
        fputs("\nabout: ", out);
        rw_write_scalar(out, problem->about);
    }
    fprintf(out, "\nproblem: %s\n", problem->kind->name);
    problem->kind->write(problem->instance, out);
}

bool rw_problem_fits(const struct rw_limits *limits, struct rw_diag *diag, uint64_t length)
{
    if (length <= limits->word_length)
        return true;
    rw_diag_limit(diag, rw_span_none(), "word-length", "the word of this instance has %llu symbols, more than %llu",
                  (unsigned long long)length, (unsigned long long)limits->word_length);
    return false;
}

/* Bytes of the first characters of a text that is well-formed. */
static size_t bytes_of(const char *text, size_t characters)
{
    size_t at = 0;
    for (; characters > 0 && text[at] != '\0'; characters--)
        do
            at++;
        while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

void rw_problem_word_error(struct rw_reader *r, const struct rw_yaml *node, const struct rw_diag *own)
{
    struct rw_problem_view view = rw_diag_view(own, 0);
    size_t from = view.span.column > 0 ? bytes_of(node->text, view.span.column - 1) : 0;
    struct rw_span span = rw_read_place(node, from, bytes_of(node->text + from, view.span.length));
    r->good = false;
    if (view.kind == RW_PROBLEM_LIMIT) {
        rw_diag_limit(r->diag, span, view.limit, "%s", view.message);
        return;
    }
    rw_diag_error(r->diag, span, "%s", view.message);
    if (view.hint != NULL)
        rw_diag_hint(r->diag, "%s", view.hint);
}

struct rw_machine *rw_problem_machine(const char *name, const char *text)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text(name, text, strlen(text));
    struct rw_machine *machine = rw_spec_read(source, &limits, NULL);
    rw_source_free(source);
    return machine;
}
