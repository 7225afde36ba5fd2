/* wfa_minimise.c - minimal weighted automata by forward, then backward reduction (Schuetzenberger 1961).
 *
 * Forward: let B (r x n) be the reduced basis of the space of all rows alpha M_w, with pivots P. A row v of the space is
 * v[P] B, so with alpha' = alpha[P], M'_s = (B M_s)[P] and omega' = B omega the row after w is (alpha M_w)[P]: old states
 * that carry information, and no others. Backward is the same for the automaton that reads words from their ends.
 * B is first guessed modulo a prime. The guess is right if its rows are as many as are independent modulo the prime (so the space
 * has no smaller dimension), alpha is in their span, and so is every B M_s (so it has no larger one): that is checked
 * exactly while M' is computed. If it fails, B is found exactly. */
#include "automata/wfa_minimise.h"

#include <inttypes.h>
#include <stdlib.h>

#include "automata/names.h"
#include "automata/wfa_basis.h"
#include "base/memory.h"
#include "exact/residue.h"

/* Any seed gives the same result; an unlucky prime only costs time. */
#define PRIME_SEED 1

struct reduction {
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_diag *diag;
    bool stopped; /* progress said so */
};

static bool goes_on(struct reduction *r, const char *what, size_t done, size_t total)
{
    r->stopped = r->stopped || !rw_progress_report(r->progress, what, done, total);
    return !r->stopped;
}

/* --- projecting --- */

struct projection {
    struct reduction *reduction;
    const struct rw_wfa *wfa;
    const struct rw_wfa_basis *basis;
    struct rw_vector row, image;
};

/* to <- basis row i */
static void load_row(struct projection *p, size_t i, struct rw_vector *to)
{
    const struct rw_matrix *rows = p->basis->rows;
    rw_vector_zero(to);
    for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++)
        fmpq_set(rw_vector_at(to, rows->row[e]), rows->value + e);
}

static bool project_start(struct projection *p, struct rw_wfa *to)
{
    struct rw_vector coordinates;
    rw_vector_init(&coordinates, to->states);
    rw_vector_zero(&p->image);
    for (uint32_t q = 0; q < p->wfa->states; q++)
        if (!rw_q_is_zero(p->wfa->alpha + q))
            fmpq_set(rw_vector_at(&p->image, q), p->wfa->alpha + q);
    bool good = rw_wfa_basis_express(p->basis, &p->image, &coordinates);
    for (size_t k = 0; k < coordinates.count; k++)
        fmpq_set(to->alpha + coordinates.touched[k], coordinates.value + coordinates.touched[k]);
    rw_vector_clear(&coordinates);
    return good;
}

/* (B M_s)[P], transposed; NULL: not in the span, or stopped. */
static struct rw_matrix *project_letter(struct projection *p, uint32_t symbol)
{
    size_t count = p->basis->count;
    struct rw_builder *transposed = rw_builder_new(count, count);
    struct rw_vector coordinates;
    bool good = true;
    rw_vector_init(&coordinates, count);
    for (size_t i = 0; i < count && good; i++) {
        load_row(p, i, &p->row);
        rw_vector_zero(&p->image);
        rw_vector_zero(&coordinates);
        rw_matrix_apply(p->wfa->letters[symbol], &p->row, &p->image);
        good = rw_wfa_basis_express(p->basis, &p->image, &coordinates) &&
               goes_on(p->reduction, "rows projected", i, count);
        for (size_t k = 0; k < coordinates.count; k++)
            rw_builder_add(transposed, coordinates.touched[k], i, coordinates.value + coordinates.touched[k]);
    }
    rw_vector_clear(&coordinates);
    if (good)
        return rw_builder_finish(transposed);
    rw_builder_free(transposed);
    return NULL;
}

