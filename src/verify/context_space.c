/* context_space.c - one basis for each joint context (theory V3, routers).
 *
 * The joint row of a word w is v_w = (z_f | z_g | 1), its joint context c_w the contexts of both sides. A letter a leads
 * c_w to c_wa and v_w to v_wa = v_w T(c_w, a), linear for each context. So the spaces
 *
 *     V_c = the span of all v_w with c_w = c
 *
 * are the least ones that hold the start and with each v of V_c also v T(c, a) in the space of the next context; and
 * the values agree on all words iff g - scale f - shift, linear in v, is 0 on a basis of each V_c.
 *
 * Rows are extended in the order in which they were found. By induction on its length, v_w is a sum of rows of its context
 * whose words are not longer than w: if v_w is a sum of rows r_i, v_wa is the sum of the r_i T, and each r_i T was
 * reduced by rows that were found before, of words that are not longer than its own. A row that is added is its word's
 * row and a sum of those before it. So at the first row where the difference is not 0 it is not 0 at the row's word, and
 * it is 0 at all shorter words. */
#include "verify/context_space.h"

#include <stdlib.h>
#include <uthash.h>

#include "automata/row_space.h"
#include "base/memory.h"

/* Bounds for each of max_cells: words of memory, operations. Rows between two questions whether to go on. */
#define WORDS_PER_CELL 128
#define WORK_PER_CELL  20000
#define REPORT_EVERY   256

#define NO_STEP UINT32_MAX

struct joint_step {
    uint32_t next, f_map, g_map;
};

struct joint_context {
    struct context_pair {
        uint32_t f, g;
    } pair;
    uint32_t number;
    struct rw_row_space space;
    struct joint_step *steps; /* one for each letter; next NO_STEP: not asked for yet */
    UT_hash_handle hh;
};

/* A row in the order in which they were found. */
struct found {
    struct joint_context *context;
    size_t row; /* of its space */
};

struct search {
    struct rw_contexts *f, *g;
    struct rw_vector difference; /* g - scale f - shift, as a column */
    size_t size;                 /* of a joint row */
    struct joint_context *table, **contexts;
    size_t count, capacity;
    struct found *rows;
    size_t row_count, row_capacity, checked;
    uint64_t cells, work, max_cells;
    struct rw_vector v;
};

/* --- joint contexts --- */

static struct joint_context *joint_context(struct search *search, uint32_t f, uint32_t g)
{
    struct joint_context *context;
    struct context_pair pair = {f, g};
    HASH_FIND(hh, search->table, &pair, sizeof pair, context);
    if (context != NULL)
        return context;
    context = rw_alloc(1, sizeof *context);
    context->pair = pair;
    context->number = (uint32_t)search->count;
    context->steps = rw_alloc(search->f->symbols, sizeof *context->steps);
    for (size_t s = 0; s < search->f->symbols; s++)
        context->steps[s].next = NO_STEP;
    rw_row_space_init(&context->space, search->size);
    HASH_ADD(hh, search->table, pair, sizeof context->pair, context);
    search->contexts = rw_grow(search->contexts, &search->capacity, search->count + 1, sizeof(struct joint_context *));
    search->contexts[search->count++] = context;
    search->cells += (sizeof *context + search->f->symbols * sizeof *context->steps) / sizeof(fmpz) + search->size;
    return context;
}

static struct joint_step joint_step(struct search *search, struct joint_context *context, uint32_t symbol)
{
    struct joint_step *step = context->steps + symbol;
    if (step->next == NO_STEP) {
        struct rw_context_step f = rw_contexts_step(search->f, context->pair.f, symbol);
        struct rw_context_step g = rw_contexts_step(search->g, context->pair.g, symbol);
        *step = (struct joint_step){joint_context(search, f.next, g.next)->number, f.map, g.map};
    }
    return *step;
}

/* --- rows --- */

/* v += value * column j of the map, whose first row is at `offset` */
static void add_column(struct rw_vector *v, const struct rw_matrix *map, size_t j, size_t offset, const fmpq_t value)
{
    for (size_t e = map->start[j]; e < map->start[j + 1]; e++)
        rw_vector_addmul(v, (uint32_t)(offset + map->row[e]), map->value + e, value);
}

/* search->v <- row T */
static void extend(struct search *search, const struct rw_integer_row *row, struct joint_step step)
{
    const struct rw_matrix *f_map = rw_contexts_map(search->f, step.f_map);
    const struct rw_matrix *g_map = rw_contexts_map(search->g, step.g_map);
    size_t f_size = search->f->size, both = f_size + search->g->size;
    fmpq_t value;
    fmpq_init(value);
    rw_vector_zero(&search->v);
    for (size_t k = 0; k < row->count; k++) {
        fmpq_set_fmpz(value, row->value + k);
        if (row->index[k] < f_size)
            add_column(&search->v, f_map, row->index[k], 0, value);
        else if (row->index[k] < both)
            add_column(&search->v, g_map, row->index[k] - f_size, f_size, value);
        else
            rw_q_set(rw_vector_at(&search->v, row->index[k]), value);
    }
    search->work += search->v.count;
    fmpq_clear(value);
}

static bool is_zero_at(const struct rw_vector *difference, const struct rw_vector *v)
{
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < v->count; k++)
        rw_q_addmul(value, v->value + v->touched[k], difference->value + v->touched[k]);
    bool zero = rw_q_is_zero(value);
    fmpq_clear(value);
    return zero;
}

static uint64_t row_cells(const struct rw_integer_row *row)
{
    uint64_t cells = (sizeof *row + sizeof(struct found)) / sizeof(fmpz);
    for (size_t k = 0; k < row->count; k++)
        cells += 2 + fmpz_bits(row->value + k) / 64;
    return cells;
}

