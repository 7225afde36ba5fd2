/* contexts.c - certificates of kind "contexts": networks of several linear layers, a basis of rows for each context.
 *
 * The context of a word is the states of all heads but the last layer's, on both sides; a letter (a token, and the blanks after
 * it) leads from context c to next[c][s], which is found by running those layers, and moves the joint row z = (left | right)
 * by a matrix M that the last layer has there. Checked is
 *     context 0 and z_"" = sum start_j row_j, over rows of context 0, belong to the empty word,
 *     row_i M = sum steps[i][s]_j row_j, over rows of the context that s leads to from row i's,
 *     right - scale * left - shift is 0 on each row,
 * so that the row of every word is a combination of rows of its context, and the claim holds on it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/certificate.h"
#include "recheck/series.h"
#include "recheck/shift.h"
#include "recheck/step.h"

/* A side: the series of a spec, with a single context, or a network. */
struct side {
    const char *key;
    struct rw_wfa *f; /* NULL: the network */
    struct rw_recheck_net *net;
    const struct rw_alphabet *tokens;
    size_t letters, size, coordinates; /* size: of z; coordinates: of a context */
    bool values;
    struct rw_vector readout, state, x; /* state: of the network, where a letter led */
    size_t map_count;                   /* of that letter, one after the other, transposed */
    struct rw_matrix **maps;            /* a series' own are in its automaton */
    struct rw_vector z, next;           /* work space */
};

struct check {
    struct rw_certificate *certificate;
    struct side left, right;
    const json_t *contexts, *rows;
    size_t both, size, letters; /* entries of both sides; of a row, which may have a constant besides */
    fmpq_t scale, shift;
    struct rw_vector row, after, sum; /* work space */
    size_t *first, *order;            /* rows by their contexts: order[first[c]] ... order[first[c + 1] - 1] */
    bool left_is_zero;
};

static const json_t *part(const json_t *list, size_t i, const char *key)
{
    return json_object_get(json_array_get(list, i), key);
}

/* --- the sides --- */

static const char *obstacle(const struct rw_recheck_net *net)
{
    for (size_t l = 0; l < net->layers; l++)
        for (size_t h = 0; h < net->layer[l].heads; h++)
            if (!rw_recheck_is_linear(net->layer[l].head + h))
                return "a head of the net is not linear";
    if (net->layers == 0 || net->layer[net->layers - 1].neurons > 0)
        return "the net's last layer has neurons, or there is none";
    return net->decision == RW_RECHECK_SIGN || net->outputs == 0 ? "the net's decision is not one that is read here"
                                                                 : NULL;
}

static bool read_net(struct rw_certificate *c, struct side *side, const struct rw_source *source)
{
    side->net = rw_recheck_net_read(source, c->limits, c->why);
    if (side->net == NULL) {
        c->result = RW_RECHECK_UNREADABLE;
        return false;
    }
    const struct rw_recheck_net *net = side->net;
    const char *reason = obstacle(net);
    if (reason != NULL)
        return RW_UNREADABLE(c, side->key, RW_WHOLE_KEY, "%s", reason);
    side->tokens = net->tokens;
    side->letters = rw_alphabet_size(net->tokens) - (net->padding > 0);
    side->values = net->decision == RW_RECHECK_VALUE;
    side->coordinates = net->layer[net->layers - 1].first;
    side->size = net->layer[net->layers - 1].coordinates + 2;
    side->readout = rw_recheck_readout(net);
    rw_vector_init(&side->state, net->coordinates);
    rw_vector_init(&side->x, net->width);
    side->maps = rw_alloc(net->padding + 1, sizeof(struct rw_matrix *));
    return true;
}

static bool read_side(struct rw_certificate *c, struct side *side, struct rw_recheck_side from)
{
    if (!rw_certificate_side_fits(c, side->key, from, from.machine == NULL ? "output" : NULL))
        return false;
    if (from.machine == NULL) {
        if (!read_net(c, side, from.source))
            return false;
    } else {
        side->f = rw_recheck_machine(from.machine, rw_certificate_text(json_object_get(c->root, side->key), "series"),
                                     c->limits);
        if (side->f == NULL)
            return RW_UNREADABLE(c, side->key, RW_WHOLE_KEY, "the spec has no series of that name");
        side->tokens = from.machine->alphabet;
        side->letters = rw_alphabet_size(side->tokens);
        side->values = from.machine->kind->verdict == RW_VALUE;
        side->size = side->f->states;
    }
    rw_vector_init(&side->z, side->size);
    rw_vector_init(&side->next, side->size);
    return true;
}

