/* scaling.h - g = scale * f + shift, and whether that changes any sign. Internal to verify. */
#ifndef RW_VERIFY_SCALING_H
#define RW_VERIFY_SCALING_H

#include "automata/wfa.h"

struct rw_scaling {
    fmpq_t scale, shift;
};

/* scale 1, shift 0 */
void rw_scaling_init(struct rw_scaling *scaling);
void rw_scaling_clear(struct rw_scaling *scaling);
/* The only scale and shift with g = scale f + shift on two words, f[0] and f[1] being what f is there; scale 1 if those
 * are equal. false: the scale is not positive. */
bool rw_scaling_fit(struct rw_scaling *scaling, const fmpq f[2], const fmpq g[2]);
/* Whether scale * f + shift > 0 iff f > 0, for every value of f: f takes none between 0 and -shift/scale, as its values
 * lie in a lattice. The scale is positive. */
bool rw_scaling_keeps_signs(const struct rw_scaling *scaling, const struct rw_wfa *f);
/* "2 times TITLE plus 1, which changes no verdict," */
void rw_scaling_print(FILE *out, const struct rw_scaling *scaling, const char *title);

#endif
