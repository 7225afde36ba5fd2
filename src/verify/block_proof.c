/* block_proof.c - a machine beside a network whose router has too many states to be visited: a proof in parts.
 *
 * The word is cut into blocks of m letters, all unknown; the router's states and the last layer's transitions are exact functions of
 * them (letter_run.h). What the machine does to a block is as exact (block_model.h): X_b is its row for the letters before block b - 1, F the factor of
 * block b - 1, and T_j the column with which X_b T_j is the value after j letters of block b. It is shown that
 *   the output for the empty word and in block 0 is right, wherever there is a value;
 *   in each block b > 0 the output after j letters is E_b(S) T_j, with one linear reading E_b of the last layer's state S before the block
 *     for all j: E_b is not given, it is what the output's terms leave over;
 *   before block 1, E_1(S) = X_1;
 *   E_{b+1}(S after block b) = E_b(S) F, whatever S and the letters are: so E_b(S) = X_b goes on from block to block;
 *   the router's state before some block is that before an earlier one, as functions of the letters: so finitely many blocks are all.
 * With verdicts, each equation may hold up to a positive factor. The m of a weighted automaton's network is not known: any one with
 * which all this holds is a proof, and a wrong one fails within a few blocks. */
#include "verify/block_proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verify/block_factors.h"

#define MOST_LETTERS    2000
#define MOST_REMEMBERED 3  /* blocks, or */
#define MOST_BUFFERED   32 /* letters: as many as the largest buffer has begun */

/* A letter of the word, and the blanks that the network wants after it. */
struct letter {
    size_t count;
    struct rw_letter_step *steps; /* of the last layer, one for each token */
    struct rw_letter_form output; /* afterwards, if there is a value */
    struct rw_letters *states;    /* of the router, before the letter; NULL: not at the start of a block */
    uint8_t *reached;             /* coordinates of the last layer that may be other than 0 before the letter */
};

struct argument {
    const struct rw_net *net;
    const struct rw_block_model *model;
    bool values; /* else verdicts: up to positive factors */
    struct rw_letter_space *space;
    struct rw_letter_run *run;
    size_t coordinates;
    fmpq *start;      /* the last layer's state after BOS */
    uint8_t *reached; /* coordinates that may be other than 0 by now */
    size_t count, capacity;
    struct letter *letters;
    struct rw_block_factors *factors;
    bool hopeless; /* no other length of blocks would do */
    struct rw_blocks_proof *proof;
    FILE *why;
};

const char *rw_blocks_too_much(const struct rw_letter_space *space)
{
    return space->many_letters ? "more letters at once than functions may have"
                               : "more letters than limit \"cells\" has cases for";
}

static bool fail(struct argument *a, const char *format, size_t block)
{
    if (a->why != NULL && a->space->exceeded)
        fprintf(a->why, "in block %zu, what the network does depends on %s", block, rw_blocks_too_much(a->space));
    else if (a->why != NULL)
        fprintf(a->why, format, block);
    return false;
}

/* --- equations --- */

/* f = factor * target for a factor > 0, which is 1 if values are wanted. `factor` 0: not known yet. */
static bool proportional(const struct argument *a, const struct rw_letters *f, const struct rw_letters *target,
                         fmpq_t factor)
{
    struct rw_letters wanted = {0};
    if (f->count == 0 || target->count == 0)
        return f->count == target->count;
    if (rw_q_is_zero(factor))
        fmpq_div(factor, &f->terms[0].value, &target->terms[0].value);
    rw_letters_addmul(a->space, &wanted, factor, target);
    bool good = rw_letters_equal(f, &wanted) && rw_q_sign(factor) > 0 && (!a->values || rw_q_is_one(factor));
    rw_letters_clear(&wanted);
    return good;
}

/* --- the network on letters --- */

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

/* The router's state, before the first letter of a block. */
static struct rw_letters *copy_states(const struct argument *a)
{
    size_t count = rw_letter_run_states(a->run);
    struct rw_letters *states = rw_alloc(count, sizeof *states);
    for (size_t i = 0; i < count; i++)
        rw_letters_set(states + i, rw_letter_run_state(a->run) + i);
    return states;
}

