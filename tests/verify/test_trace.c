/* Traces: one line a symbol, until both sides differ. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "examples.h"

static struct rw_word word_of(const char *symbols)
{
    struct rw_word word;
    rw_word_init(&word);
    for (; *symbols != '\0'; symbols++)
        rw_word_push(&word, (uint32_t)(*symbols - 'a'));
    return word;
}

Test(trace, shows_both_sides_after_every_prefix)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    struct rw_word word = word_of("ab");
    struct rw_trace trace;
    cr_assert(rw_trace_make(machine, net, &word, &trace, NULL));
    cr_assert_eq(trace.count, 3);
    const char *symbols[] = {"", "a", "b"}, *states[] = {"even", "even", "odd"};
    const char *coordinates[] = {"state even = 1", "state even = 1", "state odd = 1"};
    const char *verdicts[] = {"accept", "accept", "reject"};
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_eq(trace.lines[i].symbol, symbols[i]);
        cr_assert_str_eq(trace.lines[i].machine, states[i]);
        cr_assert_str_eq(trace.lines[i].network, coordinates[i]);
        cr_assert_str_eq(trace.lines[i].machine_value, verdicts[i]);
        cr_assert_eq(strncmp(trace.lines[i].network_value, verdicts[i], 6), 0);
        cr_assert(trace.lines[i].agree);
    }
    rw_trace_free(&trace);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(trace, stops_after_the_first_difference)
{
    struct rw_machine *machine = example_parity();
    struct rw_net *net = example_pd(machine);
    example_perturb(net, "transition", 1, 1, 1, 1);
    struct rw_word word = word_of("aabaaaa");
    struct rw_trace trace;
    cr_assert(rw_trace_make(machine, net, &word, &trace, NULL));
    cr_assert_eq(trace.count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(trace.lines[i].agree, i < 3);
    cr_assert_str_eq(trace.lines[3].network, "state odd = 2");
    rw_trace_free(&trace);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(trace, the_machine_alone)
{
    struct rw_machine *machine = example_doubling();
    struct rw_word word = word_of("bab");
    struct rw_trace trace;
    cr_assert(rw_trace_make(machine, NULL, &word, &trace, NULL));
    cr_assert_eq(trace.count, 4);
    cr_assert_str_eq(trace.lines[3].machine_value, "8");
    cr_assert_null(trace.lines[3].network);
    rw_trace_free(&trace);
    rw_word_clear(&word);
    rw_machine_free(machine);
}

Test(trace, a_word_without_a_value_is_called_undefined)
{
    struct rw_matrix_product *model = rw_matrix_product_new(2, 2);
    fmpq_set_si(model->entries + 1, 1, 1);
    struct rw_machine *machine = example_machine(&rw_matrix_product_kind, model, "ab");
    struct rw_word word = word_of("bbba");
    struct rw_trace trace;
    cr_assert(rw_trace_make(machine, NULL, &word, &trace, NULL));
    cr_assert_str_eq(trace.lines[3].machine_value, "undefined");
    cr_assert_str_eq(trace.lines[4].machine_value, "1");
    rw_trace_free(&trace);
    rw_word_clear(&word);
    rw_machine_free(machine);
}

Test(trace, refuses_what_cannot_be_compared)
{
    struct rw_machine *machine = example_parity(), *other = example_dfa(1, 2, "abc", false);
    struct rw_net *net = example_pd(other);
    struct rw_word word = word_of("a");
    struct rw_trace trace;
    cr_assert(!rw_trace_make(machine, net, &word, &trace, NULL));
    cr_assert_eq(trace.count, 0);
    rw_trace_free(&trace);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
    rw_machine_free(other);
}
