/* stack_code.c - the two ways to keep a stack in one coordinate: with gaps, and as printed. */
#include "reductions/witness/stack_code.h"

#include "automata/stack.h"

/* --- with gaps: ge_b = clip(2B s - 2b, 0, 1) says that the top is b or a later letter --- */

static size_t gapped_ramps(size_t letters)
{
    return 2 * letters;
}

static void gapped_ramp(size_t letters, size_t i, int64_t *slope, int64_t *shift)
{
    *slope = 2 * (int64_t)letters;
    *shift = -(int64_t)i;
}

static size_t gapped_bits(size_t letters)
{
    return letters;
}

static struct rw_combination gapped_bit(size_t letters, size_t i)
{
    (void)letters;
    return (struct rw_combination){.count = 2, .terms = {{2 * i, 1}, {2 * i + 1, -1}}};
}

static struct rw_combination gapped_test(size_t letters, uint32_t test)
{
    if (test == RW_TOP_EMPTY)
        return (struct rw_combination){.constant = 1, .count = 1, .terms = {{0, -1}}};
    if (test == RW_TOP_NONEMPTY)
        return (struct rw_combination){.count = 1, .terms = {{0, 1}}};
    size_t letter = test - RW_TOP_FIRST;
    return (struct rw_combination){.count = letter + 1 < letters ? 2 : 1, .terms = {{letter, 1}, {letter + 1, -1}}};
}

static struct rw_stack_update gapped_push(size_t letters, uint32_t letter)
{
    return (struct rw_stack_update){1, 2 * (int64_t)letter + 1, 2 * (int64_t)letters};
}

static struct rw_stack_update gapped_pop(size_t letters, uint32_t letter)
{
    return (struct rw_stack_update){2 * (int64_t)letters, -2 * (int64_t)letter - 1, 1};
}

static int64_t twice_letters(size_t letters)
{
    return 2 * (int64_t)letters;
}

const struct rw_stack_code rw_stack_gapped = {
    .empty = 0,
    .ramps = gapped_ramps,
    .ramp = gapped_ramp,
    .bits = gapped_bits,
    .bit = gapped_bit,
    .test = gapped_test,
    .push = gapped_push,
    .pop = gapped_pop,
    .bound = twice_letters,
};

/* --- as printed: b on top of w is b + w/2, empty is 1; both tests rise over (2/3, 1), and the bottom test falls over (1, 4/3) --- */

enum printed_ramp { VALUE, RISE, ONE, FALL, PRINTED_RAMPS };
enum printed_bit { HEAD, BOTTOM, PRINTED_BITS };

static size_t printed_ramps(size_t letters)
{
    (void)letters;
    return PRINTED_RAMPS;
}

static void printed_ramp(size_t letters, size_t i, int64_t *slope, int64_t *shift)
{
    static const int64_t slopes[] = {1, 3, 3, 3}, shifts[] = {0, -2, -3, -4};
    (void)letters;
    *slope = slopes[i];
    *shift = shifts[i];
}

static size_t printed_bits(size_t letters)
{
    (void)letters;
    return PRINTED_BITS;
}

static struct rw_combination printed_bit(size_t letters, size_t i)
{
    (void)letters;
    if (i == HEAD)
        return (struct rw_combination){.count = 2, .terms = {{RISE, 1}, {ONE, -1}}};
    return (struct rw_combination){.count = 3, .terms = {{RISE, 1}, {ONE, -2}, {FALL, 1}}};
}

static struct rw_combination printed_test(size_t letters, uint32_t test)
{
    (void)letters;
    switch (test) {
    case RW_TOP_EMPTY:
        return (struct rw_combination){.count = 1, .terms = {{BOTTOM, 1}}};
    case RW_TOP_NONEMPTY:
        return (struct rw_combination){.constant = 1, .count = 1, .terms = {{BOTTOM, -1}}};
    case RW_TOP_FIRST:
        return (struct rw_combination){.constant = 1, .count = 1, .terms = {{HEAD, -1}}};
    default:
        return (struct rw_combination){.count = 2, .terms = {{HEAD, 1}, {BOTTOM, -1}}};
    }
}

static struct rw_stack_update printed_push(size_t letters, uint32_t letter)
{
    (void)letters;
    return (struct rw_stack_update){1, 2 * (int64_t)letter, 2};
}

static struct rw_stack_update printed_pop(size_t letters, uint32_t letter)
{
    (void)letters;
    return (struct rw_stack_update){2, -2 * (int64_t)letter, 1};
}

const struct rw_stack_code rw_stack_printed = {
    .empty = 1,
    .ramps = printed_ramps,
    .ramp = printed_ramp,
    .bits = printed_bits,
    .bit = printed_bit,
    .test = printed_test,
    .push = printed_push,
    .pop = printed_pop,
    .bound = twice_letters,
};
