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
#include "base/random.h"
#include "rnn/run.h"
#include "verify/coverage.h"
#include "verify/equal_modes.h"
#include "verify/region.h"
#include "verify/symbolic.h"

/* Sampling: all words of a tree of about so many nodes, then some longer words. */
#define TREE_NODES    3000
#define LONG_WORDS    60
#define LONG_LENGTH   40
#define SAMPLING_SEED 7
/* Continuations of each word that exercises a rule. */
#define CONTINUATIONS 3
/* Cuts within cuts: signs that need more are those of differences of unbounded counters, which no number of cuts decides. */
#define MOST_CUTS 200

struct proof {
    const struct rw_counter *machine;
    const struct rw_net *net;
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_word *word; /* the counterexample */
    FILE *why;            /* may be NULL */
    struct rw_regions regions;
    struct rw_symbolic symbolic;
    struct rw_region *queue, **queue_end;
    uint64_t cells;
    size_t cuts; /* around the box in hand */
    enum rw_equality result;
    bool over;  /* the result is final for this attempt */
    bool retry; /* more history may help */
};

static void stop(struct proof *proof, enum rw_equality result, bool retry, const char *why)
{
    if (proof->over)
        return;
    proof->result = result;
    proof->over = true;
    proof->retry = retry;
    if (proof->why != NULL && !(retry && proof->regions.history < RW_MOST_HISTORY))
        fputs(why, proof->why);
}

/* --- one concrete run of both --- */

struct sampler {
    struct proof *proof;
    struct rw_run *run;
    struct rw_region_key key;
    int64_t *values;
    fmpq *state;
    struct rw_word word;
};

static void read_state(const struct sampler *sampler, fmpq *state)
{
    const struct rw_net *net = sampler->proof->net;
    for (size_t l = 0, head = 0, place = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++, head++) {
            const struct rw_vector *v = rw_run_state(sampler->run, l, h);
            for (size_t i = 0; i < v->size; i++, place++) {
                if (sampler->proof->symbolic.relevant[head][i])
                    fmpq_set(state + place, v->value + i);
                else
                    fmpq_zero(state + place);
            }
        }
}

/* Notes where both sides are, and compares their verdicts. */
static void take_sample(struct sampler *sampler)
{
    struct proof *proof = sampler->proof;
    if (rw_run_accepts(sampler->run) != rw_accepts_at(proof->machine, sampler->key.state, sampler->key.pattern)) {
        rw_word_copy(proof->word, &sampler->word);
        stop(proof, RW_DIFFERENT, false, "the verdicts differ on a word");
        return;
    }
    read_state(sampler, sampler->state);
    if (!rw_region_sample(rw_region_find(&proof->regions, &sampler->key), sampler->values, sampler->state))
        stop(proof, RW_UNDECIDED, true,
             "the network remembers more than the machine's configuration and its last steps");
}

static void step_sampler(struct sampler *sampler, uint32_t symbol)
{
    const struct rw_counter *m = sampler->proof->machine;
    const struct rw_counter_rule *rule = rw_rule_find(m, sampler->key.state, sampler->key.pattern, symbol);
    rw_rule_apply(m, rule, sampler->values);
    sampler->key = rw_region_next(&sampler->key, sampler->proof->regions.history, symbol,
                                  rule == NULL ? RW_DEAD : rule->to, rw_pattern_of(sampler->values, m->counters));
    rw_run_step(sampler->run, symbol);
    rw_word_push(&sampler->word, symbol);
}

static struct sampler new_sampler(struct proof *proof)
{
    struct sampler sampler = {.proof = proof, .run = rw_run_new(proof->net)};
    sampler.values = rw_alloc(proof->machine->counters, sizeof *sampler.values);
    sampler.state = rw_alloc(proof->regions.coordinates, sizeof *sampler.state);
    for (size_t i = 0; i < proof->regions.coordinates; i++)
        fmpq_init(sampler.state + i);
    memset(&sampler.key, 0, sizeof sampler.key);
    sampler.key.state = proof->machine->initial;
    for (size_t i = 0; i < proof->regions.history; i++)
        sampler.key.past_symbol[i] = RW_NO_SYMBOL;
    rw_word_init(&sampler.word);
    return sampler;
}

