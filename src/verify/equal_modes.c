/* equal_modes.c - one affine map for each mode, by induction on one step.
 *
 * The maps are found on the way: the first step into a mode gives its map where the step's numbers vary, and the relation of the net file says
 * how a number is likely to be kept where they do not. If a later step disagrees, it may correct the map a few times, and all steps are
 * done again. Whatever the maps are, they are only believed when all steps agree. */
#include "verify/equal_modes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verify/mode_step.h"

/* Corrections of one map before it is given up. */
#define MOST_CORRECTIONS 4
/* Cuts of one mode: signs that need more are those of differences of unbounded counters, which no number of cuts decides. */
#define MOST_CUTS 40

struct induction {
    struct rw_mode_proof *proof;
    const struct rw_modes *modes;
    struct rw_mode_step step;
    uint8_t *queued;
    unsigned *corrections;
    uint64_t most_cells;
    struct rw_progress *progress;
    FILE *why;
    bool over, cut;               /* cut: the mode in hand got another cut, and is done again */
    struct rw_mode_table *failed; /* where to mark cells that fail; NULL: the first one ends it */
};

static void give_up(struct induction *in, const char *reason, uint32_t mode, uint32_t symbol)
{
    if (in->over)
        return;
    in->over = true;
    if (in->why == NULL)
        return;
    fprintf(in->why, "%s, in mode '", reason);
    in->modes->name(in->modes, mode, in->why);
    if (symbol < in->modes->symbols)
        fprintf(in->why, "' reading '%s'", rw_alphabet_name(in->modes->machine->alphabet, symbol));
    else
        fputs("' at the start", in->why);
}

/* --- arriving in a mode --- */

static void requeue_all(struct induction *in)
{
    for (size_t m = 0; m < in->modes->modes; m++)
        in->queued[m] = in->proof->claims[m].known;
}

/* The state is `state` where the old numbers are in `from` and the new ones in `to` (the same t). */
static bool arrive(struct induction *in, uint32_t mode, const struct rw_affine *state, const struct rw_range *from,
                   const struct rw_range *to, const uint32_t *classes, const uint64_t *content)
{
    struct rw_mode_claim *claim = in->proof->claims + mode;
    struct rw_interval boxes[RW_MOST_NUMBERS];
    struct rw_affine expected;
    for (size_t i = 0; i < in->modes->numbers; i++) {
        uint64_t bit = UINT64_C(1) << classes[i];
        boxes[i] = from[i].box;
        if ((claim->domain[i] & bit) == 0 || (content[i] | bit | 1) != (claim->content[i] & (content[i] | bit | 1))) {
            claim->domain[i] |= bit;
            claim->content[i] |= content[i] | bit | 1;
            in->queued[mode] = 1;
        }
    }
    rw_affine_init(&expected, in->step.coordinates, in->modes->numbers);
    bool good = true;
    if (!claim->known) {
        rw_affine_init(&claim->map, in->step.coordinates, in->modes->numbers);
        rw_map_suggest(&in->step, state, from, to, NULL, &claim->map);
        claim->known = true;
        in->proof->claimed++;
        in->queued[mode] = 1;
    }
    rw_map_compose(&claim->map, to, &expected);
    if (!rw_affine_equal_on(&expected, state, boxes)) {
        good = in->corrections[mode]++ < MOST_CORRECTIONS;
        if (good) {
            rw_map_suggest(&in->step, state, from, to, &claim->map, &expected);
            rw_affine_copy(&claim->map, &expected);
            requeue_all(in);
        }
    }
    rw_affine_clear(&expected);
    return good;
}

/* --- one cell --- */

/* What a cell is made of. */
struct cell {
    uint32_t mode, symbol, to;
    uint32_t classes[RW_MOST_NUMBERS], next[RW_MOST_NUMBERS];
    size_t parts[RW_MOST_NUMBERS];
    struct rw_range from[RW_MOST_NUMBERS], reached[RW_MOST_NUMBERS];
    struct rw_effect effects[RW_MOST_NUMBERS];
};

static bool comes_before(struct rw_cut a, struct rw_cut b)
{
    return a.counter < b.counter || (a.counter == b.counter && a.at < b.at);
}

