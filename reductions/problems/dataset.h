/* dataset.h - balanced data sets of problems, for training (erratum E12: measure what a trivial predictor gets before you train).
 *
 * Examples come in groups, one of each class, that agree in their key: the length and all features that the generator declares trivial. So no
 * function of these features says anything about the label; what other simple features say is measured. */
#ifndef RW_REDUCTIONS_PROBLEMS_DATASET_H
#define RW_REDUCTIONS_PROBLEMS_DATASET_H

#include "automata/machine.h"
#include "base/limits.h"
#include "base/progress.h"
#include "base/random.h"

#define RW_MOST_FEATURES 6

struct rw_example {
    struct rw_word word;
    int64_t label;
    uint32_t features[RW_MOST_FEATURES];
};

struct rw_dataset_options {
    uint64_t modulus;   /* matrix-product: labels modulo this; 0: over the integers */
    uint64_t dimension; /* matrix-product */
};

/* One row for each problem that data can be drawn for (dataset.c has the table). */
struct rw_generator {
    const char *name;            /* "sorted-connectivity" */
    const char *about;           /* one line: what the tokens are and what the label is */
    const char *const *features; /* names of the features beside length, first and last token; NULL-terminated */
    size_t keyed;                /* the first so many features are part of the key */
    /* The automaton that reads the words, for their alphabet and as the label's check. Caller frees. */
    struct rw_machine *(*machine)(const struct rw_dataset_options *options);
    /* Classes that are balanced, and the class of a label. */
    size_t (*classes)(const struct rw_dataset_options *options);
    size_t (*class_of)(const struct rw_dataset_options *options, int64_t label);
    /* An example of a length between least and most and, if it comes out so, of the wanted class; label by a direct algorithm. false: try
     * again. The example's word is empty at first. `machine` is the generator's, for its alphabet. */
    bool (*draw)(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example);
};

extern const struct rw_generator *const rw_generators[]; /* NULL-terminated */
const struct rw_generator *rw_generator_find(const char *name);

struct rw_dataset {
    const struct rw_generator *generator;
    struct rw_machine *machine;
    size_t least, most; /* lengths */
    struct rw_example *examples;
    size_t count, capacity;
};

/* About `count` examples (a multiple of the classes) with lengths from least to most, no word twice. Every label is checked with the machine. false and a
 * diagnostic where too few of some class come up, a label and the machine differ (a defect), or it was interrupted. Caller clears in any
 * case. */
bool rw_dataset_draw(struct rw_dataset *dataset, const struct rw_generator *generator,
                     const struct rw_dataset_options *options, struct rw_random *random, size_t count, size_t least,
                     size_t most, struct rw_progress *progress, struct rw_diag *diag);
void rw_dataset_clear(struct rw_dataset *dataset);
/* Out of the order of their groups. After this no shortcuts can be measured. */
void rw_dataset_shuffle(struct rw_dataset *dataset, struct rw_random *random);

/* How often the best function of a feature predicts the class: learned on the even examples, asked on the odd ones. */
struct rw_shortcut {
    const char *feature;
    double accuracy;
    bool above_chance; /* by more than an accident would be */
};
struct rw_shortcuts {
    double chance; /* of guessing */
    size_t count;
    struct rw_shortcut shortcuts[RW_MOST_FEATURES + 4];
};
struct rw_shortcuts rw_dataset_shortcuts(const struct rw_dataset *dataset, const struct rw_dataset_options *options);

#endif
