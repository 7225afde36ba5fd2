/* blocks.c - certificates of kind "blocks": the equations of an induction over blocks of letters, one after the other.
 *
 * The certificate has, for each block b > 0, a reading E_b of the last layer's state. Its transitions in a block are multiplied up: after j letters the state is
 * S A_j + B_j, functions of the letters. Shown are, whatever the letters and the state S before the block are:
 *   in block 0 the outputs are the machine's values, and E_1 of the state after it is the machine's start;
 *   in block b > 0 the output after j letters is E_b(S) T_j, and E_{b+1}(S A_m + B_m) = E_b(S) F;
 *   before the block after the last the router's state is the one before block `first`, as functions of the letters, so its reading may be
 *   that block's.
 * Of the state only places are meant that may be other than 0. Verdicts: the first and the fourth up to a positive factor. */
#include "recheck/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define WORK 400 /* terms for each cell of the limit, in one block */

struct check {
    struct rw_certificate *certificate;
    struct rw_recheck_net *net;
    struct rw_letter_space space;
    struct rw_block_machine machine;
    struct rw_block_net run;
    bool values;
    size_t length, first, period, coordinates; /* of the last layer */
    fmpq *start;                               /* its state after BOS */
    uint8_t *reached;                          /* 1 where it may be other than 0 */
    uint8_t *reached_before;                   /* the present block */
    struct rw_block_moves *sum;                /* A_j and B_j of each head */
    struct rw_letters *first_states;           /* of the router, before block `first` */
    uint8_t *first_reached;
};

/* A linear form of the last layer's state, with functions for numbers. */
struct form {
    struct rw_letters constant, *of_state;
};

static bool fails(struct check *c, size_t block, const char *what)
{
    if (c->space.exceeded)
        what = "a function depends on more letters than limit \"cells\" has cases for";
    return RW_FAILS(c->certificate, "readings", block == 0 ? RW_WHOLE_KEY : block - 1, "%s (block %zu)", what, block);
}

static struct form new_form(const struct check *c)
{
    return (struct form){{0}, rw_letters_list_new(c->coordinates)};
}

static void free_form(const struct check *c, struct form *form)
{
    rw_letters_clear(&form->constant);
    rw_letters_list_free(form->of_state, c->coordinates);
}

/* --- the state of the last layer --- */

static size_t d_k_of(const struct rw_recheck_head *head)
{
    return head->dims[RW_RECHECK_D_K];
}

/* Before a block: A_0 is the unit matrix, B_0 = 0. */
static void begin_sum(struct check *c)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    for (size_t h = 0; h < c->run.last->heads; h++) {
        const struct rw_recheck_head *head = c->run.last->head + h;
        size_t d_k = d_k_of(head);
        rw_letters_list_free(c->sum[h].a, d_k * d_k);
        rw_letters_list_free(c->sum[h].b, head->coordinates);
        c->sum[h].a = rw_letters_list_new(d_k * d_k);
        c->sum[h].b = rw_letters_list_new(head->coordinates);
        for (size_t k = 0; k < d_k; k++)
            rw_letters_add_constant(&c->space, c->sum[h].a + k * d_k + k, one);
    }
    fmpq_clear(one);
}

/* rows <- rows a + b (NULL: 0) */
static void multiply(struct check *c, struct rw_letters **rows, size_t count, size_t d_k, const struct rw_letters *a,
                     const struct rw_letters *b)
{
    struct rw_letters *next = rw_letters_list_new(count * d_k);
    for (size_t i = 0; i < count * d_k && b != NULL; i++)
        rw_letters_set(next + i, b + i);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < d_k; k++)
            for (size_t j = 0; j < d_k && (*rows)[i * d_k + k].count > 0; j++)
                rw_letters_add_product(&c->space, next + i * d_k + j, *rows + i * d_k + k, a + k * d_k + j);
    rw_letters_list_free(*rows, count * d_k);
    *rows = next;
}

