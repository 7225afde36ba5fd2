/* match.c - whether machine and network say the same after a prefix.
 *
 * Agree at w:  verdict(machine, w) = verdict(network, w), or the values are the same rational number, and, where the
 * net names a relation R, R * state(network, w) = configuration(machine, w) at every quantity that both sides name. */
#include "verify/match.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"

/* The network's tokens are the symbols; the blank of a padded network comes after them. */
static bool same_tokens(const struct rw_alphabet *wanted, const struct rw_net *net, struct rw_diag *diag)
{
    const struct rw_alphabet *given = net->tokens;
    size_t wanted_size = rw_alphabet_size(wanted), given_size = rw_alphabet_size(given) - (net->padding > 0);
    bool same = wanted_size == given_size;
    for (uint32_t s = 0; s < wanted_size && same; s++)
        same = strcmp(rw_alphabet_name(wanted, s), rw_alphabet_name(given, s)) == 0;
    if (same)
        return true;
    rw_diag_error(diag, rw_span_none(), "the network does not read the alphabet of the spec");
    if (wanted_size != given_size) {
        rw_diag_hint(diag, "the spec has %zu symbols, the network %zu tokens", wanted_size, given_size);
        return false;
    }
    uint32_t i = 0;
    while (strcmp(rw_alphabet_name(wanted, i), rw_alphabet_name(given, i)) == 0)
        i++;
    rw_diag_hint(diag, "symbol %zu is '%s' in the spec and '%s' in the network", (size_t)i + 1,
                 rw_alphabet_name(wanted, i), rw_alphabet_name(given, i));
    return false;
}

bool rw_comparable(const struct rw_machine *machine, const struct rw_net *net, struct rw_diag *diag)
{
    if (!same_tokens(machine->alphabet, net, diag))
        return false;
    if (net->output_count == 0) {
        rw_diag_error(diag, rw_span_none(), "the network has no output");
        return false;
    }
    static const enum rw_decision decisions[] = {
        [RW_ACCEPTS] = RW_DECIDE_POSITIVE, [RW_VALUE] = RW_DECIDE_VALUE, [RW_DECIDES] = RW_DECIDE_SIGN};
    if (net->decision == decisions[machine->kind->verdict])
        return true;
    if (machine->kind->verdict == RW_DECIDES || net->decision == RW_DECIDE_SIGN) {
        rw_diag_error(diag, rw_span_none(), "one side may leave a word undecided, and the other may not");
    } else if (machine->kind->verdict == RW_VALUE) {
        rw_diag_error(diag, rw_span_none(), "the spec gives each word a number, the network accepts or rejects it");
        rw_diag_hint(diag, "with 'accept: positive' the spec accepts the words of positive weight");
    } else {
        rw_diag_error(diag, rw_span_none(), "the spec accepts or rejects, the network gives each word a number");
    }
    return false;
}

/* --- names of quantities to places --- */

struct name_place {
    char *name;
    uint32_t place;
    UT_hash_handle hh;
};

static char *machine_quantity(const struct rw_machine *machine, size_t i)
{
    char *name = NULL;
    size_t size;
    FILE *out = open_memstream(&name, &size);
    if (out == NULL)
        rw_out_of_memory(1);
    machine->kind->quantity_name(machine->model, i, out);
    fclose(out);
    return name;
}

static struct name_place *list_machine_quantities(const struct rw_machine *machine, size_t count)
{
    struct name_place *places = NULL;
    for (size_t i = 0; i < count; i++) {
        struct name_place *place = rw_alloc(1, sizeof *place);
        place->name = machine_quantity(machine, i);
        place->place = (uint32_t)i;
        HASH_ADD_KEYPTR(hh, places, place->name, strlen(place->name), place);
    }
    return places;
}

static void free_places(struct name_place *places)
{
    struct name_place *place, *next;
    HASH_ITER(hh, places, place, next)
    {
        HASH_DEL(places, place);
        free(place->name);
        free(place);
    }
}

static void note_missing(FILE *notes, size_t missing, const char *first, const char *what)
{
    if (notes == NULL || missing == 0)
        return;
    if (missing == 1)
        fprintf(notes, "%s: '%s'\n", what, first);
    else
        fprintf(notes, "%s: '%s' and %zu more\n", what, first, missing - 1);
}

