/* s5.c - permutations of five points, and the automaton that multiplies them. */
#include "reductions/problems/s5.h"

#include <stdlib.h>

#include "automata/dfa.h"
#include "base/memory.h"

struct rw_s5 rw_s5_identity(void)
{
    return (struct rw_s5){{0, 1, 2, 3, 4}};
}

struct rw_s5 rw_s5_product(struct rw_s5 p, struct rw_s5 q)
{
    struct rw_s5 product;
    for (size_t i = 0; i < RW_S5_POINTS; i++)
        product.image[i] = q.image[p.image[i]];
    return product;
}

struct rw_s5 rw_s5_inverse(struct rw_s5 p)
{
    struct rw_s5 inverse = {{0}};
    for (uint8_t i = 0; i < RW_S5_POINTS; i++)
        inverse.image[p.image[i]] = i;
    return inverse;
}

/* Lehmer's code: each image counts how many smaller points follow it, in the factorial number system. */
uint32_t rw_s5_letter(struct rw_s5 p)
{
    uint32_t letter = 0;
    for (size_t i = 0; i < RW_S5_POINTS; i++) {
        uint32_t smaller = 0;
        for (size_t j = i + 1; j < RW_S5_POINTS; j++)
            smaller += p.image[j] < p.image[i];
        letter = letter * (uint32_t)(RW_S5_POINTS - i) + smaller;
    }
    return letter;
}

struct rw_s5 rw_s5_permutation(uint32_t letter)
{
    struct rw_s5 p;
    for (size_t i = RW_S5_POINTS; i-- > 0;) {
        uint32_t left = (uint32_t)(RW_S5_POINTS - i);
        p.image[i] = (uint8_t)(letter % left);
        letter /= left;
        for (size_t j = i + 1; j < RW_S5_POINTS; j++) /* the points after it stand for those that are left */
            p.image[j] = (uint8_t)(p.image[j] + (p.image[j] >= p.image[i]));
    }
    return p;
}

struct rw_machine *rw_s5_word_problem(void)
{
    struct rw_dfa *dfa = rw_dfa_new(RW_S5_ORDER, RW_S5_ORDER);
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (uint32_t p = 0; p < RW_S5_ORDER; p++) {
        struct rw_s5 state = rw_s5_permutation(p);
        char name[RW_S5_POINTS + 1] = "";
        for (size_t i = 0; i < RW_S5_POINTS; i++)
            name[i] = (char)('1' + state.image[i]);
        free(dfa->names[p]);
        dfa->names[p] = rw_strdup(name);
        rw_alphabet_add(alphabet, name);
        for (uint32_t q = 0; q < RW_S5_ORDER; q++)
            dfa->next[p * RW_S5_ORDER + q] = rw_s5_letter(rw_s5_product(state, rw_s5_permutation(q)));
    }
    dfa->initial = rw_s5_letter(rw_s5_identity());
    for (uint32_t p = 0; p < RW_S5_ORDER; p++)
        dfa->accepting[p] = p != dfa->initial;
    return rw_machine_new(&rw_dfa_kind, dfa, alphabet, "s5-word-problem",
                          "accepts where the product of the permutations read is not the identity");
}
