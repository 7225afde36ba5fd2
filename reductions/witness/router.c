/* router.c - asking a router. */
#include "reductions/witness/router.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

struct rw_router rw_router_new(const struct rw_alphabet *tokens, size_t period, size_t parts, size_t slots)
{
    size_t symbols = rw_alphabet_size(tokens) + 1;
    return (struct rw_router){
        .period = period,
        .parts = parts,
        .position = rw_alloc(period * parts, sizeof(size_t)),
        .slots = slots,
        .symbols = symbols,
        .token = rw_alloc(slots * symbols, sizeof(size_t)),
    };
}

void rw_router_clear(struct rw_router *router)
{
    free(router->position);
    free(router->token);
    *router = (struct rw_router){0};
}

/* The place of the token of `age` steps ago. */
static size_t place_of(const struct rw_router *router, size_t position, size_t age)
{
    if (router->block == 0)
        return router->by_age ? age : (position + router->slots - age) % router->slots;
    size_t before = (position + 2 * router->period - 1 - age) % router->period; /* steps since BOS, less one */
    size_t now = (position + router->period - 1) % router->period;
    if (router->by_age)
        return before / router->block == now / router->block ? 0 : 1;
    return 1 - before / router->block % 2;
}

size_t rw_router_token(const struct rw_router *router, size_t position, size_t age, size_t symbol)
{
    size_t place = place_of(router, position, age);
    assert(place < router->slots && symbol < router->symbols);
    return router->token[place * router->symbols + symbol];
}

const size_t *rw_router_position(const struct rw_router *router, size_t position)
{
    assert(position < router->period);
    return router->position + position * router->parts;
}
