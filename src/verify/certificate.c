/* certificate.c - writes certificates of the linear arguments.
 *
 * The joint row of a word is (left's row | right's row), and 1 at the end if the claim has a shift. "linear": a basis of
 * joint rows, closed under each symbol by the coefficients given, on which right - scale * left - shift is 0.
 * "last": the same after each symbol, with a scale and a shift of its own. "pairs": all joint rows, taken up to a positive factor for each side. */
#include "verify/certificate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/counter.h"
#include "automata/stack.h"
#include "automata/turing.h"
#include "verify/certificate_blocks.h"
#include "verify/certificate_cells.h"
#include "verify/certificate_contexts.h"
#include "verify/certificate_parts.h"
#include "verify/certificate_registers.h"
#include "verify/certificate_visited.h"
#include "verify/equal_blocks.h"
#include "verify/joint.h"
#include "verify/linear.h"
#include "verify/reached.h"
#include "verify/scaling.h"
#include "verify/series.h"

struct writer {
    FILE *out;
    const struct rw_alphabet *alphabet;
    const struct rw_linear_proof *proof;
};

/* --- the parts of the text --- */

static void put_row(FILE *out, const struct rw_row *row)
{
    fputc('[', out);
    for (size_t k = 0; k < row->count; k++) {
        fprintf(out, "%s[%" PRIu32 ", \"", k > 0 ? ", " : "", row->index[k]);
        rw_q_print(out, row->value + k);
        fputs("\"]", out);
    }
    fputc(']', out);
}

static const char *kind_of(const struct rw_linear_proof *proof)
{
    return proof->argument == RW_ARGUMENT_SPACE         ? "linear"
           : proof->argument == RW_ARGUMENT_LAST_SYMBOL ? "last"
                                                        : "pairs";
}

/* --- linear --- */

/* Both side by side, and the constant 1. */
static struct rw_wfa *joint_automaton(const struct rw_wfa *left, const struct rw_wfa *right, bool constant)
{
    struct rw_wfa *sum = rw_wfa_sum(left, right);
    if (!constant)
        return sum;
    fmpq_t one;
    fmpq_init(one);
    rw_q_set_int(one, 1);
    struct rw_wfa *joint = rw_wfa_affine(sum, one, one);
    fmpq_clear(one);
    rw_wfa_free(sum);
    return joint;
}

static void put_after(const struct writer *w, const struct rw_reached *reached, size_t i)
{
    if (reached->rows[i].parent == RW_NO_PARENT) {
        fputs("null", w->out);
        return;
    }
    fprintf(w->out, "[%zu, ", reached->rows[i].parent);
    rw_put_text(w->out, rw_alphabet_name(w->alphabet, reached->rows[i].symbol));
    fputc(']', w->out);
}

static void put_last(const struct writer *w)
{
    fputs("  \"last\": [", w->out);
    for (size_t s = 0; s < w->proof->last_count; s++) {
        fprintf(w->out, "%s\n    {\"scale\": \"", s > 0 ? "," : "");
        rw_q_print(w->out, w->proof->last[s].scale);
        fputs("\", \"shift\": \"", w->out);
        rw_q_print(w->out, w->proof->last[s].shift);
        fputs("\"}", w->out);
    }
    fputs("],\n", w->out);
}

static void put_basis(const struct writer *w, const struct rw_reached *reached)
{
    FILE *out = w->out;
    if (w->proof->argument == RW_ARGUMENT_LAST_SYMBOL) {
        put_last(w);
    } else {
        rw_put_number(out, "scale", w->proof->scale);
        rw_put_number(out, "shift", w->proof->shift);
    }
    fputs("  \"start\": ", out);
    put_row(out, &reached->start);
    fputs(",\n  \"rows\": [", out);
    for (size_t i = 0; i < reached->count; i++) {
        fprintf(out, "%s\n    {\"after\": ", i > 0 ? "," : "");
        put_after(w, reached, i);
        fputs(", \"row\": ", out);
        put_row(out, &reached->rows[i].row);
        fputs(", \"steps\": [", out);
        for (size_t s = 0; s < reached->symbols; s++) {
            fputs(s > 0 ? ", " : "", out);
            put_row(out, reached->steps + i * reached->symbols + s);
        }
        fputs("]}", out);
    }
    fputs("]\n}\n", out);
}

static bool say(FILE *why, const char *reason)
{
    if (why != NULL)
        fputs(reason, why);
    return false;
}

static bool has_shift(const struct rw_linear_proof *proof)
{
    bool shift = !rw_q_is_zero(proof->shift) && proof->argument == RW_ARGUMENT_SPACE;
    for (size_t s = 0; s < proof->last_count && proof->argument == RW_ARGUMENT_LAST_SYMBOL; s++)
        shift = shift || !rw_q_is_zero(proof->last[s].shift);
    return shift;
}

static bool write_linear(const struct writer *w, const struct rw_wfa *left, const struct rw_wfa *right,
                         const struct rw_limits *limits, FILE *why)
{
    struct rw_reached reached;
    struct rw_wfa *joint = joint_automaton(left, right, has_shift(w->proof));
    bool found = rw_reached_find(joint, limits->cells, &reached);
    if (found)
        put_basis(w, &reached);
    rw_reached_clear(&reached);
    rw_wfa_free(joint);
    return found || say(why, "its coefficients do not fit limit \"cells\"");
}

