/* cursor.c - known pairs of configuration and state, and the steps between them.
 *
 * A pair gets a number when both sides agree at it; its key is the exact value of all quantities and all coordinates.
 * The scout computes missing steps; it gets to a known pair by the word by which that pair was first met. */
#include "verify/cursor.h"

#include <stdlib.h>

#include "automata/counter.h"
#include "automata/nfa.h"
#include "automata/regex.h"
#include "automata/stack.h"
#include "automata/turing.h"
#include "base/memory.h"
#include "verify/key.h"

/* Bounds of what is known: some ten megabytes ... */
#define MOST_PAIRS 65536
#define MOST_STEPS 1048576
/* ... and steps spent on going back to known pairs: so many, and so many more for each new step. */
#define REPLAYED          100000
#define REPLAYED_PER_STEP 16

struct rw_known_pair {
    uint32_t from, symbol; /* met by this step; pair 0 is at the empty word */
    bool accepts;          /* what the machine says there */
};

/* Kinds whose quantities are all there is to a configuration, and come again: counter machines near the start, weights hardly ever. */
static bool comes_again(const struct rw_machine *machine)
{
    return machine->kind == &rw_dfa_kind || machine->kind == &rw_nfa_kind || machine->kind == &rw_regex_kind ||
           machine->kind == &rw_counter_kind || machine->kind == &rw_stack_kind || machine->kind == &rw_turing_kind;
}

void rw_atlas_init(struct rw_atlas *atlas, struct rw_match *match, bool recompute)
{
    const struct rw_machine *machine = match->machine;
    *atlas = (struct rw_atlas){.match = match, .scout_at = RW_NO_PAIR};
    atlas->symbols = (uint32_t)rw_alphabet_size(machine->alphabet);
    atlas->closed = recompute || !comes_again(machine);
    if (atlas->closed)
        return;
    size_t quantities = machine->kind->quantities(machine->model);
    rw_vector_init(&atlas->configuration, quantities);
    rw_vector_init(&atlas->both, quantities + rw_net_coordinate(match->net, match->net->layer_count, 0));
    atlas->scout = rw_pair_new(match);
}

void rw_atlas_clear(struct rw_atlas *atlas)
{
    rw_numbering_clear(&atlas->numbers);
    free(atlas->pairs);
    free(atlas->steps);
    rw_vector_clear(&atlas->configuration);
    rw_vector_clear(&atlas->both);
    if (atlas->scout.net != NULL)
        rw_pair_free(atlas->match, &atlas->scout);
}

/* --- numbering pairs --- */

/* The scout's pair gets a number, met by the step (from, symbol); RW_NO_PAIR if it is new and the atlas is full. */
static uint32_t number_scout(struct rw_atlas *atlas, uint32_t from, uint32_t symbol)
{
    size_t size;
    uint32_t number = RW_NO_PAIR;
    rw_pair_vector(atlas->match, &atlas->scout, &atlas->configuration, &atlas->both);
    char *key = rw_vector_key(&atlas->both, &size);
    bool full = atlas->count == MOST_PAIRS || (atlas->count + 1) * atlas->symbols > MOST_STEPS;
    if (rw_numbering_find(&atlas->numbers, key, size, &number) || full) {
        free(key);
        return number;
    }
    number = (uint32_t)atlas->count;
    rw_numbering_add(&atlas->numbers, key, size, number);
    atlas->pairs = rw_grow(atlas->pairs, &atlas->pairs_capacity, atlas->count + 1, sizeof *atlas->pairs);
    bool accepts = rw_q_sign(atlas->match->value) > 0; /* as compared last */
    atlas->pairs[number] = (struct rw_known_pair){.from = from, .symbol = symbol, .accepts = accepts};
    size_t steps = ++atlas->count * atlas->symbols;
    atlas->steps = rw_grow(atlas->steps, &atlas->steps_capacity, steps, sizeof *atlas->steps);
    for (size_t i = steps - atlas->symbols; i < steps; i++)
        atlas->steps[i] = (struct rw_known_step){.to = RW_NO_PAIR};
    return number;
}

/* --- getting to a known pair --- */

static void replay(struct rw_atlas *atlas, struct rw_pair *runs, uint32_t to)
{
    size_t length = 0;
    for (uint32_t at = to; at != 0; at = atlas->pairs[at].from)
        length++;
    uint32_t *word = rw_alloc(length, sizeof *word);
    size_t i = length;
    for (uint32_t at = to; at != 0; at = atlas->pairs[at].from)
        word[--i] = atlas->pairs[at].symbol;
    rw_pair_start(atlas->match, runs);
    for (i = 0; i < length; i++)
        rw_pair_step(atlas->match, runs, word[i]);
    free(word);
    atlas->computed += length;
    atlas->replayed += length;
    if (atlas->replayed > REPLAYED + REPLAYED_PER_STEP * (atlas->computed - atlas->replayed))
        atlas->closed = true;
}

