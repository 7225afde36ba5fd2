/* wfa.h - weighted finite automata over the rationals.
 *
 * f(w) = alpha M_{w1} ... M_{wT} omega, alpha a 1 x n row, omega an n x 1 column (Definition 13).
 * Reference semantics: this side never sees a network. */
#ifndef RW_AUTOMATA_WFA_H
#define RW_AUTOMATA_WFA_H

#include "automata/machine.h"

struct rw_dfa;

enum rw_semiring { RW_NATURAL, RW_INTEGER, RW_RATIONAL };

struct rw_wfa {
    size_t states, symbols;
    char **names;
    enum rw_semiring semiring; /* every weight belongs to it; the reader has checked */
    bool indicator;            /* the verdict is f(w) > 0 rather than f(w) (spec: `accept: positive`) */
    fmpq *alpha, *omega;       /* states entries each */
    /* symbols matrices M_sigma, states x states, M[p][q] = weight of p -> q; stored by columns of the TRANSPOSE:
     * letters[s] is M_sigma^T, so that rw_matrix_apply is row times M */
    struct rw_matrix **letters;
};

/* Runs are the row alpha M_w. Quantities "weight q". Verdict: the kind rw_wfa_kind yields values; a WFA with
 * `indicator` set yields 1 for f(w) > 0, else 0, through rw_wfa_indicator_kind. */
extern const struct rw_machine_kind rw_wfa_kind, rw_wfa_indicator_kind;

/* Zero weights everywhere; letters are NULL until set with rw_wfa_set_letter. */
struct rw_wfa *rw_wfa_new(size_t states, size_t symbols);
void rw_wfa_free(struct rw_wfa *wfa);
/* The same weights; states are named by their numbers. Caller frees. */
struct rw_wfa *rw_wfa_copy(const struct rw_wfa *wfa);
/* Takes the transposed matrix M_sigma^T (states x states). */
void rw_wfa_set_letter(struct rw_wfa *wfa, uint32_t symbol, struct rw_matrix *transposed);
/* The weight of p -> q under the symbol, or NULL for zero. */
const fmpq *rw_wfa_weight(const struct rw_wfa *wfa, uint32_t symbol, size_t p, size_t q);

/* The indicator of a language: 1 on its words, 0 elsewhere. Caller frees. */
struct rw_wfa *rw_wfa_of_dfa(const struct rw_dfa *dfa);

/* w -> a(w) + b(w): its rows are those of a and then those of b. The same symbols. Caller frees. */
struct rw_wfa *rw_wfa_sum(const struct rw_wfa *a, const struct rw_wfa *b);

/* Deterministic in the sense of W3: one nonzero in alpha, at most one in each row of each M_sigma. If not, and why is
 * not NULL, says why. */
bool rw_wfa_is_deterministic(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, FILE *why);

/* Whether both have the same series (Schuetzenberger 1961; Tzeng 1992): forward space of the difference automaton, of
 * dimension at most n1 + n2. If not, `word` is a shortest word with different values. `dimension` (may be NULL)
 * receives the dimension reached. */
bool rw_wfa_equivalent(const struct rw_wfa *a, const struct rw_wfa *b, struct rw_word *word, size_t *dimension);
/* The same until the basis has more than `most` nonzero entries: then `finished` is false, and true was only no difference so far. */
bool rw_wfa_equivalent_within(const struct rw_wfa *a, const struct rw_wfa *b, uint64_t most, struct rw_word *word,
                              size_t *dimension, bool *finished);

#endif
