/* reached.h - a basis of joint rows, with coefficients: what certificates of linear arguments say. Internal to verify. */
#ifndef RW_VERIFY_REACHED_H
#define RW_VERIFY_REACHED_H

#include "automata/wfa.h"
#include "verify/row.h"

/* Of a row: it is row `parent` times M_symbol. */
#define RW_NO_PARENT SIZE_MAX

struct rw_reached_row {
    struct rw_row row;
    size_t parent; /* the first row of which it is a step, symbols in order; RW_NO_PARENT: it is alpha, or of none */
    uint32_t symbol;
};

/* rows[i] M_s = sum over j of steps[i * symbols + s][j] rows[j], and alpha = sum over j of start[j] rows[j]. */
struct rw_reached {
    size_t count, capacity, symbols, step_count, step_capacity;
    struct rw_reached_row *rows;
    struct rw_row *steps, start;
};

/* Rows alpha M_w, breadth first, if numbers stay below 64 bits; else the reduced basis of the space that they span, which has
 * smaller ones. false: there are more than max_cells entries. Clear in any case. */
bool rw_reached_find(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached);
void rw_reached_clear(struct rw_reached *reached);

/* For rw_reached_find: the reduced basis. */
bool rw_reached_reduced(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached);

#endif
