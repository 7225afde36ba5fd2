/* equal_piecewise.c - a ReLU, MLP or gated network against a counter machine or finite automaton, for all words (theory V4).
 *
 * An inductive invariant is guessed and then proved. Guess: runs of short words and some long ones give, for each region (machine state,
 * signs of the counters, the last steps), configurations and network states; an affine map is put through them. Proof:
 * from the start, every step of every region is executed symbolically over the region's box of counter values; every ReLU's sign must be decided on the
 * box (else the box is cut), the verdicts must agree, and the resulting state must be the map of the region that the machine goes to. The
 * guess need not be good for the proof to be right. If no map fits, regions are told apart by one more step of history. */
#include "verify/equal.h"

#include <stdlib.h>
#include <string.h>

#include "automata/regex.h"
#include "automata/stack.h"
#include "automata/turing.h"
#include "base/memory.h"
#include "verify/equal_modes.h"
#include "verify/equal_sums.h"
#include "verify/piecewise.h"

/* Cuts within cuts: signs that need more are those of differences of unbounded counters, which no number of cuts decides. */
#define MOST_CUTS 200

void rw_piecewise_stop(struct rw_piecewise *proof, enum rw_equality result, bool retry, const char *why)
{
    if (proof->over)
        return;
    proof->result = result;
    proof->over = true;
    proof->retry = retry;
    if (proof->why_not != NULL && !(retry && proof->regions.history < RW_MOST_HISTORY))
        fputs(why, proof->why_not);
}

/* --- proof --- */

/* The first way to a region, then a symbol: does it tell both sides apart? Boxes may be larger than what is reachable. */
static void try_word(struct rw_piecewise *proof, const struct rw_region *region, uint32_t symbol)
{
    struct rw_word word;
    rw_word_init(&word);
    if (symbol != RW_NO_SYMBOL)
        rw_word_push(&word, symbol);
    for (; region != NULL && region->parent != NULL; region = region->parent)
        rw_word_push(&word, region->symbol);
    rw_word_reverse(&word, 0);
    if (rw_piecewise_differs_on(proof, &word))
        rw_piecewise_stop(proof, RW_DIFFERENT, false, "the verdicts differ on a word");
    else
        rw_piecewise_stop(proof, RW_UNDECIDED, true,
                          "the verdicts differ for counter values that may not be reachable");
    rw_word_clear(&word);
}

static void load_states(struct rw_symbolic *symbolic, const struct rw_affine *map)
{
    size_t place = 0;
    for (size_t head = 0; head < symbolic->heads; head++) {
        struct rw_affine *state = symbolic->states + head;
        size_t size = state->part->size;
        rw_affine_zero(state);
        for (size_t p = 0; p <= symbolic->counters; p++)
            for (size_t k = 0; k < map->part[p].count; k++) {
                uint32_t i = map->part[p].touched[k];
                if (i >= place && i < place + size)
                    fmpq_set(rw_vector_at(state->part + p, (uint32_t)(i - place)), map->part[p].value + i);
            }
        place += size;
    }
}

static void store_states(const struct rw_symbolic *symbolic, struct rw_affine *map)
{
    size_t place = 0;
    rw_affine_zero(map);
    for (size_t head = 0; head < symbolic->heads; head++) {
        const struct rw_affine *state = symbolic->states + head;
        for (size_t p = 0; p <= symbolic->counters; p++)
            for (size_t k = 0; k < state->part[p].count; k++) {
                uint32_t i = state->part[p].touched[k];
                if (!rw_q_is_zero(state->part[p].value + i))
                    fmpq_set(rw_vector_at(map->part + p, (uint32_t)(place + i)), state->part[p].value + i);
            }
        place += state->part->size;
    }
}

enum moved { MOVED, MOVED_NOWHERE, MOVED_APART };

/* The box after the rule. MOVED_NOWHERE: nothing gets there. MOVED_APART: a number has several signs there, and `cut` says where to cut the box before. */
static enum moved move_box(const struct rw_piecewise *proof, const struct rw_counter_rule *rule,
                           const struct rw_interval *box, struct rw_interval *after, uint64_t *pattern,
                           struct rw_cut *cut)
{
    *pattern = 0;
    rw_sums_move(proof->sums, rule, box, after);
    if (!rw_sums_tighten(proof->sums, after))
        return MOVED_NOWHERE;
    for (size_t i = 0; i < rw_sums_numbers(proof->sums); i++) {
        enum rw_counter_sign low = rw_sign_of(after[i].low), high = rw_sign_of(after[i].high);
        if (low != high) { /* x + add <= -1, or x + add <= 0 */
            *cut = (struct rw_cut){i, (low == RW_COUNTER_NEGATIVE ? -1 : 0) - rw_sums_added(proof->sums, rule, i)};
            return MOVED_APART;
        }
        *pattern |= (uint64_t)low << (2 * i);
    }
    return MOVED;
}

