/* names.h - names for states that have none. Internal to automata and to those who make automata. */
#ifndef RW_AUTOMATA_NAMES_H
#define RW_AUTOMATA_NAMES_H

#include <stddef.h>

/* Replaces each "" by q0, q1, ..., in order; numbers that some other name has are skipped. */
void rw_name_the_others(char **names, size_t states);

#endif
