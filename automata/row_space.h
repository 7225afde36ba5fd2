/* row_space.h - a space of rows, such as those that the rows alpha M_w of a weighted automaton span, exactly.
 *
 * Rows are integers without a common factor, in echelon form: each has its pivot, its first nonzero entry, at a state of its own. */
#ifndef RW_AUTOMATA_ROW_SPACE_H
#define RW_AUTOMATA_ROW_SPACE_H

#include "automata/wfa.h"

#define RW_NO_ROW SIZE_MAX

/* A row of the basis: reduced by those before. The word is its parent's word and a symbol; reducing adds only rows of
 * earlier words. */
struct rw_integer_row {
    size_t count;
    uint32_t *index; /* ascending */
    fmpz *value;
    size_t parent;
    uint32_t symbol;
};

struct rw_row_space {
    size_t states; /* entries of a vector */
    struct rw_integer_row *rows;
    size_t count, capacity;
    size_t *pivot;  /* for each state: the row whose first entry is there, or RW_NO_ROW */
    uint64_t cells; /* entries of all rows */
};

/* No rows. Caller clears. */
void rw_row_space_init(struct rw_row_space *space, size_t states);
void rw_row_space_clear(struct rw_row_space *space);
/* Reduces v by the basis. The place of its first entry that is left, or the number of states: v was dependent. */
size_t rw_row_space_reduce(const struct rw_row_space *space, struct rw_vector *v);
/* Takes a reduced row with its pivot. */
void rw_row_space_add(struct rw_row_space *space, struct rw_vector *v, size_t pivot, size_t parent, uint32_t symbol);
/* Puts a vector in the place of row i; its pivot stays what it is. */
void rw_row_space_replace(struct rw_row_space *space, size_t i, struct rw_vector *v);
/* to <- row M_symbol; `from` is work space. */
void rw_row_extend(const struct rw_integer_row *row, const struct rw_wfa *wfa, uint32_t symbol, struct rw_vector *from,
                   struct rw_vector *to);

/* The same line: integers without a common factor. */
void rw_row_make_primitive(struct rw_vector *v);
/* v <- (r_i v - v_i r) / gcd(r_i, v_i), r_i the pivot of r: v_i becomes 0. */
void rw_row_eliminate(struct rw_vector *v, const struct rw_integer_row *r, uint32_t i);

#endif
