/* block_model.h - what a machine does to blocks of letters, as exact functions of the letters. Internal to verify.
 *
 * A word is cut into blocks of `length` letters. There is a row v of `dimension` numbers for what was read before the block before the present one:
 * v is `start` before there is anything, a block turns v into v F, and after j letters of the present block the machine's value is
 * v T_j, where F is a function of the letters of the block before, and the column T_j of both blocks'. Iterated matrix products are so, and
 * weighted automata: F = M_u and T_j = M_u M_w omega for the letters u of the block before and w of the present one. Of these, rows are wanted only as far as
 * they have an effect on columns M_w omega with |w| > length: the space of these columns is a column space C, F and T_j are written in a basis of it. */
#ifndef RW_VERIFY_BLOCK_MODEL_H
#define RW_VERIFY_BLOCK_MODEL_H

#include "automata/matrix_product.h"
#include "automata/wfa.h"
#include "exact/letters.h"

struct rw_block_model {
    size_t dimension, length;
    size_t ahead;      /* outputs of so many letters from the start of a block determine a row; at least length */
    bool every_letter; /* there is a value after every letter; else only after whole blocks */
    size_t states;     /* of the weighted automaton; 0: of an iterated matrix product */
    fmpq *basis;       /* column i of C: `states` numbers from basis + i * states on */
    fmpq *start;       /* dimension numbers */
    struct rw_letters
        *first; /* first[j], j = 0 .. length: the value after the first j letters of all, at places 0, 1, ... */
    struct rw_letters *factor; /* F[i * dimension + j], the block's letters being at places 0, 1, ... */
    struct rw_letters *
        targets; /* T_j[i] is targets[(j - 1) * dimension + i], j = 1 .. ahead: the block before at places 0, 1, ..., the present one
                                   after it */
};

/* Caller frees. NULL: the space is exceeded. */
struct rw_block_model *rw_block_model_of_product(const struct rw_matrix_product *product,
                                                 struct rw_letter_space *space);
/* Cost: all words of length + ahead letters. */
struct rw_block_model *rw_block_model_of_wfa(const struct rw_wfa *wfa, size_t length, struct rw_letter_space *space);
void rw_block_model_free(struct rw_block_model *model);

/* Whether there is a value after j letters of a block, j = 1, 2, ... */
static inline bool rw_block_model_has_value(const struct rw_block_model *model, size_t j)
{
    return model->every_letter || j % model->length == 0;
}

#endif
