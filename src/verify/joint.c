/* joint.c - two weighted automata on the same words: equal series, equal signs.
 *
 * The joint row of w is v_w = (alpha_a A_w | alpha_b B_w); v_{ws} = v_w diag(A_s, B_s), and d(w) = v_w (omega_a |
 * -omega_b) is linear in it. Series: if d = 0 on a basis of the space of all v_w, then d = 0. Taking words in the order
 * of their length and keeping those independent of the ones before makes the first nonzero d belong to a shortest word.
 * Signs: v_w itself, as long as there are finitely many. */
#include "verify/joint.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "verify/key.h"

/* --- rows --- */

/* A sparse row that takes only the room of its entries; indices of b follow those of a. */
struct row {
    size_t count;
    uint32_t *index;
    fmpq *value;
};

static struct row row_of(const struct rw_vector *v)
{
    struct row row = {.count = v->count};
    row.index = rw_alloc(v->count, sizeof *row.index);
    row.value = rw_alloc(v->count, sizeof *row.value);
    for (size_t k = 0; k < v->count; k++) {
        row.index[k] = v->touched[k];
        fmpq_init(row.value + k);
        fmpq_set(row.value + k, v->value + v->touched[k]);
    }
    return row;
}

static void row_clear(struct row *row)
{
    for (size_t k = 0; k < row->count; k++)
        fmpq_clear(row->value + k);
    free(row->index);
    free(row->value);
}

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

static void joint_step(struct joint *joint, const struct row *row, uint32_t symbol)
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
    struct row row;
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
    visits->list[visits->count++] = (struct visit){.row = row_of(row), .parent = parent, .symbol = symbol};
}

static void free_visits(struct visits *visits)
{
    for (size_t i = 0; i < visits->count; i++)
        row_clear(&visits->list[i].row);
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

/* --- series: a basis in echelon form --- */

#define NO_PIVOT SIZE_MAX

struct echelon {
    size_t *pivot;    /* for each index: which reduced row has its first entry (a 1) there */
    struct row *rows; /* one for each basis vector */
    size_t count, capacity;
    uint64_t cells;
};

static void echelon_init(struct echelon *echelon, size_t size)
{
    *echelon = (struct echelon){.pivot = rw_alloc(size, sizeof *echelon->pivot)};
    for (size_t i = 0; i < size; i++)
        echelon->pivot[i] = NO_PIVOT;
}

static void echelon_clear(struct echelon *echelon)
{
    for (size_t i = 0; i < echelon->count; i++)
        row_clear(echelon->rows + i);
    free(echelon->rows);
    free(echelon->pivot);
}

/* v -= v[i] * r, which has a 1 at i. */
static void eliminate(struct rw_vector *v, const struct row *r, uint32_t i)
{
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_neg(factor, v->value + i);
    for (size_t k = 0; k < r->count; k++)
        rw_vector_addmul(v, r->index[k], r->value + k, factor);
    fmpq_clear(factor);
}

/* Reduces v by the basis. A pass may bring back entries behind the pivots it used, but the first one only moves on: few
 * passes do. */
static void reduce(const struct echelon *echelon, struct rw_vector *v)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t k = 0; k < v->count; k++) {
            uint32_t i = v->touched[k];
            if (rw_q_is_zero(v->value + i) || echelon->pivot[i] == NO_PIVOT)
                continue;
            eliminate(v, echelon->rows + echelon->pivot[i], i);
            changed = true;
        }
    }
    rw_vector_tidy(v);
}

/* true: v was independent and is now in the basis. v is reduced. */
static bool extend(struct echelon *echelon, struct rw_vector *v)
{
    reduce(echelon, v);
    if (v->count == 0)
        return false;
    struct row row = row_of(v);
    fmpq_t first;
    fmpq_init(first);
    fmpq_set(first, row.value);
    for (size_t k = 0; k < row.count; k++)
        fmpq_div(row.value + k, row.value + k, first);
    fmpq_clear(first);
    echelon->rows = rw_grow(echelon->rows, &echelon->capacity, echelon->count + 1, sizeof *echelon->rows);
    echelon->pivot[row.index[0]] = echelon->count;
    echelon->rows[echelon->count++] = row;
    echelon->cells += row.count;
    return true;
}

