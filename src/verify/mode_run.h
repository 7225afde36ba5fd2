/* mode_run.h - a machine's run as its modes see it, fast: all steps in one table, stacks as letters, counters as integers. Internal to verify.
 *
 * For runs of many millions of steps, in which a machine is watched for cells that are marked: a mode, a symbol and the classes of all numbers. */
#ifndef RW_VERIFY_MODE_RUN_H
#define RW_VERIFY_MODE_RUN_H

#include "verify/modes.h"

/* Row (mode * patterns + pattern) of all combinations of classes; cell row * symbols + symbol. */
struct rw_mode_table {
    const struct rw_modes *modes;
    size_t patterns, rows, marks;
    uint32_t *to;     /* for each cell, the mode after it */
    int64_t *actions; /* and for each number what is done to it */
    uint8_t *marked;  /* cells */
    uint8_t *watched; /* rows with a marked cell */
};

/* false: it would be too large, or a counter moves too far. Clear in any case; the modes must outlive it. */
bool rw_mode_table_make(struct rw_mode_table *table, const struct rw_modes *modes);
void rw_mode_table_clear(struct rw_mode_table *table);
void rw_mode_table_mark(struct rw_mode_table *table, uint32_t mode, uint32_t symbol, const uint32_t *classes);

struct rw_mode_number {
    int64_t value;    /* of a counter */
    uint8_t *letters; /* of a stack, the top one last */
    size_t depth, capacity;
};

struct rw_mode_run {
    const struct rw_mode_table *table;
    uint32_t mode;
    size_t row;
    struct rw_mode_number numbers[RW_MOST_NUMBERS];
};

/* At the start. The table must outlive it. */
void rw_mode_run_init(struct rw_mode_run *run, const struct rw_mode_table *table);
void rw_mode_run_clear(struct rw_mode_run *run);
void rw_mode_run_start(struct rw_mode_run *run);
void rw_mode_run_copy(struct rw_mode_run *to, const struct rw_mode_run *from);
void rw_mode_run_step(struct rw_mode_run *run, uint32_t symbol);
/* The number as the modes define it. */
void rw_mode_run_value(const struct rw_mode_run *run, size_t number, fmpq_t value);

static inline size_t rw_mode_run_cell(const struct rw_mode_run *run, uint32_t symbol)
{
    return run->row * run->table->modes->symbols + symbol;
}

/* In the mode that nothing leaves. */
static inline bool rw_mode_run_is_dead(const struct rw_mode_run *run)
{
    return run->mode + 1 == run->table->modes->modes;
}

/* Whether the symbol changes nothing, now and for ever. */
bool rw_mode_run_rests(const struct rw_mode_run *run, uint32_t symbol);

#endif
