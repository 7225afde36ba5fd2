/* Connectivity: on all small graphs the counter machine on the word and the direct answer agree; what is wrong in a graph is said where it is. */
#include <inttypes.h>

#include "reductions/problems/problems.h"
#include "sanitized.h"
#include "tests/problems/instances.h"

#define HEAD     "rnnwit: 1\nkind: problem\n"
#define SORTED   HEAD "problem: sorted-connectivity\n"
#define ANY      HEAD "problem: connectivity\n"
#define ENDS     "source: 1\ntarget: 3\n"
#define VERTICES 7

Test(connectivity, the_machines_are_those_of_the_library)
{
    const struct {
        const char *file, *text;
    } machines[] = {{"counter/connectivity-target-first.yaml", rw_connectivity_target_first},
                    {"counter/connectivity-target-last.yaml", rw_connectivity_target_last}};
    for (size_t i = 0; i < 2; i++) {
        struct rw_source *source = library_file(machines[i].file);
        cr_assert_str_eq(source->text, machines[i].text);
        rw_source_free(source);
    }
}

/* --- all small graphs --- */

struct small {
    const char *problem, *encoding;
    uint32_t n, successor[VERTICES], source, target;
};

static char *small_text(const struct small *g)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, HEAD "problem: %s\nvertices: %" PRIu32 "\nedges: [", g->problem, g->n);
    for (uint32_t v = 1, any = 0; v <= g->n; v++)
        if (g->successor[v] != 0)
            fprintf(out, "%s[%" PRIu32 ", %" PRIu32 "]", any++ > 0 ? ", " : "", v, g->successor[v]);
    fprintf(out, "]\nsource: %" PRIu32 "\ntarget: %" PRIu32 "\nencoding: %s\n", g->source, g->target, g->encoding);
    fclose(out);
    return text;
}

/* A third way: the set of vertices from which the target is reached, grown until it stays. */
static bool reached(const struct small *g)
{
    uint32_t set = UINT32_C(1) << g->target, before = 0;
    while (set != before) {
        before = set;
        for (uint32_t v = 1; v <= g->n; v++)
            if (g->successor[v] != 0 && (set >> g->successor[v] & 1) != 0)
                set |= UINT32_C(1) << v;
    }
    return (set >> g->source & 1) != 0;
}

struct counts {
    size_t all, yes;
};

static void ask_ends(struct small *g, struct counts *counts)
{
    bool promised = strcmp(g->problem, "sorted-connectivity") == 0 && strcmp(g->encoding, "target-last") == 0;
    for (g->source = 1; g->source <= g->n; g->source++)
        for (g->target = 1; g->target <= g->n; g->target++) {
            if (promised && g->successor[g->target] != 0)
                continue;
            char *text = small_text(g);
            bool yes = number_answered(text) == 1;
            cr_assert_eq(yes, reached(g), "%s", text);
            counts->all++;
            counts->yes += yes;
            free(text);
        }
}

/* Edges out of v and all vertices after it, in every way. */
static void ask_edges(struct small *g, uint32_t v, struct counts *counts)
{
    bool sorted = strcmp(g->problem, "sorted-connectivity") == 0;
    if (v > g->n) {
        ask_ends(g, counts);
        return;
    }
    for (uint32_t to = 0; to <= g->n; to++) {
        if (sorted && to != 0 && to <= v)
            continue;
        g->successor[v] = to;
        ask_edges(g, v + 1, counts);
    }
}

static struct counts ask_all(const char *problem, const char *encoding, uint32_t most)
{
    struct counts counts = {0};
    for (uint32_t n = 1; n <= most; n++) {
        struct small g = {.problem = problem, .encoding = encoding, .n = n};
        ask_edges(&g, 1, &counts);
    }
    return counts;
}

Test(connectivity, all_sorted_graphs_with_the_target_first)
{
    /* n! graphs with n^2 pairs of ends */
    struct counts counts = ask_all("sorted-connectivity", "target-first", is_sanitized() ? 5 : 6);
    cr_assert_eq(counts.all, is_sanitized() ? 3447 : 29367);
    cr_assert_gt(counts.yes, sanitized_share(6 * 873, 8));
}

