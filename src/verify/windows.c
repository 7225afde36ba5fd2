/* windows.c - the places of a machine with stacks, breadth first, until neither places nor grams are new. */
#include "verify/windows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Marks that are not counted any further. */
#define MANY 2

/* --- windows --- */

static struct rw_window pushed(const struct rw_window *window, uint8_t letter, uint16_t colour)
{
    struct rw_window after;
    memset(&after, 0, sizeof after);
    after.length = window->length + 1;
    after.more = window->more;
    after.marks = window->marks;
    after.letters[0] = letter;
    after.colours[0] = colour;
    memcpy(after.letters + 1, window->letters, window->length);
    memcpy(after.colours + 1, window->colours, window->length * sizeof *after.colours);
    return after;
}

static struct rw_window popped(const struct rw_window *window)
{
    struct rw_window after;
    memset(&after, 0, sizeof after);
    after.length = window->length - 1;
    after.more = window->more;
    after.marks = window->marks;
    memcpy(after.letters, window->letters + 1, after.length);
    memcpy(after.colours, window->colours + 1, after.length * sizeof *after.colours);
    return after;
}

/* Without its lowest letter. */
static struct rw_window cut_off(const struct rw_places *places, const struct rw_window *window)
{
    struct rw_window after = *window;
    uint8_t lost = after.letters[--after.length];
    after.letters[after.length] = 0;
    after.colours[after.length] = 0;
    after.more = 1;
    if (lost == places->mark && after.marks < MANY)
        after.marks++;
    return after;
}

/* E(b w) = (2b + 1 + E(w)) / 2B, from the lowest letter up. Below that lies nothing, or a stack that is not empty: from 1/2B to less than 1. */
void rw_window_range(const struct rw_modes *modes, const struct rw_window *window, struct rw_range *range)
{
    slong base = 2 * (slong)modes->letters;
    fmpq_t part;
    fmpq_init(part);
    fmpq_set_si(part, 1, (ulong)base);
    fmpq_set_si(range->start, window->more, (ulong)base);
    fmpq_set_si(range->rate, window->more ? base - 1 : 0, (ulong)base);
    range->box = (struct rw_interval){0, window->more};
    for (size_t i = window->length; i-- > 0;) {
        fmpq_add_si(range->start, range->start, 2 * (slong)window->letters[i] + 1);
        fmpq_mul(range->start, range->start, part);
        fmpq_mul(range->rate, range->rate, part);
    }
    fmpq_clear(part);
}

/* --- what a symbol can do to the windows --- */

void rw_place_step_init(struct rw_place_step *step)
{
    *step = (struct rw_place_step){0};
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        fmpq_init(step->effects[i].factor);
        fmpq_init(step->effects[i].add);
    }
}

void rw_place_step_clear(struct rw_place_step *step)
{
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        fmpq_clear(step->effects[i].factor);
        fmpq_clear(step->effects[i].add);
        free(step->options[i]);
    }
}

static void add_option(struct rw_place_step *step, size_t i, struct rw_window before, struct rw_window after)
{
    step->options[i] = rw_grow(step->options[i], step->capacity + i, step->count[i] + 1, sizeof(struct rw_window_step));
    step->options[i][step->count[i]++] = (struct rw_window_step){before, after};
}

static struct rw_window pushed_by(const struct rw_places *places, const struct rw_place_key *from, size_t i,
                                  const struct rw_effect *effect)
{
    uint16_t colour = places->coloured ? (uint16_t)from->mode : 0;
    return pushed(from->windows + i, (uint8_t)rw_effect_letter(effect, places->modes->letters), colour);
}

/* The window with one letter more, as the gram has it, and `marks` below that. */
static void bring_up_one(const struct rw_gram *gram, uint8_t marks, struct rw_place_step *step, size_t i)
{
    struct rw_window before = gram->window;
    before.marks = marks;
    if (marks == 0 || before.more)
        add_option(step, i, before, popped(&before));
}

/* All grams that begin with the window: what may lie below it. Of many marks many may be left, or one. */
static void bring_up(const struct rw_places *places, const struct rw_window *window, struct rw_place_step *step,
                     size_t i)
{
    for (const struct rw_gram *gram = places->grams[i]; gram != NULL; gram = gram->hh.next) {
        if (memcmp(gram->window.letters, window->letters, window->length) != 0 ||
            memcmp(gram->window.colours, window->colours, window->length * sizeof *window->colours) != 0)
            continue;
        if (gram->window.letters[window->length] != places->mark)
            bring_up_one(gram, window->marks, step, i);
        else if (window->marks > 0)
            bring_up_one(gram, (uint8_t)(window->marks - 1), step, i);
        if (gram->window.letters[window->length] == places->mark && window->marks == MANY)
            bring_up_one(gram, MANY, step, i);
    }
}

void rw_place_step_find(const struct rw_places *places, const struct rw_place_key *from, uint32_t symbol,
                        struct rw_place_step *step)
{
    const struct rw_modes *modes = places->modes;
    uint32_t classes[RW_MOST_NUMBERS];
    for (size_t i = 0; i < modes->numbers; i++)
        classes[i] = rw_window_class(from->windows + i);
    modes->step(modes, from->mode, symbol, classes, &step->to, step->effects);
    for (size_t i = 0; i < modes->numbers; i++) {
        const struct rw_window *window = from->windows + i;
        int growth = rw_effect_growth(step->effects + i);
        step->count[i] = step->chosen[i] = 0;
        if (growth == 0) {
            add_option(step, i, *window, *window);
        } else if (growth < 0) {
            struct rw_window after = pushed_by(places, from, i, step->effects + i);
            add_option(step, i, *window, after.length > places->width ? cut_off(places, &after) : after);
        } else if (window->more) {
            bring_up(places, window, step, i);
        } else {
            add_option(step, i, *window, popped(window));
        }
    }
}

