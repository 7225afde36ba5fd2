/* progression.c - steps and signs of the entries of rows, by induction on the word.
 *
 * Let y = x - alpha for the row x after a word: y' = y M_s + (alpha M_s - alpha), and y = 0 after the empty word. If all that flows into y_q, weights times steps of
 * other entries and the constant, is a multiple of step[q], then y_q always is. Steps are found as greatest common divisors, and what is not such an induction in the end is
 * struck out: an entry may be divided again and again. Signs likewise: no negative number flows into what is never negative. */
#include "verify/progression.h"

#include <stdlib.h>

#include "base/memory.h"

/* What flows from an entry, or from the constant 1, into an entry. */
struct flow {
    size_t from, to;
    fmpq_t weight;
};

struct entry {
    fmpq_t step;
    bool has_step, below, above;
};

struct rw_progressions {
    const struct rw_wfa *wfa;
    struct entry *entries; /* the last one is the constant */
    struct flow *flows;
    size_t count, capacity;
};

void rw_progression_init(struct rw_progression *progression)
{
    *progression = (struct rw_progression){0};
    fmpq_init(progression->start);
    fmpq_init(progression->step);
}

void rw_progression_clear(struct rw_progression *progression)
{
    fmpq_clear(progression->start);
    fmpq_clear(progression->step);
}

/* --- what flows --- */

static void add_flow(struct rw_progressions *p, size_t from, size_t to, const fmpq_t weight)
{
    p->flows = rw_grow(p->flows, &p->capacity, p->count + 1, sizeof *p->flows);
    struct flow *flow = p->flows + p->count++;
    *flow = (struct flow){.from = from, .to = to};
    fmpq_init(flow->weight);
    fmpq_set(flow->weight, weight);
}

static void add_letter(struct rw_progressions *p, const struct rw_matrix *transposed)
{
    size_t states = p->wfa->states;
    struct rw_vector alpha, drift;
    rw_vector_init(&alpha, states);
    rw_vector_init(&drift, states);
    for (uint32_t q = 0; q < states; q++) {
        fmpq_neg(rw_vector_at(&drift, q), p->wfa->alpha + q);
        fmpq_set(rw_vector_at(&alpha, q), p->wfa->alpha + q);
    }
    rw_matrix_apply(transposed, &alpha, &drift);
    for (size_t q = 0; q < states; q++)
        if (!rw_q_is_zero(drift.value + q))
            add_flow(p, states, q, drift.value + q);
    for (size_t q = 0; q < states; q++)
        for (size_t e = transposed->start[q]; e < transposed->start[q + 1]; e++)
            add_flow(p, q, transposed->row[e], transposed->value + e);
    rw_vector_clear(&alpha);
    rw_vector_clear(&drift);
}

/* --- what holds --- */

/* The step that `to` has if it takes in a flow from an entry with a step. */
static void common_step(const struct rw_progressions *p, const struct flow *flow, fmpq_t step)
{
    fmpq_mul(step, flow->weight, p->entries[flow->from].step);
    fmpq_gcd(step, step, p->entries[flow->to].step);
}

/* Where all weights are integers, what comes by a way with a circle is a multiple of what comes without, so that no way is longer than there are entries. */
static void find_steps(struct rw_progressions *p)
{
    bool changed = true;
    fmpq_t step;
    fmpq_init(step);
    for (size_t pass = 0; pass <= p->wfa->states && changed; pass++) {
        changed = false;
        for (const struct flow *flow = p->flows; flow < p->flows + p->count; flow++) {
            common_step(p, flow, step);
            changed = changed || !rw_q_equal(step, p->entries[flow->to].step);
            fmpq_set(p->entries[flow->to].step, step);
        }
    }
    fmpq_clear(step);
}

/* Each pass but the last one strikes out an entry. */
static void strike_out(struct rw_progressions *p)
{
    bool changed = true;
    fmpq_t step;
    fmpq_init(step);
    while (changed) {
        changed = false;
        for (const struct flow *flow = p->flows; flow < p->flows + p->count; flow++) {
            struct entry *to = p->entries + flow->to;
            if (!to->has_step)
                continue;
            common_step(p, flow, step);
            to->has_step = p->entries[flow->from].has_step && rw_q_equal(step, to->step);
            changed = changed || !to->has_step;
        }
    }
    fmpq_clear(step);
}

/* Adds the sides on which weight times an entry may be. */
static void add_sides(const struct entry *from, const fmpq_t weight, bool *below, bool *above)
{
    int sign = rw_q_sign(weight);
    *above = *above || (sign > 0 && from->above) || (sign < 0 && from->below);
    *below = *below || (sign > 0 && from->below) || (sign < 0 && from->above);
}

static void find_sides(struct rw_progressions *p)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (const struct flow *flow = p->flows; flow < p->flows + p->count; flow++) {
            struct entry *to = p->entries + flow->to;
            bool below = to->below, above = to->above;
            add_sides(p->entries + flow->from, flow->weight, &to->below, &to->above);
            changed = changed || below != to->below || above != to->above;
        }
    }
}

/* --- from outside --- */

struct rw_progressions *rw_progressions_of(const struct rw_wfa *wfa)
{
    struct rw_progressions *p = rw_alloc(1, sizeof *p);
    *p = (struct rw_progressions){.wfa = wfa, .entries = rw_alloc(wfa->states + 1, sizeof *p->entries)};
    for (size_t q = 0; q <= wfa->states; q++) {
        fmpq_init(p->entries[q].step);
        p->entries[q].has_step = true;
    }
    p->entries[wfa->states].above = true;
    rw_q_set_int(p->entries[wfa->states].step, 1);
    for (size_t s = 0; s < wfa->symbols; s++)
        add_letter(p, wfa->letters[s]);
    find_steps(p);
    strike_out(p);
    find_sides(p);
    return p;
}

void rw_progressions_free(struct rw_progressions *progressions)
{
    for (size_t q = 0; q <= progressions->wfa->states; q++)
        fmpq_clear(progressions->entries[q].step);
    for (size_t i = 0; i < progressions->count; i++)
        fmpq_clear(progressions->flows[i].weight);
    free(progressions->entries);
    free(progressions->flows);
    free(progressions);
}

bool rw_progression_of_form(const struct rw_progressions *progressions, const fmpq *form,
                            struct rw_progression *progression)
{
    bool known = true;
    fmpq_t step;
    fmpq_init(step);
    rw_q_zero(progression->start);
    rw_q_zero(progression->step);
    progression->below = progression->above = false;
    for (size_t q = 0; q < progressions->wfa->states && known; q++) {
        if (rw_q_is_zero(form + q))
            continue;
        const struct entry *entry = progressions->entries + q;
        known = entry->has_step;
        fmpq_addmul(progression->start, form + q, progressions->wfa->alpha + q);
        fmpq_mul(step, form + q, entry->step);
        fmpq_gcd(progression->step, progression->step, step);
        add_sides(entry, form + q, &progression->below, &progression->above);
    }
    fmpq_clear(step);
    return known;
}
