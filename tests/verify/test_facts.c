/* Facts about units and registers: what is proved by them no word refutes, and it is more than without. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "verify/equal_facts.h"
#include "verify/equal_registers.h"
#include "verify/mutant.h"
#include "verify/prove.h"

static struct rw_net *build(const struct rw_machine *machine, const char *family)
{
    return example_build(machine, family, (struct rw_witness_options){0});
}

static bool refuted(const struct rw_machine *machine, const struct rw_net *net)
{
    return example_refuted(machine, net, 3000, 10, 60);
}

static const char *const specs[] = {"cra/no-neighbours.yaml", "cra/maximum.yaml"};

Test(facts, they_prove_what_was_built)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        struct rw_machine *machine = example_spec(specs[s]);
        struct rw_net *net = build(machine, NULL);
        cr_assert_eq(rw_equal_facts(machine, net, NULL, NULL), RW_EQUAL, "%s", specs[s]);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

Test(facts, they_prove_more_than_registers_alone_and_nothing_that_a_word_refutes)
{
    size_t more = 0, wrong = 0;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        struct rw_machine *machine = example_spec(specs[s]);
        struct rw_net *net = build(machine, NULL);
        struct rw_limits limits = rw_limits_standard();
        struct rw_random random = rw_random_seed(2);
        for (size_t i = 0; i < 25; i++) {
            struct rw_mutant mutant = {0};
            struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
            bool proved = rw_equal_facts(machine, changed, NULL, NULL) == RW_EQUAL, differs = refuted(machine, changed);
            cr_assert_not(proved && differs, "%s: %s: %s -> %s", specs[s], mutant.place, mutant.before, mutant.after);
            more += proved && rw_equal_registers(machine, changed, NULL, NULL) != RW_EQUAL;
            wrong += differs;
            rw_mutant_clear(&mutant);
            rw_net_free(changed);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_gt(more, 0);
    cr_assert_gt(wrong, 20);
}

/* The net reads a blank after each letter, which is the column of BOS: an argument that forgot the blanks would take the blank for BOS. */
static void pad(struct rw_net *net)
{
    struct rw_matrix *old = net->embedding;
    struct rw_builder *builder = rw_builder_new(old->rows, old->cols + 1);
    for (size_t j = 0; j <= old->cols; j++) {
        size_t from = j < old->cols ? j : j - 1;
        for (size_t e = old->start[from]; e < old->start[from + 1]; e++)
            rw_builder_add(builder, old->row[e], j, old->value + e);
    }
    rw_matrix_free(old);
    net->embedding = rw_builder_finish(builder);
    rw_alphabet_add(net->tokens, "blank");
    net->padding = 1;
}

Test(facts, a_net_that_reads_blanks_is_not_taken_for_one_that_does_not)
{
    static const struct {
        const char *spec, *family;
    } cases[] = {{"cra/maximum.yaml", NULL}, {"counter/majority.yaml", "relu"}, {"stack/last-in.yaml", "mlp"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rw_machine *machine = example_spec(cases[i].spec);
        struct rw_net *net = build(machine, cases[i].family);
        struct rw_limits limits = rw_limits_standard();
        struct rw_prove_report report;
        pad(net);
        cr_assert(rw_net_check(net, &limits, NULL));
        cr_assert(
            rw_prove((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits, NULL, &report, NULL));
        cr_assert_neq(report.equality, RW_EQUAL, "%s", cases[i].spec);
        rw_prove_report_free(&report);
        cr_assert_neq(rw_equal_facts(machine, net, NULL, NULL), RW_EQUAL);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}
