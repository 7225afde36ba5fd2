/* visited.c - certificates of kind "visited": all pairs of a machine's configuration and a network's state that any word leads to.
 *
 * Row 0 is the pair of the empty word. From each row both sides are stepped by each symbol, must then say the same, and stand at a row that is listed:
 * so every word's pair is a row, and every word has been compared. */
#include <stdlib.h>
#include <string.h>

#include "automata/counter.h"
#include "automata/dfa.h"
#include "automata/nfa.h"
#include "automata/regex.h"
#include "automata/wfa.h"
#include "base/memory.h"
#include "recheck/certificate.h"
#include "recheck/step.h"

struct check {
    struct rw_certificate *certificate;
    const struct rw_machine *machine;
    struct rw_recheck_net *net;
    const json_t *rows;
    size_t count;
    void **runs;   /* of the machine, at each row that was reached and is not done */
    bool *reached; /* by a step of an earlier row, or the empty word */
    /* where both sides are */
    struct rw_vector configuration, state, x;
    fmpq_t machine_says, net_says, entry;
};

/* Kinds whose configuration is all that a run remembers. */
static bool is_known(const struct rw_machine *machine)
{
    const struct rw_machine_kind *kind = machine->kind;
    return kind == &rw_dfa_kind || kind == &rw_nfa_kind || kind == &rw_regex_kind || kind == &rw_wfa_kind ||
           kind == &rw_wfa_indicator_kind || kind == &rw_counter_kind;
}

