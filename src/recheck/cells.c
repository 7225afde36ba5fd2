/* cells.c - the claims of a certificate of kind "cells", one step after each.
 *
 * Claim of a mode: whatever its numbers s are within their classes, the network's state is constant + sum slopes_i s_i. It is true at the start, and what a
 * step makes of a true claim is the claim of the mode it leads to: so it is true after every word, and so are the verdicts. */
#include "recheck/cells.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct claim {
    bool listed;
    uint64_t classes[RW_CELL_NUMBERS], content[RW_CELL_NUMBERS]; /* as bits */
    struct rw_cell_form map;                                     /* of the numbers */
    size_t index;                                                /* in the list of modes */
};

/* One number in a cell: s = start + rate t, t in the box; the same after the step; and its class then. */
struct place {
    uint32_t class, next;
    fmpq_t start, rate, new_start, new_rate;
    struct rw_cell_box box;
};

struct check {
    const struct rw_source *source;
    const struct rw_limits *limits;
    const json_t *root;
    FILE *why;
    enum rw_recheck result;
    struct rw_cell_machine machine;
    struct rw_cell_net *net;
    struct claim *claims;
    size_t coordinates;
    struct place places[RW_CELL_NUMBERS];
    struct rw_cell_box boxes[RW_CELL_NUMBERS]; /* of the places, for the network */
    struct rw_cell_effect effects[RW_CELL_NUMBERS];
    uint32_t mode, symbol, to;
};

static bool fail(struct check *c, enum rw_recheck result, const char *key, size_t index, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Only the first failure is told. Always false. */
static bool fail(struct check *c, enum rw_recheck result, const char *key, size_t index, const char *format, ...)
{
    va_list arguments;
    if (c->result != RW_RECHECK_HOLDS)
        return false;
    c->result = result;
    size_t line = rw_recheck_line(c->source, key, index);
    fprintf(c->why, "%s:", c->source->name);
    if (line > 0)
        fprintf(c->why, "%zu:", line);
    fprintf(c->why, " %s", key);
    if (index != SIZE_MAX)
        fprintf(c->why, "[%zu]", index);
    fputs(": ", c->why);
    va_start(arguments, format);
    vfprintf(c->why, format, arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): started above */
    va_end(arguments);
    return false;
}

#define FAILS(c, key, index, ...)      fail(c, RW_RECHECK_FAILS, key, index, __VA_ARGS__)
#define UNREADABLE(c, key, index, ...) fail(c, RW_RECHECK_UNREADABLE, key, index, __VA_ARGS__)

/* --- reading --- */

static bool only_keys(struct check *c, const json_t *object, const char *const *keys, const char *key, size_t index)
{
    size_t count = 0;
    for (; keys[count] != NULL; count++)
        if (json_object_get(object, keys[count]) == NULL)
            return UNREADABLE(c, key, index, "the key %s is missing", keys[count]);
    return json_object_size(object) == count || UNREADABLE(c, key, index, "there are keys that do not belong here");
}

/* A list of ascending classes for each number. */
static bool read_sets(struct check *c, const json_t *list, size_t index, const char *what, uint64_t *sets)
{
    if (json_array_size(list) != c->machine.numbers || !json_is_array(list))
        return UNREADABLE(c, "modes", index, "%s is not a list for each of the %zu numbers", what, c->machine.numbers);
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
            return UNREADABLE(c, "modes", index, "%s is not a list of classes in order", what);
    }
    return true;
}

/* Entries [coordinate, "value"] in order, to one part of the map. */
static bool read_part(struct check *c, const json_t *list, size_t index, struct rw_cell_form *map, size_t part)
{
    json_int_t before = -1;
    bool good = json_is_array(list);
    for (size_t e = 0; e < json_array_size(list) && good; e++) {
        const json_t *entry = json_array_get(list, e), *at = json_array_get(entry, 0);
        const char *text = json_string_value(json_array_get(entry, 1));
        good = json_array_size(entry) == 2 && json_is_integer(at) && json_integer_value(at) > before &&
               json_integer_value(at) < (json_int_t)c->coordinates && text != NULL;
        before = json_integer_value(at);
        good = good &&
               rw_q_parse(rw_cell_entry(map, (size_t)before, part), text, strlen(text), c->limits->number_digits) &&
               !fmpq_is_zero(rw_cell_entry(map, (size_t)before, part));
    }
    return good || UNREADABLE(c, "modes", index, "not a list of entries [coordinate, \"value\"] in order");
}

