/* reached.c - a basis of the forward space of a weighted automaton that consists of reached rows.
 *
 * A row that is new by its bytes is reduced by an echelon of those before. Each row e of the echelon remembers which
 * combination t_e of reached rows it is, so that v = sum c_e e gives the coefficients sum c_e t_e of a dependent row, and
 * v - sum c_e e with 1 - sum c_e t_e is the next row of the echelon otherwise. In networks of deterministic machines
 * nearly every row was reached before, and none of this happens. Coefficients of other automata may grow quickly: then the
 * search is given up for the reduced basis (reduced.c). */
#include "verify/reached.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/key.h"
#include "verify/numbering.h"

#define NO_ROW SIZE_MAX
/* Numbers of more bits make a certificate long and slow to check. */
#define LARGE_BITS 64

/* First entry 1, at the pivot; entries of other pivots may be nonzero only if those came later. */
struct pivot_row {
    struct rw_row row, combination;
};

struct search {
    const struct rw_wfa *wfa;
    struct rw_reached *reached;
    struct rw_numbering numbers; /* of the reached rows */
    struct pivot_row *echelon;
    size_t echelon_count, echelon_capacity;
    size_t *pivot; /* for each state: the row of the echelon, or NO_ROW */
    struct rw_vector rest, combination;
    uint64_t cells;
    bool large; /* some number is */
};

/* rest = v - (rows of the echelon), combination = those rows as reached ones. The first place that is left, or the
 * number of states. */
static size_t reduce(struct search *search, const struct rw_vector *v)
{
    size_t states = search->wfa->states, first = states;
    fmpq_t factor;
    fmpq_init(factor);
    rw_vector_copy(&search->rest, v);
    rw_vector_zero(&search->combination);
    for (size_t i = 0; i < states; i++) {
        if (rw_q_is_zero(search->rest.value + i))
            continue;
        if (search->pivot[i] == NO_ROW) {
            first = first == states ? i : first;
            continue;
        }
        const struct pivot_row *row = search->echelon + search->pivot[i];
        fmpq_set(factor, search->rest.value + i);
        rw_row_add_to(&row->combination, factor, &search->combination);
        fmpq_neg(factor, factor);
        rw_row_add_to(&row->row, factor, &search->rest);
    }
    fmpq_clear(factor);
    return first;
}

static void scale(struct rw_vector *v, const fmpq_t factor)
{
    for (size_t k = 0; k < v->count; k++)
        fmpq_mul(v->value + v->touched[k], v->value + v->touched[k], factor);
    rw_vector_tidy(v);
}

static void note_row(struct search *search, const struct rw_row *row)
{
    search->cells += rw_row_cells(row);
    for (size_t k = 0; k < row->count && !search->large; k++)
        search->large = rw_q_bits(row->value + k) > LARGE_BITS;
}

/* What is left of reached row `number` becomes a row of the echelon. */
static void add_to_echelon(struct search *search, size_t pivot, uint32_t number)
{
    fmpq_t factor, minus_one;
    fmpq_init(factor);
    fmpq_init(minus_one);
    rw_q_set_int(minus_one, -1);
    scale(&search->combination, minus_one);
    rw_q_set_int(rw_vector_at(&search->combination, number), 1);
    fmpq_inv(factor, search->rest.value + pivot);
    scale(&search->rest, factor);
    scale(&search->combination, factor);
    search->echelon =
        rw_grow(search->echelon, &search->echelon_capacity, search->echelon_count + 1, sizeof *search->echelon);
    search->echelon[search->echelon_count] =
        (struct pivot_row){rw_row_of(&search->rest), rw_row_of(&search->combination)};
    note_row(search, &search->echelon[search->echelon_count].combination);
    search->pivot[pivot] = search->echelon_count++;
    fmpq_clear(factor);
    fmpq_clear(minus_one);
}

static void add_step(struct search *search, const struct rw_vector *coefficients)
{
    struct rw_reached *reached = search->reached;
    reached->steps = rw_grow(reached->steps, &reached->step_capacity, reached->step_count + 1, sizeof *reached->steps);
    reached->steps[reached->step_count] = rw_row_of(coefficients);
    note_row(search, reached->steps + reached->step_count++);
}

