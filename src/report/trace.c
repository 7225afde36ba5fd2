/* trace.c - a trace as a table: one row for each prefix, the last one marked where the sides differ. */
#include "report/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/problems.h"
#include "spec/table.h"

static void heading(struct rw_table *table, bool network)
{
    rw_table_cell(table, rw_strdup("step"));
    rw_table_cell(table, rw_strdup("reads"));
    rw_table_cell(table, rw_strdup("machine"));
    rw_table_cell(table, rw_strdup("value"));
    if (network) {
        rw_table_cell(table, rw_strdup("network"));
        rw_table_cell(table, rw_strdup("output"));
        rw_table_cell(table, rw_strdup(""));
    }
    rw_table_end_row(table);
}

static struct rw_table *make_table(const struct rw_trace *trace, bool network)
{
    struct rw_table *table = rw_table_new();
    heading(table, network);
    for (size_t i = 0; i < trace->count; i++) {
        const struct rw_trace_line *line = trace->lines + i;
        rw_table_cell(table, rw_format("%zu", i));
        rw_table_cell(table, rw_strdup(i == 0 ? "(start)" : line->symbol));
        rw_table_cell(table, rw_strdup(line->machine));
        rw_table_cell(table, rw_strdup(line->machine_value));
        if (network) {
            rw_table_cell(table, rw_strdup(line->network));
            rw_table_cell(table, rw_strdup(line->network_value));
            rw_table_cell(table, rw_strdup(line->agree ? "" : "differs"));
        }
        rw_table_end_row(table);
    }
    return table;
}

void rw_report_trace(const struct rw_trace *trace, bool network, bool markdown, const char *indent, FILE *out)
{
    struct rw_table *table = make_table(trace, network);
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        rw_out_of_memory(1);
    rw_table_print(table, markdown, stream);
    fclose(stream);
    for (char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(out, "%s%.*s\n", indent, (int)length, line);
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
        json_object_set_new(object, "reads", json_string(line->symbol));
        json_object_set_new(object, "machine", json_string(line->machine));
        json_object_set_new(object, "value", json_string(line->machine_value));
        if (network) {
            json_object_set_new(object, "network", json_string(line->network));
            json_object_set_new(object, "output", json_string(line->network_value));
            json_object_set_new(object, "agree", json_boolean(line->agree));
        }
        json_array_append_new(lines, object);
    }
    return lines;
}