/* Reads the next letter. false: its output is no linear form of the state. */
static bool read_letter(struct argument *a)
{
    size_t blank = a->space->symbols, place = a->count;
    a->letters = rw_grow(a->letters, &a->capacity, a->count + 1, sizeof *a->letters);
    struct letter *letter = a->letters + a->count++;
    *letter = (struct letter){.count = a->net->padding + 1};
    letter->steps = rw_alloc(letter->count, sizeof *letter->steps);
    letter->reached = rw_alloc(a->coordinates, sizeof *letter->reached);
    memcpy(letter->reached, a->reached, a->coordinates);
    if (place % a->model->length == 0)
        letter->states = copy_states(a);
    for (size_t i = 0; i < letter->count && !a->space->exceeded; i++) {
        if (i == 0)
            rw_letter_run_next(a->run, letter->steps);
        else
            rw_letter_run_token(a->run, blank, letter->steps + i);
        if (!a->space->exceeded)
            reach(a, letter->steps + i);
    }
    bool linear = a->space->exceeded || !rw_block_model_has_value(a->model, place % a->model->length + 1) ||
                  rw_letter_run_output(a->run, &letter->output, a->why);
    a->hopeless = a->hopeless || !linear;
    return linear;
}

/* What later blocks do not need. */
static void forget(struct letter *letter)
{
    for (size_t i = 0; i < letter->count; i++)
        rw_letter_step_clear(letter->steps + i);
    free(letter->steps);
    letter->steps = NULL;
    letter->count = 0;
    rw_letter_form_clear(&letter->output);
}

static void free_letter(struct argument *a, struct letter *letter)
{
    forget(letter);
    for (size_t i = 0; i < rw_letter_run_states(a->run) && letter->states != NULL; i++)
        rw_letters_clear(letter->states + i);
    free(letter->states);
    free(letter->reached);
}

/* --- forms of the state --- */

/* The form of the state before letter `from` that has the value of `form` after letter to - 1. */
static void pull_back(struct argument *a, size_t from, size_t to, struct rw_letter_form *form)
{
    for (size_t t = to; t-- > from;)
        for (size_t i = a->letters[t].count; i-- > 0 && !a->space->exceeded;)
            rw_letter_form_before(a->space, form, a->letters[t].steps + i);
}

/* The form's value on the state after BOS. */
static void at_start(struct argument *a, const struct rw_letter_form *form, struct rw_letters *value)
{
    rw_letters_set(value, &form->constant);
    for (size_t i = 0; i < form->count; i++)
        rw_letters_addmul(a->space, value, a->start + i, form->of_state + i);
}

/* The output after letter t, as a form of the state before letter `from`. */
static struct rw_letter_form output_from(struct argument *a, size_t from, size_t t)
{
    struct rw_letter_form form = rw_letter_form_new(a->coordinates);
    rw_letters_set(&form.constant, &a->letters[t].output.constant);
    for (size_t i = 0; i < a->coordinates; i++)
        rw_letters_set(form.of_state + i, a->letters[t].output.of_state + i);
    pull_back(a, from, t + 1, &form);
    return form;
}

/* The form's letters counted from that place on, if it reads none before. */
static bool count_from(struct argument *a, size_t place, struct rw_letter_form *form)
{
    bool near = true;
    for (size_t i = 0; i < form->count && near; i++)
        near = rw_letters_starts_at(a->space, form->of_state + i, (uint32_t)place);
    for (size_t i = 0; i < form->count && near; i++)
        rw_letters_earlier(a->space, form->of_state + i, (uint32_t)place);
    return near;
}

static bool matrices_start_at(const struct rw_letter_space *space, const struct rw_letter_step *step, size_t place)
{
    for (size_t h = 0; h < step->heads; h++)
        for (size_t e = 0; e < step->transitions[h].rows * step->transitions[h].cols; e++)
            if (!rw_letters_starts_at(space, step->transitions[h].at + e, (uint32_t)place))
                return false;
    return true;
}

/* A router that works forgets: what depends on more than two blocks is not followed any further, numbers may grow without end there. */
static bool reads_near_letters(const struct argument *a, size_t b, const struct letter *letter)
{
    size_t place = b > 0 ? (b - 1) * a->model->length : 0;
    bool near = true;
    for (size_t i = 0; i < letter->count && near; i++)
        near = matrices_start_at(a->space, letter->steps + i, place);
    for (size_t i = 0; i < letter->output.count && near; i++)
        near = rw_letters_starts_at(a->space, letter->output.of_state + i, (uint32_t)place);
    return near;
}

