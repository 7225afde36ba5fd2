/* table.h - a table for a reader: text columns or Markdown. */
#ifndef RW_SPEC_TABLE_H
#define RW_SPEC_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct rw_table;

/* Cells are collected row by row; the first row is the heading. Caller frees. */
struct rw_table *rw_table_new(void);
void rw_table_free(struct rw_table *table);
/* The next cell of the row; takes a string made by rw_format or rw_strdup. */
void rw_table_cell(struct rw_table *table, char *text);
void rw_table_end_row(struct rw_table *table);
void rw_table_print(const struct rw_table *table, bool markdown, FILE *out);

#endif
