/* Turing machines: busy beavers by their published scores, runs against a naive simulation on a long array. */
#include <criterion/criterion.h>
#include <string.h>

#include "random.h"

#include "automata/turing.h"
#include "spec/spec.h"

#define TAPE 400

static struct rw_machine *compact(const char *table)
{
    char text[256];
    struct rw_limits limits = rw_limits_standard();
    snprintf(text, sizeof text, "rnnwit: 1\nkind: turing\nalphabet: [\".\"]\nclock: \".\"\ncompact: %s\n", table);
    struct rw_source *source = rw_source_text("machine", text, strlen(text));
    struct rw_machine *machine = rw_spec_read(source, &limits, NULL);
    rw_source_free(source);
    cr_assert_not_null(machine);
    return machine;
}

/* Steps and ones of the champions: Rado 1962, Lin and Rado 1965, Brady 1983, Marxen and Buntrock 1989 (proved best in 2024). */
Test(turing, busy_beavers_have_their_scores)
{
    static const struct {
        const char *table;
        uint64_t steps, ones;
    } champions[] = {{"1RB1LB_1LA1RZ", 6, 4},
                     {"1RB1RZ_0RC1RB_1LC1LA", 14, 6},
                     {"1RB1RZ_1LB0RC_1LC1LA", 21, 5},
                     {"1RB1LB_1LA0LC_1RZ1LD_1RD0RA", 107, 13},
                     {"1RB1LC_1RC1RB_1RD0LE_1LA1LD_1RZ0LA", 47176870, 4098}};
    for (size_t i = 0; i < sizeof champions / sizeof *champions; i++) {
        struct rw_machine *machine = compact(champions[i].table);
        const struct rw_turing *turing = machine->model;
        void *run = machine->kind->run_new(turing);
        uint64_t clocks = 0, ones = 0;
        for (; rw_turing_state(run) == UINT32_MAX || turing->halts[rw_turing_state(run)] == 0; clocks++)
            machine->kind->step(turing, run, turing->clock);
        struct rw_turing_tape tape = rw_turing_tape(run);
        for (size_t k = 0; k < tape.count; k++)
            ones += tape.visited[k] == 1;
        cr_assert_eq(rw_turing_steps(run), champions[i].steps);
        cr_assert_eq(clocks, champions[i].steps);
        cr_assert_eq(ones, champions[i].ones);
        machine->kind->run_free(turing, run);
        rw_machine_free(machine);
    }
}

static struct rw_turing *random_turing(struct rw_random *random)
{
    struct rw_turing *machine = rw_turing_new(2 + rw_random_below(random, 3), 3, 2 + rw_random_below(random, 2));
    machine->clock = 2;
    machine->letter_of[0] = 1;
    machine->letter_of[1] = (uint32_t)machine->letters - 1;
    machine->halts[machine->states - 1] = one_in(random, 2) ? 1 : -1;
    for (uint32_t q = 0; q < machine->states; q++)
        for (uint32_t c = 0; c < machine->letters; c++)
            *rw_turing_step_at(machine, q, c) =
                (struct rw_turing_step){.to = (uint32_t)rw_random_below(random, machine->states),
                                        .write = (uint32_t)rw_random_below(random, machine->letters),
                                        .move = (uint8_t)rw_random_below(random, 3),
                                        .defined = 1};
    return machine;
}

Test(turing, runs_as_a_naive_simulation)
{
    struct rw_random random = rw_random_seed(5);
    for (int trial = 0; trial < 300; trial++) {
        struct rw_turing *machine = random_turing(&random);
        uint32_t tape[2 * TAPE] = {0}, state = machine->initial;
        size_t head = TAPE, letters = rw_random_below(&random, 5);
        void *run = rw_turing_kind.run_new(machine), *copy = rw_turing_kind.run_new(machine);
        for (size_t i = 0; i < letters; i++) {
            uint32_t symbol = (uint32_t)rw_random_below(&random, 2);
            tape[TAPE + i] = machine->letter_of[symbol];
            rw_turing_kind.step(machine, run, symbol);
        }
        for (size_t i = 0; i < letters; i++)
            rw_turing_kind.step(machine, run, machine->clock);
        for (size_t i = 0; i < 150; i++) {
            rw_turing_kind.run_copy(machine, copy, run);
            struct rw_turing_tape seen = rw_turing_tape(copy);
            for (size_t k = 0; k < seen.count; k++)
                cr_assert_eq(seen.visited[k], tape[head - seen.head + k]);
            cr_assert_eq(rw_turing_state(run), i == 0 ? UINT32_MAX : state);
            rw_turing_kind.step(machine, run, machine->clock);
            if (machine->halts[state] != 0)
                continue;
            const struct rw_turing_step *step = rw_turing_step_at(machine, state, tape[head]);
            tape[head] = step->write;
            state = step->to;
            head = head + step->move - 1;
        }
        rw_turing_kind.run_free(machine, run);
        rw_turing_kind.run_free(machine, copy);
        rw_turing_free(machine);
    }
}
