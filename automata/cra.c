/* cra.c - cost-register automata: definition and simulator. */
#include "automata/cra.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

/* --- forms --- */

void rw_cra_form_add(struct rw_cra_form *form, uint32_t reg, const fmpz_t coefficient)
{
    assert(fmpz_sgn(coefficient) >= 0);
    if (fmpz_is_zero(coefficient))
        return;
    for (size_t i = 0; i < form->count; i++)
        if (form->terms[i].reg == reg) {
            fmpz_add(&form->terms[i].coefficient, &form->terms[i].coefficient, coefficient);
            return;
        }
    form->terms = rw_grow(form->terms, &form->capacity, form->count + 1, sizeof *form->terms);
    struct rw_cra_term *term = form->terms + form->count++;
    term->reg = reg;
    fmpz_init_set(&term->coefficient, coefficient);
}

void rw_cra_form_add_constant(struct rw_cra_form *form, const fmpz_t constant)
{
    assert(fmpz_sgn(constant) >= 0);
    fmpz_add(&form->constant, &form->constant, constant);
}

void rw_cra_form_clear(struct rw_cra_form *form)
{
    for (size_t i = 0; i < form->count; i++)
        fmpz_clear(&form->terms[i].coefficient);
    free(form->terms);
    fmpz_clear(&form->constant);
    *form = (struct rw_cra_form){0};
}

/* value = the form at these registers */
static void evaluate(const struct rw_cra_form *form, const fmpz *registers, fmpz_t value)
{
    fmpz_set(value, &form->constant);
    for (size_t i = 0; i < form->count; i++)
        fmpz_addmul(value, &form->terms[i].coefficient, registers + form->terms[i].reg);
}

/* --- definition --- */

struct rw_cra *rw_cra_new(size_t registers, size_t symbols)
{
    struct rw_cra *cra = rw_alloc(1, sizeof *cra);
    cra->registers = registers;
    cra->symbols = symbols;
    cra->names = rw_alloc(registers, sizeof *cra->names);
    for (size_t i = 0; i < registers; i++)
        cra->names[i] = rw_format("%zu", i);
    cra->initial = rw_alloc(registers, sizeof *cra->initial); /* 0 is a valid fmpz: nothing to initialise */
    cra->letters = rw_alloc(symbols, sizeof *cra->letters);
    return cra;
}

static void free_letter(struct rw_cra_letter *letter)
{
    for (size_t i = 0; i < letter->count; i++) {
        rw_cra_form_clear(&letter->updates[i].base);
        rw_cra_form_clear(&letter->updates[i].left);
        rw_cra_form_clear(&letter->updates[i].right);
    }
    free(letter->updates);
}

void rw_cra_free(struct rw_cra *cra)
{
    if (cra == NULL)
        return;
    for (size_t i = 0; i < cra->registers; i++) {
        free(cra->names[i]);
        fmpz_clear(cra->initial + i);
    }
    for (size_t a = 0; a < cra->symbols; a++)
        free_letter(cra->letters + a);
    rw_cra_form_clear(&cra->output);
    free(cra->names);
    free(cra->initial);
    free(cra->letters);
    free(cra);
}

struct rw_cra_update *rw_cra_add_update(struct rw_cra *cra, uint32_t symbol, uint32_t target)
{
    struct rw_cra_letter *letter = cra->letters + symbol;
    letter->updates = rw_grow(letter->updates, &letter->capacity, letter->count + 1, sizeof *letter->updates);
    letter->updates[letter->count] = (struct rw_cra_update){.target = target};
    return letter->updates + letter->count++;
}

bool rw_cra_has_max(const struct rw_cra *cra)
{
    for (size_t a = 0; a < cra->symbols; a++)
        for (size_t i = 0; i < cra->letters[a].count; i++)
            if (cra->letters[a].updates[i].has_max)
                return true;
    return false;
}

/* --- as text --- */

void rw_cra_form_print(const struct rw_cra *cra, const struct rw_cra_form *form, FILE *out)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct rw_cra_term *term = form->terms + i;
        fputs(i > 0 ? " + " : "", out);
        if (!fmpz_is_one(&term->coefficient)) {
            fmpz_fprint(out, &term->coefficient);
            fputc('*', out);
        }
        fputs(cra->names[term->reg], out);
    }
    if (form->count > 0 && fmpz_is_zero(&form->constant))
        return;
    fputs(form->count > 0 ? " + " : "", out);
    fmpz_fprint(out, &form->constant);
}

