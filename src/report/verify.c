/* verify.c - the report of a verification, for people and for programs. */
#include "report/verify.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/problems.h"
#include "report/trace.h"
#include "verify/growth.h"

/* Counterexamples up to this length are traced step by step. */
#define LONGEST_TRACE 100
/* Of a side's longer text this much is shown at either end. */
#define LONGEST_SIDE 400
#define SIDE_SHOWN   30
/* Lengths at which p(n) is listed. */
#define MOST_LENGTHS 8

void rw_report_number(FILE *out, uint64_t number)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            fputc(',', out);
        fputc(digits[i], out);
    }
}

static void print_steps_per_second(FILE *out, uint64_t steps, double seconds)
{
    double rate = seconds > 0 ? (double)steps / seconds : 0;
    if (rate >= 1e6)
        fprintf(out, "%.1f million steps/s", rate / 1e6);
    else
        fprintf(out, "%.0f steps/s", rate);
}

const char *rw_report_family(const struct rw_net *net)
{
    for (size_t l = net->layer_count; l-- > 0;)
        if (net->layers[l].head_count > 0)
            return net->layers[l].heads[0].family->name;
    return "network";
}

void rw_report_verify_heading(const struct rw_report_subject *subject, FILE *out)
{
    const struct rw_net *net = subject->net;
    fprintf(out, "%s: %s beside %s", subject->spec, subject->machine->kind->name, rw_report_family(net));
    if (net->construction[0] != '\0')
        fprintf(out, " (%s, %s)", net->construction, net->theorem);
    fputc('\n', out);
}

/* The name of p(n)'s growth on the words that were run, and the line that fits. */
static void print_growth(const struct rw_verify_report *report, FILE *out)
{
    struct rw_growth growth = rw_growth_fit(report);
    switch (growth.kind) {
    case RW_GROWTH_UNKNOWN:
        return;
    case RW_GROWTH_CONSTANT:
        fputs("  p(n) is constant\n", out);
        return;
    case RW_GROWTH_OTHER:
        fprintf(out, "  p(n) is neither constant, logarithmic nor linear: about n^%.2f\n", growth.slope);
        return;
    case RW_GROWTH_LOGARITHMIC:
    case RW_GROWTH_LINEAR:
        fprintf(out, "  p(n) is %s: about %.2f %s %c %.1f\n", rw_growth_name(growth.kind), growth.slope,
                growth.kind == RW_GROWTH_LINEAR ? "n" : "log2 n", growth.offset < 0 ? '-' : '+', fabs(growth.offset));
    }
}

static void print_bits(const struct rw_verify_report *report, FILE *out)
{
    if (report->bits_count == 0)
        return;
    size_t stride = (report->bits_count + MOST_LENGTHS - 1) / MOST_LENGTHS;
    fputs("  bits p(n):", out);
    for (size_t i = 0; i < report->bits_count; i++) {
        bool last = i + 1 == report->bits_count;
        if (i % stride == 0 || last)
            fprintf(out, " %zu at n = %zu%s", report->bits[i].bits, report->bits[i].length, last ? "\n" : ",");
    }
    print_growth(report, out);
}

/* Whether the walk over all words ended among longer ones than it finished: it met more words than there are up to
 * `length`. */
static bool went_further(const struct rw_report_subject *subject, const struct rw_verify_report *report)
{
    uint64_t symbols = rw_alphabet_size(subject->machine->alphabet), total = 1, power = 1;
    for (size_t i = 0; i < report->length && total < report->exhaustive_words; i++) {
        if (power > UINT64_MAX / 2 / symbols)
            return false;
        power *= symbols;
        total += power;
    }
    return total < report->exhaustive_words;
}

