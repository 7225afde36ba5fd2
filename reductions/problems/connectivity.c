/* connectivity.c - reachability in graphs with at most one edge out of each vertex (R1, R2).
 *
 * Sorted instances, whose edges lead to later vertices, are words as they are: vertices in unary, edges in order of their start, the target first
 * or last. Any instance becomes sorted by layers: vertex v of layer l leads to its successor in layer l + 1; the target leads to itself, so it is
 * reached iff its copy in layer n - 1 is. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"vertices", "edges", "source", "target", "encoding", NULL};
static const char *const encodings[] = {"target-first", "target-last", NULL};
enum encoding { TARGET_FIRST, TARGET_LAST };

struct graph {
    size_t vertices;
    uint32_t *successor; /* of each vertex from 1; 0: none */
    uint32_t source, target;
    enum encoding encoding;
    bool sorted;
};

static void free_graph(void *instance)
{
    struct graph *graph = instance;
    free(graph->successor);
    free(graph);
}

/* --- reading --- */

static bool read_vertex(struct rw_reader *r, const struct rw_yaml *node, const struct graph *graph, uint32_t *vertex)
{
    int64_t number;
    if (!rw_read_integer(r, node, &number))
        return false;
    if (number < 1 || (uint64_t)number > graph->vertices) {
        rw_read_error(r, node, "there is no vertex %" PRId64, number);
        rw_diag_hint(r->diag, "vertices are 1 to %zu", graph->vertices);
        return false;
    }
    *vertex = (uint32_t)number;
    return true;
}

static void read_edge(struct rw_reader *r, const struct rw_yaml *node, struct graph *graph,
                      const struct rw_yaml **places, uint32_t *last)
{
    uint32_t from, to;
    if (!rw_read_expect(r, node, RW_YAML_LIST, "an edge [from, to]"))
        return;
    if (node->count != 2) {
        rw_read_error(r, node, "expected an edge [from, to], found %zu entries", node->count);
        return;
    }
    bool good = read_vertex(r, node->items[0], graph, &from);
    if (!read_vertex(r, node->items[1], graph, &to) || !good)
        return;
    if (graph->successor[from] != 0) {
        rw_read_error(r, node, "vertex %" PRIu32 " has more than one edge out of it, to %" PRIu32 " and to %" PRIu32,
                      from, graph->successor[from], to);
        rw_diag_note(r->diag, places[from]->span, "the other one is here");
        rw_diag_hint(r->diag, "deterministic connectivity has at most one; with more it is complete for NL");
        return;
    }
    graph->successor[from] = to;
    places[from] = node;
    if (graph->sorted && (to <= from || from < *last)) {
        rw_read_error(r, node,
                      to <= from ? "the edge does not lead to a later vertex"
                                 : "the edges are not in order of their start");
        rw_diag_hint(r->diag, "'problem: connectivity' takes any edges in any order");
    }
    *last = from;
}

/* With the target last the path's end is compared with the target, which is right if the path cannot go on from there. */
static void check_sink(struct rw_reader *r, const struct graph *graph, const struct rw_yaml **places)
{
    if (!graph->sorted || graph->encoding != TARGET_LAST || graph->successor[graph->target] == 0)
        return;
    rw_read_error(r, places[graph->target], "the target %" PRIu32 " has an edge, to %" PRIu32 ", and it comes last",
                  graph->target, graph->successor[graph->target]);
    rw_diag_hint(r->diag, "'encoding: target-first' needs no promise");
}

static bool check_vertices(struct rw_reader *r, const struct rw_yaml *node, int64_t vertices)
{
    uint64_t most = r->limits->states < UINT32_MAX - 1 ? r->limits->states : UINT32_MAX - 1;
    if (vertices < 1) {
        rw_read_error(r, node, "a graph has at least one vertex");
    } else if ((uint64_t)vertices > most) {
        rw_diag_limit(r->diag, node->span, "states", "a graph of %" PRId64 " vertices, more than %" PRIu64, vertices,
                      most);
        r->good = false;
    } else {
        return true;
    }
    return false;
}

