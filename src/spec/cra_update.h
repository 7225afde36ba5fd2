/* cra_update.h - the language of a cost-register automaton's updates: "x = x + 2*y + max(y, x + 1)". Internal to spec.
 *
 * update = register "=" sum;  sum = term { "+" term };  term = number | [number "*"] register | "max" "(" sum "," sum ")".
 * One max at most, and none in it; blanks anywhere between. */
#ifndef RW_SPEC_CRA_UPDATE_H
#define RW_SPEC_CRA_UPDATE_H

#include "automata/cra.h"
#include "spec/reader.h"

struct rw_cra_parsed {
    bool good;                   /* nothing was wrong with it */
    bool known;                  /* the target is a register */
    struct rw_span span;         /* of the target */
    struct rw_cra_update update; /* the caller's to clear or keep, good or not */
};

/* Whether the text can name a register: letters, digits and _, no digit first. */
bool rw_cra_is_name(const char *text, size_t length);
/* Reads the update that begins with item i of the list; returns how many items it takes. In a list in brackets YAML takes the comma of a max
 * for its own: an item with an open parenthesis goes on with the next one, unless that has a "=". */
size_t rw_cra_parse_update(struct rw_reader *r, const struct rw_yaml *list, size_t i, const struct rw_names *registers,
                           struct rw_cra_parsed *parsed);
/* A sum without max, added to the form. */
bool rw_cra_parse_sum(struct rw_reader *r, const struct rw_yaml *node, const struct rw_names *registers,
                      struct rw_cra_form *form);
void rw_cra_update_clear(struct rw_cra_update *update);

#endif
