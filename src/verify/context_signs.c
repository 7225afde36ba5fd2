/* context_signs.c - equal signs, by the joint rows themselves, as long as there are finitely many of them in each context.
 *
 * The joint row of w is v_w = (z_f | z_g), and in the contexts that w leads to a letter moves both parts by their maps. */
#include "verify/context_signs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verify/key.h"
#include "verify/numbering.h"

/* Rows between two questions whether to go on. */
#define REPORT_EVERY 256

/* The contexts of both sides. */
struct place {
    uint32_t f, g;
};

/* A visited word: where it leads, its row, and the word it extends. */
struct visit {
    struct place place;
    struct rw_row row;
    size_t parent;
    uint32_t symbol;
};

struct exploration {
    struct rw_contexts *f, *g;
    const struct rw_signs_options *options;
    struct rw_numbering numbers; /* of the visits */
    struct visit *visits;
    size_t count, capacity;
    uint64_t cells;
    /* the row after a letter */
    struct place place;
    struct rw_vector v;
    bool negative; /* some map had a negative entry */
};

/* --- rows --- */

static bool vector_is_nonnegative(const struct rw_vector *v)
{
    for (size_t k = 0; k < v->count; k++)
        if (rw_q_sign(v->value + v->touched[k]) < 0)
            return false;
    return true;
}

static void put_part(struct exploration *e, const struct rw_vector *part, size_t first)
{
    for (size_t k = 0; k < part->count; k++)
        rw_q_set(rw_vector_at(&e->v, (uint32_t)first + part->touched[k]), part->value + part->touched[k]);
}

static void put_start(struct exploration *e)
{
    e->place = (struct place){0, 0};
    put_part(e, &e->f->start, 0);
    put_part(e, &e->g->start, e->f->size);
    e->negative =
        !vector_is_nonnegative(&e->v) || !vector_is_nonnegative(&e->f->output) || !vector_is_nonnegative(&e->g->output);
}

/* v and place: after the letter. */
static void step(struct exploration *e, const struct visit *visit, uint32_t symbol)
{
    struct rw_context_step f = rw_contexts_step(e->f, visit->place.f, symbol);
    struct rw_context_step g = rw_contexts_step(e->g, visit->place.g, symbol);
    const struct rw_matrix *f_map = rw_contexts_map(e->f, f.map), *g_map = rw_contexts_map(e->g, g.map);
    const struct rw_row *row = &visit->row;
    rw_vector_zero(&e->v);
    for (size_t k = 0; k < row->count; k++) {
        if (row->index[k] < e->f->size)
            rw_matrix_add_column(f_map, row->index[k], row->value + k, 0, &e->v);
        else
            rw_matrix_add_column(g_map, row->index[k] - e->f->size, row->value + k, e->f->size, &e->v);
    }
    e->place = (struct place){f.next, g.next};
    e->negative = e->options->supports && (!rw_q_list_is_nonnegative(f_map->value, rw_matrix_nonzeros(f_map)) ||
                                           !rw_q_list_is_nonnegative(g_map->value, rw_matrix_nonzeros(g_map)));
}

/* The sign of the side whose entries begin at `first`. */
static int sign_of(const struct exploration *e, const struct rw_vector *output, size_t first)
{
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < output->count; k++)
        rw_q_addmul(value, e->v.value + first + output->touched[k], output->value + output->touched[k]);
    int sign = rw_q_sign(value);
    fmpq_clear(value);
    return sign;
}

static bool signs_differ(const struct exploration *e)
{
    return (sign_of(e, &e->f->output, 0) > 0) != (sign_of(e, &e->g->output, e->f->size) > 0);
}

/* --- what decides all later signs, in place of the row --- */

/* The part of the row from `first` on, entries of one automaton: drops what is not live, and scales by a positive number so that the first
 * entry is 1 or -1. Signs of all later values stay as they are. */
static void normalise(struct rw_vector *row, size_t first, const struct rw_contexts *side)
{
    fmpq_t scale;
    fmpq_init(scale);
    for (size_t q = 0; q < side->size; q++) {
        fmpq *entry = row->value + first + q;
        if (rw_q_is_zero(entry))
            continue;
        if (!side->live[q]) {
            fmpq_zero(entry);
            continue;
        }
        if (fmpq_is_zero(scale))
            fmpq_abs(scale, entry);
        fmpq_div(entry, entry, scale);
    }
    fmpq_clear(scale);
}

