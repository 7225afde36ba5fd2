/* facts.h - what there is to say about a machine before any network: sizes, and its class in the paper's map (Figure 1). */
#ifndef RW_SPEC_FACTS_H
#define RW_SPEC_FACTS_H

#include "automata/machine.h"

struct rw_fact {
    const char *name; /* "states"; static */
    char *text;       /* "3, minimal: 2" */
};

struct rw_facts {
    struct rw_fact *facts;
    size_t count, capacity;
};

void rw_facts_add(struct rw_facts *facts, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void rw_facts_clear(struct rw_facts *facts);

/* One for each kind: the `facts` of its row. */
void rw_dfa_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_nfa_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_regex_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_wfa_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_counter_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_stack_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_turing_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_cra_facts(const struct rw_machine *machine, struct rw_facts *facts);
void rw_matrix_product_facts(const struct rw_machine *machine, struct rw_facts *facts);

#endif
