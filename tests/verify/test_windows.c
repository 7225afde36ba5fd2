/* What lies on top of stacks: places are all that runs come through, and what is proved by them no word refutes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "examples.h"
#include "reductions/witness/witness.h"
#include "sanitized.h"
#include "verify/coverage.h"
#include "verify/equal_modes.h"
#include "verify/equal_windows.h"
#include "verify/mutant.h"
#include "verify/windows.h"

#define LONGEST 60

static struct rw_net *build(const struct rw_machine *machine)
{
    return example_build(machine, "mlp", (struct rw_witness_options){0});
}

/* --- places --- */

/* The top letters of the stack with this number. */
static void read_window(const struct rw_places *places, const fmpq *number, struct rw_window *window)
{
    fmpq_t rest;
    fmpz_t digit;
    fmpq_init(rest);
    fmpz_init(digit);
    fmpq_set(rest, number);
    memset(window, 0, sizeof *window);
    while (!fmpq_is_zero(rest)) {
        fmpq_mul_ui(rest, rest, 2 * places->modes->letters);
        fmpz_fdiv_q(digit, fmpq_numref(rest), fmpq_denref(rest));
        cr_assert(fmpz_is_odd(digit), "the digits of a stack's number are odd");
        uint8_t letter = (uint8_t)(fmpz_get_ui(digit) / 2);
        if (window->length < places->width)
            window->letters[window->length++] = letter;
        else
            window->more = 1;
        if (window->more && letter == places->mark && window->marks < 2)
            window->marks++;
        fmpq_sub_fmpz(rest, rest, digit);
    }
    fmpq_clear(rest);
    fmpz_clear(digit);
}

static bool is_place(const struct rw_places *places, struct rw_place_key *key)
{
    struct rw_place *place;
    HASH_FIND(hh, places->table, key, places->key_size, place);
    return place != NULL;
}

/* The modes that pushed what lies on a stack, the lowest first. */
struct origins {
    uint16_t colours[LONGEST];
    size_t depth;
};

static void move_origins(struct origins *origins, const struct rw_effect *effect, uint32_t mode)
{
    int growth = rw_effect_growth(effect);
    if (growth < 0)
        origins->colours[origins->depth++] = (uint16_t)mode;
    else if (growth > 0)
        origins->depth--;
}

static void read_origins(const struct origins *origins, struct rw_window *window)
{
    for (size_t k = 0; k < window->length; k++)
        window->colours[k] = origins->colours[origins->depth - 1 - k];
}

/* Steps the machine and its modes along a word; each configuration must lie in a place. */
static void follow(const struct rw_machine *machine, const struct rw_places *places, const struct rw_word *word)
{
    const struct rw_modes *modes = places->modes;
    struct rw_place_key *key = rw_alloc(1, places->key_size);
    struct rw_place_step step;
    struct rw_vector configuration;
    struct origins origins[RW_MOST_NUMBERS] = {0};
    void *run = machine->kind->run_new(machine->model);
    rw_place_step_init(&step);
    rw_vector_init(&configuration, machine->kind->quantities(machine->model));
    key->mode = modes->initial;
    for (size_t i = 0;; i++) {
        rw_vector_zero(&configuration);
        machine->kind->configuration(machine->model, run, &configuration);
        for (size_t n = 0; n < modes->numbers; n++) {
            read_window(places, configuration.value + configuration.size - modes->numbers + n, key->windows + n);
            if (places->coloured)
                read_origins(origins + n, key->windows + n);
        }
        cr_assert(is_place(places, key), "after %zu letters", i);
        if (i == word->length)
            break;
        uint32_t classes[RW_MOST_NUMBERS];
        for (size_t n = 0; n < modes->numbers; n++)
            classes[n] = rw_window_class(key->windows + n);
        uint32_t from = key->mode;
        modes->step(modes, from, word->symbols[i], classes, &key->mode, step.effects);
        for (size_t n = 0; n < modes->numbers; n++)
            move_origins(origins + n, step.effects + n, from);
        machine->kind->step(machine->model, run, word->symbols[i]);
    }
    machine->kind->run_free(machine->model, run);
    rw_vector_clear(&configuration);
    rw_place_step_clear(&step);
    free(key);
}

