/* router_run.h - the layers of a network before its last one, run exactly, with every step remembered. Internal to verify.
 *
 * The rows of a linear head's state move independently of each other: s <- s A(x) + b(x). A row that was met has a
 * number, and what becomes of it is computed once for each input of its layer. So the state of all these heads is a tuple
 * of numbers, and running it is looking up. */
#ifndef RW_VERIFY_ROUTER_RUN_H
#define RW_VERIFY_ROUTER_RUN_H

#include "rnn/net.h"

struct rw_router_run;

/* All heads of those layers must be linear; the net must outlive it. Caller frees. */
struct rw_router_run *rw_router_run_new(const struct rw_net *net);
void rw_router_run_free(struct rw_router_run *run);
/* How many rows a state has. */
size_t rw_router_run_rows(const struct rw_router_run *run);
/* One token from the state `rows`, in place; all of them 0 is the state 0. `stream` (of the net's width) receives what
 * the last layer reads. */
void rw_router_run_step(struct rw_router_run *run, uint32_t token, uint32_t *rows, struct rw_vector *stream);
/* state = the coordinates of the heads, numbered as in the net. */
void rw_router_run_state(const struct rw_router_run *run, const uint32_t *rows, struct rw_vector *state);
/* Words of memory that rows and steps take, and multiplications and look-ups so far. */
uint64_t rw_router_run_cells(const struct rw_router_run *run);
uint64_t rw_router_run_work(const struct rw_router_run *run);

#endif
