/* cursor.h - a place in the tree of words, and stepping it. Internal to verify.
 *
 * What both sides say after a step depends only on the configuration, the network's state and the symbol. So a step
 * that was computed and compared once need not be computed again: pairs (configuration, state) met before have numbers,
 * and their steps are looked up, as in a lazily built DFA. Every word is still visited and compared; only the
 * arithmetic is not repeated. */
#ifndef RW_VERIFY_CURSOR_H
#define RW_VERIFY_CURSOR_H

#include "verify/match.h"
#include "verify/numbering.h"

/* Not numbers of pairs: none, or not known yet; and where the sides differ. */
#define RW_NO_PAIR      UINT32_MAX
#define RW_PAIR_DIFFERS (UINT32_MAX - 1)

/* Where a step leads, and the most bits of any number in it. */
struct rw_known_step {
    uint32_t to, bits;
};

/* The pairs known in one verification. */
struct rw_known_pair; /* cursor.c */
struct rw_atlas {
    struct rw_match *match;
    uint32_t symbols;
    bool closed;                 /* too many pairs: no new ones are taken up, cursors go on with runs */
    struct rw_known_step *steps; /* steps[pair * symbols + symbol] */
    struct rw_numbering numbers;
    struct rw_known_pair *pairs;
    size_t count, pairs_capacity, steps_capacity, start_bits;
    struct rw_pair scout; /* runs that compute new steps; they stand at pair `scout_at` */
    uint32_t scout_at;
    struct rw_vector configuration, both; /* work space for keys */
    uint64_t computed;                    /* steps that both sides computed */
    uint64_t replayed;                    /* those of them that only went back to a known pair */
};

/* `recompute`: know nothing, compute every step. Pairs are only known for machines whose
 * configurations are likely to come again. */
void rw_atlas_init(struct rw_atlas *atlas, struct rw_match *match, bool recompute);
void rw_atlas_clear(struct rw_atlas *atlas);

/* All zero is a cursor that was not started yet. */
struct rw_cursor {
    uint32_t at;         /* the known pair where it is; else RW_NO_PAIR, and `runs` are there */
    size_t bits;         /* most bits of any number in the last step, or in all steps since the start */
    struct rw_pair runs; /* made when first needed */
};

void rw_cursor_clear(const struct rw_atlas *atlas, struct rw_cursor *cursor);
/* To the empty word; false: the sides differ there, and the runs stand there. */
bool rw_cursor_start(struct rw_atlas *atlas, struct rw_cursor *cursor);
/* Makes the runs stand where the cursor is. */
void rw_cursor_make_runs(struct rw_atlas *atlas, struct rw_cursor *cursor);
/* Whether the machine accepts at the cursor. */
bool rw_cursor_machine_accepts(const struct rw_atlas *atlas, const struct rw_cursor *cursor);

bool rw_cursor_step_unknown(struct rw_atlas *atlas, struct rw_cursor *cursor, uint32_t symbol);
void rw_cursor_copy_runs(struct rw_atlas *atlas, struct rw_cursor *to, struct rw_cursor *from);

/* Once the atlas is closed what is copied are runs, so that not every copy has to find its way back. */
static inline void rw_cursor_copy(struct rw_atlas *atlas, struct rw_cursor *to, struct rw_cursor *from)
{
    to->at = from->at;
    if (from->at == RW_NO_PAIR || atlas->closed)
        rw_cursor_copy_runs(atlas, to, from);
}

/* false: the sides differ after the step, and the runs stand there. */
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