static void check_places(const char *spec, struct rw_place_kind kind)
{
    struct rw_machine *machine = example_spec(spec);
    struct rw_modes modes;
    struct rw_places places;
    cr_assert(rw_modes_make(&modes, machine, RW_REMEMBERS_STATE));
    cr_assert(rw_places_find(&places, &modes, &kind, 100000, NULL), "%s", spec);
    struct rw_coverage words = rw_coverage_wander(machine, 5, 10, LONGEST);
    for (size_t i = 0; i < words.count; i++)
        follow(machine, &places, words.words + i);
    rw_coverage_clear(&words);
    rw_places_clear(&places);
    rw_modes_clear(&modes);
    rw_machine_free(machine);
}

Test(windows, every_configuration_of_a_run_lies_in_a_place)
{
    for (size_t width = 1; width <= 3; width++) {
        check_places("stack/palindrome-marked.yaml", (struct rw_place_kind){.width = width, .mark = RW_NO_MARK});
        check_places("stack/copy.yaml", (struct rw_place_kind){.width = width, .mark = 1});
        check_places("turing/increment.yaml", (struct rw_place_kind){.width = width, .mark = RW_NO_MARK});
        check_places("turing/busy-beaver-3.yaml", (struct rw_place_kind){.width = width, .mark = 0});
    }
    const struct rw_place_kind coloured = {.width = 1, .coloured = true, .mark = RW_NO_MARK};
    check_places("turing/increment.yaml", coloured);
    check_places("turing/addition.yaml", coloured);
    check_places("stack/copy.yaml", coloured);
}

Test(windows, places_are_counted_and_too_many_are_given_up)
{
    struct rw_machine *machine = example_spec("stack/copy.yaml");
    struct rw_modes modes;
    struct rw_places places;
    cr_assert(rw_modes_make(&modes, machine, RW_REMEMBERS_STATE));
    cr_assert_not(rw_places_find(&places, &modes, &(struct rw_place_kind){.width = 2, .mark = RW_NO_MARK}, 3, NULL));
    rw_places_clear(&places);
    rw_modes_clear(&modes);
    rw_machine_free(machine);
}

/* --- words --- */

/* Marks each (mode, symbol) along a word. */
static void mark(const struct rw_machine *machine, const struct rw_modes *modes, const struct rw_word *word,
                 uint8_t *seen)
{
    const struct rw_places top = {.modes = modes, .width = 1, .mark = RW_NO_MARK};
    struct rw_window window;
    struct rw_place_step step;
    struct rw_vector configuration;
    uint32_t classes[RW_MOST_NUMBERS], mode = modes->initial;
    void *run = machine->kind->run_new(machine->model);
    rw_place_step_init(&step);
    rw_vector_init(&configuration, machine->kind->quantities(machine->model));
    for (size_t i = 0; i < word->length; i++) {
        rw_vector_zero(&configuration);
        machine->kind->configuration(machine->model, run, &configuration);
        for (size_t n = 0; n < modes->numbers; n++) {
            read_window(&top, configuration.value + configuration.size - modes->numbers + n, &window);
            classes[n] = rw_window_class(&window);
        }
        seen[mode * modes->symbols + word->symbols[i]] = 1;
        modes->step(modes, mode, word->symbols[i], classes, &mode, step.effects);
        machine->kind->step(machine->model, run, word->symbols[i]);
    }
    machine->kind->run_free(machine->model, run);
    rw_vector_clear(&configuration);
    rw_place_step_clear(&step);
}

