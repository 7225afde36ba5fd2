/* PCRE2 as third party: it agrees with what is right, and says so when the machine is wrong. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "verify/oracle.h"

/* A network for a regex: the determinised position automaton. */
static struct rw_net *net_of_regex(const struct rw_machine *machine)
{
    const struct rw_regex *regex = machine->model;
    struct rw_dfa *dfa = rw_nfa_determinise(regex->positions, 1000, NULL, NULL, NULL);
    struct rw_machine *determinised =
        rw_machine_new(&rw_dfa_kind, dfa, rw_alphabet_copy(machine->alphabet), "determinised", "");
    struct rw_net *net = example_pd(determinised);
    rw_machine_free(determinised);
    return net;
}

static struct rw_verify_report verify(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.length = 6;
    options.random_words = 8;
    options.random_length = 30;
    options.states = false;
    cr_assert(rw_verify(machine, net, &options, &report, NULL));
    return report;
}

Test(oracle, agrees_with_the_position_automaton)
{
    const char *patterns[] = {"(a|b)*abb", "a{2,4}b?", "", "a|b*", "[^a]*", ".", "(?:ab)+?b*"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct rw_machine *machine = example_regex(patterns[i], "ab");
        struct rw_net *net = net_of_regex(machine);
        struct rw_verify_report report = verify(machine, net);
        cr_assert(report.holds, "%s", patterns[i]);
        cr_assert_eq(strncmp(report.oracle, "PCRE2 10.", 9), 0);
        cr_assert_eq(report.oracle_words, 127 + 8);
        cr_assert_eq(report.oracle_gave_up, 0);
        rw_verify_report_free(&report);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

Test(oracle, a_wrong_regex_machine_is_caught_although_the_network_agrees_with_it)
{
    struct rw_machine *machine = example_regex("a*b", "ab");
    struct rw_regex *regex = machine->model;
    free(regex->pattern);
    regex->pattern = rw_strdup("a*b|aab?a");
    struct rw_net *net = net_of_regex(machine);
    struct rw_verify_report report = verify(machine, net);
    cr_assert(!report.holds);
    cr_assert_eq(report.counterexample.kind, RW_DIFFER_ORACLE);
    cr_assert(report.counterexample.shortest);
    cr_assert_str_eq(report.counterexample.quantity, "PCRE2");
    cr_assert_str_eq(report.counterexample.machine, "reject");
    cr_assert_str_eq(report.counterexample.oracle, "accept");
    char *word = rw_word_text(machine->alphabet, report.counterexample.word.symbols, report.counterexample.word.length);
    cr_assert_str_eq(word, "aaa");
    free(word);
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(oracle, a_pattern_it_refuses_is_noted_and_not_asked)
{
    struct rw_machine *machine = example_regex("a", "ab");
    struct rw_regex *regex = machine->model;
    free(regex->pattern);
    regex->pattern = rw_strdup("a(");
    struct rw_net *net = net_of_regex(machine);
    struct rw_verify_report report = verify(machine, net);
    cr_assert(report.holds);
    cr_assert_null(report.oracle);
    cr_assert_not_null(strstr(report.notes, "parenthesis"));
    rw_verify_report_free(&report);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(oracle, giving_up_is_no_opinion)
{
    struct rw_machine *machine = example_regex("(a*)*b", "ab");
    struct rw_oracle *oracle = rw_oracle_new(machine, NULL);
    for (size_t i = 0; i < 40; i++)
        rw_oracle_set(oracle, i, 0);
    cr_assert_eq(rw_oracle_ask(oracle, 0), RW_OPINION_REJECTS);
    cr_assert_eq(rw_oracle_ask(oracle, 2), RW_OPINION_REJECTS);
    cr_assert_neq(rw_oracle_ask(oracle, 40), RW_OPINION_ACCEPTS);
    rw_oracle_set(oracle, 3, 1);
    cr_assert_eq(rw_oracle_ask(oracle, 4), RW_OPINION_ACCEPTS);
    rw_oracle_free(oracle);
    rw_machine_free(machine);
}

Test(oracle, speaks_of_characters_not_bytes)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    rw_alphabet_add(alphabet, "ä");
    rw_alphabet_add(alphabet, "€");
    struct rw_machine *machine = example_regex(".", "ab");
    rw_alphabet_free(machine->alphabet);
    machine->alphabet = alphabet;
    struct rw_oracle *oracle = rw_oracle_new(machine, NULL);
    rw_oracle_set(oracle, 0, 1);
    rw_oracle_set(oracle, 1, 0);
    cr_assert_eq(rw_oracle_ask(oracle, 0), RW_OPINION_REJECTS);
    cr_assert_eq(rw_oracle_ask(oracle, 1), RW_OPINION_ACCEPTS);
    cr_assert_eq(rw_oracle_ask(oracle, 2), RW_OPINION_REJECTS);
    rw_oracle_free(oracle);
    rw_machine_free(machine);
}

Test(oracle, there_is_none_for_other_kinds)
{
    struct rw_machine *machine = example_parity();
    cr_assert_null(rw_oracle_new(machine, NULL));
    rw_machine_free(machine);
}
