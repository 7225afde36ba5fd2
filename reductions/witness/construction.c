/* construction.c - provenance, relation and the final check: the same for every construction. */
#include "reductions/witness/construction.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"

FILE *rw_text_stream(char **text, size_t *size)
{
    FILE *stream = open_memstream(text, size);
    if (stream == NULL)
        rw_out_of_memory(1);
    return stream;
}

struct rw_matrix *rw_identity(size_t size)
{
    struct rw_builder *builder = rw_builder_new(size, size);
    for (size_t i = 0; i < size; i++)
        rw_builder_add_int(builder, i, i, 1);
    return rw_builder_finish(builder);
}

bool rw_tensor_fits(size_t rows, size_t cols)
{
    return cols == 0 || rows <= UINT32_MAX / cols;
}

static void set_text(char **field, const char *text)
{
    free(*field);
    *field = rw_strdup(text);
}

static const struct rw_witness *row_of(const char *kind, const char *family)
{
    for (size_t i = 0; i < rw_witness_count; i++)
        if (strcmp(rw_witnesses[i].kind, kind) == 0 && strcmp(rw_witnesses[i].family, family) == 0)
            return rw_witnesses + i;
    return NULL;
}

static void set_provenance(struct rw_net *net, const struct rw_machine *machine, const char *family)
{
    const struct rw_witness *row = row_of(machine->kind->name, family);
    set_text(&net->name, machine->name);
    set_text(&net->spec_hash, machine->hash);
    set_text(&net->construction, row->name);
    set_text(&net->theorem, row->theorem);
    set_text(&net->made_by, "rnnwit " RW_VERSION);
}

static struct rw_relation *name_quantities(const struct rw_machine *machine, struct rw_matrix *matrix)
{
    struct rw_relation *relation = rw_alloc(1, sizeof *relation);
    relation->count = machine->kind->quantities(machine->model);
    relation->quantities = rw_alloc(relation->count, sizeof *relation->quantities);
    relation->matrix = matrix;
    for (size_t i = 0; i < relation->count; i++) {
        size_t size;
        FILE *name = rw_text_stream(relation->quantities + i, &size);
        machine->kind->quantity_name(machine->model, i, name);
        fclose(name);
    }
    return relation;
}

struct rw_net *rw_construction_sign(struct rw_net *net, const struct rw_machine *machine, const char *family,
                                    const struct rw_witness_options *options, struct rw_diag *diag)
{
    set_provenance(net, machine, family);
    static const enum rw_decision decisions[] = {
        [RW_ACCEPTS] = RW_DECIDE_POSITIVE, [RW_VALUE] = RW_DECIDE_VALUE, [RW_DECIDES] = RW_DECIDE_SIGN};
    net->decision = decisions[machine->kind->verdict];
    if (rw_net_check(net, options->limits, diag))
        return net;
    rw_net_free(net);
    return NULL;
}

struct rw_net *rw_construction_finish(struct rw_sketch *sketch, const struct rw_machine *machine, const char *family,
                                      struct rw_matrix *relation, const struct rw_witness_options *options,
                                      struct rw_diag *diag)
{
    struct rw_net *net = rw_sketch_finish(sketch);
    if (relation != NULL)
        net->relation = name_quantities(machine, relation);
    return rw_construction_sign(net, machine, family, options, diag);
}
