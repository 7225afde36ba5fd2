/* equal_windows.c - one affine map for each place, by induction on one step.
 *
 * The places are what the machine alone can come through (windows.h). First the maps are guessed: each arrival at a place suggests one, or
 * corrects the one that is there. Then all steps of all places are done once more, and nothing may be corrected any more: the output must be the
 * machine's verdict all over the place that is reached, and the state what that place's map says. Only this second round is the proof.
 *
 * Where a ReLU has its kink within the numbers of a place, at 1/3 = 0.111... in base 4 or along a diagonal of two stacks, the step is done on either
 * side of it. What the ReLU does may not matter there: what is claimed of a place is the same on all sides.
 *
 * A place may also have several maps, each arrival being by one of them: networks may remember what no output shows. */
#include "verify/equal_windows.h"

#include <inttypes.h>
#include <stdlib.h>

#include "automata/stack.h"
#include "automata/turing.h"
#include "base/memory.h"
#include "verify/mode_step.h"
#include "verify/windows.h"

/* Corrections of one map before it is given up. */
#define MOST_CORRECTIONS 4
/* More places than this are not waited for. */
#define MOST_PLACES 4000
/* Kinks on one side of each other. */
#define MOST_KINKS 16
/* Widths of windows, one after the other; the last ones hold all that finite runs write. */
static const size_t widths[] = {1, 2, 3, 5, 8, RW_WIDEST_WINDOW - 1};
#define WIDTHS (sizeof widths / sizeof *widths)
/* As wide where a letter is marked. */
#define WIDEST_MARKED 2
/* Several maps of one place, and how often all steps are done again because there was another one. */
#define MANY_MAPS        8
#define WIDEST_WITH_MANY 2
#define MOST_ROUNDS      60

struct map {
    uint32_t place, next; /* another map of the place, or NO_MAP */
    bool queued, reached; /* reached in this round */
    unsigned corrections;
    struct rw_affine map;
};
#define NO_MAP UINT32_MAX

/* What is tried: places of a kind, with so many maps of each. */
struct trial {
    struct rw_place_kind kind;
    size_t maps;
};

struct induction {
    struct rw_places places;
    struct rw_mode_step step;
    struct map **maps;
    uint32_t *map_of; /* the first map of each place */
    size_t map_count, map_capacity, most_maps;
    uint32_t *queue; /* of maps: from `first` on */
    size_t first, queue_count, queue_capacity, cells;
    uint64_t most_cells;
    bool final, changed; /* the second round; whether a place got another map in it */
    struct rw_range from[RW_MOST_NUMBERS], reached[RW_MOST_NUMBERS];
    struct rw_affine state, expected;
    struct rw_half_spaces within; /* on which sides of kinks the numbers lie */
};

static void enqueue(struct induction *in, uint32_t map)
{
    if (in->maps[map]->queued || (in->final && in->maps[map]->reached))
        return;
    in->maps[map]->queued = in->maps[map]->reached = true;
    in->queue = rw_grow(in->queue, &in->queue_capacity, in->queue_count + 1, sizeof *in->queue);
    in->queue[in->queue_count++] = map;
}

static size_t count_maps(const struct induction *in, uint32_t place)
{
    size_t count = 0;
    for (uint32_t m = in->map_of[place]; m != NO_MAP; m = in->maps[m]->next)
        count++;
    return count;
}

/* Whether the arrival is by this map. */
static bool is_by(struct induction *in, const struct map *map, const struct rw_interval *boxes)
{
    rw_map_compose(&map->map, in->reached, &in->expected);
    return rw_affine_equal_on(&in->expected, &in->state, boxes);
}

