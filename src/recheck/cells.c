/* cells.c - the claims of a certificate of kind "cells", one step after each.
 *
 * Claim of a mode: whatever its numbers s are within their classes, the network's state is constant + sum slopes_i s_i. It is true at the start, and what a
 * step makes of a true claim is the claim of the mode it leads to: so it is true after every word, and so are the verdicts. */
#include "recheck/cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recheck/certificate.h"

struct claim {
    bool listed;
    uint64_t classes[RW_CELL_NUMBERS], content[RW_CELL_NUMBERS]; /* as bits */
    struct rw_cell_form map;                                     /* of the numbers */
    size_t index;                                                /* in the list of modes */
    const json_t *cuts; /* for each number where its values are cut once more; NULL: nowhere */
};

/* One number in a cell: s = start + rate t, t in the box; the same after the step; and its class then. */
struct place {
    uint32_t class, next;
    fmpq_t start, rate, new_start, new_rate;
    struct rw_cell_box box;
};

struct check {
    struct rw_certificate *certificate;
    struct rw_cell_machine machine;
    struct rw_recheck_net *net;
    struct claim *claims;
    size_t coordinates;
    struct place places[RW_CELL_NUMBERS];
    struct rw_cell_box boxes[RW_CELL_NUMBERS]; /* of the places, for the network */
    struct rw_cell_box bound;                  /* at hand */
    struct rw_cell_effect effects[RW_CELL_NUMBERS];
    uint32_t mode, symbol, to;
};

/* --- reading --- */

/* A list of ascending classes for each number. */
static bool read_sets(struct check *c, const json_t *list, size_t index, const char *what, uint64_t *sets)
{
    if (json_array_size(list) != c->machine.numbers || !json_is_array(list))
        return RW_UNREADABLE(c->certificate, "modes", index, "%s is not a list for each of the %zu numbers", what,
                             c->machine.numbers);
    for (size_t i = 0; i < c->machine.numbers; i++) {
        const json_t *set = json_array_get(list, i);
        json_int_t before = -1;
        bool good = json_is_array(set);
        for (size_t k = 0; k < json_array_size(set) && good; k++) {
            const json_t *class = json_array_get(set, k);
            good = json_is_integer(class) && json_integer_value(class) > before &&
                   json_integer_value(class) < (json_int_t)c->machine.classes;
            before = json_integer_value(class);
            if (good)
                sets[i] |= UINT64_C(1) << before;
        }
        if (!good)
            return RW_UNREADABLE(c->certificate, "modes", index, "%s is not a list of classes in order", what);
    }
    return true;
}

/* Entries [coordinate, "value"] in order, to one part of the map. */
static bool read_part(struct check *c, const json_t *list, size_t index, struct rw_cell_form *map, size_t part)
{
    bool good = json_is_array(list);
    size_t at;
    fmpq_t value;
    fmpq_init(value);
    for (size_t e = 0; e < json_array_size(list) && good; e++) {
        good = rw_certificate_entry(c->certificate, list, e, c->coordinates, &at, value);
        if (good)
            fmpq_set(rw_cell_entry(map, at, part), value);
    }
    fmpq_clear(value);
    return good ||
           RW_UNREADABLE(c->certificate, "modes", index, "not a list of entries [coordinate, \"value\"] in order");
}

/* A list of ascending integers for each counter. */
static bool read_cuts(struct check *c, const json_t *list, size_t index)
{
    bool good = json_array_size(list) == c->machine.numbers && c->machine.letters == 0;
    for (size_t i = 0; i < c->machine.numbers && good; i++) {
        const json_t *places = json_array_get(list, i);
        good = json_is_array(places);
        for (size_t k = 0; k < json_array_size(places) && good; k++) {
            const json_t *at = json_array_get(places, k);
            good = json_is_integer(at) &&
                   (k == 0 || json_integer_value(json_array_get(places, k - 1)) < json_integer_value(at));
        }
    }
    return good || RW_UNREADABLE(c->certificate, "modes", index, "cuts are not integers in order for each counter");
}