/* The claims fail in the cell. */
static void fail(struct induction *in, const struct cell *c, const char *reason)
{
    if (in->failed != NULL)
        rw_mode_table_mark(in->failed, c->mode, c->symbol, c->classes);
    else
        give_up(in, reason, c->mode, c->symbol);
}

/* Some sign changes within the cell: the mode's counters are cut there, if they are counters. */
static void add_cut(struct induction *in, const struct cell *c, struct rw_cut cut, const char *reason)
{
    struct rw_mode_claim *claim = in->proof->claims + c->mode;
    if (in->modes->letters > 0 || claim->cut_count == MOST_CUTS) {
        fail(in, c, reason);
        return;
    }
    claim->cuts = rw_grow(claim->cuts, &claim->cut_capacity, claim->cut_count + 1, sizeof *claim->cuts);
    size_t k = claim->cut_count++;
    for (; k > 0 && comes_before(cut, claim->cuts[k - 1]); k--)
        claim->cuts[k] = claim->cuts[k - 1];
    claim->cuts[k] = cut;
    in->queued[c->mode] = 1;
    in->cut = true;
}

static void run_cell(struct induction *in, struct cell *c)
{
    size_t numbers = in->modes->numbers;
    struct rw_interval boxes[RW_MOST_NUMBERS];
    struct rw_cut cut;
    struct rw_affine state;
    int sign;
    if (++in->proof->cells > in->most_cells) {
        give_up(in, "the cells pass limit \"cells\"", c->mode, c->symbol);
        return;
    }
    for (size_t i = 0; i < numbers; i++) {
        boxes[i] = c->from[i].box;
        fmpq_mul(c->reached[i].start, c->effects[i].factor, c->from[i].start);
        fmpq_add(c->reached[i].start, c->reached[i].start, c->effects[i].add);
        fmpq_mul(c->reached[i].rate, c->effects[i].factor, c->from[i].rate);
        c->reached[i].box = c->from[i].box;
    }
    rw_affine_init(&state, in->step.coordinates, numbers);
    rw_map_compose(&in->proof->claims[c->mode].map, c->from, &state);
    switch (rw_mode_step_run(&in->step, c->symbol, boxes, &state, &cut)) {
    case RW_SYMBOLIC_CUT:
        add_cut(in, c, cut, "the sign of a ReLU is not the same all over a class");
        break;
    case RW_SYMBOLIC_NOT_AFFINE:
        fail(in, c, "a product of two factors depends on the numbers twice");
        break;
    default:
        sign = rw_mode_step_sign(&in->step, boxes, false, &cut);
        if (sign == RW_MIXED)
            add_cut(in, c, cut, "the output is not the machine's verdict all over a class");
        else if (sign != in->modes->verdict(in->modes, c->to, c->next))
            fail(in, c, "the output is not the machine's verdict");
        else if (!arrive(in, c->to, &state, c->from, c->reached, c->next, in->proof->claims[c->mode].content))
            fail(in, c, "the network's state is not one affine function of the numbers");
    }
    rw_affine_clear(&state);
}

/* Piece number `piece` of the box between the mode's cuts of number i. */
static void take_piece(const struct rw_mode_claim *claim, size_t i, size_t piece, struct rw_interval *box)
{
    for (size_t k = 0, before = 0; k < claim->cut_count; k++) {
        if (claim->cuts[k].counter != i)
            continue;
        int64_t at = claim->cuts[k].at;
        if (before + 1 == piece && box->low <= at)
            box->low = at + 1;
        if (before == piece && box->high > at)
            box->high = at;
        before++;
    }
}

static size_t count_pieces(const struct rw_mode_claim *claim, size_t i)
{
    size_t pieces = 1;
    for (size_t k = 0; k < claim->cut_count; k++)
        pieces += claim->cuts[k].counter == i;
    return pieces;
}

