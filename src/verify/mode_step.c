/* mode_step.c - symbolic steps from affine maps of the machine's numbers, and which maps to try. */
#include "verify/mode_step.h"

#include <stdlib.h>
#include <string.h>

#define NO_HINT UINT32_MAX

/* --- the network's state and the maps --- */

static void load_states(struct rw_mode_step *step, const struct rw_affine *map)
{
    for (size_t head = 0, first = 0; head < step->symbolic.heads; head++) {
        struct rw_affine *state = step->symbolic.states + head;
        rw_affine_zero(state);
        for (size_t p = 0; p <= map->counters; p++)
            for (size_t i = 0; i < state->part->size; i++)
                if (!rw_q_is_zero(map->part[p].value + first + i))
                    fmpq_set(rw_vector_at(state->part + p, (uint32_t)i), map->part[p].value + first + i);
        first += state->part->size;
    }
}

static void store_states(const struct rw_mode_step *step, struct rw_affine *map)
{
    rw_affine_zero(map);
    for (size_t head = 0, first = 0; head < step->symbolic.heads; head++) {
        const struct rw_affine *state = step->symbolic.states + head;
        for (size_t p = 0; p <= map->counters; p++)
            for (size_t k = 0; k < state->part[p].count; k++) {
                uint32_t i = state->part[p].touched[k];
                if (!rw_q_is_zero(state->part[p].value + i))
                    fmpq_set(rw_vector_at(map->part + p, (uint32_t)(first + i)), state->part[p].value + i);
            }
        first += state->part->size;
    }
}

/* to += factor * from */
static void add_scaled(struct rw_vector *to, const fmpq *factor, const struct rw_vector *from)
{
    for (size_t k = 0; k < from->count && !rw_q_is_zero(factor); k++)
        rw_vector_addmul(to, from->touched[k], factor, from->value + from->touched[k]);
}

void rw_map_compose(const struct rw_affine *map, const struct rw_range *ranges, struct rw_affine *out)
{
    rw_affine_zero(out);
    rw_vector_copy(out->part, map->part);
    for (size_t i = 0; i < map->counters; i++) {
        add_scaled(out->part, ranges[i].start, map->part + 1 + i);
        add_scaled(out->part + 1 + i, ranges[i].rate, map->part + 1 + i);
    }
}

/* --- hints from the relation --- */

/* Whether the coordinate is in no other quantity than `row`. */
static bool is_its_own(const struct rw_relation *relation, size_t row, size_t coordinate)
{
    size_t start = relation->matrix->start[coordinate];
    return relation->matrix->start[coordinate + 1] == start + 1 && relation->matrix->row[start] == row;
}

/* A number is one coordinate, or a sum in which one coordinate has no other purpose: the others say where the machine is. */
static void find_hint(struct rw_mode_step *step, size_t row, size_t number)
{
    const struct rw_relation *relation = step->symbolic.net->relation;
    size_t entries = 0, own = 0;
    for (size_t pass = 0; pass < 2 && (pass == 0 || entries != 1); pass++)
        for (size_t j = 0; j < relation->matrix->cols; j++) {
            const fmpq *entry = rw_matrix_entry(relation->matrix, row, j);
            if (entry == NULL || (pass == 1 && !is_its_own(relation, row, j)))
                continue;
            entries += pass == 0;
            own += pass == 1;
            step->hint[number] = (uint32_t)j;
            fmpq_inv(step->hint_factor + number, entry);
        }
    if (entries != 1 && own != 1)
        step->hint[number] = NO_HINT;
}

static void find_hints(struct rw_mode_step *step)
{
    const struct rw_relation *relation = step->symbolic.net->relation;
    const struct rw_machine *machine = step->modes->machine;
    size_t quantities = machine->kind->quantities(machine->model), first = quantities - step->modes->numbers;
    for (size_t i = 0; i < step->modes->numbers; i++) {
        char *name = NULL;
        size_t size, row = 0;
        step->hint[i] = NO_HINT;
        fmpq_init(step->hint_factor + i);
        FILE *out = open_memstream(&name, &size);
        machine->kind->quantity_name(machine->model, first + i, out);
        fclose(out);
        while (relation != NULL && row < relation->count && strcmp(relation->quantities[row], name) != 0)
            row++;
        if (relation != NULL && row < relation->count)
            find_hint(step, row, i);
        free(name);
    }
}

static bool is_relevant(const struct rw_mode_step *step, uint32_t coordinate)
{
    for (size_t head = 0; head < step->symbolic.heads; head++) {
        size_t size = step->symbolic.states[head].part->size;
        if (coordinate < size)
            return step->symbolic.relevant[head][coordinate] != 0;
        coordinate -= (uint32_t)size;
    }
    return false;
}

/* --- which map --- */

