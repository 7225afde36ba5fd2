#include "examples.h"

#include <assert.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "spec/spec.h"

struct rw_alphabet *example_alphabet(const char *symbols)
{
    struct rw_alphabet *alphabet = rw_alphabet_new();
    for (; *symbols != '\0'; symbols++)
        rw_alphabet_add(alphabet, (char[]){*symbols, '\0'});
    return alphabet;
}

struct rw_machine *example_machine(const struct rw_machine_kind *kind, void *model, const char *symbols)
{
    return rw_machine_new(kind, model, example_alphabet(symbols), "example", "");
}

static void name_state(struct rw_dfa *dfa, size_t i, const char *name)
{
    free(dfa->names[i]);
    dfa->names[i] = rw_strdup(name);
}

struct rw_machine *example_parity(void)
{
    struct rw_dfa *dfa = rw_dfa_new(2, 2);
    name_state(dfa, 0, "even");
    name_state(dfa, 1, "odd");
    dfa->accepting[0] = 1;
    memcpy(dfa->next, (uint32_t[]){0, 1, 1, 0}, 4 * sizeof *dfa->next);
    return example_machine(&rw_dfa_kind, dfa, "ab");
}

struct rw_machine *example_dfa(uint64_t seed, size_t states, const char *symbols, bool partial)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_dfa *dfa = rw_dfa_new(states, strlen(symbols));
    for (size_t q = 0; q < states; q++)
        dfa->accepting[q] = (uint8_t)rw_random_below(&random, 2);
    for (size_t i = 0; i < states * dfa->symbols; i++) {
        bool missing = partial && rw_random_below(&random, 8) == 0;
        dfa->next[i] = missing ? RW_NO_STATE : (uint32_t)rw_random_below(&random, states);
    }
    return example_machine(&rw_dfa_kind, dfa, symbols);
}

struct rw_machine *example_chain(size_t length)
{
    struct rw_dfa *dfa = rw_dfa_new(length + 1, 2);
    dfa->accepting[length] = 1;
    for (size_t q = 0; q <= length; q++) {
        dfa->next[2 * q] = (uint32_t)(q < length ? q + 1 : length);
        dfa->next[2 * q + 1] = 0;
    }
    return example_machine(&rw_dfa_kind, dfa, "ab");
}

struct rw_machine *example_wfa(uint64_t seed, size_t states, const char *symbols, bool indicator)
{
    struct rw_random random = rw_random_seed(seed);
    struct rw_wfa *wfa = rw_wfa_new(states, strlen(symbols));
    wfa->semiring = RW_RATIONAL;
    wfa->indicator = indicator;
    for (size_t q = 0; q < states; q++) {
        fmpq_set_si(wfa->alpha + q, (slong)rw_random_below(&random, 3) - 1, 1);
        fmpq_set_si(wfa->omega + q, (slong)rw_random_below(&random, 5) - 2, 1 + rw_random_below(&random, 2));
    }
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++) {
        struct rw_builder *transposed = rw_builder_new(states, states);
        for (size_t i = 0; i < 2 * states; i++)
            rw_builder_add_int(transposed, rw_random_below(&random, states), rw_random_below(&random, states),
                               (int64_t)rw_random_below(&random, 4) - 1);
        rw_wfa_set_letter(wfa, symbol, rw_builder_finish(transposed));
    }
    return example_machine(indicator ? &rw_wfa_indicator_kind : &rw_wfa_kind, wfa, symbols);
}

struct rw_machine *example_doubling(void)
{
    struct rw_wfa *wfa = rw_wfa_new(1, 2);
    wfa->semiring = RW_NATURAL;
    fmpq_set_si(wfa->alpha, 1, 1);
    fmpq_set_si(wfa->omega, 1, 1);
    for (uint32_t symbol = 0; symbol < 2; symbol++) {
        struct rw_builder *transposed = rw_builder_new(1, 1);
        rw_builder_add_int(transposed, 0, 0, 2);
        rw_wfa_set_letter(wfa, symbol, rw_builder_finish(transposed));
    }
    return example_machine(&rw_wfa_kind, wfa, "ab");
}