/* Where the state may be other than 0 after the token. */
static void reach(struct check *c)
{
    uint8_t *after = rw_alloc(c->coordinates, 1);
    for (size_t h = 0; h < c->run.last->heads; h++) {
        const struct rw_recheck_head *head = c->run.last->head + h;
        size_t d_k = d_k_of(head), first = head->first - c->run.last->first;
        for (size_t at = 0; at < head->coordinates; at++) {
            size_t row = at / d_k * d_k;
            bool may = c->run.moves[h].b[at].count > 0;
            for (size_t k = 0; k < d_k && !may; k++)
                may = c->reached[first + row + k] && c->run.moves[h].a[k * d_k + at % d_k].count > 0;
            after[first + at] = may;
        }
    }
    free(c->reached);
    c->reached = after;
}

/* The token that was just read, after those before it in the block. */
static void move(struct check *c)
{
    for (size_t h = 0; h < c->run.last->heads && !c->space.exceeded; h++) {
        const struct rw_recheck_head *head = c->run.last->head + h;
        size_t d_k = d_k_of(head);
        multiply(c, &c->sum[h].a, d_k, d_k, c->run.moves[h].a, NULL);
        multiply(c, &c->sum[h].b, head->coordinates / d_k, d_k, c->run.moves[h].a, c->run.moves[h].b);
    }
    if (!c->space.exceeded)
        reach(c);
}

static void read_letter(struct check *c)
{
    rw_block_net_letter(&c->run);
    move(c);
    for (size_t i = 0; i < c->net->padding && !c->space.exceeded; i++) {
        rw_block_net_token(&c->run, c->space.symbols);
        move(c);
    }
}

/* A form of the present state as one of the state before the block. */
static void before_block(struct check *c, struct form *form)
{
    struct form before = new_form(c);
    rw_letters_swap(&before.constant, &form->constant);
    for (size_t h = 0; h < c->run.last->heads; h++) {
        const struct rw_recheck_head *head = c->run.last->head + h;
        size_t d_k = d_k_of(head), first = head->first - c->run.last->first;
        for (size_t at = 0; at < head->coordinates; at++) {
            const struct rw_letters *f = form->of_state + first + at;
            size_t row = at / d_k * d_k;
            rw_letters_add_product(&c->space, &before.constant, c->sum[h].b + at, f);
            for (size_t k = 0; k < d_k && f->count > 0; k++)
                rw_letters_add_product(&c->space, before.of_state + first + row + k, c->sum[h].a + k * d_k + at % d_k,
                                       f);
        }
    }
    free_form(c, form);
    *form = before;
}

/* Its value on the state after BOS. */
static void at_start(struct check *c, const struct form *form, struct rw_letters *value)
{
    rw_letters_set(value, &form->constant);
    for (size_t i = 0; i < c->coordinates; i++)
        rw_letters_addmul(&c->space, value, c->start + i, form->of_state + i);
}

/* --- equations --- */

/* f = factor g for a factor > 0, 1 for values; factor 0: not known yet. */
static bool proportional(struct check *c, const struct rw_letters *f, const struct rw_letters *g, fmpq_t factor)
{
    struct rw_letters wanted = {0};
    if (f->count != g->count || f->count == 0)
        return f->count == g->count;
    if (rw_q_is_zero(factor))
        fmpq_div(factor, &f->terms->value, &g->terms->value);
    rw_letters_addmul(&c->space, &wanted, factor, g);
    bool same = rw_letters_equal(f, &wanted) && (rw_q_is_one(factor) || (!c->values && rw_q_sign(factor) > 0));
    rw_letters_clear(&wanted);
    return same;
}

/* Number k of the reading of a block, entries [coordinate, "value"], as a form. */
static bool read_reading(struct check *c, size_t block, size_t k, fmpq *values)
{
    size_t index = (block < c->first + c->period ? block : c->first) - 1, at;
    const json_t *reading = json_array_get(json_object_get(c->certificate->root, "readings"), index);
    const json_t *list = json_array_get(reading, k);
    bool good = json_array_size(reading) == c->machine.dimension && json_is_array(list);
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = 0; e < json_array_size(list) && good; e++) {
        good = rw_certificate_entry(c->certificate, list, e, c->coordinates, &at, value);
        if (good)
            fmpq_set(values + at, value);
    }
    fmpq_clear(value);
    return good || RW_UNREADABLE(c->certificate, "readings", index,
                                 "not %zu lists of entries [coordinate, \"value\"] in order", c->machine.dimension);
}