void rw_cra_update_print(const struct rw_cra *cra, const struct rw_cra_update *update, FILE *out)
{
    bool has_base = update->base.count > 0 || !fmpz_is_zero(&update->base.constant);
    fprintf(out, "%s = ", cra->names[update->target]);
    if (has_base || !update->has_max)
        rw_cra_form_print(cra, &update->base, out);
    if (!update->has_max)
        return;
    fputs(has_base ? " + max(" : "max(", out);
    rw_cra_form_print(cra, &update->left, out);
    fputs(", ", out);
    rw_cra_form_print(cra, &update->right, out);
    fputc(')', out);
}

/* --- the simulator --- */

struct run {
    fmpz *registers;
    fmpz *next; /* work space: the updated ones, by the place of their update */
    fmpz_t left, right;
};

static void free_model(void *model)
{
    rw_cra_free(model);
}

static size_t quantities(const void *model)
{
    return ((const struct rw_cra *)model)->registers;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    fprintf(out, "register %s", ((const struct rw_cra *)model)->names[i]);
}

static void run_start(const void *model, void *run)
{
    const struct rw_cra *cra = model;
    struct run *r = run;
    for (size_t i = 0; i < cra->registers; i++)
        fmpz_set(r->registers + i, cra->initial + i);
}

static void *run_new(const void *model)
{
    const struct rw_cra *cra = model;
    struct run *r = rw_alloc(1, sizeof *r);
    r->registers = rw_alloc(cra->registers, sizeof *r->registers);
    r->next = rw_alloc(cra->registers, sizeof *r->next);
    fmpz_init(r->left);
    fmpz_init(r->right);
    run_start(model, r);
    return r;
}

static void run_free(const void *model, void *run)
{
    struct run *r = run;
    for (size_t i = 0; i < quantities(model); i++) {
        fmpz_clear(r->registers + i);
        fmpz_clear(r->next + i);
    }
    fmpz_clear(r->left);
    fmpz_clear(r->right);
    free(r->registers);
    free(r->next);
    free(r);
}

static void run_copy(const void *model, void *to, const void *from)
{
    struct run *r = to;
    const struct run *source = from;
    for (size_t i = 0; i < quantities(model); i++)
        fmpz_set(r->registers + i, source->registers + i);
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_cra *cra = model;
    const struct rw_cra_letter *letter = cra->letters + symbol;
    struct run *r = run;
    for (size_t i = 0; i < letter->count; i++) {
        const struct rw_cra_update *update = letter->updates + i;
        evaluate(&update->base, r->registers, r->next + i);
        if (!update->has_max)
            continue;
        evaluate(&update->left, r->registers, r->left);
        evaluate(&update->right, r->registers, r->right);
        fmpz_add(r->next + i, r->next + i, fmpz_cmp(r->left, r->right) > 0 ? r->left : r->right);
    }
    for (size_t i = 0; i < letter->count; i++) /* only now: all right sides have read the old registers */
        fmpz_swap(r->registers + letter->updates[i].target, r->next + i);
}

static void value(const void *model, const void *run, fmpq_t value)
{
    const struct rw_cra *cra = model;
    fmpq_zero(value);
    evaluate(&cra->output, ((const struct run *)run)->registers, fmpq_numref(value));
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    const struct run *r = run;
    for (size_t i = 0; i < quantities(model); i++)
        if (!fmpz_is_zero(r->registers + i))
            fmpq_set_fmpz(rw_vector_at(out, (uint32_t)i), r->registers + i);
}

static void print(const void *model, const void *run, FILE *out)
{
    const struct rw_cra *cra = model;
    for (size_t i = 0; i < cra->registers; i++) {
        fprintf(out, "%s%s = ", i > 0 ? ", " : "", cra->names[i]);
        fmpz_fprint(out, ((const struct run *)run)->registers + i);
    }
}

const struct rw_machine_kind rw_cra_kind = {
    .name = "cra",
    .title = "cost-register automaton",
    .verdict = RW_VALUE,
    .free_model = free_model,
    .quantities = quantities,
    .quantity_name = quantity_name,
    .run_new = run_new,
    .run_free = run_free,
    .run_start = run_start,
    .run_copy = run_copy,
    .step = step,
    .value = value,
    .configuration = configuration,
    .print = print,
};
