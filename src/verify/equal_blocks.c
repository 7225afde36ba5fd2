/* equal_blocks.c - an iterated matrix product beside a network whose router has too many states to be visited: a proof in parts.
 *
 * A block is the d^2 letters of a matrix. All letters are unknown; the router's states and the last layer's transitions are exact
 * functions of them (letter_run.h). Write X_b for the row that is asked for, of the product of the matrices before block b - 1, M for
 * the matrix of block b - 1 and N for that of block b. It is shown that
 *   the output for the empty word and after block 0 is right;
 *   after each block b > 0 the output is E_b(S) M N, a linear reading E_b of the last layer's state S before the block: E_b is not given, it is
 *     what the output's terms leave over;
 *   before block 1, E_1(S) = X_1, a row of the identity;
 *   E_{b+1}(S after block b) = E_b(S before it) M, whatever S and the letters are: so E_b(S) = X_b goes on from block to block;
 *   the router's state before some block is that before an earlier one, as functions of the letters: so finitely many blocks are all.
 * With verdicts, each equation may hold up to a positive factor. */
#include "verify/equal_blocks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "verify/equal.h"
#include "verify/letter_run.h"

#define WORK            50 /* terms for each cell of the limit: in one block, where networks that work take less than half of it */
#define MOST_BLOCKS     200
#define MOST_REMEMBERED 3 /* blocks: as many as the largest buffer has begun */

struct block {
    struct rw_letter_step *steps; /* one for each letter */
    struct rw_letters *states;    /* of the router, before the block */
    uint8_t *reached;             /* coordinates of the last layer that may be other than 0 before the block */
};

struct argument {
    const struct rw_matrix_product *model;
    const struct rw_net *net;
    bool values;      /* else verdicts: up to positive factors */
    size_t d, length; /* length = d^2 letters */
    struct rw_letter_space space;
    struct rw_letter_run *run;
    size_t coordinates;
    fmpq *start;      /* the last layer's state after BOS */
    uint8_t *reached; /* coordinates that may be other than 0 by now */
    size_t count, capacity;
    struct block *blocks;
    struct rw_blocks_proof *proof;
    FILE *why;
};

static bool fail(struct argument *a, const char *format, size_t block)
{
    if (a->why != NULL && a->space.exceeded)
        fprintf(a->why,
                "in block %zu, what the network does depends on more letters than limit \"cells\" has cases for",
                block);
    else if (a->why != NULL)
        fprintf(a->why, format, block);
    return false;
}

/* --- what is wanted, as functions of the letters --- */

/* f += factor * entry (i, j) of block b's matrix */
static void add_entry(struct argument *a, struct rw_letters *f, size_t b, size_t i, size_t j)
{
    const fmpq **values = rw_alloc(a->model->symbols, sizeof(const fmpq *));
    for (size_t s = 0; s < a->model->symbols; s++)
        values[s] = a->model->entries + s;
    rw_letters_add_letter(&a->space, f, (uint32_t)(b * a->length + i * a->d + j), values);
    free(values);
}

/* f = entry (i, column) of M N, the matrices of blocks b - 1 and b */
static void set_product_entry(struct argument *a, struct rw_letters *f, size_t b, size_t i)
{
    rw_letters_clear(f);
    for (size_t k = 0; k < a->d; k++) {
        struct rw_letters m = {0}, n = {0};
        add_entry(a, &m, b - 1, i, k);
        add_entry(a, &n, b, k, a->model->col);
        rw_letters_add_product(&a->space, f, &m, &n);
        rw_letters_clear(&m);
        rw_letters_clear(&n);
    }
}

/* --- f = sum of factors * targets --- */

/* The value of the term of f that has the same letters, or NULL. */
static const fmpq *same_term(const struct rw_letters *f, const struct rw_letter_term *term)
{
    for (size_t t = 0; t < f->count; t++) {
        const struct rw_letter_term *other = f->terms + t;
        bool same = other->degree == term->degree;
        for (uint32_t k = 0; k < term->degree && same; k++)
            same = other->indicator[k] == term->indicator[k];
        if (same)
            return &other->value;
    }
    return NULL;
}

/* A term of the target that no other one has; NULL: none. */
static const struct rw_letter_term *own_term(const struct rw_letters *targets, size_t count, size_t which)
{
    for (size_t t = targets[which].count; t-- > 0;) {
        bool own = true;
        for (size_t i = 0; i < count && own; i++)
            own = i == which || same_term(targets + i, targets[which].terms + t) == NULL;
        if (own)
            return targets[which].terms + t;
    }
    return NULL;
}