/* All of a reading: value k of coordinate i at [k * coordinates + i]. Caller frees. NULL: it is none. */
static fmpq *reading_of(struct check *c, size_t block)
{
    size_t size = c->machine.dimension * c->coordinates;
    fmpq *values = rw_q_list_new(size);
    bool good = true;
    const json_t *list = json_object_get(c->certificate->root, "readings");
    size_t index = (block < c->first + c->period ? block : c->first) - 1;
    if (!json_is_array(json_array_get(list, index)) ||
        json_array_size(json_array_get(list, index)) != c->machine.dimension)
        good = RW_UNREADABLE(c->certificate, "readings", index, "not a list for each of the row's %zu numbers",
                             c->machine.dimension);
    for (size_t k = 0; k < c->machine.dimension && good; k++)
        good = read_reading(c, block, k, values + k * c->coordinates);
    if (good)
        return values;
    rw_q_list_free(values, size);
    return NULL;
}

static void free_reading(const struct check *c, fmpq *values)
{
    rw_q_list_free(values, c->machine.dimension * c->coordinates);
}

/* Whether the form is reading times the functions (`step` apart, one for each number), whose letters are counted from the block before on. Up to the
 * factor. */
static bool is_reading_times(struct check *c, size_t block, const struct form *form, const fmpq *reading,
                             const struct rw_letters *functions, size_t step, fmpq_t factor)
{
    uint32_t place = (uint32_t)((block - 1) * c->length);
    bool good = form->constant.count == 0;
    for (size_t i = 0; i < c->coordinates && good && !c->space.exceeded; i++) {
        struct rw_letters wanted = {0};
        if (!c->reached_before[i])
            continue;
        for (size_t k = 0; k < c->machine.dimension; k++)
            rw_letters_addmul(&c->space, &wanted, reading + k * c->coordinates + i, functions + k * step);
        good = rw_letters_starts_at(&c->space, form->of_state + i, place);
        if (good)
            rw_letters_earlier(&c->space, form->of_state + i, place);
        good = good && proportional(c, form->of_state + i, &wanted, factor);
        rw_letters_clear(&wanted);
    }
    return good;
}

static bool output_is_right(struct check *c, size_t block, size_t j, const fmpq *reading)
{
    struct form form = new_form(c);
    struct rw_letters value = {0};
    fmpq_t factor;
    fmpq_init(factor);
    bool good = rw_block_net_output(&c->run, &form.constant, form.of_state);
    if (good)
        before_block(c, &form);
    if (good && block == 0) {
        at_start(c, &form, &value);
        good = proportional(c, &value, c->machine.first + j, factor);
    } else if (good) {
        fmpq_one(factor);
        good =
            is_reading_times(c, block, &form, reading, c->machine.targets + (j - 1) * c->machine.dimension, 1, factor);
    }
    fmpq_clear(factor);
    rw_letters_clear(&value);
    free_form(c, &form);
    return (good && !c->space.exceeded) || fails(c, block, "an output is not what this reading says");
}

/* The state after the block holds the next row. */
static bool passes_on(struct check *c, size_t block, const fmpq *reading)
{
    fmpq *next = reading_of(c, block + 1);
    bool good = next != NULL;
    fmpq_t factor;
    fmpq_init(factor);
    for (size_t k = 0; k < c->machine.dimension && good; k++) {
        struct form form = new_form(c);
        struct rw_letters value = {0}, wanted = {0};
        for (size_t i = 0; i < c->coordinates; i++)
            rw_letters_add_constant(&c->space, form.of_state + i, next + k * c->coordinates + i);
        before_block(c, &form);
        if (block == 0) {
            at_start(c, &form, &value);
            rw_letters_add_constant(&c->space, &wanted, c->machine.start + k);
            good = proportional(c, &value, &wanted, factor);
        } else {
            good = is_reading_times(c, block, &form, reading, c->machine.factor + k, c->machine.dimension, factor);
        }
        good = (good && !c->space.exceeded) || fails(c, block + 1 < c->first + c->period ? block + 1 : c->first,
                                                     "the block before does not lead to it");
        rw_letters_clear(&value);
        rw_letters_clear(&wanted);
        free_form(c, &form);
    }
    fmpq_clear(factor);
    free_reading(c, next);
    return good;
}

