/* dataset_words.c - the word problem of S5: words in a swap s and a rotation r; is the product the identity?
 *
 * One word in 120 is the identity, so words are drawn backwards from where they are to end: among all words of the length that lead there, each
 * is as likely. */
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "base/memory.h"
#include "reductions/problems/datasets.h"
#include "reductions/problems/problems.h"

/* Odd products are not the identity: the number of swaps must not tell. */
enum feature { PARITY, SWAPS };
static const char *const features[] = {"parity of the number of s", "number of s", NULL};

#define POINTS     5
#define GENERATORS 2
#define ELEMENTS   120
static const uint8_t images[GENERATORS][POINTS] = {{1, 0, 2, 3, 4}, {1, 2, 3, 4, 0}};

static struct rw_machine *machine(const struct rw_dataset_options *options)
{
    (void)options;
    static const char text[] = "rnnwit: 1\nkind: problem\nproblem: word-problem\n"
                               "generators: {s: [2, 1, 3, 4, 5], r: [2, 3, 4, 5, 1]}\nword: []\n";
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text("s5", text, strlen(text));
    struct rw_instance *problem = rw_problem_read(source, &limits, NULL);
    struct rw_machine *group = NULL;
    struct rw_word word;
    rw_problem_reduce(problem, &limits, NULL, &group, &word);
    rw_word_clear(&word);
    rw_problem_free(problem);
    rw_source_free(source);
    return group;
}

/* ways[l][g]: the part of all words of length l that lead from g to the goal. */
static double (*count_ways(const struct rw_dfa *group, uint32_t goal, size_t length))[ELEMENTS]
{
    double(*ways)[ELEMENTS] = rw_alloc(length + 1, sizeof *ways);
    ways[0][goal] = 1;
    for (size_t l = 1; l <= length; l++)
        for (size_t g = 0; g < ELEMENTS; g++)
            for (size_t a = 0; a < GENERATORS; a++)
                ways[l][g] += ways[l - 1][group->next[g * GENERATORS + a]] / GENERATORS;
    return ways;
}

static bool is_identity(const struct rw_word *word)
{
    bool identity = true;
    for (uint8_t point = 0; point < POINTS; point++) {
        uint8_t at = point;
        for (size_t i = 0; i < word->length; i++)
            at = images[word->symbols[i]][at];
        identity = identity && at == point;
    }
    return identity;
}

static bool draw(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example)
{
    (void)options;
    const struct rw_dfa *group = machine->model;
    size_t length = least + rw_random_below(random, most - least + 1), swaps = 0;
    uint32_t goal = wanted == 1 ? group->initial : (uint32_t)rw_random_below(random, ELEMENTS), at = group->initial;
    double(*ways)[ELEMENTS] = count_ways(group, goal, length);
    bool possible = ways[length][at] > 0;
    for (size_t left = length; left > 0 && possible; left--) {
        double s = ways[left - 1][group->next[at * GENERATORS]], r = ways[left - 1][group->next[at * GENERATORS + 1]];
        uint32_t letter = (double)(rw_random_next(random) >> 11) / 9007199254740992.0 * (s + r) >= s;
        swaps += letter == 0;
        rw_word_push(&example->word, letter);
        at = group->next[at * GENERATORS + letter];
    }
    free(ways);
    example->label = is_identity(&example->word);
    example->features[PARITY] = swaps % 2;
    example->features[SWAPS] = (uint32_t)swaps;
    return possible;
}

const struct rw_generator rw_generator_word_problem = {
    .name = "word-problem",
    .about = "words in s = (1 2) and r = (1 2 3 4 5); label 1 if the product is the identity of S5",
    .features = features,
    .keyed = PARITY + 1,
    .machine = machine,
    .classes = rw_two_classes,
    .class_of = rw_class_is_label,
    .draw = draw,
};
