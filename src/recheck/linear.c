/* linear.c - certificates of kinds "linear" and "pairs": the identities between two series, one after the other.
 *
 * With the joint row z_w = (left | right) of the word w, and z_{ws} = z_w M_s:
 * linear   z_"" = sum start_j row_j, row_i M_s = sum steps[i][s]_j row_j, and right - scale * left - shift is 0 on each row:
 *          so it is 0 on every word. Verdicts: scale > 0, and no value of left lies between 0 and -shift / scale.
 * pairs    row_0 stands for z_"", row_steps[i][s] for row_i M_s, and the signs agree in each step: so they do on every
 *          word. A row stands for another if each side is a positive multiple, apart from states that only contribute now;
 *          or, if no weight is negative, if the same entries are nonzero. */
#include <stdlib.h>
#include <string.h>

#include "automata/nfa.h"
#include "automata/regex.h"
#include "base/memory.h"
#include "recheck/certificate.h"
#include "recheck/series.h"

struct check {
    struct rw_certificate *certificate;
    const json_t *rows;
    struct rw_recheck_series left, right;
    size_t both, size; /* entries of left and right; those of a row, which may have a constant besides */
    bool values, supports;
    fmpq_t scale, shift;
    struct rw_vector row, next, sum; /* work space */
    uint8_t *passing;                /* pairs: 1 for states that contribute to no later sign */
};

/* --- rows of the certificate --- */

static const json_t *part_of_row(const struct check *check, size_t i, const char *key)
{
    return json_object_get(json_array_get(check->rows, i), key);
}

/* sum += factor * row i */
static bool add_row(struct check *check, size_t i, const fmpq_t factor, struct rw_vector *sum)
{
    const json_t *list = part_of_row(check, i, "row");
    size_t index;
    fmpq_t value;
    bool good = json_is_array(list);
    fmpq_init(value);
    for (size_t k = 0; k < json_array_size(list) && good; k++) {
        good = rw_certificate_entry(check->certificate, list, k, check->size, &index, value);
        if (good)
            rw_vector_addmul(sum, (uint32_t)index, factor, value);
    }
    fmpq_clear(value);
    return good ||
           RW_UNREADABLE(check->certificate, "rows", i, "its row is not a list of entries [index, \"value\"] in order");
}

/* sum = row i */
static bool read_row(struct check *check, size_t i, struct rw_vector *sum)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    rw_vector_zero(sum);
    bool good = add_row(check, i, one, sum);
    fmpq_clear(one);
    return good;
}

/* --- both sides --- */

struct rw_wfa *rw_recheck_machine(const struct rw_machine *machine, const char *key, const struct rw_limits *limits)
{
    const struct rw_machine_kind *kind = machine->kind;
    const struct rw_nfa *nfa = kind == &rw_nfa_kind     ? machine->model
                               : kind == &rw_regex_kind ? ((const struct rw_regex *)machine->model)->positions
                                                        : NULL;
    if (kind == &rw_dfa_kind && strcmp(key, "indicator") == 0)
        return rw_wfa_of_dfa(machine->model);
    if ((kind == &rw_wfa_kind || kind == &rw_wfa_indicator_kind) && strcmp(key, "weight") == 0)
        return rw_wfa_copy(machine->model);
    if (nfa != NULL && strcmp(key, "paths") == 0)
        return rw_nfa_count_paths(nfa, NULL);
    if (nfa == NULL || strcmp(key, "indicator") != 0)
        return NULL;
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, limits->states, NULL, NULL, NULL);
    struct rw_wfa *wfa = dfa == NULL ? NULL : rw_wfa_of_dfa(dfa);
    rw_dfa_free(dfa);
    return wfa;
}

