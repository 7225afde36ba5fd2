/* lookup.c - which neurons fire on a stream of zeros and ones.
 *
 * The inputs of a neuron, (feature, weight) by ascending features, are a word, and all neurons are a tree of such words.
 * Each node knows the most that any neuron below can come to from there on: its bias, and every weight that is positive.
 * A walk from the root adds up what the features give, and leaves out what cannot come to more than 0. That takes
 * weights that are small integers and a stream of zeros and ones; otherwise all neurons are computed. */
#include "verify/lookup.h"

#include <stdlib.h>

#include "base/memory.h"

/* Neurons of more inputs, and weights beyond this, are not put in a tree: sums stay far below 2^63, walks shallow. */
#define MOST_INPUTS 256
#define MOST_WEIGHT (INT64_C(1) << 40)

struct input {
    uint32_t feature;
    int64_t weight;
};

struct word {
    size_t count;
    const struct input *inputs;
    int64_t bias;
    uint32_t neuron;
};

struct node {
    struct input input;                  /* the edge to here */
    int64_t best;                        /* of any neuron below, from here on */
    size_t child, children, word, words; /* where they begin, and how many: words that end here */
};

struct fired {
    uint32_t neuron;
    int64_t value;
};

struct rw_lookup {
    const struct rw_feedforward *ff;
    struct input *inputs; /* of all neurons */
    struct word *words;   /* sorted */
    uint8_t *read;        /* features that some neuron reads */
    struct node *nodes;   /* the root is the first; none: there is no tree */
    size_t node_count, node_capacity;
    struct fired *fired; /* in this walk */
    size_t fired_count, fired_capacity;
    struct rw_vector pre;
};

/* --- the words of the neurons --- */

static bool small_integer(const fmpq_t value, int64_t *integer)
{
    if (!rw_q_is_small(value) || *fmpq_numref(value) > MOST_WEIGHT || *fmpq_numref(value) < -MOST_WEIGHT)
        return false;
    *integer = *fmpq_numref(value);
    return true;
}

/* false: some weight is not a small integer. */
static bool fill_words(struct rw_lookup *lookup)
{
    const struct rw_feedforward *ff = lookup->ff;
    size_t *at =
        rw_alloc(ff->neurons + 1, sizeof *at); /* where a neuron's inputs begin; then where the next one goes */
    bool good = true;
    for (size_t e = 0; e < rw_matrix_nonzeros(ff->in); e++)
        at[ff->in->row[e] + 1]++;
    for (size_t n = 0; n < ff->neurons; n++) {
        good = good && at[n + 1] <= MOST_INPUTS;
        lookup->words[n] = (struct word){.count = at[n + 1], .inputs = lookup->inputs + at[n], .neuron = (uint32_t)n};
        at[n + 1] += at[n];
    }
    for (size_t j = 0; j < ff->in->cols; j++)
        for (size_t e = ff->in->start[j]; e < ff->in->start[j + 1]; e++) {
            struct input *input = lookup->inputs + at[ff->in->row[e]]++;
            input->feature = (uint32_t)j;
            lookup->read[j] = 1;
            good = small_integer(ff->in->value + e, &input->weight) && good;
        }
    for (size_t e = 0; e < rw_matrix_nonzeros(ff->bias); e++)
        good = small_integer(ff->bias->value + e, &lookup->words[ff->bias->row[e]].bias) && good;
    free(at);
    return good;
}

static int compare_inputs(const struct input *a, const struct input *b)
{
    if (a->feature != b->feature)
        return a->feature < b->feature ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight);
}

/* A word comes before those that it begins. */
static int compare_words(const void *a, const void *b)
{
    const struct word *v = a, *w = b;
    for (size_t i = 0; i < v->count && i < w->count; i++) {
        int order = compare_inputs(v->inputs + i, w->inputs + i);
        if (order != 0)
            return order;
    }
    return v->count != w->count ? (v->count < w->count ? -1 : 1) : (v->neuron > w->neuron) - (v->neuron < w->neuron);
}

/* --- the tree --- */

/* The words from `first` that have the same input at `depth`. */
static size_t same_input(const struct rw_lookup *lookup, size_t first, size_t last, size_t depth)
{
    size_t end = first + 1;
    while (end < last && compare_inputs(lookup->words[end].inputs + depth, lookup->words[first].inputs + depth) == 0)
        end++;
    return end;
}

/* The subtree of the words first .. last - 1, which agree in `depth` inputs. */
static void grow(struct rw_lookup *lookup, size_t at, size_t first, size_t last, size_t depth)
{
    int64_t best = INT64_MIN;
    size_t rest = first;
    for (; rest < last && lookup->words[rest].count == depth; rest++)
        best = lookup->words[rest].bias > best ? lookup->words[rest].bias : best;
    size_t child = lookup->node_count, children = 0;
    for (size_t i = rest; i < last; i = same_input(lookup, i, last, depth), children++) {
        lookup->nodes = rw_grow(lookup->nodes, &lookup->node_capacity, lookup->node_count + 1, sizeof *lookup->nodes);
        lookup->nodes[lookup->node_count++] = (struct node){.input = lookup->words[i].inputs[depth]};
    }
    for (size_t i = rest, c = child; i < last; c++) {
        size_t end = same_input(lookup, i, last, depth);
        grow(lookup, c, i, end, depth + 1);
        int64_t weight = lookup->nodes[c].input.weight, reach = lookup->nodes[c].best + (weight > 0 ? weight : 0);
        best = reach > best ? reach : best;
        i = end;
    }
    struct node *node = lookup->nodes + at;
    *node = (struct node){node->input, best, child, children, first, rest - first};
}

