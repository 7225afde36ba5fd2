/* dataset_circuit.c - circuits as words of the circuit-value machine: inputs, then gates that fetch their operands by distance. */
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/problems/circuit_machine.h"
#include "reductions/problems/datasets.h"

/* The last token is the kind of the last gate. */
enum feature { ONES, GATES };
static const char *const features[] = {"ones among the inputs", "gates", NULL};

#define MOST_VALUES 200

static struct rw_machine *machine(const struct rw_dataset_options *options)
{
    (void)options;
    return rw_circuit_machine();
}

/* A circuit on its way: the values so far, the last one on top. */
struct drawing {
    struct rw_random *random;
    struct rw_word *word;
    bool values[MOST_VALUES];
    size_t count;
};

static void repeat(struct rw_word *word, uint32_t token, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rw_word_push(word, token);
}

/* Fetches a value near the top, and brings back what lay above it. */
static bool fetch(struct drawing *d, uint32_t token)
{
    size_t reach = d->count < 6 ? d->count : 6, distance = rw_random_below(d->random, reach);
    repeat(d->word, RW_TOKEN_DOWN, distance);
    rw_word_push(d->word, token);
    repeat(d->word, RW_TOKEN_UP, distance);
    return d->values[d->count - 1 - distance];
}

static void add_gate(struct drawing *d)
{
    static const uint32_t gates[] = {RW_TOKEN_AND, RW_TOKEN_AND, RW_TOKEN_OR, RW_TOKEN_OR, RW_TOKEN_NOT};
    uint32_t gate = gates[rw_random_below(d->random, 5)];
    bool a = fetch(d, RW_TOKEN_FIRST), b = gate != RW_TOKEN_NOT && fetch(d, RW_TOKEN_SECOND);
    rw_word_push(d->word, gate);
    d->values[d->count++] = gate == RW_TOKEN_AND ? a && b : gate == RW_TOKEN_OR ? a || b : !a;
}

static bool draw(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example)
{
    (void)machine;
    (void)options;
    (void)wanted;
    struct drawing d = {.random = random, .word = &example->word};
    size_t length = least + rw_random_below(random, most - least + 1), inputs = 2 + rw_random_below(random, 5);
    for (size_t i = 0; i < inputs; i++) {
        d.values[d.count] = rw_random_below(random, 2) == 1;
        example->features[ONES] += d.values[d.count];
        rw_word_push(d.word, d.values[d.count++] ? RW_TOKEN_ONE : RW_TOKEN_ZERO);
    }
    while (d.word->length < length && d.count < MOST_VALUES) {
        add_gate(&d);
        example->features[GATES]++;
    }
    example->label = d.values[d.count - 1];
    return true;
}

const struct rw_generator rw_generator_circuit = {
    .name = "circuit",
    .about = "words of specs/stack/circuit-value.yaml: inputs, then gates that fetch their operands; label: the last "
             "gate's value",
    .features = features,
    .keyed = ONES + 1,
    .machine = machine,
    .classes = rw_two_classes,
    .class_of = rw_class_is_label,
    .draw = draw,
};
