/* blocks_machine.c - iterated matrix products and weighted automata, block by block, with what the certificate says of them checked.
 *
 * A weighted automaton's rows matter as far as columns M_w omega with more than `length` letters see them. The certificate has a basis of the space of these
 * columns: C, with a place for each of its columns where that one is 1 and the others are 0. Shown are
 *   M_s C = C F_s, so that C is closed;  M_u omega = C y_u for all words u of length + 1 letters, so that it has all longer ones too.
 * Coefficients are read at those places. */
#include <stdlib.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "recheck/blocks.h"
#include "recheck/series.h"

static void allocate(struct rw_block_machine *m, size_t dimension, size_t length, bool every_letter)
{
    *m = (struct rw_block_machine){.dimension = dimension, .length = length, .every_letter = every_letter};
    m->start = rw_q_list_new(dimension);
    m->first = rw_letters_list_new(length + 1);
    m->factor = rw_letters_list_new(rw_product(dimension, dimension));
    m->targets = rw_letters_list_new(rw_product(length, dimension));
}

void rw_block_machine_clear(struct rw_block_machine *m)
{
    rw_q_list_free(m->start, m->dimension);
    rw_letters_list_free(m->first, m->length + 1);
    rw_letters_list_free(m->factor, m->dimension * m->dimension);
    rw_letters_list_free(m->targets, m->length * m->dimension);
}

/* --- iterated matrix products --- */

static void add_entry(const struct rw_matrix_product *product, struct rw_letter_space *space, size_t at,
                      struct rw_letters *f)
{
    const fmpq **values = rw_alloc(product->symbols, sizeof(const fmpq *));
    for (size_t s = 0; s < product->symbols; s++)
        values[s] = product->entries + s;
    rw_letters_add_letter(space, f, (uint32_t)at, values);
    free(values);
}

static bool make_product(struct rw_block_machine *m, struct rw_certificate *c, size_t length,
                         struct rw_letter_space *space)
{
    const struct rw_matrix_product *product = c->left.machine->model;
    size_t d = product->dimension, size = d * d;
    const json_t *basis = json_object_get(c->root, "basis");
    if (length != size || !json_is_array(basis) || json_array_size(basis) > 0)
        return RW_FAILS(c, "length", RW_WHOLE_KEY, "a matrix is a block, and has no other basis");
    allocate(m, d, length, false);
    fmpq_one(m->start + product->row);
    if (product->row == product->col)
        rw_letters_add_constant(space, m->first, m->start + product->row);
    add_entry(product, space, product->row * d + product->col, m->first + length);
    for (size_t i = 0; i < size; i++)
        add_entry(product, space, i, m->factor + i);
    for (size_t i = 0; i < d; i++)
        for (size_t k = 0; k < d; k++) {
            struct rw_letters next = {0};
            add_entry(product, space, size + k * d + product->col, &next);
            rw_letters_add_product(space, m->targets + (length - 1) * d + i, m->factor + i * d + k, &next);
            rw_letters_clear(&next);
        }
    return true;
}

/* --- weighted automata --- */

struct making {
    struct rw_block_machine *m;
    struct rw_certificate *c;
    struct rw_letter_space *space;
    struct rw_wfa *f;
    fmpq *basis;    /* column i from basis + i * states on */
    size_t *pivots; /* where column i is 1 and the others 0 */
};

/* The columns M_w v of all words of some length; the first letter is the lowest digit of a word's number. */
struct columns {
    size_t letters, words;
    fmpq *at; /* words * states */
};

static struct columns columns_of(const struct making *making, const fmpq *v)
{
    struct columns columns = {0, 1, rw_q_list_new(making->f->states)};
    for (size_t q = 0; q < making->f->states; q++)
        fmpq_set(columns.at + q, v + q);
    return columns;
}

static void free_columns(const struct making *making, struct columns *columns)
{
    rw_q_list_free(columns->at, columns->words * making->f->states);
}