static void drop_maps(struct side *side)
{
    while (side->map_count > 0)
        rw_matrix_free(side->maps[--side->map_count]);
}

static void side_clear(struct side *side)
{
    drop_maps(side);
    free(side->maps);
    rw_wfa_free(side->f);
    rw_recheck_net_free(side->net);
    rw_vector_clear(&side->readout);
    rw_vector_clear(&side->state);
    rw_vector_clear(&side->x);
    rw_vector_clear(&side->z);
    rw_vector_clear(&side->next);
}

/* "tokens" are the letters of both. */
static bool letters_fit(struct check *check)
{
    const json_t *list = json_object_get(check->certificate->root, "tokens");
    check->letters = check->left.letters;
    bool fit = check->letters == check->right.letters && json_array_size(list) == check->letters;
    for (uint32_t s = 0; s < check->letters && fit; s++) {
        const char *name = json_string_value(json_array_get(list, s));
        fit = name != NULL && strcmp(name, rw_alphabet_name(check->left.tokens, s)) == 0 &&
              strcmp(name, rw_alphabet_name(check->right.tokens, s)) == 0;
    }
    return fit || RW_FAILS(check->certificate, "tokens", RW_WHOLE_KEY, "the two sides do not both read these tokens");
}

/* --- running --- */

/* One token from side->state: the state moves on, and the last layer's map is kept. */
static void read_token(struct side *side, size_t token)
{
    const struct rw_recheck_net *net = side->net;
    rw_recheck_input(net, token, &side->x);
    rw_recheck_step(net, 0, net->layers - 1, &side->state, &side->x);
    side->maps[side->map_count++] = rw_recheck_layer_matrix(net->layer + net->layers - 1, &side->x, &side->readout);
}

/* The context's state on this side is side->state. */
static bool is_state(struct check *check, struct side *side, size_t context, bool compare)
{
    const json_t *list = part(check->contexts, context, side->key);
    size_t index;
    fmpq_t value;
    bool good = json_is_array(list), same = true;
    struct rw_vector state;
    rw_vector_init(&state, side->state.size);
    fmpq_init(value);
    for (size_t k = 0; k < json_array_size(list) && good; k++) {
        good = rw_certificate_entry(check->certificate, list, k, side->coordinates, &index, value);
        if (good)
            fmpq_set(rw_vector_at(&state, (uint32_t)index), value);
    }
    if (!good)
        RW_UNREADABLE(check->certificate, "contexts", context,
                      "%s is not a list of entries [coordinate, \"value\"] in order", side->key);
    else if (compare)
        same = rw_vector_equal(&state, &side->state);
    else
        rw_vector_copy(&side->state, &state);
    fmpq_clear(value);
    rw_vector_clear(&state);
    return good && same;
}

/* From the context by a letter: where it leads, and the maps. */
static bool follow(struct check *check, struct side *side, size_t context, uint32_t letter)
{
    drop_maps(side);
    if (side->net == NULL)
        return is_state(check, side, context, true);
    if (!is_state(check, side, context, false))
        return false;
    read_token(side, letter);
    for (size_t i = 0; i < side->net->padding; i++)
        read_token(side, rw_alphabet_size(side->net->tokens) - 1);
    return true;
}

/* side->z by the maps of the letter. */
static void move(struct side *side, uint32_t letter)
{
    for (size_t i = 0; i < (side->f != NULL ? 1 : side->map_count); i++) {
        rw_vector_zero(&side->next);
        rw_matrix_apply(side->f != NULL ? side->f->letters[letter] : side->maps[i], &side->z, &side->next);
        rw_vector_copy(&side->z, &side->next);
    }
}