void rw_map_suggest(const struct rw_mode_step *step, const struct rw_affine *state, const struct rw_range *from,
                    const struct rw_range *to, const struct rw_affine *old, struct rw_affine *map)
{
    fmpq_t scale;
    fmpq_init(scale);
    rw_affine_zero(map);
    rw_vector_copy(map->part, state->part);
    for (size_t i = 0; i < map->counters; i++) {
        if (!rw_is_point(from[i].box) && !rw_q_is_zero(to[i].rate)) {
            fmpq_inv(scale, to[i].rate);
            add_scaled(map->part + 1 + i, scale, state->part + 1 + i);
        } else if (old != NULL) {
            rw_vector_copy(map->part + 1 + i, old->part + 1 + i);
        } else if (step->hint[i] != NO_HINT && is_relevant(step, step->hint[i])) {
            fmpq_set(rw_vector_at(map->part + 1 + i, step->hint[i]), step->hint_factor + i);
        }
        if (rw_is_point(from[i].box)) { /* the state's own dependence on t is worth its value there */
            rw_q_set_int(scale, from[i].box.low);
            add_scaled(map->part, scale, state->part + 1 + i);
            fmpq_mul(scale, scale, to[i].rate);
            fmpq_neg(scale, scale);
            add_scaled(map->part, scale, map->part + 1 + i);
        }
        fmpq_neg(scale, to[i].start);
        add_scaled(map->part, scale, map->part + 1 + i);
    }
    fmpq_clear(scale);
}

/* --- steps --- */

/* Positive everywhere on the boxes without their upper ends: the minimum over the closed boxes is taken at a corner; if it is 0, a slope below
 * 0 says that this corner, with all corners where the function is 0, has an upper end that does not belong. */
static bool is_positive_on(const struct rw_affine *a, uint32_t i, const struct rw_interval *boxes, bool open,
                           struct rw_cut *cut)
{
    enum rw_sign sign = rw_affine_sign(a, i, boxes, cut);
    if (sign != RW_SIGN_NEVER_NEGATIVE || !open)
        return sign == RW_SIGN_POSITIVE;
    for (size_t n = 0; n < a->counters; n++)
        if (!rw_is_point(boxes[n]) && rw_q_sign(a->part[1 + n].value + i) < 0)
            return true;
    return false;
}

/* On the part of the boxes that the step is about. */
static bool is_positive(const struct rw_mode_step *step, const struct rw_affine *a, const struct rw_interval *boxes,
                        bool open, struct rw_cut *cut)
{
    const struct rw_half_spaces *within = step->symbolic.within;
    return is_positive_on(a, 0, boxes, open, cut) ||
           (within != NULL && rw_half_spaces_positive(within, a, 0, boxes, open));
}

static bool is_never_positive(const struct rw_mode_step *step, const struct rw_affine *a,
                              const struct rw_interval *boxes, struct rw_cut *cut)
{
    const struct rw_half_spaces *within = step->symbolic.within;
    enum rw_sign sign = rw_affine_sign(a, 0, boxes, cut);
    if (sign != RW_SIGN_NEVER_POSITIVE && within != NULL)
        sign = rw_half_spaces_sign(within, a, 0, boxes);
    return sign == RW_SIGN_NEVER_POSITIVE;
}

int rw_mode_step_sign(const struct rw_mode_step *step, const struct rw_interval *boxes, bool open, struct rw_cut *cut)
{
    const struct rw_affine *output = &step->symbolic.output;
    struct rw_affine negated;
    if (is_positive(step, output, boxes, open, cut))
        return 1;
    if (step->symbolic.net->decision != RW_DECIDE_SIGN)
        return is_never_positive(step, output, boxes, cut) ? 0 : RW_MIXED;
    rw_affine_init(&negated, output->part->size, output->counters);
    bool zero = rw_affine_equal_on(output, &negated, boxes);
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    for (size_t p = 0; p <= output->counters; p++)
        add_scaled(negated.part + p, minus, output->part + p);
    bool negative = is_positive(step, &negated, boxes, open, cut);
    rw_affine_clear(&negated);
    fmpq_clear(minus);
    return zero ? 0 : negative ? -1 : RW_MIXED;
}

enum rw_symbolic_result rw_mode_step_run(struct rw_mode_step *step, uint32_t symbol, const struct rw_interval *boxes,
                                         struct rw_affine *state, struct rw_cut *cut)
{
    load_states(step, state);
    enum rw_symbolic_result result = rw_symbolic_step(&step->symbolic, symbol, boxes, cut);
    if (result == RW_SYMBOLIC_DONE)
        store_states(step, state);
    return result;
}

void rw_mode_step_init(struct rw_mode_step *step, const struct rw_modes *modes, const struct rw_net *net, bool whole)
{
    *step = (struct rw_mode_step){.modes = modes, .coordinates = rw_net_coordinate(net, net->layer_count, 0)};
    rw_symbolic_init(&step->symbolic, net, modes->numbers);
    for (size_t head = 0; head < step->symbolic.heads && whole; head++)
        memset(step->symbolic.relevant[head], 1, step->symbolic.states[head].part->size);
    find_hints(step);
}

void rw_mode_step_clear(struct rw_mode_step *step)
{
    rw_symbolic_clear(&step->symbolic);
    for (size_t i = 0; i < step->modes->numbers; i++)
        fmpq_clear(step->hint_factor + i);
}