/* --- pairs --- */

struct pairs_writer {
    const struct writer *w;
    size_t rows;
};

static void put_pair(void *context, const struct rw_row *row, const size_t *steps, size_t symbols)
{
    struct pairs_writer *pairs = context;
    FILE *out = pairs->w->out;
    fprintf(out, "%s\n    {\"row\": ", pairs->rows++ > 0 ? "," : "");
    put_row(out, row);
    fputs(", \"steps\": [", out);
    for (size_t s = 0; s < symbols; s++)
        fprintf(out, "%s%zu", s > 0 ? ", " : "", steps[s]);
    fputs("]}", out);
}

static bool write_pairs(const struct writer *w, const struct rw_wfa *left, const struct rw_wfa *right,
                        const struct rw_limits *limits)
{
    bool supports = w->proof->argument == RW_ARGUMENT_SUPPORTS;
    struct pairs_writer pairs = {.w = w};
    fprintf(w->out, "  \"supports\": %s,\n  \"rows\": [", supports ? "true" : "false");
    struct rw_word word;
    size_t count;
    rw_word_init(&word);
    bool all = rw_signs_equal(left, right, supports, limits->cells, &word, put_pair, &pairs, &count) == RW_EQUAL;
    rw_word_clear(&word);
    fputs("]\n}\n", w->out);
    return all;
}

/* --- the whole --- */

struct rw_wfa *rw_certificate_series(struct rw_side side, const char *key, const struct rw_limits *limits)
{
    struct rw_series list[RW_MOST_SERIES];
    struct rw_wfa *found = NULL;
    size_t count = rw_series_of(side, limits->cells, list, NULL);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].key, key) == 0)
            found = list[i].f;
        else
            rw_wfa_free(list[i].f);
    }
    return found;
}

/* Finite automata have none: beside a network of ReLUs their pairs are visited. */
static bool has_modes(const struct rw_machine *machine)
{
    return machine->kind == &rw_counter_kind || machine->kind == &rw_stack_kind || machine->kind == &rw_turing_kind;
}

/* A basis for each context; or, where rows were visited, the pairs, which may be few enough. */
static bool write_contexts(struct rw_certified left, struct rw_certified right, const struct rw_linear_proof *proof,
                           const struct rw_limits *limits, FILE *out, FILE *why)
{
    if (proof->argument == RW_ARGUMENT_CONTEXTS)
        return rw_certificate_write_contexts(left, right, proof, limits, out, why);
    if (left.side.machine == NULL || right.side.net == NULL || right.side.net->padding > 0)
        return say(why, "the pairs of states are with contexts");
    return rw_certificate_write_visited(left, right, limits, out, why);
}

bool rw_certificate_write(struct rw_certified left, struct rw_certified right, const struct rw_linear_proof *proof,
                          const struct rw_limits *limits, FILE *out, FILE *why)
{
    const struct writer w = {out, rw_side_alphabet(left.side), proof};
    if (proof->argument == RW_ARGUMENT_CELLS && has_modes(left.side.machine))
        return rw_certificate_write_cells(left, right, limits, out, why);
    if (proof->argument == RW_ARGUMENT_REGISTERS)
        return rw_certificate_write_registers(left, right, out, why);
    if (proof->argument == RW_ARGUMENT_BLOCKS)
        return rw_certificate_write_blocks(left, right, limits, out, why);
    if (proof->contexts > 0) /* blocks are fewer than contexts: where there are both, they are what is written down */
        return (left.side.machine != NULL && rw_may_have_blocks(left.side.machine, right.side.net) &&
                rw_certificate_write_blocks(left, right, limits, out, NULL)) ||
               write_contexts(left, right, proof, limits, out, why);
    if (proof->argument == RW_ARGUMENT_INTERVALS || proof->argument == RW_ARGUMENT_WINDOWS ||
        proof->argument == RW_ARGUMENT_FACTS || proof->argument == RW_ARGUMENT_POLYNOMIALS)
        return say(why, "this argument has no certificate yet");
    if (proof->argument == RW_ARGUMENT_NONE)
        return say(why, "nothing was proved");
    if (proof->argument == RW_ARGUMENT_VISITED || proof->argument == RW_ARGUMENT_CELLS)
        return rw_certificate_write_visited(left, right, limits, out, why);
    struct rw_wfa *f = rw_certificate_series(left.side, proof->left, limits),
                  *g = rw_certificate_series(right.side, proof->right, limits);
    bool basis = proof->argument == RW_ARGUMENT_SPACE || proof->argument == RW_ARGUMENT_LAST_SYMBOL;
    rw_put_heading(out, kind_of(proof), proof, left, right, w.alphabet, rw_alphabet_size(w.alphabet));
    bool written = basis ? write_linear(&w, f, g, limits, why) : write_pairs(&w, f, g, limits);
    rw_wfa_free(f);
    rw_wfa_free(g);
    return written;
}
