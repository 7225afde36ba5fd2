/* symbolic.h - one step of a network whose state is an affine function of a machine's counters. Internal to verify.
 *
 * Written from the families' formulas, not from the runtime: the argument is about the network as it is defined. */
#ifndef RW_VERIFY_SYMBOLIC_H
#define RW_VERIFY_SYMBOLIC_H

#include <stdio.h>

#include "rnn/net.h"
#include "verify/half_spaces.h"
#include "verify/sums.h"

/* The network between two steps, and work space. */
struct rw_symbolic {
    const struct rw_net *net;
    size_t counters, heads;
    struct rw_affine *states;            /* one for each head, numbered through */
    struct rw_affine output;             /* output 0 after the last step */
    const struct rw_sums *sums;          /* boxes have their intervals too; NULL: of the counters only */
    const struct rw_half_spaces *within; /* the part of the box that a step is about; NULL: all of it */
    struct rw_affine
        kink; /* after RW_SYMBOLIC_CUT: what the ReLU was taken of whose sign is not the same all over that */
    uint8_t *
        *relevant; /* for each head and coordinate: whether the output can ever depend on it; the others are kept 0 */
};

enum rw_symbolic_result { RW_SYMBOLIC_DONE, RW_SYMBOLIC_CUT, RW_SYMBOLIC_NOT_AFFINE };

/* Whether all heads are ReLU RNNs, MLP RNNs or gated RNNs; if not, why says so in a phrase. */
bool rw_net_is_piecewise(const struct rw_net *net, FILE *why);
/* All states 0. Caller clears. */
void rw_symbolic_init(struct rw_symbolic *symbolic, const struct rw_net *net, size_t counters);
void rw_symbolic_clear(struct rw_symbolic *symbolic);
/* One step for all counter values in the box (token = number of tokens: BOS). Unless DONE the states are as good as lost. CUT: some sign is not the same all over the
 * box, which must be cut there. NOT_AFFINE: a product of two factors that both depend on counters. */
enum rw_symbolic_result rw_symbolic_step(struct rw_symbolic *symbolic, uint32_t token, const struct rw_interval *box,
                                         struct rw_cut *cut);

#endif