static void need_runs(const struct rw_atlas *atlas, struct rw_cursor *cursor)
{
    if (cursor->runs.net == NULL)
        cursor->runs = rw_pair_new(atlas->match);
}

void rw_cursor_make_runs(struct rw_atlas *atlas, struct rw_cursor *cursor)
{
    if (cursor->at == RW_NO_PAIR)
        return;
    need_runs(atlas, cursor);
    if (cursor->at == atlas->scout_at)
        rw_pair_copy(atlas->match, &cursor->runs, &atlas->scout);
    else
        replay(atlas, &cursor->runs, cursor->at);
    rw_run_bits_reset(cursor->runs.net);
}

void rw_cursor_copy_runs(struct rw_atlas *atlas, struct rw_cursor *to, struct rw_cursor *from)
{
    rw_cursor_make_runs(atlas, from);
    from->at = to->at = RW_NO_PAIR;
    need_runs(atlas, to);
    rw_pair_copy(atlas->match, &to->runs, &from->runs);
    rw_run_bits_reset(to->runs.net);
}

void rw_cursor_clear(const struct rw_atlas *atlas, struct rw_cursor *cursor)
{
    if (cursor->runs.net != NULL)
        rw_pair_free(atlas->match, &cursor->runs);
}

bool rw_cursor_machine_accepts(const struct rw_atlas *atlas, const struct rw_cursor *cursor)
{
    /* At runs, the match still holds what the machine said when they were compared. */
    return cursor->at == RW_NO_PAIR ? rw_q_sign(atlas->match->value) > 0 : atlas->pairs[cursor->at].accepts;
}

/* --- starting and stepping --- */

static bool start_runs(struct rw_atlas *atlas, struct rw_pair *runs)
{
    rw_run_bits_reset(runs->net);
    rw_pair_start(atlas->match, runs);
    return rw_match_agrees(atlas->match, runs);
}

bool rw_cursor_start(struct rw_atlas *atlas, struct rw_cursor *cursor)
{
    if (atlas->count == 0 && !atlas->closed && start_runs(atlas, &atlas->scout)) {
        atlas->start_bits = rw_run_bits(atlas->scout.net);
        atlas->scout_at = number_scout(atlas, 0, 0);
    }
    if (atlas->count > 0 && !atlas->closed) {
        cursor->at = 0;
        cursor->bits = atlas->start_bits;
        return true;
    }
    need_runs(atlas, cursor);
    bool agree = start_runs(atlas, &cursor->runs);
    cursor->at = RW_NO_PAIR;
    cursor->bits = rw_run_bits(cursor->runs.net);
    return agree;
}

/* The scout takes a step that nobody took yet. */
static void explore(struct rw_atlas *atlas, uint32_t from, uint32_t symbol)
{
    if (atlas->scout_at != from)
        replay(atlas, &atlas->scout, from);
    rw_run_bits_reset(atlas->scout.net);
    rw_pair_step(atlas->match, &atlas->scout, symbol);
    atlas->computed++;
    size_t bits = rw_run_bits(atlas->scout.net);
    bool agree = rw_match_agrees(atlas->match, &atlas->scout);
    uint32_t to = agree ? number_scout(atlas, from, symbol) : RW_PAIR_DIFFERS;
    if (to == RW_NO_PAIR)
        atlas->closed = true;
    atlas->scout_at = agree ? to : RW_NO_PAIR;
    struct rw_known_step *step = atlas->steps + (size_t)from * atlas->symbols + symbol;
    *step = (struct rw_known_step){.to = to, .bits = bits < UINT32_MAX ? (uint32_t)bits : UINT32_MAX};
}

static bool step_runs(struct rw_atlas *atlas, struct rw_cursor *cursor, uint32_t symbol)
{
    rw_pair_step(atlas->match, &cursor->runs, symbol);
    atlas->computed++;
    cursor->bits = rw_run_bits(cursor->runs.net);
    return rw_match_agrees(atlas->match, &cursor->runs);
}

bool rw_cursor_step_unknown(struct rw_atlas *atlas, struct rw_cursor *cursor, uint32_t symbol)
{
    if (cursor->at == RW_NO_PAIR)
        return step_runs(atlas, cursor, symbol);
    size_t place = (size_t)cursor->at * atlas->symbols + symbol;
    if (atlas->steps[place].to == RW_NO_PAIR && !atlas->closed)
        explore(atlas, cursor->at, symbol);
    if (atlas->steps[place].to < RW_PAIR_DIFFERS) {
        cursor->at = atlas->steps[place].to;
        cursor->bits = atlas->steps[place].bits;
        return true;
    }
    /* The pair behind the step has no number: from here on the runs are asked. */
    rw_cursor_make_runs(atlas, cursor);
    cursor->at = RW_NO_PAIR;
    return step_runs(atlas, cursor, symbol);
}
