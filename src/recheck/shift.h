/* shift.h - which affine functions change no sign of a series. Internal to recheck. */
#ifndef RW_RECHECK_SHIFT_H
#define RW_RECHECK_SHIFT_H

#include "automata/wfa.h"

/* Whether scale * v + shift > 0 iff v > 0, for scale > 0 and every value v = alpha M_w omega of the automaton, with
 * `omega` (an entry for each state) for its own. Values lie in offset + step Z if alpha and all M_s are integers: places
 * that no M_s changes give the offset, and step is the greatest common divisor of omega at the other places. So it is
 * looked whether offset + step Z meets what is between 0 and -shift / scale. false may mean that this does not tell. */
bool rw_recheck_shift_is_harmless(const struct rw_wfa *f, const fmpq *omega, const fmpq_t scale, const fmpq_t shift);

#endif
