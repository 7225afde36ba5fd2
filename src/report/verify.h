/* verify.h - what a verification found. */
#ifndef RW_REPORT_VERIFY_H
#define RW_REPORT_VERIFY_H

#include <jansson.h>

#include "verify/modular.h"
#include "verify/verify.h"

/* What was compared with what. */
struct rw_report_subject {
    const char *spec; /* as the user named it */
    const struct rw_machine *machine;
    const struct rw_net *net;
};

/* The family of the last layer that has heads: the one the construction is named for. */
const char *rw_report_family(const struct rw_net *net);
/* "12,345" */
void rw_report_number(FILE *out, uint64_t number);
/* "SPEC: dfa beside pd (W1, Theorem 8)" and a line break. */
void rw_report_verify_heading(const struct rw_report_subject *subject, FILE *out);
/* The word, what each side says, and the trace. */
/* "QUANTITY: machine A, network B", numbers of very many digits shortened. */
void rw_report_sides(const struct rw_counterexample *found, FILE *out);
/* The word on which sides differ; where its last letter comes very often, how often. */
void rw_report_counterexample_word(const struct rw_alphabet *alphabet, const struct rw_counterexample *found,
                                   FILE *out);
void rw_report_counterexample(const struct rw_report_subject *subject, const struct rw_counterexample *found,
                              FILE *out);
json_t *rw_report_counterexample_json(const struct rw_alphabet *alphabet, const struct rw_counterexample *found);

/* The whole report as text; a counterexample comes with the trace of both sides up to the first difference. */
void rw_report_verify(const struct rw_report_subject *subject, const struct rw_verify_report *report, FILE *out);
/* One line. */
void rw_report_verify_brief(const struct rw_report_subject *subject, const struct rw_verify_report *report, FILE *out);
json_t *rw_report_verify_json(const struct rw_report_subject *subject, const struct rw_verify_report *report);

void rw_report_mutate(const struct rw_report_subject *subject, const struct rw_mutate_report *report, FILE *out);
void rw_report_mutate_brief(const struct rw_report_subject *subject, const struct rw_mutate_report *report, FILE *out);
json_t *rw_report_mutate_json(const struct rw_report_subject *subject, const struct rw_mutate_report *report);

void rw_report_modular(const struct rw_report_subject *subject, const struct rw_modular_report *report, FILE *out);
json_t *rw_report_modular_json(const struct rw_report_subject *subject, const struct rw_modular_report *report);

#endif
