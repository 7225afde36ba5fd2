/* windows.h - which letters lie on top of the stacks of a machine, in which mode, and which letters a pop can bring up. Internal to verify.
 *
 * A place is a mode of the machine with a window on each stack: its top letters, up to a width, whether there are more below, and how often one
 * letter that is marked lies there, such as the sign between two numbers on a tape. Letters may have a colour: the mode in which they were pushed, so that a
 * zero that was left behind by a carry is not taken for one of the input. The places
 * found are all that any run comes through, perhaps some more: machine only, no network. What a pop brings up at the lower edge of a
 * window is read off the stacks' grams: any letters that lie on each other lay so when the upper one was pushed. */
#ifndef RW_VERIFY_WINDOWS_H
#define RW_VERIFY_WINDOWS_H

#include <uthash.h>

#include "base/progress.h"
#include "verify/modes.h"

#define RW_WIDEST_WINDOW 13
#define RW_NO_MARK       UINT32_MAX

/* Compared as bytes: made with memset. `more`: the stack goes on below; `marks`: how often the marked letter lies there: 0, 1, or 2 for more. */
struct rw_window {
    uint8_t length, more, marks, letters[RW_WIDEST_WINDOW];
    uint16_t colours[RW_WIDEST_WINDOW]; /* all 0 where letters have none */
};

/* The last step that led to a place, if places tell that apart, too. */
struct rw_place_key {
    uint32_t mode, past_mode, past_symbol;
    struct rw_window windows[]; /* one for each number */
};

struct rw_place {
    uint32_t index;
    UT_hash_handle hh;
    struct rw_place_key *key;
};

struct rw_gram {
    struct rw_window window; /* one letter more than a window */
    UT_hash_handle hh;
};

struct rw_places {
    const struct rw_modes *modes;
    size_t width, key_size, most;
    uint32_t mark; /* a letter, or RW_NO_MARK */
    bool history, coloured;
    struct rw_place **list, *table;
    size_t count, capacity;
    struct rw_gram *grams[RW_MOST_NUMBERS];
    size_t gram_count;
};

/* Number i after one symbol: its window before, perhaps with one letter more, and after. */
struct rw_window_step {
    struct rw_window before, after;
};

/* What a symbol does at a place: the mode after it, the effects, and for each number all that can happen to its window. */
struct rw_place_step {
    uint32_t to;
    struct rw_effect effects[RW_MOST_NUMBERS];
    struct rw_window_step *options[RW_MOST_NUMBERS];
    size_t count[RW_MOST_NUMBERS], capacity[RW_MOST_NUMBERS];
    size_t chosen[RW_MOST_NUMBERS]; /* one option of each number */
};
void rw_place_step_init(struct rw_place_step *step);
void rw_place_step_clear(struct rw_place_step *step);
void rw_place_step_find(const struct rw_places *places, const struct rw_place_key *from, uint32_t symbol,
                        struct rw_place_step *step);
/* The next choice of options; false after the last one. Begins with all 0. */
bool rw_place_step_next(const struct rw_places *places, struct rw_place_step *step);

/* Which places are told apart. */
struct rw_place_kind {
    size_t width;
    bool history, coloured;
    uint32_t mark;
};
/* Explores. false: there are more than `most` places, or progress said stop. Clear in any case. Place 0 is the start. */
bool rw_places_find(struct rw_places *places, const struct rw_modes *modes, const struct rw_place_kind *kind,
                    size_t most, struct rw_progress *progress);
void rw_places_clear(struct rw_places *places);
/* Where the chosen options lead to, which was found before. */
uint32_t rw_places_after(const struct rw_places *places, const struct rw_place_key *from, uint32_t symbol,
                         const struct rw_place_step *step);

/* The numbers that a window stands for: a point, or start + rate * t with 0 <= t < 1. */
void rw_window_range(const struct rw_modes *modes, const struct rw_window *window, struct rw_range *range);
/* The class of a number: empty, or the top letter. */
static inline uint32_t rw_window_class(const struct rw_window *window)
{
    return window->length == 0 ? 0 : window->letters[0] + 1u;
}

#endif