/* --- the induction --- */

static bool empty_word(struct check *c)
{
    struct form form = new_form(c);
    struct rw_letters value = {0};
    fmpq_t output, wanted;
    fmpq_init(output);
    fmpq_init(wanted);
    bool good = rw_block_net_output(&c->run, &form.constant, form.of_state);
    at_start(c, &form, &value);
    good = good && rw_letters_is_constant(&value, output) && rw_letters_is_constant(c->machine.first, wanted) &&
           (c->values ? fmpq_equal(output, wanted) : (rw_q_sign(output) > 0) == (rw_q_sign(wanted) > 0));
    rw_letters_clear(&value);
    free_form(c, &form);
    fmpq_clear(output);
    fmpq_clear(wanted);
    return (good && !c->space.exceeded) || fails(c, 0, "the output for the empty word is not right");
}

static void remember_first(struct check *c)
{
    for (size_t i = 0; i < c->run.state_count; i++)
        rw_letters_set(c->first_states + i, c->run.states + i);
    memcpy(c->first_reached, c->reached, c->coordinates);
}

static bool check_block(struct check *c, size_t block)
{
    fmpq *reading = block == 0 ? NULL : reading_of(c, block);
    bool good = block == 0 || reading != NULL;
    c->space.work = 0;
    memcpy(c->reached_before, c->reached, c->coordinates);
    if (block == c->first)
        remember_first(c);
    begin_sum(c);
    for (size_t j = 1; j <= c->length && good; j++) {
        read_letter(c);
        good = !c->space.exceeded || fails(c, block, "");
        if (good && (c->machine.every_letter || j == c->length))
            good = output_is_right(c, block, j, reading);
    }
    good = good && passes_on(c, block, reading);
    free_reading(c, reading);
    return good;
}

static bool repeats(struct check *c)
{
    bool same = memcmp(c->reached, c->first_reached, c->coordinates) == 0;
    for (size_t i = 0; i < c->run.state_count && same; i++)
        same = rw_letters_equal_shifted(&c->space, c->first_states + i, c->run.states + i,
                                        (uint32_t)(c->period * c->length));
    return same || RW_FAILS(c->certificate, "period", RW_WHOLE_KEY,
                            "the router's state after the last block is not the one so many blocks ago");
}

/* After BOS: what it writes. */
static void start(struct check *c)
{
    size_t at = 0;
    rw_block_net_token(&c->run, c->net->embedding->cols - 1);
    for (size_t h = 0; h < c->run.last->heads; h++)
        for (size_t i = 0; i < c->run.last->head[h].coordinates && !c->space.exceeded; i++, at++) {
            c->space.exceeded = !rw_letters_is_constant(c->run.moves[h].b + i, c->start + at);
            c->reached[at] = !rw_q_is_zero(c->start + at);
        }
}

static bool check_blocks(struct check *c)
{
    start(c);
    bool good = (!c->space.exceeded || fails(c, 0, "")) && empty_word(c);
    for (size_t b = 0; b < c->first + c->period && good; b++)
        good = check_block(c, b);
    return good && repeats(c);
}

/* --- the whole --- */

static bool read_number(struct check *c, const char *key, size_t *number)
{
    const json_t *json = json_object_get(c->certificate->root, key);
    if (!json_is_integer(json) || json_integer_value(json) < 1 || json_integer_value(json) > 10000)
        return RW_UNREADABLE(c->certificate, key, RW_WHOLE_KEY, "not a number of letters or blocks");
    *number = (size_t)json_integer_value(json);
    return true;
}

static bool is_linear(const struct rw_recheck_net *net)
{
    bool linear = net->layers > 0 && net->decision != RW_RECHECK_SIGN && net->outputs > 0;
    for (size_t l = 0; l < net->layers; l++)
        for (size_t h = 0; h < net->layer[l].heads; h++)
            linear = linear && rw_recheck_is_linear(net->layer[l].head + h);
    return linear;
}

