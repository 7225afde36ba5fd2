/* equal_registers.c - cost-register automata beside input-dependent ReLU RNNs, for all words (theory V4, W12).
 *
 * All units are at least 0, and the relation R says that R h are the registers. For each letter both R h' and the automaton's update of R h are
 * sums of linear forms in h and of ReLUs of such forms. A ReLU of a form without negative coefficients is the form, of one without positive ones 0; the others
 * are kept as they are, the first coefficient made 1: ReLU(-g) = ReLU(g) - g. If both sides have the same sum for every letter, the start and
 * the output, then R h are the registers after every word. */
#include "verify/equal_registers.h"

#include <stdlib.h>
#include <string.h>

#include "automata/cra.h"
#include "base/memory.h"

/* constant + sum of value[j] * h[j], dense. */
struct form {
    fmpq *value; /* units, then the constant */
};

/* linear + sum of factor * ReLU(atom) */
struct sum {
    struct form linear;
    struct form *atoms;
    fmpq *factors;
    size_t count, capacity;
};

struct comparison {
    const struct rw_cra *cra;
    const struct rw_net *net;
    const struct rw_head *head;
    size_t units;
    uint8_t *zero;          /* units that are always 0 */
    struct form *registers; /* R h, one for each register */
    struct form *pre;       /* of the letter at hand, one for each unit */
};

/* --- forms --- */

static struct form new_form(const struct comparison *c)
{
    struct form form = {rw_alloc(c->units + 1, sizeof(fmpq))};
    for (size_t j = 0; j <= c->units; j++)
        fmpq_init(form.value + j);
    return form;
}

static void free_form(const struct comparison *c, struct form form)
{
    for (size_t j = 0; j <= c->units; j++)
        fmpq_clear(form.value + j);
    free(form.value);
}

static struct form *new_forms(const struct comparison *c, size_t count)
{
    struct form *forms = rw_alloc(count, sizeof *forms);
    for (size_t i = 0; i < count; i++)
        forms[i] = new_form(c);
    return forms;
}

static void free_forms(const struct comparison *c, struct form *forms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free_form(c, forms[i]);
    free(forms);
}

static void add_form(const struct comparison *c, struct form to, const fmpq *factor, struct form from)
{
    for (size_t j = 0; j <= c->units; j++)
        rw_q_addmul(to.value + j, factor, from.value + j);
}

static bool same_form(const struct comparison *c, struct form a, struct form b)
{
    for (size_t j = 0; j <= c->units; j++)
        if (!rw_q_equal(a.value + j, b.value + j))
            return false;
    return true;
}

/* What the form can be, units being at least 0: 1 never negative, -1 never positive (also 0), 0 either. */
static int sign_of(const struct comparison *c, struct form form)
{
    bool positive = false, negative = false;
    for (size_t j = 0; j <= c->units; j++) {
        int sign = rw_q_sign(form.value + j);
        positive = positive || sign > 0;
        negative = negative || sign < 0;
    }
    return positive && negative ? 0 : positive ? 1 : -1;
}

/* --- sums --- */

static struct sum new_sum(const struct comparison *c)
{
    return (struct sum){.linear = new_form(c)};
}

static void free_sum(const struct comparison *c, struct sum *sum)
{
    free_form(c, sum->linear);
    for (size_t i = 0; i < sum->count; i++) {
        free_form(c, sum->atoms[i]);
        fmpq_clear(sum->factors + i);
    }
    free(sum->atoms);
    free(sum->factors);
}

static void add_atom(const struct comparison *c, struct sum *sum, const fmpq *factor, struct form atom)
{
    for (size_t i = 0; i < sum->count; i++)
        if (same_form(c, sum->atoms[i], atom)) {
            fmpq_add(sum->factors + i, sum->factors + i, factor);
            return;
        }
    size_t capacity = sum->capacity;
    sum->atoms = rw_grow(sum->atoms, &capacity, sum->count + 1, sizeof *sum->atoms);
    sum->factors = rw_grow(sum->factors, &sum->capacity, sum->count + 1, sizeof *sum->factors);
    sum->atoms[sum->count] = new_form(c);
    fmpq_init(sum->factors + sum->count);
    fmpq_set(sum->factors + sum->count, factor);
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    add_form(c, sum->atoms[sum->count++], one, atom);
    fmpq_clear(one);
}

