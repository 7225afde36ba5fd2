/* Data sets: balanced in every key, labelled by more than one algorithm, the same for the same seed. */
#include "problem.h"

#include "reductions/problems/dataset.h"

static struct rw_dataset draw(const char *name, uint64_t seed, size_t count, size_t least, size_t most, bool *good)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_dataset_options options = {.dimension = 3};
    struct rw_dataset dataset;
    *good = rw_dataset_draw(&dataset, rw_generator_find(name), &options, &random, count, least, most, NULL, NULL);
    return dataset;
}

static bool same_key(const struct rw_word *a, const struct rw_word *b)
{
    return a->length == b->length && a->symbols[0] == b->symbols[0] &&
           a->symbols[a->length - 1] == b->symbols[b->length - 1];
}

Test(dataset, examples_come_in_groups_of_one_key)
{
    for (size_t g = 0; rw_generators[g] != NULL; g++) {
        bool good;
        struct rw_dataset dataset = draw(rw_generators[g]->name, 7, 300, 1, 120, &good);
        cr_assert(good, "%s", rw_generators[g]->name);
        cr_assert_eq(dataset.count, 300);
        for (size_t i = 0; i < dataset.count; i += 2) {
            cr_assert(same_key(&dataset.examples[i].word, &dataset.examples[i + 1].word));
            cr_assert(dataset.examples[i].label <= 0 && dataset.examples[i + 1].label > 0);
            cr_assert_leq(dataset.examples[i].word.length, 120);
        }
        rw_dataset_clear(&dataset);
    }
}

Test(dataset, seeds_decide)
{
    bool good;
    struct rw_dataset a = draw("circuit", 1, 40, 20, 60, &good), b = draw("circuit", 1, 40, 20, 60, &good),
                      c = draw("circuit", 2, 40, 20, 60, &good);
    size_t different = 0;
    for (size_t i = 0; i < a.count; i++) {
        cr_assert_eq(a.examples[i].word.length, b.examples[i].word.length);
        cr_assert_arr_eq(a.examples[i].word.symbols, b.examples[i].word.symbols,
                         a.examples[i].word.length * sizeof(uint32_t));
        different += a.examples[i].word.length != c.examples[i].word.length;
    }
    cr_assert_gt(different, 0);
    rw_dataset_clear(&a);
    rw_dataset_clear(&b);
    rw_dataset_clear(&c);
}

Test(dataset, shortcuts_are_at_chance_but_for_the_released_one)
{
    struct rw_dataset_options options = {.dimension = 3};
    for (size_t g = 0; rw_generators[g] != NULL; g++) {
        bool good, released = strstr(rw_generators[g]->name, "released") != NULL;
        struct rw_dataset dataset = draw(rw_generators[g]->name, 3, 1000, 1, 100, &good);
        struct rw_shortcuts shortcuts = rw_dataset_shortcuts(&dataset, &options);
        double best = 0;
        for (size_t i = 0; i < 4; i++)
            cr_assert_float_eq(shortcuts.shortcuts[i].accuracy, 0.5, 1e-9);
        for (size_t i = 0; i < shortcuts.count; i++)
            best = shortcuts.shortcuts[i].accuracy > best ? shortcuts.shortcuts[i].accuracy : best;
        cr_assert_eq(best == 1.0, released, "%s", rw_generators[g]->name);
        rw_dataset_clear(&dataset);
    }
}

/* The label by another way than generator and automaton: connectivity decoded from its tokens. */
Test(dataset, connectivity_decoded_from_its_tokens)
{
    bool good;
    struct rw_dataset dataset = draw("sorted-connectivity", 5, 400, 20, 200, &good);
    for (size_t i = 0; i < dataset.count; i++) {
        const struct rw_word *word = &dataset.examples[i].word;
        size_t numbers[200], count = 0, successor[200] = {0}, run = 0;
        for (size_t k = 0; k < word->length; k++) {
            if (word->symbols[k] == 0)
                run++;
            else
                numbers[count++] = run, run = 0;
        }
        for (size_t k = 2; k + 1 < count; k += 2)
            successor[numbers[k]] = numbers[k + 1];
        size_t at = numbers[1];
        while (at != 0 && at != numbers[0])
            at = successor[at];
        cr_assert_eq(at == numbers[0], dataset.examples[i].label == 1);
    }
    rw_dataset_clear(&dataset);
}

Test(dataset, wishes_that_cannot_be_granted_end)
{
    bool good;
    struct rw_dataset dataset = draw("circuit", 1, 10, 1, 2, &good);
    cr_assert_not(good);
    rw_dataset_clear(&dataset);
}
