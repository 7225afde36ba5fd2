/* matrix_product.c - reading and writing `kind: matrix-product`; the alphabet is the set of entries, as numbers. */
#include <inttypes.h>
#include <string.h>

#include "automata/matrix_product.h"
#include "base/memory.h"
#include "spec/kind.h"

static const char *const keys[] = {"dimension", "entry", "accept", NULL};

/* Larger dimensions make networks of more positions than anybody would run. */
#define MOST_DIMENSION 12

/* [row, column], from 0 */
static void read_entry(struct rw_reader *r, const struct rw_yaml *node, struct rw_matrix_product *model)
{
    int64_t place[2] = {0, 0};
    if (!rw_read_expect(r, node, RW_YAML_LIST, "[row, column]"))
        return;
    if (node->count != 2) {
        rw_read_error(r, node, "expected [row, column], found %zu items", node->count);
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (rw_read_integer(r, node->items[i], place + i) && (place[i] < 0 || (size_t)place[i] >= model->dimension)) {
            rw_read_error(r, node->items[i], "rows and columns count from 0 to %zu", model->dimension - 1);
            place[i] = 0;
        }
    model->row = (size_t)place[0];
    model->col = (size_t)place[1];
}

static void *read_matrix_product(struct rw_reader *r, const struct rw_machine_kind **simulator)
{
    static const char *const accept[] = {"positive", NULL};
    int64_t dimension = 3;
    const struct rw_yaml *node = rw_read_key(r, r->top, "dimension");
    if (node != NULL && rw_read_integer(r, node, &dimension) && (dimension < 1 || dimension > MOST_DIMENSION)) {
        rw_read_error(r, node, "the dimension is from 1 to %d", MOST_DIMENSION);
        dimension = 1;
    }
    struct rw_matrix_product *model = rw_matrix_product_new((size_t)dimension, rw_alphabet_size(r->alphabet));
    for (uint32_t s = 0; s < model->symbols; s++) {
        const char *name = rw_alphabet_name(r->alphabet, s);
        if (!rw_q_parse(model->entries + s, name, strlen(name), r->limits->number_digits)) {
            rw_read_error(r, rw_yaml_get(r->top, "alphabet"), "the symbol '%.60s' is not a number", name);
            rw_diag_hint(r->diag, "the alphabet of matrix products is the set of entries, such as [-1, 0, 1]");
        }
    }
    node = rw_yaml_get(r->top, "entry");
    if (node != NULL)
        read_entry(r, node, model);
    size_t unused;
    node = rw_yaml_get(r->top, "accept");
    *simulator = node != NULL && rw_read_choice(r, node, accept, &unused) ? &rw_matrix_product_sign_kind
                                                                          : &rw_matrix_product_kind;
    return model;
}

static void write_matrix_product(const struct rw_machine *machine, FILE *out)
{
    const struct rw_matrix_product *model = machine->model;
    fprintf(out, "dimension: %zu\nentry: [%zu, %zu]\n", model->dimension, model->row, model->col);
    if (machine->kind->verdict == RW_ACCEPTS)
        fputs("accept: positive\n", out);
}

static void table(const struct rw_machine *machine, struct rw_table *table)
{
    const struct rw_matrix_product *model = machine->model;
    rw_table_cell(table, rw_strdup("symbol"));
    rw_table_cell(table, rw_strdup("entry"));
    rw_table_end_row(table);
    for (uint32_t s = 0; s < model->symbols; s++) {
        rw_table_cell(table, rw_strdup(rw_alphabet_name(machine->alphabet, s)));
        rw_table_cell(table, rw_q_text(model->entries + s));
        rw_table_end_row(table);
    }
}

const struct rw_spec_kind rw_spec_matrix_product = {"matrix-product",     keys,  read_matrix_product,
                                                    write_matrix_product, table, rw_matrix_product_facts};