/* Fills in both place lists; returns how many quantities both sides name. */
static size_t match_names(struct rw_match *match, size_t machine_count, FILE *notes)
{
    const struct rw_relation *relation = match->net->relation;
    struct name_place *places = list_machine_quantities(match->machine, machine_count), *place;
    size_t matched = 0, unknown = 0, first_unknown = 0;
    for (size_t r = 0; r < relation->count; r++) {
        HASH_FIND_STR(places, relation->quantities[r], place);
        bool fresh = place != NULL && match->relation_place[place->place] == RW_NO_PLACE;
        match->machine_place[r] = fresh ? place->place : RW_NO_PLACE;
        if (fresh) {
            match->relation_place[place->place] = (uint32_t)r;
            match->same_places &= place->place == r;
            matched++;
        } else if (unknown++ == 0) {
            first_unknown = r;
        }
    }
    free_places(places);
    note_missing(notes, unknown, unknown == 0 ? "" : relation->quantities[first_unknown],
                 "not compared: the network names a quantity that the spec does not have");
    for (size_t i = 0; i < machine_count && matched < machine_count; i++) {
        if (match->relation_place[i] != RW_NO_PLACE)
            continue;
        char *name = machine_quantity(match->machine, i);
        note_missing(notes, machine_count - matched, name,
                     "not compared: the network does not say where it keeps a quantity of the spec");
        free(name);
        break;
    }
    match->same_places &= matched == machine_count && matched == relation->count;
    return matched;
}

static uint32_t *no_places(size_t count)
{
    uint32_t *places = rw_alloc(count, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = RW_NO_PLACE;
    return places;
}

void rw_match_init(struct rw_match *match, const struct rw_machine *machine, const struct rw_net *net, bool states,
                   FILE *notes)
{
    bool related = states && net->relation != NULL;
    size_t machine_count = related ? machine->kind->quantities(machine->model) : 0;
    size_t relation_count = related ? net->relation->count : 0;
    *match = (struct rw_match){.machine = machine, .net = net, .same_places = true};
    match->machine_place = no_places(relation_count);
    match->relation_place = no_places(machine_count);
    fmpq_init(match->value);
    rw_vector_init(&match->configuration, machine_count);
    rw_vector_init(&match->state, relation_count);
    if (related)
        match->quantities = match_names(match, machine_count, notes);
}

void rw_match_clear(struct rw_match *match)
{
    free(match->machine_place);
    free(match->relation_place);
    fmpq_clear(match->value);
    rw_vector_clear(&match->configuration);
    rw_vector_clear(&match->state);
}

/* --- pairs --- */

struct rw_pair rw_pair_new(const struct rw_match *match)
{
    struct rw_pair pair = {.machine = match->machine->kind->run_new(match->machine->model),
                           .net = rw_run_new(match->net)};
    return pair;
}

void rw_pair_free(const struct rw_match *match, struct rw_pair *pair)
{
    match->machine->kind->run_free(match->machine->model, pair->machine);
    rw_run_free(pair->net);
}

void rw_pair_start(const struct rw_match *match, struct rw_pair *pair)
{
    match->machine->kind->run_start(match->machine->model, pair->machine);
    rw_run_start(pair->net);
}

void rw_pair_vector(const struct rw_match *match, const struct rw_pair *pair, struct rw_vector *quantities,
                    struct rw_vector *both)
{
    const struct rw_net *net = match->net;
    size_t first = quantities->size;
    rw_vector_zero(quantities);
    rw_vector_zero(both);
    match->machine->kind->configuration(match->machine->model, pair->machine, quantities);
    rw_vector_put(both, 0, quantities);
    for (size_t l = 0; l < net->layer_count; l++)
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            const struct rw_vector *state = rw_run_state(pair->net, l, h);
            rw_vector_put(both, first, state);
            first += state->size;
        }
    rw_vector_tidy(both);
}

/* --- agreeing --- */

/* A word on which the machine has no value says nothing about the network's. */
static bool is_defined(const struct rw_machine *machine, const void *run)
{
    return machine->kind->defined == NULL || machine->kind->defined(machine->model, run);
}

static bool outputs_agree(struct rw_match *match, const struct rw_pair *pair)
{
    if (!is_defined(match->machine, pair->machine))
        return true;
    match->machine->kind->value(match->machine->model, pair->machine, match->value);
    if (match->net->decision == RW_DECIDE_POSITIVE)
        return (rw_q_sign(match->value) > 0) == rw_run_accepts(pair->net);
    if (match->net->decision == RW_DECIDE_SIGN)
        return rw_q_sign(match->value) == rw_q_sign(rw_run_output(pair->net, 0));
    return rw_q_equal(match->value, rw_run_output(pair->net, 0));
}

