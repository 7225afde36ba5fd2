/* registers.c - certificates of kind "registers": a cost-register automaton beside a network of ReLUs whose weights depend on the letter.
 *
 * The claim: after every word register r is a sum of units, R_r h. All units h are at least 0, being ReLUs. For each letter both R_r h' and the update of
 * R h are sums of linear forms in h and of ReLUs of such forms, which are brought to one shape and compared:
 *   ReLU(f) = f if no coefficient is negative, 0 if none is positive, else |c| ReLU(f / c) for the first coefficient c > 0,
 *   and ReLU(-g) = ReLU(g) - g where it is negative.
 * Nothing is searched for: equal shapes are equal functions, and the rest is induction over the word. */
#include <stdlib.h>
#include <string.h>

#include "automata/cra.h"
#include "base/memory.h"
#include "recheck/certificate.h"
#include "recheck/net.h"

/* factor * ReLU(form), a form being units + 1 numbers: the coefficient of each unit, and the constant. */
struct atom {
    fmpq *form;
    fmpq_t factor;
};

struct check {
    struct rw_certificate *certificate;
    const struct rw_cra *cra;
    const struct rw_alphabet *alphabet;
    struct rw_recheck_net *net;
    const struct rw_recheck_head *head;
    const struct rw_matrix *recurrent, *bias; /* both for each feature of the input */
    size_t units;
    bool *zero;       /* the units that are said to be 0 for ever */
    fmpq **registers; /* R_r */
    fmpq **arguments; /* of each unit's ReLU, after the token at hand */
    fmpq *linear;     /* with the atoms: what both sides differ by */
    struct atom *atoms;
    size_t count, capacity;
};

/* --- forms --- */

static fmpq *new_form(const struct check *c)
{
    return rw_q_list_new(c->units + 1);
}

static void free_form(const struct check *c, fmpq *form)
{
    rw_q_list_free(form, c->units + 1);
}

static void clear(const struct check *c, fmpq *form)
{
    for (size_t j = 0; j <= c->units; j++)
        fmpq_zero(form + j);
}

/* to += factor * from */
static void add(const struct check *c, fmpq *to, const fmpq_t factor, const fmpq *from)
{
    for (size_t j = 0; j <= c->units; j++)
        fmpq_addmul(to + j, factor, from + j);
}

static void add_times(const struct check *c, fmpq *to, slong factor, const fmpq *from)
{
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_si(q, factor, 1);
    add(c, to, q, from);
    fmpq_clear(q);
}

static bool same(const struct check *c, const fmpq *a, const fmpq *b)
{
    for (size_t j = 0; j <= c->units; j++)
        if (!fmpq_equal(a + j, b + j))
            return false;
    return true;
}

/* Whether some coefficient, the constant among them, has this sign. */
static bool has_sign(const struct check *c, const fmpq *form, int sign)
{
    for (size_t j = 0; j <= c->units; j++)
        if (fmpq_sgn(form + j) == sign)
            return true;
    return false;
}

/* --- the difference of both sides --- */

static void add_atom(struct check *c, const fmpq_t factor, const fmpq *form)
{
    for (size_t i = 0; i < c->count; i++)
        if (same(c, c->atoms[i].form, form)) {
            fmpq_add(c->atoms[i].factor, c->atoms[i].factor, factor);
            return;
        }
    c->atoms = rw_grow(c->atoms, &c->capacity, c->count + 1, sizeof *c->atoms);
    struct atom *atom = c->atoms + c->count++;
    atom->form = new_form(c);
    add_times(c, atom->form, 1, form);
    fmpq_init(atom->factor);
    fmpq_set(atom->factor, factor);
}

/* += factor * ReLU(form) */
static void add_relu(struct check *c, const fmpq_t factor, const fmpq *form)
{
    if (!has_sign(c, form, 1))
        return;
    if (!has_sign(c, form, -1)) {
        add(c, c->linear, factor, form);
        return;
    }
    size_t first = 0;
    while (fmpq_is_zero(form + first))
        first++;
    fmpq_t scale, weight;
    fmpq_init(scale);
    fmpq_init(weight);
    fmpq *g = new_form(c);
    fmpq_inv(scale, form + first);
    add(c, g, scale, form);
    fmpq_abs(weight, form + first);
    fmpq_mul(weight, weight, factor);
    add_atom(c, weight, g);
    if (fmpq_sgn(form + first) < 0) {
        fmpq_neg(weight, weight);
        add(c, c->linear, weight, g);
    }
    free_form(c, g);
    fmpq_clear(scale);
    fmpq_clear(weight);
}