/* Part and piece of number i are counted together. A reset forgets the number: its range is a point then, which suggests no slope. */
static bool refine(struct induction *in, struct cell *c, size_t i, bool *empty)
{
    const struct rw_mode_claim *claim = in->proof->claims + c->mode;
    size_t pieces = count_pieces(claim, i);
    in->modes->range(in->modes, c->mode, i, c->classes[i], c->from + i);
    if (!in->modes->part(in->modes, c->classes[i], c->effects + i, c->parts[i] / pieces, c->from + i, c->next + i))
        return false;
    take_piece(claim, i, c->parts[i] % pieces, &c->from[i].box);
    bool brought_up = in->modes->letters > 0 && rw_effect_growth(c->effects + i) > 0;
    *empty = *empty || c->from[i].box.low > c->from[i].box.high ||
             (brought_up && (claim->content[i] >> c->next[i] & 1) == 0);
    return true;
}

/* All parts of all numbers: the classes they lead to. */
static void run_parts(struct induction *in, struct cell *c)
{
    size_t numbers = in->modes->numbers;
    memset(c->parts, 0, sizeof c->parts);
    for (;;) {
        bool empty = false, more = false;
        for (size_t i = 0; i < numbers; i++)
            refine(in, c, i, &empty);
        if (!empty)
            run_cell(in, c);
        for (size_t i = 0; i < numbers && !more && !in->over && !in->cut; i++) {
            c->parts[i]++;
            more = refine(in, c, i, &empty);
            if (!more)
                c->parts[i] = 0;
        }
        if (!more)
            return;
    }
}

/* The next combination of classes in the mode's domain. */
static bool next_classes(const struct induction *in, struct cell *c, bool first)
{
    const uint64_t *domain = in->proof->claims[c->mode].domain;
    for (size_t i = 0; i < in->modes->numbers; i++) {
        uint32_t class = first ? 0 : c->classes[i] + 1;
        while (class < in->modes->classes && (domain[i] >> class & 1) == 0)
            class ++;
        if (class < in->modes->classes) {
            c->classes[i] = class;
            if (!first)
                return true;
            continue;
        }
        if (first)
            return false;
        class = 0;
        while ((domain[i] >> class & 1) == 0)
            class ++;
        c->classes[i] = class;
    }
    return first;
}

static void run_mode(struct induction *in, struct cell *c)
{
    in->cut = false;
    for (c->symbol = 0; c->symbol < in->modes->symbols && !in->over && !in->cut; c->symbol++)
        for (bool more = next_classes(in, c, true); more && !in->over && !in->cut; more = next_classes(in, c, false)) {
            in->modes->step(in->modes, c->mode, c->symbol, c->classes, &c->to, c->effects);
            run_parts(in, c);
        }
}

static struct cell *new_cell(void)
{
    struct cell *c = rw_alloc(1, sizeof *c);
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        rw_range_init(c->from + i);
        rw_range_init(c->reached + i);
        fmpq_init(c->effects[i].factor);
        fmpq_init(c->effects[i].add);
    }
    return c;
}

static void free_cell(struct cell *c)
{
    for (size_t i = 0; i < RW_MOST_NUMBERS; i++) {
        rw_range_clear(c->from + i);
        rw_range_clear(c->reached + i);
        fmpq_clear(c->effects[i].factor);
        fmpq_clear(c->effects[i].add);
    }
    free(c);
}

/* BOS: all numbers are 0. */
static void start(struct induction *in, struct cell *c)
{
    struct rw_interval boxes[RW_MOST_NUMBERS] = {{0, 0}};
    struct rw_cut cut;
    struct rw_affine state;
    rw_affine_init(&state, in->step.coordinates, in->modes->numbers);
    for (size_t i = 0; i < in->modes->numbers; i++) {
        in->modes->range(in->modes, in->modes->initial, i, 0, c->from + i);
        rw_range_copy(c->reached + i, c->from + i);
        c->next[i] = 0;
    }
    rw_mode_step_run(&in->step, (uint32_t)in->modes->symbols, boxes, &state, &cut); /* on points nothing is cut */
    if (rw_mode_step_sign(&in->step, boxes, false, &cut) != in->modes->verdict(in->modes, in->modes->initial, c->next))
        give_up(in, "the output is not the machine's verdict", in->modes->initial, UINT32_MAX);
    else
        arrive(in, in->modes->initial, &state, c->from, c->reached, c->next, (const uint64_t[RW_MOST_NUMBERS]){0});
    rw_affine_clear(&state);
}