static void take(const struct rw_vector *from, size_t first, struct rw_vector *z)
{
    rw_vector_zero(z);
    for (size_t k = 0; k < from->count; k++)
        if (from->touched[k] >= first && from->touched[k] - first < z->size)
            fmpq_set(rw_vector_at(z, from->touched[k] - (uint32_t)first), from->value + from->touched[k]);
}

/* after = (left z | right z | the row's constant) */
static void join(struct check *check)
{
    rw_vector_zero(&check->after);
    rw_vector_put(&check->after, 0, &check->left.z);
    rw_vector_put(&check->after, check->left.size, &check->right.z);
    if (check->size > check->both)
        fmpq_set(rw_vector_at(&check->after, (uint32_t)check->both), check->row.value + check->both);
}

/* --- rows --- */

static size_t context_of(const struct check *check, size_t row)
{
    const json_t *context = part(check->rows, row, "context");
    return json_is_integer(context) && json_integer_value(context) >= 0 ? (size_t)json_integer_value(context)
                                                                        : SIZE_MAX;
}

/* sum += factor * row i */
static bool add_row(struct check *check, size_t i, const fmpq_t factor, struct rw_vector *sum)
{
    const json_t *list = part(check->rows, i, "row");
    size_t index;
    fmpq_t value;
    bool good = json_is_array(list);
    fmpq_init(value);
    for (size_t k = 0; k < json_array_size(list) && good; k++) {
        good = rw_certificate_entry(check->certificate, list, k, check->size, &index, value);
        if (good)
            rw_vector_addmul(sum, (uint32_t)index, factor, value);
    }
    fmpq_clear(value);
    return good ||
           RW_UNREADABLE(check->certificate, "rows", i, "its row is not a list of entries [index, \"value\"] in order");
}

/* `after` is the combination that the list says, of rows of the context. */
static bool is_combination(struct check *check, const json_t *list, size_t context, const char *key, size_t index,
                           const char *what)
{
    size_t row;
    fmpq_t coefficient;
    bool good = json_is_array(list), there = true;
    fmpq_init(coefficient);
    rw_vector_zero(&check->sum);
    for (size_t k = 0; k < json_array_size(list) && good && there; k++) {
        good = rw_certificate_entry(check->certificate, list, k, json_array_size(check->rows), &row, coefficient);
        there = good && context_of(check, row) == context;
        good = good && (!there || add_row(check, row, coefficient, &check->sum));
    }
    fmpq_clear(coefficient);
    if (!good)
        return RW_UNREADABLE(check->certificate, key, index,
                             "%s is not a list of entries [row, \"coefficient\"] in order", what);
    if (!there)
        return RW_FAILS(check->certificate, key, index, "%s has a row of another context", what);
    return rw_vector_equal(&check->sum, &check->after) ||
           RW_FAILS(check->certificate, key, index, "%s is not the combination of rows given for it", what);
}

static void value_of(const struct side *side, const struct rw_vector *row, size_t first, fmpq_t value)
{
    fmpq_zero(value);
    for (size_t q = 0; side->f != NULL && q < side->size; q++)
        fmpq_addmul(value, row->value + first + q, side->f->omega + q);
    if (side->f == NULL)
        fmpq_set(value, row->value + first + side->size - 1);
}

/* right - scale * left - shift is 0 on check->row. */
static bool difference_is_zero(struct check *check, size_t i)
{
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    value_of(&check->left, &check->row, 0, left);
    value_of(&check->right, &check->row, check->left.size, right);
    check->left_is_zero = check->left_is_zero && rw_q_is_zero(left);
    fmpq_submul(right, check->scale, left);
    if (check->size > check->both)
        fmpq_submul(right, check->row.value + check->both, check->shift);
    bool zero = rw_q_is_zero(right);
    fmpq_clear(left);
    fmpq_clear(right);
    return zero || RW_FAILS(check->certificate, "rows", i, "the two sides differ on this row");
}

/* --- the identities --- */

static bool read_row(struct check *check, size_t i)
{
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    rw_vector_zero(&check->row);
    bool good = add_row(check, i, one, &check->row);
    fmpq_clear(one);
    return good;
}

