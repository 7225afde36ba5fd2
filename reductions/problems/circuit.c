/* circuit.c - circuit value: R7, from circuits to words of one fixed two-stack machine (circuit_machine.h).
 *
 * The word pushes the value of one gate after the other on stack A, so that gate i of n so far lies n - 1 - i below the top. Its value is fetched
 * by as many d, read, and the stack is restored by as many u:
 *
 *     AND of the values k and l >= k below the top:   d^k x d^(l-k) y u^l &
 *
 * Gates of more operands and other kinds are chains of AND, OR, NOT of two (one). The solver instead lets values flow from the inputs to the
 * gates that wait for them, and counts ones. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/near.h"
#include "reductions/problems/circuit_machine.h"
#include "reductions/problems/netlist.h"
#include "reductions/problems/problem.h"
#include "reductions/problems/problems.h"

static const char *const keys[] = {"netlist", "inputs", "output", "monotone", NULL};

struct circuit {
    struct rw_netlist *net;
    uint8_t *given; /* for each gate that is an input: its value */
    size_t output;  /* the gate that is asked for */
    bool monotone;  /* the spec says so, and it is */
};

/* --- reading --- */

static void free_circuit(void *instance)
{
    struct circuit *c = instance;
    if (c == NULL)
        return;
    rw_netlist_free(c->net);
    free(c->given);
    free(c);
}

static void offer(struct rw_near *near, const struct rw_netlist *net, bool inputs)
{
    if (inputs)
        for (size_t i = 0; i < net->count; i++)
            if (net->gates[i].kind == RW_GATE_INPUT)
                rw_near_offer(near, net->gates[i].name);
    for (size_t i = 0; !inputs && i < net->output_count; i++)
        rw_near_offer(near, net->gates[net->outputs[i]].name);
}

/* One entry of 'inputs'. */
static void read_input(struct rw_reader *r, struct circuit *c, const struct rw_yaml *key, const struct rw_yaml *value,
                       uint8_t *seen)
{
    static const char *const values[] = {"0", "1", "false", "true", NULL};
    const char *name = rw_read_text(r, key, "the name of an input");
    size_t gate, choice;
    if (name == NULL)
        return;
    if (!rw_netlist_find(c->net, name, &gate) || c->net->gates[gate].kind != RW_GATE_INPUT) {
        bool is_gate = gate != SIZE_MAX;
        struct rw_near near = rw_near_start(name);
        rw_read_error(r, key, is_gate ? "'%.60s' is a gate, not an input" : "there is no input '%.60s'", name);
        offer(&near, c->net, true);
        rw_near_hint(&near, r->diag);
        return;
    }
    seen[gate] = 1;
    if (rw_read_choice(r, value, values, &choice))
        c->given[gate] = choice % 2;
}

static void read_inputs(struct rw_reader *r, struct circuit *c)
{
    const struct rw_yaml *node = rw_yaml_get(r->top, "inputs");
    if (node == NULL && c->net->inputs > 0)
        rw_read_key(r, r->top, "inputs");
    if (node == NULL || !rw_read_expect(r, node, RW_YAML_MAP, "a mapping of inputs to 0 or 1"))
        return;
    uint8_t *seen = rw_alloc(c->net->count, 1);
    for (size_t i = 0; i < node->count && rw_diag_count(r->diag) <= r->limits->errors; i++)
        read_input(r, c, node->keys[i], node->items[i], seen);
    for (size_t i = 0; i < c->net->count; i++)
        if (c->net->gates[i].kind == RW_GATE_INPUT && !seen[i])
            rw_read_error(r, node, "the input '%s' has no value", c->net->gates[i].name);
    free(seen);
}

static bool is_output(const struct rw_netlist *net, size_t gate)
{
    for (size_t i = 0; i < net->output_count; i++)
        if (net->outputs[i] == gate)
            return true;
    return false;
}