/* The only factors with f = sum of factors[i] * targets[i], if there are any. */
static bool combine(struct rw_letter_space *space, const struct rw_letters *f, const struct rw_letters *targets,
                    size_t count, fmpq *factors)
{
    struct rw_letters sum = {0};
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        const struct rw_letter_term *term = own_term(targets, count, i);
        const fmpq *value = term == NULL ? NULL : same_term(f, term);
        good = term != NULL;
        fmpq_zero(factors + i);
        if (value != NULL)
            fmpq_div(factors + i, value, &term->value);
        rw_letters_addmul(space, &sum, factors + i, targets + i);
    }
    good = good && rw_letters_equal(&sum, f);
    rw_letters_clear(&sum);
    return good;
}

/* f = factor * target for a factor > 0, which is 1 if values are wanted. `factor` 0: not known yet. */
static bool proportional(const struct argument *a, struct rw_letter_space *space, const struct rw_letters *f,
                         const struct rw_letters *target, fmpq_t factor)
{
    fmpq_t found;
    struct rw_letters wanted = {0};
    fmpq_init(found);
    if (rw_q_is_zero(factor) && target->count > 0 && f->count > 0)
        fmpq_div(factor, &f->terms[0].value, &target->terms[0].value);
    rw_letters_addmul(space, &wanted, factor, target);
    bool good = rw_letters_equal(f, &wanted) && rw_q_sign(factor) >= 0 &&
                (!a->values || rw_q_is_zero(factor) || rw_q_is_one(factor));
    rw_letters_clear(&wanted);
    fmpq_clear(found);
    return good;
}

/* --- a block --- */

/* Which coordinates may be other than 0 after a step: a coordinate that nothing ever reached is 0 whatever the letters are. */
static void reach(struct argument *a, const struct rw_letter_step *step)
{
    uint8_t *after = rw_alloc(a->coordinates, sizeof *after);
    size_t first = 0;
    for (size_t h = 0; h < step->heads; h++) {
        const struct rw_letter_matrix *t = step->transitions + h, *write = step->writes + h;
        for (size_t row = 0; row < write->rows; row++)
            for (size_t c = 0; c < t->cols; c++) {
                size_t i = first + row * t->cols + c;
                after[i] = !rw_letters_is_zero(write->at + row * t->cols + c);
                for (size_t k = 0; k < t->rows && !after[i]; k++)
                    after[i] = a->reached[first + row * t->cols + k] && !rw_letters_is_zero(t->at + k * t->cols + c);
            }
        first += write->rows * t->cols;
    }
    free(a->reached);
    a->reached = after;
}

static void read_block(struct argument *a)
{
    a->blocks = rw_grow(a->blocks, &a->capacity, a->count + 1, sizeof *a->blocks);
    struct block *block = a->blocks + a->count++;
    size_t states = rw_letter_run_states(a->run);
    block->states = rw_alloc(states, sizeof *block->states);
    for (size_t i = 0; i < states; i++)
        rw_letters_set(block->states + i, rw_letter_run_state(a->run) + i);
    block->steps = rw_alloc(a->length, sizeof *block->steps);
    block->reached = rw_alloc(a->coordinates, sizeof *block->reached);
    memcpy(block->reached, a->reached, a->coordinates);
    for (size_t i = 0; i < a->length && !a->space.exceeded; i++) {
        rw_letter_run_next(a->run, block->steps + i);
        reach(a, block->steps + i);
    }
}

static void free_block(struct argument *a, struct block *block)
{
    for (size_t i = 0; i < rw_letter_run_states(a->run); i++)
        rw_letters_clear(block->states + i);
    for (size_t i = 0; i < a->length; i++)
        rw_letter_step_clear(block->steps + i);
    free(block->states);
    free(block->steps);
    free(block->reached);
}

/* The form of the state before the block with the value of `form` after it. */
static void pull_back(struct argument *a, size_t b, struct rw_letter_form *form)
{
    for (size_t i = a->length; i-- > 0 && !a->space.exceeded;)
        rw_letter_form_before(&a->space, form, a->blocks[b].steps + i);
}

/* The form's value on the state after BOS. */
static void at_start(struct argument *a, const struct rw_letter_form *form, struct rw_letters *value)
{
    rw_letters_set(value, &form->constant);
    for (size_t i = 0; i < form->count; i++)
        rw_letters_addmul(&a->space, value, a->start + i, form->of_state + i);
}

