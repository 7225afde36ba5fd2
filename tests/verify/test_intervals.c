/* Bounds of rows: what grows for ever and never counts does no harm, and what counts is not overlooked. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "verify/equal_intervals.h"
#include "verify/mutant.h"
#include "verify/prove.h"

static enum rw_equality by_intervals(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    return rw_equal_intervals((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, &limits, NULL);
}

/* Accepts a alone: state 0, after a state 1, else state 2 for ever. */
static struct rw_machine *only_a(void)
{
    struct rw_dfa *dfa = rw_dfa_new(3, 2);
    dfa->accepting[1] = 1;
    memcpy(dfa->next, (uint32_t[]){1, 2, 2, 2, 2, 2}, 6 * sizeof *dfa->next);
    return example_machine(&rw_dfa_kind, dfa, "ab");
}

Test(intervals, they_prove_what_was_built)
{
    struct rw_machine *machine = only_a();
    struct rw_net *net = example_pd(machine);
    cr_assert_eq(by_intervals(machine, net), RW_EQUAL);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* What is written into state 1 with each letter, beside what is there. */
static enum rw_equality with_write(int64_t by, bool *differs)
{
    struct rw_machine *machine = only_a();
    struct rw_net *net = example_pd(machine);
    struct rw_word word;
    rw_word_init(&word);
    example_perturb(net, "write", 2, 1, by, 1); /* the state that nothing accepts; on b */
    enum rw_equality result = by_intervals(machine, net);
    *differs = example_brute_force(machine, net, false, 6, &word);
    rw_word_clear(&word);
    rw_net_free(net);
    rw_machine_free(machine);
    return result;
}

Test(intervals, what_grows_where_it_does_not_count_is_harmless)
{
    bool differs;
    cr_assert_eq(with_write(-1, &differs), RW_EQUAL);
    cr_assert_not(differs);
    cr_assert_eq(with_write(1, &differs), RW_EQUAL);
    cr_assert_not(differs);
}

Test(intervals, nothing_is_proved_that_a_word_refutes)
{
    size_t proved = 0, wrong = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct rw_machine *machine = example_dfa(seed, 4, "ab", true);
        struct rw_net *net = example_pd(machine);
        struct rw_limits limits = rw_limits_standard();
        struct rw_random random = rw_random_seed(seed);
        for (size_t i = 0; i < 60; i++) {
            struct rw_mutant mutant = {0};
            struct rw_word word;
            rw_word_init(&word);
            struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
            bool differs = example_brute_force(machine, changed, false, 8, &word),
                 equal = by_intervals(machine, changed) == RW_EQUAL;
            cr_assert_not(differs && equal, "seed %" PRIu64 ": %s: %s -> %s", seed, mutant.place, mutant.before,
                          mutant.after);
            proved += equal;
            wrong += differs;
            rw_word_clear(&word);
            rw_mutant_clear(&mutant);
            rw_net_free(changed);
        }
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_gt(proved, 20);
    cr_assert_gt(wrong, 20);
}
