/* low_rank.c - M = diag(d) - left right^T with few columns (W4).
 *
 * Coordinates that M does not connect do not share a rank: each connected set of coordinates (a block) is a problem of its own. On
 * a block, N = M - diag(d) is tried with d = 0, the diagonal, the row sums and column sums (then N 1 = 0 or 1^T N = 0: one rank
 * less for permutations and stochastic matrices), each constant diagonal, and the exact rank-1 completion. The best N is factored by its
 * reduced row echelon form: N = (pivot columns of N) * (nonzero rows).
 * Lower bounds: entries off the diagonal are the same whatever d is, so a set of them that is triangular however d is chosen bounds the rank from
 * below; and the completion test decides rank 1. */
#include "reductions/witness/low_rank.h"

#include <stdlib.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"

/* Larger blocks are decomposed by counting rows and columns only: elimination would take minutes. */
#define MOST_DENSE 256
/* Constant diagonals tried: distinct diagonal entries beyond these are unlikely eigenvalues of use. */
#define MOST_CONSTANTS 8

struct search {
    const struct rw_matrix *rows; /* column i is row i of M */
    struct rw_low_rank *result;
    struct rw_builder *left, *right;
    uint32_t *block_of;       /* root of each coordinate's block */
    uint32_t *member, *place; /* the members of the block in hand, and where each coordinate stands in it */
    size_t members;
};

/* --- blocks --- */

static uint32_t root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void find_blocks(struct search *search)
{
    const struct rw_matrix *m = search->rows;
    for (uint32_t i = 0; i < m->cols; i++)
        search->block_of[i] = i;
    for (uint32_t i = 0; i < m->cols; i++)
        for (size_t e = m->start[i]; e < m->start[i + 1]; e++) {
            uint32_t a = root(search->block_of, i), b = root(search->block_of, m->row[e]);
            if (a < b)
                search->block_of[b] = a;
            else
                search->block_of[a] = b;
        }
    for (uint32_t i = 0; i < m->cols; i++)
        search->block_of[i] = root(search->block_of, i);
}

/* --- small blocks: dense --- */

static void load_block(const struct search *search, fmpq_mat_t m)
{
    fmpq_mat_zero(m);
    for (size_t k = 0; k < search->members; k++) {
        uint32_t i = search->member[k];
        for (size_t e = search->rows->start[i]; e < search->rows->start[i + 1]; e++)
            fmpq_set(fmpq_mat_entry(m, (slong)k, search->place[search->rows->row[e]]), search->rows->value + e);
    }
}

static size_t rank_without(const fmpq_mat_t m, const fmpq *d)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_mat_t rest;
    fmpz_mat_t integral;
    fmpq_mat_init_set(rest, m);
    fmpz_mat_init(integral, n, n);
    for (slong i = 0; i < n; i++)
        fmpq_sub(fmpq_mat_entry(rest, i, i), fmpq_mat_entry(rest, i, i), d + i);
    fmpq_mat_get_fmpz_mat_rowwise(integral, NULL, rest);
    size_t rank = (size_t)fmpz_mat_rank(integral);
    fmpz_mat_clear(integral);
    fmpq_mat_clear(rest);
    return rank;
}

struct best {
    fmpq *d, *trial; /* as many entries as the block */
    size_t rank;
};

static void consider(struct best *best, const fmpq_mat_t m)
{
    size_t rank = rank_without(m, best->trial);
    if (rank >= best->rank)
        return;
    best->rank = rank;
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        fmpq_set(best->d + i, best->trial + i);
}

static void try_sums(struct best *best, const fmpq_mat_t m, bool rows)
{
    slong n = fmpq_mat_nrows(m);
    for (slong i = 0; i < n; i++) {
        fmpq_zero(best->trial + i);
        for (slong j = 0; j < n; j++)
            fmpq_add(best->trial + i, best->trial + i, rows ? fmpq_mat_entry(m, i, j) : fmpq_mat_entry(m, j, i));
    }
    consider(best, m);
}

static void try_constant(struct best *best, const fmpq_mat_t m, const fmpq_t value)
{
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        fmpq_set(best->trial + i, value);
    consider(best, m);
}