static void read_output(struct rw_reader *r, struct circuit *c)
{
    const struct rw_yaml *node = rw_yaml_get(r->top, "output");
    c->output = c->net->outputs[0];
    if (node == NULL) {
        if (c->net->output_count > 1) {
            rw_read_error(r, r->top, "the circuit has %zu outputs: the key 'output' must say which one is asked for",
                          c->net->output_count);
            rw_diag_hint(r->diag, "output: %s", c->net->gates[c->output].name);
        }
        return;
    }
    const char *name = rw_read_text(r, node, "the name of an output");
    if (name == NULL || (rw_netlist_find(c->net, name, &c->output) && is_output(c->net, c->output)))
        return;
    struct rw_near near = rw_near_start(name);
    rw_read_error(r, node, "there is no output '%.60s'", name);
    offer(&near, c->net, false);
    rw_near_hint(&near, r->diag);
}

static bool is_monotone(enum rw_gate_kind kind)
{
    return kind == RW_GATE_INPUT || kind == RW_GATE_ZERO || kind == RW_GATE_ONE || kind == RW_GATE_AND ||
           kind == RW_GATE_OR || kind == RW_GATE_BUFF;
}

static void read_monotone(struct rw_reader *r, struct circuit *c, const struct rw_yaml *netlist)
{
    static const char *const values[] = {"false", "true", NULL};
    const struct rw_yaml *node = rw_yaml_get(r->top, "monotone");
    size_t choice = 0;
    if (node == NULL || !rw_read_choice(r, node, values, &choice))
        return;
    c->monotone = choice == 1;
    for (size_t i = 0; c->monotone && i < c->net->count; i++) {
        const struct rw_gate *gate = c->net->gates + i;
        if (is_monotone(gate->kind))
            continue;
        rw_netlist_error(r, netlist, gate->at, gate->length,
                         "'%s' is a %s gate; a monotone circuit has only AND, OR, BUFF", gate->name,
                         rw_gate_word(gate->kind));
        if (rw_diag_count(r->diag) > r->limits->errors)
            return;
    }
}

static void *read_circuit(struct rw_reader *r)
{
    const struct rw_yaml *netlist = rw_read_key(r, r->top, "netlist");
    struct circuit *c = rw_alloc(1, sizeof *c);
    c->net = netlist == NULL ? NULL : rw_netlist_read(r, netlist);
    if (c->net == NULL) {
        free_circuit(c);
        return NULL;
    }
    c->given = rw_alloc(c->net->count, 1);
    read_inputs(r, c);
    read_output(r, c);
    read_monotone(r, c, netlist);
    if (r->good)
        return c;
    free_circuit(c);
    return NULL;
}

static void write_circuit(const void *instance, FILE *out)
{
    const struct circuit *c = instance;
    bool first = true;
    fputs("netlist: |\n", out);
    rw_netlist_write(c->net, "  ", out);
    fputs("inputs: {", out);
    for (size_t i = 0; i < c->net->count; i++) {
        if (c->net->gates[i].kind != RW_GATE_INPUT)
            continue;
        fputs(first ? "" : ", ", out);
        rw_write_scalar(out, c->net->gates[i].name);
        fprintf(out, ": %d", c->given[i]);
        first = false;
    }
    fputs("}\n", out);
    if (c->net->output_count > 1) {
        fputs("output: ", out);
        rw_write_scalar(out, c->net->gates[c->output].name);
        fputc('\n', out);
    }
    if (c->monotone)
        fputs("monotone: true\n", out);
}

static void size_of_circuit(const void *instance, FILE *out)
{
    const struct circuit *c = instance;
    size_t inputs = c->net->inputs, gates = c->net->count - inputs;
    fprintf(out, "%zu gate%s, %zu input%s", gates, gates == 1 ? "" : "s", inputs, inputs == 1 ? "" : "s");
}

/* --- the word --- */

/* Writes the word, or only measures it: `word` is NULL then. */
struct writer {
    struct rw_word *word;
    uint64_t length;
    size_t values; /* on stack A */
};

