/* Certificates: of every proof that has one, and held by the checker that knows nothing of the prover. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "examples.h"
#include "recheck/recheck.h"
#include "reductions/witness/witness.h"
#include "rnn/json.h"
#include "verify/certificate.h"
#include "verify/certificate_contexts.h"
#include "verify/prove.h"

struct text {
    char *bytes;
    size_t size;
};

static struct rw_source *net_file(const struct rw_net *net)
{
    struct text text = {0};
    FILE *out = open_memstream(&text.bytes, &text.size);
    rw_net_write(net, out);
    fclose(out);
    struct rw_source *source = rw_source_text("net", text.bytes, text.size);
    free(text.bytes);
    return source;
}

typedef bool writes(struct rw_certified left, struct rw_certified right, const struct rw_linear_proof *proof,
                    const struct rw_limits *limits, FILE *out, FILE *why);

/* The certificate that machine and net agree; NULL: there is none, and `why` (freed by the caller) says why. */
static struct rw_source *certify(const struct rw_machine *machine, const struct rw_source *spec,
                                 const struct rw_net *net, const struct rw_source *file, writes *write,
                                 enum rw_argument *argument, char **why)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_prove_report report;
    struct rw_certified left = {.side.machine = machine}, right = {.side.net = net};
    struct text text = {0};
    char left_hash[65], right_hash[65];
    size_t size;
    rw_sha256(spec->text, spec->size, left_hash);
    rw_sha256(file->text, file->size, right_hash);
    left.hash = left_hash;
    right.hash = right_hash;
    cr_assert(rw_prove(left.side, right.side, &limits, NULL, &report, NULL));
    cr_assert_eq(report.equality, RW_EQUAL, "%s", report.reason);
    FILE *out = open_memstream(&text.bytes, &text.size), *reason = open_memstream(why, &size);
    bool written = write(left, right, &report.proof, &limits, out, reason);
    fclose(out);
    fclose(reason);
    *argument = report.proof.argument;
    struct rw_source *source = written ? rw_source_text("certificate", text.bytes, text.size) : NULL;
    free(text.bytes);
    rw_prove_report_free(&report);
    return source;
}

static enum rw_recheck check(const struct rw_source *certificate, const struct rw_machine *machine,
                             const struct rw_source *spec, const struct rw_source *file)
{
    struct rw_limits limits = rw_limits_standard();
    char *why = NULL;
    size_t size;
    FILE *out = open_memstream(&why, &size);
    enum rw_recheck result = rw_recheck(certificate, (struct rw_recheck_side){spec, machine},
                                        (struct rw_recheck_side){file, NULL}, &limits, out);
    fclose(out);
    free(why);
    return result;
}

/* The net is proved with this argument and its certificate holds; it no longer does with a digit changed somewhere. */
static void expect_written(const struct rw_machine *machine, const struct rw_net *net, writes *write, const char *key,
                           enum rw_argument expected)
{
    struct rw_source *spec = rw_source_text("spec", "any", 3), *file = net_file(net);
    enum rw_argument argument;
    char *why;
    struct rw_source *certificate = certify(machine, spec, net, file, write, &argument, &why);
    cr_assert_eq(argument, expected, "argument %d", argument);
    cr_assert_not_null(certificate, "%s", why);
    cr_assert_eq(check(certificate, machine, spec, file), RW_RECHECK_HOLDS);
    char *from = strstr(certificate->text, key);
    cr_assert_not_null(from);
    for (char *digit = from; *digit != '\0'; digit++)
        if (*digit >= '0' && *digit <= '8') {
            ++*digit;
            cr_assert_neq(check(certificate, machine, spec, file), RW_RECHECK_HOLDS, "%s", digit);
            --*digit;
        }
    free(why);
    rw_source_free(certificate);
    rw_source_free(spec);
    rw_source_free(file);
}

static void expect_certificate(const struct rw_machine *machine, const struct rw_net *net, enum rw_argument expected)
{
    expect_written(machine, net, rw_certificate_write, "\"rows\"", expected);
}

