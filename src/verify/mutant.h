/* mutant.h - networks with a single wrong weight. Internal to verify. */
#ifndef RW_VERIFY_MUTANT_H
#define RW_VERIFY_MUTANT_H

#include "base/random.h"
#include "verify/verify.h"

/* A copy of the net with one weight changed that is still a net; place, before and after are filled in. NULL: none was
 * found (a net without any place to change). Caller frees both. */
struct rw_net *rw_mutant_draw(const struct rw_net *net, struct rw_random *random, const struct rw_limits *limits,
                              struct rw_mutant *mutant);
void rw_mutant_clear(struct rw_mutant *mutant);

#endif
