/* Iterated matrix products and weighted automata proved block by block: they hold, and no network that some word refutes is ever proved. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "reductions/witness/witness.h"
#include "sanitized.h"
#include "verify/equal_blocks.h"
#include "verify/mutant.h"
#include "verify/examples.h"
#include "verify/prove.h"

/* Entry (row, col) of products of d x d matrices over `count` numbers from `first` on. */
static struct rw_machine *product(size_t d, int64_t first, size_t count, size_t row, size_t col, bool sign)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    struct rw_matrix_product *model = rw_matrix_product_new(d, count);
    for (size_t s = 0; s < count; s++) {
        char *name = rw_format("%d", (int)first + (int)s);
        rw_alphabet_add(alphabet, name);
        rw_q_set_int(model->entries + s, first + (int64_t)s);
        free(name);
    }
    model->row = row;
    model->col = col;
    return rw_machine_new(sign ? &rw_matrix_product_sign_kind : &rw_matrix_product_kind, model, alphabet, "product",
                          "");
}

static struct rw_net *build(const struct rw_machine *machine, const char *family, unsigned layers)
{
    return example_build(machine, family, (struct rw_witness_options){.layers = layers});
}

static enum rw_equality blocks(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_blocks_proof proof;
    enum rw_equality equality = rw_equal_blocks(machine, net, &limits, NULL, &proof, NULL);
    rw_blocks_proof_clear(&proof);
    return equality;
}

static const struct {
    size_t d, count, row, col;
    int64_t first;
    const char *family;
    unsigned layers;
    bool sign;
} cases[] = {
    {3, 3, 0, 0, -1, "rwkv7", 2, false},   {3, 3, 2, 1, -1, "rwkv7", 2, true}, {3, 3, 0, 0, -1, "deltanet", 4, false},
    {3, 3, 1, 2, -1, "deltanet", 4, true}, {2, 3, 0, 1, 0, "rwkv7", 2, false}, {2, 7, 1, 1, -3, "rwkv7", 2, true},
    {2, 2, 1, 0, -1, "rwkv7", 4, false},
};
#define CASES (sizeof cases / sizeof *cases)

static struct rw_machine *machine_of(size_t i)
{
    return product(cases[i].d, cases[i].first, cases[i].count, cases[i].row, cases[i].col, cases[i].sign);
}

