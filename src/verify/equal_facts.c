/* equal_facts.c - linear facts about units and registers together, by induction on one step.
 *
 * x holds the network's units and then the automaton's registers; all are at least 0. A letter's choices are its ReLUs and its maxima: where the signs of
 * all of them are known, the step is an affine map. A node is a letter with such signs: what was done last. Facts of a node are linear inequalities, guessed from
 * runs; a fact is dropped when it does not follow (Farkas) from the facts of a node before and the signs on the way, and all is done again until none is dropped.
 * What is left holds after every word, and the output must be the automaton's by it. */
#include "verify/equal_facts.h"

#include <stdlib.h>
#include <string.h>

#include <flint/fmpq_mat.h>

#include "base/memory.h"
#include "base/random.h"
#include "exact/farkas.h"
#include "rnn/run.h"
#include "verify/equal_registers.h"
#include "verify/fact_rows.h"

/* More than this is not waited for. */
#define MOST_PLACES 40 /* units and registers; a letter has no more choices, and their signs fit 64 bits */
#define MOST_NODES  200
/* Runs that facts are guessed from. */
#define RUNS       40
#define RUN_LENGTH 40
#define RUN_SEED   5
/* Steps that a node's equations are read off. */
#define MOST_POINTS 60

/* A step of a run. */
struct step {
    uint32_t symbol;
    fmpq *before, *after;
};

struct node {
    uint32_t symbol; /* the number of letters: the start */
    uint64_t signs;  /* bit k: choice k is at least 0, else at most 0 */
    fmpq *facts;
    size_t count, capacity;
    bool reached;
};

struct induction {
    struct rw_fact_space space;
    size_t first_compared; /* differences of the places from here on are among the facts */
    struct rw_fact_letter *letters;
    struct step *steps;
    size_t step_count;
    struct node *nodes;
    size_t node_count, node_capacity;
    struct rw_progress *progress;
    bool dropped, over;
};

/* The way through the choices of a letter: facts and signs, one after another. */
struct way {
    struct induction *in;
    const struct rw_fact_letter *letter;
    uint32_t from, symbol;
    fmpq *rows;
    size_t count;
    uint64_t signs;
};

/* --- runs --- */

static void read_point(const struct induction *in, const struct rw_run *net, const struct rw_vector *registers, fmpq *x)
{
    const struct rw_vector *state = rw_run_state(net, 0, 0);
    for (size_t j = 0; j < in->space.size; j++)
        fmpq_set(x + j, j < in->space.units ? state->value + j : registers->value + j - in->space.units);
}

static void run_words(struct induction *in, const struct rw_machine *machine)
{
    struct rw_random random = rw_random_seed(RUN_SEED);
    struct rw_run *net = rw_run_new(in->space.net);
    void *run = machine->kind->run_new(machine->model);
    struct rw_vector registers;
    rw_vector_init(&registers, in->space.cra->registers);
    in->steps = rw_alloc((size_t)RUNS * RUN_LENGTH, sizeof *in->steps);
    for (size_t w = 0; w < RUNS; w++) {
        rw_run_start(net);
        machine->kind->run_start(machine->model, run);
        for (size_t i = 0; i < RUN_LENGTH; i++) {
            struct step *step = in->steps + in->step_count++;
            *step = (struct step){(uint32_t)rw_random_below(&random, in->space.cra->symbols),
                                  rw_rows_new(&in->space, 1), rw_rows_new(&in->space, 1)};
            for (int after = 0; after < 2; after++) {
                rw_vector_zero(&registers);
                machine->kind->configuration(machine->model, run, &registers);
                read_point(in, net, &registers, after ? step->after : step->before);
                if (!after) {
                    rw_run_step(net, step->symbol);
                    machine->kind->step(machine->model, run, step->symbol);
                }
            }
        }
    }
    rw_vector_clear(&registers);
    machine->kind->run_free(machine->model, run);
    rw_run_free(net);
}

/* --- guessing the facts of a node --- */

static void add_fact(const struct induction *in, struct node *node, const fmpq *row, bool negated)
{
    if (node->count == node->capacity) {
        size_t capacity = 2 * node->capacity + 16;
        fmpq *facts = rw_rows_new(&in->space, capacity);
        for (size_t k = 0; k < node->count * (in->space.size + 1); k++)
            fmpq_swap(facts + k, node->facts + k);
        rw_rows_free(&in->space, node->facts, node->capacity);
        node->facts = facts;
        node->capacity = capacity;
    }
    fmpq *to = rw_rows_at(&in->space, node->facts, node->count++);
    for (size_t j = 0; j <= in->space.size; j++)
        fmpq_set(to + j, row + j);
    if (negated)
        rw_rows_negate(&in->space, to, to);
}

