/* wfa_equivalent.c - whether two weighted automata have the same series (Schuetzenberger 1961; Tzeng 1992).
 *
 * The difference f_a - f_b is one automaton: alpha = (alpha_a | alpha_b), M_s = diag(A_s, B_s), omega = (omega_a |
 * -omega_b). Its rows alpha M_w span a space of dimension at most n_a + n_b, and the series is 0 iff omega is 0 on a
 * basis. First the reduced basis is guessed modulo a prime (wfa_basis_guess.c). If it spans all rows, which is checked exactly, and omega
 * is 0 on it, the series is 0. Else there is a difference, or a fraction was too large to be guessed: words are taken breadth first
 * and kept if their row is independent of those before, exactly, so that the first row where omega is not 0 belongs to a shortest
 * word. */
#include "automata/wfa.h"

#include "automata/row_space.h"
#include "automata/wfa_basis.h"
#include "exact/residue.h"

/* Any seed gives the same result; an unlucky prime only costs time. */
#define PRIME_SEED 1

/* --- the difference automaton --- */

struct rw_wfa *rw_wfa_sum(const struct rw_wfa *a, const struct rw_wfa *b)
{
    size_t states = a->states + b->states;
    struct rw_wfa *wfa = rw_wfa_new(states, a->symbols);
    for (size_t q = 0; q < states; q++) {
        fmpq_set(wfa->alpha + q, q < a->states ? a->alpha + q : b->alpha + (q - a->states));
        fmpq_set(wfa->omega + q, q < a->states ? a->omega + q : b->omega + (q - a->states));
    }
    for (uint32_t s = 0; s < a->symbols; s++) {
        struct rw_builder *transposed = rw_builder_new(states, states);
        rw_builder_add_block(transposed, a->letters[s], 0);
        rw_builder_add_block(transposed, b->letters[s], a->states);
        rw_wfa_set_letter(wfa, s, rw_builder_finish(transposed));
    }
    return wfa;
}

static struct rw_wfa *difference(const struct rw_wfa *a, const struct rw_wfa *b)
{
    struct rw_wfa *wfa = rw_wfa_sum(a, b);
    for (size_t q = a->states; q < wfa->states; q++)
        fmpq_neg(wfa->omega + q, wfa->omega + q);
    return wfa;
}

/* --- the search --- */

static bool is_zero_on(const struct rw_wfa *wfa, const struct rw_vector *row)
{
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < row->count; k++)
        rw_q_addmul(value, row->value + row->touched[k], wfa->omega + row->touched[k]);
    bool zero = rw_q_is_zero(value);
    fmpq_clear(value);
    return zero;
}

/* The word of a row: its symbols from the last one to the first, turned round. Row 0 is the empty word. */
static void spell(const struct rw_row_space *space, size_t at, struct rw_word *word)
{
    word->length = 0;
    for (; at > 0; at = space->rows[at].parent)
        rw_word_push(word, space->rows[at].symbol);
    rw_word_reverse(word, 0);
}

/* Takes a word's row (changed) into the basis if it is independent. false: the series is not 0 on the word. */
static bool visit(struct rw_row_space *space, const struct rw_wfa *wfa, struct rw_vector *v, size_t parent,
                  uint32_t symbol, struct rw_word *word)
{
    size_t pivot = rw_row_space_reduce(space, v);
    if (pivot == space->states)
        return true;
    rw_row_space_add(space, v, pivot, parent, symbol);
    if (is_zero_on(wfa, v))
        return true;
    spell(space, space->count - 1, word);
    return false;
}

/* Stops when the rows have more than `most` entries: then `finished` is false. */
static bool series_is_zero(struct rw_row_space *space, const struct rw_wfa *wfa, uint64_t most, struct rw_word *word,
                           bool *finished)
{
    struct rw_vector from, to;
    rw_vector_init(&from, wfa->states);
    rw_vector_init(&to, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&to, q), wfa->alpha + q);
    bool zero = visit(space, wfa, &to, 0, 0, word);
    size_t i = 0;
    for (; i < space->count && zero && space->cells <= most; i++)
        for (uint32_t s = 0; s < wfa->symbols && zero; s++) {
            rw_row_extend(space->rows + i, wfa, s, &from, &to);
            zero = visit(space, wfa, &to, i, s, word);
        }
    *finished = !zero || i == space->count;
    rw_vector_clear(&from);
    rw_vector_clear(&to);
    return zero;
}

/* --- by a guess --- */

static bool is_zero_on_basis(const struct rw_wfa *wfa, const struct rw_wfa_basis *basis)
{
    const struct rw_matrix *rows = basis->rows;
    bool zero = true;
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < basis->count && zero; i++) {
        fmpq_zero(value);
        for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++)
            fmpq_addmul(value, rows->value + e, wfa->omega + rows->row[e]);
        zero = rw_q_is_zero(value);
    }
    fmpq_clear(value);
    return zero;
}

/* DONE: the series is 0, shown exactly. */
static enum rw_basis_result guess_zero(const struct rw_wfa *wfa, uint64_t most, size_t *dimension)
{
    struct rw_wfa_basis basis;
    enum rw_basis_result result = rw_wfa_basis_guess_zero(wfa, rw_random_prime(PRIME_SEED), most, &basis);
    if (result == RW_BASIS_DONE || result == RW_BASIS_TOO_LARGE)
        *dimension = basis.count;
    if (result != RW_BASIS_DONE)
        return result;
    if (!is_zero_on_basis(wfa, &basis) || !rw_wfa_basis_is_closed(&basis, wfa))
        result = RW_BASIS_NO_GUESS;
    rw_wfa_basis_clear(&basis);
    return result;
}

bool rw_wfa_equivalent_within(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t most, struct rw_word *word,
                              size_t *dimension, bool *finished)
{
    struct rw_wfa *wfa = difference(a, b);
    size_t rank = 0;
    enum rw_basis_result guess = guess_zero(wfa, most, &rank);
    bool equal = guess == RW_BASIS_DONE || guess == RW_BASIS_TOO_LARGE;
    *finished = guess != RW_BASIS_TOO_LARGE;
    if (!equal) {
        struct rw_row_space space;
        rw_row_space_init(&space, wfa->states);
        equal = series_is_zero(&space, wfa, most, word, finished);
        rank = space.count;
        rw_row_space_clear(&space);
    }
    if (dimension != NULL)
        *dimension = rank;
    rw_wfa_free(wfa);
    return equal;
}

bool rw_wfa_equivalent(const struct rw_wfa *a, const struct rw_wfa *b, struct rw_word *word, size_t *dimension)
{
    bool finished;
    return rw_wfa_equivalent_within(a, b, UINT64_MAX, word, dimension, &finished);
}