/* Looks at the successors of one basis vector. UNDECIDED here means: nothing found, go on. */
static enum rw_equality extend_by_successors(struct joint *joint, struct echelon *echelon, struct visits *visits,
                                             size_t at, struct rw_word *word)
{
    struct rw_vector reduced;
    enum rw_equality result = RW_UNDECIDED;
    rw_vector_init(&reduced, joint->both.size);
    for (uint32_t symbol = 0; symbol < joint->a->symbols && result == RW_UNDECIDED; symbol++) {
        joint_step(joint, &visits->list[at].row, symbol);
        if (!rw_q_equal(joint->value_a, joint->value_b)) {
            spell(visits, at, symbol, word);
            result = RW_DIFFERENT;
            break;
        }
        rw_vector_copy(&reduced, &joint->both);
        if (extend(echelon, &reduced))
            add_visit(visits, &joint->both, at, symbol);
    }
    rw_vector_clear(&reduced);
    return result;
}

enum rw_equality rw_series_equal(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t max_cells,
                                 struct rw_word *word, size_t *dimension)
{
    struct joint joint;
    struct echelon echelon;
    struct visits visits = {0};
    enum rw_equality result = RW_UNDECIDED;
    joint_init(&joint, a, b);
    echelon_init(&echelon, a->states + b->states);
    joint_start(&joint);
    word->length = 0;
    if (!rw_q_equal(joint.value_a, joint.value_b)) {
        result = RW_DIFFERENT;
    } else {
        add_visit(&visits, &joint.both, 0, 0);
        extend(&echelon, &joint.both);
        size_t at = 0;
        for (; at < visits.count && echelon.cells <= max_cells && result == RW_UNDECIDED; at++)
            result = extend_by_successors(&joint, &echelon, &visits, at, word);
        if (result == RW_UNDECIDED && at == visits.count)
            result = RW_EQUAL;
    }
    *dimension = echelon.count;
    free_visits(&visits);
    echelon_clear(&echelon);
    joint_clear(&joint);
    return result;
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
    struct seen *before; /* the one added before */
    UT_hash_handle hh;
};

struct rows {
    struct seen *table, *last;
    struct visits visits;
    uint64_t cells;
};

/* Cells are entries, or words of memory where numbers are large. */
static uint64_t row_cells(const struct rw_vector *row)
{
    uint64_t cells = 1;
    for (size_t k = 0; k < row->count; k++)
        cells += 1 + rw_q_bits(row->value + row->touched[k]) / 64;
    return cells;
}

static void visit_new(struct rows *rows, const struct rw_vector *row, size_t parent, uint32_t symbol)
{
    struct seen *known;
    size_t size;
    char *key = rw_vector_key(row, &size);
    HASH_FIND(hh, rows->table, key, size, known);
    if (known != NULL) {
        free(key);
        return;
    }
    known = rw_alloc(1, sizeof *known);
    *known = (struct seen){.key = key, .before = rows->last};
    rows->last = known;
    HASH_ADD_KEYPTR(hh, rows->table, known->key, size, known);
    add_visit(&rows->visits, row, parent, symbol);
    rows->cells += row_cells(row);
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

enum rw_equality rw_signs_equal(const struct rw_wfa *a, const struct rw_wfa *b, bool supports, uint64_t max_cells,
                                struct rw_word *word, size_t *pairs)
{
    struct joint joint;
    struct rows rows = {0};
    struct abstraction abstraction = {supports, live_states(a), live_states(b)};
    size_t at = 0;
    joint_init(&joint, a, b);
    joint_start(&joint);
    word->length = 0;
    bool differ = signs_differ(&joint);
    abstract(&abstraction, &joint);
    visit_new(&rows, &joint.both, 0, 0);
    for (; !differ && at < rows.visits.count && rows.cells <= max_cells; at++)
        for (uint32_t symbol = 0; !differ && symbol < a->symbols; symbol++) {
            joint_step(&joint, &rows.visits.list[at].row, symbol);
            differ = signs_differ(&joint);
            abstract(&abstraction, &joint);
            if (differ)
                spell(&rows.visits, at, symbol, word);
            else
                visit_new(&rows, &joint.both, at, symbol);
        }
    *pairs = rows.visits.count;
    bool all = at == rows.visits.count;
    free_rows(&rows);
    free(abstraction.live_a);
    free(abstraction.live_b);
    joint_clear(&joint);
    return differ ? RW_DIFFERENT : all ? RW_EQUAL : RW_UNDECIDED;
}
