/* reader.h - what the kinds' readers share: typed access to the YAML tree with errors at the right place. */
#ifndef RW_SPEC_READER_H
#define RW_SPEC_READER_H

#include "base/limits.h"
#include "base/near.h"
#include "base/word.h"
#include "exact/rational.h"
#include "spec/yaml.h"

/* Handed to a kind's reader: the spec's top mapping and what the common keys said. */
struct rw_reader {
    const struct rw_yaml *top;
    const struct rw_alphabet *alphabet; /* read already */
    const struct rw_limits *limits;
    struct rw_diag *diag;
};

/* Named things declared in a spec (states, counters): names to numbers. */
struct rw_names;
struct rw_names *rw_names_new(const char *what); /* "state" */
void rw_names_free(struct rw_names *names);

/* The functions that fill in (rw_read_list, rw_read_name, rw_read_number, ...) are declared by src/spec's author here. */

#endif
