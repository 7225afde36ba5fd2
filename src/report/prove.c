/* prove.c - the report of a proof, for people and for programs. */
#include "report/prove.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/problems.h"
#include "report/verify.h"

static const char *kind_of(struct rw_side side)
{
    return side.net != NULL ? rw_report_family(side.net) : side.machine->kind->name;
}

static bool is_spec_and_net(const struct rw_prove_subject *subject)
{
    return subject->left_side.machine != NULL && subject->right_side.net != NULL;
}

static struct rw_report_subject as_verified(const struct rw_prove_subject *subject)
{
    return (struct rw_report_subject){subject->left, subject->left_side.machine, subject->right_side.net};
}

static void print_heading(const struct rw_prove_subject *subject, FILE *out)
{
    if (is_spec_and_net(subject)) {
        struct rw_report_subject verified = as_verified(subject);
        rw_report_verify_heading(&verified, out);
    } else {
        fprintf(out, "%s: %s beside %s: %s\n", subject->left, kind_of(subject->left_side), subject->right,
                kind_of(subject->right_side));
    }
}

static const char *verdict(const struct rw_prove_report *report)
{
    return report->equality == RW_EQUAL       ? "PROVED"
           : report->equality == RW_DIFFERENT ? "differs"
           : report->interrupted              ? "interrupted; undecided"
                                              : "UNDECIDED";
}

/* Where two machines or two networks differ: no trace of both sides exists. */
static void print_plain_difference(const struct rw_prove_subject *subject, const struct rw_counterexample *found,
                                   FILE *out)
{
    fprintf(out, "  counterexample, length %zu%s: ", found->word.length,
            found->shortest ? " (there is no shorter one)" : "");
    rw_word_print(out, rw_side_alphabet(subject->left_side), found->word.symbols, found->word.length);
    fprintf(out, "\n    %s: %s\n    %s: %s\n", subject->left, found->machine, subject->right, found->network);
}

/* What is to be checked, and how much it was. */
static void print_size(const struct rw_linear_proof *proof, FILE *out)
{
    static const struct {
        const char *what, *checked;
    } words[] = {[RW_ARGUMENT_SPACE] = {"dimension of the space", "vectors checked"},
                 [RW_ARGUMENT_CONTEXTS] = {"dimensions of their spaces, together", "vectors checked"},
                 [RW_ARGUMENT_SUPPORTS] = {"pairs of supports", "steps checked"},
                 [RW_ARGUMENT_PAIRS] = {"pairs of states", "steps checked"}};
    if (proof->argument != RW_ARGUMENT_SPACE && proof->argument != RW_ARGUMENT_CONTEXTS &&
        proof->argument != RW_ARGUMENT_SUPPORTS && proof->argument != RW_ARGUMENT_PAIRS)
        return;
    if (proof->argument == RW_ARGUMENT_CONTEXTS) {
        fputs("  contexts: ", out);
        rw_report_number(out, proof->contexts);
        fputs(";", out);
    } else {
        fputs(" ", out);
    }
    fprintf(out, " %s: ", words[proof->argument].what);
    rw_report_number(out, proof->size);
    fprintf(out, "; %s: ", words[proof->argument].checked);
    rw_report_number(out, proof->checked);
    fputc('\n', out);
}

static const char *instead(const struct rw_prove_subject *subject, const struct rw_prove_report *report)
{
    return report->proof.limit != NULL ? "a larger limit may decide it: --limit cells=N"
           : is_spec_and_net(subject)  ? "rnnwit verify compares both on all short and many long words"
                                       : "rnnwit verify runs a spec beside a network";
}

static void print_undecided(const struct rw_prove_subject *subject, const struct rw_prove_report *report, FILE *out)
{
    fprintf(out, "  not decided: %s\n", *report->reason == '\0' ? "no argument applies" : report->reason);
    if (!report->interrupted)
        fprintf(out, "  instead: %s\n", instead(subject, report));
}

