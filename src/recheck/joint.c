/* joint.c - joint rows: read from the certificate, stepped, and shown to span those of all words.
 *
 * With z_w the joint row of the word w and z_{ws} = z_w M_s: z_"" = sum start_j row_j and row_i M_s = sum steps[i][s]_j
 * row_j, so that every z_w is a combination of the rows. */
#include "recheck/joint.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- both sides --- */

static bool read_side(struct rw_recheck_joint *joint, const char *key, struct rw_recheck_side side,
                      struct rw_recheck_series *series)
{
    struct rw_certificate *c = joint->certificate;
    if (!rw_certificate_side_fits(c, key, side, side.machine == NULL ? "output" : NULL))
        return false;
    if (side.machine == NULL) {
        if (!rw_recheck_net_series(side.source, c->limits, series, c->why))
            c->result = RW_RECHECK_UNREADABLE;
        return c->result == RW_RECHECK_HOLDS;
    }
    series->tokens = rw_alphabet_copy(side.machine->alphabet);
    series->values = side.machine->kind->verdict == RW_VALUE;
    series->f =
        rw_recheck_machine(side.machine, rw_certificate_text(json_object_get(c->root, key), "series"), c->limits);
    return series->f != NULL || RW_UNREADABLE(c, key, RW_WHOLE_KEY, "the spec has no series of that name");
}

