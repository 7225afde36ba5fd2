/* names.h - names of states that a spec can have, for automata that were made and not read. */
#ifndef RW_AUTOMATA_NAMES_H
#define RW_AUTOMATA_NAMES_H

#include <stddef.h>

/* Takes the blanks out of lists ("{p, q}" -> "{p,q}"). Then replaces each name that is empty, has blanks or control
 * characters, or is there twice, by q0, q1, ..., in order; numbers that some other name has are skipped. */
void rw_names_mend(char **names, size_t states);

#endif