bool rw_place_step_next(const struct rw_places *places, struct rw_place_step *step)
{
    for (size_t i = 0; i < places->modes->numbers; i++) {
        if (++step->chosen[i] < step->count[i])
            return true;
        step->chosen[i] = 0;
    }
    return false;
}

static bool has_options(const struct rw_places *places, const struct rw_place_step *step)
{
    for (size_t i = 0; i < places->modes->numbers; i++)
        if (step->count[i] == 0)
            return false;
    return true;
}

/* --- the places --- */

static struct rw_place_key *new_key(const struct rw_places *places)
{
    return rw_alloc(1, places->key_size);
}

static struct rw_place_key *key_after(const struct rw_places *places, const struct rw_place_key *from, uint32_t symbol,
                                      const struct rw_place_step *step)
{
    struct rw_place_key *key = new_key(places);
    key->mode = step->to;
    if (places->history) {
        key->past_mode = from->mode + 1;
        key->past_symbol = symbol + 1;
    }
    for (size_t i = 0; i < places->modes->numbers; i++)
        key->windows[i] = step->options[i][step->chosen[i]].after;
    return key;
}

/* Takes the key. */
static void add_place(struct rw_places *places, struct rw_place_key *key)
{
    struct rw_place *place;
    HASH_FIND(hh, places->table, key, places->key_size, place);
    if (place != NULL) {
        free(key);
        return;
    }
    place = rw_alloc(1, sizeof *place);
    place->key = key;
    place->index = (uint32_t)places->count;
    HASH_ADD_KEYPTR(hh, places->table, key, places->key_size, place);
    places->list = rw_grow(places->list, &places->capacity, places->count + 1, sizeof(struct rw_place *));
    places->list[places->count++] = place;
}

/* A push on a full window: its letters with the new one lie on each other from now on. */
static void note_gram(struct rw_places *places, size_t i, const struct rw_place_key *from,
                      const struct rw_effect *effect)
{
    if (rw_effect_growth(effect) >= 0 || from->windows[i].length < places->width)
        return;
    struct rw_window gram = pushed_by(places, from, i, effect);
    struct rw_gram *known;
    gram.marks = 0; /* what lies below may have changed when it is brought up in another place */
    HASH_FIND(hh, places->grams[i], &gram, sizeof gram, known);
    if (known != NULL)
        return;
    known = rw_alloc(1, sizeof *known);
    known->window = gram;
    HASH_ADD(hh, places->grams[i], window, sizeof gram, known);
    places->gram_count++;
}

static void explore(struct rw_places *places, uint32_t index, struct rw_place_step *step)
{
    for (uint32_t symbol = 0; symbol < places->modes->symbols; symbol++) {
        const struct rw_place_key *from = places->list[index]->key;
        rw_place_step_find(places, from, symbol, step);
        for (size_t i = 0; i < places->modes->numbers; i++)
            note_gram(places, i, from, step->effects + i);
        if (!has_options(places, step)) /* of this pop no push is known yet */
            continue;
        do
            add_place(places, key_after(places, from, symbol, step));
        while (rw_place_step_next(places, step) && places->count <= places->most);
    }
}

bool rw_places_find(struct rw_places *places, const struct rw_modes *modes, const struct rw_place_kind *kind,
                    size_t most, struct rw_progress *progress)
{
    struct rw_place_step step;
    *places = (struct rw_places){.modes = modes,
                                 .width = kind->width,
                                 .history = kind->history,
                                 .coloured = kind->coloured && modes->modes <= UINT16_MAX,
                                 .mark = kind->mark,
                                 .most = most};
    places->key_size = sizeof(struct rw_place_key) + modes->numbers * sizeof(struct rw_window);
    rw_place_step_init(&step);
    struct rw_place_key *start = new_key(places);
    start->mode = modes->initial;
    add_place(places, start);
    bool goes_on = true;
    for (size_t grams = SIZE_MAX; grams != places->gram_count && goes_on;) {
        grams = places->gram_count; /* what pops bring up may be more at the end of this round */
        for (size_t i = 0; i < places->count && goes_on; i++) {
            explore(places, (uint32_t)i, &step);
            goes_on = places->count <= most && (i % 256 != 0 || rw_progress_report(progress, "places", i, 0));
        }
    }
    rw_place_step_clear(&step);
    return goes_on;
}

uint32_t rw_places_after(const struct rw_places *places, const struct rw_place_key *from, uint32_t symbol,
                         const struct rw_place_step *step)
{
    struct rw_place_key *key = key_after(places, from, symbol, step);
    struct rw_place *place;
    HASH_FIND(hh, places->table, key, places->key_size, place);
    free(key);
    assert(place != NULL);
    return place->index;
}

void rw_places_clear(struct rw_places *places)
{
    HASH_CLEAR(hh, places->table);
    for (size_t i = 0; i < places->count; i++) {
        free(places->list[i]->key);
        free(places->list[i]);
    }
    free(places->list);
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        struct rw_gram *gram = places->grams[i]; /* still linked when the table is gone */
        HASH_CLEAR(hh, places->grams[i]);
        for (struct rw_gram *next; gram != NULL; gram = next) {
            next = gram->hh.next;
            free(gram);
        }
    }
    *places = (struct rw_places){0};
}