static bool read_mode(struct check *c, const json_t *json, size_t index)
{
    const json_t *mode = json_object_get(json, "mode"), *slopes = json_object_get(json, "slopes");
    const json_t *cuts = json_object_get(json, "cuts");
    if (!rw_certificate_has_keys(c->certificate, json, "modes", index,
                                 cuts == NULL ? "mode|name|classes|content|constant|slopes"
                                              : "mode|name|classes|content|cuts|constant|slopes"))
        return false;
    if (!json_is_integer(mode) || json_integer_value(mode) < 0 ||
        (uint64_t)json_integer_value(mode) >= c->machine.modes || c->claims[json_integer_value(mode)].listed)
        return RW_UNREADABLE(c->certificate, "modes", index, "not the number of a mode that is listed once");
    struct claim *claim = c->claims + json_integer_value(mode);
    claim->listed = true;
    claim->index = index;
    claim->cuts = cuts;
    claim->map = rw_cell_form_new(c->coordinates, c->machine.numbers);
    if (json_array_size(slopes) != c->machine.numbers || !json_is_array(slopes) ||
        !json_is_string(json_object_get(json, "name")))
        return RW_UNREADABLE(c->certificate, "modes", index, "there are not slopes for each of the %zu numbers",
                             c->machine.numbers);
    bool good = (cuts == NULL || read_cuts(c, cuts, index)) &&
                read_sets(c, json_object_get(json, "classes"), index, "classes", claim->classes) &&
                read_sets(c, json_object_get(json, "content"), index, "content", claim->content) &&
                read_part(c, json_object_get(json, "constant"), index, &claim->map, 0);
    for (size_t i = 0; i < c->machine.numbers && good; i++)
        good = read_part(c, json_array_get(slopes, i), index, &claim->map, i + 1);
    return good;
}

static bool read_history(struct check *c, enum rw_cell_history *history)
{
    const json_t *json = json_object_get(c->certificate->root, "history");
    *history = json_is_true(json) ? RW_CELL_RULES : json_is_false(json) ? RW_CELL_STATES : RW_CELL_STEPS;
    return json_is_boolean(json) || strcmp(rw_certificate_text(c->certificate->root, "history"), "step") == 0;
}

static bool read_sides(struct check *c)
{
    struct rw_certificate *certificate = c->certificate;
    enum rw_cell_history history;
    if (strcmp(rw_certificate_text(certificate->root, "claim"), "verdicts") != 0 || !read_history(c, &history))
        return RW_UNREADABLE(certificate, "claim", RW_WHOLE_KEY,
                             "cells are about verdicts, with history true, false or \"step\"");
    if (!rw_certificate_machine_beside_net(certificate, "machine"))
        return false;
    const struct rw_machine *machine = certificate->left.machine;
    if (!rw_cell_machine_make(&c->machine, machine, history))
        return RW_FAILS(certificate, "left", RW_WHOLE_KEY, "the spec has no modes of that kind");
    c->net = rw_recheck_net_read(certificate->right.source, certificate->limits, certificate->why);
    if (c->net == NULL) {
        certificate->result = RW_RECHECK_UNREADABLE;
        return false;
    }
    c->coordinates = c->net->coordinates;
    if (!rw_cell_net_is_one(c->net))
        return RW_UNREADABLE(certificate, "right", RW_WHOLE_KEY, "cells are about relu, mlp and gated heads");
    bool sign = machine->kind->verdict == RW_DECIDES;
    return (rw_certificate_tokens_are(certificate, machine->alphabet) &&
            rw_alphabet_equal(c->net->tokens, machine->alphabet) && (c->net->decision == RW_RECHECK_SIGN) == sign) ||
           RW_FAILS(certificate, "tokens", RW_WHOLE_KEY,
                    "the two sides do not both read these tokens, or decide otherwise");
}

static bool read_claims(struct check *c)
{
    const json_t *modes = json_object_get(c->certificate->root, "modes");
    if (!json_is_array(modes))
        return RW_UNREADABLE(c->certificate, "modes", RW_WHOLE_KEY, "not a list");
    c->claims = rw_alloc(c->machine.modes, sizeof *c->claims);
    bool good = true;
    for (size_t i = 0; i < json_array_size(modes) && good; i++)
        good = read_mode(c, json_array_get(modes, i), i);
    return good;
}

/* --- one cell --- */

static void set_box(struct rw_cell_box *box, slong low, slong high)
{
    fmpq_set_si(&box->low, low, 1);
    fmpq_set_si(&box->high, high, 1);
    box->no_low = box->no_high = false;
}

