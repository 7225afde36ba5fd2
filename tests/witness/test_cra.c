/* W12: random cost-register automata beside their networks, and the printed construction beside one (E11). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../automata/random_cra.h"

#include "base/memory.h"
#include "reductions/witness/witness.h"
#include "verify/verify.h"

static struct rw_machine *machine_of(struct rw_cra *cra)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (size_t i = 0; i < cra->symbols; i++)
        rw_alphabet_add(alphabet, (const char[]){(char)('a' + i), '\0'});
    return rw_machine_new(&rw_cra_kind, cra, alphabet, "random", "");
}

static struct rw_net *network_of(const struct rw_machine *machine)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_witness_options options = {.limits = &limits};
    const struct rw_witness *row = rw_witness_choose(machine, NULL, NULL);
    cr_assert_not_null(row);
    cr_assert_str_eq(row->name, "W12");
    cr_assert_str_eq(row->family, "relu-input");
    struct rw_net *net = row->build(machine, &options, NULL);
    cr_assert_not_null(net);
    return net;
}

static bool holds(const struct rw_machine *machine, const struct rw_net *net, bool states)
{
    struct rw_verify_options options = rw_verify_standard();
    struct rw_verify_report report;
    options.budget = 1500;
    options.random_words = 4;
    options.random_length = 60;
    bool good = rw_verify(machine, net, &options, &report, NULL) && report.holds;
    cr_assert(!good || !states || report.states_compared);
    rw_verify_report_free(&report);
    return good;
}

/* One weight of the head that is not 0, 7 more. */
static bool notices(const struct rw_machine *machine, const struct rw_net *net, struct rw_random *random)
{
    for (int tries = 0; tries < 20; tries++) {
        struct rw_net *wrong = rw_net_copy(net);
        struct rw_matrix *m = *rw_net_matrix(wrong, rw_random_below(random, rw_net_matrix_count(wrong)), NULL);
        if (rw_matrix_nonzeros(m) > 0) {
            fmpq *value = m->value + rw_random_below(random, rw_matrix_nonzeros(m));
            fmpq_add_si(value, value, 7);
        }
        bool noticed = !holds(machine, wrong, false);
        rw_net_free(wrong);
        if (noticed)
            return true;
    }
    return false;
}

Test(cra_witness, random_automata_and_their_networks_agree)
{
    struct rw_random random = rw_random_seed(43);
    size_t noticed = 0;
    for (int round = 0; round < 60; round++) {
        size_t registers = 1 + rw_random_below(&random, 4), symbols = 1 + rw_random_below(&random, 3);
        struct rw_machine *machine = machine_of(random_cra(&random, registers, symbols));
        struct rw_net *net = network_of(machine);
        cr_assert_eq(net->relation->count, registers);
        cr_assert(holds(machine, net, true), "round %d", round);
        if (round < 15)
            noticed += notices(machine, net, &random);
        rw_net_free(net);
        rw_machine_free(machine);
    }
    cr_assert_eq(noticed, 15);
}

static void set_term(struct rw_cra_form *form, uint32_t reg)
{
    fmpz_t one;
    fmpz_init_set_ui(one, 1);
    rw_cra_form_add(form, reg, one);
    fmpz_clear(one);
}

static void increment(struct rw_cra *cra, uint32_t symbol, uint32_t reg)
{
    struct rw_cra_update *update = rw_cra_add_update(cra, symbol, reg);
    set_term(&update->base, reg);
    fmpz_set_ui(&update->base.constant, 1);
}

/* a: x + 1, b: y + 1, c: z = max(x, y) */
static struct rw_machine *maximum(void)
{
    struct rw_cra *cra = rw_cra_new(3, 3);
    increment(cra, 0, 0);
    increment(cra, 1, 1);
    struct rw_cra_update *update = rw_cra_add_update(cra, 2, 2);
    update->has_max = true;
    set_term(&update->left, 0);
    set_term(&update->right, 1);
    set_term(&cra->output, 2);
    return machine_of(cra);
}

/* As printed, max is the one unit ReLU(x - y): all weights into the unit v are gone. */
Test(cra_witness, one_unit_for_a_max_is_noticed)
{
    struct rw_machine *machine = maximum();
    struct rw_net *net = network_of(machine);
    cr_assert(holds(machine, net, true));
    const size_t unit = 5, units = 6; /* v of register 2 */
    struct rw_matrix **recurrent = net->layers[0].heads[0].params, *whole = *recurrent;
    cr_assert_str_eq(net->layers[0].heads[0].coordinates[unit], "v of 2");
    struct rw_builder *builder = rw_builder_new(whole->rows, whole->cols);
    for (size_t j = 0; j < whole->cols; j++)
        for (size_t e = whole->start[j]; e < whole->start[j + 1]; e++)
            if (whole->row[e] / units != unit)
                rw_builder_add(builder, whole->row[e], j, whole->value + e);
    rw_matrix_free(whole);
    *recurrent = rw_builder_finish(builder);
    cr_assert(!holds(machine, net, false));
    rw_net_free(net);
    rw_machine_free(machine);
}

/* Registers that are kept cost weights for each letter: they are counted before they are made. */
Test(cra_witness, too_many_weights_reach_the_limit)
{
    struct rw_machine *machine = maximum();
    struct rw_limits limits = rw_limits_standard();
    struct rw_diag *diag = rw_diag_new(5);
    struct rw_witness_options options = {.limits = &limits};
    limits.nonzeros = 10;
    cr_assert_null(rw_witness_choose(machine, NULL, NULL)->build(machine, &options, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_free(diag);
    rw_machine_free(machine);
}
