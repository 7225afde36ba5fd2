/* Networks of several linear layers, proved by one basis for each context of their routers; and refuted where they are wrong. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "verify/context_merge.h"
#include "verify/contexts.h"
#include "verify/equal_contexts.h"
#include "verify/linear.h"
#include "verify/lookup.h"
#include "verify/match.h"
#include "verify/mutant.h"
#include "verify/prove.h"

#define CELLS 20000

/* How a network for a wfa is built. */
static const struct form {
    const char *family;
    unsigned layers;
    bool pad;
    size_t most_states; /* with two letters and quickly */
} forms[] = {
    {"rwkv7", 2, false, 3}, {"rwkv7", 4, false, 3},   {"rwkv7", 2, true, 3},
    {"rwkv7", 4, true, 3},  {"deltanet", 4, true, 2},
};
#define FORMS (sizeof forms / sizeof *forms)

static struct rw_net *build(const struct rw_machine *machine, const struct form *form)
{
    return example_build(machine, form->family, (struct rw_witness_options){.layers = form->layers, .pad = form->pad});
}

struct answer {
    enum rw_equality equality;
    struct rw_linear_proof proof;
    struct rw_word word;
    char *why;
};

static struct answer ask(struct rw_side left, struct rw_side right, uint64_t cells)
{
    struct rw_limits limits = rw_limits_standard();
    struct answer answer = {0};
    size_t size;
    FILE *why = open_memstream(&answer.why, &size);
    limits.cells = cells;
    rw_word_init(&answer.word);
    rw_linear_proof_init(&answer.proof);
    cr_assert(rw_sides_have_contexts(left, right, why));
    answer.equality = rw_equal_contexts(left, right, &limits, NULL, &answer.word, &answer.proof, why);
    fclose(why);
    return answer;
}

static void answer_clear(struct answer *answer)
{
    rw_linear_proof_clear(&answer->proof);
    rw_word_clear(&answer->word);
    free(answer->why);
}

static struct answer ask_net(const struct rw_machine *machine, const struct rw_net *net, uint64_t cells)
{
    return ask((struct rw_side){.machine = machine}, (struct rw_side){.net = net}, cells);
}

/* --- all words, one after the other --- */

/* The shortest difference after the pair, at most `length` letters on; length + 1: none. */
static size_t shortest_after(struct rw_match *match, const struct rw_pair *pair, size_t length)
{
    if (!rw_match_agrees(match, pair))
        return 0;
    size_t shortest = length + 1;
    if (length == 0)
        return shortest;
    struct rw_pair next = rw_pair_new(match);
    for (uint32_t s = 0; s < rw_alphabet_size(match->machine->alphabet); s++) {
        rw_pair_copy(match, &next, pair);
        rw_pair_step(match, &next, s);
        size_t after = 1 + shortest_after(match, &next, length - 1);
        shortest = after < shortest ? after : shortest;
    }
    rw_pair_free(match, &next);
    return shortest;
}

static size_t shortest_difference(const struct rw_machine *machine, const struct rw_net *net, size_t length)
{
    struct rw_match match;
    rw_match_init(&match, machine, net, false, NULL);
    struct rw_pair pair = rw_pair_new(&match);
    size_t shortest = shortest_after(&match, &pair, length);
    rw_pair_free(&match, &pair);
    rw_match_clear(&match);
    return shortest;
}

static bool differ_on(const struct rw_machine *machine, const struct rw_net *net, const struct rw_word *word)
{
    struct rw_match match;
    rw_match_init(&match, machine, net, false, NULL);
    struct rw_pair pair = rw_pair_new(&match);
    for (size_t i = 0; i < word->length; i++)
        rw_pair_step(&match, &pair, word->symbols[i]);
    bool differ = !rw_match_agrees(&match, &pair);
    rw_pair_free(&match, &pair);
    rw_match_clear(&match);
    return differ;
}

/* --- what holds is proved --- */

