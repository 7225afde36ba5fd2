/* machine.c - show for a spec: facts, and a row for each construction. */
#include "report/machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/net.h"
#include "report/problems.h"
#include "spec/kind.h"

/* Symbols of an alphabet that are listed one by one. */
#define MOST_LISTED 20

/* What is known about one construction for one machine. */
struct row {
    const struct rw_witness *witness;
    bool applies;
    char *why;          /* never NULL */
    struct rw_net *net; /* NULL: it does not apply, or was not built */
    char *problem;      /* why it was not built; NULL */
};

static struct row examine(const struct rw_witness *witness, const struct rw_machine *machine,
                          const struct rw_witness_options *options)
{
    struct row row = {.witness = witness};
    size_t size;
    FILE *why = open_memstream(&row.why, &size);
    if (why == NULL)
        rw_out_of_memory(1);
    row.applies = witness->applies(machine, why);
    fclose(why);
    if (!row.applies)
        return row;
    struct rw_diag *diag = rw_diag_new(1);
    row.net = witness->build(machine, options, diag);
    if (row.net == NULL && rw_diag_kept(diag) > 0) {
        struct rw_problem_view view = rw_diag_view(diag, 0);
        row.problem =
            view.limit == NULL ? rw_strdup(view.message) : rw_format("%s (--limit %s)", view.message, view.limit);
    }
    rw_diag_free(diag);
    return row;
}

static void forget(struct row *row)
{
    rw_net_free(row->net);
    free(row->why);
    free(row->problem);
}

static bool starts_from(const struct rw_witness *witness, const struct rw_machine *machine)
{
    return strcmp(witness->kind, machine->kind->name) == 0;
}

void rw_report_machine_line(const struct rw_machine *machine, FILE *out)
{
    struct rw_facts facts = {0};
    rw_spec_kind_find(machine->kind->name)->facts(machine, &facts);
    fprintf(out, "%s over %zu symbol%s", machine->kind->name, rw_alphabet_size(machine->alphabet),
            rw_alphabet_size(machine->alphabet) == 1 ? "" : "s");
    if (facts.count > 0)
        fprintf(out, ", %s: %s", facts.facts[0].name, facts.facts[0].text);
    rw_facts_clear(&facts);
}

static void print_alphabet(const struct rw_alphabet *alphabet, FILE *out)
{
    size_t size = rw_alphabet_size(alphabet);
    fprintf(out, "  alphabet: %zu symbol%s:", size, size == 1 ? "" : "s");
    for (uint32_t s = 0; s < size && s < MOST_LISTED; s++)
        fprintf(out, " %s", rw_alphabet_name(alphabet, s));
    fputs(size > MOST_LISTED ? " ...\n" : "\n", out);
}

static void print_row(const struct row *row, FILE *out)
{
    if (!row->applies) {
        fprintf(out, "  --to %-13s no: %s\n", row->witness->family, row->why);
        return;
    }
    fprintf(out, "  --to %-13s %s, %s\n", row->witness->family, row->witness->name, row->witness->theorem);
    if (row->why[0] != '\0')
        fprintf(out, "      %s\n", row->why);
    fputs("      ", out);
    if (row->net != NULL)
        rw_report_net_size(row->net, out);
    else
        fprintf(out, "not built: %s", row->problem == NULL ? "unknown reason" : row->problem);
    fputc('\n', out);
}

void rw_report_machine(const struct rw_machine *machine, const struct rw_witness_options *options, FILE *out)
{
    struct rw_facts facts = {0};
    rw_spec_kind_find(machine->kind->name)->facts(machine, &facts);
    fprintf(out, "%s: %s (%s)\n", machine->name, machine->kind->title, machine->kind->name);
    if (machine->about[0] != '\0')
        fprintf(out, "  about: %s\n", machine->about);
    print_alphabet(machine->alphabet, out);
    for (size_t i = 0; i < facts.count; i++)
        fprintf(out, "  %s: %s\n", facts.facts[i].name, facts.facts[i].text);
    fputs("networks\n", out);
    for (size_t i = 0; i < rw_witness_count; i++) {
        if (!starts_from(rw_witnesses + i, machine))
            continue;
        struct row row = examine(rw_witnesses + i, machine, options);
        print_row(&row, out);
        forget(&row);
    }
    rw_facts_clear(&facts);
}

static json_t *row_json(const struct row *row)
{
    json_t *object = json_object();
    json_object_set_new(object, "family", rw_report_text(row->witness->family));
    json_object_set_new(object, "construction", rw_report_text(row->witness->name));
    json_object_set_new(object, "theorem", rw_report_text(row->witness->theorem));
    json_object_set_new(object, "applies", json_boolean(row->applies));
    json_object_set_new(object, "why", rw_report_text(row->why));
    if (row->net != NULL)
        json_object_set_new(object, "size", rw_report_net_size_json(row->net));
    if (row->problem != NULL)
        json_object_set_new(object, "problem", rw_report_text(row->problem));
    return object;
}

json_t *rw_report_machine_json(const struct rw_machine *machine, const struct rw_witness_options *options)
{
    struct rw_facts facts = {0};
    rw_spec_kind_find(machine->kind->name)->facts(machine, &facts);
    json_t *object = json_object(), *alphabet = json_array(), *said = json_object(), *networks = json_array();
    json_object_set_new(object, "name", rw_report_text(machine->name));
    json_object_set_new(object, "kind", rw_report_text(machine->kind->name));
    json_object_set_new(object, "about", rw_report_text(machine->about));
    for (uint32_t s = 0; s < rw_alphabet_size(machine->alphabet); s++)
        json_array_append_new(alphabet, rw_report_text(rw_alphabet_name(machine->alphabet, s)));
    json_object_set_new(object, "alphabet", alphabet);
    for (size_t i = 0; i < facts.count; i++)
        json_object_set_new(said, facts.facts[i].name, rw_report_text(facts.facts[i].text));
    json_object_set_new(object, "facts", said);
    for (size_t i = 0; i < rw_witness_count; i++) {
        if (!starts_from(rw_witnesses + i, machine))
            continue;
        struct row row = examine(rw_witnesses + i, machine, options);
        json_array_append_new(networks, row_json(&row));
        forget(&row);
    }
    json_object_set_new(object, "networks", networks);
    rw_facts_clear(&facts);
    return object;
}
