/* certificate_blocks.h - certificates of rw_equal_blocks. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_BLOCKS_H
#define RW_VERIFY_CERTIFICATE_BLOCKS_H

#include "verify/certificate.h"

/* The readings of a machine beside a network that works block by block, one for each block. false: there are none,
 * why says so, and nothing was written. */
bool rw_certificate_write_blocks(struct rw_certified left, struct rw_certified right, const struct rw_limits *limits,
                                 FILE *out, FILE *why);

#endif
