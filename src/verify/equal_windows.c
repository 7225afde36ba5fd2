/* equal_windows.c - one affine map for each place, by induction on one step.
 *
 * The places are what the machine alone can come through (windows.h). First the maps are guessed: each arrival at a place suggests one, or
 * corrects the one that is there. Then all steps of all places are done once more, and nothing may be corrected any more: the output must be the
 * machine's verdict all over the place that is reached, and the state what that place's map says. Only this second round is the proof. */
#include "verify/equal_windows.h"

#include <inttypes.h>
#include <stdlib.h>

#include "automata/stack.h"
#include "automata/turing.h"
#include "base/memory.h"
#include "verify/equal_modes.h"
#include "verify/mode_step.h"
#include "verify/windows.h"

/* Corrections of one map before it is given up. */
#define MOST_CORRECTIONS 4
/* More places than this are not waited for. */
#define MOST_PLACES 4000
/* Widths of windows, one after the other; the last ones hold all that finite runs write. */
static const size_t widths[] = {1, 2, 3, 5, 8, RW_WIDEST_WINDOW - 1};
#define WIDTHS (sizeof widths / sizeof *widths)
/* As wide where a letter is marked. */
#define WIDEST_MARKED 2

struct map {
    bool known, queued;
    unsigned corrections;
    struct rw_affine map;
};

struct induction {
    struct rw_places places;
    struct rw_mode_step step;
    struct map *maps; /* one for each place */
    uint32_t *queue;  /* a ring, as long as there are places */
    size_t first, queued, cells;
    uint64_t most_cells;
    bool final; /* the second round */
    struct rw_range from[RW_MOST_NUMBERS], reached[RW_MOST_NUMBERS];
    struct rw_affine state, expected;
};

static void enqueue(struct induction *in, uint32_t place)
{
    if (in->final || in->maps[place].queued)
        return;
    in->maps[place].queued = true;
    in->queue[(in->first + in->queued++) % in->places.count] = place;
}

/* in->state is the state where the old numbers are in->from and the new ones in->reached. */
static bool arrive(struct induction *in, uint32_t place)
{
    struct map *map = in->maps + place;
    struct rw_interval boxes[RW_MOST_NUMBERS];
    for (size_t i = 0; i < in->places.modes->numbers; i++)
        boxes[i] = in->from[i].box;
    if (!map->known) { /* in the second round all are known */
        rw_affine_init(&map->map, in->step.coordinates, in->places.modes->numbers);
        rw_map_suggest(&in->step, &in->state, in->from, in->reached, NULL, &map->map);
        map->known = true;
        enqueue(in, place);
    }
    rw_map_compose(&map->map, in->reached, &in->expected);
    if (rw_affine_equal_on(&in->expected, &in->state, boxes))
        return true;
    if (in->final || map->corrections++ >= MOST_CORRECTIONS)
        return false;
    rw_map_suggest(&in->step, &in->state, in->from, in->reached, &map->map, &in->expected);
    rw_affine_copy(&map->map, &in->expected);
    enqueue(in, place);
    return true;
}

/* One choice of what is brought up. */
static bool run_cell(struct induction *in, uint32_t place, uint32_t symbol, const struct rw_place_step *step)
{
    const struct rw_modes *modes = in->places.modes;
    struct rw_interval boxes[RW_MOST_NUMBERS];
    uint32_t classes[RW_MOST_NUMBERS];
    struct rw_cut cut;
    if (++in->cells > in->most_cells)
        return false;
    for (size_t i = 0; i < modes->numbers; i++) {
        const struct rw_window_step *window = step->options[i] + step->chosen[i];
        rw_window_range(modes, &window->before, in->from + i);
        fmpq_mul(in->reached[i].start, step->effects[i].factor, in->from[i].start);
        fmpq_add(in->reached[i].start, in->reached[i].start, step->effects[i].add);
        fmpq_mul(in->reached[i].rate, step->effects[i].factor, in->from[i].rate);
        boxes[i] = in->reached[i].box = in->from[i].box;
        classes[i] = rw_window_class(&window->after);
    }
    rw_map_compose(&in->maps[place].map, in->from, &in->state);
    return rw_mode_step_run(&in->step, symbol, boxes, &in->state, &cut) == RW_SYMBOLIC_DONE &&
           rw_mode_step_sign(&in->step, boxes, true, &cut) == modes->verdict(modes, step->to, classes) &&
           arrive(in, rw_places_after(&in->places, in->places.list[place]->key, symbol, step));
}

