/* json_write.c - the net file, written by hand so that a reader finds a line where a line belongs; jansson escapes the
 * strings. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "rnn/json.h"

/* Entries are wrapped to about this many columns. */
#define WRAP 110

struct writer {
    FILE *out;
    bool good;
};

static void put_string(struct writer *w, const char *text)
{
    json_t *string = json_string(text);
    if (string == NULL || json_dumpf(string, w->out, JSON_ENCODE_ANY) != 0)
        w->good = false;
    json_decref(string);
}

static void put_names(struct writer *w, char *const *names, size_t count)
{
    fputc('[', w->out);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", w->out);
        put_string(w, names[i]);
    }
    fputc(']', w->out);
}

/* --- entries --- */

/* A list of entries, wrapped. `indices` writes what stands before the value. */
struct entry_list {
    struct writer *w;
    size_t column;
    bool first;
    const char *indent;
};

static struct entry_list begin_entries(struct writer *w, const char *indent)
{
    fputc('[', w->out);
    return (struct entry_list){w, 0, true, indent};
}

static void put_entry(struct entry_list *list, const size_t *indices, size_t count, const fmpq_t value)
{
    FILE *out = list->w->out;
    char *text = rw_q_text(value);
    size_t width = strlen(text) + 8 * count + 6;
    if (!list->first)
        fputs(",", out);
    if (list->first || list->column + width > WRAP) {
        fprintf(out, "\n%s  ", list->indent);
        list->column = strlen(list->indent) + 2;
    } else {
        fputc(' ', out);
    }
    list->first = false;
    list->column += (size_t)fprintf(out, "[");
    for (size_t i = 0; i < count; i++)
        list->column += (size_t)fprintf(out, "%zu, ", indices[i]);
    list->column += (size_t)fprintf(out, "\"%s\"]", text) + 2;
    free(text);
}

static void end_entries(struct entry_list *list)
{
    fputc(']', list->w->out);
}

/* [row, col, value] of a constant matrix; a vector's col is left out. */
static void put_matrix(struct writer *w, const struct rw_matrix *m, bool vector, const char *indent)
{
    struct entry_list list = begin_entries(w, indent);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            put_entry(&list, (size_t[]){m->row[e], j}, vector ? 1 : 2, m->value + e);
    end_entries(&list);
}

/* [i, j, feature, value] of an input-dependent tensor; a vector's j is left out. */
static void put_tensor(struct writer *w, const struct rw_matrix *m, struct rw_param_shape shape, const char *indent)
{
    struct entry_list list = begin_entries(w, indent);
    for (size_t feature = 0; feature < m->cols; feature++)
        for (size_t e = m->start[feature]; e < m->start[feature + 1]; e++) {
            size_t i = m->row[e] / shape.cols, j = m->row[e] % shape.cols;
            if (shape.cols == 1)
                put_entry(&list, (size_t[]){i, feature}, 2, m->value + e);
            else
                put_entry(&list, (size_t[]){i, j, feature}, 3, m->value + e);
        }
    end_entries(&list);
}

/* --- parts --- */

static void put_head(struct writer *w, const struct rw_head *head)
{
    const struct rw_family *family = head->family;
    fputs("\n      {\"family\": ", w->out);
    put_string(w, family->name);
    fputs(", \"name\": ", w->out);
    put_string(w, head->name);
    fputs(",\n       \"dims\": {", w->out);
    for (size_t i = 0; family->dim_names[i] != NULL; i++)
        fprintf(w->out, "%s\"%s\": %zu", i > 0 ? ", " : "", family->dim_names[i], head->dims[i]);
    fputs("},\n       \"coordinates\": ", w->out);
    put_names(w, head->coordinates, family->state_size(head->dims));
    fputs(",\n       \"params\": {", w->out);
    for (size_t i = 0; i < family->param_count(head->dims); i++) {
        struct rw_param_shape shape = family->param(head->dims, i);
        fprintf(w->out, "%s\n         \"%s\": ", i > 0 ? "," : "", shape.name);
        if (shape.input)
            put_tensor(w, head->params[i], shape, "         ");
        else
            put_matrix(w, head->params[i], shape.cols == 1, "         ");
    }
    fputs("},\n       \"output\": ", w->out);
    put_matrix(w, head->output, false, "       ");
    fputc('}', w->out);
}

static void put_feedforward(struct writer *w, const struct rw_feedforward *f)
{
    if (f == NULL) {
        fputs("null", w->out);
        return;
    }
    fputs("{\"neurons\": ", w->out);
    put_names(w, f->names, f->neurons);
    fputs(",\n     \"in\": ", w->out);
    put_matrix(w, f->in, false, "     ");
    fputs(",\n     \"bias\": ", w->out);
    put_matrix(w, f->bias, true, "     ");
    fputs(",\n     \"out\": ", w->out);
    put_matrix(w, f->out, false, "     ");
    fputc('}', w->out);
}