static fmpq *reading_of(const struct argument *a, size_t b)
{
    return a->proof->readings[b - 1].at;
}

static fmpq *add_reading(struct argument *a)
{
    struct rw_blocks_proof *proof = a->proof;
    proof->readings = rw_grow(proof->readings, &proof->capacity, proof->count + 1, sizeof *proof->readings);
    fmpq *at = proof->readings[proof->count++].at = rw_alloc(a->coordinates * a->d, sizeof *at);
    for (size_t i = 0; i < a->coordinates * a->d; i++)
        fmpq_init(at + i);
    return at;
}

/* --- the parts of the proof --- */

/* The empty word: an entry of the identity. */
static bool empty_word(struct argument *a)
{
    struct rw_letter_form form;
    struct rw_letters value = {0};
    fmpq_t output;
    int wanted = a->model->row == a->model->col;
    fmpq_init(output);
    bool good = rw_letter_run_output(a->run, &form, a->why);
    if (good) {
        at_start(a, &form, &value);
        good = rw_letters_is_constant(&value, output) &&
               (a->values ? fmpq_equal_si(output, wanted) : (rw_q_sign(output) > 0) == wanted);
        good = good || fail(a, "the output for the empty word is not right", 0);
    }
    rw_letter_form_clear(&form);
    rw_letters_clear(&value);
    fmpq_clear(output);
    return good;
}

/* The output after block 0 is the entry of its matrix. */
static bool first_output(struct argument *a, const struct rw_letter_form *form)
{
    struct rw_letters value = {0}, wanted = {0};
    fmpq_t factor;
    fmpq_init(factor);
    at_start(a, form, &value);
    add_entry(a, &wanted, 0, a->model->row, a->model->col);
    bool good = proportional(a, &a->space, &value, &wanted, factor) && !rw_q_is_zero(factor);
    rw_letters_clear(&value);
    rw_letters_clear(&wanted);
    fmpq_clear(factor);
    return good || fail(a, "the output after the first matrix (block %zu) is not its entry", 0);
}

/* The output after block b > 0 is E_b(S) M N: finds E_b. */
static bool output_of_block(struct argument *a, size_t b, const struct rw_letter_form *form)
{
    struct rw_letters *targets = rw_alloc(a->d, sizeof *targets);
    fmpq *at = add_reading(a);
    bool good = rw_letters_is_zero(&form->constant);
    for (size_t k = 0; k < a->d; k++)
        set_product_entry(a, targets + k, b, k);
    for (size_t i = 0; i < a->coordinates && good && !a->space.exceeded; i++)
        good = !a->blocks[b].reached[i] || combine(&a->space, form->of_state + i, targets, a->d, at + i * a->d);
    for (size_t k = 0; k < a->d; k++)
        rw_letters_clear(targets + k);
    free(targets);
    return (good && !a->space.exceeded) ||
           fail(a,
                "the output after block %zu is not a linear reading of the state before it times the block's "
                "matrix and the one before",
                b);
}

/* Number j of E_{b+1}, as a form of the state after block b, seen from before it. */
static struct rw_letter_form next_reading(struct argument *a, size_t b, const fmpq *reading, size_t j)
{
    struct rw_letter_form form = rw_letter_form_new(a->coordinates);
    for (size_t i = 0; i < a->coordinates; i++)
        rw_letters_add_constant(&a->space, form.of_state + i, reading + i * a->d + j);
    pull_back(a, b, &form);
    return form;
}

/* E_1(S before block 1) is row `row` of the identity. */
static bool first_reading(struct argument *a, const fmpq *reading)
{
    fmpq_t value, factor;
    bool good = true;
    fmpq_init(value);
    fmpq_init(factor);
    for (size_t j = 0; j < a->d && good; j++) {
        struct rw_letter_form form = next_reading(a, 0, reading, j);
        struct rw_letters f = {0};
        at_start(a, &form, &f);
        good = rw_letters_is_constant(&f, value) && (j != a->model->row ? rw_q_is_zero(value)
                                                     : a->values        ? rw_q_is_one(value)
                                                                        : rw_q_sign(value) > 0);
        rw_letters_clear(&f);
        rw_letter_form_clear(&form);
    }
    fmpq_clear(value);
    fmpq_clear(factor);
    return (good && !a->space.exceeded) ||
           fail(a, "the state after the first matrix (block %zu) does not hold the identity's row", 0);
}

