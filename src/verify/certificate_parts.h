/* certificate_parts.h - the text that several kinds of certificates have in common. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_PARTS_H
#define RW_VERIFY_CERTIFICATE_PARTS_H

#include "exact/sparse.h"
#include "verify/certificate.h"

/* The text in quotes. */
void rw_put_text(FILE *out, const char *text);
/* All keys up to "tokens", where left is the machine of a spec as it stands and right a network; and the comma after them. */
void rw_put_machine_heading(FILE *out, const char *kind, const char *claim, struct rw_certified left,
                            struct rw_certified right);
/* [[index, "value"], ...], what is not 0. */
void rw_put_entries(FILE *out, const fmpq *values, size_t count);

#endif