/* The machine's symbols, and the blank if there is one. */
static bool reads_tokens(const struct check *c, const struct rw_alphabet *alphabet)
{
    size_t symbols = rw_alphabet_size(alphabet);
    bool same = rw_alphabet_size(c->net->tokens) == symbols + (c->net->padding > 0) &&
                rw_certificate_tokens_are(c->certificate, alphabet);
    for (uint32_t s = 0; s < symbols && same; s++)
        same = strcmp(rw_alphabet_name(alphabet, s), rw_alphabet_name(c->net->tokens, s)) == 0;
    return same;
}

static bool read_sides(struct check *c)
{
    struct rw_certificate *certificate = c->certificate;
    const char *claim = rw_certificate_text(certificate->root, "claim");
    if (!rw_certificate_machine_beside_net(certificate, NULL))
        return false;
    c->net = rw_recheck_net_read(certificate->right.source, certificate->limits, certificate->why);
    if (c->net == NULL) {
        certificate->result = RW_RECHECK_UNREADABLE;
        return false;
    }
    if (!is_linear(c->net))
        return RW_FAILS(certificate, "right", RW_WHOLE_KEY, "the net is not one of linear heads");
    if (!reads_tokens(c, certificate->left.machine->alphabet))
        return RW_FAILS(certificate, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
    c->values = c->net->decision == RW_RECHECK_VALUE;
    if (c->values != (certificate->left.machine->kind->verdict == RW_VALUE) ||
        strcmp(claim, c->values ? "values" : "verdicts") != 0)
        return RW_FAILS(certificate, "claim", RW_WHOLE_KEY, "it is not what the two sides give");
    return true;
}

static bool read_sizes(struct check *c)
{
    const json_t *readings = json_object_get(c->certificate->root, "readings");
    if (!read_number(c, "length", &c->length) || !read_number(c, "first", &c->first) ||
        !read_number(c, "period", &c->period))
        return false;
    return (json_is_array(readings) && json_array_size(readings) == c->first + c->period - 1) ||
           RW_FAILS(c->certificate, "readings", RW_WHOLE_KEY, "there is not one for each block");
}

static void allocate(struct check *c)
{
    rw_block_net_init(&c->run, c->net, &c->space);
    c->coordinates = c->run.last->coordinates;
    c->start = rw_q_list_new(c->coordinates);
    c->reached = rw_alloc(c->coordinates, 1);
    c->reached_before = rw_alloc(c->coordinates, 1);
    c->first_reached = rw_alloc(c->coordinates, 1);
    c->first_states = rw_letters_list_new(c->run.state_count);
    c->sum = rw_alloc(c->run.last->heads, sizeof *c->sum);
}

static void clear(struct check *c)
{
    for (size_t h = 0; h < c->run.last->heads; h++) {
        size_t d_k = d_k_of(c->run.last->head + h);
        rw_letters_list_free(c->sum[h].a, d_k * d_k);
        rw_letters_list_free(c->sum[h].b, c->run.last->head[h].coordinates);
    }
    rw_q_list_free(c->start, c->coordinates);
    free(c->reached);
    free(c->reached_before);
    free(c->first_reached);
    free(c->sum);
    rw_letters_list_free(c->first_states, c->run.state_count);
    rw_block_net_clear(&c->run);
}

static void check_kind(struct rw_certificate *certificate)
{
    struct check c = {.certificate = certificate};
    if (read_sides(&c) && read_sizes(&c)) {
        uint64_t cells = certificate->limits->cells;
        c.space = (struct rw_letter_space){
            .symbols = rw_alphabet_size(certificate->left.machine->alphabet), .most = cells, .most_work = cells * WORK};
        if (rw_block_machine_make(&c.machine, certificate, c.length, &c.space)) {
            allocate(&c);
            check_blocks(&c);
            clear(&c);
        }
        rw_block_machine_clear(&c.machine);
    }
    rw_recheck_net_free(c.net);
}

const struct rw_certificate_kind rw_certificate_blocks = {
    "blocks", "rnnwit-certificate|kind|claim|left|right|tokens|length|first|period|basis|readings", check_kind};