static void add_equation(const struct induction *in, struct node *node, const fmpq *row)
{
    add_fact(in, node, row, false);
    add_fact(in, node, row, true);
}

/* All equations between the places that hold at the points: the null space of their matrix. */
static void add_equations(const struct induction *in, struct node *node, fmpq *const *points, size_t count)
{
    fmpq_mat_t matrix;
    size_t width = in->space.size + 1, used = count < MOST_POINTS ? count : MOST_POINTS;
    size_t *pivots = rw_alloc(width, sizeof *pivots);
    fmpq *row = rw_rows_new(&in->space, 1);
    fmpq_mat_init(matrix, (slong)used, (slong)width);
    for (size_t s = 0; s < used; s++)
        for (size_t j = 0; j < width; j++)
            if (j < in->space.size)
                fmpq_set(fmpq_mat_entry(matrix, (slong)s, (slong)j), points[s * count / used] + j);
            else
                fmpq_one(fmpq_mat_entry(matrix, (slong)s, (slong)j));
    size_t rank = (size_t)fmpq_mat_rref(matrix, matrix);
    for (size_t r = 0; r < rank; r++)
        while (fmpq_is_zero(fmpq_mat_entry(matrix, (slong)r, (slong)pivots[r])))
            pivots[r]++;
    for (size_t free_column = 0, r = 0; free_column < width; free_column++) {
        if (r < rank && pivots[r] == free_column) {
            r++;
            continue;
        }
        rw_rows_zero(&in->space, row);
        fmpq_one(row + free_column);
        for (size_t p = 0; p < rank; p++)
            fmpq_neg(row + pivots[p], fmpq_mat_entry(matrix, (slong)p, (slong)free_column));
        add_equation(in, node, row);
    }
    fmpq_mat_clear(matrix);
    rw_rows_free(&in->space, row, 1);
    free(pivots);
}

/* x_i - x_j is at least what it was at the points. */
static void add_difference(const struct induction *in, struct node *node, size_t i, size_t j, fmpq *const *points,
                           size_t count)
{
    fmpq *row = rw_rows_new(&in->space, 1);
    fmpq_t value;
    fmpq_init(value);
    fmpq_set_si(row + i, 1, 1);
    fmpq_set_si(row + j, -1, 1);
    for (size_t s = 0; s < count; s++) {
        fmpq_sub(value, points[s] + j, points[s] + i);
        if (s == 0 || fmpq_cmp(value, row + in->space.size) > 0)
            fmpq_set(row + in->space.size, value);
    }
    add_fact(in, node, row, false);
    fmpq_clear(value);
    rw_rows_free(&in->space, row, 1);
}

/* Whether the step went the way of these signs; where a choice is 0 it went both. */
static bool has_signs(const struct induction *in, const struct step *step, uint32_t symbol, uint64_t signs)
{
    const struct rw_fact_letter *letter = in->letters + symbol;
    fmpq_t value;
    bool fits = step->symbol == symbol;
    fmpq_init(value);
    for (size_t k = 0; k < letter->choices && fits; k++) {
        rw_rows_value(&in->space, rw_rows_at(&in->space, letter->choice, k), step->before, value);
        fits = (signs >> k & 1) != 0 ? rw_q_sign(value) >= 0 : rw_q_sign(value) <= 0;
    }
    fmpq_clear(value);
    return fits;
}

static void guess(const struct induction *in, struct node *node)
{
    fmpq **points = rw_alloc(in->step_count, sizeof(fmpq *));
    size_t count = 0;
    for (size_t s = 0; s < in->step_count; s++)
        if (has_signs(in, in->steps + s, node->symbol, node->signs))
            points[count++] = in->steps[s].after;
    if (count > 0) {
        add_equations(in, node, points, count);
        for (size_t i = in->first_compared; i < in->space.size; i++)
            for (size_t j = in->first_compared; j < in->space.size; j++)
                if (i != j)
                    add_difference(in, node, i, j, points, count);
    }
    free(points);
}

static struct node *find_node(struct induction *in, uint32_t symbol, uint64_t signs)
{
    for (size_t i = 0; i < in->node_count; i++)
        if (in->nodes[i].symbol == symbol && in->nodes[i].signs == signs)
            return in->nodes + i;
    if (in->node_count == MOST_NODES) {
        in->over = true;
        return NULL;
    }
    in->nodes = rw_grow(in->nodes, &in->node_capacity, in->node_count + 1, sizeof *in->nodes);
    struct node *node = in->nodes + in->node_count++;
    *node = (struct node){.symbol = symbol, .signs = signs};
    if (symbol < in->space.cra->symbols)
        guess(in, node);
    return node;
}

