/* The library there and back: spec -> network -> automaton, equal for all words. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "automata/wfa.h"
#include "base/memory.h"
#include "reductions/witness/witness.h"
#include "spec/spec.h"
#include "verify/equal.h"
#include "verify/extract.h"

static struct rw_machine *read_spec(const char *path)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_read(path, limits.file_bytes, NULL);
    struct rw_machine *machine = rw_spec_read(source, &limits, NULL);
    cr_assert_not_null(machine, "%s", path);
    rw_source_free(source);
    return machine;
}

/* What comes back, written as a spec and read again: names and weights are such as a spec can have. */
static struct rw_machine *write_and_read(const struct rw_machine *machine)
{
    char *text;
    size_t size;
    struct rw_limits limits = rw_limits_standard();
    FILE *out = open_memstream(&text, &size);
    cr_assert(rw_spec_write(machine, out));
    fclose(out);
    struct rw_source *source = rw_source_text("written.yaml", text, size);
    struct rw_machine *again = rw_spec_read(source, &limits, NULL);
    cr_assert_not_null(again, "%s", text);
    rw_source_free(source);
    free(text);
    return again;
}

static void expect_same_automaton(const struct rw_machine *machine, const struct rw_machine *back)
{
    struct rw_word word;
    rw_word_init(&word);
    cr_assert(back->kind == machine->kind, "%s", machine->name);
    if (machine->kind == &rw_dfa_kind) {
        struct rw_dfa *minimal = rw_dfa_minimise(machine->model);
        cr_assert_eq(((struct rw_dfa *)back->model)->states, minimal->states);
        cr_assert(rw_dfa_equivalent(machine->model, back->model, &word), "%s", machine->name);
        rw_dfa_free(minimal);
    } else {
        const struct rw_wfa *wfa = machine->model;
        cr_assert_leq(((struct rw_wfa *)back->model)->states, wfa->states);
        cr_assert(rw_wfa_equivalent(wfa, back->model, &word, NULL), "%s", machine->name);
    }
    rw_word_clear(&word);
}

/* false: the construction does not apply, or its network has more than one layer of linear heads. */
static bool expect_return(const struct rw_machine *machine, const char *family)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    const struct rw_witness *witness = rw_witness_choose(machine, family, NULL);
    limits.table_keys = 1000; /* routers are not what this is about */
    struct rw_net *net = witness == NULL ? NULL : witness->build(machine, &options, NULL);
    struct rw_machine *back = net == NULL ? NULL : rw_extract(net, &limits, NULL, NULL);
    if (back != NULL) {
        struct rw_machine *again = write_and_read(back);
        struct rw_side left = {.machine = again}, right = {.net = net};
        struct rw_linear_proof proof;
        struct rw_word word;
        rw_linear_proof_init(&proof);
        rw_word_init(&word);
        expect_same_automaton(machine, again);
        cr_assert_eq(rw_equal_sides(left, right, &limits, &word, &proof, NULL), RW_EQUAL, "%s", machine->name);
        rw_linear_proof_clear(&proof);
        rw_word_clear(&word);
        rw_machine_free(again);
    }
    rw_machine_free(back);
    rw_net_free(net);
    return back != NULL;
}

static size_t expect_folder(const char *root, const char *name, const char *family)
{
    char *folder = rw_format("%s/%s", root, name);
    DIR *directory = opendir(folder);
    size_t count = 0;
    cr_assert_not_null(directory, "%s", folder);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (strstr(entry->d_name, ".yaml") == NULL)
            continue;
        char *path = rw_format("%s/%s", folder, entry->d_name);
        struct rw_machine *machine = read_spec(path);
        count += expect_return(machine, family);
        rw_machine_free(machine);
        free(path);
    }
    closedir(directory);
    free(folder);
    return count;
}

/* In how many specs of each kind it works at least: without SPECS nothing is tested. */
static void expect_library(const char *family, size_t dfas, size_t wfas)
{
    const char *root = getenv("SPECS");
    if (root == NULL)
        return;
    cr_assert_geq(expect_folder(root, "dfa", family), dfas);
    cr_assert_geq(expect_folder(root, "wfa", family), wfas);
}

Test(extract, the_library_comes_back_from_pd)
{
    expect_library("pd", 19, 1);
}

Test(extract, the_library_comes_back_from_dplr)
{
    expect_library("dplr", 19, 9);
}

Test(extract, the_library_comes_back_from_deltaproduct)
{
    expect_library("deltaproduct", 19, 9);
}

Test(extract, what_needs_one_layer_of_deltanet_comes_back)
{
    expect_library("deltanet", 1, 1);
}