static void check_built(uint64_t seed, size_t states, const struct form *form, bool indicator)
{
    struct rw_machine *machine = example_wfa(seed, states, "ab", indicator);
    struct rw_net *net = build(machine, form);
    struct answer answer = ask_net(machine, net, CELLS);
    cr_assert_eq(answer.equality, RW_EQUAL, "seed %d: %s", (int)seed, answer.why);
    cr_assert_eq(answer.proof.argument, RW_ARGUMENT_CONTEXTS);
    cr_assert_geq(answer.proof.contexts, 1);
    cr_assert_eq(answer.proof.checked, 2 * answer.proof.size + 1);
    answer_clear(&answer);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(contexts, networks_of_random_automata_are_proved)
{
    for (size_t f = 0; f < FORMS; f++)
        for (size_t states = 1; states <= forms[f].most_states; states++) {
            check_built(10 * f + states, states, forms + f, false);
            check_built(10 * f + states + 5, states, forms + f, true);
        }
}

Test(contexts, networks_of_finite_automata_are_proved)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct rw_machine *dfa = example_dfa(seed, 3, "ab", seed % 2 == 0);
        struct rw_net *net = build(dfa, forms + seed % 2);
        struct answer answer = ask_net(dfa, net, CELLS);
        cr_assert_eq(answer.equality, RW_EQUAL, "%s", answer.why);
        cr_assert_str_eq(answer.proof.left, "indicator");
        answer_clear(&answer);
        rw_net_free(net);
        rw_machine_free(dfa);
    }
}

/* --- what does not is refuted --- */

#define WALK 6

/* A single wrong weight: whatever is claimed must be so. Returns whether it was decided. */
static bool check_mutant(const struct rw_machine *machine, const struct rw_net *net, struct rw_random *random)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_mutant mutant = {0};
    struct rw_net *changed = rw_mutant_draw(net, random, &limits, &mutant);
    bool decided = true;
    if (rw_net_has_contexts(changed, NULL)) {
        struct answer answer = ask_net(machine, changed, 2000);
        size_t shortest = shortest_difference(machine, changed, WALK);
        decided = answer.equality != RW_UNDECIDED;
        if (answer.equality == RW_DIFFERENT) {
            cr_assert(differ_on(machine, changed, &answer.word), "%s -> %s", mutant.place, mutant.after);
            cr_assert(answer.word.length == shortest || (shortest > WALK && answer.word.length > WALK),
                      "%s -> %s: %zu, %zu", mutant.place, mutant.after, answer.word.length, shortest);
        } else if (answer.equality == RW_EQUAL) {
            cr_assert_gt(shortest, WALK, "%s -> %s", mutant.place, mutant.after);
        }
        answer_clear(&answer);
    }
    rw_net_free(changed);
    rw_mutant_clear(&mutant);
    return decided;
}

/* Returns how many of the mutants were decided. */
static size_t check_mutants(uint64_t seed, size_t states, const struct form *form, bool indicator, size_t count)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_machine *machine = example_wfa(seed, states, "ab", indicator);
    struct rw_net *net = build(machine, form);
    size_t decided = 0;
    for (size_t i = 0; i < count; i++)
        decided += check_mutant(machine, net, &random);
    rw_net_free(net);
    rw_machine_free(machine);
    return decided;
}

Test(contexts, a_wrong_weight_gives_a_shortest_word_or_is_harmless)
{
    size_t decided = 0;
    for (size_t f = 0; f < FORMS; f++)
        for (size_t states = 1; states <= 2; states++)
            decided += check_mutants(3 + f, states, forms + f, false, 12);
    cr_assert_geq(decided, 115, "%zu", decided); /* of 120: a router can be made to take ever new states */
}

Test(contexts, a_wrong_weight_of_an_acceptor_gives_a_shortest_word_or_is_harmless)
{
    for (size_t f = 0; f < FORMS; f++)
        check_mutants(5 + f, 2, forms + f, true, 12);
}

/* --- network beside network --- */

static struct answer ask_nets(const struct rw_net *left, const struct rw_net *right)
{
    return ask((struct rw_side){.net = left}, (struct rw_side){.net = right}, CELLS);
}

static void expect_nets(const struct rw_net *left, const struct rw_net *right, enum rw_equality equality)
{
    struct answer answer = ask_nets(left, right);
    cr_assert_eq(answer.equality, equality, "%s", answer.why);
    answer_clear(&answer);
}

Test(contexts, networks_of_different_families_are_equal)
{
    for (int indicator = 0; indicator < 2; indicator++) {
        struct rw_machine *machine = example_wfa(11, 2, "ab", indicator == 1);
        struct rw_net *two = build(machine, forms), *four = build(machine, forms + 1);
        struct rw_net *one =
            example_dplr(machine->model, machine->alphabet, indicator == 1 ? RW_DECIDE_POSITIVE : RW_DECIDE_VALUE);
        struct rw_net *padded = build(machine, forms + 3), *delta = build(machine, forms + 4);
        expect_nets(two, four, RW_EQUAL);
        expect_nets(one, two, RW_EQUAL);
        expect_nets(four, one, RW_EQUAL);
        expect_nets(padded, delta, RW_EQUAL);
        rw_net_free(one);
        rw_net_free(two);
        rw_net_free(four);
        rw_net_free(padded);
        rw_net_free(delta);
        rw_machine_free(machine);
    }
}