static bool read_side(struct check *check, const char *key, struct rw_recheck_side side,
                      struct rw_recheck_series *series)
{
    struct rw_certificate *c = check->certificate;
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

/* --- rows --- */

/* next = row M_symbol; the constant stays. */
static void step(struct check *check, uint32_t symbol)
{
    const struct rw_wfa *sides[] = {check->left.f, check->right.f};
    const struct rw_vector *row = &check->row;
    rw_vector_zero(&check->next);
    for (size_t k = 0; k < row->count; k++) {
        size_t at = row->touched[k], first = at < sides[0]->states ? 0 : sides[0]->states;
        if (at == check->both) {
            fmpq_set(rw_vector_at(&check->next, (uint32_t)at), row->value + at);
            continue;
        }
        const struct rw_matrix *m = sides[first > 0]->letters[symbol];
        for (size_t e = m->start[at - first]; e < m->start[at - first + 1]; e++)
            rw_vector_addmul(&check->next, (uint32_t)first + m->row[e], row->value + at, m->value + e);
    }
}

static void start_row(const struct check *check, struct rw_vector *row)
{
    size_t states = check->left.f->states;
    for (size_t q = 0; q < check->both; q++) {
        const fmpq *alpha = q < states ? check->left.f->alpha + q : check->right.f->alpha + (q - states);
        if (!rw_q_is_zero(alpha))
            fmpq_set(rw_vector_at(row, (uint32_t)q), alpha);
    }
    if (check->size > check->both)
        rw_q_set_int(rw_vector_at(row, (uint32_t)check->both), 1);
}

static void side_values(const struct check *check, const struct rw_vector *row, fmpq_t left, fmpq_t right)
{
    size_t states = check->left.f->states;
    fmpq_zero(left);
    fmpq_zero(right);
    for (size_t k = 0; k < row->count; k++) {
        size_t at = row->touched[k];
        if (at < states)
            fmpq_addmul(left, row->value + at, check->left.f->omega + at);
        else if (at < check->both)
            fmpq_addmul(right, row->value + at, check->right.f->omega + (at - states));
    }
}

/* Work space, and the shape of each row. */
static bool begin_rows(struct check *check, size_t size, const char *keys)
{
    size_t symbols = rw_alphabet_size(check->left.tokens);
    check->size = size;
    rw_vector_init(&check->row, size);
    rw_vector_init(&check->next, size);
    rw_vector_init(&check->sum, size);
    for (size_t i = 0; i < json_array_size(check->rows); i++) {
        if (!rw_certificate_has_keys(check->certificate, json_array_get(check->rows, i), "rows", i, keys))
            return false;
        if (json_array_size(part_of_row(check, i, "steps")) != symbols)
            return RW_UNREADABLE(check->certificate, "rows", i, "there is not a step for each of the %zu tokens",
                                 symbols);
    }
    return true;
}

/* --- linear --- */

static bool all_integers(const fmpq *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fmpz_is_one(fmpq_denref(values + i)))
            return false;
    return true;
}

/* left > 0 iff scale * left + shift > 0: left takes only multiples of a number for which that holds. */
static bool shift_is_harmless(const struct check *check)
{
    const struct rw_wfa *f = check->left.f;
    if (rw_q_is_zero(check->shift))
        return true;
    bool good = rw_q_sign(check->shift) < 0 && all_integers(f->alpha, f->states);
    for (size_t s = 0; s < f->symbols; s++)
        good = good && all_integers(f->letters[s]->value, rw_matrix_nonzeros(f->letters[s]));
    fmpq_t least;
    fmpq_init(least);
    for (size_t q = 0; q < f->states; q++)
        fmpq_gcd(least, least, f->omega + q);
    if (!rw_q_is_zero(least)) {
        fmpq_mul(least, least, check->scale);
        fmpq_add(least, least, check->shift);
        good = good && rw_q_sign(least) > 0;
    }
    fmpq_clear(least);
    return good;
}

