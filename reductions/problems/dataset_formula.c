/* dataset_formula.c - Boolean formulas in postfix form, read by a machine with one stack. */
#include <stdlib.h>

#include "base/memory.h"
#include "reductions/problems/datasets.h"
#include "reductions/problems/problems.h"

/* The last token is the operator at the root. */
enum feature { ONES, LEAVES };
static const char *const features[] = {"ones", "leaves", NULL};

/* Tokens in the order of the machine's alphabet. */
enum token { ZERO, ONE, NOT, AND, OR };

/* The value on top is the state; what lies below it is on the stack. */
static const char postfix[] = "rnnwit: 1\n"
                              "kind: stack\n"
                              "name: postfix-formula\n"
                              "alphabet: [\"0\", \"1\", \"!\", \"&\", \"|\"]\n"
                              "stacks: [A]\n"
                              "stack-alphabet: [zero, one]\n"
                              "states: [none, false, true]\n"
                              "initial: none\n"
                              "accepting: {\"true\": {A: empty}}\n"
                              "missing: reject\n"
                              "transitions:\n"
                              "  - {from: none, read: \"0\", to: \"false\"}\n"
                              "  - {from: none, read: \"1\", to: \"true\"}\n"
                              "  - {from: \"false\", read: \"0\", to: \"false\", do: {A: push zero}}\n"
                              "  - {from: \"false\", read: \"1\", to: \"true\", do: {A: push zero}}\n"
                              "  - {from: \"true\", read: \"0\", to: \"false\", do: {A: push one}}\n"
                              "  - {from: \"true\", read: \"1\", to: \"true\", do: {A: push one}}\n"
                              "  - {from: \"false\", read: \"!\", to: \"true\"}\n"
                              "  - {from: \"true\", read: \"!\", to: \"false\"}\n"
                              "  - {from: \"false\", read: \"&\", to: \"false\", when: {A: nonempty}, do: {A: pop}}\n"
                              "  - {from: \"true\", read: \"&\", to: \"false\", when: {A: zero}, do: {A: pop}}\n"
                              "  - {from: \"true\", read: \"&\", to: \"true\", when: {A: one}, do: {A: pop}}\n"
                              "  - {from: \"true\", read: \"|\", to: \"true\", when: {A: nonempty}, do: {A: pop}}\n"
                              "  - {from: \"false\", read: \"|\", to: \"false\", when: {A: zero}, do: {A: pop}}\n"
                              "  - {from: \"false\", read: \"|\", to: \"true\", when: {A: one}, do: {A: pop}}\n";

static struct rw_machine *machine(const struct rw_dataset_options *options)
{
    (void)options;
    return rw_problem_machine("postfix-formula", postfix);
}

/* Appends a formula of this many tokens; its value. */
static bool draw_formula(struct rw_random *random, size_t tokens, struct rw_word *word, uint32_t *features)
{
    if (tokens == 1) {
        bool value = rw_random_below(random, 2) == 1;
        features[ONES] += value;
        features[LEAVES]++;
        rw_word_push(word, value ? ONE : ZERO);
        return value;
    }
    if (tokens == 2 || rw_random_below(random, 5) == 0) {
        bool value = draw_formula(random, tokens - 1, word, features);
        rw_word_push(word, NOT);
        return !value;
    }
    size_t left = 1 + rw_random_below(random, tokens - 2);
    bool a = draw_formula(random, left, word, features), b = draw_formula(random, tokens - 1 - left, word, features);
    bool both = rw_random_below(random, 2) == 0;
    rw_word_push(word, both ? AND : OR);
    return both ? a && b : a || b;
}

static bool draw(struct rw_random *random, const struct rw_machine *machine, const struct rw_dataset_options *options,
                 size_t wanted, size_t least, size_t most, struct rw_example *example)
{
    (void)machine;
    (void)options;
    (void)wanted;
    size_t tokens = (least > 0 ? least : 1) + rw_random_below(random, most - (least > 0 ? least : 1) + 1);
    example->label = draw_formula(random, tokens, &example->word, example->features);
    return true;
}

const struct rw_generator rw_generator_formula = {
    .name = "boolean-formula",
    .about = "formulas of 0, 1, !, & and | in postfix form; label: the value",
    .features = features,
    .keyed = ONES + 1,
    .machine = machine,
    .classes = rw_two_classes,
    .class_of = rw_class_is_label,
    .draw = draw,
};