static void print_parts(const struct rw_report_subject *subject, const struct rw_verify_report *report, FILE *out)
{
    fprintf(out, "  all words up to length %zu%s: ", report->length,
            went_further(subject, report) ? " and some longer ones" : "");
    rw_report_number(out, report->exhaustive_words);
    fputs(report->exhaustive_words == 1 ? " word\n" : " words\n", out);
    if (report->random_words > 0) {
        fputs("  random words: ", out);
        rw_report_number(out, report->random_words);
        fprintf(out, ", up to length %zu (seed %" PRIu64 ")\n", report->random_length_reached, report->seed);
    }
    if (report->covering_words > 0) {
        fputs("  words that exercise every rule: ", out);
        rw_report_number(out, report->covering_words);
        fputc('\n', out);
    }
    if (report->given_words > 0) {
        fputs("  given words: ", out);
        rw_report_number(out, report->given_words);
        fputc('\n', out);
    }
    fputs("  compared after each step: the output", out);
    if (report->states_compared)
        fprintf(out, ", and %zu %s of the configuration", report->quantities,
                report->quantities == 1 ? "quantity" : "quantities");
    fputc('\n', out);
    if (report->oracle != NULL) {
        fprintf(out, "  third party: %s, asked about ", report->oracle);
        rw_report_number(out, report->oracle_words);
        fputs(" words\n", out);
        if (report->oracle_gave_up > 0)
            fprintf(out, "    and gave up on %" PRIu64 "\n", report->oracle_gave_up);
    }
    fputs("  steps: ", out);
    rw_report_number(out, report->steps);
    if (report->computed < report->steps) {
        fputs(" (", out);
        rw_report_number(out, report->computed);
        fputs(" computed, the others from equal states)", out);
    }
    fprintf(out, " in %.2f s, ", report->seconds);
    print_steps_per_second(out, report->steps, report->seconds);
    fputc('\n', out);
}

/* Each line of the notes, indented. */
static void print_notes(const char *notes, FILE *out)
{
    while (notes != NULL && *notes != '\0') {
        size_t length = strcspn(notes, "\n");
        fprintf(out, "  note: %.*s\n", (int)length, notes);
        notes += length + (notes[length] == '\n');
    }
}

static void print_side(const char *text, FILE *out)
{
    size_t length = strlen(text);
    if (length <= LONGEST_SIDE)
        fputs(text, out);
    else
        fprintf(out, "%.*s...%s (%zu characters)", SIDE_SHOWN, text, text + length - SIDE_SHOWN, length);
}

void rw_report_sides(const struct rw_counterexample *found, FILE *out)
{
    fprintf(out, "%s: machine ", found->quantity);
    print_side(found->machine, out);
    fputs(", network ", out);
    print_side(found->network, out);
}

static void print_difference(const struct rw_counterexample *found, FILE *out)
{
    if (found->kind == RW_DIFFER_ORACLE) {
        fprintf(out, "    machine and network: %s; %s: %s\n", found->machine, found->quantity, found->oracle);
        return;
    }
    fputs("    ", out);
    rw_report_sides(found, out);
    fputc('\n', out);
}

void rw_report_counterexample_word(const struct rw_alphabet *alphabet, const struct rw_counterexample *found, FILE *out)
{
    rw_word_print(out, alphabet, found->word.symbols, found->word.length);
    if (found->again == 0)
        return;
    fputs(", and ", out);
    rw_report_number(out, found->again);
    fprintf(out, " times more '%s'", rw_alphabet_name(alphabet, found->word.symbols[found->word.length - 1]));
}

void rw_report_counterexample(const struct rw_report_subject *subject, const struct rw_counterexample *found, FILE *out)
{
    fputs("  counterexample, length ", out);
    rw_report_number(out, rw_counterexample_length(found));
    fprintf(out, "%s: ", found->shortest ? " (there is no shorter one)" : "");
    rw_report_counterexample_word(subject->machine->alphabet, found, out);
    fputc('\n', out);
    print_difference(found, out);
    if (found->again > 0)
        fputs("    the network's state shortly before is known by induction: it was not run up to there\n", out);
    struct rw_trace trace;
    if (rw_counterexample_length(found) <= LONGEST_TRACE &&
        rw_trace_make(subject->machine, subject->net, &found->word, &trace, NULL)) {
        rw_report_trace(&trace, true, RW_TRACE_FITTING, "    ", out);
        rw_trace_free(&trace);
    }
}