static void restart(struct sampler *sampler, const struct rw_region_key *start)
{
    rw_run_start(sampler->run);
    sampler->key = *start;
    sampler->word.length = 0;
    memset(sampler->values, 0, sampler->proof->machine->counters * sizeof *sampler->values);
}

static void free_sampler(struct sampler *sampler)
{
    rw_run_free(sampler->run);
    for (size_t i = 0; i < sampler->proof->regions.coordinates; i++)
        fmpq_clear(sampler->state + i);
    free(sampler->values);
    free(sampler->state);
    rw_word_clear(&sampler->word);
}

/* The words of length up to the depth that the tree's nodes allow: counted like numbers in base |Sigma|. */
static void sample_tree(struct sampler *sampler, const struct rw_region_key *start)
{
    size_t symbols = sampler->proof->machine->symbols, length = 1;
    for (size_t nodes = symbols; length < LONG_LENGTH && nodes * symbols <= TREE_NODES; length++)
        nodes *= symbols;
    size_t words = 1;
    for (size_t i = 0; i < length; i++)
        words *= symbols;
    for (size_t number = 0; number < words && !sampler->proof->over; number++) {
        size_t rest = number;
        restart(sampler, start);
        for (size_t i = 0; i < length && !sampler->proof->over; i++) {
            step_sampler(sampler, (uint32_t)(rest % symbols));
            take_sample(sampler);
            rest /= symbols;
        }
    }
}

/* Goes on at random, mostly with symbols that keep the machine alive. */
static void wander(struct sampler *sampler, struct rw_random *random, size_t length)
{
    const struct rw_counter *m = sampler->proof->machine;
    uint32_t favourite = (uint32_t)rw_random_below(random, m->symbols);
    for (size_t i = 0; i < length && !sampler->proof->over; i++) {
        uint32_t symbol = rw_random_below(random, 2) ? favourite : (uint32_t)rw_random_below(random, m->symbols);
        for (size_t tries = 0;
             tries < m->symbols && rw_rule_find(m, sampler->key.state, sampler->key.pattern, symbol) == NULL; tries++)
            symbol = (uint32_t)((symbol + 1) % m->symbols);
        if (rw_random_below(random, 8) == 0)
            favourite = (uint32_t)rw_random_below(random, m->symbols);
        step_sampler(sampler, symbol);
        take_sample(sampler);
    }
}

static void sample_long(struct sampler *sampler, const struct rw_region_key *start, struct rw_random *random)
{
    for (size_t w = 0; w < LONG_WORDS && !sampler->proof->over; w++) {
        restart(sampler, start);
        wander(sampler, random, LONG_LENGTH);
    }
}

/* Every rule that some configuration near the start can take, and what may come after it. */
static void sample_coverage(struct sampler *sampler, const struct rw_region_key *start, struct rw_random *random)
{
    struct rw_coverage coverage = rw_coverage_find(sampler->proof->machine, RW_COVERED_CONFIGURATIONS);
    for (size_t w = 0; w < coverage.count && !sampler->proof->over; w++)
        for (size_t again = 0; again < CONTINUATIONS && !sampler->proof->over; again++) {
            restart(sampler, start);
            for (size_t i = 0; i < coverage.words[w].length && !sampler->proof->over; i++) {
                step_sampler(sampler, coverage.words[w].symbols[i]);
                take_sample(sampler);
            }
            wander(sampler, random, LONG_LENGTH / 2);
        }
    rw_coverage_clear(&coverage);
}