static struct graph *read_graph(struct rw_reader *r, bool sorted)
{
    int64_t vertices = 0;
    const struct rw_yaml *node = rw_read_key(r, r->top, "vertices");
    if (node != NULL && rw_read_integer(r, node, &vertices) && !check_vertices(r, node, vertices))
        vertices = 0;
    if (vertices < 1)
        return NULL;
    struct graph *graph = rw_alloc(1, sizeof *graph);
    graph->vertices = (size_t)vertices;
    graph->sorted = sorted;
    graph->successor = rw_alloc(graph->vertices + 1, sizeof *graph->successor);
    const struct rw_yaml **places = rw_alloc(graph->vertices + 1, sizeof *places);
    uint32_t last = 0;
    size_t encoding = TARGET_FIRST;
    node = rw_read_key(r, r->top, "edges");
    if (node != NULL && rw_read_expect(r, node, RW_YAML_LIST, "a list of edges [from, to]"))
        for (size_t i = 0; i < node->count; i++)
            read_edge(r, node->items[i], graph, places, &last);
    node = rw_read_key(r, r->top, "source");
    if (node != NULL)
        read_vertex(r, node, graph, &graph->source);
    node = rw_read_key(r, r->top, "target");
    if (node != NULL)
        read_vertex(r, node, graph, &graph->target);
    node = rw_yaml_get(r->top, "encoding");
    if (node != NULL)
        rw_read_choice(r, node, encodings, &encoding);
    graph->encoding = (enum encoding)encoding;
    if (r->good)
        check_sink(r, graph, places);
    free(places);
    return graph;
}

static void *read_any(struct rw_reader *r)
{
    return read_graph(r, false);
}

static void *read_sorted(struct rw_reader *r)
{
    return read_graph(r, true);
}

/* --- the direct answer --- */

/* Follows the path for as many edges as there are vertices. */
static void solve(const void *instance, fmpq_t answer)
{
    const struct graph *graph = instance;
    uint32_t at = graph->source;
    for (size_t i = 0; i < graph->vertices && at != 0 && at != graph->target; i++)
        at = graph->successor[at];
    rw_q_set_int(answer, at == graph->target);
}

/* --- the word --- */

/* Symbols of both machines, in the order of their alphabets. */
enum symbol { ONE, SEMICOLON, ARROW, QUESTION, END };

static void push_vertex(struct rw_word *word, uint64_t vertex)
{
    for (uint64_t i = 0; i < vertex; i++)
        rw_word_push(word, ONE);
}

static void push_edge(struct rw_word *word, uint64_t from, uint64_t to)
{
    rw_word_push(word, SEMICOLON);
    push_vertex(word, from);
    rw_word_push(word, ARROW);
    push_vertex(word, to);
}

/* The edges of the sorted graph, one after the other. */
struct edges {
    const struct graph *graph;
    uint64_t layer, vertex, from, to;
};

static uint64_t layers(const struct graph *graph)
{
    return graph->sorted ? 1 : graph->vertices;
}

static uint64_t numbered(const struct graph *graph, uint64_t layer, uint64_t vertex)
{
    return layer * graph->vertices + vertex;
}

static bool next_edge(struct edges *e)
{
    const struct graph *graph = e->graph;
    for (;;) {
        if (e->vertex++ == graph->vertices) {
            e->vertex = 1;
            e->layer++;
        }
        if (e->layer > 0 && e->layer + 1 >= layers(graph))
            return false;
        if (!graph->sorted && layers(graph) == 1)
            return false;
        uint32_t to = graph->successor[e->vertex];
        if (!graph->sorted && e->vertex == graph->target)
            to = graph->target;
        if (to == 0)
            continue;
        e->from = numbered(graph, e->layer, e->vertex);
        e->to = numbered(graph, graph->sorted ? 0 : e->layer + 1, to);
        return true;
    }
}

static uint64_t target_of(const struct graph *graph)
{
    return numbered(graph, layers(graph) - 1, graph->target);
}

