/* The checkers' own reader and stepping of nets against the runtime, on random nets of every family. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "recheck/heads.h"
#include "recheck/series.h"
#include "recheck/step.h"
#include "rnn/json.h"
#include "rnn/random_net.h"
#include "rnn/run.h"

#define NETS   60
#define LENGTH 4

static struct rw_source *file_of(const struct rw_net *net)
{
    char *bytes = NULL;
    size_t size;
    FILE *out = open_memstream(&bytes, &size);
    rw_net_write(net, out);
    fclose(out);
    struct rw_source *source = rw_source_text("net", bytes, size);
    free(bytes);
    return source;
}

static struct rw_recheck_net *read_again(const struct rw_source *source)
{
    struct rw_limits limits = rw_limits_standard();
    return rw_recheck_net_read(source, &limits, stderr);
}

/* One token, all layers but the last and then the last, and the output is the runtime's. */
static void step(const struct rw_recheck_net *net, size_t token, struct rw_vector *state, const struct rw_run *run)
{
    struct rw_vector x;
    fmpq_t output;
    rw_vector_init(&x, net->width);
    fmpq_init(output);
    rw_recheck_input(net, token, &x);
    rw_recheck_step(net, 0, net->layers - 1, state, &x);
    rw_recheck_step(net, net->layers - 1, net->layers, state, &x);
    rw_recheck_output(net, &x, output);
    cr_assert(rw_vector_equal(&x, rw_run_stream(run)));
    cr_assert(fmpq_equal(output, rw_run_output(run, 0)));
    for (size_t l = 0; l < net->layers; l++)
        for (size_t h = 0; h < net->layer[l].heads; h++) {
            const struct rw_recheck_head *head = net->layer[l].head + h;
            for (size_t i = 0; i < head->coordinates; i++)
                cr_assert(fmpq_equal(state->value + head->first + i, rw_run_state(run, l, h)->value + i));
        }
    rw_vector_clear(&x);
    fmpq_clear(output);
}

static void run_both(const struct rw_net *net, struct rw_random *random)
{
    struct rw_source *source = file_of(net);
    struct rw_recheck_net *again = read_again(source);
    struct rw_run *run = rw_run_new(net);
    struct rw_vector state;
    cr_assert_not_null(again);
    rw_vector_init(&state, again->coordinates);
    size_t tokens = rw_alphabet_size(net->tokens);
    step(again, tokens, &state, run);
    for (int t = 0; t < LENGTH; t++) {
        uint32_t token = (uint32_t)rw_random_below(random, tokens);
        rw_run_step(run, token);
        step(again, token, &state, run);
    }
    rw_vector_clear(&state);
    rw_run_free(run);
    rw_recheck_net_free(again);
    rw_source_free(source);
}

Test(recheck_net, every_family_steps_as_in_the_runtime)
{
    struct rw_random random = rw_random_seed(41);
    for (size_t f = 0; rw_families[f] != NULL; f++)
        for (int round = 0; round < NETS / 4; round++) {
            struct rw_net *net = random_net(&random, rw_families[f], 1 + (size_t)round % 3);
            run_both(net, &random);
            rw_net_free(net);
        }
}

Test(recheck_net, families_may_be_mixed)
{
    struct rw_random random = rw_random_seed(42);
    for (int round = 0; round < NETS; round++) {
        struct rw_net *net = random_net(&random, NULL, 1 + (size_t)round % 3);
        run_both(net, &random);
        rw_net_free(net);
    }
}

/* f(w) by the matrices of the automaton */
static void value_of(const struct rw_wfa *f, const uint32_t *word, size_t length, fmpq_t value)
{
    struct rw_vector row, next;
    rw_vector_init(&row, f->states);
    rw_vector_init(&next, f->states);
    for (uint32_t q = 0; q < f->states; q++)
        fmpq_set(rw_vector_at(&row, q), f->alpha + q);
    for (size_t t = 0; t < length; t++) {
        rw_vector_zero(&next);
        rw_matrix_apply(f->letters[word[t]], &row, &next);
        rw_vector_copy(&row, &next);
    }
    fmpq_zero(value);
    for (size_t q = 0; q < f->states; q++)
        fmpq_addmul(value, row.value + q, f->omega + q);
    rw_vector_clear(&row);
    rw_vector_clear(&next);
}

