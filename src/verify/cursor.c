/* cursor.c - known pairs of configuration and state, and the steps between them.
 *
 * A pair has a number once both sides agreed at it; its key is the exact text of all quantities and all coordinates. The runs that
 * compute a missing step get to a known pair by the word by which it was first met. */
#include "verify/cursor.h"

#include <assert.h>
#include <stdlib.h>
#include <uthash.h>

#include "automata/nfa.h"
#include "automata/regex.h"
#include "base/memory.h"
#include "verify/key.h"

/* Bounds of what is known: some ten megabytes, and some tenths of a second spent on going back to known pairs. */
#define MOST_PAIRS 65536
#define MOST_STEPS 1048576
#define MOST_REPLAYED 200000

struct rw_known_pair {
    uint32_t number, from, symbol; /* met by this step; the empty word's pair is number 0 */
    bool accepts;                  /* what the machine says there */
    char *key;
    size_t key_size;
    struct rw_known_pair *next; /* of the same hash */
};