/* A letter more at the front. false: they are too many. */
static bool extend(const struct making *making, struct columns *columns)
{
    size_t n = making->f->states, symbols = making->f->symbols;
    if (columns->words > making->space->most / rw_product(n, symbols) ||
        (symbols > 1 && columns->letters == RW_MOST_LETTERS))
        return RW_FAILS(making->c, "length", RW_WHOLE_KEY, "two blocks have more cases than limit \"cells\"");
    struct columns longer = {columns->letters + 1, columns->words * symbols, NULL};
    longer.at = rw_q_list_new(longer.words * n);
    for (size_t w = 0; w < longer.words; w++) {
        const struct rw_matrix *letter = making->f->letters[w % symbols];
        for (size_t p = 0; p < n; p++)
            for (size_t e = letter->start[p]; e < letter->start[p + 1]; e++)
                rw_q_addmul(longer.at + w * n + p, letter->value + e, columns->at + w / symbols * n + letter->row[e]);
    }
    free_columns(making, columns);
    *columns = longer;
    return true;
}

/* The number that each column has at a state, as a function of the letters at places 0, 1, ... With `alpha` its product with alpha. */
static void function_of(const struct making *making, const struct columns *columns, size_t state, bool alpha,
                        struct rw_letters *f)
{
    struct rw_letter_cases cases = {.count = columns->words};
    size_t n = making->f->states;
    fmpq *values = rw_q_list_new(columns->words);
    for (size_t i = 0; i < columns->letters && making->space->symbols > 1; i++)
        cases.place[cases.places++] = (uint32_t)i;
    for (size_t w = 0; w < columns->words; w++) {
        if (!alpha)
            fmpq_set(values + w, columns->at + w * n + state);
        for (size_t q = 0; q < n && alpha; q++)
            rw_q_addmul(values + w, making->f->alpha + q, columns->at + w * n + q);
    }
    rw_letters_interpolate(making->space, f, &cases, values);
    rw_q_list_free(values, columns->words);
}

/* Whether all columns are in the space of the basis. */
static bool are_in_space(const struct making *making, const struct columns *columns)
{
    size_t n = making->f->states;
    fmpq *sum = rw_q_list_new(n);
    bool all = true;
    for (size_t w = 0; w < columns->words && all; w++) {
        const fmpq *column = columns->at + w * n;
        for (size_t q = 0; q < n; q++)
            fmpq_zero(sum + q);
        for (size_t i = 0; i < making->m->dimension; i++)
            for (size_t q = 0; q < n; q++)
                rw_q_addmul(sum + q, column + making->pivots[i], making->basis + i * n + q);
        for (size_t q = 0; q < n && all; q++)
            all = fmpq_equal(sum + q, column + q);
    }
    rw_q_list_free(sum, n);
    return all;
}

/* Column i of the basis, and its place: the first entry. */
static bool read_column(struct making *making, const json_t *list, size_t i)
{
    bool good = json_is_array(list) && json_array_size(list) > 0;
    size_t at;
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = 0; e < json_array_size(list) && good; e++) {
        good = rw_certificate_entry(making->c, list, e, making->f->states, &at, value);
        if (good)
            fmpq_set(making->basis + i * making->f->states + at, value);
        if (good && e == 0)
            making->pivots[i] = at;
    }
    fmpq_clear(value);
    return good || RW_UNREADABLE(making->c, "basis", i, "not a list of entries [state, \"value\"] in order");
}

static bool read_basis(struct making *making)
{
    const json_t *basis = json_object_get(making->c->root, "basis");
    size_t d = making->m->dimension, n = making->f->states;
    making->basis = rw_q_list_new(rw_product(d, n));
    making->pivots = rw_alloc(d, sizeof *making->pivots);
    for (size_t i = 0; i < d; i++)
        if (!read_column(making, json_array_get(basis, i), i))
            return false;
    for (size_t i = 0; i < d; i++)
        for (size_t k = 0; k < d; k++) {
            const fmpq *entry = making->basis + k * n + making->pivots[i];
            if (k == i ? !rw_q_is_one(entry) : !rw_q_is_zero(entry))
                return RW_FAILS(making->c, "basis", i, "its first entry is not 1, or other columns are not 0 there");
        }
    return true;
}

