/* wfa_of_dfa.c - the indicator of a regular language as a weighted automaton: 0/1 matrices, one nonzero in a row. */
#include <stdlib.h>

#include "automata/dfa.h"
#include "automata/wfa.h"
#include "base/memory.h"

struct rw_wfa *rw_wfa_of_dfa(const struct rw_dfa *dfa)
{
    struct rw_wfa *wfa = rw_wfa_new(dfa->states, dfa->symbols);
    wfa->semiring = RW_NATURAL;
    wfa->indicator = true;
    for (size_t q = 0; q < dfa->states; q++) {
        free(wfa->names[q]);
        wfa->names[q] = rw_strdup(dfa->names[q]);
    }
    fmpq_set_si(wfa->alpha + dfa->initial, 1, 1);
    for (size_t q = 0; q < dfa->states; q++)
        fmpq_set_si(wfa->omega + q, dfa->accepting[q], 1);
    for (uint32_t symbol = 0; symbol < dfa->symbols; symbol++) {
        struct rw_builder *transposed = rw_builder_new(dfa->states, dfa->states);
        for (size_t q = 0; q < dfa->states; q++) {
            uint32_t to = dfa->next[q * dfa->symbols + symbol];
            if (to != RW_NO_STATE)
                rw_builder_add_int(transposed, to, q, 1);
        }
        rw_wfa_set_letter(wfa, symbol, rw_builder_finish(transposed));
    }
    return wfa;
}