/* What is in the goal too, where the goal is moved by -add; whether there is anything. */
static bool meet(struct rw_cell_box *box, const struct rw_cell_box *goal, const fmpq_t add)
{
    fmpq_t bound;
    fmpq_init(bound);
    fmpq_sub(bound, &goal->low, add);
    if (!goal->no_low && (box->no_low || fmpq_cmp(bound, &box->low) > 0)) {
        fmpq_set(&box->low, bound);
        box->no_low = false;
    }
    fmpq_sub(bound, &goal->high, add);
    if (!goal->no_high && (box->no_high || fmpq_cmp(bound, &box->high) < 0)) {
        fmpq_set(&box->high, bound);
        box->no_high = false;
    }
    fmpq_clear(bound);
    return box->no_low || box->no_high || fmpq_cmp(&box->low, &box->high) <= 0;
}

/* The values of the counter's class, as far as the last step leads to them. */
static void set_counter(struct check *c, size_t number, struct place *place)
{
    fmpq_zero(place->start);
    fmpq_one(place->rate);
    rw_cell_class_box(place->class, &place->box);
    if (c->machine.history != RW_CELL_STEPS)
        return;
    rw_cell_reached_box(&c->machine, c->mode, number, &c->bound);
    meet(&place->box, &c->bound, place->start);
}

/* The values of the place's class. */
static void set_class(struct check *c, size_t number)
{
    struct place *place = c->places + number;
    ulong base = 2 * c->machine.letters;
    bool empty = place->class == 0;
    if (c->machine.letters == 0) {
        set_counter(c, number, place);
        return;
    }
    fmpq_set_si(place->start, empty ? 0 : 2 * (slong)place->class - 1, empty ? 1 : base);
    fmpq_set_si(place->rate, empty ? 0 : 1, empty ? 1 : base);
    set_box(&place->box, 0, !empty);
}

/* The part of the counter's box that the step leads to the class `next`: none if that is empty. */
static bool cut_counter(struct check *c, struct place *place, const struct rw_cell_effect *effect, uint32_t next)
{
    place->next = next;
    if (fmpq_is_zero(effect->factor)) { /* a reset */
        rw_cell_class_box(1, &c->bound);
        c->bound.no_low = true; /* everything */
        return next == 0 && meet(&place->box, &c->bound, effect->add);
    }
    rw_cell_class_box(next, &c->bound);
    return meet(&place->box, &c->bound, effect->add);
}

/* The part of the counter's box that lies after cut number piece - 1 and not after cut number `piece`: none if that is empty. */
static bool cut_piece(struct check *c, struct place *place, const json_t *cuts, size_t piece)
{
    fmpq_t zero;
    fmpq_init(zero);
    c->bound.no_low = piece == 0;
    c->bound.no_high = piece == json_array_size(cuts);
    if (!c->bound.no_low) {
        fmpq_set_si(&c->bound.low, json_integer_value(json_array_get(cuts, piece - 1)), 1);
        fmpq_add_si(&c->bound.low, &c->bound.low, 1);
    }
    if (!c->bound.no_high)
        fmpq_set_si(&c->bound.high, json_integer_value(json_array_get(cuts, piece)), 1);
    bool any = meet(&place->box, &c->bound, zero);
    fmpq_clear(zero);
    return any;
}

/* What a pop brings up: nothing, or the letter of the class. */
static bool cut_stack(const struct check *c, struct place *place, const struct rw_cell_effect *effect, uint32_t next,
                      uint64_t content)
{
    place->next = next;
    if (!effect->pops)
        return next == (effect->pushed > 0 ? effect->pushed : place->class);
    if (next == 0) {
        set_box(&place->box, 0, 0);
        return true;
    }
    fmpq_t digit, base;
    fmpq_init(digit);
    fmpq_init(base);
    fmpq_set_si(digit, 2 * (slong)next - 1, 2 * c->machine.letters);
    fmpq_set_si(base, 1, 2 * c->machine.letters);
    fmpq_addmul(place->start, place->rate, digit);
    fmpq_mul(place->rate, place->rate, base);
    fmpq_clear(digit);
    fmpq_clear(base);
    return (content >> next & 1) != 0;
}

