/* random_cra.h - small random cost-register automata, for laws. */
#ifndef RW_TESTS_AUTOMATA_RANDOM_CRA_H
#define RW_TESTS_AUTOMATA_RANDOM_CRA_H

#include "automata/cra.h"
#include "base/random.h"

static inline void random_form(struct rw_random *random, size_t registers, struct rw_cra_form *form)
{
    fmpz_t number;
    fmpz_init(number);
    for (uint64_t terms = rw_random_below(random, 3); terms > 0; terms--) {
        fmpz_set_ui(number, rw_random_below(random, 4) > 0 ? 1 : rw_random_below(random, 4));
        rw_cra_form_add(form, (uint32_t)rw_random_below(random, registers), number);
    }
    fmpz_set_ui(number, rw_random_below(random, 2) * rw_random_below(random, 5));
    rw_cra_form_add_constant(form, number);
    fmpz_clear(number);
}

/* One register in four is kept, half of the others take a max. Caller frees. */
static inline struct rw_cra *random_cra(struct rw_random *random, size_t registers, size_t symbols)
{
    struct rw_cra *cra = rw_cra_new(registers, symbols);
    for (size_t i = 0; i < registers; i++)
        fmpz_set_ui(cra->initial + i, rw_random_below(random, 2) * rw_random_below(random, 4));
    for (uint32_t a = 0; a < symbols; a++)
        for (uint32_t i = 0; i < registers; i++) {
            if (rw_random_below(random, 4) == 0)
                continue;
            struct rw_cra_update *update = rw_cra_add_update(cra, a, i);
            random_form(random, registers, &update->base);
            update->has_max = rw_random_below(random, 2);
            if (update->has_max) {
                random_form(random, registers, &update->left);
                random_form(random, registers, &update->right);
            }
        }
    random_form(random, registers, &cra->output);
    return cra;
}

#endif
