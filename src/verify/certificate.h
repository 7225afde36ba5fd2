/* certificate.h - a proof of equality written down, so that it can be checked without a search: rnnwit-certificate(5). */
#ifndef RW_VERIFY_CERTIFICATE_H
#define RW_VERIFY_CERTIFICATE_H

#include "verify/equal.h"

#define RW_CERTIFICATE_FORMAT 1

/* A side, and the SHA-256 of the text of its file. */
struct rw_certified {
    struct rw_side side;
    const char *hash;
};

/* The certificate of what rw_equal_sides proved. false: this argument has none, and `why` (may be NULL) says so; what
 * `out` received until then is worth nothing. */
bool rw_certificate_write(struct rw_certified left, struct rw_certified right, const struct rw_linear_proof *proof,
                          const struct rw_limits *limits, FILE *out, FILE *why);

#endif