static void abstract(struct exploration *e)
{
    normalise(&e->v, 0, e->f);
    normalise(&e->v, e->f->size, e->g);
    rw_vector_tidy(&e->v);
    for (size_t k = 0; k < e->v.count && e->options->supports; k++)
        rw_q_set_int(e->v.value + e->v.touched[k], 1);
}

/* --- visiting --- */

/* The place and the row, as bytes. Caller frees. */
static char *key_of(const struct exploration *e, size_t *size)
{
    size_t row_size;
    char *row = rw_vector_key(&e->v, &row_size), *key;
    *size = sizeof e->place + row_size;
    key = rw_alloc(*size, 1);
    memcpy(key, &e->place, sizeof e->place);
    memcpy(key + sizeof e->place, row, row_size);
    free(row);
    return key;
}

/* The row's number, new or not. */
static size_t visit_new(struct exploration *e, size_t parent, uint32_t symbol)
{
    size_t size;
    bool is_new;
    char *key = key_of(e, &size);
    size_t number = rw_numbering_of(&e->numbers, key, size, e->count, &is_new);
    if (!is_new)
        return number;
    e->visits = rw_grow(e->visits, &e->capacity, e->count + 1, sizeof *e->visits);
    e->visits[e->count++] = (struct visit){e->place, rw_row_of(&e->v), parent, symbol};
    e->cells += rw_row_cells(&e->visits[e->count - 1].row);
    return number;
}

/* The word of visit `at`, and one more symbol. Visit 0 is the empty word. */
static void spell(const struct exploration *e, size_t at, uint32_t symbol, struct rw_word *word)
{
    for (; at > 0; at = e->visits[at].parent)
        rw_word_push(word, e->visits[at].symbol);
    rw_word_reverse(word, 0);
    rw_word_push(word, symbol);
}

/* All letters after visit `at`. */
static enum rw_equality extend(struct exploration *e, size_t at, size_t *steps, struct rw_word *word)
{
    for (uint32_t symbol = 0; symbol < e->f->symbols; symbol++) {
        step(e, e->visits + at, symbol);
        if (e->negative && e->options->supports)
            return RW_UNDECIDED;
        if (signs_differ(e)) {
            spell(e, at, symbol, word);
            return RW_DIFFERENT;
        }
        abstract(e);
        steps[symbol] = visit_new(e, at, symbol);
    }
    return RW_EQUAL;
}

static bool goes_on(const struct exploration *e, size_t at)
{
    uint64_t cells = e->cells + rw_contexts_cells(e->f) + rw_contexts_cells(e->g);
    return cells <= e->options->max_cells &&
           (at % REPORT_EVERY != 0 || rw_progress_report(e->options->progress, "pairs", e->count, 0));
}

static enum rw_equality explore(struct exploration *e, struct rw_word *word)
{
    enum rw_equality result = RW_EQUAL;
    size_t at = 0, symbols = e->f->symbols, *steps = rw_alloc(symbols, sizeof *steps);
    put_start(e);
    if (e->options->supports && e->negative)
        result = RW_UNDECIDED;
    else if (signs_differ(e))
        result = RW_DIFFERENT;
    abstract(e);
    visit_new(e, 0, 0);
    for (; result == RW_EQUAL && at < e->count && goes_on(e, at); at++) {
        result = extend(e, at, steps, word);
        if (result == RW_EQUAL && e->options->told != NULL)
            e->options->told(e->options->context, &e->visits[at].row, steps, symbols);
    }
    free(steps);
    return result == RW_EQUAL && at < e->count ? RW_UNDECIDED : result;
}

static void forget(struct exploration *e)
{
    rw_numbering_clear(&e->numbers);
    for (size_t i = 0; i < e->count; i++)
        rw_row_clear(&e->visits[i].row);
    free(e->visits);
    rw_vector_clear(&e->v);
}

enum rw_equality rw_context_signs_equal(struct rw_contexts *f, struct rw_contexts *g,
                                        const struct rw_signs_options *options, struct rw_word *word, size_t *pairs)
{
    struct exploration e = {.f = f, .g = g, .options = options};
    rw_vector_init(&e.v, f->size + g->size);
    word->length = 0;
    enum rw_equality result = explore(&e, word);
    *pairs = e.count;
    forget(&e);
    return result;
}