static uint32_t queued_mode(const struct induction *in)
{
    uint32_t mode = 0;
    while (mode < in->modes->modes && !in->queued[mode])
        mode++;
    return mode;
}

static void induct(struct induction *in)
{
    struct cell *c = new_cell();
    start(in, c);
    for (uint32_t mode; !in->over && (mode = queued_mode(in)) < in->modes->modes;) {
        in->queued[mode] = 0;
        c->mode = mode;
        run_mode(in, c);
        if (!rw_progress_report(in->progress, "cells", in->proof->cells, 0))
            give_up(in, "interrupted", mode, UINT32_MAX);
    }
    free_cell(c);
}

void rw_mode_proof_clear(struct rw_mode_proof *proof)
{
    for (size_t m = 0; proof->claims != NULL && m < proof->modes.modes; m++) {
        if (proof->claims[m].known)
            rw_affine_clear(&proof->claims[m].map);
        free(proof->claims[m].cuts);
    }
    free(proof->claims);
    rw_modes_clear(&proof->modes);
    *proof = (struct rw_mode_proof){0};
}

/* One attempt, with modes that remember so much. */
static bool attempt(const struct rw_machine *machine, const struct rw_net *net, bool whole, enum rw_memory memory,
                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_mode_proof *proof,
                    struct rw_mode_table *failed, FILE *why)
{
    *proof = (struct rw_mode_proof){0};
    if (!rw_modes_make(&proof->modes, machine, memory)) {
        if (why != NULL)
            fputs("the machine has no finite set of modes that fits", why);
        return false;
    }
    if (failed != NULL && !rw_mode_table_make(failed, &proof->modes))
        return false;
    proof->claims = rw_alloc(proof->modes.modes, sizeof *proof->claims);
    struct induction in = {.proof = proof,
                           .modes = &proof->modes,
                           .queued = rw_alloc(proof->modes.modes, 1),
                           .corrections = rw_alloc(proof->modes.modes, sizeof *in.corrections),
                           .most_cells = limits->cells,
                           .progress = progress,
                           .why = why,
                           .failed = failed};
    rw_mode_step_init(&in.step, &proof->modes, net, whole);
    induct(&in);
    rw_mode_step_clear(&in.step);
    free(in.queued);
    free(in.corrections);
    return !in.over;
}

/* The greatest memory that the machine's modes can have. */
static enum rw_memory most_memory(const struct rw_machine *machine)
{
    enum rw_memory most = RW_REMEMBERS_STATE;
    for (enum rw_memory memory = most; memory < RW_MEMORIES; memory++) {
        struct rw_modes modes;
        if (rw_modes_make(&modes, machine, memory))
            most = memory;
        rw_modes_clear(&modes);
    }
    return most;
}

enum rw_equality rw_equal_modes(const struct rw_machine *machine, const struct rw_net *net, bool whole,
                                const struct rw_limits *limits, struct rw_progress *progress,
                                struct rw_mode_proof *proof, FILE *why)
{
    *proof = (struct rw_mode_proof){0};
    if (!rw_net_is_piecewise(net, why))
        return RW_UNDECIDED;
    enum rw_memory most = most_memory(machine);
    bool good = false;
    for (enum rw_memory memory = RW_REMEMBERS_STATE; memory <= most && !good; memory++) {
        rw_mode_proof_clear(proof);
        good = attempt(machine, net, whole, memory, limits, progress, proof, NULL, memory == most ? why : NULL);
    }
    if (!good)
        return RW_UNDECIDED;
    if (why != NULL)
        fprintf(why,
                "by induction on one step: in each of %zu modes the network's state is one affine function of the "
                "machine's "
                "numbers, and all signs were decided in %zu cells",
                proof->claimed, proof->cells);
    return RW_EQUAL;
}

bool rw_modes_claim(const struct rw_machine *machine, const struct rw_net *net, bool whole,
                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_mode_proof *proof,
                    struct rw_mode_table *table)
{
    *proof = (struct rw_mode_proof){0};
    *table = (struct rw_mode_table){0};
    return rw_net_is_piecewise(net, NULL) &&
           attempt(machine, net, whole, RW_REMEMBERS_STATE, limits, progress, proof, table, NULL);
}
