/* extract.c - from a linear network to its automaton.
 *
 * The network is the weighted automaton z_{wt} = z_w T_t of linear.h, z_w = (state after w, 1, output after w). If the
 * state is always 0 or one coordinate that is 1, then pairs (that coordinate, sign of the output) are finitely many and
 * determine each other: a DFA. Otherwise the automaton is minimised as a series. */
#include "verify/extract.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "automata/dfa.h"
#include "automata/names.h"
#include "automata/wfa_minimise.h"
#include "base/memory.h"
#include "verify/linear.h"

struct extraction {
    const struct rw_net *net;
    const struct rw_limits *limits;
    struct rw_progress *progress;
    struct rw_diag *diag;
};

/* --- names --- */

/* What the coordinate stands for, without the word for its kind. */
static const char *plain_name(const char *coordinate)
{
    static const char *const kinds[] = {"state ", "weight ", "paths to "};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(coordinate, kinds[i], strlen(kinds[i])) == 0)
            return coordinate + strlen(kinds[i]);
    return coordinate;
}

/* Coordinates by their names, the constant and the output without one. */
static void name_states(const struct rw_net *net, struct rw_wfa *wfa)
{
    size_t coordinates = rw_net_coordinate(net, 1, 0);
    for (size_t q = 0; q < wfa->states; q++) {
        free(wfa->names[q]);
        wfa->names[q] = rw_strdup(q < coordinates ? plain_name(rw_net_coordinate_name(net, q)) : "");
    }
}

/* --- states that are one coordinate --- */

struct exploration {
    const struct rw_wfa *wfa;
    size_t coordinates; /* also the number of the state 0, and the place of the constant in z */
    struct rw_vector z;
    uint32_t *number; /* [2 * coordinate + accepts]: the state's number, or RW_NO_STATE */
    size_t *states;   /* 2 * coordinate + accepts of each state */
    size_t count;
    uint32_t *next; /* count * symbols */
    size_t next_capacity;
};

/* The number of the pair that z is, new or known; RW_NO_STATE: the state is more than one coordinate, or not 1. */
static uint32_t intern(struct exploration *x)
{
    size_t at = x->coordinates;
    for (size_t k = 0; k < x->z.count; k++) {
        size_t i = x->z.touched[k];
        if (i >= x->coordinates || rw_q_is_zero(x->z.value + i))
            continue;
        if (at < x->coordinates || !rw_q_is_one(x->z.value + i))
            return RW_NO_STATE;
        at = i;
    }
    size_t pair = 2 * at + (rw_q_sign(x->z.value + x->coordinates + 1) > 0);
    if (x->number[pair] == RW_NO_STATE) {
        x->number[pair] = (uint32_t)x->count;
        x->states[x->count++] = pair;
    }
    return x->number[pair];
}

static void add_column(struct rw_vector *z, const struct rw_matrix *m, size_t column)
{
    for (size_t e = m->start[column]; e < m->start[column + 1]; e++)
        rw_q_add(rw_vector_at(z, m->row[e]), z->value + m->row[e], m->value + e);
}

/* z after one more symbol, from (a coordinate that is 1, the constant). */
static void move(struct exploration *x, size_t coordinate, uint32_t symbol)
{
    const struct rw_matrix *letter = x->wfa->letters[symbol];
    rw_vector_zero(&x->z);
    if (coordinate < x->coordinates)
        add_column(&x->z, letter, coordinate);
    add_column(&x->z, letter, x->coordinates);
}

/* All pairs that are reached. false: some state is something else; or stop, limit. */
static bool explore(struct exploration *x, const struct extraction *e, bool *failed)
{
    size_t symbols = x->wfa->symbols;
    for (uint32_t q = 0; q < x->wfa->states; q++)
        if (!rw_q_is_zero(x->wfa->alpha + q))
            fmpq_set(rw_vector_at(&x->z, q), x->wfa->alpha + q);
    if (intern(x) == RW_NO_STATE)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        *failed = !rw_progress_report(e->progress, "states", x->count, 0);
        if (x->count > e->limits->transitions / symbols) {
            rw_diag_limit(e->diag, rw_span_none(), "transitions",
                          "%zu states with %zu symbols have more than %" PRIu64 " transitions", x->count, symbols,
                          e->limits->transitions);
            *failed = true;
        }
        if (*failed)
            return false;
        x->next = rw_grow(x->next, &x->next_capacity, (i + 1) * symbols, sizeof *x->next);
        for (uint32_t s = 0; s < symbols; s++) {
            move(x, x->states[i] / 2, s);
            uint32_t to = intern(x);
            if (to == RW_NO_STATE)
                return false;
            x->next[i * symbols + s] = to;
        }
    }
    return true;
}

/* The state 0, if nothing is accepted from there on. */
static bool is_dead(const struct exploration *x, size_t i)
{
    bool dead = x->states[i] == 2 * x->coordinates;
    for (size_t s = 0; s < x->wfa->symbols && dead; s++)
        dead = x->next[i * x->wfa->symbols + s] == i;
    return dead;
}

