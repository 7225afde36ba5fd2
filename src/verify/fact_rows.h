/* fact_rows.h - what a letter does to units and registers together, as rows of linear forms. Internal to verify.
 *
 * A point x holds the network's units and then the automaton's registers. A row is a linear form of x with a constant (farkas.h). */
#ifndef RW_VERIFY_FACT_ROWS_H
#define RW_VERIFY_FACT_ROWS_H

#include "automata/cra.h"
#include "rnn/net.h"

struct rw_fact_space {
    const struct rw_cra *cra;
    const struct rw_net *net;
    size_t units, size;
};

/* `count` rows of 0, one after another. */
fmpq *rw_rows_new(const struct rw_fact_space *space, size_t count);
void rw_rows_free(const struct rw_fact_space *space, fmpq *rows, size_t count);
fmpq *rw_rows_at(const struct rw_fact_space *space, fmpq *rows, size_t i);
void rw_rows_zero(const struct rw_fact_space *space, fmpq *row);
/* to = -from; they may be the same. */
void rw_rows_negate(const struct rw_fact_space *space, fmpq *to, const fmpq *from);
void rw_rows_value(const struct rw_fact_space *space, const fmpq *row, const fmpq *x, fmpq_t value);
/* row += sign * a form of the registers */
void rw_rows_add_form(const struct rw_fact_space *space, const struct rw_cra_form *form, int sign, fmpq *row);

#define RW_NO_CHOICE SIZE_MAX
/* Place j becomes fixed_j(x) + the choice, where it is positive: the ReLU of each unit, and the maxima of registers. */
struct rw_fact_letter {
    size_t choices;
    fmpq *choice, *fixed;
    size_t *choice_of; /* for each place, or RW_NO_CHOICE */
};
struct rw_fact_letter rw_fact_letter_read(const struct rw_fact_space *space, uint32_t symbol);
void rw_fact_letter_clear(const struct rw_fact_space *space, struct rw_fact_letter *letter);
/* (network's output) - (automaton's) after a token. */
void rw_fact_output(const struct rw_fact_space *space, size_t token, fmpq *row);

#endif
