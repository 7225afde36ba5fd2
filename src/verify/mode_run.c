/* mode_run.c - the table of a machine's steps, and runs through it. */
#include "verify/mode_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define MOST_CELLS (1 << 22)
/* Counters move by at most so much: they do not overflow in any number of steps that can be waited for. */
#define FARTHEST (1 << 20)

/* Actions on stacks; PUSH + letter. Of counters: what is added, or RESET. */
enum { KEEP, POP, PUSH };
#define RESET INT64_MIN

static bool has_stacks(const struct rw_modes *modes)
{
    return modes->letters > 0;
}

/* --- the table --- */

/* Effects are affine maps (rw_effect_push and the like). false: a counter moves too far. */
static bool action_of(const struct rw_modes *modes, const struct rw_effect *effect, int64_t *action)
{
    if (!has_stacks(modes)) {
        *action = fmpq_is_zero(effect->factor) ? RESET : fmpz_get_si(fmpq_numref(effect->add));
        return *action == RESET || (*action <= FARTHEST && *action >= -FARTHEST);
    }
    int growth = rw_effect_growth(effect);
    *action = growth > 0 ? POP : growth == 0 ? KEEP : PUSH + (int64_t)rw_effect_letter(effect, modes->letters);
    return true;
}

static bool fill_cell(struct rw_mode_table *table, size_t row, uint32_t symbol, const uint32_t *classes,
                      struct rw_effect *effects)
{
    const struct rw_modes *modes = table->modes;
    size_t cell = row * modes->symbols + symbol;
    bool good = true;
    modes->step(modes, (uint32_t)(row / table->patterns), symbol, classes, table->to + cell, effects);
    for (size_t i = 0; i < modes->numbers && good; i++)
        good = action_of(modes, effects + i, table->actions + cell * modes->numbers + i);
    return good;
}

static bool fill(struct rw_mode_table *table)
{
    const struct rw_modes *modes = table->modes;
    struct rw_effect effects[RW_MOST_NUMBERS];
    uint32_t classes[RW_MOST_NUMBERS];
    bool good = true;
    for (size_t i = 0; i < modes->numbers; i++) {
        fmpq_init(effects[i].factor);
        fmpq_init(effects[i].add);
    }
    for (size_t row = 0; row < table->rows && good; row++) {
        size_t pattern = row % table->patterns;
        for (size_t i = 0; i < modes->numbers; i++, pattern /= modes->classes)
            classes[i] = (uint32_t)(pattern % modes->classes);
        for (uint32_t symbol = 0; symbol < modes->symbols && good; symbol++)
            good = fill_cell(table, row, symbol, classes, effects);
    }
    for (size_t i = 0; i < modes->numbers; i++) {
        fmpq_clear(effects[i].factor);
        fmpq_clear(effects[i].add);
    }
    return good;
}

bool rw_mode_table_make(struct rw_mode_table *table, const struct rw_modes *modes)
{
    *table = (struct rw_mode_table){.modes = modes, .patterns = 1};
    size_t cells = modes->modes * modes->symbols;
    for (size_t i = 0; i < modes->numbers && cells <= MOST_CELLS; i++) {
        table->patterns *= modes->classes;
        cells *= modes->classes;
    }
    if (cells > MOST_CELLS)
        return false;
    table->rows = modes->modes * table->patterns;
    table->to = rw_alloc(cells, sizeof *table->to);
    table->actions = rw_alloc(cells * modes->numbers, sizeof *table->actions);
    table->marked = rw_alloc(cells, 1);
    table->watched = rw_alloc(table->rows, 1);
    return fill(table);
}

void rw_mode_table_clear(struct rw_mode_table *table)
{
    free(table->to);
    free(table->actions);
    free(table->marked);
    free(table->watched);
    *table = (struct rw_mode_table){0};
}

static size_t row_of(const struct rw_mode_table *table, uint32_t mode, const uint32_t *classes)
{
    size_t pattern = 0;
    for (size_t i = table->modes->numbers; i-- > 0;)
        pattern = pattern * table->modes->classes + classes[i];
    return mode * table->patterns + pattern;
}

void rw_mode_table_mark(struct rw_mode_table *table, uint32_t mode, uint32_t symbol, const uint32_t *classes)
{
    size_t row = row_of(table, mode, classes);
    table->marks += table->marked[row * table->modes->symbols + symbol] == 0;
    table->marked[row * table->modes->symbols + symbol] = 1;
    table->watched[row] = 1;
}