/* Breadth first they would come from the shortest inputs of a Turing machine, of which not all are worked through. */
Test(windows, words_that_exercise_every_rule_bring_each_letter_to_each_mode)
{
    static const char *const specs[] = {"turing/addition.yaml", "turing/palindrome.yaml", "stack/circuit-value.yaml"};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        struct rw_machine *machine = example_spec(specs[k]);
        struct rw_modes modes;
        cr_assert(rw_modes_make(&modes, machine, RW_REMEMBERS_STATE));
        uint8_t *seen = rw_alloc(modes.modes * modes.symbols, 1), *met = rw_alloc(modes.modes * modes.symbols, 1);
        struct rw_coverage covering = rw_coverage_of(machine), lively = rw_coverage_wander(machine, 5, 20, 200);
        for (size_t i = 0; i < covering.count; i++)
            mark(machine, &modes, covering.words + i, seen);
        for (size_t i = 0; i < lively.count; i++)
            mark(machine, &modes, lively.words + i, met);
        for (size_t d = 0; d < modes.modes * modes.symbols; d++)
            for (size_t e = 0; e < modes.symbols && met[d]; e++)
                cr_assert(seen[d / modes.symbols * modes.symbols + e], "%s: mode %zu", specs[k], d / modes.symbols);
        rw_coverage_clear(&covering);
        rw_coverage_clear(&lively);
        free(seen);
        free(met);
        rw_modes_clear(&modes);
        rw_machine_free(machine);
    }
}

/* --- proofs --- */

static bool by_modes(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_mode_proof proof;
    bool proved = rw_equal_modes(machine, net, false, &limits, NULL, &proof, NULL) == RW_EQUAL;
    rw_mode_proof_clear(&proof);
    return proved;
}

static bool by_windows(const struct rw_machine *machine, const struct rw_net *net)
{
    struct rw_limits limits = rw_limits_standard();
    return rw_equal_windows(machine, net, &limits, NULL, NULL) == RW_EQUAL;
}

/* Whether some word tells the sides apart by their outputs: short ones, random ones, and ones that keep the machine alive. */
static bool refuted(const struct rw_machine *machine, const struct rw_net *net, const struct rw_coverage *lively)
{
    return example_refuted_on(machine, net, 100, lively->words, lively->count);
}

static struct rw_word word_of(const struct rw_machine *machine, const char *letters)
{
    struct rw_word word;
    rw_word_init(&word);
    for (; *letters != '\0'; letters++) {
        uint32_t symbol;
        cr_assert(rw_alphabet_find(machine->alphabet, letters, 1, &symbol));
        rw_word_push(&word, symbol);
    }
    return word;
}