static void try_diagonals(struct best *best, const fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_t zero;
    fmpq_init(zero);
    try_constant(best, m, zero);
    for (slong i = 0; i < n; i++)
        fmpq_set(best->trial + i, fmpq_mat_entry(m, i, i));
    consider(best, m);
    try_sums(best, m, true);
    try_sums(best, m, false);
    size_t constants = 0;
    for (slong i = 0; i < n && constants < MOST_CONSTANTS; i++) {
        bool seen = fmpq_is_zero(fmpq_mat_entry(m, i, i));
        for (slong j = 0; j < i && !seen; j++)
            seen = fmpq_equal(fmpq_mat_entry(m, i, i), fmpq_mat_entry(m, j, j));
        if (!seen) {
            try_constant(best, m, fmpq_mat_entry(m, i, i));
            constants++;
        }
    }
    fmpq_clear(zero);
}

/* --- rank 1 --- */

struct completion {
    fmpq *u, *v;
    uint8_t *u_known, *v_known;
    uint8_t *row_used,
        *col_used; /* has a nonzero off the diagonal: there u_i, v_j must not be 0; elsewhere they may be 0 */
};

static void mark_used(struct completion *c, const fmpq_mat_t m)
{
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        for (slong j = 0; j < fmpq_mat_ncols(m); j++)
            if (i != j && !fmpq_is_zero(fmpq_mat_entry(m, i, j)))
                c->row_used[i] = c->col_used[j] = 1;
}

/* u_i v_j = m_ij for i != j gives one unknown from the other, as long as there are such pairs. false: division by 0, no completion. */
static bool propagate(struct completion *c, const fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m);
    for (bool again = true; again;) {
        again = false;
        for (slong i = 0; i < n; i++)
            for (slong j = 0; j < n; j++) {
                if (i == j || !c->row_used[i] || !c->col_used[j] || c->u_known[i] == c->v_known[j])
                    continue;
                if (fmpq_is_zero(fmpq_mat_entry(m, i, j)))
                    return false;
                if (c->u_known[i])
                    fmpq_div(c->v + j, fmpq_mat_entry(m, i, j), c->u + i);
                else
                    fmpq_div(c->u + i, fmpq_mat_entry(m, i, j), c->v + j);
                c->u_known[i] = c->v_known[j] = again = true;
            }
    }
    return true;
}

/* Fixes u_i = 1 for a row that is not known yet, as often as it takes, and follows what it forces. */
static bool complete(struct completion *c, const fmpq_mat_t m)
{
    slong n = fmpq_mat_nrows(m);
    mark_used(c, m);
    for (slong i = 0; i < n; i++) {
        if (!c->row_used[i] || c->u_known[i])
            continue;
        fmpq_one(c->u + i);
        c->u_known[i] = 1;
        if (!propagate(c, m))
            return false;
    }
    fmpq_t product;
    fmpq_init(product);
    bool fits = true;
    for (slong i = 0; i < n && fits; i++)
        for (slong j = 0; j < n && fits; j++) {
            fmpq_mul(product, c->u + i, c->v + j);
            fits = i == j || fmpq_equal(product, fmpq_mat_entry(m, i, j));
        }
    fmpq_clear(product);
    return fits;
}

/* Decides whether some diagonal leaves rank 1 (a block has nonzeros off the diagonal, so 0 is out of the question). */
static void try_completion(struct best *best, const fmpq_mat_t m)
{
    size_t n = (size_t)fmpq_mat_nrows(m);
    struct completion c = {_fmpq_vec_init((slong)n), _fmpq_vec_init((slong)n), rw_alloc(n, 1),
                           rw_alloc(n, 1),           rw_alloc(n, 1),           rw_alloc(n, 1)};
    if (complete(&c, m)) {
        for (size_t i = 0; i < n; i++) {
            fmpq_mul(best->trial + i, c.u + i, c.v + i);
            fmpq_sub(best->trial + i, fmpq_mat_entry(m, (slong)i, (slong)i), best->trial + i);
        }
        consider(best, m);
    }
    _fmpq_vec_clear(c.u, (slong)n);
    _fmpq_vec_clear(c.v, (slong)n);
    free(c.u_known);
    free(c.v_known);
    free(c.row_used);
    free(c.col_used);
}

