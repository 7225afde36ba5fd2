/* certificate_cells.h - certificates of rw_equal_modes. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_CELLS_H
#define RW_VERIFY_CERTIFICATE_CELLS_H

#include "verify/certificate.h"

/* The claims of a stack, Turing or counter machine beside a network of ReLUs, one for each mode. false: there are none, and why. */
bool rw_certificate_write_cells(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                FILE *out, FILE *why);

#endif
