/* certificate_contexts.h - certificates of kind "contexts". Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_CONTEXTS_H
#define RW_VERIFY_CERTIFICATE_CONTEXTS_H

#include "verify/certificate.h"

/* The certificate of a proof by one basis for each context. As rw_certificate_write. */
bool rw_certificate_write_contexts(struct rw_certified left, struct rw_certified right,
                                   const struct rw_linear_proof *proof, const struct rw_limits *limits, FILE *out,
                                   FILE *why);

#endif