/* target[i] += coordinate i of number j of E_b(S) M */
static void add_wanted(struct argument *a, size_t b, size_t j, struct rw_letters *target)
{
    const fmpq *reading = reading_of(a, b);
    for (size_t k = 0; k < a->d; k++) {
        struct rw_letters m = {0};
        add_entry(a, &m, b - 1, k, j);
        for (size_t i = 0; i < a->coordinates; i++)
            rw_letters_addmul(&a->space, target + i, reading + i * a->d + k, &m);
        rw_letters_clear(&m);
    }
}

/* E_{b+1}(S after block b) = E_b(S) M: the overwrites of block b, for all letters and all S. */
static bool block_multiplies(struct argument *a, size_t b, const fmpq *after)
{
    fmpq_t factor;
    bool good = true;
    fmpq_init(factor);
    for (size_t j = 0; j < a->d && good; j++) {
        struct rw_letter_form form = next_reading(a, b, after, j);
        struct rw_letters *target = rw_alloc(a->coordinates, sizeof *target);
        add_wanted(a, b, j, target);
        good = rw_letters_is_zero(&form.constant);
        for (size_t i = 0; i < a->coordinates && good; i++)
            good = !a->blocks[b].reached[i] || proportional(a, &a->space, form.of_state + i, target + i, factor);
        for (size_t i = 0; i < a->coordinates; i++)
            rw_letters_clear(target + i);
        free(target);
        rw_letter_form_clear(&form);
    }
    good = good && !rw_q_is_zero(factor);
    fmpq_clear(factor);
    return (good && !a->space.exceeded) ||
           fail(a, "block %zu does not multiply what the state holds by the matrix before it", b);
}

/* The earlier block before which the router's state was the same, and the same coordinates could be other than 0; 0: none. */
static size_t repeated(struct argument *a)
{
    const struct rw_letters *now = rw_letter_run_state(a->run);
    for (size_t b = 1; b < a->count; b++) {
        bool same = memcmp(a->blocks[b].reached, a->reached, a->coordinates) == 0;
        uint32_t shift = (uint32_t)((a->count - b) * a->length);
        for (size_t i = 0; i < rw_letter_run_states(a->run) && same; i++)
            same = rw_letters_equal_shifted(&a->space, a->blocks[b].states + i, now + i, shift);
        if (same)
            return b;
    }
    return 0;
}

/* E_b is known; the block before it must have made what it reads. */
static bool passes_on(struct argument *a, size_t b, const fmpq *reading)
{
    return b == 1 ? first_reading(a, reading) : block_multiplies(a, b - 1, reading);
}

/* The oldest block whose letters the router still remembers. */
static size_t oldest_block(const struct argument *a)
{
    const struct rw_letters *states = rw_letter_run_state(a->run);
    size_t oldest = a->count;
    for (size_t i = 0; i < rw_letter_run_states(a->run); i++)
        for (size_t t = 0; t < states[i].count; t++)
            if (states[i].terms[t].degree > 0 &&
                states[i].terms[t].indicator[0] / (a->space.symbols * a->length) < oldest)
                oldest = states[i].terms[t].indicator[0] / (a->space.symbols * a->length);
    return oldest;
}

static bool all_after(const struct rw_letter_space *space, const struct rw_letters *list, size_t count, size_t first)
{
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < list[i].count; t++)
            if (list[i].terms[t].degree > 0 && list[i].terms[t].indicator[0] / space->symbols < first)
                return false;
    return true;
}

/* A router that works forgets: what depends on more than two blocks is not followed any further, numbers may grow without end there. */
static bool reads_near_letters(const struct argument *a, size_t b, const struct rw_letter_form *form)
{
    size_t first = b > 0 ? (b - 1) * a->length : 0;
    bool near = all_after(&a->space, form->of_state, form->count, first);
    for (size_t i = 0; i < a->length && near; i++) {
        const struct rw_letter_step *step = a->blocks[b].steps + i;
        for (size_t h = 0; h < step->heads && near; h++) {
            const struct rw_letter_matrix *t = step->transitions + h;
            near = all_after(&a->space, t->at, t->rows * t->cols, first);
        }
    }
    return near;
}

