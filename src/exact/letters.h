/* letters.h - exact functions of unknown letters: polynomials in indicators.
 *
 * The letter at place p of a word is unknown; [p = s] is 1 where it is symbol s, and 0 elsewhere. Every function of finitely many
 * letters is, in exactly one way, a sum of terms value * [p1 = s1] ... [pk = sk] with p1 < ... < pk and no si = 0 (symbol 0
 * has no indicator: it is 1 minus the others). So equal functions are equal lists of terms. */
#ifndef RW_EXACT_LETTERS_H
#define RW_EXACT_LETTERS_H

#include "exact/rational.h"

#define RW_MOST_LETTERS 16 /* that a term may have */

/* What functions of one computation share. A function that would need more terms, cases, letters or work than there may be is
 * left unfinished and `exceeded` is set: then nothing that was computed means anything. */
struct rw_letter_space {
    size_t symbols;           /* of the alphabet */
    size_t most;              /* terms of a function, and cases of a table */
    uint64_t cases;           /* looked at so far, one by one */
    uint64_t work, most_work; /* term by term; most_work 0: as much as it takes */
    bool exceeded;
    bool many_letters; /* exceeded because of RW_MOST_LETTERS, whatever the rest */
};

struct rw_letter_term {
    uint32_t degree;
    uint32_t indicator[RW_MOST_LETTERS]; /* place * symbols + symbol, ascending; unused ones 0 */
    fmpq value;                          /* not 0 */
};

/* Terms ascend. {0} is the function 0. */
struct rw_letters {
    size_t count, capacity;
    struct rw_letter_term *terms;
};

/* So much work more: exceeded, if that is too much. */
void rw_letters_account(struct rw_letter_space *space, size_t terms);

void rw_letters_clear(struct rw_letters *f); /* frees the storage; f is 0 then */
void rw_letters_set(struct rw_letters *f, const struct rw_letters *g);
/* `count` functions 0, one after the other. Free with rw_letters_list_free, which takes NULL too. */
struct rw_letters *rw_letters_list_new(size_t count);
void rw_letters_list_free(struct rw_letters *list, size_t count);
void rw_letters_swap(struct rw_letters *f, struct rw_letters *g);
/* f += value */
void rw_letters_add_constant(struct rw_letter_space *space, struct rw_letters *f, const fmpq_t value);
/* f += values[the letter at that place]; `symbols` values, some NULL: 0 */
void rw_letters_add_letter(struct rw_letter_space *space, struct rw_letters *f, uint32_t place,
                           const fmpq *const *values);
/* f += factor * g, f and g distinct */
void rw_letters_addmul(struct rw_letter_space *space, struct rw_letters *f, const fmpq_t factor,
                       const struct rw_letters *g);
/* f += g * h, f distinct from both. Cost: terms of g x terms of h and their order, or all cases of their letters: whichever is less. */
void rw_letters_add_product(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letters *g,
                            const struct rw_letters *h);
/* f = ReLU(f): by bounds where they tell the sign, else case by case. */
void rw_letters_relu(struct rw_letter_space *space, struct rw_letters *f);

static inline bool rw_letters_is_zero(const struct rw_letters *f)
{
    return f->count == 0;
}
/* Whether f is constant; then `value` receives it. */
bool rw_letters_is_constant(const struct rw_letters *f, fmpq_t value);
/* The value of f's term with these letters, or NULL where it has none. */
const fmpq *rw_letters_coefficient(const struct rw_letters *f, const struct rw_letter_term *term);
/* Whether f depends on no letter before that place. */
bool rw_letters_starts_at(const struct rw_letter_space *space, const struct rw_letters *f, uint32_t place);
/* All places of f earlier by `shift`, before which f depends on no letter. */
void rw_letters_earlier(const struct rw_letter_space *space, struct rw_letters *f, uint32_t shift);
/* low <= f <= high for all letters; exact where no term has two letters. */
void rw_letters_bounds(const struct rw_letter_space *space, const struct rw_letters *f, fmpq_t low, fmpq_t high);
/* Whether g is f with all places later by `shift`. */
bool rw_letters_equal_shifted(const struct rw_letter_space *space, const struct rw_letters *f,
                              const struct rw_letters *g, uint32_t shift);
bool rw_letters_equal(const struct rw_letters *f, const struct rw_letters *g);

/* A few places whose letters are taken case by case. Case c: the letter at place[i] is digit i of c in base `symbols`, digit 0 the lowest. */
struct rw_letter_cases {
    size_t places, count; /* count = symbols^places */
    uint32_t place[RW_MOST_LETTERS];
};
/* The places that f depends on are added. false, and the space is exceeded: too many. */
bool rw_letter_cases_of(struct rw_letter_space *space, struct rw_letter_cases *cases, const struct rw_letters *f);
/* values[c] = f in case c, for all cases; f depends on no other place. Caller initialises `count` values. */
void rw_letters_tabulate(const struct rw_letter_space *space, const struct rw_letters *f,
                         const struct rw_letter_cases *cases, fmpq *values);
/* f = the function with these values, which are used up. */
void rw_letters_interpolate(struct rw_letter_space *space, struct rw_letters *f, const struct rw_letter_cases *cases,
                            fmpq *values);

#endif
