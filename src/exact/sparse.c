/* sparse.c - sparse vectors and column-stored matrices over the rationals. */
#include "exact/sparse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- vectors --- */

void rw_vector_init(struct rw_vector *v, size_t size)
{
    v->size = size;
    v->value = rw_q_list_new(size);
    v->mark = rw_alloc(size, 1);
    v->touched = rw_alloc(size, sizeof *v->touched);
    v->count = 0;
}

void rw_vector_clear(struct rw_vector *v)
{
    rw_q_list_free(v->value, v->size);
    free(v->mark);
    free(v->touched);
    *v = (struct rw_vector){0};
}

void rw_vector_zero(struct rw_vector *v)
{
    for (size_t k = 0; k < v->count; k++) {
        rw_q_zero(v->value + v->touched[k]);
        v->mark[v->touched[k]] = 0;
    }
    v->count = 0;
}

void rw_vector_copy(struct rw_vector *to, const struct rw_vector *from)
{
    assert(to->size == from->size);
    rw_vector_zero(to);
    for (size_t k = 0; k < from->count; k++) {
        uint32_t i = from->touched[k];
        rw_q_set(rw_vector_at(to, i), from->value + i);
    }
}

void rw_vector_put(struct rw_vector *to, size_t first, const struct rw_vector *from)
{
    for (size_t k = 0; k < from->count; k++)
        rw_q_set(rw_vector_at(to, (uint32_t)(first + from->touched[k])), from->value + from->touched[k]);
}

/* Every touched entry of a is the same in b. */
static bool covered(const struct rw_vector *a, const struct rw_vector *b)
{
    for (size_t k = 0; k < a->count; k++)
        if (!rw_q_equal(a->value + a->touched[k], b->value + a->touched[k]))
            return false;
    return true;
}

bool rw_vector_equal(const struct rw_vector *a, const struct rw_vector *b)
{
    return a->size == b->size && covered(a, b) && covered(b, a);
}

static int compare_indices(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    return (i > j) - (i < j);
}

void rw_vector_tidy(struct rw_vector *v)
{
    size_t kept = 0;
    for (size_t k = 0; k < v->count; k++) {
        uint32_t i = v->touched[k];
        v->mark[i] = !rw_q_is_zero(v->value + i);
        if (v->mark[i])
            v->touched[kept++] = i;
    }
    v->count = kept;
    qsort(v->touched, kept, sizeof *v->touched, compare_indices);
}

/* --- matrices --- */

static struct rw_matrix *new_matrix(size_t rows, size_t cols, size_t nonzeros)
{
    struct rw_matrix *m = rw_alloc(1, sizeof *m);
    m->rows = rows;
    m->cols = cols;
    m->start = rw_alloc(cols + 1, sizeof *m->start);
    m->row = rw_alloc(nonzeros, sizeof *m->row);
    m->value = rw_q_list_new(nonzeros);
    return m;
}

struct rw_matrix *rw_matrix_copy(const struct rw_matrix *m)
{
    size_t nonzeros = rw_matrix_nonzeros(m);
    struct rw_matrix *copy = new_matrix(m->rows, m->cols, nonzeros);
    memcpy(copy->start, m->start, (m->cols + 1) * sizeof *m->start);
    memcpy(copy->row, m->row, nonzeros * sizeof *m->row);
    for (size_t k = 0; k < nonzeros; k++)
        fmpq_set(copy->value + k, m->value + k);
    return copy;
}

struct rw_matrix *rw_matrix_transpose(const struct rw_matrix *m)
{
    struct rw_matrix *t = new_matrix(m->cols, m->rows, rw_matrix_nonzeros(m));
    size_t *next = rw_alloc(m->rows + 1, sizeof *next);
    for (size_t e = 0; e < rw_matrix_nonzeros(m); e++)
        t->start[m->row[e] + 1]++;
    for (size_t i = 0; i < m->rows; i++)
        t->start[i + 1] += t->start[i];
    memcpy(next, t->start, (m->rows + 1) * sizeof *next);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++) {
            size_t at = next[m->row[e]]++;
            t->row[at] = (uint32_t)j;
            fmpq_set(t->value + at, m->value + e);
        }
    free(next);
    return t;
}

void rw_matrix_free(struct rw_matrix *m)
{
    if (m == NULL)
        return;
    rw_q_list_free(m->value, rw_matrix_nonzeros(m));
    free(m->start);
    free(m->row);
    free(m);
}

bool rw_matrix_equal(const struct rw_matrix *a, const struct rw_matrix *b)
{
    size_t nonzeros = rw_matrix_nonzeros(a);
    if (a->rows != b->rows || a->cols != b->cols || nonzeros != rw_matrix_nonzeros(b) ||
        memcmp(a->start, b->start, (a->cols + 1) * sizeof *a->start) != 0 ||
        memcmp(a->row, b->row, nonzeros * sizeof *a->row) != 0)
        return false;
    for (size_t k = 0; k < nonzeros; k++)
        if (!rw_q_equal(a->value + k, b->value + k))
            return false;
    return true;
}