/* sum += factor * ReLU(form) */
static void add_relu(const struct comparison *c, struct sum *sum, const fmpq *factor, struct form form)
{
    int sign = sign_of(c, form);
    if (sign > 0)
        add_form(c, sum->linear, factor, form);
    if (sign != 0)
        return;
    size_t first = 0;
    while (rw_q_is_zero(form.value + first))
        first++;
    bool negative = rw_q_sign(form.value + first) < 0;
    struct form atom = new_form(c);
    fmpq_t scale, scaled;
    fmpq_init(scale);
    fmpq_init(scaled);
    fmpq_inv(scale, form.value + first);
    add_form(c, atom, scale, form); /* the first coefficient is 1 */
    fmpq_abs(scaled, form.value + first);
    fmpq_mul(scaled, scaled, factor);
    add_atom(c, sum, scaled, atom);
    if (negative) { /* ReLU(-g) = ReLU(g) - g */
        fmpq_neg(scaled, scaled);
        add_form(c, sum->linear, scaled, atom);
    }
    fmpq_clear(scale);
    fmpq_clear(scaled);
    free_form(c, atom);
}

/* a -= b, and whether nothing is left. */
static bool cancel(const struct comparison *c, struct sum *a, const struct sum *b)
{
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    add_form(c, a->linear, minus, b->linear);
    for (size_t i = 0; i < b->count; i++) {
        fmpq_neg(minus, b->factors + i);
        add_atom(c, a, minus, b->atoms[i]);
    }
    bool zero = true;
    for (size_t j = 0; j <= c->units; j++)
        zero = zero && rw_q_is_zero(a->linear.value + j);
    for (size_t i = 0; i < a->count; i++)
        zero = zero && rw_q_is_zero(a->factors + i);
    fmpq_clear(minus);
    return zero;
}

/* --- the network's side --- */

/* The embedding of a token is the input of the one layer. */
static void read_pre(struct comparison *c, uint32_t token)
{
    const struct rw_matrix *embedding = c->net->embedding, *recurrent = c->head->params[0], *bias = c->head->params[1];
    for (size_t k = 0; k < c->units; k++)
        for (size_t j = 0; j <= c->units; j++)
            fmpq_zero(c->pre[k].value + j);
    for (size_t x = embedding->start[token]; x < embedding->start[token + 1]; x++) {
        const fmpq *input = embedding->value + x;
        uint32_t feature = embedding->row[x];
        for (size_t e = recurrent->start[feature]; e < recurrent->start[feature + 1]; e++) {
            size_t unit = recurrent->row[e] / c->units, from = recurrent->row[e] % c->units;
            if (!c->zero[from])
                fmpq_addmul(c->pre[unit].value + from, recurrent->value + e, input);
        }
        for (size_t e = bias->start[feature]; e < bias->start[feature + 1]; e++)
            fmpq_addmul(c->pre[bias->row[e]].value + c->units, bias->value + e, input);
    }
}

/* Units that are 0 at the start, and stay 0 as long as all of them are. */
static void find_zeros(struct comparison *c)
{
    uint32_t tokens = (uint32_t)rw_alphabet_size(c->net->tokens);
    memset(c->zero, 1, c->units);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t token = 0; token <= tokens; token++) {
            read_pre(c, token);
            for (size_t k = 0; k < c->units; k++) {
                bool stays = token == tokens ? rw_q_sign(c->pre[k].value + c->units) <= 0 : sign_of(c, c->pre[k]) < 0;
                changed = changed || (c->zero[k] && !stays);
                c->zero[k] = c->zero[k] && stays;
            }
        }
    }
}

static bool read_relation(struct comparison *c)
{
    const struct rw_relation *relation = c->net->relation;
    if (relation == NULL || relation->count != c->cra->registers)
        return false;
    for (size_t r = 0; r < relation->count; r++) {
        char *name = rw_format("register %s", c->cra->names[r]);
        bool same = strcmp(name, relation->quantities[r]) == 0;
        free(name);
        if (!same)
            return false;
    }
    for (size_t j = 0; j < c->units; j++)
        for (size_t e = relation->matrix->start[j]; e < relation->matrix->start[j + 1]; e++)
            if (!c->zero[j])
                fmpq_set(c->registers[relation->matrix->row[e]].value + j, relation->matrix->value + e);
    return true;
}

