/* Connectivity: what is wrong is said where it is; all small instances, the machine on the word against the search. */
#include "problem.h"

#include "reductions/problems/problems.h"

#define SORTED "rnnwit: 1\nkind: problem\nproblem: sorted-connectivity\nvertices: 3\nsource: 1\ntarget: 3\n"
#define ANY    "rnnwit: 1\nkind: problem\nproblem: connectivity\nvertices: 3\nsource: 1\ntarget: 3\n"

Test(connectivity, each_problem_is_said_where_it_is)
{
    cr_expect(instance_fails(ANY "edges: [[1, 2], [1, 3]]\n", 7, 17, "more than one edge"));
    cr_expect(instance_fails(ANY "edges: [[1, 4]]\n", 7, 13, "no vertex 4"));
    cr_expect(instance_fails(ANY "edges: [[1, 0]]\n", 7, 13, "1 to 3"));
    cr_expect(instance_fails(ANY "edges: [[1]]\n", 7, 9, "found 1 entries"));
    cr_expect(instance_fails(ANY "edges: []\nencoding: last\n", 8, 11, "target-last"));
    cr_expect(instance_fails(ANY "edgs: []\n", 7, 1, "edges"));
    cr_expect(instance_fails(SORTED "edges: [[2, 3], [1, 2]]\n", 7, 17, "not in order"));
    cr_expect(instance_fails(SORTED "edges: [[2, 1]]\n", 7, 9, "later vertex"));
    cr_expect(
        instance_fails("rnnwit: 1\nkind: problem\nproblem: sorted-connectivity\nvertices: 3\nsource: 1\ntarget: 2\n"
                       "edges: [[1, 2], [2, 3]]\nencoding: target-last\n",
                       7, 17, "target-first"));
    cr_expect(instance_fails("rnnwit: 1\nkind: problem\nproblem: conectivity\n", 3, 10, "connectivity"));
    cr_expect(instance_fails(
        "rnnwit: 1\nkind: problem\nproblem: connectivity\nvertices: 0\nedges: []\nsource: 1\ntarget: 1\n", 4, 11,
        "1 to"));
}

/* An instance of each kind, as text. */
static slong ask(const char *kind, int n, const int *successor, int source, int target, const char *encoding)
{
    char text[600];
    int at =
        snprintf(text, sizeof text,
                 "rnnwit: 1\nkind: problem\nproblem: %s\nvertices: %d\nsource: %d\ntarget: %d\nencoding: %s\nedges: [",
                 kind, n, source, target, encoding);
    for (int v = 1, any = 0; v <= n; v++)
        if (successor[v] != 0)
            at += snprintf(text + at, sizeof text - (size_t)at, "%s[%d, %d]", any++ ? ", " : "", v, successor[v]);
    snprintf(text + at, sizeof text - (size_t)at, "]\n");
    return agreed(text);
}

static slong search(int n, const int *successor, int source, int target)
{
    int at = source;
    for (int i = 0; i < n && at != 0 && at != target; i++)
        at = successor[at];
    return at == target;
}

struct tally {
    size_t first, last, any;
};

static void choose(int n, int *successor, int v, bool sorted, struct tally *tally)
{
    if (v <= n) {
        for (int to = 0; to <= n; to++) {
            if (sorted && to != 0 && to <= v)
                continue;
            successor[v] = to;
            choose(n, successor, v + 1, sorted, tally);
        }
        return;
    }
    for (int s = 1; s <= n; s++)
        for (int t = 1; t <= n; t++) {
            slong truth = search(n, successor, s, t);
            if (sorted) {
                cr_assert_eq(ask("sorted-connectivity", n, successor, s, t, "target-first"), truth);
                tally->first++;
                if (successor[t] == 0) {
                    cr_assert_eq(ask("sorted-connectivity", n, successor, s, t, "target-last"), truth);
                    tally->last++;
                }
            } else {
                cr_assert_eq(ask("connectivity", n, successor, s, t, tally->any % 2 ? "target-first" : "target-last"),
                             truth);
                tally->any++;
            }
        }
}

/* 29,367 sorted instances of up to 6 vertices, target first; those with a sink also target last. */
Test(connectivity, all_sorted_instances_of_up_to_6_vertices)
{
    int successor[8] = {0};
    struct tally tally = {0};
    for (int n = 1; n <= 6; n++)
        choose(n, successor, 1, true, &tally);
    cr_assert_eq(tally.first, 29367);
    cr_assert_gt(tally.last, 10000);
}

/* The 194,400 of 5 vertices are in ./run whole. */
Test(connectivity, all_partial_functions_on_up_to_3_vertices_in_layers)
{
    int successor[8] = {0};
    struct tally tally = {0};
    for (int n = 1; n <= 3; n++)
        choose(n, successor, 1, false, &tally);
    cr_assert_eq(tally.any, 2 + 36 + 576);
}

static void expect_file(const char *name, const char *text)
{
    const char *specs = getenv("SPECS");
    char *path = specs != NULL ? rw_format("%s/counter/%s.yaml", specs, name)
                               : rw_format("%.*s/../../specs/counter/%s.yaml", (int)(strrchr(__FILE__, '/') - __FILE__),
                                           __FILE__, name);
    struct rw_source *source = rw_source_read(path, 100000, NULL);
    cr_assert_not_null(source, "%s", path);
    cr_assert_str_eq(source->text, text);
    rw_source_free(source);
    free(path);
}

Test(connectivity, the_machines_are_those_of_the_library)
{
    expect_file("connectivity-target-first", rw_connectivity_target_first);
    expect_file("connectivity-target-last", rw_connectivity_target_last);
}
