/* certificate_parts.h - the text that several kinds of certificates have in common. Internal to verify. */
#ifndef RW_VERIFY_CERTIFICATE_PARTS_H
#define RW_VERIFY_CERTIFICATE_PARTS_H

#include "automata/wfa.h"
#include "exact/sparse.h"
#include "verify/certificate.h"

/* The text in quotes. */
void rw_put_text(FILE *out, const char *text);
/* All keys up to "tokens", where left is a series of a spec ("machine": as it stands) and right a network; and the comma after them. */
void rw_put_machine_heading(FILE *out, const char *kind, const char *claim, const char *series,
                            struct rw_certified left, struct rw_certified right);
/* The same for two sides of series, the first `symbols` of the alphabet being the tokens. */
void rw_put_heading(FILE *out, const char *kind, const struct rw_linear_proof *proof, struct rw_certified left,
                    struct rw_certified right, const struct rw_alphabet *alphabet, size_t symbols);
/* A line "key": "value". */
void rw_put_number(FILE *out, const char *key, const fmpq_t value);
/* The series of that name of a side; NULL cannot be, as the proof found it (certificate.c). Caller frees. */
struct rw_wfa *rw_certificate_series(struct rw_side side, const char *key, const struct rw_limits *limits);
/* [[index, "value"], ...], what is not 0. */
void rw_put_entries(FILE *out, const fmpq *values, size_t count);

#endif