static struct rw_span nowhere(void *context, size_t byte, size_t length)
{
    (void)context;
    (void)byte;
    (void)length;
    return rw_span_none();
}

struct rw_machine *example_regex(const char *pattern, const char *symbols)
{
    struct rw_limits limits = rw_limits_standard();
    struct rw_alphabet *alphabet = example_alphabet(symbols);
    struct rw_regex *regex = rw_regex_parse(pattern, alphabet, &limits, nowhere, NULL, NULL);
    assert(regex != NULL);
    return rw_machine_new(&rw_regex_kind, regex, alphabet, "example", "");
}

/* --- networks --- */

/* Features: the tokens, BOS, "one", and the output. */
static struct rw_net *new_net(const struct rw_alphabet *alphabet, const char *output, enum rw_decision decision)
{
    struct rw_net *net = rw_net_new(alphabet);
    size_t symbols = rw_alphabet_size(alphabet);
    for (uint32_t symbol = 0; symbol < symbols; symbol++)
        rw_net_add_feature(net, "token %s", rw_alphabet_name(alphabet, symbol));
    rw_net_add_feature(net, "BOS");
    size_t one = rw_net_add_feature(net, "one");
    size_t place = rw_net_add_feature(net, "%s", output);
    struct rw_builder *embedding = rw_builder_new(net->width, symbols + 1);
    for (size_t column = 0; column <= symbols; column++) {
        rw_builder_add_int(embedding, column, column, 1);
        rw_builder_add_int(embedding, one, column, 1);
    }
    struct rw_builder *readout = rw_builder_new(1, net->width);
    rw_builder_add_int(readout, 0, place, 1);
    rw_matrix_free(net->embedding);
    rw_matrix_free(net->readout);
    net->embedding = rw_builder_finish(embedding);
    net->readout = rw_builder_finish(readout);
    net->output_count = 1;
    net->outputs = rw_alloc(1, sizeof *net->outputs);
    net->outputs[0] = rw_strdup(output);
    net->decision = decision;
    return net;
}

static struct rw_head *add_head(struct rw_net *net, const char *family_name, size_t d_k, size_t r)
{
    const struct rw_family *family = rw_family_find(family_name);
    size_t dims[RW_MAX_DIMS] = {0};
    for (size_t i = 0; family->dim_names[i] != NULL; i++) {
        const char *name = family->dim_names[i];
        dims[i] = strcmp(name, "d_k") == 0 ? d_k : strcmp(name, "r") == 0 ? r : 1;
    }
    struct rw_head *head = rw_layer_add_head(rw_net_add_layer(net), family, "", dims);
    struct rw_builder *output = rw_builder_new(net->width, 1);
    rw_builder_add_int(output, net->width - 1, 0, 1);
    rw_matrix_free(head->output);
    head->output = rw_builder_finish(output);
    return head;
}

/* quantity i = coordinate i */
static void relate(struct rw_net *net, const struct rw_machine_kind *kind, const void *model)
{
    struct rw_relation *relation = net->relation = rw_alloc(1, sizeof *relation);
    relation->count = kind->quantities(model);
    relation->quantities = rw_alloc(relation->count, sizeof *relation->quantities);
    struct rw_builder *matrix = rw_builder_new(relation->count, relation->count);
    for (size_t i = 0; i < relation->count; i++) {
        size_t size;
        FILE *out = open_memstream(&relation->quantities[i], &size);
        kind->quantity_name(model, i, out);
        fclose(out);
        rw_builder_add_int(matrix, i, i, 1);
        rw_head_name_coordinate(net->layers[0].heads, i, "%s", relation->quantities[i]);
    }
    relation->matrix = rw_builder_finish(matrix);
}