static bool nothing_is_left(const struct check *c)
{
    bool nothing = !has_sign(c, c->linear, 1) && !has_sign(c, c->linear, -1);
    for (size_t i = 0; i < c->count; i++)
        nothing = nothing && fmpq_is_zero(c->atoms[i].factor);
    return nothing;
}

static void forget_difference(struct check *c)
{
    clear(c, c->linear);
    for (size_t i = 0; i < c->count; i++) {
        free_form(c, c->atoms[i].form);
        fmpq_clear(c->atoms[i].factor);
    }
    c->count = 0;
}

/* --- the network --- */

static bool read_net(struct check *c)
{
    struct rw_certificate *certificate = c->certificate;
    c->net = rw_recheck_net_read(certificate->right.source, certificate->limits, certificate->why);
    if (c->net == NULL) {
        certificate->result = RW_RECHECK_UNREADABLE;
        return false;
    }
    const struct rw_recheck_layer *layer = c->net->layer;
    if (c->net->layers != 1 || layer->heads != 1 || layer->in != NULL || layer->head->family != RW_RECHECK_RELU_INPUT ||
        c->net->decision != RW_RECHECK_VALUE || c->net->padding > 0)
        return RW_FAILS(certificate, "right", RW_WHOLE_KEY, "the net is not one relu-input head that gives values");
    c->head = layer->head;
    c->units = c->head->coordinates;
    c->recurrent = rw_recheck_param(c->head, "recurrent")->weights;
    c->bias = rw_recheck_param(c->head, "bias")->weights;
    return rw_alphabet_equal(c->net->tokens, c->alphabet) ||
           RW_FAILS(certificate, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
}

/* The arguments of all units after the token, without the units that are 0 for ever. */
static void take_token(struct check *c, uint32_t token)
{
    for (size_t k = 0; k < c->units; k++)
        clear(c, c->arguments[k]);
    const struct rw_matrix *embedding = c->net->embedding;
    for (size_t x = embedding->start[token]; x < embedding->start[token + 1]; x++) {
        const fmpq *input = embedding->value + x;
        uint32_t feature = embedding->row[x];
        for (size_t e = c->recurrent->start[feature]; e < c->recurrent->start[feature + 1]; e++) {
            size_t unit = c->recurrent->row[e] / c->units, from = c->recurrent->row[e] % c->units;
            if (!c->zero[from])
                fmpq_addmul(c->arguments[unit] + from, c->recurrent->value + e, input);
        }
        for (size_t e = c->bias->start[feature]; e < c->bias->start[feature + 1]; e++)
            fmpq_addmul(c->arguments[c->bias->row[e]] + c->units, c->bias->value + e, input);
    }
}

/* --- the certificate --- */

static bool read_zeros(struct check *c)
{
    const json_t *list = json_object_get(c->certificate->root, "zeros");
    json_int_t before = -1;
    bool good = json_is_array(list);
    for (size_t k = 0; k < json_array_size(list) && good; k++) {
        const json_t *unit = json_array_get(list, k);
        good = json_is_integer(unit) && json_integer_value(unit) > before &&
               json_integer_value(unit) < (json_int_t)c->units;
        before = json_integer_value(unit);
        if (good)
            c->zero[before] = true;
    }
    return good || RW_UNREADABLE(c->certificate, "zeros", RW_WHOLE_KEY, "not a list of units in order");
}

static bool read_register(struct check *c, const json_t *row, size_t r)
{
    const json_t *units = json_object_get(row, "units");
    if (!rw_certificate_has_keys(c->certificate, row, "registers", r, "register|units"))
        return false;
    if (strcmp(rw_certificate_text(row, "register"), c->cra->names[r]) != 0)
        return RW_FAILS(c->certificate, "registers", r, "the register here is '%s'", c->cra->names[r]);
    bool good = json_is_array(units);
    size_t unit;
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = 0; e < json_array_size(units) && good; e++) {
        good = rw_certificate_entry(c->certificate, units, e, c->units, &unit, value) && !c->zero[unit];
        if (good)
            fmpq_set(c->registers[r] + unit, value);
    }
    fmpq_clear(value);
    return good || RW_UNREADABLE(c->certificate, "registers", r,
                                 "not a list of entries [unit, \"value\"] in order, of units that are not always 0");
}

