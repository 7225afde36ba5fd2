/* turing_acceptance.c - does a Turing machine accept its input within T steps (R9)? */
#include "automata/turing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reductions/problems/problems.h"
#include "spec/header.h"
#include "spec/spec.h"

static const char *const keys[] = {"machine", "input", "steps", NULL};

struct acceptance {
    struct rw_machine *machine; /* of kind turing */
    struct rw_word input;       /* without clocks */
    uint64_t steps;
};

static void free_acceptance(void *instance)
{
    struct acceptance *a = instance;
    rw_machine_free(a->machine);
    rw_word_clear(&a->input);
    free(a);
}

/* --- reading --- */

static void read_machine(struct rw_reader *r, struct acceptance *a)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "machine");
    if (node == NULL || !rw_read_expect(r, node, RW_YAML_MAP, "the keys of a spec of kind turing"))
        return;
    struct rw_reader own = *r;
    own.top = node;
    a->machine = rw_spec_read_machine(&own, "machine");
    r->good = r->good && own.good && a->machine != NULL;
    if (a->machine == NULL || a->machine->kind == &rw_turing_kind)
        return;
    rw_read_error(r, node, "this is a machine of kind %s, not turing", a->machine->kind->name);
}

static void read_input(struct rw_reader *r, struct acceptance *a)
{
    const struct rw_yaml *node = rw_read_key(r, r->top, "input");
    const char *text = node == NULL ? NULL : rw_read_text(r, node, "a word");
    if (text == NULL)
        return;
    struct rw_diag *own = rw_diag_new(1);
    struct rw_source *source = rw_source_text("input", text, strlen(text));
    if (!rw_word_parse(&a->input, a->machine->alphabet, source, 1, text, strlen(text), r->limits->word_length, own)) {
        rw_problem_word_error(r, node, own);
    }
    const struct rw_turing *turing = a->machine->model;
    for (size_t i = 0; i < a->input.length && r->good; i++)
        if (a->input.symbols[i] == turing->clock) {
            rw_read_error(r, node, "the input holds the clock '%s'",
                          rw_alphabet_name(a->machine->alphabet, turing->clock));
            rw_diag_hint(r->diag, "'steps' says how long the clock runs");
        }
    rw_diag_free(own);
    rw_source_free(source);
}

static void *read_instance(struct rw_reader *r)
{
    struct acceptance *a = rw_alloc(1, sizeof *a);
    int64_t steps = 0;
    rw_word_init(&a->input);
    read_machine(r, a);
    const struct rw_yaml *node = rw_read_key(r, r->top, "steps");
    if (node != NULL && rw_read_integer(r, node, &steps) && steps < 0)
        rw_read_error(r, node, "a machine makes 0 steps or more");
    a->steps = steps > 0 ? (uint64_t)steps : 0;
    if (r->good)
        read_input(r, a);
    return a;
}

/* --- the direct answer: an array of cells that is long enough for every step --- */

static void solve(const void *instance, fmpq_t answer)
{
    const struct acceptance *a = instance;
    const struct rw_turing *m = a->machine->model;
    uint64_t reach = a->steps < 1024 ? a->steps : 1024, size = a->input.length + 2 * reach + 1, at = reach;
    uint32_t *cells = rw_alloc(size, sizeof *cells), state = m->initial;
    for (uint64_t i = 0; i < size; i++)
        cells[i] = m->blank;
    for (size_t i = 0; i < a->input.length; i++)
        cells[reach + i] = m->letter_of[a->input.symbols[i]];
    for (uint64_t i = 0; i < a->steps && m->halts[state] == 0; i++) {
        struct rw_turing_step step = m->table[state * m->letters + cells[at]];
        cells[at] = step.write;
        state = step.to;
        if (at == 0 || at + 1 == size) { /* twice as much on both sides */
            uint32_t *more = rw_alloc(3 * size, sizeof *more);
            for (uint64_t k = 0; k < 3 * size; k++)
                more[k] = k >= size && k < 2 * size ? cells[k - size] : m->blank;
            free(cells);
            cells = more;
            at += size;
            size *= 3;
        }
        at += step.move == RW_RIGHT ? 1 : step.move == RW_LEFT ? UINT64_MAX : 0;
    }
    rw_q_set_int(answer, m->halts[state]);
    free(cells);
}

/* --- the word: the input, clocks to bring the head back, and one for each step --- */

/* The machine anew: its spec, written and read. */
static struct rw_machine *copy_machine(const struct rw_machine *machine, const struct rw_limits *limits)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    rw_spec_write(machine, out);
    fclose(out);
    struct rw_source *source = rw_source_text(machine->name, text, length);
    struct rw_machine *copy = rw_spec_read(source, limits, NULL);
    rw_source_free(source);
    free(text);
    return copy;
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    const struct acceptance *a = instance;
    const struct rw_turing *m = a->machine->model;
    uint64_t clocks = a->input.length + a->steps;
    if (!rw_problem_fits(limits, diag, a->input.length + clocks))
        return false;
    *machine = copy_machine(a->machine, limits);
    rw_word_copy(word, &a->input);
    for (uint64_t i = 0; i < clocks; i++)
        rw_word_push(word, m->clock);
    return true;
}

static void size(const void *instance, FILE *out)
{
    const struct acceptance *a = instance;
    fprintf(out, "input of %zu, %" PRIu64 " steps", a->input.length, a->steps);
}

/* The machine's spec, indented. */
static void write_keys(const void *instance, FILE *out)
{
    const struct acceptance *a = instance;
    char *text = NULL;
    size_t length = 0;
    FILE *spec = open_memstream(&text, &length);
    rw_spec_write(a->machine, spec);
    fclose(spec);
    fputs("machine:\n", out);
    for (char *line = text, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        fprintf(out, "  %.*s\n", (int)(end - line), line);
    }
    free(text);
    text = rw_word_text(a->machine->alphabet, a->input.symbols, a->input.length);
    fputs("input: ", out);
    if (a->input.length == 0)
        fputs("\"\"", out);
    else
        rw_write_scalar(out, text);
    fprintf(out, "\nsteps: %" PRIu64 "\n", a->steps);
    free(text);
}

const struct rw_problem_kind rw_problem_turing = {
    .name = "turing-acceptance",
    .title = "does a Turing machine accept its input within so many steps?",
    .complexity = "P",
    .completeness = "complete for P under logspace reductions, where the steps are given in unary",
    .reference = "Ladner 1975, The circuit value problem is log space complete for P (by the same simulation)",
    .family = "mlp",
    .reduction = "R9: the input, then clocks to bring the head back and one for each step",
    .keys = keys,
    .read = read_instance,
    .free_instance = free_acceptance,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
