/* table.c - columns as wide as their widest cell, in characters. */
#include "spec/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/word.h"

struct row {
    char **cells;
    size_t count, capacity;
};

struct rw_table {
    struct row *rows;
    size_t count, capacity;
    bool open; /* the last row is being filled */
};

struct rw_table *rw_table_new(void)
{
    return rw_alloc(1, sizeof(struct rw_table));
}

void rw_table_free(struct rw_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        for (size_t j = 0; j < table->rows[i].count; j++)
            free(table->rows[i].cells[j]);
        free(table->rows[i].cells);
    }
    free(table->rows);
    free(table);
}

void rw_table_cell(struct rw_table *table, char *text)
{
    if (!table->open) {
        table->rows = rw_grow(table->rows, &table->capacity, table->count + 1, sizeof *table->rows);
        table->rows[table->count++] = (struct row){0};
        table->open = true;
    }
    struct row *row = table->rows + table->count - 1;
    row->cells = rw_grow(row->cells, &row->capacity, row->count + 1, sizeof *row->cells);
    row->cells[row->count++] = text;
}

void rw_table_end_row(struct rw_table *table)
{
    table->open = false;
}

static size_t cell_width(const char *text)
{
    return rw_utf8_length(text, strlen(text));
}

static void print_row(const struct row *row, const size_t *widths, bool markdown, FILE *out)
{
    for (size_t j = 0; j < row->count; j++) {
        bool last = j + 1 == row->count;
        fprintf(out, "%s%s", markdown ? "| " : "", row->cells[j]);
        for (size_t k = cell_width(row->cells[j]); k < widths[j] && (markdown || !last); k++)
            fputc(' ', out);
        fputs(markdown ? " " : last ? "" : "  ", out);
    }
    fputs(markdown ? "|\n" : "\n", out);
}

static void print_rule(size_t columns, const size_t *widths, FILE *out)
{
    for (size_t j = 0; j < columns; j++) {
        fputs("|", out);
        for (size_t k = 0; k < widths[j] + 2; k++)
            fputc('-', out);
    }
    fputs("|\n", out);
}

void rw_table_print(const struct rw_table *table, bool markdown, FILE *out)
{
    size_t columns = 0;
    for (size_t i = 0; i < table->count; i++)
        columns = table->rows[i].count > columns ? table->rows[i].count : columns;
    size_t *widths = rw_alloc(columns, sizeof *widths);
    for (size_t i = 0; i < table->count; i++)
        for (size_t j = 0; j < table->rows[i].count; j++) {
            size_t width = cell_width(table->rows[i].cells[j]);
            widths[j] = width > widths[j] ? width : widths[j];
        }
    for (size_t i = 0; i < table->count; i++) {
        print_row(table->rows + i, widths, markdown, out);
        if (markdown && i == 0)
            print_rule(columns, widths, out);
    }
    free(widths);
}
