/* Runs of machines as modes see them, and words that lead to where an induction over modes fails, near and far. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "verify/cell_words.h"
#include "verify/match.h"
#include "verify/mode_run.h"

static struct rw_net *build(const struct rw_machine *machine)
{
    return example_build(machine, NULL, (struct rw_witness_options){0});
}

/* The numbers are the last quantities of the configuration. */
static void check_numbers(const struct rw_machine *machine, const struct rw_mode_run *run, const void *other)
{
    struct rw_vector configuration;
    fmpq_t value;
    rw_vector_init(&configuration, machine->kind->quantities(machine->model));
    fmpq_init(value);
    machine->kind->configuration(machine->model, other, &configuration);
    size_t numbers = run->table->modes->numbers;
    for (size_t i = 0; i < numbers && !rw_mode_run_is_dead(run); i++) {
        rw_mode_run_value(run, i, value);
        cr_assert(rw_q_equal(value, configuration.value + configuration.size - numbers + i), "%s", machine->name);
    }
    fmpq_clear(value);
    rw_vector_clear(&configuration);
}

Test(mode_run, goes_where_the_machine_goes)
{
    static const char *const specs[] = {"turing/addition.yaml", "turing/busy-beaver-4.yaml", "turing/palindrome.yaml",
                                        "stack/copy.yaml",      "stack/anbncn.yaml",         "counter/resets.yaml",
                                        "counter/majority.yaml"};
    struct rw_random random = rw_random_seed(5);
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct rw_machine *machine = example_spec(specs[i]);
        struct rw_modes modes;
        struct rw_mode_table table;
        struct rw_mode_run run, copy = {0};
        cr_assert(rw_modes_make(&modes, machine, RW_REMEMBERS_STATE));
        cr_assert(rw_mode_table_make(&table, &modes));
        rw_mode_run_init(&run, &table);
        rw_mode_run_init(&copy, &table);
        void *other = machine->kind->run_new(machine->model);
        for (int word = 0; word < 40; word++) {
            uint32_t letter = 0;
            rw_mode_run_start(&run);
            machine->kind->run_start(machine->model, other);
            for (int step = 0; step < 60; step++) {
                if (rw_random_below(&random, 3) == 0)
                    letter = (uint32_t)rw_random_below(&random, modes.symbols);
                bool rests = rw_mode_run_rests(&run, letter);
                rw_mode_run_copy(&copy, &run);
                rw_mode_run_step(&run, letter);
                cr_assert(!rests || copy.row == run.row);
                machine->kind->step(machine->model, other, letter);
                check_numbers(machine, &run, other);
            }
        }
        machine->kind->run_free(machine->model, other);
        rw_mode_run_clear(&run);
        rw_mode_run_clear(&copy);
        rw_mode_table_clear(&table);
        rw_modes_clear(&modes);
        rw_machine_free(machine);
    }
}

/* What the first head gives the output for coordinates that are called so becomes `value`. */
static void change_output(struct rw_net *net, const char *coordinates, int64_t value)
{
    const struct rw_head *head = net->layers[0].heads;
    for (size_t j = 0; j < head->output->cols; j++)
        for (size_t e = head->output->start[j]; e < head->output->start[j + 1]; e++)
            if (strncmp(head->coordinates[j], coordinates, strlen(coordinates)) == 0)
                fmpq_set_si(head->output->value + e, value, 1);
}

static bool find(const struct rw_machine *machine, const struct rw_net *net, bool states,
                 struct rw_counterexample *found)
{
    struct rw_limits limits = rw_limits_standard();
    return rw_cell_word(machine, net, states, false, &limits, NULL, found) ||
           rw_cell_word(machine, net, states, true, &limits, NULL, found);
}

/* The champion of two states and four letters halts after 3,932,964 steps: no run of a network goes there. */
Test(cell_words, a_fault_in_the_last_of_millions_of_steps_is_found)
{
    struct rw_machine *machine = example_spec("turing/busy-beaver-2-4.yaml");
    struct rw_net *net = build(machine);
    struct rw_counterexample found;
    cr_assert_not(find(machine, net, true, &found), "the network is right");
    change_output(net, "state Z", -1);
    cr_assert(find(machine, net, false, &found));
    cr_assert_eq(found.kind, RW_DIFFER_OUTPUT);
    cr_assert_eq(rw_counterexample_length(&found), 3932964);
    cr_assert(found.shortest);
    cr_assert_str_eq(found.machine, "accept");
    rw_counterexample_clear(&found);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* In a state that no word of less than nine letters reaches. */
Test(cell_words, a_fault_near_is_found_on_a_word_that_both_read)
{
    struct rw_machine *machine = example_spec("turing/addition.yaml");
    struct rw_net *net = build(machine);
    struct rw_counterexample found;
    change_output(net, "state up, reads 1", 2);
    cr_assert(find(machine, net, false, &found));
    cr_assert_eq(found.again, 0);
    void *run = machine->kind->run_new(machine->model);
    struct rw_run *network = rw_run_new(net);
    for (size_t i = 0; i < found.word.length; i++) {
        machine->kind->step(machine->model, run, found.word.symbols[i]);
        rw_run_step(network, found.word.symbols[i]);
    }
    fmpq_t value;
    fmpq_init(value);
    machine->kind->value(machine->model, run, value);
    cr_assert_neq(rw_q_sign(value), rw_q_sign(rw_run_output(network, 0)));
    fmpq_clear(value);
    rw_run_free(network);
    machine->kind->run_free(machine->model, run);
    rw_counterexample_clear(&found);
    rw_net_free(net);
    rw_machine_free(machine);
}