/* The state as a function of the counters after the rule. false: it still depends on a counter that was reset. */
static bool rebase(const struct rw_piecewise *proof, const struct rw_counter_rule *rule, const struct rw_interval *box,
                   const struct rw_interval *after, struct rw_affine *map)
{
    for (size_t i = 0; i < proof->machine->counters; i++) {
        if (rw_is_point(box[i]) && ((rule != NULL && rule->reset[i]) || rw_sign_of(after[i].low) == RW_COUNTER_ZERO))
            rw_affine_fix(map, i, box[i].low);
        else if (rule != NULL && rule->reset[i] && rw_affine_depends_on(map, i))
            return false;
    }
    if (rule != NULL)
        rw_affine_shift(map, rule->add);
    return true;
}

static void explore(struct rw_piecewise *proof, struct rw_region *region, struct rw_interval *box, uint32_t symbol);

static void explore_parts(struct rw_piecewise *proof, struct rw_region *region, const struct rw_interval *box,
                          uint32_t symbol, struct rw_cut cut)
{
    size_t size = rw_sums_numbers(proof->sums) * sizeof *box;
    if (proof->cuts == MOST_CUTS) {
        rw_piecewise_stop(proof, RW_UNDECIDED, true, "a sign depends on the difference of counters");
        return;
    }
    proof->cuts++;
    struct rw_interval *part = rw_alloc(size, 1);
    memcpy(part, box, size);
    part[cut.counter].high = cut.at;
    explore(proof, region, part, symbol);
    memcpy(part, box, size);
    part[cut.counter].low = cut.at + 1;
    if (!proof->over)
        explore(proof, region, part, symbol);
    proof->cuts--;
    free(part);
}

static void enqueue(struct rw_piecewise *proof, struct rw_region *region)
{
    if (region->queued)
        return;
    region->queued = true;
    region->next = NULL;
    *proof->queue_end = region;
    proof->queue_end = &region->next;
}

static void arrive(struct rw_piecewise *proof, struct rw_region *from, const struct rw_interval *box,
                   const struct rw_interval *after, uint32_t symbol, uint64_t pattern,
                   const struct rw_counter_rule *rule)
{
    struct rw_affine map;
    rw_affine_init(&map, proof->regions.coordinates, proof->machine->counters);
    store_states(&proof->symbolic, &map);
    struct rw_region_key key =
        rw_region_next(&from->key, proof->regions.history, symbol, rule == NULL ? RW_DEAD : rule->to, pattern);
    struct rw_region *region = rw_region_find(&proof->regions, &key);
    bool grew = false;
    if (!rebase(proof, rule, box, after, &map)) {
        rw_piecewise_stop(proof, RW_UNDECIDED, true, "the network's state depends on a counter after it was reset");
    } else if (!rw_region_arrive(&proof->regions, region, &map, after, &grew)) {
        rw_piecewise_stop(proof, RW_UNDECIDED, true, "a step leads out of the affine maps that were guessed");
    } else if (grew) {
        if (region->parent == NULL && region->key.past_symbol[0] != RW_NO_SYMBOL && region != from) {
            region->parent = from;
            region->symbol = symbol;
        }
        enqueue(proof, region);
    }
    rw_affine_clear(&map);
}