static void compare_automaton(const struct rw_net *net, const struct rw_wfa *f, struct rw_random *random)
{
    struct rw_run *run = rw_run_new(net);
    uint32_t word[LENGTH];
    fmpq_t value;
    fmpq_init(value);
    for (size_t length = 0; length <= LENGTH; length++) {
        value_of(f, word, length, value);
        cr_assert(fmpq_equal(value, rw_run_output(run, 0)));
        if (length < LENGTH) {
            word[length] = (uint32_t)rw_random_below(random, rw_alphabet_size(net->tokens));
            rw_run_step(run, word[length]);
        }
    }
    fmpq_clear(value);
    rw_run_free(run);
}

Test(recheck_net, one_layer_of_linear_heads_is_a_weighted_automaton)
{
    struct rw_random random = rw_random_seed(43);
    struct rw_limits limits = rw_limits_standard();
    size_t compared = 0;
    for (size_t f = 0; rw_families[f] != NULL; f++)
        for (int round = 0; round < NETS / 4; round++) {
            struct rw_net *net = random_net(&random, rw_families[f], 1);
            struct rw_source *source = file_of(net);
            struct rw_recheck_series series;
            char *why = NULL;
            size_t size;
            FILE *out = open_memstream(&why, &size);
            bool made = rw_recheck_net_series(source, &limits, &series, out);
            fclose(out);
            free(why);
            cr_assert_eq(made, rw_families[f]->linear && net->layers[0].feedforward == NULL);
            if (made)
                compare_automaton(net, series.f, &random);
            compared += made;
            rw_recheck_series_clear(&series);
            rw_source_free(source);
            rw_net_free(net);
        }
    cr_assert_gt(compared, 0);
}

static void expect_refused(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    char *bytes = NULL, *why = NULL;
    size_t size, why_size;
    FILE *out = open_memstream(&bytes, &size);
    fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(out);
    struct rw_limits limits = rw_limits_standard();
    struct rw_source *source = rw_source_text("net", bytes, size);
    FILE *reason = open_memstream(&why, &why_size);
    struct rw_recheck_net *net = rw_recheck_net_read(source, &limits, reason);
    fclose(reason);
    cr_assert_null(net, "%s -> %s", from, to);
    cr_assert_gt(why_size, 0);
    rw_source_free(source);
    free(bytes);
    free(why);
}

Test(recheck_net, what_is_no_net_is_refused)
{
    const char *net =
        "{\"rnnwit-net\": 1, \"tokens\": [\"a\", \"b\"], \"padding\": 2, \"features\": [\"one\"],"
        " \"embedding\": [[0, 0, \"1\"], [0, 2, \"1\"]], \"layers\": [{\"heads\": [{\"family\": \"deltanet\","
        " \"dims\": {\"d_k\": 1, \"d_v\": 1, \"queries\": 1}, \"coordinates\": [\"s\"], \"params\": {"
        "\"key\": [[0, 0, \"1\"]], \"value\": [], \"beta\": [[0, 0, \"2\"]], \"query\": [[0, 0, \"1\"]]},"
        " \"output\": [[0, 0, \"1\"]]}], \"feedforward\": null}],"
        " \"readout\": {\"outputs\": [\"y\"], \"entries\": [[0, 0, \"1\"]]}, \"decision\": \"positive\"}";
    const char *changes[][2] = {
        {"net\": 1", "net\": 2"},
        {"net\": 1", "net\": \"1\""},
        {"\"b\"", "\"a\""},
        {"2,", "0,"},
        {"2,", "\"2\","},
        {"deltanet", "deltabet"},
        {"\"d_k\": 1", "\"d_k\": 0"},
        {"\"d_k\": 1", "\"d_k\": 2"},
        {"\"d_v\": 1, ", ""},
        {"[0, 2, \"1\"]", "[0, 3, \"1\"]"},
        {"[0, 2, \"1\"]", "[-1, 2, \"1\"]"},
        {"[0, 2, \"1\"]", "[0, 0, \"1\"]"},
        {"[0, 2, \"1\"]", "[0, 2, \"0\"]"},
        {"[0, 2, \"1\"]", "[0, 2, 1]"},
        {"[0, 2, \"1\"]", "[0, 2]"},
        {"\"value\": [], ", ""},
        {"[\"s\"]", "[]"},
        {"[\"y\"]", "[]"},
        {"\"positive\"", "\"negative\""},
        {"\"output\": [[0, 0, \"1\"]]", "\"output\": [[0, 1, \"1\"]]"},
        {"}", ""},
    };
    struct rw_source *source = rw_source_text("net", net, strlen(net));
    struct rw_recheck_net *good = read_again(source);
    cr_assert_not_null(good);
    cr_assert_eq(good->padding, 2);
    rw_recheck_net_free(good);
    rw_source_free(source);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        expect_refused(net, changes[i][0], changes[i][1]);
}