/* Row i after the letter that both sides have followed. */
static bool check_step(struct check *check, size_t i, uint32_t letter, size_t target)
{
    if (!read_row(check, i))
        return false;
    take(&check->row, 0, &check->left.z);
    take(&check->row, check->left.size, &check->right.z);
    move(&check->left, letter);
    move(&check->right, letter);
    join(check);
    char *what = rw_format("the step by '%s'", rw_alphabet_name(check->left.tokens, letter));
    bool good = is_combination(check, json_array_get(part(check->rows, i, "steps"), letter), target, "rows", i, what);
    free(what);
    return good;
}

static bool check_letter(struct check *check, size_t context, uint32_t letter)
{
    const json_t *next = json_array_get(part(check->contexts, context, "next"), letter);
    size_t target = json_is_integer(next) ? (size_t)json_integer_value(next) : SIZE_MAX;
    if (!follow(check, &check->left, context, letter) || !follow(check, &check->right, context, letter))
        return false;
    if (target >= json_array_size(check->contexts) || !is_state(check, &check->left, target, true) ||
        !is_state(check, &check->right, target, true))
        return RW_FAILS(check->certificate, "contexts", context, "'%s' does not lead to the context given for it",
                        rw_alphabet_name(check->left.tokens, letter));
    for (size_t k = check->first[context]; k < check->first[context + 1]; k++)
        if (!check_step(check, check->order[k], letter, target))
            return false;
    return true;
}

/* The z of the empty word: the row of the constant before BOS, as all states are 0 then. */
static bool start_side(struct check *check, struct side *side)
{
    rw_vector_zero(&side->z);
    if (side->net != NULL) {
        read_token(side, rw_alphabet_size(side->net->tokens));
        rw_q_set_int(rw_vector_at(&side->z, (uint32_t)side->size - 2), 1);
        move(side, 0);
    }
    for (size_t q = 0; side->f != NULL && q < side->size; q++)
        if (!rw_q_is_zero(side->f->alpha + q))
            fmpq_set(rw_vector_at(&side->z, (uint32_t)q), side->f->alpha + q);
    return is_state(check, side, 0, true) ||
           RW_FAILS(check->certificate, "contexts", 0, "it is not where the empty word leads");
}

static bool check_start(struct check *check)
{
    if (!start_side(check, &check->left) || !start_side(check, &check->right))
        return false;
    if (check->size > check->both)
        rw_q_set_int(rw_vector_at(&check->row, (uint32_t)check->both), 1);
    join(check);
    return is_combination(check, json_object_get(check->certificate->root, "start"), 0, "start", RW_WHOLE_KEY,
                          "the start");
}

/* --- the shape of the lists --- */

static bool read_contexts(struct check *check)
{
    size_t count = json_array_size(check->contexts);
    if (!json_is_array(check->contexts) || count == 0)
        return RW_UNREADABLE(check->certificate, "contexts", RW_WHOLE_KEY, "not a list of contexts");
    for (size_t c = 0; c < count; c++) {
        if (!rw_certificate_has_keys(check->certificate, json_array_get(check->contexts, c), "contexts", c,
                                     "left|right|next"))
            return false;
        if (json_array_size(part(check->contexts, c, "next")) != check->letters)
            return RW_UNREADABLE(check->certificate, "contexts", c, "there is not a context for each of the %zu tokens",
                                 check->letters);
    }
    return true;
}

/* Each has a context and a step for each letter; sorted by contexts. */
static bool read_rows(struct check *check)
{
    size_t count = json_array_size(check->rows), contexts = json_array_size(check->contexts);
    if (!json_is_array(check->rows))
        return RW_UNREADABLE(check->certificate, "rows", RW_WHOLE_KEY, "not a list");
    check->first = rw_alloc(contexts + 2, sizeof *check->first);
    check->order = rw_alloc(count, sizeof *check->order);
    for (size_t i = 0; i < count; i++) {
        if (!rw_certificate_has_keys(check->certificate, json_array_get(check->rows, i), "rows", i,
                                     "context|row|steps"))
            return false;
        if (json_array_size(part(check->rows, i, "steps")) != check->letters)
            return RW_UNREADABLE(check->certificate, "rows", i, "there is not a step for each of the %zu tokens",
                                 check->letters);
        if (context_of(check, i) >= contexts)
            return RW_UNREADABLE(check->certificate, "rows", i, "its context is not there");
        check->first[context_of(check, i) + 2]++;
    }
    for (size_t c = 0; c < contexts; c++)
        check->first[c + 2] += check->first[c + 1];
    for (size_t i = 0; i < count; i++)
        check->order[check->first[context_of(check, i) + 1]++] = i;
    return true;
}

