/* joint.c - two weighted automata on the same words: equal series, equal signs.
 *
 * The joint row of w is v_w = (alpha_a A_w | alpha_b B_w); v_{ws} = v_w diag(A_s, B_s). Series: by a basis of the space
 * that these rows span (automata/wfa_equivalent.c). Signs: the rows themselves, as long as there are finitely many. */
#include "verify/joint.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "verify/key.h"
#include "verify/row.h"

/* --- both automata --- */

struct joint {
    const struct rw_wfa *a, *b;
    struct rw_vector from_a, from_b, to_a, to_b, both; /* both: (to_a | to_b) */
    fmpq_t value_a, value_b;
};

static void joint_init(struct joint *joint, const struct rw_wfa *a, const struct rw_wfa *b)
{
    *joint = (struct joint){.a = a, .b = b};
    rw_vector_init(&joint->from_a, a->states);
    rw_vector_init(&joint->from_b, b->states);
    rw_vector_init(&joint->to_a, a->states);
    rw_vector_init(&joint->to_b, b->states);
    rw_vector_init(&joint->both, a->states + b->states);
    fmpq_init(joint->value_a);
    fmpq_init(joint->value_b);
}

static void joint_clear(struct joint *joint)
{
    rw_vector_clear(&joint->from_a);
    rw_vector_clear(&joint->from_b);
    rw_vector_clear(&joint->to_a);
    rw_vector_clear(&joint->to_b);
    rw_vector_clear(&joint->both);
    fmpq_clear(joint->value_a);
    fmpq_clear(joint->value_b);
}

static void row_value(fmpq_t value, const struct rw_vector *row, const fmpq *omega)
{
    fmpq_zero(value);
    for (size_t k = 0; k < row->count; k++)
        rw_q_addmul(value, row->value + row->touched[k], omega + row->touched[k]);
}

/* Fills in `both` and the values from to_a and to_b. */
static void joint_finish(struct joint *joint)
{
    row_value(joint->value_a, &joint->to_a, joint->a->omega);
    row_value(joint->value_b, &joint->to_b, joint->b->omega);
    rw_vector_zero(&joint->both);
    for (size_t k = 0; k < joint->to_a.count; k++)
        fmpq_set(rw_vector_at(&joint->both, joint->to_a.touched[k]), joint->to_a.value + joint->to_a.touched[k]);
    for (size_t k = 0; k < joint->to_b.count; k++) {
        uint32_t i = joint->to_b.touched[k];
        fmpq_set(rw_vector_at(&joint->both, (uint32_t)joint->a->states + i), joint->to_b.value + i);
    }
    rw_vector_tidy(&joint->both);
}

static void joint_start(struct joint *joint)
{
    for (size_t i = 0; i < joint->a->states; i++)
        if (!rw_q_is_zero(joint->a->alpha + i))
            fmpq_set(rw_vector_at(&joint->to_a, (uint32_t)i), joint->a->alpha + i);
    for (size_t i = 0; i < joint->b->states; i++)
        if (!rw_q_is_zero(joint->b->alpha + i))
            fmpq_set(rw_vector_at(&joint->to_b, (uint32_t)i), joint->b->alpha + i);
    joint_finish(joint);
}

static void joint_step(struct joint *joint, const struct rw_row *row, uint32_t symbol)
{
    rw_vector_zero(&joint->from_a);
    rw_vector_zero(&joint->from_b);
    for (size_t k = 0; k < row->count; k++) {
        if (row->index[k] < joint->a->states)
            fmpq_set(rw_vector_at(&joint->from_a, row->index[k]), row->value + k);
        else
            fmpq_set(rw_vector_at(&joint->from_b, row->index[k] - (uint32_t)joint->a->states), row->value + k);
    }
    rw_vector_zero(&joint->to_a);
    rw_vector_zero(&joint->to_b);
    rw_matrix_apply(joint->a->letters[symbol], &joint->from_a, &joint->to_a);
    rw_matrix_apply(joint->b->letters[symbol], &joint->from_b, &joint->to_b);
    joint_finish(joint);
}