void rw_report_prove(const struct rw_prove_subject *subject, const struct rw_prove_report *report, FILE *out)
{
    print_heading(subject, out);
    if (report->equality == RW_EQUAL) {
        fprintf(out, "  %s\n", report->reason);
        print_size(&report->proof, out);
    } else if (report->equality == RW_UNDECIDED) {
        print_undecided(subject, report, out);
    } else if (is_spec_and_net(subject)) {
        struct rw_report_subject verified = as_verified(subject);
        rw_report_counterexample(&verified, &report->counterexample, out);
    } else {
        print_plain_difference(subject, &report->counterexample, out);
    }
    if (subject->certificate != NULL)
        fprintf(out, "  certificate: %s\n", subject->certificate);
    if (subject->no_certificate != NULL)
        fprintf(out, "  no certificate: %s\n", subject->no_certificate);
    fprintf(out, "%s\n", verdict(report));
}

void rw_report_prove_brief(const struct rw_prove_subject *subject, const struct rw_prove_report *report, FILE *out)
{
    fprintf(out, "%-9s %s: %s", verdict(report), subject->left,
            is_spec_and_net(subject) ? kind_of(subject->right_side) : subject->right);
    if (report->equality == RW_DIFFERENT) {
        fputs(", counterexample ", out);
        rw_report_counterexample_word(rw_side_alphabet(subject->left_side), &report->counterexample, out);
    } else {
        fprintf(out, ", %s", *report->reason == '\0' ? "no argument applies" : report->reason);
    }
    if (subject->certificate != NULL)
        fprintf(out, ", certificate %s", subject->certificate);
    if (subject->no_certificate != NULL)
        fprintf(out, ", no certificate: %s", subject->no_certificate);
    fputc('\n', out);
}

static json_t *subject_json(const struct rw_prove_subject *subject)
{
    json_t *object = json_object();
    rw_report_set_text(object, "left", subject->left);
    rw_report_set_text(object, "left_kind", kind_of(subject->left_side));
    rw_report_set_text(object, "right", subject->right);
    rw_report_set_text(object, "right_kind", kind_of(subject->right_side));
    return object;
}

json_t *rw_report_prove_json(const struct rw_prove_subject *subject, const struct rw_prove_report *report)
{
    static const char *const results[] = {
        [RW_EQUAL] = "proved", [RW_DIFFERENT] = "differs", [RW_UNDECIDED] = "undecided"};
    static const char *const arguments[] = {
        [RW_ARGUMENT_NONE] = "none",         [RW_ARGUMENT_SPACE] = "space",
        [RW_ARGUMENT_CONTEXTS] = "contexts", [RW_ARGUMENT_LAST_SYMBOL] = "last-symbol",
        [RW_ARGUMENT_SUPPORTS] = "supports", [RW_ARGUMENT_PAIRS] = "pairs",
        [RW_ARGUMENT_CELLS] = "cells",       [RW_ARGUMENT_REGISTERS] = "registers",
        [RW_ARGUMENT_BLOCKS] = "blocks",     [RW_ARGUMENT_INTERVALS] = "intervals",
        [RW_ARGUMENT_WINDOWS] = "windows",   [RW_ARGUMENT_FACTS] = "facts",
        [RW_ARGUMENT_VISITED] = "visited",   [RW_ARGUMENT_POLYNOMIALS] = "polynomials"};
    json_t *object = subject_json(subject);
    rw_report_set_text(object, "result", results[report->equality]);
    json_object_set_new(object, "interrupted", json_boolean(report->interrupted));
    rw_report_set_text(object, "reason", report->reason);
    if (report->equality == RW_EQUAL) {
        rw_report_set_text(object, "argument", arguments[report->proof.argument]);
        if (report->proof.size > 0) {
            json_object_set_new(object, "size", rw_report_count(report->proof.size));
            if (report->proof.contexts > 0)
                json_object_set_new(object, "contexts", rw_report_count(report->proof.contexts));
            json_object_set_new(object, "checked", rw_report_count(report->proof.checked));
        }
    }
    if (report->equality == RW_UNDECIDED && !report->interrupted)
        rw_report_set_text(object, "instead", instead(subject, report));
    rw_report_set_text(object, "limit", report->proof.limit);
    if (report->equality == RW_DIFFERENT)
        json_object_set_new(
            object, "counterexample",
            rw_report_counterexample_json(rw_side_alphabet(subject->left_side), &report->counterexample));
    rw_report_set_text(object, "certificate", subject->certificate);
    rw_report_set_text(object, "no_certificate", subject->no_certificate);
    json_object_set_new(object, "seconds", json_real(report->seconds));
    return object;
}