/* The claim's map as a function of t, where s = start + rate t (`after`: of the new numbers). */
static struct rw_cell_form compose(const struct check *c, const struct claim *claim, bool after)
{
    struct rw_cell_form form = rw_cell_form_new(c->coordinates, c->machine.numbers);
    for (size_t i = 0; i < c->coordinates; i++) {
        fmpq_set(rw_cell_entry(&form, i, 0), rw_cell_entry(&claim->map, i, 0));
        for (size_t p = 0; p < c->machine.numbers; p++) {
            const struct place *place = c->places + p;
            const fmpq *slope = rw_cell_entry(&claim->map, i, p + 1);
            fmpq_addmul(rw_cell_entry(&form, i, 0), slope, after ? place->new_start : place->start);
            fmpq_mul(rw_cell_entry(&form, i, p + 1), slope, after ? place->new_rate : place->rate);
        }
    }
    return form;
}

/* Output 0 says the machine's verdict all over the boxes. */
static bool verdict_fits(const struct check *c, const struct rw_cell_form *output, int verdict)
{
    fmpq_t least, greatest;
    fmpq_init(least);
    fmpq_init(greatest);
    bool low = rw_cell_least(output, 0, c->boxes, least), high = rw_cell_greatest(output, 0, c->boxes, greatest);
    bool fits;
    if (verdict > 0)
        fits = low && fmpq_sgn(least) > 0;
    else if (c->machine.machine->kind->verdict != RW_DECIDES)
        fits = high && fmpq_sgn(greatest) <= 0;
    else if (verdict < 0)
        fits = high && fmpq_sgn(greatest) < 0;
    else
        fits = low && high && fmpq_is_zero(least) && fmpq_is_zero(greatest);
    fmpq_clear(least);
    fmpq_clear(greatest);
    return fits;
}

/* The mode that is led to lists these classes, and what may come up. */
static bool arrives(const struct check *c, const struct claim *from, const struct claim *to)
{
    bool good = true;
    for (size_t i = 0; i < c->machine.numbers; i++) {
        uint64_t next = UINT64_C(1) << c->places[i].next;
        good = good && (to->classes[i] & next) != 0;
        if (c->machine.letters > 0)
            good = good && ((from == NULL ? 0 : from->content[i]) & ~to->content[i]) == 0 &&
                   (to->content[i] & 1) != 0 && (to->content[i] & next) != 0;
    }
    return good;
}

static bool check_step(struct check *c, struct rw_cell_form *state, const struct claim *from, size_t index,
                       size_t token)
{
    uint32_t classes[RW_CELL_NUMBERS];
    struct claim *to = c->claims + c->to;
    struct rw_cell_form output = rw_cell_form_new(1, c->machine.numbers), expected = {0};
    const char *name = token < rw_alphabet_size(c->machine.machine->alphabet)
                           ? rw_alphabet_name(c->machine.machine->alphabet, (uint32_t)token)
                           : "BOS";
    for (size_t i = 0; i < c->machine.numbers; i++) {
        classes[i] = c->places[i].next;
        c->boxes[i] = c->places[i].box;
    }
    bool good = rw_cell_net_step(c->net, token, c->boxes, state, &output) ||
                RW_FAILS(c->certificate, "modes", index,
                         "a ReLU has no single sign, or a product is not affine, after '%s'", name);
    good =
        good && (verdict_fits(c, &output, rw_cell_machine_verdict(&c->machine, c->to, classes)) ||
                 RW_FAILS(c->certificate, "modes", index, "the output is not the machine's verdict after '%s'", name));
    good =
        good && ((to->listed && arrives(c, from, to)) ||
                 RW_FAILS(c->certificate, "modes", index,
                          "'%s' leads to mode %u with classes or contents that are not listed", name, (unsigned)c->to));
    if (good) {
        expected = compose(c, to, true);
        good = rw_cell_same(&expected, state, c->boxes) ||
               RW_FAILS(c->certificate, "modes", index, "'%s' does not lead to what is claimed of mode %u", name,
                        (unsigned)c->to);
    }
    rw_cell_form_free(&output);
    rw_cell_form_free(&expected);
    return good;
}

