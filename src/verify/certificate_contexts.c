/* certificate_contexts.c - writes a basis for each joint context: the states of the routers, where each letter leads from them, and each
 * row after each letter as a combination of rows there. */
#include "verify/certificate_contexts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "verify/certificate_parts.h"
#include "verify/context_space.h"
#include "verify/linear.h"

/* Entries of all lists, for each cell of the limit. */
#define ENTRIES_PER_CELL 8

struct side {
    struct rw_wfa *f; /* NULL: the network itself */
    struct rw_contexts *contexts;
    struct rw_vector state;
};

struct writer {
    FILE *out;
    struct side left, right;
    struct rw_context_space *space;
    size_t symbols;
    uint64_t entries, max_entries;
};

static bool say(FILE *why, const char *reason)
{
    if (why != NULL)
        fputs(reason, why);
    return false;
}

/* --- the text --- */

/* The touched entries of a tidy vector. */
static void put_vector(FILE *out, const struct rw_vector *v)
{
    fputc('[', out);
    for (size_t k = 0; k < v->count; k++) {
        fprintf(out, "%s[%u, \"", k > 0 ? ", " : "", (unsigned)v->touched[k]);
        rw_q_print(out, v->value + v->touched[k]);
        fputs("\"]", out);
    }
    fputc(']', out);
}

static void put_state(struct writer *w, const char *key, struct side *side, uint32_t context)
{
    rw_contexts_state(side->contexts, context, &side->state);
    fprintf(w->out, "\"%s\": ", key);
    put_vector(w->out, &side->state);
    w->entries += side->state.count;
}

static void put_contexts(struct writer *w, size_t count)
{
    fputs("  \"contexts\": [", w->out);
    for (size_t c = 0; c < count && w->entries <= w->max_entries; c++) {
        struct rw_context_pair pair = rw_context_space_pair(w->space, c);
        fputs(c > 0 ? ",\n    {" : "\n    {", w->out);
        put_state(w, "left", &w->left, pair.f);
        fputs(", ", w->out);
        put_state(w, "right", &w->right, pair.g);
        fputs(", \"next\": [", w->out);
        for (uint32_t s = 0; s < w->symbols; s++)
            fprintf(w->out, "%s%zu", s > 0 ? ", " : "", rw_context_space_next(w->space, c, s));
        fputs("]}", w->out);
        w->entries += w->symbols;
    }
    fputs("],\n", w->out);
}

static void put_integer_row(struct writer *w, const struct rw_integer_row *row)
{
    fputc('[', w->out);
    for (size_t k = 0; k < row->count; k++) {
        fprintf(w->out, "%s[%u, \"", k > 0 ? ", " : "", (unsigned)row->index[k]);
        fmpz_fprint(w->out, row->value + k);
        fputs("\"]", w->out);
    }
    fputc(']', w->out);
    w->entries += row->count;
}

static void put_rows(struct writer *w, size_t count)
{
    struct rw_vector combination;
    rw_vector_init(&combination, count);
    fputs("  \"start\": ", w->out);
    rw_context_space_start(w->space, &combination);
    put_vector(w->out, &combination);
    fputs(",\n  \"rows\": [", w->out);
    for (size_t i = 0; i < count && w->entries <= w->max_entries; i++) {
        size_t context;
        const struct rw_integer_row *row = rw_context_space_row(w->space, i, &context);
        fprintf(w->out, "%s\n    {\"context\": %zu, \"row\": ", i > 0 ? "," : "", context);
        put_integer_row(w, row);
        fputs(", \"steps\": [", w->out);
        for (uint32_t s = 0; s < w->symbols; s++) {
            rw_context_space_step(w->space, i, s, &combination);
            fputs(s > 0 ? ", " : "", w->out);
            put_vector(w->out, &combination);
            w->entries += combination.count;
        }
        fputs("]}", w->out);
    }
    fputs("]\n}\n", w->out);
    rw_vector_clear(&combination);
}

/* --- the sides --- */

static struct side side_of(struct rw_side side, const char *key, size_t symbols, const struct rw_limits *limits)
{
    struct side made = {0};
    if (side.net == NULL)
        made.f = rw_certificate_series(side, key, limits);
    made.contexts = side.net == NULL ? rw_contexts_of_series(made.f) : rw_contexts_of_net(side.net, symbols);
    rw_vector_init(&made.state, rw_contexts_coordinates(made.contexts));
    return made;
}

static void side_clear(struct side *side)
{
    rw_contexts_free(side->contexts);
    rw_wfa_free(side->f);
    rw_vector_clear(&side->state);
}

/* The letters of a side: a padded network's blank is none. */
static size_t letters_of(struct rw_side side)
{
    return side.net == NULL ? rw_alphabet_size(side.machine->alphabet)
                            : rw_alphabet_size(side.net->tokens) - (side.net->padding > 0);
}

static bool has_neurons_at_the_end(struct rw_side side)
{
    if (side.net == NULL)
        return false;
    const struct rw_feedforward *ff = side.net->layers[side.net->layer_count - 1].feedforward;
    return ff != NULL && ff->neurons > 0;
}

bool rw_certificate_write_contexts(struct rw_certified left, struct rw_certified right,
                                   const struct rw_linear_proof *proof, const struct rw_limits *limits, FILE *out,
                                   FILE *why)
{
    if (letters_of(left.side) != letters_of(right.side))
        return say(why, "one of the two networks reads blanks after each letter, the other does not");
    if (has_neurons_at_the_end(left.side) || has_neurons_at_the_end(right.side))
        return say(why, "the checkers read no neurons of the last layer");
    struct rw_scaling scaling;
    struct writer w = {.out = out, .symbols = letters_of(left.side), .max_entries = ENTRIES_PER_CELL * limits->cells};
    struct rw_word word;
    rw_word_init(&word);
    rw_scaling_init(&scaling);
    fmpq_set(scaling.scale, proof->scale);
    fmpq_set(scaling.shift, proof->shift);
    w.left = side_of(left.side, proof->left, w.symbols, limits);
    w.right = side_of(right.side, proof->right, w.symbols, limits);
    w.space = rw_context_space_new(w.left.contexts, w.right.contexts, &scaling, limits->cells);
    bool found = rw_context_space_search(w.space, NULL, &word) == RW_EQUAL;
    if (found) {
        struct rw_context_size size = rw_context_space_size(w.space);
        rw_put_heading(out, "contexts", proof, left, right, rw_side_alphabet(left.side), w.symbols);
        rw_put_number(out, "scale", proof->scale);
        rw_put_number(out, "shift", proof->shift);
        put_contexts(&w, size.contexts);
        put_rows(&w, size.dimension);
    }
    rw_context_space_free(w.space);
    side_clear(&w.left);
    side_clear(&w.right);
    rw_scaling_clear(&scaling);
    rw_word_clear(&word);
    return (found && w.entries <= w.max_entries) ||
           say(why, "its contexts and coefficients do not fit limit \"cells\"");
}