static const char *verdict(const struct rw_verify_report *report)
{
    return !report->holds ? "differs" : report->interrupted ? "interrupted; no difference so far" : "holds";
}

void rw_report_verify(const struct rw_report_subject *subject, const struct rw_verify_report *report, FILE *out)
{
    rw_report_verify_heading(subject, out);
    print_parts(subject, report, out);
    print_bits(report, out);
    print_notes(report->notes, out);
    if (!report->holds)
        rw_report_counterexample(subject, &report->counterexample, out);
    fprintf(out, "%s\n", verdict(report));
}

void rw_report_verify_brief(const struct rw_report_subject *subject, const struct rw_verify_report *report, FILE *out)
{
    fprintf(out, "%-7s %s: %s, all words up to %zu%s (",
            report->holds ? report->interrupted ? "stopped" : "holds" : "DIFFERS", subject->spec,
            rw_report_family(subject->net), report->length, went_further(subject, report) ? " and some longer" : "");
    rw_report_number(out, report->exhaustive_words);
    fputs(")", out);
    if (report->random_words > 0)
        fprintf(out, ", %" PRIu64 " random ones up to %zu", report->random_words, report->random_length_reached);
    if (report->bits_count > 0)
        fprintf(out, ", bits %zu", report->bits[report->bits_count - 1].bits);
    enum rw_growth_kind growth = rw_growth_fit(report).kind;
    if (growth != RW_GROWTH_UNKNOWN && growth != RW_GROWTH_OTHER)
        fprintf(out, " (%s)", rw_growth_name(growth));
    if (!report->holds) {
        fputs(", counterexample ", out);
        rw_report_counterexample_word(subject->machine->alphabet, &report->counterexample, out);
    }
    fputc('\n', out);
}

json_t *rw_report_counterexample_json(const struct rw_alphabet *alphabet, const struct rw_counterexample *found)
{
    static const char *const kinds[] = {[RW_DIFFER_NONE] = "none",
                                        [RW_DIFFER_OUTPUT] = "output",
                                        [RW_DIFFER_STATE] = "state",
                                        [RW_DIFFER_ORACLE] = "oracle"};
    json_t *object = json_object();
    char *word = rw_word_text(alphabet, found->word.symbols, found->word.length);
    json_object_set_new(object, "word", rw_report_text(word));
    free(word);
    if (found->again > 0)
        json_object_set_new(object, "last_letter_again", rw_report_count(found->again));
    json_object_set_new(object, "length", rw_report_count(rw_counterexample_length(found)));
    json_object_set_new(object, "shortest", json_boolean(found->shortest));
    json_object_set_new(object, "differs", json_string(kinds[found->kind]));
    rw_report_set_text(object, "quantity", found->quantity);
    rw_report_set_text(object, "machine", found->machine);
    rw_report_set_text(object, "network", found->network);
    rw_report_set_text(object, "oracle", found->oracle);
    return object;
}

static void set_subject(json_t *object, const struct rw_report_subject *subject)
{
    json_object_set_new(object, "spec", rw_report_text(subject->spec));
    json_object_set_new(object, "name", rw_report_text(subject->machine->name));
    json_object_set_new(object, "kind", rw_report_text(subject->machine->kind->name));
    json_object_set_new(object, "family", rw_report_text(rw_report_family(subject->net)));
    json_object_set_new(object, "construction", rw_report_text(subject->net->construction));
    json_object_set_new(object, "theorem", rw_report_text(subject->net->theorem));
}

