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

/* Two series f and g, by their values. */
struct rw_two_series {
    void (*values)(void *context, const struct rw_word *word, fmpq_t f, fmpq_t g);
    /* A word on which f is not what it is on the empty word, which is given. false: there is none, or none is found. */
    bool (*other_word)(void *context, const fmpq_t f, struct rw_word *word);
    void *context;
};

/* The only scale and shift with g = scale f + shift on the empty word and another one, where f is something else; scale 1 if there is
 * none. false: the scale is not positive. */
bool rw_scaling_fit(struct rw_scaling *scaling, const struct rw_two_series *series);
/* Whether both are positive on the word, or neither is. */
bool rw_same_sign(const struct rw_two_series *series, const struct rw_word *word);
/* Whether scale * f + shift > 0 iff f > 0, for every value of f: f takes none between 0 and -shift/scale, as its values
 * lie in a lattice. The scale is positive. */
bool rw_scaling_keeps_signs(const struct rw_scaling *scaling, const struct rw_wfa *f);
/* "2 times TITLE plus 1, which changes no verdict," */
void rw_scaling_print(FILE *out, const struct rw_scaling *scaling, const char *title);

#endif
