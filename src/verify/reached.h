/* reached.h - a basis of reached rows, with coefficients: what a linear certificate says. Internal to verify. */
#ifndef RW_VERIFY_REACHED_H
#define RW_VERIFY_REACHED_H

#include "automata/wfa.h"
#include "verify/row.h"

/* The row alpha M_w; w is the word of row `parent` and then `symbol` (row 0: the empty word). */
struct rw_reached_row {
    struct rw_row row;
    size_t parent;
    uint32_t symbol;
};

/* rows[i] M_s = sum over j of steps[i * symbols + s][j] rows[j]. Without rows alpha is 0. */
struct rw_reached {
    size_t count, capacity, symbols, step_count, step_capacity;
    struct rw_reached_row *rows;
    struct rw_row *steps;
};

/* Breadth first. false: there are more than max_cells entries. Clear in any case. */
bool rw_reached_find(const struct rw_wfa *wfa, uint64_t max_cells, struct rw_reached *reached);
void rw_reached_clear(struct rw_reached *reached);

#endif