/* --- runs --- */

static uint32_t class_of(const struct rw_modes *modes, const struct rw_mode_number *number)
{
    if (has_stacks(modes))
        return number->depth == 0 ? 0 : number->letters[number->depth - 1] + 1u;
    return number->value == 0 ? 0 : number->value > 0 ? 1 : 2;
}

static void find_row(struct rw_mode_run *run)
{
    uint32_t classes[RW_MOST_NUMBERS];
    for (size_t i = 0; i < run->table->modes->numbers; i++)
        classes[i] = class_of(run->table->modes, run->numbers + i);
    run->row = row_of(run->table, run->mode, classes);
}

void rw_mode_run_init(struct rw_mode_run *run, const struct rw_mode_table *table)
{
    *run = (struct rw_mode_run){.table = table};
    rw_mode_run_start(run);
}

void rw_mode_run_clear(struct rw_mode_run *run)
{
    for (size_t i = 0; i < run->table->modes->numbers; i++)
        free(run->numbers[i].letters);
}

void rw_mode_run_start(struct rw_mode_run *run)
{
    run->mode = run->table->modes->initial;
    for (size_t i = 0; i < run->table->modes->numbers; i++) {
        run->numbers[i].value = 0;
        run->numbers[i].depth = 0;
    }
    find_row(run);
}

void rw_mode_run_copy(struct rw_mode_run *to, const struct rw_mode_run *from)
{
    to->mode = from->mode;
    to->row = from->row;
    for (size_t i = 0; i < from->table->modes->numbers; i++) {
        const struct rw_mode_number *source = from->numbers + i;
        struct rw_mode_number *number = to->numbers + i;
        number->letters = rw_grow(number->letters, &number->capacity, source->depth, 1);
        if (source->depth > 0)
            memcpy(number->letters, source->letters, source->depth);
        number->depth = source->depth;
        number->value = source->value;
    }
}

static void act(const struct rw_modes *modes, struct rw_mode_number *number, int64_t action)
{
    if (!has_stacks(modes)) {
        number->value = action == RESET ? 0 : number->value + action;
    } else if (action == POP) {
        number->depth--;
    } else if (action >= PUSH) {
        number->letters = rw_grow(number->letters, &number->capacity, number->depth + 1, 1);
        number->letters[number->depth++] = (uint8_t)(action - PUSH);
    }
}

void rw_mode_run_step(struct rw_mode_run *run, uint32_t symbol)
{
    const struct rw_modes *modes = run->table->modes;
    size_t cell = rw_mode_run_cell(run, symbol);
    for (size_t i = 0; i < modes->numbers; i++)
        act(modes, run->numbers + i, run->table->actions[cell * modes->numbers + i]);
    run->mode = run->table->to[cell];
    find_row(run);
}

bool rw_mode_run_rests(const struct rw_mode_run *run, uint32_t symbol)
{
    const struct rw_modes *modes = run->table->modes;
    size_t cell = rw_mode_run_cell(run, symbol);
    bool rests = run->table->to[cell] == run->mode;
    for (size_t i = 0; i < modes->numbers && rests; i++) {
        int64_t action = run->table->actions[cell * modes->numbers + i];
        rests = action == 0 || (action == RESET && !has_stacks(modes) && run->numbers[i].value == 0);
    }
    return rests;
}

/* A stack is a fraction in base 2B, the top letter b first, as the digit 2b + 1. */
void rw_mode_run_value(const struct rw_mode_run *run, size_t i, fmpq_t value)
{
    const struct rw_mode_number *number = run->numbers + i;
    ulong base = 2 * run->table->modes->letters;
    fmpq_set_si(value, number->value, 1);
    if (!has_stacks(run->table->modes))
        return;
    fmpz_zero(fmpq_numref(value));
    for (size_t k = number->depth; k-- > 0;) {
        fmpz_mul_ui(fmpq_numref(value), fmpq_numref(value), base);
        fmpz_add_ui(fmpq_numref(value), fmpq_numref(value), 2u * number->letters[k] + 1);
    }
    fmpz_set_ui(fmpq_denref(value), base);
    fmpz_pow_ui(fmpq_denref(value), fmpq_denref(value), number->depth);
    fmpq_canonicalise(value);
}
