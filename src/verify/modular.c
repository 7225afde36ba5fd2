/* modular.c - one long random word through both sides, the growing numbers modulo a prime.
 *
 * If both values differ at some prefix, their difference is a nonzero rational number a/b, and only primes that divide a hide it: at most
 * log2(a) / 60 of the primes between 2^60 and 2^61, of which there are more than 2^54. */
#include "verify/modular.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <flint/flint.h>

#include "automata/dfa.h"
#include "automata/matrix_product.h"
#include "automata/wfa.h"
#include "base/memory.h"
#include "base/random.h"
#include "rnn/run.h"
#include "verify/match.h"
#include "verify/modular_head.h"

#define STEPS_BETWEEN_REPORTS 1024
/* log2 of a lower bound for the number of primes between 2^60 and 2^61 (about 2^60 / ln 2^61). */
#define LOG2_PRIMES 54

/* --- the machine --- */

struct machine_side {
    const struct rw_machine *machine;
    nmod_t mod;
    const struct rw_wfa *wfa; /* NULL: a matrix product */
    struct rw_wfa *own;
    struct rw_residues *letters;
    mp_limb_t *row, *next, *omega;
    size_t size;
    /* matrix products */
    const struct rw_matrix_product *product;
    mp_limb_t *entries, *matrix;
    size_t place;
};

static bool start_wfa(struct machine_side *side)
{
    const struct rw_wfa *wfa = side->wfa;
    bool good = true;
    side->size = wfa->states;
    side->row = rw_alloc(wfa->states, sizeof *side->row);
    side->next = rw_alloc(wfa->states, sizeof *side->next);
    side->omega = rw_alloc(wfa->states, sizeof *side->omega);
    side->letters = rw_alloc(wfa->symbols, sizeof *side->letters);
    for (size_t q = 0; q < wfa->states; q++)
        good = rw_residue(wfa->alpha + q, side->mod, side->row + q) &&
               rw_residue(wfa->omega + q, side->mod, side->omega + q) && good;
    for (uint32_t a = 0; a < wfa->symbols; a++)
        good = rw_residues_init(side->letters + a, wfa->letters[a], side->mod) && good;
    return good;
}

static bool start_product(struct machine_side *side)
{
    size_t d = side->product->dimension;
    bool good = true;
    side->size = d * d;
    side->row = rw_alloc(d * d, sizeof *side->row); /* the product so far */
    side->next = rw_alloc(d * d, sizeof *side->next);
    side->matrix = rw_alloc(d * d, sizeof *side->matrix);
    side->entries = rw_alloc(side->product->symbols, sizeof *side->entries);
    for (size_t i = 0; i < d; i++)
        side->row[i * d + i] = 1;
    for (size_t s = 0; s < side->product->symbols; s++)
        good = rw_residue(side->product->entries + s, side->mod, side->entries + s) && good;
    return good;
}

/* false: the prime divides a denominator. */
static bool machine_start(struct machine_side *side, const struct rw_machine *machine, nmod_t mod)
{
    *side = (struct machine_side){.machine = machine, .mod = mod};
    if (machine->kind == &rw_matrix_product_kind || machine->kind == &rw_matrix_product_sign_kind) {
        side->product = machine->model;
        return start_product(side);
    }
    if (machine->kind == &rw_dfa_kind)
        side->wfa = side->own = rw_wfa_of_dfa(machine->model);
    else
        side->wfa = machine->model;
    return start_wfa(side);
}

static void machine_clear(struct machine_side *side)
{
    for (size_t a = 0; side->letters != NULL && a < side->wfa->symbols; a++)
        rw_residues_clear(side->letters + a);
    free(side->letters);
    free(side->row);
    free(side->next);
    free(side->omega);
    free(side->entries);
    free(side->matrix);
    rw_wfa_free(side->own);
}

static void swap_rows(struct machine_side *side)
{
    mp_limb_t *row = side->row;
    side->row = side->next;
    side->next = row;
}

static void multiply(struct machine_side *side)
{
    size_t d = side->product->dimension;
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++) {
            mp_limb_t sum = 0;
            for (size_t k = 0; k < d; k++)
                sum = nmod_add(sum, nmod_mul(side->row[i * d + k], side->matrix[k * d + j], side->mod), side->mod);
            side->next[i * d + j] = sum;
        }
    swap_rows(side);
}