/* --- words, as a tree --- */

/* A visited word: its row, and the word it extends. */
struct visit {
    struct rw_row row;
    size_t parent;
    uint32_t symbol;
};

struct visits {
    struct visit *list;
    size_t count, capacity;
};

static void add_visit(struct visits *visits, const struct rw_vector *row, size_t parent, uint32_t symbol)
{
    visits->list = rw_grow(visits->list, &visits->capacity, visits->count + 1, sizeof *visits->list);
    visits->list[visits->count++] = (struct visit){.row = rw_row_of(row), .parent = parent, .symbol = symbol};
}

static void free_visits(struct visits *visits)
{
    for (size_t i = 0; i < visits->count; i++)
        rw_row_clear(&visits->list[i].row);
    free(visits->list);
}

/* The word of visit `at`, and one more symbol. Visit 0 is the empty word. */
static void spell(const struct visits *visits, size_t at, uint32_t symbol, struct rw_word *word)
{
    word->length = 0;
    for (; at > 0; at = visits->list[at].parent)
        rw_word_push(word, visits->list[at].symbol);
    for (size_t i = 0; i < word->length / 2; i++) {
        uint32_t swapped = word->symbols[i];
        word->symbols[i] = word->symbols[word->length - 1 - i];
        word->symbols[word->length - 1 - i] = swapped;
    }
    rw_word_push(word, symbol);
}

/* --- series --- */

enum rw_equality rw_series_equal(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t max_cells,
                                 struct rw_word *word, size_t *dimension)
{
    bool finished, equal = rw_wfa_equivalent_within(a, b, max_cells, word, dimension, &finished);
    return !equal ? RW_DIFFERENT : finished ? RW_EQUAL : RW_UNDECIDED;
}

/* --- signs: all rows --- */

static bool all_nonnegative(const fmpq *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rw_q_sign(values + i) < 0)
            return false;
    return true;
}

bool rw_wfa_is_nonnegative(const struct rw_wfa *wfa)
{
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++)
        if (!all_nonnegative(wfa->letters[symbol]->value, rw_matrix_nonzeros(wfa->letters[symbol])))
            return false;
    return all_nonnegative(wfa->alpha, wfa->states) && all_nonnegative(wfa->omega, wfa->states);
}

/* Every nonzero entry becomes 1. */
static void keep_support(struct rw_vector *row)
{
    for (size_t k = 0; k < row->count; k++)
        fmpq_set_si(row->value + row->touched[k], 1, 1);
}

/* Which states of f can still contribute after another symbol: the others need not be told apart. live[q] = 1. */
static uint8_t *live_states(const struct rw_wfa *f)
{
    uint8_t *useful = rw_alloc(f->states, 1), *live = rw_alloc(f->states, 1);
    for (size_t q = 0; q < f->states; q++)
        useful[q] = !rw_q_is_zero(f->omega + q);
    for (bool news = true; news;) {
        news = false;
        for (uint32_t symbol = 0; symbol < f->symbols; symbol++)
            for (size_t p = 0; p < f->states; p++) /* column p of the transpose: where p goes */
                for (size_t e = f->letters[symbol]->start[p]; e < f->letters[symbol]->start[p + 1]; e++)
                    if (useful[f->letters[symbol]->row[e]] && !live[p])
                        live[p] = useful[p] = news = true;
    }
    free(useful);
    return live;
}

/* The part of the row from `first` on, states of one automaton: drops what is not live, and scales by a positive number so that the first
 * entry is 1 or -1. Signs of all later values stay as they are. */
static void normalise(struct rw_vector *row, size_t first, size_t states, const uint8_t *live)
{
    fmpq_t scale;
    fmpq_init(scale);
    for (size_t q = 0; q < states; q++) {
        fmpq *entry = row->value + first + q;
        if (rw_q_is_zero(entry))
            continue;
        if (!live[q]) {
            fmpq_zero(entry);
            continue;
        }
        if (fmpq_is_zero(scale))
            fmpq_abs(scale, entry);
        fmpq_div(entry, entry, scale);
    }
    fmpq_clear(scale);
}

