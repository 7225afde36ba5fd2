/* certificate_registers.h - certificates of rw_equal_registers. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_REGISTERS_H
#define RW_VERIFY_CERTIFICATE_REGISTERS_H

#include "verify/certificate.h"

/* Which sum of units each register of a cost-register automaton is, and which units are always 0. false: it is not proved, and why. */
bool rw_certificate_write_registers(struct rw_certified left, struct rw_certified right, FILE *out, FILE *why);

#endif