struct rw_net *example_pd(const struct rw_machine *machine)
{
    const struct rw_dfa *dfa = machine->model;
    size_t n = dfa->states;
    struct rw_net *net = new_net(machine->alphabet, "accept", RW_DECIDE_POSITIVE);
    size_t bos = dfa->symbols, one = bos + 1;
    struct rw_head *head = add_head(net, "pd", n, 0);
    struct rw_builder *transition = rw_builder_new(n * n, net->width), *write = rw_builder_new(n, net->width),
                      *query = rw_builder_new(n, net->width);
    for (size_t q = 0; q < n; q++) {
        for (size_t symbol = 0; symbol < dfa->symbols; symbol++)
            if (dfa->next[q * dfa->symbols + symbol] != RW_NO_STATE)
                rw_builder_add_int(transition, q * n + dfa->next[q * dfa->symbols + symbol], symbol, 1);
        rw_builder_add_int(query, q, one, dfa->accepting[q]);
    }
    rw_builder_add_int(write, dfa->initial, bos, 1);
    rw_head_set_param(head, "transition", rw_builder_finish(transition), net->width);
    rw_head_set_param(head, "write", rw_builder_finish(write), net->width);
    rw_head_set_param(head, "query", rw_builder_finish(query), net->width);
    relate(net, machine->kind, machine->model);
    return net;
}

struct rw_net *example_dplr(const struct rw_wfa *wfa, const struct rw_alphabet *alphabet, enum rw_decision decision)
{
    size_t n = wfa->states;
    struct rw_net *net = new_net(alphabet, "value", decision);
    size_t bos = wfa->symbols, one = bos + 1;
    struct rw_head *head = add_head(net, "dplr", n, n);
    struct rw_builder *decay = rw_builder_new(n, net->width), *left = rw_builder_new(n * n, net->width),
                      *right = rw_builder_new(n * n, net->width), *write = rw_builder_new(n, net->width),
                      *query = rw_builder_new(n, net->width);
    fmpq_t minus;
    fmpq_init(minus);
    /* A = 0 - I (-M^T)^T */
    for (size_t p = 0; p < n; p++) {
        rw_builder_add_int(left, p * n + p, one, 1);
        rw_builder_add(write, p, bos, wfa->alpha + p);
        rw_builder_add(query, p, one, wfa->omega + p);
    }
    for (uint32_t symbol = 0; symbol < wfa->symbols; symbol++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = 0; q < n; q++)
                if (rw_wfa_weight(wfa, symbol, p, q) != NULL) {
                    fmpq_neg(minus, rw_wfa_weight(wfa, symbol, p, q));
                    rw_builder_add(right, q * n + p, symbol, minus);
                }
    fmpq_clear(minus);
    rw_head_set_param(head, "decay", rw_builder_finish(decay), net->width);
    rw_head_set_param(head, "left", rw_builder_finish(left), net->width);
    rw_head_set_param(head, "right", rw_builder_finish(right), net->width);
    rw_head_set_param(head, "write", rw_builder_finish(write), net->width);
    rw_head_set_param(head, "query", rw_builder_finish(query), net->width);
    relate(net, &rw_wfa_kind, wfa);
    return net;
}

void example_add(struct rw_matrix **matrix, size_t row, size_t col, int64_t by, uint64_t denominator)
{
    struct rw_builder *builder = rw_builder_new((*matrix)->rows, (*matrix)->cols);
    for (size_t j = 0; j < (*matrix)->cols; j++)
        for (size_t e = (*matrix)->start[j]; e < (*matrix)->start[j + 1]; e++)
            rw_builder_add(builder, (*matrix)->row[e], j, (*matrix)->value + e);
    fmpq_t change;
    fmpq_init(change);
    fmpq_set_si(change, by, denominator);
    rw_builder_add(builder, row, col, change);
    fmpq_clear(change);
    rw_matrix_free(*matrix);
    *matrix = rw_builder_finish(builder);
}

void example_perturb(struct rw_net *net, const char *param, size_t row, size_t col, int64_t by, uint64_t denominator)
{
    struct rw_head *head = net->layers[0].heads;
    struct rw_matrix **matrix = &net->readout;
    for (size_t i = 0; param != NULL && i < head->family->param_count(head->dims); i++)
        if (strcmp(head->family->param(head->dims, i).name, param) == 0)
            matrix = head->params + i;
    example_add(matrix, row, col, by, denominator);
}

/* --- brute force --- */

