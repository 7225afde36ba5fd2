/* trace.c - a trace as a table or a list: one entry for each prefix, the last one marked where the sides differ. */
#include "report/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/word.h"
#include "report/problems.h"
#include "spec/table.h"

/* Characters of configurations and values in a line; a table that needs more is unreadable. */
#define WIDEST 140

static void heading(struct rw_table *table, bool network, bool differs)
{
    rw_table_cell(table, rw_strdup("step"));
    rw_table_cell(table, rw_strdup("reads"));
    rw_table_cell(table, rw_strdup("machine"));
    rw_table_cell(table, rw_strdup("value"));
    if (network) {
        rw_table_cell(table, rw_strdup("network"));
        rw_table_cell(table, rw_strdup("output"));
    }
    if (differs)
        rw_table_cell(table, rw_strdup(""));
    rw_table_end_row(table);
}

static struct rw_table *make_table(const struct rw_trace *trace, bool network)
{
    struct rw_table *table = rw_table_new();
    bool differs = network && trace->count > 0 && !trace->lines[trace->count - 1].agree;
    heading(table, network, differs);
    for (size_t i = 0; i < trace->count; i++) {
        const struct rw_trace_line *line = trace->lines + i;
        rw_table_cell(table, rw_format("%zu", i));
        rw_table_cell(table, rw_strdup(i == 0 ? "(start)" : line->symbol));
        rw_table_cell(table, rw_strdup(line->machine));
        rw_table_cell(table, rw_strdup(line->machine_value));
        if (network) {
            rw_table_cell(table, rw_strdup(line->network));
            rw_table_cell(table, rw_strdup(line->network_value));
        }
        if (differs)
            rw_table_cell(table, rw_strdup(line->agree ? "" : "differs"));
        rw_table_end_row(table);
    }
    return table;
}

static size_t longer(size_t width, const char *text)
{
    size_t length = rw_utf8_length(text, strlen(text));
    return length > width ? length : width;
}

/* Whether the table's wide columns, configurations and values, leave no room on a line. */
static bool is_wide(const struct rw_trace *trace)
{
    size_t machine = 0, network = 0, values = 0;
    for (size_t i = 0; i < trace->count; i++) {
        machine = longer(machine, trace->lines[i].machine);
        network = longer(network, trace->lines[i].network);
        values = longer(longer(values, trace->lines[i].machine_value), trace->lines[i].network_value);
    }
    return machine + network + 2 * values > WIDEST;
}

static void print_list(const struct rw_trace *trace, bool network, const char *indent, FILE *out)
{
    for (size_t i = 0; i < trace->count; i++) {
        const struct rw_trace_line *line = trace->lines + i;
        fprintf(out, "%sstep %zu%s%s\n", indent, i, i == 0 ? ", the start" : ", reads ", i == 0 ? "" : line->symbol);
        fprintf(out, "%s  machine: %s; value %s\n", indent, line->machine, line->machine_value);
        if (network)
            fprintf(out, "%s  network: %s; output %s\n%s%s", indent, line->network, line->network_value,
                    line->agree ? "" : indent, line->agree ? "" : "  differs\n");
    }
}

static void print_without_trailing_blanks(const char *line, size_t length, FILE *out)
{
    while (length > 0 && line[length - 1] == ' ')
        length--;
    fprintf(out, "%.*s\n", (int)length, line);
}

void rw_report_trace(const struct rw_trace *trace, bool network, enum rw_trace_form form, const char *indent, FILE *out)
{
    if (form == RW_TRACE_FITTING && is_wide(trace)) {
        print_list(trace, network, indent, out);
        return;
    }
    struct rw_table *table = make_table(trace, network);
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        rw_out_of_memory(1);
    rw_table_print(table, form == RW_TRACE_MARKDOWN, stream);
    fclose(stream);
    for (char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fputs(indent, out);
        print_without_trailing_blanks(line, length, out);
        line += length + (line[length] == '\n');
    }
    free(text);
    rw_table_free(table);
}

json_t *rw_report_trace_json(const struct rw_trace *trace, bool network)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < trace->count; i++) {
        const struct rw_trace_line *line = trace->lines + i;
        json_t *object = json_object();
        json_object_set_new(object, "step", rw_report_count(i));
        json_object_set_new(object, "reads", rw_report_text(line->symbol));
        json_object_set_new(object, "machine", rw_report_text(line->machine));
        json_object_set_new(object, "value", rw_report_text(line->machine_value));
        if (network) {
            json_object_set_new(object, "network", rw_report_text(line->network));
            json_object_set_new(object, "output", rw_report_text(line->network_value));
            json_object_set_new(object, "agree", json_boolean(line->agree));
        }
        json_array_append_new(lines, object);
    }
    return lines;
}
