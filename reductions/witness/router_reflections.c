/* router_reflections.c - t mod 24 c and the last 24 tokens, by DeltaNet steps over the rationals (ours; W6).
 *
 * A product of two plane rotations' reflections has order 1, 2, 3, 4 or 6 over Q (E6), so a long period cannot come from one head. Heads of
 * order 6 and 8 give 24 together; a swap of two coordinates is (beta, k) = (1, e_i - e_j), and swaps at chosen residues make a cycle of
 * rounds. Everything is written by BOS, because a state of 0 stays 0 under any transition (E5). */
#include <assert.h>

#include "reductions/witness/router.h"

#define ROUND 24 /* lcm(6, 8) */

static void draw_bos_write(struct rw_sketch *sketch)
{
    size_t bos = rw_feature_bos(sketch);
    rw_sketch_param_int(sketch, "key", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "beta", 0, 0, bos, 1);
}

static void draw_identity_query(struct rw_sketch *sketch, size_t n)
{
    for (size_t i = 0; i < n; i++)
        rw_sketch_param_int(sketch, "query", i, i, rw_feature_one(sketch), 1);
}

/* Layer 1: beta = 2 on a single coordinate is a change of sign; at BOS beta = 1 writes 1. */
static void draw_parity(struct rw_sketch *sketch)
{
    size_t one = rw_feature_one(sketch), bos = rw_feature_bos(sketch), sign = rw_feature(sketch, "parity sign");
    rw_sketch_layer(sketch);
    rw_sketch_head(sketch, rw_family_find("deltanet"), "parity", (const size_t[RW_MAX_DIMS]){1, 1, 1});
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "beta", 0, 0, one, 2);
    rw_sketch_param_int(sketch, "beta", 0, 0, bos, -1);
    draw_identity_query(sketch, 1);
    rw_sketch_output_int(sketch, sign, 0, 1);
    for (int parity = 0; parity < 2; parity++) {
        rw_sketch_neuron(sketch, "parity %d", parity);
        rw_neuron_in_int(sketch, sign, parity == 0 ? 1 : -1);
        rw_neuron_out_int(sketch, rw_feature(sketch, "parity %d", parity), 1);
    }
}

/* A head that alternates: key `odd` with weight beta_odd at odd times, key `even` at even ones, BOS writing e_0 instead. */
static void draw_alternating(struct rw_sketch *sketch, const char *name, size_t n, const int *odd, int beta_odd,
                             const int *even, int beta_even)
{
    size_t p0 = rw_feature(sketch, "parity 0"), p1 = rw_feature(sketch, "parity 1"), bos = rw_feature_bos(sketch);
    rw_sketch_head(sketch, rw_family_find("deltanet"), name, (const size_t[RW_MAX_DIMS]){n, 1, n});
    for (size_t i = 0; i < n; i++) {
        rw_sketch_param_int(sketch, "key", i, 0, p1, odd[i]);
        rw_sketch_param_int(sketch, "key", i, 0, p0, even[i]);
        rw_sketch_param_int(sketch, "key", i, 0, bos, -even[i]);
    }
    rw_sketch_param_int(sketch, "beta", 0, 0, p1, beta_odd);
    rw_sketch_param_int(sketch, "beta", 0, 0, p0, beta_even);
    rw_sketch_param_int(sketch, "beta", 0, 0, bos, -beta_even);
    draw_bos_write(sketch);
    draw_identity_query(sketch, n);
    for (size_t i = 0; i < n; i++)
        rw_sketch_output_int(sketch, rw_feature(sketch, "%s[%zu]", name, i), i, 1);
}

/* The two heads' states after t steps, computed here once to know which pair means which residue; the weights then speak for themselves
 * and the tests run them through whole periods. */
struct clocks {
    int six[3], eight[2];
};

static void tick(struct clocks *c, size_t t)
{
    int *from = t % 2 == 1 ? c->six : c->six + 1;
    int swap = from[0];
    from[0] = from[1];
    from[1] = swap;
    if (t % 2 == 1) {
        c->eight[0] = -c->eight[0];
    } else {
        swap = c->eight[0];
        c->eight[0] = c->eight[1];
        c->eight[1] = swap;
    }
}

/* Layer 2: a one-hot of three moved by two swaps in turn (order 3 in double steps, so 6), and a signed one-hot of two moved by a sign and a
 * swap in turn (order 4 in double steps, so 8). */
static void draw_residues(struct rw_sketch *sketch)
{
    rw_sketch_layer(sketch);
    draw_alternating(sketch, "clock six", 3, (const int[]){1, -1, 0}, 1, (const int[]){0, 1, -1}, 1);
    draw_alternating(sketch, "clock eight", 2, (const int[]){1, 0}, 2, (const int[]){1, -1}, 1);
    struct clocks clocks = {{1, 0, 0}, {1, 0}};
    for (size_t t = 0; t < ROUND; t++) {
        if (t > 0)
            tick(&clocks, t);
        size_t i = clocks.six[0] ? 0 : clocks.six[1] ? 1 : 2, j = clocks.eight[0] ? 0 : 1;
        rw_sketch_neuron(sketch, "residue %zu", t);
        rw_neuron_in_int(sketch, rw_feature(sketch, "parity %zu", t % 2), 1);
        rw_neuron_in_int(sketch, rw_feature(sketch, "clock six[%zu]", i), 1);
        rw_neuron_in_int(sketch, rw_feature(sketch, "clock eight[%zu]", j), clocks.eight[j]);
        rw_neuron_bias_int(sketch, -2);
        rw_neuron_out_int(sketch, rw_feature(sketch, "residue %zu of 24", t), 1);
    }
}