json_t *rw_report_verify_json(const struct rw_report_subject *subject, const struct rw_verify_report *report)
{
    json_t *object = json_object(), *bits = json_array();
    set_subject(object, subject);
    json_object_set_new(object, "holds", json_boolean(report->holds));
    json_object_set_new(object, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(object, "length", rw_report_count(report->length));
    json_object_set_new(object, "all_words", rw_report_count(report->exhaustive_words));
    json_object_set_new(object, "random_words", rw_report_count(report->random_words));
    json_object_set_new(object, "random_length", rw_report_count(report->random_length_reached));
    json_object_set_new(object, "seed", rw_report_count(report->seed));
    json_object_set_new(object, "covering_words", rw_report_count(report->covering_words));
    json_object_set_new(object, "given_words", rw_report_count(report->given_words));
    json_object_set_new(object, "steps", rw_report_count(report->steps));
    json_object_set_new(object, "computed_steps", rw_report_count(report->computed));
    json_object_set_new(object, "seconds", json_real(report->seconds));
    json_object_set_new(object, "quantities", rw_report_count(report->states_compared ? report->quantities : 0));
    rw_report_set_text(object, "oracle", report->oracle);
    if (report->oracle != NULL)
        json_object_set_new(object, "oracle_words", rw_report_count(report->oracle_words));
    rw_report_set_text(object, "notes", report->notes);
    for (size_t i = 0; i < report->bits_count; i++)
        json_array_append_new(bits, json_pack("{s:o, s:o}", "length", rw_report_count(report->bits[i].length), "bits",
                                              rw_report_count(report->bits[i].bits)));
    json_object_set_new(object, "bits", bits);
    struct rw_growth growth = rw_growth_fit(report);
    json_object_set_new(object, "growth",
                        json_pack("{s:s, s:f, s:f}", "kind", rw_growth_name(growth.kind), "slope", growth.slope,
                                  "offset", growth.offset));
    if (!report->holds)
        json_object_set_new(object, "counterexample",
                            rw_report_counterexample_json(subject->machine->alphabet, &report->counterexample));
    return object;
}

/* --- negative controls --- */

static const char *const fates[] = {
    [RW_MUTANT_NOTICED] = "noticed", [RW_MUTANT_EQUIVALENT] = "equivalent", [RW_MUTANT_UNKNOWN] = "UNKNOWN"};

static void print_mutant(const struct rw_report_subject *subject, const struct rw_mutant *mutant, FILE *out)
{
    fprintf(out, "  %-10s %s: %s -> %s: ", fates[mutant->fate], mutant->place, mutant->before, mutant->after);
    if (mutant->fate == RW_MUTANT_NOTICED) {
        fputs("on ", out);
        rw_report_counterexample_word(subject->machine->alphabet, &mutant->counterexample, out);
        fputc('\n', out);
    } else {
        fprintf(out, "%s\n", mutant->reason == NULL ? "no reason known" : mutant->reason);
    }
}

void rw_report_mutate_brief(const struct rw_report_subject *subject, const struct rw_mutate_report *report, FILE *out)
{
    fprintf(out, "%-7s %s: %s, %zu weights perturbed: %zu noticed, %zu equivalent, %zu unknown\n",
            report->unknown > 0   ? "UNKNOWN"
            : report->interrupted ? "stopped"
                                  : "noticed",
            subject->spec, rw_report_family(subject->net), report->count, report->noticed, report->equivalent,
            report->unknown);
}

void rw_report_mutate(const struct rw_report_subject *subject, const struct rw_mutate_report *report, FILE *out)
{
    rw_report_verify_heading(subject, out);
    for (size_t i = 0; i < report->count; i++)
        if (report->mutants[i].fate != RW_MUTANT_NOTICED)
            print_mutant(subject, report->mutants + i, out);
    fprintf(out, "  %zu single weights perturbed (seed %" PRIu64 "): %zu noticed, %zu equivalent, %zu unknown%s\n",
            report->count, report->seed, report->noticed, report->equivalent, report->unknown,
            report->interrupted ? "; interrupted" : "");
    fprintf(out, "%s\n",
            report->unknown == 0 ? "every mutation was noticed or explained"
                                 : "some mutations were neither noticed nor explained");
}

json_t *rw_report_mutate_json(const struct rw_report_subject *subject, const struct rw_mutate_report *report)
{
    json_t *object = json_object(), *mutants = json_array();
    set_subject(object, subject);
    json_object_set_new(object, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(object, "seed", rw_report_count(report->seed));
    json_object_set_new(object, "count", rw_report_count(report->count));
    json_object_set_new(object, "noticed", rw_report_count(report->noticed));
    json_object_set_new(object, "equivalent", rw_report_count(report->equivalent));
    json_object_set_new(object, "unknown", rw_report_count(report->unknown));
    for (size_t i = 0; i < report->count; i++) {
        const struct rw_mutant *mutant = report->mutants + i;
        json_t *row = json_object();
        json_object_set_new(row, "place", rw_report_text(mutant->place));
        json_object_set_new(row, "before", rw_report_text(mutant->before));
        json_object_set_new(row, "after", rw_report_text(mutant->after));
        json_object_set_new(row, "fate",
                            rw_report_text(mutant->fate == RW_MUTANT_UNKNOWN ? "unknown" : fates[mutant->fate]));
        if (mutant->fate == RW_MUTANT_NOTICED)
            json_object_set_new(row, "counterexample",
                                rw_report_counterexample_json(subject->machine->alphabet, &mutant->counterexample));
        rw_report_set_text(row, "reason", mutant->reason);
        json_array_append_new(mutants, row);
    }
    json_object_set_new(object, "mutants", mutants);
    return object;
}

/* --- residues --- */

void rw_report_modular(const struct rw_report_subject *subject, const struct rw_modular_report *report, FILE *out)
{
    rw_report_verify_heading(subject, out);
    fprintf(out, "  one random word (seed %" PRIu64 ") of ", report->seed);
    rw_report_number(out, report->symbols);
    fputs(" symbols, ", out);
    rw_report_number(out, report->tokens);
    fprintf(out, " tokens, modulo %" PRIu64 "\n  values compared: ", report->prime);
    rw_report_number(out, report->compared);
    fprintf(out, ", in %.2f s, ", report->seconds);
    print_steps_per_second(out, report->tokens, report->seconds);
    fputc('\n', out);
    if (report->holds)
        fprintf(out, "  a difference has less than 2^%.0f bits; it went unnoticed with a probability below 2^%.0f\n",
                ceil(log2((double)report->bits + 1)), ceil(report->log2_error));
    else
        fprintf(out, "  the residues differ after %" PRIu64 " symbols, so the values do\n", report->first_difference);
    fprintf(out, "%s\n",
            !report->holds        ? "differs"
            : report->interrupted ? "interrupted; no difference so far"
                                  : "holds");
}

json_t *rw_report_modular_json(const struct rw_report_subject *subject, const struct rw_modular_report *report)
{
    json_t *object = json_object();
    set_subject(object, subject);
    json_object_set_new(object, "holds", json_boolean(report->holds));
    json_object_set_new(object, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(object, "seed", rw_report_count(report->seed));
    json_object_set_new(object, "prime", rw_report_count(report->prime));
    json_object_set_new(object, "symbols", rw_report_count(report->symbols));
    json_object_set_new(object, "tokens", rw_report_count(report->tokens));
    json_object_set_new(object, "compared", rw_report_count(report->compared));
    json_object_set_new(object, "log2_error", json_real(report->log2_error));
    json_object_set_new(object, "seconds", json_real(report->seconds));
    if (!report->holds)
        json_object_set_new(object, "first_difference", rw_report_count(report->first_difference));
    return object;
}