static bool read_claim(struct check *check)
{
    struct rw_certificate *c = check->certificate;
    const char *claim = rw_certificate_text(c->root, "claim");
    if (strcmp(claim, "values") != 0 && strcmp(claim, "verdicts") != 0)
        return RW_UNREADABLE(c, "claim", RW_WHOLE_KEY, "neither values nor verdicts");
    if (check->left.values != check->right.values || check->left.values != (strcmp(claim, "values") == 0))
        return RW_FAILS(c, "claim", RW_WHOLE_KEY, "it is not what the two sides give");
    return true;
}

/* Of a network only the shift 0 is known to change no verdict. */
static bool is_harmless(const struct check *check)
{
    if (check->left.values || check->left.f == NULL)
        return rw_q_is_zero(check->shift);
    return rw_recheck_shift_is_harmless(check->left.f, check->left.f->omega, check->scale, check->shift);
}

static bool read_scale_and_shift(struct check *check)
{
    struct rw_certificate *c = check->certificate;
    bool values = check->left.values;
    if (!rw_certificate_number(c, json_object_get(c->root, "scale"), check->scale))
        return RW_UNREADABLE(c, "scale", RW_WHOLE_KEY, "not a number");
    if (!rw_certificate_number(c, json_object_get(c->root, "shift"), check->shift))
        return RW_UNREADABLE(c, "shift", RW_WHOLE_KEY, "not a number");
    if (values ? !rw_q_is_one(check->scale) : rw_q_sign(check->scale) <= 0)
        return RW_FAILS(c, "scale", RW_WHOLE_KEY, values ? "values are equal at scale 1" : "the scale is not positive");
    return is_harmless(check) || RW_FAILS(c, "shift", RW_WHOLE_KEY, "the shift may change a verdict or a value");
}

static bool check_sides(struct check *check)
{
    struct rw_certificate *c = check->certificate;
    check->contexts = json_object_get(c->root, "contexts");
    check->rows = json_object_get(c->root, "rows");
    if (!read_side(c, &check->left, c->left) || !read_side(c, &check->right, c->right) || !letters_fit(check) ||
        !read_claim(check) || !read_scale_and_shift(check))
        return false;
    check->both = check->left.size + check->right.size;
    check->size = check->both + !rw_q_is_zero(check->shift);
    rw_vector_init(&check->row, check->size);
    rw_vector_init(&check->after, check->size);
    rw_vector_init(&check->sum, check->size);
    return read_contexts(check) && read_rows(check);
}

static void check_identities(struct check *check)
{
    check->left_is_zero = true;
    if (!check_sides(check) || !check_start(check))
        return;
    for (size_t i = 0; i < json_array_size(check->rows); i++)
        if (!read_row(check, i) || !difference_is_zero(check, i))
            return;
    for (size_t context = 0; context < json_array_size(check->contexts); context++)
        for (uint32_t letter = 0; letter < check->letters; letter++)
            if (!check_letter(check, context, letter))
                return;
    if (check->left_is_zero && !rw_q_is_one(check->scale))
        RW_FAILS(check->certificate, "scale", RW_WHOLE_KEY, "the left side is 0 everywhere, and the scale is not 1");
}

static void check_contexts(struct rw_certificate *certificate)
{
    struct check check = {.certificate = certificate, .left = {.key = "left"}, .right = {.key = "right"}};
    fmpq_init(check.scale);
    fmpq_init(check.shift);
    check_identities(&check);
    side_clear(&check.left);
    side_clear(&check.right);
    fmpq_clear(check.scale);
    fmpq_clear(check.shift);
    rw_vector_clear(&check.row);
    rw_vector_clear(&check.after);
    rw_vector_clear(&check.sum);
    free(check.first);
    free(check.order);
}

const struct rw_certificate_kind rw_certificate_contexts = {
    "contexts", "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|contexts|start|rows", check_contexts};