/* One symbol from one part of a region's box, which is made smaller where no counters are. */
static void explore(struct rw_piecewise *proof, struct rw_region *region, struct rw_interval *box, uint32_t symbol)
{
    const struct rw_counter_rule *rule = rw_rule_find(proof->machine, region->key.state, region->key.pattern, symbol);
    struct rw_cut cut;
    uint64_t pattern;
    if (!rw_sums_tighten(proof->sums, box))
        return;
    if (++proof->cells > proof->limits->cells) {
        rw_piecewise_stop(proof, RW_UNDECIDED, false, "the argument takes more cells than limit \"cells\" allows");
        return;
    }
    struct rw_interval *after = rw_alloc(rw_sums_numbers(proof->sums), sizeof *after);
    enum moved moved = move_box(proof, rule, box, after, &pattern, &cut);
    enum rw_symbolic_result result = RW_SYMBOLIC_CUT;
    enum rw_sign sign = RW_SIGN_MIXED;
    if (moved == MOVED) {
        load_states(&proof->symbolic, &region->map);
        result = rw_symbolic_step(&proof->symbolic, symbol, box, &cut);
        if (result == RW_SYMBOLIC_DONE)
            sign = rw_sums_sign(proof->sums, &proof->symbolic.output, 0, box, &cut);
    }
    if (moved == MOVED_NOWHERE)
        ;
    else if (result == RW_SYMBOLIC_NOT_AFFINE)
        rw_piecewise_stop(proof, RW_UNDECIDED, true, "the network multiplies two numbers that both depend on counters");
    else if (result == RW_SYMBOLIC_CUT || sign == RW_SIGN_MIXED || (sign == RW_SIGN_NEVER_NEGATIVE))
        explore_parts(proof, region, box, symbol, cut);
    else if ((sign == RW_SIGN_POSITIVE) != rw_accepts_at(proof->machine, rule == NULL ? RW_DEAD : rule->to, pattern))
        try_word(proof, region, symbol);
    else
        arrive(proof, region, box, after, symbol, pattern, rule);
    free(after);
}

/* BOS, which leads to the start. */
static void start(struct rw_piecewise *proof)
{
    size_t counters = proof->machine->counters;
    struct rw_interval *zero = rw_alloc(rw_sums_numbers(proof->sums), sizeof *zero);
    struct rw_affine map;
    struct rw_cut cut;
    bool grew;
    const struct rw_region_key key = rw_piecewise_start(proof);
    struct rw_region *region = rw_region_find(&proof->regions, &key);
    rw_affine_init(&map, proof->regions.coordinates, counters);
    for (size_t head = 0; head < proof->symbolic.heads; head++)
        rw_affine_zero(proof->symbolic.states + head);
    rw_symbolic_step(&proof->symbolic, (uint32_t)proof->machine->symbols, zero, &cut); /* on points nothing is cut */
    store_states(&proof->symbolic, &map);
    if (rw_region_arrive(&proof->regions, region, &map, zero, &grew))
        enqueue(proof, region);
    else
        rw_piecewise_stop(proof, RW_UNDECIDED, true, "the start is not in the affine map that was guessed");
    rw_affine_clear(&map);
    free(zero);
}

static void prove(struct rw_piecewise *proof)
{
    size_t numbers = rw_sums_numbers(proof->sums);
    struct rw_interval *box = rw_alloc(2 * numbers, sizeof *box), *work = box + numbers;
    start(proof);
    while (proof->queue != NULL && !proof->over) {
        struct rw_region *region = proof->queue;
        proof->queue = region->next;
        if (proof->queue == NULL)
            proof->queue_end = &proof->queue;
        region->queued = false;
        memcpy(box, region->box, numbers * sizeof *box);
        for (uint32_t a = 0; a < proof->machine->symbols && !proof->over; a++) {
            memcpy(work, box, numbers * sizeof *box);
            explore(proof, region, work, a);
        }
        if (!rw_progress_report(proof->progress, "cells", proof->cells, 0))
            rw_piecewise_stop(proof, RW_UNDECIDED, false, "interrupted");
    }
    free(box);
}

static void explain(struct rw_piecewise *proof)
{
    size_t reached = 0;
    for (const struct rw_region *region = proof->regions.table; region != NULL; region = region->hh.next)
        reached += region->reached;
    proof->result = RW_EQUAL;
    if (proof->why != NULL)
        fprintf(proof->why,
                "an inductive invariant of %zu regions (machine state, signs of the counters%s): in each the network's "
                "state is an affine "
                "function of the counters, and all signs were decided in %zu cells",
                reached, proof->sums->count > 0 ? " and of some sums of them" : "", (size_t)proof->cells);
}

/* One attempt with so many steps of history. */
static void attempt(struct rw_piecewise *proof, size_t history)
{
    proof->regions = (struct rw_regions){.sums = proof->sums, .history = history};
    proof->regions.coordinates = rw_net_coordinate(proof->net, proof->net->layer_count, 0);
    proof->queue = NULL;
    proof->queue_end = &proof->queue;
    proof->cells = proof->cuts = 0;
    proof->over = proof->retry = false;
    rw_symbolic_init(&proof->symbolic, proof->net, proof->machine->counters);
    proof->symbolic.sums = proof->sums;
    rw_piecewise_guess(proof);
    if (!proof->over)
        prove(proof);
    if (!proof->over)
        explain(proof);
    rw_symbolic_clear(&proof->symbolic);
    rw_regions_clear(&proof->regions);
}