static bool read_registers(struct check *c)
{
    const json_t *list = json_object_get(c->certificate->root, "registers");
    bool good = json_array_size(list) == c->cra->registers;
    if (!good)
        return RW_UNREADABLE(c->certificate, "registers", RW_WHOLE_KEY, "not a list of the %zu registers",
                             c->cra->registers);
    for (size_t r = 0; r < c->cra->registers && good; r++)
        good = read_register(c, json_array_get(list, r), r);
    return good;
}

static bool read_sides(struct check *c)
{
    struct rw_certificate *certificate = c->certificate;
    if (strcmp(rw_certificate_text(certificate->root, "claim"), "values") != 0) {
        RW_UNREADABLE(certificate, "claim", RW_WHOLE_KEY, "registers are about values");
        return false;
    }
    if (!rw_certificate_machine_beside_net(certificate, "machine"))
        return false;
    const struct rw_machine *machine = certificate->left.machine;
    if (machine->kind != &rw_cra_kind) {
        RW_FAILS(certificate, "left", RW_WHOLE_KEY, "the spec is no cost-register automaton");
        return false;
    }
    c->cra = machine->model;
    c->alphabet = machine->alphabet;
    return (rw_certificate_tokens_are(certificate, machine->alphabet) ||
            RW_FAILS(certificate, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens")) &&
           read_net(c);
}

/* --- what is checked --- */

/* A unit that is 0 stays so, whatever the others are. */
static bool check_zeros(struct check *c)
{
    uint32_t tokens = (uint32_t)rw_alphabet_size(c->alphabet);
    for (uint32_t token = 0; token <= tokens; token++) {
        take_token(c, token);
        for (size_t k = 0; k < c->units; k++) {
            bool rises = token == tokens ? fmpq_sgn(c->arguments[k] + c->units) > 0 : has_sign(c, c->arguments[k], 1);
            if (c->zero[k] && rises)
                return RW_FAILS(c->certificate, "zeros", RW_WHOLE_KEY, "unit %zu is not always 0", k);
        }
    }
    return true;
}

/* After BOS, all states being 0 before it, a unit is the ReLU of its argument's constant. */
static bool check_start(struct check *c)
{
    bool good = true;
    fmpq_t sum, initial;
    fmpq_init(sum);
    fmpq_init(initial);
    take_token(c, (uint32_t)rw_alphabet_size(c->alphabet));
    for (size_t r = 0; r < c->cra->registers && good; r++) {
        fmpq_zero(sum);
        for (size_t k = 0; k < c->units; k++)
            if (fmpq_sgn(c->arguments[k] + c->units) > 0)
                fmpq_addmul(sum, c->registers[r] + k, c->arguments[k] + c->units);
        fmpq_set_fmpz(initial, c->cra->initial + r);
        good = fmpq_equal(sum, initial) || RW_FAILS(c->certificate, "registers", r, "not the register at the start");
    }
    fmpq_clear(sum);
    fmpq_clear(initial);
    return good;
}

/* to += factor * a sum of registers, as a form of the units */
static void add_sum(const struct check *c, fmpq *to, slong factor, const struct rw_cra_form *sum)
{
    fmpq_t q;
    fmpq_init(q);
    for (size_t i = 0; i < sum->count; i++) {
        fmpq_set_fmpz(q, &sum->terms[i].coefficient);
        fmpq_mul_si(q, q, factor);
        add(c, to, q, c->registers[sum->terms[i].reg]);
    }
    fmpq_set_fmpz(q, &sum->constant);
    fmpq_mul_si(q, q, factor);
    fmpq_add(to + c->units, to + c->units, q);
    fmpq_clear(q);
}

/* Takes base + max(left, right) = base + right + ReLU(left - right) away; without an update the register as it was. */
static void subtract_update(struct check *c, uint32_t symbol, uint32_t r)
{
    const struct rw_cra_letter *letter = c->cra->letters + symbol;
    size_t i = 0;
    while (i < letter->count && letter->updates[i].target != r)
        i++;
    if (i == letter->count) {
        add_times(c, c->linear, -1, c->registers[r]);
        return;
    }
    const struct rw_cra_update *update = letter->updates + i;
    add_sum(c, c->linear, -1, &update->base);
    if (!update->has_max)
        return;
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    fmpq *difference = new_form(c);
    add_sum(c, c->linear, -1, &update->right);
    add_sum(c, difference, 1, &update->left);
    add_sum(c, difference, -1, &update->right);
    add_relu(c, minus, difference);
    free_form(c, difference);
    fmpq_clear(minus);
}

static bool check_letter(struct check *c, uint32_t symbol)
{
    bool good = true;
    take_token(c, symbol);
    for (uint32_t r = 0; r < c->cra->registers && good; r++) {
        forget_difference(c);
        for (size_t k = 0; k < c->units; k++)
            if (!fmpq_is_zero(c->registers[r] + k))
                add_relu(c, c->registers[r] + k, c->arguments[k]);
        subtract_update(c, symbol, r);
        good = nothing_is_left(c) || RW_FAILS(c->certificate, "registers", r, "not what '%s' makes of the register",
                                              rw_alphabet_name(c->alphabet, symbol));
    }
    return good;
}

/* Output 0 is the automaton's sum, whichever token came last. */
static bool check_output(struct check *c)
{
    const struct rw_matrix *embedding = c->net->embedding;
    struct rw_vector first, stream, units;
    rw_vector_init(&first, c->net->outputs);
    rw_vector_init(&stream, c->net->width);
    rw_vector_init(&units, c->units);
    rw_q_set_int(rw_vector_at(&first, 0), 1);
    rw_matrix_apply_transposed(c->net->readout, &first, &stream);
    rw_matrix_apply_transposed(c->head->output, &stream, &units);
    bool good = true;
    for (size_t token = 0; token < embedding->cols && good; token++) {
        clear(c, c->linear);
        add_sum(c, c->linear, -1, &c->cra->output);
        for (size_t j = 0; j < c->units; j++)
            if (!c->zero[j])
                fmpq_add(c->linear + j, c->linear + j, units.value + j);
        for (size_t e = embedding->start[token]; e < embedding->start[token + 1]; e++)
            fmpq_addmul(c->linear + c->units, embedding->value + e, stream.value + embedding->row[e]);
        good = (!has_sign(c, c->linear, 1) && !has_sign(c, c->linear, -1)) ||
               RW_FAILS(c->certificate, "registers", RW_WHOLE_KEY, "the output is not the automaton's sum of them");
    }
    rw_vector_clear(&first);
    rw_vector_clear(&stream);
    rw_vector_clear(&units);
    return good;
}

/* --- all of it --- */

static void make_room(struct check *c)
{
    c->zero = rw_alloc(c->units, sizeof *c->zero);
    c->linear = new_form(c);
    c->registers = rw_alloc(c->cra->registers, sizeof(fmpq *));
    c->arguments = rw_alloc(c->units, sizeof(fmpq *));
    for (size_t r = 0; r < c->cra->registers; r++)
        c->registers[r] = new_form(c);
    for (size_t k = 0; k < c->units; k++)
        c->arguments[k] = new_form(c);
}

static void free_room(struct check *c)
{
    for (size_t r = 0; c->registers != NULL && r < c->cra->registers; r++)
        free_form(c, c->registers[r]);
    for (size_t k = 0; c->arguments != NULL && k < c->units; k++)
        free_form(c, c->arguments[k]);
    free_form(c, c->linear);
    free(c->registers);
    free(c->arguments);
    free(c->zero);
    free(c->atoms);
    rw_recheck_net_free(c->net);
}

static void check_kind(struct rw_certificate *certificate)
{
    struct check c = {.certificate = certificate};
    bool good = read_sides(&c);
    if (good) {
        make_room(&c);
        good = read_zeros(&c) && read_registers(&c) && check_zeros(&c) && check_start(&c) && check_output(&c);
        for (uint32_t symbol = 0; symbol < c.cra->symbols && good; symbol++)
            good = check_letter(&c, symbol);
        forget_difference(&c);
    }
    free_room(&c);
}

const struct rw_certificate_kind rw_certificate_registers = {
    "registers", "rnnwit-certificate|kind|claim|left|right|tokens|zeros|registers", check_kind};
