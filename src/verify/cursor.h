/* cursor.h - a place in the tree of words, and stepping it. Internal to verify.
 *
 * What both sides say after a step depends only on the configuration, the network's state and the symbol. So a step that was computed
 * and compared once need not be computed again: pairs (configuration, state) met before have numbers, and their steps are
 * looked up, as in a lazily built DFA. Every word is still visited and compared; only the arithmetic is not repeated. */
#ifndef RW_VERIFY_CURSOR_H
#define RW_VERIFY_CURSOR_H

#include "verify/match.h"

/* Not a number: the pair is not known, or its runs must be asked. */
#define RW_NO_PAIR UINT32_MAX
#define RW_PAIR_DIFFERS (UINT32_MAX - 1)

/* Where a step leads (RW_NO_PAIR: not computed yet; RW_PAIR_DIFFERS: there the sides differ), and its bits. */
struct rw_known_step {
    uint32_t to, bits;
};

struct rw_known_pair; /* cursor.c */

/* The pairs known in one verification. */
struct rw_atlas {
    struct rw_match *match;
    uint32_t symbols;
    bool closed; /* no new pairs are taken up */
    struct rw_known_step *steps; /* steps[pair * symbols + symbol] */
    struct rw_known_pair *pairs, *table;
    size_t count, pairs_capacity, steps_capacity;
    struct rw_pair scout; /* runs that compute new steps; they stand at pair `scout_at` */
    uint32_t scout_at;
    uint64_t computed; /* steps that both sides really computed */
    uint64_t replayed; /* steps taken only to get back to a known pair */
};

/* `recompute`: know nothing, compute every step. Pairs are only known for machines with finitely many configurations. */
void rw_atlas_init(struct rw_atlas *atlas, struct rw_match *match, bool recompute);
void rw_atlas_clear(struct rw_atlas *atlas);

struct rw_cursor {
    uint32_t at;         /* the known pair where it is; else RW_NO_PAIR, and `runs` are there */
    size_t bits;         /* most bits of any number in the last step (of any in the runs if they are used) */
    struct rw_pair runs; /* made when first needed */
};

/* All zero is a cursor that is nowhere yet. */
void rw_cursor_clear(const struct rw_atlas *atlas, struct rw_cursor *cursor);
/* To the empty word; false: the sides differ there. */
bool rw_cursor_start(struct rw_atlas *atlas, struct rw_cursor *cursor);
/* Makes the runs stand where the cursor is. */
void rw_cursor_make_runs(struct rw_atlas *atlas, struct rw_cursor *cursor);
/* Whether the machine accepts at the cursor, which was stepped last. */
bool rw_cursor_machine_accepts(const struct rw_atlas *atlas, const struct rw_cursor *cursor);

bool rw_cursor_step_unknown(struct rw_atlas *atlas, struct rw_cursor *cursor, uint32_t symbol);
void rw_cursor_copy_runs(struct rw_atlas *atlas, struct rw_cursor *to, const struct rw_cursor *from);

static inline void rw_cursor_copy(struct rw_atlas *atlas, struct rw_cursor *to, const struct rw_cursor *from)
{
    to->at = from->at;
    if (from->at == RW_NO_PAIR)
        rw_cursor_copy_runs(atlas, to, from);
}

/* false: the sides differ after the step; the runs stand there. */
static inline bool rw_cursor_step(struct rw_atlas *atlas, struct rw_cursor *cursor, uint32_t symbol)
{
    if (cursor->at == RW_NO_PAIR)
        return rw_cursor_step_unknown(atlas, cursor, symbol);
    struct rw_known_step step = atlas->steps[(size_t)cursor->at * atlas->symbols + symbol];
    if (step.to >= RW_PAIR_DIFFERS)
        return rw_cursor_step_unknown(atlas, cursor, symbol);
    cursor->at = step.to;
    cursor->bits = step.bits;
    return true;
}

#endif