static void put(struct writer *w, enum rw_circuit_token token, size_t times)
{
    w->length += times;
    for (size_t i = 0; w->word != NULL && i < times; i++)
        rw_word_push(w->word, token);
}

static size_t push(struct writer *w, enum rw_circuit_token token)
{
    put(w, token, 1);
    return w->values++;
}

/* AND or OR of two values, by the numbers of their places from the bottom of A. Gives the result's. */
static size_t join(struct writer *w, enum rw_circuit_token token, size_t a, size_t b)
{
    size_t near = w->values - 1 - (a > b ? a : b), far = w->values - 1 - (a > b ? b : a);
    put(w, RW_TOKEN_DOWN, near);
    put(w, RW_TOKEN_FIRST, 1);
    put(w, RW_TOKEN_DOWN, far - near);
    put(w, RW_TOKEN_SECOND, 1);
    put(w, RW_TOKEN_UP, far);
    return push(w, token);
}

static size_t negate(struct writer *w, size_t a)
{
    size_t below = w->values - 1 - a;
    put(w, RW_TOKEN_DOWN, below);
    put(w, RW_TOKEN_FIRST, 1);
    put(w, RW_TOKEN_UP, below);
    return push(w, RW_TOKEN_NOT);
}

/* One of two, but not both. */
static size_t differ(struct writer *w, size_t a, size_t b)
{
    size_t one = join(w, RW_TOKEN_OR, a, b), both = join(w, RW_TOKEN_AND, a, b);
    return join(w, RW_TOKEN_AND, one, negate(w, both));
}

static size_t write_gate(struct writer *w, const struct circuit *c, size_t number, const size_t *place)
{
    const struct rw_gate *gate = c->net->gates + number;
    const size_t *operands = c->net->operands + gate->first;
    enum rw_gate_kind kind = gate->kind;
    if (kind == RW_GATE_INPUT)
        return push(w, c->given[number] ? RW_TOKEN_ONE : RW_TOKEN_ZERO);
    if (kind == RW_GATE_ZERO || kind == RW_GATE_ONE)
        return push(w, kind == RW_GATE_ONE ? RW_TOKEN_ONE : RW_TOKEN_ZERO);
    size_t value = place[operands[0]];
    for (size_t i = 1; i < gate->count; i++) {
        size_t other = place[operands[i]];
        if (kind == RW_GATE_XOR || kind == RW_GATE_XNOR)
            value = differ(w, value, other);
        else
            value = join(w, kind == RW_GATE_AND || kind == RW_GATE_NAND ? RW_TOKEN_AND : RW_TOKEN_OR, value, other);
    }
    bool inverted = kind == RW_GATE_NAND || kind == RW_GATE_NOR || kind == RW_GATE_XNOR || kind == RW_GATE_NOT;
    return inverted ? negate(w, value) : value;
}

/* All gates in their order, then the output's value once more, unless it is on top. */
static void write_word(struct writer *w, const struct circuit *c)
{
    size_t *place = rw_alloc(c->net->count, sizeof *place);
    for (size_t i = 0; i < c->net->count; i++)
        place[c->net->order[i]] = write_gate(w, c, c->net->order[i], place);
    size_t answer = place[c->output];
    if (answer + 1 < w->values)
        join(w, RW_TOKEN_AND, answer, answer);
    free(place);
}

static bool reduce(const void *instance, const struct rw_limits *limits, struct rw_diag *diag,
                   struct rw_machine **machine, struct rw_word *word)
{
    struct writer measure = {.word = NULL}, writer = {.word = word};
    write_word(&measure, instance);
    if (!rw_problem_fits(limits, diag, measure.length))
        return false;
    write_word(&writer, instance);
    *machine = rw_circuit_machine();
    return true;
}

/* --- the direct solver --- */