static bool read_claim(struct check *check)
{
    if (!rw_certificate_number(check->certificate, json_object_get(check->certificate->root, "scale"), check->scale))
        return RW_UNREADABLE(check->certificate, "scale", RW_WHOLE_KEY, "not a number");
    if (!rw_certificate_number(check->certificate, json_object_get(check->certificate->root, "shift"), check->shift))
        return RW_UNREADABLE(check->certificate, "shift", RW_WHOLE_KEY, "not a number");
    if (check->values ? !rw_q_is_one(check->scale) : rw_q_sign(check->scale) <= 0)
        return RW_FAILS(check->certificate, "scale", RW_WHOLE_KEY,
                        check->values ? "values are equal at scale 1" : "not positive");
    if (check->values ? !rw_q_is_zero(check->shift) : !shift_is_harmless(check))
        return RW_FAILS(check->certificate, "shift", RW_WHOLE_KEY, "it may change a verdict or a value");
    return true;
}

/* Whether `next` is the combination that the list says of the rows. */
static bool is_combination(struct check *check, const json_t *list, const char *key, size_t index, const char *what)
{
    size_t row;
    fmpq_t coefficient;
    bool good = true;
    fmpq_init(coefficient);
    rw_vector_zero(&check->sum);
    for (size_t k = 0; k < json_array_size(list) && good; k++)
        good = rw_certificate_entry(check->certificate, list, k, json_array_size(check->rows), &row, coefficient) &&
               add_row(check, row, coefficient, &check->sum);
    fmpq_clear(coefficient);
    if (!good || !json_is_array(list))
        return RW_UNREADABLE(check->certificate, key, index,
                             "%s is not a list of entries [row, \"coefficient\"] in order", what);
    return rw_vector_equal(&check->sum, &check->next) ||
           RW_FAILS(check->certificate, key, index, "%s is not the combination of rows given for it", what);
}

/* The step is nothing but row `target`. */
static bool leads_to(const json_t *combination, size_t target)
{
    const json_t *entry = json_array_get(combination, 0);
    const char *value = json_string_value(json_array_get(entry, 1));
    return json_array_size(combination) == 1 && value != NULL && strcmp(value, "1") == 0 &&
           (size_t)json_integer_value(json_array_get(entry, 0)) == target;
}

/* `after` names the word of each row: the first step that leads to it. */
static bool words_fit(struct check *check)
{
    size_t next = 1, count = json_array_size(check->rows);
    if (count > 0 && !json_is_null(part_of_row(check, 0, "after")))
        return RW_FAILS(check->certificate, "rows", (size_t)0, "its word is not the empty one");
    for (size_t i = 0; i < count; i++)
        for (uint32_t s = 0; s < rw_alphabet_size(check->left.tokens) && next < count; s++) {
            const json_t *after = part_of_row(check, next, "after");
            if (!leads_to(json_array_get(part_of_row(check, i, "steps"), s), next))
                continue;
            const char *symbol = json_string_value(json_array_get(after, 1));
            if (json_array_size(after) != 2 || !json_is_integer(json_array_get(after, 0)) ||
                (size_t)json_integer_value(json_array_get(after, 0)) != i || symbol == NULL ||
                strcmp(symbol, rw_alphabet_name(check->left.tokens, s)) != 0)
                return RW_FAILS(check->certificate, "rows", next, "its word is that of row %zu and '%s'", i,
                                rw_alphabet_name(check->left.tokens, s));
            next++;
        }
    return next >= count || RW_FAILS(check->certificate, "rows", next, "no step leads to it");
}

/* right - scale * left - shift is 0 on the row. */
static bool difference_is_zero(struct check *check, size_t i, bool *left_is_zero)
{
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    side_values(check, &check->row, left, right);
    *left_is_zero = *left_is_zero && rw_q_is_zero(left);
    fmpq_mul(left, left, check->scale);
    fmpq_sub(right, right, left);
    if (check->size > check->both)
        fmpq_submul(right, check->row.value + check->both, check->shift);
    bool zero = rw_q_is_zero(right);
    fmpq_clear(left);
    fmpq_clear(right);
    return zero || RW_FAILS(check->certificate, "rows", i, "the two sides differ on this row");
}

