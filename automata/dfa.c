/* dfa.c - deterministic finite automata: definition, simulator, trimming, equivalence, and what letters do. */
#include "automata/dfa.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct rw_dfa *rw_dfa_new(size_t states, size_t symbols)
{
    struct rw_dfa *dfa = rw_alloc(1, sizeof *dfa);
    size_t cells = rw_product(states, symbols);
    dfa->states = states;
    dfa->symbols = symbols;
    dfa->names = rw_alloc(states, sizeof *dfa->names);
    dfa->accepting = rw_alloc(states, 1);
    dfa->next = rw_alloc(cells, sizeof *dfa->next);
    for (size_t s = 0; s < states; s++)
        dfa->names[s] = rw_format("%zu", s);
    for (size_t i = 0; i < cells; i++)
        dfa->next[i] = RW_NO_STATE;
    return dfa;
}

void rw_dfa_free(struct rw_dfa *dfa)
{
    if (dfa == NULL)
        return;
    for (size_t s = 0; s < dfa->states; s++)
        free(dfa->names[s]);
    free(dfa->names);
    free(dfa->accepting);
    free(dfa->next);
    free(dfa);
}

struct rw_dfa *rw_dfa_copy(const struct rw_dfa *dfa)
{
    struct rw_dfa *copy = rw_dfa_new(dfa->states, dfa->symbols);
    for (size_t s = 0; s < dfa->states; s++) {
        free(copy->names[s]);
        copy->names[s] = rw_strdup(dfa->names[s]);
    }
    copy->initial = dfa->initial;
    memcpy(copy->accepting, dfa->accepting, dfa->states);
    memcpy(copy->next, dfa->next, dfa->states * dfa->symbols * sizeof *dfa->next);
    return copy;
}

bool rw_dfa_accepts(const struct rw_dfa *dfa, const uint32_t *symbols, size_t length)
{
    uint32_t state = dfa->initial;
    for (size_t i = 0; i < length && state != RW_NO_STATE; i++)
        state = dfa->next[state * dfa->symbols + symbols[i]];
    return state != RW_NO_STATE && dfa->accepting[state];
}

/* --- the simulator: a run is a state --- */

static void free_model(void *model)
{
    rw_dfa_free(model);
}

static size_t quantities(const void *model)
{
    return ((const struct rw_dfa *)model)->states;
}

static void quantity_name(const void *model, size_t i, FILE *out)
{
    fprintf(out, "state %s", ((const struct rw_dfa *)model)->names[i]);
}

static void run_start(const void *model, void *run)
{
    *(uint32_t *)run = ((const struct rw_dfa *)model)->initial;
}

static void *run_new(const void *model)
{
    uint32_t *run = rw_alloc(1, sizeof *run);
    run_start(model, run);
    return run;
}

static void run_free(const void *model, void *run)
{
    (void)model;
    free(run);
}

static void run_copy(const void *model, void *to, const void *from)
{
    (void)model;
    *(uint32_t *)to = *(const uint32_t *)from;
}

static void step(const void *model, void *run, uint32_t symbol)
{
    const struct rw_dfa *dfa = model;
    uint32_t *state = run;
    if (*state != RW_NO_STATE)
        *state = dfa->next[*state * dfa->symbols + symbol];
}

static void value(const void *model, const void *run, fmpq_t value)
{
    uint32_t state = *(const uint32_t *)run;
    rw_q_zero(value);
    if (state != RW_NO_STATE && ((const struct rw_dfa *)model)->accepting[state])
        *fmpq_numref(value) = 1;
}

static void configuration(const void *model, const void *run, struct rw_vector *out)
{
    uint32_t state = *(const uint32_t *)run;
    (void)model;
    if (state != RW_NO_STATE)
        rw_q_set_int(rw_vector_at(out, state), 1);
}

static void print(const void *model, const void *run, FILE *out)
{
    uint32_t state = *(const uint32_t *)run;
    fputs(state == RW_NO_STATE ? "dead" : ((const struct rw_dfa *)model)->names[state], out);
}

const struct rw_machine_kind rw_dfa_kind = {
    .name = "dfa",
    .title = "deterministic finite automaton",
    .verdict = RW_ACCEPTS,
    .free_model = free_model,
    .quantities = quantities,
    .quantity_name = quantity_name,
    .run_new = run_new,
    .run_free = run_free,
    .run_start = run_start,
    .run_copy = run_copy,
    .step = step,
    .value = value,
    .configuration = configuration,
    .print = print,
};

/* --- trimming --- */