static bool prove_block(struct argument *a, size_t b)
{
    struct rw_letter_form form = {0};
    a->space.work = 0;
    read_block(a);
    bool good = (!a->space.exceeded && a->count - oldest_block(a) <= MOST_REMEMBERED) ||
                fail(a, "after block %zu the router still remembers letters of blocks long before", b);
    if (good) {
        good = rw_letter_run_output(a->run, &form, a->why);
        good = good && (reads_near_letters(a, b, &form) ||
                        fail(a, "what the network does in block %zu depends on letters before the block before it", b));
        if (good)
            pull_back(a, b, &form);
        good = good &&
               (b == 0 ? first_output(a, &form) : output_of_block(a, b, &form) && passes_on(a, b, reading_of(a, b)));
    }
    rw_letter_form_clear(&form);
    return good;
}

static bool prove(struct argument *a, struct rw_progress *progress)
{
    if (!empty_word(a))
        return false;
    for (size_t b = 0; b < MOST_BLOCKS; b++) {
        if (!rw_progress_report(progress, "blocks", b, 0) || !prove_block(a, b))
            return false;
        size_t first = repeated(a);
        if (first > 0) {
            a->proof->first = first;
            a->proof->period = a->count - first;
            return passes_on(a, a->count, reading_of(a, first));
        }
    }
    return fail(a, "the router's state does not repeat within %zu blocks", MOST_BLOCKS);
}

/* --- from outside --- */

/* The last layer's state after BOS, from 0: what BOS writes. */
static void start(struct argument *a)
{
    struct rw_letter_step step = {0};
    size_t i = 0;
    rw_letter_run_bos(a->run, &step);
    a->start = rw_alloc(a->coordinates, sizeof *a->start);
    a->reached = rw_alloc(a->coordinates, sizeof *a->reached);
    for (size_t h = 0; h < step.heads; h++)
        for (size_t e = 0; e < step.writes[h].rows * step.writes[h].cols; e++) {
            fmpq_init(a->start + i);
            a->space.exceeded = a->space.exceeded || !rw_letters_is_constant(step.writes[h].at + e, a->start + i);
            a->reached[i] = !rw_q_is_zero(a->start + i);
            i++;
        }
    rw_letter_step_clear(&step);
}

static void finish(struct argument *a)
{
    for (size_t b = 0; b < a->count; b++)
        free_block(a, a->blocks + b);
    free(a->blocks);
    for (size_t i = 0; i < a->coordinates; i++)
        fmpq_clear(a->start + i);
    free(a->start);
    free(a->reached);
    rw_letter_run_free(a->run);
}

bool rw_machine_has_blocks(const struct rw_machine *machine)
{
    return machine->kind == &rw_matrix_product_kind || machine->kind == &rw_matrix_product_sign_kind;
}

enum rw_equality rw_equal_blocks(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_progress *progress,
                                 struct rw_blocks_proof *proof, FILE *why)
{
    struct argument a = {.model = machine->model, .net = net, .proof = proof, .why = why};
    *proof = (struct rw_blocks_proof){0};
    if (!rw_net_runs_on_letters(net, why))
        return RW_UNDECIDED;
    a.values = net->decision == RW_DECIDE_VALUE;
    a.d = proof->dimension = a.model->dimension;
    a.length = a.d * a.d;
    a.space = (struct rw_letter_space){
        .symbols = rw_alphabet_size(net->tokens), .most = limits->cells, .most_work = limits->cells * WORK};
    a.run = rw_letter_run_new(net, &a.space);
    a.coordinates = proof->coordinates =
        rw_net_coordinate(net, net->layer_count, 0) - rw_net_coordinate(net, net->layer_count - 1, 0);
    start(&a);
    bool equal = !a.space.exceeded && prove(&a, progress);

    proof->cases = a.space.cases;
    if (equal && why != NULL)
        fprintf(why,
                "the router's state repeats every %zu letters from letter %zu on, as functions of the letters; in each "
                "of %zu blocks the state "
                "is multiplied by the matrix before and the output by both (%" PRIu64
                " cases of letters), hence in all blocks",
                proof->period * a.length, proof->first * a.length, proof->first + proof->period, proof->cases);
    finish(&a);
    return equal ? RW_EQUAL : RW_UNDECIDED;
}

void rw_blocks_proof_clear(struct rw_blocks_proof *proof)
{
    for (size_t b = 0; b < proof->count; b++) {
        for (size_t i = 0; i < proof->coordinates * proof->dimension; i++)
            fmpq_clear(proof->readings[b].at + i);
        free(proof->readings[b].at);
    }
    free(proof->readings);
    *proof = (struct rw_blocks_proof){0};
}