/* --- the automaton's side --- */

/* to += factor * form of the registers */
static void add_registers(const struct comparison *c, struct form to, const fmpq *factor,
                          const struct rw_cra_form *form)
{
    fmpq_t product, constant;
    fmpq_init(product);
    fmpq_init(constant);
    for (size_t i = 0; i < form->count; i++) {
        fmpq_mul_fmpz(product, factor, &form->terms[i].coefficient);
        add_form(c, to, product, c->registers[form->terms[i].reg]);
    }
    fmpq_mul_fmpz(constant, factor, &form->constant);
    fmpq_add(to.value + c->units, to.value + c->units, constant);
    fmpq_clear(product);
    fmpq_clear(constant);
}

static void updated(const struct comparison *c, uint32_t symbol, uint32_t target, struct sum *sum)
{
    const struct rw_cra_letter *letter = c->cra->letters + symbol;
    const struct rw_cra_update *update = NULL;
    fmpq_t one, minus;
    fmpq_init(one);
    fmpq_init(minus);
    fmpq_one(one);
    fmpq_set_si(minus, -1, 1);
    for (size_t i = 0; i < letter->count; i++)
        if (letter->updates[i].target == target)
            update = letter->updates + i;
    if (update == NULL) {
        add_form(c, sum->linear, one, c->registers[target]);
    } else {
        add_registers(c, sum->linear, one, &update->base);
        if (update->has_max) { /* max(l, r) = r + ReLU(l - r) */
            struct form difference = new_form(c);
            add_registers(c, sum->linear, one, &update->right);
            add_registers(c, difference, one, &update->left);
            add_registers(c, difference, minus, &update->right);
            add_relu(c, sum, one, difference);
            free_form(c, difference);
        }
    }
    fmpq_clear(one);
    fmpq_clear(minus);
}

/* --- comparing --- */

static bool letter_agrees(struct comparison *c, uint32_t symbol)
{
    bool agrees = true;
    read_pre(c, symbol);
    for (uint32_t r = 0; r < c->cra->registers && agrees; r++) {
        struct sum network = new_sum(c), machine = new_sum(c);
        for (size_t k = 0; k < c->units; k++)
            if (!rw_q_is_zero(c->registers[r].value + k))
                add_relu(c, &network, c->registers[r].value + k, c->pre[k]);
        updated(c, symbol, r, &machine);
        agrees = cancel(c, &network, &machine);
        free_sum(c, &network);
        free_sum(c, &machine);
    }
    return agrees;
}

static bool start_agrees(struct comparison *c)
{
    bool agrees = true;
    fmpq_t value, initial;
    fmpq_init(value);
    fmpq_init(initial);
    read_pre(c, (uint32_t)rw_alphabet_size(c->net->tokens));
    for (size_t r = 0; r < c->cra->registers; r++) {
        fmpq_zero(value);
        for (size_t k = 0; k < c->units; k++)
            if (rw_q_sign(c->pre[k].value + c->units) > 0)
                fmpq_addmul(value, c->registers[r].value + k, c->pre[k].value + c->units);
        fmpq_set_fmpz(initial, c->cra->initial + r);
        agrees = agrees && fmpq_equal(value, initial);
    }
    fmpq_clear(value);
    fmpq_clear(initial);
    return agrees;
}