Test(blocks, matrix_products_are_proved)
{
    for (size_t i = 0; i < CASES; i++) {
        struct rw_machine *machine = machine_of(i);
        struct rw_net *net = build(machine, cases[i].family, cases[i].layers);
        cr_expect_eq(blocks(machine, net), RW_EQUAL, "case %zu", i);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* Entry (0, 1) instead of (0, 0), or another network's alphabet of numbers: a proof of anything would be a proof of this. */
Test(blocks, another_entry_is_not_proved)
{
    struct rw_machine *right = product(3, -1, 3, 0, 0, false), *wrong = product(3, -1, 3, 0, 1, false);
    struct rw_machine *transposed = product(2, 0, 3, 0, 1, false), *twice = product(2, 1, 3, 0, 1, false);
    struct rw_net *net = build(right, "rwkv7", 2), *small = build(transposed, "rwkv7", 2);
    cr_expect_eq(blocks(wrong, net), RW_UNDECIDED);
    cr_expect_eq(blocks(twice, small), RW_UNDECIDED);
    rw_net_free(net);
    rw_net_free(small);
    rw_machine_free(right);
    rw_machine_free(wrong);
    rw_machine_free(transposed);
    rw_machine_free(twice);
}

/* Whether long words drawn here, not by the prover, tell them apart. */
static bool refuted(const struct rw_machine *machine, const struct rw_net *net)
{
    return example_refuted(machine, net, 2000, 12, 180);
}

/* The negative control: single wrong weights. Each is proved harmless, and then no word refutes it, or refuted by a word. */
Test(blocks, every_wrong_weight_is_decided_and_rightly)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(11);
    size_t harmless = 0, wrong = 0;
    const size_t chosen[] = {4, 5, 2};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        struct rw_machine *machine = machine_of(chosen[i]);
        struct rw_net *net = build(machine, cases[chosen[i]].family, cases[chosen[i]].layers);
        for (size_t trial = 0; trial < sanitized_share(20, 4); trial++) {
            struct rw_mutant mutant = {0};
            struct rw_prove_report report;
            struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
            cr_assert_not_null(changed);
            cr_assert(rw_prove((struct rw_side){.machine = machine}, (struct rw_side){.net = changed}, &limits, NULL,
                               &report, NULL));
            cr_expect_neq(report.equality, RW_UNDECIDED, "case %zu: %s %s -> %s: %s", chosen[i], mutant.place,
                          mutant.before, mutant.after, report.reason);
            if (report.equality == RW_EQUAL)
                cr_expect_not(refuted(machine, changed), "case %zu: %s %s -> %s", chosen[i], mutant.place,
                              mutant.before, mutant.after);
            harmless += report.equality == RW_EQUAL;
            wrong += report.equality == RW_DIFFERENT;
            rw_prove_report_free(&report);
            rw_mutant_clear(&mutant);
            rw_net_free(changed);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_expect_gt(harmless, sanitized_share(8, 4));
    cr_expect_gt(wrong, sanitized_share(20, 4));
}

/* --- weighted automata --- */

struct example {
    uint64_t seed;
    size_t states;
    const char *symbols, *family;
    unsigned layers;
    bool indicator, pad;
};

/* Blocks of n letters, of 3 n, and of one letter with blanks. */
static const struct example examples[] = {
    {19, 1, "ab", "rwkv7", 2, false, false},    {23, 2, "abc", "rwkv7", 2, false, false},
    {26, 3, "ab", "rwkv7", 2, true, false},     {30, 2, "ab", "rwkv7", 4, true, false},
    {22, 1, "abc", "deltanet", 0, false, true}, {24, 2, "a", "deltanet", 0, false, false},
    {10, 3, "ab", "rwkv7", 2, false, true},     {24, 3, "ab", "deltanet", 0, false, true},
    {26, 2, "ab", "deltanet", 0, true, false}, /* the largest: 24 positions, the letters of two blocks of 6 */
};
#define LARGEST  (EXAMPLES - 1)
#define EXAMPLES (sizeof examples / sizeof *examples)

static struct rw_net *build_example(const struct rw_machine *machine, const struct example *example)
{
    return example_build(machine, example->family,
                         (struct rw_witness_options){.layers = example->layers, .pad = example->pad});
}

static struct rw_machine *machine_of_example(const struct example *example)
{
    return example_wfa(example->seed, example->states, example->symbols, example->indicator);
}

Test(blocks, weighted_automata_are_proved)
{
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct rw_machine *machine = machine_of_example(examples + i);
        struct rw_net *net = build_example(machine, examples + i);
        cr_expect_eq(blocks(machine, net), RW_EQUAL, "example %zu", i);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* alpha and omega times a number. */
static void scale(struct rw_machine *machine, slong by)
{
    struct rw_wfa *wfa = machine->model;
    for (size_t q = 0; q < wfa->states; q++)
        fmpq_mul_si(wfa->alpha + q, wfa->alpha + q, by);
}

/* The same series with every state twice. */
static struct rw_machine *twice_the_states(const struct rw_machine *machine, const char *symbols)
{
    const struct rw_wfa *wfa = machine->model;
    size_t n = wfa->states;
    struct rw_wfa *twice = rw_wfa_new(2 * n, wfa->symbols);
    twice->semiring = RW_RATIONAL;
    twice->indicator = wfa->indicator;
    for (size_t q = 0; q < n; q++) {
        fmpq_mul_si(twice->alpha + q, wfa->alpha + q, 3);
        fmpq_mul_si(twice->alpha + n + q, wfa->alpha + q, -2);
        fmpq_set(twice->omega + q, wfa->omega + q);
        fmpq_set(twice->omega + n + q, wfa->omega + q);
    }
    for (uint32_t s = 0; s < wfa->symbols; s++) {
        struct rw_builder *builder = rw_builder_new(2 * n, 2 * n);
        for (size_t p = 0; p < n; p++)
            for (size_t e = wfa->letters[s]->start[p]; e < wfa->letters[s]->start[p + 1]; e++) {
                size_t to = wfa->letters[s]->row[e];
                rw_builder_add(builder, to + (p % 2) * n, p, wfa->letters[s]->value + e);
                rw_builder_add(builder, to, n + p, wfa->letters[s]->value + e);
            }
        rw_wfa_set_letter(twice, s, rw_builder_finish(builder));
    }
    return example_machine(machine->kind, twice, symbols);
}

Test(blocks, another_automaton_of_the_same_series_is_proved_and_no_other)
{
    for (size_t i = 1; i < LARGEST; i++) {
        const struct example *example = examples + i;
        struct rw_machine *machine = machine_of_example(example);
        struct rw_machine *twice = twice_the_states(machine, example->symbols);
        struct rw_machine *other =
            example_wfa(example->seed + 100, example->states, example->symbols, example->indicator);
        struct rw_net *net = build_example(machine, example);
        cr_expect_eq(blocks(twice, net), RW_EQUAL, "example %zu", i);
        cr_expect_eq(blocks(other, net), RW_UNDECIDED, "example %zu", i);
        scale(machine, 2); /* verdicts are the same, values are not */
        cr_expect_eq(blocks(machine, net), example->indicator ? RW_EQUAL : RW_UNDECIDED, "example %zu", i);
        scale(machine, -1);
        cr_expect_eq(blocks(machine, net), RW_UNDECIDED, "example %zu", i);
        rw_net_free(net);
        rw_machine_free(other);
        rw_machine_free(twice);
        rw_machine_free(machine);
    }
}

/* The negative control again: no network that words refute is proved. */
Test(blocks, no_wrong_weight_of_a_table_is_proved)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(12);
    size_t harmless = 0, wrong = 0;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct rw_machine *machine = machine_of_example(examples + i);
        struct rw_net *net = build_example(machine, examples + i);
        for (size_t trial = 0; trial < (i == LARGEST ? 1 : sanitized_share(10, 5)); trial++) {
            struct rw_mutant mutant = {0};
            struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
            bool proved = blocks(machine, changed) == RW_EQUAL;
            cr_expect_not(proved && refuted(machine, changed), "example %zu: %s %s -> %s", i, mutant.place,
                          mutant.before, mutant.after);
            harmless += proved;
            wrong += !proved;
            rw_mutant_clear(&mutant);
            rw_net_free(changed);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_expect_gt(harmless, sanitized_share(15, 5));
    cr_expect_gt(wrong, sanitized_share(15, 5));
}

/* What is too much is said, and by which limit. */
Test(blocks, limits_are_named)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *machine = machine_of_example(examples + LARGEST);
    struct rw_net *net = build_example(machine, examples + LARGEST);
    struct rw_blocks_proof proof;
    limits.cells = 1000;
    cr_expect_eq(rw_equal_blocks(machine, net, &limits, NULL, &proof, NULL), RW_UNDECIDED);
    cr_expect_str_eq(proof.limit, "cells");
    rw_blocks_proof_clear(&proof);
    rw_net_free(net);
    rw_machine_free(machine);
}
