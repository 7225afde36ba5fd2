/* instance.c - instances of problems, for people and for programs. */
#include "report/instance.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/problems.h"

static char *answer_text(const struct rw_machine *machine, const fmpq_t answer)
{
    enum rw_verdict verdict = machine->kind->verdict;
    return verdict == RW_VALUE ? rw_q_text(answer) : rw_strdup(rw_verdict_word(verdict, answer));
}

char *rw_report_solved(const struct rw_report_reduced *reduced)
{
    fmpq_t answer;
    fmpq_init(answer);
    reduced->problem->kind->solve(reduced->problem->instance, answer);
    char *text = answer_text(reduced->machine, answer);
    fmpq_clear(answer);
    return text;
}

char *rw_report_decided(const struct rw_report_reduced *reduced)
{
    fmpq_t answer;
    fmpq_init(answer);
    rw_machine_value(reduced->machine, reduced->word->symbols, reduced->word->length, answer);
    char *text = answer_text(reduced->machine, answer);
    fmpq_clear(answer);
    return text;
}

bool rw_report_solver_agrees(const struct rw_report_reduced *reduced)
{
    fmpq_t answer, value;
    fmpq_init(answer);
    fmpq_init(value);
    reduced->problem->kind->solve(reduced->problem->instance, answer);
    rw_machine_value(reduced->machine, reduced->word->symbols, reduced->word->length, value);
    bool agrees = reduced->machine->kind->verdict == RW_VALUE     ? rw_q_equal(answer, value)
                  : reduced->machine->kind->verdict == RW_DECIDES ? rw_q_sign(answer) == rw_q_sign(value)
                                                                  : (rw_q_sign(answer) > 0) == (rw_q_sign(value) > 0);
    fmpq_clear(answer);
    fmpq_clear(value);
    return agrees;
}

void rw_report_instance_line(const struct rw_instance *problem, FILE *out)
{
    fprintf(out, "%s: ", problem->kind->name);
    problem->kind->size(problem->instance, out);
}

void rw_report_reduction(const struct rw_report_reduced *reduced, FILE *out)
{
    reduced->problem->kind->size(reduced->problem->instance, out);
    fprintf(out, " -> a word of %zu symbols for the %s '%s'", reduced->word->length, reduced->machine->kind->name,
            reduced->machine->name);
}

void rw_report_instance(const struct rw_report_reduced *reduced, FILE *out)
{
    const struct rw_instance *problem = reduced->problem;
    const struct rw_problem_kind *kind = problem->kind;
    char *answer = rw_report_solved(reduced);
    fprintf(out, "%s: problem %s\n", problem->name, kind->name);
    if (problem->about[0] != '\0')
        fprintf(out, "  %s\n", problem->about);
    fprintf(out, "  asks: %s\n  class: %s; %s\n  reference: %s\n", kind->title, kind->complexity, kind->completeness,
            kind->reference);
    fprintf(out, "  network family: %s\n  reduction: %s\n  size: ", kind->family, kind->reduction);
    rw_report_reduction(reduced, out);
    fprintf(out, "\n  answer of the direct solver: %s\n", answer);
    free(answer);
}

json_t *rw_report_instance_json(const struct rw_report_reduced *reduced)
{
    const struct rw_instance *problem = reduced->problem;
    const struct rw_problem_kind *kind = problem->kind;
    char *size = NULL, *answer = rw_report_solved(reduced);
    size_t length = 0;
    FILE *out = open_memstream(&size, &length);
    kind->size(problem->instance, out);
    fclose(out);
    json_t *object =
        json_pack("{s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "name", rw_report_text(problem->name),
                  "problem", kind->name, "class", kind->complexity, "completeness", kind->completeness, "reference",
                  kind->reference, "family", kind->family, "reduction", kind->reduction, "size", rw_report_text(size),
                  "automaton", rw_report_text(reduced->machine->name), "word_length",
                  rw_report_count(reduced->word->length), "answer", rw_report_text(answer));
    free(size);
    free(answer);
    return object;
}

/* --- verifications --- */

static void print_brief(const struct rw_report_instance_subject *subject, const struct rw_verify_report *report,
                        const char *solved, FILE *out)
{
    bool solver = rw_report_solver_agrees(&subject->reduced);
    fprintf(out, "%-7s %s: ",
            !report->holds || !solver ? "DIFFERS"
            : report->interrupted     ? "stopped"
                                      : "holds",
            subject->sides.spec);
    rw_report_instance_line(subject->reduced.problem, out);
    fprintf(out, ", a word of %zu", subject->reduced.word->length);
    if (report->bits_count > 0)
        fprintf(out, ", bits %zu", report->bits[report->bits_count - 1].bits);
    if (!solver)
        fprintf(out, ": the direct solver says %s, the machine does not\n", solved);
    else
        fprintf(out, ": solver%s say %s\n", report->holds ? ", machine and network" : " and machine", solved);
}

void rw_report_verify_instance(const struct rw_report_instance_subject *subject, const struct rw_verify_report *report,
                               bool brief, FILE *out)
{
    char *solved = rw_report_solved(&subject->reduced), *decided = rw_report_decided(&subject->reduced);
    if (brief) {
        print_brief(subject, report, solved, out);
    } else {
        fprintf(out, "%s: problem %s\n  ", subject->sides.spec, subject->reduced.problem->kind->name);
        rw_report_reduction(&subject->reduced, out);
        fprintf(out, "\n  direct solver: %s; machine on the word: %s%s\n", solved, decided,
                rw_report_solver_agrees(&subject->reduced) ? "" : "  differs");
        rw_report_verify(&subject->sides, report, out);
    }
    free(solved);
    free(decided);
}

json_t *rw_report_verify_instance_json(const struct rw_report_instance_subject *subject,
                                       const struct rw_verify_report *report)
{
    json_t *object = rw_report_verify_json(&subject->sides, report);
    json_object_set_new(object, "problem", rw_report_instance_json(&subject->reduced));
    json_object_set_new(object, "solver_agrees", json_boolean(rw_report_solver_agrees(&subject->reduced)));
    return object;
}