Test(contexts, networks_that_differ_get_a_word_on_which_they_do)
{
    struct rw_machine *machine = example_wfa(11, 2, "ab", false), *other = example_wfa(12, 2, "ab", false);
    struct rw_net *two = build(machine, forms), *four = build(other, forms + 1);
    struct answer answer = ask_nets(two, four);
    cr_assert_eq(answer.equality, RW_DIFFERENT);
    cr_assert_eq(answer.word.length, shortest_difference(machine, four, WALK));
    answer_clear(&answer);
    rw_net_free(two);
    rw_net_free(four);
    rw_machine_free(machine);
    rw_machine_free(other);
}

/* --- what it is not about --- */

Test(contexts, a_limit_leaves_it_undecided)
{
    struct rw_machine *machine = example_wfa(11, 2, "ab", false);
    struct rw_net *net = build(machine, forms);
    struct answer answer = ask_net(machine, net, 60);
    cr_assert_eq(answer.equality, RW_UNDECIDED);
    cr_assert_str_eq(answer.proof.limit, "cells");
    cr_assert_eq(answer.proof.contexts, 61);
    cr_assert_not_null(strstr(answer.why, "61 contexts"), "%s", answer.why);
    answer_clear(&answer);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* Adds neurons to the last layer that read `feature` and give `weights` times it to what output 0 reads. */
static void add_neurons(struct rw_net *net, uint32_t feature, int64_t weight)
{
    struct rw_feedforward *ff = rw_layer_add_feedforward(net->layers + net->layer_count - 1, 1);
    struct rw_vector readout = rw_net_reading(net);
    uint32_t read = 0;
    while (rw_q_is_zero(readout.value + read))
        read++;
    struct rw_builder *in = rw_builder_new(1, net->width), *out = rw_builder_new(net->width, 1);
    rw_builder_add_int(in, 0, feature, 1);
    rw_builder_add_int(out, read, 0, weight);
    ff->in = rw_builder_finish(in);
    ff->out = rw_builder_finish(out);
    ff->bias = rw_builder_finish(rw_builder_new(1, 1));
    rw_vector_clear(&readout);
}

/* The feature that the embedding gives a token. */
static uint32_t token_feature(const struct rw_net *net, uint32_t token)
{
    return net->embedding->row[net->embedding->start[token]];
}

Test(contexts, neurons_of_the_last_layer_may_read_the_token)
{
    struct rw_machine *machine = example_wfa(11, 2, "ab", false);
    struct rw_net *net = build(machine, forms);
    add_neurons(net, token_feature(net, 1), 1);
    struct answer answer = ask_net(machine, net, CELLS);
    cr_assert_eq(answer.equality, RW_DIFFERENT);
    cr_assert_eq(answer.word.length, 1);
    cr_assert_eq(answer.word.symbols[0], 1);
    cr_assert(differ_on(machine, net, &answer.word));
    answer_clear(&answer);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(contexts, neurons_of_the_last_layer_may_not_read_its_state)
{
    struct rw_machine *machine = example_wfa(11, 2, "ab", false);
    struct rw_net *net = build(machine, forms);
    const struct rw_matrix *output = net->layers[1].heads[0].output;
    char *why = NULL;
    size_t size;
    FILE *out = open_memstream(&why, &size);
    add_neurons(net, output->row[0], 1);
    cr_assert_not(rw_net_has_contexts(net, out));
    fclose(out);
    cr_assert_str_eq(why, "neuron 1 of the last layer reads that layer's state");
    free(why);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* One layer whose words have a blank after each letter. */
static struct rw_net *padded_doubling(int64_t blank)
{
    struct rw_alphabet *alphabet = example_alphabet("ab_");
    struct rw_wfa *wfa = rw_wfa_new(1, 3);
    rw_q_set_int(wfa->alpha, 1);
    rw_q_set_int(wfa->omega, 1);
    for (uint32_t s = 0; s < 3; s++) {
        struct rw_builder *letter = rw_builder_new(1, 1);
        rw_builder_add_int(letter, 0, 0, s == 2 ? blank : 2);
        rw_wfa_set_letter(wfa, s, rw_builder_finish(letter));
    }
    struct rw_net *net = example_dplr(wfa, alphabet, RW_DECIDE_VALUE);
    net->padding = 1;
    rw_wfa_free(wfa);
    rw_alphabet_free(alphabet);
    return net;
}

Test(contexts, one_layer_with_blanks_is_its_letters_and_blanks)
{
    struct rw_machine *machine = example_doubling();
    for (int64_t blank = 1; blank <= 2; blank++) {
        struct rw_net *net = padded_doubling(blank);
        cr_assert_not(rw_net_is_linear(net, NULL));
        struct answer answer = ask_net(machine, net, CELLS);
        cr_assert_eq(answer.equality, blank == 1 ? RW_EQUAL : RW_DIFFERENT);
        cr_assert_eq(answer.word.length, blank == 1 ? 0 : 1);
        answer_clear(&answer);
        rw_net_free(net);
    }
    rw_machine_free(machine);
}

/* --- networks that nobody built --- */

static int64_t draw(struct rw_random *random, int64_t most)
{
    return (int64_t)rw_random_below(random, 2 * (uint64_t)most + 1) - most;
}

static struct rw_matrix *draw_matrix(struct rw_random *random, size_t rows, size_t cols, size_t count, int64_t most)
{
    struct rw_builder *builder = rw_builder_new(rows, cols);
    for (size_t i = 0; i < count; i++)
        rw_builder_add_int(builder, rw_random_below(random, rows), rw_random_below(random, cols), draw(random, most));
    return rw_builder_finish(builder);
}

/* A head with a few random weights. */
static void add_random_head(struct rw_random *random, struct rw_layer *layer, size_t width)
{
    static const char *const families[] = {"dplr", "rwkv7", "deltanet", "deltaproduct"};
    const struct rw_family *family = rw_family_find(families[rw_random_below(random, 4)]);
    size_t dims[RW_MAX_DIMS] = {2, 1 + rw_random_below(random, 2), 2, 2}; /* d_k, d_v, and what else there is */
    for (size_t i = 0; i < RW_MAX_DIMS; i++)
        if (family->dim_names[i] == NULL)
            while (i < RW_MAX_DIMS)
                dims[i++] = 0;
    struct rw_head *head = rw_layer_add_head(layer, family, "", dims);
    for (size_t p = 0; p < family->param_count(dims); p++) {
        struct rw_param_shape shape = family->param(dims, p);
        head->params[p] = shape.input ? draw_matrix(random, shape.rows * shape.cols, width, 8, 1)
                                      : draw_matrix(random, shape.rows, shape.cols, 4, 1);
    }
    head->output = draw_matrix(random, width, family->output_size(dims), 5, 1);
}

static void add_random_neurons(struct rw_random *random, struct rw_layer *layer, size_t width)
{
    struct rw_feedforward *ff = rw_layer_add_feedforward(layer, 4);
    ff->in = draw_matrix(random, 4, width, 6, 1);
    ff->bias = draw_matrix(random, 4, 1, 3, 2);
    ff->out = draw_matrix(random, width, 4, 6, 1);
}

/* Two letters and perhaps a blank; one to three layers of one or two heads, neurons in all but the last. */
static struct rw_net *random_net(struct rw_random *random)
{
    enum { WIDTH = 5 };
    bool padded = rw_random_below(random, 3) == 0;
    struct rw_alphabet *alphabet = example_alphabet(padded ? "ab_" : "ab");
    struct rw_net *net = rw_net_new(alphabet);
    size_t layers = 1 + rw_random_below(random, 3);
    net->padding = padded ? 1 + rw_random_below(random, 2) : 0;
    for (size_t i = 0; i < WIDTH; i++)
        rw_net_add_feature(net, "%zu", i);
    net->embedding = draw_matrix(random, WIDTH, rw_alphabet_size(alphabet) + 1, 9, 1);
    for (size_t l = 0; l < layers; l++) {
        struct rw_layer *layer = rw_net_add_layer(net);
        for (size_t h = rw_random_below(random, 2); h < 2; h++)
            add_random_head(random, layer, WIDTH);
        if (l + 1 < layers)
            add_random_neurons(random, layer, WIDTH);
    }
    net->output_count = 1;
    net->outputs = rw_alloc(1, sizeof(char *));
    net->outputs[0] = rw_strdup("output");
    net->readout = draw_matrix(random, 1, WIDTH, 4, 2);
    net->decision = RW_DECIDE_VALUE;
    rw_alphabet_free(alphabet);
    return net;
}

/* Whether the automaton with contexts and the runtime have the same number for the word. */
static bool is_value(struct rw_contexts *contexts, const struct rw_net *net, const struct rw_word *word)
{
    fmpq_t value;
    fmpq_init(value);
    struct rw_run *run = rw_run_new(net);
    for (size_t i = 0; i < word->length; i++) {
        rw_run_step(run, word->symbols[i]);
        for (size_t blank = 0; blank < net->padding; blank++)
            rw_run_step(run, 2);
    }
    rw_contexts_value(contexts, word, value);
    bool same = rw_q_equal(value, rw_run_output(run, 0));
    rw_run_free(run);
    fmpq_clear(value);
    return same;
}

Test(contexts, an_automaton_with_contexts_has_the_values_of_the_network)
{
    struct rw_random random = rw_random_seed(1);
    size_t moving = 0;
    for (int round = 0; round < 60; round++) {
        struct rw_net *net = random_net(&random);
        cr_assert(rw_net_has_contexts(net, NULL));
        struct rw_contexts *contexts = rw_contexts_of_net(net, 2);
        struct rw_word word;
        rw_word_init(&word);
        for (int i = 0; i < 12; i++) {
            word.length = 0;
            for (size_t length = rw_random_below(&random, 6); word.length < length;)
                rw_word_push(&word, (uint32_t)rw_random_below(&random, 2));
            cr_assert(is_value(contexts, net, &word), "round %d", round);
        }
        moving += contexts->count > 4;
        rw_word_clear(&word);
        rw_contexts_free(contexts);
        rw_net_free(net);
    }
    cr_assert_gt(moving, 20, "%zu", moving);
}

/* --- contexts that no word tells apart --- */

enum { TABLE = 12, LETTERS = 2 };

/* Whether some word of that length has letters of different maps after a and after b. */
static bool is_told_apart(const struct rw_context_step *steps, size_t a, size_t b, size_t length)
{
    bool apart = false;
    for (size_t s = 0; s < LETTERS && length > 0 && !apart; s++) {
        struct rw_context_step to_a = steps[a * LETTERS + s], to_b = steps[b * LETTERS + s];
        apart = to_a.map != to_b.map || is_told_apart(steps, to_a.next, to_b.next, length - 1);
    }
    return apart;
}

/* Two contexts of n are told apart by a word of less than n letters, if at all. */
Test(contexts, the_contexts_that_no_word_tells_apart_become_one)
{
    struct rw_random random = rw_random_seed(1);
    size_t merged = 0;
    for (int round = 0; round < 40; round++) {
        struct rw_context_step steps[TABLE * LETTERS], before[TABLE * LETTERS];
        for (size_t i = 0; i < TABLE * LETTERS; i++)
            steps[i] =
                (struct rw_context_step){(uint32_t)rw_random_below(&random, TABLE), rw_random_below(&random, 9) == 0};
        memcpy(before, steps, sizeof steps);
        size_t classes = rw_context_steps_merge(steps, TABLE, LETTERS);
        cr_assert(classes > 0 && classes <= TABLE);
        merged += classes < TABLE;
        for (size_t i = 0; i < TABLE * LETTERS; i++) {
            cr_assert_eq(steps[i].map, before[i].map);
            for (size_t c = 0; c < steps[i].next; c++)
                cr_assert(is_told_apart(before, c, before[i].next, TABLE), "round %d", round);
            cr_assert_not(is_told_apart(before, steps[i].next, before[i].next, TABLE), "round %d", round);
        }
    }
    cr_assert_gt(merged, 5);
}

/* A cycle of contexts, one of which has another map: as far as it is away, words must be longer. */
Test(contexts, words_longer_than_are_tried_leave_contexts_as_they_are)
{
    enum { LONG = 600 };
    struct rw_context_step steps[LONG];
    for (uint32_t c = 0; c < LONG; c++)
        steps[c] = (struct rw_context_step){(c + 1) % LONG, c == 0};
    cr_assert_eq(rw_context_steps_merge(steps, LONG, 1), 0);
    cr_assert_eq(steps[5].next, 6);
    for (uint32_t c = 0; c < LONG; c++) /* two maps in turn: two contexts */
        steps[c].map = c % 2;
    cr_assert_eq(rw_context_steps_merge(steps, LONG, 1), 2);
    cr_assert_eq(steps[5].next, 0);
    cr_assert_eq(steps[6].next, 1);
}

Test(contexts, what_is_merged_has_the_same_values)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct rw_machine *machine = example_wfa(seed, 2, "ab", false);
        struct rw_net *net = build(machine, forms + seed % 2);
        struct rw_contexts *contexts = rw_contexts_of_net(net, 2);
        struct rw_random random = rw_random_seed(seed);
        struct rw_word word;
        rw_word_init(&word);
        cr_assert_not(rw_contexts_merge(contexts, 10, UINT64_MAX, NULL));
        cr_assert(rw_contexts_merge(contexts, 1000, UINT64_MAX, NULL));
        cr_assert(contexts->merged);
        cr_assert_eq(contexts->count, 79);
        for (int i = 0; i < 20; i++) {
            for (word.length = 0; word.length < 14;)
                rw_word_push(&word, (uint32_t)rw_random_below(&random, 2));
            cr_assert(is_value(contexts, net, &word));
        }
        rw_word_clear(&word);
        rw_contexts_free(contexts);
        rw_net_free(net);
        rw_machine_free(machine);
    }
}

/* Enough contexts that they are merged, and a wrong weight among them. */
Test(contexts, merged_contexts_still_tell_a_wrong_weight)
{
    struct rw_machine *machine = example_dfa(3, 5, "ab", false);
    struct rw_net *net = build(machine, forms);
    struct answer answer = ask_net(machine, net, CELLS);
    cr_assert_eq(answer.equality, RW_EQUAL);
    cr_assert_not_null(strstr(answer.why, "that no word tells apart"), "%s", answer.why);
    cr_assert_lt(answer.proof.contexts, 5000);
    answer_clear(&answer);
    struct rw_feedforward *table = net->layers[0].feedforward;
    fmpq *last = table->out->value + rw_matrix_nonzeros(table->out) - 1;
    fmpq_neg(last, last);
    answer = ask_net(machine, net, CELLS);
    cr_assert_eq(answer.equality, RW_DIFFERENT, "%s", answer.why);
    cr_assert(differ_on(machine, net, &answer.word));
    answer_clear(&answer);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- tables of keys --- */

/* The definition. */
static void apply_plainly(const struct rw_feedforward *ff, struct rw_vector *stream)
{
    struct rw_vector pre, hidden;
    rw_vector_init(&pre, ff->neurons);
    rw_vector_init(&hidden, ff->neurons);
    rw_matrix_apply(ff->in, stream, &pre);
    for (uint32_t n = 0; n < ff->neurons; n++) {
        const fmpq *bias = rw_matrix_entry(ff->bias, n, 0);
        if (bias != NULL)
            fmpq_add(rw_vector_at(&pre, n), pre.value + n, bias);
        if (rw_q_sign(pre.value + n) > 0)
            fmpq_set(rw_vector_at(&hidden, n), pre.value + n);
    }
    rw_matrix_apply(ff->out, &hidden, stream);
    rw_vector_clear(&pre);
    rw_vector_clear(&hidden);
}

Test(contexts, a_lookup_is_the_feed_forward_part)
{
    enum { WIDTH = 12, NEURONS = 40 };
    struct rw_random random = rw_random_seed(1);
    for (int round = 0; round < 60; round++) {
        struct rw_feedforward ff = {.neurons = NEURONS};
        ff.in = draw_matrix(&random, NEURONS, WIDTH, 100, 2);
        ff.bias = draw_matrix(&random, NEURONS, 1, 40, 3);
        ff.out = draw_matrix(&random, WIDTH, NEURONS, 80, 5);
        struct rw_lookup *lookup = rw_lookup_new(&ff);
        struct rw_vector stream, expected;
        uint64_t work = 0;
        rw_vector_init(&stream, WIDTH);
        rw_vector_init(&expected, WIDTH);
        for (uint32_t j = 0; j < WIDTH; j++) /* every third one is not of zeros and ones */
            rw_q_set_int(rw_vector_at(&stream, j),
                         round % 3 == 0 ? draw(&random, 2) : (int64_t)rw_random_below(&random, 2));
        rw_vector_copy(&expected, &stream);
        apply_plainly(&ff, &expected);
        rw_lookup_apply(lookup, &stream, &work);
        cr_assert(rw_vector_equal(&stream, &expected), "round %d", round);
        cr_assert_gt(work, 0);
        rw_vector_clear(&stream);
        rw_vector_clear(&expected);
        rw_lookup_free(lookup);
        rw_matrix_free(ff.in);
        rw_matrix_free(ff.bias);
        rw_matrix_free(ff.out);
    }
}
