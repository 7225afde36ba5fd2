/* dataset_connectivity.c - sorted connectivity: graphs with interior vertices, a source with an edge out and a target with an edge into it. */
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/problems/datasets.h"
#include "reductions/problems/problems.h"

#define MOST_VERTICES 40

/* The features: none of them may decide. */
enum feature { ENDS, DISTANCE, EDGES };
static const char *const features[] = {"edge out of the source, edge into the target", "target minus source", "edges",
                                       NULL};

static struct rw_machine *machine(const struct rw_dataset_options *options)
{
    (void)options;
    return rw_problem_machine("connectivity-target-first", rw_connectivity_target_first);
}

/* Vertices so that the word is likely to have the length: n vertices take about n^2 symbols. */
static size_t draw_vertices(struct rw_random *random, size_t least, size_t most)
{
    size_t length = least + rw_random_below(random, most - least + 1), n = 2;
    while (n * n < length)
        n++;
    n += rw_random_below(random, 4);
    return n < MOST_VERTICES ? n : MOST_VERTICES;
}

/* Most vertices have an edge, most edges are short, so that paths are long. */
static void draw_graph(struct rw_random *random, size_t n, size_t *successor)
{
    for (size_t v = 1; v <= n; v++) {
        successor[v] = 0;
        if (v == n || rw_random_below(random, 8) == 0)
            continue;
        size_t reach = rw_random_below(random, 4) == 0 ? n - v : n - v < 3 ? n - v : 3;
        successor[v] = v + 1 + rw_random_below(random, reach);
    }
}

static void push_ones(struct rw_word *word, size_t count, uint32_t after)
{
    for (size_t i = 0; i < count; i++)
        rw_word_push(word, 0);
    rw_word_push(word, after);
}

/* Symbols in the order of the machine's alphabet. */
enum symbol { ONE, SEMICOLON, ARROW, QUESTION, END };

static void write_word(const size_t *successor, size_t n, size_t source, size_t target, struct rw_word *word)
{
    size_t pending = source;
    push_ones(word, target, QUESTION);
    for (size_t v = 1; v <= n; v++) {
        if (successor[v] == 0)
            continue;
        push_ones(word, pending, SEMICOLON);
        push_ones(word, v, ARROW);
        pending = successor[v];
    }
    push_ones(word, pending, END);
}

static bool draw(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example)
{
    (void)machine;
    (void)options;
    size_t successor[MOST_VERTICES + 1], n = draw_vertices(random, least, most), edges = 0, candidates[MOST_VERTICES],
                                         count = 0;
    bool reached[MOST_VERTICES + 1] = {false}, entered[MOST_VERTICES + 1] = {false};
    draw_graph(random, n, successor);
    size_t source = 1 + rw_random_below(random, n);
    for (size_t v = source; v != 0; v = successor[v])
        reached[v] = true;
    for (size_t v = 1; v <= n; v++) {
        edges += successor[v] != 0;
        entered[successor[v]] = true;
    }
    for (size_t v = source + 1; v <= n; v++)
        if (entered[v] && reached[v] == (wanted == 1))
            candidates[count++] = v;
    if (count == 0 || successor[source] == 0)
        return false;
    size_t target = candidates[rw_random_below(random, count)];
    write_word(successor, n, source, target, &example->word);
    example->label = reached[target];
    example->features[ENDS] = (successor[source] != 0) | (uint32_t)entered[target] << 1;
    example->features[DISTANCE] = (uint32_t)(target - source);
    example->features[EDGES] = (uint32_t)edges;
    return true;
}

/* E12: a generator that samples no interior vertex. There is one path from the source to the target; where the answer is to be no, its first
 * edge, its last one or both are left out. */
static bool draw_released(struct rw_random *random, const struct rw_machine *machine,
                          const struct rw_dataset_options *options, size_t wanted, size_t least, size_t most,
                          struct rw_example *example)
{
    (void)machine;
    (void)options;
    size_t successor[MOST_VERTICES + 1] = {0}, n = draw_vertices(random, least, most), path[MOST_VERTICES + 1],
                                     count = 0;
    for (size_t v = 1 + rw_random_below(random, 3); v <= n; v += 1 + rw_random_below(random, 4))
        path[count++] = v;
    if (count < 3)
        return false;
    size_t missing = wanted == 1 ? 0 : 1 + rw_random_below(random, 3), edges = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        bool left_out = ((missing & 1) != 0 && i == 0) || ((missing & 2) != 0 && i + 2 == count);
        successor[path[i]] = left_out ? 0 : path[i + 1];
        edges += !left_out;
    }
    write_word(successor, n, path[0], path[count - 1], &example->word);
    example->label = wanted == 1;
    example->features[ENDS] = (missing & 1) == 0 && (missing & 2) == 0;
    example->features[DISTANCE] = (uint32_t)(path[count - 1] - path[0]);
    example->features[EDGES] = (uint32_t)edges;
    return true;
}

const struct rw_generator rw_generator_connectivity = {
    .name = "sorted-connectivity",
    .about = "1^t ? 1^s (; 1^i > 1^j)* $, as for specs/counter/connectivity-target-first.yaml; label 1 if t is reached "
             "from s",
    .features = features,
    .keyed = DISTANCE + 1,
    .machine = machine,
    .classes = rw_two_classes,
    .class_of = rw_class_is_label,
    .draw = draw,
};

const struct rw_generator rw_generator_released = {
    .name = "sorted-connectivity-released",
    .about = "as the paper's released generator draws it (E12): no interior vertex is sampled, and the ends give the "
             "label away",
    .features = features,
    .keyed = 0,
    .machine = machine,
    .classes = rw_two_classes,
    .class_of = rw_class_is_label,
    .draw = draw_released,
};
