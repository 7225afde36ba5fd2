/* context_merge.h - contexts from which no word tells apart. Internal to verify. */
#ifndef RW_VERIFY_CONTEXT_MERGE_H
#define RW_VERIFY_CONTEXT_MERGE_H

#include "verify/contexts.h"

/* steps[c * symbols + s]: where letter s leads from context c, below `count`, and its map. Two contexts are told apart by a
 * word if its letters do not all have the same maps after both. Every step is made to lead to the first of those that no
 * word tells apart from where it led; their number is returned. 0, and nothing is changed: that takes longer words than
 * are tried. */
size_t rw_context_steps_merge(struct rw_context_step *steps, size_t count, size_t symbols);

#endif
