/* turing.h - deterministic Turing machines with one tape, infinite both ways, run by a clock (W11).
 *
 * A word is the input and then clock tokens. Each letter of the input is written under the head, which moves right. The first clock tokens
 * bring the head back, one cell each, to the first letter; every further one is a step of the machine, and nothing happens once it has halted. So
 * a word of n letters and n + t clocks runs t steps. A letter after a clock ends the run for good (dead). A run that has not halted is
 * undecided. */
#ifndef RW_AUTOMATA_TURING_H
#define RW_AUTOMATA_TURING_H

#include "automata/machine.h"

enum rw_move { RW_LEFT, RW_STAY, RW_RIGHT };

struct rw_turing_step {
    uint32_t to, write;
    uint8_t move;    /* enum rw_move */
    uint8_t defined; /* of a state that does not halt: always 1 once sealed */
};

struct rw_turing {
    size_t states, symbols, letters; /* symbols: of words, the clock among them; letters: of the tape */
    char **state_names, **letter_names;
    uint32_t initial, blank, clock;
    uint32_t *letter_of;          /* for each symbol but the clock: its letter on the tape */
    int8_t *halts;                /* for each state: 1 accepts, -1 rejects, 0 goes on */
    struct rw_turing_step *table; /* table[state * letters + letter]; unused where the state halts */
};

/* Quantities: "phase load", "phase rewind", "state q" for each state, "reads c" for each letter (0 or 1), then "left" and "right": the cells
 * visited on either side of the head as numbers, the nearest first (automata/gapped.h). */
extern const struct rw_machine_kind rw_turing_kind;

/* All steps undefined, no state halts. Caller frees. */
struct rw_turing *rw_turing_new(size_t states, size_t symbols, size_t letters);
void rw_turing_free(struct rw_turing *machine);
struct rw_turing_step *rw_turing_step_at(const struct rw_turing *machine, uint32_t state, uint32_t letter);

/* Looking into a run. Cells of the tape are visited[0 .. count-1], the head is on visited[head]; valid until the next step. */
struct rw_turing_tape {
    const uint32_t *visited;
    size_t count, head;
};
struct rw_turing_tape rw_turing_tape(const void *run);
/* Steps made since the head came back. */
uint64_t rw_turing_steps(const void *run);
/* The state, or UINT32_MAX while loading, coming back, or dead. */
uint32_t rw_turing_state(const void *run);

#endif
