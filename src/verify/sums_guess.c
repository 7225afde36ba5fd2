/* sums_guess.c - which sums of counters are constant in a state: read off runs that keep the machine alive.
 *
 * They are the null space of a matrix, a row for each configuration. They are worth keeping in other states too: c_1 = c_2 while letters are counted is c_1 <= c_2
 * while some are given back. Nobody claims that a sum is constant. */
#include "verify/sums.h"

#include <stdlib.h>
#include <string.h>

#include <flint/fmpz_mat.h>

#include "base/memory.h"
#include "verify/configuration.h"
#include "verify/coverage.h"

/* Each sum splits regions in three. */
#define MOST_GUESSED 4
#define WORDS        40
#define WORD_LENGTH  40
#define WORD_SEED    3
/* Configurations of one state that its sums are read off. */
#define MOST_POINTS 60

struct seen {
    const struct rw_counter *machine;
    size_t *points;  /* for each state: how many configurations */
    int64_t *values; /* state x MOST_POINTS x counters */
};

static void note(struct seen *seen, uint32_t state, const int64_t *values)
{
    size_t k = seen->machine->counters, *points = seen->points + state;
    int64_t *of_state = seen->values + (size_t)state * MOST_POINTS * k;
    for (size_t p = 0; p < *points; p++)
        if (memcmp(of_state + p * k, values, k * sizeof *values) == 0)
            return;
    if (*points < MOST_POINTS)
        memcpy(of_state + (*points)++ * k, values, k * sizeof *values);
}

static void follow(struct seen *seen, const struct rw_word *word)
{
    const struct rw_counter *machine = seen->machine;
    int64_t *values = rw_alloc(machine->counters, sizeof *values);
    uint32_t state = machine->initial;
    for (size_t i = 0; i < word->length && state != RW_DEAD; i++) {
        note(seen, state, values);
        const struct rw_counter_rule *rule =
            rw_rule_find(machine, state, rw_pattern_of(values, machine->counters), word->symbols[i]);
        state = rule != NULL && rw_rule_apply(machine, rule, values) ? rule->to : RW_DEAD;
    }
    free(values);
}

/* Column `column` without its first entry, as small as it gets. false: it does not fit. */
static bool read_factors(const fmpz_mat_t basis, slong column, size_t counters, int64_t *factors)
{
    fmpz_t common, entry;
    bool fits = true;
    fmpz_init(common);
    fmpz_init(entry);
    for (size_t i = 0; i < counters; i++)
        fmpz_gcd(common, common, fmpz_mat_entry(basis, (slong)i + 1, column));
    for (size_t i = 0; i < counters && fits && !fmpz_is_zero(common); i++) {
        fmpz_divexact(entry, fmpz_mat_entry(basis, (slong)i + 1, column), common);
        fits = fmpz_fits_si(entry) != 0;
        factors[i] = fits ? fmpz_get_si(entry) : 0;
    }
    fits = fits && !fmpz_is_zero(common);
    fmpz_clear(common);
    fmpz_clear(entry);
    return fits;
}

static void add_constant_sums(struct rw_sums *sums, const struct seen *seen, uint32_t state, size_t most)
{
    fmpz_mat_t points, basis;
    size_t k = sums->counters, count = seen->points[state];
    int64_t *factors = rw_alloc(k, sizeof *factors);
    fmpz_mat_init(points, (slong)count, (slong)k + 1);
    fmpz_mat_init(basis, (slong)k + 1, (slong)k + 1);
    for (size_t p = 0; p < count; p++) {
        fmpz_one(fmpz_mat_entry(points, (slong)p, 0));
        for (size_t i = 0; i < k; i++)
            fmpz_set_si(fmpz_mat_entry(points, (slong)p, (slong)i + 1),
                        seen->values[((size_t)state * MOST_POINTS + p) * k + i]);
    }
    slong nullity = count == 0 ? 0 : fmpz_mat_nullspace(basis, points);
    for (slong j = 0; j < nullity && rw_sums_numbers(sums) < most; j++)
        if (read_factors(basis, j, k, factors))
            rw_sums_add(sums, factors);
    fmpz_mat_clear(points);
    fmpz_mat_clear(basis);
    free(factors);
}

void rw_sums_guess(struct rw_sums *sums, const struct rw_machine *machine, size_t most)
{
    const struct rw_counter *model = machine->model;
    size_t states = model->states, numbers = rw_sums_numbers(sums);
    struct seen seen = {model, rw_alloc(states, sizeof *seen.points),
                        rw_alloc(states * MOST_POINTS * model->counters, sizeof *seen.values)};
    struct rw_coverage words = rw_coverage_wander(machine, WORD_SEED, WORDS, WORD_LENGTH);
    most = most < numbers + MOST_GUESSED ? most : numbers + MOST_GUESSED;
    for (size_t w = 0; w < words.count; w++)
        follow(&seen, words.words + w);
    for (uint32_t q = 0; q < states; q++)
        add_constant_sums(sums, &seen, q, most);
    rw_coverage_clear(&words);
    free(seen.points);
    free(seen.values);
}