/* Values of the first block, and T_j. */
static bool follow_omega(struct making *making)
{
    struct rw_block_machine *m = making->m;
    struct columns columns = columns_of(making, making->f->omega);
    bool good = true;
    for (size_t letters = 0; letters <= 2 * m->length && good; letters++) {
        if (letters <= m->length)
            function_of(making, &columns, 0, true, m->first + letters);
        for (size_t i = 0; i < m->dimension && letters > m->length; i++)
            function_of(making, &columns, making->pivots[i], false,
                        m->targets + (letters - m->length - 1) * m->dimension + i);
        if (letters == m->length + 1 && !are_in_space(making, &columns))
            good = RW_FAILS(making->c, "basis", RW_WHOLE_KEY, "some M_w omega is no combination of these columns");
        good = good && (letters == 2 * m->length || extend(making, &columns));
    }
    free_columns(making, &columns);
    return good;
}

/* Column k of F, and of the start. */
static bool follow_basis(struct making *making, size_t k)
{
    struct rw_block_machine *m = making->m;
    const fmpq *column = making->basis + k * making->f->states;
    struct columns columns = columns_of(making, column);
    bool good = true;
    for (size_t q = 0; q < making->f->states; q++)
        fmpq_addmul(m->start + k, making->f->alpha + q, column + q);
    while (columns.letters < m->length && good) {
        good = extend(making, &columns);
        if (good && columns.letters == 1 && !are_in_space(making, &columns))
            good = RW_FAILS(making->c, "basis", k, "a letter leads out of the space of these columns");
    }
    for (size_t i = 0; i < m->dimension && good; i++)
        function_of(making, &columns, making->pivots[i], false, m->factor + i * m->dimension + k);
    free_columns(making, &columns);
    return good;
}

static bool make_automaton(struct rw_block_machine *m, struct rw_certificate *c, const char *series, size_t length,
                           struct rw_letter_space *space)
{
    const json_t *basis = json_object_get(c->root, "basis");
    struct making making = {.m = m, .c = c, .space = space};
    making.f = rw_recheck_machine(c->left.machine, series, c->limits);
    if (making.f == NULL)
        return RW_UNREADABLE(c, "left", RW_WHOLE_KEY, "the spec has no series of that name");
    bool good = json_is_array(basis) && json_array_size(basis) <= making.f->states;
    if (good) {
        allocate(m, json_array_size(basis), length, true);
        good = read_basis(&making) && follow_omega(&making);
        for (size_t k = 0; k < m->dimension && good; k++)
            good = follow_basis(&making, k);
        rw_q_list_free(making.basis, m->dimension * making.f->states);
        free(making.pivots);
    } else {
        RW_UNREADABLE(c, "basis", RW_WHOLE_KEY, "not a list of columns, at most one for each state");
    }
    rw_wfa_free(making.f);
    return good;
}

bool rw_block_machine_make(struct rw_block_machine *m, struct rw_certificate *c, size_t length,
                           struct rw_letter_space *space)
{
    const struct rw_machine_kind *kind = c->left.machine->kind;
    const char *series = rw_certificate_text(json_object_get(c->root, "left"), "series");
    bool product = kind == &rw_matrix_product_kind || kind == &rw_matrix_product_sign_kind;
    if (product != (strcmp(series, "product") == 0))
        return RW_UNREADABLE(c, "left", RW_WHOLE_KEY, "the spec has no series of that name");
    return (product ? make_product(m, c, length, space) : make_automaton(m, c, series, length, space)) &&
           (!space->exceeded || RW_FAILS(c, "length", RW_WHOLE_KEY, "two blocks have more cases than limit \"cells\""));
}