static void project_end(const struct projection *p, struct rw_wfa *to)
{
    const struct rw_matrix *rows = p->basis->rows;
    for (size_t i = 0; i < to->states; i++)
        for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++)
            fmpq_addmul(to->omega + i, rows->value + e, p->wfa->omega + rows->row[e]);
}

/* The automaton on the basis; NULL: the basis does not span a space that is closed under the letters, or stopped. */
static struct rw_wfa *project(struct reduction *r, const struct rw_wfa *wfa, const struct rw_wfa_basis *basis)
{
    struct projection p = {.reduction = r, .wfa = wfa, .basis = basis};
    struct rw_wfa *to = rw_wfa_new(basis->count, wfa->symbols);
    rw_vector_init(&p.row, wfa->states);
    rw_vector_init(&p.image, wfa->states);
    bool good = project_start(&p, to);
    for (uint32_t s = 0; s < wfa->symbols && good; s++) {
        rw_wfa_set_letter(to, s, project_letter(&p, s));
        good = to->letters[s] != NULL;
    }
    project_end(&p, to);
    rw_vector_clear(&p.row);
    rw_vector_clear(&p.image);
    if (good)
        return to;
    rw_wfa_free(to);
    return NULL;
}

/* --- one reduction --- */

static void rename_state(struct rw_wfa *wfa, size_t state, const char *name)
{
    free(wfa->names[state]);
    wfa->names[state] = rw_strdup(name);
}

/* The series 0. */
static struct rw_wfa *make_zero(size_t symbols)
{
    struct rw_wfa *zero = rw_wfa_new(1, symbols);
    rename_state(zero, 0, "");
    for (uint32_t s = 0; s < symbols; s++)
        rw_wfa_set_letter(zero, s, rw_builder_finish(rw_builder_new(1, 1)));
    return zero;
}

static void explain_size(const struct reduction *r, const struct rw_wfa *wfa)
{
    rw_diag_limit(r->diag, rw_span_none(), "cells",
                  "a basis for the weights of %zu states has more than %" PRIu64 " nonzero entries", wfa->states,
                  r->limits->cells);
}

/* By what a search for a basis came to. NULL: it is not there, or not right, or stopped; the basis is cleared. */
static struct rw_wfa *project_found(struct reduction *r, const struct rw_wfa *wfa, struct rw_wfa_basis *basis,
                                    enum rw_basis_result result)
{
    r->stopped = r->stopped || result == RW_BASIS_INTERRUPTED;
    if (result != RW_BASIS_DONE)
        return NULL;
    struct rw_wfa *reduced = project(r, wfa, basis);
    if (reduced == NULL)
        rw_wfa_basis_clear(basis);
    return reduced;
}

/* By the space of rows. The basis tells which states are left; the caller clears it unless NULL is returned. */
static struct rw_wfa *reduce_rows(struct reduction *r, const struct rw_wfa *wfa, struct rw_wfa_basis *basis)
{
    uint64_t prime = rw_random_prime(PRIME_SEED);
    enum rw_basis_result result = rw_wfa_basis_guess(wfa, prime, r->limits->cells, r->progress, basis);
    struct rw_wfa *reduced = project_found(r, wfa, basis, result);
    if (reduced == NULL && !r->stopped && result != RW_BASIS_TOO_LARGE) {
        result = rw_wfa_basis_exact(wfa, r->limits->cells, r->progress, basis);
        reduced = project_found(r, wfa, basis, result);
    }
    if (result == RW_BASIS_TOO_LARGE)
        explain_size(r, wfa);
    return reduced;
}

/* w -> f(w read from its end) */
static struct rw_wfa *reverse(const struct rw_wfa *wfa)
{
    struct rw_wfa *reversed = rw_wfa_new(wfa->states, wfa->symbols);
    for (size_t q = 0; q < wfa->states; q++) {
        fmpq_set(reversed->alpha + q, wfa->omega + q);
        fmpq_set(reversed->omega + q, wfa->alpha + q);
        rename_state(reversed, q, wfa->names[q]);
    }
    for (uint32_t s = 0; s < wfa->symbols; s++)
        rw_wfa_set_letter(reversed, s, rw_matrix_transpose(wfa->letters[s]));
    return reversed;
}