static bool read_sides(struct check *c)
{
    struct rw_certificate *certificate = c->certificate;
    const char *claim = rw_certificate_text(certificate->root, "claim");
    if (strcmp(claim, "values") != 0 && strcmp(claim, "verdicts") != 0) {
        RW_UNREADABLE(certificate, "claim", RW_WHOLE_KEY, "neither values nor verdicts");
        return false;
    }
    if (!rw_certificate_machine_beside_net(certificate, "machine"))
        return false;
    c->machine = certificate->left.machine;
    if (!is_known(c->machine)) {
        RW_FAILS(certificate, "left", RW_WHOLE_KEY, "pairs of a %s are not visited", c->machine->kind->title);
        return false;
    }
    c->net = rw_recheck_net_read(certificate->right.source, certificate->limits, certificate->why);
    if (c->net == NULL) {
        certificate->result = RW_RECHECK_UNREADABLE;
        return false;
    }
    bool values = strcmp(claim, "values") == 0;
    if (values != (c->machine->kind->verdict == RW_VALUE) ||
        c->net->decision != (values ? RW_RECHECK_VALUE : RW_RECHECK_POSITIVE))
        return RW_FAILS(certificate, "claim", RW_WHOLE_KEY, "it is not what the two sides give");
    return (rw_certificate_tokens_are(certificate, c->machine->alphabet) && c->net->padding == 0 &&
            rw_alphabet_equal(c->net->tokens, c->machine->alphabet)) ||
           RW_FAILS(certificate, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
}

static bool make_room(struct check *c)
{
    c->rows = json_object_get(c->certificate->root, "rows");
    c->count = json_array_size(c->rows);
    if (c->count == 0)
        return RW_UNREADABLE(c->certificate, "rows", RW_WHOLE_KEY, "not a list with a row");
    c->runs = rw_alloc(c->count, sizeof *c->runs);
    c->reached = rw_alloc(c->count, sizeof *c->reached);
    rw_vector_init(&c->configuration, c->machine->kind->quantities(c->machine->model));
    rw_vector_init(&c->state, c->net->coordinates);
    rw_vector_init(&c->x, c->net->width);
    return true;
}

/* --- what a row says --- */

/* The entries as a vector. */
static bool read_vector(struct check *c, size_t row, const char *key, struct rw_vector *v)
{
    const json_t *list = json_object_get(json_array_get(c->rows, row), key);
    bool good = json_is_array(list);
    size_t at;
    rw_vector_zero(v);
    for (size_t e = 0; e < json_array_size(list) && good; e++) {
        good = rw_certificate_entry(c->certificate, list, e, v->size, &at, c->entry);
        if (good)
            fmpq_set(rw_vector_at(v, (uint32_t)at), c->entry);
    }
    return good || RW_UNREADABLE(c->certificate, "rows", row, "%s is not a list of entries in order", key);
}

/* Whether the entries are those of the vector; the indices of a list ascend, so none is counted twice. */
static bool says(struct check *c, size_t row, const char *key, const struct rw_vector *v)
{
    const json_t *list = json_object_get(json_array_get(c->rows, row), key);
    size_t nonzeros = 0, at;
    for (size_t k = 0; k < v->count; k++)
        nonzeros += !rw_q_is_zero(v->value + v->touched[k]);
    bool same = json_is_array(list) && json_array_size(list) == nonzeros;
    for (size_t e = 0; e < nonzeros && same; e++)
        same = rw_certificate_entry(c->certificate, list, e, v->size, &at, c->entry) &&
               fmpq_equal(c->entry, v->value + at);
    return same;
}

/* --- both sides --- */

static void step_net(struct check *c, size_t token)
{
    rw_recheck_input(c->net, token, &c->x);
    rw_recheck_step(c->net, 0, c->net->layers, &c->state, &c->x);
    rw_recheck_output(c->net, &c->x, c->net_says);
}

static bool agree(struct check *c, const void *run)
{
    c->machine->kind->value(c->machine->model, run, c->machine_says);
    if (c->machine->kind->verdict == RW_VALUE)
        return fmpq_equal(c->machine_says, c->net_says);
    return (fmpq_sgn(c->machine_says) > 0) == (fmpq_sgn(c->net_says) > 0);
}

/* Both sides have arrived, the machine in `run`, which is kept or freed: what they say, and whether they stand at row `to`. `from`: for messages. */
static bool arrive(struct check *c, void *run, size_t from, size_t to, const char *name)
{
    rw_vector_zero(&c->configuration);
    c->machine->kind->configuration(c->machine->model, run, &c->configuration);
    bool good =
        (agree(c, run) || RW_FAILS(c->certificate, "rows", from, "the two sides do not agree after '%s'", name)) &&
        ((says(c, to, "machine", &c->configuration) && says(c, to, "net", &c->state)) ||
         RW_FAILS(c->certificate, "rows", from, "'%s' does not lead to row %zu", name, to));
    if (good && !c->reached[to])
        c->runs[to] = run;
    else
        c->machine->kind->run_free(c->machine->model, run);
    c->reached[to] = c->reached[to] || good;
    return good;
}

static bool check_start(struct check *c)
{
    void *run = c->machine->kind->run_new(c->machine->model);
    c->machine->kind->run_start(c->machine->model, run);
    step_net(c, rw_alphabet_size(c->net->tokens));
    return arrive(c, run, 0, 0, "BOS");
}

static bool check_step(struct check *c, size_t row, uint32_t symbol)
{
    const char *name = rw_alphabet_name(c->machine->alphabet, symbol);
    const json_t *to = json_array_get(json_object_get(json_array_get(c->rows, row), "steps"), symbol);
    if (!json_is_integer(to) || json_integer_value(to) < 0 || (uint64_t)json_integer_value(to) >= c->count)
        return RW_UNREADABLE(c->certificate, "rows", row, "step '%s' is not the number of a row", name);
    void *run = c->machine->kind->run_new(c->machine->model);
    c->machine->kind->run_copy(c->machine->model, run, c->runs[row]);
    c->machine->kind->step(c->machine->model, run, symbol);
    step_net(c, symbol);
    return arrive(c, run, row, (size_t)json_integer_value(to), name);
}

static bool check_row(struct check *c, size_t row)
{
    const json_t *json = json_array_get(c->rows, row);
    uint32_t symbols = (uint32_t)rw_alphabet_size(c->machine->alphabet);
    if (!rw_certificate_has_keys(c->certificate, json, "rows", row, "machine|net|steps"))
        return false;
    if (!c->reached[row])
        return RW_FAILS(c->certificate, "rows", row, "no row before leads here");
    if (json_array_size(json_object_get(json, "steps")) != symbols)
        return RW_UNREADABLE(c->certificate, "rows", row, "steps are not one for each token");
    bool good = true;
    for (uint32_t s = 0; s < symbols && good; s++)
        good = read_vector(c, row, "net", &c->state) && check_step(c, row, s);
    c->machine->kind->run_free(c->machine->model, c->runs[row]);
    c->runs[row] = NULL;
    return good;
}

static void free_room(struct check *c)
{
    for (size_t i = 0; c->runs != NULL && i < c->count; i++)
        if (c->runs[i] != NULL)
            c->machine->kind->run_free(c->machine->model, c->runs[i]);
    free(c->runs);
    free(c->reached);
    rw_vector_clear(&c->configuration);
    rw_vector_clear(&c->state);
    rw_vector_clear(&c->x);
    rw_recheck_net_free(c->net);
}

static void check_kind(struct rw_certificate *certificate)
{
    struct check c = {.certificate = certificate};
    fmpq_init(c.machine_says);
    fmpq_init(c.net_says);
    fmpq_init(c.entry);
    bool good = read_sides(&c) && make_room(&c) && check_start(&c);
    for (size_t row = 0; row < c.count && good; row++)
        good = check_row(&c, row);
    free_room(&c);
    fmpq_clear(c.machine_says);
    fmpq_clear(c.net_says);
    fmpq_clear(c.entry);
}

const struct rw_certificate_kind rw_certificate_visited = {
    "visited", "rnnwit-certificate|kind|claim|left|right|tokens|rows", check_kind};