Test(certificate, what_a_net_was_made_from_is_certified)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct rw_machine *dfa = example_dfa(seed, 5, "ab", seed % 3 == 0);
        struct rw_net *pd = example_pd(dfa);
        expect_certificate(dfa, pd, RW_ARGUMENT_SPACE);
        rw_net_free(pd);
        rw_machine_free(dfa);
        bool verdicts = seed % 2 == 0;
        struct rw_machine *wfa = example_wfa(seed, 3, "ab", verdicts);
        struct rw_net *dplr = example_dplr(wfa->model, wfa->alphabet, verdicts ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE);
        expect_certificate(wfa, dplr, RW_ARGUMENT_SPACE);
        rw_net_free(dplr);
        rw_machine_free(wfa);
    }
}

Test(certificate, larger_weights_are_certified_by_supports)
{
    struct rw_machine *parity = example_parity();
    struct rw_net *net = example_pd(parity);
    example_perturb(net, "transition", 0, 0, 2, 1);
    expect_certificate(parity, net, RW_ARGUMENT_SUPPORTS);
    rw_net_free(net);
    rw_machine_free(parity);
}

Test(certificate, a_negative_reading_of_a_rejecting_state_is_certified_by_last_symbols)
{
    struct rw_machine *chain = example_chain(2);
    struct rw_net *net = example_pd(chain);
    /* at a state that rejects, the output becomes negative */
    size_t one = 0;
    while (one < net->width && strcmp(net->features[one], "one") != 0)
        one++;
    cr_assert_lt(one, net->width);
    example_perturb(net, "query", 0, one, -1, 1);
    expect_certificate(chain, net, RW_ARGUMENT_LAST_SYMBOL);
    rw_net_free(net);
    rw_machine_free(chain);
}

/* Where blocks apply they are what is written down, but contexts would do. */
Test(certificate, contexts_of_a_net_beside_its_spec_are_certified)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits, .pad = true};
    struct rw_machine *parity = example_parity();
    struct rw_net *net = rw_witness_choose(parity, "rwkv7", NULL)->build(parity, &options, NULL);
    expect_written(parity, net, rw_certificate_write_contexts, "\"contexts\":", RW_ARGUMENT_CONTEXTS);
    rw_net_free(net);
    rw_machine_free(parity);
}

Test(certificate, what_was_not_proved_has_none)
{
    struct rw_linear_proof proof;
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *parity = example_parity();
    struct rw_certified side = {{.machine = parity}, ""};
    char *why = NULL;
    size_t size;
    rw_linear_proof_init(&proof);
    FILE *reason = open_memstream(&why, &size);
    cr_assert_not(rw_certificate_write(side, side, &proof, &limits, NULL, reason));
    fclose(reason);
    cr_assert_gt(size, 0);
    free(why);
    rw_linear_proof_clear(&proof);
    rw_machine_free(parity);
}

Test(prove, two_machines_are_told_apart_by_a_shortest_word)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *two = example_chain(2), *three = example_chain(3);
    struct rw_prove_report report;
    cr_assert(
        rw_prove((struct rw_side){.machine = two}, (struct rw_side){.machine = three}, &limits, NULL, &report, NULL));
    cr_assert_eq(report.equality, RW_DIFFERENT);
    cr_assert_eq(report.counterexample.word.length, 2);
    rw_prove_report_free(&report);
    cr_assert(
        rw_prove((struct rw_side){.machine = two}, (struct rw_side){.machine = two}, &limits, NULL, &report, NULL));
    cr_assert_eq(report.equality, RW_EQUAL);
    rw_prove_report_free(&report);
    rw_machine_free(two);
    rw_machine_free(three);
}

Test(prove, every_single_wrong_weight_of_a_small_net_is_decided)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_machine *parity = example_parity();
    struct rw_net *net = example_pd(parity);
    struct rw_mutate_report report;
    cr_assert(rw_prove_mutants(parity, net, 100, 7, 0, &limits, NULL, &report, NULL));
    cr_assert_eq(report.count, 100);
    cr_assert_eq(report.unknown, 0);
    cr_assert_gt(report.noticed, 20);
    rw_mutate_report_free(&report);
    rw_net_free(net);
    rw_machine_free(parity);
}