/* Of `count` mutants: windows prove none that a word refutes, and all that modes prove. How many only windows prove. */
static size_t check_mutants(const char *spec, uint64_t seed, size_t count)
{
    struct rw_machine *machine = example_spec(spec);
    struct rw_net *net = build(machine);
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(seed);
    struct rw_coverage lively = rw_coverage_wander(machine, 5, 10, 100);
    size_t more = 0;
    for (size_t i = 0; i < count; i++) {
        struct rw_mutant mutant = {0};
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        bool differs = refuted(machine, changed, &lively);
        if (by_windows(machine, changed)) {
            cr_assert_not(differs, "%s: %s: %s -> %s", spec, mutant.place, mutant.before, mutant.after);
            more += !by_modes(machine, changed);
        } else if (!differs) {
            cr_assert_not(by_modes(machine, changed), "%s: %s", spec, mutant.place);
        }
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    rw_coverage_clear(&lively);
    rw_net_free(net);
    rw_machine_free(machine);
    return more;
}

Test(windows, they_prove_more_than_modes_and_nothing_that_a_word_refutes)
{
    const size_t count = sanitized_share(60, 4);
    size_t more = check_mutants("stack/palindrome-marked.yaml", 1, count);
    more += check_mutants("stack/last-in.yaml", 1, count);
    more += check_mutants("stack/dyck-2.yaml", 2, count);
    cr_assert_gt(more, 0);
    check_mutants("turing/increment.yaml", 3, sanitized_share(8, 4));
}

Test(windows, a_number_that_no_stack_has_is_not_held_against_a_network)
{
    /* The output falls by the number of the stack, which comes near 1 and is never 1. */
    struct rw_machine *machine = example_spec("stack/last-in.yaml");
    struct rw_net *net = build(machine);
    struct rw_coverage none = {0};
    struct rw_limits limits = rw_limits_standard();
    struct rw_random random = rw_random_seed(1);
    size_t met = 0;
    for (size_t i = 0; i < 60; i++) {
        struct rw_mutant mutant = {0};
        struct rw_net *changed = rw_mutant_draw(net, &random, &limits, &mutant);
        if (strstr(mutant.place, "output[bit 1 of A, stack A]") != NULL && strcmp(mutant.after, "-1") == 0) {
            met++;
            cr_assert_not(refuted(machine, changed, &none));
            cr_assert(by_windows(machine, changed));
        }
        rw_mutant_clear(&mutant);
        rw_net_free(changed);
    }
    cr_assert_gt(met, 0);
    rw_net_free(net);
    rw_machine_free(machine);
}

/* --- kinks --- */

static size_t feature_named(const struct rw_net *net, const char *name)
{
    for (size_t f = 0; f < net->width; f++)
        if (strcmp(net->features[f], name) == 0)
            return f;
    cr_assert_fail("no feature is called %s", name);
    return 0;
}

/* weight * ReLU(slopes * stacks + bias) */
struct bend {
    int64_t slopes[2], bias, weight;
};

/* Its output gets what the bends say: no rule of acceptance asks for bit 1 of A or of B, whose neurons are +1 (4 A - 2) and -1 (4 A - 3). */
static struct rw_net *bent(const struct rw_machine *machine, const struct bend *bends, size_t count)
{
    static const char *const stacks[] = {"stack A", "stack B"}, *const bits[] = {"bit 1 of A", "bit 1 of B"};
    static const size_t neurons[] = {2, 3, 6, 7};
    struct rw_net *net = build(machine);
    struct rw_feedforward *part = net->layers->feedforward;
    for (size_t k = 0; k < count; k++) {
        size_t neuron = neurons[k];
        example_add(&part->in, neuron, feature_named(net, stacks[k / 2]), -4, 1);
        for (size_t i = 0; i < 2; i++)
            if (bends[k].slopes[i] != 0)
                example_add(&part->in, neuron, feature_named(net, stacks[i]), bends[k].slopes[i], 1);
        example_add(&part->bias, neuron, 0, bends[k].bias + (k % 2 == 0 ? 2 : 3), 1);
        example_add(&part->out, feature_named(net, bits[k / 2]), neuron, k % 2 == 0 ? -1 : 1, 1);
        example_add(&part->out, feature_named(net, "accept"), neuron, bends[k].weight, 1);
    }
    return net;
}

/* Windows prove it if no word refutes it, this one neither; modes do not. */
static void check_bent(const char *spec, const struct bend *bends, size_t count, bool harmless, const char *letters)
{
    struct rw_machine *machine = example_spec(spec);
    struct rw_net *net = bent(machine, bends, count);
    struct rw_coverage lively = rw_coverage_wander(machine, 5, 40, 100);
    struct rw_word word = word_of(machine, letters);
    struct rw_coverage given = {.words = &word, .count = 1};
    cr_assert_eq(by_windows(machine, net), harmless, "%s", letters);
    cr_assert_not(by_modes(machine, net));
    cr_assert(!harmless || !refuted(machine, net, &lively));
    cr_assert_eq(refuted(machine, net, &given), !harmless);
    rw_word_clear(&word);
    rw_coverage_clear(&lively);
    rw_net_free(net);
    rw_machine_free(machine);
}

#define DYCK "stack/dyck-2.yaml"
#define COPY "stack/copy.yaml"

Test(windows, a_kink_that_does_not_matter_is_proved_harmless)
{
    check_bent(DYCK, (const struct bend[]){{{3}, -1, -1}}, 1, true, "[("); /* the output falls above 1/3 */
    /* Above 57/64, and it is positive to 59/64: no stack is so. */
    check_bent(DYCK, (const struct bend[]){{{64}, -57, 1}, {{64}, -58, -2}}, 2, true, "[[[");
    check_bent(DYCK, (const struct bend[]){{{3}, -1, -1}, {{-3}, 1, 0}}, 2, true, "((");
    check_bent(COPY, (const struct bend[]){{{1, -1}, 0, -1}}, 1, true, "abcm"); /* where A is more than B */
}

Test(windows, a_kink_that_matters_is_not_proved)
{
    check_bent(DYCK, (const struct bend[]){{{3}, -1, 1}}, 1, false, "[(");
    check_bent(DYCK, (const struct bend[]){{{-3}, 1, 1}}, 1, false, "((");
    check_bent(DYCK, (const struct bend[]){{{-3}, 1, -1}}, 1, false, ""); /* the empty stack is below 1/3 too */
    check_bent(DYCK, (const struct bend[]){{{192}, -191, 1}}, 1, false, "[[[[[");
    /* A bump from 1/3 on of width 1/500: a square bracket under so many round ones. With the other sign it is nothing. */
    check_bent(DYCK, (const struct bend[]){{{3000}, -1000, 1}, {{3000}, -1003, -2}}, 2, false, "[((((");
    check_bent(DYCK, (const struct bend[]){{{3000}, -1000, -1}, {{3000}, -1003, 1}}, 2, true, "[((((");
    check_bent(COPY, (const struct bend[]){{{1, -1}, 0, 1}}, 1, false, "abcm");
    /* A bump about 0.111 in base 4, below a kink at 0.111... that does not matter. */
    check_bent(COPY, (const struct bend[]){{{3}, -1, 0}, {{1280}, -419, 1}, {{1280}, -420, -2}}, 3, false, "aaa");
    /* A bump where A is nearly B, as in the middle of palindromes. */
    check_bent(COPY, (const struct bend[]){{{1000, -1000}, 1, 1}, {{1000, -1000}, 0, -2}}, 2, false, "abbacmm");
}

/* Of the head that goes back over what the carry left only zeros lie ahead, up to the +: what a weight says about a one there does not matter. Where
 * the head looks for that + ones do lie ahead. */
Test(windows, what_a_carry_leaves_is_told_from_the_input)
{
    struct rw_machine *machine = example_spec("turing/addition.yaml");
    struct rw_modes modes;
    struct rw_places places;
    const struct rw_place_kind kinds[] = {{.width = 1, .mark = RW_NO_MARK},
                                          {.width = 1, .coloured = true, .mark = RW_NO_MARK}};
    bool one_ahead[2] = {false, false};
    cr_assert(rw_modes_make(&modes, machine, RW_REMEMBERS_STATE));
    for (size_t k = 0; k < 2; k++) {
        cr_assert(rw_places_find(&places, &modes, kinds + k, 100000, NULL));
        for (size_t i = 0; i < places.count; i++) {
            const struct rw_place_key *key = places.list[i]->key;
            char *name = NULL;
            size_t size;
            FILE *out = open_memstream(&name, &size);
            modes.name(&modes, key->mode, out);
            fclose(out);
            one_ahead[k] |= strcmp(name, "state back, reads 0") == 0 && rw_window_class(key->windows + 1) == 1 + 2;
            free(name);
        }
        rw_places_clear(&places);
    }
    cr_assert(one_ahead[0]);
    cr_assert_not(one_ahead[1]);
    rw_modes_clear(&modes);
    rw_machine_free(machine);
}

/* Where a 0 comes when the head is to add 1 to a 1, which is the end of it, some part of that step is done all the same. A half of it is forgotten at
 * the next letter, and no output shows it; with twice of it the network accepts. */
static void check_half_done(int64_t by, uint64_t denominator, bool harmless)
{
    struct rw_machine *machine = example_spec("turing/addition.yaml");
    struct rw_net *net = build(machine);
    struct rw_coverage lively = rw_coverage_wander(machine, 5, 10, 100);
    const struct rw_head *head = net->layers->heads;
    size_t row = 0;
    while (strcmp(head->coordinates[row], "state up, reads 1") != 0)
        row++;
    example_perturb(net, "hidden1_input", row, 0, by, denominator);
    cr_assert_eq(by_windows(machine, net), harmless);
    cr_assert(!harmless || !refuted(machine, net, &lively));
    struct rw_word word = word_of(machine, "1+1.........0");
    struct rw_coverage given = {.words = &word, .count = 1};
    cr_assert_eq(refuted(machine, net, &given), !harmless);
    rw_word_clear(&word);
    rw_coverage_clear(&lively);
    rw_net_free(net);
    rw_machine_free(machine);
}

Test(windows, a_place_may_have_several_maps)
{
    check_half_done(1, 2, true);
    check_half_done(2, 1, false);
}
