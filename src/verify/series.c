/* series.c - machines and linear networks as weighted automata.
 *
 * A dfa is its indicator. A nondeterministic machine has two series: the indicator of its language (determinised) and
 * the number of its accepting paths. A wfa is itself, a linear network what linear.h makes of it. */
#include "verify/series.h"

#include <inttypes.h>

#include "automata/nfa.h"
#include "automata/regex.h"
#include "verify/linear.h"

struct list {
    struct rw_series *series;
    size_t count;
};

static void add(struct list *list, struct rw_wfa *f, const char *key, const char *title)
{
    if (f != NULL)
        list->series[list->count++] = (struct rw_series){f, key, title};
}

static void add_nfa(struct list *list, const struct rw_nfa *nfa, uint64_t max_states)
{
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, max_states, NULL, NULL, NULL);
    if (dfa != NULL)
        add(list, rw_wfa_of_dfa(dfa), "indicator", "the indicator of the language");
    rw_dfa_free(dfa);
    add(list, rw_nfa_count_paths(nfa, NULL), "paths", "the number of accepting paths");
}

static void add_machine(struct list *list, const struct rw_machine *machine, uint64_t max_states)
{
    const struct rw_machine_kind *kind = machine->kind;
    if (kind == &rw_dfa_kind)
        add(list, rw_wfa_of_dfa(machine->model), "indicator", "the indicator of the language");
    else if (kind == &rw_nfa_kind)
        add_nfa(list, machine->model, max_states);
    else if (kind == &rw_regex_kind)
        add_nfa(list, ((const struct rw_regex *)machine->model)->positions, max_states);
    else if (kind == &rw_wfa_kind || kind == &rw_wfa_indicator_kind)
        add(list, rw_wfa_copy(machine->model), "weight", "the weight");
}

size_t rw_series_of(struct rw_side side, uint64_t max_states, struct rw_series *series, FILE *why)
{
    struct list list = {series, 0};
    if (side.net != NULL) {
        if (rw_net_is_linear(side.net, why))
            add(&list, rw_wfa_of_net(side.net), "output", "the output of the left one");
        return list.count;
    }
    add_machine(&list, side.machine, max_states);
    if (list.count == 0 && why != NULL)
        fprintf(why, "the machine is not a weighted automaton of at most %" PRIu64 " states", max_states);
    return list.count;
}

void rw_series_clear(struct rw_series *series, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rw_wfa_free(series[i].f);
}

/* --- on words --- */

void rw_series_value(const struct rw_wfa *wfa, const struct rw_word *word, fmpq_t value)
{
    struct rw_vector row, next;
    rw_vector_init(&row, wfa->states);
    rw_vector_init(&next, wfa->states);
    for (size_t q = 0; q < wfa->states; q++)
        if (!rw_q_is_zero(wfa->alpha + q))
            fmpq_set(rw_vector_at(&row, (uint32_t)q), wfa->alpha + q);
    for (size_t i = 0; i < word->length; i++) {
        rw_vector_zero(&next);
        rw_matrix_apply(wfa->letters[word->symbols[i]], &row, &next);
        rw_vector_copy(&row, &next);
    }
    fmpq_zero(value);
    for (size_t k = 0; k < row.count; k++)
        fmpq_addmul(value, row.value + row.touched[k], wfa->omega + row.touched[k]);
    rw_vector_clear(&row);
    rw_vector_clear(&next);
}

struct rw_wfa *rw_series_before(const struct rw_wfa *f, uint32_t symbol)
{
    struct rw_wfa *wfa = rw_wfa_copy(f);
    struct rw_vector omega, after;
    rw_vector_init(&omega, f->states);
    rw_vector_init(&after, f->states);
    for (size_t q = 0; q < f->states; q++)
        if (!rw_q_is_zero(f->omega + q))
            fmpq_set(rw_vector_at(&omega, (uint32_t)q), f->omega + q);
    rw_matrix_apply_transposed(f->letters[symbol], &omega, &after);
    for (size_t q = 0; q < f->states; q++)
        fmpq_set(wfa->omega + q, after.value + q);
    rw_vector_clear(&omega);
    rw_vector_clear(&after);
    return wfa;
}

bool rw_series_agree_on_empty(const struct rw_wfa *f, const struct rw_wfa *g)
{
    struct rw_word empty;
    fmpq_t g_value, f_value;
    rw_word_init(&empty);
    fmpq_init(g_value);
    fmpq_init(f_value);
    rw_series_value(g, &empty, g_value);
    rw_series_value(f, &empty, f_value);
    bool same = (rw_q_sign(g_value) > 0) == (rw_q_sign(f_value) > 0);
    fmpq_clear(g_value);
    fmpq_clear(f_value);
    return same;
}