static bool read_sides(struct rw_recheck_joint *joint)
{
    struct rw_certificate *c = joint->certificate;
    const char *claim = rw_certificate_text(c->root, "claim");
    if (strcmp(claim, "values") != 0 && strcmp(claim, "verdicts") != 0)
        return RW_UNREADABLE(c, "claim", RW_WHOLE_KEY, "neither values nor verdicts");
    joint->rows = json_object_get(c->root, "rows");
    if (!json_is_array(joint->rows))
        return RW_UNREADABLE(c, "rows", RW_WHOLE_KEY, "not a list");
    if (!read_side(joint, "left", c->left, &joint->left) || !read_side(joint, "right", c->right, &joint->right))
        return false;
    if (!rw_alphabet_equal(joint->left.tokens, joint->right.tokens) ||
        !rw_certificate_tokens_are(c, joint->left.tokens))
        return RW_FAILS(c, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
    joint->values = joint->left.values;
    if (joint->left.values != joint->right.values || joint->values != (strcmp(claim, "values") == 0))
        return RW_FAILS(c, "claim", RW_WHOLE_KEY, "it is not what the two sides give");
    joint->both = joint->left.f->states + joint->right.f->states;
    return true;
}

bool rw_joint_init(struct rw_recheck_joint *joint, struct rw_certificate *certificate)
{
    *joint = (struct rw_recheck_joint){.certificate = certificate};
    return read_sides(joint);
}

void rw_joint_clear(struct rw_recheck_joint *joint)
{
    rw_vector_clear(&joint->row);
    rw_vector_clear(&joint->next);
    rw_vector_clear(&joint->sum);
    rw_matrix_free(joint->basis);
    rw_recheck_series_clear(&joint->left);
    rw_recheck_series_clear(&joint->right);
}

/* --- rows of the certificate --- */

const json_t *rw_joint_part(const struct rw_recheck_joint *joint, size_t i, const char *key)
{
    return json_object_get(json_array_get(joint->rows, i), key);
}

/* A list of entries [index, "value"] in order, all below `size`, as a column; false: it is none. */
static bool read_column(const struct rw_recheck_joint *joint, const json_t *list, size_t size, size_t column,
                        struct rw_builder *builder)
{
    size_t index;
    fmpq_t value;
    bool good = json_is_array(list);
    fmpq_init(value);
    for (size_t k = 0; k < json_array_size(list) && good; k++) {
        good = rw_certificate_entry(joint->certificate, list, k, size, &index, value);
        if (good)
            rw_builder_add(builder, index, column, value);
    }
    fmpq_clear(value);
    return good;
}

static bool read_rows(struct rw_recheck_joint *joint, const char *keys, struct rw_builder *basis)
{
    size_t symbols = rw_alphabet_size(joint->left.tokens);
    for (size_t i = 0; i < json_array_size(joint->rows); i++) {
        if (!rw_certificate_has_keys(joint->certificate, json_array_get(joint->rows, i), "rows", i, keys))
            return false;
        if (json_array_size(rw_joint_part(joint, i, "steps")) != symbols)
            return RW_UNREADABLE(joint->certificate, "rows", i, "there is not a step for each of the %zu tokens",
                                 symbols);
        if (!read_column(joint, rw_joint_part(joint, i, "row"), joint->size, i, basis))
            return RW_UNREADABLE(joint->certificate, "rows", i,
                                 "its row is not a list of entries [index, \"value\"] in order");
    }
    return true;
}

bool rw_joint_begin(struct rw_recheck_joint *joint, size_t size, const char *keys)
{
    struct rw_builder *basis = rw_builder_new(size, json_array_size(joint->rows));
    joint->size = size;
    rw_vector_init(&joint->row, size);
    rw_vector_init(&joint->next, size);
    rw_vector_init(&joint->sum, size);
    bool good = read_rows(joint, keys, basis);
    joint->basis = rw_builder_finish(basis);
    return good;
}

void rw_joint_read(const struct rw_recheck_joint *joint, size_t i, struct rw_vector *row)
{
    const struct rw_matrix *basis = joint->basis;
    rw_vector_zero(row);
    for (size_t e = basis->start[i]; e < basis->start[i + 1]; e++)
        fmpq_set(rw_vector_at(row, basis->row[e]), basis->value + e);
}

void rw_joint_step(struct rw_recheck_joint *joint, uint32_t symbol)
{
    const struct rw_wfa *sides[] = {joint->left.f, joint->right.f};
    const struct rw_vector *row = &joint->row;
    rw_vector_zero(&joint->next);
    for (size_t k = 0; k < row->count; k++) {
        size_t at = row->touched[k], first = at < sides[0]->states ? 0 : sides[0]->states;
        if (at == joint->both) {
            fmpq_set(rw_vector_at(&joint->next, (uint32_t)at), row->value + at);
            continue;
        }
        const struct rw_matrix *m = sides[first > 0]->letters[symbol];
        for (size_t e = m->start[at - first]; e < m->start[at - first + 1]; e++)
            rw_vector_addmul(&joint->next, (uint32_t)first + m->row[e], row->value + at, m->value + e);
    }
}

void rw_joint_start(struct rw_recheck_joint *joint)
{
    size_t states = joint->left.f->states;
    rw_vector_zero(&joint->next);
    for (size_t q = 0; q < joint->both; q++) {
        const fmpq *alpha = q < states ? joint->left.f->alpha + q : joint->right.f->alpha + (q - states);
        if (!rw_q_is_zero(alpha))
            fmpq_set(rw_vector_at(&joint->next, (uint32_t)q), alpha);
    }
    if (joint->size > joint->both)
        rw_q_set_int(rw_vector_at(&joint->next, (uint32_t)joint->both), 1);
}

void rw_joint_values(const struct rw_recheck_joint *joint, const struct rw_vector *row, fmpq_t left, fmpq_t right)
{
    size_t states = joint->left.f->states;
    fmpq_zero(left);
    fmpq_zero(right);
    for (size_t k = 0; k < row->count; k++) {
        size_t at = row->touched[k];
        if (at < states)
            fmpq_addmul(left, row->value + at, joint->left.f->omega + at);
        else if (at < joint->both)
            fmpq_addmul(right, row->value + at, joint->right.f->omega + (at - states));
    }
}

/* --- spanning --- */

/* Whether `next` is the combination that the list says of the rows. */
static bool is_combination(struct rw_recheck_joint *joint, const json_t *list, const char *key, size_t index,
                           const char *what)
{
    size_t rows = joint->basis->cols;
    struct rw_builder *builder = rw_builder_new(rows, 1);
    bool good = read_column(joint, list, rows, 0, builder);
    struct rw_matrix *column = rw_builder_finish(builder);
    rw_vector_zero(&joint->sum);
    for (size_t e = 0; e < rw_matrix_nonzeros(column); e++) {
        size_t row = column->row[e];
        for (size_t k = joint->basis->start[row]; k < joint->basis->start[row + 1]; k++)
            rw_vector_addmul(&joint->sum, joint->basis->row[k], column->value + e, joint->basis->value + k);
    }
    rw_matrix_free(column);
    if (!good)
        return RW_UNREADABLE(joint->certificate, key, index,
                             "%s is not a list of entries [row, \"coefficient\"] in order", what);
    return rw_vector_equal(&joint->sum, &joint->next) ||
           RW_FAILS(joint->certificate, key, index, "%s is not the combination of rows given for it", what);
}

/* The row that a combination is nothing but; SIZE_MAX: none. */
static size_t single_row(const json_t *combination)
{
    const json_t *entry = json_array_get(combination, 0);
    const char *value = json_string_value(json_array_get(entry, 1));
    return json_array_size(combination) == 1 && value != NULL && strcmp(value, "1") == 0
               ? (size_t)json_integer_value(json_array_get(entry, 0))
               : SIZE_MAX;
}

/* Whether `after` is [from, symbol], or null if from is SIZE_MAX. */
static bool is_after(const struct rw_recheck_joint *joint, const json_t *after, size_t from, uint32_t s)
{
    const char *symbol = json_string_value(json_array_get(after, 1));
    if (from == SIZE_MAX)
        return json_is_null(after);
    return json_array_size(after) == 2 && json_is_integer(json_array_get(after, 0)) &&
           (size_t)json_integer_value(json_array_get(after, 0)) == from && symbol != NULL &&
           strcmp(symbol, rw_alphabet_name(joint->left.tokens, s)) == 0;
}

/* `after` of each row is the first step that is nothing but this row; null for the row that the start is nothing but, and where there is no
 * such step. Combinations have been read before. */
static bool words_fit(struct rw_recheck_joint *joint)
{
    size_t rows = joint->basis->cols, symbols = rw_alphabet_size(joint->left.tokens);
    size_t *first = rw_alloc(rows, sizeof *first); /* 1 + the number of the first step that leads to a row */
    size_t start = single_row(json_object_get(joint->certificate->root, "start"));
    bool good = true;
    for (size_t k = 0; k < rows * symbols; k++) {
        size_t row = single_row(json_array_get(rw_joint_part(joint, k / symbols, "steps"), k % symbols));
        if (row < rows && row != start && first[row] == 0)
            first[row] = k + 1;
    }
    for (size_t i = 0; i < rows && good; i++) {
        size_t from = first[i] == 0 ? SIZE_MAX : (first[i] - 1) / symbols;
        uint32_t s = first[i] == 0 ? 0 : (uint32_t)((first[i] - 1) % symbols);
        good = is_after(joint, rw_joint_part(joint, i, "after"), from, s) ||
               RW_FAILS(joint->certificate, "rows", i, "`after` is not the first step that is nothing but this row");
    }
    free(first);
    return good;
}

bool rw_joint_spans(struct rw_recheck_joint *joint)
{
    struct rw_certificate *c = joint->certificate;
    rw_joint_start(joint);
    bool good = is_combination(joint, json_object_get(c->root, "start"), "start", RW_WHOLE_KEY, "the start");
    for (size_t i = 0; i < joint->basis->cols && good; i++) {
        rw_joint_read(joint, i, &joint->row);
        for (uint32_t s = 0; s < rw_alphabet_size(joint->left.tokens) && good; s++) {
            char *what = rw_format("the step by '%s'", rw_alphabet_name(joint->left.tokens, s));
            rw_joint_step(joint, s);
            good = is_combination(joint, json_array_get(rw_joint_part(joint, i, "steps"), s), "rows", i, what);
            free(what);
        }
    }
    return good && words_fit(joint);
}