/* Which counter a coordinate holds, where the net file's relation says so. It is only a guess. */
static uint32_t *hints(const struct proof *proof)
{
    const struct rw_relation *relation = proof->net->relation;
    uint32_t *hint = rw_alloc(proof->regions.coordinates, sizeof *hint);
    for (size_t i = 0; i < proof->regions.coordinates; i++)
        hint[i] = RW_NO_HINT;
    for (size_t i = 0; i < proof->regions.coordinates && relation != NULL; i++)
        for (size_t e = relation->matrix->start[i]; e < relation->matrix->start[i + 1]; e++) {
            uint32_t quantity = relation->matrix->row[e];
            if (quantity >= proof->machine->states && quantity < proof->machine->states + proof->machine->counters &&
                rw_q_is_one(relation->matrix->value + e))
                hint[i] = (uint32_t)(quantity - proof->machine->states);
        }
    return hint;
}

static void guess(struct proof *proof)
{
    struct sampler sampler = new_sampler(proof);
    struct rw_random random = rw_random_seed(SAMPLING_SEED);
    const struct rw_region_key start = sampler.key;
    take_sample(&sampler);
    if (!proof->over)
        sample_tree(&sampler, &start);
    if (!proof->over)
        sample_long(&sampler, &start, &random);
    if (!proof->over)
        sample_coverage(&sampler, &start, &random);
    free_sampler(&sampler);
    for (struct rw_region *region = proof->regions.table; region != NULL && !proof->over; region = region->hh.next)
        if (!rw_region_fit(region))
            stop(proof, RW_UNDECIDED, true, "the network's state is not an affine function of the counters");
    if (!proof->over)
        rw_regions_borrow(&proof->regions);
}

/* --- proof --- */