Test(connectivity, all_sorted_graphs_with_the_target_last_and_no_edge_out_of_it)
{
    struct counts counts = ask_all("sorted-connectivity", "target-last", is_sanitized() ? 5 : 6);
    cr_assert_gt(counts.all, sanitized_share(5000, 10));
    cr_assert_gt(counts.yes, sanitized_share(2000, 10));
}

Test(connectivity, all_graphs_in_layers)
{
    /* (n + 1)^n graphs with n^2 pairs of ends: 2 + 36 + 576 + 10000 */
    const uint32_t most = is_sanitized() ? 3 : 4;
    const size_t all = is_sanitized() ? 614 : 10614;
    cr_assert_eq(ask_all("connectivity", "target-first", most).all, all);
    cr_assert_eq(ask_all("connectivity", "target-last", most).all, all);
}

/* --- errors --- */

static const struct wrong_text wrong[] = {
    {SORTED "vertices: 3\nedges: [[1, 2], [1, 3]]\n" ENDS, 5, 17,
     "vertex 1 has more than one edge out of it, to 2 and to 3"},
    {SORTED "vertices: 3\nedges: [[1, 2], [1, 3]]\n" ENDS, 5, 17, "complete for NL"},
    {ANY "vertices: 3\nedges:\n  - [2, 2]\n  - [2, 1]\n" ENDS, 7, 5, "more than one edge"},
    {SORTED "vertices: 3\nedges: [[1, 4]]\n" ENDS, 5, 13, "there is no vertex 4"},
    {SORTED "vertices: 3\nedges: [[0, 2]]\n" ENDS, 5, 10, "1 to 3"},
    {SORTED "vertices: 3\nedges: [[-1, 2]]\n" ENDS, 5, 10, "no vertex -1"},
    {SORTED "vertices: 3\nedges: [[1, 2]]\nsource: 5\ntarget: 3\n", 6, 9, "no vertex 5"},
    {SORTED "vertices: 3\nedges: [[1, 2]]\nsource: 1\ntarget: x\n", 7, 9, "'x'"},
    {SORTED "vertices: 3\nedges: [[1, 3/2]]\n" ENDS, 5, 13, "whole number"},
    {SORTED "vertices: 3\nedges: [[2, 3], [1, 2]]\n" ENDS, 5, 17, "not in order"},
    {SORTED "vertices: 3\nedges: [[2, 3], [1, 2]]\n" ENDS, 5, 17, "'problem: connectivity' takes"},
    {SORTED "vertices: 3\nedges: [[2, 1]]\n" ENDS, 5, 9, "not lead to a later"},
    {SORTED "vertices: 3\nedges: [[2, 2]]\n" ENDS, 5, 9, "not lead to a later"},
    {SORTED "vertices: 3\nedges: [[1, 2], [2, 3]]\nsource: 1\ntarget: 2\nencoding: target-last\n", 5, 17,
     "the target 2 has an edge, to 3"},
    {SORTED "vertices: 3\nedges: [[1, 2], [2, 3]]\nsource: 1\ntarget: 2\nencoding: target-last\n", 5, 17,
     "'encoding: target-first' needs no promise"},
    {SORTED "vertices: 3\nedges: [[1]]\n" ENDS, 5, 9, "found 1 entries"},
    {SORTED "vertices: 3\nedges: [1, 2]\n" ENDS, 5, 9, "expected an edge"},
    {SORTED "vertices: 3\nedges: {1: 2}\n" ENDS, 5, 8, "expected a list of edges"},
    {SORTED "vertices: 0\nedges: []\n" ENDS, 4, 11, "at least one vertex"},
    {SORTED "vertices: many\nedges: []\n" ENDS, 4, 11, "'many'"},
    {SORTED "vertices: 3\nedges: []\n" ENDS "encoding: target-fist\n", 8, 11, "target-first"},
    {SORTED "edges: []\n" ENDS, 1, 1, "'vertices' is missing"},
    {SORTED "vertices: 3\n" ENDS, 1, 1, "'edges' is missing"},
    {SORTED "vertices: 3\nedges: []\ntarget: 1\n", 1, 1, "'source' is missing"},
    {SORTED "vertices: 3\nedges: []\nsource: 1\n", 1, 1, "'target' is missing"},
    {SORTED "vertices: 3\nedges: []\nvertexes: 4\n" ENDS, 6, 1, "'vertexes'"},
    {SORTED "vertices: 3\nedges: []\nsorce: 4\n" ENDS, 6, 1, "source"},
    {HEAD "problem: conectivity\nvertices: 3\nedges: []\n" ENDS, 3, 10, "there is no problem 'conectivity'"},
    {HEAD "problem: conectivity\nvertices: 3\nedges: []\n" ENDS, 3, 10, "did you mean 'connectivity'?"},
    {HEAD "problem: xyzzy\n", 3, 10, "the problems are connectivity, sorted-connectivity, word-problem"},
    {HEAD "vertices: 3\n", 1, 1, "'problem' is missing"},
    {"rnnwit: 2\nkind: problem\nproblem: connectivity\nvertices: 3\nedges: []\n" ENDS, 1, 9, "2"},
};