static bool read_mode(struct check *c, const json_t *json, size_t index)
{
    static const char *const keys[] = {"mode", "name", "classes", "content", "constant", "slopes", NULL};
    const json_t *mode = json_object_get(json, "mode"), *slopes = json_object_get(json, "slopes");
    if (!only_keys(c, json, keys, "modes", index))
        return false;
    if (!json_is_integer(mode) || json_integer_value(mode) < 0 ||
        (uint64_t)json_integer_value(mode) >= c->machine.modes || c->claims[json_integer_value(mode)].listed)
        return UNREADABLE(c, "modes", index, "not the number of a mode that is listed once");
    struct claim *claim = c->claims + json_integer_value(mode);
    claim->listed = true;
    claim->index = index;
    claim->map = rw_cell_form_new(c->coordinates, c->machine.numbers);
    if (json_array_size(slopes) != c->machine.numbers || !json_is_array(slopes) ||
        !json_is_string(json_object_get(json, "name")))
        return UNREADABLE(c, "modes", index, "there are not slopes for each of the %zu numbers", c->machine.numbers);
    bool good = read_sets(c, json_object_get(json, "classes"), index, "classes", claim->classes) &&
                read_sets(c, json_object_get(json, "content"), index, "content", claim->content) &&
                read_part(c, json_object_get(json, "constant"), index, &claim->map, 0);
    for (size_t i = 0; i < c->machine.numbers && good; i++)
        good = read_part(c, json_array_get(slopes, i), index, &claim->map, i + 1);
    return good;
}

static bool side_fits(struct check *c, const char *key, struct rw_recheck_side side, const char *file,
                      const char *series)
{
    static const char *const keys[] = {"file", "series", "sha256", NULL};
    const json_t *json = json_object_get(c->root, key);
    char hash[65];
    if (!only_keys(c, json, keys, key, SIZE_MAX))
        return false;
    const char *said_file = json_string_value(json_object_get(json, "file")),
               *said_series = json_string_value(json_object_get(json, "series")),
               *said_hash = json_string_value(json_object_get(json, "sha256"));
    if (said_file == NULL || strcmp(said_file, file) != 0 || (side.machine == NULL) != (strcmp(file, "net") == 0))
        return FAILS(c, key, SIZE_MAX, "the certificate is about a %s here", file);
    if (said_series == NULL || strcmp(said_series, series) != 0)
        return UNREADABLE(c, key, SIZE_MAX, "the series is not \"%s\"", series);
    rw_sha256(side.source->text, side.source->size, hash);
    return (said_hash != NULL && strcmp(said_hash, hash) == 0) ||
           FAILS(c, key, SIZE_MAX, "the certificate is about another file: %s has SHA-256 %s", side.source->name, hash);
}

static bool read_sides(struct check *c, struct rw_recheck_side left, struct rw_recheck_side right)
{
    const struct rw_machine *machine = left.machine;
    const json_t *history = json_object_get(c->root, "history"), *tokens = json_object_get(c->root, "tokens");
    const char *claim = json_string_value(json_object_get(c->root, "claim"));
    if (claim == NULL || strcmp(claim, "verdicts") != 0 || !json_is_boolean(history))
        return UNREADABLE(c, "claim", SIZE_MAX, "cells are about verdicts, with history true or false");
    if (!side_fits(c, "left", left, "spec", "machine") || !side_fits(c, "right", right, "net", "output"))
        return false;
    if (!rw_cell_machine_make(&c->machine, machine, json_is_true(history)))
        return FAILS(c, "left", SIZE_MAX, "the spec has no modes of that kind");
    bool fit = json_array_size(tokens) == rw_alphabet_size(machine->alphabet);
    for (uint32_t s = 0; fit && s < rw_alphabet_size(machine->alphabet); s++) {
        const char *name = json_string_value(json_array_get(tokens, s));
        fit = name != NULL && strcmp(name, rw_alphabet_name(machine->alphabet, s)) == 0;
    }
    c->net = rw_cell_net_read(right.source, c->limits, c->why);
    if (c->net == NULL)
        c->result = RW_RECHECK_UNREADABLE;
    if (c->net == NULL || !fit || !rw_cell_net_fits(c->net, machine->alphabet, machine->kind->verdict == RW_DECIDES))
        return FAILS(c, "tokens", SIZE_MAX, "the two sides do not both read these tokens, or decide otherwise");
    c->coordinates = rw_cell_net_coordinates(c->net);
    return true;
}

static bool read_claims(struct check *c)
{
    const json_t *modes = json_object_get(c->root, "modes");
    if (!json_is_array(modes))
        return UNREADABLE(c, "modes", SIZE_MAX, "not a list");
    c->claims = rw_alloc(c->machine.modes, sizeof *c->claims);
    bool good = true;
    for (size_t i = 0; i < json_array_size(modes) && good; i++)
        good = read_mode(c, json_array_get(modes, i), i);
    return good;
}

/* --- one cell --- */

static void set_box(struct rw_cell_box *box, slong low, bool no_low, slong high, bool no_high)
{
    fmpq_set_si(&box->low, low, 1);
    fmpq_set_si(&box->high, high, 1);
    box->no_low = no_low;
    box->no_high = no_high;
}