static bool run_place(struct induction *in, uint32_t place, struct rw_place_step *step)
{
    for (uint32_t symbol = 0; symbol < in->places.modes->symbols; symbol++) {
        rw_place_step_find(&in->places, in->places.list[place]->key, symbol, step);
        for (size_t i = 0; i < in->places.modes->numbers; i++)
            if (step->count[i] == 0) /* a pop of what nothing pushes: no run comes here */
                goto next;
        do
            if (!run_cell(in, place, symbol, step))
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

static bool guess(struct induction *in, struct rw_place_step *step, struct rw_progress *progress)
{
    bool good = run_start(in);
    while (good && in->queued > 0) {
        uint32_t place = in->queue[in->first];
        in->first = (in->first + 1) % in->places.count;
        in->queued--;
        in->maps[place].queued = false;
        good = run_place(in, place, step) && rw_progress_report(progress, "cells", in->cells, 0);
    }
    return good;
}

static bool prove(struct induction *in, struct rw_place_step *step, struct rw_progress *progress)
{
    in->final = true;
    in->cells = 0;
    bool good = run_start(in);
    for (uint32_t place = 0; place < in->places.count && good; place++)
        good = !in->maps[place].known ||
               (run_place(in, place, step) && rw_progress_report(progress, "cells", in->cells, 0));
    return good;
}

static void explain(const struct induction *in, FILE *why)
{
    size_t reached = 0;
    for (size_t i = 0; i < in->places.count; i++)
        reached += in->maps[i].known;
    if (why != NULL)
        fprintf(why,
                "by induction on one step: in each of %zu modes with the top %zu letters of each stack%s the network's "
                "state "
                "is one affine function of the machine's numbers, and all signs were decided in %zu cells",
                reached, in->places.width, in->places.coloured ? " and the mode that pushed each" : "", in->cells);
}

static bool induct(struct induction *in, struct rw_progress *progress, FILE *why)
{
    struct rw_place_step step;
    in->maps = rw_alloc(in->places.count, sizeof *in->maps);
    in->queue = rw_alloc(in->places.count, sizeof *in->queue);
    rw_place_step_init(&step);
    bool good = guess(in, &step, progress) && prove(in, &step, progress);
    if (good)
        explain(in, why);
    rw_place_step_clear(&step);
    for (size_t i = 0; i < in->places.count; i++)
        if (in->maps[i].known)
            rw_affine_clear(&in->maps[i].map);
    free(in->maps);
    free(in->queue);
    return good;
}

/* `fits`: there were not too many places. */
static bool attempt(const struct rw_modes *modes, const struct rw_net *net, const struct rw_place_kind *kind,
                    const struct rw_limits *limits, struct rw_progress *progress, bool *fits, FILE *why)
{
    struct induction in = {.most_cells = limits->cells};
    bool good = false;
    *fits = rw_places_find(&in.places, modes, kind, MOST_PLACES, progress);
    if (*fits) {
        rw_mode_step_init(&in.step, modes, net, false);
        rw_affine_init(&in.state, in.step.coordinates, modes->numbers);
        rw_affine_init(&in.expected, in.step.coordinates, modes->numbers);
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
        rw_mode_step_clear(&in.step);
    }
    rw_places_clear(&in.places);
    return good;
}

/* Places of one width: plain ones, then with a letter that is marked, those that know the last step, and those that know where each letter is
 * from. A variety whose places were too many is not tried with wider windows. */
struct varieties {
    bool plain, history, coloured; /* still of a size */
};

static bool attempt_width(const struct rw_modes *modes, const struct rw_net *net, size_t width, struct varieties *left,
                          const struct rw_limits *limits, struct rw_progress *progress, FILE *why)
{
    struct rw_place_kind kind = {.width = width, .mark = RW_NO_MARK};
    bool good = left->plain && attempt(modes, net, &kind, limits, progress, &left->plain, why), fits;
    for (kind.mark = 0; kind.mark < modes->letters && width <= WIDEST_MARKED && !good; kind.mark++)
        good = attempt(modes, net, &kind, limits, progress, &fits, why);
    kind = (struct rw_place_kind){.width = width, .coloured = true, .mark = RW_NO_MARK};
    good = good || (left->coloured && attempt(modes, net, &kind, limits, progress, &left->coloured, why));
    kind = (struct rw_place_kind){.width = width, .history = true, .mark = RW_NO_MARK};
    return good || (left->history && attempt(modes, net, &kind, limits, progress, &left->history, why));
}

enum rw_equality rw_equal_windows(const struct rw_machine *machine, const struct rw_net *net,
                                  const struct rw_limits *limits, struct rw_progress *progress, FILE *why)
{
    struct rw_modes modes;
    struct varieties left = {true, true, true};
    bool good = false;
    if (!rw_net_is_piecewise(net, NULL) || !rw_modes_make(&modes, machine, RW_REMEMBERS_STATE))
        return RW_UNDECIDED;
    for (size_t w = 0; w < WIDTHS && !good && modes.letters > 0; w++)
        good = attempt_width(&modes, net, widths[w], &left, limits, progress, why);
    rw_modes_clear(&modes);
    return good ? RW_EQUAL : RW_UNDECIDED;
}

bool rw_machine_has_stacks(const struct rw_machine *machine)
{
    return machine->kind == &rw_stack_kind || machine->kind == &rw_turing_kind;
}

enum rw_equality rw_equal_stacks(const struct rw_machine *machine, const struct rw_net *net,
                                 const struct rw_limits *limits, struct rw_progress *progress, FILE *why)
{
    struct rw_mode_proof modes;
    char *reason = NULL;
    size_t size;
    FILE *own = open_memstream(&reason, &size);
    if (own == NULL)
        rw_out_of_memory(1);
    enum rw_equality result = rw_equal_modes(machine, net, false, limits, progress, &modes, own);
    rw_mode_proof_clear(&modes);
    fclose(own);
    if (result == RW_UNDECIDED)
        result = rw_equal_windows(machine, net, limits, progress, why);
    else if (why != NULL)
        fputs(reason, why);
    if (result == RW_UNDECIDED && why != NULL)
        fputs(reason, why);
    free(reason);
    return result;
}
