/* joint.c - two weighted automata on the same words: equal series, equal signs.
 *
 * The joint row of w is v_w = (alpha_a A_w | alpha_b B_w); v_{ws} = v_w diag(A_s, B_s). Series: by a basis of the space
 * that these rows span (automata/wfa_equivalent.c). Signs: the rows themselves, as long as there are finitely many, all
 * in a single context (context_signs.c). */
#include "verify/joint.h"

enum rw_equality rw_series_equal(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t max_cells,
                                 struct rw_word *word, size_t *dimension)
{
    bool finished, equal = rw_wfa_equivalent_within(a, b, max_cells, word, dimension, &finished);
    return !equal ? RW_DIFFERENT : finished ? RW_EQUAL : RW_UNDECIDED;
}

bool rw_wfa_is_nonnegative(const struct rw_wfa *wfa)
{
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++)
        if (!rw_q_list_is_nonnegative(wfa->letters[symbol]->value, rw_matrix_nonzeros(wfa->letters[symbol])))
            return false;
    return rw_q_list_is_nonnegative(wfa->alpha, wfa->states) && rw_q_list_is_nonnegative(wfa->omega, wfa->states);
}

enum rw_equality rw_signs_equal(const struct rw_wfa *a, const struct rw_wfa *b, bool supports, uint64_t max_cells,
                                struct rw_word *word, rw_pair_told *told, void *context, size_t *pairs)
{
    const struct rw_signs_options options = {
        .supports = supports, .max_cells = max_cells, .told = told, .context = context};
    struct rw_contexts *f = rw_contexts_of_series(a), *g = rw_contexts_of_series(b);
    enum rw_equality result = rw_context_signs_equal(f, g, &options, word, pairs);
    rw_contexts_free(f);
    rw_contexts_free(g);
    return result;
}
