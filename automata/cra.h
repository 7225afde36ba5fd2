/* cra.h - stateless cost-register automata over the naturals with + and max (Alur et al. 2013; Theorem 14 of the paper).
 *
 * There are registers and no states. A letter updates some registers, all at once: the right sides read the registers as
 * they were. The right side is l0 or l0 + max(l1, l2), where each l is a sum of registers with natural coefficients and a
 * natural constant; a register without an update keeps its value. The value of a word is a sum of registers at its end. */
#ifndef RW_AUTOMATA_CRA_H
#define RW_AUTOMATA_CRA_H

#include "automata/machine.h"

struct rw_cra_term {
    uint32_t reg;
    fmpz coefficient; /* positive */
};

/* constant + sum of coefficient * register; each register stands at most once. */
struct rw_cra_form {
    struct rw_cra_term *terms;
    size_t count, capacity;
    fmpz constant; /* natural */
};

struct rw_cra_update {
    uint32_t target;
    bool has_max;
    struct rw_cra_form base, left, right; /* target := base + max(left, right); without max, left and right are 0 */
};

struct rw_cra_letter {
    struct rw_cra_update *updates; /* each target at most once */
    size_t count, capacity;
};

struct rw_cra {
    size_t registers, symbols;
    char **names;
    fmpz *initial;                 /* natural */
    struct rw_cra_letter *letters; /* one for each symbol */
    struct rw_cra_form output;
};

/* Quantities: "register x" for each. Its values are those of the output. */
extern const struct rw_machine_kind rw_cra_kind;

/* All registers are 0 at the start and named 0, 1, ...; no letter updates anything; the output is 0. Caller frees. */
struct rw_cra *rw_cra_new(size_t registers, size_t symbols);
void rw_cra_free(struct rw_cra *cra);
/* A new update target := 0, to be filled in; the letter has none of that target yet. The pointer is good until the letter's next. */
struct rw_cra_update *rw_cra_add_update(struct rw_cra *cra, uint32_t symbol, uint32_t target);
bool rw_cra_has_max(const struct rw_cra *cra);

/* form += coefficient * register, form += constant; both natural. Cost of a term: the form's terms. */
void rw_cra_form_add(struct rw_cra_form *form, uint32_t reg, const fmpz_t coefficient);
void rw_cra_form_add_constant(struct rw_cra_form *form, const fmpz_t constant);
/* Frees the form's terms; it is 0 afterwards. */
void rw_cra_form_clear(struct rw_cra_form *form);
/* "2*x + y + 1", "0" */
void rw_cra_form_print(const struct rw_cra *cra, const struct rw_cra_form *form, FILE *out);
/* "y = 1 + max(y, x + 1)" */
void rw_cra_update_print(const struct rw_cra *cra, const struct rw_cra_update *update, FILE *out);

#endif
