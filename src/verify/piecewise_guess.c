/* piecewise_guess.c - which affine map each region may have: read off runs of short words and of some long ones.
 *
 * Nothing here needs to be right. Whatever is guessed is proved afterwards, or it is not used. */
#include "verify/piecewise.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "rnn/run.h"
#include "verify/coverage.h"

/* Sampling: all words of a tree of about so many nodes, then some longer words. */
#define TREE_NODES    3000
#define LONG_WORDS    60
#define LONG_LENGTH   40
#define SAMPLING_SEED 7
/* Continuations of each word that exercises a rule. */
#define CONTINUATIONS 3

/* --- one concrete run of both --- */

struct sampler {
    struct rw_piecewise *proof;
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
    struct rw_piecewise *proof = sampler->proof;
    if (rw_run_accepts(sampler->run) != rw_accepts_at(proof->machine, sampler->key.state, sampler->key.pattern)) {
        rw_word_copy(proof->word, &sampler->word);
        rw_piecewise_stop(proof, RW_DIFFERENT, false, "the verdicts differ on a word");
        return;
    }
    read_state(sampler, sampler->state);
    if (!rw_region_sample(rw_region_find(&proof->regions, &sampler->key), sampler->values, sampler->state))
        rw_piecewise_stop(proof, RW_UNDECIDED, true,
                          "the network remembers more than the machine's configuration and its last steps");
}

static void step_sampler(struct sampler *sampler, uint32_t symbol)
{
    const struct rw_counter *m = sampler->proof->machine;
    const struct rw_counter_rule *rule = rw_rule_find(m, sampler->key.state, sampler->key.pattern, symbol);
    const struct rw_sums *sums = sampler->proof->sums;
    rw_rule_apply(m, rule, sampler->values);
    rw_sums_fill(sums, sampler->values);
    sampler->key =
        rw_region_next(&sampler->key, sampler->proof->regions.history, symbol, rule == NULL ? RW_DEAD : rule->to,
                       rw_pattern_of(sampler->values, rw_sums_numbers(sums)));
    rw_run_step(sampler->run, symbol);
    rw_word_push(&sampler->word, symbol);
}

struct rw_region_key rw_piecewise_start(const struct rw_piecewise *proof)
{
    struct rw_region_key key;
    memset(&key, 0, sizeof key);
    key.state = proof->machine->initial;
    for (size_t i = 0; i < proof->regions.history; i++)
        key.past_symbol[i] = RW_NO_SYMBOL;
    return key;
}

static struct sampler new_sampler(struct rw_piecewise *proof)
{
    struct sampler sampler = {.proof = proof, .run = rw_run_new(proof->net)};
    sampler.values = rw_alloc(rw_sums_numbers(proof->sums), sizeof *sampler.values);
    sampler.state = rw_alloc(proof->regions.coordinates, sizeof *sampler.state);
    for (size_t i = 0; i < proof->regions.coordinates; i++)
        fmpq_init(sampler.state + i);
    sampler.key = rw_piecewise_start(proof);
    rw_word_init(&sampler.word);
    return sampler;
}

static void restart(struct sampler *sampler, const struct rw_region_key *start)
{
    rw_run_start(sampler->run);
    sampler->key = *start;
    sampler->word.length = 0;
    memset(sampler->values, 0, rw_sums_numbers(sampler->proof->sums) * sizeof *sampler->values);
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
static uint32_t *hints(const struct rw_piecewise *proof)
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

void rw_piecewise_guess(struct rw_piecewise *proof)
{
    proof->regions.hint = hints(proof);
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
            rw_piecewise_stop(proof, RW_UNDECIDED, true,
                              "the network's state is not an affine function of the counters");
    if (!proof->over)
        rw_regions_borrow(&proof->regions);
}

bool rw_piecewise_differs_on(struct rw_piecewise *proof, const struct rw_word *word)
{
    struct sampler sampler = new_sampler(proof);
    for (size_t i = 0; i < word->length; i++)
        step_sampler(&sampler, word->symbols[i]);
    bool differs = rw_run_accepts(sampler.run) != rw_accepts_at(proof->machine, sampler.key.state, sampler.key.pattern);
    if (differs)
        rw_word_copy(proof->word, word);
    free_sampler(&sampler);
    return differs;
}