static void collect_quantities(struct rw_match *match, const struct rw_pair *pair)
{
    rw_vector_zero(&match->configuration);
    rw_vector_zero(&match->state);
    match->machine->kind->configuration(match->machine->model, pair->machine, &match->configuration);
    rw_run_quantities(pair->net, &match->state);
}

/* Every place that `a` touched has the same value in `b`, where `place` leads from a's places to b's. */
static bool places_agree(const struct rw_vector *a, const struct rw_vector *b, const uint32_t *place)
{
    for (size_t k = 0; k < a->count; k++) {
        uint32_t i = a->touched[k], j = place[i];
        if (j != RW_NO_PLACE && !rw_q_equal(a->value + i, b->value + j))
            return false;
    }
    return true;
}

static bool states_agree(struct rw_match *match, const struct rw_pair *pair)
{
    collect_quantities(match, pair);
    if (match->same_places)
        return rw_vector_equal(&match->configuration, &match->state);
    return places_agree(&match->configuration, &match->state, match->relation_place) &&
           places_agree(&match->state, &match->configuration, match->machine_place);
}

bool rw_match_agrees(struct rw_match *match, const struct rw_pair *pair)
{
    return outputs_agree(match, pair) && (match->quantities == 0 || states_agree(match, pair));
}

/* --- saying what each side says --- */

char *rw_machine_says(const struct rw_machine *machine, const void *run)
{
    if (!is_defined(machine, run))
        return rw_strdup("undefined");
    fmpq_t value;
    fmpq_init(value);
    machine->kind->value(machine->model, run, value);
    enum rw_verdict verdict = machine->kind->verdict;
    char *text = verdict == RW_VALUE ? rw_q_text(value) : rw_strdup(rw_verdict_word(verdict, value));
    fmpq_clear(value);
    return text;
}

char *rw_net_says(const struct rw_net *net, const struct rw_run *run)
{
    const fmpq *output = rw_run_output(run, 0);
    char *value = rw_q_text(output);
    if (net->decision == RW_DECIDE_VALUE)
        return value;
    enum rw_verdict verdict = net->decision == RW_DECIDE_SIGN ? RW_DECIDES : RW_ACCEPTS;
    char *text = rw_format("%s (%s)", rw_verdict_word(verdict, output), value);
    free(value);
    return text;
}

/* The first quantity, in the machine's order, on which the sides differ. */
static bool describe_state(struct rw_match *match, const struct rw_pair *pair, struct rw_counterexample *found)
{
    collect_quantities(match, pair);
    for (size_t i = 0; i < match->configuration.size; i++) {
        uint32_t r = match->relation_place[i];
        if (r == RW_NO_PLACE || rw_q_equal(match->configuration.value + i, match->state.value + r))
            continue;
        found->kind = RW_DIFFER_STATE;
        found->quantity = machine_quantity(match->machine, i);
        found->machine = rw_q_text(match->configuration.value + i);
        found->network = rw_q_text(match->state.value + r);
        return true;
    }
    return false;
}

bool rw_match_describe(struct rw_match *match, const struct rw_pair *pair, struct rw_counterexample *found)
{
    if (outputs_agree(match, pair))
        return match->quantities > 0 && describe_state(match, pair, found);
    found->kind = RW_DIFFER_OUTPUT;
    found->quantity = rw_strdup(match->net->outputs[0]);
    found->machine = rw_machine_says(match->machine, pair->machine);
    found->network = rw_net_says(match->net, pair->net);
    return true;
}

bool rw_match_word(const struct rw_machine *machine, const struct rw_net *net, bool states, const struct rw_word *word,
                   struct rw_counterexample *found)
{
    struct rw_match match;
    rw_match_init(&match, machine, net, states, NULL);
    struct rw_pair pair = rw_pair_new(&match);
    for (size_t i = 0; i < word->length; i++)
        rw_pair_step(&match, &pair, word->symbols[i]);
    bool differ = rw_match_describe(&match, &pair, found);
    if (differ)
        rw_word_copy(&found->word, word);
    rw_pair_free(&match, &pair);
    rw_match_clear(&match);
    return differ;
}

void rw_counterexample_clear(struct rw_counterexample *found)
{
    rw_word_clear(&found->word);
    free(found->quantity);
    free(found->machine);
    free(found->network);
    free(found->oracle);
    *found = (struct rw_counterexample){0};
}