/* Every part of every number from i on, which decides the classes after the step. */
static bool check_parts(struct check *c, size_t i)
{
    struct claim *claim = c->claims + c->mode;
    if (i == c->machine.numbers) {
        struct rw_cell_form state = compose(c, claim, false);
        bool good = check_step(c, &state, claim, claim->index, c->symbol);
        rw_cell_form_free(&state);
        return good;
    }
    struct place *place = c->places + i;
    const json_t *cuts = json_array_get(claim->cuts, i);
    bool good = true;
    for (uint32_t next = 0; next < c->machine.classes && good; next++)
        for (size_t piece = 0; piece <= json_array_size(cuts) && good; piece++) {
            set_class(c, i);
            if (!(c->machine.letters == 0 ? cut_counter(c, place, c->effects + i, next)
                                          : cut_stack(c, place, c->effects + i, next, claim->content[i])) ||
                (cuts != NULL && !cut_piece(c, place, cuts, piece)))
                continue;
            fmpq_mul(place->new_start, c->effects[i].factor, place->start);
            fmpq_add(place->new_start, place->new_start, c->effects[i].add);
            fmpq_mul(place->new_rate, c->effects[i].factor, place->rate);
            good = check_parts(c, i + 1);
        }
    return good;
}

/* Every class of every number from i on. */
static bool check_classes(struct check *c, size_t i)
{
    if (i == c->machine.numbers) {
        uint32_t classes[RW_CELL_NUMBERS];
        for (size_t k = 0; k < c->machine.numbers; k++)
            classes[k] = c->places[k].class;
        c->to = rw_cell_machine_step(&c->machine, c->mode, c->symbol, classes, c->effects);
        return check_parts(c, 0);
    }
    bool good = true;
    for (uint32_t class = 0; class < c->machine.classes && good; class ++) {
        if ((c->claims[c->mode].classes[i] >> class & 1) == 0)
            continue;
        c->places[i].class = class;
        good = check_classes(c, i + 1);
    }
    return good;
}

static bool check_start(struct check *c)
{
    struct rw_cell_form state = rw_cell_form_new(c->coordinates, c->machine.numbers);
    c->mode = c->machine.initial;
    for (size_t i = 0; i < c->machine.numbers; i++) {
        struct place *place = c->places + i;
        place->class = place->next = 0;
        set_class(c, i);
        fmpq_set(place->new_start, place->start);
        fmpq_set(place->new_rate, place->rate);
    }
    c->to = c->machine.initial;
    bool good = check_step(c, &state, NULL, c->claims[c->to].listed ? c->claims[c->to].index : RW_WHOLE_KEY,
                           rw_alphabet_size(c->machine.machine->alphabet));
    rw_cell_form_free(&state);
    return good;
}

static bool check_all(struct check *c)
{
    if (!read_sides(c) || !read_claims(c) || !check_start(c))
        return false;
    bool good = true;
    for (c->mode = 0; c->mode < c->machine.modes && good; c->mode++)
        for (c->symbol = 0;
             c->claims[c->mode].listed && good && c->symbol < rw_alphabet_size(c->machine.machine->alphabet);
             c->symbol++)
            good = check_classes(c, 0);
    return good;
}

static void check_kind(struct rw_certificate *certificate)
{
    struct check c = {.certificate = certificate};
    for (size_t i = 0; i < RW_CELL_NUMBERS; i++) {
        fmpq_init(c.places[i].start);
        fmpq_init(c.places[i].rate);
        fmpq_init(c.places[i].new_start);
        fmpq_init(c.places[i].new_rate);
        fmpq_init(&c.places[i].box.low);
        fmpq_init(&c.places[i].box.high);
        fmpq_init(c.effects[i].factor);
        fmpq_init(c.effects[i].add);
    }
    fmpq_init(&c.bound.low);
    fmpq_init(&c.bound.high);
    check_all(&c);
    fmpq_clear(&c.bound.low);
    fmpq_clear(&c.bound.high);
    for (size_t i = 0; i < RW_CELL_NUMBERS; i++) {
        fmpq_clear(c.places[i].start);
        fmpq_clear(c.places[i].rate);
        fmpq_clear(c.places[i].new_start);
        fmpq_clear(c.places[i].new_rate);
        fmpq_clear(&c.places[i].box.low);
        fmpq_clear(&c.places[i].box.high);
        fmpq_clear(c.effects[i].factor);
        fmpq_clear(c.effects[i].add);
    }
    for (size_t m = 0; c.claims != NULL && m < c.machine.modes; m++)
        rw_cell_form_free(&c.claims[m].map);
    free(c.claims);
    rw_recheck_net_free(c.net);
}

const struct rw_certificate_kind rw_certificate_cells = {
    "cells", "rnnwit-certificate|kind|claim|left|right|tokens|history|modes", check_kind};