static bool check_linear(struct check *check)
{
    bool good, zero = true;
    if (!read_claim(check) || !begin_rows(check, check->both + !rw_q_is_zero(check->shift), "after|row|steps"))
        return false;
    start_row(check, &check->next);
    good =
        is_combination(check, json_object_get(check->certificate->root, "start"), "start", RW_WHOLE_KEY, "the start");
    for (size_t i = 0; i < json_array_size(check->rows) && good; i++) {
        good = read_row(check, i, &check->row);
        for (uint32_t s = 0; s < rw_alphabet_size(check->left.tokens) && good; s++) {
            char *what = rw_format("the step by '%s'", rw_alphabet_name(check->left.tokens, s));
            step(check, s);
            good = is_combination(check, json_array_get(part_of_row(check, i, "steps"), s), "rows", i, what);
            free(what);
        }
        good = good && difference_is_zero(check, i, &zero);
    }
    if (good && zero && !rw_q_is_one(check->scale))
        return RW_FAILS(check->certificate, "scale", RW_WHOLE_KEY,
                        "the left side is 0 everywhere, and the scale is not 1");
    return good && words_fit(check);
}

/* --- pairs --- */

static bool nonnegative(const fmpq *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rw_q_sign(values + i) < 0)
            return false;
    return true;
}

static bool all_nonnegative(const struct rw_wfa *f)
{
    bool good = nonnegative(f->alpha, f->states) && nonnegative(f->omega, f->states);
    for (size_t s = 0; s < f->symbols; s++)
        good = good && nonnegative(f->letters[s]->value, rw_matrix_nonzeros(f->letters[s]));
    return good;
}

/* The states from which no symbol leads to one that contributes, now or later. */
static void find_passing(const struct rw_wfa *f, uint8_t *passing)
{
    memset(passing, 1, f->states);
    for (bool news = true; news;) {
        news = false;
        for (size_t s = 0; s < f->symbols; s++)
            for (size_t p = 0; p < f->states; p++)
                for (size_t e = f->letters[s]->start[p]; e < f->letters[s]->start[p + 1] && passing[p]; e++) {
                    size_t q = f->letters[s]->row[e];
                    if (!passing[q] || !rw_q_is_zero(f->omega + q)) {
                        passing[p] = 0;
                        news = true;
                    }
                }
    }
}

/* What stands for the entries from `first` to `last`. */
static void abstract(const struct check *check, struct rw_vector *row, size_t first, size_t last)
{
    fmpq_t size;
    fmpq_init(size);
    for (size_t q = first; q < last; q++) {
        fmpq *entry = row->value + q;
        if (check->passing[q])
            fmpq_zero(entry);
        if (rw_q_is_zero(entry))
            continue;
        if (rw_q_is_zero(size))
            fmpq_abs(size, entry);
        if (check->supports)
            rw_q_set_int(entry, 1);
        else
            fmpq_div(entry, entry, size);
    }
    fmpq_clear(size);
}

/* The signs agree on `next`, and row `target` stands for it. */
static bool stands_for(struct check *check, size_t target, size_t index, const char *what)
{
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    side_values(check, &check->next, left, right);
    bool same = (rw_q_sign(left) > 0) == (rw_q_sign(right) > 0);
    fmpq_clear(left);
    fmpq_clear(right);
    if (!same)
        return RW_FAILS(check->certificate, "rows", index, "the verdicts differ after %s", what);
    abstract(check, &check->next, 0, check->left.f->states);
    abstract(check, &check->next, check->left.f->states, check->both);
    if (target >= json_array_size(check->rows))
        return RW_FAILS(check->certificate, "rows", index, "%s leads to a row that is not there", what);
    return read_row(check, target, &check->sum) &&
           (rw_vector_equal(&check->next, &check->sum) ||
            RW_FAILS(check->certificate, "rows", index, "row %zu is not what follows %s", target, what));
}

