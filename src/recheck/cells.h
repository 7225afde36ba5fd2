/* cells.h - certificates of kind "cells": machines with counters or stacks beside networks of ReLUs. Internal to recheck. */
#ifndef RW_RECHECK_CELLS_H
#define RW_RECHECK_CELLS_H

#include "automata/machine.h"
#include "exact/sparse.h"
#include "recheck/net.h"
#include "recheck/recheck.h"

/* --- affine functions of t_1 ... t_k, each in a closed interval that may be endless --- */

struct rw_cell_box {
    fmpq low, high;
    bool no_low, no_high;
};

/* size entries of k + 1 numbers: entry i is v[i * (k + 1)] + sum of v[i * (k + 1) + p] t_p. */
struct rw_cell_form {
    size_t size, k;
    fmpq *v;
};
struct rw_cell_form rw_cell_form_new(size_t size, size_t k);
void rw_cell_form_free(struct rw_cell_form *form);
static inline fmpq *rw_cell_entry(const struct rw_cell_form *form, size_t i, size_t part)
{
    return form->v + i * (form->k + 1) + part;
}
/* The least and the greatest value of entry i on the boxes; false: none. */
bool rw_cell_least(const struct rw_cell_form *form, size_t i, const struct rw_cell_box *boxes, fmpq_t value);
bool rw_cell_greatest(const struct rw_cell_form *form, size_t i, const struct rw_cell_box *boxes, fmpq_t value);
/* Whether both are the same functions on the boxes: where a box is a point only its value counts. */
bool rw_cell_same(const struct rw_cell_form *a, const struct rw_cell_form *b, const struct rw_cell_box *boxes);

/* --- the network --- */

/* Whether all heads are relu, mlp or gated, and the decision is about the output after each token. */
bool rw_cell_net_is_one(const struct rw_recheck_net *net);
/* One step, in place; token = number of tokens is BOS. `output` has one entry. false: some ReLU has no single sign on the boxes, or a product is not
 * affine. */
bool rw_cell_net_step(const struct rw_recheck_net *net, size_t token, const struct rw_cell_box *boxes,
                      struct rw_cell_form *state, struct rw_cell_form *output);

/* --- the machine, by modes --- */

#define RW_CELL_NUMBERS 32

/* s <- factor s + add */
struct rw_cell_effect {
    fmpq_t factor, add;
    bool pops;       /* what was below comes up */
    uint32_t pushed; /* the class on top afterwards if the factor is below 1 */
};

/* What the modes of a counter machine are: its states; its rules; or the state, the symbol and the classes before the last step. */
enum rw_cell_history { RW_CELL_STATES, RW_CELL_RULES, RW_CELL_STEPS };

struct rw_cell_machine {
    const struct rw_machine *machine;
    size_t modes, numbers, classes, letters; /* letters 0: counters */
    uint32_t initial;
    enum rw_cell_history history;
    size_t patterns; /* combinations of classes */
};
/* false: no machine of modes. */
bool rw_cell_machine_make(struct rw_cell_machine *view, const struct rw_machine *machine, enum rw_cell_history history);
/* The values that a class has as numbers: for counters; and what the last step of the mode made of them, for modes that are steps. */
void rw_cell_class_box(uint32_t class, struct rw_cell_box *box);
void rw_cell_reached_box(const struct rw_cell_machine *view, uint32_t mode, size_t number, struct rw_cell_box *box);
/* The mode and the effects of a symbol; effects are initialised. */
uint32_t rw_cell_machine_step(const struct rw_cell_machine *view, uint32_t mode, uint32_t symbol,
                              const uint32_t *classes, struct rw_cell_effect *effects);
int rw_cell_machine_verdict(const struct rw_cell_machine *view, uint32_t mode, const uint32_t *classes);

#endif