/* Pairs (i, j) off the diagonal with m_ij != 0 and, for each earlier pair (k, l), m_kj = 0 with k != j: a triangular minor whatever d is. Greedy,
 * from row `first` along the nonzeros. */
static size_t triangular_minor(const fmpq_mat_t m, slong first)
{
    slong n = fmpq_mat_nrows(m);
    uint8_t *row_taken = rw_alloc((size_t)n, 1), *col_blocked = rw_alloc((size_t)n, 1);
    size_t size = 0;
    slong i = first;
    for (slong rows = 0; rows < n; rows++) {
        slong taken = -1;
        for (slong j = 0; j < n && taken < 0; j++)
            if (j != i && !col_blocked[j] && !fmpq_is_zero(fmpq_mat_entry(m, i, j)))
                taken = j;
        row_taken[i] = 1;
        if (taken >= 0) {
            size++;
            col_blocked[i] = 1;
            for (slong j = 0; j < n; j++)
                if (!fmpq_is_zero(fmpq_mat_entry(m, i, j)))
                    col_blocked[j] = 1;
        }
        i = taken >= 0 && !row_taken[taken] ? taken : 0;
        while (i < n && row_taken[i])
            i++;
        if (i == n)
            break;
    }
    free(row_taken);
    free(col_blocked);
    return size;
}

static size_t lower_bound(const fmpq_mat_t m, bool not_one)
{
    size_t bound = not_one ? 2 : 1;
    for (slong first = 0; first < fmpq_mat_nrows(m); first++) {
        size_t size = triangular_minor(m, first);
        if (size > bound)
            bound = size;
    }
    return bound;
}

/* N = m - diag(d) = (pivot columns) * (echelon rows), with the sign that A = diag - left right^T wants. */
static void factor(struct search *search, fmpq_mat_t m, const fmpq *d)
{
    slong n = fmpq_mat_nrows(m);
    fmpq_mat_t echelon;
    fmpq_t minus;
    fmpq_init(minus);
    for (slong i = 0; i < n; i++)
        fmpq_sub(fmpq_mat_entry(m, i, i), fmpq_mat_entry(m, i, i), d + i);
    fmpq_mat_init(echelon, n, n);
    slong rank = fmpq_mat_rref(echelon, m);
    for (slong r = 0; r < rank; r++) {
        slong pivot = r;
        while (fmpq_is_zero(fmpq_mat_entry(echelon, r, pivot)))
            pivot++;
        for (slong i = 0; i < n; i++) {
            fmpq_neg(minus, fmpq_mat_entry(m, i, pivot));
            rw_builder_add(search->left, search->member[i], search->result->rank, minus);
            rw_builder_add(search->right, search->member[i], search->result->rank, fmpq_mat_entry(echelon, r, i));
        }
        search->result->rank++;
    }
    fmpq_mat_clear(echelon);
    fmpq_clear(minus);
}

static void decompose_dense(struct search *search)
{
    slong n = (slong)search->members;
    struct best best = {_fmpq_vec_init(n), _fmpq_vec_init(n), SIZE_MAX};
    fmpq_mat_t m;
    fmpq_mat_init(m, n, n);
    load_block(search, m);
    try_completion(&best, m);
    bool one = best.rank == 1;
    if (!one)
        try_diagonals(&best, m);
    if (best.rank > lower_bound(m, !one))
        search->result->least = false;
    for (slong i = 0; i < n; i++)
        fmpq_set(search->result->decay + search->member[i], best.d + i);
    factor(search, m, best.d);
    fmpq_mat_clear(m);
    _fmpq_vec_clear(best.d, n);
    _fmpq_vec_clear(best.trial, n);
}

/* --- large blocks: rows or columns that are not 0 --- */

struct outline {
    size_t rows, cols; /* nonzero ones */
    uint8_t *col;      /* which columns are not 0, by place */
};

/* Without the diagonal if `keep_diagonal` is false. */
static struct outline outline_of(const struct search *search, bool keep_diagonal)
{
    struct outline outline = {.col = rw_alloc(search->members, 1)};
    for (size_t k = 0; k < search->members; k++) {
        uint32_t i = search->member[k];
        bool row = false;
        for (size_t e = search->rows->start[i]; e < search->rows->start[i + 1]; e++) {
            if (search->rows->row[e] == i && !keep_diagonal)
                continue;
            row = true;
            uint8_t *mark = outline.col + search->place[search->rows->row[e]];
            outline.cols += !*mark;
            *mark = 1;
        }
        outline.rows += row;
    }
    return outline;
}