Test(connectivity, problems_are_told_at_their_places)
{
    expect_told(wrong, sizeof wrong / sizeof *wrong);
}

/* --- limits --- */

Test(connectivity, too_many_vertices_are_a_limit)
{
    struct rw_limits limits = rw_limits_standard();
    limits.states = 5;
    const struct wrong_text six = {ANY "vertices: 6\nedges: []\n" ENDS, 4, 11, "more than 5"};
    cr_assert(tells(&six, limits, 3));
    const struct wrong_text huge = {ANY "vertices: 4000000000000\nedges: []\n" ENDS, 4, 11, "more than 1000000"};
    cr_assert(tells(&huge, rw_limits_standard(), 3));
}

static int code_of_reducing(const char *text, struct rw_limits limits)
{
    struct rw_instance *problem = read_instance(text);
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_machine *machine;
    struct rw_word word;
    bool reduced = rw_problem_reduce(problem, &limits, diag, &machine, &word);
    int code = rw_diag_exit_code(diag);
    cr_assert_eq(reduced, code == 0);
    cr_assert_eq(machine != NULL, reduced);
    rw_machine_free(machine);
    rw_word_clear(&word);
    rw_diag_free(diag);
    rw_problem_free(problem);
    return code;
}

/* The length is known without going through the layers: a million of them here. */
Test(connectivity, a_far_too_long_word_is_refused_at_once)
{
    cr_assert_eq(code_of_reducing(ANY "vertices: 1000000\nedges: [[1, 2]]\n" ENDS, rw_limits_standard()), 3);
    cr_assert_eq(code_of_reducing(ANY "vertices: 500\nedges: [[1, 2]]\n" ENDS, rw_limits_standard()), 3);
    /* A graph of a million vertices is no matter when it is sorted. */
    cr_assert_eq(code_of_reducing(SORTED "vertices: 1000000\nedges: [[1, 1000000]]\n" ENDS, rw_limits_standard()), 0);
}

Test(connectivity, the_limit_is_the_length_of_the_word)
{
    static const char *const texts[] = {
        ANY "vertices: 3\nedges: [[1, 2], [2, 3]]\n" ENDS,
        ANY "vertices: 5\nedges: [[1, 2], [2, 3], [5, 5]]\n" ENDS "encoding: target-last\n",
        ANY "vertices: 1\nedges: [[1, 1]]\nsource: 1\ntarget: 1\n",
        ANY "vertices: 2\nedges: [[1, 1]]\nsource: 1\ntarget: 2\n",
        SORTED "vertices: 3\nedges: [[1, 2], [2, 3]]\n" ENDS,
        SORTED "vertices: 3\nedges: []\n" ENDS "encoding: target-last\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct answered a = answer_text(texts[i]);
        struct rw_limits limits = rw_limits_standard();
        limits.word_length = a.word.length;
        cr_assert_eq(code_of_reducing(texts[i], limits), 0, "%s", texts[i]);
        limits.word_length--;
        cr_assert_eq(code_of_reducing(texts[i], limits), 3, "%s", texts[i]);
        forget_answer(&a);
    }
}