void rw_matrix_apply(const struct rw_matrix *m, const struct rw_vector *x, struct rw_vector *y)
{
    for (size_t k = 0; k < x->count; k++) {
        uint32_t j = x->touched[k];
        const fmpq *xj = x->value + j;
        if (rw_q_is_zero(xj))
            continue;
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            rw_vector_addmul(y, m->row[e], m->value + e, xj);
    }
}

void rw_matrix_apply_transposed(const struct rw_matrix *m, const struct rw_vector *x, struct rw_vector *y)
{
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            if (!rw_q_is_zero(x->value + m->row[e]))
                rw_vector_addmul(y, (uint32_t)j, m->value + e, x->value + m->row[e]);
}

void rw_matrix_add_column(const struct rw_matrix *m, size_t j, const fmpq_t factor, size_t first, struct rw_vector *v)
{
    for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
        rw_vector_addmul(v, (uint32_t)(first + m->row[e]), m->value + e, factor);
}

const fmpq *rw_matrix_entry(const struct rw_matrix *m, size_t i, size_t j)
{
    size_t low = m->start[j], high = m->start[j + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->row[middle] < i)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->start[j + 1] && m->row[low] == i ? m->value + low : NULL;
}

size_t rw_matrix_bits(const struct rw_matrix *m)
{
    size_t most = 0;
    for (size_t k = 0; k < rw_matrix_nonzeros(m); k++) {
        size_t bits = rw_q_bits(m->value + k);
        if (bits > most)
            most = bits;
    }
    return most;
}

/* --- building --- */

struct entry {
    uint32_t row, col;
    fmpq value;
};

struct rw_builder {
    size_t rows, cols, count, capacity;
    struct entry *entries;
};

struct rw_builder *rw_builder_new(size_t rows, size_t cols)
{
    assert(rows <= UINT32_MAX && cols <= UINT32_MAX);
    struct rw_builder *b = rw_alloc(1, sizeof *b);
    b->rows = rows;
    b->cols = cols;
    return b;
}

void rw_builder_add(struct rw_builder *b, size_t row, size_t col, const fmpq_t value)
{
    assert(row < b->rows && col < b->cols);
    if (rw_q_is_zero(value))
        return;
    b->entries = rw_grow(b->entries, &b->capacity, b->count + 1, sizeof *b->entries);
    struct entry *e = b->entries + b->count++;
    e->row = (uint32_t)row;
    e->col = (uint32_t)col;
    fmpq_init(&e->value);
    fmpq_set(&e->value, value);
}

void rw_builder_add_int(struct rw_builder *b, size_t row, size_t col, int64_t value)
{
    fmpq_t q;
    fmpq_init(q);
    rw_q_set_int(q, value);
    rw_builder_add(b, row, col, q);
    fmpq_clear(q);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *e = a, *f = b;
    if (e->col != f->col)
        return e->col < f->col ? -1 : 1;
    return (e->row > f->row) - (e->row < f->row);
}

/* Adds up entries of one place, keeps the nonzero sums; the values move, none are copied. */
static size_t merge_entries(struct rw_builder *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->count;) {
        struct entry sum = b->entries[i++];
        while (i < b->count && b->entries[i].row == sum.row && b->entries[i].col == sum.col) {
            fmpq_add(&sum.value, &sum.value, &b->entries[i].value);
            fmpq_clear(&b->entries[i].value);
            i++;
        }
        if (fmpq_is_zero(&sum.value))
            fmpq_clear(&sum.value);
        else
            b->entries[kept++] = sum;
    }
    return kept;
}

void rw_builder_add_block(struct rw_builder *b, const struct rw_matrix *m, size_t first)
{
    for (size_t col = 0; col < m->cols; col++)
        for (size_t e = m->start[col]; e < m->start[col + 1]; e++)
            rw_builder_add(b, first + m->row[e], first + col, m->value + e);
}

struct rw_matrix *rw_builder_finish(struct rw_builder *b)
{
    bool ordered = true;
    for (size_t i = 1; i < b->count && ordered; i++)
        ordered = compare_entries(b->entries + i - 1, b->entries + i) <= 0;
    if (!ordered)
        qsort(b->entries, b->count, sizeof *b->entries, compare_entries);
    b->count = merge_entries(b);
    struct rw_matrix *m = new_matrix(b->rows, b->cols, b->count);
    for (size_t i = 0; i < b->count; i++) {
        m->start[b->entries[i].col + 1]++;
        m->row[i] = b->entries[i].row;
        fmpq_swap(m->value + i, &b->entries[i].value);
    }
    for (size_t j = 0; j < m->cols; j++)
        m->start[j + 1] += m->start[j];
    rw_builder_free(b);
    return m;
}

void rw_builder_free(struct rw_builder *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->count; i++)
        fmpq_clear(&b->entries[i].value);
    free(b->entries);
    free(b);
}