static void machine_step(struct machine_side *side, uint32_t symbol)
{
    if (side->product != NULL) {
        side->matrix[side->place++] = side->entries[symbol];
        if (side->place == side->size) {
            multiply(side);
            side->place = 0;
        }
        return;
    }
    _nmod_vec_zero(side->next, (slong)side->size);
    rw_residues_apply(side->letters + symbol, side->row, side->next, side->mod);
    swap_rows(side);
}

/* false: this prefix has no value. */
static bool machine_value(const struct machine_side *side, mp_limb_t *value)
{
    *value = 0;
    if (side->product != NULL) {
        *value = side->row[side->product->row * side->product->dimension + side->product->col];
        return side->place == 0;
    }
    for (size_t q = 0; q < side->size; q++)
        *value = nmod_add(*value, nmod_mul(side->row[q], side->omega[q], side->mod), side->mod);
    return true;
}

/* --- the network --- */

/* The most bits of numerators and of denominators. */
struct widths {
    size_t numerator, denominator;
};

static void widen(struct widths *widths, const fmpq_t value)
{
    size_t numerator = fmpz_bits(fmpq_numref(value)), denominator = fmpz_bits(fmpq_denref(value)) - 1;
    if (numerator > widths->numerator)
        widths->numerator = numerator;
    if (denominator > widths->denominator)
        widths->denominator = denominator;
}

struct net_side {
    const struct rw_net *net;
    nmod_t mod;
    struct rw_net router; /* the net without its last layer; owns nothing */
    struct rw_run *run;   /* of the router, exact */
    struct rw_modular_head **heads;
    size_t head_count;
    struct rw_residues readout;
    struct rw_vector pre; /* of the last layer's feed-forward part */
    mp_limb_t *input, *stream, *outputs;
    struct widths met; /* of the last layer's inputs */
};

static const struct rw_layer *last_layer(const struct rw_net *net)
{
    return net->layers + net->layer_count - 1;
}

static bool net_start(struct net_side *side, const struct rw_net *net, nmod_t mod)
{
    const struct rw_layer *last = last_layer(net);
    bool good = true;
    *side = (struct net_side){.net = net, .mod = mod, .router = *net, .head_count = last->head_count};
    side->router.layer_count--;
    side->run = rw_run_new(&side->router);
    side->heads = rw_alloc(last->head_count, sizeof(struct rw_modular_head *));
    for (size_t h = 0; h < last->head_count; h++) {
        side->heads[h] = rw_modular_head_new(last->heads + h, mod);
        good = good && side->heads[h] != NULL;
    }
    good = rw_residues_init(&side->readout, net->readout, mod) && good;
    rw_vector_init(&side->pre, last->feedforward == NULL ? 0 : last->feedforward->neurons);
    side->input = rw_alloc(net->width, sizeof *side->input);
    side->stream = rw_alloc(net->width, sizeof *side->stream);
    side->outputs = rw_alloc(net->output_count, sizeof *side->outputs);
    return good;
}

static void net_clear(struct net_side *side)
{
    for (size_t h = 0; h < side->head_count; h++)
        rw_modular_head_free(side->heads[h]);
    free(side->heads);
    rw_run_free(side->run);
    rw_residues_clear(&side->readout);
    rw_vector_clear(&side->pre);
    free(side->input);
    free(side->stream);
    free(side->outputs);
}

/* The last layer's ReLUs read only what is exact: their sum is exact too, and then a residue. false: the prime divides a denominator. */
static bool add_feedforward(struct net_side *side, const struct rw_feedforward *part)
{
    bool good = true;
    fmpq_t term;
    mp_limb_t residue;
    fmpq_init(term);
    rw_vector_zero(&side->pre);
    rw_matrix_apply(part->in, rw_run_stream(side->run), &side->pre);
    for (size_t e = 0; e < rw_matrix_nonzeros(part->bias); e++) {
        fmpq *entry = rw_vector_at(&side->pre, part->bias->row[e]);
        fmpq_add(entry, entry, part->bias->value + e);
    }
    for (size_t k = 0; k < side->pre.count && good; k++) {
        uint32_t j = side->pre.touched[k];
        if (rw_q_sign(side->pre.value + j) <= 0)
            continue;
        for (size_t e = part->out->start[j]; e < part->out->start[j + 1] && good; e++) {
            fmpq_mul(term, part->out->value + e, side->pre.value + j);
            good = rw_residue(term, side->mod, &residue);
            side->stream[part->out->row[e]] = nmod_add(side->stream[part->out->row[e]], residue, side->mod);
        }
    }
    fmpq_clear(term);
    return good;
}