/* State i of the reduced automaton has the weight of old state pivot[i]. */
static struct rw_wfa *reduce_forward(struct reduction *r, const struct rw_wfa *wfa)
{
    struct rw_wfa_basis basis;
    struct rw_wfa *reduced = reduce_rows(r, wfa, &basis);
    if (reduced == NULL)
        return NULL;
    for (size_t i = 0; i < basis.count; i++)
        rename_state(reduced, i, wfa->names[basis.pivot[i]]);
    rw_wfa_basis_clear(&basis);
    return reduced;
}

/* State i has the sum of the weights of old states that basis row i names: of one if it has one entry, which is 1. */
static struct rw_wfa *reduce_backward(struct reduction *r, const struct rw_wfa *wfa)
{
    struct rw_wfa_basis basis;
    struct rw_wfa *reversed = reverse(wfa), *reduced = reduce_rows(r, reversed, &basis), *result = NULL;
    if (reduced != NULL) {
        for (size_t i = 0; i < basis.count; i++) {
            bool same = basis.rows->start[i + 1] - basis.rows->start[i] == 1;
            rename_state(reduced, i, same ? wfa->names[basis.pivot[i]] : "");
        }
        rw_wfa_basis_clear(&basis);
        result = reverse(reduced);
    }
    rw_wfa_free(reduced);
    rw_wfa_free(reversed);
    return result;
}

/* --- finishing --- */

static void widen(enum rw_semiring *semiring, const fmpq *weights, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!fmpz_is_one(fmpq_denref(weights + i)))
            *semiring = RW_RATIONAL;
        else if (rw_q_sign(weights + i) < 0 && *semiring == RW_NATURAL)
            *semiring = RW_INTEGER;
    }
}

static enum rw_semiring smallest_semiring(const struct rw_wfa *wfa)
{
    enum rw_semiring semiring = RW_NATURAL;
    widen(&semiring, wfa->alpha, wfa->states);
    widen(&semiring, wfa->omega, wfa->states);
    for (size_t s = 0; s < wfa->symbols; s++)
        widen(&semiring, wfa->letters[s]->value, rw_matrix_nonzeros(wfa->letters[s]));
    return semiring;
}

static bool transitions_fit(const struct reduction *r, const struct rw_wfa *wfa)
{
    uint64_t count = 0;
    for (size_t s = 0; s < wfa->symbols; s++)
        count += rw_matrix_nonzeros(wfa->letters[s]);
    if (count <= r->limits->transitions)
        return true;
    rw_diag_limit(r->diag, rw_span_none(), "transitions",
                  "the minimal automaton has %" PRIu64 " transitions, more than %" PRIu64, count,
                  r->limits->transitions);
    return false;
}

struct rw_wfa *rw_wfa_minimise(const struct rw_wfa *wfa, const struct rw_limits *limits, struct rw_progress *progress,
                               struct rw_diag *diag)
{
    struct reduction r = {.limits = limits, .progress = progress, .diag = diag};
    struct rw_wfa *forward = reduce_forward(&r, wfa);
    struct rw_wfa *minimal = forward == NULL ? NULL : reduce_backward(&r, forward);
    rw_wfa_free(forward);
    if (minimal != NULL && minimal->states == 0) {
        rw_wfa_free(minimal);
        minimal = make_zero(wfa->symbols);
    }
    if (minimal == NULL || !transitions_fit(&r, minimal)) {
        rw_wfa_free(minimal);
        return NULL;
    }
    rw_names_mend(minimal->names, minimal->states);
    minimal->semiring = smallest_semiring(minimal);
    minimal->indicator = wfa->indicator;
    return minimal;
}
