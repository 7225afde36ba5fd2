/* wfa_equivalent.c - whether two weighted automata have the same series (Schuetzenberger 1961; Tzeng 1992).
 *
 * The difference f_a - f_b is one automaton: alpha = (alpha_a | alpha_b), M_s = diag(A_s, B_s), omega = (omega_a |
 * -omega_b). Its rows alpha M_w span a space of dimension at most n_a + n_b, and the series is 0 iff omega is 0 on a
 * basis. Words are taken breadth first and kept if their row is independent of those before, so that the first row
 * where omega is not 0 belongs to a shortest word. Only the line that a row spans matters: rows are integers without a
 * common factor, and elimination multiplies across instead of dividing. */
#include "automata/wfa.h"

#include <stdlib.h>

#include "base/memory.h"

#define NO_ROW SIZE_MAX

/* A row of the basis: reduced by those before, its first nonzero entry is its pivot. The word is its parent's word and
 * a symbol; reducing adds only rows of earlier words, where the series is 0 already. */
struct row {
    size_t count;
    uint32_t *index; /* ascending */
    fmpz *value;
    size_t parent;
    uint32_t symbol;
};

struct space {
    const struct rw_wfa *wfa;
    struct row *rows;
    size_t count, capacity;
    size_t *pivot;  /* for each state: the row whose first entry is there, or NO_ROW */
    uint64_t cells; /* entries of all rows */
};

/* --- the difference automaton --- */

static void add_block(struct rw_builder *builder, const struct rw_matrix *m, size_t offset)
{
    for (size_t col = 0; col < m->cols; col++)
        for (size_t e = m->start[col]; e < m->start[col + 1]; e++)
            rw_builder_add(builder, offset + m->row[e], offset + col, m->value + e);
}

static struct rw_wfa *difference(const struct rw_wfa *a, const struct rw_wfa *b)
{
    size_t states = a->states + b->states;
    struct rw_wfa *wfa = rw_wfa_new(states, a->symbols);
    for (size_t q = 0; q < a->states; q++) {
        fmpq_set(wfa->alpha + q, a->alpha + q);
        fmpq_set(wfa->omega + q, a->omega + q);
    }
    for (size_t q = 0; q < b->states; q++) {
        fmpq_set(wfa->alpha + a->states + q, b->alpha + q);
        fmpq_neg(wfa->omega + a->states + q, b->omega + q);
    }
    for (uint32_t s = 0; s < a->symbols; s++) {
        struct rw_builder *transposed = rw_builder_new(states, states);
        add_block(transposed, a->letters[s], 0);
        add_block(transposed, b->letters[s], a->states);
        rw_wfa_set_letter(wfa, s, rw_builder_finish(transposed));
    }
    return wfa;
}

/* --- rows --- */

/* Integers without a common factor on the same line. */
static void make_primitive(struct rw_vector *v)
{
    fmpz_t common, factor;
    fmpz_init_set_ui(common, 1);
    fmpz_init(factor);
    for (size_t k = 0; k < v->count; k++)
        fmpz_lcm(common, common, fmpq_denref(v->value + v->touched[k]));
    for (size_t k = 0; k < v->count; k++) {
        fmpq *entry = v->value + v->touched[k];
        fmpz_divexact(factor, common, fmpq_denref(entry));
        fmpz_mul(fmpq_numref(entry), fmpq_numref(entry), factor);
        fmpz_one(fmpq_denref(entry));
    }
    fmpz_zero(common);
    for (size_t k = 0; k < v->count && !fmpz_is_one(common); k++)
        fmpz_gcd(common, common, fmpq_numref(v->value + v->touched[k]));
    for (size_t k = 0; k < v->count && !fmpz_is_zero(common) && !fmpz_is_one(common); k++)
        fmpz_divexact(fmpq_numref(v->value + v->touched[k]), fmpq_numref(v->value + v->touched[k]), common);
    fmpz_clear(common);
    fmpz_clear(factor);
}

/* v <- (r_i v - v_i r) / gcd(r_i, v_i): v_i becomes 0. */
static void eliminate(struct rw_vector *v, const struct row *r, uint32_t i)
{
    fmpz_t keep, subtract, common;
    fmpz_init_set(keep, r->value);
    fmpz_init_set(subtract, fmpq_numref(v->value + i));
    fmpz_init(common);
    fmpz_gcd(common, keep, subtract);
    fmpz_divexact(keep, keep, common);
    fmpz_divexact(subtract, subtract, common);
    for (size_t k = 0; k < v->count; k++)
        fmpz_mul(fmpq_numref(v->value + v->touched[k]), fmpq_numref(v->value + v->touched[k]), keep);
    for (size_t k = 0; k < r->count; k++)
        fmpz_submul(fmpq_numref(rw_vector_at(v, r->index[k])), subtract, r->value + k);
    if (!fmpz_is_pm1(keep))
        make_primitive(v);
    fmpz_clear(keep);
    fmpz_clear(subtract);
    fmpz_clear(common);
}