static bool differs(const struct rw_machine *machine, const struct rw_net *net, bool states, const struct rw_word *word)
{
    void *run = machine->kind->run_new(machine->model);
    struct rw_run *net_run = rw_run_new(net);
    for (size_t i = 0; i < word->length; i++) {
        machine->kind->step(machine->model, run, word->symbols[i]);
        rw_run_step(net_run, word->symbols[i]);
    }
    fmpq_t value;
    fmpq_init(value);
    machine->kind->value(machine->model, run, value);
    bool different = net->decision == RW_DECIDE_VALUE
                         ? !fmpq_equal(value, rw_run_output(net_run, 0))
                         : (fmpq_sgn(value) > 0) != (fmpq_sgn(rw_run_output(net_run, 0)) > 0);
    struct rw_vector configuration;
    rw_vector_init(&configuration, machine->kind->quantities(machine->model));
    machine->kind->configuration(machine->model, run, &configuration);
    const struct rw_vector *state = rw_run_state(net_run, 0, 0);
    for (size_t i = 0; states && i < configuration.size; i++)
        different |= !fmpq_equal(configuration.value + i, state->value + i);
    rw_vector_clear(&configuration);
    fmpq_clear(value);
    machine->kind->run_free(machine->model, run);
    rw_run_free(net_run);
    return different;
}

/* The next word of the same length in the order of symbols; false after the last. */
static bool next_word(struct rw_word *word, size_t symbols)
{
    for (size_t i = word->length; i-- > 0;) {
        if (++word->symbols[i] < symbols)
            return true;
        word->symbols[i] = 0;
    }
    return false;
}

bool example_brute_force(const struct rw_machine *machine, const struct rw_net *net, bool states, size_t length,
                         struct rw_word *word)
{
    for (word->length = 0; word->length <= length; rw_word_push(word, 0)) {
        for (size_t i = 0; i < word->length; i++)
            word->symbols[i] = 0;
        do {
            if (differs(machine, net, states, word))
                return true;
        } while (next_word(word, rw_alphabet_size(machine->alphabet)));
    }
    return false;
}

struct rw_machine *example_spec(const char *name)
{
    const char *specs = getenv("SPECS");
    char *path = specs != NULL
                     ? rw_format("%s/%s", specs, name)
                     : rw_format("%.*s/../../specs/%s", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__, name);
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_read(path, 1000000, NULL);
    cr_assert_not_null(source, "%s", path);
    struct rw_machine *machine = rw_spec_read(source, &limits, NULL);
    cr_assert_not_null(machine, "%s", path);
    rw_source_free(source);
    free(path);
    return machine;
}

struct rw_net *example_build(const struct rw_machine *machine, const char *family, struct rw_witness_options options)
{
    struct rw_limits limits = rw_limits_standard();
    const struct rw_witness *witness = rw_witness_choose(machine, family, NULL);
    cr_assert_not_null(witness);
    options.limits = &limits;
    struct rw_net *net = witness->build(machine, &options, NULL);
    cr_assert_not_null(net);
    return net;
}

static bool differ(const struct rw_machine *machine, const struct rw_net *net, const struct rw_verify_options *options)
{
    struct rw_verify_report report;
    cr_assert(rw_verify(machine, net, options, &report, NULL));
    bool differs = !report.holds;
    rw_verify_report_free(&report);
    return differs;
}

bool example_refuted(const struct rw_machine *machine, const struct rw_net *net, uint64_t budget, uint64_t random_words,
                     size_t random_length)
{
    struct rw_verify_options options = rw_verify_standard();
    options.states = false;
    options.budget = budget;
    options.random_words = random_words;
    options.random_length = random_length;
    options.seed = 77;
    return differ(machine, net, &options);
}

bool example_refuted_on(const struct rw_machine *machine, const struct rw_net *net, size_t random_length,
                        const struct rw_word *words, size_t count)
{
    struct rw_verify_options options = rw_verify_standard();
    options.states = false;
    options.budget = 3000;
    options.random_words = 10;
    options.random_length = random_length;
    options.words = words;
    options.word_count = count;
    return differ(machine, net, &options);
}