/* Caller frees. A coordinate that is there with both signs gives its name to the first. */
static char *name_of(const struct exploration *x, size_t i)
{
    size_t coordinate = x->states[i] / 2;
    if (coordinate == x->coordinates)
        return rw_strdup(is_dead(x, i) ? "dead" : "");
    return rw_strdup(x->number[x->states[i] ^ 1] < i ? "" : x->wfa->names[coordinate]);
}

/* The pairs as a complete DFA. */
static struct rw_dfa *dfa_of(const struct exploration *x)
{
    struct rw_dfa *dfa = rw_dfa_new(x->count, x->wfa->symbols);
    memcpy(dfa->next, x->next, x->count * x->wfa->symbols * sizeof *dfa->next);
    for (size_t i = 0; i < x->count; i++) {
        free(dfa->names[i]);
        dfa->names[i] = name_of(x, i);
        dfa->accepting[i] = x->states[i] % 2;
    }
    return dfa;
}

/* NULL: some state is not one coordinate; or `failed`, and the diag has it unless progress said stop. */
static struct rw_dfa *as_dfa(const struct extraction *e, const struct rw_wfa *wfa, bool *failed)
{
    struct exploration x = {.wfa = wfa, .coordinates = wfa->states - 2};
    size_t pairs = 2 * (x.coordinates + 1);
    x.number = rw_alloc(pairs, sizeof *x.number);
    x.states = rw_alloc(pairs, sizeof *x.states);
    memset(x.number, 0xff, pairs * sizeof *x.number); /* RW_NO_STATE */
    rw_vector_init(&x.z, wfa->states);
    struct rw_dfa *dfa = explore(&x, e, failed) ? dfa_of(&x) : NULL, *minimal = NULL;
    if (dfa != NULL) {
        minimal = rw_dfa_minimise(dfa);
        rw_names_mend(minimal->names, minimal->states);
    }
    rw_dfa_free(dfa);
    rw_vector_clear(&x.z);
    free(x.number);
    free(x.states);
    free(x.next);
    return minimal;
}

/* --- extracting --- */

/* The text, or `standard` if it is empty or nothing for a spec. */
static const char *text_or(const char *text, const char *standard)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return standard;
    return *text == '\0' ? standard : text;
}

static struct rw_machine *machine_of(const struct rw_net *net, const struct rw_machine_kind *kind, void *model)
{
    if (model == NULL)
        return NULL;
    char *about = rw_format("extracted from a network by %s", text_or(net->construction, "other means"));
    struct rw_machine *machine =
        rw_machine_new(kind, model, rw_alphabet_copy(net->tokens), text_or(net->name, "extracted"), about);
    free(about);
    return machine;
}

static struct rw_machine *extract(const struct extraction *e, struct rw_wfa *wfa)
{
    bool failed = false, positive = e->net->decision == RW_DECIDE_POSITIVE;
    struct rw_dfa *dfa = positive ? as_dfa(e, wfa, &failed) : NULL;
    if (dfa != NULL || failed)
        return machine_of(e->net, &rw_dfa_kind, dfa);
    wfa->indicator = positive;
    return machine_of(e->net, positive ? &rw_wfa_indicator_kind : &rw_wfa_kind,
                      rw_wfa_minimise(wfa, e->limits, e->progress, e->diag));
}

static bool is_linear(const struct extraction *e)
{
    char *reason;
    size_t size;
    FILE *why = open_memstream(&reason, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    bool linear = rw_net_is_linear(e->net, why);
    fclose(why);
    if (!linear) {
        rw_diag_error(e->diag, rw_span_none(), "'%s' is not the network of a weighted automaton: %s", e->net->name,
                      reason);
        rw_diag_hint(e->diag, "one layer of linear heads (pd, dplr, rwkv7, deltanet, deltaproduct) is one");
    }
    free(reason);
    return linear;
}

/* Before anything is made that the network's sizes decide. */
static bool fits(const struct extraction *e)
{
    size_t coordinates = rw_net_coordinate(e->net, 1, 0);
    if (coordinates > e->limits->states) {
        rw_diag_limit(e->diag, rw_span_none(), "states",
                      "the network has %zu coordinates, more than %" PRIu64 " states", coordinates, e->limits->states);
        return false;
    }
    if (rw_net_weights_bound(e->net, e->limits->transitions) <= e->limits->transitions)
        return true;
    rw_diag_limit(e->diag, rw_span_none(), "transitions",
                  "the network's matrices for all tokens, multiplied out, may have more than %" PRIu64
                  " nonzero entries",
                  e->limits->transitions);
    return false;
}

struct rw_machine *rw_extract(const struct rw_net *net, const struct rw_limits *limits, struct rw_progress *progress,
                              struct rw_diag *diag)
{
    const struct extraction e = {net, limits, progress, diag};
    if (!is_linear(&e))
        return NULL;
    if (!fits(&e))
        return NULL;
    struct rw_wfa *wfa = rw_wfa_of_net(net);
    name_states(net, wfa);
    struct rw_machine *machine = extract(&e, wfa);
    rw_wfa_free(wfa);
    return machine;
}