/* Output 0 after the last layer, whose input the router has made. */
static bool finish_step(struct net_side *side)
{
    const struct rw_vector *x = rw_run_stream(side->run);
    const struct rw_feedforward *part = last_layer(side->net)->feedforward;
    bool good = true;
    _nmod_vec_zero(side->input, (slong)side->net->width);
    for (size_t k = 0; k < x->count; k++)
        widen(&side->met, x->value + x->touched[k]);
    for (size_t k = 0; k < x->count; k++)
        good = rw_residue(x->value + x->touched[k], side->mod, side->input + x->touched[k]) && good;
    _nmod_vec_set(side->stream, side->input, (slong)side->net->width);
    for (size_t h = 0; h < side->head_count && good; h++)
        rw_modular_head_step(side->heads[h], side->input, side->stream);
    if (part != NULL && good)
        good = add_feedforward(side, part);
    _nmod_vec_zero(side->outputs, (slong)side->net->output_count);
    rw_residues_apply(&side->readout, side->stream, side->outputs, side->mod);
    return good;
}

static bool net_step(struct net_side *side, uint32_t token)
{
    rw_run_step(side->run, token);
    return finish_step(side);
}

/* --- whether it can be done --- */

/* No ReLU of the last layer may read what its heads write. */
static bool heads_reach_relu(const struct rw_layer *layer)
{
    if (layer->feedforward == NULL)
        return false;
    for (size_t h = 0; h < layer->head_count; h++) {
        const struct rw_matrix *output = layer->heads[h].output, *in = layer->feedforward->in;
        for (size_t e = 0; e < rw_matrix_nonzeros(output); e++)
            if (in->start[output->row[e]] < in->start[output->row[e] + 1])
                return true;
    }
    return false;
}

static bool possible(const struct rw_machine *machine, const struct rw_net *net, struct rw_diag *diag)
{
    const struct rw_machine_kind *kind = machine->kind;
    const char *why = NULL;
    if (kind != &rw_dfa_kind && kind != &rw_wfa_kind && kind != &rw_wfa_indicator_kind &&
        kind != &rw_matrix_product_kind && kind != &rw_matrix_product_sign_kind)
        why = "the machine is neither a dfa, a wfa nor a matrix product";
    else if (net->layer_count == 0 || last_layer(net)->head_count == 0)
        why = "the network's last layer has no head";
    else if (heads_reach_relu(last_layer(net)))
        why = "ReLUs of the network's last layer read what its heads write, and residues have no sign";
    for (size_t h = 0; why == NULL && h < last_layer(net)->head_count; h++)
        if (!rw_modular_head_possible(last_layer(net)->heads + h))
            why = "a head of the network's last layer is not linear in its state";
    if (why != NULL)
        rw_diag_error(diag, rw_span_none(), "modular verification does not apply: %s", why);
    return why == NULL && rw_comparable(machine, net, diag);
}

/* --- both --- */

static struct widths matrix_widths(const struct rw_matrix *m)
{
    struct widths widths = {0};
    for (size_t e = 0; e < rw_matrix_nonzeros(m); e++)
        widen(&widths, m->value + e);
    return widths;
}

