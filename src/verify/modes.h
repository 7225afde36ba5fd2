/* modes.h - machines with stacks or counters as the arguments of verify see them: finitely many modes, and numbers that each step changes by an
 * affine map which depends on the mode, the symbol and the class of each number. Internal to verify.
 *
 * Classes of a counter: 0, positive, negative. Classes of a stack: empty, or what is on top. */
#ifndef RW_VERIFY_MODES_H
#define RW_VERIFY_MODES_H

#include "automata/machine.h"
#include "verify/affine.h"

/* Classes that fit a set. */
#define RW_MOST_CLASSES 64
#define RW_MOST_NUMBERS 32

/* A set of values of one number: start + rate * t for t in the box (rationals from low to high for a stack, integers for a counter). */
struct rw_range {
    fmpq_t start, rate;
    struct rw_interval box;
};
void rw_range_init(struct rw_range *range);
void rw_range_clear(struct rw_range *range);
void rw_range_copy(struct rw_range *to, const struct rw_range *from);

/* What a step does to one number: s <- factor * s + add. */
struct rw_effect {
    fmpq_t factor, add;
};

/* What the modes of a counter machine remember beside its state: the last rule, or the whole last step, which is the state, the symbol and the
 * classes of the counters before it. */
enum rw_memory { RW_REMEMBERS_STATE, RW_REMEMBERS_RULE, RW_REMEMBERS_STEP, RW_MEMORIES };

/* A machine's abstract side. Modes, symbols and classes are numbers from 0. */
struct rw_modes {
    const struct rw_machine *machine;
    const void *model; /* of the machine, or of one that was made from it */
    size_t modes, symbols, numbers;
    uint32_t initial; /* the last mode is the dead one, which nothing leaves */
    size_t classes;   /* of each number */
    size_t letters;   /* stacks: B */
    enum rw_memory memory;
    size_t patterns; /* combinations of classes, where the last step is remembered */
    void *data;      /* of the implementation */

    /* The mode after a symbol, and the effect on each number. */
    void (*step)(const struct rw_modes *modes, uint32_t mode, uint32_t symbol, const uint32_t *classes, uint32_t *to,
                 struct rw_effect *effects);
    /* The machine's value there: 1, 0 or -1. */
    int (*verdict)(const struct rw_modes *modes, uint32_t mode, const uint32_t *classes);
    /* The values of a class that a number can have in the mode: all of them, or, where the last step is remembered, those that it leads to. */
    void (*range)(const struct rw_modes *modes, uint32_t mode, size_t number, uint32_t class, struct rw_range *range);
    /* Part number `part` of a class that the effect leads to one class, which is `next`; false after the last part. The range is that of the
     * class in the mode, to be made smaller. */
    bool (*part)(const struct rw_modes *modes, uint32_t class, const struct rw_effect *effect, size_t part,
                 struct rw_range *range, uint32_t *next);
    /* The name of a mode for certificates: what the machine calls it. */
    void (*name)(const struct rw_modes *modes, uint32_t mode, FILE *out);
    void (*free_data)(struct rw_modes *modes);
};

/* false: no such view of the machine. Only counter machines remember more than their state. Clear with rw_modes_clear. */
bool rw_modes_make(struct rw_modes *modes, const struct rw_machine *machine, enum rw_memory memory);
void rw_modes_clear(struct rw_modes *modes);

/* The makers of each kind. */
bool rw_modes_of_stack(struct rw_modes *modes, const struct rw_machine *machine);
bool rw_modes_of_turing(struct rw_modes *modes, const struct rw_machine *machine);
bool rw_modes_of_counter(struct rw_modes *modes, const struct rw_machine *machine, enum rw_memory memory);

/* Shared by stacks and tapes: the classes of digits of base 2B with gaps. */
void rw_stack_range(const struct rw_modes *modes, uint32_t mode, size_t number, uint32_t class, struct rw_range *range);
bool rw_stack_part(const struct rw_modes *modes, uint32_t class, const struct rw_effect *effect, size_t part,
                   struct rw_range *range, uint32_t *next);
void rw_effect_keep(struct rw_effect *effect);
void rw_effect_push(struct rw_effect *effect, size_t letters, uint32_t letter);
void rw_effect_pop(struct rw_effect *effect, size_t letters, uint32_t letter);
/* Of a stack: negative for a push, positive for a pop, 0 where nothing changes; and the letter that is pushed. */
int rw_effect_growth(const struct rw_effect *effect);
uint32_t rw_effect_letter(const struct rw_effect *effect, size_t letters);

#endif
