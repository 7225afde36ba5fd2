/* prove.h - what a proof found. */
#ifndef RW_REPORT_PROVE_H
#define RW_REPORT_PROVE_H

#include <jansson.h>

#include "verify/prove.h"

/* What was proved equal to what. */
struct rw_prove_subject {
    const char *left, *right; /* as the user named them; right NULL: the network was built from the spec */
    struct rw_side left_side, right_side;
    const char *certificate;    /* the file it was written to; NULL: none */
    const char *no_certificate; /* why there is none though one was asked for; NULL: none was */
};

void rw_report_prove(const struct rw_prove_subject *subject, const struct rw_prove_report *report, FILE *out);
/* One line. */
void rw_report_prove_brief(const struct rw_prove_subject *subject, const struct rw_prove_report *report, FILE *out);
json_t *rw_report_prove_json(const struct rw_prove_subject *subject, const struct rw_prove_report *report);

void rw_report_prove_mutants(const struct rw_prove_subject *subject, const struct rw_mutate_report *report, bool brief,
                             FILE *out);
json_t *rw_report_prove_mutants_json(const struct rw_prove_subject *subject, const struct rw_mutate_report *report);

#endif