static fmpq *reading_of(const struct argument *a, size_t b)
{
    return a->proof->readings[b - 1].at;
}

static fmpq *add_reading(struct argument *a)
{
    struct rw_blocks_proof *proof = a->proof;
    proof->readings = rw_grow(proof->readings, &proof->capacity, proof->count + 1, sizeof *proof->readings);
    return proof->readings[proof->count++].at = rw_q_list_new(rw_product(a->coordinates, a->model->dimension));
}

/* --- the parts of the proof --- */

/* A number where there is no letter yet: the same, or for verdicts the same sign. */
static bool right_number(const struct argument *a, const fmpq_t output, const fmpq_t wanted)
{
    if (a->net->decision == RW_DECIDE_POSITIVE)
        return (rw_q_sign(output) > 0) == (rw_q_sign(wanted) > 0);
    return a->values ? fmpq_equal(output, wanted) : rw_q_sign(output) == rw_q_sign(wanted);
}

static bool empty_word(struct argument *a)
{
    struct rw_letter_form form;
    struct rw_letters value = {0};
    fmpq_t output, wanted;
    fmpq_init(output);
    fmpq_init(wanted);
    bool good = rw_letter_run_output(a->run, &form, a->why);
    if (good) {
        at_start(a, &form, &value);
        good = rw_letters_is_constant(&value, output) && rw_letters_is_constant(a->model->first, wanted) &&
               right_number(a, output, wanted);
        good = good || fail(a, "the output for the empty word is not right", 0);
    }
    a->hopeless = a->hopeless || !good;
    rw_letter_form_clear(&form);
    rw_letters_clear(&value);
    fmpq_clear(output);
    fmpq_clear(wanted);
    return good;
}

/* The output after letter t of block 0 is the value of the letters so far. */
static bool first_output(struct argument *a, size_t t)
{
    struct rw_letter_form form = output_from(a, 0, t);
    struct rw_letters value = {0};
    fmpq_t factor;
    fmpq_init(factor);
    at_start(a, &form, &value);
    bool good = proportional(a, &value, a->model->first + t + 1, factor) && !a->space->exceeded;
    rw_letter_form_clear(&form);
    rw_letters_clear(&value);
    fmpq_clear(factor);
    a->hopeless = a->hopeless || !good;
    return good || fail(a, "an output in the first block (block %zu) is not the value of the letters so far", 0);
}

/* The outputs of block b > 0 are E_b(S) T_j: finds E_b. outputs[j - 1]: after j letters, as a form of the state before the block. */
static bool outputs_of_block(struct argument *a, size_t b, const struct rw_letter_form *outputs)
{
    fmpq *at = add_reading(a);
    const uint8_t *reached = a->letters[b * a->model->length].reached;
    bool good = true;
    for (size_t j = 1; j <= a->model->ahead && good; j++)
        good = rw_letters_is_zero(&outputs[j - 1].constant);
    for (size_t i = 0; i < a->coordinates && good && !a->space->exceeded; i++)
        good = !reached[i] || rw_block_factors_find(a->factors, a->space, outputs, i, at + i * a->model->dimension);
    return (good && !a->space->exceeded) ||
           fail(a,
                "the output in block %zu is not a linear reading of the state before it times the block's "
                "matrix and the one before",
                b);
}

/* Number j of E_{b+1}, as a form of the state after block b, seen from before it. */
static struct rw_letter_form next_reading(struct argument *a, size_t b, const fmpq *reading, size_t j)
{
    struct rw_letter_form form = rw_letter_form_new(a->coordinates);
    for (size_t i = 0; i < a->coordinates; i++)
        rw_letters_add_constant(a->space, form.of_state + i, reading + i * a->model->dimension + j);
    pull_back(a, b * a->model->length, (b + 1) * a->model->length, &form);
    return form;
}