/* The values of the place's class. */
static void set_class(const struct check *c, struct place *place)
{
    if (c->machine.letters == 0) {
        fmpq_zero(place->start);
        fmpq_one(place->rate);
        set_box(&place->box, place->class == 0 ? 0 : 1, place->class == 2, place->class == 0 ? 0 : -1,
                place->class == 1);
        return;
    }
    ulong base = 2 * c->machine.letters;
    bool empty = place->class == 0;
    fmpq_set_si(place->start, empty ? 0 : 2 * (slong)place->class - 1, empty ? 1 : base);
    fmpq_set_si(place->rate, empty ? 0 : 1, empty ? 1 : base);
    set_box(&place->box, 0, false, !empty, false);
}

/* The part of a counter's class that `add` leads to the class `next`: none if the box is empty. */
static bool cut_counter(struct place *place, const struct rw_cell_effect *effect, uint32_t next)
{
    struct place goal = {.class = next, .box = {.no_low = next == 2, .no_high = next == 1}};
    fmpq_t bound;
    fmpq_init(bound);
    place->next = next;
    if (fmpq_is_zero(effect->factor)) { /* a reset */
        fmpq_clear(bound);
        return next == 0;
    }
    if (!goal.box.no_low) {
        fmpq_set_si(bound, next == 0 ? 0 : 1, 1);
        fmpq_sub(bound, bound, effect->add);
        if (place->box.no_low || fmpq_cmp(bound, &place->box.low) > 0)
            fmpq_set(&place->box.low, bound);
        place->box.no_low = false;
    }
    if (!goal.box.no_high) {
        fmpq_set_si(bound, next == 0 ? 0 : -1, 1);
        fmpq_sub(bound, bound, effect->add);
        if (place->box.no_high || fmpq_cmp(bound, &place->box.high) < 0)
            fmpq_set(&place->box.high, bound);
        place->box.no_high = false;
    }
    fmpq_clear(bound);
    return place->box.no_low || place->box.no_high || fmpq_cmp(&place->box.low, &place->box.high) <= 0;
}

/* What a pop brings up: nothing, or the letter of the class. */
static bool cut_stack(const struct check *c, struct place *place, const struct rw_cell_effect *effect, uint32_t next,
                      uint64_t content)
{
    place->next = next;
    if (!effect->pops)
        return next == (effect->pushed > 0 ? effect->pushed : place->class);
    if (next == 0) {
        set_box(&place->box, 0, false, 0, false);
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
                FAILS(c, "modes", index, "a ReLU has no single sign, or a product is not affine, after '%s'", name);
    good = good && (verdict_fits(c, &output, rw_cell_machine_verdict(&c->machine, c->to, classes)) ||
                    FAILS(c, "modes", index, "the output is not the machine's verdict after '%s'", name));
    good = good && ((to->listed && arrives(c, from, to)) ||
                    FAILS(c, "modes", index, "'%s' leads to mode %u with classes or contents that are not listed", name,
                          (unsigned)c->to));
    if (good) {
        expected = compose(c, to, true);
        good = rw_cell_same(&expected, state, c->boxes) ||
               FAILS(c, "modes", index, "'%s' does not lead to what is claimed of mode %u", name, (unsigned)c->to);
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
    bool good = true;
    for (uint32_t next = 0; next < c->machine.classes && good; next++) {
        set_class(c, place);
        if (!(c->machine.letters == 0 ? cut_counter(place, c->effects + i, next)
                                      : cut_stack(c, place, c->effects + i, next, claim->content[i])))
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
    for (size_t i = 0; i < c->machine.numbers; i++) {
        struct place *place = c->places + i;
        place->class = place->next = 0;
        set_class(c, place);
        fmpq_set(place->new_start, place->start);
        fmpq_set(place->new_rate, place->rate);
    }
    c->to = c->machine.initial;
    bool good = check_step(c, &state, NULL, c->claims[c->to].listed ? c->claims[c->to].index : SIZE_MAX,
                           rw_alphabet_size(c->machine.machine->alphabet));
    rw_cell_form_free(&state);
    return good;
}

static bool check_all(struct check *c, struct rw_recheck_side left, struct rw_recheck_side right)
{
    static const char *const keys[] = {
        "rnnwit-certificate", "kind", "claim", "left", "right", "tokens", "history", "modes", NULL};
    if (!only_keys(c, c->root, keys, "kind", SIZE_MAX) || !read_sides(c, left, right) || !read_claims(c) ||
        !check_start(c))
        return false;
    bool good = true;
    for (c->mode = 0; c->mode < c->machine.modes && good; c->mode++)
        for (c->symbol = 0;
             c->claims[c->mode].listed && good && c->symbol < rw_alphabet_size(c->machine.machine->alphabet);
             c->symbol++)
            good = check_classes(c, 0);
    return good;
}

enum rw_recheck rw_recheck_cells(const struct rw_source *certificate, const json_t *root, struct rw_recheck_side left,
                                 struct rw_recheck_side right, const struct rw_limits *limits, FILE *why)
{
    struct check c = {.source = certificate, .root = root, .limits = limits, .why = why};
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
    check_all(&c, left, right);
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
    rw_cell_net_free(c.net);
    return c.result;
}