/* The first way to a region, then a symbol: does it tell both sides apart? Boxes may be larger than what is reachable. */
static void try_word(struct proof *proof, const struct rw_region *region, uint32_t symbol)
{
    struct rw_word reversed;
    rw_word_init(&reversed);
    if (symbol != RW_NO_SYMBOL)
        rw_word_push(&reversed, symbol);
    for (; region != NULL && region->parent != NULL; region = region->parent)
        rw_word_push(&reversed, region->symbol);
    struct sampler sampler = new_sampler(proof);
    for (size_t i = reversed.length; i-- > 0;)
        step_sampler(&sampler, reversed.symbols[i]);
    if (rw_run_accepts(sampler.run) != rw_accepts_at(proof->machine, sampler.key.state, sampler.key.pattern)) {
        rw_word_copy(proof->word, &sampler.word);
        stop(proof, RW_DIFFERENT, false, "the verdicts differ on a word");
    } else {
        stop(proof, RW_UNDECIDED, true, "the verdicts differ for counter values that may not be reachable");
    }
    rw_word_clear(&reversed);
    free_sampler(&sampler);
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

static int64_t shifted(int64_t bound, int64_t add)
{
    int64_t sum;
    if (bound == RW_MINUS_INFINITY || bound == RW_PLUS_INFINITY)
        return bound;
    if (__builtin_add_overflow(bound, add, &sum))
        return add > 0 ? RW_PLUS_INFINITY : RW_MINUS_INFINITY;
    return sum;
}

/* The box after the rule. false: a counter has several signs there, and `cut` says where to cut the box before. */
static bool move_box(const struct proof *proof, const struct rw_counter_rule *rule, const struct rw_interval *box,
                     struct rw_interval *after, uint64_t *pattern, struct rw_cut *cut)
{
    *pattern = 0;
    for (size_t i = 0; i < proof->machine->counters; i++) {
        int64_t add = rule == NULL || rule->reset[i] ? 0 : rule->add[i];
        after[i] = (struct rw_interval){shifted(box[i].low, add), shifted(box[i].high, add)};
        if (rule != NULL && rule->reset[i])
            after[i] = (struct rw_interval){0, 0};
        enum rw_counter_sign low = rw_sign_of(after[i].low), high = rw_sign_of(after[i].high);
        if (low != high) { /* c + add <= -1, or c + add <= 0 */
            *cut = (struct rw_cut){i, low == RW_COUNTER_NEGATIVE ? -1 - add : -add};
            return false;
        }
        *pattern |= (uint64_t)low << (2 * i);
    }
    return true;
}

/* The state as a function of the counters after the rule. false: it still depends on a counter that was reset. */
static bool rebase(const struct proof *proof, const struct rw_counter_rule *rule, const struct rw_interval *box,
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

static void explore(struct proof *proof, struct rw_region *region, const struct rw_interval *box, uint32_t symbol);

static void explore_parts(struct proof *proof, struct rw_region *region, const struct rw_interval *box, uint32_t symbol,
                          struct rw_cut cut)
{
    size_t counters = proof->machine->counters;
    if (proof->cuts == MOST_CUTS) {
        stop(proof, RW_UNDECIDED, true, "a sign depends on the difference of counters");
        return;
    }
    proof->cuts++;
    struct rw_interval *part = rw_alloc(counters, sizeof *part);
    memcpy(part, box, counters * sizeof *part);
    part[cut.counter].high = cut.at;
    explore(proof, region, part, symbol);
    part[cut.counter] = (struct rw_interval){cut.at + 1, box[cut.counter].high};
    if (!proof->over)
        explore(proof, region, part, symbol);
    proof->cuts--;
    free(part);
}

static void enqueue(struct proof *proof, struct rw_region *region)
{
    if (region->queued)
        return;
    region->queued = true;
    region->next = NULL;
    *proof->queue_end = region;
    proof->queue_end = &region->next;
}

static void arrive(struct proof *proof, struct rw_region *from, const struct rw_interval *box,
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
        stop(proof, RW_UNDECIDED, true, "the network's state depends on a counter after it was reset");
    } else if (!rw_region_arrive(&proof->regions, region, &map, after, &grew)) {
        stop(proof, RW_UNDECIDED, true, "a step leads out of the affine maps that were guessed");
    } else if (grew) {
        if (region->parent == NULL && region->key.past_symbol[0] != RW_NO_SYMBOL && region != from) {
            region->parent = from;
            region->symbol = symbol;
        }
        enqueue(proof, region);
    }
    rw_affine_clear(&map);
}

/* One symbol from one part of a region's box. */
static void explore(struct proof *proof, struct rw_region *region, const struct rw_interval *box, uint32_t symbol)
{
    const struct rw_counter_rule *rule = rw_rule_find(proof->machine, region->key.state, region->key.pattern, symbol);
    struct rw_interval *after = rw_alloc(proof->machine->counters, sizeof *after);
    struct rw_cut cut;
    uint64_t pattern;
    enum rw_symbolic_result result = RW_SYMBOLIC_CUT;
    enum rw_sign sign = RW_SIGN_MIXED;
    if (++proof->cells > proof->limits->cells) {
        stop(proof, RW_UNDECIDED, false, "the argument takes more cells than limit \"cells\" allows");
    } else if (move_box(proof, rule, box, after, &pattern, &cut)) {
        load_states(&proof->symbolic, &region->map);
        result = rw_symbolic_step(&proof->symbolic, symbol, box, &cut);
        if (result == RW_SYMBOLIC_DONE)
            sign = rw_affine_sign(&proof->symbolic.output, 0, box, &cut);
    }
    if (proof->over)
        ;
    else if (result == RW_SYMBOLIC_NOT_AFFINE)
        stop(proof, RW_UNDECIDED, true, "the network multiplies two numbers that both depend on counters");
    else if (result == RW_SYMBOLIC_CUT || sign == RW_SIGN_MIXED || (sign == RW_SIGN_NEVER_NEGATIVE))
        explore_parts(proof, region, box, symbol, cut);
    else if ((sign == RW_SIGN_POSITIVE) != rw_accepts_at(proof->machine, rule == NULL ? RW_DEAD : rule->to, pattern))
        try_word(proof, region, symbol);
    else
        arrive(proof, region, box, after, symbol, pattern, rule);
    free(after);
}

/* BOS, which leads to the start. */
static void start(struct proof *proof)
{
    size_t counters = proof->machine->counters;
    struct rw_interval *zero = rw_alloc(counters, sizeof *zero);
    struct rw_affine map;
    struct rw_cut cut;
    bool grew;
    struct sampler sampler = new_sampler(proof);
    struct rw_region *region = rw_region_find(&proof->regions, &sampler.key);
    free_sampler(&sampler);
    rw_affine_init(&map, proof->regions.coordinates, counters);
    for (size_t head = 0; head < proof->symbolic.heads; head++)
        rw_affine_zero(proof->symbolic.states + head);
    rw_symbolic_step(&proof->symbolic, (uint32_t)proof->machine->symbols, zero, &cut); /* on points nothing is cut */
    store_states(&proof->symbolic, &map);
    if (rw_region_arrive(&proof->regions, region, &map, zero, &grew))
        enqueue(proof, region);
    else
        stop(proof, RW_UNDECIDED, true, "the start is not in the affine map that was guessed");
    rw_affine_clear(&map);
    free(zero);
}

static void prove(struct proof *proof)
{
    size_t counters = proof->machine->counters;
    struct rw_interval *box = rw_alloc(counters, sizeof *box);
    start(proof);
    while (proof->queue != NULL && !proof->over) {
        struct rw_region *region = proof->queue;
        proof->queue = region->next;
        if (proof->queue == NULL)
            proof->queue_end = &proof->queue;
        region->queued = false;
        memcpy(box, region->box, counters * sizeof *box);
        for (uint32_t a = 0; a < proof->machine->symbols && !proof->over; a++)
            explore(proof, region, box, a);
        if (!rw_progress_report(proof->progress, "cells", proof->cells, 0))
            stop(proof, RW_UNDECIDED, false, "interrupted");
    }
    free(box);
}

static void explain(struct proof *proof)
{
    size_t reached = 0;
    for (const struct rw_region *region = proof->regions.table; region != NULL; region = region->hh.next)
        reached += region->reached;
    proof->result = RW_EQUAL;
    if (proof->why != NULL)
        fprintf(proof->why,
                "an inductive invariant of %zu regions (machine state, signs of the counters): in each the network's "
                "state is an affine "
                "function of the counters, and all signs were decided in %zu cells",
                reached, (size_t)proof->cells);
}

/* One attempt with so many steps of history. */
static void attempt(struct proof *proof, size_t history)
{
    proof->regions = (struct rw_regions){.counters = proof->machine->counters, .history = history};
    proof->regions.coordinates = rw_net_coordinate(proof->net, proof->net->layer_count, 0);
    proof->regions.hint = hints(proof);
    proof->queue = NULL;
    proof->queue_end = &proof->queue;
    proof->cells = proof->cuts = 0;
    proof->over = proof->retry = false;
    rw_symbolic_init(&proof->symbolic, proof->net, proof->machine->counters);
    guess(proof);
    if (!proof->over)
        prove(proof);
    if (!proof->over)
        explain(proof);
    rw_symbolic_clear(&proof->symbolic);
    rw_regions_clear(&proof->regions);
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
    struct proof proof = {.net = net, .limits = limits, .progress = progress, .word = word, .why = why, .retry = true};
    proof.machine = as_counter(machine, limits->cells, &own);
    if (proof.machine == NULL || proof.machine->counters > RW_MOST_COUNTERS) {
        if (why != NULL)
            fputs("the machine is neither a counter machine of at most 32 counters nor a finite automaton", why);
        rw_counter_free(own);
        return RW_UNDECIDED;
    }
    for (size_t history = 0; history <= RW_MOST_HISTORY && proof.retry; history++)
        attempt(&proof, history);
    rw_counter_free(own);
    return proof.result;
}