/* The newest map of a place stands first: it knows most of the slopes. */
static void add_map(struct induction *in, uint32_t place)
{
    struct map *map = rw_alloc(1, sizeof *map);
    uint32_t old = in->map_of[place];
    *map = (struct map){.place = place, .next = old};
    rw_affine_init(&map->map, in->step.coordinates, in->places.modes->numbers);
    rw_map_suggest(&in->step, &in->state, in->from, in->reached, old == NO_MAP ? NULL : &in->maps[old]->map, &map->map);
    in->maps = rw_grow(in->maps, &in->map_capacity, in->map_count + 1, sizeof(struct map *));
    in->maps[in->map_count] = map;
    in->map_of[place] = (uint32_t)in->map_count++;
    in->changed = true;
}

static void correct(struct induction *in, struct map *map)
{
    map->corrections++;
    rw_map_suggest(&in->step, &in->state, in->from, in->reached, &map->map, &in->expected);
    rw_affine_copy(&map->map, &in->expected);
}

/* in->state is the state where the old numbers are in->from and the new ones in->reached. */
static bool arrive(struct induction *in, uint32_t place)
{
    struct rw_interval boxes[RW_MOST_NUMBERS];
    uint32_t newest = in->map_of[place];
    for (size_t i = 0; i < in->places.modes->numbers; i++)
        boxes[i] = in->from[i].box;
    for (uint32_t m = newest; m != NO_MAP; m = in->maps[m]->next)
        if (is_by(in, in->maps[m], boxes)) {
            if (in->final)
                enqueue(in, m);
            return true;
        }
    if (newest != NO_MAP && !in->final && in->maps[newest]->corrections < MOST_CORRECTIONS) {
        correct(in, in->maps[newest]);
    } else {
        if ((in->final && in->most_maps == 1) || count_maps(in, place) == in->most_maps)
            return false;
        add_map(in, place);
    }
    enqueue(in, in->map_of[place]);
    return true;
}

/* One choice of what is brought up. */
struct cell {
    const struct map *map;
    uint32_t symbol;
    const struct rw_place_step *step;
};

static bool run_piece(struct induction *in, const struct cell *cell);

/* The step on either side of the kink that it met. */
static bool run_both_sides(struct induction *in, const struct cell *cell)
{
    if (!rw_half_spaces_push(&in->within, &in->step.symbolic.kink, 0))
        return false;
    bool good = run_piece(in, cell);
    if (good) {
        rw_half_spaces_turn(&in->within);
        good = run_piece(in, cell);
    }
    rw_half_spaces_pop(&in->within);
    return good;
}

/* All the numbers in in->from on some sides of kinks. Sides of a kink whose function has both signs on what is on these sides have inner points, so that
 * it is not too much to ask that the state is the map's as a function. */
static bool run_piece(struct induction *in, const struct cell *cell)
{
    const struct rw_modes *modes = in->places.modes;
    struct rw_interval boxes[RW_MOST_NUMBERS];
    uint32_t classes[RW_MOST_NUMBERS];
    struct rw_cut cut;
    if (++in->cells > in->most_cells)
        return false;
    for (size_t i = 0; i < modes->numbers; i++) {
        const struct rw_effect *effect = cell->step->effects + i;
        fmpq_mul(in->reached[i].start, effect->factor, in->from[i].start);
        fmpq_add(in->reached[i].start, in->reached[i].start, effect->add);
        fmpq_mul(in->reached[i].rate, effect->factor, in->from[i].rate);
        boxes[i] = in->reached[i].box = in->from[i].box;
        classes[i] = rw_window_class(&cell->step->options[i][cell->step->chosen[i]].after);
    }
    rw_map_compose(&cell->map->map, in->from, &in->state);
    enum rw_symbolic_result result = rw_mode_step_run(&in->step, cell->symbol, boxes, &in->state, &cut);
    if (result == RW_SYMBOLIC_CUT)
        return run_both_sides(in, cell);
    return result == RW_SYMBOLIC_DONE &&
           rw_mode_step_sign(&in->step, boxes, true, &cut) == modes->verdict(modes, cell->step->to, classes) &&
           arrive(in, rw_places_after(&in->places, in->places.list[cell->map->place]->key, cell->symbol, cell->step));
}