/* --- one step --- */

/* The fact about what comes after, as one about what was before. */
static void pull_back(const struct way *way, const fmpq *fact, fmpq *row)
{
    const struct induction *in = way->in;
    rw_rows_zero(&in->space, row);
    fmpq_set(row + in->space.size, fact + in->space.size);
    for (size_t j = 0; j < in->space.size; j++) {
        if (rw_q_is_zero(fact + j))
            continue;
        size_t k = way->letter->choice_of[j];
        bool positive = k != RW_NO_CHOICE && (way->signs >> k & 1) != 0;
        for (size_t i = 0; i <= in->space.size; i++) {
            rw_q_addmul(row + i, fact + j, rw_rows_at(&in->space, way->letter->fixed, j) + i);
            if (positive)
                rw_q_addmul(row + i, fact + j, rw_rows_at(&in->space, way->letter->choice, k) + i);
        }
    }
}

/* All signs are known: which facts of the node that is reached follow? */
static void end_way(struct way *way)
{
    struct induction *in = way->in;
    struct node *to = find_node(in, way->symbol, way->signs);
    if (to == NULL)
        return;
    in->dropped = in->dropped || !to->reached; /* its own steps are still to be done */
    to->reached = true;
    fmpq *row = rw_rows_new(&in->space, 1);
    for (size_t f = 0; f < to->count;) {
        pull_back(way, rw_rows_at(&in->space, to->facts, f), row);
        if (rw_follows(in->space.size, way->rows, way->count, row)) {
            f++;
            continue;
        }
        to->count--;
        for (size_t j = 0; j <= in->space.size && f < to->count; j++)
            fmpq_swap(rw_rows_at(&in->space, to->facts, f) + j, rw_rows_at(&in->space, to->facts, to->count) + j);
        in->dropped = true;
    }
    rw_rows_free(&in->space, row, 1);
}

static bool is_empty(const struct way *way)
{
    fmpq *never = rw_rows_new(&way->in->space, 1);
    fmpq_set_si(never + way->in->space.size, -1, 1);
    bool empty = rw_follows(way->in->space.size, way->rows, way->count, never);
    rw_rows_free(&way->in->space, never, 1);
    return empty;
}

static void go(struct way *way, size_t k);

/* Choice k is at least 0, or at most 0. */
static void go_with_sign(struct way *way, size_t k, const fmpq *choice, bool positive)
{
    fmpq *last = rw_rows_at(&way->in->space, way->rows, way->count);
    for (size_t j = 0; j <= way->in->space.size; j++)
        fmpq_set(last + j, choice + j);
    if (!positive)
        rw_rows_negate(&way->in->space, last, last);
    way->count++;
    way->signs |= (uint64_t)positive << k;
    if (!is_empty(way))
        go(way, k + 1);
    way->signs &= ~(UINT64_C(1) << k);
    way->count--;
}

/* Where a sign follows it is taken, and nothing is lost: the other sign is there too only where the choice is 0. */
static void go(struct way *way, size_t k)
{
    const struct induction *in = way->in;
    if (in->over)
        return;
    if (k == way->letter->choices) {
        end_way(way);
        return;
    }
    const fmpq *choice = rw_rows_at(&in->space, way->letter->choice, k);
    fmpq *negated = rw_rows_new(&in->space, 1);
    rw_rows_negate(&in->space, negated, choice);
    if (rw_follows(in->space.size, way->rows, way->count, choice)) {
        go_with_sign(way, k, choice, true);
    } else if (rw_follows(in->space.size, way->rows, way->count, negated)) {
        go_with_sign(way, k, choice, false);
    } else {
        go_with_sign(way, k, choice, true);
        go_with_sign(way, k, choice, false);
    }
    rw_rows_free(&in->space, negated, 1);
}

/* All letters from a node. Facts that are dropped on the way from a node to itself still count as what was before: all is done again. */
static void run_node(struct induction *in, size_t number)
{
    for (uint32_t symbol = 0; symbol < in->space.cra->symbols && !in->over; symbol++) {
        const struct node *from = in->nodes + number;
        struct way way = {.in = in, .letter = in->letters + symbol, .symbol = symbol, .count = from->count};
        size_t most = from->count + way.letter->choices;
        way.rows = rw_rows_new(&in->space, most);
        for (size_t k = 0; k < from->count * (in->space.size + 1); k++)
            fmpq_set(way.rows + k, from->facts + k);
        go(&way, 0);
        rw_rows_free(&in->space, way.rows, most);
    }
}

