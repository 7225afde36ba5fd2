/* machine.c - what all automata share. */
#include "automata/machine.h"

#include <stdlib.h>

#include "base/memory.h"

struct rw_machine *rw_machine_new(const struct rw_machine_kind *kind, void *model, struct rw_alphabet *alphabet,
                                  const char *name, const char *about)
{
    struct rw_machine *machine = rw_alloc(1, sizeof *machine);
    machine->kind = kind;
    machine->model = model;
    machine->alphabet = alphabet;
    machine->name = rw_strdup(name);
    machine->about = rw_strdup(about);
    return machine;
}

void rw_machine_free(struct rw_machine *machine)
{
    if (machine == NULL)
        return;
    machine->kind->free_model(machine->model);
    rw_alphabet_free(machine->alphabet);
    free(machine->name);
    free(machine->about);
    free(machine);
}

const char *rw_verdict_word(enum rw_verdict verdict, const fmpq_t value)
{
    int sign = rw_q_sign(value);
    if (sign > 0)
        return "accept";
    return sign == 0 && verdict == RW_DECIDES ? "undecided" : "reject";
}

void rw_machine_value(const struct rw_machine *machine, const uint32_t *symbols, size_t length, fmpq_t value)
{
    void *run = machine->kind->run_new(machine->model);
    for (size_t i = 0; i < length; i++)
        machine->kind->step(machine->model, run, symbols[i]);
    machine->kind->value(machine->model, run, value);
    machine->kind->run_free(machine->model, run);
}
