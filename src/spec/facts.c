/* facts.c - sizes and classes of machines, for show. */
#include "spec/facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "automata/counter.h"
#include "automata/cra.h"
#include "automata/matrix_product.h"
#include "automata/regex.h"
#include "base/memory.h"

/* Determinising and minimising are for information here: not further than this. */
#define LOOK_AHEAD 20000

void rw_facts_add(struct rw_facts *facts, const char *name, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        rw_out_of_memory(1);
    va_end(arguments);
    facts->facts = rw_grow(facts->facts, &facts->capacity, facts->count + 1, sizeof *facts->facts);
    facts->facts[facts->count++] = (struct rw_fact){name, text};
}

void rw_facts_clear(struct rw_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        free(facts->facts[i].text);
    free(facts->facts);
}

/* --- finite automata --- */

static void add_regular(struct rw_facts *facts)
{
    rw_facts_add(facts, "class",
                 "regular, so in NC1; the word problem of a non-solvable group (S5) is complete for it");
}

static void add_letters(const struct rw_dfa *dfa, struct rw_facts *facts)
{
    size_t kinds[RW_LETTER_MERGES + 1] = {0};
    for (uint32_t a = 0; a < dfa->symbols; a++)
        kinds[rw_dfa_letter(dfa, a, NULL, NULL)]++;
    rw_facts_add(facts, "letters", "%zu permutations, %zu partial injections, %zu resets, %zu that merge states",
                 kinds[RW_LETTER_PERMUTATION], kinds[RW_LETTER_INJECTIVE], kinds[RW_LETTER_RESET],
                 kinds[RW_LETTER_MERGES]);
}

void rw_dfa_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_dfa *dfa = machine->model;
    if (dfa->states <= LOOK_AHEAD) {
        struct rw_dfa *minimal = rw_dfa_minimise(dfa);
        rw_facts_add(facts, "states", "%zu; the minimal complete automaton has %zu", dfa->states, minimal->states);
        rw_dfa_free(minimal);
    } else {
        rw_facts_add(facts, "states", "%zu", dfa->states);
    }
    add_letters(dfa, facts);
    add_regular(facts);
}

static void add_determinised(const struct rw_nfa *nfa, struct rw_facts *facts)
{
    struct rw_dfa *subsets = rw_nfa_determinise(nfa, LOOK_AHEAD, NULL, NULL, NULL);
    if (subsets == NULL) {
        rw_facts_add(facts, "determinised", "more than %d sets of states", LOOK_AHEAD);
        return;
    }
    struct rw_dfa *minimal = rw_dfa_minimise(subsets);
    rw_facts_add(facts, "determinised", "%zu sets of states; the minimal complete automaton has %zu states",
                 subsets->states, minimal->states);
    rw_dfa_free(minimal);
    rw_dfa_free(subsets);
}

void rw_nfa_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_nfa *nfa = machine->model;
    size_t epsilon = 0;
    for (size_t i = 0; i < nfa->edge_count; i++)
        epsilon += nfa->edges[i].symbol == RW_EPSILON;
    rw_facts_add(facts, "states", "%zu, with %zu transitions, %zu of them epsilon", nfa->states, nfa->edge_count,
                 epsilon);
    add_determinised(nfa, facts);
    add_regular(facts);
}

void rw_regex_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_regex *regex = machine->model;
    rw_facts_add(facts, "pattern", "%s", regex->pattern);
    rw_facts_add(facts, "positions", "%zu, and the start", regex->positions->states - 1);
    add_determinised(regex->positions, facts);
    add_regular(facts);
}

/* --- weighted automata --- */

void rw_wfa_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    static const char *const semirings[] = {
        [RW_NATURAL] = "natural", [RW_INTEGER] = "integer", [RW_RATIONAL] = "rational"};
    const struct rw_wfa *wfa = machine->model;
    size_t nonzeros = 0;
    for (size_t a = 0; a < wfa->symbols; a++)
        nonzeros += rw_matrix_nonzeros(wfa->letters[a]);
    bool deterministic = rw_wfa_is_deterministic(wfa, machine->alphabet, NULL);
    rw_facts_add(facts, "states", "%zu, with %zu transitions of nonzero weight", wfa->states, nonzeros);
    rw_facts_add(facts, "semiring", "%s%s", semirings[wfa->semiring],
                 wfa->indicator ? "; accepts where the weight is positive" : "");
    rw_facts_add(facts, "class", "%s",
                 deterministic ? "deterministic: in NC1"
                               : "in PNC1 (or its functions); iterated 3x3 products are complete for it");
}

void rw_matrix_product_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_matrix_product *product = machine->model;
    rw_facts_add(facts, "product", "%zux%zu matrices, %zu letters for each; asks for entry (%zu, %zu)",
                 product->dimension, product->dimension, product->dimension * product->dimension, product->row,
                 product->col);
    rw_facts_add(facts, "class", "in PNC1; complete for it from 3x3 on");
}

/* --- counters --- */

void rw_counter_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_counter *counter = machine->model;
    rw_facts_add(facts, "states", "%zu, with %zu rules", counter->states, counter->rule_count);
    rw_facts_add(facts, "counters", "%zu, %s%s", counter->counters, counter->natural ? "never below 0" : "signed",
                 rw_counter_has_resets(counter) ? ", some are reset" : "");
    rw_facts_add(facts, "class",
                 "in L, by a network of logarithmic precision; sorted graph connectivity is complete for it");
}

/* --- registers --- */

void rw_cra_facts(const struct rw_machine *machine, struct rw_facts *facts)
{
    const struct rw_cra *cra = machine->model;
    size_t updates = 0, maxima = 0;
    for (size_t a = 0; a < cra->symbols; a++)
        for (size_t i = 0; i < cra->letters[a].count; i++) {
            updates++;
            maxima += cra->letters[a].updates[i].has_max;
        }
    rw_facts_add(facts, "registers", "%zu, with %zu updates, %zu of them by a max", cra->registers, updates, maxima);
    char *output = NULL;
    size_t size;
    FILE *stream = open_memstream(&output, &size);
    rw_cra_form_print(cra, &cra->output, stream);
    fclose(stream);
    rw_facts_add(facts, "value", "%.200s%s", output, size > 200 ? "..." : "");
    free(output);
    rw_facts_add(facts, "class", "%s",
                 rw_cra_has_max(cra) ? "in P: + and max of numbers whose length may grow with the word's"
                                     : "linear: in PNC1, as a weighted automaton");
}