static void put_layers(struct writer *w, const struct rw_net *net)
{
    fputs("[", w->out);
    for (size_t l = 0; l < net->layer_count; l++) {
        fprintf(w->out, "%s\n    {\"heads\": [", l > 0 ? "," : "");
        for (size_t h = 0; h < net->layers[l].head_count; h++) {
            fputs(h > 0 ? "," : "", w->out);
            put_head(w, net->layers[l].heads + h);
        }
        fputs("],\n     \"feedforward\": ", w->out);
        put_feedforward(w, net->layers[l].feedforward);
        fputc('}', w->out);
    }
    fputs("]", w->out);
}

/* The rows of the relation: columns of its matrix are coordinates, so each row is gathered in one walk over a
 * transposed list. */
static void put_relation(struct writer *w, const struct rw_relation *relation)
{
    if (relation == NULL) {
        fputs("null", w->out);
        return;
    }
    const struct rw_matrix *m = relation->matrix;
    struct rw_builder *builder = rw_builder_new(m->cols, m->rows);
    for (size_t j = 0; j < m->cols; j++)
        for (size_t e = m->start[j]; e < m->start[j + 1]; e++)
            rw_builder_add(builder, j, m->row[e], m->value + e);
    struct rw_matrix *rows = rw_builder_finish(builder);
    fputs("[", w->out);
    for (size_t i = 0; i < relation->count; i++) {
        fprintf(w->out, "%s\n    {\"quantity\": ", i > 0 ? "," : "");
        put_string(w, relation->quantities[i]);
        fputs(", \"coordinates\": [", w->out);
        for (size_t e = rows->start[i]; e < rows->start[i + 1]; e++) {
            fprintf(w->out, "%s[%u, \"", e > rows->start[i] ? ", " : "", rows->row[e]);
            rw_q_print(w->out, rows->value + e);
            fputs("\"]", w->out);
        }
        fputs("]}", w->out);
    }
    fputs("]", w->out);
    rw_matrix_free(rows);
}

static void put_provenance(struct writer *w, const struct rw_net *net)
{
    fputs("{\"spec_sha256\": ", w->out);
    put_string(w, net->spec_hash);
    fputs(", \"construction\": ", w->out);
    put_string(w, net->construction);
    fputs(",\n    \"theorem\": ", w->out);
    put_string(w, net->theorem);
    fputs(", \"made_by\": ", w->out);
    put_string(w, net->made_by);
    fputs("}", w->out);
}

static void put_tokens(struct writer *w, const struct rw_alphabet *tokens)
{
    fputc('[', w->out);
    for (uint32_t s = 0; s < rw_alphabet_size(tokens); s++) {
        fputs(s > 0 ? ", " : "", w->out);
        put_string(w, rw_alphabet_name(tokens, s));
    }
    fputc(']', w->out);
}

bool rw_net_write(const struct rw_net *net, FILE *out)
{
    struct writer w = {out, true};
    struct rw_net_size size = rw_net_size(net);
    fprintf(out, "{\n  \"rnnwit-net\": %d,\n  \"name\": ", RW_NET_FORMAT);
    put_string(&w, net->name);
    fputs(",\n  \"provenance\": ", out);
    put_provenance(&w, net);
    fputs(",\n  \"tokens\": ", out);
    put_tokens(&w, net->tokens);
    if (net->padding > 0)
        fprintf(out, ",\n  \"padding\": %zu", net->padding);
    fputs(",\n  \"features\": ", out);
    put_names(&w, net->features, net->width);
    fputs(",\n  \"embedding\": ", out);
    put_matrix(&w, net->embedding, false, "  ");
    fputs(",\n  \"layers\": ", out);
    put_layers(&w, net);
    fputs(",\n  \"readout\": {\"outputs\": ", out);
    put_names(&w, net->outputs, net->output_count);
    fputs(", \"entries\": ", out);
    put_matrix(&w, net->readout, false, "  ");
    fprintf(out, "},\n  \"decision\": \"%s\",\n  \"relation\": ", rw_decision_names[net->decision]);
    put_relation(&w, net->relation);
    fprintf(out,
            ",\n  \"size\": {\"layers\": %zu, \"heads\": %zu, \"width\": %zu, \"coordinates\": %zu, \"neurons\": %zu,"
            " \"nonzeros\": %zu, \"bits\": %zu, \"rank\": %zu}\n}\n",
            size.layers, size.heads, size.width, size.coordinates, size.neurons, size.nonzeros, size.bits, size.rank);
    return w.good && !ferror(out);
}