/* Takes search->v into the space of the context if it is independent. false: the difference is not 0 there. */
static bool visit(struct search *search, struct joint_context *context, size_t parent, uint32_t symbol)
{
    struct rw_row_space *space = &context->space;
    size_t pivot = rw_row_space_reduce(space, &search->v);
    search->checked++;
    search->work += search->size * (1 + space->count);
    if (pivot == search->size)
        return true;
    rw_row_space_add(space, &search->v, pivot, parent, symbol);
    search->rows = rw_grow(search->rows, &search->row_capacity, search->row_count + 1, sizeof *search->rows);
    search->rows[search->row_count++] = (struct found){context, space->count - 1};
    search->cells += row_cells(space->rows + space->count - 1);
    return is_zero_at(&search->difference, &search->v);
}

/* The word of a row: its letters from the last one to the first, turned round. Row 0 is the empty word. */
static void spell(const struct search *search, size_t at, struct rw_word *word)
{
    word->length = 0;
    while (at > 0) {
        const struct rw_integer_row *row = search->rows[at].context->space.rows + search->rows[at].row;
        rw_word_push(word, row->symbol);
        at = row->parent;
    }
    for (size_t i = 0; i < word->length / 2; i++) {
        uint32_t kept = word->symbols[i];
        word->symbols[i] = word->symbols[word->length - 1 - i];
        word->symbols[word->length - 1 - i] = kept;
    }
}

/* --- the search --- */

static bool is_full(const struct search *search)
{
    uint64_t cells = search->cells + rw_contexts_cells(search->f) + rw_contexts_cells(search->g);
    uint64_t work = search->work + rw_contexts_work(search->f) + rw_contexts_work(search->g);
    return search->count > search->max_cells || cells / WORDS_PER_CELL > search->max_cells ||
           work / WORK_PER_CELL > search->max_cells;
}

/* The joint row of the empty word. */
static void put_start(struct search *search)
{
    const struct rw_vector *f = &search->f->start, *g = &search->g->start;
    rw_vector_zero(&search->v);
    for (size_t k = 0; k < f->count; k++)
        rw_q_set(rw_vector_at(&search->v, f->touched[k]), f->value + f->touched[k]);
    for (size_t k = 0; k < g->count; k++)
        rw_q_set(rw_vector_at(&search->v, (uint32_t)search->f->size + g->touched[k]), g->value + g->touched[k]);
    if (search->size > search->f->size + search->g->size)
        rw_q_set_int(rw_vector_at(&search->v, (uint32_t)search->size - 1), 1);
}

/* All rows, all their letters. */
static enum rw_equality explore(struct search *search, struct rw_progress *progress, struct rw_word *word,
                                bool *interrupted)
{
    put_start(search);
    bool equal = visit(search, joint_context(search, 0, 0), 0, 0);
    for (size_t at = 0; at < search->row_count && equal; at++) {
        struct joint_context *context = search->rows[at].context;
        *interrupted = at % REPORT_EVERY == 0 && !rw_progress_report(progress, "contexts", search->count, 0);
        if (*interrupted)
            return RW_UNDECIDED;
        for (uint32_t s = 0; s < search->f->symbols && equal; s++) {
            struct joint_step step = joint_step(search, context, s);
            if (is_full(search))
                return RW_UNDECIDED;
            extend(search, context->space.rows + search->rows[at].row, step);
            equal = visit(search, search->contexts[step.next], at, s);
        }
    }
    if (!equal)
        spell(search, search->row_count - 1, word);
    return equal ? RW_EQUAL : RW_DIFFERENT;
}

/* g - scale f - shift */
static void make_difference(struct search *search, const struct rw_scaling *scaling)
{
    const struct rw_vector *f = &search->f->output, *g = &search->g->output;
    rw_vector_init(&search->difference, search->size);
    for (size_t k = 0; k < f->count; k++) {
        fmpq *entry = rw_vector_at(&search->difference, f->touched[k]);
        fmpq_mul(entry, f->value + f->touched[k], scaling->scale);
        fmpq_neg(entry, entry);
    }
    for (size_t k = 0; k < g->count; k++)
        fmpq_set(rw_vector_at(&search->difference, (uint32_t)search->f->size + g->touched[k]),
                 g->value + g->touched[k]);
    if (!rw_q_is_zero(scaling->shift))
        fmpq_neg(rw_vector_at(&search->difference, (uint32_t)search->size - 1), scaling->shift);
}

static void forget(struct search *search)
{
    HASH_CLEAR(hh, search->table);
    for (size_t i = 0; i < search->count; i++) {
        rw_row_space_clear(&search->contexts[i]->space);
        free(search->contexts[i]->steps);
        free(search->contexts[i]);
    }
    free(search->contexts);
    free(search->rows);
    rw_vector_clear(&search->difference);
    rw_vector_clear(&search->v);
}

enum rw_equality rw_context_series_equal(struct rw_contexts *f, struct rw_contexts *g, const struct rw_scaling *scaling,
                                         uint64_t max_cells, struct rw_progress *progress, struct rw_word *word,
                                         struct rw_context_size *size)
{
    struct search search = {.f = f, .g = g, .max_cells = max_cells};
    bool interrupted = false;
    search.size = f->size + g->size + !rw_q_is_zero(scaling->shift);
    rw_vector_init(&search.v, search.size);
    make_difference(&search, scaling);
    enum rw_equality result = explore(&search, progress, word, &interrupted);
    *size = (struct rw_context_size){search.count, search.row_count, search.checked, interrupted};
    forget(&search);
    return result;
}
