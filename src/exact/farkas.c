/* farkas.c - nonnegative combinations by the simplex method, exactly.
 *
 * Wanted is y >= 0 with sum y_i row_i <= goal in each of the n + 1 places. With one more unknown z >= 0, sum y_i row_i - z <= goal has a solution, z being
 * large; z is made as small as can be. The least index that helps goes in and the least that blocks goes out (Bland), so it ends. */
#include "exact/farkas.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "exact/rational.h"

/* Basic variables in terms of the others: basis_r = entry[r][width] - sum over columns c of entry[r][c] * other_c. */
struct table {
    size_t height, width; /* without the column of constants; row `height` is what is minimised: z */
    fmpq *entry;
    size_t *basis, *other; /* which unknown: 0 is z, 1 + i is y_i, then the slacks */
};

static fmpq *at(const struct table *t, size_t row, size_t column)
{
    return t->entry + row * (t->width + 1) + column;
}

static struct table new_table(size_t n, const fmpq *rows, size_t count, const fmpq *goal)
{
    struct table t = {.height = n + 1, .width = count + 1};
    t.entry = rw_q_list_new((t.height + 1) * (t.width + 1));
    t.basis = rw_alloc(t.height, sizeof *t.basis);
    t.other = rw_alloc(t.width, sizeof *t.other);
    for (size_t r = 0; r < t.height; r++) {
        t.basis[r] = 1 + count + r;
        fmpq_set_si(at(&t, r, 0), -1, 1);
        for (size_t i = 0; i < count; i++)
            rw_q_set(at(&t, r, 1 + i), rows + i * (n + 1) + r);
        rw_q_set(at(&t, r, t.width), goal + r);
    }
    for (size_t c = 0; c < t.width; c++)
        t.other[c] = c;
    fmpq_set_si(at(&t, t.height, 0), -1, 1); /* z = 0 - (-1) z */
    return t;
}

static void free_table(struct table *t)
{
    rw_q_list_free(t->entry, (t->height + 1) * (t->width + 1));
    free(t->basis);
    free(t->other);
}

/* row -= factor * pivot row, but in the pivot's column. */
static void eliminate(struct table *t, size_t row, size_t pivot_row, size_t pivot_column)
{
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_neg(factor, at(t, row, pivot_column));
    for (size_t c = 0; c <= t->width && !rw_q_is_zero(factor); c++)
        if (c != pivot_column && !rw_q_is_zero(at(t, pivot_row, c)))
            rw_q_addmul(at(t, row, c), factor, at(t, pivot_row, c));
    fmpq_mul(at(t, row, pivot_column), factor, at(t, pivot_row, pivot_column));
    fmpq_clear(factor);
}

/* The basic unknown of the row and the other one of the column change places. */
static void pivot(struct table *t, size_t row, size_t column)
{
    fmpq_t inverse;
    fmpq_init(inverse);
    fmpq_inv(inverse, at(t, row, column));
    for (size_t c = 0; c <= t->width; c++)
        if (c != column && !rw_q_is_zero(at(t, row, c)))
            fmpq_mul(at(t, row, c), at(t, row, c), inverse);
    fmpq_set(at(t, row, column), inverse);
    for (size_t r = 0; r <= t->height; r++)
        if (r != row)
            eliminate(t, r, row, column);
    size_t leaves = t->basis[row];
    t->basis[row] = t->other[column];
    t->other[column] = leaves;
    fmpq_clear(inverse);
}

/* z goes in where the constant is least: then no constant is negative. false: none was. */
static bool make_feasible(struct table *t)
{
    size_t worst = 0;
    for (size_t r = 1; r < t->height; r++)
        if (fmpq_cmp(at(t, r, t->width), at(t, worst, t->width)) < 0)
            worst = r;
    if (rw_q_sign(at(t, worst, t->width)) >= 0)
        return false;
    pivot(t, worst, 0);
    return true;
}

/* The column whose unknown, growing, makes z smaller; the one of least index. */
static bool find_column(const struct table *t, size_t *column)
{
    size_t best = SIZE_MAX;
    for (size_t c = 0; c < t->width; c++)
        if (rw_q_sign(at(t, t->height, c)) > 0 && t->other[c] < best) {
            best = t->other[c];
            *column = c;
        }
    return best != SIZE_MAX;
}

/* The row whose unknown is the first to reach 0 as the column's grows; of several, the one of least index. */
static bool find_row(const struct table *t, size_t column, size_t *row)
{
    fmpq_t ratio, least;
    bool found = false;
    fmpq_init(ratio);
    fmpq_init(least);
    for (size_t r = 0; r < t->height; r++) {
        if (rw_q_sign(at(t, r, column)) <= 0)
            continue;
        fmpq_div(ratio, at(t, r, t->width), at(t, r, column));
        int order = found ? fmpq_cmp(ratio, least) : -1;
        if (order < 0 || (order == 0 && t->basis[r] < t->basis[*row])) {
            fmpq_set(least, ratio);
            *row = r;
            found = true;
        }
    }
    fmpq_clear(ratio);
    fmpq_clear(least);
    return found;
}

/* Whether the combination that the table ends with is one. */
static bool holds(const struct table *t, size_t n, const fmpq *rows, size_t count, const fmpq *goal)
{
    fmpq *rest = rw_q_list_new(n + 1);
    fmpq_t minus;
    bool good = true;
    fmpq_init(minus);
    for (size_t j = 0; j <= n; j++)
        fmpq_set(rest + j, goal + j);
    for (size_t r = 0; r < t->height; r++) {
        size_t unknown = t->basis[r];
        if (unknown == 0 || unknown > count)
            continue;
        fmpq_neg(minus, at(t, r, t->width));
        good = good && rw_q_sign(minus) <= 0;
        for (size_t j = 0; j <= n; j++)
            rw_q_addmul(rest + j, minus, rows + (unknown - 1) * (n + 1) + j);
    }
    for (size_t j = 0; j <= n; j++)
        good = good && rw_q_sign(rest + j) >= 0;
    fmpq_clear(minus);
    rw_q_list_free(rest, n + 1);
    return good;
}

bool rw_follows(size_t n, const fmpq *rows, size_t count, const fmpq *goal)
{
    struct table t = new_table(n, rows, count, goal);
    size_t row, column;
    if (make_feasible(&t))
        while (rw_q_sign(at(&t, t.height, t.width)) > 0 && find_column(&t, &column) && find_row(&t, column, &row))
            pivot(&t, row, column);
    bool follows = holds(&t, n, rows, count, goal);
    free_table(&t);
    return follows;
}