/* Output 0 as a form of the units, for each token that may have come last. */
static bool output_agrees(const struct comparison *c)
{
    struct rw_vector first, stream, units;
    struct form machine = new_form(c), network = new_form(c);
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    add_registers(c, machine, one, &c->cra->output);
    rw_vector_init(&first, c->net->output_count);
    rw_vector_init(&stream, c->net->width);
    rw_vector_init(&units, c->units);
    rw_q_set_int(rw_vector_at(&first, 0), 1);
    rw_matrix_apply_transposed(c->net->readout, &first, &stream);
    rw_matrix_apply_transposed(c->head->output, &stream, &units);
    for (size_t j = 0; j < c->units; j++)
        if (!c->zero[j])
            fmpq_set(network.value + j, units.value + j);
    bool agrees = true;
    const struct rw_matrix *embedding = c->net->embedding;
    for (size_t token = 0; token < embedding->cols; token++) {
        fmpq_zero(network.value + c->units);
        for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
            fmpq_addmul(network.value + c->units, embedding->value + e, stream.value + embedding->row[e]);
        agrees = agrees && same_form(c, machine, network);
    }
    rw_vector_clear(&first);
    rw_vector_clear(&stream);
    rw_vector_clear(&units);
    free_form(c, machine);
    free_form(c, network);
    fmpq_clear(one);
    return agrees;
}

static enum rw_equality say(FILE *why, const char *reason)
{
    if (why != NULL)
        fputs(reason, why);
    return RW_UNDECIDED;
}

static enum rw_equality compare(struct comparison *c, FILE *why)
{
    find_zeros(c);
    if (!read_relation(c))
        return say(why, "the network does not say where it keeps the registers");
    if (!start_agrees(c))
        return say(why, "the units do not hold the registers at the start");
    if (!output_agrees(c))
        return say(why, "the output is not the automaton's sum of registers");
    for (uint32_t symbol = 0; symbol < c->cra->symbols; symbol++)
        if (!letter_agrees(c, symbol)) {
            if (why != NULL)
                fprintf(why, "the units do not hold the registers after '%s' wherever they are at least 0",
                        rw_alphabet_name(c->net->tokens, symbol));
            return RW_UNDECIDED;
        }
    if (why != NULL)
        fprintf(why,
                "by induction: for each of %zu letters the network's units and the automaton's %zu registers are "
                "changed by the same "
                "sums of linear forms and ReLUs",
                c->cra->symbols, c->cra->registers);
    return RW_EQUAL;
}

bool rw_net_has_registers(const struct rw_net *net)
{
    return net->padding == 0 && net->layer_count == 1 && net->layers[0].head_count == 1 &&
           net->layers[0].feedforward == NULL && strcmp(net->layers[0].heads[0].family->name, "relu-input") == 0;
}

static void keep_claims(const struct comparison *c, struct rw_register_proof *proof)
{
    proof->units = c->units;
    proof->registers = c->cra->registers;
    proof->zero = rw_alloc(c->units, 1);
    memcpy(proof->zero, c->zero, c->units);
    proof->sums = rw_alloc(proof->registers * proof->units, sizeof *proof->sums);
    for (size_t r = 0; r < proof->registers; r++)
        for (size_t k = 0; k < proof->units; k++) {
            fmpq_init(proof->sums + r * proof->units + k);
            fmpq_set(proof->sums + r * proof->units + k, c->registers[r].value + k);
        }
}

void rw_register_proof_clear(struct rw_register_proof *proof)
{
    for (size_t i = 0; i < proof->registers * proof->units; i++)
        fmpq_clear(proof->sums + i);
    free(proof->sums);
    free(proof->zero);
    *proof = (struct rw_register_proof){0};
}

enum rw_equality rw_equal_registers(const struct rw_machine *machine, const struct rw_net *net,
                                    struct rw_register_proof *proof, FILE *why)
{
    if (proof != NULL)
        *proof = (struct rw_register_proof){0};
    if (machine->kind != &rw_cra_kind || !rw_net_has_registers(net))
        return say(why, "it is not a cost-register automaton beside one layer of an input-dependent ReLU RNN");
    struct comparison c = {.cra = machine->model, .net = net, .head = net->layers[0].heads};
    c.units = c.head->dims[0];
    c.zero = rw_alloc(c.units, 1);
    c.registers = new_forms(&c, c.cra->registers);
    c.pre = new_forms(&c, c.units);
    enum rw_equality result = compare(&c, why);
    if (result == RW_EQUAL && proof != NULL)
        keep_claims(&c, proof);
    free_forms(&c, c.registers, c.cra->registers);
    free_forms(&c, c.pre, c.units);
    free(c.zero);
    return result;
}
