/* instance.h - what there is to say about an instance of a problem. */
#ifndef RW_REPORT_INSTANCE_H
#define RW_REPORT_INSTANCE_H

#include <jansson.h>
#include <stdio.h>

#include "reductions/problems/problem.h"
#include "report/verify.h"

/* An instance, and its reduction. */
struct rw_report_reduced {
    const struct rw_instance *problem;
    const struct rw_machine *machine;
    const struct rw_word *word;
};

/* "connectivity: 5 vertices, 4 edges" */
void rw_report_instance_line(const struct rw_instance *problem, FILE *out);
/* The question, the class, the reduction with its sizes, the answer. */
void rw_report_instance(const struct rw_report_reduced *reduced, FILE *out);
json_t *rw_report_instance_json(const struct rw_report_reduced *reduced);
/* "instance -> word": sizes and the automaton. */
void rw_report_reduction(const struct rw_report_reduced *reduced, FILE *out);

/* The direct solver's answer, and the machine's on the word, as text. Caller frees. */
char *rw_report_solved(const struct rw_report_reduced *reduced);
char *rw_report_decided(const struct rw_report_reduced *reduced);
/* A verification of the machine beside a network on the word, and the direct solver. */
struct rw_report_instance_subject {
    struct rw_report_subject sides;
    struct rw_report_reduced reduced;
};
void rw_report_verify_instance(const struct rw_report_instance_subject *subject, const struct rw_verify_report *report,
                               bool brief, FILE *out);
json_t *rw_report_verify_instance_json(const struct rw_report_instance_subject *subject,
                                       const struct rw_verify_report *report);
/* Whether solver and machine say the same. */
bool rw_report_solver_agrees(const struct rw_report_reduced *reduced);

#endif