/* Reduces v by the basis. The place of its first entry that is left, or the number of states: v was dependent. Rows
 * have nothing before their pivot, so entries that are 0 stay 0. */
static size_t reduce(const struct space *space, struct rw_vector *v)
{
    size_t states = space->wfa->states, first = states;
    make_primitive(v);
    for (uint32_t i = 0; i < states; i++) {
        if (rw_q_is_zero(v->value + i))
            continue;
        if (space->pivot[i] != NO_ROW)
            eliminate(v, space->rows + space->pivot[i], i);
        else if (first == states)
            first = i;
    }
    make_primitive(v);
    return first;
}

static void add_row(struct space *space, struct rw_vector *v, size_t pivot, size_t parent, uint32_t symbol)
{
    rw_vector_tidy(v);
    struct row row = {.count = v->count, .parent = parent, .symbol = symbol};
    row.index = rw_alloc(v->count, sizeof *row.index);
    row.value = rw_alloc(v->count, sizeof *row.value);
    for (size_t k = 0; k < v->count; k++) {
        row.index[k] = v->touched[k];
        fmpz_init_set(row.value + k, fmpq_numref(v->value + v->touched[k]));
    }
    space->rows = rw_grow(space->rows, &space->capacity, space->count + 1, sizeof *space->rows);
    space->pivot[pivot] = space->count;
    space->rows[space->count++] = row;
    space->cells += row.count;
}

/* to <- row M_symbol */
static void extend(const struct space *space, const struct row *row, uint32_t symbol, struct rw_vector *from,
                   struct rw_vector *to)
{
    rw_vector_zero(from);
    rw_vector_zero(to);
    for (size_t k = 0; k < row->count; k++)
        fmpq_set_fmpz(rw_vector_at(from, row->index[k]), row->value + k);
    rw_matrix_apply(space->wfa->letters[symbol], from, to);
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
static void spell(const struct space *space, size_t at, struct rw_word *word)
{
    word->length = 0;
    for (; at > 0; at = space->rows[at].parent)
        rw_word_push(word, space->rows[at].symbol);
    for (size_t i = 0; i < word->length / 2; i++) {
        uint32_t kept = word->symbols[i];
        word->symbols[i] = word->symbols[word->length - 1 - i];
        word->symbols[word->length - 1 - i] = kept;
    }
}

/* Takes a word's row (changed) into the basis if it is independent. false: the series is not 0 on the word. */
static bool visit(struct space *space, struct rw_vector *v, size_t parent, uint32_t symbol, struct rw_word *word)
{
    size_t pivot = reduce(space, v);
    if (pivot == space->wfa->states)
        return true;
    add_row(space, v, pivot, parent, symbol);
    if (is_zero_on(space->wfa, v))
        return true;
    spell(space, space->count - 1, word);
    return false;
}

/* Stops when the rows have more than `most` entries: then `finished` is false. */
static bool series_is_zero(struct space *space, uint64_t most, struct rw_word *word, bool *finished)
{
    const struct rw_wfa *wfa = space->wfa;
    struct rw_vector from, to;
    rw_vector_init(&from, wfa->states);
    rw_vector_init(&to, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&to, q), wfa->alpha + q);
    bool zero = visit(space, &to, 0, 0, word);
    size_t i = 0;
    for (; i < space->count && zero && space->cells <= most; i++)
        for (uint32_t s = 0; s < wfa->symbols && zero; s++) {
            extend(space, space->rows + i, s, &from, &to);
            zero = visit(space, &to, i, s, word);
        }
    *finished = !zero || i == space->count;
    rw_vector_clear(&from);
    rw_vector_clear(&to);
    return zero;
}

bool rw_wfa_equivalent_within(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t most, struct rw_word *word,
                              size_t *dimension, bool *finished)
{
    struct rw_wfa *wfa = difference(a, b);
    struct space space = {.wfa = wfa, .pivot = rw_alloc(wfa->states, sizeof *space.pivot)};
    for (size_t q = 0; q < wfa->states; q++)
        space.pivot[q] = NO_ROW;
    bool equal = series_is_zero(&space, most, word, finished);
    if (dimension != NULL)
        *dimension = space.count;
    for (size_t i = 0; i < space.count; i++) {
        for (size_t k = 0; k < space.rows[i].count; k++)
            fmpz_clear(space.rows[i].value + k);
        free(space.rows[i].index);
        free(space.rows[i].value);
    }
    free(space.rows);
    free(space.pivot);
    rw_wfa_free(wfa);
    return equal;
}

bool rw_wfa_equivalent(const struct rw_wfa *a, const struct rw_wfa *b, struct rw_word *word, size_t *dimension)
{
    bool finished;
    return rw_wfa_equivalent_within(a, b, UINT64_MAX, word, dimension, &finished);
}
