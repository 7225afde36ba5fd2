/* families.c - the one table of head and cell families. */
#include "rnn/step.h"

#include <string.h>

const struct rw_family *const rw_families[] = {
    &rw_family_pd,   &rw_family_dplr,       &rw_family_rwkv7, &rw_family_deltanet, &rw_family_deltaproduct,
    &rw_family_relu, &rw_family_relu_input, &rw_family_mlp,   &rw_family_gated,    NULL,
};

const struct rw_family *rw_family_find(const char *name)
{
    for (size_t i = 0; rw_families[i] != NULL; i++)
        if (strcmp(rw_families[i]->name, name) == 0)
            return rw_families[i];
    return NULL;
}