struct seen {
    char *key;
    size_t number;
    struct seen *before; /* the one added before */
    UT_hash_handle hh;
};

struct rows {
    struct seen *table, *last;
    struct visits visits;
    uint64_t cells;
};

/* The row's number, new or not. */
static size_t visit_new(struct rows *rows, const struct rw_vector *row, size_t parent, uint32_t symbol)
{
    struct seen *known;
    size_t size;
    char *key = rw_vector_key(row, &size);
    HASH_FIND(hh, rows->table, key, size, known);
    if (known != NULL) {
        free(key);
        return known->number;
    }
    known = rw_alloc(1, sizeof *known);
    *known = (struct seen){.key = key, .number = rows->visits.count, .before = rows->last};
    rows->last = known;
    HASH_ADD_KEYPTR(hh, rows->table, known->key, size, known);
    add_visit(&rows->visits, row, parent, symbol);
    rows->cells += rw_row_cells(&rows->visits.list[rows->visits.count - 1].row);
    return known->number;
}

static void free_rows(struct rows *rows)
{
    HASH_CLEAR(hh, rows->table);
    for (struct seen *known = rows->last, *before; known != NULL; known = before) {
        before = known->before;
        free(known->key);
        free(known);
    }
    free_visits(&rows->visits);
}

static bool signs_differ(const struct joint *joint)
{
    return (rw_q_sign(joint->value_a) > 0) != (rw_q_sign(joint->value_b) > 0);
}

/* What decides all later signs, in place of the row. */
struct abstraction {
    bool supports;
    uint8_t *live_a, *live_b;
};

static void abstract(const struct abstraction *abstraction, struct joint *joint)
{
    normalise(&joint->both, 0, joint->a->states, abstraction->live_a);
    normalise(&joint->both, joint->a->states, joint->b->states, abstraction->live_b);
    rw_vector_tidy(&joint->both);
    if (abstraction->supports)
        keep_support(&joint->both);
}

/* Goes through all rows; `told` (may be NULL) is told of each with its successors. */
static enum rw_equality explore(struct joint *joint, struct rows *rows, const struct abstraction *abstraction,
                                uint64_t max_cells, struct rw_word *word, rw_pair_told *told, void *context)
{
    size_t at = 0, symbols = joint->a->symbols, *steps = rw_alloc(symbols, sizeof *steps);
    joint_start(joint);
    bool differ = signs_differ(joint);
    abstract(abstraction, joint);
    visit_new(rows, &joint->both, 0, 0);
    for (; !differ && at < rows->visits.count && rows->cells <= max_cells; at++) {
        for (uint32_t symbol = 0; !differ && symbol < symbols; symbol++) {
            joint_step(joint, &rows->visits.list[at].row, symbol);
            differ = signs_differ(joint);
            abstract(abstraction, joint);
            if (differ)
                spell(&rows->visits, at, symbol, word);
            else
                steps[symbol] = visit_new(rows, &joint->both, at, symbol);
        }
        if (told != NULL && !differ)
            told(context, &rows->visits.list[at].row, steps, symbols);
    }
    free(steps);
    return differ ? RW_DIFFERENT : at == rows->visits.count ? RW_EQUAL : RW_UNDECIDED;
}

enum rw_equality rw_signs_equal(const struct rw_wfa *a, const struct rw_wfa *b, bool supports, uint64_t max_cells,
                                struct rw_word *word, rw_pair_told *told, void *context, size_t *pairs)
{
    struct joint joint;
    struct rows rows = {0};
    struct abstraction abstraction = {supports, live_states(a), live_states(b)};
    joint_init(&joint, a, b);
    word->length = 0;
    enum rw_equality result = explore(&joint, &rows, &abstraction, max_cells, word, told, context);
    *pairs = rows.visits.count;
    free_rows(&rows);
    free(abstraction.live_a);
    free(abstraction.live_b);
    joint_clear(&joint);
    return result;
}
