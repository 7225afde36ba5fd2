/* growth.h - how the bits of a network grow with the length of words: Definition 10's p(n), named.
 *
 * A measurement, not a proof: it speaks of the words that were run. */
#ifndef RW_VERIFY_GROWTH_H
#define RW_VERIFY_GROWTH_H

#include "verify/verify.h"

enum rw_growth_kind { RW_GROWTH_UNKNOWN, RW_GROWTH_CONSTANT, RW_GROWTH_LOGARITHMIC, RW_GROWTH_LINEAR, RW_GROWTH_OTHER };

/* p(n) is about offset, slope log2 n + offset, slope n + offset, or (OTHER) proportional to n^slope. */
struct rw_growth {
    enum rw_growth_kind kind;
    double slope, offset;
};

/* Fits the last lengths of a report by least squares. UNKNOWN where there are too few. */
struct rw_growth rw_growth_fit(const struct rw_verify_report *report);
/* "constant", "logarithmic", ... */
const char *rw_growth_name(enum rw_growth_kind kind);

#endif