static void add_reached(struct search *search, const struct rw_vector *v, size_t parent, uint32_t symbol)
{
    struct rw_reached *reached = search->reached;
    reached->rows = rw_grow(reached->rows, &reached->capacity, reached->count + 1, sizeof *reached->rows);
    reached->rows[reached->count] = (struct rw_reached_row){rw_row_of(v), parent, symbol};
    note_row(search, &reached->rows[reached->count++].row);
}

/* Leaves the coefficients of v in search->combination; v is tidy. */
static void express(struct search *search, const struct rw_vector *v, size_t parent, uint32_t symbol)
{
    size_t size;
    char *key = rw_vector_key(v, &size);
    uint32_t number = (uint32_t)search->reached->count;
    bool known = rw_numbering_find(&search->numbers, key, size, &number);
    size_t pivot = known ? search->wfa->states : reduce(search, v);
    if (pivot < search->wfa->states) {
        add_to_echelon(search, pivot, number);
        rw_numbering_add(&search->numbers, key, size, number);
        add_reached(search, v, parent, symbol);
    } else {
        free(key);
    }
    if (!known && pivot == search->wfa->states) {
        rw_vector_tidy(&search->combination);
        return;
    }
    rw_vector_zero(&search->combination);
    rw_q_set_int(rw_vector_at(&search->combination, number), 1);
}

/* The rows breadth first, all their symbols each. */
static void find(struct search *search, uint64_t max_cells)
{
    const struct rw_wfa *wfa = search->wfa;
    struct rw_reached *reached = search->reached;
    struct rw_vector from, to;
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    rw_vector_init(&from, wfa->states);
    rw_vector_init(&to, wfa->states);
    for (uint32_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&to, q), wfa->alpha + q);
    express(search, &to, RW_NO_PARENT, 0);
    reached->start = rw_row_of(&search->combination);
    for (size_t i = 0; i < reached->count && search->cells <= max_cells; i++)
        for (uint32_t s = 0; s < wfa->symbols && !search->large; s++) {
            rw_vector_zero(&from);
            rw_vector_zero(&to);
            rw_row_add_to(&reached->rows[i].row, one, &from);
            rw_matrix_apply(wfa->letters[s], &from, &to);
            rw_vector_tidy(&to);
            express(search, &to, i, s);
            add_step(search, &search->combination);
        }
    rw_vector_clear(&from);
    rw_vector_clear(&to);
    fmpq_clear(one);
}

static bool find_reached(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached)
{
    struct search search = {.wfa = wfa, .reached = reached, .pivot = rw_alloc(wfa->states, sizeof *search.pivot)};
    *reached = (struct rw_reached){.symbols = wfa->symbols};
    rw_vector_init(&search.rest, wfa->states);
    rw_vector_init(&search.combination, wfa->states);
    for (size_t q = 0; q < wfa->states; q++)
        search.pivot[q] = NO_ROW;
    find(&search, max_cells);
    for (size_t e = 0; e < search.echelon_count; e++) {
        rw_row_clear(&search.echelon[e].row);
        rw_row_clear(&search.echelon[e].combination);
    }
    rw_vector_clear(&search.rest);
    rw_vector_clear(&search.combination);
    free(search.echelon);
    free(search.pivot);
    rw_numbering_clear(&search.numbers);
    return reached->step_count == reached->count * reached->symbols;
}

bool rw_reached_find(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached)
{
    if (find_reached(wfa, max_cells, reached))
        return true;
    rw_reached_clear(reached);
    return rw_reached_reduced(wfa, max_cells, reached);
}

void rw_reached_clear(struct rw_reached *reached)
{
    for (size_t i = 0; i < reached->count; i++)
        rw_row_clear(&reached->rows[i].row);
    for (size_t i = 0; i < reached->step_count; i++)
        rw_row_clear(reached->steps + i);
    rw_row_clear(&reached->start);
    free(reached->rows);
    free(reached->steps);
    *reached = (struct rw_reached){0};
}
