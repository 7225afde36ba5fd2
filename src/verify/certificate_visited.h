/* certificate_visited.h - certificates of rw_equal_pairs. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_VISITED_H
#define RW_VERIFY_CERTIFICATE_VISITED_H

#include "verify/certificate.h"

/* Every pair of the machine's configuration and the network's state, and where each symbol leads. false: they are not written down, and why. */
bool rw_certificate_write_visited(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                  FILE *out, FILE *why);

#endif