/* E_1(S before block 1) = X_1. */
static bool first_reading(struct argument *a, const fmpq *reading)
{
    fmpq_t factor;
    bool good = true;
    fmpq_init(factor);
    for (size_t j = 0; j < a->model->dimension && good; j++) {
        struct rw_letter_form form = next_reading(a, 0, reading, j);
        struct rw_letters f = {0}, wanted = {0};
        at_start(a, &form, &f);
        rw_letters_add_constant(a->space, &wanted, a->model->start + j);
        good = proportional(a, &f, &wanted, factor);
        rw_letters_clear(&f);
        rw_letters_clear(&wanted);
        rw_letter_form_clear(&form);
    }
    fmpq_clear(factor);
    return (good && !a->space->exceeded) ||
           fail(a, "the state after the first block (block %zu) does not hold the row that the machine starts with", 0);
}

/* target[i] += coordinate i of number j of E_b(S) F */
static void add_wanted(struct argument *a, size_t b, size_t j, struct rw_letters *target)
{
    size_t d = a->model->dimension;
    const fmpq *reading = reading_of(a, b);
    for (size_t k = 0; k < d; k++)
        for (size_t i = 0; i < a->coordinates; i++)
            rw_letters_addmul(a->space, target + i, reading + i * d + k, a->model->factor + k * d + j);
}

/* E_{b+1}(S after block b) = E_b(S) F: the overwrites of block b, for all letters and all S. */
static bool block_multiplies(struct argument *a, size_t b, const fmpq *after)
{
    const uint8_t *reached = a->letters[b * a->model->length].reached;
    fmpq_t factor;
    bool good = true;
    fmpq_init(factor);
    for (size_t j = 0; j < a->model->dimension && good && !a->space->exceeded; j++) {
        struct rw_letter_form form = next_reading(a, b, after, j);
        struct rw_letters *target = rw_alloc(a->coordinates, sizeof *target);
        add_wanted(a, b, j, target);
        good = rw_letters_is_zero(&form.constant) && count_from(a, (b - 1) * a->model->length, &form);
        for (size_t i = 0; i < a->coordinates && good; i++)
            good = !reached[i] || proportional(a, form.of_state + i, target + i, factor);
        for (size_t i = 0; i < a->coordinates; i++)
            rw_letters_clear(target + i);
        free(target);
        rw_letter_form_clear(&form);
    }
    fmpq_clear(factor);
    return (good && !a->space->exceeded) ||
           fail(a, "block %zu does not multiply what the state holds by what was read in the block before it", b);
}

