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
    uint64_t key; /* the pair */
    struct rw_context_pair pair;
    uint32_t number;
    struct rw_row_space space;
    size_t *numbers; /* of its rows, through all contexts */
    size_t number_capacity;
    struct joint_step *steps; /* one for each letter; next NO_STEP: not asked for yet */
    UT_hash_handle hh;
};

/* A row in the order in which they were found. */
struct found {
    struct joint_context *context;
    size_t row; /* of its space */
};

struct rw_context_space {
    struct rw_contexts *f, *g;
    struct rw_vector difference; /* g - scale f - shift, as a column */
    size_t size;                 /* of a joint row */
    struct joint_context *table, **contexts;
    size_t count, capacity;
    struct found *rows;
    size_t row_count, row_capacity, checked;
    uint64_t cells, work, max_cells;
    bool interrupted;
    struct rw_vector v;
};

/* --- joint contexts --- */

static struct joint_context *joint_context(struct rw_context_space *space, uint32_t f, uint32_t g)
{
    struct joint_context *context;
    uint64_t key = (uint64_t)f << 32 | g;
    HASH_FIND(hh, space->table, &key, sizeof key, context);
    if (context != NULL)
        return context;
    context = rw_alloc(1, sizeof *context);
    context->key = key;
    context->pair = (struct rw_context_pair){f, g};
    context->number = (uint32_t)space->count;
    context->steps = rw_alloc(space->f->symbols, sizeof *context->steps);
    for (size_t s = 0; s < space->f->symbols; s++)
        context->steps[s].next = NO_STEP;
    rw_row_space_init(&context->space, space->size);
    HASH_ADD(hh, space->table, key, sizeof context->key, context);
    space->contexts = rw_grow(space->contexts, &space->capacity, space->count + 1, sizeof(struct joint_context *));
    space->contexts[space->count++] = context;
    space->cells += (sizeof *context + space->f->symbols * sizeof *context->steps) / sizeof(fmpz) + space->size;
    return context;
}

static struct joint_step joint_step(struct rw_context_space *space, struct joint_context *context, uint32_t symbol)
{
    struct joint_step *step = context->steps + symbol;
    if (step->next == NO_STEP) {
        struct rw_context_step f = rw_contexts_step(space->f, context->pair.f, symbol);
        struct rw_context_step g = rw_contexts_step(space->g, context->pair.g, symbol);
        *step = (struct joint_step){joint_context(space, f.next, g.next)->number, f.map, g.map};
    }
    return *step;
}

/* --- rows --- */