static size_t narrow(const struct outline *outline)
{
    return outline->rows < outline->cols ? outline->rows : outline->cols;
}

/* One column of `left` and `right` for each nonzero row (left = -e_i) or for each nonzero column (right = e_j). */
static void spread(struct search *search, const struct outline *outline, bool keep_diagonal)
{
    struct rw_low_rank *result = search->result;
    bool by_rows = outline->rows < outline->cols;
    size_t *number = rw_alloc(search->members, sizeof *number);
    for (size_t k = 0; k < search->members && !by_rows; k++)
        if (outline->col[k])
            number[k] = result->rank++;
    fmpq_t minus;
    fmpq_init(minus);
    for (size_t k = 0; k < search->members; k++) {
        uint32_t i = search->member[k];
        bool row = false;
        for (size_t e = search->rows->start[i]; e < search->rows->start[i + 1]; e++) {
            uint32_t j = search->rows->row[e];
            if (j == i && !keep_diagonal) {
                fmpq_set(result->decay + i, search->rows->value + e);
                continue;
            }
            row = true;
            fmpq_neg(minus, search->rows->value + e);
            if (by_rows)
                rw_builder_add(search->right, j, result->rank, search->rows->value + e);
            else
                rw_builder_add(search->left, i, number[search->place[j]], minus);
        }
        if (row && by_rows)
            rw_builder_add_int(search->left, i, result->rank++, -1);
        if (!by_rows && outline->col[k])
            rw_builder_add_int(search->right, i, number[k], 1);
    }
    fmpq_clear(minus);
    free(number);
}

static void decompose_large(struct search *search)
{
    struct outline whole = outline_of(search, true), rest = outline_of(search, false);
    bool keep_diagonal = narrow(&whole) < narrow(&rest);
    spread(search, keep_diagonal ? &whole : &rest, keep_diagonal);
    search->result->least = false;
    free(whole.col);
    free(rest.col);
}

/* --- all blocks --- */

static void decompose_block(struct search *search)
{
    if (search->members == 1) { /* one coordinate: all of it is diagonal */
        uint32_t i = search->member[0];
        if (search->rows->start[i] < search->rows->start[i + 1])
            fmpq_set(search->result->decay + i, search->rows->value + search->rows->start[i]);
    } else if (search->members <= MOST_DENSE) {
        decompose_dense(search);
    } else {
        decompose_large(search);
    }
}

static int by_block(const void *a, const void *b, void *context)
{
    const uint32_t *block_of = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (block_of[i] != block_of[j])
        return block_of[i] < block_of[j] ? -1 : 1;
    return i < j ? -1 : i > j;
}

void rw_low_rank_find(struct rw_low_rank *result, const struct rw_matrix *transposed)
{
    size_t n = transposed->cols;
    /* No more columns than coordinates are ever needed. */
    *result = (struct rw_low_rank){.size = n, .least = true, .decay = _fmpq_vec_init((slong)n)};
    uint32_t *order = rw_alloc(n, sizeof *order);
    struct search search = {.rows = transposed,
                            .result = result,
                            .left = rw_builder_new(n, n),
                            .right = rw_builder_new(n, n),
                            .block_of = rw_alloc(n, sizeof(uint32_t)),
                            .place = rw_alloc(n, sizeof(uint32_t))};
    find_blocks(&search);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_block, search.block_of);
    for (size_t first = 0; first < n; first += search.members) {
        search.member = order + first;
        search.members = 0;
        while (first + search.members < n &&
               search.block_of[search.member[search.members]] == search.block_of[search.member[0]]) {
            search.place[search.member[search.members]] = (uint32_t)search.members;
            search.members++;
        }
        decompose_block(&search);
    }
    result->left = rw_builder_finish(search.left);
    result->right = rw_builder_finish(search.right);
    free(order);
    free(search.block_of);
    free(search.place);
}

void rw_low_rank_clear(struct rw_low_rank *result)
{
    _fmpq_vec_clear(result->decay, (slong)result->size);
    rw_matrix_free(result->left);
    rw_matrix_free(result->right);
}