/* Gates wait for their operands' values; a value goes to all gates that wait for it. */
struct flow {
    const struct circuit *c;
    size_t *start, *users;  /* users[start[g]] ... users[start[g+1]-1] have the operand g, as often as they have it */
    size_t *missing, *ones; /* of each gate's operands */
    size_t *ready, ready_count;
    uint8_t *value;
};

static void find_users(struct flow *f)
{
    const struct rw_netlist *net = f->c->net;
    for (size_t g = 0; g < net->count; g++)
        for (size_t i = 0; i < net->gates[g].count; i++)
            f->start[net->operands[net->gates[g].first + i] + 1]++;
    for (size_t g = 0; g < net->count; g++)
        f->start[g + 1] += f->start[g];
    size_t *next = rw_alloc(net->count + 1, sizeof *next);
    memcpy(next, f->start, (net->count + 1) * sizeof *next);
    for (size_t g = 0; g < net->count; g++)
        for (size_t i = 0; i < net->gates[g].count; i++)
            f->users[next[net->operands[net->gates[g].first + i]]++] = g;
    free(next);
}

static uint8_t value_of(const struct flow *f, size_t g)
{
    size_t count = f->c->net->gates[g].count, ones = f->ones[g];
    switch (f->c->net->gates[g].kind) {
    case RW_GATE_INPUT:
        return f->c->given[g];
    case RW_GATE_ZERO:
        return 0;
    case RW_GATE_ONE:
        return 1;
    case RW_GATE_AND:
        return ones == count;
    case RW_GATE_NAND:
        return ones < count;
    case RW_GATE_OR:
    case RW_GATE_BUFF:
        return ones > 0;
    case RW_GATE_NOR:
    case RW_GATE_NOT:
        return ones == 0;
    case RW_GATE_XOR:
        return ones % 2;
    case RW_GATE_XNOR:
        return ones % 2 == 0;
    }
    return 0;
}

static void flow(struct flow *f)
{
    const struct rw_netlist *net = f->c->net;
    for (size_t g = 0; g < net->count; g++) {
        f->missing[g] = net->gates[g].count;
        if (f->missing[g] == 0)
            f->ready[f->ready_count++] = g;
    }
    while (f->ready_count > 0) {
        size_t g = f->ready[--f->ready_count];
        f->value[g] = value_of(f, g);
        for (size_t i = f->start[g]; i < f->start[g + 1]; i++) {
            size_t user = f->users[i];
            f->ones[user] += f->value[g];
            if (--f->missing[user] == 0)
                f->ready[f->ready_count++] = user;
        }
    }
}

static void solve(const void *instance, fmpq_t answer)
{
    const struct circuit *c = instance;
    size_t count = c->net->count;
    struct flow f = {.c = c,
                     .start = rw_alloc(count + 1, sizeof *f.start),
                     .users = rw_alloc(c->net->operand_count, sizeof *f.users),
                     .missing = rw_alloc(count, sizeof *f.missing),
                     .ones = rw_alloc(count, sizeof *f.ones),
                     .ready = rw_alloc(count, sizeof *f.ready),
                     .value = rw_alloc(count, 1)};
    find_users(&f);
    flow(&f);
    fmpq_set_si(answer, f.value[c->output], 1);
    free(f.start);
    free(f.users);
    free(f.missing);
    free(f.ones);
    free(f.ready);
    free(f.value);
}

const struct rw_problem_kind rw_problem_circuit = {
    .name = "circuit",
    .title = "the value of a circuit",
    .complexity = "P",
    .completeness = "complete for P under logspace reductions, monotone circuits too",
    .reference = "Ladner 1975; Goldschlager 1977 (monotone)",
    .family = "mlp",
    .reduction = "R7: gates become AND, OR, NOT of two; each is pushed on a stack, its operands fetched from below by "
                 "d...d, put back by u...u",
    .keys = keys,
    .read = read_circuit,
    .free_instance = free_circuit,
    .size = size_of_circuit,
    .reduce = reduce,
    .solve = solve,
    .write = write_circuit,
};