/* space->v <- row T */
static void extend(struct rw_context_space *space, const struct rw_integer_row *row, struct joint_step step)
{
    const struct rw_matrix *f_map = rw_contexts_map(space->f, step.f_map);
    const struct rw_matrix *g_map = rw_contexts_map(space->g, step.g_map);
    size_t f_size = space->f->size, both = f_size + space->g->size;
    fmpq_t value;
    fmpq_init(value);
    rw_vector_zero(&space->v);
    for (size_t k = 0; k < row->count; k++) {
        fmpq_set_fmpz(value, row->value + k);
        if (row->index[k] < f_size)
            rw_matrix_add_column(f_map, row->index[k], value, 0, &space->v);
        else if (row->index[k] < both)
            rw_matrix_add_column(g_map, row->index[k] - f_size, value, f_size, &space->v);
        else
            rw_q_set(rw_vector_at(&space->v, row->index[k]), value);
    }
    space->work += space->v.count;
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

/* Takes space->v into the space of the context if it is independent. false: the difference is not 0 there. */
static bool visit(struct rw_context_space *space, struct joint_context *context, size_t parent, uint32_t symbol)
{
    struct rw_row_space *rows = &context->space;
    size_t pivot = rw_row_space_reduce(rows, &space->v);
    space->checked++;
    space->work += space->size * (1 + rows->count);
    if (pivot == space->size)
        return true;
    rw_row_space_add(rows, &space->v, pivot, parent, symbol);
    context->numbers = rw_grow(context->numbers, &context->number_capacity, rows->count, sizeof *context->numbers);
    context->numbers[rows->count - 1] = space->row_count;
    space->rows = rw_grow(space->rows, &space->row_capacity, space->row_count + 1, sizeof *space->rows);
    space->rows[space->row_count++] = (struct found){context, rows->count - 1};
    space->cells += row_cells(rows->rows + rows->count - 1);
    return is_zero_at(&space->difference, &space->v);
}

/* The word of a row: its letters from the last one to the first, turned round. Row 0 is the empty word. */
static void spell(const struct rw_context_space *space, size_t at, struct rw_word *word)
{
    word->length = 0;
    while (at > 0) {
        const struct rw_integer_row *row = space->rows[at].context->space.rows + space->rows[at].row;
        rw_word_push(word, row->symbol);
        at = row->parent;
    }
    rw_word_reverse(word, 0);
}

/* --- the search --- */

static bool is_full(const struct rw_context_space *space)
{
    uint64_t cells = space->cells + rw_contexts_cells(space->f) + rw_contexts_cells(space->g);
    uint64_t work = space->work + rw_contexts_work(space->f) + rw_contexts_work(space->g);
    return space->count > space->max_cells || cells / WORDS_PER_CELL > space->max_cells ||
           work / WORK_PER_CELL > space->max_cells;
}

/* The joint row of the empty word. */
static void put_start(struct rw_context_space *space)
{
    const struct rw_vector *f = &space->f->start, *g = &space->g->start;
    rw_vector_zero(&space->v);
    for (size_t k = 0; k < f->count; k++)
        rw_q_set(rw_vector_at(&space->v, f->touched[k]), f->value + f->touched[k]);
    for (size_t k = 0; k < g->count; k++)
        rw_q_set(rw_vector_at(&space->v, (uint32_t)space->f->size + g->touched[k]), g->value + g->touched[k]);
    if (space->size > space->f->size + space->g->size)
        rw_q_set_int(rw_vector_at(&space->v, (uint32_t)space->size - 1), 1);
}

enum rw_equality rw_context_space_search(struct rw_context_space *space, struct rw_progress *progress,
                                         struct rw_word *word)
{
    put_start(space);
    bool equal = visit(space, joint_context(space, 0, 0), 0, 0);
    for (size_t at = 0; at < space->row_count && equal; at++) {
        struct joint_context *context = space->rows[at].context;
        space->interrupted = at % REPORT_EVERY == 0 && !rw_progress_report(progress, "contexts", space->count, 0);
        if (space->interrupted)
            return RW_UNDECIDED;
        for (uint32_t s = 0; s < space->f->symbols && equal; s++) {
            struct joint_step step = joint_step(space, context, s);
            if (is_full(space))
                return RW_UNDECIDED;
            extend(space, context->space.rows + space->rows[at].row, step);
            equal = visit(space, space->contexts[step.next], at, s);
        }
    }
    if (!equal)
        spell(space, space->row_count - 1, word);
    return equal ? RW_EQUAL : RW_DIFFERENT;
}

/* --- making and freeing --- */

/* g - scale f - shift */
static void make_difference(struct rw_context_space *space, const struct rw_scaling *scaling)
{
    const struct rw_vector *f = &space->f->output, *g = &space->g->output;
    rw_vector_init(&space->difference, space->size);
    for (size_t k = 0; k < f->count; k++) {
        fmpq *entry = rw_vector_at(&space->difference, f->touched[k]);
        fmpq_mul(entry, f->value + f->touched[k], scaling->scale);
        fmpq_neg(entry, entry);
    }
    for (size_t k = 0; k < g->count; k++)
        fmpq_set(rw_vector_at(&space->difference, (uint32_t)space->f->size + g->touched[k]), g->value + g->touched[k]);
    if (!rw_q_is_zero(scaling->shift))
        fmpq_neg(rw_vector_at(&space->difference, (uint32_t)space->size - 1), scaling->shift);
}

struct rw_context_space *rw_context_space_new(struct rw_contexts *f, struct rw_contexts *g,
                                              const struct rw_scaling *scaling, uint64_t max_cells)
{
    struct rw_context_space *space = rw_alloc(1, sizeof *space);
    space->f = f;
    space->g = g;
    space->max_cells = max_cells;
    space->size = f->size + g->size + !rw_q_is_zero(scaling->shift);
    rw_vector_init(&space->v, space->size);
    make_difference(space, scaling);
    return space;
}

void rw_context_space_free(struct rw_context_space *space)
{
    HASH_CLEAR(hh, space->table);
    for (size_t i = 0; i < space->count; i++) {
        rw_row_space_clear(&space->contexts[i]->space);
        free(space->contexts[i]->numbers);
        free(space->contexts[i]->steps);
        free(space->contexts[i]);
    }
    free(space->contexts);
    free(space->rows);
    rw_vector_clear(&space->difference);
    rw_vector_clear(&space->v);
    free(space);
}

struct rw_context_size rw_context_space_size(const struct rw_context_space *space)
{
    return (struct rw_context_size){space->count, space->row_count, space->checked, space->interrupted};
}

enum rw_equality rw_context_series_equal(struct rw_contexts *f, struct rw_contexts *g, const struct rw_scaling *scaling,
                                         uint64_t max_cells, struct rw_progress *progress, struct rw_word *word,
                                         struct rw_context_size *size)
{
    struct rw_context_space *space = rw_context_space_new(f, g, scaling, max_cells);
    enum rw_equality result = rw_context_space_search(space, progress, word);
    *size = rw_context_space_size(space);
    rw_context_space_free(space);
    return result;
}

/* --- looking --- */

struct rw_context_pair rw_context_space_pair(const struct rw_context_space *space, size_t context)
{
    return space->contexts[context]->pair;
}

size_t rw_context_space_next(struct rw_context_space *space, size_t context, uint32_t symbol)
{
    return joint_step(space, space->contexts[context], symbol).next;
}

const struct rw_integer_row *rw_context_space_row(const struct rw_context_space *space, size_t row, size_t *context)
{
    const struct found *found = space->rows + row;
    *context = found->context->number;
    return found->context->space.rows + found->row;
}

/* space->v, which is of the context's space, is used up. Rows have nothing before their pivot. */
static void express(struct rw_context_space *space, const struct joint_context *context, struct rw_vector *combination)
{
    fmpq_t factor, part;
    fmpq_init(factor);
    fmpq_init(part);
    rw_vector_zero(combination);
    for (size_t i = 0; i < space->size; i++) {
        if (rw_q_is_zero(space->v.value + i))
            continue;
        const struct rw_integer_row *row = context->space.rows + context->space.pivot[i];
        fmpq_div_fmpz(factor, space->v.value + i, row->value);
        fmpq_set(rw_vector_at(combination, (uint32_t)context->numbers[context->space.pivot[i]]), factor);
        for (size_t k = 0; k < row->count; k++) {
            fmpq_mul_fmpz(part, factor, row->value + k);
            fmpq *entry = rw_vector_at(&space->v, row->index[k]);
            fmpq_sub(entry, entry, part);
        }
    }
    rw_vector_tidy(combination);
    fmpq_clear(factor);
    fmpq_clear(part);
}

void rw_context_space_step(struct rw_context_space *space, size_t row, uint32_t symbol, struct rw_vector *combination)
{
    const struct found *found = space->rows + row;
    struct joint_step step = joint_step(space, found->context, symbol);
    extend(space, found->context->space.rows + found->row, step);
    express(space, space->contexts[step.next], combination);
}

void rw_context_space_start(struct rw_context_space *space, struct rw_vector *combination)
{
    put_start(space);
    express(space, space->contexts[0], combination);
}