/* A one-hot of `rounds` coordinates. Swaps (0 1), (1 2), ... at the last rounds - 1 residues of each round multiply to one cycle of all
 * coordinates, so the one-hot comes back after `rounds` rounds and not before. */
static void draw_rounds(struct rw_sketch *sketch, size_t rounds)
{
    rw_sketch_head(sketch, rw_family_find("deltanet"), "round", (const size_t[RW_MAX_DIMS]){rounds, 1, rounds});
    draw_bos_write(sketch);
    for (size_t i = 0; i + 1 < rounds; i++) {
        size_t residue = rw_feature(sketch, "residue %zu of 24", ROUND - rounds + 1 + i);
        rw_sketch_param_int(sketch, "key", i, 0, residue, 1);
        rw_sketch_param_int(sketch, "key", i + 1, 0, residue, -1);
        rw_sketch_param_int(sketch, "beta", 0, 0, residue, 1);
    }
    draw_identity_query(sketch, rounds);
    for (size_t i = 0; i < rounds; i++)
        rw_sketch_output_int(sketch, rw_feature(sketch, "round[%zu of %zu]", i, rounds), i, 1);
}

/* Where the one-hot of draw_rounds stands at time t. */
static size_t round_place(size_t rounds, size_t t)
{
    size_t place = 0;
    for (size_t time = 1; time <= t; time++) {
        size_t residue = time % ROUND;
        if (residue + rounds <= ROUND)
            continue;
        size_t i = residue + rounds - ROUND - 1;
        if (place == i)
            place = i + 1;
        else if (place == i + 1)
            place = i;
    }
    return place;
}

/* Padded words, layer 1: the parity of the number of letters so far (beta = 2 at letters); with "this token is a letter or BOS" it says which of two
 * slots to write, so that the buffer below needs no position. */
static void draw_letter_parity(struct rw_sketch *sketch, size_t blank)
{
    size_t one = rw_feature_one(sketch), bos = rw_feature_bos(sketch), sign = rw_feature(sketch, "letter parity sign");
    rw_sketch_head(sketch, rw_family_find("deltanet"), "letter parity", (const size_t[RW_MAX_DIMS]){1, 1, 1});
    rw_sketch_param_int(sketch, "key", 0, 0, one, 1);
    rw_sketch_param_int(sketch, "value", 0, 0, bos, 1);
    rw_sketch_param_int(sketch, "beta", 0, 0, one, 2);
    rw_sketch_param_int(sketch, "beta", 0, 0, blank, -2);
    rw_sketch_param_int(sketch, "beta", 0, 0, bos, -1);
    draw_identity_query(sketch, 1);
    rw_sketch_output_int(sketch, sign, 0, 1);
    for (int parity = 0; parity < 2; parity++) {
        rw_sketch_neuron(sketch, "letter into slot %d", parity);
        rw_neuron_in_int(sketch, sign, parity == 0 ? 1 : -1);
        rw_neuron_in_int(sketch, blank, -1);
        rw_neuron_out_int(sketch, rw_feature(sketch, "letter into slot %d", parity), 1);
    }
}

/* beta = 1 on e_slot replaces what the slot held by the token. */
static void draw_buffer(struct rw_sketch *sketch, const struct rw_alphabet *tokens, struct rw_router *router)
{
    size_t rows = router->symbols, slots = router->slots;
    rw_sketch_head(sketch, rw_family_find("deltanet"), "buffer", (const size_t[RW_MAX_DIMS]){slots, rows, slots});
    for (size_t slot = 0; slot < slots; slot++)
        rw_sketch_param_int(sketch, "key", slot, 0,
                            router->block == 0 ? rw_feature(sketch, "residue %zu of 24", slot)
                                               : rw_feature(sketch, "letter into slot %zu", slot),
                            1);
    for (size_t s = 0; s < rows; s++)
        rw_sketch_param_int(sketch, "value", s, 0, s, 1);
    rw_sketch_param_int(sketch, "beta", 0, 0, rw_feature_one(sketch), 1);
    draw_identity_query(sketch, slots);
    for (size_t slot = 0; slot < slots; slot++)
        for (size_t s = 0; s < rows; s++) {
            const char *name = s + 1 < rows ? rw_alphabet_name(tokens, (uint32_t)s) : "BOS";
            router->token[slot * rows + s] = rw_feature(sketch, "buffer[slot %zu] %s", slot, name);
            rw_sketch_output_int(sketch, router->token[slot * rows + s], s * slots + slot, 1);
        }
}

struct rw_router rw_router_reflections(struct rw_sketch *sketch, const struct rw_alphabet *tokens, size_t rounds,
                                       size_t block)
{
    assert(rounds >= 1 && rounds <= ROUND);
    struct rw_router router = rw_router_new(tokens, ROUND * rounds, rounds > 1 ? 2 : 1, block == 0 ? ROUND : 2);
    router.block = block;
    draw_parity(sketch);
    if (block > 0)
        draw_letter_parity(sketch, router.symbols - 2);
    draw_residues(sketch);
    rw_sketch_layer(sketch);
    if (rounds > 1)
        draw_rounds(sketch, rounds);
    draw_buffer(sketch, tokens, &router);
    for (size_t p = 0; p < router.period; p++) {
        router.position[p * router.parts] = rw_feature(sketch, "residue %zu of 24", p % ROUND);
        if (rounds > 1)
            router.position[p * router.parts + 1] =
                rw_feature(sketch, "round[%zu of %zu]", round_place(rounds, p), rounds);
    }
    return router;
}