static bool run_cell(struct induction *in, const struct cell *cell)
{
    for (size_t i = 0; i < in->places.modes->numbers; i++)
        rw_window_range(in->places.modes, &cell->step->options[i][cell->step->chosen[i]].before, in->from + i);
    return run_piece(in, cell);
}

/* All steps from one map of a place. */
static bool run_map(struct induction *in, const struct map *map, struct rw_place_step *step)
{
    struct cell cell = {.map = map, .step = step};
    for (; cell.symbol < in->places.modes->symbols; cell.symbol++) {
        rw_place_step_find(&in->places, in->places.list[map->place]->key, cell.symbol, step);
        for (size_t i = 0; i < in->places.modes->numbers; i++)
            if (step->count[i] == 0) /* a pop of what nothing pushes: no run comes here */
                goto next;
        do
            if (!run_cell(in, &cell))
                return false;
        while (rw_place_step_next(&in->places, step));
    next:;
    }
    return true;
}

/* BOS: all stacks are empty. */
static bool run_start(struct induction *in)
{
    const struct rw_modes *modes = in->places.modes;
    const struct rw_place_key *key = in->places.list[0]->key;
    struct rw_interval boxes[RW_MOST_NUMBERS] = {{0, 0}};
    uint32_t classes[RW_MOST_NUMBERS] = {0};
    struct rw_cut cut;
    for (size_t i = 0; i < modes->numbers; i++) {
        rw_window_range(modes, key->windows + i, in->from + i);
        rw_range_copy(in->reached + i, in->from + i);
    }
    rw_affine_zero(&in->state);
    rw_mode_step_run(&in->step, (uint32_t)modes->symbols, boxes, &in->state, &cut); /* on points nothing is cut */
    return rw_mode_step_sign(&in->step, boxes, true, &cut) == modes->verdict(modes, key->mode, classes) &&
           arrive(in, 0);
}

/* From the start through all maps that are arrived by. */
static bool run_all(struct induction *in, struct rw_place_step *step, struct rw_progress *progress)
{
    in->first = in->queue_count = in->cells = 0;
    in->changed = false;
    for (size_t m = 0; m < in->map_count; m++)
        in->maps[m]->queued = in->maps[m]->reached = false;
    bool good = run_start(in);
    while (good && in->first < in->queue_count) {
        struct map *map = in->maps[in->queue[in->first++]];
        map->queued = false;
        good = run_map(in, map, step) && rw_progress_report(progress, "cells", in->cells, 0);
    }
    return good;
}

/* The last round, in which no place gets another map, is the proof. */
static bool prove(struct induction *in, struct rw_place_step *step, struct rw_progress *progress)
{
    bool good = true;
    in->final = in->changed = true;
    for (size_t round = 0; good && in->changed; round++)
        good = round < MOST_ROUNDS && run_all(in, step, progress);
    return good;
}

static void explain(const struct induction *in, FILE *why)
{
    size_t reached = 0;
    for (size_t m = 0; m < in->map_count; m++)
        reached += in->maps[m]->reached;
    if (why != NULL)
        fprintf(
            why,
            "by induction on one step: in each of %zu modes with the top %zu letters of each stack%s%s the network's "
            "state is one affine function of the machine's numbers, and all signs were decided in %zu cells",
            reached, in->places.width, in->places.coloured ? " and the mode that pushed each" : "",
            in->most_maps > 1 ? " and which of a few maps it came by" : "", in->cells);
}

static bool induct(struct induction *in, struct rw_progress *progress, FILE *why)
{
    struct rw_place_step step;
    in->map_of = rw_alloc(in->places.count, sizeof *in->map_of);
    for (size_t i = 0; i < in->places.count; i++)
        in->map_of[i] = NO_MAP;
    rw_place_step_init(&step);
    bool good = run_all(in, &step, progress) && prove(in, &step, progress);
    if (good)
        explain(in, why);
    rw_place_step_clear(&step);
    for (size_t m = 0; m < in->map_count; m++) {
        rw_affine_clear(&in->maps[m]->map);
        free(in->maps[m]);
    }
    free(in->maps);
    free(in->map_of);
    free(in->queue);
    return good;
}