/* With more and more history. */
static void attempts(struct rw_piecewise *proof)
{
    proof->retry = true;
    for (size_t history = 0; history <= RW_MOST_HISTORY && proof->retry; history++)
        attempt(proof, history);
}

/* --- machines --- */

static struct rw_counter *counter_of_dfa(const struct rw_dfa *dfa)
{
    struct rw_counter *counter = rw_counter_new(dfa->states, dfa->symbols, 0);
    counter->initial = dfa->initial;
    for (uint32_t q = 0; q < dfa->states; q++) {
        for (uint32_t a = 0; a < dfa->symbols; a++)
            if (dfa->next[q * dfa->symbols + a] != RW_NO_STATE)
                rw_counter_add_rule(counter, q, a, dfa->next[q * dfa->symbols + a]);
        if (dfa->accepting[q])
            rw_counter_add_acceptance(counter, q);
    }
    rw_counter_seal(counter);
    return counter;
}

static struct rw_counter *counter_of_nfa(const struct rw_nfa *nfa, uint64_t max_states)
{
    struct rw_dfa *dfa = rw_nfa_determinise(nfa, max_states, NULL, NULL, NULL);
    struct rw_counter *counter = dfa == NULL ? NULL : counter_of_dfa(dfa);
    rw_dfa_free(dfa);
    return counter;
}

/* A finite automaton is a counter machine without counters. NULL: neither. `own`: the caller frees it. */
static const struct rw_counter *as_counter(const struct rw_machine *machine, uint64_t max_states,
                                           struct rw_counter **own)
{
    *own = NULL;
    if (machine->kind == &rw_counter_kind)
        return machine->model;
    if (machine->kind == &rw_dfa_kind)
        *own = counter_of_dfa(machine->model);
    else if (machine->kind == &rw_nfa_kind)
        *own = counter_of_nfa(machine->model, max_states);
    else if (machine->kind == &rw_regex_kind)
        *own = counter_of_nfa(((const struct rw_regex *)machine->model)->positions, max_states);
    return *own;
}

enum rw_equality rw_equal_piecewise(const struct rw_machine *machine, const struct rw_net *net,
                                    const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                                    FILE *why)
{
    if (!rw_net_is_piecewise(net, why))
        return RW_UNDECIDED;
    if (machine->kind == &rw_stack_kind || machine->kind == &rw_turing_kind) {
        struct rw_mode_proof modes;
        enum rw_equality result = rw_equal_modes(machine, net, false, limits, progress, &modes, why);
        rw_mode_proof_clear(&modes);
        return result;
    }
    struct rw_counter *own;
    struct rw_piecewise proof = {
        .net = net, .limits = limits, .progress = progress, .word = word, .why = why, .why_not = why};
    proof.machine = as_counter(machine, limits->cells, &own);
    if (proof.machine == NULL || proof.machine->counters > RW_MOST_COUNTERS) {
        if (why != NULL)
            fputs("the machine is neither a counter machine of at most 32 counters nor a finite automaton", why);
        rw_counter_free(own);
        return RW_UNDECIDED;
    }
    const struct rw_sums none = rw_sums_none(proof.machine->counters);
    proof.sums = &none;
    attempts(&proof);
    rw_counter_free(own);
    return proof.result;
}

/* First those that runs suggest: the regions are fewer. */
enum rw_equality rw_equal_sums(const struct rw_machine *machine, const struct rw_net *net,
                               const struct rw_limits *limits, struct rw_progress *progress, struct rw_word *word,
                               FILE *why)
{
    struct rw_piecewise proof = {.machine = machine->model,
                                 .net = net,
                                 .limits = limits,
                                 .progress = progress,
                                 .word = word,
                                 .why = why,
                                 .result = RW_UNDECIDED};
    if (machine->kind != &rw_counter_kind || !rw_net_is_piecewise(net, NULL))
        return RW_UNDECIDED;
    for (int pairs = 0; pairs <= 1 && proof.result == RW_UNDECIDED; pairs++) {
        struct rw_sums sums;
        if (!rw_sums_make(&sums, machine, pairs, RW_MOST_COUNTERS))
            continue;
        proof.sums = &sums;
        attempts(&proof);
        rw_sums_clear(&sums);
    }
    return proof.result;
}