/* Bits that one token adds at most: to numerators, the largest entry and the number of terms; to a common denominator, those of all entries. */
static uint64_t bits_per_token(const struct net_side *net, const struct machine_side *machine)
{
    uint64_t bits = 0;
    for (size_t h = 0; h < net->head_count; h++) {
        const struct rw_head *head = last_layer(net->net)->heads + h;
        for (size_t p = 0; p < head->family->param_count(head->dims); p++) {
            struct rw_param_shape shape = head->family->param(head->dims, p);
            struct widths w = matrix_widths(head->params[p]);
            bits += shape.cols * (w.numerator + net->met.numerator + 2 * FLINT_BIT_COUNT(shape.rows * shape.cols) +
                                  FLINT_BIT_COUNT(net->net->width)) +
                    shape.rows * shape.cols * (w.denominator + net->met.denominator);
        }
    }
    for (size_t a = 0; machine->wfa != NULL && a < machine->wfa->symbols; a++) {
        struct widths w = matrix_widths(machine->wfa->letters[a]);
        bits +=
            w.numerator + FLINT_BIT_COUNT(machine->size) + w.denominator * rw_matrix_nonzeros(machine->wfa->letters[a]);
    }
    for (size_t e = 0; machine->product != NULL && e < machine->product->symbols; e++)
        bits += rw_q_bits(machine->product->entries + e) + FLINT_BIT_COUNT(machine->size);
    return bits;
}

/* If some prefix differs, the first that does must go unnoticed: one difference, not as many as were compared. */
static double log2_error(uint64_t bits)
{
    return log2((double)bits / 60 + 1) - LOG2_PRIMES;
}

struct session {
    struct machine_side machine;
    struct net_side net;
    const struct rw_modular_options *options;
    struct rw_modular_report *report;
};

/* false: it is over, by a difference, an interrupt or a bad prime. */
static bool compare(struct session *session, bool *bad_prime, bool good)
{
    mp_limb_t wanted;
    *bad_prime = !good;
    if (!good)
        return false;
    if (machine_value(&session->machine, &wanted)) {
        session->report->compared++;
        session->report->holds = session->net.outputs[0] == wanted;
        if (!session->report->holds)
            session->report->first_difference = session->report->symbols;
    }
    return session->report->holds;
}

static bool step(struct session *session, uint32_t symbol)
{
    const struct rw_net *net = session->net.net;
    bool good = net_step(&session->net, symbol);
    for (size_t i = 0; i < net->padding && good; i++)
        good = net_step(&session->net, (uint32_t)rw_alphabet_size(net->tokens) - 1);
    machine_step(&session->machine, symbol);
    session->report->symbols++;
    session->report->tokens += net->padding + 1;
    return good;
}

/* One word modulo one prime. false: the prime divides a denominator, and another must be taken. */
static bool run_word(struct session *session)
{
    struct rw_modular_report *report = session->report;
    struct rw_random random = rw_random_seed(session->options->seed);
    size_t symbols = rw_alphabet_size(session->machine.machine->alphabet);
    bool bad_prime, going = compare(session, &bad_prime, finish_step(&session->net));
    while (going && report->symbols < session->options->length) {
        bool good = step(session, (uint32_t)rw_random_below(&random, symbols));
        going = compare(session, &bad_prime, good);
        if (report->symbols % STEPS_BETWEEN_REPORTS == 0 &&
            !rw_progress_report(session->options->progress, "residues", report->symbols, session->options->length)) {
            report->interrupted = true;
            break;
        }
    }
    return !bad_prime;
}

bool rw_modular_verify(const struct rw_machine *machine, const struct rw_net *net,
                       const struct rw_modular_options *options, struct rw_modular_report *report, struct rw_diag *diag)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    *report = (struct rw_modular_report){.seed = options->seed};
    if (!possible(machine, net, diag))
        return false;
    bool good = false;
    for (uint64_t attempt = 0; !good; attempt++) {
        struct session session = {.options = options, .report = report};
        nmod_t mod;
        *report = (struct rw_modular_report){.seed = options->seed, .holds = true};
        report->prime = rw_random_prime(options->seed + attempt);
        nmod_init(&mod, report->prime);
        bool machine_good = machine_start(&session.machine, machine, mod), net_good = net_start(&session.net, net, mod);
        good = machine_good && net_good && run_word(&session);
        report->bits = (report->tokens + 2) * bits_per_token(&session.net, &session.machine);
        machine_clear(&session.machine);
        net_clear(&session.net);
    }
    report->log2_error = log2_error(report->bits);
    clock_gettime(CLOCK_MONOTONIC, &end);
    report->seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    return true;
}