/* The block before `now` before which the router's state was the same, and the same coordinates could be other than 0; 0: none. */
static size_t repeated(const struct argument *a, size_t now)
{
    const struct letter *at = a->letters + now * a->model->length;
    for (size_t b = 1; b < now; b++) {
        const struct letter *then = a->letters + b * a->model->length;
        bool same = memcmp(then->reached, at->reached, a->coordinates) == 0;
        uint32_t shift = (uint32_t)((now - b) * a->model->length);
        for (size_t i = 0; i < rw_letter_run_states(a->run) && same; i++)
            same = rw_letters_equal_shifted(a->space, then->states + i, at->states + i, shift);
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

/* Whether the router remembers no more letters than a buffer has. */
static bool router_forgets(const struct argument *a)
{
    const struct rw_letters *states = rw_letter_run_state(a->run);
    size_t most = a->model->length * MOST_REMEMBERED;
    most = most > MOST_BUFFERED ? most : MOST_BUFFERED;
    uint32_t oldest = a->count > most ? (uint32_t)(a->count - most) : 0;
    for (size_t i = 0; i < rw_letter_run_states(a->run); i++)
        if (!rw_letters_starts_at(a->space, states + i, oldest))
            return false;
    return true;
}

/* Letter t is read, and is one that block b may depend on. */
static bool read_for_block(struct argument *a, size_t b, size_t t)
{
    while (a->count <= t && !a->space->exceeded)
        if (!read_letter(a))
            return false;
    return ((!a->space->exceeded && router_forgets(a)) ||
            fail(a, "after block %zu the router still remembers letters of blocks long before", b)) &&
           (reads_near_letters(a, b, a->letters + t) ||
            fail(a, "what the network does in block %zu depends on letters before the block before it", b));
}

static bool prove_first_block(struct argument *a)
{
    bool good = true;
    for (size_t t = 0; t < a->model->length && good; t++)
        good = read_for_block(a, 0, t) && (!rw_block_model_has_value(a->model, t + 1) || first_output(a, t));
    return good;
}

static bool prove_block(struct argument *a, size_t b)
{
    size_t ahead = a->model->ahead, from = b * a->model->length;
    struct rw_letter_form *outputs = rw_alloc(ahead, sizeof *outputs);
    bool good = true;
    for (size_t j = 1; j <= ahead && good; j++) {
        good = read_for_block(a, b, from + j - 1);
        if (good && rw_block_model_has_value(a->model, j)) {
            outputs[j - 1] = output_from(a, from, from + j - 1);
            good = (!a->space->exceeded && count_from(a, from - a->model->length, outputs + (j - 1))) ||
                   fail(a, "what the network does in block %zu depends on letters before the block before it", b);
        }
    }
    good = good && outputs_of_block(a, b, outputs) && passes_on(a, b, reading_of(a, b));
    for (size_t j = 0; j < ahead; j++)
        rw_letter_form_clear(outputs + j);
    free(outputs);
    for (size_t t = from - a->model->length; t < from && good; t++)
        forget(a->letters + t);
    return good;
}

static bool prove(struct argument *a, struct rw_progress *progress)
{
    if (!empty_word(a) || !prove_first_block(a))
        return false;
    for (size_t b = 1; (b + 1) * a->model->length <= MOST_LETTERS; b++) {
        a->space->work = 0;
        if (!rw_progress_report(progress, "blocks", b, 0) || !prove_block(a, b) ||
            !read_for_block(a, b + 1, (b + 1) * a->model->length))
            return false;
        size_t first = repeated(a, b + 1);
        if (first > 0) {
            a->proof->first = first;
            a->proof->period = b + 1 - first;
            return passes_on(a, b + 1, reading_of(a, first));
        }
    }
    return fail(a, "the router's state does not repeat within %zu letters", MOST_LETTERS);
}

/* --- one length of blocks --- */

/* The last layer's state after BOS, from 0: what BOS writes. */
static void start(struct argument *a)
{
    struct rw_letter_step step = {0};
    size_t i = 0;
    rw_letter_run_token(a->run, a->net->embedding->cols - 1, &step);
    a->start = rw_q_list_new(a->coordinates);
    a->reached = rw_alloc(a->coordinates, sizeof *a->reached);
    for (size_t h = 0; h < step.heads; h++)
        for (size_t e = 0; e < step.writes[h].rows * step.writes[h].cols; e++) {
            a->space->exceeded = a->space->exceeded || !rw_letters_is_constant(step.writes[h].at + e, a->start + i);
            a->reached[i] = !rw_q_is_zero(a->start + i);
            i++;
        }
    rw_letter_step_clear(&step);
}

static void finish(struct argument *a)
{
    for (size_t t = 0; t < a->count; t++)
        free_letter(a, a->letters + t);
    free(a->letters);
    rw_q_list_free(a->start, a->coordinates);
    free(a->reached);
    rw_block_factors_free(a->factors);
    rw_letter_run_free(a->run);
}

bool rw_prove_blocks(const struct rw_net *net, const struct rw_block_model *model, struct rw_letter_space *space,
                     struct rw_progress *progress, struct rw_blocks_proof *proof, bool *hopeless, FILE *why)
{
    struct argument a = {.net = net, .model = model, .space = space, .proof = proof, .why = why};
    a.values = net->decision == RW_DECIDE_VALUE;
    a.run = rw_letter_run_new(net, space);
    a.coordinates = rw_net_coordinate(net, net->layer_count, 0) - rw_net_coordinate(net, net->layer_count - 1, 0);
    proof->coordinates = a.coordinates;
    proof->dimension = model->dimension;
    proof->length = model->length;
    proof->states = model->states;
    proof->basis = rw_q_list_new(rw_product(model->dimension, model->states));
    for (size_t i = 0; i < model->dimension * model->states; i++)
        fmpq_set(proof->basis + i, model->basis + i);
    start(&a);
    a.factors = rw_block_factors_new(model);
    bool equal = (!space->exceeded || fail(&a, "", 0)) && prove(&a, progress);
    proof->cases = space->cases;
    *hopeless = a.hopeless;
    finish(&a);
    return equal;
}