static bool read_supports(struct check *check)
{
    const json_t *supports = json_object_get(check->certificate->root, "supports");
    if (!json_is_boolean(supports))
        return RW_UNREADABLE(check->certificate, "supports", RW_WHOLE_KEY, "not true or false");
    check->supports = json_is_true(supports);
    if (check->supports && !(all_nonnegative(check->left.f) && all_nonnegative(check->right.f)))
        return RW_FAILS(check->certificate, "supports", RW_WHOLE_KEY, "some weight is negative");
    if (check->values)
        return RW_FAILS(check->certificate, "claim", RW_WHOLE_KEY, "signs do not show that values are equal");
    return true;
}

static bool check_pairs(struct check *check)
{
    check->passing = rw_alloc(check->both, 1);
    find_passing(check->left.f, check->passing);
    find_passing(check->right.f, check->passing + check->left.f->states);
    if (!read_supports(check) || !begin_rows(check, check->both, "row|steps"))
        return false;
    start_row(check, &check->next);
    bool good = stands_for(check, 0, 0, "the start");
    for (size_t i = 0; i < json_array_size(check->rows) && good; i++) {
        good = read_row(check, i, &check->row);
        for (uint32_t s = 0; s < rw_alphabet_size(check->left.tokens) && good; s++) {
            const json_t *target = json_array_get(part_of_row(check, i, "steps"), s);
            char *what = rw_format("'%s'", rw_alphabet_name(check->left.tokens, s));
            step(check, s);
            good = stands_for(check, json_is_integer(target) ? (size_t)json_integer_value(target) : SIZE_MAX, i, what);
            free(what);
        }
    }
    return good;
}

/* --- the whole --- */

static bool read_sides(struct check *check)
{
    struct rw_certificate *c = check->certificate;
    const char *claim = rw_certificate_text(c->root, "claim");
    if (strcmp(claim, "values") != 0 && strcmp(claim, "verdicts") != 0)
        return RW_UNREADABLE(c, "claim", RW_WHOLE_KEY, "neither values nor verdicts");
    check->rows = json_object_get(c->root, "rows");
    if (!json_is_array(check->rows))
        return RW_UNREADABLE(c, "rows", RW_WHOLE_KEY, "not a list");
    if (!read_side(check, "left", c->left, &check->left) || !read_side(check, "right", c->right, &check->right))
        return false;
    if (!rw_alphabet_equal(check->left.tokens, check->right.tokens) ||
        !rw_certificate_tokens_are(c, check->left.tokens))
        return RW_FAILS(c, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
    check->values = check->left.values;
    if (check->left.values != check->right.values || check->values != (strcmp(claim, "values") == 0))
        return RW_FAILS(c, "claim", RW_WHOLE_KEY, "it is not what the two sides give");
    check->both = check->left.f->states + check->right.f->states;
    return true;
}

static void check_kind(struct rw_certificate *certificate, bool (*identities)(struct check *check))
{
    struct check check = {.certificate = certificate};
    fmpq_init(check.scale);
    fmpq_init(check.shift);
    if (read_sides(&check))
        identities(&check);
    rw_vector_clear(&check.row);
    rw_vector_clear(&check.next);
    rw_vector_clear(&check.sum);
    free(check.passing);
    rw_recheck_series_clear(&check.left);
    rw_recheck_series_clear(&check.right);
    fmpq_clear(check.scale);
    fmpq_clear(check.shift);
}

static void check_kind_linear(struct rw_certificate *certificate)
{
    check_kind(certificate, check_linear);
}

static void check_kind_pairs(struct rw_certificate *certificate)
{
    check_kind(certificate, check_pairs);
}

const struct rw_certificate_kind rw_certificate_linear = {
    "linear", "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|start|rows", check_kind_linear};
const struct rw_certificate_kind rw_certificate_pairs = {
    "pairs", "rnnwit-certificate|kind|claim|left|right|tokens|supports|rows", check_kind_pairs};