/* --- single wrong weights --- */

static const char *const fates[] = {
    [RW_MUTANT_NOTICED] = "refuted", [RW_MUTANT_EQUIVALENT] = "harmless", [RW_MUTANT_UNKNOWN] = "UNDECIDED"};

static void print_mutant(const struct rw_prove_subject *subject, const struct rw_mutant *mutant, FILE *out)
{
    const struct rw_counterexample *found = &mutant->counterexample;
    fprintf(out, "  %-9s %s: %s -> %s: ", fates[mutant->fate], mutant->place, mutant->before, mutant->after);
    if (mutant->fate != RW_MUTANT_NOTICED) {
        fprintf(out, "%s\n", mutant->reason);
        return;
    }
    fputs("in the configuration only, ", out);
    rw_report_sides(found, out);
    fputs(", on ", out);
    rw_report_counterexample_word(rw_side_alphabet(subject->left_side), found, out);
    fputc('\n', out);
}

/* Refuted by an output, as nearly all are: not worth a line. */
static bool is_plain(const struct rw_mutant *mutant)
{
    return mutant->fate == RW_MUTANT_NOTICED && mutant->counterexample.kind != RW_DIFFER_STATE;
}

void rw_report_prove_mutants(const struct rw_prove_subject *subject, const struct rw_mutate_report *report, bool brief,
                             FILE *out)
{
    const char *outcome = report->unknown > 0 ? "UNDECIDED" : report->interrupted ? "stopped" : "decided";
    if (brief) {
        fprintf(out, "%-9s %s: %s, ", outcome, subject->left, kind_of(subject->right_side));
    } else {
        print_heading(subject, out);
        for (size_t i = 0; i < report->count; i++)
            if (!is_plain(report->mutants + i))
                print_mutant(subject, report->mutants + i, out);
        fputs("  ", out);
    }
    fprintf(out, "%zu single weights perturbed (seed %" PRIu64 "): %zu refuted by a word, ", report->count,
            report->seed, report->noticed - report->configurations);
    if (report->configurations > 0)
        fprintf(out, "%zu more by a word in the configuration only, ", report->configurations);
    fprintf(out, "%zu proved harmless, %zu undecided%s\n", report->equivalent, report->unknown,
            report->interrupted ? "; interrupted" : "");
    if (!brief)
        fprintf(out, "%s\n", report->unknown == 0 ? "every mutation was decided" : "some mutations are UNDECIDED");
}

json_t *rw_report_prove_mutants_json(const struct rw_prove_subject *subject, const struct rw_mutate_report *report)
{
    json_t *object = subject_json(subject), *mutants = json_array();
    json_object_set_new(object, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(object, "seed", rw_report_count(report->seed));
    json_object_set_new(object, "count", rw_report_count(report->count));
    json_object_set_new(object, "refuted", rw_report_count(report->noticed - report->configurations));
    json_object_set_new(object, "refuted_in_configuration", rw_report_count(report->configurations));
    json_object_set_new(object, "harmless", rw_report_count(report->equivalent));
    json_object_set_new(object, "undecided", rw_report_count(report->unknown));
    for (size_t i = 0; i < report->count; i++) {
        const struct rw_mutant *mutant = report->mutants + i;
        json_t *row = json_object();
        rw_report_set_text(row, "place", mutant->place);
        rw_report_set_text(row, "before", mutant->before);
        rw_report_set_text(row, "after", mutant->after);
        rw_report_set_text(row, "fate", mutant->fate == RW_MUTANT_UNKNOWN ? "undecided" : fates[mutant->fate]);
        if (mutant->fate == RW_MUTANT_NOTICED)
            json_object_set_new(
                row, "counterexample",
                rw_report_counterexample_json(rw_side_alphabet(subject->left_side), &mutant->counterexample));
        rw_report_set_text(row, "reason", mutant->reason);
        json_array_append_new(mutants, row);
    }
    json_object_set_new(object, "mutants", mutants);
    json_object_set_new(object, "seconds", json_real(report->seconds));
    return object;
}