struct rw_dfa *rw_dfa_trim(const struct rw_dfa *dfa)
{
    uint32_t *order = rw_alloc(dfa->states, sizeof *order), *number = rw_alloc(dfa->states, sizeof *number);
    size_t count = 1;
    for (size_t s = 0; s < dfa->states; s++)
        number[s] = RW_NO_STATE;
    order[0] = dfa->initial;
    number[dfa->initial] = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t a = 0; a < dfa->symbols; a++) {
            uint32_t to = dfa->next[order[i] * dfa->symbols + a];
            if (to == RW_NO_STATE || number[to] != RW_NO_STATE)
                continue;
            number[to] = (uint32_t)count;
            order[count++] = to;
        }
    struct rw_dfa *trim = rw_dfa_new(count, dfa->symbols);
    for (size_t i = 0; i < count; i++) {
        free(trim->names[i]);
        trim->names[i] = rw_strdup(dfa->names[order[i]]);
        trim->accepting[i] = dfa->accepting[order[i]];
        for (size_t a = 0; a < dfa->symbols; a++) {
            uint32_t to = dfa->next[order[i] * dfa->symbols + a];
            trim->next[i * dfa->symbols + a] = to == RW_NO_STATE ? RW_NO_STATE : number[to];
        }
    }
    free(order);
    free(number);
    return trim;
}

/* --- equivalence: Hopcroft and Karp's union-find over both automata, their dead states included --- */

struct pairing {
    const struct rw_dfa *a, *b;
    uint32_t *parent; /* states of a, a's dead state, states of b, b's dead state */
    struct pair {
        uint32_t p, q;
        size_t from;
        uint32_t symbol;
    } * queue;
    size_t count, capacity;
};

static uint32_t find(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x)
        x = parent[x] = parent[parent[x]];
    return x;
}

static uint32_t follow(const struct rw_dfa *dfa, uint32_t state, uint32_t symbol)
{
    uint32_t to = state == dfa->states ? RW_NO_STATE : dfa->next[state * dfa->symbols + symbol];
    return to == RW_NO_STATE ? (uint32_t)dfa->states : to;
}

static bool accepts_from(const struct rw_dfa *dfa, uint32_t state)
{
    return state < dfa->states && dfa->accepting[state];
}

/* Joins p and q; a pair that was not joined before goes into the queue. */
static void meet(struct pairing *m, uint32_t p, uint32_t q, size_t from, uint32_t symbol)
{
    uint32_t x = find(m->parent, p), y = find(m->parent, (uint32_t)m->a->states + 1 + q);
    if (x == y)
        return;
    m->parent[x] = y;
    m->queue = rw_grow(m->queue, &m->capacity, m->count + 1, sizeof *m->queue);
    m->queue[m->count++] = (struct pair){p, q, from, symbol};
}

/* The letters that led to a pair, first to last. */
static void spell(const struct pairing *m, size_t at, struct rw_word *word)
{
    word->length = 0;
    for (; at > 0; at = m->queue[at].from)
        rw_word_push(word, m->queue[at].symbol);
    rw_word_reverse(word, 0);
}

bool rw_dfa_equivalent(const struct rw_dfa *a, const struct rw_dfa *b, struct rw_word *word)
{
    struct pairing m = {.a = a, .b = b};
    size_t nodes = a->states + b->states + 2;
    bool equal = true;
    m.parent = rw_alloc(nodes, sizeof *m.parent);
    for (size_t i = 0; i < nodes; i++)
        m.parent[i] = (uint32_t)i;
    meet(&m, a->initial, b->initial, 0, 0);
    for (size_t i = 0; i < m.count && equal; i++) {
        struct pair pair = m.queue[i];
        equal = accepts_from(a, pair.p) == accepts_from(b, pair.q);
        if (!equal)
            spell(&m, i, word);
        for (uint32_t s = 0; equal && s < a->symbols; s++)
            meet(&m, follow(a, pair.p, s), follow(b, pair.q, s), i, s);
    }
    free(m.parent);
    free(m.queue);
    return equal;
}

/* --- letters --- */

enum rw_letter rw_dfa_letter(const struct rw_dfa *dfa, uint32_t symbol, uint32_t *p, uint32_t *q)
{
    uint32_t *from = rw_alloc(dfa->states, sizeof *from);
    enum rw_letter letter = RW_LETTER_PERMUTATION;
    bool constant = dfa->states > 1;
    for (size_t s = 0; s < dfa->states; s++)
        from[s] = RW_NO_STATE;
    for (uint32_t s = 0; s < dfa->states; s++) {
        uint32_t to = dfa->next[s * dfa->symbols + symbol];
        constant = constant && to != RW_NO_STATE && to == dfa->next[symbol];
        if (to == RW_NO_STATE) {
            letter = letter == RW_LETTER_MERGES ? letter : RW_LETTER_INJECTIVE;
        } else if (from[to] == RW_NO_STATE) {
            from[to] = s;
        } else if (letter != RW_LETTER_MERGES) {
            letter = RW_LETTER_MERGES;
            if (p != NULL && q != NULL) {
                *p = from[to];
                *q = s;
            }
        }
    }
    free(from);
    return constant ? RW_LETTER_RESET : letter;
}
