/* modes.c - views of machines as modes, and what stacks and tapes share. */
#include "verify/modes.h"

#include "automata/counter.h"
#include "automata/stack.h"
#include "automata/turing.h"

void rw_range_init(struct rw_range *range)
{
    fmpq_init(range->start);
    fmpq_init(range->rate);
    range->box = (struct rw_interval){0, 0};
}

void rw_range_clear(struct rw_range *range)
{
    fmpq_clear(range->start);
    fmpq_clear(range->rate);
}

void rw_range_copy(struct rw_range *to, const struct rw_range *from)
{
    fmpq_set(to->start, from->start);
    fmpq_set(to->rate, from->rate);
    to->box = from->box;
}

bool rw_modes_make(struct rw_modes *modes, const struct rw_machine *machine, enum rw_memory memory)
{
    *modes = (struct rw_modes){.machine = machine, .model = machine->model};
    if (machine->kind == &rw_stack_kind)
        return memory == RW_REMEMBERS_STATE && rw_modes_of_stack(modes, machine);
    if (machine->kind == &rw_turing_kind)
        return memory == RW_REMEMBERS_STATE && rw_modes_of_turing(modes, machine);
    return machine->kind == &rw_counter_kind && rw_modes_of_counter(modes, machine, memory);
}

void rw_modes_clear(struct rw_modes *modes)
{
    if (modes->free_data != NULL)
        modes->free_data(modes);
}

/* --- digits --- */

/* Class 0 is empty; class 1 + b is (2b + 1 + t) / 2B for what lies below, t from 0 to 1. */
void rw_stack_range(const struct rw_modes *modes, uint32_t mode, size_t number, uint32_t class, struct rw_range *range)
{
    (void)mode;
    (void)number;
    bool empty = class == 0;
    ulong base = empty ? 1 : 2 * modes->letters;
    fmpq_set_si(range->start, empty ? 0 : 2 * (slong) class - 1, base);
    fmpq_set_si(range->rate, !empty, base);
    range->box = (struct rw_interval){0, !empty};
}

/* A pop brings up what was below: nothing, or each letter. */
bool rw_stack_part(const struct rw_modes *modes, uint32_t class, const struct rw_effect *effect, size_t part,
                   struct rw_range *range, uint32_t *next)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_set_si(one, 1, 1);
    int growth = fmpq_cmp(effect->factor, one);
    fmpq_clear(one);
    if (growth <= 0) { /* a push, whose digit the effect adds, or nothing */
        *next = class;
        if (growth < 0) {
            fmpq_t digit;
            fmpq_init(digit);
            fmpq_mul_ui(digit, effect->add, 2 * modes->letters); /* 2b + 1 */
            *next = (uint32_t)(fmpz_get_ui(fmpq_numref(digit)) + 1) / 2;
            fmpq_clear(digit);
        }
        return part == 0;
    }
    if (part > modes->letters)
        return false;
    *next = (uint32_t)part;
    if (part == 0) {
        range->box = (struct rw_interval){0, 0};
        return true;
    }
    /* t = (2b + 1 + t') / 2B */
    fmpq_t step;
    fmpq_init(step);
    fmpq_set_si(step, 2 * (slong)part - 1, 2 * modes->letters);
    fmpq_addmul(range->start, range->rate, step);
    fmpq_div_2exp(range->rate, range->rate, 1);
    fmpq_set_si(step, 1, modes->letters);
    fmpq_mul(range->rate, range->rate, step);
    fmpq_clear(step);
    return true;
}

void rw_effect_keep(struct rw_effect *effect)
{
    fmpq_set_si(effect->factor, 1, 1);
    fmpq_zero(effect->add);
}

void rw_effect_push(struct rw_effect *effect, size_t letters, uint32_t letter)
{
    fmpq_set_si(effect->factor, 1, 2 * letters);
    fmpq_set_si(effect->add, 2 * (slong)letter + 1, 2 * letters);
}

void rw_effect_pop(struct rw_effect *effect, size_t letters, uint32_t letter)
{
    fmpq_set_si(effect->factor, 2 * (slong)letters, 1);
    fmpq_set_si(effect->add, -2 * (slong)letter - 1, 1);
}

/* A push multiplies by 1/2B, a pop by 2B. */
int rw_effect_growth(const struct rw_effect *effect)
{
    return fmpz_cmp(fmpq_numref(effect->factor), fmpq_denref(effect->factor));
}

/* A push adds the digit (2b + 1)/2B. */
uint32_t rw_effect_letter(const struct rw_effect *effect, size_t letters)
{
    fmpq_t digit;
    fmpq_init(digit);
    fmpq_mul_ui(digit, effect->add, 2 * letters);
    uint32_t letter = (uint32_t)(fmpz_get_ui(fmpq_numref(digit)) / 2);
    fmpq_clear(digit);
    return letter;
}