/* a + b * c, or the greatest number where that does not fit. */
static uint64_t add_product(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t product, sum;
    return __builtin_mul_overflow(b, c, &product) || __builtin_add_overflow(a, product, &sum) ? UINT64_MAX : sum;
}

/* The edges between the first two layers, and the l-th time 2 l n more for each. That is a sum: a graph that is far too large has too many edges to
 * go through them. */
static uint64_t word_length(const struct graph *graph)
{
    struct edges e = {.graph = graph};
    uint64_t ends = (uint64_t)graph->source + 1 + target_of(graph) + 1, once = 0, count = 0;
    while (next_edge(&e) && e.layer == 0) {
        once += 2 + e.from + e.to;
        count++;
    }
    if (graph->sorted || count == 0)
        return ends + once;
    uint64_t times = graph->vertices - 1, more = add_product(0, times, times - 1);
    return add_product(add_product(ends, times, once), add_product(0, count, graph->vertices), more);
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    const struct graph *graph = instance;
    bool first = graph->encoding == TARGET_FIRST;
    if (!rw_problem_fits(limits, diag, word_length(graph)))
        return false;
    *machine = first ? rw_problem_machine("connectivity-target-first", rw_connectivity_target_first)
                     : rw_problem_machine("connectivity-target-last", rw_connectivity_target_last);
    if (first) {
        push_vertex(word, target_of(graph));
        rw_word_push(word, QUESTION);
    }
    push_vertex(word, graph->source);
    for (struct edges e = {.graph = graph}; next_edge(&e);)
        push_edge(word, e.from, e.to);
    if (!first) {
        rw_word_push(word, QUESTION);
        push_vertex(word, target_of(graph));
    }
    rw_word_push(word, END);
    return true;
}

static void size(const void *instance, FILE *out)
{
    const struct graph *graph = instance;
    size_t edges = 0;
    for (size_t v = 1; v <= graph->vertices; v++)
        edges += graph->successor[v] != 0;
    fprintf(out, "%zu %s, %zu %s", graph->vertices, graph->vertices == 1 ? "vertex" : "vertices", edges,
            edges == 1 ? "edge" : "edges");
}

static void write_keys(const void *instance, FILE *out)
{
    const struct graph *graph = instance;
    bool any = false;
    fprintf(out, "vertices: %zu\nedges: [", graph->vertices);
    for (uint32_t v = 1; v <= graph->vertices; v++) {
        if (graph->successor[v] == 0)
            continue;
        fprintf(out, "%s[%" PRIu32 ", %" PRIu32 "]", any ? ", " : "", v, graph->successor[v]);
        any = true;
    }
    fprintf(out, "]\nsource: %" PRIu32 "\ntarget: %" PRIu32 "\nencoding: %s\n", graph->source, graph->target,
            encodings[graph->encoding]);
}

const struct rw_problem_kind rw_problem_connectivity = {
    .name = "connectivity",
    .title = "is the target reached from the source, in a graph with at most one edge out of each vertex?",
    .complexity = "L",
    .completeness = "complete for L under first-order reductions",
    .reference = "Cook and McKenzie 1987, Problems complete for deterministic logarithmic space",
    .family = "mlp",
    .reduction = "R1, R2: copies of the graph in layers make it sorted; vertices in unary, read by a counter machine",
    .keys = keys,
    .read = read_any,
    .free_instance = free_graph,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};

const struct rw_problem_kind rw_problem_sorted_connectivity = {
    .name = "sorted-connectivity",
    .title = "is the target reached from the source, where edges lead to later vertices and come in order?",
    .complexity = "L",
    .completeness = "complete for L under first-order reductions",
    .reference = "Merrill et al. 2026, Lemma 2, repaired (docs/errata.md, E3 and E4)",
    .family = "mlp",
    .reduction = "R2: vertices in unary, read by a counter machine",
    .keys = keys,
    .read = read_sorted,
    .free_instance = free_graph,
    .size = size,
    .reduce = reduce,
    .solve = solve,
    .write = write_keys,
};
