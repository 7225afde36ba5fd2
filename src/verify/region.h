/* region.h - regions of configurations, and what the network's state is there. Internal to verify.
 *
 * A region is a machine state, the sign of each number (counters, and perhaps sums of them), and perhaps the last steps that led there. The claim about it:
 * whatever values the numbers have in its box, the network's state is one affine function of the counters. */
#ifndef RW_VERIFY_REGION_H
#define RW_VERIFY_REGION_H

#include <uthash.h>

#include "verify/configuration.h"
#include "verify/sums.h"

/* Steps of history that regions may tell apart. */
#define RW_MOST_HISTORY 2

/* Compared as bytes: made with memset. */
struct rw_region_key {
    uint64_t pattern, past_pattern[RW_MOST_HISTORY];
    uint32_t state, past_state[RW_MOST_HISTORY], past_symbol[RW_MOST_HISTORY];
};

/* After a step: what was now is the past, as far as `history` goes. */
struct rw_region_key rw_region_next(const struct rw_region_key *key, size_t history, uint32_t symbol, uint32_t state,
                                    uint64_t pattern);

struct rw_region {
    struct rw_region_key key;
    const struct rw_sums *sums;
    size_t counters, coordinates;
    /* samples: counter values met, all different, and the state there */
    size_t samples;
    int64_t *values;      /* samples x counters */
    fmpq *states;         /* samples x coordinates */
    bool has_map, loose;  /* loose: the samples leave the map open, and another may be taken */
    struct rw_affine map; /* coordinates as functions of the counters */
    bool reached, queued;
    struct rw_interval *box;         /* hull of what was reached: each number */
    unsigned growth;                 /* how often the box grew */
    struct rw_region *parent, *next; /* the first way here; the queue */
    uint32_t symbol;                 /* last symbol of that way */
    UT_hash_handle hh;
};

/* All regions of one attempt. */
struct rw_regions {
    const struct rw_sums *sums;
    size_t coordinates, history;
    struct rw_region *table;
    uint32_t *hint; /* for each coordinate a counter that it is said to hold, or RW_NO_HINT; owned */
};
#define RW_NO_HINT UINT32_MAX

/* The region of that key, made if it is new. */
struct rw_region *rw_region_find(struct rw_regions *regions, const struct rw_region_key *key);
void rw_regions_clear(struct rw_regions *regions);

/* Notes one configuration. false: the same counter values were met with another state, so there is no map. */
bool rw_region_sample(struct rw_region *region, const int64_t *values, const fmpq *state);
/* Finds the map through all samples. false: there is none. */
bool rw_region_fit(struct rw_region *region);
/* Where samples leave slopes open, takes those of a region where they are known, or of the hint, if they go through the samples too: the
 * network is likely to keep a counter in the same way everywhere. */
void rw_regions_borrow(struct rw_regions *regions);
/* The state is `map` in `box`: whether that is the region's map (a loose region may change its mind), and the box grows by it. `grew`:
 * there is news. */
bool rw_region_arrive(struct rw_regions *regions, struct rw_region *region, const struct rw_affine *map,
                      const struct rw_interval *box, bool *grew);

#endif