/* `fits`: there were not too many places. */
static bool attempt(const struct rw_modes *modes, const struct rw_net *net, const struct trial *trial,
                    const struct rw_limits *limits, struct rw_progress *progress, bool *fits, FILE *why)
{
    struct induction in = {.most_cells = limits->cells, .most_maps = trial->maps};
    bool good = false;
    *fits = rw_places_find(&in.places, modes, &trial->kind, MOST_PLACES, progress);
    if (*fits) {
        rw_mode_step_init(&in.step, modes, net, false);
        rw_affine_init(&in.state, in.step.coordinates, modes->numbers);
        rw_affine_init(&in.expected, in.step.coordinates, modes->numbers);
        rw_half_spaces_init(&in.within, modes->numbers, MOST_KINKS);
        in.step.symbolic.within = &in.within;
        for (size_t i = 0; i < modes->numbers; i++) {
            rw_range_init(in.from + i);
            rw_range_init(in.reached + i);
        }
        good = induct(&in, progress, why);
        for (size_t i = 0; i < modes->numbers; i++) {
            rw_range_clear(in.from + i);
            rw_range_clear(in.reached + i);
        }
        rw_affine_clear(&in.state);
        rw_affine_clear(&in.expected);
        rw_half_spaces_clear(&in.within);
        rw_mode_step_clear(&in.step);
    }
    rw_places_clear(&in.places);
    return good;
}

/* Varieties of places: plain ones, those that know the last step, and those that know where each letter is from; the first and the last also with
 * many maps. One whose places were too many is not tried with wider windows. */
static const struct variety {
    bool history, coloured;
    size_t maps, widest;
} varieties[] = {{.maps = 1, .widest = SIZE_MAX},
                 {.coloured = true, .maps = 1, .widest = SIZE_MAX},
                 {.history = true, .maps = 1, .widest = SIZE_MAX},
                 {.maps = MANY_MAPS, .widest = WIDEST_WITH_MANY},
                 {.coloured = true, .maps = MANY_MAPS, .widest = WIDEST_WITH_MANY}};
#define VARIETIES (sizeof varieties / sizeof *varieties)

/* With one letter or the other marked. */
static bool attempt_marked(const struct rw_modes *modes, const struct rw_net *net, size_t width,
                           const struct rw_limits *limits, struct rw_progress *progress, FILE *why)
{
    struct trial trial = {{.width = width}, 1};
    bool good = false, fits;
    for (; trial.kind.mark < modes->letters && width <= WIDEST_MARKED && !good; trial.kind.mark++)
        good = attempt(modes, net, &trial, limits, progress, &fits, why);
    return good;
}

enum rw_equality rw_equal_windows(const struct rw_machine *machine, const struct rw_net *net,
                                  const struct rw_limits *limits, struct rw_progress *progress, FILE *why)
{
    struct rw_modes modes;
    bool good = false, fits[VARIETIES];
    if (!rw_net_is_piecewise(net, NULL) || !rw_modes_make(&modes, machine, RW_REMEMBERS_STATE))
        return RW_UNDECIDED;
    for (size_t v = 0; v < VARIETIES; v++)
        fits[v] = modes.letters > 0;
    for (size_t w = 0; w < WIDTHS && !good; w++) {
        for (size_t v = 0; v < VARIETIES && !good; v++) {
            const struct variety *variety = varieties + v;
            const struct trial trial = {{widths[w], variety->history, variety->coloured, RW_NO_MARK}, variety->maps};
            if (fits[v] && widths[w] <= variety->widest)
                good = attempt(&modes, net, &trial, limits, progress, fits + v, why);
        }
        good = good || attempt_marked(&modes, net, widths[w], limits, progress, why);
    }
    rw_modes_clear(&modes);
    return good ? RW_EQUAL : RW_UNDECIDED;
}

bool rw_machine_has_stacks(const struct rw_machine *machine)
{
    return machine->kind == &rw_stack_kind || machine->kind == &rw_turing_kind;
}
