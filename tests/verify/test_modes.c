/* Proofs for all words of stack, Turing and counter machines and cost registers: they hold on the library, and never of a network that some word
 * refutes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "sanitized.h"
#include "verify/equal_modes.h"
#include "verify/mutant.h"
#include "verify/prove.h"

static struct rw_net *build(const struct rw_machine *machine, const char *family, bool printed)
{
    return example_build(machine, family, (struct rw_witness_options){.printed = printed});
}

static enum rw_equality prove(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_prove_report report;
    cr_assert(
        rw_prove((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits, NULL, &report, NULL));
    enum rw_equality equality = report.equality;
    rw_prove_report_free(&report);
    return equality;
}

/* Whether some short or random word tells the sides apart by their outputs. */
static bool refuted(const struct rw_machine *machine, const struct rw_net *net)
{
    return example_refuted(machine, net, 6000, 20, 100);
}

static const struct {
    const char *spec, *family;
} cases[] = {
    {"stack/palindrome-marked.yaml", "mlp"},  {"stack/copy.yaml", "mlp"},           {"stack/three-kinds.yaml", "mlp"},
    {"turing/increment.yaml", "mlp"},         {"turing/busy-beaver-3.yaml", "mlp"}, {"counter/anbn.yaml", "mlp"},
    {"counter/resets.yaml", "gated"},         {"counter/dyck1.yaml", "relu"},       {"cra/maximum.yaml", "relu-input"},
    {"cra/longest-block.yaml", "relu-input"}, {"dfa/parity.yaml", "rwkv7"},         {"dfa/mod-3.yaml", "rwkv7"}};

Test(modes, the_library_is_proved)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rw_machine *machine = example_spec(cases[i].spec);
        struct rw_net *net = build(machine, cases[i].family, false);
        cr_assert_eq(prove(machine, net), RW_EQUAL, "%s", cases[i].spec);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* The negative control of the provers: what a word refutes is never proved. */
Test(modes, what_a_word_refutes_is_not_proved)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(4);
    size_t differing = 0, equal = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rw_machine *machine = example_spec(cases[i].spec);
        struct rw_net *net = build(machine, cases[i].family, false);
        for (size_t trial = 0; trial < sanitized_share(12, 4); trial++) {
            struct rw_mutant mutant = {0};
            struct rw_net *wrong = rw_mutant_draw(net, &random, &limits, &mutant);
            cr_assert_not_null(wrong);
            bool differs = refuted(machine, wrong);
            enum rw_equality equality = prove(machine, wrong);
            cr_assert(!differs || equality != RW_EQUAL, "%s: %s %s -> %s", cases[i].spec, mutant.place, mutant.before,
                      mutant.after);
            differing += differs;
            equal += equality == RW_EQUAL;
            rw_mutant_clear(&mutant);
            rw_net_free(wrong);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_gt(differing, sanitized_share(60, 4));
    cr_assert_gt(equal, sanitized_share(15, 4));
}

/* E1 is not proved, and its claims are not even affine. */
Test(modes, the_printed_stack_is_refuted)
{
    struct rw_machine *machine = example_spec("stack/last-in.yaml");
    struct rw_net *net = build(machine, "mlp", true);
    struct rw_limits limits = rw_limits_standard();
    struct rw_mode_proof proof;
    cr_assert_eq(rw_equal_modes(machine, net, false, &limits, NULL, &proof, NULL), RW_UNDECIDED);
    rw_mode_proof_clear(&proof);
    cr_assert_eq(prove(machine, net), RW_DIFFERENT);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* Gates of one hidden layer are open by the classes before the step: only modes that remember it have one map each. */
Test(modes, of_one_hidden_layer_remember_the_last_step)
{
    static const char *const specs[] = {"counter/anbn.yaml", "counter/anbncn.yaml", "counter/dyck1.yaml"};
    struct rw_limits limits = rw_limits_standard();
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct rw_machine *machine = example_spec(specs[i]);
        struct rw_net *net = build(machine, "relu", false);
        struct rw_mode_proof proof;
        cr_assert_eq(rw_equal_modes(machine, net, true, &limits, NULL, &proof, NULL), RW_EQUAL, "%s", specs[i]);
        cr_assert_eq(proof.modes.memory, RW_REMEMBERS_STEP);
        rw_mode_proof_clear(&proof);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* The negative control of claims for modes by themselves, whatever they remember and wherever their classes are cut. */
Test(modes, have_no_claims_about_what_a_word_refutes)
{
    static const char *const subjects[][2] = {
        {"counter/anbn.yaml", "relu"}, {"counter/majority.yaml", "relu"}, {"counter/equal-as-and-bs.yaml", "mlp"}};
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(11);
    size_t differing = 0, equal = 0, cut = 0;
    for (size_t i = 0; i < 3; i++) {
        struct rw_machine *machine = example_spec(subjects[i][0]);
        struct rw_net *net = build(machine, subjects[i][1], false);
        for (int trial = 0; trial < 80; trial++) {
            struct rw_mutant mutant = {0};
            struct rw_net *wrong = rw_mutant_draw(net, &random, &limits, &mutant);
            struct rw_mode_proof proof;
            bool differs = refuted(machine, wrong);
            bool proved = rw_equal_modes(machine, wrong, true, &limits, NULL, &proof, NULL) == RW_EQUAL;
            cr_assert(!differs || !proved, "%s: %s %s -> %s", subjects[i][0], mutant.place, mutant.before,
                      mutant.after);
            for (size_t m = 0; proved && m < proof.modes.modes; m++)
                cut += proof.claims[m].cut_count > 0;
            differing += differs;
            equal += proved;
            rw_mode_proof_clear(&proof);
            rw_mutant_clear(&mutant);
            rw_net_free(wrong);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_gt(differing, 60);
    cr_assert_gt(equal, 10);
    cr_assert_gt(cut, 0);
}
