/* series.h - both sides of a certificate as weighted automata. Internal to recheck. */
#ifndef RW_RECHECK_SERIES_H
#define RW_RECHECK_SERIES_H

#include "automata/wfa.h"
#include "recheck/net.h"
#include "recheck/recheck.h"

struct rw_recheck_series {
    struct rw_wfa *f;
    bool values;                /* numbers, else verdicts f > 0 */
    struct rw_alphabet *tokens; /* owned */
};

/* The series `key` of a machine; NULL: it has none of that name. */
struct rw_wfa *rw_recheck_machine(const struct rw_machine *machine, const char *key, const struct rw_limits *limits);

/* The series of a network with one layer of linear heads, from its file. Its states are the coordinates of all heads,
 * the constant 1, and the output. false, and why, if the text is none. Clear in any case. */
bool rw_recheck_net_series(const struct rw_source *source, const struct rw_limits *limits,
                           struct rw_recheck_series *series, FILE *why);
/* One step of a layer of linear heads, the last one, on the row z = (its coordinates, 1, output 0): T with z' = z T for the
 * layer's input x, transposed. `readout`: what output 0 makes of each feature. Callers free and clear. */
struct rw_matrix *rw_recheck_layer_matrix(const struct rw_recheck_layer *layer, const struct rw_vector *x,
                                          const struct rw_vector *readout);
struct rw_vector rw_recheck_readout(const struct rw_recheck_net *net);

void rw_recheck_series_clear(struct rw_recheck_series *series);

#endif