struct rw_lookup *rw_lookup_new(const struct rw_feedforward *ff)
{
    struct rw_lookup *lookup = rw_alloc(1, sizeof *lookup);
    lookup->ff = ff;
    lookup->inputs = rw_alloc(rw_matrix_nonzeros(ff->in), sizeof *lookup->inputs);
    lookup->words = rw_alloc(ff->neurons, sizeof *lookup->words);
    lookup->read = rw_alloc(ff->in->cols, sizeof *lookup->read);
    rw_vector_init(&lookup->pre, ff->neurons);
    if (ff->neurons > 0 && fill_words(lookup)) {
        qsort(lookup->words, ff->neurons, sizeof *lookup->words, compare_words);
        lookup->nodes = rw_grow(lookup->nodes, &lookup->node_capacity, 1, sizeof *lookup->nodes);
        lookup->nodes[lookup->node_count++] = (struct node){.best = 0};
        grow(lookup, 0, 0, ff->neurons, 0);
    }
    return lookup;
}

void rw_lookup_free(struct rw_lookup *lookup)
{
    if (lookup == NULL)
        return;
    free(lookup->inputs);
    free(lookup->words);
    free(lookup->read);
    free(lookup->nodes);
    free(lookup->fired);
    rw_vector_clear(&lookup->pre);
    free(lookup);
}

/* --- a stream --- */

static bool is_zeros_and_ones(const struct rw_lookup *lookup, const struct rw_vector *stream)
{
    for (size_t k = 0; k < stream->count; k++) {
        const fmpq *value = stream->value + stream->touched[k];
        if (lookup->read[stream->touched[k]] && !rw_q_is_zero(value) && !rw_q_is_one(value))
            return false;
    }
    return true;
}

/* `sum`: what the path to the node has given. */
static void walk(struct rw_lookup *lookup, size_t at, int64_t sum, const struct rw_vector *stream, uint64_t *work)
{
    const struct node *node = lookup->nodes + at;
    for (size_t i = node->word; i < node->word + node->words; i++) {
        int64_t value = sum + lookup->words[i].bias;
        if (value <= 0)
            continue;
        lookup->fired = rw_grow(lookup->fired, &lookup->fired_capacity, lookup->fired_count + 1, sizeof *lookup->fired);
        lookup->fired[lookup->fired_count++] = (struct fired){lookup->words[i].neuron, value};
    }
    *work += 1 + node->words + node->children;
    for (size_t c = node->child; c < node->child + node->children; c++) {
        const struct node *child = lookup->nodes + c;
        int64_t here = rw_q_is_zero(stream->value + child->input.feature) ? sum : sum + child->input.weight;
        if (here + child->best > 0)
            walk(lookup, c, here, stream, work);
    }
}

static void add_neuron(const struct rw_lookup *lookup, size_t n, const fmpq_t value, struct rw_vector *stream)
{
    const struct rw_matrix *out = lookup->ff->out;
    for (size_t e = out->start[n]; e < out->start[n + 1]; e++)
        rw_vector_addmul(stream, out->row[e], out->value + e, value);
}

static void apply_by_tree(struct rw_lookup *lookup, struct rw_vector *stream, uint64_t *work)
{
    fmpq_t value;
    fmpq_init(value);
    lookup->fired_count = 0;
    walk(lookup, 0, 0, stream, work);
    for (size_t i = 0; i < lookup->fired_count; i++) {
        rw_q_set_int(value, lookup->fired[i].value);
        add_neuron(lookup, lookup->fired[i].neuron, value, stream);
    }
    fmpq_clear(value);
}

static void apply_all(struct rw_lookup *lookup, struct rw_vector *stream, uint64_t *work)
{
    const struct rw_feedforward *ff = lookup->ff;
    rw_vector_zero(&lookup->pre);
    for (size_t e = 0; e < rw_matrix_nonzeros(ff->bias); e++)
        rw_q_set(rw_vector_at(&lookup->pre, ff->bias->row[e]), ff->bias->value + e);
    rw_matrix_apply(ff->in, stream, &lookup->pre);
    for (size_t k = 0; k < lookup->pre.count; k++) {
        uint32_t n = lookup->pre.touched[k];
        if (rw_q_sign(lookup->pre.value + n) > 0)
            add_neuron(lookup, n, lookup->pre.value + n, stream);
    }
    *work += rw_matrix_nonzeros(ff->in) + rw_matrix_nonzeros(ff->bias);
}

void rw_lookup_apply(struct rw_lookup *lookup, struct rw_vector *stream, uint64_t *work)
{
    if (lookup->node_count > 0 && is_zeros_and_ones(lookup, stream))
        apply_by_tree(lookup, stream, work);
    else
        apply_all(lookup, stream, work);
}
