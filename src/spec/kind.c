/* kind.c - the one table of spec kinds. */
#include "spec/kind.h"

#include <string.h>

const struct rw_spec_kind *const rw_spec_kinds[] = {
    &rw_spec_dfa,    &rw_spec_nfa, &rw_spec_regex,          &rw_spec_wfa, &rw_spec_counter, &rw_spec_stack,
    &rw_spec_turing, &rw_spec_cra, &rw_spec_matrix_product, NULL,
};

const struct rw_spec_kind *rw_spec_kind_find(const char *name)
{
    for (size_t i = 0; rw_spec_kinds[i] != NULL; i++)
        if (strcmp(rw_spec_kinds[i]->name, name) == 0)
            return rw_spec_kinds[i];
    return NULL;
}