/* --- the output --- */

static bool output_agrees(const struct induction *in, const struct node *node)
{
    fmpq *row = rw_rows_new(&in->space, 1);
    rw_fact_output(&in->space, node->symbol, row);
    bool agrees = rw_follows(in->space.size, node->facts, node->count, row);
    rw_rows_negate(&in->space, row, row);
    agrees = agrees && rw_follows(in->space.size, node->facts, node->count, row);
    rw_rows_free(&in->space, row, 1);
    return agrees;
}

/* --- all of it --- */

/* The start is a point; each place is what it is. */
static void add_start(struct induction *in, const struct rw_machine *machine)
{
    struct rw_run *net = rw_run_new(in->space.net);
    struct rw_vector registers;
    fmpq *point = rw_rows_new(&in->space, 1), *row = rw_rows_new(&in->space, 1);
    void *run = machine->kind->run_new(machine->model);
    struct node *start = find_node(in, (uint32_t)in->space.cra->symbols, 0);
    rw_vector_init(&registers, in->space.cra->registers);
    machine->kind->configuration(machine->model, run, &registers);
    read_point(in, net, &registers, point);
    for (size_t j = 0; j < in->space.size; j++) {
        rw_rows_zero(&in->space, row);
        fmpq_one(row + j);
        fmpq_neg(row + in->space.size, point + j);
        add_equation(in, start, row);
    }
    start->reached = true;
    machine->kind->run_free(machine->model, run);
    rw_vector_clear(&registers);
    rw_rows_free(&in->space, point, 1);
    rw_rows_free(&in->space, row, 1);
    rw_run_free(net);
}

static bool induct(struct induction *in)
{
    do {
        in->dropped = false;
        for (size_t i = 0; i < in->node_count && !in->over; i++) {
            if (in->nodes[i].reached)
                run_node(in, i);
            in->over = in->over || !rw_progress_report(in->progress, "facts", i, 0);
        }
        for (size_t i = 0; i < in->node_count && !in->over; i++) /* facts only become fewer */
            in->over = in->nodes[i].reached && !output_agrees(in, in->nodes + i);
    } while (in->dropped && !in->over);
    return !in->over;
}

static void explain(const struct induction *in, FILE *why)
{
    size_t facts = 0;
    for (size_t i = 0; i < in->node_count; i++)
        facts += in->nodes[i].count;
    if (why != NULL)
        fprintf(why,
                "by induction: after each letter, for each of %zu combinations of signs of all ReLUs and maxima, "
                "linear inequalities between "
                "units and registers hold (%zu in all), and the output is the automaton's by them",
                in->node_count, facts);
}

static void clear(struct induction *in)
{
    for (uint32_t a = 0; a < in->space.cra->symbols; a++)
        rw_fact_letter_clear(&in->space, in->letters + a);
    for (size_t s = 0; s < in->step_count; s++) {
        rw_rows_free(&in->space, in->steps[s].before, 1);
        rw_rows_free(&in->space, in->steps[s].after, 1);
    }
    for (size_t i = 0; i < in->node_count; i++)
        rw_rows_free(&in->space, in->nodes[i].facts, in->nodes[i].capacity);
    free(in->letters);
    free(in->steps);
    free(in->nodes);
}

/* One attempt. */
static bool attempt(const struct rw_machine *machine, const struct rw_net *net, bool registers_only,
                    struct rw_progress *progress, FILE *why)
{
    struct induction in = {.space = {.cra = machine->model, .net = net}, .progress = progress};
    in.space.units = net->layers[0].heads[0].dims[0];
    in.space.size = in.space.units + in.space.cra->registers;
    in.first_compared = registers_only ? in.space.units : 0;
    if (in.space.size > MOST_PLACES || in.space.cra->symbols == 0)
        return false;
    in.letters = rw_alloc(in.space.cra->symbols, sizeof *in.letters);
    for (uint32_t a = 0; a < in.space.cra->symbols; a++)
        in.letters[a] = rw_fact_letter_read(&in.space, a);
    run_words(&in, machine);
    add_start(&in, machine);
    bool good = induct(&in);
    if (good)
        explain(&in, why);
    clear(&in);
    return good;
}

enum rw_equality rw_equal_facts(const struct rw_machine *machine, const struct rw_net *net,
                                struct rw_progress *progress, FILE *why)
{
    if (machine->kind != &rw_cra_kind || !rw_net_has_registers(net))
        return RW_UNDECIDED;
    bool good = attempt(machine, net, true, progress, why) || attempt(machine, net, false, progress, why);
    return good ? RW_EQUAL : RW_UNDECIDED;
}
