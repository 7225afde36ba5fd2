/* block_factors.c - the terms that determine the factors, and the check of all others. */
#include "verify/block_factors.h"

#include <stdlib.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

/* An equation: `term` of the targets after `j` letters. */
struct pick {
    size_t j;
    const struct rw_letter_term *term;
};

struct rw_block_factors {
    const struct rw_block_model *model;
    size_t picked;
    struct pick *picks;
    fmpq_mat_t unpick; /* from a function's values at the picks to its factors */
    bool determined;   /* as many picks as there are factors */
};

static fmpq *entry(const fmpq_mat_t m, size_t i, size_t k)
{
    return fmpq_mat_entry(m, (slong)i, (slong)k);
}

/* Row operations on targets' terms until as many are independent as there are targets: `rows` is the echelon form of those picked. */
static bool is_independent(fmpq_mat_t rows, size_t count, size_t dimension, const fmpq *row)
{
    fmpq_mat_t trial;
    fmpq_mat_init(trial, (slong)count + 1, (slong)dimension);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < dimension; k++)
            fmpq_set(entry(trial, i, k), entry(rows, i, k));
    for (size_t k = 0; k < dimension; k++)
        fmpq_set(entry(trial, count, k), row + k);
    bool independent = (size_t)fmpq_mat_rref(trial, trial) == count + 1;
    for (size_t i = 0; i <= count && independent; i++)
        for (size_t k = 0; k < dimension; k++)
            fmpq_set(entry(rows, i, k), entry(trial, i, k));
    fmpq_mat_clear(trial);
    return independent;
}

static const struct rw_letters *targets_after(const struct rw_block_factors *solver, size_t j)
{
    return solver->model->targets + (j - 1) * solver->model->dimension;
}

/* The values of all targets after j letters at one term. */
static void values_at(const struct rw_block_factors *solver, const struct pick *pick, fmpq *row)
{
    for (size_t k = 0; k < solver->model->dimension; k++) {
        const fmpq *value = rw_letters_coefficient(targets_after(solver, pick->j) + k, pick->term);
        if (value != NULL)
            fmpq_set(row + k, value);
        else
            fmpq_zero(row + k);
    }
}

static void pick_terms(struct rw_block_factors *solver)
{
    size_t d = solver->model->dimension;
    fmpq_mat_t rows;
    fmpq *row = rw_q_list_new(d);
    fmpq_mat_init(rows, (slong)d, (slong)d);
    solver->picks = rw_alloc(d, sizeof *solver->picks);
    for (size_t j = 1; j <= solver->model->ahead; j++)
        for (size_t k = 0; k < d; k++)
            for (size_t t = 0; t < targets_after(solver, j)[k].count && solver->picked < d; t++) {
                struct pick pick = {j, targets_after(solver, j)[k].terms + t};
                values_at(solver, &pick, row);
                if (is_independent(rows, solver->picked, d, row))
                    solver->picks[solver->picked++] = pick;
            }
    fmpq_mat_init(solver->unpick, (slong)d, (slong)d);
    for (size_t i = 0; i < solver->picked; i++)
        values_at(solver, solver->picks + i, entry(solver->unpick, i, 0));
    solver->determined = d == 0 || (solver->picked == d && fmpq_mat_inv(solver->unpick, solver->unpick));
    fmpq_mat_clear(rows);
    rw_q_list_free(row, d);
}

/* --- from outside --- */

struct rw_block_factors *rw_block_factors_new(const struct rw_block_model *model)
{
    struct rw_block_factors *solver = rw_alloc(1, sizeof *solver);
    *solver = (struct rw_block_factors){.model = model};
    pick_terms(solver);
    return solver;
}

void rw_block_factors_free(struct rw_block_factors *solver)
{
    free(solver->picks);
    fmpq_mat_clear(solver->unpick);
    free(solver);
}

bool rw_block_factors_find(const struct rw_block_factors *solver, struct rw_letter_space *space,
                           const struct rw_letter_form *outputs, size_t coordinate, fmpq *factors)
{
    size_t d = solver->model->dimension;
    bool good = solver->determined;
    for (size_t i = 0; i < d && good; i++) {
        const fmpq *value =
            rw_letters_coefficient(outputs[solver->picks[i].j - 1].of_state + coordinate, solver->picks[i].term);
        for (size_t k = 0; k < d && value != NULL; k++)
            rw_q_addmul(factors + k, entry(solver->unpick, k, i), value);
    }
    for (size_t j = 1; j <= solver->model->ahead && good; j++) {
        struct rw_letters sum = {0};
        if (!rw_block_model_has_value(solver->model, j))
            continue;
        for (size_t k = 0; k < d; k++)
            rw_letters_addmul(space, &sum, factors + k, targets_after(solver, j) + k);
        good = rw_letters_equal(&sum, outputs[j - 1].of_state + coordinate);
        rw_letters_clear(&sum);
    }
    return good;
}
