/* s5.h - permutations of five points and their word problem (Barrington 1989: complete for NC1).
 *
 * Products are read from left to right, as a word is: p q sends a point through p and then through q. */
#ifndef RW_REDUCTIONS_PROBLEMS_S5_H
#define RW_REDUCTIONS_PROBLEMS_S5_H

#include "automata/machine.h"

#define RW_S5_POINTS 5
#define RW_S5_ORDER  120

struct rw_s5 {
    uint8_t image[RW_S5_POINTS]; /* points count from 0 */
};

struct rw_s5 rw_s5_identity(void);
struct rw_s5 rw_s5_product(struct rw_s5 p, struct rw_s5 q);
struct rw_s5 rw_s5_inverse(struct rw_s5 p);
/* The number of a permutation in the order of their images written out; the identity is 0. */
uint32_t rw_s5_letter(struct rw_s5 p);
struct rw_s5 rw_s5_permutation(uint32_t letter);

/* The DFA that multiplies the letters read so far and accepts where the product is not the identity: states and letters are the
 * 120 permutations, each named by its images, as 23451. Caller frees. */
struct rw_machine *rw_s5_word_problem(void);

#endif
