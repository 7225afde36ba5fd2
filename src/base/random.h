/* random.h - a seeded stream of random numbers, the same on every machine (splitmix64). */
#ifndef RW_BASE_RANDOM_H
#define RW_BASE_RANDOM_H

#include <stdint.h>

struct rw_random {
    uint64_t state;
};

static inline struct rw_random rw_random_seed(uint64_t seed)
{
    return (struct rw_random){seed};
}

static inline uint64_t rw_random_next(struct rw_random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Uniform in 0 .. bound-1; bound > 0. The modulo bias is below 2^-32 for bounds below 2^32. */
static inline uint64_t rw_random_below(struct rw_random *random, uint64_t bound)
{
    return (uint64_t)(((unsigned __int128)rw_random_next(random) * bound) >> 64);
}

#endif
