/* random.h - small random automata and exhaustive words, for laws. */
#ifndef RW_TESTS_AUTOMATA_RANDOM_H
#define RW_TESTS_AUTOMATA_RANDOM_H

#include "automata/nfa.h"
#include "base/random.h"

/* One chance in n. */
static inline bool one_in(struct rw_random *random, uint64_t n)
{
    return rw_random_below(random, n) == 0;
}

/* About a third of the states accept; one transition in `gap` is missing (0: none). Caller frees. */
static inline struct rw_dfa *random_dfa(struct rw_random *random, size_t states, size_t symbols, uint64_t gap)
{
    struct rw_dfa *dfa = rw_dfa_new(states, symbols);
    dfa->initial = (uint32_t)rw_random_below(random, states);
    for (size_t s = 0; s < states; s++)
        dfa->accepting[s] = one_in(random, 3);
    for (size_t i = 0; i < states * symbols; i++)
        if (gap == 0 || !one_in(random, gap))
            dfa->next[i] = (uint32_t)rw_random_below(random, states);
    return dfa;
}

/* Some edges, about one in four an epsilon move; those lead upwards unless `cyclic`. Sealed. Caller frees. */
static inline struct rw_nfa *random_nfa(struct rw_random *random, size_t states, size_t symbols, size_t edges,
                                        bool cyclic)
{
    struct rw_nfa *nfa = rw_nfa_new(states, symbols);
    for (size_t s = 0; s < states; s++) {
        nfa->initial[s] = s == 0 || one_in(random, 4);
        nfa->accepting[s] = one_in(random, 3);
    }
    for (size_t e = 0; e < edges; e++) {
        uint32_t from = (uint32_t)rw_random_below(random, states), to = (uint32_t)rw_random_below(random, states);
        if (!one_in(random, 4))
            rw_nfa_add(nfa, from, (uint32_t)rw_random_below(random, symbols), to);
        else if (cyclic || from < to)
            rw_nfa_add(nfa, from, RW_EPSILON, to);
    }
    rw_nfa_seal(nfa);
    return nfa;
}

/* 0, or one time in `zero` a small fraction. */
static inline void random_weight(fmpq_t weight, struct rw_random *random, uint64_t zero)
{
    if (rw_random_below(random, zero) != 0)
        fmpq_zero(weight);
    else
        fmpq_set_si(weight, (slong)rw_random_below(random, 9) - 4, 1 + rw_random_below(random, 3));
}

/* About one weight in `sparse` is not 0. Caller frees. */
static inline struct rw_wfa *random_wfa(struct rw_random *random, size_t states, size_t symbols, uint64_t sparse)
{
    struct rw_wfa *wfa = rw_wfa_new(states, symbols);
    fmpq_t weight;
    fmpq_init(weight);
    for (size_t q = 0; q < states; q++) {
        random_weight(wfa->alpha + q, random, 2);
        random_weight(wfa->omega + q, random, 2);
    }
    for (uint32_t s = 0; s < symbols; s++) {
        struct rw_builder *transposed = rw_builder_new(states, states);
        for (size_t p = 0; p < states; p++)
            for (size_t q = 0; q < states; q++) {
                random_weight(weight, random, sparse);
                rw_builder_add(transposed, q, p, weight);
            }
        rw_wfa_set_letter(wfa, s, rw_builder_finish(transposed));
    }
    fmpq_clear(weight);
    return wfa;
}

/* The next word in the order of length, then symbols; false after the last of the longest. Start from the empty
 * word. */
static inline bool next_word(struct rw_word *word, size_t symbols, size_t longest)
{
    for (size_t i = word->length; i-- > 0;) {
        if (++word->symbols[i] < symbols)
            return true;
        word->symbols[i] = 0;
    }
    if (word->length == longest || symbols == 0)
        return false;
    rw_word_push(word, 0);
    return true;
}

/* Equal length and symbols. */
static inline bool same_word(const struct rw_word *a, const struct rw_word *b)
{
    for (size_t i = 0; i < a->length && i < b->length; i++)
        if (a->symbols[i] != b->symbols[i])
            return false;
    return a->length == b->length;
}

#endif
